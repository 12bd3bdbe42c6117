package mysql

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/sqlayer-go/sqlayer/dialect"
)

func TestIdentify(t *testing.T) {
	for _, tc := range []struct {
		version, comment, mode string
		name, want             string
	}{
		{"8.0.36", "MySQL Community Server - GPL", "STRICT_TRANS_TABLES", "mysql", "8.0.36"},
		{"8.0.28", "Source distribution", "", "mysql", "8.0.28"},
		{"5.7.44-log", "", "", "mysql", "5.7.44"},
		{"8.0.36-28.1", "Percona Server (GPL), Release 28", "", "mysql", "8.0.36"},
		{"10.11.6-MariaDB-0+deb12u1", "Debian 12", "", "mariadb", "10.11.6"},
		{"5.5.5-10.6.2-MariaDB-log", "", "", "mariadb", "10.6.2"},
		{"11.4.2", "MariaDB Server", "", "mariadb", "11.4.2"},
		{"8.0.11-TiDB-v8.4.0", "TiDB Server (Apache License 2.0)", "", "tidb", "8.4"},
		{"5.7.25-TiDB-v6.1.0-alpha", "", "", "tidb", "6.1"},
		{"unknown", "", "", "mysql", ""},
	} {
		s := newServer(identify(tc.version, tc.comment, tc.mode, "utf8mb4"))
		if s.Name() != tc.name || s.Features().Version.String() != tc.want {
			t.Errorf("%s (%s) is %s %s", tc.version, tc.comment, s.Name(), s.Features().Version)
		}
	}
	id := identify("8.4.0", "", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES", "utf8mb4")
	if !id.ansiQuotes || !id.plainBackslash {
		t.Errorf("%+v", id)
	}
}

func TestFeaturesFollowTheVersion(t *testing.T) {
	for _, tc := range []struct {
		d    dialect.Dialect
		want string
	}{
		{Dialect(Version(5, 7)), "VALUES({0})  share=LOCK IN SHARE MODE skip=false returning=false cte=false lateral=0 intersect=false"},
		{newServer(identity{version: dialect.Version{Major: 8, Patch: 18}}), "VALUES({0})  share=FOR SHARE skip=true returning=false cte=true lateral=1 intersect=false"},
		{Dialect(Version(8, 0)), "new.{0} new share=FOR SHARE skip=true returning=false cte=true lateral=1 intersect=true"},
		{Dialect(), "new.{0} new share=FOR SHARE skip=true returning=false cte=true lateral=1 intersect=true"},
		{Dialect(MariaDB(10, 2)), "VALUES({0})  share=LOCK IN SHARE MODE skip=false returning=false cte=true lateral=0 intersect=false"},
		{Dialect(MariaDB(10, 11)), "VALUES({0})  share=LOCK IN SHARE MODE skip=true returning=true cte=true lateral=0 intersect=true"},
		{Dialect(TiDB(8, 5)), "VALUES({0})  share= skip=false returning=false cte=true lateral=0 intersect=true"},
	} {
		f := tc.d.Features()
		got := fmt.Sprintf("%s %s share=%s skip=%v returning=%v cte=%v lateral=%v intersect=%v", f.InsertedRow, f.UpsertAlias, f.Locking.Share, f.Locking.SkipLocked,
			f.ReturningInsert, f.CTE, f.Lateral, f.Intersect)
		if got != tc.want {
			t.Errorf("%s %s:\n%s, not\n%s", tc.d.Name(), f.Version, got, tc.want)
		}
	}
}

func TestTypeNames(t *testing.T) {
	my, maria := Dialect(), Dialect(MariaDB(11, 4))
	for _, tc := range []struct {
		d    dialect.Dialect
		typ  dialect.Type
		want string // or the beginning of an error after "!"
	}{
		{my, dialect.Type{Kind: dialect.Boolean}, "BOOL"},
		{my, dialect.Type{Kind: dialect.Integer, Unsigned: true}, "INTEGER UNSIGNED"},
		{my, dialect.Type{Kind: dialect.Varchar, Length: 80}, "VARCHAR(80)"},
		{my, dialect.Type{Kind: dialect.Varchar}, "VARCHAR(255)"},
		{my, dialect.Type{Kind: dialect.Varchar, Length: 20000}, "!the type varchar(20000) (the limit is 16383)"},
		{my, dialect.Type{Kind: dialect.Clob}, "LONGTEXT"},
		{my, dialect.Type{Kind: dialect.Decimal}, "DECIMAL(65, 30)"},
		{my, dialect.Type{Kind: dialect.Decimal, Precision: 10, Scale: 2}, "DECIMAL(10, 2)"},
		{my, dialect.Type{Kind: dialect.Decimal, Precision: 66}, "!the type decimal(66,0) (the limit is 65)"},
		{my, dialect.Type{Kind: dialect.Decimal, Precision: 60, Scale: 31}, "!the type decimal(60,31) (the limit is 30)"},
		{my, dialect.Type{Kind: dialect.Timestamp}, "DATETIME(6)"},
		{my, dialect.Type{Kind: dialect.TimestampTZ, Precision: 3}, "DATETIME(3)"},
		{my, dialect.Type{Kind: dialect.Timestamp, Precision: -1}, "DATETIME(0)"},
		{my, dialect.Type{Kind: dialect.Timestamp, Precision: 9}, "!the type timestamp(9) (the limit is 6)"},
		{my, dialect.Type{Kind: dialect.UUID}, "CHAR(36)"},
		{maria, dialect.Type{Kind: dialect.UUID}, "UUID"},
		{my, dialect.Type{Kind: dialect.Interval}, "BIGINT"},
		{my, dialect.Type{Kind: dialect.Array, Elem: &dialect.Type{Kind: dialect.Integer}}, "!the type integer[]"},
		{my, dialect.Type{Kind: dialect.Enum, Values: &dialect.EnumValues{List: []string{"s", "it's"}}}, "ENUM('s','it''s')"},
		{my, dialect.Type{Kind: dialect.Enum}, "!an enum without values"},
		{my, dialect.Type{Kind: dialect.Native, Name: "MEDIUMTEXT"}, "MEDIUMTEXT"},
		{my, dialect.Type{Kind: dialect.Boolean, Unsigned: true}, "!unsigned boolean"},
		{my, dialect.Type{}, "!a column without a type"},
	} {
		got, err := tc.d.TypeName(&tc.typ)
		want, refused := strings.CutPrefix(tc.want, "!")
		if refused {
			if !errors.Is(err, dialect.ErrUnsupported) || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%+v: %q, %v", tc.typ, got, err)
			}
			continue
		}
		if got != want || err != nil {
			t.Errorf("%+v is %q, not %q: %v", tc.typ, got, want, err)
		}
	}
	cast, err := my.(dialect.CastNamer).CastName(&dialect.Type{Kind: dialect.BigInt, Unsigned: true})
	if cast != "UNSIGNED INTEGER" || err != nil {
		t.Errorf("cast: %q, %v", cast, err)
	}
	if _, err := my.(dialect.CastNamer).CastName(&dialect.Type{Kind: dialect.Boolean}); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("cast to boolean: %v", err)
	}
}

