package all_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/sends"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/orm"
)

// five are the five databases.
func five() []dialect.Dialect {
	return []dialect.Dialect{postgres.Dialect(), mysql.Dialect(), sqlite.Dialect(), mssql.Dialect(), oracle.Dialect()}
}

// badColumns is a column of each type that bounds its values.
var badColumns = []struct {
	name string
	typ  dialect.Type
}{
	{"small", dialect.Type{Kind: dialect.SmallInt}},
	{"middle", dialect.Type{Kind: dialect.Integer}},
	{"large", dialect.Type{Kind: dialect.BigInt}},
	{"short", dialect.Type{Kind: dialect.Varchar, Length: 5}},
	{"fixed", dialect.Type{Kind: dialect.Char, Length: 2}},
	{"long", dialect.Type{Kind: dialect.Clob}},
	{"bytes", dialect.Type{Kind: dialect.Varbinary, Length: 4}},
	{"whole", dialect.Type{Kind: dialect.Binary, Length: 4}},
	{"money", dialect.Type{Kind: dialect.Decimal, Precision: 5, Scale: 2}},
	{"float", dialect.Type{Kind: dialect.Double}},
	{"narrow", dialect.Type{Kind: dialect.Real}},
	{"flag", dialect.Type{Kind: dialect.Boolean}},
	{"day", dialect.Type{Kind: dialect.Date}},
	{"wall", dialect.Type{Kind: dialect.Timestamp}},
	{"instant", dialect.Type{Kind: dialect.TimestampTZ}},
	{"clock", dialect.Type{Kind: dialect.Time}},
	{"span", dialect.Type{Kind: dialect.Interval}},
	{"uid", dialect.Type{Kind: dialect.UUID}},
	{"colour", dialect.Type{Kind: dialect.Enum, Values: &dialect.EnumValues{List: []string{"red", "green"}}}},
}

// newBadTable is a table of badColumns.
// newBadTable has the badColumns without those named.
func newBadTable(name string, without ...string) *schema.Dynamic {
	parts := []schema.Part{schema.Integer("id").PrimaryKey()}
	for _, c := range badColumns {
		if !slices.Contains(without, c.name) {
			parts = append(parts, schema.NewColumn(c.name, c.typ).Null())
		}
	}
	return schema.New(name, parts...)
}

var badTable = newBadTable("t")

type smallInt int

type (
	badText  string
	badFloat float64
)

type longText struct{}

func (longText) Value() (driver.Value, error) { return "abcdefgh", nil }

