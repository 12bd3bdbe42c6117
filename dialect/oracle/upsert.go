package oracle

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// insertedRow names the row that is being inserted, in an upsert.
const insertedRow = "excluded"

// WriteUpsert writes MERGE.
func (d *oracle) WriteUpsert(w *dialect.Writer, u *dialect.Upsert) error {
	switch {
	case len(u.Keys) == 0:
		return dialect.Unsupported(d, "an upsert without key columns", "name the columns of the unique key that may be there already")
	case u.Rows < 1 || len(u.Columns) == 0:
		return dialect.Unsupported(d, "an upsert without values", "give at least one column and one row")
	case len(u.Returning) > 0:
		return dialect.Unsupported(d, "RETURNING of an upsert", "read the row by its key afterwards")
	}
	for _, c := range u.Set {
		if slices.Contains(u.Keys, c) {
			return dialect.Unsupported(d, "an upsert that sets the key column "+c, "leave the key out of what is updated")
		}
	}
	w.WriteString("MERGE INTO ")
	u.Table(w)
	w.WriteString(" USING (")
	for row := range u.Rows {
		if row > 0 {
			w.WriteString(" UNION ALL ")
		}
		w.WriteString("SELECT ")
		for col, name := range u.Columns {
			if col > 0 {
				w.WriteString(", ")
			}
			u.Value(w, row, col)
			w.WriteString(" AS ")
			w.Ident(name)
		}
		w.WriteString(" FROM DUAL")
	}
	w.WriteString(") " + insertedRow + " ON (")
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
	w.WriteByte(')')
	if len(u.Set) > 0 {
		w.WriteString(" WHEN MATCHED THEN UPDATE SET ")
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
		if u.Where != nil {
			w.WriteString(" WHERE ")
			u.Where(w)
		}
	}
	w.WriteString(" WHEN NOT MATCHED THEN INSERT (")
	names(w, u.Columns, "")
	w.WriteString(") VALUES (")
	names(w, u.Columns, insertedRow+".")
	w.WriteByte(')')
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