func TestLiterals(t *testing.T) {
	at := time.Date(2024, 2, 29, 1, 2, 3, 999999999, time.FixedZone("", 7200))
	for _, tc := range []struct {
		d    dialect.Dialect
		v    any
		typ  *dialect.Type
		want string
	}{
		{Dialect(), `a'\`, nil, `'a''\\'`},
		{Dialect(NoBackslashEscapes()), `a'\`, nil, `'a''\'`},
		{Dialect(), at, nil, "'2024-02-28 23:02:03.999999'"},
		{Dialect(), at, &dialect.Type{Kind: dialect.Date}, "'2024-02-29'"},
		{Dialect(), true, nil, "true"},
		{Dialect(), []byte{0, 255}, nil, "X'00ff'"},
	} {
		w := dialect.NewWriter(tc.d)
		w.Literal(tc.v, tc.typ)
		if w.Text() != tc.want || w.Err() != nil {
			t.Errorf("%v is %s, not %s: %v", tc.v, w.Text(), tc.want, w.Err())
		}
	}
	w := dialect.NewWriter(Dialect())
	w.Literal(time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC), nil)
	if !errors.Is(w.Err(), dialect.ErrOutOfRange) {
		t.Errorf("the year 12000: %v", w.Err())
	}
}

func TestMySQLMessagesAreRead(t *testing.T) {
	for _, tc := range []struct {
		number  uint16
		message string
		want    dialect.Error
	}{
		{1062, "Duplicate entry 'it's for key' for key 'users.uq_email'", dialect.Error{Kind: dialect.ErrUniqueViolation, Table: "users", Constraint: "uq_email"}},
		{1062, "Duplicate entry 'a\nb' for key 'PRIMARY'", dialect.Error{Kind: dialect.ErrUniqueViolation, Constraint: "PRIMARY"}},
		{1452, "Cannot add or update a child row: a foreign key constraint fails (`shop`.`o``dd`, CONSTRAINT `fk_1` FOREIGN KEY (`a`, `b`) REFERENCES `p` (`x`, `y`))",
			dialect.Error{Kind: dialect.ErrForeignKeyViolation, Schema: "shop", Table: "o`dd", Constraint: "fk_1"}},
		{3819, "Check constraint 'ck_age' is violated.", dialect.Error{Kind: dialect.ErrCheckViolation, Constraint: "ck_age"}},
		{4025, "CONSTRAINT `t.n` failed for `shop`.`t`", dialect.Error{Kind: dialect.ErrCheckViolation, Schema: "shop", Table: "t", Constraint: "t.n"}},
		{1366, "Incorrect integer value: 'x' for column 'n' at row 1", dialect.Error{Kind: dialect.ErrInvalidText, Column: "n"}},
		{1146, "Table 'shop.nothing' doesn't exist", dialect.Error{Kind: dialect.ErrUndefinedTable, Schema: "shop", Table: "nothing"}},
		{1051, "Unknown table 'shop.nothing'", dialect.Error{Kind: dialect.ErrUndefinedTable, Schema: "shop", Table: "nothing"}},
		{3572, "Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set.", dialect.Error{Kind: dialect.ErrLockTimeout}},
		{3024, "Query execution was interrupted, maximum statement execution time exceeded", dialect.Error{Kind: dialect.ErrStatementTimeout}},
		{1290, "The MySQL server is running with the --read-only option so it cannot execute this statement", dialect.Error{Kind: dialect.ErrReadOnly}},
		{1290, "The MySQL server is running with the --secure-file-priv option so it cannot execute this statement", dialect.Error{Kind: dialect.ErrPermission}},
		{1213, "Deadlock found when trying to get lock; try restarting transaction", dialect.Error{Kind: dialect.ErrDeadlock}},
		{1020, "Record has changed since last read in table 't'", dialect.Error{Kind: dialect.ErrSerialization, Table: "t"}},
		{4031, "The client was disconnected by the server because of inactivity.", dialect.Error{Kind: dialect.ErrConnectionLost, Lost: true}},
		{1615, "Prepared statement needs to be re-prepared", dialect.Error{Kind: dialect.ErrStalePlan}},
		{9999, "something new", dialect.Error{Kind: dialect.ErrOther}},
	} {
		err := &mysql.MySQLError{Number: tc.number, Message: tc.message}
		e := Dialect().Classify(fmt.Errorf("around: %w", err))
		tc.want.Code, tc.want.Message = fmt.Sprint(tc.number), tc.message
		if e.Err = nil; fmt.Sprintf("%+v", *e) != fmt.Sprintf("%+v", tc.want) {
			t.Errorf("%d %s:\n%+v, not\n%+v", tc.number, tc.message, *e, tc.want)
		}
	}
	if e := Dialect().Classify(nil); e != nil {
		t.Errorf("no error is %v", e)
	}
	given := &dialect.Error{Kind: dialect.ErrBusy}
	if e := Dialect().Classify(fmt.Errorf("again: %w", given)); e != given {
		t.Errorf("an error that is described already becomes %v", e)
	}
	if e := Dialect().Classify(mysql.ErrInvalidConn); e.Kind != dialect.ErrConnectionLost || !e.Lost {
		t.Errorf("%+v", e)
	}
}

