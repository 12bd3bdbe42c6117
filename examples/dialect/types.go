package quarry

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var (
	_ dialect.Wrapper    = (*quarry)(nil)
	_ dialect.TypeParser = (*quarry)(nil)
)

// ubigint is Quarry's type of whole numbers from 0 to 2⁶⁴-1, for which
// PostgreSQL has a numeric.
const ubigint = "quarry.ubigint"

// TypeName implements [dialect.Dialect].
func (q *quarry) TypeName(t *dialect.Type) (string, error) {
	switch {
	case t == nil:
	case t.Kind == dialect.BigInt && t.Unsigned:
		return ubigint, nil
	case t.Kind == dialect.Array && t.Elem != nil:
		// The dialect below would ask itself for the name of the elements.
		elem, err := q.TypeName(t.Elem)
		if err != nil {
			return "", err
		}
		return elem + "[]", nil
	}
	return q.Dialect.TypeName(t)
}

// ParseType implements [dialect.TypeParser]. Reflection asks it for each
// column.
func (q *quarry) ParseType(text string) (dialect.Type, error) {
	if text == ubigint {
		return dialect.Type{Kind: dialect.BigInt, Unsigned: true}, nil
	}
	if elem, ok := strings.CutSuffix(text, "[]"); ok {
		t, err := q.ParseType(elem)
		if err != nil {
			return dialect.Type{}, err
		}
		return dialect.Type{Kind: dialect.Array, Elem: &t}, nil
	}
	below, ok := dialect.As[dialect.TypeParser](q.Dialect)
	if !ok {
		return dialect.Type{Kind: dialect.Native, Name: text}, nil
	}
	return below.ParseType(text)
}
