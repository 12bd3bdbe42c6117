package expr

import (
	"reflect"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// An outline is what a SELECT is but for its values: two statements of one
// outline have one text for each database, and their arguments stand at the
// same places. A statement that is composed anew for each request has nearly
// always an outline that was printed before; see [forms].
//
// The key is all that the printer reads of the statement, so written that
// different statements have different keys: a table by a number that no other
// has, a node that stands twice as the same one again, a value by its type.
// What the printer decides by more than that (a literal, a pattern that it
// escapes, an array), and every node that is not listed here, has no outline and
// is printed each time; see also [printer.looked].
type outline struct {
	from   *source // the first table
	nodes  int     // of seen
	count  uint    // of values and slots; it may be more than there is room for
	paging uint64  // a bit for each clause that is a number of rows; of two, one counts

	key    outlineKey
	seen   [24]*node // nodes that were written, but for columns
	values [16]any
	slots  [16]slot // where the values stand
}

// outlineKey is a key, with zeros behind its words.
type outlineKey struct {
	length uint // it may be more than there is room for
	words  [64]uint64
}

// slot is the place of a value: its node, as one of those seen, and which of
// that node's values it is. That of a limit or an offset is of no node, and has
// its clause.
type slot struct{ node, item uint8 }

const (
	slotNone     = 0xff // no node
	outlineAgain = 0xff // in the place of an op: a node that was written before
)

// Where things stand in the word of a node. The word of the first node of an item
// has the item's clause too, and that of a column is no more than its place and its
// table's serial.
const (
	inOp    = 8
	inCount = 16 // the tag of its value, or how many values or operands it has; of a join its kind
	inImm   = 23 // flagImm of a node with a column within its word
	inFlag  = 24 // of a column its place, of a node again its number
	inAux   = 32 // of a column, or a table, its serial
	inType  = 48
	inApart = 63 // set unless the word is that of a column, or has one within it
)

// Tags of values that are no kinds of package reflect.
const (
	outlineTime  = 0x1f // a time.Time
	outlineNamed = 0x20 // and the kind: of a type of the program's own
)

// of writes the outline of a SELECT, and reports whether it has one, as the methods
// below do for its parts.
func (s *outline) of(c clauses, f *dialect.Features) bool {
	items := c.items()
	for i := range items {
		it := &items[i]
		in := uint64(it.clause)
		ok := false
		switch it.clause {
		case clauseColumn, clauseWhere, clauseGroup, clauseHaving, clauseOrder:
			if c := columnOf(it.n); c != nil {
				s.word(in | c.outline)
				ok = it.flag == 0 && c.outline != 0
			} else {
				ok = it.flag == 0 && s.node(it.n, in)
			}
		case clauseFrom:
			ok = it.flag == 0 && s.table(it.n, in)
		case clauseJoin:
			in |= uint64(it.flag) << inCount
			if it.on == nil {
				ok = s.table(it.n, in)
			} else {
				ok = s.table(it.n, in|1<<inOp) && s.node(it.on, 0)
			}
		case clauseDistinct:
			s.word(in)
			ok = true
		case clauseLimit, clauseOffset:
			n := it.count()
			if it.n != nil || it.flag&limitPercent != 0 || n < 0 || s.paging&(1<<it.clause) != 0 {
				return false
			}
			s.paging |= 1 << it.clause
			s.word(in | uint64(it.flag)<<inCount)
			if countsInText(f) {
				s.word(uint64(n))
			}
			s.keep(n, slot{slotNone, uint8(it.clause)})
			ok = true
		}
		if !ok {
			return false
		}
	}
	return s.from != nil && s.key.length <= uint(len(s.key.words)) && s.count <= uint(len(s.values))
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// countsInText reports whether limits and offsets are written into the text, at
// least some of them.
func countsInText(f *dialect.Features) bool {
	return f.Paging == dialect.TopOffsetFetch || f.Paging == dialect.OffsetFetch
}

// word adds to the key.
func (s *outline) word(w uint64) {
	k := &s.key
	k.words[k.length%uint(len(k.words))] = w
	k.length++
}

// hash takes two words at a time, the second of which does not wait for what came
// before.
func (k *outlineKey) hash() uint64 {
	const odd = 0x9e3779b97f4a7c15
	h := uint64(k.length)
	for i := uint(0); i < k.length && i+1 < uint(len(k.words)); i += 2 {
		h = rotated(h^k.words[i]^rotated(k.words[i+1]*odd)) * odd
	}
	h = (h ^ h>>32) * odd
	return h ^ h>>32
}

func rotated(x uint64) uint64 { return x<<29 | x>>35 }

// keep keeps a value.
func (s *outline) keep(v any, at slot) {
	i := s.count % uint(len(s.values))
	s.values[i], s.slots[i] = v, at
	s.count++
}

// table writes a table of FROM or a join.
func (s *outline) table(n *node, in uint64) bool {
	if n == nil {
		return false
	}
	t, ok := n.ext.(*source)
	if !ok || t.kind != tableSource || t.serial == 0 || t.err != nil {
		return false
	}
	if s.from == nil {
		s.from = t
	}
	s.word(in | uint64(t.serial)<<inAux)
	return true
}

// node writes an expression or a condition.
func (s *outline) node(n *node, in uint64) bool {
	if n == nil {
		return false
	}
	if n.flag&flagImm == 0 {
		if w := once(n); w != 0 {
			s.word(in | w)
			return true
		}
	}
	for i := range s.nodes {
		if s.seen[i] == n {
			s.word(in | 1<<inApart | outlineAgain<<inOp | uint64(i)<<inFlag)
			return true
		}
	}
	if s.nodes == len(s.seen) {
		return false
	}
	at := uint8(s.nodes)
	s.seen[s.nodes] = n
	s.nodes++
	switch n.op {
	case opEq, opNe, opLt, opLe, opGt, opGe, opDistinct, opNotDistinct:
		return s.binary(n, in, at)
	case opAdd, opSub, opMul, opDiv, opMod:
		return (n.flag&flagImm == 0 || plainNumber(n.ext)) && s.binary(n, in, at)
	case opLike, opNotLike, opILike, opNotILike:
		return n.flag == flagImm && n.aux == likePattern && s.binary(n, in, at)
	case opIn, opNotIn:
		v, ok := n.ext.(*values)
		return ok && s.several(n, in, at, v.list)
	case opBetween, opNotBetween:
		ends, ok := n.ext.(*[2]any)
		return ok && s.several(n, in, at, ends[:])
	case opAnd, opOr:
		parts, ok := n.ext.([]*node)
		return ok && len(parts) <= 0xff && s.head(n, in|uint64(len(parts))<<inCount) && s.operands(parts)
	case opIsNull, opIsNotNull, opTrue, opFalse, opIsTrue, opIsNotTrue, opIsFalse, opIsNotFalse, opNot, opOrder, opNeg, opCast:
		return s.unary(n, in)
	case opNothing, opAlways, opNever:
		return s.head(n, in)
	case opName:
		return s.head(n, in) && s.text(n.name)
	case opLabel:
		return s.head(n, in) && s.text(n.name) && s.node(n.l, 0)
	case opCall:
		return s.call(n, in)
	}
	return false
}

// once is the word of a column and of what is made once for it: the count of it,
// its comparison with another column, its label or that of its count, and the
// orders by these. No other node has that word; 0 is for all others.
func once(n *node) uint64 {
	switch n.op {
	case opColumn:
		if c := columnOf(n); c != nil {
			return c.outline
		}
	case opEq:
		if c := columnOf(n.l); c != nil && c.equated.Load() == n {
			return c.about(opEq)
		}
	case opCall:
		if c := countOf(n); c != nil {
			return c.about(opCall)
		}
	case opLabel:
		if x, ok := n.ext.(*labelNode); ok && n == &x.node {
			return x.outline
		}
	case opOrder:
		if n.l == nil {
			break
		}
		switch x := n.l.ext.(type) {
		case *column:
			if w := x.about(opOrder); w != 0 && (n == &x.order[0] || n == &x.order[1]) {
				return w | uint64(n.flag)<<inCount
			}
		case *labelNode:
			if x.outline != 0 && n == &x.desc {
				return x.outline | uint64(flagDesc)<<inCount
			}
		}
	}
	return 0
}

// about is the word of what is made once for c, or 0.
func (c *column) about(o op) uint64 {
	if c.outline == 0 {
		return 0
	}
	return c.outline | uint64(o)<<inOp
}

// unary writes a node that has a left operand, and values beside it at most. A
// column on the left stands within the node's own word.
func (s *outline) unary(n *node, in uint64) bool {
	if c := columnOf(n.l); c != nil && c.outline != 0 && n.flag&^flagImm == 0 && n.aux == 0 && n.typ == nil {
		s.word(in | c.outline | uint64(n.op)<<inOp | uint64(n.flag)<<inImm)
		return true
	}
	return s.head(n, in) && s.node(n.l, 0)
}

// binary writes a node of two operands, the right one of which may be a value.
func (s *outline) binary(n *node, in uint64, at uint8) bool {
	if n.flag&flagImm == 0 {
		return n.ext == nil && s.head(n, in) && s.node(n.l, 0) && s.node(n.r, 0)
	}
	tag := tagOf(n.l, n.ext)
	s.keep(n.ext, slot{at, 0})
	return tag != 0 && s.unary(n, in|uint64(tag)<<inCount)
}

// several writes a node with several values.
func (s *outline) several(n *node, in uint64, at uint8, vs []any) bool {
	if len(vs) > len(s.values) || !s.unary(n, in|uint64(len(vs))<<inCount) {
		return false
	}
	tags := uint64(0)
	for i, v := range vs {
		tag := tagOf(n.l, v)
		if tag == 0 {
			return false
		}
		s.keep(v, slot{at, uint8(i)})
		if tags = tags<<8 | uint64(tag); i%8 == 7 {
			s.word(tags)
			tags = 0
		}
	}
	s.word(tags)
	return true
}

// operands writes a list.
func (s *outline) operands(ns []*node) bool {
	for _, n := range ns {
		if !s.node(n, 0) {
			return false
		}
	}
	return true
}

// call writes the call of a function.
func (s *outline) call(n *node, in uint64) bool {
	var buf [2]*node
	args := buf[:0]
	switch list := n.ext.(type) {
	case nil:
		if n.l == nil && n.r != nil {
			return false
		}
		args = n.args(args)
	case []*node:
		args = list
	default:
		return false
	}
	return len(args) <= 0xff && s.head(n, in|uint64(len(args))<<inCount) && s.text(n.name) && s.operands(args)
}

// tagOf says of which type a value is that goes with left: 0 for one that may
// be NULL, and one that the printer looks into.
func tagOf(left *node, v any) uint8 {
	switch v.(type) {
	case string:
		if left == nil || left.op == opColumn && left.typ != nil && typeFamilies[left.typ.Kind] == ofNumber {
			return 0 // it may be a number
		}
		return uint8(reflect.String)
	case int:
		return uint8(reflect.Int)
	case int64:
		return uint8(reflect.Int64)
	case bool:
		return uint8(reflect.Bool)
	case time.Time:
		return outlineTime
	case nil, Any, Query:
		return 0
	}
	t := reflect.TypeOf(v)
	switch k := t.Kind(); {
	case k > reflect.Float64 && k != reflect.String:
		return 0
	case t.PkgPath() != "":
		return outlineNamed + uint8(k)
	default:
		return uint8(k)
	}
}

// plainNumber reports whether a value is a number of a type of Go's. How one
// of another type is calculated with may depend on its digits.
func plainNumber(v any) bool {
	switch v.(type) {
	case int, int64, int32, int16, int8, uint, uint64, uint32, uint16, uint8, float64, float32:
		return true
	}
	return false
}

// text writes a name.
func (s *outline) text(name string) bool {
	if len(name) > 0xff {
		return false
	}
	w := uint64(len(name))
	for i := range len(name) {
		if w = w<<8 | uint64(name[i]); i%8 == 6 {
			s.word(w)
			w = 0
		}
	}
	s.word(w)
	return true
}

// head writes the word of a node that has no column within it, with its type, and
// whether that is the very pointer that the printer knows a text of any kind, or a
// whole number, by.
func (s *outline) head(n *node, in uint64) bool {
	in |= 1<<inApart | uint64(n.op)<<inOp | uint64(n.flag)<<inFlag | uint64(n.aux)<<inAux
	switch t := n.typ; {
	case t == nil:
		s.word(in)
	case t == typeVarchar:
		s.word(in | 1<<inType)
	case t == typeBigInt:
		s.word(in | 2<<inType)
	case t.Elem != nil || t.Values != nil || t.Collation != "" || t.Name != "",
		int(int32(t.Length)) != t.Length, int(int32(t.Precision)) != t.Precision, int(int32(t.Scale)) != t.Scale:
		return false
	default:
		s.word(in | 3<<inType)
		s.word(uint64(t.Kind) | uint64(bit(t.Inexact))<<8 | uint64(bit(t.Unsigned))<<9 | uint64(bit(t.National))<<10 | uint64(bit(t.Own))<<11 | uint64(uint32(t.Length))<<32)
		s.word(uint64(uint32(t.Precision)) | uint64(uint32(t.Scale))<<32)
	}
	return true
}
