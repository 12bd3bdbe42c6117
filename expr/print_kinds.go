package expr

import (
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// calculates reports whether a function is one of numbers. Some databases make
// a number of whatever they are given, 0 of most texts; PostgreSQL has no such
// function for anything else.
func calculates(name string) bool {
	switch name {
	case "abs", "round", "round_float", "ceil", "floor", "trunc", "sign", "power", "sqrt", "exp", "ln", "log10", "log",
		"sin", "cos", "tan", "asin", "acos", "atan", "atan2", "degrees", "radians", "sum", "avg":
		return true
	}
	return false
}

// ofTimes reports whether the first operand of a function is a time. It may be
// a text, which SQLite stores times as.
func ofTimes(name string) bool {
	return strings.HasPrefix(name, "extract_") || strings.HasPrefix(name, "date_trunc_")
}

// fitting reports the operands that a function is not for, as far as their
// types are known.
func (p *printer) fitting(name string, args []*node) bool {
	switch {
	case calculates(name):
		for _, n := range args {
			if t := p.noNumber(n); t != nil {
				p.fail("%s: %s is not a number, but %s; Cast makes one of it", strings.TrimSuffix(name, "_float"), describe(n), t.Kind)
				return false
			}
		}
	case ofTimes(name) && len(args) > 0:
		if t := p.noTime(args[0]); t != nil {
			p.fail("%s: %s is not a time, but %s; Cast makes one of it", name[:strings.LastIndexByte(name, '_')], describe(args[0]), t.Kind)
			return false
		}
	}
	return true
}

// noNumber is the type of an operand that is certainly no number; nil for any
// other.
func (p *printer) noNumber(n *node) *dialect.Type {
	n = p.settle(n)
	if n == nil {
		return nil
	}
	if n.typ == nil {
		if n.op == opBind {
			return kindOfValue(n.ext)
		}
		return nil
	}
	switch n.typ.Kind {
	case dialect.Boolean, dialect.Binary, dialect.Varbinary, dialect.Blob, dialect.Date, dialect.Time,
		dialect.Timestamp, dialect.TimestampTZ, dialect.UUID, dialect.JSON, dialect.Array:
		return n.typ
	case dialect.Char, dialect.Varchar, dialect.Clob:
		if n.op == opColumn || n.op == opConcat { // anything else of that type may be a decimal, which is a text in Go
			return n.typ
		}
	}
	return nil
}

// noTime is the type of an operand that is certainly no time.
func (p *printer) noTime(n *node) *dialect.Type {
	n = p.settle(n)
	if n == nil || n.typ == nil {
		return nil
	}
	switch k := n.typ.Kind; {
	case dialect.Boolean <= k && k <= dialect.Decimal && n.op == opColumn, dialect.Binary <= k && k <= dialect.Blob,
		k == dialect.UUID, k == dialect.JSON, k == dialect.Array:
		return n.typ
	}
	return nil
}

// noDocument is the type of what is certainly no JSON, and no text or bytes that
// may hold some.
func (p *printer) noDocument(n *node) *dialect.Type {
	n = p.settle(n)
	if n == nil || n.typ == nil {
		return nil
	}
	switch k := n.typ.Kind; {
	case dialect.Boolean <= k && k <= dialect.Decimal, dialect.Date <= k && k <= dialect.UUID, k == dialect.Array:
		return n.typ
	}
	return nil
}

// kindOfValue is the type of a value that is certainly no number.
func kindOfValue(v any) *dialect.Type {
	switch v.(type) {
	case time.Time:
		return typeTimestamp
	case bool:
		return typeBoolean
	}
	return nil
}
