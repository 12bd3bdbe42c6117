package quarry

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
)

// quarry is the dialect: PostgreSQL's, and what is different. There is one for
// each pair of the dialect below and Quarry's own version.
type quarry struct {
	dialect.Dialect
	features dialect.Features
}

// newest is the version that statements are made for where no server is asked.
var newest = dialect.Version{Major: 3, Minor: 2}

func init() { dialect.Register(Dialect(), "quarry") }

// Dialect returns the dialect of the newest Quarry, which is compatible with
// PostgreSQL 15. Two calls give the same value.
func Dialect() dialect.Dialect { return on(postgres.Dialect(postgres.Version(15)), newest) }

// variant is what tells one quarry from another.
type variant struct {
	base    dialect.Dialect
	version dialect.Version
}

// made keeps one *quarry for each variant, since dialects are compared with ==.
var made sync.Map // variant → *quarry

// on returns the dialect that stands on base.
func on(base dialect.Dialect, version dialect.Version) *quarry {
	v := variant{base, version}
	if q, ok := made.Load(v); ok {
		return q.(*quarry)
	}
	q := &quarry{Dialect: base, features: *base.Features()}
	f := &q.features
	f.Version = version
	f.DDL.MaterializedViews = false
	f.Isolation = dialect.Isolations(dialect.ReadCommitted, dialect.Serializable)
	kept, _ := made.LoadOrStore(v, q)
	return kept.(*quarry)
}

// Unwrap gives [dialect.As] the dialect below.
func (q *quarry) Unwrap() dialect.Dialect { return q.Dialect }

// Name returns "quarry".
func (q *quarry) Name() string { return "quarry" }

// Features implements [dialect.Dialect].
func (q *quarry) Features() *dialect.Features { return &q.features }

// OpenConnector lets PostgreSQL's dialect read the URL, with all its options, and
// dial; the connections are of this dialect, or of one that stands on it.
func (q *quarry) OpenConnector(u *dialect.URL, cfg dialect.ConnectConfig) (dialect.Connector, error) {
	cfg.Dialect = cfg.DialectOr(q)
	return q.Dialect.OpenConnector(u, cfg)
}

// ForServer returns the dialect for the version that the server says. A server
// that is no Quarry is an error that says what to use instead.
func (q *quarry) ForServer(ctx context.Context, c dialect.Conn) (dialect.Dialect, error) {
	base, err := q.Dialect.ForServer(ctx, c)
	if err != nil {
		return nil, err
	}
	text, err := setting(ctx, q, c, "quarry.version")
	if err != nil {
		return nil, err
	}
	if text == "" {
		return nil, dialect.Errorf(dialect.ErrConnect, "quarry: the server is a %s and no Quarry; use its own URL scheme", base.Name())
	}
	var v dialect.Version
	if n, err := fmt.Sscanf(text, "%d.%d", &v.Major, &v.Minor); n != 2 {
		return nil, dialect.Errorf(dialect.ErrConnect, "quarry: the server says that its version is %q: %w", text, err)
	}
	return on(base, v), nil
}

// setting asks for a setting of the server; one that it does not know is empty.
func setting(ctx context.Context, d dialect.Dialect, c dialect.Conn, name string) (text string, err error) {
	s, err := dialect.Compile(d, dialect.Text("SELECT current_setting($1, true)", name))
	if err != nil {
		return "", err
	}
	defer s.Release()
	rows, err := c.Query(ctx, s)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var found *string
	for rows.Next() {
		if err := rows.ScanRow([]any{&found}); err != nil {
			return "", err
		}
	}
	if found != nil {
		text = *found
	}
	return text, rows.Err()
}
