package expr_test

import (
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

type grade string

// Typed rows are the same on every database: times, decimals, UUIDs, types of one's
// own, and NULL, which goes into a pointer or a sql.Null and nothing else.
func TestLiveTypedRows(t *testing.T) {
	lots := schema.New("tuples", schema.BigInt("id").PrimaryKey(), schema.Decimal("m", 10, 2), schema.Timestamp("at"), schema.Varchar("g", 9), schema.UUID("u"),
		schema.Double("f"), schema.Boolean("b"), schema.Varchar("none", 9).Null())
	at := time.Date(2024, 2, 29, 10, 11, 12, 0, time.UTC)
	uid := [16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	id, m, when, g, u := schema.C[int64](lots, "id"), schema.C[string](lots, "m"), schema.C[time.Time](lots, "at"), schema.C[grade](lots, "g"), schema.C[[16]byte](lots, "u")
	f, b, none := schema.C[float64](lots, "f"), schema.C[bool](lots, "b"), schema.C[string](lots, "none")
	testenv.Each(t, func(t *testing.T, backend testenv.Backend) {
		l, ctx := live(t, backend), t.Context()
		l.exec(schema.CreateTable(lots))
		l.exec(expr.Insert(lots).Values(id.Set(7), m.Set("12.50"), when.Set(at), g.Set("good"), u.Set(uid), f.Set(2.5), b.Set(true), none.SetNull()))

		row, err := engine.OneOf(ctx, l, expr.Select8(id, m, when, g, u, f, b, expr.Nullable(none)).From(lots))
		if err != nil || row.A != 7 || row.B != "12.50" || !row.C.Equal(at) || row.D != "good" || row.E != uid || row.F != 2.5 || !row.G || row.H != nil {
			t.Errorf("got %v, %v", row, err)
		}
		values, err := engine.OneOf(ctx, l, expr.Select4(expr.Value(uid), expr.Value[int64](7), expr.Value(2.5), expr.Value("x")).From(lots))
		if err != nil || values.A != uid || values.B != 7 || values.C != 2.5 || values.D != "x" {
			t.Errorf("values: got %v, %v", values, err)
		}
		null, err := engine.OneOf(ctx, l, expr.Select2(id, expr.Typed[sql.Null[string]](none)).From(lots))
		if err != nil || null.B.Valid {
			t.Errorf("a sql.Null: got %v, %v", null, err)
		}
		if _, err := engine.OneOf(ctx, l, expr.Select2(id, none).From(lots)); !errors.Is(err, engine.ErrScan) {
			t.Errorf("NULL into a string: %v", err)
		}
		if _, err := engine.All[expr.Tuple3[int64, string, string]](ctx, l, expr.Select(id, m).From(lots)); !errors.Is(err, engine.ErrScan) {
			t.Errorf("too few columns: %v", err)
		}
		if _, err := engine.OneOf(ctx, l, expr.Select1(expr.Typed[int64](g)).From(lots)); err == nil {
			t.Error("a text is read as a number")
		}
	})
}
