package dialecttest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var serverCases = []testCase{
	{name: "ForServer gives equal dialects for one server", run: serverEqual},
	{name: "ForServer leaves no transaction open", run: serverLeavesNothing},
	{name: "ForServer respects its context", run: serverContext},
	{name: "the name is in lower case and the version known", run: serverName},
	{name: "Features is one value, and quotes are set", run: serverFeatures},
	{name: "every kind of type has a name or a way out", run: serverTypeNames},
	{name: "every name of a type makes a column", run: serverTypesInDDL},
	{name: "every name within CAST is understood", run: serverCasts},
	{name: "a nil or unknown type is refused", run: serverBadTypes},
	{name: "Classify keeps what it does not know, and what is described", run: serverClassify},
	{name: "a table is found by its name", needs: finder, run: serverFindTable},
	{name: "the clock is read in one query", run: serverClock},
}

var finder = need{"dialect.TableFinder", func(tg *target) bool { _, ok := dialect.As[dialect.TableFinder](tg.d); return ok }}

// kinds has a type of each kind, as a user would write it.
var kinds = []dialect.Type{
	{Kind: dialect.Boolean}, {Kind: dialect.SmallInt}, {Kind: dialect.Integer}, {Kind: dialect.BigInt},
	{Kind: dialect.SmallInt, Unsigned: true}, {Kind: dialect.Integer, Unsigned: true}, {Kind: dialect.BigInt, Unsigned: true},
	{Kind: dialect.Real}, {Kind: dialect.Double}, {Kind: dialect.Decimal}, {Kind: dialect.Decimal, Precision: 12, Scale: 3},
	{Kind: dialect.Char, Length: 7}, {Kind: dialect.Char}, {Kind: dialect.Varchar, Length: 50}, {Kind: dialect.Varchar},
	{Kind: dialect.Clob}, {Kind: dialect.Varchar, Length: 20, National: true},
	{Kind: dialect.Binary, Length: 9}, {Kind: dialect.Varbinary, Length: 30}, {Kind: dialect.Varbinary}, {Kind: dialect.Blob},
	{Kind: dialect.Date}, {Kind: dialect.Time}, {Kind: dialect.Time, Precision: 3}, {Kind: dialect.Timestamp},
	{Kind: dialect.Timestamp, Precision: 3}, {Kind: dialect.Timestamp, Precision: -1}, {Kind: dialect.TimestampTZ},
	{Kind: dialect.TimestampTZ, Precision: 6}, {Kind: dialect.Interval}, {Kind: dialect.UUID}, {Kind: dialect.JSON},
	{Kind: dialect.Enum, Values: &dialect.EnumValues{List: []string{"red", "it's", "grün"}}},
	{Kind: dialect.Array, Elem: &dialect.Type{Kind: dialect.Integer}},
}

func serverEqual(t *T) {
	a, err := t.base.ForServer(t.ctx, t.conn())
	if err != nil {
		t.Fatalf("ForServer: %v", err)
	}
	b, err := t.base.ForServer(t.ctx, t.conn())
	if err != nil {
		t.Fatalf("ForServer: %v", err)
	}
	again, err := a.ForServer(t.ctx, t.conn())
	if err != nil {
		t.Fatalf("ForServer of a dialect that it gave: %v", err)
	}
	if a != b || a != again {
		t.Errorf("one server has dialects that are not equal: %v, %v, %v", a, b, again)
	}
	seen := map[dialect.Dialect]bool{a: true} // panics unless it can be a key
	if !seen[b] {
		t.Errorf("a dialect is not found as the key of a map")
	}
}

func serverLeavesNothing(t *T) {
	c := t.conn()
	if _, err := t.base.ForServer(t.ctx, c); err != nil {
		t.Fatalf("ForServer: %v", err)
	}
	if d, ok := c.(dialect.Dirtier); ok && d.Dirty() {
		t.Errorf("the connection is dirty after ForServer")
	}
	t.begin(c, dialect.TxOptions{})
	t.rollback(c)
	t.works(c)
}

func serverContext(t *T) {
	ctx, cancel := canceled(t.ctx)
	defer cancel()
	c := t.conn()
	if _, err := t.base.ForServer(ctx, c); err != nil {
		t.wantKind(t.described(err), dialect.ErrCancelled)
	}
	t.fit(c)
}

func serverName(t *T) {
	name := t.d.Name()
	if name == "" || name != strings.ToLower(name) {
		t.Errorf("the name is %q", name)
	}
	if t.f.Version.IsZero() {
		t.Errorf("the server's version is not known after ForServer")
	}
	err := dialect.Unsupported(t.d, "flying", "walk")
	for _, part := range []string{name, t.f.Version.String(), "flying", "walk"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("a refusal does not hold %q: %v", part, err)
		}
	}
}

