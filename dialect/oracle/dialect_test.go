package oracle

import (
	"crypto/tls"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	go_ora "github.com/sijms/go-ora/v2"
	"github.com/sijms/go-ora/v2/network"

	"github.com/sqlayer-go/sqlayer/dialect"
)

func TestDialectIsOneValueForEachVersion(t *testing.T) {
	if Dialect() != Dialect(Version(23)) || Dialect(Version(19)) != Dialect(Version(19, 0)) || Dialect(Version(19)) == Dialect() {
		t.Error("dialects are not one for each version")
	}
	if Dialect(Version(11, 2)) != Dialect(Version(12, 1)) {
		t.Error("a version that is too old is not taken for the oldest")
	}
	if d, err := dialect.Lookup("oracle"); err != nil || d != Dialect() {
		t.Errorf("%v, %v", d, err)
	}
}

func TestFeaturesFollowTheVersion(t *testing.T) {
	for _, c := range []struct {
		d                 dialect.Dialect
		ident             int
		boolean, ifExists bool
	}{
		{Dialect(Version(12, 1)), 30, false, false},
		{Dialect(Version(12, 2)), 128, false, false},
		{Dialect(Version(19)), 128, false, false},
		{Dialect(Version(23)), 128, true, true},
	} {
		f := c.d.Features()
		if f.MaxIdent != c.ident || f.NativeBool != c.boolean || f.IfExists != c.ifExists || f.MaxInsertRows != 1 || f.MaxInList != 1000 {
			t.Errorf("%s: %+v", f.Version, f)
		}
	}
}

func col(t *testing.T, s string) *dialect.Type {
	t.Helper()
	typ, err := dialect.ParseType(s)
	if err != nil {
		t.Fatal(err)
	}
	return &typ
}

func TestTypeNames(t *testing.T) {
	d19 := Dialect(Version(19))
	for in, want := range map[string]string{
		"boolean": "NUMBER(1)", "smallint": "SMALLINT", "integer": "INTEGER", "bigint": "NUMBER(19)", "bigint unsigned": "NUMBER(20)",
		"real": "BINARY_FLOAT", "double": "BINARY_DOUBLE", "decimal(10,2)": "NUMERIC(10, 2)", "decimal": "NUMBER",
		"char(3)": "CHAR(3 CHAR)", "varchar(50)": "VARCHAR2(50 CHAR)", "varchar": "VARCHAR2(255 CHAR)", "varchar(5000)": "CLOB",
		"nvarchar(50)": "NVARCHAR2(50)", "text": "CLOB", "ntext": "NCLOB", "binary(16)": "RAW(16)", "varbinary(20)": "RAW(20)",
		"varbinary": "BLOB", "varbinary(3000)": "BLOB", "blob": "BLOB", "date": "DATE", "timestamp": "TIMESTAMP",
		"timestamp(0)": "TIMESTAMP(0)", "timestamp(3) with time zone": "TIMESTAMP(3) WITH TIME ZONE",
		"timestamptz": "TIMESTAMP WITH TIME ZONE", "interval": "INTERVAL DAY TO SECOND", "uuid": "RAW(16)", "json": "CLOB",
		"SDO_GEOMETRY": "SDO_GEOMETRY",
	} {
		if got, err := d19.TypeName(col(t, in)); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", in, got, err, want)
		}
	}
	if got, err := Dialect().TypeName(col(t, "boolean")); err != nil || got != "BOOLEAN" {
		t.Errorf("23ai: %q, %v", got, err)
	}
	for _, in := range []string{"time", "integer[]", "decimal(39,2)", "timestamp(10)", "char(2001)"} {
		if got, err := d19.TypeName(col(t, in)); !errors.Is(err, dialect.ErrUnsupported) {
			t.Errorf("%s: got %q, %v", in, got, err)
		}
	}
}

