package dialect_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// plain is a dialect with chosen features and no driver.
type plain struct {
	name string
	f    *dialect.Features
}

func (p plain) Name() string                { return p.name }
func (p plain) Features() *dialect.Features { return p.f }
func (p plain) OpenConnector(*dialect.URL, dialect.ConnectConfig) (dialect.Connector, error) {
	return nil, errors.New("plain has no driver")
}
func (p plain) ForServer(context.Context, dialect.Conn) (dialect.Dialect, error) { return p, nil }
func (p plain) TypeName(t *dialect.Type) (string, error)                         { return t.String(), nil }
func (p plain) Classify(err error) *dialect.Error                                { return &dialect.Error{Err: err} }

var question = plain{"plain", &dialect.Features{QuoteOpen: '"', QuoteClose: '"', MaxIdent: 10, Reserved: dialect.Words("select order"),
	EmptyIn: "IN (SELECT NULL WHERE 1=0)", EmptyNotIn: "IS NULL OR 1=1", MaxInList: 3}}

var dollar = plain{"dollar", &dialect.Features{Placeholder: dialect.Dollar, ReusePlaceholders: true, QuoteOpen: '"', QuoteClose: '"',
	Lexical: dialect.Lexical{DollarQuotes: true}}}

var namesItself = plain{"itself", &dialect.Features{QuoteOpen: '"', QuoteClose: '"', Lexical: dialect.Lexical{NamedParams: true}}}

func TestURLRoundTrip(t *testing.T) {
	for _, s := range []string{
		"sqlite://", "sqlite:///rel.db", "sqlite:////abs.db", "sqlite:///dir/a%20b.db?mode=ro",
		"postgres://ada@db.example.com:5432/shop?sslmode=require", "postgres://h1:5432,h2:5433/shop", "postgres://%2Frun%2Fpostgresql/shop",
		"mysql://root@[::1]:3306/shop", "mysql://root@/shop?socket=%2Frun%2Fmysqld.sock", "mariadb://a%40b:p%2Fw%3A%25@h/db",
		"sqlserver://sa:pw@h:1433/db", "oracle://u:p@h:1521/svc", "postgres://u:@h/", "postgres://[fe80::1%25eth0]:5432/x",
	} {
		u, err := dialect.ParseURL(s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		if got := u.Reveal(); got != s {
			if _, isSocket := strings.CutPrefix(s, "mysql://root@/shop"); !isSocket {
				t.Errorf("printed %s as %s", s, got)
			}
		}
		again, err := dialect.ParseURL(u.Reveal())
		if err != nil || !reflect.DeepEqual(u, again) {
			t.Errorf("%s: read back as %v, %v", s, again, err)
		}
	}
}

func TestURLParts(t *testing.T) {
	u, err := dialect.ParseURL("mariadb://a%40b:p%2Fw%3A%25@[::1]:3307/d%20b?x=1&y=2")
	if err != nil {
		t.Fatal(err)
	}
	pw, ok := u.Password()
	if u.Username != "a@b" || pw != "p/w:%" || !ok || u.Hosts[0] != (dialect.Host{Name: "::1", Port: 3307}) || u.Database != "d b" || len(u.Options) != 2 {
		t.Errorf("parts: %+v %q", u.Hosts, pw)
	}
	if a := u.Address(3306); a != "[::1]:3307" {
		t.Errorf("address %s", a)
	}
}

func TestURLOptionTwice(t *testing.T) {
	_, err := dialect.ParseURL("postgres://h/db?sslmode=disable&user=a&ssl%6dode=require")
	if !errors.Is(err, dialect.ErrURL) || !strings.Contains(err.Error(), `option "sslmode" stands twice`) {
		t.Error(err)
	}
}

func TestURLHidesPassword(t *testing.T) {
	u, err := dialect.ParseURL("postgres://ada:s3cret@h/db")
	if err != nil {
		t.Fatal(err)
	}
	js, _ := json.Marshal(u)
	for _, s := range []string{u.String(), fmt.Sprint(u), fmt.Sprintf("%v %+v %#v %s %q", u, u, u, u, u), fmt.Sprintf("%v %+v %#v", *u, *u, *u), string(js)} {
		if strings.Contains(s, "s3cret") || !strings.Contains(s, "***") {
			t.Errorf("printed as %s", s)
		}
	}
}

func TestURLRefuses(t *testing.T) {
	for s, want := range map[string]string{
		"todos.db":                       "begins with a scheme",
		":memory:":                       `in memory is "sqlite://"`,
		"sqlite::memory:":                `in memory is "sqlite://"`,
		"sqlite://:memory:?mode=rwc":     `in memory is "sqlite://"`,
		"://x":                           "no scheme",
		"po stgres://x":                  "character ' '",
		"postgres://u:se%zzcret@h/db":    "password has a bad percent escape",
		"postgres://u:secret@h:70000/db": "1 to 65535",
		"postgres://u:secret@::1/db":     "in brackets",
		"postgres://u:secret@[x]/db":     "not an IPv6",
		"postgres://u:secret@h/db#x":     "write # as %23",
		"postgres://h/db?a=%zz":          `option "a"`,
	} {
		_, err := dialect.ParseURL(s)
		if !errors.Is(err, dialect.ErrURL) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %q", s, err, want)
		}
	}
}

