package grammar

import (
	"fmt"
	"strings"

	"github.com/antlr4-go/antlr/v4"
)

// firstError keeps the first error of a lexer and a parser.
type firstError struct {
	*antlr.DefaultErrorListener
	err *Error
}

func (l *firstError) SyntaxError(_ antlr.Recognizer, _ any, line, column int, msg string, _ antlr.RecognitionException) {
	if l.err == nil {
		if i := strings.Index(msg, " expecting {"); i >= 0 {
			msg = msg[:i] // hundreds of words
		}
		l.err = &Error{line, column + 1, msg}
	}
}

// parsed is a text with its grammar's tokens and tree.
type parsed struct {
	tokens []antlr.Token // those of the default channel, without EOF
	tree   antlr.Tree
}

// recognize runs a grammar. newParser returns the parser and its start rule. The
// fast prediction mode comes first; what it rejects is tried in full.
func recognize(text string, newLexer func(antlr.CharStream) antlr.Lexer,
	newParser func(antlr.TokenStream) (antlr.Parser, func() antlr.ParserRuleContext)) (*parsed, *Error) {
	var last *Error
	for _, mode := range []int{antlr.PredictionModeSLL, antlr.PredictionModeLL} {
		listener := &firstError{DefaultErrorListener: antlr.NewDefaultErrorListener()}
		lexer := newLexer(antlr.NewInputStream(text))
		lexer.RemoveErrorListeners()
		lexer.AddErrorListener(listener)
		stream := antlr.NewCommonTokenStream(lexer, antlr.TokenDefaultChannel)
		parser, start := newParser(stream)
		parser.RemoveErrorListeners()
		parser.AddErrorListener(listener)
		parser.GetInterpreter().SetPredictionMode(mode)
		tree := start()
		if listener.err != nil {
			last = listener.err
			continue
		}
		p := &parsed{tree: tree}
		for _, t := range stream.GetAllTokens() {
			if t.GetChannel() == antlr.TokenDefaultChannel && t.GetTokenType() != antlr.TokenEOF {
				p.tokens = append(p.tokens, t)
			}
		}
		if at := stream.LA(1); at != antlr.TokenEOF {
			t := stream.LT(1)
			last = &Error{t.GetLine(), t.GetColumn() + 1, fmt.Sprintf("extraneous %q", t.GetText())}
			continue
		}
		return p, nil
	}
	return nil, last
}

// at makes an Error of a place.
func at(t antlr.Token, format string, args ...any) *Error {
	return &Error{t.GetLine(), t.GetColumn() + 1, fmt.Sprintf(format, args...)}
}

// word is a token in upper case.
func word(t antlr.Token) string { return strings.ToUpper(t.GetText()) }

// each calls f for every node of type N in a tree, outermost first, until f
// returns an Error.
func each[N any](tree antlr.Tree, f func(N) *Error) *Error {
	if n, ok := tree.(N); ok {
		if err := f(n); err != nil {
			return err
		}
	}
	for _, child := range tree.GetChildren() {
		if err := each(child, f); err != nil {
			return err
		}
	}
	return nil
}
