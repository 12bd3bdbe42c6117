package mssql

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var _ dialect.ColumnDescriber = (*sqlServer)(nil)

// WriteDescribe implements [dialect.ColumnDescriber]: the driver says neither
// the collation of a result's columns, which decides what a VARCHAR keeps, nor
// how many digits their times have. A type of the user's own stands for the
// one that it is made of.
func (d *sqlServer) WriteDescribe(w *dialect.Writer, schema, table string) {
	name := dialect.NewWriter(d)
	name.Qualified(schema, table)
	if err := name.Err(); err != nil {
		w.Fail(err)
		return
	}
	w.WriteString("SELECT c.name, t.name, CAST(c.max_length AS BIGINT), CAST(c.precision AS BIGINT), CAST(c.scale AS BIGINT), c.collation_name" +
		" FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.system_type_id WHERE c.object_id = OBJECT_ID(")
	d.writeString(w, name.Text())
	w.WriteByte(')')
}

// ReadColumns implements [dialect.ColumnDescriber].
func (d *sqlServer) ReadColumns(rows dialect.Rows, names []string) ([]dialect.Column, error) {
	if len(rows.Columns()) != 6 {
		return nil, nil
	}
	cols := make([]dialect.Column, len(names))
	found := 0
	var name, typ, collation string
	var length, precision, scale int
	dst := []any{&name, &typ, &length, &precision, &scale, &dialect.Nullable{Dst: &collation}}
	for rows.Next() {
		collation = ""
		if err := rows.ScanRow(dst); err != nil {
			return nil, err
		}
		for i := range names {
			if cols[i].Name == "" && strings.EqualFold(names[i], name) {
				cols[i] = dialect.Column{Name: name, DatabaseType: strings.ToUpper(typ), Type: storedType(typ, length, precision, scale, collation)}
				found++
			}
		}
	}
	if err := rows.Err(); err != nil || found < len(names) {
		return nil, err
	}
	return cols, nil
}

// storedType is the type that values are checked by on their way into a column.
func storedType(name string, length, precision, scale int, collation string) *dialect.Type {
	word := strings.ToUpper(name)
	t, ok := columnTypes[word]
	switch {
	case word == "NUMERIC":
		t = columnTypes["DECIMAL"]
	case !ok:
		return &dialect.Type{Kind: dialect.Native, Name: word}
	}
	switch word {
	case "CHAR", "VARCHAR", "TEXT":
		return &dialect.Type{Kind: dialect.Native, Name: typeText(name, length, precision, scale), Collation: collation}
	case "NCHAR", "NVARCHAR":
		if t.Length = length / 2; length < 0 {
			t.Kind, t.Length = dialect.Clob, 0
		}
	case "BINARY", "VARBINARY":
		if t.Length = length; length < 0 {
			t.Kind, t.Length = dialect.Blob, 0
		}
	case "DECIMAL", "NUMERIC":
		t.Precision, t.Scale = precision, scale
	case "TIME", "DATETIME2", "DATETIMEOFFSET":
		if t.Precision = scale; scale == 0 {
			t.Precision = -1
		}
	}
	return &t
}
