package expr

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
)

var fiveDialects = []dialect.Dialect{postgres.Dialect(), mysql.Dialect(), sqlite.Dialect(), mssql.Dialect(), oracle.Dialect()}

// reached are the nodes that a value holds, found by reflection, and not by
// what the package knows of its own types.
type reached struct {
	seen  map[reachedAt]bool
	nodes map[*node]bool
	exts  map[reflect.Type]bool
}

type reachedAt struct {
	p uintptr
	t reflect.Type
}

var (
	nodePtr   = reflect.TypeFor[*node]()
	columnPtr = reflect.TypeFor[*column]()
	sourcePtr = reflect.TypeFor[*source]()
	clauseVal = reflect.TypeFor[clauses]()
)

func (r *reached) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			r.value(v.Elem())
		}
	case reflect.Pointer:
		if v.IsNil() || v.Type() == reflect.TypeFor[*dialect.Type]() || v.Type() == reflect.TypeFor[*Template]() {
			return
		}
		at := reachedAt{v.Pointer(), v.Type()}
		if r.seen[at] {
			return
		}
		r.seen[at] = true
		switch v.Type() {
		case columnPtr: // it is part of a table, and not of what names it
		case sourcePtr:
			s := (*source)(v.UnsafePointer())
			for s.base != nil {
				s = s.base
			}
			for _, x := range []any{s.call, s.query, s.write, s.joins} {
				r.value(reflect.ValueOf(&x).Elem())
			}
		case nodePtr:
			n := (*node)(v.UnsafePointer())
			r.node(n)
		default:
			r.value(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			r.value(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == clauseVal {
			c := clauses{(*list)(v.Field(0).UnsafePointer()), int(v.Field(1).Int())}
			for _, it := range c.items() {
				r.value(reflect.ValueOf(&it.n).Elem())
				r.value(reflect.ValueOf(&it.on).Elem())
			}
			return
		}
		for i := range v.NumField() {
			switch name := v.Type().Field(i).Name; {
			case v.Type() == reflect.TypeFor[labelNode](): // the node, and the order by it
			case v.Type() == reflect.TypeFor[values]() && name != "list":
			case v.Type() == reflect.TypeFor[valuesData]() && name != "rows":
			case v.Type() == reflect.TypeFor[TextSelect]() && name == "columns": // names of what the text gives
			default:
				r.value(v.Field(i))
			}
		}
	}
}

func (r *reached) node(n *node) {
	if n.op != 0 {
		r.nodes[n] = true
	}
	r.exts[reflect.TypeOf(n.ext)] = true
	for _, x := range []any{n.l, n.r, n.ext} {
		r.value(reflect.ValueOf(&x).Elem())
	}
}

func reach(t Tree) *reached {
	r := &reached{map[reachedAt]bool{}, map[*node]bool{}, map[reflect.Type]bool{}}
	r.value(reflect.ValueOf(&t).Elem())
	return r
}

// Walk comes to every node that a statement holds, and the catalogue has every
// kind of node and every clause.
func TestWalkReachesEverything(t *testing.T) {
	ops, kinds := map[op]bool{}, map[clause]bool{}
	for _, e := range newShop("").catalogue() {
		walked := map[*node]bool{}
		Walk(e.stmt, func(n Node) bool {
			walked[n.n] = true
			return true
		})
		for n := range reach(e.stmt).nodes {
			ops[n.op] = true
			if !walked[n] {
				t.Errorf("%s: %s (kind %d) is not walked", e.name, describe(n), n.op)
			}
			if q, ok := n.ext.(interface{ parts() clauses }); ok {
				for _, it := range q.parts().items() {
					kinds[it.clause] = true
				}
			}
		}
		if p, ok := e.stmt.(interface{ parts() clauses }); ok {
			for _, it := range p.parts().items() {
				kinds[it.clause] = true
			}
		}
	}
	without := map[op]string{opRef: "of the mapping layer", opElement: "an assignment", opMistake: "a mistake", opNotRegexp: "NOT of opRegexp", opNotExists: "NOT of opExists",
		opNothing: "no condition"}
	for o := opEq; o <= opMistake; o++ {
		if !ops[o] && without[o] == "" {
			t.Errorf("the catalogue has no node of kind %d", o)
		}
	}
	for c := range numClauses {
		if !kinds[c] && c != clauseResolver && c != clauseHint {
			t.Errorf("the catalogue has no clause %d", c)
		}
	}
}

// rendering is what a statement compiles to everywhere.
func rendering(s Tree) string {
	var b strings.Builder
	for _, d := range fiveDialects {
		text, args, err := SQL(WithValues(s, given(s)), d)
		fmt.Fprintln(&b, d.Name(), text, args, err)
	}
	return b.String()
}

// given are values for the parameters that have none.
func given(s Tree) dialect.Named {
	values := dialect.Named{}
	for n := range Nodes(s) {
		if p, ok := n.n.ext.(*param); ok && !p.given {
			values[p.name] = int64(4)
		}
		if l, ok := n.n.ext.(*rowList); ok && l.param != nil && !l.param.given {
			values[l.param.name] = []Tuple2[int64, int64]{{1, 2}}
		}
	}
	return values
}

// Every value that is sent is one that Walk shows, and Rewrite reaches it.
func TestEveryValueIsWalkedAndReplaced(t *testing.T) {
	marked := func(v any) bool {
		switch v := v.(type) {
		case int64:
			return v >= 7000 && v < 8000
		case string:
			return strings.Contains(v, "7")
		case []int64:
			return slices.ContainsFunc(v, func(n int64) bool { return n >= 7000 })
		}
		return false
	}
	sent := 0
	for _, e := range newShop("").catalogue() {
		shown := map[string]bool{}
		for n := range Nodes(e.stmt) {
			if v, ok := n.Value(); ok {
				shown[fmt.Sprint(v)] = true
				if list, ok := v.([]int64); ok { // elsewhere each is a parameter
					for _, v := range list {
						shown[fmt.Sprint(v)] = true
					}
				}
			}
		}
		plain := Rewrite(e.stmt, func(n Node) (Any, bool) {
			v, ok := n.Value()
			if !ok || n.Kind() != ValueNode || !marked(v) {
				return nil, false
			}
			switch v := v.(type) {
			case int64:
				return Value[int64](1), true
			case string:
				return Value("x"), true
			case []int64:
				return Value(make([]int64, len(v))), true
			}
			return nil, false
		})
		for _, d := range fiveDialects {
			_, args, err := SQL(WithValues(e.stmt, given(e.stmt)), d)
			if err != nil {
				continue
			}
			for _, a := range args {
				if text, ok := a.(string); ok && (strings.HasPrefix(text, "$") || strings.Contains(text, "%") || strings.HasPrefix(text, "(?i)")) {
					continue // a path, a pattern: made of a value
				}
				if sent++; marked(a) && !shown[fmt.Sprint(a)] {
					t.Errorf("%s: %s: the value %v is not walked", e.name, d.Name(), a)
				}
			}
			text, args, err := SQL(WithValues(plain, given(plain)), d)
			if err != nil {
				t.Errorf("%s: %s: with other values: %v", e.name, d.Name(), err)
			}
			if slices.ContainsFunc(args, marked) || strings.Contains(text, "700") || strings.Contains(text, "'7") {
				t.Errorf("%s: %s: a value was not replaced: %s %v", e.name, d.Name(), text, args)
			}
		}
	}
	if sent < 300 {
		t.Errorf("only %d values looked at", sent)
	}
}

// A statement whose tables are replaced is the statement that is composed of
// the others from the start.
func TestReplacedTablesAreThoseOfTheOther(t *testing.T) {
	a, b := newShop(""), newShop("new_")
	theirs := b.catalogue()
	for i, e := range a.catalogue() {
		s := ReplaceTable(e.stmt, a.users, b.users)
		s = ReplaceTable(s, a.orders, b.orders)
		s = ReplaceTable(s, a.items, b.items)
		if got, want := rendering(s), rendering(theirs[i].stmt); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", e.name, got, want)
		}
		if !e.own && !Equal(s, theirs[i].stmt) {
			t.Errorf("%s: not equal to the other", e.name)
		}
		for n := range Nodes(s) {
			if n.Is(a.users) || n.Is(a.orders) || n.Is(a.items) {
				t.Errorf("%s: %s is left", e.name, n)
			}
		}
	}
}

