package mysql_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// statement is a text with arguments for tests.
type statement struct {
	text string
	args []dialect.Arg
	cols []dialect.Column
}

func (s statement) CompileSQL(c *dialect.Compiled) error {
	c.SetText(s.text)
	for _, a := range s.args {
		c.AddArg(a)
	}
	c.Columns = s.cols
	verb, _, _ := strings.Cut(s.text, " ")
	c.Writes = verb != "SELECT"
	return nil
}

// client is a connection in a test.
type client struct {
	t testing.TB
	dialect.Conn
	d dialect.Dialect
}

func connector(t testing.TB, url string, conf dialect.ConnectConfig) dialect.Connector {
	t.Helper()
	u, err := dialect.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	d, err := dialect.Lookup(u.Scheme)
	if err != nil {
		t.Fatal(err)
	}
	c, err := d.OpenConnector(u, conf)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func open(t testing.TB, url string) *client {
	t.Helper()
	return connect(t, connector(t, url, dialect.ConnectConfig{}))
}

func connect(t testing.TB, c dialect.Connector) *client {
	t.Helper()
	conn, err := c.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	d, err := c.Dialect().ForServer(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t, conn, d}
}

// with adds an option to a URL.
func with(url, option string) string {
	if strings.Contains(url, "?") {
		return url + "&" + option
	}
	return url + "?" + option
}

func args(vals []any) []dialect.Arg {
	var list []dialect.Arg
	for _, v := range vals {
		if a, ok := v.(dialect.Arg); ok {
			list = append(list, a)
			continue
		}
		list = append(list, dialect.Arg{Value: v})
	}
	return list
}

func (c *client) compile(text string, vals ...any) *dialect.Compiled {
	c.t.Helper()
	q, err := dialect.Compile(c.d, statement{text: text, args: args(vals)})
	if err != nil {
		c.t.Fatal(err)
	}
	return q
}

func (c *client) try(ctx context.Context, text string, vals ...any) (dialect.Result, error) {
	c.t.Helper()
	q := c.compile(text, vals...)
	defer q.Release()
	return c.Exec(ctx, q)
}

func (c *client) exec(text string, vals ...any) dialect.Result {
	c.t.Helper()
	r, err := c.try(c.t.Context(), text, vals...)
	if err != nil {
		c.t.Fatalf("%s: %v", text, err)
	}
	return r
}

// row reads one row.
func (c *client) row(dst []any, text string, vals ...any) error {
	c.t.Helper()
	q := c.compile(text, vals...)
	defer q.Release()
	rows, err := c.Query(c.t.Context(), q)
	if err != nil {
		c.t.Fatalf("%s: %v", text, err)
	}
	if !rows.Next() {
		c.t.Fatalf("%s: no row: %v", text, rows.Err())
	}
	err = rows.ScanRow(dst)
	if e := rows.Close(); e != nil {
		c.t.Fatalf("%s: close: %v", text, e)
	}
	return err
}

func one[T any](c *client, text string, vals ...any) T {
	c.t.Helper()
	var v T
	if err := c.row([]any{&v}, text, vals...); err != nil {
		c.t.Fatalf("%s: %v", text, err)
	}
	return v
}

// table makes a table under a name of its own and drops it in the end.
func (c *client) table(name, columns string) {
	c.t.Helper()
	c.exec("DROP TABLE IF EXISTS " + name)
	c.exec("CREATE TABLE " + name + " (" + columns + ")")
	c.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if _, err := c.try(ctx, "DROP TABLE IF EXISTS "+name); err != nil && c.Usable() {
			c.t.Errorf("drop %s: %v", name, err)
		}
	})
}

func TestServerIsRecognised(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	version := one[string](c, "SELECT VERSION()")
	if maria := strings.Contains(version, "MariaDB"); maria != (c.d.Name() == "mariadb") {
		t.Errorf("%s is taken for %s", version, c.d.Name())
	}
	if v := c.d.Features().Version.String(); !strings.HasPrefix(version, v) {
		t.Errorf("version %s of %s", v, version)
	}
	again, err := c.d.ForServer(t.Context(), c)
	if err != nil || again != c.d {
		t.Errorf("a second ForServer gives another dialect: %v, %v", again, err)
	}
}

