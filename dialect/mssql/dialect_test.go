package mssql

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	mssqldb "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

func TestDialectIsOneValueForEachVersion(t *testing.T) {
	if Dialect() != Dialect(Version(16)) || Dialect(Version(15, 0)) != Dialect(Version(15)) {
		t.Error("equal versions give different dialects")
	}
	if Dialect(Version(15)) == Dialect(Version(14)) || Dialect(Azure()) == Dialect() {
		t.Error("different versions give the same dialect")
	}
	if Dialect(Version(9)) != Dialect(Version(11)) {
		t.Error("a version that is too old is not taken for the oldest")
	}
	for _, scheme := range []string{"sqlserver", "mssql"} {
		if d, err := dialect.Lookup(scheme); err != nil || d != Dialect() {
			t.Errorf("%s: %v, %v", scheme, d, err)
		}
	}
}

func TestFeaturesFollowTheVersion(t *testing.T) {
	old, recent := Dialect(Version(11)).Features(), Dialect(Version(16)).Features()
	if old.IfExists || !recent.IfExists {
		t.Error("DROP TABLE IF EXISTS came with 2016")
	}
	if f, has := old.Functions["string_agg"]; !has || f != "" {
		t.Errorf("STRING_AGG came with 2017, got %q", f)
	}
	if recent.Functions["string_agg"] == "" {
		t.Error("2022 lacks STRING_AGG")
	}
	azure := Dialect(Azure()).Features()
	if !azure.IfExists || azure.Functions["string_agg"] != recent.Functions["string_agg"] {
		t.Error("Azure lacks what 2022 has")
	}
}

func TestTypeNames(t *testing.T) {
	for in, want := range map[string]string{
		"boolean": "BIT", "smallint": "SMALLINT", "integer": "INTEGER", "bigint": "BIGINT",
		"integer unsigned": "BIGINT", "bigint unsigned": "NUMERIC(20, 0)", "smallint unsigned": "INTEGER",
		"real": "REAL", "double": "FLOAT(53)", "decimal(10,2)": "NUMERIC(10, 2)", "decimal": "NUMERIC(38, 10)",
		"char(3)": "NCHAR(3)", "varchar(50)": "NVARCHAR(50)", "varchar": "NVARCHAR(255)", "varchar(5000)": "NVARCHAR(max)",
		"nvarchar(50)": "NVARCHAR(50)", "text": "NVARCHAR(max)", "binary(16)": "BINARY(16)", "varbinary(20)": "VARBINARY(20)",
		"varbinary(9000)": "VARBINARY(max)", "blob": "VARBINARY(max)", "date": "DATE", "time": "TIME", "time(3)": "TIME(3)",
		"timestamp": "DATETIME2", "timestamp(0)": "DATETIME2(0)", "timestamp(3) with time zone": "DATETIMEOFFSET(3)",
		"timestamptz": "DATETIMEOFFSET", "uuid": "UNIQUEIDENTIFIER", "interval": "BIGINT", "json": "NVARCHAR(max)", "money": "money",
		"varchar(50) collate x": "varchar(50) collate x",
	} {
		typ, err := dialect.ParseType(in)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Dialect().TypeName(&typ); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", in, got, err, want)
		}
	}
	enum := dialect.Type{Kind: dialect.Enum, Values: &dialect.EnumValues{List: []string{"sad", "happy"}}}
	if got, err := Dialect().TypeName(&enum); err != nil || got != "NVARCHAR(5)" {
		t.Errorf("enum: %q, %v", got, err)
	}
	for _, in := range []string{"integer[]", "decimal(39,2)", "timestamp(8)", "char(4001)", "binary(8001)"} {
		typ, err := dialect.ParseType(in)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Dialect().TypeName(&typ); !errors.Is(err, dialect.ErrUnsupported) {
			t.Errorf("%s: got %q, %v", in, got, err)
		}
	}
	if _, err := Dialect().TypeName(&dialect.Type{}); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("a type that is not known: %v", err)
	}
}

