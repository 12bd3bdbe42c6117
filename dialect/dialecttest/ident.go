package dialecttest

import (
	"maps"
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var identifierCases = []testCase{
	{name: "every reserved word is a column's name", run: identReserved},
	{name: "words that are not reserved need no quotes", run: identCommon},
	{name: "a name keeps its case", run: identCase},
	{name: "spaces, quotes, dots and placeholders stand in names", run: identOdd},
	{name: "Unicode stands in names", run: identUnicode},
	{name: "the longest name that Features allows", run: identLongest},
	{name: "a name beyond the limit is refused before sending", run: identTooLong},
	{name: "an empty name and one with NUL are refused", run: identRefused},
	{name: "odd names of tables, columns and constraints in every statement", run: identEverywhere},
	{name: "a name cannot leave its quotes", run: identInjection},
}

// columnsNamed makes a table with columns of these names, writes and reads it,
// and checks that the result's columns have the names.
func (t *T) columnsNamed(names []string) {
	t.Helper()
	var parts []any
	var idents, zeros []any
	for i, n := range names {
		parts = append(parts, col{n, integer, ""})
		idents = append(idents, ident(n))
		zeros = append(zeros, bind(i, integer))
	}
	table := t.table(parts...)
	c := t.conn()
	t.exec(c, say{"INSERT INTO ", table, " (", list(idents), ") VALUES (", list(zeros), ")"})
	rows := t.query(c, say{"SELECT ", list(idents), " FROM ", table, " WHERE ", idents[0], " = 0 ORDER BY ", idents[len(idents)-1]})
	for i, c := range rows.Columns() {
		if c.Name != names[i] {
			t.Errorf("the column %q is called %q in the result", names[i], c.Name)
		}
	}
	n := 0
	for rows.Next() {
		n++
	}
	if err := joined(t.described(rows.Err()), t.described(rows.Close())); err != nil || n != 1 {
		t.Errorf("%d rows (%v)", n, err)
	}
}

func identReserved(t *T) {
	words := slices.Sorted(maps.Keys(t.f.Reserved))
	if len(words) == 0 {
		t.Errorf("Features has no reserved words")
	}
	for chunk := range slices.Chunk(words, 100) {
		t.columnsNamed(chunk)
	}
}

// identCommon takes the words that programs use as names and that some
// database or other reserves. One that Features does not list goes unquoted.
func identCommon(t *T) {
	words := strings.Fields(`user order group table column select from where value values key keys index name names type types date time
		timestamp year month day hour minute second level status state comment comments description position role roles session
		password login rank row rows number text char binary data json uuid interval zone language access action active
		admin after all always and any array as asc author before begin between body both by call case cast category check
		class code collate condition constraint content count country created cross cube current cursor database default
		delete desc distinct domain double drop each else email end enum escape except exists external false fetch file first
		float for foreign full function grant grouping groups having host hosts id image in inner input insert integer
		intersect into is join kind label last lateral leading left length like limit link list local location lock log mode
		module natural new no not null object of off offset old on only open option or out outer output over owner
		partition path percent period plan primary procedure public range read real references release resource result
		return right rule schema scope score search section sequence server set share size some source start statement
		summary system tag task then title to token top total trigger true union unique update uri url usage using version
		view when window with without work write zipcode`)
	for chunk := range slices.Chunk(words, 60) {
		t.columnsNamed(chunk)
	}
}

func identCase(t *T) {
	t.columnsNamed([]string{"Mixed", "UPPER", "camelCase", "lower", "snake_case", "With1Digit"})
	name := ident(t.prefix + "MixedTable")
	t.create(name, key)
	if n := t.count(t.conn(), name); n != 0 {
		t.Errorf("%d rows", n)
	}
}

// odd are names with everything in them.
var odd = []string{"with space", "it's", "per%cent", "semi;colon", "com,ma", "(paren)", "[bracket]", "do.t", "da-sh", "1digit", "_under",
	"dol$lar", "ha#sh", "at@sign", "que?stion", ":colon", "back\\slash", "a{0}b", "$1", "@p1", "star*", "equal=", "/* c */", "-- c"}

func (t *T) oddNames() []string {
	return slices.DeleteFunc(append(slices.Clone(odd), `double"quote`, "back`tick", "close]bracket"), t.unquotable)
}

// unquotable reports whether a name holds what no name can hold here.
func (t *T) unquotable(name string) bool {
	return t.f.NoQuoteInIdent && strings.IndexByte(name, t.f.QuoteClose) >= 0
}

func identOdd(t *T) { t.columnsNamed(t.oddNames()) }

func identUnicode(t *T) {
	t.columnsNamed([]string{"größe", "имя", "名前", "naïve", "ñ", "Ärger", "élan vital"})
	name := ident(t.prefix + "größe")
	t.create(name, col{"ключ", integer, "NOT NULL PRIMARY KEY"})
	c := t.conn()
	t.insert(c, name, []string{"ключ"}, []any{3})
	var n int
	t.row(c, say{"SELECT ", ident("ключ"), " FROM ", name, " x WHERE x.", ident("ключ"), " = ", bind(3, integer)}, &n)
	if n != 3 {
		t.Errorf("the key reads %d", n)
	}
}

func (t *T) longName(n int) string {
	name := t.newName() + strings.Repeat("abcdefghi_", n/10+1)
	return name[:n]
}

func identLongest(t *T) {
	n := t.f.MaxIdent
	if n == 0 {
		n = 300
	}
	name := ident(t.longName(n))
	t.create(name, key, col{t.longName(n), integer, ""})
	c := t.conn()
	t.insert(c, name, []string{"id"}, []any{1})
	if got := t.count(c, name); got != 1 {
		t.Errorf("%d rows", got)
	}
	// A second name that differs in its last character only is another one.
	other := ident(string(name)[:n-1] + "Z")
	if other == name {
		other = ident(string(name)[:n-1] + "Y")
	}
	t.create(other, key)
	if got := t.count(c, other); got != 0 {
		t.Errorf("two names that differ in their last character are one table")
	}
	t.columnsNamed([]string{t.longName(n), "x" + t.longName(n)[1:]})
}

func identTooLong(t *T) {
	if t.f.MaxIdent == 0 {
		return
	}
	_, err := t.tryExec(t.ctx, t.conn(), say{"SELECT 1 FROM ", ident(t.longName(t.f.MaxIdent + 1))})
	t.wantKind(err, dialect.ErrStatement)
}

func identRefused(t *T) {
	for _, name := range []ident{"", "a\x00b", "a\xffb"} {
		_, err := t.tryExec(t.ctx, t.conn(), say{"SELECT 1 FROM ", name})
		t.wantKind(err, dialect.ErrStatement)
	}
	if t.f.NoQuoteInIdent {
		_, err := t.tryExec(t.ctx, t.conn(), say{"SELECT 1 FROM ", ident("a" + string(t.f.QuoteClose) + "b")})
		t.wantKind(err, dialect.ErrUnsupported)
	}
}

func identEverywhere(t *T) {
	table := ident(t.prefix + `order "by" it's`)
	if t.unquotable(string(table)) {
		table = ident(t.prefix + "order [by] it's")
	}
	constraint := ident(t.newName() + " Unique")
	t.create(table, col{"key no", integer, "NOT NULL PRIMARY KEY"}, col{"Va'lue", varchar, ""}, say{"CONSTRAINT ", constraint, " UNIQUE (", ident("Va'lue"), ")"})
	c := t.conn()
	t.insert(c, table, []string{"key no", "Va'lue"}, []any{1, "a"}, []any{2, "b"})
	if n := t.exec(c, say{"UPDATE ", table, " SET ", ident("Va'lue"), " = ", bind("c", varchar), " WHERE ", ident("key no"), " = ", bind(2, integer)}).RowsAffected(); n != 1 {
		t.Errorf("an UPDATE affects %d rows", n)
	}
	var v string
	t.row(c, say{"SELECT ", ident("a b"), ".", ident("Va'lue"), " FROM ", table, " ", ident("a b"), " WHERE ", ident("a b"), ".", ident("key no"), " = 2"}, &v)
	if v != "c" {
		t.Errorf("the value reads %q", v)
	}
	_, err := t.tryExec(t.ctx, c, insertText(table, []string{"key no", "Va'lue"}, 3, "a"))
	t.wantKind(err, dialect.ErrUniqueViolation)
	if n := t.exec(c, say{"DELETE FROM ", table, " WHERE ", ident("Va'lue"), " = ", bind("c", varchar)}).RowsAffected(); n != 1 {
		t.Errorf("a DELETE affects %d rows", n)
	}
}

func identInjection(t *T) {
	victim := t.table(key)
	c := t.conn()
	t.insert(c, victim, []string{"id"}, []any{1})
	for _, quote := range []string{`"`, "`", "]", "'"} {
		name := ident("x" + quote + " FROM " + string(victim) + "; DELETE FROM " + string(victim) + "; --")
		_, err := t.tryExec(t.ctx, c, say{"SELECT ", name, " FROM ", victim})
		if err == nil && t.f.Lexical.DoubleQuoteText {
			t.Errorf("the name %q is read as something else", name)
		}
	}
	t.fit(c)
	if n := t.count(t.conn(), victim); n != 1 {
		t.Errorf("a name has deleted rows: %d are left", n)
	}
}