func TestLiterals(t *testing.T) {
	when := time.Date(2024, 1, 31, 12, 30, 0, 123456789, time.FixedZone("", 2*3600))
	for _, c := range []struct {
		v    any
		kind dialect.TypeKind
		want string
	}{
		{"it's", 0, "'it''s'"},
		{"00010203-0405-0607-0809-0a0b0c0d0e0f", dialect.UUID, "HEXTORAW('000102030405060708090a0b0c0d0e0f')"},
		{[]byte{1, 0xff}, 0, "HEXTORAW('01ff')"},
		{[]byte("x"), dialect.JSON, "'x'"},
		{when, 0, "TIMESTAMP '2024-01-31 10:30:00.123456789'"},
		{when, dialect.Date, "DATE '2024-01-31'"},
		{when, dialect.TimestampTZ, "TIMESTAMP '2024-01-31 12:30:00.123456789 +02:00'"},
		{true, 0, "true"},
	} {
		w := dialect.NewWriter(Dialect())
		w.Literal(c.v, &dialect.Type{Kind: c.kind})
		if w.Text() != c.want || w.Err() != nil {
			t.Errorf("%v: got %s, %v, want %s", c.v, w.Text(), w.Err(), c.want)
		}
	}
	w := dialect.NewWriter(Dialect())
	w.Literal(strings.Repeat("x", 4001), nil)
	w.Literal(make([]byte, 2001), nil)
	if err := w.Err(); !errors.Is(err, dialect.ErrTooLong) {
		t.Errorf("long constants: %v", err)
	}
}

func TestArgumentsFollowTheColumn(t *testing.T) {
	when := time.Date(2024, 1, 31, 23, 30, 0, 5, time.FixedZone("", -5*3600))
	uuid := [16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	long := strings.Repeat("x", 4001)
	for _, c := range []struct {
		v    any
		t    *dialect.Type
		want any
	}{
		{"abc", nil, "abc"},
		{"abc", col(t, "varchar(5)"), "abc"},
		{"abc", col(t, "nvarchar(5)"), go_ora.NVarChar("abc")},
		{[]byte("abc"), col(t, "text"), "abc"},
		{long, col(t, "text"), go_ora.Clob{String: long, Valid: true}},
		{7, nil, int64(7)},
		{uint64(math.MaxUint64), nil, uint64(math.MaxUint64)},
		{float32(0.1), nil, 0.1},
		{math.Inf(-1), col(t, "double"), "-Inf"},
		{math.NaN(), col(t, "double"), "NaN"},
		{1e200, col(t, "double"), "1E+200"},
		{1.5, col(t, "double"), 1.5},
		{when, nil, go_ora.TimeStampTZ(when.UTC())},
		{when, col(t, "timestamp"), go_ora.TimeStamp(when.UTC())},
		{when, col(t, "timestamptz"), go_ora.TimeStampTZ(when)},
		{when, col(t, "date"), go_ora.TimeStamp(time.Date(2024, 1, 31, 0, 0, 0, 0, time.UTC))},
		{when, &dialect.Type{Kind: dialect.Native, Name: "DATE"}, go_ora.TimeStamp(when.UTC())},
		{uuid, nil, uuid[:]},
		{"00010203-0405-0607-0809-0a0b0c0d0e0f", col(t, "uuid"), uuid[:]},
		{map[string]int{"a": 1}, col(t, "json"), `{"a":1}`},
		{nil, nil, nil},
		{nil, col(t, "integer"), sql.NullInt64{}},
		{nil, col(t, "timestamp"), sql.NullTime{}},
		{sql.NullInt64{}, col(t, "integer"), sql.NullInt64{}},
	} {
		got, err := bind(&dialect.Arg{Value: c.v, Type: c.t})
		if err != nil || fmt.Sprintf("%T %v", got, show(got)) != fmt.Sprintf("%T %v", c.want, show(c.want)) {
			t.Errorf("%v for %v: got %T %v, %v, want %T %v", c.v, c.t, got, got, err, c.want, c.want)
		}
	}
	if b, err := bind(&dialect.Arg{Value: make([]byte, 2001), Type: col(t, "blob")}); err != nil || len(b.(go_ora.Blob).Data) != 2001 {
		t.Errorf("long bytes: %T, %v", b, err)
	}
	for _, c := range []struct {
		v    any
		t    *dialect.Type
		kind dialect.Kind
	}{
		{uint64(math.MaxUint64), col(t, "bigint"), dialect.ErrOutOfRange},
		{math.NaN(), nil, dialect.ErrOutOfRange},
		{"12,5", col(t, "decimal"), dialect.ErrInvalidText},
		{"", col(t, "decimal"), dialect.ErrInvalidText},
		{strings.Repeat("9", 39), col(t, "decimal"), dialect.ErrOutOfRange},
		{"1e200", col(t, "decimal"), dialect.ErrOutOfRange},
		{"x", col(t, "uuid"), dialect.ErrInvalidText},
		{time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), col(t, "timestamp"), dialect.ErrOutOfRange},
	} {
		if got, err := bind(&dialect.Arg{Value: c.v, Type: c.t}); !errors.Is(err, c.kind) {
			t.Errorf("%v for %v: got %v, %v, want %v", c.v, c.t, got, err, c.kind)
		}
	}
}