// Values that a column would not keep, or the database does not have.
var badValues = []struct {
	column string
	v      any
	kind   dialect.Kind
	limit  string // what the error says beside the column
	keeps  string // the dialects that have such values, or whose columns take any
}{
	{"small", 32768, dialect.ErrOutOfRange, "-32768 to 32767", "sqlite oracle"},
	{"small", int64(-32769), dialect.ErrOutOfRange, "-32768 to 32767", "sqlite oracle"},
	{"small", smallInt(40000), dialect.ErrOutOfRange, "-32768 to 32767", "sqlite oracle"},
	{"small", 1.5, dialect.ErrOutOfRange, "whole number", ""},
	{"middle", int64(1) << 31, dialect.ErrOutOfRange, "-2147483648 to 2147483647", "sqlite oracle"},
	{"middle", uint32(math.MaxUint32), dialect.ErrOutOfRange, "2147483647", "sqlite oracle"},
	{"large", uint64(math.MaxUint64), dialect.ErrOutOfRange, "9223372036854775807", ""},
	{"short", "abcdef", dialect.ErrTooLong, "6 characters", "sqlite mssql"},
	{"short", "abcde ", dialect.ErrTooLong, "varchar(5)", "sqlite"}, // the standard cuts blanks without a word
	{"short", "日本語日本語", dialect.ErrTooLong, "varchar(5)", "sqlite"},
	{"short", "𝄞𝄞𝄞", dialect.ErrTooLong, "6 units of UTF-16", "postgres mysql sqlite oracle"},
	{"short", longText{}, dialect.ErrTooLong, "varchar(5)", "sqlite"},
	{"fixed", "abc", dialect.ErrTooLong, "char(2)", "sqlite"},
	{"long", "a\xffb", dialect.ErrInvalidText, "not UTF-8 (byte 1)", "sqlite"},
	{"long", []byte("a\xed\xa0\x80"), dialect.ErrInvalidText, "not UTF-8 (byte 1)", "sqlite"},
	{"long", "ab\x00", dialect.ErrInvalidText, "NUL (byte 2)", "mysql sqlite mssql oracle"},
	{"bytes", []byte("12345"), dialect.ErrTooLong, "varbinary(4)", "sqlite"},
	{"whole", []byte("123"), dialect.ErrInvalidText, "binary(4)", "sqlite postgres oracle"},
	{"whole", []byte("12345"), dialect.ErrTooLong, "binary(4)", "sqlite"},
	{"money", "1234.5", dialect.ErrOutOfRange, "4 digits before the point", "sqlite"},
	{"money", "1.005", dialect.ErrOutOfRange, "3 digits after the point", "sqlite"},
	{"money", "1e3", dialect.ErrOutOfRange, "decimal(5,2)", "sqlite"},
	{"money", 1000, dialect.ErrOutOfRange, "decimal(5,2)", "sqlite"},
	{"money", 1000.0, dialect.ErrOutOfRange, "decimal(5,2)", "sqlite"},
	{"money", "12,5", dialect.ErrInvalidText, "not a decimal number", ""},
	{"float", math.NaN(), dialect.ErrOutOfRange, "has no NaN", "postgres oracle"},
	{"float", math.Inf(-1), dialect.ErrOutOfRange, "has no -Inf", "postgres sqlite oracle"},
	{"narrow", 1e39, dialect.ErrOutOfRange, "3.4028235e+38", "sqlite"},
	{"narrow", -math.MaxFloat64, dialect.ErrOutOfRange, "out of the range of real", "sqlite"},
	{"flag", 2, dialect.ErrOutOfRange, "0 to 1", ""},
	{"day", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), dialect.ErrOutOfRange, "9999", "postgres"},
	{"wall", time.Date(300000, 1, 1, 0, 0, 0, 0, time.UTC), dialect.ErrOutOfRange, "300000", ""},
	{"instant", time.Date(-5000, 1, 1, 0, 0, 0, 0, time.UTC), dialect.ErrOutOfRange, "-5000", ""},
	{"day", "the first", dialect.ErrInvalidText, "not a date", "postgres"}, // which has words for days
	{"wall", "2024-05-06 07:08:09+02:00", dialect.ErrInvalidText, "the column has none", ""},
	{"instant", "2024-05-06 07:08:09", dialect.ErrInvalidText, "has no time zone", ""},
	{"instant", "2024-05-06", dialect.ErrInvalidText, "has no time zone", ""},
	{"uid", "not a uuid", dialect.ErrInvalidText, "not a UUID", ""},
	{"colour", "blue", dialect.ErrInvalidText, "red, green", ""},
	{"colour", []byte("blue"), dialect.ErrInvalidText, "red, green", ""},
	{"colour", 1, dialect.ErrInvalidText, "red, green", ""}, // the first member to MySQL
	{"flag", "maybe", dialect.ErrInvalidText, "not a boolean", ""},
	{"middle", "seven", dialect.ErrInvalidText, "not a whole number", ""},
	{"middle", "2147483648", dialect.ErrOutOfRange, "2147483647", "sqlite oracle"},
	{"uid", badText("not a uuid"), dialect.ErrInvalidText, "not a UUID", ""},
	{"wall", badText("2024-05-06 07:08:09+02:00"), dialect.ErrInvalidText, "the column has none", ""},
	{"float", badFloat(math.NaN()), dialect.ErrOutOfRange, "has no NaN", "postgres oracle"},
	{"narrow", badFloat(1e39), dialect.ErrOutOfRange, "3.4028235e+38", "sqlite"},
	{"clock", 25 * time.Hour, dialect.ErrOutOfRange, "not a time of the day", "mysql"},
	{"clock", 7, dialect.ErrInvalidText, "a int is not a time; pass a time.Time", ""},
	{"clock", true, dialect.ErrInvalidText, "a bool is not a time", ""},
	{"wall", int64(20240102030405), dialect.ErrInvalidText, "a int64 is not a timestamp", ""},
	{"wall", 1.5, dialect.ErrInvalidText, "a float64 is not a timestamp", ""},
	{"wall", "07:30:00", dialect.ErrInvalidText, "it has no day", ""},
	{"clock", "noon", dialect.ErrInvalidText, "not a time", "postgres mysql"},
	{"span", "soon", dialect.ErrInvalidText, "not an interval", "postgres"},
	{"span", 100 * 24 * time.Hour, dialect.ErrOutOfRange, "99 days", "postgres mysql sqlite mssql"},
}

