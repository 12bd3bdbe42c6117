package mysql

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// typeNames are the names of types in DDL.
func typeNames(id identity) map[dialect.TypeKind]string {
	uuid := "CHAR(36)"
	if id.from(productMariaDB, 10, 7, 0) {
		uuid = "UUID"
	}
	return map[dialect.TypeKind]string{
		dialect.Boolean:     "BOOL",
		dialect.SmallInt:    "SMALLINT",
		dialect.Integer:     "INTEGER",
		dialect.BigInt:      "BIGINT",
		dialect.Real:        "FLOAT",
		dialect.Double:      "DOUBLE",
		dialect.Decimal:     "DECIMAL({precision}, {scale})|DECIMAL(65, 30)",
		dialect.Char:        "CHAR({length})|CHAR(1)",
		dialect.Varchar:     "VARCHAR({length})|VARCHAR(255)",
		dialect.Clob:        "LONGTEXT",
		dialect.Binary:      "BINARY({length})|BINARY(1)",
		dialect.Varbinary:   "VARBINARY({length})|VARBINARY(255)",
		dialect.Blob:        "LONGBLOB",
		dialect.Date:        "DATE",
		dialect.Time:        "TIME({precision})|TIME(6)",
		dialect.Timestamp:   "DATETIME({precision})|DATETIME(6)",
		dialect.TimestampTZ: "DATETIME({precision})|DATETIME(6)",
		dialect.Interval:    "BIGINT", // of nanoseconds
		dialect.UUID:        uuid,
		dialect.JSON:        "JSON",
	}
}

// castNames are the names of types within CAST.
func castNames(id identity) map[dialect.TypeKind]string {
	m := map[dialect.TypeKind]string{
		dialect.SmallInt:    "SIGNED INTEGER",
		dialect.Integer:     "SIGNED INTEGER",
		dialect.BigInt:      "SIGNED INTEGER",
		dialect.Real:        "FLOAT",
		dialect.Double:      "DOUBLE",
		dialect.Decimal:     "DECIMAL({precision}, {scale})|DECIMAL(65, 30)",
		dialect.Char:        "CHAR({length})|CHAR(1)",
		dialect.Varchar:     "CHAR({length})|CHAR",
		dialect.Clob:        "CHAR",
		dialect.Binary:      "BINARY({length})|BINARY(1)",
		dialect.Varbinary:   "BINARY",
		dialect.Blob:        "BINARY",
		dialect.Date:        "DATE",
		dialect.Time:        "TIME({precision})|TIME(6)",
		dialect.Timestamp:   "DATETIME({precision})|DATETIME(6)",
		dialect.TimestampTZ: "DATETIME({precision})|DATETIME(6)",
		dialect.UUID:        "CHAR(36)",
		dialect.JSON:        "JSON",
	}
	switch {
	case id.from(productMariaDB, 10, 7, 0):
		m[dialect.UUID] = "UUID"
	case id.product == productMySQL && !id.from(productMySQL, 8, 0, 17):
		delete(m, dialect.Real)
		delete(m, dialect.Double)
	}
	if id.product == productMariaDB {
		delete(m, dialect.JSON) // a LONGTEXT with a check there
	}
	return m
}

// Limits of types. A VARCHAR shares 65,535 bytes with its row, at 4 for a character.
const (
	maxChar      = 255
	maxVarchar   = 16383
	maxVarbinary = 65535
	maxPrecision = 65
	maxScale     = 30
	maxFraction  = 6
)

// TypeName returns t's name for DDL.
func (s *server) TypeName(t *dialect.Type) (string, error) {
	if err := s.checkType(t); err != nil {
		return "", err
	}
	if t.Kind == dialect.Enum {
		return s.listed("ENUM", t)
	}
	if t.Own && t.Values != nil { // a SET
		name, _, _ := strings.Cut(t.Name, "(")
		return s.listed(name, t)
	}
	name, ok := dialect.RenderType(s.types, t)
	if !ok {
		return "", dialect.Unsupported(s, "the type "+t.String(), "")
	}
	if t.Unsigned {
		name += " UNSIGNED"
	}
	return name, nil
}