func TestLiterals(t *testing.T) {
	when := time.Date(2024, 1, 31, 12, 30, 0, 123456700, time.FixedZone("", 2*3600))
	for _, c := range []struct {
		v    any
		kind dialect.TypeKind
		want string
	}{
		{"it's", 0, "'it''s'"},
		{"one\\\ntwo", 0, "('one\\' + '\ntwo')"},
		{"a\\b\\\r\nc", 0, "('a\\b\\' + '\r\nc')"},
		{[]byte{1, 0xff}, 0, "0x01ff"},
		{[]byte(`{"a":1}`), dialect.JSON, `'{"a":1}'`},
		{true, 0, "1"},
		{when, 0, "'2024-01-31T10:30:00.1234567'"},
		{when, dialect.Date, "'2024-01-31'"},
		{when, dialect.Time, "'12:30:00.1234567'"},
		{when, dialect.TimestampTZ, "'2024-01-31T12:30:00.1234567+02:00'"},
		{[16]byte{1, 2, 3}, 0, "'01020300-0000-0000-0000-000000000000'"},
		{7, 0, "7"},
	} {
		w := dialect.NewWriter(Dialect())
		w.Literal(c.v, &dialect.Type{Kind: c.kind})
		if got := w.Text(); got != c.want || w.Err() != nil {
			t.Errorf("%v: got %s, %v, want %s", c.v, got, w.Err(), c.want)
		}
	}
	w := dialect.NewWriter(Dialect())
	w.Literal(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), nil)
	if !errors.Is(w.Err(), dialect.ErrOutOfRange) {
		t.Errorf("the year 10000: %v", w.Err())
	}
}

