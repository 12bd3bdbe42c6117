package grammar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/antlr4-go/antlr/v4"
	"github.com/bytebase/parser/plsql"
	"github.com/bytebase/parser/tsql"
)

// The grammars of PL/SQL and T-SQL take several times as long for each parenthesis
// within others, so that they are asked about the parts of a deep text one by one: what is cut out of
// one is a column there, or a condition or a query that could not be smaller, and is a
// statement of its own. A context-free grammar accepts the whole where it accepts
// the parts.

// judgeParts is Judge for texts with much in parentheses, of which those of Oracle and SQL Server are cut.
// A text that is refused for constructs of this package alone passes; why names them.
func judgeParts(dialect, text string) (why string, err error) {
	c := &cutter{dialect: dialect, runes: []rune(text), names: map[string]string{}}
	var lexer antlr.Lexer
	switch dialect {
	case "oracle", "oracle19":
		lexer, c.from = plsql.NewPlSqlLexer(antlr.NewInputStream(text)), " FROM DUAL"
	case "mssql":
		lexer, c.from = tsql.NewTSqlLexer(antlr.NewInputStream(text)), " FROM x"
	default:
		c.judge(text)
		return c.why, c.err
	}
	lexer.RemoveErrorListeners()
	for t := lexer.NextToken(); t.GetTokenType() != antlr.TokenEOF; t = lexer.NextToken() {
		if t.GetChannel() == antlr.TokenDefaultChannel {
			c.tokens = append(c.tokens, t)
		}
	}
	switch c.word(0) {
	case "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "(":
		text = c.cut(0, len(c.tokens))
	}
	c.judge(text)
	return c.why, c.err
}

// noValue are words before parentheses that are no function whose value may stand alone.
var noValue = strings.Fields("INSERT FROM LATERAL TABLE EXISTS ANY ALL SOME ROLLUP CUBE SETS ROW_NUMBER")

// cutter takes a text apart.
type cutter struct {
	dialect string
	runes   []rune
	tokens  []antlr.Token
	err     error  // the first rejection
	why     string // the constructs of the last one that was false
	from    string // what a SELECT of values needs
	names   map[string]string
}

// named is the column that stands for a value.
func (c *cutter) named(value string) string {
	n, ok := c.names[value]
	if !ok {
		n = fmt.Sprintf("x.y%d", len(c.names))
		c.names[value] = n
	}
	return n
}

func (c *cutter) judge(text string) {
	if c.err == nil {
		c.err = c.rejection(text)
	}
}

func (c *cutter) rejection(text string) error {
	err := Judge(c.dialect, text)
	if err == nil {
		return nil
	}
	if why, ok := excuse(c.dialect, text); ok {
		c.why = why
		return nil
	}
	if text != string(c.runes) {
		return fmt.Errorf("%w\nin the part %s", err, text)
	}
	return err
}

// What stands before a value or a condition, and not before the columns of a table.
var beforeValue = map[string]bool{}

func init() {
	for w := range strings.FieldsSeq("SELECT DISTINCT WHERE AND OR NOT ON HAVING WHEN THEN ELSE BY BETWEEN LIKE ESCAPE IN VALUES = < > <= >= <> != + - * / || ( ,") {
		beforeValue[w] = true
	}
}

func (c *cutter) word(i int) string {
	if i < 0 || i >= len(c.tokens) {
		return ""
	}
	return word(c.tokens[i])
}

// end is the token that closes what the i-th opens.
func (c *cutter) end(i int, open, closed string) int {
	for n := 0; i < len(c.tokens); i++ {
		switch c.word(i) {
		case open:
			n++
		case closed:
			if n--; n == 0 {
				return i
			}
		}
	}
	return len(c.tokens) - 1
}

// cut is the text of the tokens from i on and before j, of which parts are cut out.
func (c *cutter) cut(i, j int) string {
	var b strings.Builder
	put := func(k int, text string) { // with a blank where one is, before the k-th token
		if k > 0 && b.Len() > 0 && c.tokens[k].GetStart() > c.tokens[k-1].GetStop()+1 {
			b.WriteByte(' ')
		}
		b.WriteString(text)
	}
	for from := i; i < j; i++ {
		w := c.word(i)
		switch {
		case w == "CASE" && c.word(i+1) != ")" && i > from:
			last := c.end(i, "CASE", "END")
			value := c.cut(i, last+1)
			c.judge("SELECT " + value + c.from)
			put(i, c.named(value))
			i = last
		case w == "(":
			last := c.end(i, "(", ")")
			put(i, c.group(i, last))
			i = last
		case i > from && i+1 < j && c.word(i+1) == "(" && isName(w) && !beforeValue[w] && beforeValue[c.word(i-1)]:
			last := c.end(i+1, "(", ")")
			switch next := c.word(last + 1); {
			case next == "AS" && c.word(last+2) == "(", next == "OVER", next == "WITHIN", next == "IGNORE", next == "RESPECT", next == "KEEP", next == "FILTER",
				slices.Contains(noValue, w):
				put(i, w)
			default:
				value := c.cut(i, last+1)
				c.judge("SELECT " + value + c.from)
				put(i, c.named(value))
				i = last
			}
		default:
			put(i, string(c.runes[c.tokens[i].GetStart():c.tokens[i].GetStop()+1]))
		}
	}
	return b.String()
}

// group is what stands between parentheses, with them.
func (c *cutter) group(i, j int) string {
	before := c.word(i - 1)
	depth, list, sorted, paged, from := 0, false, false, false, false
	columns := "1"
	for k := i + 1; k < j; k++ {
		w := c.word(k)
		switch w {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth > 0 {
			continue
		}
		switch w {
		case ",":
			list = true
		case "FROM":
			from = true
		case "AS":
			if columns += ", 1 AS " + c.tokens[k+1].GetText(); from {
				columns = columns[:strings.LastIndex(columns, ",")]
			}
		case "*":
			if k == i+2 {
				columns = "*, *"
			}
		case "ORDER":
			sorted = true
		case "FETCH", "OFFSET", "TOP":
			paged = true
		}
	}
	if _, named, ok := strings.Cut(columns, ", "); ok {
		columns = named
	}
	inner := c.cut(i+1, j)
	switch first := c.word(i + 1); {
	case first == "SELECT" || first == "WITH":
		c.judge(inner)
		if sorted && !paged {
			return "(SELECT " + columns + c.from + " ORDER BY 1)"
		}
		return "(SELECT " + columns + c.from + ")"
	case before == "ON" && !list:
		c.judge("SELECT 1 AS c0" + c.from + " WHERE " + inner)
		return "(x.y = 1)"
	case list, !beforeValue[before], before == "IN", before == "VALUES", i+1 == j, first == "(":
		return "(" + inner + ")"
	}
	// T-SQL takes a = b for a value with a name, and 23ai a value for a condition.
	asValue, asCondition := "SELECT "+inner+c.from, "SELECT 1 AS c0"+c.from+" WHERE "+inner
	if c.dialect == "mssql" {
		if c.rejection(asCondition) == nil {
			return "(x.y = 1)"
		}
		c.judge(asValue)
		return c.named(inner)
	}
	if c.rejection(asValue) == nil {
		return c.named(inner)
	}
	c.judge(asCondition)
	return "(x.y = 1)"
}
