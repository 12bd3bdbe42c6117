package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

func TestClassify(t *testing.T) {
	pg := func(code string) error { return fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: code, Message: "m"}) }
	for _, tc := range []struct {
		err  error
		kind dialect.Kind
		lost bool
	}{
		{pg("23505"), dialect.ErrUniqueViolation, false}, {pg("23503"), dialect.ErrForeignKeyViolation, false}, {pg("23502"), dialect.ErrNotNullViolation, false},
		{pg("23514"), dialect.ErrCheckViolation, false}, {pg("23P01"), dialect.ErrExclusionViolation, false}, {pg("23000"), dialect.ErrIntegrityViolation, false},
		{pg("22001"), dialect.ErrTooLong, false}, {pg("22003"), dialect.ErrOutOfRange, false}, {pg("22012"), dialect.ErrDivisionByZero, false}, {pg("22P02"), dialect.ErrInvalidText, false},
		{pg("22007"), dialect.ErrInvalidText, false}, {pg("22023"), dialect.ErrData, false},
		{pg("42P01"), dialect.ErrUndefinedTable, false}, {pg("42703"), dialect.ErrUndefinedColumn, false}, {pg("42883"), dialect.ErrUndefinedFunction, false}, {pg("3D000"), dialect.ErrUndefinedDatabase, false},
		{pg("42P07"), dialect.ErrDuplicateObject, false}, {pg("42710"), dialect.ErrDuplicateObject, false}, {pg("42601"), dialect.ErrSyntax, false}, {pg("42501"), dialect.ErrPermission, false},
		{pg("28P01"), dialect.ErrAuthentication, false}, {pg("28000"), dialect.ErrAuthentication, false}, {pg("25006"), dialect.ErrReadOnly, false}, {pg("53300"), dialect.ErrTooManyConnections, false}, {pg("53100"), dialect.ErrDiskFull, false},
		{pg("40001"), dialect.ErrSerialization, false}, {pg("40P01"), dialect.ErrDeadlock, false}, {pg("55P03"), dialect.ErrLockTimeout, false}, {pg("57014"), dialect.ErrStatementTimeout, false},
		{&pgconn.PgError{Code: "57014", Message: "canceling statement due to user request"}, dialect.ErrCancelled, false},
		{pg("25P02"), dialect.ErrTransactionAborted, false}, {pg("57P01"), dialect.ErrConnectionLost, true}, {pg("08006"), dialect.ErrConnectionLost, true}, {pg("0A000"), dialect.ErrUnsupported, false},
		{&pgconn.PgError{Code: "0A000", Routine: "RevalidateCachedQuery"}, dialect.ErrStalePlan, false},
		{pg("P0001"), dialect.ErrOther, false}, {errors.New("odd"), dialect.ErrOther, false}, {pg(""), dialect.ErrOther, false},
		{context.Canceled, dialect.ErrCancelled, false}, {context.DeadlineExceeded, dialect.ErrCancelled, false},
		{io.ErrUnexpectedEOF, dialect.ErrConnectionLost, true}, {&net.OpError{Op: "read", Err: io.EOF}, dialect.ErrConnectionLost, true},
		{pgconn.ErrConnClosed, dialect.ErrConnectionLost, true},
		{dialect.Errorf(dialect.ErrArguments, "x"), dialect.ErrArguments, false}, {dialect.Unsupported(Dialect(), "x", ""), dialect.ErrUnsupported, false},
	} {
		e := Dialect().Classify(tc.err)
		if e.Kind != tc.kind || e.Lost != tc.lost || !errors.Is(e, tc.err) {
			t.Errorf("%v: kind %v, Lost %v", tc.err, e.Kind, e.Lost)
		}
		if again := Dialect().Classify(fmt.Errorf("more: %w", e)); again != e {
			t.Errorf("%v is described twice", tc.err)
		}
	}
	if Dialect().Classify(nil) == nil {
		t.Error("Classify(nil) is nil")
	}
	e := Dialect().Classify(&pgconn.PgError{Code: "23505", Message: "duplicate key", Detail: "Key (a)=(1) already exists.", SchemaName: "s", TableName: "t", ColumnName: "c", ConstraintName: "k", Position: 7})
	if e.Schema != "s" || e.Table != "t" || e.Column != "c" || e.Constraint != "k" || e.Position != 7 || e.Code != "23505" || e.Message != "duplicate key (Key (a)=(1) already exists)" {
		t.Errorf("%+v", e)
	}
}

