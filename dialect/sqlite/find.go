package sqlite

import "github.com/sqlayer-go/sqlayer/dialect"

var _ dialect.TableFinder = (*sqlite)(nil)

// FindTable asks for a table or a view, regardless of case as SQLite's own
// names; without a schema, in the main database or among the temporary ones.
func (d *sqlite) FindTable(schema, table string) dialect.Statement {
	const found = " WHERE type IN ('table', 'view') AND name = ? COLLATE NOCASE"
	if schema == "" {
		return dialect.Text("SELECT 1 FROM (SELECT type, name FROM main.sqlite_master UNION ALL SELECT type, name FROM temp.sqlite_master)"+
			found+" LIMIT 1", table)
	}
	w := dialect.NewWriter(d)
	w.Ident(schema)
	if err := w.Err(); err != nil {
		return failed{err}
	}
	return dialect.Text("SELECT 1 FROM "+w.Text()+".sqlite_master"+found, table)
}

// failed is a statement that could not be made.
type failed struct{ err error }

// CompileSQL returns the mistake.
func (f failed) CompileSQL(*dialect.Compiled) error { return f.err }