// pointerTo is a pointer to a copy of a value, of the value's own type.
func pointerTo(v any) any {
	p := reflect.New(reflect.TypeOf(v))
	p.Elem().Set(reflect.ValueOf(v))
	return p.Interface()
}

// A value that would be changed or refused by the database is refused before
// anything is sent, with the column and the limit: by INSERT, UPDATE, upsert and MERGE.
func TestBadValues(t *testing.T) {
	ctx := t.Context()
	for _, d := range five() {
		c := sends.New(d)
		eng, err := engine.Open("", engine.WithConnector(c))
		if err != nil {
			t.Fatal(err)
		}
		defer eng.Close()
		send := func(s dialect.Statement) (error, bool) {
			before := c.Sent()
			_, err := eng.Run(ctx, s, nil)
			return err, c.Sent() != before
		}
		for _, b := range badValues {
			id, col := expr.C[int](badTable, "id"), expr.C[any](badTable, b.column)
			other := newBadTable("u")
			ways := map[string]dialect.Statement{
				"insert":                expr.Insert(badTable).Values(id.Set(1), col.Set(b.v)),
				"rows":                  expr.Insert(badTable).Columns(id, col).Rows([]any{1, b.v}),
				"update":                expr.Update(badTable).Set(col.Set(b.v)).Where(id.Eq(1)),
				"update value":          expr.Update(badTable).Set(expr.Set(col, expr.Value(b.v))).Where(id.Eq(1)),
				"pointer":               expr.Insert(badTable).Values(id.Set(1), col.Set(pointerTo(b.v))),
				"pointer to a pointer":  expr.Insert(badTable).Values(id.Set(1), col.Set(pointerTo(pointerTo(b.v)))),
				"sql.Null":              expr.Update(badTable).Set(col.Set(sql.Null[any]{V: b.v, Valid: true})).Where(id.Eq(1)),
				"pointer to a sql.Null": expr.Insert(badTable).Values(id.Set(1), col.Set(&sql.Null[any]{V: b.v, Valid: true})),
				"upsert row":            expr.Insert(badTable).Values(id.Set(1), col.Set(b.v)).OnConflict(id).DoUpdate(expr.Set(col, expr.Inserted(col))),
				"upsert set":            expr.Insert(badTable).Values(id.Set(1), col.SetNull()).OnConflict(id).DoUpdate(col.Set(b.v)),
			}
			if d.Features().Merging.Statement {
				merge := expr.Merge(badTable).Using(other, expr.Eq(id, expr.C[int](other, "id")))
				ways["merge update"] = merge.WhenMatched().Update(col.Set(b.v))
				ways["merge insert"] = merge.WhenNotMatched().Insert(id.Set(1), col.Set(b.v))
			}
			for what, s := range ways {
				err, sent := send(s)
				name := fmt.Sprintf("%s: %s of %T(%.40v) into %s", d.Name(), what, b.v, b.v, b.column)
				if strings.Contains(b.keeps, d.Name()) {
					if !sent && !errors.Is(err, b.kind) {
						t.Errorf("%s: not sent: %v", name, err)
					}
					if sent && d.Name() == "mssql" && b.column == "short" {
						t.Errorf("%s: sent", name)
					}
					continue
				}
				if err == nil || sent || !errors.Is(err, b.kind) || !strings.Contains(err.Error(), b.limit) ||
					!strings.Contains(err.Error(), `column "`+b.column+`"`) && b.kind != dialect.ErrArguments {
					t.Errorf("%s: %v (sent: %v), want %v naming %q", name, err, sent, b.kind, b.limit)
				}
			}
		}
	}
}

