package quarry_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"example.com/quarry"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/dialecttest"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// TestConformance runs the whole suite on a database that is like Quarry.
func TestConformance(t *testing.T) {
	dialecttest.Run(t, dialecttest.Config{
		URL: database(t),
		Session: []dialecttest.SessionChange{
			{Name: "a setting", Change: "SET search_path TO nowhere", Show: "SHOW search_path"},
			{Name: "a temporary table", Change: "CREATE TEMPORARY TABLE left_behind (a integer)",
				Show: "SELECT count(*) FROM pg_class WHERE relname = 'left_behind' AND relnamespace = pg_my_temp_schema()"},
		},
	})
}

// TestServer: the name and version are Quarry's, one server gives one value,
// and what is no Quarry is refused on the first connection.
func TestServer(t *testing.T) {
	eng, _ := open(t)
	d := eng.Dialect()
	if d.Name() != "quarry" || d.Features().Version != (dialect.Version{Major: 3, Minor: 2}) {
		t.Errorf("the server is %s %v", d.Name(), d.Features().Version)
	}
	again, _ := open(t)
	if again.Dialect() != d {
		t.Error("two servers of one version have two dialects")
	}
	if registered, err := dialect.Lookup("quarry"); err != nil || registered != quarry.Dialect() {
		t.Errorf("the scheme gives %v, %v", registered, err)
	}
	u := server(t)
	u.Scheme = "quarry"
	plain, err := engine.Open(u.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	if err := plain.Ping(t.Context()); !errors.Is(err, engine.ErrConnect) || !strings.Contains(err.Error(), "no Quarry") {
		t.Errorf("a PostgreSQL is taken for a Quarry: %v", err)
	}
	if err := plain.Close(); err != nil {
		t.Error(err)
	}
}

// stones is a table with the type that Quarry has and PostgreSQL has not.
func stones() *schema.Dynamic {
	return schema.New("stones", schema.BigInt("id").PrimaryKey(),
		schema.NewColumn("grains", dialect.Type{Kind: dialect.BigInt, Unsigned: true}),
		schema.NewColumn("layers", dialect.Type{Kind: dialect.Array, Elem: &dialect.Type{Kind: dialect.BigInt, Unsigned: true}}).Null())
}

// TestType: the type is written by the name of Quarry, keeps what PostgreSQL
// has no type for, refuses what it does not hold, and is read back from the
// catalogue as what was declared.
func TestType(t *testing.T) {
	table := stones()
	text, _, err := expr.SQL(schema.CreateTable(table), quarry.Dialect())
	if err != nil || !strings.Contains(text, "grains quarry.ubigint NOT NULL") || !strings.Contains(text, "layers quarry.ubigint[]") {
		t.Fatalf("the table is %s, %v", text, err)
	}
	if text, _, err := expr.SQL(schema.CreateTable(table), postgres.Dialect()); err != nil || !strings.Contains(text, "NUMERIC(20,0)") {
		t.Errorf("PostgreSQL's is changed: %s, %v", text, err)
	}

	eng, _ := open(t)
	meta := schema.NewMetadata(table)
	if err := meta.CreateAll(t.Context(), eng); err != nil {
		t.Fatal(err)
	}
	id, grains := schema.C[int64](table, "id"), schema.C[uint64](table, "grains")
	for i, n := range []uint64{0, math.MaxInt64 + 1, math.MaxUint64} {
		if _, err := eng.Run(t.Context(), expr.Insert(table).Values(id.Set(int64(i)), grains.Set(n)), nil); err != nil {
			t.Fatal(err)
		}
	}
	got, err := engine.AllOf(t.Context(), eng, expr.Select1(grains).From(table).OrderBy(id.Asc()))
	if err != nil || !slices.Equal(got, []uint64{0, math.MaxInt64 + 1, math.MaxUint64}) {
		t.Errorf("read %v, %v", got, err)
	}
	if _, err := eng.Exec(t.Context(), "INSERT INTO stones VALUES (9, -1)"); !errors.Is(err, engine.ErrCheckViolation) {
		t.Errorf("the type holds what it must not: %v", err)
	}

	read, err := schema.Reflect(t.Context(), eng, "stones")
	if err != nil {
		t.Fatal(err)
	}
	back := read.Table("stones")
	if back == nil {
		t.Fatal("the table is not there")
	}
	want := dialect.Type{Kind: dialect.BigInt, Unsigned: true}
	if c := back.Info().Column("grains"); c == nil || c.Type != want {
		t.Errorf("the catalogue says %+v", c)
	}
	if c := back.Info().Column("layers"); c == nil || c.Type.Kind != dialect.Array || *c.Type.Elem != want {
		t.Errorf("the catalogue says %+v", c)
	}
	if diff, err := schema.Compare(t.Context(), eng, meta); err != nil || len(diff) > 0 {
		t.Errorf("the table is not as it was declared: %v, %v", diff, err)
	}
}

// TestError: codes that PostgreSQL does not have are of a kind, with the
// code and the server's message, from an Engine and from a transaction.
func TestError(t *testing.T) {
	eng, _ := open(t)
	_, err := eng.Exec(t.Context(), "SELECT quarry.fill()")
	if e, ok := errors.AsType[*engine.Error](err); !ok || e.Kind != engine.ErrDiskFull || e.Code != "QY053" || e.Statement != "SELECT quarry.fill()" ||
		!strings.Contains(e.Message, "the space of the tenant is used up") {
		t.Errorf("a full space is %#v", err)
	}
	err = eng.Transact(t.Context(), func(tx *engine.Tx) error {
		_, err := engine.Scalar[int64](t.Context(), tx, engine.Text("SELECT quarry.fill()"))
		return err
	})
	if !errors.Is(err, engine.ErrDiskFull) {
		t.Errorf("a full space, in a transaction, is %v", err)
	}
	if _, err := eng.Exec(t.Context(), "SELECT 1/0"); !errors.Is(err, engine.ErrDivisionByZero) {
		t.Errorf("PostgreSQL's own codes are lost: %v", err)
	}
}

// TestFeature: what is off is refused by name before anything is sent, and by
// the server where it is sent as text.
func TestFeature(t *testing.T) {
	eng, sent := open(t)
	table := stones()
	view := schema.CreateMaterializedView("heaps", expr.Select(schema.C[int64](table, "id")).From(table))
	if _, _, err := expr.SQL(view, postgres.Dialect()); err != nil {
		t.Fatalf("PostgreSQL's is changed: %v", err)
	}
	if err := schema.NewMetadata(table).CreateAll(t.Context(), eng); err != nil {
		t.Fatal(err)
	}
	*sent = nil
	_, err := eng.Run(t.Context(), view, nil)
	var refused *dialect.UnsupportedError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "quarry 3.2") || len(*sent) > 0 {
		t.Errorf("a materialized view is %v, after %q was sent", err, *sent)
	}
	err = eng.Transact(t.Context(), func(*engine.Tx) error { return nil }, engine.Isolation(engine.RepeatableRead))
	if !errors.Is(err, engine.ErrUnsupported) || len(*sent) > 0 {
		t.Errorf("an isolation level that Quarry has not is %v, after %q was sent", err, *sent)
	}
	_, err = eng.Exec(t.Context(), "CREATE MATERIALIZED VIEW heaps AS SELECT id FROM stones")
	if e, ok := errors.AsType[*engine.Error](err); !ok || e.Kind != engine.ErrUnsupported || e.Code != "QY001" {
		t.Errorf("the server says %#v", err)
	}
}
