package mysql

import (
	"strconv"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var _ dialect.ColumnVersioner = (*server)(nil)

// WriteDescribe implements [dialect.ColumnDescriber]: the driver does not say
// how long the columns of a result are, and the server cuts the blanks at the
// end of a text, rounds decimals and fills up BINARY without an error, whatever
// the sql_mode (MySQL 8.4 Reference Manual, 13.3.2, 13.3.3 and 14.24.4).
func (s *server) WriteDescribe(w *dialect.Writer, schema, table string) {
	w.WriteString("SHOW COLUMNS FROM ")
	w.Qualified(schema, table)
}

// ReadColumns implements [dialect.ColumnDescriber].
func (s *server) ReadColumns(rows dialect.Rows, names []string) ([]dialect.Column, error) {
	cols := make([]dialect.Column, len(names))
	dst := make([]any, len(rows.Columns()))
	if len(dst) < 2 {
		return nil, nil
	}
	found := 0
	var name, typ string
	dst[0], dst[1] = &name, &typ
	for rows.Next() {
		if err := rows.ScanRow(dst); err != nil {
			return nil, err
		}
		for i := range names {
			if cols[i].Name == "" && strings.EqualFold(names[i], name) {
				cols[i] = dialect.Column{Name: name, DatabaseType: typeWord(typ), Type: s.storedType(typ)}
				found++
			}
		}
	}
	if err := rows.Err(); err != nil || found < len(names) {
		return nil, err
	}
	return cols, nil
}

// WriteVersion implements [dialect.ColumnVersioner]: a table's definition takes
// the server a quarter of the time of its columns, for which it makes a table.
func (s *server) WriteVersion(w *dialect.Writer, schema, table string) {
	w.WriteString("SHOW CREATE TABLE ")
	w.Qualified(schema, table)
}

// ReadVersion implements [dialect.ColumnVersioner]. What follows the columns has
// the next generated key, and the definition of a view, which has two columns
// more, does not say what its columns are.
func (s *server) ReadVersion(rows dialect.Rows) (string, error) {
	if len(rows.Columns()) != 2 || !rows.Next() {
		return "", rows.Err()
	}
	var text string
	if err := rows.ScanRow([]any{nil, &text}); err != nil {
		return "", err
	}
	return text[:max(strings.LastIndex(text, "\n)"), 0)], nil
}

// typeWord is the first word of a type: VARCHAR of varchar(5).
func typeWord(typ string) string {
	if i := strings.IndexAny(typ, "( "); i >= 0 {
		typ = typ[:i]
	}
	return strings.ToUpper(typ)
}

// storedType is the type that values are checked by on their way into a column;
// nil for one that any number, or the server alone, can tell.
func (s *server) storedType(typ string) *dialect.Type {
	t := s.parseType(typ)
	if t.Values != nil && strings.Contains(typ, "?") { // which is what the catalogue has for a character beyond 16 bits
		t.Values = nil
	}
	switch t.Kind {
	case dialect.Boolean: // a TINYINT(1), which has more values
		return nil
	case dialect.Native:
		lower := strings.ToLower(typ)
		word, rest, _ := strings.Cut(lower, "(")
		arg, _, _ := strings.Cut(rest, ")")
		switch strings.TrimSuffix(word, " unsigned") {
		case "tinytext", "text", "mediumtext":
			return &dialect.Type{Kind: dialect.Clob}
		case "tinyblob", "blob", "mediumblob":
			return &dialect.Type{Kind: dialect.Blob}
		case "varchar", "char":
			if n, err := strconv.Atoi(arg); err == nil {
				return &dialect.Type{Kind: dialect.Varchar, Length: n}
			}
		case "decimal": // unsigned
			if u, err := dialect.ParseType("decimal(" + arg + ")"); err == nil {
				return &u
			}
		case "timestamp": // like a DATETIME in the session's time zone
			u := dialect.Type{Kind: dialect.Timestamp, Precision: -1}
			if n, err := strconv.Atoi(arg); err == nil && n > 0 {
				u.Precision = n
			}
			return &u
		}
		return nil
	}
	return &t
}
