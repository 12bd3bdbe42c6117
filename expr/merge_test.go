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
	"github.com/sqlayer-go/sqlayer/expr/ora"
)

// Merge, and the words after a verb.
func TestMergeAndPrefixes(t *testing.T) {
	pg, ms, ora19 := postgres.Dialect(postgres.Version(15)), mssql.Dialect(), oracle.Dialect(oracle.Version(19))
	merge := expr.Merge(Hits).Using(Users, expr.Eq(Hits.Path, Users.Name))
	add := merge.WhenMatched(Users.Age.Gt(5)).Update(expr.Set(Hits.Hits, Users.Age)).
		WhenNotMatched().Insert(expr.Set(Hits.Path, Users.Name), Hits.Hits.Set(1))
	update := merge.WhenMatched(Users.Age.Gt(5)).Update(expr.Set(Hits.Hits, Users.Age)).WhenNotMatched().Insert(expr.Set(Hits.Path, Users.Name))
	gone := ora.DeleteWhere(Hits.Hits.Lt(1), expr.Or(Users.Age.Gt(90), Users.Age.IsNull()))
	ignore := expr.Insert(Hits).Values(Hits.Path.Set("/"), Hits.Hits.Set(1)).Prefix(my.Ignore())
	for _, test := range []struct {
		name string
		d    dialect.Dialect
		stmt dialect.Statement
		want string // "! …" for what an error says
	}{
		{"merge", pg, add, "MERGE INTO page_hits USING users ON page_hits.path = users.name WHEN MATCHED AND users.age > $1 THEN UPDATE SET hits = users.age WHEN NOT MATCHED THEN INSERT (path, hits) VALUES (users.name, $2)"},
		{"merge", ms, add, "MERGE INTO page_hits USING users ON page_hits.path = users.name WHEN MATCHED AND users.age > @p1 THEN UPDATE SET hits = users.age WHEN NOT MATCHED THEN INSERT (path, hits) VALUES (users.name, @p2);"},
		{"merge", ora19, add, "MERGE INTO page_hits USING users ON (page_hits.path = users.name) WHEN MATCHED THEN UPDATE SET hits = users.age WHERE users.age > :1 WHEN NOT MATCHED THEN INSERT (path, hits) VALUES (users.name, :2)"},
		{"merge", mysql.Dialect(), add, "! MERGE is not supported"},
		{"merge", sqlite.Dialect(), add, "! MERGE is not supported"},
		{"by source", ms, merge.WhenNotMatchedBySource().Delete(), "MERGE INTO page_hits USING users ON page_hits.path = users.name WHEN NOT MATCHED BY SOURCE THEN DELETE;"},
		{"by source", pg, merge.WhenNotMatchedBySource().Delete(), "! WHEN NOT MATCHED BY SOURCE is not supported"},
		{"delete", ora19, merge.WhenMatched().Delete(), "MERGE INTO page_hits USING users ON (page_hits.path = users.name) WHEN MATCHED THEN UPDATE SET hits = page_hits.hits DELETE WHERE 1 = 1"},
		{"delete some", ora19, merge.WhenMatched(Users.Age.Lt(5)).Delete(), "MERGE INTO page_hits USING users ON (page_hits.path = users.name) WHEN MATCHED THEN UPDATE SET hits = page_hits.hits WHERE users.age < :1 DELETE WHERE 1 = 1"},
		{"delete, or update", ora19, merge.WhenMatched(Users.Age.Eq(0)).Delete().WhenMatched().Update(expr.Set(Hits.Hits, Users.Age)).WhenNotMatched().Insert(expr.Set(Hits.Path, Users.Name)),
			"MERGE INTO page_hits USING users ON (page_hits.path = users.name) WHEN MATCHED THEN UPDATE SET hits = CASE WHEN (users.age = :1) THEN page_hits.hits ELSE users.age END DELETE WHERE users.age = :2 WHEN NOT MATCHED THEN INSERT (path) VALUES (users.name)"},
		{"delete some, or update some", ora19, merge.WhenMatched(Users.Age.Eq(0)).Delete().WhenMatched(Hits.Hits.Lt(9)).Update(Hits.Hits.Set(7)),
			"MERGE INTO page_hits USING users ON (page_hits.path = users.name) WHEN MATCHED THEN UPDATE SET hits = CASE WHEN (users.age = :1) THEN page_hits.hits ELSE :2 END WHERE users.age = :3 OR page_hits.hits < :4 DELETE WHERE users.age = :5"},
		{"update, or delete", ora19, merge.WhenMatched(Users.Age.Gt(5)).Update(Hits.Hits.Set(7)).WhenMatched().Delete(),
			"MERGE INTO page_hits USING users ON (page_hits.path = users.name) WHEN MATCHED THEN UPDATE SET hits = CASE WHEN (users.age > :1) THEN :2 ELSE page_hits.hits END DELETE WHERE CASE WHEN (users.age > :3) THEN 0 ELSE 1 END = 1"},
		{"update some, or delete some", ora19, merge.WhenMatched(Users.Age.Gt(5)).Update(Hits.Hits.Set(7)).WhenMatched(Users.Age.Lt(2)).Delete().WhenMatched().DoNothing(),
			"MERGE INTO page_hits USING users ON (page_hits.path = users.name) WHEN MATCHED THEN UPDATE SET hits = CASE WHEN (users.age > :1) THEN :2 ELSE page_hits.hits END WHERE users.age > :3 OR users.age < :4 DELETE WHERE users.age < :5 AND CASE WHEN (users.age > :6) THEN 0 ELSE 1 END = 1"},
		{"delete by what is set", ora19, merge.WhenMatched(Hits.Hits.Gt(5)).Delete().WhenMatched().Update(Hits.Hits.Set(7)), "! by the column page_hits.hits, which the MERGE sets"},
		{"delete, or a default", ora19, merge.WhenMatched(Users.Age.Gt(5)).Delete().WhenMatched().Update(Hits.Hits.SetDefault()), "! DEFAULT in a MERGE with a DELETE"},
		{"two deletes", ora19, merge.WhenMatched(Users.Age.Gt(5)).Delete().WhenMatched(Users.Age.Lt(2)).Delete(), "! so many clauses WHEN MATCHED"},
		{"delete by every column", ora19, expr.Merge(Hits).Using(Users, expr.Eq(Hits.Path, Users.Name), expr.Eq(Hits.Hits, Users.Age), expr.Eq(Hits.LastSeen, Users.CreatedAt)).WhenMatched().Delete(), "! names every column of the table in ON"},
		{"delete by source", ora19, merge.WhenNotMatchedBySource().Delete(), "! WHEN NOT MATCHED BY SOURCE is not supported"},
		{"no clause", pg, merge, "! no WHEN clause"},
		{"no condition", pg, expr.Merge(Hits).Using(Users).WhenMatched().Delete(), "! MERGE without a condition"},
		{"no source", pg, expr.Merge(Hits).WhenMatched().Delete(), "! MERGE without a source"},
		{"never reached", pg, merge.WhenMatched().Delete().WhenMatched().DoNothing(), "! clause 2 is never reached"},
		{"nothing assigned", pg, merge.WhenMatched().Update(), "! nothing is assigned"},
		{"the target in an insert", pg, merge.WhenNotMatched().Insert(expr.Set(Hits.Path, Hits.Path)), "! table page_hits is not in FROM"},
		{"a column of ON is set", ora19, merge.WhenMatched().Update(expr.Set(Hits.Path, Users.Name)), "! page_hits.path, which ON names"},
		{"delete of what was updated", ora19, update.Clause(gone),
			"MERGE INTO page_hits USING users ON (page_hits.path = users.name) WHEN MATCHED THEN UPDATE SET hits = users.age WHERE users.age > :1 DELETE WHERE page_hits.hits < :2 AND (users.age > :3 OR users.age IS NULL) WHEN NOT MATCHED THEN INSERT (path) VALUES (users.name)"},
		{"delete of what was updated", pg, update.Clause(gone), "! DELETE WHERE is not supported by postgres 15.0; use WhenMatched with the condition and Delete"},
		{"delete of what was updated", ms, update.Clause(gone), "! DELETE WHERE is not supported"},
		{"delete of what was updated", mysql.Dialect(), update.Clause(gone), "! DELETE WHERE is not supported"},
		{"delete of no update", ora19, merge.WhenNotMatched().Insert(expr.Set(Hits.Path, Users.Name)).Clause(gone), "! DELETE WHERE: it goes with WhenMatched().Update(…), and there is none"},
		{"delete twice", ora19, update.Clause(gone, gone), "! DELETE WHERE twice"},
		{"delete in both ways", ora19, merge.WhenMatched(Users.Age.Gt(5)).Delete().WhenMatched().Update(Hits.Hits.Set(7)).Clause(gone), "! DELETE WHERE: it stands beside WhenMatched().Delete(); give one of the two"},
		{"delete of what", ora19, update.Clause(ora.DeleteWhere()), "! DELETE WHERE: AND of no conditions"},
		{"delete by a stranger", ora19, update.Clause(ora.DeleteWhere(Orders.Status.Eq("x"))), "! DELETE WHERE: column orders.status: table orders is not in FROM"},
		{"delete by a stranger, and no source", ora19, expr.Merge(Hits).Clause(ora.DeleteWhere(Orders.Status.Eq("x"))), "! DELETE WHERE: column orders.status: table orders is not in FROM"},
		{"a zero clause", ora19, update.Clause(expr.Clause{}), "! zero Clause"},
		{"a clause of a SELECT", ora19, update.Clause(ora.ConnectBy(Users.Age.IsNull(), Users.Age.Gt(5))), "! CONNECT BY: a clause of a SELECT stands in a MERGE"},
		{"a clause of a MERGE", ora19, expr.Select(Hits.Path).From(Hits).Clause(ora.DeleteWhere(Hits.Hits.Lt(1))), "! DELETE WHERE: a clause of a MERGE stands in a SELECT"},
		{"a comment", pg, merge.WhenMatched().Delete().Comment("nightly"), "MERGE INTO page_hits USING users ON page_hits.path = users.name WHEN MATCHED THEN DELETE /* nightly */"},
		{"a comment", ms, merge.WhenMatched().Delete().Comment("nightly"), "MERGE INTO page_hits USING users ON page_hits.path = users.name WHEN MATCHED THEN DELETE /* nightly */;"},
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
