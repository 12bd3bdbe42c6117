package expr

import (
	"strconv"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// What a database compares with what. Types of which some database makes one
// out of the other, as SQLite has times as texts and MySQL booleans as numbers,
// go together, since a table may have been made for it.
const (
	ofNumber uint8 = 1 << iota
	ofBoolean
	ofText
	ofBytes
	ofTime
	ofUUID
)

var typeFamilies = [...]uint8{
	dialect.Boolean: ofBoolean, dialect.SmallInt: ofNumber, dialect.Integer: ofNumber, dialect.BigInt: ofNumber,
	dialect.Real: ofNumber, dialect.Double: ofNumber, dialect.Decimal: ofNumber,
	dialect.Char: ofText, dialect.Varchar: ofText, dialect.Clob: ofText,
	dialect.Binary: ofBytes, dialect.Varbinary: ofBytes, dialect.Blob: ofBytes,
	dialect.Date: ofTime, dialect.Timestamp: ofTime, dialect.TimestampTZ: ofTime, dialect.UUID: ofUUID,
	dialect.Native: 0,
}

// strangers are the families of which no value equals one of the other.
var strangers = map[uint8]uint8{
	ofNumber:  ofText | ofBytes | ofTime | ofUUID,
	ofBoolean: ofText | ofBytes | ofTime | ofUUID,
	ofText:    ofNumber | ofBoolean,
	ofBytes:   ofNumber | ofBoolean | ofTime,
	ofTime:    ofNumber | ofBoolean | ofBytes | ofUUID,
	ofUUID:    ofNumber | ofBoolean | ofTime,
}

// declared returns the type that n has beyond doubt: of a column of a table,
// or of a CAST.
func declared(n *node) *dialect.Type {
	if n == nil || n.typ == nil {
		return nil
	}
	switch n.op {
	case opColumn:
		if c, ok := n.ext.(*column); ok && c.src.kind == tableSource {
			return n.typ
		}
	case opCast, opTryCast:
		return n.typ
	}
	return nil
}

// unlike reports whether two types cannot be compared.
func unlike(a, b *dialect.Type) bool {
	if a == nil || b == nil || a.Kind == b.Kind {
		return false
	}
	fa, fb := typeFamilies[a.Kind], typeFamilies[b.Kind]
	return fa != fb && fa != 0 && fb != 0 && strangers[fa]&fb != 0
}

// alike reports two operands whose types do not go together.
func (p *printer) alike(left, right *node) {
	a, b := declared(left), declared(right)
	if unlike(a, b) {
		p.fail("unlike types: %s is %s, and %s is %s; give one of them the other's type with expr.Cast", describe(left), a, describe(right), b)
	}
}

// alikeValue is alike for a Go value.
func (p *printer) alikeValue(left *node, v any) {
	t := declared(left)
	if t == nil || left.op != opColumn {
		return
	}
	var of uint8
	switch v := v.(type) {
	case string:
		of = ofText
		if typeFamilies[t.Kind] == ofNumber {
			s := strings.TrimSpace(v)
			if _, err := strconv.ParseFloat(s, 64); err == nil || isRange(err) {
				return
			}
		} else if typeFamilies[t.Kind] == ofBoolean {
			return // "true", "t", "Y": as the database reads it
		}
	case bool:
		of = ofBoolean
	case int, int64, int32, int16, int8, uint, uint64, uint32, uint16, uint8, float64, float32:
		of = ofNumber
	case time.Time:
		of = ofTime
	default:
		return
	}
	if strangers[of]&typeFamilies[t.Kind] != 0 {
		p.fail("unlike types: %s is %s, and is compared with a %T", describe(left), t, v)
	}
}

// isRange reports whether a number was read that is out of a float's range.
func isRange(err error) bool {
	ne, ok := err.(*strconv.NumError)
	return ok && ne.Err == strconv.ErrRange
}

// meet reports the operands of a comparison whose types do not go together.
func (p *printer) meet(n, left *node) {
	switch {
	case left == nil || left.typ == nil:
	case n.flag&flagImm == 0:
		p.alike(left, p.settle(n.r))
	default:
		if e := exprIn(n.ext); e != nil {
			p.alike(left, e)
		} else {
			p.alikeValue(left, n.ext)
		}
	}
}

// storable reports a value of a type that a column does not take. A text takes
// numbers and truth values.
func (p *printer) storable(n *node, c *column) {
	if t := declared(n); t != nil && c.typ != nil && typeFamilies[c.typ.Kind] != ofText {
		p.alike(&c.node, n)
	}
}

// alikeQuery reports columns of a query that do not go with the operands that they
// are compared with.
func (p *printer) alikeQuery(left []*node, q Query) {
	outs := q.outputs()
	for i := range left {
		if i < len(outs) {
			p.alike(p.settle(left[i]), p.settle(outs[i]))
		}
	}
}
