package schema

import (
	"database/sql/driver"
	"reflect"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// checkType reports a type that no database has.
func (c *ColumnDef) checkType(fail func(string, ...any)) {
	if c.Type.Length < 0 {
		fail("column %q: a length of %d, below zero", c.Name, c.Type.Length)
	}
	if c.Type.Kind == dialect.Decimal && c.Type.Precision < 0 { // of a time, none at all
		fail("column %q: a precision of %d, below zero", c.Name, c.Type.Precision)
	}
}

// checkDefault reports a default that is a Go value and no value of the
// column. What has a conversion of its own is the database's to judge.
func (c *ColumnDef) checkDefault(fail func(string, ...any)) {
	if c.Default == nil || c.Default.Value == nil {
		return
	}
	v := reflect.ValueOf(c.Default.Value)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if _, own := v.Interface().(driver.Valuer); own || v.Kind() == reflect.Pointer {
		return
	}
	if _, own := dialect.DecoratedType(v.Type()); own {
		return
	}
	k := v.Kind()
	text, number := k == reflect.String, k >= reflect.Int && k <= reflect.Float64 && k != reflect.Uintptr
	fits := true
	switch c.Type.Kind {
	case dialect.Boolean:
		fits = k == reflect.Bool || number
	case dialect.SmallInt, dialect.Integer, dialect.BigInt:
		fits = number && k < reflect.Float32 || k == reflect.Bool
	case dialect.Real, dialect.Double:
		fits = number
	case dialect.Decimal:
		fits = number || text
	case dialect.Char, dialect.Varchar, dialect.Clob, dialect.Enum:
		fits = text
	case dialect.Date, dialect.Timestamp, dialect.TimestampTZ:
		fits = text || v.Type() == reflect.TypeFor[time.Time]()
	}
	if !fits {
		fail("column %q: the default is a %s, and the column is %s", c.Name, v.Type(), c.Type.String())
		return
	}
	if n := c.Type.Length; text && n > 0 && utf8.RuneCountInString(v.String()) > n && (c.Type.Kind == dialect.Char || c.Type.Kind == dialect.Varchar) {
		fail("column %q: the default is longer than %s", c.Name, c.Type.String())
	}
	if c.Type.Kind == dialect.Enum && c.Type.Values != nil && len(c.Type.Values.List) > 0 && !slices.Contains(c.Type.Values.List, v.String()) {
		fail("column %q: the default is none of the values of the enumeration", c.Name)
	}
}

// checkNames reports names that two parts of one kind have.
func (p *ddl) checkNames(d *Definition) {
	twice := func(what string, n int, name func(int) string) {
		seen := map[string]bool{}
		for i := range n {
			if s := name(i); s != "" {
				if seen[s] {
					p.Failf("schema: table %s: two %s are called %s", d.FullName(), what, s)
				}
				seen[s] = true
			}
		}
	}
	twice("unique keys", len(d.Unique), func(i int) string { return d.Unique[i].Name })
	twice("checks", len(d.Checks), func(i int) string { return d.Checks[i].Name })
	twice("foreign keys", len(d.ForeignKeys), func(i int) string { return d.ForeignKeys[i].Name })
	twice("indexes", len(d.Indexes), func(i int) string { return d.Indexes[i].Name })
}