func TestForServerIsOneRoundTrip(t *testing.T) {
	p, url := wireproxy.Between(t, testenv.MySQL(t))
	c := open(t, url)
	p.Reset()
	if _, err := c.d.ForServer(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if n := p.Count(); n != 1 {
		t.Errorf("ForServer makes %d round trips: %v", n, p.Messages())
	}
}

func TestSQLModeDecidesHowTextIsRead(t *testing.T) {
	c := open(t, with(testenv.MySQL(t), "sql_mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES"))
	lex := c.d.Features().Lexical
	if lex.DoubleQuoteText || lex.BackslashEscapes {
		t.Errorf("lexical rules with ANSI_QUOTES and NO_BACKSLASH_ESCAPES: %+v", lex)
	}
	w := dialect.NewWriter(c.d)
	w.StringLiteral(`a\'b`)
	if got := one[string](c, "SELECT "+w.Text()); got != `a\'b` {
		t.Errorf("the literal %s is %q", w.Text(), got)
	}
}

func TestValuesComeBackAsTheyWent(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	c.table("sqlayer_my_values", `i BIGINT, u BIGINT UNSIGNED, f FLOAT, d DOUBLE, m DECIMAL(65,30), s VARCHAR(100), b LONGBLOB,
		dt DATE, ts DATETIME(6), tm TIME(6), yes BOOL, bits BIT(1), wide BIT(12), j JSON, id CHAR(36)`)
	when := time.Date(2024, 2, 29, 23, 59, 58, 123456000, time.UTC)
	type status string
	type level int32
	id := uuid.MustParse("f47ac10b-58cc-4372-a567-0e02b2c3d479")
	date, clock := &dialect.Type{Kind: dialect.Date}, &dialect.Type{Kind: dialect.Time}
	berlin := time.FixedZone("", 3600)
	empty := (*string)(nil)
	cases := []struct {
		column string
		in     any
		want   any
	}{
		{"i", int64(math.MinInt64), int64(math.MinInt64)},
		{"i", level(-7), int32(-7)},
		{"i", int8(5), int8(5)},
		{"i", true, true},
		{"u", uint64(math.MaxUint64), uint64(math.MaxUint64)},
		{"u", uint64(math.MaxUint64), "18446744073709551615"},
		{"u", uint64(7), int64(7)},
		{"f", float32(0.1), float32(0.1)},
		{"f", float32(0.1), 0.1},
		{"d", float32(0.1), 0.1},
		{"d", 1e308, 1e308},
		{"d", math.SmallestNonzeroFloat64, math.SmallestNonzeroFloat64},
		{"m", "12345678901234567890123456789012345.123456789012345678901234567890", "12345678901234567890123456789012345.123456789012345678901234567890"},
		{"m", 42, "42.000000000000000000000000000000"},
		{"s", "grüße 🎈 'x' \\ \x00", "grüße 🎈 'x' \\ \x00"},
		{"s", status("new"), "new"},
		{"s", "", ""},
		{"s", empty, (*string)(nil)},
		{"s", "17", 17},
		{"s", sql.NullString{String: "v", Valid: true}, sql.NullString{String: "v", Valid: true}},
		{"s", nil, sql.NullString{}},
		{"b", []byte{0, 255, '\'', '\\'}, []byte{0, 255, '\'', '\\'}},
		{"b", []byte{}, []byte{}},
		{"b", []byte(nil), []byte(nil)},
		{"dt", dialect.Arg{Value: time.Date(2024, 1, 2, 0, 30, 0, 0, berlin), Type: date}, time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)},
		{"dt", "2024-01-02", "2024-01-02"},
		{"ts", when, when},
		{"ts", when.Add(999), when},
		{"ts", when.In(berlin), when},
		{"ts", time.Time{}, time.Time{}},
		{"ts", &when, &when},
		{"tm", dialect.Arg{Value: -(100*time.Hour + 1500*time.Microsecond), Type: clock}, "-100:00:00.001500"},
		{"tm", dialect.Arg{Value: when, Type: clock}, "23:59:58.123456"},
		{"yes", true, true},
		{"yes", false, int64(0)},
		{"bits", true, true},
		{"bits", 0, false},
		{"wide", 0xabc, int64(0xabc)},
		{"wide", 0xabc, []byte{0x0a, 0xbc}},
		{"j", []byte(`{"a": 1}`), `{"a": 1}`},
		{"id", id, id.String()},
		{"id", id, id},
		{"id", dialect.Arg{Value: [16]byte(id), Type: &dialect.Type{Kind: dialect.UUID}}, id.String()},
		{"b", dialect.Arg{Value: id, Type: &dialect.Type{Kind: dialect.Binary, Length: 16}}, id[:]},
	}
	for _, tc := range cases {
		for _, protocol := range []string{"binary", "text"} {
			t.Run(fmt.Sprintf("%s %T %v %s", tc.column, tc.want, tc.in, protocol), func(t *testing.T) {
				c.exec("DELETE FROM sqlayer_my_values")
				c.exec("INSERT INTO sqlayer_my_values ("+tc.column+") VALUES (?)", tc.in)
				dst := reflect.New(reflect.TypeOf(tc.want))
				text, vals := "SELECT "+tc.column+" FROM sqlayer_my_values", []any(nil)
				if protocol == "binary" {
					text, vals = text+" WHERE 1 = ?", []any{1}
				}
				if err := c.row([]any{dst.Interface()}, text, vals...); err != nil {
					t.Fatal(err)
				}
				if got := dst.Elem().Interface(); !reflect.DeepEqual(got, tc.want) {
					t.Errorf("%#v came back as %#v, not %#v", tc.in, got, tc.want)
				}
			})
		}
	}
}

