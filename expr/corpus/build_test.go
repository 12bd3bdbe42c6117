package corpus

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
)

// target is a database that statements are built for.
type target struct {
	name string // as the corpus calls it: postgresql, mysql, sqlite, mssql, oracle; and mariadb
	d    dialect.Dialect
}

// targets are the five dialects, in the versions that the corpus is for, and
// MariaDB.
var targets = []target{
	{"postgresql", postgres.Dialect(postgres.Version(15))},
	{"mysql", mysql.Dialect(mysql.Version(8, 0))},
	{"sqlite", sqlite.Dialect(sqlite.Version(3, 40))},
	{"mssql", mssql.Dialect(mssql.Version(16))},
	{"oracle", oracle.Dialect(oracle.Version(19))},
	{"mariadb", mysql.Dialect(mysql.MariaDB(10, 11), mysql.DatabaseCharset("utf8mb4"))},
}

// is reports whether on is one of the databases named. MariaDB is mysql too.
func (on target) is(names ...string) bool {
	for _, n := range names {
		if n == on.name || n == "mysql" && on.name == "mariadb" {
			return true
		}
	}
	return false
}

// builder builds the statements of a case for a database. There are several
// in DDL only.
type builder func(on target) ([]dialect.Statement, error)

// cases are the builders of a category, by name and number.
type cases map[string]builder

// same is a case that is built alike for every database.
func same(stmts ...dialect.Statement) builder {
	return func(target) ([]dialect.Statement, error) { return stmts, nil }
}

// by is a case whose statement differs by database, or that is costly to
// build.
func by(f func(on target) dialect.Statement) builder {
	return func(on target) ([]dialect.Statement, error) { return []dialect.Statement{f(on)}, nil }
}

// builders has all builders, by category.
var builders = map[string]cases{
	"select":   selectCases,
	"where":    whereCases,
	"expr":     exprCases,
	"agg":      aggCases,
	"order":    orderCases,
	"join":     joinCases,
	"subquery": subqueryCases,
	"cte":      cteCases,
	"setop":    setopCases,
	"window":   windowCases,
	"values":   valuesCases,
	"tuple":    tupleCases,
	"insert":   insertCases,
	"upsert":   upsertCases,
	"update":   updateCases,
	"delete":   deleteCases,
	"lock":     lockCases,
	"text":     textCases,
	"json":     jsonCases,
	"array":    arrayCases,
	"quote":    quoteCases,
	"hint":     hintCases,
	"ddl":      ddlCases,
}
