package all_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/tdsfake"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/tnsfake"
)

// kept reports whether a database that gives got as text has kept v.
func kept(v any, got string) bool {
	switch x := v.(type) {
	case driver.Valuer:
		text, err := x.Value()
		return err == nil && fmt.Sprint(text) == got
	case []byte:
		return string(x) == got
	case float64:
		f, err := strconv.ParseFloat(got, 64)
		return err == nil && (f == x || f != f && x != x)
	case time.Duration:
		clock, _, _ := strings.Cut(got, ".")
		return fmt.Sprint(int64(x)) == got || fmt.Sprintf("%d:%02d:%02d", int(x.Hours()), int(x.Minutes())%60, int(x.Seconds())%60) == clock
	case time.Time:
		return strings.HasPrefix(got, x.Format("2006-01-02"))
	case string: // a DATETIME, which is all that MySQL has for an instant, is in UTC
		if at, err := time.Parse(time.RFC3339, got); err == nil {
			return strings.HasPrefix(at.Format(time.DateTime), x)
		}
	}
	return fmt.Sprint(v) == got
}

// Rows that are copied are held to what an INSERT is held to: by each database's way, a value is kept as it was, or the
// copy fails with the column and the row, and leaves nothing.
func TestBadValuesCopied(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		ctx := t.Context()
		e := opened(t, b.URL)
		name := fmt.Sprint("bad_copies_", time.Now().UnixNano())
		var without []string
		if e.Dialect().Name() == "oracle" {
			without = []string{"clock"} // has no TIME
		}
		table := newBadTable(name, without...)
		if _, err := e.Run(ctx, schema.CreateTable(table), nil); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := e.Run(context.Background(), schema.DropTable(table), nil); err != nil {
				t.Error(err)
			}
		})
		ways := map[string][]engine.CopyOption{"copied": nil}
		if e.Dialect().Features().CopyOnRequest {
			ways["loaded"] = []engine.CopyOption{engine.CopyLoad()}
		}
		for _, bad := range badValues {
			if slices.Contains(without, bad.column) {
				continue
			}
			for way, opts := range ways {
				what := fmt.Sprintf("%T(%.40q) %s into %s", bad.v, bad.v, way, bad.column)
				rows := [][]any{{1, nil}, {2, bad.v}, {3, nil}}
				_, err := engine.Copy(ctx, e, name, slices.Values(rows), append(opts, engine.CopyColumns("id", bad.column))...)
				if errors.Is(err, engine.ErrUnsupported) && way == "loaded" { // the server was told to take no files
					testenv.Report(t, "bad values loaded into %s: not run, %v", b.Name, err)
					delete(ways, way)
					continue
				}
				if err == nil {
					got, err := engine.Scalar[string](ctx, e, engine.Text("SELECT t."+bad.column+" FROM "+name+" t WHERE id = 2"))
					if err != nil || !kept(bad.v, got) {
						t.Errorf("%s is there as %q (%v)", what, got, err)
					} else {
						t.Logf("%s is kept", what)
					}
					if _, err := e.Exec(ctx, "DELETE FROM "+name); err != nil {
						t.Fatal(err)
					}
					continue
				}
				ce, ok := errors.AsType[*engine.CopyError](err)
				if !ok || ce.First > 2 || ce.Last < 2 || !strings.Contains(err.Error(), bad.column) || !errors.Is(err, dialect.ErrData) {
					t.Errorf("%s: %v", what, err)
				}
				if n, err := engine.Scalar[int](ctx, e, engine.Text("SELECT count(*) FROM "+name)); n != 0 || err != nil {
					t.Fatalf("%s leaves %d rows (%v)", what, n, err)
				}
			}
		}
	})
}

// badOnWire are values for a column v of a type that a reply shows by a value of it, for the servers that are not there.
var badOnWire = []struct {
	column string // of copiedTo
	v      any
	kind   dialect.Kind
	limit  string
	keeps  string // which have such values; after "not", which are not asked
}{
	{"number", "seven", dialect.ErrInvalidText, `"seven"`, ""},
	{"number", 1.5, dialect.ErrOutOfRange, "whole number", "oracle"},
	{"number", uint64(math.MaxUint64), dialect.ErrOutOfRange, "9223372036854775807", "oracle"},
	{"text", "a\xffb", dialect.ErrInvalidText, "not UTF-8 (byte 1)", ""},
	{"text", []byte{0xff}, dialect.ErrInvalidText, "not UTF-8 (byte 0)", ""},
	{"text", strings.Repeat("x", 4001), dialect.ErrTooLong, "4001", ""},
	{"text", strings.Repeat("𝄞", 2001), dialect.ErrTooLong, "4002 units of UTF-16", "not oracle"},
	{"money", "1.005", dialect.ErrOutOfRange, "3 digits after the point", "oracle"},
	{"money", "123456789012345678.00", dialect.ErrOutOfRange, "18 digits before the point", "oracle"},
	{"money", "12,5", dialect.ErrInvalidText, "not a decimal number", ""},
	{"money", math.NaN(), dialect.ErrOutOfRange, "NaN", ""},
	{"float", math.Inf(1), dialect.ErrOutOfRange, "+Inf", ""},
	{"flag", 2, dialect.ErrOutOfRange, "0 to 1", "oracle"},
	{"flag", "maybe", dialect.ErrInvalidText, `"maybe"`, ""},
	{"moment", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), dialect.ErrOutOfRange, "1 to 9999", ""},
	{"moment", "2024-05-06 07:08:09+02:00", dialect.ErrInvalidText, "the column has none", ""},
	{"moment", "soon", dialect.ErrInvalidText, "is not a timestamp", ""},
	{"bytes", make([]byte, 8001), dialect.ErrTooLong, "8001 bytes", "not oracle"},
	{"uid", "not a uuid", dialect.ErrInvalidText, "not a UUID", "oracle"},
	{"number", make(chan int), dialect.ErrArguments, "chan int", ""},
}

