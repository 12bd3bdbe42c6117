package dialecttest

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
)

// loads is the need of a way to load rows beside INSERT, which only some
// databases have to be asked for.
var loads = need{"dialect.Copier", func(tg *target) bool { _, ok := tg.admin.(dialect.Copier); return ok }}

// strictly is the need of columns that take nothing but their type.
var strictly = need{"values of the column's type alone (Features.Limits.Loose)", func(tg *target) bool { return !tg.f.Limits.Loose }}

// copiesCases are of engine.Copy, which every database has: by the fastest way
// that it offers.
var copiesCases = []testCase{
	{name: "rows are loaded in order, and counted", run: copiesMany},
	{name: "values and NULL come as they went", run: copiesValues},
	{name: "a row that breaks a constraint leaves none", run: copiesConstraint},
	{name: "an error of the program's leaves none", run: copiesCaller},
	{name: "a text that is no number is refused, the empty one too", needs: strictly, run: copiesNoNumber},
	{name: "a copy within a transaction ends with it", run: copiesInTx},
	{name: "a copy of no rows, and into odd names", run: copiesOdd},
	{name: "a column that is not there is named", run: copiesUnknown},
	{name: "a table in a schema of its own", needs: makesSchemas, run: func(t *T) { copiesSchema(t, false) }},
	{name: "a table in a schema that stands for another", needs: makesSchemas, run: func(t *T) { copiesReplaced(t, false) }},
	{name: "a load where it is asked for", needs: loads, run: copiesLoad},
	{name: "a load into a schema of its own", needs: both(loads, makesSchemas), run: func(t *T) { copiesSchema(t, true) }},
	{name: "a load into a schema that stands for another", needs: both(loads, makesSchemas), run: func(t *T) { copiesReplaced(t, true) }},
}

// counting gives n rows (id, v), the last ones first to last.
func counting(n int) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		row := make([]any, 2)
		for i := range n {
			row[0], row[1] = i, fmt.Sprint("value ", i)
			if !yield(row) {
				return
			}
		}
	}
}

// copied copies rows into the columns of a table.
func (t *T) copied(r dialect.Runner, table ident, rows iter.Seq[[]any], columns []string, opts ...engine.CopyOption) (engine.Result, error) {
	return engine.Copy(t.ctx, r, string(table), rows, append(opts, engine.CopyColumns(columns...))...)
}

var idAndV = []string{"id", "v"}

func copiesMany(t *T) {
	table := t.table(key, col{"v", varchar, ""})
	const n = 2345 // no multiple of what goes into one statement
	res, err := t.copied(t.shared(), table, counting(n), idAndV)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if got := res.RowsAffected(); got != n {
		t.Errorf("%d rows are said to be copied", got)
	}
	got := column[string](t, t.conn(), say{"SELECT ", ident("v"), " FROM ", table, " ORDER BY ", ident("id")})
	if len(got) != n {
		t.Fatalf("%d rows instead of %d", len(got), n)
	}
	for i, v := range got {
		if v != fmt.Sprint("value ", i) {
			t.Fatalf("row %d has %q", i, v)
		}
	}
}

func copiesValues(t *T) {
	table := t.table(key, col{"s", varchar, ""}, col{"b", blobType, ""}, col{"n", bigint, ""}, col{"yes", dialect.Type{Kind: dialect.Boolean}, ""})
	const text = "it's\ta \\ tab\nand 𝄞"
	rows := func(yield func([]any) bool) {
		_ = yield([]any{1, text, allBytes(), int64(-9007199254740993), true}) && yield([]any{2, nil, nil, nil, nil})
	}
	if _, err := t.copied(t.shared(), table, rows, []string{"id", "s", "b", "n", "yes"}); err != nil {
		t.Fatalf("%v", err)
	}
	var s string
	var b []byte
	var n int64
	var yes bool
	c := t.conn()
	t.row(c, say{"SELECT * FROM ", table, " WHERE ", ident("id"), " = 1"}, nil, &s, &b, &n, &yes)
	if s != text || string(b) != string(allBytes()) || n != -9007199254740993 || !yes {
		t.Errorf("the values came back as %q, %x, %d, %v", s, b, n, yes)
	}
	for _, name := range []string{"s", "b", "n", "yes"} {
		if ids := column[int64](t, c, say{"SELECT ", ident("id"), " FROM ", table, " WHERE ", ident(name), " IS NULL"}); fmt.Sprint(ids) != "[2]" {
			t.Errorf("%s is NULL in the rows %v", name, ids)
		}
	}
}

