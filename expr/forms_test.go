package expr

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// outcome is what compiling a statement gives.
type outcome struct {
	text    string
	args    []any
	types   []dialect.Type
	columns []dialect.Column
	err     string
}

// printed is what the printer makes of a statement, without any form.
func printed(s SelectStmt, d dialect.Dialect) (o outcome) {
	return compiled(d, func(c *dialect.Compiled) error {
		p := newPrinter(c)
		s.print(p)
		return p.done()
	})
}

func compiled(d dialect.Dialect, compile func(c *dialect.Compiled) error) (o outcome) {
	defer func() {
		if r := recover(); r != nil {
			o = outcome{err: fmt.Sprint("panic: ", r)}
		}
	}()
	c := new(dialect.Compiled)
	c.Reset(d)
	if err := compile(c); err != nil {
		return outcome{err: err.Error()}
	}
	o.text, o.args, o.columns = c.Sent(), valuesOf(c), c.Columns
	for _, a := range c.Args() {
		if a.Type == nil {
			a.Type = &dialect.Type{}
		}
		o.types = append(o.types, *a.Type)
	}
	return o
}

// same reports whether two outcomes are one, NaN equal to itself.
func (o outcome) same(other outcome) bool {
	return o.text == other.text && o.err == other.err && fmt.Sprintf("%#v", o.args) == fmt.Sprintf("%#v", other.args) &&
		reflect.DeepEqual(o.types, other.types) && reflect.DeepEqual(o.columns, other.columns)
}

// checkForm compiles a statement by way of the forms and compares it with what is
// printed. It reports whether there was a form.
func checkForm(t *testing.T, what string, s SelectStmt, d dialect.Dialect) (byForm bool) {
	t.Helper()
	want := printed(s, d)
	if got := compiled(d, s.CompileSQL); !got.same(want) {
		t.Errorf("%s, %s:\n got %+v\nwant %+v", d.Name(), what, got, want)
	}
	if want.err != "" && want.text == "" {
		if _, _, err := safeSQL(s, d); err != want.err {
			t.Errorf("%s, %s: SQL says %s, want %s", d.Name(), what, err, want.err)
		}
		return false
	}
	if text, args, err := safeSQL(s, d); text != want.text || err != "" || fmt.Sprintf("%#v", args) != fmt.Sprintf("%#v", want.args) {
		t.Errorf("%s, %s: SQL gives %s %#v %s, want %s %#v", d.Name(), what, text, args, err, want.text, want.args)
	}
	c := new(dialect.Compiled)
	c.Reset(d)
	done, _ := s.fill(c)
	return done
}

func safeSQL(s SelectStmt, d dialect.Dialect) (text string, args []any, failed string) {
	defer func() {
		if r := recover(); r != nil {
			failed = fmt.Sprint("panic: ", r)
		}
	}()
	text, args, err := SQL(s, d)
	if err != nil {
		failed = err.Error()
	}
	return text, args, failed
}

