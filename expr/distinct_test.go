package expr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// aggregatesApart are aggregates with DISTINCT, an order or a window, by whether any
// database takes them; texts by the dialects that do.
func aggregatesApart() map[string]struct {
	e     expr.Any
	takes string
	says  string
} {
	type of = struct {
		e     expr.Any
		takes string
		says  string
	}
	names, long := expr.StringAgg(Users.Name, ","), expr.Concat(Users.Name, expr.Value("!"))
	apart := expr.PartitionBy(Users.Age)
	return map[string]of{
		"ordered by its value":         {expr.Distinct(names).OrderedBy(Users.Name.Desc()), "postgres mysql mariadb oracle", "string_agg(DISTINCT …)"},
		"ordered by a value like it":   {expr.Distinct(expr.StringAgg(long, ",")).OrderedBy(expr.Concat(Users.Name, expr.Value("!"))), "postgres mysql mariadb oracle", "string_agg(DISTINCT …)"},
		"ordered and filtered":         {expr.Distinct(names).OrderedBy(Users.Name).Filter(Users.ID.Gt(1)), "postgres mysql mariadb oracle", "string_agg(DISTINCT …)"},
		"ordered by another":           {expr.Distinct(names).OrderedBy(Users.ID), "", "string_agg(DISTINCT …) is ordered by users.id; only its own value, users.name"},
		"texts over a window":          {names.Over(apart), "postgres sqlite oracle", "string_agg over a window"},
		"texts over an ordered window": {names.Over(apart.OrderBy(Users.ID)), "postgres sqlite", "string_agg over a window"},
		"texts in an order over one":   {names.OrderedBy(Users.ID).Over(apart), "oracle", "over a window"},
		"filtered over a window":       {names.Filter(Users.ID.Gt(1)).Over(apart), "postgres sqlite oracle", "string_agg over a window"},
		"different ones over a window": {expr.CountDistinct(Users.Name).Over(apart), "oracle", "count(DISTINCT …) over a window"},
		"different ones over an order": {expr.CountDistinct(Users.Name).Over(apart.OrderBy(Users.ID)), "", "count(DISTINCT …) over a window"},
		"a sum of different ones":      {expr.Distinct(expr.Sum(Users.Age)).Filter(Users.ID.Gt(1)).Over(apart), "oracle", "sum(DISTINCT …) over a window"},
	}
}

// What a database does not take of DISTINCT, orders and windows of aggregates is
// refused.
func TestAggregatesApart(t *testing.T) {
	for name, a := range aggregatesApart() {
		for _, d := range dialects {
			text, _, err := expr.SQL(expr.Select(a.e).From(Users), d)
			switch takes := strings.Contains(a.takes, d.Name()); {
			case takes && err != nil:
				t.Errorf("%s: %s: %v", name, d.Name(), err)
			case !takes && (!errors.Is(err, dialect.ErrUnsupported) && !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), a.says) && !strings.Contains(err.Error(), "string_agg")):
				t.Errorf("%s: %s: %s %v", name, d.Name(), text, err)
			}
		}
	}
}

// The databases that are said to take them do.
func TestLiveAggregatesApart(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		if err := schema.NewMetadata(Users).CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		l.exec(expr.Insert(Users).Columns(Users.ID, Users.Name, Users.Age).Flat([]any{1, "a", 5, 2, "b", 5, 3, "b", 5}))
		want := map[string]string{"ordered by its value": "b,a", "ordered by a value like it": "a!,b!", "ordered and filtered": "b"}
		for name, a := range aggregatesApart() {
			q := expr.Select(a.e).From(Users)
			if !strings.Contains(a.takes, l.d.Name()) {
				continue
			}
			got := l.all(q)
			if w, ok := want[name]; ok && strings.Join(got, "|") != w {
				t.Errorf("%s: %q, want %q", name, got, w)
			}
		}
	})
}