func TestOptionReader(t *testing.T) {
	u, err := dialect.ParseURL("x://h/d?statment_cache=5&mode=rx&wait=5&deep=maybe&set.a=1&n=99")
	if err != nil {
		t.Fatal(err)
	}
	r := dialect.ReadOptions(u)
	r.Int("statement_cache", 1, 0, 10)
	r.Choice("mode", "ro", "ro", "rw", "rwc")
	if d := r.Duration("wait", 0); d != 5*time.Second {
		t.Errorf("wait = %v", d)
	}
	r.Bool("deep", false)
	r.Int("n", 3, 0, 10)
	if rest := r.Rest("set."); len(rest) != 1 || rest[0] != (dialect.Option{Name: "set.a", Value: "1"}) {
		t.Errorf("rest %v", rest)
	}
	got := fmt.Sprint(r.Err())
	for _, want := range []string{`unknown option "statment_cache" (did you mean "statement_cache"?)`, `mode="rx" is not one of ro, rw, rwc`,
		`deep="maybe" is not true or false`, `n="99" is not a number from 0 to 10`} {
		if !strings.Contains(got, want) {
			t.Errorf("errors %s\nwant %s", got, want)
		}
	}
}

func TestLookupNamesTheImport(t *testing.T) {
	_, err := dialect.Lookup("postgres")
	if err == nil || !strings.Contains(err.Error(), `import _ "github.com/sqlayer-go/sqlayer/dialect/postgres"`) {
		t.Error(err)
	}
	_, err = dialect.Lookup("postgers")
	if err == nil || !strings.Contains(err.Error(), `did you mean "postgres"?`) {
		t.Error(err)
	}
}

func TestIdent(t *testing.T) {
	for name, want := range map[string]string{"users": "users", "Users": `"Users"`, "order": `"order"`, `a"b`: `"a""b"`, "1a": `"1a"`, "a b": `"a b"`, "_x": "_x"} {
		w := dialect.NewWriter(question)
		w.Ident(name)
		if w.Text() != want || w.Err() != nil {
			t.Errorf("%s: %s, %v", name, w.Text(), w.Err())
		}
	}
	for _, name := range []string{"", "a\x00b", "\xff", "abcdefghijk"} {
		w := dialect.NewWriter(question)
		w.Ident(name)
		if !errors.Is(w.Err(), dialect.ErrStatement) {
			t.Errorf("%q: no mistake", name)
		}
	}
}

func TestBindAgain(t *testing.T) {
	for d, want := range map[plain]string{question: "? ? 2", dollar: "$1 $1 1"} {
		w := dialect.NewWriter(d)
		i := w.Bind(7, nil)
		w.WriteByte(' ')
		w.BindAgain(i)
		if got := fmt.Sprintf("%s %d", w.Text(), len(w.Args())); got != want {
			t.Errorf("%s: %s, want %s", d.name, got, want)
		}
	}
}

type status string

