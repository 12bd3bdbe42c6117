package engine

import (
	"encoding/json"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// plan is how the rows of one result fill one Go type. It is made once for a
// type and a list of column names, and not changed afterwards.
type plan struct {
	names []string // of the columns
	// seen is the first of the columns for which the plan was found last. The
	// pointer keeps their array alive, so that another one at the same address
	// cannot be mistaken for it.
	seen atomic.Pointer[dialect.Column]
	// last is the number of rows that All read last.
	last atomic.Int64

	typ   reflect.Type // what is filled: the element, if T is a pointer to a struct
	ptr   bool         // T is a pointer to typ
	asMap bool         // T is a map[string]any
	steps []step       // one a column
	nodes []node       // structs behind pointers; the first is the row itself
	nulls int          // number of Nullables in use
	raws  int          // number of JSON texts
	plain bool         // no step needs anything after ScanRow

	states sync.Pool // of *scanState
}

// step reads one column.
type step struct {
	kind  kind
	form  form
	node  int
	off   uintptr
	typ   reflect.Type
	null  int // index of the Nullable; -1: none
	raw   int // index of the JSON text
	valid uintptr
	dest  string // for errors: "User.Name (string)"
}

// form is what a step does beside reading a value into its place.
type form uint8

const (
	direct  form = iota
	wrapped      // sql.Null: the value, then Valid
	encoded      // JSON
)

// node is a struct that a pointer leads to.
type node struct {
	parent   int
	off      uintptr // of the pointer, in the parent
	typ      reflect.Type
	optional bool // nil if all its columns are NULL; else always made
}

// scanState is what one reader of a plan needs while it reads.
type scanState struct {
	p      *plan
	dst    []any
	nulls  []dialect.Nullable
	raws   []dialect.Borrowed
	values []any // of a map
	bases  []unsafe.Pointer
	spares []unsafe.Pointer // structs made for a row that did not need them
	some   []bool           // a node has a value
	row    unsafe.Pointer   // a place for a row that is copied from
}

// get returns a state for reading.
func (p *plan) get() *scanState {
	if st, ok := p.states.Get().(*scanState); ok {
		return st
	}
	st := &scanState{p: p, dst: make([]any, len(p.names)), nulls: make([]dialect.Nullable, p.nulls), raws: make([]dialect.Borrowed, p.raws)}
	if p.asMap {
		st.values = make([]any, len(p.names))
	}
	if len(p.nodes) > 1 {
		st.bases = make([]unsafe.Pointer, len(p.nodes))
		st.spares = make([]unsafe.Pointer, len(p.nodes))
		st.some = make([]bool, len(p.nodes))
	}
	return st
}

// put gives a state back. It keeps nothing of the rows.
func (p *plan) put(st *scanState) {
	clear(st.dst)
	for i := range st.nulls {
		st.nulls[i].Dst = nil
	}
	clear(st.raws)
	clear(st.values)
	clear(st.bases)
	p.states.Put(st)
}

// scratch returns a place for one row, zeroed.
func (st *scanState) scratch() unsafe.Pointer {
	if st.row == nil {
		st.row = reflect.New(st.p.typ).UnsafePointer()
	}
	return st.row
}

// scan reads the row into the variable at base.
func (st *scanState) scan(rows dialect.Rows, base unsafe.Pointer) error {
	p := st.p
	if p.plain {
		for i := range p.steps {
			s := &p.steps[i]
			st.dst[i] = pointer(s.kind, unsafe.Add(base, s.off), s.typ)
		}
		if err := rows.ScanRow(st.dst); err != nil {
			return p.named(err)
		}
		return nil
	}
	if p.asMap {
		return st.scanMap(rows, (*map[string]any)(base))
	}
	return st.scanNodes(rows, base)
}

func (st *scanState) scanMap(rows dialect.Rows, into *map[string]any) error {
	for i := range st.dst {
		st.dst[i] = &st.values[i]
	}
	if err := rows.ScanRow(st.dst); err != nil {
		return err
	}
	m := make(map[string]any, len(st.values))
	for i, v := range st.values {
		m[st.p.names[i]] = v
	}
	*into = m
	return nil
}

// scanNodes is scan for a row with structs behind pointers, sql.Null or JSON.
func (st *scanState) scanNodes(rows dialect.Rows, base unsafe.Pointer) error {
	p := st.p
	for i := 1; i < len(p.nodes); i++ {
		if st.spares[i] == nil {
			st.spares[i] = reflect.New(p.nodes[i].typ).UnsafePointer()
		}
		st.bases[i] = st.spares[i]
	}
	if st.bases != nil {
		st.bases[0] = base
	}
	for i := range p.steps {
		s := &p.steps[i]
		at := unsafe.Add(st.base(s.node, base), s.off)
		var d any
		if s.form == encoded {
			d = &st.raws[s.raw]
		} else {
			d = pointer(s.kind, at, s.typ)
		}
		if s.null >= 0 {
			n := &st.nulls[s.null]
			n.Dst, n.Null = d, false
			d = n
		}
		st.dst[i] = d
	}
	err := rows.ScanRow(st.dst)
	if err == nil {
		err = st.finish(base)
	}
	if err != nil {
		clear(st.spares) // partly written
		return p.named(err)
	}
	return nil
}

func (st *scanState) base(node int, row unsafe.Pointer) unsafe.Pointer {
	if node == 0 {
		return row
	}
	return st.bases[node]
}

// finish does what follows ScanRow: which nested structs are there, NULLs in
// them, Valid, JSON.
func (st *scanState) finish(row unsafe.Pointer) error {
	p := st.p
	if len(p.nodes) > 1 {
		clear(st.some)
		for i := range p.steps {
			if s := &p.steps[i]; s.null < 0 || !st.nulls[s.null].Null {
				st.some[s.node] = true
			}
		}
		for i := len(p.nodes) - 1; i > 0; i-- { // children come after their parents
			n := &p.nodes[i]
			if n.optional && !st.some[i] {
				continue
			}
			if st.some[i] {
				st.some[n.parent] = true
			}
			*(*unsafe.Pointer)(unsafe.Add(st.base(n.parent, row), n.off)) = st.bases[i]
			st.spares[i] = nil
		}
		st.some[0] = true
	}
	for i := range p.steps {
		s := &p.steps[i]
		if s.null < 0 && s.form == direct || st.some != nil && !st.there(s.node) {
			continue
		}
		null := s.null >= 0 && st.nulls[s.null].Null
		at := unsafe.Add(st.base(s.node, row), s.off)
		switch {
		case s.form == wrapped:
			*(*bool)(unsafe.Add(st.base(s.node, row), s.valid)) = !null
			if null {
				reflect.NewAt(s.typ, at).Elem().SetZero()
			}
		case s.form == encoded:
			if err := st.decode(s, at, null); err != nil {
				return dialect.NewScanError(p.columns(), i, err)
			}
		case null:
			if err := dialect.AssignNull(pointer(s.kind, at, s.typ)); err != nil {
				return dialect.NewScanError(p.columns(), i, err)
			}
		}
	}
	return nil
}

// there reports whether a node, and all around it, is part of the row.
func (st *scanState) there(node int) bool {
	for node > 0 {
		if n := &st.p.nodes[node]; n.optional && !st.some[node] {
			return false
		}
		node = st.p.nodes[node].parent
	}
	return true
}

// decode reads a JSON text.
func (st *scanState) decode(s *step, at unsafe.Pointer, null bool) error {
	v := reflect.NewAt(s.typ, at)
	v.Elem().SetZero()
	if null {
		switch s.typ.Kind() {
		case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
			return nil
		}
		return dialect.AssignNull(new(string))
	}
	raw := st.raws[s.raw]
	st.raws[s.raw] = nil
	if err := json.Unmarshal(raw, v.Interface()); err != nil {
		return dialect.Errorf(ErrScan, "the JSON text does not fit: %w", err)
	}
	return nil
}

// columns describes the columns for an error.
func (p *plan) columns() []dialect.Column {
	cols := make([]dialect.Column, len(p.names))
	for i, n := range p.names {
		cols[i].Name = n
	}
	return cols
}

// named says, in a ScanError, which field it was.
func (p *plan) named(err error) error {
	return named(err, func(i int) string {
		if i < len(p.steps) {
			return p.steps[i].dest
		}
		return ""
	})
}

// room is by how many rows a slice that is full with n rows grows: up to the
// length of the last result, where that is at most eight times n, else to twice
// its own.
func (p *plan) room(n int) int {
	if last := int(p.last.Load()); n < last && last <= 8*n {
		return last - n
	}
	return max(8, n)
}

// read notes how many rows a result had.
func (p *plan) read(n int) {
	if p.last.Load() != int64(n) {
		p.last.Store(int64(n))
	}
}

// plans are those of one Go type.
type plans struct {
	mu   sync.Mutex // held to add one
	list atomic.Pointer[[]*plan]
}

// maxPlans bounds the plans of one type. The oldest goes: a program whose
// texts are made with ever new names of columns must not grow without end.
const maxPlans = 64

var planCache sync.Map // reflect.Type → *plans; grows once a type

// planFor returns the plan for a type and columns.
func planFor(t reflect.Type, cols []dialect.Column) (*plan, error) {
	if len(cols) == 0 {
		return nil, dialect.Errorf(ErrStatement, "engine: the statement gives no rows; use Exec, or Run without a function")
	}
	v, ok := planCache.Load(t)
	if !ok {
		v, _ = planCache.LoadOrStore(t, &plans{})
	}
	ps := v.(*plans)
	if p := ps.find(cols); p != nil {
		return p, nil
	}
	p, err := makePlan(t, cols)
	if err != nil {
		return nil, err
	}
	return ps.add(p, cols), nil
}

// find looks for a plan by the address of the columns, then by their names.
func (ps *plans) find(cols []dialect.Column) *plan {
	list := ps.list.Load()
	if list == nil {
		return nil
	}
	for _, p := range *list {
		if p.seen.Load() == &cols[0] && len(p.names) == len(cols) {
			return p
		}
	}
	for _, p := range *list {
		if p.fits(cols) {
			p.seen.Store(&cols[0])
			return p
		}
	}
	return nil
}

func (p *plan) fits(cols []dialect.Column) bool {
	if len(p.names) != len(cols) {
		return false
	}
	for i := range cols {
		if p.names[i] != cols[i].Name {
			return false
		}
	}
	return true
}

func (ps *plans) add(p *plan, cols []dialect.Column) *plan {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if other := ps.find(cols); other != nil {
		return other
	}
	p.seen.Store(&cols[0])
	var list []*plan
	if old := ps.list.Load(); old != nil {
		list = *old
		if len(list) >= maxPlans {
			list = list[1:]
		}
	}
	list = append(append(make([]*plan, 0, len(list)+1), list...), p)
	ps.list.Store(&list)
	return p
}
