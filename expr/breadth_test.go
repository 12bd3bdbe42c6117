package expr_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/lite"
	"github.com/sqlayer-go/sqlayer/expr/ms"
	"github.com/sqlayer-go/sqlayer/expr/my"
	"github.com/sqlayer-go/sqlayer/expr/ora"
	"github.com/sqlayer-go/sqlayer/expr/pg"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// Rows, lists, windows, subtotals and hints, as each database says them.
func TestBreadth(t *testing.T) {
	pgd, myd, lited, msd, orad := postgres.Dialect(), mysql.Dialect(), sqlite.Dialect(), mssql.Dialect(), oracle.Dialect(oracle.Version(19))
	type says map[dialect.Dialect]string // "! …" for what an error says
	ids := expr.Select(Users.ID).From(Users)
	page := expr.RowOf3(Users.Name, Users.Age, Users.ID)
	w := expr.PartitionBy(Users.Active).OrderBy(Users.ID)
	graph := expr.RecursiveDistinct("graph", []string{"id"}, ids, func(self expr.Table) expr.Query {
		return expr.Select(Orders.ID).From(Orders).Join(self, expr.Eq(expr.C[int64](self, "id"), Orders.UserID))
	})
	for _, test := range []struct {
		name string
		stmt dialect.Statement
		want says
	}{
		{"the next page", ids.Where(page.Gt("a", 3, 7)), says{
			pgd: "SELECT users.id FROM users WHERE (users.name, users.age, users.id) > ($1, $2, $3)",
			msd: "SELECT users.id FROM users WHERE users.name > @p1 OR users.name = @p1 AND (users.age > @p2 OR users.age = @p2 AND users.id > @p3)"}},
		{"a row that is not less", ids.Where(expr.Not(page.Le("a", 3, 7)), Users.ID.Gt(1)), says{
			myd: "SELECT users.id FROM users WHERE (users.name, users.age, users.id) > (?, ?, ?) AND users.id > ?"}},
		{"rows that are not in a list", ids.Where(expr.Row(Users.ID, Users.Age).NotIn([]any{1, 2}, []any{3, 4})), says{
			lited: "SELECT users.id FROM users WHERE (users.id, users.age) NOT IN (VALUES (?, ?), (?, ?))",
			msd:   "SELECT users.id FROM users WHERE (users.id != @p1 OR users.age != @p2) AND (users.id != @p3 OR users.age != @p4)"}},
		{"a row in a query", ids.Where(expr.RowOf2(Users.ID, Users.Name).InQuery(expr.Select(Orders.UserID, Orders.Status).From(Orders))), says{
			pgd: "SELECT users.id FROM users WHERE (users.id, users.name) IN (SELECT orders.user_id, orders.status FROM orders)",
			msd: "SELECT users.id FROM users WHERE EXISTS (SELECT 1 FROM (SELECT orders.user_id AS user_id, orders.status AS status FROM orders) AS rows_in WHERE rows_in.user_id = users.id AND rows_in.status = users.name)"}},
		{"any of a slice", ids.Where(Users.ID.AnyOf([]int64{1, 2}), Users.ID.NoneOf(nil)), says{
			pgd: "SELECT users.id FROM users WHERE users.id = ANY ($1) AND users.id != ALL ($2)",
			myd: "SELECT users.id FROM users WHERE users.id IN (?, ?) AND (users.id NOT IN (NULL) OR (1 = 1))"}},
		{"three values of truth", ids.Where(expr.Not(expr.IsTrue(Users.Active)), expr.IsFalse(Users.Active)), says{
			pgd:   "SELECT users.id FROM users WHERE users.active IS NOT true AND users.active IS false",
			lited: "SELECT users.id FROM users WHERE users.active IS NOT 1 AND users.active IS 0",
			orad:  "SELECT users.id FROM users WHERE (users.active = 0 OR users.active IS NULL) AND users.active = 0"}},
		{"named windows", expr.Select(expr.Rank().Over(expr.WindowNamed("w")), expr.Sum(Users.Age).Over(expr.WindowNamed("w").Rows(expr.UnboundedPreceding(), expr.CurrentRow()))).
			From(Users).Window("w", w), says{
			myd:  "SELECT rank() OVER w, sum(users.age) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM users WINDOW w AS (PARTITION BY users.active ORDER BY users.id)",
			orad: "SELECT rank() OVER (PARTITION BY users.active ORDER BY users.id), sum(users.age) OVER (PARTITION BY users.active ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM users"}},
		{"a named window with a frame", expr.Select(expr.Sum(Users.Age).Over(expr.WindowNamed("w"))).From(Users).Window("w", w.Rows(expr.UnboundedPreceding(), expr.CurrentRow())), says{
			myd:  "SELECT sum(users.age) OVER w FROM users WINDOW w AS (PARTITION BY users.active ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
			orad: "SELECT sum(users.age) OVER (PARTITION BY users.active ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM users"}},
		{"a window of values with its NULLs last", expr.Select(expr.Sum(Users.Age).Over(expr.Window{}.OrderBy(Users.ID.NullsLast()).Range(expr.UnboundedPreceding(), expr.FollowingBy(4)))).From(Users), says{
			pgd: "SELECT sum(users.age) OVER (ORDER BY users.id NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND 4 FOLLOWING) FROM users",
			myd: "! NULLS FIRST and NULLS LAST in a window whose frame is a distance in values"}},
		{"a window of values", expr.Select(expr.Sum(Users.Age).Over(expr.Window{}.OrderBy(Users.CreatedAt).Range(expr.PrecedingBy(90*time.Minute), expr.CurrentRow()).Exclude(expr.ExcludeTies))).From(Users), says{
			pgd: "SELECT sum(users.age) OVER (ORDER BY users.created_at RANGE BETWEEN INTERVAL '5400 seconds' PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM users",
			msd: "! RANGE of a window with a distance", lited: "! a distance in time", myd: "! EXCLUDE"}},
		{"an order of texts", expr.Select(expr.StringAgg(Users.Name, ", ").OrderedBy(Users.ID.Desc()), expr.Distinct(expr.Sum(Users.Age))).From(Users), says{
			pgd:  "SELECT string_agg(users.name, ', ' ORDER BY users.id DESC), sum(DISTINCT users.age) FROM users",
			myd:  "SELECT group_concat(users.name ORDER BY users.id DESC SEPARATOR ', '), sum(DISTINCT users.age) FROM users",
			msd:  "SELECT string_agg(users.name, ', ') WITHIN GROUP (ORDER BY users.id DESC), sum(DISTINCT users.age) FROM users",
			orad: "SELECT LISTAGG(users.name, ', ') WITHIN GROUP (ORDER BY users.id DESC), sum(DISTINCT users.age) FROM users"}},
		{"a percentile over a window", expr.Select(expr.PercentileCont(0.5).WithinGroup(Users.Age).Over(expr.PartitionBy(Users.Active))).From(Users), says{
			msd: "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY users.age) OVER (PARTITION BY users.active) FROM users",
			pgd: "! over a window", lited: "! percentile_cont WITHIN GROUP"}},
		{"subtotals", expr.Select(expr.Grouping(Users.Name, Users.Age)).From(Users).GroupBy(expr.GroupingSets([]expr.Any{Users.Name}, []expr.Any{expr.Cube(Users.Age)}, nil)), says{
			pgd: "SELECT GROUPING(users.name, users.age) FROM users GROUP BY GROUPING SETS((users.name), CUBE(users.age), ())",
			msd: "SELECT GROUPING_ID(users.name, users.age) FROM users GROUP BY GROUPING SETS((users.name), CUBE(users.age), ())",
			myd: "! GROUPING SETS", lited: "! GROUPING SETS"}},
		{"a rollup beside others", expr.Select(Users.Name).From(Users).GroupBy(Users.Name, expr.Rollup(Users.Age)), says{myd: "! ROLLUP beside"}},
		{"an ordered rollup", expr.Select(Users.Name).From(Users).GroupBy(expr.Rollup(Users.Name)).OrderBy(Users.Name), says{
			maria: "! ROLLUP with ORDER BY", myd: "SELECT users.name FROM users GROUP BY users.name WITH ROLLUP ORDER BY users.name"}},
		{"distinct recursion", expr.Select(expr.Columns(graph)...).From(graph).With(graph), says{
			pgd: "WITH RECURSIVE graph(id) AS (SELECT users.id FROM users UNION SELECT orders.id FROM orders JOIN graph ON graph.id = orders.user_id) SELECT graph.id FROM graph",
			msd: "! a recursive WITH of distinct rows", orad: "! a recursive WITH of distinct rows"}},
		{"hints", ids.Hint(ms.NoLock(Users), ms.MaxDOP(1), ms.Recompile(), my.ForceIndex(Users, "a", "b c"), my.Hint("MAX_EXECUTION_TIME(9)"), ora.Hint("FULL(users)"), lite.NotIndexed(Users)).ForUpdate(), says{
			pgd:   "SELECT users.id FROM users FOR UPDATE",
			myd:   "SELECT /*+ MAX_EXECUTION_TIME(9) */ users.id FROM users FORCE INDEX (a, `b c`) FOR UPDATE",
			lited: "SELECT users.id FROM users NOT INDEXED",
			msd:   "SELECT users.id FROM users WITH (UPDLOCK, ROWLOCK, NOLOCK) OPTION (MAXDOP 1, RECOMPILE)",
			orad:  "SELECT /*+ FULL(users) */ users.id FROM users FOR UPDATE"}},
		{"samples", expr.Select(u.ID).From(expr.Sample(u, 2.5).Pages().Seed(7)), says{
			pgd:  "SELECT u.id FROM users AS u TABLESAMPLE system($1) REPEATABLE ($2)",
			msd:  "SELECT u.id FROM users AS u TABLESAMPLE SYSTEM (2.5 PERCENT) REPEATABLE (7)",
			orad: "SELECT u.id FROM users SAMPLE BLOCK (2.5) SEED (7) u", myd: "! a sample of a table"}},
		{"what PostgreSQL alone has", ids.From(pg.Only(Orders)).Where(expr.Not(pg.BetweenSymmetric(Users.Age, 9, 1))), says{
			pgd: "SELECT users.id FROM users, ONLY orders WHERE NOT (users.age BETWEEN SYMMETRIC $1 AND $2)", myd: "! ONLY is not supported", orad: "! BETWEEN SYMMETRIC"}},
		{"an UPDATE of one table of several", expr.Update(pg.Only(Users)).Set(Users.Age.Set(1)).From(pg.Only(Orders)).Where(expr.Eq(Orders.UserID, Users.ID)), says{
			pgd: "UPDATE ONLY users SET age=$1 FROM ONLY orders WHERE orders.user_id = users.id", myd: "! ONLY is not supported", msd: "! name the table without it", orad: "! ONLY"}},
		{"a few rows of one table of several", expr.Delete(pg.Only(Users)).Where(Users.Age.Gt(1)).Limit(3), says{
			pgd: "DELETE FROM ONLY users WHERE users.id IN (SELECT users.id FROM ONLY users WHERE users.age > $1 LIMIT $2)", lited: "! ONLY"}},
		{"a MERGE into one table of several", expr.Merge(pg.Only(Users)).Using(Orders, expr.Eq(Orders.UserID, Users.ID)).WhenMatched().Delete(), says{
			pgd: "MERGE INTO ONLY users USING orders ON orders.user_id = users.id WHEN MATCHED THEN DELETE", msd: "! ONLY"}},
		{"words after SELECT", ids.Prefix(my.StraightJoin()), says{myd: "SELECT STRAIGHT_JOIN users.id FROM users", pgd: "! the prefix STRAIGHT_JOIN"}},
		{"a comment", expr.Delete(Hits).EveryRow().Comment("job 7"), says{pgd: "DELETE FROM page_hits /* job 7 */"}},
		{"texts without regard to case", expr.Select(expr.IRegexpReplace(Users.Name, "b", "c")).From(Users).Where(Users.Name.IRegexpMatch("^a"), expr.Not(expr.IRegexpMatch(Users.Name, Users.Email))), says{
			pgd:   "SELECT REGEXP_REPLACE(users.name, $1, $2, 'gi') FROM users WHERE users.name ~* $3 AND NOT users.name ~* users.email",
			myd:   "SELECT REGEXP_REPLACE(users.name, ?, ?, 1, 0, 'i') FROM users WHERE REGEXP_LIKE(users.name, ?, 'i') AND NOT REGEXP_LIKE(users.name, users.email, 'i')",
			maria: "SELECT REGEXP_REPLACE(users.name, CONCAT('(?i)', ?), ?) FROM users WHERE users.name REGEXP CONCAT('(?i)', ?) AND NOT users.name REGEXP CONCAT('(?i)', users.email)",
			lited: "SELECT regexp_replace(users.name, '(?i)' || ?, ?) FROM users WHERE users.name REGEXP '(?i)' || ? AND NOT users.name REGEXP '(?i)' || users.email",
			orad:  "SELECT REGEXP_REPLACE(users.name, :1, :2, 1, 0, 'i') FROM users WHERE REGEXP_LIKE(users.name, :3, 'i') AND NOT REGEXP_LIKE(users.name, users.email, 'i')",
			msd:   "! a regular expression without regard to case", mssql.Dialect(mssql.Version(17)): "SELECT REGEXP_REPLACE(users.name, @p1, @p2, 1, 0, 'i') FROM users WHERE REGEXP_LIKE(users.name, @p3, 'i') AND NOT REGEXP_LIKE(users.name, users.email, 'i')",
			mysql.Dialect(mysql.Version(5, 7)): "! the replacement of a regular expression"}},
		{"locks of keys", ids.ForKeyShare(expr.LockOf(Users)), says{pgd: "SELECT users.id FROM users FOR KEY SHARE OF users", myd: "! FOR KEY SHARE"}},
		{"locks that leave keys alone", ids.ForNoKeyUpdate(), says{pgd: "SELECT users.id FROM users FOR NO KEY UPDATE", lited: "! FOR NO KEY UPDATE", msd: "! use ForUpdate", orad: "! FOR NO KEY UPDATE"}},
	} {
		for d, want := range test.want {
			text, _, err := expr.SQL(test.stmt, d)
			if say, bad := strings.CutPrefix(want, "! "); bad {
				if !errors.Is(err, dialect.ErrUnsupported) || !strings.Contains(err.Error(), say) {
					t.Errorf("%s, %s:\n got %s %v\nwant an error that says %q", test.name, d.Name(), text, err, say)
				}
			} else if err != nil || text != want {
				t.Errorf("%s, %s:\n got %s %v\nwant %s", test.name, d.Name(), text, err, want)
			}
		}
	}
}

