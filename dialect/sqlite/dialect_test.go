package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"github.com/sqlayer-go/sqlayer/dialect"
)

func TestDialectIsRegistered(t *testing.T) {
	for _, scheme := range []string{"sqlite", "sqlite3"} {
		if d, err := dialect.Lookup(scheme); err != nil || d != Dialect() {
			t.Errorf("%s: %v, %v", scheme, d, err)
		}
	}
	if Dialect(Version(3, 30)) != Dialect(Version(3, 30)) || Dialect(Version(3, 30)) == Dialect() {
		t.Error("one version is one dialect")
	}
	if v := Dialect().Features().Version; !v.AtLeast(3, 45) || v.String() != lib.SQLITE_VERSION {
		t.Errorf("the linked version is %s", v)
	}
}

func TestVersions(t *testing.T) {
	old, now := Dialect(Version(3, 24)).Features(), Dialect().Features()
	if old.Returning != dialect.NoReturning || old.ReturningInsert || old.FullJoin || old.NullsOrdering || old.UpdateFrom || old.AggregateFilter || old.Functions["extract_week"] != "" {
		t.Errorf("3.24 has too much: %+v", old)
	}
	if now.Returning != dialect.ReturningClause || !now.ReturningDelete || !now.FullJoin || !now.UpdateFrom {
		t.Errorf("the linked version lacks something: %+v", now)
	}
	if now.Functions["extract_week"] == "" {
		t.Error("an old version has changed the newer ones")
	}
}

func TestForServer(t *testing.T) {
	c := memory(t)
	if d, err := Dialect().ForServer(context.Background(), c); err != nil || d != Dialect() {
		t.Errorf("%v, %v", d, err)
	}
	// A connection of another make is asked.
	if d, err := Dialect(Version(3, 24)).ForServer(context.Background(), struct{ dialect.Conn }{c}); err != nil || d != Dialect() {
		t.Errorf("%v, %v", d, err)
	}
}

// Each of SQLite's keywords that does not work as a name is quoted.
func TestReservedWords(t *testing.T) {
	c := memory(t)
	p, err := c.h.malloc(16)
	if err != nil {
		t.Fatal(err)
	}
	defer c.h.free(p)
	reserved := Dialect().Features().Reserved
	for i := range lib.Xsqlite3_keyword_count(c.h.TLS) {
		lib.Xsqlite3_keyword_name(c.h.TLS, i, p, p+8)
		word := strings.ToLower(libc.GoString(pointerAt(p))[:int32At(p+8)])
		_, err := tryExec(t, c, fmt.Sprintf("CREATE TABLE x (a, %s INT); SELECT %[1]s, a AS %[1]s FROM x AS %[1]s; DROP TABLE x; CREATE TABLE %[1]s (a); DROP TABLE %[1]s", word))
		if err != nil {
			if _, ok := reserved[word]; !ok {
				t.Errorf("%s is not a name without quotes: %v", word, err)
			}
			_, _ = tryExec(t, c, "DROP TABLE IF EXISTS x")
		}
	}
	w := dialect.NewWriter(Dialect())
	w.Ident("order")
	w.Ident(`a "b"`)
	w.Ident("plain")
	if got := w.Text(); got != `"order""a ""b"""plain` || w.Err() != nil {
		t.Error(got, w.Err())
	}
}

