package engine_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/tdsfake"
)

type copied struct {
	ID     int64
	Name   string
	Mail   *string
	Nick   sql.Null[string]
	Score  float64
	Active bool
	At     time.Time
	Data   map[string]int `db:",json"`
	Photo  []byte
	Total  int `db:",readonly,optional"`
	Owner  *copied
	Skip   chan int `db:"-"`
}

// copyInto calls f with an Engine of each live database and the name of a table of copied rows.
func copyInto(t *testing.T, f func(t *testing.T, e *engine.Engine, table string)) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		table += "_c"
		text := "CREATE TABLE " + table + " (id "
		for _, c := range []struct {
			then string
			typ  dialect.Type
		}{
			{" NOT NULL PRIMARY KEY, name ", dialect.Type{Kind: dialect.BigInt}},
			{" NOT NULL, mail ", dialect.Type{Kind: dialect.Varchar, Length: 50}},
			{", nick ", dialect.Type{Kind: dialect.Varchar, Length: 50}},
			{", score ", dialect.Type{Kind: dialect.Varchar, Length: 50}},
			{", active ", dialect.Type{Kind: dialect.Double}},
			{", at ", dialect.Type{Kind: dialect.Boolean}},
			{", data ", dialect.Type{Kind: dialect.TimestampTZ, Precision: 6}},
			{", photo ", dialect.Type{Kind: dialect.JSON}},
			{")", dialect.Type{Kind: dialect.Blob}},
		} {
			name, err := e.Dialect().TypeName(&c.typ)
			check(t, err)
			text += name + c.then
		}
		_, err := e.Exec(t.Context(), text)
		check(t, err)
		t.Cleanup(func() {
			if _, err := e.Exec(context.Background(), "DROP TABLE "+table); err != nil {
				t.Error(err)
			}
		})
		f(t, e, table)
	})
}

func copies(n int) iter.Seq[copied] {
	return func(yield func(copied) bool) {
		for i := range n {
			mail := fmt.Sprint("m", i, "@example.com")
			c := copied{ID: int64(i), Name: fmt.Sprint("näme\t", i, "\\\n'"), Score: float64(i) / 4, Active: i%2 == 0,
				At: time.Date(2024, 2, 29, 1, 2, 3, 456789000, time.UTC).Add(time.Duration(i) * time.Second)}
			if i%3 == 0 {
				c.Mail, c.Nick = &mail, sql.Null[string]{V: "nick", Valid: true}
				c.Data, c.Photo = map[string]int{"a": i}, []byte{0, 255, byte(i), '\n', '\\'}
			}
			if !yield(c) {
				return
			}
		}
	}
}

func TestCopy(t *testing.T) {
	copyInto(t, func(t *testing.T, e *engine.Engine, table string) {
		for _, n := range []int{0, 1, 1003} {
			for _, opts := range [][]engine.CopyOption{nil, {engine.CopyLoad()}} {
				if _, err := e.Exec(t.Context(), "DELETE FROM "+table); err != nil {
					t.Fatal(err)
				}
				res, err := engine.Copy(t.Context(), e, table, copies(n), opts...)
				if opts != nil && e.Dialect().Name() == "sqlite" {
					if !errors.Is(err, engine.ErrUnsupported) {
						t.Errorf("CopyLoad: %v", err)
					}
					continue
				}
				if err != nil || res.RowsAffected() != int64(n) {
					t.Fatalf("%d rows: %d, %v", n, res.RowsAffected(), err)
				}
				got, err := engine.All[copied](t.Context(), e, engine.Text("SELECT * FROM "+table+" ORDER BY id"))
				if err != nil || len(got) != n {
					t.Fatalf("%d rows came back: %v", len(got), err)
				}
				for i, want := range slices.Collect(copies(n)) {
					g := got[i]
					if !g.At.Equal(want.At) {
						t.Fatalf("row %d: %v, not %v", i, g.At, want.At)
					}
					g.At = want.At
					if !reflect.DeepEqual(g, want) {
						t.Fatalf("row %d came back as\n%+v, not\n%+v", i, g, want)
					}
				}
			}
		}
	})
}

