package postgres

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqltext"
)

// querySimple runs a text through the simple protocol: one round trip, any
// number of statements, values as text.
func (c *Conn) querySimple(ctx context.Context, text string, args []dialect.Arg, writes bool) (dialect.Rows, error) {
	several := c.several(text)
	text, err := c.simpleText(text, args)
	if err != nil {
		return nil, err
	}
	// What stands behind a statement whose rows are left has to run.
	r := &rows{c: c, ctx: ctx, mrr: c.pg.Exec(ctx, text), writes: writes || several}
	if !r.nextResult() {
		if r.err != nil {
			return nil, r.err
		}
		r.st = &stmt{sd: &pgconn.StatementDescription{}} // an empty text
		r.result = dialect.NewResult(-1)
	}
	return r, nil
}

// execSimple does the same for a text whose rows are not wanted.
func (c *Conn) execSimple(ctx context.Context, text string, args []dialect.Arg) (dialect.Result, error) {
	text, err := c.simpleText(text, args)
	if err != nil {
		return dialect.Result{}, err
	}
	mrr := c.pg.Exec(ctx, text)
	total := int64(-1)
	for mrr.NextResult() {
		tag, err := mrr.ResultReader().Close()
		if err != nil {
			break // mrr.Close has it
		}
		if n := resultOf(tag).RowsAffected(); n >= 0 {
			total = max(total, 0) + n
		}
	}
	if err := c.finish(ctx, mrr.Close()); err != nil {
		return dialect.Result{}, err
	}
	return dialect.NewResult(total), nil
}

// simpleText is what the simple protocol sends for a text and its arguments.
func (c *Conn) simpleText(text string, args []dialect.Arg) (string, error) {
	if err := c.refuseCopy(text); err != nil {
		return "", err
	}
	if len(args) == 0 {
		return text, nil
	}
	if c.pg.ParameterStatus("standard_conforming_strings") != "on" || c.pg.ParameterStatus("client_encoding") != "UTF8" {
		return "", dialect.Errorf(dialect.ErrUnsupported,
			"postgres: query_mode=simple writes arguments into the text, which needs standard_conforming_strings=on and client_encoding=UTF8")
	}
	return interpolate(c.d, text, args)
}

// interpolate writes the arguments into text in place of $1, $2 …, as literals
// in parentheses, so that they meet nothing around them.
func interpolate(d dialect.Dialect, text string, args []dialect.Arg) (string, error) {
	w := dialect.NewWriter(d)
	used := make([]bool, len(args))
	s := sqltext.NewScanner(&d.Features().Lexical, text)
	highest := 0
	for t := s.Next(); t.Kind != sqltext.End; t = s.Next() {
		piece := text[t.Start:t.End]
		if t.Kind == sqltext.Mark && piece[0] == '$' {
			n, err := strconv.Atoi(piece[1:])
			if err == nil && n > 0 {
				highest = max(highest, n)
				if n <= len(args) {
					used[n-1] = true
					w.WriteByte('(')
					w.Literal(args[n-1].Value, args[n-1].Type)
					w.WriteByte(')')
				}
				continue
			}
		}
		w.WriteString(piece)
	}
	if highest > len(args) {
		return "", checkCount(highest, args)
	}
	for i, u := range used {
		if !u {
			return "", dialect.Errorf(dialect.ErrArguments, "postgres: the statement has %s and %s: argument %d has no $%d in the text",
				plural(highest, "parameter"), plural(len(args), "argument"), i+1, i+1)
		}
	}
	return w.Text(), w.Err()
}

// refuseCopy returns an error for COPY … FROM STDIN among the statements of text: the
// server would wait, for ever, for data that a plain statement does not have.
func (c *Conn) refuseCopy(text string) error {
	if !containsFold(text, "stdin") {
		return nil
	}
	s := sqltext.NewScanner(&c.d.Features().Lexical, text)
	first, copies, from := true, false, false
	for t := s.Next(); t.Kind != sqltext.End; t = s.Next() {
		word := text[t.Start:t.End]
		switch {
		case t.Kind == sqltext.Space || t.Kind == sqltext.Comment:
			continue
		case word == ";":
			first, from = true, false
			continue
		case first:
			first, copies = false, strings.EqualFold(word, "COPY")
		case copies && from && t.Kind == sqltext.Word && strings.EqualFold(word, "STDIN"):
			return dialect.Unsupported(c.d, "COPY … FROM STDIN as a plain statement",
				"use the connection's CopyFrom (dialect.Copier), or the *pgx.Conn below it")
		}
		from = t.Kind == sqltext.Word && strings.EqualFold(word, "FROM")
	}
	return nil
}

// containsFold reports whether s holds part, which is in small letters, in any case.
func containsFold(s, part string) bool {
	for i := 0; i+len(part) <= len(s); i++ {
		if s[i]|0x20 == part[0] && strings.EqualFold(s[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
