package expr

import (
	"maps"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Text is raw SQL as an expression. It goes into the statement as it stands,
// so it must be the program's own and never hold what comes from outside: that
// goes through its holes. {0}, {1} … stand for the arguments: an expression is
// written in place, any other value becomes a parameter.
//
//	expr.Text("date_part('year', {0})", Users.CreatedAt)
//
// A hole without an argument and an argument without a hole are mistakes. Where
// the only argument is a dialect.Named (a map[string]any), the text has :name
// parameters in place of holes, by the rules of dialect.Text:
//
//	expr.TextCond("age BETWEEN :low AND :high", dialect.Named{"low": 20, "high": 30})
//
// For a whole statement see dialect.Text, and [TextQuery] for one within others.
func Text(sql string, args ...any) Expr[any] { return Expr[any]{text(opText, sql, args)} }

// TextCond is raw SQL as a condition; see [Text].
func TextCond(sql string, args ...any) Cond { return Cond{text(opTextCond, sql, args)} }

func text(o op, sql string, args []any) *node {
	if named, ok := namedArgs(args); ok {
		if strings.TrimSpace(sql) == "" {
			return mistake("empty text")
		}
		return &node{op: o, name: sql, ext: named}
	}
	list := make([]*node, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case Any:
			list[i] = operand(a)
		case Query:
			list[i] = &node{op: opScalar, r: queryNode(a)}
		default:
			list[i] = &node{op: opBind, ext: a}
		}
	}
	used := make([]bool, len(args))
	for rest, hole := sql, 0; rest != ""; {
		if _, hole, rest = dialect.NextPart(rest); hole < 0 {
			break
		}
		switch {
		case hole == dialect.AllParts:
			for i := range used {
				used[i] = true
			}
		case hole >= len(args):
			return mistake("text %q: hole {%d} has no argument", sql, hole)
		default:
			used[hole] = true
		}
	}
	for i, u := range used {
		if !u {
			return mistake("text %q: argument %d has no hole {%d}", sql, i, i)
		}
	}
	if strings.TrimSpace(sql) == "" {
		return mistake("empty text")
	}
	return &node{op: o, name: sql, ext: list}
}

// namedArgs returns the values of a text's :name parameters, a copy.
func namedArgs(args []any) (dialect.Named, bool) {
	if len(args) != 1 {
		return nil, false
	}
	switch a := args[0].(type) {
	case dialect.Named:
		return maps.Clone(a), true
	case map[string]any:
		return maps.Clone(dialect.Named(a)), true
	}
	return nil, false
}

// Custom is an expression that the program prints itself: print writes it,
// calling part to write its i-th child in place. Children are expressions,
// which the statement checks like any other. print must not keep w, and reports
// what the dialect cannot say with w.Unsupported. The name is for messages.
//
//	func Similarity(a, b expr.Of[string]) expr.Expr[float64] {
//		return expr.Custom[float64]("similarity", func(w *dialect.Writer, part func(int)) {
//			w.WriteString("similarity("); part(0); w.WriteString(", "); part(1); w.WriteString(")")
//		}, a, b)
//	}
func Custom[T any](name string, print func(w *dialect.Writer, part func(i int)), children ...Any) Expr[T] {
	if print == nil {
		return Expr[T]{mistake("custom expression %s has no function", name)}
	}
	c := &custom{print: print}
	for _, e := range children {
		c.children = append(c.children, operand(e))
	}
	return Expr[T]{&node{op: opCustom, name: name, typ: typeFor[T](), ext: c}}
}

type custom struct {
	print    func(w *dialect.Writer, part func(i int))
	children []*node
	// Of a clause: the name in Features.Own, and the way out.
	own, instead string
}

// Resolver knows the columns behind references, which a mapping layer makes
// with [Ref], once the statement is compiled.
type Resolver interface {
	// Resolve returns the column that key stands for, or nil and an error
	// that says why there is none.
	Resolve(key any) (Any, error)
}

// Ref is a column that only the statement's [Resolver] knows. A key is usually
// a pointer. Without a Resolver it is a mistake.
func Ref[T any](key any) Expr[T] { return Expr[T]{&node{op: opRef, ext: key}} }

// Defer is an expression that is made when the statement is compiled, from
// what its [Resolver] knows.
func Defer[T any](f func(Resolver) (Any, error)) Expr[T] {
	if f == nil {
		return Expr[T]{mistake("Defer of no function")}
	}
	return Expr[T]{&node{op: opDefer, ext: f}}
}

// DeferCond is a condition that is made when the statement is compiled.
func DeferCond(f func(Resolver) (Cond, error)) Cond {
	if f == nil {
		return Cond{mistake("DeferCond of no function")}
	}
	return Cond{&node{op: opDefer, ext: func(r Resolver) (Any, error) {
		c, err := f(r)
		if err != nil {
			return nil, err
		}
		return c, nil
	}}}
}

// Resolve gives the statement a Resolver. Queries within it that have none of
// their own ask it too.
func (s SelectStmt) Resolve(r Resolver) SelectStmt {
	return SelectStmt{s.c.with(item{clause: clauseResolver, n: &node{ext: r}})}
}

// Resolve gives the statement a Resolver.
func (s UpdateStmt) Resolve(r Resolver) UpdateStmt {
	return UpdateStmt{s.c.with(item{clause: clauseResolver, n: &node{ext: r}})}
}

// Resolve gives the statement a Resolver.
func (s DeleteStmt) Resolve(r Resolver) DeleteStmt {
	return DeleteStmt{s.c.with(item{clause: clauseResolver, n: &node{ext: r}})}
}
