package grammar

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/antlr4-go/antlr/v4"
	"github.com/bytebase/parser/mysql"
	"github.com/bytebase/parser/plsql"
	"github.com/bytebase/parser/tsql"
	pg_query "github.com/wasilibs/go-pgquery"

	"github.com/sqlayer-go/sqlayer/dialect"
	ms "github.com/sqlayer-go/sqlayer/dialect/mssql"
	my "github.com/sqlayer-go/sqlayer/dialect/mysql"
	ora "github.com/sqlayer-go/sqlayer/dialect/oracle"
	pg "github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/internal/safety"
)

// lexer is the lexer of a grammar, and the names of its tokens.
type lexer struct {
	new     func(antlr.CharStream) antlr.Lexer
	strings string // the names of its tokens for strings, with spaces around each
	names   string // and for names in quotes
	quote   string // what a name's closing quote is doubled to
}

var lexers = map[string]lexer{
	"mysql": {func(in antlr.CharStream) antlr.Lexer { return mysql.NewMySQLLexer(in) },
		" SINGLE_QUOTED_TEXT DOUBLE_QUOTED_TEXT NCHAR_TEXT ", " BACK_TICK_QUOTED_ID ", "`"},
	"mssql": {func(in antlr.CharStream) antlr.Lexer { return tsql.NewTSqlLexer(in) },
		" STRING ", " SQUARE_BRACKET_ID DOUBLE_QUOTE_ID ", "]"},
	"oracle": {func(in antlr.CharStream) antlr.Lexer { return plsql.NewPlSqlLexer(in) },
		" CHAR_STRING NATIONAL_CHAR_STRING_LIT ", " DELIMITED_ID ", `"`},
}

// tokens takes a text apart where the database's own lexer does.
func (l lexer) tokens(text string) ([]safety.Token, error) {
	listener := &firstError{DefaultErrorListener: antlr.NewDefaultErrorListener()}
	lex := l.new(antlr.NewInputStream(text))
	lex.RemoveErrorListeners()
	lex.AddErrorListener(listener)
	var list []safety.Token
	for t := lex.NextToken(); t.GetTokenType() != antlr.TokenEOF; t = lex.NextToken() {
		s := t.GetText()
		symbol := " " + lex.GetSymbolicNames()[t.GetTokenType()] + " "
		named := strings.Contains(l.names, symbol)
		switch {
		case t.GetChannel() != antlr.TokenDefaultChannel && strings.TrimSpace(s) == "":
		case t.GetChannel() != antlr.TokenDefaultChannel:
			if strings.HasPrefix(s, "/*") && strings.HasSuffix(s, "*/") && len(s) >= 4 {
				s = s[2 : len(s)-2]
			}
			list = append(list, safety.Token{Kind: safety.Comment, Value: s})
		case named:
			list = append(list, safety.Token{Kind: safety.Name, Value: strings.ReplaceAll(s[1:len(s)-1], l.quote+l.quote, l.quote)})
		case strings.Contains(l.strings, symbol):
			list = append(list, safety.Token{Kind: safety.String, Value: l.value(s)})
		case unicode.IsLetter(rune(s[0])) || s[0] == '_' || s[0] >= utf8.RuneSelf:
			list = append(list, safety.Token{Kind: safety.Word, Value: s})
		case '0' <= s[0] && s[0] <= '9':
			list = append(list, safety.Token{Kind: safety.Number, Value: s})
		default:
			list = append(list, safety.Token{Kind: safety.Kind(s[0]), Value: s})
		}
	}
	if listener.err != nil {
		return nil, listener.err
	}
	return list, nil
}

