package all_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/tdsfake"
	"github.com/sqlayer-go/sqlayer/internal/tnsfake"
	"github.com/sqlayer-go/sqlayer/orm"
)

// onSQLServer opens an Engine on a server that only writes down what it is sent.
func onSQLServer(t *testing.T, answer func(tdsfake.Request) tdsfake.Reply) (*engine.Engine, *tdsfake.Server) {
	t.Helper()
	srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
		if strings.Contains(r.Text, "ProductVersion") {
			return tdsfake.Reply{Columns: []string{"v", "e", "l", "b", ""}, Rows: [][]any{{"16.0.1000.6", int64(3), int64(160), nil, "Latin1_General_CI_AS"}}}
		}
		if answer != nil {
			return answer(r)
		}
		return tdsfake.Reply{Affected: 1}
	})
	return opened(t, "sqlserver://sa:"+tdsfake.Password+"@"+srv.Addr+"/shop?encrypt=disable"), srv
}

// onOracle is onSQLServer for Oracle.
func onOracle(t *testing.T, answer func(tnsfake.Request) tnsfake.Reply) (*engine.Engine, *tnsfake.Server) {
	t.Helper()
	srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
		if strings.Contains(r.Text, "product_component_version") {
			return tnsfake.Reply{Columns: []string{"VERSION"}, Rows: [][]any{{"19.3.0.0.0"}}}
		}
		if answer != nil {
			return answer(r)
		}
		return tnsfake.Reply{Affected: 1}
	})
	return opened(t, "oracle://ada:"+tnsfake.Password+"@"+srv.Addr+"/shop"), srv
}

