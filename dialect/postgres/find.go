package postgres

import "github.com/sqlayer-go/sqlayer/dialect"

var _ dialect.TableFinder = (*server)(nil)

// FindTable asks the catalogue for a table or a view; without a schema, for
// one on the session's search path.
func (d *server) FindTable(schema, table string) dialect.Statement {
	if schema == "" {
		return dialect.Text("SELECT 1 FROM pg_catalog.pg_class c WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') "+
			"AND pg_catalog.pg_table_is_visible(c.oid)", table)
	}
	return dialect.Text("SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "+
		"WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = $2", table, schema)
}
