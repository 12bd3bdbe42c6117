package expr

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sqlayer-go/sqlayer/dialect"
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
	if left == nil {
		return false
	}
	slice, ok := sliceOf(list)
	if !ok {
		return false
	}
	query := ""
	if !p.f.AnyArray {
		if query = p.jsonFor(left, slice, list); query == "" {
			return false
		}
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
		p.w.Template(query, func(int) { p.w.Bind(string(text), typeText) })
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

// jsonFor is the query that takes a list out of a JSON array as what it is:
// whole numbers that are compared with numbers, and texts. It is empty where
// there is none.
func (p *printer) jsonFor(left *node, slice reflect.Value, list []any) string {
	switch k := slice.Type().Elem().Kind(); {
	case k == reflect.String && texts(list):
		return p.f.JSONTexts
	case k >= reflect.Int && k <= reflect.Uint32 && k != reflect.Uint8 && p.numbers(left): // a slice of uint8 is bytes
		return p.f.JSONList
	}
	return ""
}

// numbers reports whether whole numbers in JSON compare with n as parameters do.
func (p *printer) numbers(n *node) bool {
	return p.f.JSONTexts != "" || n.typ != nil && wholeKind(n.typ)
}

// texts reports whether all texts are well formed and hold no NUL.
func texts(list []any) bool {
	for _, v := range list {
		s := v.(string)
		if len(s) > math.MaxInt32 || !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
			return false
		}
	}
	return true
}

// rowsAsOne writes (a, b) IN (…) over rows that are too many, with one array
// for each column, or with one document of JSON; see listAsOne.
func (p *printer) rowsAsOne(l *rowList, o op, around int) bool {
	if before := p.w.Literals(false); before {
		p.w.Literals(true)
		return false
	}
	columns := make([][]any, len(l.left))
	for _, row := range l.rows {
		for i, n := range row {
			n = p.settle(n)
			if n == nil || n.op != opBind || exprIn(n.ext) != nil {
				return false
			}
			columns[i] = append(columns[i], n.ext)
		}
	}
	slices := make([]reflect.Value, len(columns))
	left := make([]*node, len(columns))
	for i, list := range columns {
		var ok bool
		left[i] = p.settle(l.left[i])
		if slices[i], ok = sliceOf(list); !ok || left[i] == nil {
			return false
		}
		if p.f.AnyArray && left[i].typ == nil || !p.f.AnyArray && (p.f.JSONRows == "" || p.jsonFor(left[i], slices[i], list) == "") {
			return false
		}
	}
	if p.f.AnyArray {
		return p.rowsAsArrays(left, slices, o, around)
	}
	rows := make([][]any, len(l.rows))
	for i := range rows {
		rows[i] = make([]any, len(columns))
		for j := range columns {
			rows[i][j] = columns[j][i]
		}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		p.fail("%s: %w", opNames[o], err)
	}
	table := func() {
		p.w.Template(p.f.JSONRows, func(hole int) {
			if hole == 0 {
				p.w.Bind(string(text), typeText)
				return
			}
			for i := range left {
				if i > 0 {
					p.str(", ")
				}
				p.w.Template(p.f.JSONColumn, func(int) { p.w.WriteInt(int64(i)) })
			}
		})
	}
	if p.f.RowIn == dialect.NoRowIn {
		p.rowsExist(left, o, around, table)
		return true
	}
	open := p.open(precCmp, around)
	p.row(left, nil)
	p.str(" " + opNames[o] + " (SELECT ")
	for i := range left {
		if i > 0 {
			p.str(", ")
		}
		p.str("v" + strconv.Itoa(i))
	}
	p.str(" FROM ")
	table()
	p.w.WriteByte(')')
	p.close(open)
	return true
}

// rowsAsArrays writes (a, b) IN (SELECT … FROM unnest($1, $2)).
func (p *printer) rowsAsArrays(left []*node, slices []reflect.Value, o op, around int) bool {
	names := make([]string, len(left))
	for i, n := range left {
		name, err := p.castName(arrayOf(n.typ))
		if err != nil {
			return false
		}
		names[i] = name
	}
	open := p.open(precCmp, around)
	p.row(left, nil)
	p.str(" " + opNames[o] + " (SELECT * FROM unnest(")
	for i, n := range left {
		if i > 0 {
			p.str(", ")
		}
		p.str("CAST(")
		p.w.Bind(slices[i].Interface(), arrayOf(n.typ))
		p.str(" AS " + names[i] + ")")
	}
	p.str("))")
	p.close(open)
	return true
}

// rowsExist writes EXISTS over a table of rows, where there are no row values.
// See perhaps.
func (p *printer) rowsExist(left []*node, o op, around int, table func()) {
	open := p.existing(o, around)
	perhaps := p.perhaps(o)
	p.str("EXISTS (SELECT 1 FROM ")
	table()
	p.str(" WHERE ")
	for i, n := range left {
		if i > 0 {
			p.str(" AND ")
		}
		null := perhaps && p.nullable(n)
		if null {
			p.w.WriteByte('(')
		}
		p.str("long_list.v" + strconv.Itoa(i) + " = ")
		p.ordered(n, precCmp+1)
		if null {
			p.str(" OR ")
			p.expr(n, precCmp+1)
			p.str(" IS NULL)")
		}
	}
	p.w.WriteByte(')')
	p.close(open)
}