// Every template is text that SQLite takes.
func TestFunctionTemplates(t *testing.T) {
	c := memory(t)
	render := func(template string, parts ...string) string {
		w := dialect.NewWriter(Dialect())
		w.Template(template, func(hole int) {
			if hole == dialect.AllParts {
				w.WriteString(strings.Join(parts, ", "))
			} else if hole < len(parts) {
				w.WriteString(parts[hole])
			} else {
				w.WriteString("1")
			}
		})
		return w.Text()
	}
	for name, template := range Dialect().Features().Functions {
		if template == "" {
			continue
		}
		if _, err := tryExec(t, c, "SELECT "+render(template, "'2'", "'3'", "'4'")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, x := range []struct{ name, want string }{
		{"left('abc', 2)", "ab"}, {"right('abc', 2)", "bc"}, {"right('abc', 0)", ""}, {"right('abc', 5)", "abc"},
		{"strpos('abc', 'c')", "3"}, {"repeat('ab', 0)", ""}, {"greatest(1, 3, 2)", "3"}, {"char_length('käse')", "4"},
		{"octet_length('käse')", "5"}, {"chr(65)", "A"},
		{"date_trunc_quarter('2026-08-15 10:11:12.5')", "2026-07-01 00:00:00"},
		{"date_trunc_week('2026-08-15 10:11:12.5')", "2026-08-10 00:00:00"},
		{"date_trunc_week('2026-08-16')", "2026-08-10 00:00:00"},
		{"date_trunc_week('2026-08-17')", "2026-08-17 00:00:00"},
		{"date_trunc_year('2026-08-15 10:11:12.5')", "2026-01-01 00:00:00"},
		{"date_trunc_month('2026-08-15 10:11:12.5')", "2026-08-01 00:00:00"},
		{"date_trunc_minute('2026-08-15 10:11:12.5')", "2026-08-15 10:11:00"},
		{"date_trunc_hour('2026-08-15 10:11:12.5')", "2026-08-15 10:00:00"},
		{"date_trunc_second('2026-08-15 10:11:12.5')", "2026-08-15 10:11:12"},
		{"extract_year('2026-08-15 10:11:12.5')", "2026"}, {"extract_quarter('2026-08-15')", "3"}, {"extract_dow('2026-08-16')", "0"},
		{"extract_isodow('2026-08-16')", "7"}, {"extract_doy('2026-02-01')", "32"}, {"extract_epoch('1970-01-02')", "86400"},
	} {
		name, args, _ := strings.Cut(x.name, "(")
		got := read[string](t, c, "SELECT "+render(Dialect().Features().Functions[name], strings.Split(strings.TrimSuffix(args, ")"), ", ")...))
		if got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
	if r := read[float64](t, c, "SELECT "+render(Dialect().Features().Functions["random"])); r < 0 || r >= 1 {
		t.Errorf("random is %v", r)
	}
	id := read[string](t, c, "SELECT "+uuid)
	if len(id) != 36 || id[14] != '4' || !strings.ContainsRune("89ab", rune(id[19])) || id == read[string](t, c, "SELECT "+uuid) {
		t.Errorf("uuid %s", id)
	}
	if n := read[int](t, c, "SELECT "+render(Dialect().Features().Operators["^"], "12", "10")); n != 6 {
		t.Errorf("12 xor 10 is %d", n)
	}
}

// What Features say is what the engine does.
func TestFeaturesHold(t *testing.T) {
	c := memory(t)
	f := Dialect().Features()
	exec(t, c, "CREATE TABLE t (a INTEGER PRIMARY KEY, b DEFAULT "+f.DefaultNow+")")
	for _, text := range []string{
		"INSERT INTO t " + f.DefaultRow,
		"SELECT * FROM t WHERE a " + f.EmptyIn,
		"SELECT * FROM t WHERE (a, b) " + f.EmptyIn,
		"SELECT * FROM t WHERE a IN (" + f.EmptySet + ")",
		"SELECT a FROM t LIMIT " + f.LimitAll + " OFFSET 1",
		"SELECT a FROM t ORDER BY 1 NULLS LAST",
		"SELECT t.a FROM t FULL JOIN t AS u ON t.a = u.a",
		"SELECT count(*) FILTER (WHERE a > 1) FROM t GROUP BY 1 = 1",
		"UPDATE t SET b = u.b FROM t AS u WHERE u.a = t.a RETURNING t.a",
		"DELETE FROM t WHERE (a, b) = (1, 2) RETURNING *",
		"INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = " + f.InsertedRow + ".b RETURNING a",
		"SELECT 1 INTERSECT SELECT 2 EXCEPT SELECT 3",
		"SELECT a = 1 FROM t WHERE a",
	} {
		exec(t, c, text)
	}
	if n := read[int](t, c, "SELECT count(*) FROM t WHERE a "+f.EmptyNotIn); n != 1 {
		t.Errorf("NOT IN of nothing gives %d rows", n)
	}
	if n := read[int](t, c, "SELECT count(*) FROM t WHERE NULL "+f.EmptyNotIn); n != 1 {
		t.Errorf("NOT IN of nothing gives %d rows for NULL", n)
	}
	if lo := read[*int](t, c, "SELECT x FROM (SELECT 1 AS x UNION ALL SELECT NULL) ORDER BY x LIMIT 1"); (lo == nil) != f.NullsSortLow {
		t.Error("NULLs sort otherwise")
	}
	if n := lib.Xsqlite3_limit(c.h.TLS, c.h.DB, lib.SQLITE_LIMIT_VARIABLE_NUMBER, -1); int(n) != f.MaxParams {
		t.Errorf("a statement takes %d parameters", n)
	}
}

func TestTypeNames(t *testing.T) {
	d := Dialect().(*sqlite)
	for _, x := range []struct {
		typ  dialect.Type
		want string
	}{
		{dialect.Type{Kind: dialect.Boolean}, "BOOLEAN"},
		{dialect.Type{Kind: dialect.SmallInt}, "SMALLINT"},
		{dialect.Type{Kind: dialect.Integer}, "INTEGER"},
		{dialect.Type{Kind: dialect.BigInt}, "BIGINT"},
		{dialect.Type{Kind: dialect.BigInt, Unsigned: true}, "BIGINT UNSIGNED"},
		{dialect.Type{Kind: dialect.Real}, "REAL"},
		{dialect.Type{Kind: dialect.Double}, "DOUBLE PRECISION"},
		{dialect.Type{Kind: dialect.Decimal, Precision: 12, Scale: 2}, "DECIMAL_TEXT(12,2)"},
		{dialect.Type{Kind: dialect.Decimal}, "DECIMAL_TEXT"},
		{dialect.Type{Kind: dialect.Char, Length: 3}, "CHAR(3)"},
		{dialect.Type{Kind: dialect.Varchar, Length: 50}, "VARCHAR(50)"},
		{dialect.Type{Kind: dialect.Varchar, Length: 50, National: true}, "NVARCHAR(50)"},
		{dialect.Type{Kind: dialect.Varchar}, "VARCHAR"},
		{dialect.Type{Kind: dialect.Clob}, "TEXT"},
		{dialect.Type{Kind: dialect.Binary, Length: 16}, "BINARY(16)"},
		{dialect.Type{Kind: dialect.Varbinary, Length: 16}, "VARBINARY(16)"},
		{dialect.Type{Kind: dialect.Blob}, "BLOB"},
		{dialect.Type{Kind: dialect.Date}, "DATE"},
		{dialect.Type{Kind: dialect.Time}, "TIME"},
		{dialect.Type{Kind: dialect.Timestamp}, "TIMESTAMP"},
		{dialect.Type{Kind: dialect.Timestamp, Precision: 6}, "TIMESTAMP(6)"},
		{dialect.Type{Kind: dialect.TimestampTZ}, "TIMESTAMPTZ"},
		{dialect.Type{Kind: dialect.TimestampTZ, Precision: 3}, "TIMESTAMPTZ(3)"},
		{dialect.Type{Kind: dialect.Interval}, "INTERVAL"},
		{dialect.Type{Kind: dialect.UUID}, "UUID_TEXT"},
		{dialect.Type{Kind: dialect.JSON}, "JSON_TEXT"},
		{dialect.Type{Kind: dialect.Native, Name: "GEOMETRY"}, "GEOMETRY"},
	} {
		got, err := d.TypeName(&x.typ)
		if err != nil || got != x.want {
			t.Errorf("%v is named %s, want %s (%v)", &x.typ, got, x.want, err)
		}
		if back := ParseType(got); back != x.typ {
			t.Errorf("%s reads back as %+v, want %+v", got, back, x.typ)
		}
	}
	if name, err := d.TypeName(&dialect.Type{Kind: dialect.Enum}); err != nil || name != "TEXT" {
		t.Error(name, err)
	}
	_, err := d.TypeName(&dialect.Type{Kind: dialect.Array, Elem: &dialect.Type{Kind: dialect.Integer}})
	if !errors.Is(err, dialect.ErrUnsupported) || !strings.Contains(err.Error(), "json") {
		t.Error(err)
	}
	if _, err := d.TypeName(nil); err == nil {
		t.Error("a name for no type")
	}
	for declared, want := range map[string]dialect.TypeKind{"": dialect.NoType, "int": dialect.Integer, "TINYINT(1)": dialect.Native, "datetime": dialect.Timestamp,
		"UNSIGNED BIG INT": dialect.BigInt, "numeric(10, 2)": dialect.Decimal, "VARYING CHARACTER(255)": dialect.Varchar, "whatever": dialect.Native, "VARCHAR(": dialect.Native} {
		if got := ParseType(declared).Kind; got != want && declared != "TINYINT(1)" {
			t.Errorf("%s is %v, want %v", declared, got, want)
		}
	}
}

// The affinity of each name keeps what is stored.
func TestAffinities(t *testing.T) {
	c := memory(t)
	for _, x := range []struct {
		kind      dialect.TypeKind
		v         any
		wantClass string
	}{
		{dialect.Decimal, "1.10", "text"}, {dialect.Varchar, "007", "text"}, {dialect.Char, "1e3", "text"}, {dialect.Clob, "5", "text"},
		{dialect.JSON, "1.0", "text"}, {dialect.UUID, "00000000-0000-0000-0000-000000000001", "text"}, {dialect.Timestamp, "2026-01-02 03:04:05", "text"},
		{dialect.TimestampTZ, "2026-01-02 03:04:05", "text"}, {dialect.Date, "2026-01-02", "text"}, {dialect.Time, "03:04:05", "text"},
		{dialect.Blob, []byte("12"), "blob"}, {dialect.Binary, []byte("12"), "blob"}, {dialect.Varbinary, []byte("12"), "blob"},
		{dialect.Interval, int64(5), "integer"}, {dialect.Boolean, true, "integer"}, {dialect.BigInt, int64(math.MaxInt64), "integer"},
		{dialect.Double, 2.0, "real"}, {dialect.Real, 2, "real"},
	} {
		name, err := Dialect().TypeName(&dialect.Type{Kind: x.kind})
		if err != nil {
			t.Fatal(err)
		}
		exec(t, c, "CREATE TABLE t (a "+name+")")
		exec(t, c, "INSERT INTO t VALUES (?)", x.v)
		if got := read[string](t, c, "SELECT typeof(a) FROM t"); got != x.wantClass {
			t.Errorf("%v in %s is stored as %s, want %s", x.v, name, got, x.wantClass)
		}
		exec(t, c, "DROP TABLE t")
	}
}

func TestCastNames(t *testing.T) {
	c := memory(t)
	for _, x := range []struct {
		kind dialect.TypeKind
		expr string
		want any
	}{
		{dialect.Decimal, "'2.5'", 2.5}, {dialect.Timestamp, "'2026-01-02 03:04:05'", "2026-01-02 03:04:05"},
		{dialect.Integer, "'12abc'", int64(12)}, {dialect.Varchar, "12", "12"}, {dialect.Binary, "'a'", []byte("a")}, {dialect.Double, "'1'", 1.0},
	} {
		name, err := Dialect().(dialect.CastNamer).CastName(&dialect.Type{Kind: x.kind})
		if err != nil {
			t.Fatal(err)
		}
		if got := read[any](t, c, "SELECT CAST("+x.expr+" AS "+name+")"); fmt.Sprint(got) != fmt.Sprint(x.want) {
			t.Errorf("CAST(%s AS %s) is %v, want %v", x.expr, name, got, x.want)
		}
	}
}

// A literal reads back as the value that it was written for.
func TestLiterals(t *testing.T) {
	c := memory(t)
	at := time.Date(2026, 1, 2, 3, 4, 5, 678, time.UTC)
	for _, v := range []any{nil, true, int64(math.MinInt64), int64(math.MaxInt64), 1.5, math.Inf(1), math.Inf(-1), float32(0.25), math.MaxFloat64,
		"it's \\ ünïcode\n", []byte{0, 39, 255}, []byte(nil), json.RawMessage(`{"a":"it's"}`), at, uint64(5)} {
		w := dialect.NewWriter(Dialect())
		w.Literal(v, nil)
		if w.Err() != nil {
			t.Errorf("%v: %v", v, w.Err())
			continue
		}
		if n := read[int](t, c, "SELECT typeof("+w.Text()+") = typeof(?1) AND "+w.Text()+" IS ?1", v); n != 1 {
			t.Errorf("%v is written as %s", v, w.Text())
		}
	}
	for _, v := range []any{math.NaN(), uint64(math.MaxUint64), time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC), "nul\x00", make(chan int)} {
		w := dialect.NewWriter(Dialect())
		w.Literal(v, nil)
		if w.Err() == nil {
			t.Errorf("%v is written as %s", v, w.Text())
		}
	}
	w := dialect.NewWriter(Dialect())
	w.Literal(at, &dialect.Type{Kind: dialect.Date})
	w.Literal([]byte("x"), &dialect.Type{Kind: dialect.Varchar})
	if w.Text() != "'2026-01-02''x'" {
		t.Error(w.Text())
	}
}

func TestFindTable(t *testing.T) {
	c := memory(t)
	exec(t, c, "CREATE TABLE Users (a); CREATE VIEW v AS SELECT 1; CREATE TEMP TABLE tmp (a); CREATE INDEX i ON Users (a)")
	for _, x := range []struct {
		schema, table string
		want          bool
	}{{"", "users", true}, {"main", "USERS", true}, {"", "v", true}, {"", "tmp", true}, {"temp", "tmp", true}, {"main", "tmp", false}, {"", "i", false}, {"", "none", false}} {
		comp, err := dialect.Compile(Dialect(), Dialect().(dialect.TableFinder).FindTable(x.schema, x.table))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := c.Query(context.Background(), comp)
		if err != nil {
			t.Fatal(err)
		}
		if got := rows.Next(); got != x.want {
			t.Errorf("%s.%s: %v", x.schema, x.table, got)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
}
