package agree

import (
	"fmt"
	"testing"

	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

type rowPairs struct {
	schema.Table `db:"row_pairs"`
	ID           schema.Col[int64] `db:",pk"`
	A            schema.Col[int64] `db:",null"`
	B            schema.Col[int64] `db:",null"`
}

// A row that is in a query, or in a list, but for its NULLs is neither in it nor
// not in it, with whatever is around that, and where rows are no values too.
func TestRowsInWithNulls(t *testing.T) {
	pairs := schema.Define[rowPairs]()
	of := schema.As(pairs, "rows_in") // the name that the printer would take
	again := schema.As(pairs, "again")
	values := []*int64{nil, new(int64), new(int64)}
	*values[1], *values[2] = 1, 2
	type pair struct{ a, b *int64 }
	var rows []pair
	for _, a := range values {
		for _, b := range values {
			rows = append(rows, pair{a, b})
		}
	}
	equal := func(a, b *int64) any {
		if a == nil || b == nil {
			return nil
		}
		return *a == *b
	}
	in := func(x pair, list []pair) any {
		var found any = false
		for _, y := range list {
			found = or3(found, and3(equal(x.a, y.a), equal(x.b, y.b)))
		}
		return found
	}
	value := func(v *int64) expr.Of[int64] {
		if v == nil {
			return expr.Null[int64]()
		}
		return expr.Value(*v)
	}
	lists := [][]int{{}, {4}, {5, 7}, {0}, {1}, {3, 8}, {2, 4}, {0, 4}}

	run := func(t *testing.T, l *lease) {
		ctx := t.Context()
		if _, err := l.Run(ctx, schema.CreateTable(pairs), nil); err != nil {
			t.Fatal(err)
		}
		for i, r := range rows {
			add := expr.Insert(pairs).Values(pairs.ID.Set(int64(i)), expr.Set(pairs.A, value(r.a)), expr.Set(pairs.B, value(r.b)))
			if _, err := l.Run(ctx, add, nil); err != nil {
				t.Fatal(err)
			}
		}
		check := func(what string, c expr.Cond, met func(pair) bool) {
			t.Helper()
			q := expr.Select(of.ID).From(of).Where(c).OrderBy(of.ID)
			got, err := l.rowsOf(ctx, q, func() any { return new(int64) })
			if err != nil {
				t.Fatalf("%s: %v\n%s", what, err, written(q, l.d))
			}
			found := map[int64]bool{}
			for _, r := range got {
				found[*r[0].(*int64)] = true
			}
			for i, r := range rows {
				if found[int64(i)] != met(r) {
					t.Errorf("%s: row %d is %v\n%s", what, i, found[int64(i)], written(q, l.d))
				}
			}
		}
		for _, list := range lists {
			var ids []int64
			var others []pair
			var full []expr.Tuple2[int64, int64]
			for _, i := range list {
				ids = append(ids, int64(i))
				others = append(others, rows[i])
				if r := rows[i]; r.a != nil && r.b != nil {
					full = append(full, expr.Tuple2[int64, int64]{A: *r.a, B: *r.b})
				}
			}
			row := expr.RowOf2(of.A, of.B)
			q := expr.Select(pairs.A, pairs.B).From(pairs).Where(pairs.ID.In(ids...))
			kinds := map[string][2]expr.Cond{"in a query": {row.InQuery(q), row.NotInQuery(q)}}
			if len(full) == len(list) && len(list) > 0 {
				long := full
				for range 8 {
					long = append(long, full...)
				}
				kinds["in a list"] = [2]expr.Cond{row.In(full...), row.NotIn(full...)}
				kinds["in a long list"] = [2]expr.Cond{row.In(long...), row.NotIn(long...)}
			}
			for kind, c := range kinds {
				what := fmt.Sprint(kind, " ", list)
				is := func(x pair) any { return in(x, others) }
				met := of.ID.Ge(0)
				check(what, c[0], func(x pair) bool { return is(x) == true })
				check(what+": not", c[1], func(x pair) bool { return is(x) == false })
				check(what+": Not(And)", expr.Not(expr.And(c[0], met)), func(x pair) bool { return is(x) == false })
				check(what+": Not(And(not))", expr.Not(expr.And(c[1], met)), func(x pair) bool { return is(x) == true })
				check(what+": Not(Or)", expr.Not(expr.Or(c[0], expr.Not(met))), func(x pair) bool { return is(x) == false })
				check(what+": Not twice", expr.Not(expr.And(met, expr.Not(expr.And(c[0], met)))), func(x pair) bool { return is(x) == true })
				check(what+": a value", expr.Typed[bool](expr.And(c[0], met)).IsNull(), func(x pair) bool { return is(x) == nil })
				check(what+": a value, not", expr.Not(expr.And(expr.Typed[bool](expr.Not(expr.And(c[1], met))).IsNotNull(), met)), func(x pair) bool { return is(x) == nil })
				check(what+": CASE", expr.Not(expr.And(met, expr.Case[int64]().When(c[0], 1).Else(2).End().Eq(1))), func(x pair) bool { return is(x) != true })
				check(what+": in a query", expr.Not(expr.Exists(expr.Select(again.ID).From(again).Where(expr.Eq(again.ID, of.ID), c[0]))), func(x pair) bool { return is(x) != true })
			}
		}
	}
	eachLease(t, run)
	t.Run("few parameters", func(t *testing.T) {
		l := connect(t, testenv.Backend{Name: "sqlite", URL: testenv.SQLite(t)})
		f := plainFeatures(l.d.Features())
		f.MaxParams = 12
		l.name, l.d = "few", plain{l.d, f}
		run(t, l)
	})
}