func show(v any) any {
	switch x := v.(type) {
	case go_ora.TimeStamp:
		return time.Time(x).Format(time.RFC3339Nano)
	case go_ora.TimeStampTZ:
		return time.Time(x).Format(time.RFC3339Nano)
	}
	return v
}

// What NUMBER the driver sends for the text of a decimal is what it reads back.
func TestDecimalsAreExact(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "0.00": "0", "1": "1", "-1": "-1", "10": "10", "100": "100", "12.50": "12.5", "-12.505": "-12.505",
		"0.001": "0.001", "-0.01": "-0.01", "0.1": "0.1", "+7": "7", "1.5e3": "1500", "15E-4": "0.0015", "007": "7",
		"99999999999999999999999999999999999999":     "99999999999999999999999999999999999999",
		"-0.00000000000000000000000000000000000123":  "-0.00000000000000000000000000000000000123",
		"12345678901234567890.123456789012345678":    "12345678901234567890.123456789012345678",
		"1234567890123456789.1234567890123456789000": "1234567890123456789.1234567890123456789",
	} {
		v, err := decimal(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		n := v.(go_ora.Number)
		if got, err := n.String(); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", in, got, err, want)
		}
	}
}

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		code                       int
		message                    string
		kind                       dialect.Kind
		schema, table, column, con string
	}{
		{1, "ORA-00001: unique constraint (SHOP.UQ_EMAIL) violated", dialect.ErrUniqueViolation, "shop", "", "", "uq_email"},
		{1, `ORA-00001: unique constraint (SHOP.Mixed) violated on table SHOP.T columns (A)`, dialect.ErrUniqueViolation, "shop", "t", "a", "Mixed"},
		{2291, "ORA-02291: integrity constraint (SHOP.FK) violated - parent key not found", dialect.ErrForeignKeyViolation, "shop", "", "", "fk"},
		{2290, "ORA-02290: check constraint (SHOP.CK) violated", dialect.ErrCheckViolation, "shop", "", "", "ck"},
		{1400, `ORA-01400: cannot insert NULL into ("SHOP"."USERS"."NAME")`, dialect.ErrNotNullViolation, "shop", "users", "name", ""},
		{12899, `ORA-12899: value too large for column "SHOP"."USERS"."NAME" (actual: 60, maximum: 50)`, dialect.ErrTooLong, "shop", "users", "name", ""},
		{904, `ORA-00904: "U"."NOPE": invalid identifier`, dialect.ErrUndefinedColumn, "", "u", "nope", ""},
		{942, `ORA-00942: table or view "SHOP"."NOPE" does not exist`, dialect.ErrUndefinedTable, "shop", "nope", "", ""},
		{942, `ORA-00942: table or view does not exist`, dialect.ErrUndefinedTable, "", "", "", ""},
		{6550, "ORA-06550: line 1, column 19:\nPL/SQL: ORA-00942: table or view does not exist\nORA-06550: line 1, column 7:\nPL/SQL: SQL Statement ignored",
			dialect.ErrUndefinedTable, "", "", "", ""},
		{2091, "ORA-02091: transaction rolled back\nORA-02291: integrity constraint (SHOP.FK) violated - parent key not found",
			dialect.ErrForeignKeyViolation, "shop", "", "", "fk"},
		{604, "ORA-00604: error occurred at recursive SQL level 1\nORA-01653: unable to extend table SHOP.T by 8 in tablespace USERS", dialect.ErrDiskFull, "", "", "", ""},
		{2091, "ORA-02091: transaction rolled back", dialect.ErrOther, "", "", "", ""},
		{923, "ORA-00923: FROM keyword not found where expected", dialect.ErrSyntax, "", "", "", ""},
		{60, "ORA-00060: deadlock detected", dialect.ErrDeadlock, "", "", "", ""},
		{8177, "ORA-08177: can't serialize access", dialect.ErrSerialization, "", "", "", ""},
		{54, "ORA-00054: resource busy", dialect.ErrLockTimeout, "", "", "", ""},
		{1017, "ORA-01017: invalid username/password; logon denied", dialect.ErrAuthentication, "", "", "", ""},
		{12514, "", dialect.ErrUndefinedDatabase, "", "", "", ""},
		{1476, "ORA-01476: divisor is equal to zero", dialect.ErrDivisionByZero, "", "", "", ""},
		{1722, "ORA-01722: invalid number", dialect.ErrInvalidText, "", "", "", ""},
		{1456, "ORA-01456: may not perform insert in a READ ONLY transaction", dialect.ErrReadOnly, "", "", "", ""},
		{1422, "ORA-01422: exact fetch returns more than requested number of rows", dialect.ErrUnsupported, "", "", "", ""},
		{1013, "ORA-01013: user requested cancel", dialect.ErrCancelled, "", "", "", ""},
		{3113, "ORA-03113: end-of-file on communication channel", dialect.ErrConnectionLost, "", "", "", ""},
		{20001, "ORA-20001: of a procedure", dialect.ErrOther, "", "", "", ""},
	} {
		driverErr := network.NewOracleError(c.code)
		driverErr.ErrMsg = c.message
		e := Dialect().Classify(fmt.Errorf("around it: %w", driverErr))
		if e.Kind != c.kind || e.Schema != c.schema || e.Table != c.table || e.Column != c.column || e.Constraint != c.con {
			t.Errorf("%d: got %v, %q.%q.%q of %q", c.code, e.Kind, e.Schema, e.Table, e.Column, e.Constraint)
		}
		if !errors.Is(e, driverErr) || e.Message == "" {
			t.Errorf("%d: the tree lacks the driver's error, or there is no message", c.code)
		}
		if e.Lost != (c.code == 3113) {
			t.Errorf("%d: lost: %v", c.code, e.Lost)
		}
	}
}

