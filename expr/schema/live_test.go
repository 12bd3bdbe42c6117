package schema_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/testspace"
)

// lease runs statements on one connection and counts them.
type lease struct {
	t    testing.TB
	d    dialect.Dialect
	c    dialect.Conn
	name string // of the namespace's schema
	sent int

	space *testspace.Space
}

func (l *lease) Dialect() dialect.Dialect { return l.d }
func (l *lease) Conn() dialect.Conn       { return l.c }

func (l *lease) Run(ctx context.Context, s dialect.Statement, rows func(dialect.Rows) error) (dialect.Result, error) {
	res, text, err := testspace.Run(ctx, l.d, l.c, s, rows)
	if text != "" {
		l.sent++
	}
	if text != "" && err != nil {
		err = fmt.Errorf("%w\n%s", err, text)
	}
	return res, err
}

// exec runs statements, one a text.
func (l *lease) exec(texts ...string) {
	l.t.Helper()
	for _, text := range texts {
		if _, err := l.Run(context.Background(), dialect.Text(text), nil); err != nil {
			l.t.Fatalf("%s: %v", l.d.Name(), err)
		}
	}
}

// live connects to a backend, in a namespace of its own.
func live(t testing.TB, b testenv.Backend) *lease {
	t.Helper()
	space := testspace.New(t, b)
	c, d := testspace.Connect(t, space.URL)
	return &lease{t: t, d: d, c: c, name: space.Schema, space: space}
}
