package expr_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

var (
	maria   = mysql.Dialect(mysql.MariaDB(10, 11))
	maria13 = mysql.Dialect(mysql.MariaDB(13, 0)) // with RETURNING of an UPDATE, and WITH before it
)

// Where databases differ most from each other.
func TestEdges(t *testing.T) {
	pg, my, lite, ms, ora := postgres.Dialect(), mysql.Dialect(), sqlite.Dialect(), mssql.Dialect(), oracle.Dialect()
	type says map[dialect.Dialect]string // "! …" for what an error says
	big := expr.CTE("big", expr.Select(Orders.UserID).From(Orders).Where(Orders.ID.Gt(5)))
	inBig := expr.Select(expr.C[int64](big, "user_id")).From(big).With(big)
	up := expr.Insert(Hits).Columns(Hits.Path, Hits.Hits).FromSelect(expr.Select(Users.Name, Users.Age).From(Users)).
		OnConflict(Hits.Path).DoUpdate(expr.Set(Hits.Hits, expr.Inserted(Hits.Hits)))
	news := schema.New("new", schema.BigInt("id").PrimaryKey(), schema.Integer("n"))
	twice := expr.Select(Users.ID, Orders.ID, expr.Count(Orders.UserID)).From(Users).Join(Orders, expr.Eq(Orders.UserID, Users.ID)).GroupBy(Users.ID, Orders.ID).As("d")
	latest := expr.Select(Orders.ID).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID)).OrderBy(Orders.ID.Desc()).Limit(1).As("latest")
	tests := []struct {
		name string
		stmt dialect.Statement
		want says
	}{
		{"upsert from a query names no row", up, says{
			my: "INSERT INTO page_hits (path, hits) SELECT users.name, users.age FROM users ON DUPLICATE KEY UPDATE hits = VALUES(hits)"}},
		{"upsert into a table called as the row", expr.Insert(news).Values(news.Col("id").Set(1), news.Col("n").Set(2)).
			OnConflict(news.Col("id")).DoUpdate(expr.Set(news.Col("n"), expr.Inserted(news.Col("n")))), says{
			my: "INSERT INTO new (id, n) VALUES (?, ?) ON DUPLICATE KEY UPDATE n = VALUES(n)"}},
		{"upsert with NULL in a row", expr.Insert(Hits).Values(Hits.Path.Set("/"), Hits.Hits.Set(1), Hits.LastSeen.SetNull()).OnConflict(Hits.Path).DoNothing(), says{
			ms: "MERGE INTO page_hits WITH (HOLDLOCK) USING (VALUES (@p1, @p2, CAST(NULL AS DATETIMEOFFSET))) AS excluded (path, hits, last_seen) ON page_hits.path = excluded.path WHEN NOT MATCHED THEN INSERT (path, hits, last_seen) VALUES (excluded.path, excluded.hits, excluded.last_seen);"}},
		{"upsert with DEFAULT in a row", expr.Insert(Hits).Values(Hits.Path.Set("/"), Hits.Hits.SetDefault()).OnConflict(Hits.Path).DoNothing(), says{
			ms: "! DEFAULT in the rows of an upsert or of a query is not supported", ora: "! DEFAULT in the rows of an upsert"}},
		{"upsert of defaults", expr.Insert(Users).DefaultValues().OnConflict().DoNothing(), says{
			pg: "INSERT INTO users DEFAULT VALUES ON CONFLICT DO NOTHING", lite: "! an upsert of defaults"}},
		{"upsert from a locked query", expr.Insert(Hits).Columns(Hits.Path).FromSelect(expr.Select(Users.Name).From(Users).ForUpdate()).OnConflict().DoNothing(), says{
			lite: "INSERT INTO page_hits (path) SELECT users.name FROM users WHERE 1 = 1 ON CONFLICT DO NOTHING",
			pg:   "INSERT INTO page_hits (path) SELECT users.name FROM users FOR UPDATE ON CONFLICT DO NOTHING"}},
		{"upsert from a query whose filter is absent", expr.Insert(Hits).Columns(Hits.Path).FromSelect(expr.Select(Users.Name).From(Users).Where(expr.When(false, Users.ID.Eq(1)))).OnConflict().DoNothing(), says{
			lite: "INSERT INTO page_hits (path) SELECT users.name FROM users WHERE 1 = 1 ON CONFLICT DO NOTHING"}},
		{"upsert from a nested set operation", expr.Insert(Hits).Columns(Hits.Path).FromSelect(expr.Union(expr.Select(Users.Name).From(Users),
			expr.Select(Users.Email).From(Users).Where(Users.ID.Eq(1)).OrderBy(Users.ID).Limit(1))).OnConflict().DoNothing(), says{
			lite: "INSERT INTO page_hits (path) SELECT users.name FROM users UNION SELECT * FROM (SELECT users.email AS email FROM users WHERE users.id = ? ORDER BY users.id LIMIT ?) WHERE 1 = 1 ON CONFLICT DO NOTHING",
			pg:   "INSERT INTO page_hits (path) SELECT users.name FROM users UNION (SELECT users.email FROM users WHERE users.id = $1 ORDER BY users.id LIMIT $2) ON CONFLICT DO NOTHING"}},

		{"WITH of an operand", expr.UnionAll(inBig, expr.Select(Users.ID).From(Users)), says{
			pg:   "(WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > $1) SELECT big.user_id FROM big) UNION ALL SELECT users.id FROM users",
			lite: "SELECT * FROM (WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > ?) SELECT big.user_id AS user_id FROM big) UNION ALL SELECT users.id FROM users",
			ms:   "WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > @p1) SELECT * FROM (SELECT big.user_id AS user_id FROM big) AS operand UNION ALL SELECT users.id FROM users",
			ora:  "SELECT * FROM (WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > :1) SELECT big.user_id AS user_id FROM big) operand UNION ALL SELECT users.id FROM users"}},
		{"WITH of a subquery, twice, beside one of the statement", func() dialect.Statement {
			names := expr.CTE("names", expr.Select(Users.ID).From(Users).Where(expr.In(Users.ID, inBig)))
			return expr.Select(expr.C[int64](names, "id")).From(names).Where(expr.In(expr.C[int64](names, "id"), inBig)).With(names)
		}(), says{
			ms: "WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > @p1), names AS (SELECT users.id AS id FROM users WHERE users.id IN (SELECT big.user_id FROM big)) SELECT names.id FROM names WHERE names.id IN (SELECT big.user_id FROM big)"}},
		{"WITH of the query of an INSERT", expr.Insert(Hits).Columns(Hits.Hits).FromSelect(inBig), says{
			ms:  "WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > @p1) INSERT INTO page_hits (hits) SELECT big.user_id FROM big",
			my:  "INSERT INTO page_hits (hits) WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > ?) SELECT big.user_id FROM big",
			ora: "INSERT INTO page_hits (hits) WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > :1) SELECT big.user_id FROM big"}},
		{"WITH of an INSERT", expr.Insert(Hits).Columns(Hits.Hits).FromSelect(expr.Select(expr.C[int64](big, "user_id")).From(big)).With(big), says{
			pg:    "WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > $1) INSERT INTO page_hits (hits) SELECT big.user_id FROM big",
			my:    "INSERT INTO page_hits (hits) WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > ?) SELECT big.user_id FROM big",
			maria: "INSERT INTO page_hits (hits) WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > ?) SELECT big.user_id FROM big",
			ora:   "INSERT INTO page_hits (hits) WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > :1) SELECT big.user_id FROM big"}},
		{"WITH of a DELETE", expr.Delete(Orders).Where(expr.In(Orders.UserID, expr.Select(expr.C[int64](big, "user_id")).From(big))).With(big), says{
			my:    "WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > ?) DELETE FROM orders WHERE orders.user_id IN (SELECT big.user_id FROM big)",
			maria: "DELETE FROM orders WHERE orders.user_id IN (WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > ?) SELECT big.user_id FROM big)",
			ora:   "DELETE FROM orders WHERE orders.user_id IN (WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > :1) SELECT big.user_id FROM big)"}},

		{"columns of one name, and of none", expr.Select(expr.Columns(twice)...).From(twice), says{
			ms: "SELECT d.id, d.id_1, d.column_3 FROM (SELECT users.id AS id, orders.id AS id_1, count(orders.user_id) AS column_3 FROM users JOIN orders ON orders.user_id = users.id GROUP BY users.id, orders.id) AS d"}},
		{"a join sees all that is before it", expr.Select(Users.ID).From(Users).Join(Orders, expr.Eq(Orders.UserID, Users.ID)).From(Hits), says{
			pg: "SELECT users.id FROM users CROSS JOIN page_hits JOIN orders ON orders.user_id = users.id"}},
		{"no rows from an offset on", expr.Select(Users.ID).From(Users).OrderBy(Users.ID).Offset(3).Limit(0), says{
			ms: "SELECT TOP 0 users.id FROM users ORDER BY users.id"}},
		{"an order without a cut, within", expr.Select(expr.CountAll()).From(expr.Union(expr.Select(Users.Name).From(Users), expr.Select(Hits.Path).From(Hits)).
			OrderBy(expr.Name[string]("name")).As("d")), says{
			ms: "SELECT count(*) FROM (SELECT users.name AS name FROM users UNION SELECT page_hits.path AS path FROM page_hits ORDER BY name OFFSET @p1 ROWS) AS d"}},
		{"FILTER of a function under another name", expr.Select(expr.Func[string]("string_agg", Users.Name, expr.Literal(",")).Filter(Users.ID.Gt(1)),
			expr.Func[bool]("bool_or", Users.Active).Filter(Users.ID.Gt(1))).From(Users), says{
			my: "SELECT group_concat(CASE WHEN users.id > ? THEN users.name END SEPARATOR ','), MAX(CASE WHEN users.id > ? THEN users.active END) FROM users"}},
		{"arguments that a function has no room for", expr.Select(expr.Func[int64]("strpos", Users.Name, Users.Email, Users.ID)).From(Users), says{
			ms: "! the function strpos takes 2 arguments here, not 3"}},
		{"window frames", expr.Select(expr.Sum(Users.Age).Over(expr.PartitionBy(Users.Active).OrderBy(Users.ID).Rows(expr.Preceding(2), expr.CurrentRow())),
			expr.CountAll().Over(expr.Window{}.OrderBy(Users.ID).Rows(expr.UnboundedPreceding(), expr.UnboundedFollowing())),
			expr.Max(Users.Age).Over(expr.Window{}.OrderBy(Users.Age).Range(expr.CurrentRow(), expr.UnboundedFollowing()))).From(Users), says{
			ms: "SELECT sum(users.age) OVER (PARTITION BY users.active ORDER BY users.id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), " +
				"count(*) OVER (ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), " +
				"max(users.age) OVER (ORDER BY users.age RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM users"}},
		{"window of groups", expr.Select(expr.CountAll().Over(expr.Window{}.OrderBy(Users.Age).Groups(expr.Preceding(1), expr.Following(1)))).From(Users), says{
			pg: "SELECT count(*) OVER (ORDER BY users.age GROUPS BETWEEN $1 PRECEDING AND $2 FOLLOWING) FROM users",
			my: "! GROUPS of a window is not supported", ms: "! GROUPS of a window"}},
		{"UPDATE with other tables", expr.Update(Users).Set(expr.Set(Users.Name, Orders.Status), Users.Age.Set(3)).From(Orders, i).
			Where(expr.Eq(Orders.UserID, Users.ID), expr.Eq(i.OrderID, Orders.ID)), says{
			pg:   "UPDATE users SET name=orders.status, age=$1 FROM orders, items AS i WHERE orders.user_id = users.id AND i.order_id = orders.id",
			lite: "UPDATE users SET name=orders.status, age=? FROM orders, items AS i WHERE orders.user_id = users.id AND i.order_id = orders.id",
			my:   "UPDATE users, orders, items AS i SET users.name=orders.status, users.age=? WHERE orders.user_id = users.id AND i.order_id = orders.id",
			ms:   "UPDATE users SET name=orders.status, age=@p1 FROM users, orders, items AS i WHERE orders.user_id = users.id AND i.order_id = orders.id",
			ora:  "UPDATE users SET name=orders.status, age=:1 FROM orders, items i WHERE orders.user_id = users.id AND i.order_id = orders.id",

			oracle.Dialect(oracle.Version(19, 0)): "MERGE INTO users USING (SELECT orders.status AS status, orders.user_id AS user_id FROM orders, items i WHERE i.order_id = orders.id) merge_source ON (merge_source.user_id = users.id) WHEN MATCHED THEN UPDATE SET name = merge_source.status, age = :1"}},
		{"UPDATE with other tables, returning", expr.Update(Users).Set(Users.Age.Set(3)).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID)).Returning(Users.ID), says{
			ms:    "UPDATE users SET age=@p1 OUTPUT inserted.id FROM users, orders WHERE orders.user_id = users.id",
			pg:    "UPDATE users SET age=$1 FROM orders WHERE orders.user_id = users.id RETURNING users.id",
			maria: "! RETURNING of an UPDATE is not supported", maria13: "! RETURNING of an UPDATE with From"}},
		{"UPDATE, returning", expr.Update(Users).Set(Users.Age.Set(3)).Where(Users.ID.Eq(1)).Returning(Users.ID), says{
			maria: "! RETURNING of an UPDATE is not supported", maria13: "UPDATE users SET age=? WHERE users.id = ? RETURNING users.id"}},
		{"UPDATE with a CTE", expr.Update(Users).Set(Users.Age.Set(3)).With(big).Where(expr.In(Users.ID, expr.Select(expr.C[int64](big, "user_id")).From(big))), says{
			maria:   "UPDATE users SET age=? WHERE users.id IN (WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > ?) SELECT big.user_id FROM big)",
			maria13: "WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id > ?) UPDATE users SET age=? WHERE users.id IN (SELECT big.user_id FROM big)"}},
		{"DELETE with other tables", expr.Delete(Orders).Using(Users, i).Where(expr.Eq(Orders.UserID, Users.ID), expr.Eq(i.OrderID, Orders.ID)), says{
			pg:   "DELETE FROM orders USING users, items AS i WHERE orders.user_id = users.id AND i.order_id = orders.id",
			my:   "DELETE FROM orders USING orders, users, items AS i WHERE orders.user_id = users.id AND i.order_id = orders.id",
			ms:   "DELETE FROM orders FROM orders, users, items AS i WHERE orders.user_id = users.id AND i.order_id = orders.id",
			lite: "DELETE FROM orders WHERE EXISTS (SELECT 1 FROM users, items AS i WHERE orders.user_id = users.id AND i.order_id = orders.id)",
			ora:  "DELETE FROM orders FROM users, items i WHERE orders.user_id = users.id AND i.order_id = orders.id"}},
		{"DELETE with other tables, returning", expr.Delete(Orders).Using(Users).Where(expr.Eq(Orders.UserID, Users.ID)).Returning(Orders.ID), says{
			pg: "DELETE FROM orders USING users WHERE orders.user_id = users.id RETURNING orders.id",
			ms: "DELETE FROM orders OUTPUT deleted.id FROM orders, users WHERE orders.user_id = users.id", maria: "! RETURNING of a DELETE with Using"}},
		{"lateral joins", expr.Select(Users.ID, expr.C[int64](latest, "id")).From(Users).LateralJoin(latest), says{
			pg:    "SELECT users.id, latest.id FROM users CROSS JOIN LATERAL (SELECT orders.id AS id FROM orders WHERE orders.user_id = users.id ORDER BY orders.id DESC LIMIT $1) AS latest",
			my:    "SELECT users.id, latest.id FROM users CROSS JOIN LATERAL (SELECT orders.id AS id FROM orders WHERE orders.user_id = users.id ORDER BY orders.id DESC LIMIT ?) AS latest",
			ms:    "SELECT users.id, latest.id FROM users CROSS APPLY (SELECT TOP 1 orders.id AS id FROM orders WHERE orders.user_id = users.id ORDER BY orders.id DESC) AS latest",
			ora:   "SELECT users.id, latest.id FROM users CROSS JOIN LATERAL (SELECT orders.id AS id FROM orders WHERE orders.user_id = users.id ORDER BY orders.id DESC FETCH FIRST 1 ROWS ONLY) latest",
			maria: "! a lateral join is not supported", lite: "! a lateral join is not supported"}},
		{"left lateral joins", expr.Select(Users.ID, expr.C[int64](latest, "id")).From(Users).LeftLateralJoin(latest), says{
			pg: "SELECT users.id, latest.id FROM users LEFT OUTER JOIN LATERAL (SELECT orders.id AS id FROM orders WHERE orders.user_id = users.id ORDER BY orders.id DESC LIMIT $1) AS latest ON 1 = 1",
			ms: "SELECT users.id, latest.id FROM users OUTER APPLY (SELECT TOP 1 orders.id AS id FROM orders WHERE orders.user_id = users.id ORDER BY orders.id DESC) AS latest"}},
		{"DISTINCT in an order of NULLs", expr.Select(Users.Name).From(Users).Distinct().OrderBy(Users.Name.Asc().NullsLast()), says{
			ms: "! NULLS FIRST and NULLS LAST in the ORDER BY of a SELECT DISTINCT",
			my: "SELECT DISTINCT users.name FROM users ORDER BY CASE WHEN users.name IS NULL THEN 1 ELSE 0 END, users.name ASC"}},
		{"minus a negative", expr.Select(expr.Neg(expr.Literal[int16](-5)), expr.Neg(expr.Literal[float32](-1.5)), expr.Neg(Users.Age)).From(Users), says{
			pg: "SELECT -(-5), -(-1.5), -users.age FROM users"}},
		{"cast with a collation", expr.Select(expr.Cast[string](Users.Name, dialect.Type{Kind: dialect.Varchar, Length: 5, Collation: "x; --"})).From(Users), says{
			pg: "! takes no collation", ms: "! takes no collation", lite: "! takes no collation"}},
		{"a native type is one type", expr.Select(expr.Cast[string](Users.Name, dialect.Type{Kind: dialect.Native, Name: "text), (select 1"})).From(Users), says{
			pg: "! text), (select 1", my: "! text), (select 1", ms: "! text), (select 1", ora: "! text), (select 1", lite: "! text), (select 1"}},
	}
	for _, test := range tests {
		for d, want := range test.want {
			text, _, err := expr.SQL(test.stmt, d)
			if say, bad := strings.CutPrefix(want, "! "); bad {
				if err == nil || !strings.Contains(err.Error(), say) {
					t.Errorf("%s, %s:\n got %s %v\nwant an error that says %q", test.name, d.Name(), text, err, say)
				}
			} else if err != nil || text != want {
				t.Errorf("%s, %s:\n got %s %v\nwant %s", test.name, d.Name(), text, err, want)
			}
		}
	}
}