func TestWrongPassword(t *testing.T) {
	u := mustURL(t, testenv.PostgresSCRAM(t)).WithPassword("wrong-secret")
	cn, err := Dialect().OpenConnector(u, dialect.ConnectConfig{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = cn.Connect(t.Context())
	if !errors.Is(err, dialect.ErrAuthentication) || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "wrong-secret") || !strings.Contains(err.Error(), cn.Address()) {
		t.Errorf("a wrong password: %v", err)
	}
	right := openURL(t, mustURL(t, testenv.PostgresSCRAM(t)))
	if one[int64](t, right, "SELECT 1::int8") != 1 {
		t.Error("the right password")
	}
}

func TestUnixSocket(t *testing.T) {
	socket := testenv.PostgresSocket(t)
	folder, port, ok := strings.Cut(socket, "/.s.PGSQL.")
	if !ok {
		t.Fatalf("%s is no socket of a server", socket)
	}
	database := mustURL(t, testenv.Postgres(t)).Database
	for _, url := range []string{
		"postgres://postgres@/" + database + "?socket=" + socket,
		"postgres://postgres@/" + database + "?host=" + folder + "&port=" + port,
		"postgres://postgres@" + strings.ReplaceAll(folder, "/", "%2F") + ":" + port + "/" + database,
	} {
		if got := one[string](t, openURL(t, mustURL(t, url)), "SELECT coalesce(host(inet_client_addr()), 'no network')"); got != "no network" {
			t.Errorf("%s: connected from %s", url, got)
		}
	}
}

func TestDialectsAreInterned(t *testing.T) {
	if Dialect() != Dialect() || Dialect(Version(14)) != Dialect(Version(14)) || Dialect(Version(14)) == Dialect() || Dialect(Version(0)) != Dialect() {
		t.Error("equal dialects are not the same value")
	}
	for _, scheme := range []string{"postgres", "postgresql"} {
		if d, err := dialect.Lookup(scheme); err != nil || d != Dialect() {
			t.Errorf("%s: %v, %v", scheme, d, err)
		}
	}
}

func TestBanners(t *testing.T) {
	for banner, want := range map[string]string{
		"PostgreSQL 15.14 (Debian 15.14-0+deb12u1) on x86_64-pc-linux-gnu": "postgres 15.14",
		"PostgreSQL 17beta1":                                               "postgres 17.0",
		"PostgreSQL 11.2-YB-2.21.0.0-b545 on x86_64":                       "yugabytedb 2.21",
		"CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/09/27)": "cockroachdb 23.1.11",
	} {
		d, err := Dialect().(*server).fromBanner(banner)
		if err != nil || d.Name()+" "+d.Features().Version.String() != want {
			t.Errorf("%s: %v, %v", banner, d, err)
		}
	}
	if _, err := Dialect().(*server).fromBanner("Oracle"); !errors.Is(err, dialect.ErrConnect) {
		t.Errorf("an unknown server: %v", err)
	}
}

func TestTypeNames(t *testing.T) {
	for in, want := range map[string]string{
		"boolean": "BOOLEAN", "varchar(50)": "VARCHAR(50)", "varchar": "VARCHAR", "text": "TEXT", "decimal(10,2)": "NUMERIC(10,2)", "decimal": "NUMERIC",
		"timestamp(3) with time zone": "TIMESTAMP(3) WITH TIME ZONE", "timestamptz": "TIMESTAMP WITH TIME ZONE", "timestamp(0)": "TIMESTAMP(0)",
		"integer[]": "INTEGER[]", "json": "JSONB", "uuid": "UUID", "blob": "BYTEA", "integer unsigned": "BIGINT", "bigint unsigned": "NUMERIC(20,0)",
		"double": "DOUBLE PRECISION", "tsvector": "tsvector", "interval": "INTERVAL", "char(2)": "CHAR(2)",
	} {
		typ, err := dialect.ParseType(in)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Dialect().TypeName(&typ); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", in, got, err, want)
		}
	}
	enum := &dialect.Type{Kind: dialect.Enum, Values: &dialect.EnumValues{List: []string{"a", "größer"}}}
	if got, _ := Dialect().TypeName(enum); got != "VARCHAR(6)" {
		t.Errorf("an enumeration without a name: %s", got)
	}
	enum.Name = "app.Mood"
	if got, _ := Dialect().TypeName(enum); got != `app."Mood"` {
		t.Errorf("an enumeration with a name: %s", got)
	}
	for _, bad := range []*dialect.Type{nil, {}, {Kind: dialect.Array}} {
		if _, err := Dialect().TypeName(bad); err == nil {
			t.Errorf("%v has a name", bad)
		}
	}
}

// The names of types are those that the server gives back for its columns.
func TestColumnTypes(t *testing.T) {
	c := open(t, inSchema(t))
	var ddl []string
	want := []string{"boolean", "smallint", "integer", "bigint", "real", "double precision", "decimal(10,2)", "decimal", "char(3)", "varchar(9)", "varchar", "text",
		"date", "time", "timestamp", "timestamp(3)", "timestamp with time zone", "interval", "uuid", "json", "integer[]", "varchar(4)[]"}
	for i, w := range want {
		typ, err := dialect.ParseType(w)
		if err != nil {
			t.Fatal(err)
		}
		name, err := c.d.TypeName(&typ)
		if err != nil {
			t.Fatal(err)
		}
		ddl = append(ddl, fmt.Sprintf("c%d %s", i, name))
	}
	exec(t, c, "CREATE TABLE t ("+strings.Join(ddl, ", ")+")")
	rows, err := c.Query(t.Context(), compiled("SELECT * FROM t"))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for i, col := range rows.Columns() {
		if col.Type.String() != want[i] || col.DatabaseType == "" {
			t.Errorf("%s: %s (%s)", want[i], col.Type, col.DatabaseType)
		}
	}
}

// Every word that the server reserves is quoted, and what stands for an empty
// list is SQL that the server reads.
func TestFeaturesAgainstTheServer(t *testing.T) {
	c := open(t)
	rows, err := c.Query(t.Context(), compiled("SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')"))
	if err != nil {
		t.Fatal(err)
	}
	var word string
	for rows.Next() {
		if err := rows.ScanRow([]any{&word}); err != nil {
			t.Fatal(err)
		}
		if _, ok := c.d.Features().Reserved[word]; !ok {
			t.Errorf("%s is reserved by the server and not here", word)
		}
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	d, err := Dialect().ForServer(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	for _, cond := range []string{"1 " + d.Features().EmptyIn, "'a' " + d.Features().EmptyIn} {
		if one[bool](t, c, "SELECT "+cond) {
			t.Errorf("%s is true", cond)
		}
	}
	if !one[bool](t, c, "SELECT 1 "+d.Features().EmptyNotIn) {
		t.Error("NOT IN an empty list is false")
	}
}
