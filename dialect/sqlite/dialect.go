package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	lib "modernc.org/sqlite/lib"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var (
	_ dialect.Dialect       = (*sqlite)(nil)
	_ dialect.LiteralWriter = (*sqlite)(nil)
)

func init() { dialect.Register(Dialect(), "sqlite", "sqlite3") }

// sqlite is the dialect of one version; there is one value a version.
type sqlite struct {
	features dialect.Features
}

// Option is an option of [Dialect].
type Option func(*dialect.Version)

// Version makes the dialect that of another version of SQLite than the one
// that is linked: what it cannot say is refused. The oldest one is 3.24.
func Version(major, minor int) Option {
	return func(v *dialect.Version) { *v = dialect.Version{Major: major, Minor: minor} }
}

var dialects sync.Map // dialect.Version → *sqlite; grows once a version

// Dialect returns SQLite's dialect: that of the linked engine, unless an option says
// another version. Equal options give the same value.
func Dialect(opts ...Option) dialect.Dialect {
	v := parseVersion(lib.SQLITE_VERSION)
	for _, o := range opts {
		o(&v)
	}
	return forVersion(v)
}

func forVersion(v dialect.Version) *sqlite {
	if d, ok := dialects.Load(v); ok {
		return d.(*sqlite)
	}
	d, _ := dialects.LoadOrStore(v, &sqlite{features: features(v)})
	return d.(*sqlite)
}

func parseVersion(s string) dialect.Version {
	var n [3]int
	for i, part := range strings.SplitN(s, ".", 3) {
		n[i], _ = strconv.Atoi(part) // what is no number is not known
	}
	return dialect.Version{Major: n[0], Minor: n[1], Patch: n[2]}
}

// Name returns "sqlite".
func (d *sqlite) Name() string { return "sqlite" }

// Features implements [dialect.Dialect].
func (d *sqlite) Features() *dialect.Features { return &d.features }

// ForServer returns the dialect for the version of the engine behind c.
func (d *sqlite) ForServer(ctx context.Context, c dialect.Conn) (dialect.Dialect, error) {
	if _, ok := c.(*conn); ok { // the linked engine
		return d, nil
	}
	comp, err := dialect.Compile(d, dialect.Text("SELECT sqlite_version()"))
	if err != nil {
		return nil, err
	}
	defer comp.Release()
	rows, err := c.Query(ctx, comp)
	if err != nil {
		return nil, err
	}
	var text string
	if rows.Next() {
		err = rows.ScanRow([]any{&text})
	}
	if err == nil {
		err = rows.Err()
	}
	if closeErr := rows.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	v := parseVersion(text)
	if v.IsZero() {
		return nil, fmt.Errorf("sqlite: the server's version %q is not one of SQLite", text)
	}
	return forVersion(v), nil
}

// WriteLiteral implements [dialect.LiteralWriter] for what SQLite writes in
// a way of its own: infinities, JSON, times; and refuses what it cannot hold.
func (d *sqlite) WriteLiteral(w *dialect.Writer, v any, t *dialect.Type) (bool, error) {
	switch x := v.(type) {
	case float64:
		return writeInf(w, x), nil
	case float32:
		return writeInf(w, float64(x)), nil
	case uint64:
		if x > math.MaxInt64 {
			return false, dialect.Errorf(dialect.ErrOutOfRange, "sqlite: %d is out of range for a 64-bit signed integer", x)
		}
	case uint:
		if uint64(x) > math.MaxInt64 {
			return false, dialect.Errorf(dialect.ErrOutOfRange, "sqlite: %d is out of range for a 64-bit signed integer", x)
		}
	case json.RawMessage:
		if x == nil {
			w.WriteString("NULL")
		} else {
			w.StringLiteral(string(x))
		}
		return true, nil
	case time.Time:
		text, err := appendTime(nil, x, kindOf(t))
		if err != nil {
			return false, err
		}
		w.StringLiteral(string(text))
		return true, nil
	case []byte:
		if x == nil {
			w.WriteString("NULL")
			return true, nil
		}
		if isText(kindOf(t)) {
			w.StringLiteral(string(x))
			return true, nil
		}
	}
	return false, nil
}

func writeInf(w *dialect.Writer, f float64) bool {
	switch {
	case math.IsInf(f, 1):
		w.WriteString("9e999")
	case math.IsInf(f, -1):
		w.WriteString("-9e999")
	default:
		return false
	}
	return true
}
