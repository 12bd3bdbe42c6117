package dialect

import (
	"context"
	"crypto/tls"
	"net"
	"strconv"
)

// Dialect is one database's way: what its SQL can say, how it is reached, and
// what its errors and types mean. A Dialect is immutable, safe for concurrent
// use, and comparable: two values that are equal behave alike, so that a
// Dialect can be the key of a cache. Implementations are pointers that are
// made once for each (variant, version), or small structs.
//
// Everything that differs between databases and can be said as data is in
// [Features]. What only some dialects can do is one of the interfaces beside
// this one, found by [As]: [UpsertWriter], [LiteralWriter], [CastNamer],
// [TableFinder], [Inspector], [TypeParser].
type Dialect interface {
	// Name is the database's name in lower case: "postgres", "mysql",
	// "mariadb", "sqlite", "mssql", "oracle". It is for people and for
	// golden files; code above the dialect asks Features.
	Name() string

	// Features returns what this database's SQL can express. The caller
	// must not change it.
	Features() *Features

	// OpenConnector checks u and cfg as far as that is possible without a
	// connection, and dials nothing. Unknown and malformed options are
	// errors that name the option and suggest the nearest; a password
	// is in no error.
	OpenConnector(u *URL, cfg ConnectConfig) (Connector, error)

	// ForServer asks the server at the other end of c what it is, and
	// returns the dialect for exactly that product and version. It is
	// called once a server, on its first connection, and leaves no
	// transaction open.
	ForServer(ctx context.Context, c Conn) (Dialect, error)

	// TypeName returns t's name for DDL, or an [UnsupportedError] that
	// says what to use instead.
	TypeName(t *Type) (string, error)

	// Classify describes err, which one of this dialect's connections or
	// connectors returned, by the driver's codes. It returns a new Error
	// that wraps err, with Statement and Args unset; if err's tree holds an
	// *Error already, it returns that one, or a changed copy of it where the dialect
	// stands on another ([Wrapper]) and knows more. It never returns nil for
	// an err that is not nil.
	Classify(err error) *Error
}

// ConnectConfig is what a program gives a connector beside the URL. The zero
// value asks for nothing special.
type ConnectConfig struct {
	// TLS takes the place of what the URL's options say about TLS. A
	// dialect without a network refuses it.
	TLS *tls.Config
	// Dial opens the network connection in place of net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Password is called at each dial and takes the place of the URL's
	// password, for tokens that expire.
	Password func(ctx context.Context) (string, error)
	// Driver is a ready configuration of the dialect's own driver
	// (*pgx.ConnConfig, *mysql.Config, msdsn.Config …), which takes the
	// place of the URL. Another type is an error that names the right one.
	Driver any
	// Dialect is the dialect that the connector and its connections are of, where
	// it stands on the one that opens them ([Wrapper]); nil: that one.
	Dialect Dialect
}

// Connector opens connections to one database.
//
// A Connector that holds something of its own (an in-memory database, say)
// is an io.Closer too, and is closed after its last connection.
type Connector interface {
	// Connect dials. It may be called concurrently. The error says which
	// address it was and never holds a password.
	Connect(ctx context.Context) (Conn, error)

	// Dialect is the dialect as far as it is known without a server.
	Dialect() Dialect

	// Address says where Connect dials, for messages; it holds no secret.
	Address() string
}

// Version is a server's version. The zero Version is one that is not known.
type Version struct {
	Major, Minor, Patch int
}

// AtLeast reports whether v is major.minor or later.
func (v Version) AtLeast(major, minor int) bool {
	return v.Major > major || v.Major == major && v.Minor >= minor
}

// IsZero reports whether the version is not known.
func (v Version) IsZero() bool { return v == Version{} }

// String returns "15.4", with a patch level where there is one, and "" for
// the zero Version.
func (v Version) String() string {
	if v.IsZero() {
		return ""
	}
	s := strconv.Itoa(v.Major) + "." + strconv.Itoa(v.Minor)
	if v.Patch != 0 {
		s += "." + strconv.Itoa(v.Patch)
	}
	return s
}

// The following interfaces are a dialect's ways of writing what data in
// Features cannot say. Each is optional. Parts of the statement that are
// compiled already come as functions, so that a dialect needs no knowledge of
// package expr.

// LiteralWriter is a dialect that has rules of its own for values in the text.
type LiteralWriter interface {
	// WriteLiteral writes v, a value of type t or of a type that is not known
	// (nil), into the text, quoted so that it cannot be anything else. The
	// printer asks it before its own rules; ok is false, and nothing written,
	// where the dialect has no rule of its own for v.
	WriteLiteral(w *Writer, v any, t *Type) (ok bool, err error)
}

// Upsert is an insert that does something else where a row exists already.
type Upsert struct {
	Table   func(w *Writer)                  // the table's name
	Columns []string                         // the columns inserted, as names
	Rows    int                              // how many rows
	Value   func(w *Writer, row, column int) // writes one value
	Keys    []string                         // the conflict's columns
	Set     []string                         // columns updated; empty: do nothing
	SetTo   func(w *Writer, i int)           // the value for Set[i]; nil: the inserted row's value
	Where   func(w *Writer)                  // may be nil: update only where
	// Returning are the columns to give back, empty for none.
	Returning []Column
	// Into is where they go instead, as it stands in the text; empty: to the caller.
	Into string
}

// UpsertWriter is a dialect with neither ON CONFLICT nor ON DUPLICATE KEY
// UPDATE, which says an upsert as a MERGE.
type UpsertWriter interface {
	// WriteUpsert writes the whole statement, or returns why there is none.
	WriteUpsert(w *Writer, u *Upsert) error
}
