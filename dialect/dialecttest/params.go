package dialecttest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var paramCases = []testCase{
	{name: "a missing argument is refused", run: paramsMissing},
	{name: "a surplus argument is refused", run: paramsSurplus},
	{name: "one argument stands in two places", run: paramsTwice},
	{name: "a statement runs again with other values", run: paramsAgain},
	{name: "a statement runs again with values of other types and with NULL", run: paramsOtherTypes},
	{name: "many different statements, more than are kept", run: paramsManyTexts},
	{name: "SELECT * sees a column that was added", run: paramsAfterDDL},
	{name: "SELECT * sees a column that another connection added", run: paramsAfterOtherDDL},
	{name: "a table dropped and made again is the new one", run: paramsRecreated},
	{name: "as many parameters as Features says", run: paramsMax},
	{name: "as many items of IN as Features says", run: paramsMaxIn},
	{name: "named arguments", run: paramsNamed},
	{name: "IN takes a list of any length", run: paramsIn},
	{name: "an empty IN matches nothing, an empty NOT IN everything, NULL included", run: paramsEmptyIn},
	{name: "text that looks like parameters is left alone", run: paramsLookalikes},
	{name: "a value is never taken for SQL", run: paramsInjection},
	{name: "parameters in SELECT, WHERE, LIKE and between functions", run: paramsPlaces},
	{name: "times bind the same in any zone", run: paramsZones},
	{name: "values are not kept beyond the statement", run: paramsNotKept},
}

// short is a statement whose text has n placeholders and whose arguments are
// others.
type short struct {
	t    *T
	n    int
	args []any
}

// CompileSQL implements [dialect.Statement].
func (s short) CompileSQL(c *dialect.Compiled) error {
	w := dialect.NewWriter(s.t.d)
	pieces := make([]say, s.n)
	for i := range pieces {
		pieces[i] = say{bind(i, integer), " + 0"}
	}
	say{s.t.sel(list(pieces))}.write(w)
	c.SetText(w.Text())
	for _, a := range s.args {
		c.AddArg(dialect.Arg{Value: a, Type: &integer})
	}
	return nil
}

func paramsMissing(t *T) {
	c := t.conn()
	for _, args := range [][]any{nil, {1}} {
		err := t.drain(t.ctx, c, short{t, 2, args})
		if err == nil {
			t.Errorf("two parameters and %d argument(s) are accepted", len(args))
			continue
		}
		t.wantKind(err, dialect.ErrArguments)
		t.works(c)
	}
}

func paramsSurplus(t *T) {
	c := t.conn()
	for _, s := range []short{{t, 1, []any{1, 2}}, {t, 0, []any{1}}} {
		s := s
		var text dialect.Statement = s
		if s.n == 0 {
			text = dialect.Text(t.text(t.sel("1")), s.args...)
		}
		err := t.drain(t.ctx, c, text)
		if err == nil {
			t.Errorf("%d parameters and %d arguments are accepted", s.n, len(s.args))
			continue
		}
		t.wantKind(err, dialect.ErrArguments)
		t.works(c)
	}
}

func paramsTwice(t *T) {
	c := t.conn()
	s := t.shelfOf(bigint, 5, 6)
	var n int64
	t.row(c, say{"SELECT COUNT(*) FROM ", s.table, " WHERE ", ident("v"), " = ", func(w *dialect.Writer) {
		i := w.Bind(6, &bigint)
		w.WriteString(" AND ")
		w.Ident("v")
		w.WriteString(" + 0 = ")
		w.BindAgain(i)
	}}, &n)
	if n != 1 {
		t.Errorf("%d rows instead of 1", n)
	}
}

func paramsAgain(t *T) {
	s := t.shelf(varchar)
	for i := range 50 {
		want := fmt.Sprint("value ", i)
		id, err := s.put(want, true)
		if err != nil {
			t.Fatalf("run %d: %v", i, err)
		}
		var got string
		t.row(s.c, say{"SELECT ", ident("v"), " FROM ", s.table, " WHERE ", ident("id"), " = ", bind(id, integer)}, &got)
		if got != want {
			t.Fatalf("run %d gives %q", i, got)
		}
	}
}

