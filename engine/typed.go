package engine

import (
	"context"
	"iter"
	"reflect"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// AllOf is [All] for a statement that knows the type of its rows, as
// expr.Select2 and its like make it:
//
//	rows, err := engine.AllOf(ctx, eng, expr.Select2(Users.ID, Users.Name).From(Users))
func AllOf[T any](ctx context.Context, r Runner, s dialect.Typed[T]) ([]T, error) {
	return All[T](ctx, r, s)
}

// OneOf is [One] for a statement that knows the type of its rows; see [AllOf].
func OneOf[T any](ctx context.Context, r Runner, s dialect.Typed[T]) (T, error) {
	return One[T](ctx, r, s)
}

// OneOrNoneOf is [OneOrNone] for a statement that knows the type of its rows;
// see [AllOf].
func OneOrNoneOf[T any](ctx context.Context, r Runner, s dialect.Typed[T]) (v T, ok bool, err error) {
	return OneOrNone[T](ctx, r, s)
}

// EachOf is [Each] for a statement that knows the type of its rows; see [AllOf].
func EachOf[T any](ctx context.Context, r Runner, s dialect.Typed[T]) iter.Seq2[T, error] {
	return Each[T](ctx, r, s)
}

var tupleType = reflect.TypeFor[dialect.Tuple]()

// isTuple reports whether t takes columns by their places.
func isTuple(t reflect.Type) bool { return t.Kind() == reflect.Struct && t.Implements(tupleType) }

// tuple plans a struct whose fields take the columns by their places.
func (b *planner) tuple(t reflect.Type) {
	fields := reflect.VisibleFields(t)
	if len(fields) != len(b.p.names) {
		b.bad("a %s takes a result of %d columns, and this one has %d (%s)", t, len(fields), len(b.p.names), strings.Join(b.p.names, ", "))
		return
	}
	b.p.steps = make([]step, len(fields))
	for i, f := range fields {
		switch {
		case !f.IsExported() || len(f.Index) != 1:
			b.bad("field %s of %s cannot take a column: the fields of a tuple are exported and not embedded", f.Name, t)
			continue
		case isRow(f.Type) || f.Type.Kind() == reflect.Pointer && isRow(f.Type.Elem()):
			b.bad("field %s of %s is a %s, which takes more than one column", f.Name, t, f.Type)
			continue
		}
		s := b.step(f.Type, false, "column "+f.Name+" ("+f.Type.String()+")")
		s.off += f.Offset
		s.valid += f.Offset
		b.p.steps[i] = s
	}
}