func TestURLBecomesTheDrivers(t *testing.T) {
	u, err := dialect.ParseURL("oracle://ada:p%40ss%20%2F%3F%23w@h1:1522,h2/orcl.example.com?ssl=true&prefetch_rows=500&statement_cache=0&read_timeout=30s" +
		"&dba_privilege=sysdba&program=my%20app&lob_fetch=post&set.current_schema=shop&set.nls_date_format=YYYY-MM-DD%20'x'")
	if err != nil {
		t.Fatal(err)
	}
	s, err := readURL(u, dialect.ConnectConfig{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := go_ora.ParseConfig(s.url(s.password))
	if err != nil {
		t.Fatal(err)
	}
	if c.UserID != "ada" || c.Password != "p@ss /?#w" || c.ServiceName != "orcl.example.com" || len(c.Servers) != 2 ||
		c.Servers[0].NetworkAddr() != "h1:1522" || c.Servers[1].NetworkAddr() != "h2:1521" || !c.SSL || c.PrefetchRows != 500 ||
		c.SessionInfo.Timeout != 30*time.Second || c.ClientInfo.ProgramName != "my app" || c.Location != "UTC" {
		t.Errorf("got %+v", c)
	}
	if s.texts != 0 {
		t.Errorf("%d texts are kept", s.texts)
	}
	want := "ALTER SESSION SET TIME_ZONE = '+00:00' NLS_NUMERIC_CHARACTERS = '.,' CURRENT_SCHEMA = shop NLS_DATE_FORMAT = 'YYYY-MM-DD ''x'''"
	if s.initSQL != want {
		t.Errorf("session: %s", s.initSQL)
	}
	for text, want := range map[string]string{
		"oracle://u:p@h/s":         "h:1521",
		"oracle://u:p@[::1]:7/s":   "[::1]:7",
		"oracle://u:p@/s":          "localhost:1521",
		"oracle://u:p@h/?sid=ORCL": "h:1521",
	} {
		u, err := dialect.ParseURL(text)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Dialect().OpenConnector(u, dialect.ConnectConfig{})
		if err != nil || c.Address() != want || c.Dialect() != Dialect() {
			t.Errorf("%s: %v, %v", text, c, err)
		}
	}
}

func TestWrongOptionsAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"oracle://u:geheim@h/s?wallets=x":                                                   `unknown option "wallets" (did you mean "wallet"?)`,
		"oracle://u:geheim@h/s?prefetch_rows=x":                                             `option prefetch_rows="x" is not a number`,
		"oracle://u:geheim@h/s?dba_privilege=x":                                             `option dba_privilege="x" is not one of`,
		"oracle://u:geheim@h/s?read_timeout=1ms":                                            "read_timeout",
		"oracle://u:geheim@h/s?set.a%20b=1":                                                 "set.a b",
		"oracle://u:geheim@h/":                                                              "oracle://user@host/service",
		"oracle://u:geheim@h/s?wallet=/none":                                                "/none",
		"oracle://u:geheim@h/s?client_charset=zz":                                           "",
		"oracle://u:geheim@h/s?connect_descriptor=(DESCRIPTION=(ADDRESS=(HOST=x)(PORT=1)))": "connect_descriptor",
	} {
		u, err := dialect.ParseURL(text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Dialect().OpenConnector(u, dialect.ConnectConfig{})
		if !errors.Is(err, dialect.ErrURL) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", text, err)
		}
	}
	u, err := dialect.ParseURL("oracle://u:p@h/s?ssl=false")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Dialect().OpenConnector(u, dialect.ConnectConfig{TLS: &tls.Config{}}); !errors.Is(err, dialect.ErrURL) {
		t.Errorf("TLS beside ssl=false: %v", err)
	}
	if _, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{Driver: 7}); err == nil || !strings.Contains(err.Error(), "OracleConnector") {
		t.Errorf("another type of driver configuration: %v", err)
	}
	if _, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{Driver: "oracle://u:geheim@h:1521/s?nope=1"}); err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("a wrong URL of the driver's: %v", err)
	}
	c, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{Driver: "oracle://u:p@given:7/s"})
	if err != nil || c.Address() != "given:7" {
		t.Errorf("a URL of the driver's: %v, %v", c, err)
	}
}

