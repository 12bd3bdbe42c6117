package corpus

import (
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
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
	} {
		if got := rawIn(c.s); len(got) != c.n {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	if rawPython.MatchString("select(context(1), x.stop(2))") || !rawPython.MatchString(`select(text("*"))`) {
		t.Error("rawPython")
	}
}