func TestBreadthMistakes(t *testing.T) {
	from := expr.Select(Users.ID).From(Users)
	age := expr.Param[int]("age")
	over := func(w expr.Window) dialect.Statement { return expr.Select(expr.Rank().Over(w)).From(Users) }
	values := func(rows ...[]any) dialect.Statement {
		v := expr.Values([]expr.ColumnDef{expr.Def[int64]("a")}, rows...).As("v")
		return expr.Select(expr.Columns(v)...).From(v)
	}
	for _, test := range []struct {
		name string
		stmt dialect.Statement
		want string
	}{
		{"rows of unlike width", from.Where(expr.Row(Users.ID, Users.Age).Eq(1)), "a row of 2 against one of 1"},
		{"a row of nothing", from.Where(expr.Row().In()), "a row of nothing"},
		{"nil in a row", from.Where(expr.Row(Users.ID, Users.Age).Gt(1, nil)), "value 2 of the row is nil"},
		{"a query of another width", from.Where(expr.Row(Users.ID, Users.Age).InQuery(from)), "the query has 1 columns, and 2 is due"},
		{"no value for a parameter", from.Where(expr.Gt(Users.Age, age)), "no value for parameter age"},
		{"a value of another type", expr.WithValues(from.Where(expr.Gt(Users.Age, age)), dialect.Named{"age": "7"}), "parameter age is a int, and its value a string"},
		{"a value too many", expr.WithValues(from, dialect.Named{"agee": 7}), "no such parameter"},
		{"a parameter of two types", expr.WithValues(from.Where(expr.Gt(Users.Age, age), expr.Eq(Users.ID, expr.Param[int64]("age"))), dialect.Named{"age": 7}), "of type int in one place and int64"},
		{"a list and a value", expr.WithValues(from.Where(expr.InParam(Users.Age, "age", 1), expr.Gt(Users.Age, age)), dialect.Named{"age": []int{7}}), "is a list in one place"},
		{"two values by themselves", from.Where(expr.Gt(Users.Age, expr.Param("a", 1)), expr.Lt(Users.Age, expr.Param("a", 2))), "different values in two places"},
		{"a parameter without a name", from.Where(expr.Gt(Users.Age, expr.Param[int](""))), "without a name"},
		{"values of no rows", values(), "VALUES of no rows"},
		{"values of unlike width", values([]any{1}, []any{1, 2}), "row 2 of VALUES has 2 values for 1 columns"},
		{"a window of no name", over(expr.WindowNamed("w")), `no window is called "w"`},
		{"an order twice", expr.Select(expr.Rank().Over(expr.WindowNamed("w").OrderBy(Users.ID))).From(Users).Window("w", expr.Window{}.OrderBy(Users.ID)), "has an order already"},
		{"a window of itself", expr.Select(expr.Rank().Over(expr.WindowNamed("w"))).From(Users).Window("w", expr.WindowNamed("w").OrderBy(Users.ID)), "made of itself"},
		{"distances in rows", over(expr.Window{}.OrderBy(Users.ID).Rows(expr.PrecedingBy(1), expr.CurrentRow())), "is for Range"},
		{"a distance below zero", over(expr.Window{}.OrderBy(Users.ID).Range(expr.PrecedingBy(-1), expr.CurrentRow())), "below zero"},
		{"a comment that ends", from.Comment("a */ DROP"), "would not stay within a comment"},
		{"a hint that ends", from.Hint(ora.Hint("*/ DROP")), "cannot stand in a hint"},
		{"a hint for another table", from.Hint(ms.NoLock(Orders)), "table orders is not in FROM"},
		{"zero hint", from.Hint(expr.Hint{}), "zero Hint"},
		{"a sample of a query", expr.Select(expr.Literal(1)).From(expr.Sample(from.As("q"), 10)), "which is not a table"},
		{"a sample that is written", expr.Delete(expr.Sample(Users, 10)).EveryRow(), "writes to the table itself, not to a sample of it"},
		{"a sample beyond all", expr.Select(Users.ID).From(expr.Sample(Users, 101)), "101 per cent"},
		{"no escape character", from.Where(Users.Name.LikeEscape("a", '%')), "cannot be an escape character"},
		{"no collation", from.OrderBy(expr.Collate(Users.Name, "")), "empty name"},
		{"odd pairs", from.Where(expr.FilterBy(Users, "id")), "a name and a value"},
		{"an unknown name", from.Where(expr.FilterBy(Users, "idd", 1)), "no column"},
		{"a percentile of two", expr.Select(expr.PercentileCont(2).WithinGroup(Users.Age)).From(Users), "not from 0 to 1"},
		{"no label", expr.Select(expr.CountAll()).From(Users).GroupBy(expr.Rollup()), "ROLLUP of nothing"},
		{"a CTE that writes, of nil", expr.Select(expr.Literal(1)).With(expr.WriteCTE("w", nil)), "nil statement"},
	} {
		for _, d := range dialects {
			text, _, err := expr.SQL(test.stmt, d)
			known := errors.Is(err, dialect.ErrUnsupported) && !strings.Contains(test.name, "distance") // refused first, as on databases without it
			if err == nil || !strings.Contains(err.Error(), test.want) && !known {
				t.Errorf("%s, %s: %s %v\nwant an error that says %q", test.name, d.Name(), text, err, test.want)
			}
		}
	}
}

