package expr_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/my"
	"github.com/sqlayer-go/sqlayer/internal/sends"
)

// counters are engines over connections that count what they are sent, one a
// dialect.
func counters(t *testing.T) func(i int, s dialect.Statement) (err error, sent bool) {
	t.Helper()
	type counted struct {
		*sends.Counter
		*engine.Engine
	}
	list := make([]counted, len(dialects))
	for i, d := range dialects {
		c := sends.New(d)
		e, err := engine.Open("", engine.WithConnector(c))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
		list[i] = counted{c, e}
	}
	return func(i int, s dialect.Statement) (error, bool) {
		before := list[i].Sent()
		_, err := list[i].Run(t.Context(), s, nil)
		return err, list[i].Sent() != before
	}
}

// wrong is what is wrong wherever it stands, as a condition and as a value.
type wrong struct {
	name  string
	cond  expr.Cond
	value expr.Expr[int64]
	says  []string
	at    string // the clause, where it is not that of the place
	not   string // a dialect where it is no mistake
}

func valueOf(e expr.Of[int64]) expr.Expr[int64] { return expr.Func[int64]("coalesce", e) }

// wrongs are the mistakes that an expression can hold.
func wrongs() []wrong {
	long := strings.Repeat("x", 200)
	two := expr.Select(Orders.ID, Orders.UserID).From(Orders)
	any1, any2 := expr.C[any](Users, "id"), expr.C[any](Users, "name")
	lost := expr.CTE("lost", expr.Select(Orders.ID).From(Orders))
	rows := []expr.ColumnDef{expr.Def[int64]("n")}
	sub := func(q expr.Query) (expr.Cond, expr.Expr[int64]) { return expr.Exists(q), expr.Scalar[int64](q) }
	w := func(name string, cond expr.Cond, value expr.Of[int64], says ...string) wrong {
		return wrong{name: name, cond: cond, value: valueOf(value), says: says}
	}
	q := func(name, at string, query expr.Query, says ...string) wrong {
		cond, value := sub(query)
		return wrong{name: name, cond: cond, value: valueOf(value), says: says, at: at}
	}
	tooLong := w("name over the limit", expr.Gt(expr.Name[int64](long), Users.ID), expr.Name[int64](long), "longer than the limit")
	tooLong.not = "sqlite"
	return []wrong{
		w("column of no table in FROM", expr.C[int64](Items, "id").Eq(1), expr.C[int64](Items, "id"), "not in FROM"),
		w("nil operand", expr.Eq[int64](Users.ID, nil), expr.Add[int64](Users.ID, nil), "nil operand"),
		w("zero expression", expr.Eq(Users.ID, expr.Expr[int64]{}), expr.Expr[int64]{}, "nil operand"),
		w("zero condition", expr.Or(Users.ID.Eq(1), expr.Cond{}), expr.Case[int64]().When(expr.Cond{}, 1).End(), "zero Cond"),
		w("compared with nil", any1.Eq(nil), expr.Case[int64]().When(any2.Ne(nil), 1).End(), "IsNull"),
		w("unlike types", expr.Eq(any1, any2), expr.Case[int64]().When(any1.Eq("x"), 1).End(), "users.id"),
		w("method of another type", Users.ID.StartsWith("x"), expr.Case[int64]().When(Users.Age.Contains("x"), 1).End(), "is not text"),
		w("parameter without a value", expr.Eq(Users.ID, expr.Param[int64]("p")), expr.Param[int64]("p"), "no value for parameter p"),
		tooLong,
		w("two columns where one is due", expr.In(Users.ID, two), expr.Scalar[int64](two), "2 columns, and 1 is due"),
		w("nil query", expr.In(Users.ID, nil), expr.Scalar[int64](nil), "nil query"),
		w("empty VALUES", expr.In(Users.ID, expr.Values(rows)), expr.Scalar[int64](expr.Values(rows)), "VALUES of no rows"),
		w("uneven VALUES", expr.In(Users.ID, expr.Values(rows, []any{1, 2})), expr.Scalar[int64](expr.Values(rows, []any{1}, nil)), "for 1 columns"),
		q("negative limit", "LIMIT", expr.Select(Orders.ID).From(Orders).Limit(-1), "negative limit"),
		q("ambiguous name", "FROM", expr.Select(Orders.ID).From(Orders).CrossJoin(expr.As(Items, "orders")), "two tables are called orders"),
		q("ambiguous order", "ORDER BY", expr.Select(Orders.ID, Orders.UserID.As("id")).From(Orders).OrderBy(expr.Name[int64]("id")), "id"),
		q("CTE without With", "FROM", expr.Select(expr.C[int64](lost, "id")).From(lost), "no With brings in"),
		q("cycle of CTEs", "FROM", cycle(), "cycle"),
	}
}