func TestURLOptions(t *testing.T) {
	for _, tc := range []struct {
		url  string
		says []string // of the error; none: it is right
	}{
		{"mysql://", nil},
		{"mariadb://ada:s3cret@db:3307/shop?tls=preferred&time_zone=Europe/Berlin&set.max_statement_time=2.5&sql_mode=ANSI,TRADITIONAL", nil},
		{"mysql://h/d?tls=yes", []string{`tls="yes"`, "skip-verify"}},
		{"mysql://h/d?tsl=true", []string{`unknown option "tsl"`, `did you mean "tls"?`}},
		{"mysql://h/d?parseTime=true&connect_timeout=soon", []string{`unknown option "parseTime"`, "connect_timeout", "a duration"}},
		{"mysql://h/d?time_zone=Mars", []string{`time_zone="Mars"`}},
		{"mysql://h/d?time_zone=Local", []string{`time_zone="Local"`}},
		{"mysql://h/d?time_zone=%2B15:00", []string{"time_zone"}},
		{"mysql://h/d?charset=latin1", []string{`charset="latin1"`, "utf8mb4"}},
		{"mysql://h/d?collation=x'y", []string{"collation"}},
		{"mysql://h/d?set.a-b=1", []string{"set.a-b"}},
		{"mysql://h/d?set.time_zone=1", []string{"use the option time_zone"}},
		{`mysql://h/d?set.a=x\y`, []string{"backslash"}},
		{"mysql://h/d?socket=/run/x", []string{"together with a host"}},
		{"mysql:///d?socket=run/x", []string{"absolute path"}},
		{"mysql://h/d?statement_cache=-1", []string{"statement_cache"}},
	} {
		u, err := dialect.ParseURL(tc.url)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Dialect().OpenConnector(u, dialect.ConnectConfig{})
		if (err == nil) != (len(tc.says) == 0) {
			t.Errorf("%s: %v", tc.url, err)
			continue
		}
		for _, s := range tc.says {
			if !strings.Contains(err.Error(), s) || !errors.Is(err, dialect.ErrURL) {
				t.Errorf("%s: %v does not say %s", tc.url, err, s)
			}
		}
	}
	if _, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{Driver: "dsn"}); err == nil || !strings.Contains(err.Error(), "*mysql.Config") {
		t.Errorf("a driver configuration of another type: %v", err)
	}
	if _, err := Dialect().OpenConnector(nil, dialect.ConnectConfig{}); !errors.Is(err, dialect.ErrURL) {
		t.Errorf("no URL: %v", err)
	}
}

