package orm

import (
	"reflect"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/internal/suggest"
	"github.com/sqlayer-go/sqlayer/internal/tag"
)

// reference is what an fk option names: User.ID, or table.column.
type reference struct {
	text   string
	pkg    string
	goType string // User; empty where a table is named
	field  string
	schema string
	table  string
	column string
	// implied is a reference that follows from a belongs-to, to the primary
	// key: it orders rows, and makes no constraint.
	implied bool
}

func parseReference(text, pkg string) (*reference, error) {
	r := &reference{text: text, pkg: pkg}
	i := strings.LastIndexByte(text, '.')
	if i <= 0 || i == len(text)-1 {
		return nil, plain("fk:%s names no column: write fk:User.ID (a type and a field) or fk:users.id (a table and a column)", text)
	}
	owner, name := text[:i], text[i+1:]
	if capital(owner) || capital(name) {
		r.goType, r.field = owner, name
		r.table, r.column = tag.Table(owner), tag.Snake(name)
		return r, nil
	}
	r.table, r.column = owner, name
	if j := strings.LastIndexByte(owner, '.'); j >= 0 {
		r.schema, r.table = owner[:j], owner[j+1:]
	}
	return r, nil
}

// capital reports whether a name is one of Go's exported ones.
func capital(name string) bool {
	first, _ := utf8.DecodeRuneInString(name)
	return unicode.IsUpper(first)
}

// names reports whether r refers to e.
func (r *reference) names(e *entity) bool {
	if r.goType != "" {
		return e.name == r.goType && e.typ.PkgPath() == r.pkg
	}
	return e.tableName == r.table && e.schema == r.schema
}

// columnOf returns the column of e that r refers to.
func (r *reference) columnOf(e *entity) *column {
	if r.implied {
		if len(e.pk) != 1 {
			return nil
		}
		return &e.cols[e.pk[0]]
	}
	if r.goType != "" {
		return e.fieldNamed(r.field)
	}
	for i := range e.cols {
		if e.cols[i].name == r.column {
			return &e.cols[i]
		}
	}
	return nil
}

type relationKind uint8

const (
	belongsTo relationKind = iota
	hasMany
	hasOne
)

var relationWords = [...]string{"belongs-to", "has-many", "has-one"}

// cascade says what an object's fate means for those it is related to.
type cascade uint8

const (
	cascadeSave cascade = 1 << iota
	cascadeDelete
	cascadeOrphan
)

// relation is a field that leads to other objects.
type relation struct {
	ent     *entity
	index   int
	kind    relationKind
	field   string
	typ     reflect.Type // of the field: *User, []*Address
	other   reflect.Type // User, Address
	off     uintptr
	hops    []tag.Hop
	fk      string
	cascade cascade
	order   string

	once sync.Once
	l    link
	err  error
}

// link is how the two sides of a relation are joined: column local of the
// relation's own entity equals column remote of target.
type link struct {
	target  *entity
	local   int
	remote  int
	inverse *relation // belongs-to on the other side of a has; nil: none
	orders  []expr.Term
}