func copiesConstraint(t *T) {
	table := t.table(key, col{"v", varchar, ""})
	_, err := t.copied(t.shared(), table, func(yield func([]any) bool) {
		for i := range 900 {
			if !yield([]any{i % 899, "x"}) {
				return
			}
		}
	}, idAndV)
	t.wantKind(err, dialect.ErrUniqueViolation)
	if ce, ok := errors.AsType[*engine.CopyError](err); !ok || ce.Table != string(table) || ce.First > 900 || ce.First > 0 && ce.Last < 900 {
		t.Errorf("the error does not say where it was: %v", err)
	}
	t.wantRows(table, 0)
}

func copiesCaller(t *T) {
	table := t.table(key, col{"v", varchar, ""})
	own := errors.New("the file ends here")
	_, err := engine.CopyFrom(t.ctx, t.shared(), string(table), func(yield func([]any, error) bool) {
		for row := range counting(300) {
			if !yield(row, nil) {
				return
			}
		}
		yield(nil, own)
	}, engine.CopyColumns(idAndV...))
	if !errors.Is(err, own) {
		t.Errorf("the program's error comes back as %v", err)
	}
	t.wantRows(table, 0)
}

func copiesNoNumber(t *T) {
	table := t.table(key, col{"n", bigint, ""})
	for _, v := range []string{"", "twelve"} {
		_, err := t.copied(t.shared(), table, func(yield func([]any) bool) { _ = yield([]any{1, 1}) && yield([]any{2, v}) }, []string{"id", "n"})
		if err == nil {
			t.Errorf("%q is taken for a number", v)
		}
		t.wantRows(table, 0)
	}
}

func copiesInTx(t *T) {
	table := t.table(key, col{"v", varchar, ""})
	own := errors.New("no")
	for _, end := range []error{own, nil} {
		err := t.shared().Transact(t.ctx, func(tx *engine.Tx) error {
			_, err := t.copied(tx, table, counting(150), idAndV)
			return joined(err, end)
		})
		if !errors.Is(err, end) {
			t.Fatalf("%v", err)
		}
		want := int64(150)
		if end != nil {
			want = 0
		}
		t.wantRows(table, want)
	}
}

func copiesOdd(t *T) {
	name := ident(t.prefix + `copy into it's`)
	t.create(name, col{"key no", integer, "NOT NULL PRIMARY KEY"}, col{"order", integer, ""})
	for _, n := range []int{0, 2} {
		rows := func(yield func([]any) bool) {
			for i := range n {
				if !yield([]any{10 * i, i}) {
					return
				}
			}
		}
		if res, err := t.copied(t.shared(), name, rows, []string{"order", "key no"}); err != nil || res.RowsAffected() != int64(n) {
			t.Fatalf("%d rows: %d, %v", n, res.RowsAffected(), err)
		}
	}
	t.wantLines(t.conn(), say{"SELECT ", ident("key no"), ", ", ident("order"), " FROM ", name, " ORDER BY 1"}, "0 0; 1 10")
}

func copiesUnknown(t *T) {
	table := t.table(key)
	_, err := t.copied(t.shared(), table, counting(2), []string{"id", "nope"})
	t.wantKind(err, dialect.ErrUndefinedColumn)
	if err != nil && !strings.Contains(strings.ToLower(err.Error()), "nope") {
		t.Errorf("the error does not name the column: %v", err)
	}
	t.wantRows(table, 0)
}