func TestSettingsOfAURL(t *testing.T) {
	u, err := dialect.ParseURL("mysql://ada:s3cret@db,[::1]:3307/shop?time_zone=%2B02:00&set.a=it's&set.b=-1.5&collation=utf8mb4_bin&sql_mode=")
	if err != nil {
		t.Fatal(err)
	}
	s, err := read(Dialect(), u, dialect.ConnectConfig{})
	if err != nil {
		t.Fatal(err)
	}
	c := s.hosts[1]
	if c.User != "ada" || c.Passwd != "s3cret" || c.Addr != "[::1]:3307" || c.Net != "tcp" || c.DBName != "shop" ||
		!c.ParseTime || !c.ClientFoundRows || c.MultiStatements || c.InterpolateParams || c.Collation != "utf8mb4_bin" {
		t.Errorf("%+v", c)
	}
	if s.address != "db:3306,[::1]:3307" || strings.Contains(s.address, "s3cret") {
		t.Errorf("address %s", s.address)
	}
	if c.Params["time_zone"] != "'+02:00'" || c.Params["a"] != "'it''s'" || c.Params["b"] != "-1.5" || c.Params["sql_mode"] != "''" {
		t.Errorf("%v", c.Params)
	}
	if _, offset := time.Now().In(c.Loc).Zone(); offset != 7200 {
		t.Errorf("offset %d", offset)
	}
}

func TestBegin(t *testing.T) {
	got, err := begin(dialect.TxOptions{Isolation: dialect.Serializable, ReadOnly: true})
	if err != nil || !slices.Equal(got, []string{"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "START TRANSACTION READ ONLY"}) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestFormatTime(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                 "00:00:00.000000",
		-time.Microsecond: "-00:00:00.000001",
		838*time.Hour + 59*time.Minute + 59*time.Second: "838:59:59.000000",
		1999: "00:00:00.000001",
	} {
		if got := formatTime(d); got != want {
			t.Errorf("%v is %s, not %s", d, got, want)
		}
	}
}