// One value serves every place of a parameter with a name.
func TestWithValues(t *testing.T) {
	age := expr.Param[int]("age")
	q := expr.Select(Users.ID).From(Users).Where(expr.Gt(Users.Age, age), expr.Lt(Users.Age, expr.Add(age, expr.Value(10))), expr.InParam(Users.ID, "ids", 1))
	for d, want := range map[dialect.Dialect]string{
		postgres.Dialect(): "SELECT users.id FROM users WHERE users.age > $1 AND users.age < CAST($1 AS BIGINT) + $2 AND users.id IN ($3, $4)",
		sqlite.Dialect():   "SELECT users.id FROM users WHERE users.age > ? AND users.age < ? + ? AND users.id IN (?, ?)",
	} {
		text, args, err := expr.SQL(expr.WithValues(expr.WithValues(q, dialect.Named{"age": 1, "ids": []int64{}}), dialect.Named{"age": 33, "ids": []int64{7, 8}}), d)
		if err != nil || text != want || args[0] != 33 {
			t.Errorf("%s: %s %v %v", d.Name(), text, args, err)
		}
	}
}

// The same on live databases.
func TestLiveBreadth(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		if err := schema.NewMetadata(Orders, Users, Hits).CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		l.exec(expr.Insert(Users).Columns(Users.ID, Users.Name, Users.Email, Users.Age).Flat([]any{1, "ada", "a%a", 36, 2, "bob", nil, 17, 3, "cyd", "c", nil, 4, "a%b", "a%", 17}))
		ids := expr.Select(Users.ID).From(Users).OrderBy(Users.ID)
		want := func(name string, q dialect.Statement, rows ...string) {
			t.Helper()
			if got := l.all(q); strings.Join(got, "|") != strings.Join(rows, "|") {
				text, _, _ := expr.SQL(q, l.d)
				t.Errorf("%s: got %q, want %q\n%s", name, got, rows, text)
			}
		}
		want("rows", ids.Where(expr.RowOf2(Users.Age, Users.ID).Gt(17, 2)), "1", "4")
		want("rows in a list", ids.Where(expr.RowOf2(Users.Age, Users.ID).In(expr.Tuple2[int, int64]{A: 17, B: 2}, expr.Tuple2[int, int64]{A: 36, B: 1})), "1", "2")
		want("no rows", ids.Where(expr.Row(Users.Age, Users.ID).In()))
		want("rows in a query", ids.Where(expr.Row(Users.Age, Users.ID).InQuery(expr.Select(u.Age, u.ID).From(u).Where(u.Age.Gt(20)))), "1")
		want("any of", ids.Where(Users.ID.AnyOf([]int64{2, 3, 9})), "2", "3")
		want("none of", ids.Where(Users.Name.NoneOf([]string{"ada"})), "2", "3", "4")
		want("any of nothing", ids.Where(Users.ID.AnyOf(nil)))
		want("a wildcard that is none", ids.Where(expr.StartsWith(Users.Name, Users.Email)), "3", "4")
		want("truth", ids.Where(expr.IsTrue(Users.Active), expr.Not(expr.IsFalse(Users.Active))), "1", "2", "3", "4")
		want("always and never", ids.Where(expr.Or(expr.Never(), Users.ID.Eq(1)), expr.Always()), "1")
		want("a regular expression", ids.Where(expr.Not(Users.Name.RegexpMatch("^[ab]"))), "3")
		want("its replacement", expr.Select(expr.RegexpReplace(Users.Name, "[abd]", "x")).From(Users).OrderBy(Users.ID), "xxx", "xox", "cyx", "x%x")
		want("a regular expression without regard to case", ids.Where(Users.Name.IRegexpMatch("^(A|B)")), "1", "2", "4")
		want("what it does not match", ids.Where(expr.Not(expr.IRegexpMatch(Users.Name, expr.Value("^[AB]")))), "3")
		want("its replacement without regard to case", expr.Select(expr.IRegexpReplace(Users.Name, "[ABD]", "x")).From(Users).OrderBy(Users.ID), "xxx", "xox", "cyx", "x%x")
		want("a collation", expr.Select(Users.Name).From(Users).OrderBy(expr.Collate(Users.Name, "C")), "a%b", "ada", "bob", "cyd")
		min := expr.Param[int]("min")
		want("named parameters", expr.WithValues(ids.Where(expr.Gt(Users.Age, min), expr.Lt(Users.Age, expr.Add(min, expr.Value(10)))), dialect.Named{"min": 30}), "1")
		v := expr.Values([]expr.ColumnDef{expr.Def[int64]("id"), expr.Def[string]("label")}, []any{1, "one"}, []any{2, nil}, []any{3, "it's"})
		vt := v.As("v")
		id, label := expr.C[int64](vt, "id"), expr.C[string](vt, "label")
		want("values", expr.Select(id, label).From(vt).Where(id.Gt(1)).OrderBy(id), "2 NULL", "3 it's")
		cte := expr.CTE("c", v)
		want("values as a CTE", expr.Select(expr.C[int64](cte, "id").Add(1)).From(cte).Where(expr.C[int64](cte, "id").Lt(3)).OrderBy(expr.C[int64](cte, "id")).With(expr.Materialized(cte)), "2", "3")
		win := expr.Window{}.OrderBy(Users.ID)
		if f := l.d.Features(); f.FrameValues {
			want("a frame of values", expr.Select(expr.CountAll().Over(win.Range(expr.PrecedingBy(1), expr.FollowingBy(1)))).From(Users).OrderBy(Users.ID), "2", "3", "3", "2")
		}
		want("named windows", expr.Select(expr.Lag(Users.ID).Over(expr.WindowNamed("w")), expr.Sum(Users.ID).Over(expr.WindowNamed("w").Rows(expr.Preceding(1), expr.CurrentRow()))).
			From(Users).Window("w", win).OrderBy(Users.ID), "NULL 1", "1 3", "2 5", "3 7")
		want("texts in an order", expr.Select(expr.StringAgg(Users.Name, "-").OrderedBy(Users.ID.Desc()).Filter(Users.ID.Lt(4))).From(Users), "cyd-bob-ada")
		if l.d.Features().GroupSets != dialect.NoGroupSets {
			want("a rollup", expr.Select(expr.CountAll()).From(Users).Where(Users.Age.IsNotNull()).GroupBy(expr.Rollup(Users.Age)).Having(expr.CountAll().Gt(2)), "3")
		}
		want("a comment and locks", ids.Where(Users.ID.Eq(1)).ForUpdate(expr.LockOf(Users)).Comment("job ? :7"), "1")
		if l.d.Features().CTEWrites {
			gone := expr.WriteCTE("gone", expr.Delete(Users).Where(Users.ID.Eq(4)).Returning(Users.Name))
			want("a CTE that writes", expr.Select(expr.C[string](gone, "name")).From(gone).With(gone), "a%b")
			want("what it wrote", ids.Where(Users.ID.Gt(2)), "3")
		}
		old := expr.CTE("old", expr.Select(u.ID).From(u).Where(u.Age.Gt(30)))
		l.exec(expr.Update(Users).Set(Users.Age.Set(99)).Where(expr.In(Users.ID, expr.Select(expr.C[int64](old, "id")).From(old)).And(Users.ID.Gt(0))).With(old))
		want("an UPDATE with a CTE", ids.Where(Users.Age.Eq(99)), "1")
	})
}