// Mistakes that SQL would take in another sense, and pointers that are nil.
func TestHiddenMistakes(t *testing.T) {
	var (
		noColumn *schema.Col[int64]
		noQuery  *expr.SelectStmt
		noInsert *expr.InsertStmt
		noSet    *expr.SetStmt
	)
	from := expr.Select(Users.ID).From(Users)
	other := schema.As(Orders, "u")
	for _, test := range []struct {
		name string
		stmt dialect.Statement
		want string
	}{
		{"nil in a list", from.Where(dynUsers.Col("id").In(1, nil)), "an item is nil"},
		{"nil in NOT IN", expr.Select(expr.Literal(1)).From(dynUsers).Where(dynUsers.Col("id").NotIn(nil)), "an item is nil"},
		{"a table within hides one around it", expr.Select(u.ID).From(u).Where(expr.Exists(expr.Select(other.ID).From(other).Where(expr.Eq(other.UserID, u.ID)))),
			"another table called u, which hides it"},
		{"a CTE hides a table", func() dialect.Statement {
			c := expr.CTE("users", expr.Select(Orders.ID).From(Orders))
			return expr.Select(Users.ID, expr.C[int64](c, "id")).From(Users).CrossJoin(expr.As(c, "c")).With(c)
		}(), "hidden by a common table expression"},
		{"LockOf a table that is not there", from.ForUpdate(expr.LockOf(Orders)), "LockOf: table orders is not in FROM"},
		{"LockOf nil", from.ForUpdate(expr.LockOf(nil)), "LockOf: nil table"},
		{"lock options that exclude each other", from.ForUpdate(expr.NoWait(), expr.SkipLocked()), "exclude each other"},
		{"pointer to a column", expr.Select(noColumn).From(Users), "nil column"},
		{"pointer in a comparison", from.Where(expr.Eq(Users.ID, noColumn)), "nil operand"},
		{"pointer to order by", from.OrderBy(noColumn), "nil operand"},
		{"pointer in a window", expr.Select(expr.Rank().Over(expr.Window{}.OrderBy(noColumn))).From(Users), "nil operand"},
		{"pointer among the columns of an INSERT", expr.Insert(Users).Columns(noColumn).Flat([]any{1}), "zero column"},
		{"pointer to a query", from.Where(expr.In(Users.ID, noQuery)), "nil query"},
		{"pointer in a set operation", expr.Union(from, noSet), "nil query"},
		{"pointer as statement", noInsert, "nil statement"},
		{"frame that ends before it begins", expr.Select(expr.CountAll().Over(expr.Window{}.Rows(expr.Following(2), expr.Preceding(1)))).From(Users), "ends before it begins"},
		{"frame from the end", expr.Select(expr.CountAll().Over(expr.Window{}.Rows(expr.UnboundedFollowing(), expr.UnboundedFollowing()))).From(Users), "ends before it begins"},
		{"frame of a negative number", expr.Select(expr.CountAll().Over(expr.Window{}.Rows(expr.Preceding(-1), expr.CurrentRow()))).From(Users), "negative number of rows"},
		{"range in rows", expr.Select(expr.CountAll().Over(expr.Window{}.OrderBy(Users.ID).Range(expr.Preceding(1), expr.CurrentRow()))).From(Users), "RANGE: a bound is"},
		{"frame without an order", expr.Select(expr.CountAll().Over(expr.PartitionBy(Users.ID).Rows(expr.CurrentRow(), expr.CurrentRow()))).From(Users), "no OrderBy"},
		{"UPDATE of all, with other tables", expr.Update(Users).Set(expr.Set(Users.Name, Orders.Status)).From(Orders), "UPDATE without WHERE"},
		{"UPDATE of a table of From", expr.Update(Users).Set(Orders.Status.Set("x")).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID)), "orders.status is not one of users"},
		{"UPDATE from itself", expr.Update(Users).Set(Users.Age.Set(1)).From(Users).Where(Users.ID.Eq(1)), "stands twice"},
		{"DELETE with nil", expr.Delete(Users).Using(nil).Where(Users.ID.Eq(1)), "nil table"},
		{"lateral join of a table", expr.Select(Users.ID).From(Users).LateralJoin(expr.TableOf(Orders)), "it is not a query"},
		{"lateral join of nil", expr.Select(Users.ID).From(Users).LateralJoin(expr.Table{}), "nil table"},
		{"set operation in the order of another column", expr.Union(from, expr.Select(Orders.ID).From(Orders)).OrderBy(Users.Name), "the result has no column name"},
		{"no function", from.Where(expr.DeferCond(nil)), "no function"},
	} {
		for _, d := range dialects {
			text, _, err := expr.SQL(test.stmt, d)
			if err == nil || !strings.Contains(err.Error(), test.want) || !errors.Is(err, dialect.ErrStatement) {
				t.Errorf("%s, %s: %s %v\nwant an error that says %q", test.name, d.Name(), text, err, test.want)
			}
		}
	}
	if _, _, err := expr.SQL(from, nil); !errors.Is(err, dialect.ErrStatement) {
		t.Errorf("no dialect: %v", err)
	}
	if _, _, err := expr.SQL(nil, postgres.Dialect()); !errors.Is(err, dialect.ErrStatement) {
		t.Errorf("no statement: %v", err)
	}
}