func paramsOtherTypes(t *T) {
	s := t.shelfOf(varchar, "1", "text", "3")
	q := func(v any) say {
		return say{"SELECT COUNT(*) FROM ", s.table, " WHERE ", ident("v"), " = ", bind(v, varchar)}
	}
	for _, c := range []struct {
		v    any
		want int64
	}{{"text", 1}, {nil, 0}, {"1", 1}, {[]byte("text"), 1}, {namedString("3"), 1}, {(*string)(nil), 0}, {strings.Repeat("x", 90), 0}} {
		var n int64
		t.row(s.c, q(c.v), &n)
		if n != c.want {
			t.Errorf("%T(%v) finds %d rows instead of %d", c.v, c.v, n, c.want)
		}
	}
}

func paramsManyTexts(t *T) {
	c := t.conn()
	for round := range 2 {
		for i := range 400 {
			var got int64
			t.row(c, t.sel(fmt.Sprintf("%d + ", i), bind(1, integer)), &got)
			if got != int64(i)+1 {
				t.Fatalf("round %d: statement %d gives %d", round, i, got)
			}
		}
	}
}

// columnsOf reads all of a table and returns how many columns it has.
func (t *T) columnsOf(c dialect.Conn, table ident) int {
	t.Helper()
	rows := t.query(c, say{"SELECT * FROM ", table})
	n := len(rows.Columns())
	dst := make([]any, n)
	box := make([]any, n)
	for i := range dst {
		dst[i] = &box[i]
	}
	for rows.Next() {
		if err := rows.ScanRow(dst); err != nil {
			t.Errorf("%v", err)
		}
	}
	if err := joined(t.described(rows.Err()), t.described(rows.Close())); err != nil {
		t.Fatalf("SELECT *: %v", err)
	}
	return n
}

func (t *T) addColumn(c dialect.Conn, table ident, name string) {
	t.Helper()
	t.exec(c, say{"ALTER TABLE ", table, " ADD ", ident(name), " " + t.typeName(varchar)})
}

func paramsAfterDDL(t *T) { t.afterDDL(true) }

func paramsAfterOtherDDL(t *T) { t.afterDDL(false) }

func (t *T) afterDDL(own bool) {
	t.Helper()
	c := t.conn()
	by := c
	if !own {
		by = t.conn()
	}
	table := t.table(key)
	t.insert(c, table, []string{"id"}, []any{1})
	for want := 1; want <= 4; want++ {
		for range 3 { // often enough for a statement to be kept
			if n := t.columnsOf(c, table); n != want {
				t.Fatalf("SELECT * has %d columns instead of %d", n, want)
			}
		}
		t.addColumn(by, table, fmt.Sprint("added", want))
	}
}

func paramsRecreated(t *T) {
	c := t.conn()
	table := t.table(key, col{"a", varchar, ""})
	for range 3 {
		t.columnsOf(c, table)
	}
	t.exec(c, say{"DROP TABLE ", table})
	t.exec(c, t.createText(table, key, col{"b", bigint, ""}, col{"d", varchar, ""}))
	t.insert(c, table, []string{"id", "b"}, []any{1, 77})
	if n := t.columnsOf(c, table); n != 3 {
		t.Errorf("SELECT * has %d columns instead of 3", n)
	}
	var b int64
	t.row(c, say{"SELECT ", ident("b"), " FROM ", table}, &b)
	if b != 77 {
		t.Errorf("the new column reads %d", b)
	}
}

func paramsMax(t *T) {
	n := t.f.MaxParams
	if n == 0 || n > 70000 {
		n = 70000
	}
	c := t.conn()
	table := t.numbers(c, 3)
	const chunk = 500
	err := t.drain(t.ctx, c, say{"SELECT COUNT(*) FROM ", table, " WHERE ", func(w *dialect.Writer) {
		for i := range n {
			switch {
			case i == 0:
				w.Ident("id")
				w.WriteString(" IN (")
			case i%chunk == 0:
				w.WriteString(") OR ")
				w.Ident("id")
				w.WriteString(" IN (")
			default:
				w.WriteString(", ")
			}
			w.Bind(i, &integer)
		}
		w.WriteString(")")
	}})
	if err != nil {
		t.Errorf("%d parameters: %v", n, err)
	}
	t.works(c)
}

func paramsMaxIn(t *T) {
	n := t.f.MaxInList
	if n == 0 {
		n = 2000
	}
	if t.f.MaxParams > 0 {
		n = min(n, t.f.MaxParams)
	}
	c := t.conn()
	table := t.numbers(c, 5)
	ids := make([]arg, n)
	for i := range ids {
		ids[i] = bind(i, integer)
	}
	got := column[int64](t, c, say{"SELECT COUNT(*) FROM ", table, " WHERE ", ident("id"), " IN (", list(ids), ")"})
	if got[0] != 5 {
		t.Errorf("%d rows instead of 5", got[0])
	}
}