func TestArgumentsAreDeclaredByTheColumn(t *testing.T) {
	when := time.Date(2024, 1, 31, 23, 30, 0, 5, time.FixedZone("", -5*3600))
	type named string
	col := func(s string) *dialect.Type {
		typ, err := dialect.ParseType(s)
		if err != nil {
			t.Fatal(err)
		}
		return &typ
	}
	uuid := [16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	const uuidText = "00010203-0405-0607-0809-0a0b0c0d0e0f"
	for _, c := range []struct {
		v     any
		t     *dialect.Type
		value any
		decl  string
	}{
		{"abc", nil, "abc", "nvarchar(4000)"},
		{strings.Repeat("x", 4001), nil, strings.Repeat("x", 4001), "nvarchar(max)"},
		{"abc", col("varchar(50)"), "abc", "nvarchar(50)"},
		{named("abc"), col("varchar(50)"), "abc", "nvarchar(50)"},
		{"abcdef", col("varchar(5)"), "abcdef", "nvarchar(4000)"},
		{"😀", col("char(2)"), "😀", "nvarchar(2)"},
		{"😀a", col("char(2)"), "😀a", "nvarchar(4000)"},
		{"abc", col("text"), "abc", "nvarchar(max)"},
		{[]byte("abc"), col("varchar(50)"), "abc", "nvarchar(50)"},
		{"abc", col("VARCHAR(50) x"), mssqldb.VarChar("abc"), "varchar(50)"},
		{"äbc", col("VARCHAR(50) x"), "äbc", "nvarchar(4000)"},
		{[]byte{1}, nil, []byte{1}, "varbinary(8000)"},
		{[]byte{1}, col("varbinary(20)"), []byte{1}, "varbinary(20)"},
		{"ab", col("blob"), []byte("ab"), "varbinary(max)"},
		{nil, nil, nil, "nvarchar(1)"},
		{nil, col("blob"), []byte(nil), "varbinary(max)"},
		{nil, col("timestamp"), nil, "datetime2(7)"},
		{(*int)(nil), col("integer"), nil, "int"},
		{true, nil, true, "bit"},
		{int64(1), col("boolean"), true, "bit"},
		{7, nil, int64(7), "bigint"},
		{int8(7), col("integer"), int64(7), "int"},
		{int64(1) << 40, col("integer"), int64(1) << 40, "bigint"},
		{uint64(math.MaxUint64), nil, "18446744073709551615", "decimal(20, 0)"},
		{uint64(math.MaxUint64), col("bigint unsigned"), "18446744073709551615", "decimal(20, 0)"},
		{float32(0.1), nil, float32(0.1), "real"},
		{0.1, col("double"), 0.1, "float(53)"},
		{"12.50", col("decimal(10,2)"), "12.50", "decimal(38, 2)"},
		{"12.505", col("decimal(10,2)"), "12.505", "decimal(38, 3)"},
		{"-1.5e3", col("decimal(10,2)"), "-1500", "decimal(38, 2)"},
		{"15e-3", col("decimal(10,2)"), "0.015", "decimal(38, 3)"},
		{"+007", col("decimal(10,2)"), "7", "decimal(38, 2)"},
		{when, nil, mssqldb.DateTimeOffset(when.UTC()), "datetimeoffset(7)"},
		{when, col("timestamptz"), mssqldb.DateTimeOffset(when), "datetimeoffset(7)"},
		{when, col("timestamp"), civilDateTime(when.UTC()), "datetime2(7)"},
		{when, col("date"), civilDate(when), "date"},
		{when, col("time"), civilTime(when), "time(7)"},
		{when, col("DATETIME"), civilDateTime(when.UTC()), "datetime2(7)"}, // a portable name: DATETIME2
		{when, &dialect.Type{Kind: dialect.Native, Name: "DATETIME"}, civilDateTime(when.UTC()), "datetime"},
		{uuid, nil, mssqldb.UniqueIdentifier(uuid), "uniqueidentifier"},
		{uuidText, col("uuid"), mssqldb.UniqueIdentifier(uuid), "uniqueidentifier"},
		{"{" + strings.ToUpper(uuidText) + "}", col("uuid"), mssqldb.UniqueIdentifier(uuid), "uniqueidentifier"},
		{uuid[:], col("uuid"), mssqldb.UniqueIdentifier(uuid), "uniqueidentifier"},
		{map[string]int{"a": 1}, col("json"), `{"a":1}`, "nvarchar(max)"},
		{`{"a":1}`, col("json"), `{"a":1}`, "nvarchar(max)"},
		{sql.NullString{}, col("varchar(5)"), nil, "nvarchar(5)"},
		{sql.NullString{String: "x", Valid: true}, col("varchar(5)"), "x", "nvarchar(5)"},
	} {
		got, err := bind(&dialect.Arg{Value: c.v, Type: c.t})
		if err != nil {
			t.Errorf("%v for %v: %v", c.v, c.t, err)
			continue
		}
		p, ok := got.(param)
		if !ok || p.decl != c.decl || !same(p.value, c.value) {
			t.Errorf("%v for %v: got %#v, want %#v as %s", c.v, c.t, got, c.value, c.decl)
		}
	}
	for _, c := range []struct {
		v    any
		t    *dialect.Type
		kind dialect.Kind
	}{
		{uint64(math.MaxUint64), col("bigint"), dialect.ErrOutOfRange},
		{math.NaN(), nil, dialect.ErrOutOfRange},
		{math.Inf(1), col("double"), dialect.ErrOutOfRange},
		{"12,5", col("decimal"), dialect.ErrInvalidText},
		{"", col("decimal"), dialect.ErrInvalidText},
		{strings.Repeat("9", 39), col("decimal"), dialect.ErrOutOfRange},
		{"not a uuid", col("uuid"), dialect.ErrInvalidText},
		{[]byte{1, 2}, col("uuid"), dialect.ErrInvalidText},
		{[]byte{0xff, 0xfe}, col("varchar(5)"), dialect.ErrInvalidText},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), col("date"), dialect.ErrOutOfRange},
		{map[string]any{"f": func() {}}, col("json"), dialect.ErrArguments},
	} {
		if got, err := bind(&dialect.Arg{Value: c.v, Type: c.t}); !errors.Is(err, c.kind) {
			t.Errorf("%v for %v: got %v, %v, want %v", c.v, c.t, got, err, c.kind)
		}
	}
	tvp := mssqldb.TVP{TypeName: "ids"}
	if got, err := bind(&dialect.Arg{Value: tvp}); err != nil || !same(got, tvp) {
		t.Errorf("a table-valued parameter: %v, %v", got, err)
	}
}

func same(a, b any) bool {
	ab, isBytes := a.([]byte)
	bb, both := b.([]byte)
	if isBytes && both {
		return (ab == nil) == (bb == nil) && string(ab) == string(bb)
	}
	if ta, ok := a.(mssqldb.DateTimeOffset); ok {
		tb, ok := b.(mssqldb.DateTimeOffset)
		return ok && time.Time(ta).Equal(time.Time(tb)) && time.Time(ta).Format("-07:00") == time.Time(tb).Format("-07:00")
	}
	if _, ok := a.(mssqldb.TVP); ok {
		_, ok := b.(mssqldb.TVP)
		return ok
	}
	return a == b
}