// Columns that a join may leave out are marked, whatever came first in Go.
func TestOuterColumns(t *testing.T) {
	on := expr.Eq(Orders.UserID, Users.ID)
	cols := expr.Select(Users.ID, Orders.ID, Hits.Hits)
	perUser := expr.Select(Orders.ID).From(Orders).Where(on).As("per_user")
	inner := cols.From(Users).LeftJoin(Orders, on).CrossJoin(Hits).As("d")
	for _, test := range []struct {
		name string
		stmt dialect.Statement
		want string // o: outer, n: may be NULL
	}{
		{"left", cols.From(Users).LeftJoin(Orders, on).CrossJoin(Hits), ". on ."},
		{"right", cols.From(Users).RightJoin(Orders, on).CrossJoin(Hits), "on . ."},
		{"full", cols.From(Users).FullJoin(Orders, on).CrossJoin(Hits), "on on ."},
		{"right, From after it", cols.RightJoin(Orders, on).From(Users, Hits), "on . on"},
		{"all before a right join", cols.From(Users).CrossJoin(Hits).RightJoin(Orders, on), "on . on"},
		{"left lateral", expr.Select(Users.ID, expr.C[int64](perUser, "id")).From(Users).LeftLateralJoin(perUser), ". on"},
		{"lateral", expr.Select(Users.ID, expr.C[int64](perUser, "id")).From(Users).LateralJoin(perUser), ". ."},
		{"through a derived table", expr.Select(expr.Columns(inner)...).From(inner), ". n ."},
		{"through a set operation", func() dialect.Statement {
			d := expr.Union(expr.Select(Users.ID).From(Users), expr.Select(Users.Age).From(Users)).As("d")
			return expr.Select(expr.Columns(d)...).From(d)
		}(), "n"},
	} {
		c, err := dialect.Compile(postgres.Dialect(), test.stmt)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var marks []string
		for _, col := range c.Columns {
			mark := ""
			if col.Outer {
				mark += "o"
			}
			if col.Nullable == dialect.Yes {
				mark += "n"
			}
			if mark == "" {
				mark = "."
			}
			marks = append(marks, mark)
		}
		c.Release()
		if got := strings.Join(marks, " "); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// What the edges are about, on live databases.
func TestLiveEdges(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		if err := schema.NewMetadata(Orders, Users, Hits).CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		l.exec(expr.Insert(Users).Columns(Users.ID, Users.Name, Users.Age).Flat([]any{1, "ada", 36, 2, "bob", 17, 3, "cyd", nil}))
		l.exec(expr.Insert(Orders).Columns(Orders.ID, Orders.UserID, Orders.Status).Flat([]any{10, 1, "paid", 11, 1, "new", 12, 2, "paid"}))
		want := func(name string, q dialect.Statement, rows ...string) {
			t.Helper()
			if got := l.all(q); !slices.Equal(got, rows) {
				text, _, _ := expr.SQL(q, l.d)
				t.Errorf("%s: got %q, want %q\n%s", name, got, rows, text)
			}
		}
		paid := expr.CTE("paid", expr.Select(Orders.UserID).From(Orders).Where(Orders.Status.Eq("paid")))
		inPaid := expr.Select(expr.C[int64](paid, "user_id")).From(paid).With(paid)
		id := expr.Name[int64]("user_id")
		want("WITH of an operand", expr.UnionAll(inPaid, expr.Select(Users.ID).From(Users).Where(Users.ID.Eq(3))).OrderBy(id), "1", "2", "3")
		want("WITH of a subquery", expr.Select(Users.Name).From(Users).Where(expr.In(Users.ID, inPaid)).OrderBy(Users.ID), "ada", "bob")
		twice := expr.Select(Users.ID, Orders.ID, expr.Upper(Users.Name)).From(Users).Join(Orders, expr.Eq(Orders.UserID, Users.ID)).As("d")
		want("columns of one name, and of none", expr.Select(expr.Columns(twice)...).From(twice).OrderBy(expr.C[int64](twice, "id_1").Desc()).Limit(1), "2 12 BOB")
		want("a join sees all that is before it", expr.Select(Orders.ID, u.ID).From(Users).Join(Orders, expr.Eq(Orders.UserID, Users.ID)).From(u).
			Where(u.ID.Eq(3)).OrderBy(Orders.ID), "10 3", "11 3", "12 3")
		want("ordered operands", expr.UnionAll(
			expr.Select(Users.ID).From(Users).OrderBy(Users.ID.Desc()).Limit(1),
			expr.Select(Users.ID).From(Users).OrderBy(Users.ID).Limit(1)).OrderBy(expr.Name[int64]("id")), "1", "3")
		copyNames := expr.Insert(Hits).Columns(Hits.Path, Hits.Hits).FromSelect(expr.Select(Users.Name, expr.Coalesce(Users.Age, expr.Literal(0))).From(Users)).
			OnConflict(Hits.Path).DoUpdate(expr.Set(Hits.Hits, expr.Add(Hits.Hits, expr.Inserted(Hits.Hits))))
		l.exec(copyNames)
		l.exec(copyNames)
		want("upsert from a query", expr.Select(Hits.Path, Hits.Hits).From(Hits).OrderBy(Hits.Path), "ada 72", "bob 34", "cyd 0")
		h := expr.As(Hits, "h")
		l.exec(expr.Insert(Hits).Columns(Hits.Path, Hits.Hits).FromSelect(expr.Select(expr.C[string](h, "path"), expr.C[int](h, "hits")).From(h)).OnConflict(Hits.Path).DoNothing())
		want("nothing from a query", expr.Select(expr.CountAll()).From(Hits), "3")
		l.exec(expr.Insert(Hits).Columns(Hits.Path, Hits.Hits).FromSelect(expr.Union(expr.Select(Users.Name, Users.ID).From(Users),
			expr.Select(Users.Name, Users.ID).From(Users).OrderBy(Users.ID).Limit(1))).OnConflict(Hits.Path).DoNothing())
		l.exec(expr.Delete(Hits).EveryRow())
		l.exec(expr.Insert(Hits).Columns(Hits.Path, Hits.Hits).FromSelect(expr.Select(expr.Concat(expr.Literal("/"), Users.Name), Users.ID).From(Users).
			Where(expr.In(Users.ID, expr.Select(expr.C[int64](paid, "user_id")).From(paid)))).With(paid))
		want("WITH of an INSERT", expr.Select(Hits.Path).From(Hits).OrderBy(Hits.Path), "/ada", "/bob")
		del := expr.Delete(Hits).Where(expr.In(Hits.Hits, expr.Select(expr.Typed[int](expr.C[int64](paid, "user_id"))).From(paid))).With(paid)
		l.exec(del)
		want("WITH of a DELETE", expr.Select(expr.CountAll()).From(Hits), "0")
		l.exec(expr.Delete(Hits).EveryRow())
		flat := make([]any, 0, 2*20_000)
		for k := range 20_000 {
			flat = append(flat, strconv.Itoa(k), k)
		}
		ups := expr.Insert(Hits).Columns(Hits.Path, Hits.Hits).Flat(flat).OnConflict(Hits.Path).DoUpdate(expr.Set(Hits.Hits, Hits.Hits.Add(1)))
		for range 2 {
			if _, err := dialect.RunScript(t.Context(), l, ups.Batches(nil)); err != nil {
				t.Errorf("batches with a parameter beside the rows: %v", err)
			}
		}
		want("batches", expr.Select(expr.CountAll(), expr.Min(Hits.Hits)).From(Hits), "20000 1")
		l.exec(expr.Delete(Hits).EveryRow())
		want("DISTINCT in an order of NULLs", expr.Select(Users.Age).From(Users).Distinct().OrderBy(Users.Age.Desc().NullsFirst()), "NULL", "36", "17")
		want("minus a negative", expr.Select(expr.Neg(expr.Literal[int16](-5)), expr.Sub(expr.Literal(1), expr.Literal(-1))), "5 2")
		if l.d.Features().Lateral != dialect.NoLateral {
			last := expr.Select(Orders.ID).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID)).OrderBy(Orders.ID.Desc()).Limit(1).As("latest")
			want("lateral", expr.Select(Users.ID, expr.C[int64](last, "id")).From(Users).LateralJoin(last).OrderBy(Users.ID), "1 11", "2 12")
			want("left lateral", expr.Select(Users.ID, expr.C[int64](last, "id")).From(Users).LeftLateralJoin(last).OrderBy(Users.ID), "1 11", "2 12", "3 NULL")
		}
		want("window frames", expr.Select(expr.Sum(Users.ID).Over(expr.Window{}.OrderBy(Users.ID).Rows(expr.Preceding(1), expr.CurrentRow())),
			expr.CountAll().Over(expr.Window{}.OrderBy(Users.ID).Range(expr.UnboundedPreceding(), expr.CurrentRow()))).From(Users).OrderBy(Users.ID), "1 1", "3 2", "5 3")
		l.exec(expr.Update(Users).Set(expr.Set(Users.Name, expr.Concat(Users.Name, o.Status))).From(o).Where(expr.Eq(o.UserID, Users.ID), o.Status.Eq("new")))
		want("UPDATE with another table", expr.Select(Users.Name).From(Users).OrderBy(Users.ID), "adanew", "bob", "cyd")
		del = expr.Delete(Orders).Using(Users).Where(expr.Eq(Orders.UserID, Users.ID), Users.Name.Eq("bob"))
		if f := l.d.Features(); f.DeleteUsing || f.DeleteFrom {
			l.exec(del)
			want("DELETE with another table", expr.Select(Orders.ID).From(Orders).OrderBy(Orders.ID), "10", "11")
		}
		want("FILTER", expr.Select(expr.Func[string]("string_agg", Users.Name, expr.Literal(",")).Filter(Users.ID.Gt(2))).From(Users), "cyd")
	})
}
