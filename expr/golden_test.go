package expr_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var update = flag.Bool("update", false, "write the golden files")

var at = time.Date(2024, 7, 1, 9, 30, 0, 0, time.UTC)

type named struct {
	name string
	stmt dialect.Statement
}

// tour is every kind of statement that a page of the documentation shows.
func tour() []named {
	orderCount := expr.Count(Orders.ID).As("orders")
	manager := expr.As(Users, "manager")
	top := expr.Select(Orders.UserID, expr.SumOf(Orders.Total).As("spent")).From(Orders).GroupBy(Orders.UserID).
		OrderBy(expr.SumOf(Orders.Total).Desc()).Limit(3).As("top")
	big := expr.CTE("big", expr.Select(Orders.ID, Orders.UserID).From(Orders).Where(Orders.Total.Gt("1000")))
	v := expr.Mul(Users.Age.Add(1), expr.Value(2))
	return []named{
		{"select", expr.Select(Users.ID, Users.Name).From(Users)},
		{"tour", expr.Select(Users.ID, Users.Name, expr.Count(Orders.ID).As("orders")).
			From(Users).
			LeftJoin(Orders, expr.Eq(Orders.UserID, Users.ID)).
			Where(Users.Name.StartsWith("a"), expr.Or(Users.ID.Gt(10), Users.Email.IsNull())).
			GroupBy(Users.ID, Users.Name).
			Having(expr.Count(Orders.ID).Gt(2)).
			OrderBy(Users.Name.Asc().NullsLast()).
			Limit(20)},
		{"report", report("paid", "sent")},
		{"order by label", expr.Select(Users.Name, orderCount).From(Users).Join(Orders, expr.Eq(Orders.UserID, Users.ID)).
			GroupBy(Users.Name).OrderBy(orderCount.Desc().NullsFirst(), Users.Name)},
		{"page", expr.Select(Users.ID).From(Users).OrderBy(Users.ID).Limit(10).Offset(20)},
		{"offset", expr.Select(Users.ID).From(Users).OrderBy(Users.ID).Offset(5)},
		{"offset without order", expr.Select(Users.ID).From(Users).Offset(5)},
		{"distinct", expr.Select(Users.Name).From(Users).Distinct().OrderBy(Users.Name)},
		{"distinct on", expr.Select(Orders.UserID, Orders.ID).From(Orders).DistinctOn(Orders.UserID).OrderBy(Orders.UserID)},
		{"another role", expr.Select(Users.Name, expr.C[string](manager, "name").As("manager")).From(Users).
			LeftJoin(manager, expr.Eq(expr.C[int64](manager, "id"), Users.ID))},
		{"joins", expr.Select(Users.ID).From(Users).RightJoin(Orders, expr.Eq(Orders.UserID, Users.ID)).CrossJoin(Hits)},
		{"full join", expr.Select(Users.ID, Orders.ID).From(Users).FullJoin(Orders, expr.Eq(Orders.UserID, Users.ID))},
		{"no table", expr.Select(expr.Literal(1).As("one"))},
		{"booleans", expr.Select(Users.ID, Users.Age.Gt(17).As("adult")).From(Users).
			Where(expr.True(Users.Active), expr.Not(expr.True(Users.Active)), Users.Active.Eq(false))},
		{"in", expr.Select(Users.ID).From(Users).Where(Users.ID.In(1, 2, 3), Users.ID.NotIn(4), Users.Name.In(), Users.Name.NotIn())},
		{"in query", expr.Select(Users.ID).From(Users).
			Where(expr.In(Users.ID, expr.Select(Orders.UserID).From(Orders).Where(Orders.Total.Gt("500"))))},
		{"exists", expr.Select(Users.ID).From(Users).
			Where(expr.Not(expr.Exists(expr.Select(expr.Literal(1)).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID)))))},
		{"scalar", expr.Select(Users.Name,
			expr.Scalar[int64](expr.Select(expr.CountAll()).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID))).As("n")).From(Users)},
		{"derived", expr.Select(Users.Name, expr.C[string](top, "spent")).From(top).Join(Users, expr.Eq(Users.ID, expr.C[int64](top, "user_id")))},
		{"with", expr.Select(Users.Name, expr.C[int64](big, "id")).From(Users).Join(big, expr.Eq(expr.C[int64](big, "user_id"), Users.ID)).With(big)},
		{"recursive", func() dialect.Statement {
			nums := expr.Recursive("nums", []string{"n"}, expr.Select(expr.Literal[int64](1)), func(self expr.Table) expr.Query {
				n := expr.C[int64](self, "n")
				return expr.Select(n.Add(1)).From(self).Where(n.Lt(5))
			})
			return expr.Select(expr.Columns(nums)...).From(nums).With(nums)
		}()},
		{"union", expr.Union(expr.Select(Users.Name).From(Users), expr.Select(Hits.Path).From(Hits)).OrderBy(expr.Name[string]("name")).Limit(5)},
		{"union of pages", expr.UnionAll(expr.Select(Users.Name).From(Users).OrderBy(Users.Age).Limit(1), expr.Select(Hits.Path).From(Hits))},
		{"except", expr.Except(expr.Select(Users.ID).From(Users), expr.Select(Orders.UserID).From(Orders))},
		{"nested set operation", expr.Except(expr.Union(expr.Select(Users.ID).From(Users), expr.Select(Items.ID).From(Items)),
			expr.Select(Orders.UserID).From(Orders))},
		{"for update", expr.Select(Users.ID).From(Users).Where(Users.ID.Eq(5)).ForUpdate(expr.SkipLocked())},
		{"for update of", expr.Select(Orders.ID).From(Orders).Join(Users, expr.Eq(Orders.UserID, Users.ID)).ForUpdate(expr.LockOf(Orders))},
		{"queue", expr.Select(Orders.ID).From(Orders).Where(Orders.Status.Eq("new")).OrderBy(Orders.ID).Limit(1).ForUpdate(expr.SkipLocked())},
		{"arithmetic", expr.Select(v.As("v"), expr.Div(Users.ID, Users.ID.Sub(1)), Users.ID.Mod(2), expr.Neg(Users.Age)).From(Users).
			Where(expr.Sub(Users.Age, expr.Add(Users.Age, Users.Age)).Gt(1))},
		{"precedence", expr.Select(Users.ID).From(Users).Where(
			expr.Not(expr.And(Users.ID.Eq(1), Users.Age.Between(2, 3))),
			expr.And(expr.Or(Users.ID.Eq(1), Users.ID.Eq(2)), Users.Age.NotBetween(1, 2)),
			expr.Not(Users.Age.Lt(40)))},
		{"text", expr.Select(expr.Lower(Users.Name), expr.Concat(Users.Name, expr.Value(" "), expr.Upper(Users.Email)).As("who"),
			expr.Coalesce(Users.Email, Users.Name), expr.Length(Users.Name)).From(Users).
			Where(Users.Name.ILike("ada%"), Users.Name.Contains("100%_/["), Users.Name.EndsWith("x"), expr.Not(Users.Email.Like("%@%")))},
		{"distinct from", expr.Select(Users.ID).From(Users).Where(Users.Email.IsDistinctFrom("x"), expr.IsNotDistinctFrom(Users.Email, Users.Name))},
		{"case", expr.Select(expr.Case[string]().When(Users.Age.Lt(18), "minor").Else("adult").End().As("stage"),
			expr.Cast[string](Users.ID, dialect.Type{Kind: dialect.Varchar, Length: 20})).From(Users)},
		{"aggregates", expr.Select(expr.Min(Users.Age), expr.Max(Users.Age), expr.Sum(Users.Age), expr.Avg(Users.Age),
			expr.CountDistinct(Users.Name), expr.CountAll().Filter(Users.Age.Gt(5)), expr.Sum(Users.Age).Filter(expr.True(Users.Active))).From(Users)},
		{"window", expr.Select(Orders.ID, expr.RowNumber().Over(expr.PartitionBy(Orders.UserID).OrderBy(Orders.Total.Desc())).As("rn")).From(Orders)},
		{"ignore nulls", expr.Select(Orders.ID, expr.Lag(Orders.Total).IgnoreNulls().Over(expr.PartitionBy(Orders.UserID).OrderBy(Orders.ID)).As("before")).From(Orders)},
		{"ignore nulls of all", expr.Select(Orders.ID, expr.LastValue(Orders.Total).IgnoreNulls().Over(expr.PartitionBy(Orders.UserID).OrderBy(Orders.ID).
			Rows(expr.UnboundedPreceding(), expr.UnboundedFollowing())).As("last")).From(Orders)},
		{"raw", expr.Select(expr.Text("date_part({0}, {1})", "year", Users.CreatedAt).As("year")).From(Users).
			Where(expr.TextCond("users.age > {0} OR users.age < {1}", 20, 10), Users.ID.Gt(1))},
		{"optional", expr.Select(Users.ID).From(Users).Where(expr.When(false, Users.ID.Eq(1)), expr.Or(expr.When(false, Users.ID.Eq(2)), Users.ID.Eq(3)))},
		{"now", expr.Select(Users.ID).From(Users).Where(expr.Lt(Users.CreatedAt, expr.Typed[time.Time](expr.Now())))},

		{"insert", expr.Insert(Users).Values(Users.Name.Set("ada"), Users.Age.Set(36))},
		{"insert rows", expr.Insert(Hits).Values(Hits.Path.Set("/a"), Hits.Hits.Set(1)).Values(Hits.Hits.Set(2), Hits.Path.Set("/b"))},
		{"insert flat", expr.Insert(Hits).Columns(Hits.Path, Hits.Hits).Flat([]any{"/a", 1})},
		{"insert defaults", expr.Insert(Users).DefaultValues()},
		{"insert query", expr.Insert(Hits).Columns(Hits.Path, Hits.Hits).FromSelect(expr.Select(Users.Name, Users.Age).From(Users))},
		{"insert returning", expr.Insert(Users).Values(Users.Name.Set("ada"), Users.Email.SetNull()).Returning(Users.ID, Users.CreatedAt)},
		{"upsert", expr.Insert(Hits).Values(Hits.Path.Set("/home"), Hits.Hits.Set(1)).
			OnConflict(Hits.Path).DoUpdate(expr.Set(Hits.Hits, expr.Add(Hits.Hits, expr.Inserted(Hits.Hits))), Hits.LastSeen.Set(at))},
		{"upsert where", expr.Insert(Hits).Values(Hits.Path.Set("/home"), Hits.Hits.Set(1)).
			OnConflict(Hits.Path).DoUpdate(expr.Set(Hits.Hits, expr.Inserted(Hits.Hits))).Where(Hits.Hits.Lt(1000))},
		{"upsert nothing", expr.Insert(Hits).Values(Hits.Path.Set("/home"), Hits.Hits.Set(1)).OnConflict(Hits.Path).DoNothing()},
		{"upsert returning", expr.Insert(Hits).Values(Hits.Path.Set("/home"), Hits.Hits.Set(1)).
			OnConflict(Hits.Path).DoUpdate(expr.Set(Hits.Hits, expr.Inserted(Hits.Hits))).Returning(Hits.Hits)},
		{"update", expr.Update(Users).Set(Users.Name.Set("Ada"), expr.Set(Users.Age, Users.Age.Add(1)), Users.Email.SetDefault()).Where(Users.ID.Eq(7))},
		{"update returning", expr.Update(Hits).Set(expr.Set(Hits.Hits, Hits.Hits.Add(1))).Where(Hits.Path.Eq("/")).Returning(Hits.Hits)},
		{"update every row", expr.Update(Users).Set(Users.Active.Set(false)).EveryRow()},
		{"delete", expr.Delete(Users).Where(Users.ID.Eq(7), expr.In(Users.ID, expr.Select(Orders.UserID).From(Orders)))},
		{"delete returning", expr.Delete(Hits).Where(Hits.Hits.Lt(2)).Returning(Hits.Path, Hits.Hits)},
		{"delete every row", expr.Delete(Hits).EveryRow()},
	}
}

func TestGolden(t *testing.T) {
	for _, d := range dialects {
		t.Run(d.Name(), func(t *testing.T) {
			var b bytes.Buffer
			for _, s := range tour() {
				fmt.Fprintf(&b, "-- %s\n", s.name)
				text, args, err := expr.SQL(s.stmt, d)
				if err != nil {
					fmt.Fprintf(&b, "! %s\n\n", strings.ReplaceAll(err.Error(), "\n", "\n! "))
					continue
				}
				fmt.Fprintln(&b, text)
				if len(args) > 0 {
					fmt.Fprintf(&b, "-> %v\n", args)
				}
				fmt.Fprintln(&b)
			}
			golden(t, d.Name(), b.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; make it with -update", err)
	}
	if bytes.Equal(got, want) {
		return
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(g), len(w)) {
		line := func(l []string) string {
			if i < len(l) {
				return l[i]
			}
			return "(end)"
		}
		if line(g) != line(w) {
			t.Fatalf("%s:%d:\n got %s\nwant %s", file, i+1, line(g), line(w))
		}
	}
}
