package expr

import (
	"encoding/json"
	"math"
	"reflect"
	"time"
	"unicode/utf8"
)

// longList reports whether a list of n values is too long for parameters of its
// own: it alone takes more than half of what a statement may have, or it
// leaves less than an eighth for what follows.
func (p *printer) longList(n int) bool {
	most := p.f.MaxParams
	return most > 0 && (n > most/2 || n+len(p.w.Args()) > most-most/8)
}

// listAsOne writes x IN (…) over a list that is too long with one parameter: an
// array, or a document of JSON that the database takes apart. It reports false,
// having written nothing, where the database has neither or the values are of a
// kind that would not stay what they are; the Writer then says which limit is
// passed.
func (p *printer) listAsOne(left *node, list []any, o op, around int) bool {
	if before := p.w.Literals(false); before { // no parameters at all
		p.w.Literals(true)
		return false
	}
	if left == nil || !p.f.AnyArray && p.f.JSONList == "" {
		return false
	}
	slice, ok := sliceOf(list)
	if !ok || !p.f.AnyArray && !inJSON(slice, list) {
		return false
	}
	p.alikeValue(left, list[0])
	open := p.open(precCmp, around)
	p.ordered(left, precCmp+1)
	if p.f.AnyArray {
		if o == opIn {
			p.str(" = ANY (")
		} else {
			p.str(" != ALL (")
		}
		p.w.Bind(slice.Interface(), arrayOf(left.typ))
	} else {
		if o == opIn {
			p.str(" IN (")
		} else {
			p.str(" NOT IN (")
		}
		text, err := json.Marshal(slice.Interface())
		if err != nil {
			p.fail("%s: %w", describe(left), err)
		}
		p.w.Template(p.f.JSONList, func(int) { p.w.Bind(string(text), typeText) })
	}
	p.w.WriteByte(')')
	p.close(open)
	return true
}

// sliceOf is the list as a slice of its one type, if that is one of Go's own.
func sliceOf(list []any) (reflect.Value, bool) {
	var slice reflect.Value
	switch list[0].(type) {
	case string, bool, int, int8, int16, int32, int64, uint8, uint16, uint32, float32, float64, time.Time:
		slice = reflect.MakeSlice(reflect.SliceOf(reflect.TypeOf(list[0])), len(list), len(list))
	default:
		return slice, false
	}
	of := slice.Type().Elem()
	for i, v := range list {
		if reflect.TypeOf(v) != of {
			return slice, false
		}
		slice.Index(i).Set(reflect.ValueOf(v))
	}
	return slice, true
}

// inJSON reports whether the values come out of a JSON array as what they are:
// whole numbers, and texts that are well formed and hold no NUL.
func inJSON(slice reflect.Value, list []any) bool {
	switch k := slice.Type().Elem().Kind(); {
	case k == reflect.Uint8: // a slice of them is bytes
		return false
	case k >= reflect.Int && k <= reflect.Uint32:
		return true
	case k != reflect.String:
		return false
	}
	for _, v := range list {
		s := v.(string)
		if len(s) > math.MaxInt32 || !utf8.ValidString(s) {
			return false
		}
		for i := range len(s) {
			if s[i] == 0 {
				return false
			}
		}
	}
	return true
}
