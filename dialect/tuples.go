package dialect

import (
	"reflect"

	"github.com/sqlayer-go/sqlayer/internal/sqltext"
	"github.com/sqlayer-go/sqlayer/internal/tag"
)

// isTuple reports whether values of t are several values: a slice or an array
// other than of bytes, or a struct, that is not a value of the database by itself.
func isTuple(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array, reflect.Struct:
		return !tag.IsValue(t)
	}
	return false
}

// elem is element i of a list, without the interface or pointer around it.
func elem(items reflect.Value, i int) reflect.Value {
	v := items.Index(i)
	for (v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer && isTuple(v.Type())) && !v.IsNil() {
		v = v.Elem()
	}
	return v
}

// tupleValues returns the values of a tuple: the elements of a list, the fields
// of a struct that are columns.
func tupleValues(v reflect.Value, values []any) ([]any, error) {
	switch {
	case !v.IsValid() || v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface || !isTuple(v.Type()):
		return values, nil
	case v.Kind() != reflect.Struct:
		for i := range v.Len() {
			values = append(values, v.Index(i).Interface())
		}
		return values, nil
	}
	fields, err := tag.Fields(v.Type())
	if err != nil {
		return nil, err
	}
	for i := range fields {
		if f := &fields[i]; f.Shape == tag.Value || f.Shape == tag.Other {
			field, err := v.FieldByIndexErr(f.Index)
			if err != nil { // a nil embedded pointer
				values = append(values, nil)
				continue
			}
			values = append(values, field.Interface())
		}
	}
	return values, nil
}

// writeTuples writes IN and a list of tuples.
func writeTuples(w *Writer, p sqltext.Piece, items reflect.Value) error {
	f := w.Features()
	if f.RowIn == NoRowIn {
		return Unsupported(w.Dialect(), "a list of tuples in IN (:"+p.Name+")", "compare the columns one by one, or join the pairs as a table")
	}
	n := items.Len()
	if n == 0 {
		return writeNoTuples(w, p)
	}
	if f.MaxInList > 0 && n > f.MaxInList {
		return Errorf(ErrArguments, "dialect: :%s has %d items, and a list of %s takes at most %d", p.Name, n, w.Dialect().Name(), f.MaxInList)
	}
	before := "IN ("
	if p.Not {
		before = "NOT IN ("
	}
	if f.RowIn == RowInValues {
		before += "VALUES "
	}
	w.WriteString(before)
	var values []any
	width := 0
	for i := range n {
		var err error
		if values, err = tupleValues(elem(items, i), values[:0]); err != nil {
			return Errorf(ErrArguments, "dialect: :%s: %w", p.Name, err)
		}
		switch {
		case len(values) == 0:
			return Errorf(ErrArguments, "dialect: :%s: item %d has no values of a tuple", p.Name, i+1)
		case i > 0 && len(values) != width:
			return Errorf(ErrArguments, "dialect: :%s: item %d has %d values, and those before have %d", p.Name, i+1, len(values), width)
		case i > 0:
			w.WriteString(", ")
		}
		width = len(values)
		for j, v := range values {
			if j == 0 {
				w.WriteByte('(')
			} else {
				w.WriteString(", ")
			}
			w.BindArg(Arg{Value: v, Name: p.Name})
		}
		w.WriteByte(')')
	}
	w.WriteByte(')')
	return nil
}

// writeNoTuples takes the place of a comparison with no tuples, left operand
// and all: how many values those would have, the list does not say.
func writeNoTuples(w *Writer, p sqltext.Piece) error {
	if p.Group <= 0 || p.Group > w.Len() {
		return Errorf(ErrArguments, "dialect: :%s is an empty list of tuples: that needs columns in parentheses before IN, and no parameters among them", p.Name)
	}
	w.Cut(w.Len() - p.Group)
	if p.Not {
		w.WriteString("(1 = 1)")
	} else {
		w.WriteString("(1 = 0)")
	}
	return nil
}