func TestLiteral(t *testing.T) {
	for _, tt := range []struct {
		v    any
		want string
	}{{nil, "NULL"}, {true, "1"}, {7, "7"}, {1.5, "1.5"}, {2.0, "2.0"}, {"it's", "'it''s'"}, {status("x"), "'x'"}, {[]byte{1, 255}, "X'01ff'"},
		{sql.NullString{}, "NULL"}, {time.Date(2024, 1, 31, 12, 0, 0, 5000, time.UTC), "'2024-01-31 12:00:00.000005'"}} {
		w := dialect.NewWriter(question)
		w.Literal(tt.v, nil)
		if w.Text() != tt.want || w.Err() != nil {
			t.Errorf("%#v: %s, %v", tt.v, w.Text(), w.Err())
		}
	}
	w := dialect.NewWriter(question)
	w.Literal(struct{ X int }{1}, nil)
	w.Literal("a\x00", nil)
	if w.Err() == nil || w.Text() != "" {
		t.Errorf("wrote %s", w.Text())
	}
}

func TestTextNamed(t *testing.T) {
	type args struct {
		ID  int64
		Who string `db:"name"`
	}
	tests := []struct {
		d       plain
		text    string
		arg     any
		want    string
		n       int
		problem string
	}{
		{question, "a = :id AND b = :id", dialect.Named{"id": 1}, "a = ? AND b = ?", 2, ""},
		{dollar, "a = :id AND b = :id", dialect.Named{"id": 1}, "a = $1 AND b = $1", 1, ""},
		{dollar, "a::int = :name", args{1, "x"}, "a::int = $1", 1, ""},
		{dollar, "a = :name", &args{1, "x"}, "a = $1", 1, ""},
		{question, "x IN (:ids)", dialect.Named{"ids": []int64{1, 2}}, "x IN (?, ?)", 2, ""},
		{question, "x IN (:ids)", dialect.Named{"ids": 5}, "x IN (?)", 1, ""},
		{question, "x IN (:ids)", dialect.Named{"ids": []string{}}, "x IN (SELECT NULL WHERE 1=0)", 0, ""},
		{question, "x NOT IN (:ids)", dialect.Named{"ids": []string{}}, "x IS NULL OR 1=1", 0, ""},
		{question, "x IN (:ids)", dialect.Named{"ids": []byte("ab")}, "x IN (?)", 1, ""},
		{question, "x IN (:ids)", dialect.Named{"ids": []int{1, 2, 3, 4}}, "", 0, "at most 3"},
		{question, "a = :idd, b = :x", dialect.Named{"id": 1, "x": 2}, "", 0, `no value for :idd in Named (did you mean "id"?)`},
		{question, "a = :id", dialect.Named{"id": 1, "y": 2, "x": 3}, "", 0, "the text has no parameter :x, :y"},
		{question, "a = :id AND b = ?", dialect.Named{"id": 1}, "", 0, "placeholder ?"},
		{question, "", dialect.Named{}, "", 0, "no statement"},
		{question, "a = :id AND b = :id", sql.Named("id", 1), "a = ? AND b = ?", 2, ""},
		{question, "x IN (:ids)", sql.Named("ids", []int64{1, 2}), "x IN (?, ?)", 2, ""},
		{dollar, "a = :i", sql.Named("id", 1), "", 0, `no value for :i in Named (did you mean "id"?)`},
		{dollar, "a = $1", sql.Named("id", 1), "", 0, "placeholder $1"},
		{namesItself, "a = @id", sql.Named("id", 1), "a = @id", 1, ""},
	}
	for _, tt := range tests {
		text := tt.text
		if text != "" {
			text = "SELECT " + text
		}
		c, err := dialect.Compile(tt.d, dialect.Text(text, tt.arg))
		if tt.problem != "" {
			if err == nil || !strings.Contains(err.Error(), tt.problem) {
				t.Errorf("%s: %v, want %q", tt.text, err, tt.problem)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		if got := strings.TrimPrefix(c.Text(), "SELECT "); got != tt.want || len(c.Args()) != tt.n {
			t.Errorf("%s: %s with %d arguments, want %s with %d", tt.text, got, len(c.Args()), tt.want, tt.n)
		}
		c.Release()
	}
}

// Arguments that are all sql.Named are a Named, and no mixture is one.
func TestTextNamedArguments(t *testing.T) {
	c, err := dialect.Compile(dollar, dialect.Text("SELECT :b, :a, :b", sql.Named("a", 1), sql.Named("b", 2)))
	if err != nil || c.Text() != "SELECT $1, $2, $1" || len(c.Args()) != 2 || c.Args()[0].Value != 2 {
		t.Errorf("%v %v", c, err)
	}
	c, err = dialect.Compile(dollar, dialect.Text("SELECT $1, $2", sql.Named("a", 1), 2))
	if err != nil || c.Text() != "SELECT $1, $2" || len(c.Args()) != 2 {
		t.Errorf("%v %v", c, err)
	}
	_, err = dialect.Compile(question, dialect.Text("SELECT :a", sql.Named("a", 1), sql.Named("a", 2)))
	if !errors.Is(err, dialect.ErrArguments) || !strings.Contains(err.Error(), "two arguments for the parameter :a") {
		t.Error(err)
	}
}

func TestTextPositional(t *testing.T) {
	c, err := dialect.Compile(question, dialect.Text("SELECT ?, ':x'", 7))
	if err != nil || c.Text() != "SELECT ?, ':x'" || len(c.Args()) != 1 || c.Writes {
		t.Errorf("%v %v", c, err)
	}
}

func TestParseType(t *testing.T) {
	for s, want := range map[string]dialect.Type{
		"varchar(50)": {Kind: dialect.Varchar, Length: 50}, "DECIMAL(10, 2)": {Kind: dialect.Decimal, Precision: 10, Scale: 2},
		"timestamp(3) with time zone": {Kind: dialect.TimestampTZ, Precision: 3}, "bigint unsigned": {Kind: dialect.BigInt, Unsigned: true},
		"citext": {Kind: dialect.Native, Name: "citext"}, "geometry(point,4326)": {Kind: dialect.Native, Name: "geometry(point,4326)"},
		"double  precision": {Kind: dialect.Double},
	} {
		if got, err := dialect.ParseType(s); err != nil || got != want {
			t.Errorf("%s: %+v, %v", s, got, err)
		}
	}
	for s, want := range map[string][]string{
		"enum('a','b')": {"a", "b"}, "ENUM ( 'it''s' , 'b)' )": {"it's", "b)"}, "enum('')": {""},
	} {
		if got, err := dialect.ParseType(s); err != nil || got.Kind != dialect.Enum || !slices.Equal(got.Values.List, want) {
			t.Errorf("%s: %+v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "enum()", "enum(a,b)", "enum('a'", "enum('a,b)", "enum('a','a')", "enum('a',)", "enum('a') x", "varchar(x)", "varchar(1", "integer(1,2)", "varchar(1,2)"} {
		if got, err := dialect.ParseType(s); err == nil {
			t.Errorf("%q: %+v", s, got)
		}
	}
	for s, way := range map[string]string{
		"varchar(max)": `leave (max) out, and it has no length: "varchar"`, "varbinary( MAX )": `: "varbinary"`,
		"int(11)": `write "int"`, "bigint(20) unsigned": `write "bigint unsigned"`, "double(10,2)": `write "double"`,
		"char(0)": `leave it out: "char"`, "varchar()": "is not a number",
	} {
		if _, err := dialect.ParseType(s); !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), way) || !strings.Contains(err.Error(), s) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestAssign(t *testing.T) {
	var i8 int8
	var u64 uint64
	var f float64
	var s string
	var b bool
	var ps *string
	var at time.Time
	var raw []byte
	tests := []struct {
		dst, v any
		want   string
	}{
		{&i8, int64(127), "127"}, {&i8, int64(128), "does not fit into int8"}, {&u64, int64(-1), "does not fit"}, {&u64, uint64(1 << 63), "9223372036854775808"},
		{&u64, "18446744073709551615", "18446744073709551615"}, {&f, int64(1<<53 + 1), "does not fit"}, {&f, "1.5", "1.5"}, {&f, int64(3), "3"},
		{&i8, 1.5, "does not fit"}, {&i8, 2.0, "2"}, {&b, int64(1), "true"}, {&b, int64(2), "does not fit"}, {&b, []byte("f"), "false"},
		{&s, int64(5), "5"}, {&s, nil, "the value is NULL"}, {&ps, nil, "<nil>"}, {&at, "2024-01-31 12:00:00.5", "2024-01-31 12:00:00.5 +0000 UTC"},
		{&at, "2024-02-31", "is not a time"}, {&at, int64(5), "cannot be read into time.Time"}, {&raw, "x", "[120]"}, {&i8, "abc", `"abc" cannot be read`},
	}
	for _, tt := range tests {
		got := ""
		if err := dialect.Assign(tt.dst, tt.v); err != nil {
			got = err.Error()
		} else {
			got = fmt.Sprint(reflect.ValueOf(tt.dst).Elem().Interface())
		}
		if !strings.Contains(got, tt.want) {
			t.Errorf("%T from %#v: %s, want %s", tt.dst, tt.v, got, tt.want)
		}
	}
	var n dialect.Nullable
	var v int64
	n.Dst = &v
	if err := dialect.Assign(&n, nil); err != nil || !n.Null {
		t.Error(err, n.Null)
	}
	if err := dialect.Assign(&n, int64(4)); err != nil || n.Null || v != 4 {
		t.Error(err, n.Null, v)
	}
	if err := dialect.Assign(&ps, "x"); err != nil || *ps != "x" {
		t.Error(err)
	}
}

func TestErrorKinds(t *testing.T) {
	err := error(&dialect.Error{Kind: dialect.ErrUniqueViolation, Code: "23505", Message: "dup", Statement: "INSERT", Err: errors.New("driver")})
	if !errors.Is(err, dialect.ErrUniqueViolation) || !errors.Is(err, dialect.ErrIntegrityViolation) || errors.Is(err, dialect.ErrCheckViolation) {
		t.Error("kinds do not match")
	}
	if errors.Is(err, dialect.ErrOther) {
		t.Error("every error is an ErrOther")
	}
	u := dialect.Unsupported(question, "FULL JOIN", "use a UNION of two LEFT JOINs")
	if !errors.Is(u, dialect.ErrUnsupported) || u.Error() != "FULL JOIN is not supported by plain; use a UNION of two LEFT JOINs" {
		t.Error(u)
	}
	for k := dialect.ErrOther; k <= dialect.ErrStatement; k++ {
		if k.Error() == "" {
			t.Errorf("kind %d has no words", k)
		}
	}
}

func TestResult(t *testing.T) {
	var r dialect.Result
	if _, err := r.LastInsertID(); !errors.Is(err, dialect.ErrUnsupported) || r.RowsAffected() != -1 {
		t.Error("the zero Result knows something")
	}
	if id, err := dialect.NewResult(1).WithInsertID(7).LastInsertID(); id != 7 || err != nil {
		t.Error(id, err)
	}
}

func FuzzParseURL(f *testing.F) {
	for _, s := range []string{"sqlite://", "postgres://a:b@[::1]:1,h/d?x=y", "x://%41@/%zz", "x://a@b@c/d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := dialect.ParseURL(s)
		if err != nil {
			return
		}
		again, err := dialect.ParseURL(u.Reveal())
		if err != nil || !reflect.DeepEqual(u, again) {
			t.Fatalf("%q printed as %q, read back as %#v, %v", s, u.Reveal(), again, err)
		}
	})
}

// What a Borrowed holds may be the driver's memory, in which other things stand.
func TestBorrowedMemoryIsNotWritten(t *testing.T) {
	stores := map[string]func(d *dialect.Borrowed) error{
		"int64":   func(d *dialect.Borrowed) error { return dialect.AssignInt64(d, 42) },
		"uint64":  func(d *dialect.Borrowed) error { return dialect.AssignUint64(d, 1<<63) },
		"float64": func(d *dialect.Borrowed) error { return dialect.AssignFloat64(d, 1.5) },
		"bool":    func(d *dialect.Borrowed) error { return dialect.AssignBool(d, true) },
		"time":    func(d *dialect.Borrowed) error { return dialect.AssignTime(d, time.Unix(0, 0)) },
		"string":  func(d *dialect.Borrowed) error { return dialect.AssignString(d, "x") },
		"bytes":   func(d *dialect.Borrowed) error { return dialect.AssignBytes(d, []byte("x")) },
	}
	for name, store := range stores {
		memory := []byte("a page of the database, and what stands behind it")
		before := string(memory)
		var b dialect.Borrowed
		if err := errors.Join(dialect.AssignBytes(&b, memory[:5]), store(&b)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if string(memory) != before {
			t.Errorf("%s was written over the driver's memory: %q", name, memory)
		}
	}
}

func TestURLErrorHidesPassword(t *testing.T) {
	for _, s := range []string{
		"postgres://ada:S3/cret@host/db", "postgres://ada:S3?cret@host/db", "postgres://ada:S3:cret/x@host/db",
		"postgres://ada:S3[cret/x@host/db", "postgres://ada:S3%zz@host/db", "postgres://ada:S3#cret@host/db",
		"postgres://ada:1234/S3@host/db", "postgres://ada:1234?S3@host/db", "postgres://ada:S3/x?cret@host/db",
		"postgres://ada:S3cret@host:port/db", "postgres://ada:S3cret@host/db?x=%zz",
	} {
		u, err := dialect.ParseURL(s)
		if err == nil {
			t.Errorf("%s: no error, but %v", s, u)
			continue
		}
		for _, part := range []string{"S3", "cret", "1234"} {
			if strings.Contains(err.Error(), part) {
				t.Errorf("%s: the error shows a part of the password: %v", s, err)
			}
		}
		if !errors.Is(err, dialect.ErrURL) {
			t.Errorf("%s: %v is no ErrURL", s, err)
		}
	}
	for _, s := range []string{"mysql://host:3306/db?init=a@b", "sqlite:///a@b.db", "postgres://u@h:1/a%40b", "postgres://u:p@h:1/a@b"} {
		if _, err := dialect.ParseURL(s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestErrorfWrapsSeveral(t *testing.T) {
	a, b := errors.New("a"), errors.New("b")
	err := dialect.Errorf(dialect.ErrURL, "both: %w, %w", a, b)
	if !errors.Is(err, a) || !errors.Is(err, b) || !errors.Is(err, dialect.ErrURL) || err.Error() != "both: a, b" {
		t.Errorf("%v lost one of its causes", err)
	}
}

func TestTextNilStruct(t *testing.T) {
	type params struct{ ID int }
	for _, arg := range []any{(*params)(nil), (*time.Time)(nil)} {
		c, err := dialect.Compile(question, dialect.Text("SELECT :id", arg))
		if _, isParams := arg.(*params); isParams {
			if !errors.Is(err, dialect.ErrArguments) || !strings.Contains(err.Error(), "nil *dialect_test.params") {
				t.Errorf("%T: %v", arg, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%T: %v", arg, err)
			continue
		}
		c.Release()
	}
}

func TestTextMixedPlaceholders(t *testing.T) {
	_, err := dialect.Compile(dollar, dialect.Text("SELECT a ? 'k' FROM t WHERE b = $1 AND c = :c", dialect.Named{"c": 1}))
	if !errors.Is(err, dialect.ErrArguments) || !strings.Contains(err.Error(), "$1") {
		t.Errorf("a placeholder behind an operator: %v", err)
	}
	at := plain{"at", &dialect.Features{Placeholder: dialect.AtP}}
	_, err = dialect.Compile(at, dialect.Text("SELECT @p1, :c", dialect.Named{"c": 1}))
	if !errors.Is(err, dialect.ErrArguments) || !strings.Contains(err.Error(), "@p1") {
		t.Errorf("@p1 beside :c: %v", err)
	}
	if _, err = dialect.Compile(at, dialect.Text("DECLARE @page int = 1; SELECT @page, @@version, :c", dialect.Named{"c": 1})); err != nil {
		t.Errorf("variables beside :c: %v", err)
	}
}

func TestTypeStringWholeSeconds(t *testing.T) {
	for _, s := range []string{"timestamp(0)", "timestamp(0) with time zone", "time(3)"} {
		typ, err := dialect.ParseType(s)
		if err != nil || typ.String() != s {
			t.Errorf("%s is printed as %s, %v", s, &typ, err)
		}
	}
}

type ratio float32

func TestBaseKeepsFloat32(t *testing.T) {
	base, ok := dialect.Base(ratio(0.1))
	if f, is := base.(float32); !ok || !is || f != 0.1 {
		t.Errorf("a named float32 is %T %v", base, base)
	}
	w := dialect.NewWriter(question)
	w.Literal(ratio(0.1), nil)
	if w.Text() != "0.1" {
		t.Errorf("a named float32 is written %s", w.Text())
	}
}

func TestDurationBeyondRange(t *testing.T) {
	u, err := dialect.ParseURL("x://?wait=18446744074&pause=36028797018963968")
	if err != nil {
		t.Fatal(err)
	}
	r := dialect.ReadOptions(u)
	if d := r.Duration("wait", 0); d != 0 {
		t.Errorf("wait is %v", d)
	}
	if d := r.Duration("pause", 0); d != 0 {
		t.Errorf("pause is %v", d)
	}
	if err := r.Err(); !errors.Is(err, dialect.ErrURL) {
		t.Errorf("a duration that overflows: %v", err)
	}
}

func TestCompileNil(t *testing.T) {
	for _, err := range []error{
		second(dialect.Compile(nil, dialect.Text("SELECT 1"))), second(dialect.Compile(question, nil)),
	} {
		if !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), "nil") {
			t.Errorf("%v", err)
		}
	}
}

func second(_ *dialect.Compiled, err error) error { return err }

func TestReleaseTwice(t *testing.T) {
	c, err := dialect.Compile(question, dialect.Text("SELECT 1"))
	if err != nil {
		t.Fatal(err)
	}
	c.Release()
	c.Release()
	a, aerr := dialect.Compile(question, dialect.Text("SELECT a"))
	b, berr := dialect.Compile(question, dialect.Text("SELECT b"))
	if aerr != nil || berr != nil {
		t.Fatal(aerr, berr)
	}
	if a == b || a.Text() != "SELECT a" || b.Text() != "SELECT b" {
		t.Errorf("two statements share one Compiled: %q, %q", a.Text(), b.Text())
	}
	a.Release()
	b.Release()
}

// statement is a function as a Statement.
type statement func(*dialect.Compiled) error

func (f statement) CompileSQL(c *dialect.Compiled) error { return f(c) }

// What UseArgs lends stays as it is, whatever is written after it, and is not
// held by the next statement.
func TestUseArgs(t *testing.T) {
	d := plain{"test", &dialect.Features{}}
	lent := []dialect.Arg{{Value: 1}, {Value: 2}, {Value: 3}}
	two := lent[:2]
	for _, tc := range []struct {
		name string
		then func(c *dialect.Compiled)
		want string
	}{
		{"nothing", func(*dialect.Compiled) {}, "[1 2]"},
		{"another argument", func(c *dialect.Compiled) { c.AddArg(dialect.Arg{Value: 9}) }, "[1 2 9]"},
		{"others", func(c *dialect.Compiled) { c.SetArgs([]dialect.Arg{{Value: 8}}) }, "[8]"},
		{"others that are lent", func(c *dialect.Compiled) { c.UseArgs([]dialect.Arg{{Value: 7}}) }, "[7]"},
		{"room", func(c *dialect.Compiled) { c.GrowArgs(1 << 13); c.AddArg(dialect.Arg{Value: 9}) }, "[1 2 9]"},
		{"a way back", func(c *dialect.Compiled) { m := c.Mark(); c.AddArg(dialect.Arg{Value: 9}); c.Rewind(m) }, "[1 2]"},
	} {
		c, err := dialect.Compile(d, statement(func(c *dialect.Compiled) error {
			c.SetText("INSERT")
			c.UseArgs(two)
			tc.then(c)
			return nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		var got []any
		for _, a := range c.Args() {
			got = append(got, a.Value)
		}
		if fmt.Sprint(got) != tc.want {
			t.Errorf("UseArgs, then %s: %v, not %s", tc.name, got, tc.want)
		}
		c.Release()
		if fmt.Sprint(lent[0].Value, lent[1].Value, lent[2].Value) != "1 2 3" {
			t.Fatalf("UseArgs, then %s: what was lent is %v", tc.name, lent)
		}
	}
}
