package corpus

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// rawPython finds what SQLAlchemy's raw text is made with.
var rawPython = regexp.MustCompile(`\btext\(|\bliteral_column\(|\.op\(|\.bool_op\(`)

// mayBeRaw reports whether the Python of a case has raw text.
func (s *statement) mayBeRaw() bool { return rawPython.MatchString(strings.Join(s.Python, "\n")) }

// rawIn returns the raw texts of a statement, and the nodes that are made
// outside of package expr and the packages below it. It reads the tree by
// reflection, so that no kind of node is left out.
func rawIn(s dialect.Statement) []string {
	w := walker{seen: map[place]bool{}}
	w.walk(reflect.ValueOf(&s).Elem())
	return w.raw
}

// ownTemplates are the templates that are made in this package.
var ownTemplates = map[uintptr]bool{reflect.ValueOf(tilde).Pointer(): true}

// All templates made here are known, and nothing else of the cases is made of
// constructs that the walk would not tell from those of the library.
func TestOwnConstructs(t *testing.T) {
	files, err := filepath.Glob("cases_*_test.go")
	must(t, err)
	made := regexp.MustCompile(`expr\.(Template\{|NewPrefix\(|NewHint\(|NewTableHint\(|CustomTable\()|schema\.NewOption\(`)
	n := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)
		n += len(made.FindAll(text, -1))
	}
	if len(files) < 20 || n != len(ownTemplates) {
		t.Errorf("%d constructs of one's own in %d files, of which %d are known", n, len(files), len(ownTemplates))
	}
}

// rawOf is rawIn, of a statement of DDL too: there it goes through what the
// statement writes for a database. A statement of neither kind is raw as a whole.
func rawOf(on target, s dialect.Statement) (raw []string, err error) {
	if _, tree := s.(expr.Tree); tree || !strings.HasPrefix(reflect.TypeOf(s).PkgPath(), module+"expr/schema") {
		return rawIn(s), nil
	}
	err = schema.Walk(s, on.d, func(part any) {
		if text, ok := part.(schema.RawSQL); ok {
			raw = append(raw, string(text))
			return
		}
		w := walker{seen: map[place]bool{}}
		w.walk(reflect.ValueOf(&part).Elem())
		raw = append(raw, w.raw...)
	})
	return raw, err
}

type walker struct {
	seen map[place]bool
	raw  []string
	ops  map[uintptr]uint64 // of the nodes, if it is not nil
}

// place is a pointer with its type: a struct begins where its first field does.
type place struct {
	t reflect.Type
	p uintptr
}

const module = "github.com/sqlayer-go/sqlayer/"

// nodeType is the type of the tree's nodes, and rawOps what raw texts are.
var nodeType, rawOps = func() (reflect.Type, map[uint64]bool) {
	text := reflect.ValueOf(expr.Text("x")).FieldByName("n").Elem()
	cond := reflect.ValueOf(expr.TextCond("x")).FieldByName("n").Elem()
	return text.Type(), map[uint64]bool{text.FieldByName("op").Uint(): true, cond.FieldByName("op").Uint(): true}
}()

// ours reports whether values of a type may hold nodes: those of package expr
// and what is made of them.
func (w *walker) ours(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return w.ours(t.Elem())
	case reflect.Interface:
		return true
	case reflect.Struct:
		return strings.HasPrefix(t.PkgPath(), module+"expr")
	}
	return false
}

func (w *walker) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			w.walk(v.Elem())
		}
	case reflect.Pointer:
		if t := v.Type(); !w.ours(t) && t.Implements(reflect.TypeFor[dialect.Statement]()) {
			w.raw = append(w.raw, "a "+t.String()) // a text as a whole
		}
		if v.IsNil() || !w.ours(v.Type()) || w.seen[place{v.Type(), v.Pointer()}] {
			return
		}
		w.seen[place{v.Type(), v.Pointer()}] = true
		if w.ops != nil && v.Type().Elem() == nodeType {
			w.ops[v.Pointer()] = v.Elem().FieldByName("op").Uint()
		}
		w.walk(v.Elem())
	case reflect.Slice, reflect.Array:
		if w.ours(v.Type()) {
			for i := range v.Len() {
				w.walk(v.Index(i))
			}
		}
	case reflect.Struct:
		if !w.ours(v.Type()) {
			return
		}
		if v.Type() == nodeType && rawOps[v.FieldByName("op").Uint()] {
			w.raw = append(w.raw, v.FieldByName("name").String())
		}
		if v.Type() == reflect.TypeFor[expr.Template]() && v.CanAddr() && ownTemplates[v.Addr().Pointer()] {
			w.raw = append(w.raw, "the template of "+v.FieldByName("Name").String())
		}
		switch v.Type().Name() {
		case "clauses": // its list may have items of another statement
			if l := v.FieldByName("l"); !l.IsNil() {
				items := l.Elem().FieldByName("items")
				for i := range v.FieldByName("n").Int() {
					w.walk(items.Index(int(i)))
				}
			}
			return
		case "custom":
			print := runtime.FuncForPC(v.FieldByName("print").Pointer()).Name()
			if !strings.HasPrefix(print, module+"expr") || strings.HasPrefix(print, module+"expr/corpus") {
				w.raw = append(w.raw, "a custom node of "+print)
			}
		}
		for i := range v.NumField() {
			w.walk(v.Field(i))
		}
	}
}

