package mssql

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/merge"
)

// WriteUpsert writes MERGE. HOLDLOCK keeps two of them from inserting the
// same key at the same time.
func (d *sqlServer) WriteUpsert(w *dialect.Writer, u *dialect.Upsert) error {
	if err := merge.Check(d, u); err != nil {
		return err
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
	w.WriteString(") AS " + merge.Row + " (")
	merge.Names(w, u.Columns, "")
	w.WriteString(") ON ")
	merge.On(w, u)
	if len(u.Set) > 0 {
		w.WriteString(" WHEN MATCHED")
		if u.Where != nil {
			w.WriteString(" AND (")
			u.Where(w)
			w.WriteByte(')')
		}
		w.WriteString(" THEN UPDATE SET ")
		merge.Set(w, u)
	}
	merge.Insert(w, u)
	for i, c := range u.Returning {
		if i == 0 {
			w.WriteString(" OUTPUT ")
		} else {
			w.WriteString(", ")
		}
		w.WriteString("inserted.")
		w.Ident(c.Name)
	}
	if u.Into != "" {
		w.WriteString(" INTO ")
		w.WriteString(u.Into)
	}
	w.WriteByte(';') // MERGE is not complete without it
	return nil
}
