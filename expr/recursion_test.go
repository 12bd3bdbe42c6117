package expr_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/pg"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

var edges = schema.New("edges", schema.BigInt("id").PrimaryKey(), schema.BigInt("parent").Null())

// reach is what is reached from the first edge.
func reach(options ...expr.RecursiveOption) expr.Table {
	id, parent := schema.C[int64](edges, "id"), schema.C[int64](edges, "parent")
	return expr.Recursive("reach", nil, expr.Select(id, parent).From(edges).Where(id.Eq(1)), func(self expr.Table) expr.Query {
		return expr.Select(id, parent).From(edges).Join(self, expr.Eq(parent, expr.C[int64](self, "id")))
	}, options...)
}

func TestRecursiveOptions(t *testing.T) {
	tree, graph := reach(expr.DepthFirst("place", "id")), reach(expr.MarkCycle("loop", "id"), expr.BreadthFirst("place", "parent", "id"))
	const first, more = "SELECT edges.id AS id, edges.parent AS parent FROM edges WHERE edges.id = ", " UNION ALL SELECT edges.id AS id, edges.parent AS parent FROM edges JOIN reach ON edges.parent = reach.id)"
	inOrder := expr.Select(expr.C[int64](tree, "id")).From(tree).OrderBy(expr.C[any](tree, "place")).With(tree)
	told(t, "depth", inOrder, says{
		pgd:  "WITH RECURSIVE reach(id, parent) AS (" + first + "$1" + more + " SEARCH DEPTH FIRST BY id SET place SELECT reach.id FROM reach ORDER BY reach.place",
		orad: "WITH reach(id, parent) AS (" + first + ":1" + more + " SEARCH DEPTH FIRST BY id SET place SELECT reach.id FROM reach ORDER BY reach.place",
		myd:  "! SEARCH DEPTH FIRST of a recursive WITH is not supported", lited: "! carry the path or the depth in a column", msd: "! SEARCH DEPTH FIRST",
		postgres.Dialect(postgres.Version(13)): "! SEARCH DEPTH FIRST"})
	told(t, "a mark, and the order before it", expr.Select(expr.Columns(graph)...).From(graph).With(graph), says{
		pgd:  "WITH RECURSIVE reach(id, parent) AS (" + first + "$1" + more + " SEARCH BREADTH FIRST BY parent, id SET place CYCLE id SET loop USING loop_path SELECT reach.id, reach.parent, reach.loop, reach.place FROM reach",
		orad: "WITH reach(id, parent) AS (" + first + ":1" + more + " SEARCH BREADTH FIRST BY parent, id SET place CYCLE id SET loop TO '1' DEFAULT '0' SELECT reach.id, reach.parent, reach.loop, reach.place FROM reach",
		myd:  "! CYCLE of a recursive WITH is not supported", msd: "! stop where it holds the row", lited: "! CYCLE"})
	other := expr.As(tree, "other")
	told(t, "another role", expr.Select(expr.C[int64](other, "id")).From(other).OrderBy(expr.C[any](other, "place")).With(tree), says{
		pgd: "WITH RECURSIVE reach(id, parent) AS (" + first + "$1" + more + " SEARCH DEPTH FIRST BY id SET place SELECT other.id FROM reach AS other ORDER BY other.place"})

	// It is looked into and rewritten like any other.
	of := func(r expr.Table) expr.SelectStmt { return expr.Select(expr.C[int64](r, "id")).From(r).With(r) }
	if !expr.Equal(of(tree), of(reach(expr.DepthFirst("place", "id")))) || expr.Equal(of(tree), of(reach(expr.DepthFirst("place", "parent")))) {
		t.Error("options make no difference, or the same ones do")
	}
	big := schema.New("big_edges", schema.BigInt("id").PrimaryKey(), schema.BigInt("parent").Null())
	told(t, "a replaced table", expr.ReplaceTable(inOrder, edges, big), says{
		pgd: strings.ReplaceAll("WITH RECURSIVE reach(id, parent) AS ("+first+"$1"+more+" SEARCH DEPTH FIRST BY id SET place SELECT reach.id FROM reach ORDER BY reach.place", "edges", "big_edges")})

	for _, test := range []struct {
		name    string
		options []expr.RecursiveOption
		want    string
	}{
		{"no such column", []expr.RecursiveOption{expr.DepthFirst("place", "key")}, `reach: SEARCH DEPTH FIRST: no column is called "key"`},
		{"no columns", []expr.RecursiveOption{expr.MarkCycle("loop")}, "CYCLE: no columns"},
		{"no name", []expr.RecursiveOption{expr.MarkCycle("", "id")}, "CYCLE: a column without a name"},
		{"a name that is taken", []expr.RecursiveOption{expr.BreadthFirst("parent", "id")}, `SEARCH BREADTH FIRST: there is a column "parent" already`},
		{"two orders", []expr.RecursiveOption{expr.BreadthFirst("a", "id"), expr.DepthFirst("b", "id")}, "one order and one mark"},
		{"zero", []expr.RecursiveOption{{}}, "zero RecursiveOption"},
	} {
		bad := reach(test.options...)
		for _, d := range dialects {
			if text, _, err := expr.SQL(expr.Select(expr.C[int64](bad, "id")).From(bad).With(bad), d); err == nil || !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s, %s: %s %v\nwant an error that says %q", test.name, d.Name(), text, err, test.want)
			}
		}
	}
	self := expr.Recursive("r", nil, expr.Select(expr.Literal[int64](1).As("n")), func(self expr.Table) expr.Query {
		return expr.Select(expr.C[int64](self, "place")).From(self)
	}, expr.DepthFirst("place", "n"))
	if _, _, err := expr.SQL(expr.Select(expr.C[int64](self, "n")).From(self).With(self), pgd); err == nil || !strings.Contains(err.Error(), `no column "place"`) {
		t.Errorf("the query sees its own order: %v", err)
	}
}