func TestUUIDsKeepTheOrderOfTheirText(t *testing.T) {
	stored := []byte{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}
	const text = "00010203-0405-0607-0809-0a0b0c0d0e0f"
	var s string
	v, done, err := decodeUUID(&s, stored)
	if err != nil || done || v != text {
		t.Errorf("into a string: %v, %v, %v", v, done, err)
	}
	var b []byte
	if v, _, _ := decodeUUID(&b, stored); string(v.([]byte)) != "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f" {
		t.Errorf("into bytes: %v", v)
	}
	type id [16]byte
	var u id
	if _, done, err := decodeUUID(&u, stored); !done || err != nil || sqldriver.FormatUUID(u) != text {
		t.Errorf("into an array: %v", u)
	}
}

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		err                       mssqldb.Error
		kind                      dialect.Kind
		schema, table, column, of string
	}{
		{mssqldb.Error{Number: 2627, Message: "Violation of UNIQUE KEY constraint 'uq_email'. Cannot insert duplicate key in object 'dbo.users'. The duplicate key value is (a'b)."},
			dialect.ErrUniqueViolation, "dbo", "users", "", "uq_email"},
		{mssqldb.Error{Number: 2601, Message: "Cannot insert duplicate key row in object 'dbo.users' with unique index 'ux'. The duplicate key value is (1)."},
			dialect.ErrUniqueViolation, "dbo", "users", "", "ux"},
		{mssqldb.Error{Number: 547, Message: `The INSERT statement conflicted with the FOREIGN KEY constraint "fk_o". The conflict occurred in database "shop", table "dbo.users", column 'id'.`},
			dialect.ErrForeignKeyViolation, "dbo", "users", "id", "fk_o"},
		{mssqldb.Error{Number: 547, Message: `The DELETE statement conflicted with the REFERENCE constraint "fk_o". The conflict occurred in database "shop", table "dbo.orders", column 'user_id'.`},
			dialect.ErrForeignKeyViolation, "dbo", "orders", "user_id", "fk_o"},
		{mssqldb.Error{Number: 547, Message: `The INSERT statement conflicted with the CHECK constraint "ck". The conflict occurred in database "shop", table "dbo.t", column 'n'.`},
			dialect.ErrCheckViolation, "dbo", "t", "n", "ck"},
		{mssqldb.Error{Number: 515, Message: "Cannot insert the value NULL into column 'name', table 'shop.dbo.users'; column does not allow nulls. INSERT fails."},
			dialect.ErrNotNullViolation, "dbo", "users", "name", ""},
		{mssqldb.Error{Number: 2628, Message: "String or binary data would be truncated in table 'shop.dbo.users', column 'name'. Truncated value: 'x'."},
			dialect.ErrTooLong, "dbo", "users", "name", ""},
		{mssqldb.Error{Number: 208, Message: "Invalid object name 'audit.log'."}, dialect.ErrUndefinedTable, "audit", "log", "", ""},
		{mssqldb.Error{Number: 207, Message: "Invalid column name 'nope'."}, dialect.ErrUndefinedColumn, "", "", "nope", ""},
		{mssqldb.Error{Number: 102, Message: "Incorrect syntax near 'x'."}, dialect.ErrSyntax, "", "", "", ""},
		{mssqldb.Error{Number: 1205, Message: "deadlock"}, dialect.ErrDeadlock, "", "", "", ""},
		{mssqldb.Error{Number: 3960, Message: "snapshot"}, dialect.ErrSerialization, "", "", "", ""},
		{mssqldb.Error{Number: 1222, Message: "lock"}, dialect.ErrLockTimeout, "", "", "", ""},
		{mssqldb.Error{Number: 18456, Message: "Login failed"}, dialect.ErrAuthentication, "", "", "", ""},
		{mssqldb.Error{Number: 8134, Message: "Divide by zero"}, dialect.ErrDivisionByZero, "", "", "", ""},
		{mssqldb.Error{Number: 0, Message: "server does not have an active transaction"}, dialect.ErrTransactionAborted, "", "", "", ""},
		{mssqldb.Error{Number: 50000, Message: "of a procedure"}, dialect.ErrOther, "", "", "", ""},
	} {
		for _, err := range []error{c.err, errors.Join(errors.New("beside"), c.err)} {
			e := Dialect().Classify(err)
			if e.Kind != c.kind || e.Schema != c.schema || e.Table != c.table || e.Column != c.column || e.Constraint != c.of {
				t.Errorf("%d: got %v, %q.%q.%q of %q", c.err.Number, e.Kind, e.Schema, e.Table, e.Column, e.Constraint)
			}
			if !errors.Is(e, c.kind) || !errors.As(e, new(mssqldb.Error)) {
				t.Errorf("%d: the tree lacks the kind or the driver's error", c.err.Number)
			}
			if again := Dialect().Classify(e); again != e {
				t.Errorf("%d: classified twice", c.err.Number)
			}
		}
	}
	// The message that only says that the statement was terminated comes last.
	all := mssqldb.Error{Number: 3621, Message: "The statement has been terminated.", All: []mssqldb.Error{
		{Number: 2627, Message: "Violation of PRIMARY KEY constraint 'pk'. Cannot insert duplicate key in object 'dbo.t'."}, {Number: 3621}}}
	if e := Dialect().Classify(all); e.Kind != dialect.ErrUniqueViolation || e.Code != "2627" || e.Constraint != "pk" {
		t.Errorf("several messages: %+v", e)
	}
	database := mssqldb.Error{Number: 18456, Message: "Login failed", All: []mssqldb.Error{{Number: 4060, Message: "Cannot open database"}, {Number: 18456}}}
	if e := Dialect().Classify(database); e.Kind != dialect.ErrUndefinedDatabase {
		t.Errorf("a database that is not there: %v", e.Kind)
	}
	if e := Dialect().Classify(mssqldb.Error{Number: 9999, Class: 20}); !e.Lost || e.Kind != dialect.ErrConnectionLost {
		t.Errorf("an error of class 20: %+v", e)
	}
	if e := Dialect().Classify(context.DeadlineExceeded); e.Kind != dialect.ErrCancelled {
		t.Errorf("a context: %v", e.Kind)
	}
	if Dialect().Classify(nil) != nil {
		t.Error("nil is classified")
	}
}