// cycle is a query over two common table expressions that name each other.
func cycle() expr.SelectStmt {
	var b expr.Table
	a := expr.Recursive("a", []string{"n"}, expr.Select(expr.Literal[int64](1)), func(self expr.Table) expr.Query {
		b = expr.CTE("b", expr.Select(expr.C[int64](self, "n")).From(self))
		return expr.Select(expr.C[int64](b, "n")).From(b)
	})
	return expr.Select(expr.C[int64](a, "n")).From(a).With(a, b)
}

// spot is where a mistake may stand.
type spot struct {
	name   string // begins with the kind of statement
	clause string // what the message names
	make   func(w wrong) dialect.Statement
}

func spots() []spot {
	from := expr.Select(Users.ID).From(Users)
	one := expr.Insert(Hits).Values(Hits.Path.Set("x"), Hits.Hits.Set(1))
	u := expr.Update(Users)
	up := expr.Insert(Users).Values(Users.ID.Set(1), Users.Name.Set("x"), Users.Age.Set(1)).OnConflict(Users.ID)
	merge := expr.Merge(Users).Using(Hits, Users.Name.Eq("x"))
	set := Users.Name.Set("x")
	number := expr.C[int64](Hits, "hits")
	def := expr.Def[int64]("n")
	where := func(w wrong) expr.SelectStmt { return from.Where(w.cond) }
	return []spot{
		{"SELECT, column", "SELECT", func(w wrong) dialect.Statement { return expr.Select(w.value).From(Users) }},
		{"SELECT, label", "SELECT", func(w wrong) dialect.Statement { return expr.Select(w.value.As("v")).From(Users) }},
		{"SELECT, join", "ON", func(w wrong) dialect.Statement { return from.Join(i, w.cond) }},
		{"SELECT, where", "WHERE", func(w wrong) dialect.Statement { return where(w) }},
		{"SELECT, group", "GROUP BY", func(w wrong) dialect.Statement { return from.GroupBy(w.value) }},
		{"SELECT, having", "HAVING", func(w wrong) dialect.Statement { return from.GroupBy(Users.ID).Having(w.cond) }},
		{"SELECT, order", "ORDER BY", func(w wrong) dialect.Statement { return from.OrderBy(w.value.Desc()) }},
		{"SELECT, window", "SELECT", func(w wrong) dialect.Statement {
			return expr.Select(expr.RowNumber().Over(expr.PartitionBy(w.value))).From(Users)
		}},
		{"SELECT, filter", "SELECT", func(w wrong) dialect.Statement { return expr.Select(expr.CountAll().Filter(w.cond)).From(Users) }},
		{"SELECT, argument", "SELECT", func(w wrong) dialect.Statement { return expr.Select(expr.Func[int64]("f", w.value)).From(Users) }},
		{"SELECT, derived table", "WHERE", func(w wrong) dialect.Statement {
			d := where(w).As("d")
			return expr.Select(expr.Columns(d)...).From(d)
		}},
		{"SELECT, CTE", "WHERE", func(w wrong) dialect.Statement {
			c := expr.CTE("c", where(w))
			return expr.Select(expr.Columns(c)...).From(c).With(c)
		}},
		{"SELECT, EXISTS", "WHERE", func(w wrong) dialect.Statement {
			return expr.Select(Hits.Path).From(Hits).Where(expr.Exists(where(w)))
		}},
		{"UNION, operand", "WHERE", func(w wrong) dialect.Statement { return expr.Union(from, where(w)) }},
		{"VALUES, row", "VALUES", func(w wrong) dialect.Statement { return expr.Values([]expr.ColumnDef{def}, []any{1}, []any{w.value}) }},
		{"INSERT, value", "VALUES", func(w wrong) dialect.Statement {
			return expr.Insert(Hits).Values(expr.Set(number, w.value))
		}},
		{"INSERT, rows", "VALUES", func(w wrong) dialect.Statement {
			return expr.Insert(Hits).Columns(number).Rows([]any{1}, []any{w.value})
		}},
		{"INSERT, query", "WHERE", func(w wrong) dialect.Statement {
			return expr.Insert(Hits).Columns(number).FromSelect(where(w))
		}},
		{"INSERT, returning", "RETURNING", func(w wrong) dialect.Statement { return one.Returning(w.value) }},
		{"upsert, update", "DO UPDATE", func(w wrong) dialect.Statement { return up.DoUpdate(expr.Set(Users.ID, w.value)).Where() }},
		{"upsert, where", "DO UPDATE", func(w wrong) dialect.Statement { return up.DoUpdate(set).Where(w.cond) }},
		{"UPDATE, set", "SET", func(w wrong) dialect.Statement { return u.Set(expr.Set(Users.ID, w.value)).EveryRow() }},
		{"UPDATE, where", "WHERE", func(w wrong) dialect.Statement { return u.Set(set).Where(w.cond) }},
		{"UPDATE, from", "WHERE", func(w wrong) dialect.Statement {
			return u.Set(set).From(i).Where(expr.Eq(Users.ID, i.ID), w.cond)
		}},
		{"DELETE, where", "WHERE", func(w wrong) dialect.Statement { return expr.Delete(Users).Where(w.cond) }},
		{"MERGE, on", "ON", func(w wrong) dialect.Statement {
			return expr.Merge(Users).Using(Hits, w.cond).WhenMatched().Delete()
		}},
		{"MERGE, when", "WHEN MATCHED", func(w wrong) dialect.Statement { return merge.WhenMatched(w.cond).Delete() }},
		{"MERGE, set", "WHEN MATCHED", func(w wrong) dialect.Statement { return merge.WhenMatched().Update(expr.Set(Users.ID, w.value)) }},
	}
}