// A copy to SQL Server and to Oracle refuses before it sends a row that holds such a value, with the column and the row.
func TestBadValuesCopiedByWire(t *testing.T) {
	columns := []string{"number", "text", "money", "float", "flag", "moment", "bytes", "uid"}
	ms, onMS := onSQLServer(t, func(r tdsfake.Request) tdsfake.Reply {
		switch {
		case strings.Contains(r.Text, "sys.columns"):
			rows := make([][]any, len(columns))
			for i, name := range columns {
				rows[i] = []any{name, int64(0)}
			}
			return tdsfake.Reply{Columns: []string{"name", "identity"}, Rows: rows}
		case strings.HasPrefix(strings.ToUpper(r.Text), "SELECT"):
			all := []any{int64(0), "x", tdsfake.Decimal{Digits: 1, Scale: 2}, 1.5, true, wayTime, []byte{1}, tdsfake.GUID{}}
			reply := tdsfake.Reply{Rows: [][]any{nil}}
			for i, name := range columns {
				if strings.Contains(r.Text, name) || strings.Contains(r.Text, "*") {
					reply.Columns, reply.Rows[0] = append(reply.Columns, name), append(reply.Rows[0], all[i])
				}
			}
			return reply
		}
		return tdsfake.Reply{Affected: 1}
	})
	ora, onOra := onOracle(t, func(r tnsfake.Request) tnsfake.Reply {
		if strings.HasPrefix(r.Text, "SELECT") {
			all := []any{tnsfake.Number("1"), "x", tnsfake.Number("1"), tnsfake.Number("1"), tnsfake.Number("1"), wayTime, []byte{1}, []byte{1}}
			reply := tnsfake.Reply{Rows: [][]any{nil}}
			for i, name := range columns {
				if strings.Contains(r.Text, `"`+name+`"`) || strings.Contains(r.Text, name+" ") || strings.Contains(r.Text, name+",") {
					reply.Columns, reply.Rows[0] = append(reply.Columns, strings.ToUpper(name)), append(reply.Rows[0], all[i])
				}
			}
			return reply
		}
		return tnsfake.Reply{Affected: 1 + len(r.More)}
	})
	for _, side := range []struct {
		e    *engine.Engine
		sent func() (texts []string)
	}{
		{ms, func() (texts []string) {
			for _, r := range onMS.Requests() {
				texts = append(texts, r.Text)
			}
			return texts
		}},
		{ora, func() (texts []string) {
			for _, r := range onOra.Requests() {
				texts = append(texts, r.Text)
			}
			return texts
		}},
	} {
		if err := side.e.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		d := side.e.Dialect().Name()
		for _, bad := range badOnWire {
			if bad.keeps == "not "+d { // a LOB, which the fake does not speak
				continue
			}
			what := fmt.Sprintf("%s: %T(%.20q) into %s", d, bad.v, bad.v, bad.column)
			for at, rows := range [][][]any{{{bad.v}}, {{nil}, {bad.v}}} {
				side.sent()
				_, err := engine.Copy(t.Context(), side.e, "t", slices.Values(rows), engine.CopyColumns(bad.column))
				texts := side.sent()
				if strings.Contains(bad.keeps, d) {
					if err != nil {
						t.Errorf("%s: %v", what, err)
					}
					continue
				}
				ce, ok := errors.AsType[*engine.CopyError](err)
				if !ok || ce.First != int64(at+1) || ce.Last != ce.First || !errors.Is(err, bad.kind) || !strings.Contains(err.Error(), bad.limit) ||
					!strings.Contains(err.Error(), bad.column) {
					t.Errorf("%s, row %d: %v", what, at+1, err)
				}
				insert := func(s string) bool { return strings.HasPrefix(s, "INSERT") }
				if at == 0 && slices.ContainsFunc(texts, insert) || len(texts) == 0 || texts[len(texts)-1] != "ROLLBACK" && slices.ContainsFunc(texts, insert) {
					t.Errorf("%s, row %d: it sent %q", what, at+1, texts)
				}
			}
		}
	}
}
