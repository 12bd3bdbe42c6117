package oracle

import (
	"context"
	"strings"
	"sync"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/serverinfo"
)

func init() { dialect.Register(Dialect(), "oracle") }

// oracle is the dialect of one version. There is one value of each, so that
// equal dialects are equal pointers.
type oracle struct {
	features dialect.Features
}

var (
	_ dialect.Dialect       = (*oracle)(nil)
	_ dialect.LiteralWriter = (*oracle)(nil)
	_ dialect.UpsertWriter  = (*oracle)(nil)
	_ dialect.TableFinder   = (*oracle)(nil)
)

// newest is the version that rendering is for where none is given: 23ai.
var newest = dialect.Version{Major: 23}

// oldest is the first version with OFFSET, FETCH and identity columns.
var oldest = dialect.Version{Major: 12, Minor: 1}

// Option says for which server a [Dialect] is.
type Option func(*dialect.Version)

// Version is the server's version: 12.1, 12.2, 18, 19, 21, 23 (the default).
// What is older than 12.1 is taken for 12.1.
func Version(major int, minor ...int) Option {
	return func(v *dialect.Version) {
		*v = dialect.Version{Major: major}
		if len(minor) > 0 {
			v.Minor = minor[0]
		}
	}
}

// known keeps the one value for each version.
var known sync.Map // dialect.Version → *oracle

// Dialect returns Oracle's dialect, for 23ai unless an option says otherwise.
// A connection's own dialect is found out on the first connection, so this is
// for rendering without a server.
func Dialect(opts ...Option) dialect.Dialect {
	v := newest
	for _, o := range opts {
		o(&v)
	}
	return of(v)
}

func of(v dialect.Version) *oracle {
	if !v.AtLeast(oldest.Major, oldest.Minor) {
		v = oldest
	}
	if d, ok := known.Load(v); ok {
		return d.(*oracle)
	}
	d, _ := known.LoadOrStore(v, &oracle{features(v)})
	return d.(*oracle)
}

// Name returns "oracle".
func (*oracle) Name() string { return "oracle" }

// Features returns what this version's SQL can express.
func (d *oracle) Features() *dialect.Features { return &d.features }

// ForServer asks the server for its version.
func (d *oracle) ForServer(ctx context.Context, c dialect.Conn) (dialect.Dialect, error) {
	var text string
	err := serverinfo.Row(ctx, d, c, dialect.Text("SELECT version FROM product_component_version WHERE product LIKE 'Oracle%' AND ROWNUM = 1"), &text)
	if err != nil {
		return nil, err
	}
	v := serverinfo.Version(text)
	if v.IsZero() {
		return nil, dialect.Errorf(dialect.ErrConnect, "oracle: the server says that its version is %q", text)
	}
	if !v.AtLeast(oldest.Major, oldest.Minor) {
		return nil, dialect.Errorf(dialect.ErrUnsupported, "oracle: the server's version is %s; Oracle 12.1 is the oldest that is supported", text)
	}
	return of(v), nil
}

// FindTable asks for a table by its name as an unquoted identifier folds it.
func (d *oracle) FindTable(schema, table string) dialect.Statement {
	name, err := d.stored(table)
	if err != nil {
		return failed{err}
	}
	if schema == "" {
		return dialect.Text("SELECT 1 FROM all_tables WHERE table_name = :1 AND owner = SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')", name)
	}
	owner, err := d.stored(schema)
	if err != nil {
		return failed{err}
	}
	return dialect.Text("SELECT 1 FROM all_tables WHERE table_name = :1 AND owner = :2", name, owner)
}

// stored is how the catalogue has a name: in upper case where it needs no quotes.
func (d *oracle) stored(name string) (string, error) {
	w := dialect.NewWriter(d)
	w.Ident(name)
	if err := w.Err(); err != nil {
		return "", err
	}
	if strings.HasPrefix(w.Text(), `"`) {
		return name, nil
	}
	return strings.ToUpper(name), nil
}

// failed is a statement that could not be made.
type failed struct{ err error }

// CompileSQL returns the mistake.
func (f failed) CompileSQL(*dialect.Compiled) error { return f.err }
