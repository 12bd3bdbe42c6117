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
	"github.com/sqlayer-go/sqlayer/internal/serverinfo"
)

var (
	_ dialect.Dialect       = (*sqlite)(nil)
	_ dialect.LiteralWriter = (*sqlite)(nil)
)

func init() { dialect.Register(Dialect(), "sqlite", "sqlite3") }

// sqlite is the dialect of one build; there is one value a build.
type sqlite struct {
	features dialect.Features
}

// build is what two engines differ in: the version, and how it was compiled.
type build struct {
	version    dialect.Version
	maxParams  int // MAX_VARIABLE_NUMBER; 0: the version's default
	writeLimit bool
	noMath     bool
	noJSON     bool
	noWindows  bool
}

// Option is an option of [Dialect].
type Option func(*build)

// Version makes the dialect that of another version of SQLite than the one
// that is linked: what it cannot say is refused. The oldest one is 3.24.
func Version(major, minor int) Option {
	return func(b *build) { b.version = dialect.Version{Major: major, Minor: minor} }
}

// oldest is the first version with ON CONFLICT DO UPDATE.
var oldest = dialect.Version{Major: 3, Minor: 24}

var dialects sync.Map // build → *sqlite; grows once a build

// Dialect returns SQLite's dialect: that of the linked engine, unless an option says
// another version. Equal options give the same value.
func Dialect(opts ...Option) dialect.Dialect {
	b := build{version: serverinfo.Version(lib.SQLITE_VERSION)}
	for _, o := range opts {
		o(&b)
	}
	return forBuild(b)
}

func forBuild(b build) *sqlite {
	if d, ok := dialects.Load(b); ok {
		return d.(*sqlite)
	}
	d, _ := dialects.LoadOrStore(b, &sqlite{features: b.features()})
	return d.(*sqlite)
}

// maxParams is how many parameters a statement takes by default.
func maxParams(v dialect.Version) int {
	if !v.AtLeast(3, 32) {
		return 999
	}
	return 32766
}

// compiled reads compile options, as PRAGMA compile_options lists them
// (https://www.sqlite.org/compile.html). Without any it is the usual build.
func compiled(v dialect.Version, options string) build {
	b := build{version: v}
	if options == "" {
		return b
	}
	b.noMath, b.noJSON = true, !v.AtLeast(3, 38)
	for o := range strings.SplitSeq(options, ",") {
		switch name, value, _ := strings.Cut(o, "="); name {
		case "ENABLE_MATH_FUNCTIONS":
			b.noMath = false
		case "ENABLE_JSON1":
			b.noJSON = false
		case "OMIT_JSON":
			b.noJSON = true
		case "OMIT_WINDOWFUNC":
			b.noWindows = true
		case "ENABLE_UPDATE_DELETE_LIMIT":
			b.writeLimit = true
		case "MAX_VARIABLE_NUMBER":
			if n, err := strconv.Atoi(value); err == nil && n != maxParams(v) {
				b.maxParams = n
			}
		}
	}
	return b
}

// Name returns "sqlite".
func (d *sqlite) Name() string { return "sqlite" }

// Features implements [dialect.Dialect].
func (d *sqlite) Features() *dialect.Features { return &d.features }

// ForServer returns the dialect for the version of the engine behind c, and
// for how it was compiled.
func (d *sqlite) ForServer(ctx context.Context, c dialect.Conn) (dialect.Dialect, error) {
	if _, ok := c.(*conn); ok { // the linked engine
		return d, nil
	}
	var text, options string
	err := serverinfo.Row(ctx, d, c, dialect.Text("SELECT sqlite_version(), coalesce((SELECT group_concat(compile_options) FROM pragma_compile_options), '')"), &text, &options)
	if err != nil && ctx.Err() == nil { // built without the list (SQLITE_OMIT_COMPILEOPTION_DIAGS)
		err = serverinfo.Row(ctx, d, c, dialect.Text("SELECT sqlite_version()"), &text)
	}
	if err != nil {
		return nil, err
	}
	v := serverinfo.Version(text)
	if v.IsZero() {
		return nil, fmt.Errorf("sqlite: the server's version %q is not one of SQLite", text)
	}
	if !v.AtLeast(oldest.Major, oldest.Minor) {
		return nil, dialect.Errorf(dialect.ErrUnsupported, "sqlite: the engine's version is %s; SQLite %s is the oldest that is supported", text, oldest)
	}
	return forBuild(compiled(v, options)), nil
}

// WriteLiteral implements [dialect.LiteralWriter] for what SQLite writes in
// a way of its own: decimals, infinities, JSON, times; and refuses what it cannot hold.
func (d *sqlite) WriteLiteral(w *dialect.Writer, v any, t *dialect.Type) (bool, error) {
	switch x := v.(type) {
	case string:
		if text, ok := appendDecimal(nil, x, t); ok {
			w.StringLiteral(string(text))
			return true, nil
		}
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
