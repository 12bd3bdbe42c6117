package expr_test

import (
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/my"
)

// Merge, and the words after a verb.
func TestMergeAndPrefixes(t *testing.T) {
	pg, ms, ora := postgres.Dialect(postgres.Version(15)), mssql.Dialect(), oracle.Dialect(oracle.Version(19))
	merge := expr.Merge(Hits).Using(Users, expr.Eq(Hits.Path, Users.Name))
	add := merge.WhenMatched(Users.Age.Gt(5)).Update(expr.Set(Hits.Hits, Users.Age)).
		WhenNotMatched().Insert(expr.Set(Hits.Path, Users.Name), Hits.Hits.Set(1))
	ignore := expr.Insert(Hits).Values(Hits.Path.Set("/"), Hits.Hits.Set(1)).Prefix(my.Ignore())
	for _, test := range []struct {
		name string
		d    dialect.Dialect
		stmt dialect.Statement
		want string // "! …" for what an error says
	}{
		{"merge", pg, add, "MERGE INTO page_hits USING users ON page_hits.path = users.name WHEN MATCHED AND users.age > $1 THEN UPDATE SET hits = users.age WHEN NOT MATCHED THEN INSERT (path, hits) VALUES (users.name, $2)"},
		{"merge", ms, add, "MERGE INTO page_hits USING users ON page_hits.path = users.name WHEN MATCHED AND users.age > @p1 THEN UPDATE SET hits = users.age WHEN NOT MATCHED THEN INSERT (path, hits) VALUES (users.name, @p2);"},
		{"merge", ora, add, "MERGE INTO page_hits USING users ON (page_hits.path = users.name) WHEN MATCHED THEN UPDATE SET hits = users.age WHERE users.age > :1 WHEN NOT MATCHED THEN INSERT (path, hits) VALUES (users.name, :2)"},
		{"merge", mysql.Dialect(), add, "! MERGE is not supported"},
		{"merge", sqlite.Dialect(), add, "! MERGE is not supported"},
		{"by source", ms, merge.WhenNotMatchedBySource().Delete(), "MERGE INTO page_hits USING users ON page_hits.path = users.name WHEN NOT MATCHED BY SOURCE THEN DELETE;"},
		{"by source", pg, merge.WhenNotMatchedBySource().Delete(), "! WHEN NOT MATCHED BY SOURCE is not supported"},
		{"delete", ora, merge.WhenMatched().Delete(), "! DELETE in a MERGE is not supported"},
		{"no clause", pg, merge, "! no WHEN clause"},
		{"no condition", pg, expr.Merge(Hits).Using(Users).WhenMatched().Delete(), "! MERGE without a condition"},
		{"no source", pg, expr.Merge(Hits).WhenMatched().Delete(), "! MERGE without a source"},
		{"never reached", pg, merge.WhenMatched().Delete().WhenMatched().DoNothing(), "! clause 2 is never reached"},
		{"nothing assigned", pg, merge.WhenMatched().Update(), "! nothing is assigned"},
		{"the target in an insert", pg, merge.WhenNotMatched().Insert(expr.Set(Hits.Path, Hits.Path)), "! table page_hits is not in FROM"},
		{"a column of ON is set", ora, merge.WhenMatched().Update(expr.Set(Hits.Path, Users.Name)), "! page_hits.path, which ON names"},
		{"prefix", mysql.Dialect(), ignore, "INSERT IGNORE INTO page_hits (path, hits) VALUES (?, ?)"},
		{"prefix", pg, ignore, "! the prefix IGNORE is not supported"},
		{"zero prefix", pg, expr.Delete(Hits).Prefix(expr.Prefix{}).EveryRow(), "! zero Prefix"},
	} {
		text, _, err := expr.SQL(test.stmt, test.d)
		if say, bad := strings.CutPrefix(test.want, "! "); bad {
			if err == nil || !strings.Contains(err.Error(), say) {
				t.Errorf("%s, %s: %s %v, want an error that says %q", test.name, test.d.Name(), text, err, say)
			}
		} else if err != nil || text != test.want {
			t.Errorf("%s, %s:\n got %s %v\nwant %s", test.name, test.d.Name(), text, err, test.want)
		}
	}
}
