package expr_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
)

// peopled is an in-memory database with three users.
func peopled(ctx context.Context) (*engine.Engine, error) {
	eng, err := engine.Open("sqlite://")
	if err != nil {
		return nil, err
	}
	for _, text := range []string{
		"CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, age INTEGER, active BOOLEAN NOT NULL, created_at TIMESTAMP NOT NULL)",
		"INSERT INTO users VALUES (1, 'ada', 'ada@example.com', 36, true, '2024-01-02 03:04:05'), (2, 'bob', NULL, 17, false, '2024-01-02 03:04:05'), (3, 'cyd', NULL, NULL, true, '2024-01-02 03:04:05')",
	} {
		if _, err := eng.Exec(ctx, text); err != nil {
			return nil, errors.Join(err, eng.Close())
		}
	}
	return eng, nil
}

// Rows of known types need neither a struct nor a type argument.
func ExampleSelect2() {
	ctx := context.Background()
	eng, err := peopled(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer eng.Close()

	q := expr.Select2(Users.Name, expr.Nullable(Users.Email)).From(Users).OrderBy(Users.ID)
	for row, err := range engine.EachOf(ctx, eng, q) {
		if err != nil {
			log.Fatal(err)
		}
		name, email := row.Values()
		if email == nil {
			fmt.Println(name)
		} else {
			fmt.Println(name, *email)
		}
	}
	names, err := engine.AllOf(ctx, eng, expr.Select1(Users.Name).From(Users).Where(Users.Age.Ge(18)))
	fmt.Println(names, err)
	// Output:
	// ada ada@example.com
	// bob
	// cyd
	// [ada] <nil>
}

func TestTypedRows(t *testing.T) {
	ctx := t.Context()
	eng, err := peopled(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	one, ada := int64(1), Users.ID.Eq(1)
	when := time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)

	two, err := engine.OneOf(ctx, eng, expr.Select2(Users.ID, Users.Name).From(Users).Where(ada))
	if want := (expr.Tuple2[int64, string]{A: one, B: "ada"}); err != nil || two != want {
		t.Errorf("%v, %v", two, err)
	}
	three, err := engine.OneOf(ctx, eng, expr.Select3(Users.ID, Users.Name, Users.Age).From(Users).Where(ada))
	if a, b, c := three.Values(); err != nil || a != one || b != "ada" || c != 36 {
		t.Errorf("%v, %v", three, err)
	}
	four, err := engine.AllOf(ctx, eng, expr.Select4(Users.ID, Users.Name, Users.Age, Users.Active).From(Users).Where(ada))
	if want := []expr.Tuple4[int64, string, int, bool]{{A: 1, B: "ada", C: 36, D: true}}; err != nil || !reflect.DeepEqual(four, want) {
		t.Errorf("%v, %v", four, err)
	}
	five, err := engine.OneOf(ctx, eng, expr.Select5(Users.ID, Users.Name, Users.Age, Users.Active, Users.Email).From(Users).Where(ada))
	if a, b, c, d, e := five.Values(); err != nil || a != one || b != "ada" || c != 36 || !d || e != "ada@example.com" {
		t.Errorf("%v, %v", five, err)
	}
	six, ok, err := engine.OneOrNoneOf(ctx, eng, expr.Select6(Users.ID, Users.Name, Users.Age, Users.Active, Users.Email, Users.CreatedAt).From(Users).Where(ada))
	if a, b, c, d, e, f := six.Values(); err != nil || !ok || a != one || b != "ada" || c != 36 || !d || e != "ada@example.com" || !f.Equal(when) {
		t.Errorf("%v, %v", six, err)
	}
	seven, err := engine.OneOf(ctx, eng, expr.Select7(Users.ID, Users.Name, Users.Age, Users.Active, Users.Email, Users.CreatedAt, expr.CountAll().Over(expr.Window{})).From(Users).Where(ada))
	if a, b, c, d, e, f, g := seven.Values(); err != nil || a != one || b != "ada" || c != 36 || !d || e != "ada@example.com" || !f.Equal(when) || g != 1 {
		t.Errorf("%v, %v", seven, err)
	}
	eight, err := engine.OneOf(ctx, eng, expr.Select8(Users.ID, Users.Name, Users.Age, Users.Active, Users.Email, Users.CreatedAt, expr.Upper(Users.Name), Users.Age.Gt(20)).From(Users).Where(ada))
	if a, b, c, d, e, f, g, h := eight.Values(); err != nil || a != one || b != "ada" || c != 36 || !d || e != "ada@example.com" || !f.Equal(when) || g != "ADA" || !h {
		t.Errorf("%v, %v", eight, err)
	}

	// By place, so columns may have one name or none.
	same, err := engine.OneOf(ctx, eng, expr.Select2(Users.ID, Users.ID).From(Users).Where(ada))
	if err != nil || same.A != 1 || same.B != 1 {
		t.Errorf("%v, %v", same, err)
	}
	// With the plain readers too, and by pointers.
	ptrs, err := engine.All[*expr.Tuple2[int64, string]](ctx, eng, expr.Select2(Users.ID, Users.Name).From(Users).OrderBy(Users.ID))
	if err != nil || len(ptrs) != 3 || ptrs[2].B != "cyd" {
		t.Errorf("%v, %v", ptrs, err)
	}
	none, err := engine.AllOf(ctx, eng, expr.Select2(Users.ID, Users.Name).From(Users).Where(Users.ID.Eq(9)))
	if err != nil || none == nil || len(none) != 0 {
		t.Errorf("%v, %v", none, err)
	}
	if _, err = engine.OneOf(ctx, eng, expr.Select2(Users.ID, Users.Email).From(Users).Where(Users.ID.Eq(2))); !errors.Is(err, engine.ErrScan) || !strings.Contains(err.Error(), "column B (string)") {
		t.Errorf("NULL into a string: %v", err)
	}
	if _, err = engine.All[expr.Tuple2[int64, string]](ctx, eng, expr.Select(Users.ID).From(Users)); !errors.Is(err, engine.ErrScan) || !strings.Contains(err.Error(), "takes a result of 2 columns, and this one has 1 (id)") {
		t.Errorf("too few columns: %v", err)
	}
}

// Every method of a SelectStmt that gives a SelectStmt keeps the type, but for
// the one that changes the columns.
func TestSelectOfKeepsItsType(t *testing.T) {
	plain, typed := reflect.TypeFor[expr.SelectStmt](), reflect.TypeFor[expr.SelectOf[expr.Tuple2[int64, string]]]()
	n := 0
	for i := range plain.NumMethod() {
		m := plain.Method(i)
		if m.Type.NumOut() != 1 || m.Type.Out(0) != plain || m.Name == "Columns" {
			continue
		}
		n++
		if own, _ := typed.MethodByName(m.Name); own.Type.Out(0) != typed {
			t.Errorf("%s of a SelectOf gives a %s", m.Name, own.Type.Out(0))
		}
	}
	if n < 20 {
		t.Errorf("only %d methods looked at", n)
	}
}

// It stands wherever a query does.
func TestSelectOfIsAQuery(t *testing.T) {
	ids := expr.Select1(Orders.UserID).From(Orders)
	d := expr.Select2(Users.ID, Users.Name).From(Users).As("d")
	q := expr.Select(expr.Columns(d)...).From(d).Where(expr.In(expr.C[int64](d, "id"), ids), expr.Exists(&ids))
	const want = "SELECT d.id, d.name FROM (SELECT users.id AS id, users.name AS name FROM users) AS d " +
		"WHERE d.id IN (SELECT orders.user_id FROM orders) AND EXISTS (SELECT orders.user_id FROM orders)"
	if text, _, err := expr.SQL(q, postgres.Dialect()); err != nil || text != want {
		t.Errorf("got  %s %v\nwant %s", text, err, want)
	}
	var none *expr.SelectOf[int64]
	if _, _, err := expr.SQL(expr.Select(Users.ID).From(Users).Where(expr.Exists(none)), postgres.Dialect()); err == nil {
		t.Error("a nil query is accepted")
	}
}

// Reading typed rows takes no allocation a row of its own.
func TestTypedRowsAllocateNothingEach(t *testing.T) {
	ctx := t.Context()
	eng, err := peopled(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	many := expr.Recursive("n", []string{"i"}, expr.Select(expr.Literal(int64(1))), func(self expr.Table) expr.Query {
		i := expr.C[int64](self, "i")
		return expr.Select(i.Add(1)).From(self).Where(i.Lt(2000))
	})
	i := expr.C[int64](many, "i")
	count := func(n int64) float64 {
		q := expr.Select2(i, i.Mul(2)).From(many).With(many).Where(i.Le(n))
		return testing.AllocsPerRun(5, func() {
			seen := int64(0)
			for row, err := range engine.EachOf(ctx, eng, q) {
				if err != nil || row.B != 2*row.A {
					t.Fatal(row, err)
				}
				seen++
			}
			if seen != n {
				t.Fatalf("%d rows of %d", seen, n)
			}
		})
	}
	if few, lots := count(10), count(2000); lots > few+20 {
		t.Errorf("%v allocations for 10 rows, %v for 2000", few, lots)
	}
}