func serverFeatures(t *T) {
	if again := t.d.Features(); again == nil || again != t.f {
		t.Errorf("Features is not one value")
	}
	if t.f.QuoteOpen == 0 || t.f.QuoteClose == 0 {
		t.Errorf("Features has no quotes for identifiers")
	}
	if t.f.EmptySet == "" || t.f.EmptyIn == "" || t.f.EmptyNotIn == "" {
		t.Errorf("Features lacks EmptySet, EmptyIn or EmptyNotIn: %q, %q, %q", t.f.EmptySet, t.f.EmptyIn, t.f.EmptyNotIn)
	}
	for word := range t.f.Reserved {
		if word != strings.ToLower(word) {
			t.Errorf("the reserved word %q is not in lower case", word)
		}
	}
}

func serverTypeNames(t *T) {
	for i := range kinds {
		name, err := t.d.TypeName(&kinds[i])
		if err == nil {
			if name == "" {
				t.Errorf("%v has an empty name", &kinds[i])
			}
			continue
		}
		var u *dialect.UnsupportedError
		if !errors.As(err, &u) {
			t.Errorf("%v: the refusal is no UnsupportedError: %v", &kinds[i], err)
		} else if u.Instead == "" {
			t.Errorf("%v is refused without a way out: %v", &kinds[i], err)
		}
	}
}

func serverTypesInDDL(t *T) {
	for i := range kinds {
		if _, err := t.d.TypeName(&kinds[i]); err != nil {
			continue
		}
		name := ident(t.newName())
		s := t.createText(name, key, col{"v", kinds[i], ""})
		if _, err := t.tryExec(t.ctx, t.adminConn(), s); err != nil {
			t.Errorf("%v: %s: %v", &kinds[i], t.text(s), err)
			continue
		}
		t.insert(t.adminConn(), name, []string{"id"}, []any{1})
		if n := fmt.Sprint(column[int64](t, t.adminConn(), say{"SELECT COUNT(*) FROM ", name, " WHERE ", ident("v"), " IS NULL"})); n != "[1]" {
			t.Errorf("%v: %s rows instead of one", &kinds[i], n)
		}
		t.exec(t.adminConn(), say{"DROP TABLE ", name})
	}
}

func serverCasts(t *T) {
	namer, ok := dialect.As[dialect.CastNamer](t.d)
	for i := range kinds {
		var name string
		var err error
		if ok {
			name, err = namer.CastName(&kinds[i])
		} else {
			name, err = t.d.TypeName(&kinds[i])
		}
		if err != nil {
			t.wantKind(err, dialect.ErrUnsupported)
			continue
		}
		c := t.conn()
		var v any
		if err := t.tryRow(t.ctx, c, t.sel("CAST(NULL AS "+name+")"), &v); err != nil {
			t.Errorf("CAST to %v: %v", &kinds[i], err)
		} else if v != nil {
			t.Errorf("CAST(NULL AS %s) is %v", name, v)
		}
	}
}

func serverBadTypes(t *T) {
	for _, typ := range []*dialect.Type{{Kind: dialect.TypeKind(250)}, {}} {
		if name, err := t.d.TypeName(typ); err == nil {
			t.Errorf("the type %v has the name %q", typ, name)
		}
	}
}

func serverClassify(t *T) {
	plain := errors.New("something that no driver says")
	e := t.d.Classify(plain)
	if e == nil {
		t.Fatalf("Classify returned nil for an error")
		return
	}
	if e.Kind != dialect.ErrOther || !errors.Is(e, plain) || e.Statement != "" || e.Args != nil {
		t.Errorf("an unknown error is classified as %#v", e)
	}
	if again := t.d.Classify(joined(errors.New("around"), e)); again != e {
		t.Errorf("what is described already is described again: %v", again)
	}
	_, err := t.tryExec(t.ctx, t.conn(), say{"SELECT * FROM ", ident(t.newName())})
	if e, ok := errors.AsType[*dialect.Error](err); !ok {
		t.Errorf("an error of the database is no *dialect.Error: %v", err)
	} else if e.Err == nil || e.Message == "" {
		t.Errorf("an error of the database lacks its cause or message: %#v", e)
	}
}

func serverFindTable(t *T) {
	f, _ := dialect.As[dialect.TableFinder](t.d)
	c := t.conn()
	for _, name := range []ident{ident(t.newName()), ident(t.prefix + "Mixed Case's")} {
		rows := func() int {
			return len(column[any](t, c, f.FindTable("", string(name))))
		}
		if n := rows(); n != 0 {
			t.Errorf("a table that is not there is found %d times", n)
		}
		t.create(name, key)
		if n := rows(); n != 1 {
			t.Errorf("the table %q is found %d times", name, n)
		}
	}
}

func serverClock(t *T) {
	table := t.table(key, col{"at", dialect.Type{Kind: dialect.TimestampTZ}, ""})
	c := t.conn()
	t.exec(c, insertText(table, []string{"id", "at"}, 1, say{t.f.DefaultNow}))
	var at time.Time
	t.row(c, say{"SELECT ", ident("at"), " FROM ", table}, &at)
	if d := time.Since(at).Abs(); d > time.Hour {
		t.Errorf("the default for the current time is %v, which is %v away", at, d.Round(time.Minute))
	}
}