// value is what a literal says.
func (l lexer) value(literal string) string {
	literal = strings.TrimLeft(literal, "nN")
	s := strings.ReplaceAll(literal[1:len(literal)-1], "''", "'")
	if l.quote == "`" {
		s = strings.NewReplacer(`\\`, `\`, `\'`, "'", `\"`, `"`, `\0`, "\x00", `\n`, "\n", `\r`, "\r", `\t`, "\t", `\b`, "\b", `\Z`, "\x1a").Replace(s)
	}
	return s
}

// sameTree compares what PostgreSQL's parser makes of two texts.
func sameTree(harmlessText, hostileText, harmless, hostile string) error {
	var trees [2]any
	for i, text := range []string{harmlessText, hostileText} {
		doc, err := pg_query.ParseToJSON(text)
		if err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
		if err := json.Unmarshal([]byte(doc), &trees[i]); err != nil {
			return err
		}
	}
	want, got := placeless(trees[0], harmless, hostile), placeless(trees[1], "", "")
	if !reflect.DeepEqual(want, got) {
		return fmt.Errorf("the tree is another one\nwant %v\ngot  %v", want, got)
	}
	return nil
}

// placeless is a tree without places of the text, and with to for from.
func placeless(v any, from, to string) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			switch k { // typmods has the length of the longest value of an enumeration
			case "location", "stmt_location", "stmt_len", "list_start", "list_end", "typmods":
				delete(v, k)
			default:
				v[k] = placeless(x, from, to)
			}
		}
	case []any:
		for i, x := range v {
			v[i] = placeless(x, from, to)
		}
	case string:
		if from != "" {
			return strings.ReplaceAll(v, from, to)
		}
	}
	return v
}

// lexed reports whether a grammar's lexer reads such a string as the database
// does. Those of ANTLR take characters, not bytes.
func lexed(name string, p *safety.Place, s string) bool {
	switch {
	case !utf8.ValidString(s):
		return false
	case name == "mysql": // it takes a backslash in a name for an escape, and a quote for the end of one name and the start of the next
		return p.Role != safety.Identifier || !strings.ContainsAny(s, "`\\")
	case family(name) == "oracle": // it ends a name at the end of a line, and a string at a carriage return
		return !strings.Contains(strings.ReplaceAll(s, "\r\n", ""), "\r") && (p.Role != safety.Identifier || !strings.Contains(s, "\n"))
	case name == "mssql": // a backslash at the end of a line is taken apart into two strings
		return !strings.Contains(s, "\\\n") && !strings.Contains(s, "\\\r\n")
	}
	return true
}

// No string leaves its place, as the databases' own lexers and parsers read the
// texts. The strings of package safety go through all; a choice of them through the
// whole grammar too.
func TestStringsStayInTheirPlaces(t *testing.T) {
	for _, tt := range []struct {
		name string
		d    dialect.Dialect
	}{
		{"postgres", pg.Dialect()},
		{"mysql", my.Dialect()},
		{"mssql", ms.Dialect()},
		{"oracle", ora.Dialect()},
		{"oracle19", ora.Dialect(ora.Version(19, 0))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			compared, parsed := 0, 0
			listed := list(t)
			sound := map[string]bool{} // texts with a harmless string, as judged
			for i, s := range append(safety.Strings(), safety.Generated(60, 2)...) {
				for _, p := range safety.Places() {
					if p.Role == safety.Keyword || !lexed(tt.name, &p, s) {
						continue
					}
					harmless, hostile, ok, err := p.Texts(tt.d, s)
					if err != nil {
						t.Errorf("%s: %q: %v", p.Name, s, err)
					}
					if err != nil || !ok {
						continue
					}
					from, to := safety.Harmless, s
					if p.Inside != nil {
						from, to = p.Inside(from), p.Inside(s)
					}
					if err := compare(tt.name, harmless, hostile, from, to); err != nil {
						t.Errorf("%s: %q: %v\n%s\n%s", p.Name, s, err, harmless, hostile)
					}
					compared++
					if tt.name == "postgres" { // its tree was compared whole
						parsed++
						continue
					}
					if i%12 != 4 {
						continue
					}
					if _, ok := sound[harmless]; !ok {
						sound[harmless] = listed.Judge(tt.name, harmless).Verdict == OK
					}
					if sound[harmless] {
						if err := Judge(tt.name, hostile); err != nil {
							t.Errorf("%s: %q: %v\n%s", p.Name, s, err, hostile)
						}
						parsed++
					}
				}
			}
			if compared < 1000 || parsed < 100 {
				t.Errorf("only %d compared, %d parsed", compared, parsed)
			}
			t.Logf("safety %s: %d texts compared, %d of them parsed", tt.name, compared, parsed)
		})
	}
}

func compare(name, harmlessText, hostileText, harmless, hostile string) error {
	if name == "postgres" {
		return sameTree(harmlessText, hostileText, harmless, hostile)
	}
	l := lexers[family(name)]
	want, err := l.tokens(harmlessText)
	if err != nil {
		return err
	}
	got, err := l.tokens(hostileText)
	if err != nil {
		return err
	}
	return safety.Same(want, got, harmless, hostile)
}

// The comparison sees what has left its place.
func TestComparisonSeesAnEscape(t *testing.T) {
	for _, tt := range []struct{ name, harmless, hostile, h, s string }{
		{"mysql", "SELECT 'harm less'", `SELECT '\'' + 'x'`, "harm less", `\'`},
		{"mysql", "SELECT `harm less`", "SELECT `a` `b`", "harm less", "a` `b"},
		{"mssql", "SELECT [harm less]", "SELECT [a] b", "harm less", "a] b"},
		{"mssql", "SELECT N'harm less'", "SELECT N'a' + N'b'", "harm less", "a' + N'b"},
		{"oracle", "SELECT 'harm less' FROM dual", "SELECT '''' FROM dual", "harm less", "''"},
		{"oracle19", `SELECT "harm less" FROM dual`, `SELECT "a" "b" FROM dual`, "harm less", `a" "b`},
		{"postgres", "SELECT 'harm less'", "SELECT 'a' 'b'", "harm less", "a' 'b"},
		{"postgres", `SELECT "harm less"`, `SELECT "a", "b"`, "harm less", `a", "b`},
	} {
		if compare(tt.name, tt.harmless, tt.hostile, tt.h, tt.s) == nil {
			t.Errorf("%s: %s passes", tt.name, tt.hostile)
		}
	}
}