// Every mistake is reported wherever it stands, on every database, with its
// clause and with what is wrong, and nothing is sent. testdata/wrong.golden has
// the messages.
func TestWrongEverywhere(t *testing.T) {
	send := counters(t)
	var out bytes.Buffer
	for _, w := range wrongs() {
		for _, s := range spots() {
			name := w.name + " / " + s.name
			stmt := s.make(w)
			said := map[string][]string{}
			var order []string
			for i, d := range dialects {
				err, sent := send(i, stmt)
				if w.not == d.Name() {
					continue
				}
				if sent {
					t.Errorf("%s: %s: sent", name, d.Name())
				}
				if err == nil || sent {
					continue
				}
				if !errors.Is(err, dialect.ErrStatement) {
					t.Errorf("%s: %s: no ErrStatement: %v", name, d.Name(), err)
				}
				for _, part := range w.says {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("%s: %s: no %q in: %v", name, d.Name(), part, err)
					}
				}
				clause := s.clause
				if w.at != "" {
					clause = w.at
				} else if clause == "RETURNING" && d.Features().Returning == dialect.OutputClause {
					clause = "OUTPUT"
				}
				if !strings.Contains(err.Error(), "expr: "+clause+":") {
					t.Errorf("%s: %s: the clause %s is not in: %v", name, d.Name(), clause, err)
				}
				text := err.Error()
				if said[text] == nil {
					order = append(order, text)
				}
				said[text] = append(said[text], d.Name())
			}
			fmt.Fprintf(&out, "-- %s\n", name)
			for _, text := range order {
				on := strings.Join(said[text], " ")
				if len(said[text]) == len(dialects) {
					on = "all"
				}
				fmt.Fprintf(&out, "%s: %s\n", on, strings.ReplaceAll(text, "\n", "\n\t"))
			}
		}
	}
	golden(t, "wrong", out.Bytes())
}

// What a database cannot say is refused before anything is sent.
func TestRefusedIsNotSent(t *testing.T) {
	stmts := append(tour(), named{"a word of MySQL", expr.Select(Users.ID).Prefix(my.StraightJoin()).From(Users)})
	for _, a := range answers() {
		stmts = append(stmts, named{a.name, expr.Select(expr.Typed[any](a.e).As("v"))})
	}
	send := counters(t)
	refused := map[string]int{}
	for _, s := range stmts {
		for i, d := range dialects {
			_, _, want := expr.SQL(s.stmt, d)
			err, sent := send(i, s.stmt)
			if want == nil {
				if !sent || !errors.Is(err, sends.Err) {
					t.Errorf("%s: %s: not sent: %v", s.name, d.Name(), err)
				}
				continue
			}
			refused[d.Name()]++
			if sent || !errors.Is(err, dialect.ErrUnsupported) {
				t.Errorf("%s: %s: sent %v: %v", s.name, d.Name(), sent, err)
			}
		}
	}
	for _, d := range dialects {
		if refused[d.Name()] == 0 {
			t.Errorf("%s refuses nothing, so that nothing was tested", d.Name())
		}
	}
}

// Each statement that holds every mistake says all of them at once.
func TestEverythingWrongAtOnce(t *testing.T) {
	list := wrongs()
	for _, s := range spots() {
		var conds []expr.Cond
		all := wrong{}
		var values []expr.Of[int64]
		for _, w := range list {
			conds = append(conds, w.cond)
			values = append(values, w.value)
		}
		all.cond, all.value = expr.And(conds...), expr.Coalesce(values...)
		stmt := s.make(all)
		for _, d := range dialects {
			_, _, err := expr.SQL(stmt, d)
			if err == nil {
				t.Errorf("%s: %s: compiles", s.name, d.Name())
				continue
			}
			for _, w := range list {
				for _, part := range w.says {
					if w.not != d.Name() && !strings.Contains(err.Error(), part) {
						t.Errorf("%s: %s: %s is not said", s.name, d.Name(), w.name)
					}
				}
			}
			lines := strings.Split(err.Error(), "\n")
			slices.Sort(lines)
			if n := len(slices.Compact(slices.Clone(lines))); n != len(lines) {
				t.Errorf("%s: %s: %d lines, %d different ones", s.name, d.Name(), len(lines), n)
			}
		}
	}
}
