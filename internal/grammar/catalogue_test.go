package grammar

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
)

// versions are the dialects that a judge stands for.
var versions = map[string][]dialect.Dialect{
	"postgres": {postgres.Dialect(), postgres.Dialect(postgres.Version(14))},
	"mysql":    {mysql.Dialect(mysql.Version(8, 4)), mysql.Dialect(mysql.Version(8, 0))},
	"mssql":    {mssql.Dialect(), mssql.Dialect(mssql.Version(13))},
	"oracle":   {oracle.Dialect(oracle.Version(23))},
	"oracle19": {oracle.Dialect(oracle.Version(19))},
}

// empty are no rows.
type empty struct{}

func (empty) Columns() []dialect.Column { return nil }
func (empty) Next() bool                { return false }
func (empty) ScanRow([]any) error       { return nil }
func (empty) Err() error                { return nil }
func (empty) Close() error              { return nil }
func (empty) Result() dialect.Result    { return dialect.NewResult(0) }

// catalogue are the queries of reflection, for each version, for a whole schema
// and for some of its tables, and the question whether a table is there.
func catalogue(t *testing.T, name string, add func(from, text string)) {
	const every = dialect.InspectSchemas | dialect.InspectTables | dialect.InspectViews | dialect.InspectDetails | dialect.InspectSequences | dialect.InspectEnums | dialect.InspectSynonyms
	n := 0
	for _, d := range versions[name] {
		say := func(s dialect.Statement) {
			c, err := dialect.Compile(d, s)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Release()
			add("catalogue of "+name, c.Text())
			n++
		}
		for _, q := range []dialect.Inspection{
			{Parts: every},
			{Schema: "audit", Parts: every},
			{Schema: "audit", Tables: []string{"users", "orders"}, Parts: every},
			{Tables: []string{"users"}, Parts: dialect.InspectTables | dialect.InspectDetails},
		} {
			for step, err := range d.(dialect.Inspector).Inspect(q, &dialect.Catalog{}).Steps(d) {
				if err != nil {
					t.Fatal(err)
				}
				say(step.Statement)
				if err := step.Rows(empty{}); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, schema := range []string{"", "audit"} {
			say(d.(dialect.TableFinder).FindTable(schema, "users"))
		}
	}
	if n < 10 {
		t.Errorf("%d queries of the catalogue", n)
	}
}