// outlined are statements that have, all together, each node and clause of an
// outline.
func (s *shop) outlined() (list []entry) {
	u, o, i := s.users, s.orders, s.items
	id, age, name, active, born := C[int64](u, "id"), C[int64](u, "age"), C[string](u, "name"), C[bool](u, "active"), C[time.Time](u, "born")
	oid, uid, total := C[int64](o, "id"), C[int64](o, "user_id"), C[int64](o, "total")
	from, on := Select(id, name).From(u), Eq(uid, id)
	n, shared := Count(oid).As("n"), age.Gt(7)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for what, q := range map[string]SelectStmt{
		"columns":        from,
		"distinct":       from.Distinct(),
		"product":        from.From(o).Where(on),
		"joins":          Select(id, oid).From(u).Join(o, on).LeftJoin(i, Eq(C[int64](i, "order_id"), oid)),
		"right join":     Select(id, oid).From(u).RightJoin(o, on),
		"cross join":     Select(id, oid).From(u).CrossJoin(o),
		"comparisons":    from.Where(id.Eq(1), id.Ne(2), age.Lt(3), age.Le(4), age.Gt(5), age.Ge(6)),
		"of columns":     from.Where(Eq(id, age), Ne(id, age), Lt(id, age), Le(id, age), Gt(id, age), Ge(id, age)),
		"distinct from":  from.Where(age.IsDistinctFrom(1), age.IsNotDistinctFrom(2), IsDistinctFrom(id, age)),
		"patterns":       from.Where(name.Like("a%"), name.NotLike("b%"), name.ILike("c%"), name.NotILike("d%")),
		"lists":          from.Where(id.In(1, 2, 3), age.NotIn(4), name.In("a", "b", "c", "d", "e", "f", "g", "h", "i")),
		"between":        from.Where(id.Between(1, 2), born.NotBetween(at, at.Add(1))),
		"null":           from.Where(age.IsNull(), born.IsNotNull()),
		"booleans":       from.Where(IsTrue(active), active.Eq(true), Not(IsTrue(active))),
		"and, or, not":   from.Where(Or(And(id.Eq(1), age.Eq(2)), Not(Or(name.Eq("x"), name.Eq("y"))))),
		"When":           from.Where(When(false, id.Eq(1)), When(true, id.Eq(2))),
		"one node twice": from.Where(shared, Or(shared, id.Eq(1))),
		"calculation":    Select(id.Add(1), id.Sub(2), id.Mul(3), id.Div(4), id.Mod(5), Neg(id)).From(u),
		"of two":         Select(Add(id, age), Div(id, age), Mul(Add(id, age), age)).From(u),
		"labels":         Select(id.As("a"), Upper(name).As("a name that is longer than a word")).From(u).OrderBy(Name[int64]("a").Asc()),
		"functions":      Select(CountAll(), Max(id), CountDistinct(name), Coalesce(age, id), Func[int64]("f", id, age, id), Func[int64]("g")).From(u),
		"cast":           Select(Cast[string](id, dialect.Type{Kind: dialect.Varchar, Length: 20})).From(u),
		"groups":         Select(uid, n).From(o).GroupBy(uid).Having(Count(oid).Gt(2), Sum(total).Lt(3)).OrderBy(n.Desc()),
		"order":          from.OrderBy(id, name.Asc(), age.Desc(), born.NullsFirst(), id.Desc().NullsLast()),
		"limit":          from.OrderBy(id).Limit(3),
		"limit, offset":  from.OrderBy(id).Limit(3).Offset(4),
		"offset":         from.OrderBy(id).Offset(5),
		"large limit":    from.OrderBy(id).Limit(math.MaxInt64),
		"fetch":          from.OrderBy(id).Fetch(6),
		"order of calls": Select(id).Where(age.Eq(1)).OrderBy(id).Limit(2).From(u).Where(name.Eq("z")),
		"another role":   Select(id).From(u).Join(As(u, "boss"), id.Ne(3)),
	} {
		list = append(list, entry{name: what, stmt: q})
	}
	return list
}

// However a statement differs from one whose form is kept, it compiles to what
// the printer makes of it.
func TestFormsAreWhatIsPrinted(t *testing.T) {
	for _, d := range fiveDialects {
		forms, changed := 0, 0
		shop := newShop("")
		for _, e := range append(shop.outlined(), shop.catalogue()...) {
			s, ok := e.stmt.(SelectStmt)
			if !ok {
				continue
			}
			kept := false
			for range 3 {
				kept = checkForm(t, e.name, s, d)
			}
			if !kept {
				continue
			}
			forms++
			e.changes(func(what string, n *node, other Tree) {
				checkForm(t, e.name, s, d) // it may have lost its place
				what = e.name + " with another " + what + " of " + describe(n)
				for range 3 {
					if checkForm(t, what, other.(SelectStmt), d) {
						changed++
					}
				}
			})
		}
		t.Logf("%s: %d forms, %d of changed statements", d.Name(), forms, changed)
		if forms < 30 || changed < 300 {
			t.Errorf("%s: only %d forms, and %d of changed statements", d.Name(), forms, changed)
		}
	}
}

type (
	formText   string
	formNumber int64
	formUUID   [16]byte
	formValuer struct{ s string }
	formAny    struct{ Column }
)