// here makes a table (id, v) in a schema of its own, and one of the same name
// where names without a schema are looked up.
func (t *T) here() (home, name ident, full say) {
	t.Helper()
	home = t.schema()
	name = t.table(key, col{"v", varchar, ""})
	full = say{home, ".", name}
	t.exec(t.adminConn(), say{"CREATE TABLE ", home, ".", name, " (", ident("id"), " " + t.typeName(integer) + " NOT NULL PRIMARY KEY, ", ident("v"), " " + t.typeName(varchar) + ")"})
	t.drops = append(t.drops, say{"DROP TABLE ", home, ".", name})
	return home, name, full
}

// wantThere checks that rows are in the table of the schema, and in no other.
func (t *T) wantThere(name ident, full say, want int64) {
	t.Helper()
	var n int64
	t.row(t.conn(), append(say{"SELECT COUNT(*) FROM "}, full...), &n)
	if n != want {
		t.Errorf("%d rows instead of %d", n, want)
	}
	t.wantRows(name, 0)
}

func copiesSchema(t *T, load bool) {
	home, name, full := t.here()
	opts := []engine.CopyOption{engine.CopySchema(string(home))}
	if load {
		opts = append(opts, engine.CopyLoad())
	}
	_, err := t.copied(t.shared(), name, counting(120), idAndV, opts...)
	if t.loaded(err, load) {
		t.wantThere(name, full, 120)
	}
}

func copiesReplaced(t *T, load bool) {
	home, name, full := t.here()
	tenant, err := t.shared().With(engine.Schemas(map[string]string{"": string(home)}))
	if err != nil {
		t.Fatalf("%v", err)
	}
	var opts []engine.CopyOption
	if load {
		opts = append(opts, engine.CopyLoad())
	}
	_, err = t.copied(tenant, name, counting(120), idAndV, opts...)
	if t.loaded(err, load) {
		t.wantThere(name, full, 120)
	}
}

// loaded reports whether a copy has worked. A load that was asked for may be
// forbidden by the server, which then says so in its own kind.
func (t *T) loaded(err error, load bool) bool {
	t.Helper()
	if load && t.f.CopyOnRequest && (errors.Is(err, dialect.ErrUnsupported) || errors.Is(err, dialect.ErrPermission)) {
		t.Logf("the server forbids it: %v", err)
		return false
	}
	if err != nil {
		t.Fatalf("%v", err)
	}
	return true
}

func copiesLoad(t *T) {
	table := t.table(key, col{"v", varchar, ""})
	rows := func(yield func([]any) bool) {
		_ = yield([]any{1, "it's\ta \\ tab\nand 𝄞"}) && yield([]any{2, nil}) && yield([]any{3, `\N`}) && yield([]any{4, `"`})
	}
	res, err := t.copied(t.shared(), table, rows, idAndV, engine.CopyLoad())
	if !t.loaded(err, true) {
		t.wantRows(table, 0)
		return
	}
	if res.RowsAffected() != 4 {
		t.Errorf("%d rows are said to be loaded", res.RowsAffected())
	}
	got := column[*string](t, t.conn(), say{"SELECT ", ident("v"), " FROM ", table, " ORDER BY ", ident("id")})
	for i, want := range []any{"it's\ta \\ tab\nand 𝄞", nil, `\N`, `"`} {
		if i >= len(got) || want == nil && got[i] != nil || want != nil && (got[i] == nil || *got[i] != want) {
			t.Errorf("row %d of %d is not %q", i+1, len(got), want)
		}
	}
	_, err = t.copied(t.shared(), table, counting(3), idAndV, engine.CopyLoad())
	t.wantKind(err, dialect.ErrUniqueViolation)
	t.wantRows(table, 4)
}