func TestRawIn(t *testing.T) {
	custom := expr.Custom[int64]("mine", func(w *dialect.Writer, part func(int)) { part(0) }, Users.ID)
	inner := expr.Select(Orders.ID).From(Orders).Where(expr.TextCond("deep"))
	for _, c := range []struct {
		name string
		s    dialect.Statement
		n    int
	}{
		{"none", expr.Select(Users.ID).From(Users).Where(Users.ID.Eq(1)), 0},
		{"text", expr.Select(expr.Text("1")).From(Users), 1},
		{"condition", expr.Select(Users.ID).From(Users).Where(expr.Or(Users.ID.Eq(1), expr.TextCond("x"))), 1},
		{"custom", expr.Select(Users.ID.As("a"), expr.Neg(custom)).From(Users), 1},
		{"derived", expr.Select(Users.ID).From(Users, inner.As("d")), 1},
		{"exists", expr.Select(Users.ID).From(Users).Where(expr.Not(expr.Exists(inner))), 1},
		{"union", expr.Union(expr.Select(Users.ID).From(Users), inner), 1},
		{"insert", expr.Insert(Users).Columns(Users.ID).FromSelect(inner), 1},
		{"rows", expr.Insert(Users).Columns(Users.ID).Rows([]any{expr.Text("1")}, []any{2}), 1},
		{"update", expr.Update(Users).Set(expr.Set(Users.ID, expr.Typed[int64](expr.Text("1")))).EveryRow(), 1},
		{"whole", dialect.Text("SELECT 1"), 1},
		{"template", expr.Select(Users.ID).From(Users).Where(expr.FillCond(tilde, Users.Name, Users.Email)), 1},
	} {
		if got := rawIn(c.s); len(got) != c.n {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	for _, c := range []struct {
		name string
		s    dialect.Statement
		n    int
	}{
		{"nothing raw", schema.CreateTable(schema.New("t", schema.Integer("a").Default(1), schema.Check("c", schema.Self[int]("a").Gt(0)),
			schema.Integer("b").Computed(expr.Mul(schema.Self[int]("a"), expr.Value(2)), schema.Stored))), 0},
		{"check", schema.CreateTable(schema.New("t", schema.Integer("a"), schema.CheckText("a > 0"))), 1},
		{"check of a column", schema.CreateTable(schema.New("t", schema.Integer("a").CheckText("a > 0"))), 1},
		{"check with raw text in it", schema.CreateTable(schema.New("t", schema.Integer("a"), schema.Check("c", expr.Or(schema.Self[int]("a").Gt(1), expr.TextCond("b"))))), 1},
		{"check with a node of one's own", schema.CreateTable(schema.New("t", schema.Integer("a"), schema.Check("c", expr.Custom[int64]("mine", func(w *dialect.Writer, part func(int)) { part(0) }, schema.Self[int]("a")).Gt(1)))), 1},
		{"default", schema.CreateTable(schema.New("t", schema.Integer("a").DefaultText("1 + 1"))), 1},
		{"default with raw text in it", schema.CreateTable(schema.New("t", schema.Integer("a").DefaultExpr(expr.Neg(expr.Typed[int](expr.Text("1")))))), 1},
		{"computed column", schema.CreateTable(schema.New("t", schema.Integer("a"), schema.Integer("b").ComputedText("a * 2", true))), 1},
		{"index", schema.CreateIndex(parts, schema.IndexOn("ix").On(expr.Text("lower(name)"))), 1},
		{"condition of an index", schema.CreateIndex(parts, schema.IndexOn("ix", "name").Where(expr.TextCond("bin > 1"))), 1},
		{"view", schema.CreateView("v", inner), 1},
		{"table of a query", schema.CreateTableAs("v", expr.Select(expr.Text("1")).From(Users)), 1},
	} {
		if got, err := rawOf(targets[0], c.s); err != nil || len(got) != c.n {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
	if rawPython.MatchString("select(context(1), x.stop(2))") || !rawPython.MatchString(`select(text("*"))`) {
		t.Error("rawPython")
	}
}