func TestUpsertIsMerge(t *testing.T) {
	u := &dialect.Upsert{
		Table:   func(w *dialect.Writer) { w.Ident("page_hits") },
		Columns: []string{"path", "size"},
		Rows:    1,
		Value:   func(w *dialect.Writer, row, col int) { w.Bind(col, nil) },
		Keys:    []string{"path"},
		Set:     []string{"size"},
		SetTo:   func(w *dialect.Writer, i int) { w.WriteString(`page_hits."size" + 1`) },
		Where:   func(w *dialect.Writer) { w.WriteString("1 = 1") },
	}
	w := dialect.NewWriter(Dialect())
	if err := Dialect().(dialect.UpsertWriter).WriteUpsert(w, u); err != nil || w.Err() != nil {
		t.Fatal(err, w.Err())
	}
	want := `MERGE INTO page_hits USING (SELECT :1 AS path, :2 AS "size" FROM DUAL) excluded ON (page_hits.path = excluded.path)` +
		` WHEN MATCHED THEN UPDATE SET "size" = page_hits."size" + 1 WHERE 1 = 1` +
		` WHEN NOT MATCHED THEN INSERT (path, "size") VALUES (excluded.path, excluded."size")`
	if w.Text() != want {
		t.Errorf("got  %s\nwant %s", w.Text(), want)
	}
	u.Set = []string{"path"}
	if err := Dialect().(dialect.UpsertWriter).WriteUpsert(w, u); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("a key that is set: %v", err)
	}
	u.Set, u.Returning = nil, []dialect.Column{{Name: "path"}}
	if err := Dialect().(dialect.UpsertWriter).WriteUpsert(w, u); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("RETURNING: %v", err)
	}
}

func TestNamesFoldBack(t *testing.T) {
	for in, want := range map[string]string{
		"ID": "id", "ORDER_COUNT": "order_count", "A1": "a1", "Mixed": "Mixed", "lower": "lower", "SIZE": "SIZE",
		"COUNT(*)": "COUNT(*)", "_X": "_X", "1A": "1A", "A$B": "A$B", "": "",
	} {
		if got := fold(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// What is wrong with a URL of the driver's own is said without the password.
func TestDriverURLsKeepTheirPassword(t *testing.T) {
	for _, url := range []string{"oracle://ada:gehe%zzim@host/shop", "oracle://ada:geheim@host:xx/shop", "oracle://ada:ge heim@host/shop", "oracle://ada:geheim@host/shop?a=%zz"} {
		_, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{Driver: url})
		if err == nil || !errors.Is(err, dialect.ErrURL) || strings.Contains(err.Error(), "heim") || strings.Contains(err.Error(), "%zz") {
			t.Errorf("%s: %v", url, err)
		}
	}
}