func (e *entity) addRelation(f *tag.Field) error {
	r := &relation{ent: e, index: len(e.rels), field: f.Name, typ: f.Type, off: f.Offset, hops: f.Pointers}
	n := 0
	for i, word := range relationWords {
		if f.Tag.Has(word) {
			r.kind = relationKind(i)
			n++
		}
	}
	if n > 1 {
		return plain("only one of belongs-to, has-many and has-one")
	}
	if f.Tag.Name != "" {
		return plain("a relation has no column, so the name %q stands for nothing", f.Tag.Name)
	}
	t := f.Type
	if r.kind == hasMany {
		if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Pointer {
			elem := t
			for elem.Kind() == reflect.Slice || elem.Kind() == reflect.Pointer {
				elem = elem.Elem()
			}
			return plain("has-many is a slice of pointers: use []*%s in place of %s", elem.Name(), t)
		}
		t = t.Elem()
	} else if t.Kind() != reflect.Pointer {
		return plain("%s is a pointer: use *%s in place of %s", relationWords[r.kind], t.Name(), t)
	}
	if r.other = t.Elem(); r.other.Kind() != reflect.Struct || tag.IsValue(r.other) {
		return plain("%s is not a mapped type", r.other)
	}
	r.fk, _ = f.Tag.Get("fk")
	r.order, _ = f.Tag.Get("order")
	if r.order != "" && r.kind != hasMany {
		return plain("option order is for has-many")
	}
	r.cascade = cascadeSave
	if text, ok := f.Tag.Get("cascade"); ok {
		var err error
		if r.cascade, err = parseCascade(text); err != nil {
			return err
		}
		if r.kind == belongsTo && r.cascade&(cascadeDelete|cascadeOrphan) != 0 {
			return plain("cascade:%s on belongs-to would delete what others may belong to as well: put it on the other side's has-many or has-one", text)
		}
	}
	at := place{e.blockOf(f.Pointers), r.off}
	e.fields[at] = append(e.fields[at], fieldAt{typ: r.typ, col: -1, rel: r})
	e.rels = append(e.rels, r)
	if len(e.rels) > 64 {
		return plain("a type has at most 64 relations")
	}
	return nil
}

func parseCascade(text string) (cascade, error) {
	words := map[string]cascade{"all": cascadeSave | cascadeDelete, "save-update": cascadeSave, "delete": cascadeDelete,
		"delete-orphan": cascadeOrphan, "none": 0}
	var c cascade
	for word := range strings.SplitSeq(text, "+") {
		bits, ok := words[strings.TrimSpace(word)]
		if !ok {
			names := []string{"all", "save-update", "delete", "delete-orphan", "none"}
			return 0, plain("unknown cascade %q%s: it is made of %s, joined by +", word, suggest.Hint(word, names), strings.Join(names, ", "))
		}
		c |= bits
	}
	if c&cascadeOrphan != 0 && c&cascadeDelete == 0 {
		return 0, plain("cascade:%s: delete-orphan needs delete as well: write all+delete-orphan", text)
	}
	return c, nil
}

func (r *relation) String() string { return r.ent.name + "." + r.field }

// at returns where the relation's field lies, nil behind a nil embedded
// pointer.
func (r *relation) at(base unsafe.Pointer) unsafe.Pointer {
	for i := range r.hops {
		base = *(*unsafe.Pointer)(unsafe.Add(base, r.hops[i].Offset))
		if base == nil {
			return nil
		}
	}
	return unsafe.Add(base, r.off)
}

// one returns what a belongs-to or has-one points to.
func (r *relation) one(base unsafe.Pointer) unsafe.Pointer {
	if p := r.at(base); p != nil {
		return *(*unsafe.Pointer)(p)
	}
	return nil
}

func (r *relation) setOne(base, to unsafe.Pointer) {
	*(*unsafe.Pointer)(unsafe.Add(walk(base, r.hops), r.off)) = to
}

// many returns the slice of a has-many. All pointers have one layout.
func (r *relation) many(base unsafe.Pointer) []unsafe.Pointer {
	if p := r.at(base); p != nil {
		return *(*[]unsafe.Pointer)(p)
	}
	return nil
}

func (r *relation) setMany(base unsafe.Pointer, list []unsafe.Pointer) {
	*(*[]unsafe.Pointer)(unsafe.Add(walk(base, r.hops), r.off)) = list
}

// members returns what the relation leads to: the elements of a has-many, the
// one of the others if it is not nil. buf saves an allocation.
func (r *relation) members(base unsafe.Pointer, buf *[1]unsafe.Pointer) []unsafe.Pointer {
	if r.kind == hasMany {
		return r.many(base)
	}
	if p := r.one(base); p != nil {
		buf[0] = p
		return buf[:]
	}
	return nil
}