// BadRow is badTable as a struct.
type BadRow struct {
	ID      int64  `db:",pk"`
	Small   int    `db:",type:smallint"`
	Short   string `db:",type:varchar(5)"`
	Fixed   string `db:",type:char(2)"`
	Long    string `db:",type:text"`
	Bytes   []byte `db:",type:varbinary(4)"`
	Money   string `db:",type:decimal(5,2)"`
	Float   float64
	Narrow  float64   `db:",type:real"`
	Day     time.Time `db:",type:date"`
	Wall    string    `db:",type:timestamp"`
	Instant string    `db:",type:timestamptz"`
	UID     string    `db:"uid,type:uuid"`
}

// badRows spoil a column of a BadRow.
var badRows = []struct {
	column string
	spoil  func(*BadRow)
	kind   dialect.Kind
	keeps  string
}{
	{"small", func(r *BadRow) { r.Small = 40000 }, dialect.ErrOutOfRange, "sqlite oracle"},
	{"short", func(r *BadRow) { r.Short = "日本語日本語" }, dialect.ErrTooLong, "sqlite"},
	{"short", func(r *BadRow) { r.Short = "abcde " }, dialect.ErrTooLong, "sqlite"},
	{"fixed", func(r *BadRow) { r.Fixed = "abc" }, dialect.ErrTooLong, "sqlite"},
	{"long", func(r *BadRow) { r.Long = "a\xffb" }, dialect.ErrInvalidText, "sqlite"},
	{"long", func(r *BadRow) { r.Long = "a\x00b" }, dialect.ErrInvalidText, "sqlite mysql mssql oracle"},
	{"bytes", func(r *BadRow) { r.Bytes = []byte("12345") }, dialect.ErrTooLong, "sqlite"},
	{"money", func(r *BadRow) { r.Money = "1234.5" }, dialect.ErrOutOfRange, "sqlite"},
	{"money", func(r *BadRow) { r.Money = "1.005" }, dialect.ErrOutOfRange, "sqlite"},
	{"money", func(r *BadRow) { r.Money = "dear" }, dialect.ErrInvalidText, ""},
	{"float", func(r *BadRow) { r.Float = math.NaN() }, dialect.ErrOutOfRange, "postgres oracle"},
	{"float", func(r *BadRow) { r.Float = math.Inf(1) }, dialect.ErrOutOfRange, "postgres sqlite oracle"},
	{"narrow", func(r *BadRow) { r.Narrow = 1e39 }, dialect.ErrOutOfRange, "sqlite"},
	{"day", func(r *BadRow) { r.Day = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, dialect.ErrOutOfRange, "postgres"},
	{"wall", func(r *BadRow) { r.Wall = "2024-05-06 07:08:09+02:00" }, dialect.ErrInvalidText, ""},
	{"instant", func(r *BadRow) { r.Instant = "2024-05-06 07:08:09" }, dialect.ErrInvalidText, ""},
	{"uid", func(r *BadRow) { r.UID = "not a uuid" }, dialect.ErrInvalidText, ""},
}

func goodRow() *BadRow {
	return &BadRow{ID: 1, Short: "abc", Fixed: "ab", Bytes: []byte("1234"), Money: "1.5", Day: time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC),
		Wall: "2024-05-06 07:08:09", Instant: "2024-05-06 07:08:09Z", UID: "7d444840-9dc0-11d1-b245-5ffdce74fad2"}
}

