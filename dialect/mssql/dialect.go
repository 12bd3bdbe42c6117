package mssql

import (
	"context"
	"sync"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/serverinfo"
)

func init() { dialect.Register(Dialect(), "sqlserver", "mssql") }

// sqlServer is the dialect of one kind and version of server. There is one
// value of each, so that equal dialects are equal pointers.
type sqlServer struct {
	variant
	features dialect.Features
}

// variant is what two dialects can differ in.
type variant struct {
	version   dialect.Version
	azure     bool
	level     int // the database's compatibility level; 0: that of the version
	babelfish bool
	fish      dialect.Version // Babelfish's own
	page      int             // of VARCHAR columns without a collation; 0: not known
}

var (
	_ dialect.Dialect       = (*sqlServer)(nil)
	_ dialect.LiteralWriter = (*sqlServer)(nil)
	_ dialect.UpsertWriter  = (*sqlServer)(nil)
)

// newest is the version that rendering is for where none is given: SQL Server 2022.
var newest = dialect.Version{Major: 16}

// oldest is SQL Server 2012, the first with OFFSET and FETCH.
var oldest = dialect.Version{Major: 11}

// Option says for which server a [Dialect] is.
type Option func(*variant)

// Version is the server's version, as SERVERPROPERTY('ProductVersion') says
// it: 11 is SQL Server 2012, 13 is 2016, 14 is 2017, 15 is 2019, 16 is 2022
// (the default), 17 is 2025. What is older than 11 is taken for 11.
func Version(major int, minor ...int) Option {
	return func(v *variant) {
		v.version = dialect.Version{Major: major}
		if len(minor) > 0 {
			v.version.Minor = minor[0]
		}
	}
}

// Azure is Azure SQL Database or Managed Instance, which have what the newest
// version has, whatever version they name.
func Azure() Option { return func(v *variant) { v.azure = true } }

// CompatibilityLevel is the database's compatibility level: 130 is that of SQL
// Server 2016, 160 that of 2022, 170 that of 2025. Where none is given, it is
// the version's own. A newer server lacks WINDOW below 160, REGEXP_LIKE below
// 170 and OPENJSON below 130.
func CompatibilityLevel(n int) Option { return func(v *variant) { v.level = max(n, 0) } }

// Collation is the database's collation, in whose code page VARCHAR columns
// keep text that have none of their own. Where none is given, what they cannot
// keep is not known, and nothing is refused.
func Collation(name string) Option { return func(v *variant) { v.page = pageOf(name) } }

// Babelfish is Babelfish for PostgreSQL, which speaks SQL Server's protocol and
// names the version 12. Its own version is 5.0 where none is given.
func Babelfish(version ...int) Option {
	return func(v *variant) {
		v.babelfish, v.version, v.fish = true, dialect.Version{Major: 12}, dialect.Version{Major: 5}
		if len(version) > 0 {
			v.fish = dialect.Version{Major: version[0]}
		}
		if len(version) > 1 {
			v.fish.Minor = version[1]
		}
	}
}

// known keeps the one value for each variant.
var known sync.Map // variant → *sqlServer

// Dialect returns SQL Server's dialect, for SQL Server 2022 unless an option
// says otherwise. A connection's own dialect is found out on the first
// connection, so this is for rendering without a server.
func Dialect(opts ...Option) dialect.Dialect {
	v := variant{version: newest}
	for _, o := range opts {
		o(&v)
	}
	if v.azure {
		v.version = newest
	}
	if v.babelfish {
		v.level = 0
	}
	if !v.version.AtLeast(oldest.Major, oldest.Minor) {
		v.version = oldest
	}
	return of(v)
}

func of(v variant) *sqlServer {
	if v.level >= 10*v.version.Major && !v.azure || v.level >= 170 {
		v.level = 0 // it hides nothing
	}
	if d, ok := known.Load(v); ok {
		return d.(*sqlServer)
	}
	d, _ := known.LoadOrStore(v, &sqlServer{v, features(v)})
	return d.(*sqlServer)
}

// Name returns "mssql".
func (*sqlServer) Name() string { return "mssql" }

// Features returns what this version's SQL can express.
func (d *sqlServer) Features() *dialect.Features { return &d.features }

// ForServer asks the server for its version and edition, and for the database's
// compatibility level.
func (d *sqlServer) ForServer(ctx context.Context, c dialect.Conn) (dialect.Dialect, error) {
	var text, fish, collation string
	var edition, level int
	err := serverinfo.Row(ctx, d, c, dialect.Text(
		"SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128)), "+
			"CASE WHEN CAST(SERVERPROPERTY('Babelfish') AS INT) = 1 THEN -1 ELSE CAST(SERVERPROPERTY('EngineEdition') AS INT) END, "+
			"(SELECT CAST(compatibility_level AS INT) FROM sys.databases WHERE database_id = DB_ID()), "+
			"CAST(SERVERPROPERTY('BabelfishVersion') AS NVARCHAR(128)), "+
			"CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS NVARCHAR(128))"),
		&text, &dialect.Nullable{Dst: &edition}, &dialect.Nullable{Dst: &level}, &dialect.Nullable{Dst: &fish}, &dialect.Nullable{Dst: &collation})
	if err != nil {
		return nil, err
	}
	version, err := parseVersion(text)
	if err != nil {
		return nil, err
	}
	v := variant{version: version, level: level, page: pageOf(collation)}
	switch {
	case edition == 8 && level > 0 && level < 170: // Managed Instance, which may have the update policy of SQL Server 2022
		v.version = newest
	case edition == 5, edition == 8, edition == 12: // Azure SQL Database, Managed Instance, Fabric: their version stays at 12
		v.version, v.azure = newest, true
	case edition == -1:
		v.babelfish, v.level, v.page = true, 0, 0
		if v.fish, err = parseVersion(fish); err != nil {
			return nil, err
		}
	}
	if !v.version.AtLeast(oldest.Major, oldest.Minor) {
		return nil, dialect.Errorf(dialect.ErrUnsupported, "mssql: the server's version is %s; SQL Server 2012 (11.0) is the oldest that is supported", text)
	}
	return of(v), nil
}

// parseVersion reads "16.0.1000.6".
func parseVersion(text string) (dialect.Version, error) {
	v := serverinfo.Version(text)
	if v.IsZero() {
		return v, dialect.Errorf(dialect.ErrConnect, "mssql: the server says that its version is %q", text)
	}
	return v, nil
}