// Equal is so of a statement and itself, of one that is composed a second
// time, both ways round, and of no two that differ.
func TestEqualIsAnEquality(t *testing.T) {
	a, b := newShop("").catalogue(), newShop("").catalogue()
	text := make([]string, len(a))
	for i := range a {
		text[i] = rendering(a[i].stmt)
	}
	for i, x := range a {
		if !Equal(x.stmt, x.stmt) {
			t.Errorf("%s: not equal to itself", x.name)
		}
		if again := Equal(x.stmt, b[i].stmt); again == x.own || again != Equal(b[i].stmt, x.stmt) {
			t.Errorf("%s: equal to itself composed again: %v", x.name, again)
		}
		if !x.own && rendering(b[i].stmt) != text[i] {
			t.Errorf("%s: equal, with another text", x.name)
		}
		for k, y := range b {
			if i != k && (Equal(x.stmt, y.stmt) || Equal(y.stmt, x.stmt)) {
				t.Errorf("%s is equal to %s", x.name, y.name)
			}
			if i < k && text[i] == text[k] && !strings.Contains(text[i], "postgres  []") {
				t.Errorf("%s and %s are not equal, and have one text", x.name, y.name)
			}
		}
	}
}

// A statement that differs in one field of one node is not equal.
func TestEqualSeesEveryField(t *testing.T) {
	changes := 0
	for _, e := range newShop("").catalogue() {
		e.changes(func(what string, n *node, other Tree) {
			changes++
			if Equal(e.stmt, other) || Equal(other, e.stmt) {
				t.Errorf("%s: equal in spite of the %s of %s (kind %d)", e.name, what, describe(n), n.op)
			}
		})
	}
	if changes < 3000 {
		t.Errorf("only %d changes", changes)
	}
}

