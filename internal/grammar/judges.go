package grammar

import (
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/antlr4-go/antlr/v4"
	"github.com/bytebase/parser/mysql"
	"github.com/bytebase/parser/plsql"
	"github.com/bytebase/parser/tsql"
	pg_query "github.com/wasilibs/go-pgquery"
	"github.com/wasilibs/go-pgquery/parser"
)

func judgePostgres(text string) *Error {
	tree, err := pg_query.Parse(text)
	if err != nil {
		var e *parser.Error
		if !errors.As(err, &e) || e.Cursorpos == 0 {
			return &Error{Message: err.Error()}
		}
		line, column := place(text, e.Cursorpos-1)
		return &Error{line, column, e.Message}
	}
	if n := len(tree.GetStmts()); n != 1 {
		return &Error{Message: "the extended protocol takes one statement a message"}
	}
	return nil
}

// place returns the line and column of the n-th character of text.
func place(text string, n int) (line, column int) {
	line = 1
	for _, r := range text {
		if n == 0 {
			break
		}
		n--
		if r == '\n' {
			line, column = line+1, 0
		} else {
			column++
		}
	}
	return line, column + 1
}

// judgeMySQL judges for MySQL 8. The grammar wants the semicolon that a driver
// does not send.
func judgeMySQL(text string) *Error {
	p, err := recognize(strings.TrimRight(text, "; \n")+"\n;",
		func(in antlr.CharStream) antlr.Lexer { return mysql.NewMySQLLexer(in) },
		func(ts antlr.TokenStream) (antlr.Parser, func() antlr.ParserRuleContext) {
			q := mysql.NewMySQLParser(ts)
			return q, func() antlr.ParserRuleContext { return q.Script() }
		})
	if err != nil {
		return err
	}
	p.tokens = p.tokens[:len(p.tokens)-1]
	return mysqlTraps(p)
}

func judgeTSQL(text string) *Error {
	p, err := recognize(text,
		func(in antlr.CharStream) antlr.Lexer { return tsql.NewTSqlLexer(in) },
		func(ts antlr.TokenStream) (antlr.Parser, func() antlr.ParserRuleContext) {
			q := tsql.NewTSqlParser(ts)
			return q, func() antlr.ParserRuleContext { return q.Tsql_file() }
		})
	if err != nil {
		return err
	}
	return tsqlTraps(p)
}

// blockLike is what begins a CREATE whose text ends with a block of PL/SQL.
var blockLike = regexp.MustCompile(`(?i)^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE|TRIGGER|PACKAGE)\s`)

// judgeOracle judges for a major version. A statement of SQL comes without a
// semicolon, which the grammar wants, and a block of PL/SQL ends with one.
func judgeOracle(text string, version int) *Error {
	block := false
	switch first(text) {
	case "BEGIN", "DECLARE":
		block = true
	case "CREATE":
		block = blockLike.MatchString(text)
	}
	if end := strings.TrimRight(text, " \n"); strings.HasSuffix(end, ";") != block {
		line, column := place(text, utf8.RuneCountInString(end)-1)
		if block {
			return &Error{line, column, "a block ends with a semicolon (PLS-00103)"}
		}
		return &Error{line, column, "a statement ends without a semicolon (ORA-00933)"}
	}
	if !block {
		text += "\n;"
	}
	p, err := recognize(text,
		func(in antlr.CharStream) antlr.Lexer { return plsql.NewPlSqlLexer(in) },
		func(ts antlr.TokenStream) (antlr.Parser, func() antlr.ParserRuleContext) {
			q := plsql.NewPlSqlParser(ts)
			return q, func() antlr.ParserRuleContext { return q.Sql_script() }
		})
	if err != nil {
		return err
	}
	return oracleTraps(p, version)
}

// first is the first word of a text, in upper case.
func first(text string) string {
	w, _, _ := strings.Cut(strings.TrimLeft(text, " \n\t("), " ")
	return strings.ToUpper(w)
}
