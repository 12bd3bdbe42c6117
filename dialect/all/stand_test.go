package all_test

import (
	"errors"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	_ "github.com/sqlayer-go/sqlayer/dialect/all"
)

// standing is a dialect that stands on another one and has no deferrable or
// read-only transactions, and an error code of its own.
type standing struct {
	dialect.Dialect
	f dialect.Features
}

func (d *standing) Unwrap() dialect.Dialect     { return d.Dialect }
func (d *standing) Features() *dialect.Features { return &d.f }
func (d *standing) Name() string                { return "standing" }

func (d *standing) OpenConnector(u *dialect.URL, c dialect.ConnectConfig) (dialect.Connector, error) {
	c.Dialect = c.DialectOr(d)
	return d.Dialect.OpenConnector(u, c)
}

func has[T any](d dialect.Dialect) bool { _, ok := dialect.As[T](d); return ok }

// TestStanding checks that a dialect that stands on another one has its
// optional interfaces, and that connectors and connections are its own.
func TestStanding(t *testing.T) {
	if has[dialect.Inspector](nil) || has[dialect.Inspector](&standing{}) {
		t.Error("an interface is found where there is no dialect")
	}
	urls := map[string]string{
		"sqlite": "sqlite://", "postgres": "postgres://u@127.0.0.1:1/d", "mysql": "mysql://u@127.0.0.1:1/d",
		"sqlserver": "sqlserver://u:p@127.0.0.1:1/d", "oracle": "oracle://u:p@127.0.0.1:1/d",
	}
	for scheme, text := range urls {
		t.Run(scheme, func(t *testing.T) {
			base, err := dialect.Lookup(scheme)
			if err != nil {
				t.Fatal(err)
			}
			d := &standing{Dialect: base, f: *base.Features()}
			d.f.ReadOnlyTx = false
			twice := &standing{Dialect: d, f: d.f}
			for name, found := range map[string][3]bool{
				"LiteralWriter": {has[dialect.LiteralWriter](base), has[dialect.LiteralWriter](d), has[dialect.LiteralWriter](twice)},
				"UpsertWriter":  {has[dialect.UpsertWriter](base), has[dialect.UpsertWriter](d), has[dialect.UpsertWriter](twice)},
				"CastNamer":     {has[dialect.CastNamer](base), has[dialect.CastNamer](d), has[dialect.CastNamer](twice)},
				"TableFinder":   {has[dialect.TableFinder](base), has[dialect.TableFinder](d), has[dialect.TableFinder](twice)},
				"Inspector":     {has[dialect.Inspector](base), has[dialect.Inspector](d), has[dialect.Inspector](twice)},
				"TypeParser":    {has[dialect.TypeParser](base), has[dialect.TypeParser](d), has[dialect.TypeParser](twice)},
			} {
				if found[0] != found[1] || found[0] != found[2] {
					t.Errorf("%s: %v of the dialect, the one on it and the one on that", name, found)
				}
			}
			u, err := dialect.ParseURL(text)
			if err != nil {
				t.Fatal(err)
			}
			for _, outer := range []*standing{d, twice} {
				c, err := outer.OpenConnector(u, dialect.ConnectConfig{})
				if err != nil {
					t.Fatal(err)
				}
				if c.Dialect() != outer {
					t.Errorf("the connector is of %s", c.Dialect().Name())
				}
				if scheme != "sqlite" {
					continue
				}
				conn, err := c.Connect(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if err := conn.Begin(t.Context(), dialect.TxOptions{ReadOnly: true}); !errors.Is(err, dialect.ErrUnsupported) {
					t.Errorf("a connection does what the outer dialect has not: %v", err)
				}
				if err := conn.Close(); err != nil {
					t.Error(err)
				}
				if c, ok := c.(interface{ Close() error }); ok {
					if err := c.Close(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
}