func paramsNamed(t *T) {
	table := t.table(key, col{"name", varchar, ""})
	c := t.conn()
	text := func(s say) string { return t.text(s) }
	t.exec(c, dialect.Text(text(say{"INSERT INTO ", table, " (", ident("id"), ", ", ident("name"), ") VALUES (:id, :name)"}),
		dialect.Named{"id": 1, "name": "ada"}))
	t.exec(c, dialect.Text(text(say{"INSERT INTO ", table, " (", ident("id"), ", ", ident("name"), ") VALUES (:id, :name)"}),
		struct {
			ID   int
			Name string
		}{2, "bob"}))
	got := column[int64](t, c, dialect.Text(text(say{"SELECT ", ident("id"), " FROM ", table, " WHERE ", ident("name"), " = :name OR :name = ", ident("name")}),
		dialect.Named{"name": "bob"}))
	if !slices.Equal(got, []int64{2}) {
		t.Errorf("a name that stands twice finds %v", got)
	}
	_, err := t.tryExec(t.ctx, c, dialect.Text(text(say{"DELETE FROM ", table, " WHERE ", ident("name"), " = :nmae"}), dialect.Named{"name": "x"}))
	t.wantKind(err, dialect.ErrArguments)
	if err != nil && !strings.Contains(err.Error(), "nmae") {
		t.Errorf("the error does not name the parameter: %v", err)
	}
	if n := t.count(c, table); n != 2 {
		t.Errorf("%d rows instead of 2", n)
	}
}

// inText is SELECT id FROM table WHERE id [NOT] IN (:ids).
func (t *T) inText(table ident, column, not string, ids any) dialect.Statement {
	return dialect.Text(t.text(say{"SELECT ", ident("id"), " FROM ", table, " WHERE ", ident(column), " " + not + "IN (:ids) ORDER BY ", ident("id")}),
		dialect.Named{"ids": ids})
}

func paramsIn(t *T) {
	c := t.conn()
	table := t.numbers(c, 9)
	for _, x := range []struct {
		ids  any
		want string
	}{
		{[]int{3}, "[3]"}, {[]int64{5, 1, 5}, "[1 5]"}, {[]namedInt{2, 4}, "[2 4]"}, {[]any{7, int64(8)}, "[7 8]"}, {[3]int{1, 2, 3}, "[1 2 3]"},
	} {
		if got := fmt.Sprint(column[int64](t, c, t.inText(table, "id", "", x.ids))); got != x.want {
			t.Errorf("IN %v gives %s", x.ids, got)
		}
	}
	if got := fmt.Sprint(column[int64](t, c, t.inText(table, "id", "NOT ", []int{1, 2, 3, 4, 5, 6, 7}))); got != "[8 9]" {
		t.Errorf("NOT IN gives %s", got)
	}
}

func paramsEmptyIn(t *T) {
	table := t.table(key, col{"n", bigint, ""}, col{"s", varchar, ""}, col{"at", dialect.Type{Kind: dialect.Timestamp}, ""})
	c := t.conn()
	t.insert(c, table, []string{"id", "n", "s"}, []any{1, 5, "x"})
	t.exec(c, insertText(table, []string{"id"}, 2))
	for _, column1 := range []string{"id", "n", "s", "at"} {
		if got := column[int64](t, c, t.inText(table, column1, "", []int{})); len(got) != 0 {
			t.Errorf("an empty IN on %s finds %v", column1, got)
		}
		if got := fmt.Sprint(column[int64](t, c, t.inText(table, column1, "NOT ", []int{}))); got != "[1 2]" {
			t.Errorf("an empty NOT IN on %s finds %v", column1, got)
		}
	}
	if got := column[int64](t, c, say{"SELECT COUNT(*) FROM (", t.f.EmptySet, ") e"}); got[0] != 0 {
		t.Errorf("EmptySet has %d rows", got[0])
	}
}