func TestCopyForms(t *testing.T) {
	copyInto(t, func(t *testing.T, e *engine.Engine, table string) {
		list := slices.Collect(copies(3))
		pointers := []*copied{&list[0], &list[1], &list[2]}
		names := func(want string) {
			t.Helper()
			got, err := engine.All[int64](t.Context(), e, engine.Text("SELECT id FROM "+table+" ORDER BY id"))
			if err != nil || fmt.Sprint(got) != want {
				t.Errorf("the table holds %v (%v), not %s", got, err, want)
			}
		}
		if _, err := engine.Copy(t.Context(), e, table, slices.Values(pointers), engine.CopyOmit("mail", "data")); err != nil {
			t.Fatal(err)
		}
		rows := [][]any{{10, "ten"}, {int32(11), []byte("eleven")}}
		if _, err := engine.Copy(t.Context(), e, table, slices.Values(rows), engine.CopyColumns("id", "name")); err != nil {
			t.Fatal(err)
		}
		conn := connect(t, e)
		if _, err := engine.Copy(t.Context(), conn, table, slices.Values(list[:1]), engine.CopyColumns("id", "name")); !errors.Is(err, engine.ErrUniqueViolation) {
			t.Errorf("a row that is there: %v", err)
		}
		names("[0 1 2 10 11]")
		// from one query into another connection, within a transaction that goes on after a copy that failed
		err := e.Transact(t.Context(), func(tx *engine.Tx) error {
			from := engine.Each[copied](t.Context(), conn, engine.Text("SELECT * FROM "+table+" WHERE id < 3"))
			_, err := engine.CopyFrom(t.Context(), tx, table, from)
			if !errors.Is(err, engine.ErrUniqueViolation) {
				t.Errorf("rows that are there: %v", err)
			}
			moved := func(yield func(copied, error) bool) {
				for i := range 2 {
					if !yield(copied{ID: int64(20 + i), Name: "moved"}, nil) {
						return
					}
				}
			}
			_, err = engine.CopyFrom(t.Context(), tx, table, moved, engine.CopyOmit("data"))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		names("[0 1 2 10 11 20 21]")
	})
}

func TestCopyFails(t *testing.T) {
	own := errors.New("no more")
	copyInto(t, func(t *testing.T, e *engine.Engine, table string) {
		seq := func(rows ...[]any) iter.Seq2[[]any, error] {
			return func(yield func([]any, error) bool) {
				for i := range 500 {
					if !yield([]any{i, "name"}, nil) {
						return
					}
				}
				for _, r := range rows {
					var err error
					if r == nil {
						err = own
					}
					if !yield(r, err) {
						return
					}
				}
			}
		}
		two := engine.CopyColumns("id", "name")
		for _, tc := range []struct {
			name string
			rows iter.Seq2[[]any, error]
			opts []engine.CopyOption
			want error
			text string
		}{
			{"the iterator's", seq(nil), []engine.CopyOption{two}, own, "no more"},
			{"a key twice", seq([]any{7, "x"}), []engine.CopyOption{two}, engine.ErrUniqueViolation, "copy into " + table},
			{"NULL", seq([]any{600, nil}), []engine.CopyOption{two}, engine.ErrNotNullViolation, "row"},
			{"a value too few", seq([]any{1}), []engine.CopyOption{two}, engine.ErrArguments, "row 501 has 1 values for 2 columns"},
			{"no value", seq([]any{}), []engine.CopyOption{two}, engine.ErrArguments, "row 501 has 0 values"},
			{"a type", seq([]any{600, make(chan int)}), []engine.CopyOption{two}, engine.ErrArguments, "row"},
			{"a column", seq(), []engine.CopyOption{engine.CopyColumns("id", "nam")}, engine.ErrUndefinedColumn, "nam"},
			{"a column twice", seq(), []engine.CopyOption{engine.CopyColumns("id", "id")}, engine.ErrArguments, "named twice"},
			{"an identifier", seq(), []engine.CopyOption{engine.CopyColumns("id", "a\x00")}, engine.ErrStatement, "NUL"},
			{"no columns", seq(), nil, engine.ErrArguments, "CopyColumns"},
			{"omit", seq(), []engine.CopyOption{two, engine.CopyOmit("id")}, engine.ErrArguments, "structs"},
		} {
			_, err := engine.CopyFrom(t.Context(), e, table, tc.rows, tc.opts...)
			if !errors.Is(err, tc.want) || !strings.Contains(err.Error(), tc.text) {
				t.Errorf("%s: %v", tc.name, err)
			}
			if !e.Dialect().Features().CopyOnRequest {
				continue
			}
			_, err = engine.CopyFrom(t.Context(), e, table, tc.rows, append(slices.Clone(tc.opts), engine.CopyLoad())...)
			if !errors.Is(err, tc.want) || !strings.Contains(err.Error(), tc.text) {
				t.Errorf("%s, loaded: %v", tc.name, err)
			}
		}
		if _, err := engine.Copy(t.Context(), e, table+"_none", copies(1)); !errors.Is(err, engine.ErrUndefinedTable) {
			t.Errorf("an unknown table: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		i := 0
		endless := func(yield func([]any) bool) {
			for yield([]any{i, "x"}) {
				if i++; i == 300 {
					cancel()
				}
			}
		}
		if _, err := engine.Copy(ctx, e, table, endless, two); !errors.Is(err, context.Canceled) || !errors.Is(err, engine.ErrCancelled) {
			t.Errorf("cancelled: %v", err)
		}
		func() {
			defer func() {
				if v := recover(); v != "mine" {
					t.Errorf("the panic was %v", v)
				}
			}()
			_, err := engine.Copy(t.Context(), e, table, func(yield func([]any) bool) {
				yield([]any{1, "x"})
				panic("mine")
			}, two)
			t.Errorf("after a panic: %v", err)
		}()
		n, err := engine.Scalar[int64](t.Context(), e, engine.Text("SELECT count(*) FROM "+table))
		if err != nil || n != 0 {
			t.Errorf("%d rows after copies that failed, %v", n, err)
		}
	})
}

func TestCopyRefuses(t *testing.T) {
	e, _ := open(t)
	for _, tc := range []struct {
		name string
		run  func() error
		text string
	}{
		{"nil rows", func() error { _, err := engine.Copy[copied](t.Context(), e, "t", nil); return err }, "needs rows"},
		{"a number", func() error { _, err := engine.Copy(t.Context(), e, "t", slices.Values([]int{1})); return err }, "not int"},
		{"nil option", func() error { _, err := engine.Copy(t.Context(), e, "t", copies(1), nil); return err }, "nil option"},
		{"nil runner", func() error { _, err := engine.Copy(t.Context(), nil, "t", copies(1)); return err }, "Runner"},
		{"no field", func() error {
			_, err := engine.Copy(t.Context(), e, "t", copies(1), engine.CopyColumns("id", "nmae"))
			return err
		}, `"nmae" (did you mean "name"?)`},
		{"no field to omit", func() error {
			_, err := engine.Copy(t.Context(), e, "t", copies(1), engine.CopyOmit("idd"))
			return err
		}, `"idd"`},
		{"no table", func() error { _, err := engine.Copy(t.Context(), e, "", copies(1)); return err }, "table"},
		{"no load", func() error { _, err := engine.Copy(t.Context(), e, "t", copies(1), engine.CopyLoad()); return err }, "CopyLoad"},
	} {
		err := tc.run()
		if !errors.Is(err, engine.ErrArguments) && !errors.Is(err, engine.ErrUnsupported) || !strings.Contains(err.Error(), tc.text) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

// What the bulk protocol of SQL Server would drop is inserted.
func TestCopyOfIdentityValues(t *testing.T) {
	srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
		switch {
		case strings.Contains(r.Text, "ProductVersion"):
			return tdsfake.Reply{Columns: []string{"v", "e", "l", "b", ""}, Rows: [][]any{{"16.0.1000.6", int64(3), int64(160), nil, "Latin1_General_CI_AS"}}}
		case strings.Contains(r.Text, "sys.columns"):
			return tdsfake.Reply{Columns: []string{"name", "identity"}, Rows: [][]any{{"id", int64(1)}, {"name", int64(0)}}}
		case strings.HasPrefix(r.Text, "SELECT id"):
			return tdsfake.Reply{Columns: []string{"id", "name"}, Rows: [][]any{{int64(0), "x"}}}
		case strings.Contains(r.Text, "INSERT"):
			return tdsfake.Reply{Affected: 2}
		}
		return tdsfake.Reply{}
	})
	e, err := engine.Open("sqlserver://sa:" + tdsfake.Password + "@" + srv.Addr + "/shop?encrypt=disable")
	check(t, err)
	defer e.Close()
	res, err := engine.Copy(t.Context(), e, "t", slices.Values([][]any{{1, "a"}, {2, "b"}}), engine.CopyColumns("id", "name"))
	if err != nil || res.RowsAffected() != 2 {
		t.Errorf("%d rows, %v", res.RowsAffected(), err)
	}
	var sent []string
	for _, r := range srv.Requests() {
		if strings.Contains(r.Text, "INSERT") {
			sent = append(sent, r.Text)
		}
	}
	if want := []string{"SET IDENTITY_INSERT t ON; INSERT INTO t (id, name) VALUES (@p1, @p2), (@p3, @p4); SET IDENTITY_INSERT t OFF"}; !slices.Equal(sent, want) {
		t.Errorf("it sent %q", sent)
	}
}
