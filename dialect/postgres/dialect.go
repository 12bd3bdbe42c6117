package postgres

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/serverinfo"
)

// newest is the newest PostgreSQL that the dialect was written for, and the
// one that Dialect renders for where no Version is given.
const newest = 18

// oldest is the first version with what the dialect says without asking for a
// version: GROUPS and EXCLUDE in the frame of a window.
const oldest = 11

// The products that speak PostgreSQL's protocol and say so.
const (
	productPostgres  = "postgres"
	productCockroach = "cockroachdb"
	productYugabyte  = "yugabytedb"
)

// server is the dialect of one product in one version. There is one for each,
// so that equal ones are the same pointer.
type server struct {
	product string
	version dialect.Version // the product's own
	compat  dialect.Version // the PostgreSQL that it is compatible with
	f       dialect.Features
}

var (
	_ dialect.Dialect       = (*server)(nil)
	_ dialect.LiteralWriter = (*server)(nil)
)

// An Option says which server [Dialect] renders for.
type Option func(*variant)

// variant is what tells one server from another.
type variant struct {
	product         string
	version, compat dialect.Version
	escapes         bool // standard_conforming_strings is off
}

// unsafeEncodings are client encodings in which the second byte of a character
// may be that of a quote or a backslash, so that UTF-8 would be misread as something else
// (section 24.3 of the manual: those that no server takes).
var unsafeEncodings = []string{"BIG5", "GB18030", "GBK", "JOHAB", "SHIFT_JIS_2004", "SJIS", "UHC"}

// Version renders for a major version of PostgreSQL, 14 for example. Zero and
// negative numbers are taken for the default, the newest version known.
func Version(major int) Option {
	return func(v *variant) {
		if major > 0 {
			v.version = dialect.Version{Major: major}
			v.compat = v.version
		}
	}
}

// CockroachDB renders for a version of CockroachDB.
func CockroachDB(major, minor int) Option {
	return func(v *variant) {
		v.product, v.version = productCockroach, dialect.Version{Major: major, Minor: minor}
		v.compat = cockroachCompat
	}
}

// cockroachCompat is the PostgreSQL that CockroachDB says it is compatible with
// (its server_version).
var cockroachCompat = dialect.Version{Major: 13}

// YugabyteDB renders for a version of YugabyteDB: 2024.2 stands on PostgreSQL
// 11.2, 2025.1 and later ones on 15.
func YugabyteDB(major, minor int) Option {
	return func(v *variant) {
		v.product, v.version = productYugabyte, dialect.Version{Major: major, Minor: minor}
		v.compat = dialect.Version{Major: 11, Minor: 2}
		if major >= 2025 {
			v.compat = dialect.Version{Major: 15, Minor: 12}
		}
	}
}

// Dialect returns the dialect for PostgreSQL, by default of the newest version
// known. Two calls that ask for the same give the same value.
func Dialect(opts ...Option) dialect.Dialect {
	v := variant{product: productPostgres}
	Version(newest)(&v)
	for _, o := range opts {
		if o != nil {
			o(&v)
		}
	}
	return intern(v)
}

// interned keeps one *server for each variant met in the life of the program.
var interned sync.Map // variant → *server

func intern(v variant) *server {
	if s, ok := interned.Load(v); ok {
		return s.(*server)
	}
	s := &server{product: v.product, version: v.version, compat: v.compat}
	s.f = features(v)
	got, _ := interned.LoadOrStore(v, s)
	return got.(*server)
}

func init() {
	dialect.Register(Dialect(), "postgres", "postgresql")
	dialect.Register(Dialect(CockroachDB(25, 2)), "cockroachdb")
	dialect.Register(Dialect(YugabyteDB(2025, 1)), "yugabytedb")
}

// Name implements [dialect.Dialect]: "postgres", and "cockroachdb" or
// "yugabytedb" where the server is one of these.
func (s *server) Name() string { return s.product }

// Features implements [dialect.Dialect].
func (s *server) Features() *dialect.Features { return &s.f }

// ForServer implements [dialect.Dialect]. A connection of this package knows
// the version from its login, so that nothing is sent; any other is asked once.
func (s *server) ForServer(ctx context.Context, c dialect.Conn) (dialect.Dialect, error) {
	if pc, ok := c.(*Conn); ok {
		if enc := pc.pg.ParameterStatus("client_encoding"); slices.Contains(unsafeEncodings, enc) {
			return nil, badEncoding(enc)
		}
		s := s.reading(pc.pg.ParameterStatus("standard_conforming_strings"))
		if crdb := pc.pg.ParameterStatus("crdb_version"); crdb != "" {
			return s.fromBanner(crdb)
		}
		if v := pc.pg.ParameterStatus("server_version"); v != "" {
			return s.fromBanner("PostgreSQL " + v)
		}
	}
	var banner, conforming, encoding string
	err := serverinfo.Row(ctx, s, c, dialect.Text("SELECT version(), current_setting('standard_conforming_strings'), current_setting('client_encoding')"),
		&banner, &conforming, &encoding)
	if err != nil {
		return nil, err
	}
	if slices.Contains(unsafeEncodings, encoding) {
		return nil, badEncoding(encoding)
	}
	return s.reading(conforming).fromBanner(banner)
}

// reading is s where standard_conforming_strings is what a server says.
func (s *server) reading(conforming string) *server {
	return intern(variant{s.product, s.version, s.compat, conforming == "off"})
}

func badEncoding(name string) error {
	return dialect.Errorf(dialect.ErrConnect, "postgres: the connection's client_encoding is %s, in which texts would be misread: set client_encoding to UTF8", name)
}

// fromBanner reads what version() or a parameter status says:
//
//	PostgreSQL 15.14 (Debian 15.14-0+deb12u1) on x86_64…
//	PostgreSQL 11.2-YB-2.21.0.0-b545 on x86_64…
//	CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu…)
func (s *server) fromBanner(banner string) (dialect.Dialect, error) {
	v := variant{product: productPostgres, escapes: s.f.Lexical.BackslashEscapes}
	if rest, ok := strings.CutPrefix(banner, "CockroachDB"); ok {
		v.product = productCockroach
		for f := range strings.FieldsSeq(rest) {
			if n, ok := strings.CutPrefix(f, "v"); ok {
				v.version = serverinfo.Version(n)
				break
			}
		}
		v.compat = cockroachCompat
	} else if rest, ok := strings.CutPrefix(banner, "PostgreSQL "); ok {
		number, _, _ := strings.Cut(rest, " ")
		pg, yb, isYB := strings.Cut(number, "-YB-")
		v.version = serverinfo.Version(pg)
		v.compat = v.version
		if isYB {
			v.product, v.version = productYugabyte, serverinfo.Version(yb)
		}
	}
	if v.version.IsZero() {
		return nil, dialect.Errorf(dialect.ErrConnect, "postgres: the server says it is %q, which is not a version of PostgreSQL that is known", banner)
	}
	if v.compat.Major < oldest {
		return nil, dialect.Errorf(dialect.ErrUnsupported, "postgres: the server says it is %q; PostgreSQL %d is the oldest that is supported", banner, oldest)
	}
	return intern(v), nil
}