// CastName returns t's name within CAST.
func (s *server) CastName(t *dialect.Type) (string, error) {
	if t != nil && t.Kind == dialect.Boolean {
		return "", dialect.Unsupported(s, "CAST to boolean", "compare with 0: x <> 0")
	}
	if err := s.checkType(t); err != nil {
		return "", err
	}
	if t.Kind == dialect.Enum {
		return "CHAR", nil
	}
	name, ok := dialect.RenderType(s.casts, t)
	if !ok {
		return "", dialect.Unsupported(s, "CAST to "+t.String(), "cast to decimal or text")
	}
	if t.Unsigned {
		name = strings.Replace(name, "SIGNED", "UNSIGNED", 1)
	}
	return name, nil
}

// checkType refuses what the database does not have, or would change silently.
func (s *server) checkType(t *dialect.Type) error {
	refuse := func(what, instead string) error { return dialect.Unsupported(s, what, instead) }
	over := func(n, limit int, instead string) error {
		if n <= limit {
			return nil
		}
		return refuse(fmt.Sprintf("the type %s (the limit is %d)", t, limit), instead)
	}
	if t == nil || t.Kind == dialect.NoType {
		return refuse("a column without a type", "give it one")
	}
	if t.Unsigned && (t.Kind < dialect.SmallInt || t.Kind > dialect.BigInt) && t.Kind != dialect.Native {
		return refuse("unsigned "+t.Kind.String(), "unsigned is for whole numbers")
	}
	if t.Own && t.Values != nil {
		for _, v := range t.Values.List {
			if strings.HasSuffix(v, " ") || strings.Contains(v, ",") { // MySQL 8.0 Reference Manual, "The SET Type"
				return refuse("the value "+strconv.Quote(v)+" of a set, which has no commas and no spaces at its end,", "use a table of the values")
			}
		}
	}
	switch t.Kind {
	case dialect.Decimal:
		if t.Scale > t.Precision && t.Precision > 0 {
			return refuse("the type "+t.String(), "a scale is at most the precision")
		}
		if err := over(t.Precision, maxPrecision, "use text"); err != nil {
			return err
		}
		return over(t.Scale, maxScale, "use text")
	case dialect.Char, dialect.Binary:
		return over(t.Length, maxChar, "use varchar or varbinary")
	case dialect.Varchar:
		return over(t.Length, maxVarchar, "use text")
	case dialect.Varbinary:
		return over(t.Length, maxVarbinary, "use blob")
	case dialect.Time, dialect.Timestamp, dialect.TimestampTZ:
		return over(t.Precision, maxFraction, "microseconds are the finest that there is")
	case dialect.Array:
		return refuse("the type "+t.String(), "use json")
	case dialect.Enum:
		if t.Values == nil || len(t.Values.List) == 0 {
			return refuse("an enum without values", "give it values")
		}
		for _, v := range t.Values.List {
			if strings.HasSuffix(v, " ") { // MySQL 8.0 Reference Manual, "The ENUM Type": trailing spaces are deleted
				return refuse("the value "+strconv.Quote(v)+" of an enumeration, which would lose the spaces at its end,", "use varchar with a check")
			}
		}
	}
	return nil
}

// listed writes ENUM('a','b') and SET('a','b').
func (s *server) listed(name string, t *dialect.Type) (string, error) {
	w := dialect.NewWriter(s)
	w.WriteString(name + "(")
	for i, v := range t.Values.List {
		if i > 0 {
			w.WriteByte(',')
		}
		w.StringLiteral(v)
	}
	w.WriteByte(')')
	return w.Text(), w.Err()
}

// WriteLiteral writes times with the six digits that the database keeps.
func (s *server) WriteLiteral(w *dialect.Writer, v any, t *dialect.Type) (bool, error) {
	x, ok := v.(time.Time)
	if !ok {
		return false, nil
	}
	form := "2006-01-02 15:04:05.999999"
	switch {
	case t != nil && t.Kind == dialect.Date:
		form = "2006-01-02"
	case t != nil && t.Kind == dialect.Time:
		form = "15:04:05.999999"
	default:
		x = x.UTC()
	}
	if err := checkYear(x); err != nil {
		return false, err
	}
	w.WriteByte('\'')
	w.WriteString(x.Format(form))
	w.WriteByte('\'')
	return true, nil
}

// checkYear refuses the years that cannot be written.
func checkYear(t time.Time) error {
	if y := t.Year(); y < 0 || y > 9999 {
		return dialect.Errorf(dialect.ErrOutOfRange, "mysql: the year %d is out of the range 0 to 9999", y)
	}
	return nil
}
