package mssql

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var _ dialect.TableFinder = (*sqlServer)(nil)

// FindTable asks for a table by its name, a temporary one (#name) included.
func (d *sqlServer) FindTable(schema, table string) dialect.Statement {
	w := dialect.NewWriter(d)
	w.Qualified(schema, table)
	name := w.Text()
	if strings.HasPrefix(table, "#") && schema == "" {
		name = "tempdb.." + name
	}
	if err := w.Err(); err != nil {
		return failed{err}
	}
	return dialect.Text("SELECT 1 WHERE OBJECT_ID(@p1, N'U') IS NOT NULL", name)
}

// failed is a statement that could not be made.
type failed struct{ err error }

// CompileSQL returns the mistake.
func (f failed) CompileSQL(*dialect.Compiled) error { return f.err }
