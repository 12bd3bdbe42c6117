package orm

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// scanner reads rows whose columns are some of an entity's, in that order.
type scanner struct {
	e     *entity
	cols  []int
	dst   []any
	at    []unsafe.Pointer
	nulls []dialect.Nullable
	raws  []dialect.Borrowed
	spare unsafe.Pointer // an object for the next row
}

// newScanner returns a scanner for the columns; nil stands for all.
func newScanner(e *entity, cols []int) *scanner {
	n := len(cols)
	if cols == nil {
		n = len(e.cols)
	}
	sc := &scanner{e: e, cols: cols, dst: make([]any, n), at: make([]unsafe.Pointer, n)}
	if e.nulls > 0 {
		sc.nulls = make([]dialect.Nullable, e.nulls)
	}
	if e.raws > 0 {
		sc.raws = make([]dialect.Borrowed, e.raws)
	}
	return sc
}

func (sc *scanner) column(i int) *column {
	if sc.cols != nil {
		i = sc.cols[i]
	}
	return &sc.e.cols[i]
}

// scan reads the row into the object at base.
func (sc *scanner) scan(rows dialect.Rows, base unsafe.Pointer) error {
	after := sc.point(base)
	return sc.scanned(rows.ScanRow(sc.dst), after)
}

// point makes the destinations those of the object at base, and reports
// whether something is to be done once they are filled.
func (sc *scanner) point(base unsafe.Pointer) (after bool) {
	for i := range sc.dst {
		c := sc.column(i)
		p := c.make(base)
		sc.at[i] = p
		switch c.form {
		case formPlain:
			sc.dst[i] = c.kind.pointerTo(p)
		case formPointer:
			sc.dst[i] = c.kind.pointerToPointer(p)
		case formNull:
			n := &sc.nulls[c.nulls]
			n.Dst, n.Null = c.kind.pointerTo(p), false
			sc.dst[i], after = n, true
		case formJSON:
			sc.raws[c.raw] = nil
			sc.dst[i], after = &sc.raws[c.raw], true
		default:
			sc.dst[i] = reflect.NewAt(c.typ, p).Interface()
		}
	}
	return after
}

// scanned finishes a row that ScanRow has filled.
func (sc *scanner) scanned(err error, after bool) error {
	if err != nil {
		return sc.named(err)
	}
	if after {
		for i := range sc.dst {
			if err := sc.finish(sc.column(i), sc.at[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (sc *scanner) finish(c *column, p unsafe.Pointer) error {
	switch c.form {
	case formNull:
		null := sc.nulls[c.nulls].Null
		if null {
			reflect.NewAt(c.typ, p).Elem().SetZero()
		}
		*(*bool)(unsafe.Add(p, c.valid)) = !null
	case formJSON:
		raw := sc.raws[c.raw]
		v := reflect.NewAt(c.typ, p)
		v.Elem().SetZero()
		if raw == nil {
			if !c.null {
				switch c.typ.Kind() {
				case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
				default:
					return fmt.Errorf("orm: %s.%s (%s): %w", sc.e.name, c.field, c.typ,
						dialect.Errorf(dialect.ErrNullValue, "the JSON value is NULL"))
				}
			}
			return nil
		}
		if err := json.Unmarshal(raw, v.Interface()); err != nil {
			return dialect.Errorf(dialect.ErrScan, "orm: %s.%s: the JSON text does not fit %s: %w", sc.e.name, c.field, c.typ, err)
		}
	}
	return nil
}

// named says in a ScanError which field it was.
func (sc *scanner) named(err error) error {
	var se *dialect.ScanError
	if errors.As(err, &se) && se.Dest == "" && se.Index >= 0 && se.Index < len(sc.dst) {
		c := sc.column(se.Index)
		named := *se
		named.Dest = fmt.Sprintf("%s.%s (%s)", sc.e.name, c.field, c.typ)
		return fmt.Errorf("orm: %w", &named)
	}
	return err
}

// next returns an object to read the next row into.
func (sc *scanner) next() unsafe.Pointer {
	if sc.spare == nil {
		sc.spare = sc.e.new()
	}
	return sc.spare
}

// row reads a row of all columns, and returns the object that stands for it in
// the identity map: the one that is there already, as it is, or a new one. fk
// is what the row has in column at, where that is no negative number.
func (sc *scanner) row(rows dialect.Rows, s *store, at int) (st *state, fk key, err error) {
	obj := sc.next()
	if err := sc.scan(rows, obj); err != nil {
		return nil, fk, err
	}
	if at >= 0 {
		c := &sc.e.cols[at]
		fk, _ = c.key(c.at(obj))
	}
	k, ok := sc.e.key(obj)
	if !ok {
		return nil, fk, mistake("a row of %s has a primary key with NULL in it", sc.e.tableName)
	}
	if st := s.lookup(k); st != nil {
		reflect.NewAt(sc.e.typ, obj).Elem().SetZero()
		return st, fk, nil
	}
	sc.spare = nil
	st = s.newState(obj)
	st.status, st.key = persistent, k
	s.index(st)
	if s.track {
		if err := s.capture(st); err != nil {
			return nil, fk, err
		}
	}
	return st, fk, nil
}
