package dialecttest

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

var (
	nvarchar = dialect.Type{Kind: dialect.Varchar, Length: 250, National: true}
	nclob    = dialect.Type{Kind: dialect.Clob, National: true}
	clob     = dialect.Type{Kind: dialect.Clob}
	wide     = dialect.Type{Kind: dialect.Varchar, Length: 250}
)

// unicodeText holds what is lost where bytes are taken for characters, or 16
// bits for a code point.
const unicodeText = "Alors vous imaginez ma 🐍 surprise, au lever du jour, quand une drôle de petite 🐍 voix m’a réveillé: « S’il vous plaît… dessine-moi 🐍 un mouton! »"

var nationalCases = slices.Concat(
	unicodeCases("national varchar", nvarchar, true),
	unicodeCases("national text", nclob, false),
)

// unicodeCases are those of one type of text.
func unicodeCases(what string, typ dialect.Type, compares bool) []testCase {
	return []testCase{
		{name: what + ": every character comes back", run: roundTrips(typ, same[string], unicodeText, "𝄞", "日本語", "ё")},
		{name: what + ": many rows at once come back", run: func(t *T) { textMany(t, typ) }},
		{name: what + ": a plain literal", run: literals(typ, compares, same[string], "some text")},
		{name: what + ": a literal beyond ASCII", run: literals(typ, compares, same[string], "réve🐍 illé", unicodeText)},
		{name: what + ": the empty string", needs: emptyApart, run: roundTrips(typ, same[string], "")},
		{name: what + ": NULL", run: func(t *T) { wantNull[string](t, typ) }},
	}
}

var textCases = []testCase{
	{name: "text: long values come back", run: roundTrips(clob, same[string], "some text", strings.Repeat("some text ", 5000))},
	{name: "text: the empty string", needs: emptyApart, run: roundTrips(clob, same[string], "")},
	{name: "text: NULL", run: func(t *T) { wantNull[string](t, clob) }},
	{name: "text: a plain literal", run: literals(clob, false, same[string], "some text")},
	{name: "text: a literal beyond ASCII", run: literals(clob, false, same[string], "réve🐍 illé")},
	{name: "text: a literal with quotes", run: literals(clob, false, same[string], quoted...)},
	{name: "text: a literal with backslashes", run: literals(clob, false, same[string], slashed...)},
	{name: "text: a literal with percent signs", run: literals(clob, false, same[string], "percent % signs %% percent", "%s %(name)s 100%")},
	{name: "varchar: a length is not needed, or its lack is refused", run: textNoLength},
	{name: "varchar: a plain literal", run: literals(wide, true, same[string], "some text")},
	{name: "varchar: a literal beyond ASCII", run: literals(wide, true, same[string], "réve🐍 illé")},
	{name: "varchar: a literal with quotes", run: literals(wide, true, same[string], quoted...)},
	{name: "varchar: a literal with backslashes", run: literals(wide, true, same[string], slashed...)},
	{name: "varchar: a longer text is compared as a whole", run: textRightSide},
	{name: "varchar: two texts are joined", run: textConcat},
	{name: "varchar: several texts are joined in a chain", run: textConcatChain},
}

var (
	quoted  = []string{"some 'text' hey \"hi there\" that's text", "it''s", "'", `"`}
	slashed = []string{`backslash one \ backslash two \\ end`, `\`, `\'`, `ends with \`}
)

func textMany(t *T, typ dialect.Type) {
	s := t.shelf(typ)
	table := s.exprTable()
	rows := make([][]any, 5)
	want := make([]string, len(rows))
	for i := range rows {
		want[i] = strings.Repeat(unicodeText[:30], i+1)
		rows[i] = []any{i + 1, want[i]}
	}
	t.insertMany(table, []expr.AnyColumn{expr.C[int64](table, "id"), expr.C[string](table, "v")}, rows...)
	compared(t, everything[string](s), want, same[string])
}

// wantNull checks that NULL goes in and comes back as NULL, bound and written.
func wantNull[G any](t *T, typ dialect.Type) {
	t.Helper()
	s := t.shelf(typ)
	s.fill(nil)
	if _, err := s.put(nil, false); err != nil {
		t.Errorf("NULL without its type: %v", err)
	}
	t.exec(s.c, insertText(s.table, []string{"id", "v"}, 90, literal(nil, &typ)))
	t.exec(s.c, insertText(s.table, []string{"id"}, 91))
	got := everything[*G](s)
	if len(got) != 4 {
		t.Fatalf("%d rows instead of 4", len(got))
	}
	for i, v := range got {
		if v != nil {
			t.Errorf("the %d. NULL came back as %s", i+1, shown(*v))
		}
	}
	if n := column[int64](t, s.c, say{"SELECT COUNT(*) FROM ", s.table, " WHERE ", ident("v"), " IS NULL"}); n[0] != 4 {
		t.Errorf("%d of 4 rows are NULL to the database", n[0])
	}
}

func textNoLength(t *T) {
	typ := dialect.Type{Kind: dialect.Varchar}
	if _, err := t.d.TypeName(&typ); err != nil {
		t.wantKind(err, dialect.ErrUnsupported)
		return
	}
	roundTrips(typ, same[string], "a", strings.Repeat("x", 200))(t)
}

// textRightSide: what is compared with a column is not cut to the column's
// length first.
func textRightSide(t *T) {
	typ := dialect.Type{Kind: dialect.Varchar, Length: 2}
	s := t.shelf(typ)
	s.fill("AB", "BC", "AC")
	table := s.exprTable()
	v := expr.C[string](table, "v")
	find := func(cond expr.Cond) string {
		return t.lines(s.c, expr.Select(v).From(table).Where(cond).OrderBy(v.Asc()))
	}
	for _, x := range []struct {
		cond expr.Cond
		want string
	}{
		{v.Like("AB%"), "AB"}, {v.Like("A%C%"), "AC"}, {v.Like("AB%%%"), "AB"}, {v.Eq("ABC"), ""}, {v.Ne("ABC"), "AB; AC; BC"}, {v.Lt("ABC"), "AB"},
	} {
		if got := find(x.cond); got != x.want {
			t.Errorf("%q is found instead of %q", got, x.want)
		}
	}
}

func textConcat(t *T) {
	c := t.conn()
	t.wantLines(c, expr.Select(expr.Concat(expr.Value("a"), expr.Value("b")).As("x")), "ab")
	s := t.shelfOf(wide, "left")
	table := s.exprTable()
	v := expr.C[string](table, "v")
	t.wantLines(s.c, expr.Select(expr.Concat(v, expr.Value(" and right")).As("x")).From(table), "left and right")
}

func textConcatChain(t *T) {
	s := t.shelfOf(wide, "b")
	table := s.exprTable()
	v := expr.C[string](table, "v")
	chain := expr.Concat(expr.Value("a"), v, expr.Value("c"), expr.Concat(v, expr.Value("d")))
	t.wantLines(s.c, expr.Select(chain.As("x")).From(table).Where(chain.Eq("abcbd")), "abcbd")
}
