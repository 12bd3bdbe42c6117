package expr_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
)

func TestPrepare(t *testing.T) {
	age, name := expr.Param[int]("age"), expr.Param[string]("name")
	q := expr.Select(Users.ID).From(Users).Where(expr.Ge(Users.Age, age), expr.Or(expr.Eq(Users.Name, name), expr.Ne(Users.Age, age))).OrderBy(Users.ID).Limit(9)
	for _, d := range dialects {
		p, err := expr.Prepare(q, d, "name", "age")
		if err != nil {
			t.Errorf("%s: %v", d.Name(), err)
			continue
		}
		for _, on := range dialects { // also where it was not prepared
			for i := range 2 {
				text, args, err := expr.SQL(p.With(fmt.Sprint("n", i), 30+i), on)
				want, wantArgs, err2 := expr.SQL(expr.WithValues(q, dialect.Named{"name": fmt.Sprint("n", i), "age": 30 + i}), on)
				if text != want || fmt.Sprint(args) != fmt.Sprint(wantArgs) || err != nil || err2 != nil {
					t.Errorf("%s: got  %s %v %v\nwant %s %v %v", on.Name(), text, args, err, want, wantArgs, err2)
				}
			}
		}
	}
	d := postgres.Dialect()
	p, err := expr.Prepare(q, d, "name", "age")
	if err != nil {
		t.Fatal(err)
	}
	var none *expr.Prepared
	for want, s := range map[string]dialect.Statement{
		"1 values for the parameters (name, age)":              p.With("x"),
		"parameter age is a int, and its value a string":       p.With("x", "y"),
		"parameter name is a string, and its value a []string": p.With([]string{"x"}, 1),
		"that Prepare did not make":                            none.With(),
	} {
		if _, _, err := expr.SQL(s, d); !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	list := expr.Select(Users.ID).From(Users).Where(expr.InParam(Users.ID, "ids"))
	for want, f := range map[string]func() (*expr.Prepared, error){
		"no value for parameter name": func() (*expr.Prepared, error) { return expr.Prepare(q, d, "age") },
		"no such parameter":           func() (*expr.Prepared, error) { return expr.Prepare(q, d, "age", "name", "nmae") },
		"named twice":                 func() (*expr.Prepared, error) { return expr.Prepare(q, d, "age", "age") },
		"is a list":                   func() (*expr.Prepared, error) { return expr.Prepare(list, d, "ids") },
		"orders is not in FROM":       func() (*expr.Prepared, error) { return expr.Prepare(q.Where(Orders.ID.Eq(1)), d, "age", "name") },
		"is not a statement of this":  func() (*expr.Prepared, error) { return expr.Prepare(dialect.Text("SELECT 1"), d) },
		"nil dialect":                 func() (*expr.Prepared, error) { return expr.Prepare(q, nil) },
	} {
		if p, err := f(); p != nil || !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

// A prepared statement runs on an engine, with other values each time, and in
// other schemas.
func TestPreparedRuns(t *testing.T) {
	ctx := t.Context()
	eng, err := peopled(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	p, err := expr.Prepare(expr.Select(Users.Name).From(Users).Where(expr.Eq(Users.ID, expr.Param[int64]("id"))), postgres.Dialect(), "id")
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]string{1: "ada", 2: "bob", 3: "cyd"} {
		if got, err := engine.Scalar[string](ctx, eng, p.With(id)); err != nil || got != want {
			t.Errorf("%d: %s, %v", id, got, err)
		}
	}
	text, args, err := expr.SQL(dialect.InSchemas(p.With(int64(1)), map[string]string{"": "tenant"}), postgres.Dialect())
	if err != nil || !strings.Contains(text, "FROM tenant.users") || len(args) != 1 {
		t.Errorf("%s %v, %v", text, args, err)
	}
}
