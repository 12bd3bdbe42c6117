package expr_test

import (
	"fmt"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// One value, five databases.
func Example() {
	stmt := expr.Select(Users.ID, Users.Name).
		From(Users).
		Where(Users.Age.Ge(18)).
		OrderBy(Users.Email.Asc().NullsLast()).
		Limit(10)
	for _, d := range []dialect.Dialect{postgres.Dialect(), mysql.Dialect(), sqlite.Dialect(), mssql.Dialect(), oracle.Dialect()} {
		text, _, err := expr.SQL(stmt, d)
		if err != nil {
			fmt.Println(err)
		}
		fmt.Println(text)
	}
	// Output:
	// SELECT users.id, users.name FROM users WHERE users.age >= $1 ORDER BY users.email ASC NULLS LAST LIMIT $2
	// SELECT users.id, users.name FROM users WHERE users.age >= ? ORDER BY CASE WHEN users.email IS NULL THEN 1 ELSE 0 END, users.email ASC LIMIT ?
	// SELECT users.id, users.name FROM users WHERE users.age >= ? ORDER BY users.email ASC NULLS LAST LIMIT ?
	// SELECT TOP 10 users.id, users.name FROM users WHERE users.age >= @p1 ORDER BY CASE WHEN users.email IS NULL THEN 1 ELSE 0 END, users.email ASC
	// SELECT users.id, users.name FROM users WHERE users.age >= :1 ORDER BY users.email ASC NULLS LAST FETCH FIRST 10 ROWS ONLY
}

// A base query is a value: it is extended in different ways and stays what it
// is.
func Example_base() {
	active := expr.Select(Users.ID).From(Users).Where(expr.True(Users.Active))
	adults := active.Where(Users.Age.Ge(18))
	newest := active.OrderBy(Users.CreatedAt.Desc()).Limit(3)
	for _, q := range []expr.SelectStmt{active, adults, newest} {
		text, args, _ := expr.SQL(q, postgres.Dialect())
		fmt.Println(text, args)
	}
	// Output:
	// SELECT users.id FROM users WHERE users.active []
	// SELECT users.id FROM users WHERE users.active AND users.age >= $1 [18]
	// SELECT users.id FROM users WHERE users.active ORDER BY users.created_at DESC LIMIT $1 [3]
}

// Optional filters.
func ExampleWhen() {
	search := func(name string, minAge int) expr.SelectStmt {
		return expr.Select(Users.ID).From(Users).Where(
			expr.When(name != "", Users.Name.Contains(name)),
			expr.When(minAge > 0, Users.Age.Ge(minAge)))
	}
	for _, q := range []expr.SelectStmt{search("", 0), search("ad", 0), search("ad", 18)} {
		text, args, _ := expr.SQL(q, sqlite.Dialect())
		fmt.Println(text, args)
	}
	// Output:
	// SELECT users.id FROM users []
	// SELECT users.id FROM users WHERE (users.name LIKE '%' || ? || '%') [ad]
	// SELECT users.id FROM users WHERE (users.name LIKE '%' || ? || '%') AND users.age >= ? [ad 18]
}

// A counter that is inserted or incremented.
func ExampleInsertStmt_OnConflict() {
	stmt := expr.Insert(Hits).
		Values(Hits.Path.Set("/home"), Hits.Hits.Set(1)).
		OnConflict(Hits.Path).
		DoUpdate(expr.Set(Hits.Hits, expr.Add(Hits.Hits, expr.Inserted(Hits.Hits))))
	for _, d := range []dialect.Dialect{postgres.Dialect(), mysql.Dialect()} {
		text, args, _ := expr.SQL(stmt, d)
		fmt.Println(text, args)
	}
	// Output:
	// INSERT INTO page_hits (path, hits) VALUES ($1, $2) ON CONFLICT (path) DO UPDATE SET hits = (page_hits.hits + excluded.hits) [/home 1]
	// INSERT INTO page_hits (path, hits) VALUES (?, ?) AS new ON DUPLICATE KEY UPDATE hits = (page_hits.hits + new.hits) [/home 1]
}

// Mistakes travel with the statement and are reported together.
func Example_mistakes() {
	stmt := expr.Select(Users.ID, Orders.Status).
		From(Users).
		Where(expr.Cond{}, Users.ID.StartsWith("7")).
		Limit(-1)
	_, _, err := expr.SQL(stmt, postgres.Dialect())
	fmt.Println(err)
	_, _, err = expr.SQL(expr.Delete(Users), postgres.Dialect())
	fmt.Println(err)
	_, _, err = expr.SQL(expr.Select(Users.ID).From(Users).FullJoin(Orders, expr.Eq(Orders.UserID, Users.ID)), mysql.Dialect())
	fmt.Println(err)
	// Output:
	// expr: LIMIT: negative limit -1
	// expr: SELECT: column orders.status: table orders is not in FROM or a join
	// expr: WHERE: zero Cond; an optional filter is expr.When(ok, cond)
	// expr: WHERE: StartsWith: users.id is not text, but int64
	// expr: DELETE without WHERE; say EveryRow where every row is meant
	// FULL JOIN is not supported by mysql 8.4; use the union of a left join and of those rows of a right join that have no match
}

// A table that is known at run time only.
func ExampleC() {
	things := schema.New("things", schema.BigInt("id").PrimaryKey(), schema.Varchar("name", 50))
	id := schema.C[int64](things, "id")
	text, args, _ := expr.SQL(expr.Select(id, things.Col("name")).From(things).Where(id.Gt(5), things.Col("name").Eq("x")), postgres.Dialect())
	fmt.Println(text, args)
	_, _, err := expr.SQL(expr.Select(things.Col("nmae")).From(things), postgres.Dialect())
	fmt.Println(err)
	// Output:
	// SELECT things.id, things.name FROM things WHERE things.id > $1 AND things.name = $2 [5 x]
	// expr: SELECT: table things has no column "nmae" (did you mean "name"?)
}