func opened(t *testing.T, url string) *engine.Engine {
	t.Helper()
	e, err := engine.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// sent calls each for every type that d has and every value of it, and joins what it says.
func sent(t *testing.T, d dialect.Dialect, each func(insert dialect.Statement) (string, error)) []string {
	t.Helper()
	all := make([]string, len(typeWays))
	for i := range typeWays {
		w := &typeWays[i]
		if w.reflected(d) == absent {
			continue
		}
		table := schema.New("t", schema.Integer("id").PrimaryKey(), schema.NewColumn("v", w.typ).Null())
		id, v := expr.C[int](table, "id"), expr.C[any](table, "v")
		var said []string
		for _, value := range append(slices.Clone(w.binds), nil) {
			s, err := each(expr.Insert(table).Values(id.Set(1), v.Set(value)))
			if err != nil {
				t.Errorf("%s: %T for a %s: %v", d.Name(), value, w.typ.String(), err)
			} else if s != "" && !slices.Contains(said, s) {
				said = append(said, s)
			}
		}
		all[i] = strings.Join(said, ", ")
	}
	return all
}

// sentToSQLServer is how the values of each type are declared.
func sentToSQLServer(t *testing.T) []string {
	t.Helper()
	e, srv := onSQLServer(t, nil)
	return sent(t, dialectNamed(t, "mssql"), func(insert dialect.Statement) (string, error) {
		if _, err := e.Run(t.Context(), insert, nil); err != nil {
			return "", err
		}
		requests := srv.Requests()
		_, decl, ok := strings.Cut(requests[len(requests)-1].Declared, ",@p2 ")
		if !ok {
			return "", errors.New("declared as " + requests[len(requests)-1].Declared)
		}
		return "`" + decl + "`", nil
	})
}

// sentToOracle is the types of the values of each type. NULL has none of its own.
func sentToOracle(t *testing.T) []string {
	t.Helper()
	e, srv := onOracle(t, nil)
	return sent(t, dialectNamed(t, "oracle"), func(insert dialect.Statement) (string, error) {
		if _, err := e.Run(t.Context(), insert, nil); err != nil {
			return "", err
		}
		for _, r := range slices.Backward(srv.Requests()) {
			if len(r.Types) == 2 {
				if r.Params[1] == nil {
					return "", nil
				}
				return "`" + r.Types[1] + "`", nil
			}
		}
		return "", errors.New("no insert was sent")
	})
}

// sentRow is what the ORM stores: a column of each type that a parameter could miss.
type sentRow struct {
	Code  string    `db:",pk,size:20"`
	Name  *string   `db:",size:50"`
	Small time.Time `db:",type:smalldatetime"`
	At    time.Time `db:",type:timestamp"`
	Zoned time.Time
	Day   time.Time `db:",type:date"`
	Key   [16]byte  `db:",type:uuid"`
	On    bool
	Price string `db:",type:decimal(10,2)"`
	Raw   []byte `db:",type:varbinary(40)"`
}

const sentDeclared = "@p1 nvarchar(20),@p2 nvarchar(50),@p3 smalldatetime,@p4 datetime2(7),@p5 datetimeoffset(7),@p6 date,@p7 uniqueidentifier,@p8 bit," +
	"@p9 decimal(38, 2),@p10 varbinary(40)"

func sentRows() []*sentRow {
	short, long := "a", strings.Repeat("name ", 10)
	return []*sentRow{
		{Code: "x", Name: &short, Small: wayTime, At: wayTime, Zoned: wayTime, Day: wayTime, Key: wayUUID, On: true, Price: "1", Raw: []byte{1}},
		{Code: strings.Repeat("y", 20), Name: &long, Small: wayTime, At: wayTime, Zoned: wayTime, Day: wayTime, Key: wayUUID, Price: "12345678.90", Raw: []byte("0123456789")},
		{Code: "z", Name: nil, Small: wayTime, At: wayTime, Zoned: wayTime, Day: wayTime, Key: wayUUID, Price: "-0.5", Raw: nil},
	}
}

// The ORM's inserts have one text and one list of declarations, whatever the
// lengths of the values and whichever of them are NULL, and so one plan.
func TestSentByTheORM(t *testing.T) {
	e, srv := onSQLServer(t, nil)
	for _, row := range sentRows() {
		sess := orm.NewSession(e)
		sess.Add(row)
		if err := sess.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := sess.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var n int
	for _, r := range srv.Requests() {
		if !strings.HasPrefix(r.Text, "INSERT") {
			continue
		}
		n++
		if r.Declared != sentDeclared {
			t.Errorf("declared %s\n    want %s", r.Declared, sentDeclared)
		}
		// SQL Server keeps the first three parts of a UUID with their bytes reversed.
		if key := r.Params[6].Value; key != [16]byte{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15} {
			t.Errorf("the UUID went as %v", key)
		}
	}
	if n != 3 {
		t.Errorf("%d inserts were sent", n)
	}
}

// Conditions are declared as their columns are: an index on a VARCHAR column
// would be of no use to an NVARCHAR, nor one on a DATETIME to a DATETIME2.
func TestSentInConditions(t *testing.T) {
	e, srv := onSQLServer(t, func(r tdsfake.Request) tdsfake.Reply {
		return tdsfake.Reply{Columns: []string{"id"}, Rows: [][]any{{int64(1)}}}
	})
	native := func(name string) dialect.Type { return dialect.Type{Kind: dialect.Native, Name: name} }
	for _, c := range []struct {
		typ    dialect.Type
		values []any
		want   string
	}{
		{native("varchar(20)"), []any{"a", "abc", []byte("abcd"), wayName("x"), strings.Repeat("y", 20)}, "varchar(20)"},
		{native("varchar(max)"), []any{"a", "abc"}, "varchar(8000)"},
		{native("char(3)"), []any{"a", "abc"}, "varchar(3)"},
		{native("text"), []any{"a", "abc"}, "varchar(max)"},
		{native("varchar(20)"), []any{"ä", "日本"}, "nvarchar(4000)"}, // which the code page may not have
		{native("nvarchar(20)"), []any{"a", "日本"}, "nvarchar(20)"},
		{dialect.Type{Kind: dialect.Varchar, Length: 20}, []any{"a", "日本", strings.Repeat("y", 20)}, "nvarchar(20)"},
		{dialect.Type{Kind: dialect.Varchar}, []any{"a", strings.Repeat("y", 3000)}, "nvarchar(4000)"},
		{native("datetime"), []any{wayTime}, "datetime"},
		{native("smalldatetime"), []any{wayTime}, "smalldatetime"},
		{native("datetime2(3)"), []any{wayTime}, "datetime2(7)"},
		{native("datetimeoffset(3)"), []any{wayTime}, "datetimeoffset(7)"},
		{native("date"), []any{wayTime}, "date"},
		{native("time(0)"), []any{wayTime}, "time(7)"},
		{dialect.Type{Kind: dialect.Date}, []any{wayTime, "2024-05-06"}, "date"},
		{dialect.Type{Kind: dialect.Timestamp}, []any{wayTime, "2024-05-06 07:08:09"}, "datetime2(7)"},
		{dialect.Type{Kind: dialect.TimestampTZ}, []any{wayTime}, "datetimeoffset(7)"},
		{native("money"), []any{"1", "1.5", "12.3456"}, "decimal(38, 4)"},
		{dialect.Type{Kind: dialect.Decimal, Precision: 10, Scale: 2}, []any{"1", "1.25", 12.5, 7}, "decimal(38, 2)"},
		{dialect.Type{Kind: dialect.UUID}, []any{wayUUID, wayText}, "uniqueidentifier"},
		{native("varbinary(10)"), []any{[]byte{1}, []byte("0123456789")}, "varbinary(10)"},
		{dialect.Type{Kind: dialect.Boolean}, []any{true, false, 1}, "bit"},
	} {
		table := schema.New("t", schema.Integer("id").PrimaryKey(), schema.NewColumn("v", c.typ).Null())
		for _, v := range c.values {
			srv.Requests()
			q := expr.Select(expr.C[int](table, "id")).From(table).Where(expr.C[any](table, "v").Eq(v))
			if _, err := engine.Scalar[int](t.Context(), e, q); err != nil {
				t.Errorf("%s: %v: %v", c.typ.String(), v, err)
				continue
			}
			r := srv.Requests()
			if got, _ := strings.CutPrefix(r[len(r)-1].Declared, "@p1 "); got != c.want {
				t.Errorf("%s = %v (%T) is declared as %s, not %s", c.typ.String(), v, v, got, c.want)
			}
		}
	}
}

// engine.Copy by INSERT, where the bulk protocol is of no use, declares by the
// columns too.
func TestSentByCopy(t *testing.T) {
	e, srv := onSQLServer(t, func(r tdsfake.Request) tdsfake.Reply {
		switch {
		case strings.Contains(r.Text, "sys.columns"): // the first one is an identity
			return tdsfake.Reply{Columns: []string{"name", "identity"}, Rows: [][]any{{"id", int64(1)}, {"name", int64(0)}, {"at", int64(0)}, {"ref", int64(0)}}}
		case strings.HasPrefix(r.Text, "SELECT id"):
			return tdsfake.Reply{Columns: []string{"id", "name", "at", "ref"}, Rows: [][]any{{int64(0), "x", wayTime, tdsfake.GUID{}}}}
		}
		return tdsfake.Reply{Affected: 1}
	})
	for _, name := range []any{"a", "long name", nil} {
		srv.Requests()
		_, err := engine.Copy(t.Context(), e, "t", slices.Values([][]any{{1, name, wayTime, wayUUID}}), engine.CopyColumns("id", "name", "at", "ref"))
		if err != nil {
			t.Fatal(err)
		}
		declared := ""
		for _, r := range srv.Requests() {
			if strings.Contains(r.Text, "INSERT INTO t") {
				declared = r.Declared
			}
		}
		if want := "@p1 bigint,@p2 nvarchar(4000),@p3 datetime2(7),@p4 uniqueidentifier"; declared != want {
			t.Errorf("declared %s\n    want %s", declared, want)
		}
	}
}

// Booleans are 0 and 1 to Oracle before 23ai, UUIDs keep the order of their
// text, and times are of the column's type.
func TestSentToOracle(t *testing.T) {
	e, srv := onOracle(t, nil)
	for _, c := range []struct {
		typ   dialect.Type
		value any
		kind  string
		want  any
	}{
		{dialect.Type{Kind: dialect.Boolean}, true, "NUMBER", tnsfake.Number("1")},
		{dialect.Type{Kind: dialect.Boolean}, false, "NUMBER", tnsfake.Number("0")},
		{dialect.Type{Kind: dialect.Boolean}, "true", "NUMBER", tnsfake.Number("1")},
		{dialect.Type{Kind: dialect.UUID}, wayUUID, "RAW", string(wayUUID[:])},
		{dialect.Type{Kind: dialect.UUID}, wayText, "RAW", string(wayUUID[:])},
		{dialect.Type{Kind: dialect.Date}, wayTime, "TIMESTAMP", time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC)},
		{dialect.Type{Kind: dialect.Date}, "2024-05-06", "TIMESTAMP", time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC)},
		{dialect.Type{Kind: dialect.Timestamp}, wayTime.In(time.FixedZone("", 7200)), "TIMESTAMP", wayTime},
		{dialect.Type{Kind: dialect.TimestampTZ}, wayTime, "TIMESTAMP WITH TIME ZONE", wayTime},
		{dialect.Type{Kind: dialect.Interval}, 26*time.Hour + 30*time.Minute + time.Microsecond, "VARCHAR2", "+1 02:30:00.000001000"},
		{dialect.Type{Kind: dialect.Interval}, -time.Second, "VARCHAR2", "-0 00:00:01.000000000"},
		{dialect.Type{Kind: dialect.Integer}, "7", "NUMBER", tnsfake.Number("7")},
		{dialect.Type{Kind: dialect.Decimal, Precision: 38, Scale: 10}, "1234567890123456789012345678.0123456789", "NUMBER", tnsfake.Number("1234567890123456789012345678.0123456789")},
	} {
		table := schema.New("t", schema.Integer("id").PrimaryKey(), schema.NewColumn("v", c.typ).Null())
		srv.Requests()
		if _, err := e.Run(t.Context(), expr.Insert(table).Values(expr.C[int](table, "id").Set(1), expr.C[any](table, "v").Set(c.value)), nil); err != nil {
			t.Errorf("%s: %v", c.typ.String(), err)
			continue
		}
		for _, r := range srv.Requests() {
			if len(r.Params) != 2 {
				continue
			}
			got := r.Params[1]
			if b, ok := got.([]byte); ok {
				got = string(b)
			}
			if at, ok := got.(time.Time); ok && at.Equal(c.want.(time.Time)) {
				got = c.want
			}
			if got != c.want || r.Types[1] != c.kind {
				t.Errorf("%v for a %s went as the %s %v, not the %s %v", c.value, c.typ.String(), r.Types[1], got, c.kind, c.want)
			}
		}
	}
}