// What is reached comes in the order that was asked for, and ends in a cycle.
func TestLiveRecursiveOptions(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		if !l.d.Features().RecursiveSearch {
			t.Skip("no SEARCH")
		}
		if err := schema.NewMetadata(edges, Users).CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		l.exec(expr.Insert(edges).Columns(edges.Col("id"), edges.Col("parent")).Flat([]any{1, nil, 2, 1, 3, 1, 4, 2, 5, 3, 6, 2}))
		for name, test := range map[string]struct {
			option expr.RecursiveOption
			want   []string
		}{
			"depth":   {expr.DepthFirst("place", "id"), []string{"1", "2", "4", "6", "3", "5"}},
			"breadth": {expr.BreadthFirst("place", "id"), []string{"1", "2", "3", "4", "5", "6"}},
		} {
			tree := reach(test.option)
			got := l.all(expr.Select(expr.C[int64](tree, "id")).From(tree).OrderBy(expr.C[any](tree, "place")).With(tree))
			if !slices.Equal(got, test.want) {
				t.Errorf("%s: %q, want %q", name, got, test.want)
			}
		}
		l.exec(expr.Update(edges).Set(edges.Col("parent").Set(4)).Where(edges.Col("id").Eq(1)))
		graph := reach(expr.MarkCycle("loop", "id"))
		got := l.all(expr.Select(expr.C[int64](graph, "id"), expr.C[any](graph, "loop")).From(graph).OrderBy(expr.C[any](graph, "loop"), expr.C[int64](graph, "id")).With(graph))
		if len(got) != 7 || !strings.HasPrefix(got[6], "1 t") {
			t.Errorf("a graph with a cycle: %q", got)
		}
		if !l.d.Features().Only {
			return
		}
		l.exec(dialect.Text("CREATE TABLE old_users () INHERITS (users)"))
		l.exec(dialect.Text("INSERT INTO old_users (id, name) VALUES (7, 'old')"))
		l.exec(expr.Insert(Users).Columns(Users.ID, Users.Name).Flat([]any{1, "new"}))
		l.exec(expr.Update(pg.Only(Users)).Set(Users.Age.Set(5)).EveryRow())
		ages := expr.Select(Users.ID, Users.Age).From(Users).OrderBy(Users.ID)
		if got := l.all(ages); !slices.Equal(got, []string{"1 5", "7 NULL"}) {
			t.Errorf("UPDATE ONLY: %q", got)
		}
		l.exec(expr.Delete(pg.Only(Users)).Where(Users.ID.Gt(0)).Limit(9))
		if got := l.all(ages); !slices.Equal(got, []string{"7 NULL"}) {
			t.Errorf("DELETE FROM ONLY: %q", got)
		}
	})
}
