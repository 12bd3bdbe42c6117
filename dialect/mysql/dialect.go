package mysql

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/serverinfo"
)

func init() {
	dialect.Register(Dialect(), "mysql")
	dialect.Register(Dialect(MariaDB(11, 4)), "mariadb")
	dialect.Register(Dialect(TiDB(8, 5)), "tidb")
}

// product is one of the servers that speak the protocol.
type product uint8

const (
	productMySQL product = iota
	productMariaDB
	productTiDB
)

var productNames = [...]string{"mysql", "mariadb", "tidb"}

// oldest are the first versions that are supported.
var oldest = [...]dialect.Version{{Major: 5, Minor: 7}, {Major: 10, Minor: 2}, {Major: 5}}

// identity is all that one dialect differs by from another.
type identity struct {
	product product
	version dialect.Version
	// ansiQuotes and plainBackslash are the sql_mode's ANSI_QUOTES and
	// NO_BACKSLASH_ESCAPES, which change how a text is read.
	ansiQuotes, plainBackslash bool
	// charset says that the database's own character set does not hold every text, so
	// that a table has to say one that does.
	charset bool
	// packet is the server's max_allowed_packet, in bytes; 0: not known.
	packet int
}

// server is a dialect. There is one for each identity.
type server struct {
	identity
	features *dialect.Features
	types    map[dialect.TypeKind]string
	casts    map[dialect.TypeKind]string
}

var (
	_ dialect.Dialect       = (*server)(nil)
	_ dialect.LiteralWriter = (*server)(nil)
	_ dialect.CastNamer     = (*server)(nil)
)

// made has the dialects that exist, so that equal ones are the same pointer.
var made sync.Map // identity → *server

func newServer(id identity) *server {
	if s, ok := made.Load(id); ok {
		return s.(*server)
	}
	s := &server{identity: id, features: newFeatures(id), types: typeNames(id), casts: castNames(id)}
	actual, _ := made.LoadOrStore(id, s)
	return actual.(*server)
}

// Option chooses what [Dialect] returns.
type Option func(*identity)

// Version chooses a version of MySQL.
func Version(major, minor int) Option {
	return func(id *identity) {
		id.product, id.version = productMySQL, dialect.Version{Major: major, Minor: minor}
		if major == 8 && minor == 0 {
			id.version.Patch = 44 // the last of 8.0; a server's own patch level is known once it is connected
		}
	}
}

// MariaDB chooses a version of MariaDB.
func MariaDB(major, minor int) Option {
	return func(id *identity) {
		id.product, id.version = productMariaDB, dialect.Version{Major: major, Minor: minor}
	}
}

// TiDB chooses a version of TiDB.
func TiDB(major, minor int) Option {
	return func(id *identity) {
		id.product, id.version = productTiDB, dialect.Version{Major: major, Minor: minor}
	}
}

// ANSIQuotes is for servers whose sql_mode has ANSI_QUOTES: "…" is a name.
func ANSIQuotes() Option { return func(id *identity) { id.ansiQuotes = true } }

// NoBackslashEscapes is for servers whose sql_mode has NO_BACKSLASH_ESCAPES.
func NoBackslashEscapes() Option { return func(id *identity) { id.plainBackslash = true } }

// DatabaseCharset is the character set that tables of the database have by
// themselves: where it is not utf8mb4, a CREATE TABLE says utf8mb4. Without it,
// it is that of a fresh server: latin1 before MySQL 8.0 and MariaDB 11.6.
func DatabaseCharset(name string) Option {
	return func(id *identity) { id.charset = !strings.EqualFold(name, "utf8mb4") }
}

// narrow reports whether a fresh server of that version has a character set
// that does not hold every text.
func (id identity) narrow() bool {
	return !id.from(productMySQL, 8, 0, 0) && !id.from(productMariaDB, 11, 6, 0) && id.product != productTiDB
}

// Dialect returns the dialect without a server: MySQL 8.4, unless an option
// says something else. Equal options give the same value.
func Dialect(opts ...Option) dialect.Dialect {
	id := identity{version: dialect.Version{Major: 8, Minor: 4}}
	for _, o := range opts {
		o(&id)
	}
	id.charset = id.narrow()
	for _, o := range opts { // a character set that is said counts more
		o(&id)
	}
	return newServer(id)
}

// Name is "mysql", "mariadb" or "tidb".
func (s *server) Name() string { return productNames[s.product] }

// Features returns what this server's SQL can express.
func (s *server) Features() *dialect.Features { return s.features }

// text is a statement of this package's own, whose columns are texts.
type text string

var words = dialect.Type{Kind: dialect.Clob}

func (t text) CompileSQL(c *dialect.Compiled) error {
	c.SetText(string(t))
	for range strings.Count(string(t), ",") + 1 {
		c.Columns = append(c.Columns, dialect.Column{Type: &words})
	}
	return nil
}

// ForServer asks for the version, the sql_mode, the character set and the packet's limit, in one
// round trip.
func (s *server) ForServer(ctx context.Context, c dialect.Conn) (dialect.Dialect, error) {
	var version, comment, mode, charset, client, packet string
	err := serverinfo.Row(ctx, s, c, text("SELECT VERSION(), @@version_comment, @@sql_mode, @@character_set_database, @@character_set_client, @@max_allowed_packet"),
		&version, &comment, &mode, &charset, &client, &packet)
	if err != nil {
		return nil, err
	}
	if slices.Contains(misread, strings.ToLower(client)) {
		return nil, dialect.Errorf(dialect.ErrConnect, "mysql: the connection's character set is %s, in which texts would be misread: set it to utf8mb4", client)
	}
	id := identify(version, comment, mode, charset)
	if id.packet, err = strconv.Atoi(packet); err != nil {
		return nil, dialect.Errorf(dialect.ErrConnect, "mysql: max_allowed_packet is %q, which is not a number", packet)
	}
	if old := oldest[id.product]; !id.version.IsZero() && !id.version.AtLeast(old.Major, old.Minor) {
		return nil, dialect.Errorf(dialect.ErrUnsupported, "mysql: the server's version is %s; %s %s is the oldest that is supported",
			version, productNames[id.product], old)
	}
	return newServer(id), nil
}

// misread are the character sets of several bytes that are not Unicode's. A
// text in UTF-8 is read as other characters there, and in most of them the second byte
// of one may be that of a quote or a backslash.
var misread = []string{"big5", "cp932", "eucjpms", "euckr", "gb18030", "gb2312", "gbk", "sjis", "ujis"}

// identify reads what a server says of itself.
func identify(version, comment, mode, charset string) identity {
	id := identity{charset: !strings.EqualFold(charset, "utf8mb4")}
	lower := strings.ToLower(version + " " + comment)
	switch {
	case strings.Contains(lower, "tidb"): // 8.0.11-TiDB-v8.4.0
		id.product = productTiDB
		if _, own, ok := strings.Cut(strings.ToLower(version), "tidb-v"); ok {
			version = own
		}
	case strings.Contains(lower, "mariadb"): // 10.11.6-MariaDB-log, 5.5.5-10.11.6-MariaDB
		id.product = productMariaDB
		version = strings.TrimPrefix(version, "5.5.5-")
	}
	id.version = serverinfo.Version(version)
	for m := range strings.SplitSeq(mode, ",") {
		switch strings.ToUpper(strings.TrimSpace(m)) {
		case "ANSI_QUOTES":
			id.ansiQuotes = true
		case "NO_BACKSLASH_ESCAPES":
			id.plainBackslash = true
		}
	}
	return id
}