// link finds out how the sides are joined, once.
func (r *relation) link() (*link, error) {
	r.once.Do(func() {
		if r.err = r.join(); r.err != nil {
			r.err = mistake("%s.%s: %w", r.ent.typ, r.field, r.err)
		}
	})
	if r.err != nil {
		return nil, r.err
	}
	return &r.l, nil
}

func (r *relation) join() error {
	target, err := entityFor(r.other)
	if err != nil {
		return err
	}
	r.l.target = target
	holder, refers := target, r.ent // of the foreign key, and what that refers to
	if r.kind == belongsTo {
		holder, refers = r.ent, target
	}
	name := r.fk
	if name == "" {
		name = r.ent.name + "ID"
		if r.kind == belongsTo {
			name = r.field + "ID"
		}
	}
	fk := holder.fieldNamed(name)
	if fk == nil {
		if r.fk == "" {
			return plain("which field of %s is the foreign key? There is no %s; name it with fk:Field", holder.name, name)
		}
		return plain("fk:%s: %s has no such field%s", name, holder.name, suggest.Hint(name, holder.fieldNames()))
	}
	var ref *column
	switch {
	case fk.ref != nil && !fk.ref.implied && fk.ref.names(refers):
		if ref = fk.ref.columnOf(refers); ref == nil {
			return plain("%s.%s refers to %s, and %s has no such field%s", holder.name, fk.field, fk.ref.text, refers.name,
				suggest.Hint(fk.ref.field, refers.fieldNames()))
		}
	case fk.ref != nil && !fk.ref.implied:
		return plain("%s.%s is a foreign key to %s, not to %s", holder.name, fk.field, fk.ref.text, refers.name)
	case len(refers.pk) > 1:
		return plain("%s has a primary key of several columns: say which one %s.%s refers to, with fk:%s.Field on that field",
			refers.name, holder.name, fk.field, refers.name)
	default:
		ref = &refers.cols[refers.pk[0]]
	}
	if (fk.kind != ref.kind || fk.form == formOther && fk.elem != ref.elem) && !(fk.kind.integer() && ref.kind.integer()) {
		return plain("%s.%s is %s and cannot refer to %s.%s, which is %s", holder.name, fk.field, fk.typ, refers.name, ref.field, ref.typ)
	}
	if r.kind == belongsTo {
		r.l.local, r.l.remote = fk.index, ref.index
		return nil
	}
	r.l.local, r.l.remote = ref.index, fk.index
	for _, o := range target.rels {
		if o.kind == belongsTo && o.other == r.ent.typ {
			n := o.fk
			if n == "" {
				n = o.field + "ID"
			}
			if c := target.fieldNamed(n); c == fk {
				r.l.inverse = o
			}
		}
	}
	return r.parseOrder(target)
}

// parseOrder reads "City desc, ID".
func (r *relation) parseOrder(target *entity) error {
	if r.order == "" {
		return nil
	}
	for part := range strings.SplitSeq(r.order, ",") {
		words := strings.Fields(part)
		if len(words) == 0 || len(words) > 2 || len(words) == 2 && !strings.EqualFold(words[1], "desc") && !strings.EqualFold(words[1], "asc") {
			return plain("order %q: write a field, perhaps followed by desc", r.order)
		}
		c := target.fieldNamed(words[0])
		if c == nil {
			return plain("order %q: %s has no field %s%s", r.order, target.name, words[0], suggest.Hint(words[0], target.fieldNames()))
		}
		col := expr.ColumnAt(target.table, c.index)
		if len(words) == 2 && strings.EqualFold(words[1], "desc") {
			r.l.orders = append(r.l.orders, col.Desc())
		} else {
			r.l.orders = append(r.l.orders, col)
		}
	}
	return nil
}

// toOneByKey reports whether the relation leads to one object by its primary
// key, so that it can be found in the identity map.
func (r *relation) byKey(l *link) bool {
	return r.kind == belongsTo && len(l.target.pk) == 1 && l.remote == l.target.pk[0]
}
