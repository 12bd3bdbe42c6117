package merge

import "github.com/sqlayer-go/sqlayer/dialect"

// Row names the row that is being inserted.
const Row = "excluded"

// Check refuses an upsert that has no keys or no values.
func Check(d dialect.Dialect, u *dialect.Upsert) error {
	switch {
	case len(u.Keys) == 0:
		return dialect.Unsupported(d, "an upsert without key columns", "name the columns of the unique key that may be there already")
	case u.Rows < 1 || len(u.Columns) == 0:
		return dialect.Unsupported(d, "an upsert without values", "give at least one column and one row")
	}
	return nil
}

// On writes the condition that a row is there already: its keys are those of Row.
func On(w *dialect.Writer, u *dialect.Upsert) {
	for i, k := range u.Keys {
		if i > 0 {
			w.WriteString(" AND ")
		}
		u.Table(w)
		w.WriteByte('.')
		w.Ident(k)
		w.WriteString(" = " + Row + ".")
		w.Ident(k)
	}
}

// Set writes what is assigned, without SET.
func Set(w *dialect.Writer, u *dialect.Upsert) {
	for i, c := range u.Set {
		if i > 0 {
			w.WriteString(", ")
		}
		w.Ident(c)
		w.WriteString(" = ")
		if u.SetTo != nil {
			u.SetTo(w, i)
		} else {
			w.WriteString(Row + ".")
			w.Ident(c)
		}
	}
}

// Insert writes what is done where there is no such row.
func Insert(w *dialect.Writer, u *dialect.Upsert) {
	w.WriteString(" WHEN NOT MATCHED THEN INSERT (")
	Names(w, u.Columns, "")
	w.WriteString(") VALUES (")
	Names(w, u.Columns, Row+".")
	w.WriteByte(')')
}

// Names writes names, each behind the prefix.
func Names(w *dialect.Writer, list []string, prefix string) {
	for i, n := range list {
		if i > 0 {
			w.WriteString(", ")
		}
		w.WriteString(prefix)
		w.Ident(n)
	}
}