func TestURLBecomesTheDriversConfiguration(t *testing.T) {
	u, err := dialect.ParseURL(`sqlserver://DOM%5Cada:p%40ss%3Aw%2Frd@db.example.com:14330/shop?encrypt=strict&app_name=orders` +
		`&connect_timeout=3s&statement_cache=7&dial_timeout=2s&packet_size=8192&application_intent=readonly&failover_partner=other&lock_timeout=250ms` +
		`&set.xact_abort=on&set.DATEFORMAT=ymd&multi_subnet_failover=yes`)
	if err != nil {
		t.Fatal(err)
	}
	c, s, err := config(u, dialect.ConnectConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Host != "db.example.com" || c.Port != 14330 || c.Database != "shop" || c.User != `DOM\ada` || c.Password != "p@ss:w/rd" ||
		c.AppName != "orders" || c.DialTimeout != 2*time.Second || c.PacketSize != 8192 || !c.ReadOnlyIntent ||
		c.FailOverPartner != "other" || !c.MultiSubnetFailover || !c.DisableRetry {
		t.Errorf("got %+v", c)
	}
	if c.Encryption != msdsn.EncryptionStrict || c.TLSConfig == nil || c.TLSConfig.InsecureSkipVerify || c.TLSConfig.ServerName != "db.example.com" {
		t.Errorf("TLS: %v %+v", c.Encryption, c.TLSConfig)
	}
	if s.connectTimeout != 3*time.Second || s.texts != 7 || s.initSQL != "SET LOCK_TIMEOUT 250;SET XACT_ABORT on;SET DATEFORMAT ymd;" {
		t.Errorf("settings: %+v", s)
	}
	for text, want := range map[string]string{
		"mssql://":                         "localhost:1433",
		"mssql://[::1]:5/x":                "[::1]:5",
		"mssql://h/x":                      "h:1433",
		"mssql://h/x?instance=sqlexpress":  `h\sqlexpress`,
		"mssql://h:9/x?encrypt=disable":    "h:9",
		"mssql://sa:secret@h/?encrypt=off": "",
	} {
		u, err := dialect.ParseURL(text)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Dialect().OpenConnector(u, dialect.ConnectConfig{})
		if want == "" {
			if err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v", text, err)
			}
			continue
		}
		if err != nil || c.Address() != want || c.Dialect() != Dialect() {
			t.Errorf("%s: %v, %v", text, c, err)
		}
	}
}