func TestAnyGetsPlainGoValues(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	c.table("sqlayer_my_any", "s VARCHAR(9), m DECIMAL(5,2), b BLOB, ts DATETIME, u BIGINT UNSIGNED, f FLOAT, yes BOOL, bits BIT(4), tm TIME, none INT")
	c.exec("INSERT INTO sqlayer_my_any VALUES ('x', 1.5, 'y', '2024-01-02 03:04:05', 18446744073709551615, 0.5, 1, 5, '10:11:12', NULL)")
	want := []any{"x", "1.50", []byte("y"), time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), uint64(math.MaxUint64), 0.5, int64(1), int64(5), "10:11:12", nil}
	for _, text := range []string{"SELECT * FROM sqlayer_my_any", "SELECT * FROM sqlayer_my_any WHERE 1 = ?"} {
		vals := []any{1}[:strings.Count(text, "?")]
		got, dst := make([]any, len(want)), make([]any, len(want))
		for i := range got {
			dst[i] = &got[i]
		}
		if err := c.row(dst, text, vals...); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s gives\n%#v, not\n%#v", text, got, want)
		}
	}
}

func TestDeclaredBooleanIsABoolInAny(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	q, err := dialect.Compile(c.d, statement{text: "SELECT CAST(? AS SIGNED) = 1 AS yes, a FROM (SELECT 1 AS x) y JOIN (SELECT 0 AS z) v JOIN sqlayer_my_bool",
		args: args([]any{1}), cols: []dialect.Column{{}, {Type: &dialect.Type{Kind: dialect.Boolean}, Outer: true}}})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Release()
	c.table("sqlayer_my_bool", "a BOOL")
	c.exec("INSERT INTO sqlayer_my_bool VALUES (1)")
	rows, err := c.Query(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if col := rows.Columns()[1]; col.Name != "a" || !col.Outer || col.DatabaseType != "TINYINT" {
		t.Errorf("column: %+v", col)
	}
	var v any
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	if err := rows.ScanRow([]any{nil, &v}); err != nil || v != true {
		t.Errorf("a declared boolean is %#v, %v", v, err)
	}
}

func TestValuesThatCannotBeStoredAreRefused(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	for _, v := range []any{math.NaN(), math.Inf(1), float32(math.Inf(-1)), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), make(chan int), map[string]int{}} {
		_, err := c.try(t.Context(), "SELECT ?", v)
		if err == nil || !strings.Contains(err.Error(), "argument 1") {
			t.Errorf("%v (%T): %v", v, v, err)
		}
		if e := c.d.Classify(err); e.Kind != dialect.ErrOutOfRange && e.Kind != dialect.ErrArguments || e.Lost {
			t.Errorf("%v (%T) is a %v", v, v, e.Kind)
		}
	}
	if !c.Usable() {
		t.Error("the connection is gone")
	}
}

