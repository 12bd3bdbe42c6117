package mssql

import (
	"github.com/sqlayer-go/sqlayer/dialect"
)

// insertedRow names the row that is being inserted, in an upsert.
const insertedRow = "excluded"

// WriteUpsert writes MERGE. HOLDLOCK keeps two of them from inserting the
// same key at the same time.
func (d *sqlServer) WriteUpsert(w *dialect.Writer, u *dialect.Upsert) error {
	if len(u.Keys) == 0 {
		return dialect.Unsupported(d, "an upsert without key columns", "name the columns of the unique key that may be there already")
	}
	if u.Rows < 1 || len(u.Columns) == 0 {
		return dialect.Unsupported(d, "an upsert without values", "give at least one column and one row")
	}
	w.WriteString("MERGE INTO ")
	u.Table(w)
	w.WriteString(" WITH (HOLDLOCK) USING (VALUES ")
	for row := range u.Rows {
		if row > 0 {
			w.WriteString(", ")
		}
		w.WriteByte('(')
		for col := range u.Columns {
			if col > 0 {
				w.WriteString(", ")
			}
			u.Value(w, row, col)
		}
		w.WriteByte(')')
	}
	w.WriteString(") AS " + insertedRow + " (")
	names(w, u.Columns, "")
	w.WriteString(") ON ")
	for i, k := range u.Keys {
		if i > 0 {
			w.WriteString(" AND ")
		}
		u.Table(w)
		w.WriteByte('.')
		w.Ident(k)
		w.WriteString(" = " + insertedRow + ".")
		w.Ident(k)
	}
	if len(u.Set) > 0 {
		w.WriteString(" WHEN MATCHED")
		if u.Where != nil {
			w.WriteString(" AND (")
			u.Where(w)
			w.WriteByte(')')
		}
		w.WriteString(" THEN UPDATE SET ")
		for i, c := range u.Set {
			if i > 0 {
				w.WriteString(", ")
			}
			w.Ident(c)
			w.WriteString(" = ")
			if u.SetTo != nil {
				u.SetTo(w, i)
			} else {
				w.WriteString(insertedRow + ".")
				w.Ident(c)
			}
		}
	}
	w.WriteString(" WHEN NOT MATCHED THEN INSERT (")
	names(w, u.Columns, "")
	w.WriteString(") VALUES (")
	names(w, u.Columns, insertedRow+".")
	w.WriteByte(')')
	for i, c := range u.Returning {
		if i == 0 {
			w.WriteString(" OUTPUT ")
		} else {
			w.WriteString(", ")
		}
		w.WriteString("inserted.")
		w.Ident(c.Name)
	}
	w.WriteByte(';') // MERGE is not complete without it
	return nil
}

func names(w *dialect.Writer, list []string, prefix string) {
	for i, n := range list {
		if i > 0 {
			w.WriteString(", ")
		}
		w.WriteString(prefix)
		w.Ident(n)
	}
}
