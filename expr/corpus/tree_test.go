package corpus

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// Every case is walked, compared and rewritten without a loss: a copy of the
// whole tree compiles to the same text and arguments, the same case built twice
// is equal, and the walk finds every node that reflection finds.
func TestTrees(t *testing.T) {
	n, nodes := 0, 0
	for category, cases := range builders {
		for name, build := range cases {
			for _, on := range targets {
				stmts, err := build(on)
				again, err2 := build(on)
				if err != nil || err2 != nil || len(again) != len(stmts) {
					continue
				}
				for i, s := range stmts {
					tree, ok := s.(expr.Tree)
					if !ok {
						continue
					}
					n++
					id := fmt.Sprintf("%s/%s on %s", category, name, on.name)
					before, err := said(on, tree)
					copied := expr.FilterTables(tree, func(expr.Table) expr.Cond { return expr.When(false, expr.Cond{}) })
					after, err2 := said(on, copied)
					if before != after || fmt.Sprint(err) != fmt.Sprint(err2) {
						t.Errorf("%s: a copy differs\n%s %v\n%s %v", id, before, err, after, err2)
					}
					if other := again[i].(expr.Tree); expr.Equal(tree, other) {
						if same, _ := said(on, other); same != before {
							t.Errorf("%s: equal statements have different texts\n%s\n%s", id, before, same)
						}
					}
					if !expr.Equal(tree, copied) && len(rawIn(tree)) == 0 {
						t.Errorf("%s: a copy is not equal: %s", id, before)
					}
					walked := map[uintptr]bool{}
					for node := range expr.Nodes(tree) {
						walked[reflect.ValueOf(node).Field(0).Pointer()] = true
					}
					missing, all := unwalked(tree, walked)
					if nodes += all; missing > 0 {
						t.Errorf("%s: the walk misses %d nodes: %s", id, missing, before)
					}
				}
			}
		}
	}
	if n < 1000 || nodes < 4*n {
		t.Errorf("only %d statements and %d nodes", n, nodes)
	}
}

func said(on target, s dialect.Statement) (string, error) {
	c, err := dialect.Compile(on.d, s)
	if err != nil {
		return "", err
	}
	defer c.Release()
	text := c.Text()
	for _, a := range c.Args() {
		text += fmt.Sprintf(" %v", a.Value)
	}
	return text, nil
}

// unwalked counts the nodes of a tree that reflection finds and the walk does
// not, and all that it finds. Columns, names and terms of ORDER BY are left out: a table holds them
// whether or not they stand in the statement.
func unwalked(s dialect.Statement, walked map[uintptr]bool) (missing, all int) {
	w := walker{seen: map[place]bool{}, ops: map[uintptr]uint64{}}
	w.walk(reflect.ValueOf(&s).Elem())
	for p, op := range w.ops {
		if op == 0 || heldByTables[op] {
			continue
		}
		if all++; !walked[p] {
			missing++
		}
	}
	return missing, all
}

var heldByTables = func() map[uint64]bool {
	ops := map[uint64]bool{}
	for _, e := range []any{Users.ID, Users.ID.Asc(), expr.Name[int]("x"), expr.Always()} {
		v := reflect.ValueOf(e)
		for v.Type() != reflect.PointerTo(nodeType) {
			v = v.Field(0)
		}
		ops[v.Elem().FieldByName("op").Uint()] = true
	}
	return ops
}()