func TestConversionsThatLoseAreScanErrors(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	for _, tc := range []struct {
		text string
		dst  any
		kind dialect.Kind
	}{
		{"SELECT 300 AS a", new(int8), dialect.ErrScan},
		{"SELECT -1 AS a", new(uint64), dialect.ErrScan},
		{"SELECT 'x' AS a", new(int), dialect.ErrScan},
		{"SELECT 1.5 AS a", new(int), dialect.ErrScan},
		{"SELECT NULL AS a", new(int), dialect.ErrNullValue},
		{"SELECT 2 AS a", new(bool), dialect.ErrScan},
	} {
		err := c.row([]any{tc.dst}, tc.text)
		var se *dialect.ScanError
		if !errors.As(err, &se) || se.Column != "a" || !errors.Is(err, tc.kind) {
			t.Errorf("%s into %T: %v", tc.text, tc.dst, err)
		}
	}
}

func TestTimeZoneIsThatOfSessionAndGo(t *testing.T) {
	c := open(t, with(testenv.MySQL(t), "time_zone=%2B05:30"))
	if z := one[string](c, "SELECT @@session.time_zone"); z != "+05:30" {
		t.Errorf("the session's time zone is %s", z)
	}
	now := one[time.Time](c, "SELECT NOW(6)")
	if d := time.Since(now); d < -time.Minute || d > time.Minute {
		t.Errorf("NOW() is %v away", d)
	}
	at := time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)
	if got := one[time.Time](c, "SELECT CAST(? AS DATETIME(6))", at); !got.Equal(at) {
		t.Errorf("%v came back as %v", at, got)
	}
}

func TestZeroDateIsTheZeroTime(t *testing.T) {
	c := open(t, with(testenv.MySQL(t), "sql_mode=ALLOW_INVALID_DATES"))
	c.table("sqlayer_my_zero", "d DATE, ts DATETIME")
	c.exec("INSERT INTO sqlayer_my_zero VALUES ('0000-00-00', '0000-00-00 00:00:00')")
	for _, vals := range [][]any{nil, {1}} {
		var d, ts time.Time
		text := "SELECT d, ts FROM sqlayer_my_zero"
		if vals != nil {
			text += " WHERE 1 = ?"
		}
		if err := c.row([]any{&d, &ts}, text, vals...); err != nil || !d.IsZero() || !ts.IsZero() {
			t.Errorf("zero dates: %v, %v, %v", d, ts, err)
		}
	}
}

// Without strict_dates the driver would make another day of these.
func TestStrictDatesReportDatesThatAreNone(t *testing.T) {
	c := open(t, with(testenv.MySQL(t), "strict_dates=true&sql_mode=ALLOW_INVALID_DATES"))
	c.table("sqlayer_my_strict", "id INT, d DATE, ts DATETIME(6)")
	c.exec("INSERT INTO sqlayer_my_strict VALUES (1, '2024-00-15', '2024-01-00 10:00:00'), (2, '0000-00-00', '0000-00-00'), (3, '2024-05-06', '2024-05-06 07:08:09.5')")
	want := time.Date(2024, 5, 6, 7, 8, 9, 500000000, time.UTC)
	for _, tail := range []string{"id = %d", "id = %d AND ? = 1"} {
		var vals []any
		if strings.Contains(tail, "?") {
			vals = []any{1}
		}
		for _, column := range []string{"d", "ts"} {
			var at time.Time
			text := "SELECT " + column + " FROM sqlayer_my_strict WHERE " + tail
			var scan *dialect.ScanError
			if err := c.row([]any{&at}, fmt.Sprintf(text, 1), vals...); !errors.As(err, &scan) {
				t.Errorf("%s: %v, %v", text, at, err)
			}
			if err := c.row([]any{&at}, fmt.Sprintf(text, 2), vals...); err != nil || !at.IsZero() {
				t.Errorf("%s: the zero date is %v, %v", text, at, err)
			}
			if err := c.row([]any{&at}, fmt.Sprintf(text, 3), vals...); err != nil || !at.Equal(want) && !at.Equal(want.Truncate(24*time.Hour)) {
				t.Errorf("%s: %v, %v", text, at, err)
			}
		}
	}
}

