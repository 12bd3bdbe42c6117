package mysql

import "github.com/sqlayer-go/sqlayer/dialect"

var _ dialect.TableFinder = (*server)(nil)

// FindTable asks for a table or a view of a database; without a schema, of the
// session's own.
func (s *server) FindTable(schema, table string) dialect.Statement {
	if schema == "" {
		return dialect.Text("SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?", table)
	}
	return dialect.Text("SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?", schema, table)
}