func paramsLookalikes(t *T) {
	c := t.conn()
	const want = "? $1 :name @p1 -- ? /* :x */ {0}"
	var got, bound string
	t.row(c, t.sel(literal(want, nil), ", CAST(", bind("bound", varchar), " AS ", t.castName(varchar), ")"), &got, &bound)
	if got != want || bound != "bound" {
		t.Errorf("%q came back as %q beside %q", want, got, bound)
	}
	t.row(c, t.sel("/* ? :x $1 @p1 */ CAST(", bind("bound", varchar), " AS ", t.castName(varchar), ") -- ? :y\n"), &bound)
	if bound != "bound" {
		t.Errorf("a parameter beside comments reads %q", bound)
	}
}

// castName is a type's name within CAST.
func (t *T) castName(typ dialect.Type) string {
	t.Helper()
	if n, ok := dialect.As[dialect.CastNamer](t.d); ok {
		name, err := n.CastName(&typ)
		if err != nil {
			t.Fatalf("CastName(%v): %v", &typ, err)
		}
		return name
	}
	return t.typeName(typ)
}

func paramsInjection(t *T) {
	s := t.shelf(varchar)
	evil := []string{"x'); DROP TABLE " + string(s.table) + "; --", `\`, `\'`, `'`, `''`, "\\\\'--", `"`, "`"}
	for _, v := range evil {
		id, err := s.put(v, true)
		if err != nil {
			t.Fatalf("%q: %v", v, err)
		}
		var got string
		if err := s.get(id, &got); err != nil || got != v {
			t.Errorf("%q came back as %q (%v)", v, got, err)
		}
		if n := column[int64](t, s.c, say{"SELECT COUNT(*) FROM ", s.table, " WHERE ", ident("v"), " = ", bind(v, varchar)}); n[0] != 1 {
			t.Errorf("%q finds %d rows", v, n[0])
		}
	}
}

func paramsPlaces(t *T) {
	s := t.shelfOf(varchar, "alpha", "beta", "alps")
	c := s.c
	got := column[int64](t, c, say{"SELECT ", ident("id"), " FROM ", s.table, " WHERE ", ident("v"), " LIKE ", bind("al%", varchar),
		" AND ", t.function("char_length", ident("v")), " > ", bind(4, integer), " ORDER BY ", ident("id")})
	if !slices.Equal(got, []int64{1}) {
		t.Errorf("LIKE and a length find %v", got)
	}
	got = column[int64](t, c, say{"SELECT ", ident("id"), " + CAST(", bind(10, integer), " AS ", t.castName(integer), ") FROM ", s.table,
		" WHERE ", ident("v"), " BETWEEN ", bind("b", varchar), " AND ", bind("c", varchar)})
	if !slices.Equal(got, []int64{12}) {
		t.Errorf("a parameter in the select list gives %v", got)
	}
	got = column[int64](t, c, say{"SELECT COUNT(*) FROM ", s.table, " WHERE CASE WHEN ", ident("v"), " = ", bind("beta", varchar), " THEN 1 ELSE 0 END = ", bind(1, integer)})
	if got[0] != 1 {
		t.Errorf("CASE with parameters finds %d rows", got[0])
	}
	if n := t.exec(c, say{"UPDATE ", s.table, " SET ", ident("v"), " = ", bind("z", varchar), " WHERE ", ident("id"), " = ", bind(2, integer)}).RowsAffected(); n != 1 {
		t.Errorf("an UPDATE with parameters affects %d rows", n)
	}
}

func paramsZones(t *T) {
	at := time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC)
	s := t.shelfOf(dialect.Type{Kind: dialect.TimestampTZ, Precision: 6}, at)
	for _, hours := range []int{-12, -5, 0, 3, 14} {
		there := at.In(time.FixedZone("", hours*3600))
		for _, withType := range []bool{true, false} {
			a := val(there)
			if withType {
				a = bind(there, s.typ)
			}
			if n := column[int64](t, s.c, say{"SELECT COUNT(*) FROM ", s.table, " WHERE ", ident("v"), " = ", a}); n[0] != 1 {
				t.Errorf("%v finds %d rows (bound with its type: %v)", there, n[0], withType)
			}
		}
	}
}

func paramsNotKept(t *T) {
	s := t.shelf(blobType)
	buf := []byte("first")
	id, err := s.put(buf, true)
	if err != nil {
		t.Fatalf("%v", err)
	}
	copy(buf, "XXXXX")
	var got []byte
	if err := s.get(id, &got); err != nil || string(got) != "first" {
		t.Errorf("bytes that were changed after the statement came back as %q (%v)", got, err)
	}
}