func TestResultCountsAndKeys(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	c.table("sqlayer_my_result", "id INT AUTO_INCREMENT PRIMARY KEY, v INT UNIQUE, n INT")
	r := c.exec("INSERT INTO sqlayer_my_result (v, n) VALUES (?, ?), (?, ?)", 1, 0, 2, 0)
	if id, err := r.LastInsertID(); r.RowsAffected() != 2 || id != 1 || err != nil {
		t.Errorf("insert of two: %d rows, first key %d, %v", r.RowsAffected(), id, err)
	}
	r = c.exec("UPDATE sqlayer_my_result SET n = 0")
	if _, err := r.LastInsertID(); r.RowsAffected() != 2 || !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("an update that changes nothing: %d rows, %v", r.RowsAffected(), err)
	}
	up := "INSERT INTO sqlayer_my_result (v, n) VALUES (?, ?) ON DUPLICATE KEY UPDATE n = VALUES(n)"
	for _, want := range []struct {
		v, n int
		rows int64
	}{{3, 1, 1}, {3, 2, 2}, {3, 2, 1}} {
		if got := c.exec(up, want.v, want.n).RowsAffected(); got != want.rows {
			t.Errorf("upsert of %v counts %d", want, got)
		}
	}
}

func TestReturningCountsItsRows(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	if !c.d.Features().ReturningInsert {
		t.Skipf("%s %s has no INSERT … RETURNING", c.d.Name(), c.d.Features().Version)
	}
	c.table("sqlayer_my_returning", "id INT AUTO_INCREMENT PRIMARY KEY, v INT")
	q := c.compile("INSERT INTO sqlayer_my_returning (v) VALUES (?), (?) RETURNING id", 5, 6)
	defer q.Release()
	rows, err := c.Query(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var ids []int
	for rows.Next() {
		var id int
		if err := rows.ScanRow([]any{&id}); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(ids, []int{1, 2}) || rows.Result().RowsAffected() != 2 {
		t.Errorf("ids %v, %d rows", ids, rows.Result().RowsAffected())
	}
}

func TestReservedWordsAreQuoted(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	if c.d.Name() != "mariadb" {
		t.Skip("information_schema.KEYWORDS names non-reserved words too, and MySQL's marks them in another way")
	}
	q := c.compile("SELECT LOWER(word) FROM information_schema.keywords")
	defer q.Release()
	rows, err := c.Query(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for rows.Next() {
		var w string
		if err := rows.ScanRow([]any{&w}); err != nil {
			t.Fatal(err)
		}
		words = append(words, w)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	if len(words) < 500 {
		t.Fatalf("only %d words", len(words))
	}
	for _, word := range words {
		w := dialect.NewWriter(c.d)
		w.WriteString("SELECT ")
		w.Ident(word)
		w.WriteString(" FROM (SELECT 1 AS ")
		w.Ident(word)
		w.WriteString(") t")
		if _, err := c.try(t.Context(), w.Text()); err != nil {
			t.Errorf("%s: %v", w.Text(), err)
		}
	}
}

func TestMySQLIdentifiersComeBack(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	for _, name := range []string{"a`b", "ä", "with space", "1a", "123", "_utf8mb4", "select", "Ünï", "a\"b", "a.b", "per%cent", strings.Repeat("ü", 64)} {
		w := dialect.NewWriter(c.d)
		w.WriteString("SELECT 1 AS ")
		w.Ident(name)
		if err := w.Err(); err != nil {
			t.Fatal(err)
		}
		q := c.compile(w.Text())
		rows, err := c.Query(t.Context(), q)
		if err != nil {
			t.Errorf("%s: %v", w.Text(), err)
			continue
		}
		if got := rows.Columns()[0].Name; got != name {
			t.Errorf("%s came back as %s", name, got)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
		q.Release()
	}
	w := dialect.NewWriter(c.d)
	w.Ident(strings.Repeat("ü", 65))
	if w.Err() == nil {
		t.Error("65 characters are accepted")
	}
}

func TestTypeNamesMakeTables(t *testing.T) {
	c := open(t, testenv.MySQL(t))
	var columns []string
	for i, s := range []string{"boolean", "smallint", "integer", "bigint unsigned", "real", "double precision", "decimal", "decimal(10,2)", "char", "char(3)",
		"varchar", "varchar(50)", "text", "binary(16)", "varbinary", "varbinary(20)", "blob", "date", "time", "time(0)", "timestamp", "timestamp(3)",
		"timestamp with time zone", "uuid", "json", "MEDIUMTEXT"} {
		typ, err := dialect.ParseType(s)
		if err != nil {
			t.Fatal(err)
		}
		name, err := c.d.TypeName(&typ)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		columns = append(columns, fmt.Sprintf("c%d %s", i, name))
		cast, err := c.d.(dialect.CastNamer).CastName(&typ)
		if errors.Is(err, dialect.ErrUnsupported) || typ.Kind == dialect.Native {
			continue
		}
		if _, err := c.try(t.Context(), "SELECT CAST('1' AS "+cast+")"); err != nil && !errors.Is(c.d.Classify(err), dialect.ErrData) {
			t.Errorf("%s: %v", s, err)
		}
	}
	enum, err := c.d.TypeName(&dialect.Type{Kind: dialect.Enum, Values: &dialect.EnumValues{List: []string{"it's", `back\slash`}}})
	if err != nil {
		t.Fatal(err)
	}
	c.table("sqlayer_my_types", strings.Join(append(columns, "e "+enum, "at DATETIME(6) DEFAULT "+c.d.Features().DefaultNow), ", "))
	c.exec("INSERT INTO sqlayer_my_types (e) VALUES (?)", `back\slash`)
	if d := one[time.Time](c, "SELECT at FROM sqlayer_my_types"); time.Since(d) > time.Minute {
		t.Errorf("default now: %v", d)
	}
}

func TestReadyDriverConfiguration(t *testing.T) {
	u, err := dialect.ParseURL(testenv.MySQL(t))
	if err != nil {
		t.Fatal(err)
	}
	c := connect(t, connector(t, "mysql://", dialect.ConnectConfig{Driver: driverConfig(u)}))
	when := time.Date(2024, 2, 29, 1, 2, 3, 456000000, time.UTC)
	var ts, d time.Time
	var s string
	var v any
	err = c.row([]any{&ts, &s, &d, &v}, "SELECT CAST(? AS DATETIME(6)), CAST('2024-01-02' AS DATE), CAST('2024-01-02' AS DATE), CAST('2024-01-02' AS DATE)", when)
	day := time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)
	if err != nil || !ts.Equal(when) || s != "2024-01-02" || !d.Equal(day) || v != any(day) {
		t.Errorf("without ParseTime: %v, %q, %v, %v, %v", ts, s, d, v, err)
	}
	c.table("sqlayer_my_adopted", "a INT")
	c.exec("INSERT INTO sqlayer_my_adopted VALUES (1)")
	if n := c.exec("UPDATE sqlayer_my_adopted SET a = 1").RowsAffected(); n != 1 {
		t.Errorf("found rows are not counted: %d", n)
	}
}

func TestUnixSocket(t *testing.T) {
	socket := testenv.MySQLSocket(t)
	u, err := dialect.ParseURL(testenv.MySQL(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{"mysql://root@/" + u.Database + "?socket=" + socket, "mysql://root@" + strings.ReplaceAll(socket, "/", "%2F") + "/" + u.Database} {
		if got := one[int](open(t, url), "SELECT 1"); got != 1 {
			t.Errorf("%s: %d", url, got)
		}
	}
}

func TestPasswordFunctionIsAskedAtEachDial(t *testing.T) {
	u, err := dialect.ParseURL(testenv.MySQLPassword(t))
	if err != nil {
		t.Fatal(err)
	}
	right, _ := u.Password()
	next := "wrong"
	c := connector(t, u.WithPassword("not this").Reveal(), dialect.ConnectConfig{Password: func(context.Context) (string, error) { return next, nil }})
	_, err = c.Connect(t.Context())
	if e := c.Dialect().Classify(err); e.Kind != dialect.ErrAuthentication || strings.Contains(e.Error(), "wrong") || !strings.Contains(e.Error(), c.Address()) {
		t.Errorf("a wrong password: %v", e)
	}
	next = right
	connect(t, c)
}

func TestDialectIsComparable(t *testing.T) {
	if mysql.Dialect() != mysql.Dialect(mysql.Version(8, 4)) || mysql.Dialect() == mysql.Dialect(mysql.MariaDB(10, 11)) {
		t.Error("equal dialects are not equal, or others are")
	}
}