// A form that was made with one value serves others as the printer would, and
// refuses what it refuses.
func TestFormsTakeValuesAsThePrinterDoes(t *testing.T) {
	var types []dialect.Type
	for k := dialect.Boolean; k <= dialect.JSON; k++ {
		types = append(types, dialect.Type{Kind: k})
	}
	types = append(types, dialect.Type{Kind: dialect.Varchar, Length: 3}, dialect.Type{Kind: dialect.Decimal, Precision: 10, Scale: 2}, dialect.Type{Kind: dialect.Decimal, Inexact: true},
		dialect.Type{Kind: dialect.BigInt, Unsigned: true}, dialect.Type{Kind: dialect.Timestamp, Precision: 3},
		dialect.Type{Kind: dialect.Enum, Values: &dialect.EnumValues{List: []string{"a", "b"}}}, dialect.Type{Kind: dialect.Native, Name: "citext"})
	def := TableDef{Name: "kinds"}
	for i := range types {
		def.Columns = append(def.Columns, ColumnDef{Name: fmt.Sprint("c", i), Type: &types[i]})
	}
	def.Columns = append(def.Columns, ColumnDef{Name: "unknown"})
	table := NewTable(def)
	at, null := time.Date(2026, 2, 3, 4, 5, 6, 7, time.UTC), (*string)(nil)
	text := "text"
	values := []any{"text", "", "12", "1.50", "12345678901234567890123", "a", "true", "2026-02-03", "2026-02-03 04:05:06", "01:02:03", "{}", "{", "long text", "é", "nul\x00", "bad\xff", `quote'"\`, "per%cent",
		uuid.NewString(), formText("12"), formText("text"), 1, -1, 0, 2, int64(5), int64(math.MaxInt64), int8(3), uint8(4), uint64(math.MaxUint64), int32(9), formNumber(6), 1.5, 2.0, math.NaN(), math.Inf(1), float32(1.5),
		true, false, at, time.Time{}, at.In(time.FixedZone("", 3600)), time.Minute, uuid.New(), formUUID{1}, []byte("bytes"), []byte(nil), json.Number("1.5"), json.RawMessage("{}"),
		nil, null, &text, sql.NullString{}, sql.NullString{String: "x", Valid: true}, sql.Null[int64]{V: 3, Valid: true}, []string{"a"}, formValuer{"x"}, struct{}{},
		Value("expr"), Value(int64(3)), formAny{ColumnAt(table, 0)}, Select(ColumnAt(table, 1)).From(table)}
	ops := []func(c Column, v, w any) SelectStmt{
		func(c Column, v, w any) SelectStmt { return Select(c).From(table).Where(c.Eq(v)) },
		func(c Column, v, w any) SelectStmt { return Select(c).From(table).Where(c.Lt(v), Not(c.Ge(w))) },
		func(c Column, v, w any) SelectStmt { return Select(c).From(table).Where(c.IsDistinctFrom(v)) },
		func(c Column, v, w any) SelectStmt { return Select(c).From(table).Where(c.In(v, w)) },
		func(c Column, v, w any) SelectStmt { return Select(c).From(table).Where(c.Between(v, w)) },
		func(c Column, v, w any) SelectStmt { return Select(c.Add(v)).From(table).Having(Max[any](c).Gt(w)) },
		func(c Column, v, w any) SelectStmt { return Select(c.Div(v), c.Mod(w)).From(table) },
		func(c Column, v, w any) SelectStmt {
			return Select(c).From(table).Where(Coalesce[any](c, ColumnAt(table, 2)).Eq(v)).Limit(int64(len(fmt.Sprint(w))))
		},
	}
	for _, d := range fiveDialects {
		byForm := 0
		for i := range def.Columns {
			c := ColumnAt(table, i)
			for k, op := range ops {
				check := func(j int, v any) {
					w := values[(j+1)%len(values)]
					if checkForm(t, fmt.Sprintf("%s %d of %T %#v and %#v", c.n.typ, k, v, v, w), op(c, v, w), d) {
						byForm++
					}
				}
				for j, v := range values {
					check(j, v)
				}
				for j, v := range slices.Backward(values) { // of which others have the forms now
					check(j, v)
				}
			}
		}
		t.Logf("%s: %d by forms", d.Name(), byForm)
		if byForm < 2000 {
			t.Errorf("%s: only %d by forms", d.Name(), byForm)
		}
	}
}

// Statements of many outlines, compiled at once, are each what the printer makes
// of it, and the forms that are kept stay within their bound.
func TestFormsAtOnce(t *testing.T) {
	s := newShop("")
	id, name := C[int64](s.users, "id"), C[string](s.users, "name")
	stmt := func(i int) SelectStmt {
		q := Select(id, name.As(fmt.Sprint("n", i%200))).From(s.users)
		if i%2 == 0 {
			q = q.Join(s.orders, Eq(C[int64](s.orders, "user_id"), id))
		}
		for k := range i % 5 {
			q = q.Where(id.Ne(int64(i+k)), name.Like(fmt.Sprint(i)))
		}
		return q.OrderBy(id.Desc()).Limit(int64(i))
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 2000 {
				d := fiveDialects[(i+g)%len(fiveDialects)]
				q := stmt(i * (g + 1) % 1000)
				text, args, err := SQL(q, d)
				want := printed(q, d)
				if text != want.text || !reflect.DeepEqual(args, want.args) || err != nil {
					t.Errorf("%s: %s %v %v, want %s %v", d.Name(), text, args, err, want.text, want.args)
					return
				}
			}
		})
	}
	wg.Wait()
}

// What is not plain for all to see goes to the printer.
func TestFormsAreFresh(t *testing.T) {
	s := newShop("")
	d := fiveDialects[0]
	q := Select(C[int64](s.users, "id")).From(s.users).Where(C[string](s.users, "name").Eq("ada"))
	for range 3 {
		checkForm(t, "base", q, d)
	}
	c, err := dialect.Compile(d, dialect.InSchemas(q, map[string]string{"": "tenant"}))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Text(); got != "SELECT users.id FROM tenant.users AS users WHERE users.name = $1" && got != "SELECT tenant.users.id FROM tenant.users WHERE tenant.users.name = $1" {
		t.Error(got)
	}
	c.Release()
	lit := new(dialect.Compiled)
	lit.Reset(d)
	lit.Literals(true)
	if err := q.CompileSQL(lit); err != nil || lit.Text() != "SELECT users.id FROM users WHERE users.name = 'ada'" {
		t.Error(lit.Text(), err)
	}
	within := new(dialect.Compiled)
	within.Reset(d)
	within.WriteString("EXPLAIN ")
	within.Bind(1, nil)
	if err := q.CompileSQL(within); err != nil || within.Text() != "EXPLAIN $1SELECT users.id FROM users WHERE users.name = $2" {
		t.Error(within.Text(), err)
	}
}

// casting is a dialect around another one, of which it has all but the names of types.
type casting struct {
	dialect.Dialect
	name string
}

func (c casting) CastName(*dialect.Type) (string, error) { return c.name, nil }

// A form serves the dialect that it was made for, and none that has the same
// Features; one that cannot be told from others has none.
func TestFormsBelongToADialect(t *testing.T) {
	s := newShop("")
	d := fiveDialects[0]
	q := Select(Cast[string](C[int64](s.users, "id"), dialect.Type{Kind: dialect.Varchar, Length: 9})).From(s.users)
	for range 4 {
		checkForm(t, "a dialect", q, d)
		checkForm(t, "around it", q, casting{d, "MINE"})
		checkForm(t, "around it too", q, casting{d, "OTHER"})
		checkForm(t, "not to be compared", q, struct {
			casting
			f func()
		}{casting: casting{d, "SOME"}})
	}
	if !checkForm(t, "a dialect", q, d) || !checkForm(t, "around it", q, casting{d, "MINE"}) {
		t.Error("no forms")
	}
}

// Numbers of a type that differ beyond 32 bits are different ones.
func TestFormsOfLargeNumbers(t *testing.T) {
	s := newShop("")
	of := func(length int) SelectStmt {
		return Select(Cast[string](C[int64](s.users, "id"), dialect.Type{Kind: dialect.Varchar, Length: length})).From(s.users)
	}
	large := int64(7 + 1<<32) // which an int of 32 bits has not
	for _, d := range fiveDialects {
		for range 4 {
			checkForm(t, "a length", of(7), d)
			checkForm(t, "a large length", of(int(large)), d)
		}
	}
}

// What is made once for a column has a word that nothing else has, least of all
// what was copied from it.
func TestWordsOfWhatIsMadeOnce(t *testing.T) {
	s := newShop("")
	id, age, uid := C[int64](s.users, "id"), C[int64](s.users, "age"), C[int64](s.orders, "user_id")
	words := map[uint64]*node{}
	for _, n := range []*node{
		id.n, age.n, uid.n, id.Asc().n, id.Desc().n, age.Desc().n, Count(id).n, Count(age).n,
		Eq(uid, id).n, Eq(id, age).n, Count(uid).As("n").n, id.As("n").n, Count(uid).As("n").Desc().n, id.As("n").Desc().n,
	} {
		w := once(n)
		if other := words[w]; w == 0 || other != nil {
			t.Errorf("%s and %s have the word %x", describe(n), describe(other), w)
		}
		words[w] = n
		m := *n
		if w := once(&m); w != 0 {
			t.Errorf("a copy of %s has the word %x", describe(n), w)
		}
	}
	derived := Select(id).From(s.users).As("d")
	for _, n := range []*node{
		Not(Eq(uid, id)).n, Eq(uid, age).n, Ne(uid, id).n, Max(id).n, CountDistinct(id).n, Sum(uid).n, id.As("m").n, Count(uid).As("m").n,
		id.NullsLast().n, id.Desc().NullsLast().n, id.As("n").Asc().n, id.As("m").Desc().n, C[int64](derived, "id").n, Count(C[int64](derived, "id")).n,
		id.Eq(1).n, id.IsNull().n, Null[int64]().n,
	} {
		if w := once(n); w != 0 {
			t.Errorf("%s has the word %x", describe(n), w)
		}
	}
}

// A statement for which an outline has no room is printed each time.
func TestFormsHaveBounds(t *testing.T) {
	s := newShop("")
	d := fiveDialects[0]
	id, age := C[int64](s.users, "id"), C[int64](s.users, "age")
	forms := 0
	try := func(what string, qs ...SelectStmt) {
		for _, q := range qs {
			for range 3 {
				if checkForm(t, what, q, d) {
					forms++
				}
			}
		}
	}
	for n := 50; n < 80; n++ {
		many := slices.Repeat([]Any{id}, n)
		try(fmt.Sprint(n, " columns"), Select(id).Columns(many...).From(s.users), Select(age).Columns(many...).From(s.users))
	}
	for n := 10; n < 30; n++ {
		conds, others := []Cond{}, []Cond{}
		for i := range int64(n) {
			conds, others = append(conds, id.Eq(i)), append(others, id.Eq(-i))
		}
		others[0] = age.Eq(7)
		try(fmt.Sprint(n, " values"), Select(id).From(s.users).Where(conds...), Select(id).From(s.users).Where(others...))
	}
	if forms < 50 {
		t.Errorf("%d forms", forms)
	}
}

// A table that one statement has named, such as an alias that is made for it, has no
// room for forms.
func TestFormsOfATableNamedOnce(t *testing.T) {
	s := newShop("")
	d := fiveDialects[0]
	once := As(s.users, "once")
	q := Select(C[int64](once, "id")).From(once)
	checkSQL := func() {
		t.Helper()
		if text, _, err := SQL(q, d); text != "SELECT once.id FROM users AS once" || err != nil {
			t.Error(text, err)
		}
	}
	checkSQL()
	if kept := once.s.forms.p.Load(); kept != nil && len(*kept) > 0 {
		t.Error("the table has room for forms after one statement")
	}
	for range 3 {
		checkSQL()
	}
	if !checkForm(t, "named again", q, d) {
		t.Error("no form of a table that is named again and again")
	}
}

// Who goes through a statement or rewrites it finds the number of a limit or an
// offset nowhere, whatever its size.
func TestLargeLimitsAreNoNodes(t *testing.T) {
	s := newShop("")
	id := C[int64](s.users, "id")
	for _, n := range []int64{7, math.MaxInt32, math.MaxInt32 + 1, math.MaxInt64} {
		q := Select(id).From(s.users).OrderBy(id).Limit(n).Offset(n)
		nodes := 0
		Walk(q, func(Node) bool { nodes++; return true })
		if nodes != 3 { // the column, the table, and the column again
			t.Errorf("%d: %d nodes", n, nodes)
		}
		other := Rewrite(q, func(n Node) (Any, bool) {
			if n.Kind() == ValueNode {
				return Text("another"), true
			}
			return nil, false
		})
		for _, d := range fiveDialects {
			if got, want := printed(other, d), printed(q, d); !got.same(want) {
				t.Errorf("%s: %+v, want %+v", d.Name(), got, want)
			}
		}
		if !Equal(q, Select(id).From(s.users).OrderBy(id).Limit(n).Offset(n)) || Equal(q, q.Limit(n-1)) || Equal(q.Limit(n-1), Select(id).From(s.users).OrderBy(id).Limit(n).Offset(n)) {
			t.Errorf("%d: Equal", n)
		}
	}
}
