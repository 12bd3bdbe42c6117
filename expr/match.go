package expr

import (
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// LikeEscape is e LIKE pattern ESCAPE escape: the character after an escape
// stands for itself.
func (e Expr[T]) LikeEscape(pattern string, escape rune) Cond {
	return e.likeEscape(likePattern, pattern, escape)
}

// StartsWithEscape is [Expr.StartsWith] with another escape character than the
// slash: one that s does not hold need not be escaped itself.
func (e Expr[T]) StartsWithEscape(s string, escape rune) Cond {
	return e.likeEscape(likeStarts, s, escape)
}

// EndsWithEscape is [Expr.EndsWith] with an escape character; see
// [Expr.StartsWithEscape].
func (e Expr[T]) EndsWithEscape(s string, escape rune) Cond {
	return e.likeEscape(likeEnds, s, escape)
}

// ContainsEscape is [Expr.Contains] with an escape character; see
// [Expr.StartsWithEscape].
func (e Expr[T]) ContainsEscape(s string, escape rune) Cond {
	return e.likeEscape(likeContains, s, escape)
}

func (e Expr[T]) likeEscape(form uint16, s string, escape rune) Cond {
	switch {
	case escape <= 0 || !utf8.ValidRune(escape) || escape == utf8.RuneError || strings.ContainsRune("%_[^]'\\", escape) && form != likePattern,
		escape == '%' || escape == '_':
		return Cond{mistake("LIKE: %q cannot be an escape character", escape)}
	}
	c := e.like(opLike, form, s)
	if c.n.op == opLike {
		c.n.flag |= flagEscape
		c.n.name = string(escape)
	}
	return c
}

// NotLike is a NOT LIKE b; see [Like].
func NotLike[T any](a, b Of[T]) Cond { return textCond[T](binary(opNotLike, a, b)) }

func likeExpr[T any](o op, form uint16, a, b Of[T]) Cond {
	n := binary(o, a, b)
	n.aux, n.flag = form, flagEscape
	if n.r == nil {
		n.r = mistake("nil operand")
	}
	return textCond[T](n)
}

// StartsWith finds texts that begin with the value of another expression,
// whose characters stand for themselves.
func StartsWith[T any](a, b Of[T]) Cond { return likeExpr[T](opLike, likeStarts, a, b) }

// EndsWith finds texts that end in the value of another expression; see
// [StartsWith].
func EndsWith[T any](a, b Of[T]) Cond { return likeExpr[T](opLike, likeEnds, a, b) }

// Contains finds texts that hold the value of another expression; see
// [StartsWith].
func Contains[T any](a, b Of[T]) Cond { return likeExpr[T](opLike, likeContains, a, b) }

// IStartsWith is [StartsWith] without regard to case.
func IStartsWith[T any](a, b Of[T]) Cond { return likeExpr[T](opILike, likeStarts, a, b) }

// IEndsWith is [EndsWith] without regard to case.
func IEndsWith[T any](a, b Of[T]) Cond { return likeExpr[T](opILike, likeEnds, a, b) }

// IContains is [Contains] without regard to case.
func IContains[T any](a, b Of[T]) Cond { return likeExpr[T](opILike, likeContains, a, b) }

// RegexpMatch finds texts in which a regular expression matches. What it may
// hold is the database's: POSIX on PostgreSQL and Oracle, ICU on MySQL, PCRE on
// MariaDB, RE2 on SQLite, where it is Go's package regexp that matches. SQL
// Server has it from version 17 on.
func (e Expr[T]) RegexpMatch(pattern string) Cond {
	if !isText[T]() {
		return e.like(opRegexp, likePattern, pattern)
	}
	return Cond{&node{op: opRegexp, flag: flagImm, l: e.n, ext: pattern}}
}

// RegexpMatch is [Expr.RegexpMatch] with an expression that gives the pattern.
func RegexpMatch[T any](a, pattern Of[T]) Cond { return textCond[T](binary(opRegexp, a, pattern)) }

// RegexpReplace is e with another text in the place of every match of a
// regular expression; see [Expr.RegexpMatch]. How the text names groups of the
// match (\1, $1) is the database's.
func RegexpReplace(e Of[string], pattern, text string) Expr[string] {
	return Expr[string]{&node{op: opReplace, typ: typeVarchar, ext: []*node{operand(e),
		{op: opBind, typ: typeVarchar, ext: pattern}, {op: opBind, typ: typeVarchar, ext: text}}}}
}

// IRegexpMatch is [Expr.RegexpMatch] without regard to case. That has regard to
// case but on MySQL and MariaDB, where it goes by the collation.
func (e Expr[T]) IRegexpMatch(pattern string) Cond {
	c := e.RegexpMatch(pattern)
	if c.n.op == opRegexp {
		c.n.aux = regexpFolds
	}
	return c
}

// IRegexpMatch is [RegexpMatch] without regard to case; see
// [Expr.IRegexpMatch].
func IRegexpMatch[T any](a, pattern Of[T]) Cond {
	c := RegexpMatch(a, pattern)
	c.n.aux = regexpFolds
	return c
}

// IRegexpReplace is [RegexpReplace] without regard to case.
func IRegexpReplace(e Of[string], pattern, text string) Expr[string] {
	r := RegexpReplace(e, pattern, text)
	r.n.aux = regexpFolds
	return r
}

// regexpFolds is the aux of a regular expression without regard to case.
const regexpFolds = 1

// Collate is e in another collation, to compare or order by. "C" stands on
// every database for the collation that goes by the codes of the characters;
// any other name is the database's own.
func Collate[T any](e Of[T], collation string) Expr[T] {
	n := &node{op: opCollate, l: operand(e), name: collation, typ: typeOf(e)}
	if !isText[T]() {
		n = mistake("COLLATE: %s is not text", describe(n.l))
	} else if collation == "" {
		n = mistake("COLLATE: empty name")
	}
	return Expr[T]{n}
}

// InList is x IN (es…), for expressions; see [Expr.In].
func InList[T any](x Of[T], es ...Of[T]) Cond { return inList(opIn, x, es) }

// NotInList is x NOT IN (es…), for expressions. It matches no row if one of
// them is NULL.
func NotInList[T any](x Of[T], es ...Of[T]) Cond { return inList(opNotIn, x, es) }

func inList[T any](o op, x Of[T], es []Of[T]) Cond {
	v := &values{node: node{op: o, l: nodeOf(x)}, list: make([]any, len(es))}
	for i, e := range es {
		v.list[i] = e
		if nodeOf(e) == nil {
			v.list[i] = Expr[T]{mistake("nil operand")}
		}
	}
	v.ext = v
	return Cond{&v.node}
}

// ValuePtr is the value that v points to as a parameter, or a parameter that is
// NULL.
func ValuePtr[T any](v *T) Expr[T] {
	n := &node{op: opBind, typ: typeFor[T]()}
	if v != nil {
		n.ext = *v
	}
	return Expr[T]{n}
}

// anyOf is the list of an AnyOf, as it is sent to a database that takes
// arrays.
type anyOf struct {
	slice any
	list  func() []any
	n     int
	wrong error
}

// AnyOf finds the rows where e is one of vs, like [Expr.In]. Where the database
// takes arrays (PostgreSQL), the list is one parameter, so that the text is the
// same for every length, and no list is too long; elsewhere it is that of In.
func (e Expr[T]) AnyOf(vs []T) Cond { return e.anyOf(opAny, vs) }

// NoneOf finds the rows where e is none of vs, like [Expr.NotIn]; see
// [Expr.AnyOf].
func (e Expr[T]) NoneOf(vs []T) Cond { return e.anyOf(opNone, vs) }

func (e Expr[T]) anyOf(o op, vs []T) Cond {
	own := make([]T, len(vs)) // not nil, which would be NULL
	copy(own, vs)
	var slice any = own
	if t := reflect.TypeFor[T](); t.Kind() == reflect.Uint8 { // numbers, and not a text of bytes
		numbers := make([]int16, len(vs))
		for i := range own {
			numbers[i] = int16(reflect.ValueOf(own).Index(i).Uint())
		}
		slice = numbers
	}
	return Cond{&node{op: o, l: e.n, ext: &anyOf{slice: slice, n: len(own), list: func() []any { return boxed(own) }}}}
}

func boxed[T any](vs []T) []any {
	list := make([]any, len(vs))
	for i, v := range vs {
		list[i] = v
	}
	return list
}

// replaced is the list with another one in its place.
func (a *anyOf) replaced(list any) *anyOf {
	v := reflect.ValueOf(list)
	if v.Kind() != reflect.Slice {
		return &anyOf{slice: []any{}, wrong: mistake("AnyOf: a list is replaced by a %T, which is none", list).ext.(error), list: func() []any { return nil }}
	}
	return &anyOf{slice: list, n: v.Len(), list: func() []any {
		list := make([]any, v.Len())
		for i := range list {
			list[i] = v.Index(i).Interface()
		}
		return list
	}}
}

// FilterBy compares columns of a table with values by their names, in pairs
// and joined by AND: expr.FilterBy(Orders, "status", "paid", "user_id", 3). A
// nil value is IS NULL. Unknown names and a name without a value are mistakes.
func FilterBy(r Relation, pairs ...any) Cond {
	if len(pairs) == 0 || len(pairs)%2 != 0 {
		return Cond{mistake("FilterBy: a name and a value for each column, not %d arguments", len(pairs))}
	}
	conds := make([]Cond, 0, len(pairs)/2)
	for pair := range slices.Chunk(pairs, 2) {
		name, ok := pair[0].(string)
		if !ok {
			return Cond{mistake("FilterBy: a column's name is a string, not a %T", pair[0])}
		}
		c := C[any](r, name)
		if pair[1] == nil {
			conds = append(conds, c.IsNull())
		} else {
			conds = append(conds, c.Eq(pair[1]))
		}
	}
	return And(conds...)
}

// arrayOf is the type of a list of values for a column of type t.
func arrayOf(t *dialect.Type) *dialect.Type {
	if t == nil {
		return nil
	}
	return &dialect.Type{Kind: dialect.Array, Elem: t}
}
