package expr_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

type notes struct {
	schema.Table `db:"notes"`
	ID           schema.Col[int64]            `db:",pk"`
	Size         schema.Col[int32]            `db:",null"`
	Nick         schema.Col[*string]          `db:",null,type:varchar(10)"`
	Text         schema.Col[sql.Null[string]] `db:",null,type:varchar(10)"`
	Body         schema.Col[[]byte]           `db:",null"`
	Level        schema.Col[uint8]            `db:",null"`
}

var Notes = schema.Define[notes]()

// NULL never becomes a zero: what may be NULL is read through Nullable, or is
// an error that says so.
func TestNullIntoTypedRows(t *testing.T) {
	ctx := t.Context()
	eng, err := engine.Open("sqlite://")
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	for _, s := range []dialect.Statement{schema.CreateTable(Notes), expr.Insert(Notes).Values(Notes.ID.Set(1))} {
		if _, err := eng.Run(ctx, s, nil); err != nil {
			t.Fatal(err)
		}
	}
	other := schema.As(Notes, "other")
	outer := func(e expr.Of[int64]) expr.SelectOf[int64] {
		return expr.Select1(e).From(Notes).LeftJoin(other, expr.Eq(other.ID, Notes.ID.Add(1)))
	}
	none := expr.Select(other.ID).From(other).Where(other.ID.Eq(9))
	values := map[string]expr.Of[int64]{
		"the sum of nothing":          expr.Sum(Notes.Size),
		"the greatest of nothing":     expr.Max(expr.Typed[int64](Notes.Size)),
		"a column that is NULL":       expr.Typed[int64](Notes.Size),
		"a query of no row":           expr.Scalar[int64](none),
		"a CASE without ELSE":         expr.Case[int64]().When(Notes.ID.Eq(9), 1).End(),
		"NULLIF":                      expr.NullIf[int64](Notes.ID, expr.Value[int64](1)),
		"the row before the first":    expr.Lag(Notes.ID).Over(expr.Window{}.OrderBy(Notes.ID)),
		"NULL itself":                 expr.Null[int64](),
		"a sum that FILTER leaves":    expr.Sum(Notes.ID).Filter(Notes.ID.Eq(9)),
		"arithmetic with NULL":        expr.Typed[int64](Notes.Size).Add(1),
		"NULL from a function":        expr.Func[int64]("abs", expr.Null[int64]()),
		"a column of an outer join":   other.ID,
		"COALESCE of nothing but one": expr.Coalesce(expr.Typed[int64](Notes.Size)),
	}
	for name, e := range values {
		q := expr.Select1(e).From(Notes)
		if name == "a column of an outer join" {
			q = outer(e)
		}
		_, err := engine.AllOf(ctx, eng, q)
		if !errors.Is(err, engine.ErrScan) || !strings.Contains(err.Error(), "is NULL") || !strings.Contains(err.Error(), "expr.Nullable") {
			t.Errorf("%s: %v", name, err)
		}
		nullable := expr.Select1(expr.Nullable(e)).From(Notes)
		filled := expr.Select1(expr.Coalesce(e, expr.Value[int64](7))).From(Notes)
		if name == "a column of an outer join" {
			nullable = expr.Select1(expr.Nullable(e)).From(Notes).LeftJoin(other, expr.Eq(other.ID, Notes.ID.Add(1)))
			filled = outer(expr.Coalesce(e, expr.Value[int64](7)))
		}
		if got, err := engine.OneOf(ctx, eng, nullable); err != nil || got != nil {
			t.Errorf("%s, Nullable: %v %v", name, got, err)
		}
		if got, err := engine.OneOf(ctx, eng, filled); err != nil || got != 7 {
			t.Errorf("%s, Coalesce: %v %v", name, got, err)
		}
	}
	// A condition that is neither true nor false.
	if _, err := engine.OneOf(ctx, eng, expr.Select1(Notes.Size.Gt(1)).From(Notes)); !errors.Is(err, engine.ErrScan) {
		t.Errorf("a condition: %v", err)
	}
	// Types that have NULL.
	row, err := engine.OneOf(ctx, eng, expr.Select4(Notes.Nick, Notes.Text, Notes.Body, expr.CountAll().Over(expr.Window{})).From(Notes))
	if err != nil || row.A != nil || row.B.Valid || row.C != nil || row.D != 1 {
		t.Errorf("%v %v", row, err)
	}
}

// What is NULL in Go equals nothing in SQL, in whatever way it says so.
func TestComparedWithNull(t *testing.T) {
	null, text := sql.Null[string]{}, sql.Null[string]{V: "x", Valid: true}
	pair := expr.RowOf2(Notes.ID, Notes.Text)
	for name, cond := range map[string]expr.Cond{
		"a nil pointer":             Notes.Nick.Eq(nil),
		"a sql.Null":                Notes.Text.Ne(null),
		"a sql.Null in a list":      Notes.Text.NotIn(text, null),
		"a sql.Null in an array":    Notes.Text.NoneOf([]sql.Null[string]{text, null}),
		"a nil pointer in an array": Notes.Nick.AnyOf([]*string{nil}),
		"a sql.Null as a bound":     Notes.Text.Between(text, null),
		"a sql.Null in a row":       pair.Eq(1, null),
		"no bytes":                  Notes.Body.Eq(nil),
		"no bytes in a list":        Notes.Body.NotIn([]byte{1}, nil),
	} {
		for _, d := range dialects {
			if text, _, err := expr.SQL(expr.Select(Notes.ID).From(Notes).Where(cond), d); !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), "nil") {
				t.Errorf("%s: %s: %s %v", name, d.Name(), text, err)
			}
		}
	}
	for _, d := range dialects {
		q := expr.Select(Notes.ID).From(Notes).Where(Notes.Text.Eq(text), Notes.Body.Eq([]byte{}), Notes.Nick.Eq(new(string)))
		if _, args, err := expr.SQL(q, d); err != nil || len(args) != 3 {
			t.Errorf("%s: %v %v", d.Name(), args, err)
		}
	}
}

// A list of numbers of one byte is no text of bytes.
func TestAnyOfSmallNumbers(t *testing.T) {
	_, args, err := expr.SQL(expr.Select(Notes.ID).From(Notes).Where(Notes.Level.AnyOf([]uint8{1, 200})), postgres.Dialect())
	if err != nil {
		t.Fatal(err)
	}
	if list, ok := args[0].([]int16); !ok || len(list) != 2 || list[1] != 200 {
		t.Errorf("%v %v", args, err)
	}
}

// COALESCE of one is that one: most databases refuse it.
func TestCoalesceOfOne(t *testing.T) {
	for _, d := range dialects {
		if text, _, err := expr.SQL(expr.Select(expr.Coalesce(Notes.ID)).From(Notes), d); err != nil || strings.Contains(text, "coalesce") {
			t.Errorf("%s: %s %v", d.Name(), text, err)
		}
	}
}