// A Session refuses of a new object, and of one that was changed, what an INSERT refuses.
func TestBadValuesMapped(t *testing.T) {
	for _, b := range badRows {
		for _, d := range five() {
			for _, update := range []bool{false, true} {
				what := fmt.Sprintf("%s: %s, update %v", d.Name(), b.column, update)
				eng, c := takes(t, d, 0)
				s := orm.NewSession(eng)
				r := goodRow()
				if !update {
					b.spoil(r)
				}
				s.Add(r)
				err := s.Commit(t.Context())
				sent := c.statements
				if update {
					if err != nil || sent != 1 {
						t.Fatalf("%s: %d statements, %v", what, sent, err)
					}
					b.spoil(r)
					err = s.Commit(t.Context())
					sent = c.statements - sent
				}
				switch {
				case strings.Contains(b.keeps, d.Name()):
					if err != nil || sent != 1 {
						t.Errorf("%s: %d statements, %v", what, sent, err)
					}
				case sent != 0 || !errors.Is(err, b.kind) || !strings.Contains(err.Error(), `column "`+b.column+`"`):
					t.Errorf("%s: %v (%d sent), want %v", what, err, sent, b.kind)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// The same on the databases that are there: what they do not refuse, they keep.
func TestBadValuesMappedLive(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		ctx := t.Context()
		e := opened(t, b.URL)
		meta := orm.Metadata(&BadRow{})
		if err := meta.CreateAll(ctx, e); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := meta.DropAll(context.Background(), e); err != nil {
				t.Error(err)
			}
		})
		text := func(r *BadRow, column string) string {
			v := reflect.ValueOf(r).Elem().FieldByNameFunc(func(name string) bool { return strings.EqualFold(name, column) })
			if at, ok := v.Interface().(time.Time); ok {
				return at.UTC().Format(time.DateOnly)
			}
			return strings.TrimRight(fmt.Sprintf("%s%[1]v", v.Interface()), " ")
		}
		for _, bad := range badRows {
			for _, update := range []bool{false, true} {
				what := fmt.Sprintf("%s, update %v", bad.column, update)
				s := orm.NewSession(e)
				r := goodRow()
				if update {
					s.Add(r)
					if err := s.Commit(ctx); err != nil {
						t.Fatal(err)
					}
				} else {
					s.Add(r)
				}
				bad.spoil(r)
				err := s.Commit(ctx)
				want := text(r, bad.column)
				if cerr := s.Close(); cerr != nil {
					t.Error(cerr)
				}
				s = orm.NewSession(e)
				got, gerr := orm.Select(orm.Ref[BadRow]()).All(ctx, s)
				switch {
				case gerr != nil:
					t.Errorf("%s: reading: %v", what, gerr)
				case err == nil && len(got) != 1:
					t.Errorf("%s: %d rows", what, len(got))
				case err == nil && text(got[0], bad.column) != want:
					t.Errorf("%s: is there as %q, not %q", what, text(got[0], bad.column), want)
				case err != nil && (!errors.Is(err, bad.kind) || !strings.Contains(err.Error(), `column "`+bad.column+`"`)):
					t.Errorf("%s: %v", what, err)
				case err != nil && update && (len(got) != 1 || text(got[0], "short") != text(goodRow(), "short")) || err != nil && !update && len(got) != 0:
					t.Errorf("%s: %d rows after it", what, len(got))
				case (err == nil) != strings.Contains(bad.keeps, dialectName(e)):
					t.Errorf("%s: %v", what, err)
				}
				for _, r := range got {
					s.Delete(r)
				}
				if err := errors.Join(s.Commit(ctx), s.Close()); err != nil {
					t.Error(err)
				}
			}
		}
	})
}

// dialectName is the name of an Engine's dialect, mysql for MariaDB too.
func dialectName(e *engine.Engine) string {
	if name := e.Dialect().Name(); name != "mariadb" {
		return name
	}
	return "mysql"
}

// What a condition compares with need not fit the column: no row has it.
func TestBadValuesCompared(t *testing.T) {
	for _, d := range five() {
		for column, v := range map[string]any{"short": "longer than five", "small": 40000, "money": "123456.789", "colour": "blue", "bytes": []byte("12345")} {
			s := expr.Select(expr.C[int](badTable, "id")).From(badTable).Where(expr.C[any](badTable, column).Eq(v))
			if _, _, err := expr.SQL(s, d); err != nil {
				t.Errorf("%s: %s = %v: %v", d.Name(), column, v, err)
			}
		}
	}
}

// Mistakes that no value of a column is: they too end before the connection.
func TestBadStatements(t *testing.T) {
	ctx := t.Context()
	id := expr.C[int](badTable, "id")
	ints := make([]int, 70000)
	for i := range ints {
		ints[i] = i
	}
	named := func(name string) dialect.Statement {
		table := schema.New(name, schema.Integer("id"))
		return expr.Select(expr.C[int](table, "id").As("x")).From(table)
	}
	for _, d := range five() {
		c := sends.New(d)
		eng, err := engine.Open("", engine.WithConnector(c))
		if err != nil {
			t.Fatal(err)
		}
		defer eng.Close()
		for what, b := range map[string]struct {
			s    dialect.Statement
			kind dialect.Kind
			says string
			ok   string // where it is no mistake
		}{
			"too many parameters":    {engine.Text("SELECT 1 WHERE 1 IN (:ids)", engine.Named{"ids": ints}), dialect.ErrStatement, d.Name(), ""},
			"an identifier of 200":   {named(strings.Repeat("x", 200)), dialect.ErrStatement, "longer than the limit", "sqlite"},
			"an empty identifier":    {expr.Select(id.As("")).From(badTable), dialect.ErrStatement, "", ""},
			"a NUL in a table name":  {named("a\x00b"), dialect.ErrStatement, "", ""},
			"text that is not UTF-8": {engine.Text("SELECT :v", engine.Named{"v": "\xff"}), dialect.ErrInvalidText, "not UTF-8", "sqlite"},
			"text with NUL":          {engine.Text("SELECT :v", engine.Named{"v": "a\x00"}), dialect.ErrInvalidText, "NUL", "sqlite mysql mssql oracle"},
			"NaN":                    {engine.Text("SELECT :v", engine.Named{"v": math.NaN()}), dialect.ErrOutOfRange, "NaN", "postgres oracle"},
			"a type of another database": {schema.CreateTable(schema.New("x", schema.NewColumn("a", dialect.Type{Kind: dialect.Array,
				Elem: &dialect.Type{Kind: dialect.Integer}}))), dialect.ErrUnsupported, "integer[]", "postgres"},
			"a cast to another database's type": {expr.Select(expr.Cast[[]int](id, dialect.Type{Kind: dialect.Array,
				Elem: &dialect.Type{Kind: dialect.Integer}}).As("a")).From(badTable), dialect.ErrUnsupported, "[]", "postgres"},
		} {
			before := c.Sent()
			_, err := eng.Run(ctx, b.s, nil)
			sent := c.Sent() != before
			switch {
			case strings.Contains(b.ok, d.Name()):
				if !sent {
					t.Errorf("%s: %s: not sent: %v", d.Name(), what, err)
				}
			case err == nil || sent || !errors.Is(err, b.kind) || !strings.Contains(err.Error(), b.says):
				if what == "too many parameters" && !sent && errors.Is(err, dialect.ErrArguments) {
					continue // more than a list takes
				}
				t.Errorf("%s: %s: %v (sent: %v), want %v with %q", d.Name(), what, err, sent, b.kind, b.says)
			}
		}
	}
}
