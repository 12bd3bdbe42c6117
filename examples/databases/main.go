// Command databases prints one statement as each of the five databases gets
// it, with no database at hand, and what a database refuses.
package main

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

type pages struct {
	schema.Table `db:"pages"`
	Path         schema.Col[string] `db:",pk,size:200"`
	Hits         schema.Col[int64]
	Title        schema.Col[string] `db:",null"`
}

var (
	// Pages is the table.
	Pages = schema.Define[pages]()
	// Other is the same table under an alias.
	Other = schema.As(Pages, "other")
)

func main() {
	statements := []struct {
		what string
		stmt dialect.Statement
	}{
		{"page", expr.Select(Pages.Path, Pages.Title).From(Pages).
			Where(Pages.Title.IContains("go")).OrderBy(Pages.Title.Asc().NullsLast()).Limit(10).Offset(20)},
		{"upsert", expr.Insert(Pages).Values(Pages.Path.Set("/"), Pages.Hits.Set(1)).
			OnConflict(Pages.Path).DoUpdate(expr.Set(Pages.Hits, Pages.Hits.Add(1)))},
		{"delete", expr.Delete(Pages).Where(Pages.Hits.Lt(3)).Returning(Pages.Path)},
		{"join", expr.Select(Pages.Path).From(Pages).FullJoin(Other, expr.Eq(Pages.Title, Other.Title))},
	}
	for _, s := range statements {
		fmt.Println(s.what)
		for _, d := range []dialect.Dialect{postgres.Dialect(), mysql.Dialect(), sqlite.Dialect(), mssql.Dialect(), oracle.Dialect()} {
			text, args, err := expr.SQL(s.stmt, d)
			if err != nil {
				fmt.Printf("  %-9s refused: %v\n", d.Name(), err)
				continue
			}
			fmt.Printf("  %-9s %s %v\n", d.Name(), text, args)
		}
	}
}