func TestEncryptionIsOnUnlessTheURLSaysOtherwise(t *testing.T) {
	for option, want := range map[string]struct {
		level    msdsn.Encryption
		insecure bool
	}{
		"":                                {msdsn.EncryptionRequired, false},
		"?encrypt=true":                   {msdsn.EncryptionRequired, false},
		"?trust_server_certificate=true":  {msdsn.EncryptionRequired, true},
		"?encrypt=false":                  {msdsn.EncryptionOff, true},
		"?encrypt=strict&tls_min=1.3":     {msdsn.EncryptionStrict, false},
		"?host_name_in_certificate=other": {msdsn.EncryptionRequired, false},
	} {
		u, err := dialect.ParseURL("mssql://h/d" + option)
		if err != nil {
			t.Fatal(err)
		}
		c, _, err := config(u, dialect.ConnectConfig{})
		if err != nil || c.Encryption != want.level || c.TLSConfig.InsecureSkipVerify != want.insecure {
			t.Errorf("%q: %v, %+v", option, err, c.TLSConfig)
		}
	}
}

func TestWrongOptionsAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"mssql://h/d?encrypted=true":                     `unknown option "encrypted" (did you mean "encrypt"?)`,
		"mssql://h/d?encrypt=maybe":                      `option encrypt="maybe" is not one of`,
		"mssql://h/d?packet_size=5":                      `option packet_size="5" is not a number from 512 to 32767`,
		"mssql://h/d?dial_timeout=soon":                  `option dial_timeout="soon"`,
		"mssql://h/d?set.x;y=1":                          `set.x;y`,
		"mssql://h/d?set.language=a'b":                   `set.language`,
		"mssql://h:1/d?instance=x":                       `instance`,
		"mssql://h/?application_intent=ReadOnly":         `application_intent`,
		"mssql://h1,h2/d":                                "failover_partner",
		"mssql://%2Frun%2Fsock/d":                        "unix socket",
		"mssql://h/d?certificate=/none.pem":              "certificate",
		"mssql://h/d?certificate=a&server_certificate=b": "server_certificate",
		"mssql://h/d?auth=access_token":                  "token",
	} {
		u, err := dialect.ParseURL(text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Dialect().OpenConnector(u, dialect.ConnectConfig{})
		if !errors.Is(err, dialect.ErrURL) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{}); !errors.Is(err, dialect.ErrURL) {
		t.Errorf("no URL: %v", err)
	}
	if _, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{Driver: 7}); err == nil || !strings.Contains(err.Error(), "msdsn.Config") {
		t.Errorf("another type of driver configuration: %v", err)
	}
	c, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{Driver: msdsn.Config{Host: "given", Port: 7}})
	if err != nil || c.Address() != "given:7" {
		t.Errorf("a driver configuration: %v, %v", c, err)
	}
}

func TestUpsertIsMerge(t *testing.T) {
	u := &dialect.Upsert{
		Table:     func(w *dialect.Writer) { w.Qualified("dbo", "page hits") },
		Columns:   []string{"path", "hits"},
		Rows:      2,
		Value:     func(w *dialect.Writer, row, col int) { w.Bind(row*10+col, nil) },
		Keys:      []string{"path"},
		Set:       []string{"hits"},
		Returning: []dialect.Column{{Name: "hits"}},
	}
	w := dialect.NewWriter(Dialect())
	if err := Dialect().(dialect.UpsertWriter).WriteUpsert(w, u); err != nil || w.Err() != nil {
		t.Fatal(err, w.Err())
	}
	want := "MERGE INTO dbo.[page hits] WITH (HOLDLOCK) USING (VALUES (@p1, @p2), (@p3, @p4)) AS excluded (path, hits)" +
		" ON dbo.[page hits].path = excluded.path WHEN MATCHED THEN UPDATE SET hits = excluded.hits" +
		" WHEN NOT MATCHED THEN INSERT (path, hits) VALUES (excluded.path, excluded.hits) OUTPUT inserted.hits;"
	if w.Text() != want {
		t.Errorf("got  %s\nwant %s", w.Text(), want)
	}
	u.Set, u.Returning = nil, nil
	w = dialect.NewWriter(Dialect())
	if err := Dialect().(dialect.UpsertWriter).WriteUpsert(w, u); err != nil || strings.Contains(w.Text(), "WHEN MATCHED") {
		t.Errorf("do nothing: %s, %v", w.Text(), err)
	}
	u.Keys = nil
	if err := Dialect().(dialect.UpsertWriter).WriteUpsert(w, u); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("without keys: %v", err)
	}
}

func TestVersionsAreRead(t *testing.T) {
	if v, err := parseVersion("16.0.1000.6"); err != nil || v != (dialect.Version{Major: 16, Patch: 1000}) {
		t.Errorf("%v, %v", v, err)
	}
	if _, err := parseVersion("sixteen"); !errors.Is(err, dialect.ErrConnect) {
		t.Errorf("%v", err)
	}
}
