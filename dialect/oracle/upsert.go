package oracle

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/merge"
)

// WriteUpsert writes MERGE.
func (d *oracle) WriteUpsert(w *dialect.Writer, u *dialect.Upsert) error {
	if err := merge.Check(d, u); err != nil {
		return err
	}
	if len(u.Returning) > 0 {
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
	w.WriteString(") " + merge.Row + " ON (")
	merge.On(w, u)
	w.WriteByte(')')
	if len(u.Set) > 0 {
		w.WriteString(" WHEN MATCHED THEN UPDATE SET ")
		merge.Set(w, u)
		if u.Where != nil {
			w.WriteString(" WHERE ")
			u.Where(w)
		}
	}
	merge.Insert(w, u)
	return nil
}