// changes calls yield with statements each of which differs from e's in one field
// of one node.
func (e entry) changes(yield func(what string, n *node, other Tree)) {
	for n := range reach(e.stmt).nodes {
		if n.op == opSource || n.op == opQuery || n.op == opColumn {
			continue // by their own
		}
		change := func(what string, f func(*node)) {
			c := *n
			f(&c)
			r := newRewriter()
			r.replace = func(o *node) (*node, bool) { return &c, o == n }
			yield(what, n, e.stmt.mapped(&r.mapper))
		}
		change("kind", func(c *node) { c.op++ })
		change("name", func(c *node) { c.name += "x" })
		change("detail", func(c *node) { c.aux++ })
		change("type", func(c *node) { c.typ = &dialect.Type{Kind: dialect.Blob} })
		if n.op != opNull && n.op != opDefault {
			change("flag", func(c *node) { c.flag ^= flagDistinct })
		}
		other := &node{op: opName, name: "another"}
		if n.l != nil {
			change("left operand", func(c *node) { c.l = other })
		}
		if n.r != nil {
			change("right operand", func(c *node) { c.r = other })
		}
		for what, ext := range otherExts(n.ext) {
			change(what, func(c *node) { c.ext = ext })
		}
	}
	c, ok := e.stmt.(interface{ parts() clauses })
	if !ok {
		return
	}
	items := c.parts().items()
	for i := range items {
		change := func(what string, f func(*item)) {
			m := mapper{node: func(n *node) *node { return n }}
			m.items = func(_ Tree, own []item) []item {
				f(&own[i])
				return own
			}
			n := items[i].n
			if n == nil {
				n = nullNode
			}
			yield(what, n, e.stmt.mapped(&m))
		}
		change("clause", func(it *item) { it.clause = (it.clause + 1) % numClauses })
		change("item's flag", func(it *item) { it.flag ^= 64 })
		change("number", func(it *item) { it.num += 100 })
		change("item", func(it *item) { it.n = &node{op: opName, name: "another"} })
		change("item's second node", func(it *item) { it.on = &node{op: opName, name: "another"} })
	}
}

// otherExts are what differs from the ext of a node in one field each.
func otherExts(ext any) map[string]any {
	others := map[string]any{}
	v := reflect.ValueOf(ext)
	switch x := ext.(type) {
	case nil, *custom, *hint, *source, *column, error, *labelNode, *values, Tree, Resolver:
		return nil // identities, errors, what is done elsewhere
	case []*node:
		others["length"] = append(slices.Clone(x), nullNode)
		return others
	case func(Resolver) (Any, error):
		return nil
	}
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return nil
	}
	t := v.Elem().Type()
	for i := range t.NumField() {
		own := reflect.New(t)
		own.Elem().Set(v.Elem())
		name := t.Field(i).Name
		if t == reflect.TypeFor[anyOf]() && name != "slice" || t == reflect.TypeFor[Window]() && name == "frame" {
			continue // made of the list; see below
		}
		f := reflect.NewAt(t.Field(i).Type, own.Elem().Field(i).Addr().UnsafePointer()).Elem()
		if !alter(f) {
			continue
		}
		others[t.Name()+"."+name] = own.Interface()
	}
	if w, ok := ext.(*Window); ok {
		for what, f := range map[string]func(*frame){
			"frame's kind":      func(f *frame) { f.kind++ },
			"frame's exclusion": func(f *frame) { f.exclude++ },
			"frame's begin":     func(f *frame) { f.from.n += 2 },
			"frame's end":       func(f *frame) { f.to.unbounded = !f.to.unbounded },
			"frame's distance":  func(f *frame) { f.to.by = &node{op: opLiteral, ext: 77} },
		} {
			own := *w
			f(&own.frame)
			others[what] = &own
		}
	}
	return others
}

// alter gives a field another value; false where it is one that counts not.
func alter(f reflect.Value) bool {
	switch f.Kind() {
	case reflect.Bool:
		f.SetBool(!f.Bool())
	case reflect.String:
		f.SetString(f.String() + "x")
	case reflect.Int, reflect.Int64:
		f.SetInt(f.Int() + 1)
	case reflect.Uint8:
		f.SetUint(f.Uint() + 1)
	case reflect.Slice:
		if f.Len() == 0 {
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
			if f.Type().Elem() == nodePtr {
				f.Index(0).Set(reflect.ValueOf(nullNode))
			}
			return f.Type().Elem().Kind() != reflect.Interface
		}
		f.Set(f.Slice(0, f.Len()-1))
	case reflect.Pointer:
		if f.Type() != nodePtr {
			return false
		}
		f.Set(reflect.ValueOf(&node{op: opName, name: "another"}))
	case reflect.Interface:
		if f.Type() != reflect.TypeFor[any]() {
			return false
		}
		f.Set(reflect.ValueOf("another"))
	default:
		return false
	}
	return true
}

// Statements whose tables differ in anything that their text depends on are
// not equal, and neither are those that name a table by another than that of FROM.
func TestEqualSeesTables(t *testing.T) {
	def := func() TableDef {
		return TableDef{Schema: "s", Name: "t", Columns: []ColumnDef{{Name: "id", Type: typeBigInt, PrimaryKey: true, Generated: true}, {Name: "x", Type: typeVarchar}}}
	}
	query := func(d TableDef) SelectStmt {
		t := NewTable(d)
		return Select(Columns(t)...).From(t).Where(C[any](t, "id").Eq(1))
	}
	base := query(def())
	if !Equal(base, query(def())) {
		t.Error("a table that is declared again")
	}
	for name, change := range map[string]func(*TableDef){
		"schema": func(d *TableDef) { d.Schema = "" }, "name": func(d *TableDef) { d.Name = "u" }, "quote": func(d *TableDef) { d.Quote = true },
		"triggers": func(d *TableDef) { d.Triggers = true }, "error": func(d *TableDef) { d.Err = mistake("wrong").ext.(error) },
		"column": func(d *TableDef) { d.Columns[1].Name = "y" }, "type": func(d *TableDef) { d.Columns[1].Type = typeText },
		"null": func(d *TableDef) { d.Columns[1].Null = true }, "key": func(d *TableDef) { d.Columns[0].PrimaryKey = false },
		"generated": func(d *TableDef) { d.Columns[0].Generated = false }, "quoted column": func(d *TableDef) { d.Columns[0].Quote = true },
		"one more": func(d *TableDef) { d.Columns = append(d.Columns, ColumnDef{Name: "z"}) },
	} {
		d := def()
		change(&d)
		if Equal(base, query(d)) {
			t.Errorf("%s: equal", name)
		}
		if d.Columns[0].Name == "id" && name != "type" && Equal(Insert(NewTable(def())).DefaultValues(), Insert(NewTable(d)).DefaultValues()) {
			t.Errorf("%s: equal INSERTs", name)
		}
	}
	one, two := NewTable(def()), NewTable(def())
	right, wrong := Select(C[any](one, "x")).From(one), Select(C[any](one, "x")).From(two)
	c := func() Table { return CTE("c", Select(Literal(1).As("n"))) }
	c1, c2 := c(), c()
	r := func(names []string) Table {
		return Recursive("r", names, Select(Literal(1).As("n")), func(self Table) Query { return Select(C[int](self, "n")).From(self) })
	}
	for name, pair := range map[string][2]Tree{
		"a table of FROM and another one":    {right, wrong},
		"within a query":                     {Select(Exists(right).As("x")), Select(Exists(wrong).As("x"))},
		"a CTE of WITH and another one":      {Select(Star()).From(c1).With(c1), Select(Star()).From(c1).With(c2)},
		"names of its own, and of the query": {Select(Star()).From(r(nil)), Select(Star()).From(r([]string{"n"}))},
	} {
		if Equal(pair[0], pair[1]) || Equal(pair[1], pair[0]) || !Equal(pair[0], pair[0]) || !Equal(pair[1], pair[1]) {
			t.Errorf("%s: equal", name)
		}
	}
	if !Equal(Select(C[any](one, "x")).From(one).Union(right), Select(C[any](two, "x")).From(two).Union(right)) {
		t.Error("a table for each query of a set operation")
	}
}
