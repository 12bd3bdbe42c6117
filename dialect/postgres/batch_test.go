package postgres

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

func TestBatch(t *testing.T) {
	for _, mode := range []string{"cache", "describe", "exec", "simple"} {
		t.Run(mode, func(t *testing.T) {
			c := open(t, inSchema(t), dialect.Option{Name: "query_mode", Value: mode}, dialect.Option{Name: "statement_cache", Value: "3"})
			exec(t, c, "CREATE TABLE t (id int PRIMARY KEY, name text)")
			batch := func() []*dialect.Compiled {
				return []*dialect.Compiled{
					compiled("INSERT INTO t VALUES ($1, $2)", 1, "a"),
					compiled("INSERT INTO t VALUES ($1, $2)", 2, ""),
					compiled("SELECT name FROM t WHERE id <= $1 ORDER BY id", 2),
					compiled("SELECT name FROM t WHERE id <= $1 ORDER BY id", 2), // left unread
					compiled("UPDATE t SET name = name || 'x' WHERE id > $1", 0),
					compiled("DELETE FROM t WHERE id > $1 RETURNING id", 0),
				}
			}
			for run := range 3 {
				var got []string
				var affected []int64
				err := c.Batch(t.Context(), batch(), func(i int, rows dialect.Rows) error {
					if i == 3 {
						rows.Next()
						return nil
					}
					for rows.Next() {
						var s string
						if err := rows.ScanRow([]any{&s}); err != nil {
							return err
						}
						got = append(got, s)
					}
					affected = append(affected, rows.Result().RowsAffected())
					return rows.Err()
				})
				if err != nil {
					t.Fatalf("run %d: %v", run, err)
				}
				if strings.Join(got, ",") != "a,,1,2" || len(affected) != 5 || affected[0] != 1 || affected[3] != 2 {
					t.Errorf("run %d: rows %q, affected %v", run, got, affected)
				}
			}

			// a failure ends it, and takes all of it back
			err := c.Batch(t.Context(), []*dialect.Compiled{
				compiled("INSERT INTO t VALUES ($1, $2)", 1, "a"),
				compiled("INSERT INTO t VALUES ($1, $2)", 1, "b"),
				compiled("INSERT INTO t VALUES ($1, $2)", 3, "c"),
			}, nil)
			var be *dialect.BatchError
			if !errors.Is(err, dialect.ErrUniqueViolation) || !errors.As(err, &be) || be.Index != 1 {
				t.Errorf("a duplicate: %v, %+v", err, be)
			}
			if n := one[int64](t, c, "SELECT count(*) FROM t"); n != 0 || c.Dirty() {
				t.Errorf("%d rows stay, Dirty %v", n, c.Dirty())
			}
			// in a row further on
			err = c.Batch(t.Context(), []*dialect.Compiled{compiled("SELECT 1/(3-n) FROM generate_series(1,$1::int) n", 5)}, nil)
			if !errors.Is(err, dialect.ErrDivisionByZero) {
				t.Errorf("an error of a row: %v", err)
			}
			// a mistake in the text, and one in the arguments
			err = c.Batch(t.Context(), []*dialect.Compiled{compiled("SELECT $1::int", 1), compiled("SELEKT $1", 1)}, nil)
			if !errors.Is(err, dialect.ErrSyntax) || !errors.As(err, &be) || be.Index != 1 {
				t.Errorf("a mistake in the text: %v", err)
			}
			err = c.Batch(t.Context(), []*dialect.Compiled{compiled("SELECT $1::int", 1), compiled("SELECT $1::int", 1, 2)}, nil)
			if err == nil || !errors.As(err, &be) || be.Index != 1 {
				t.Errorf("a surplus argument: %v", err)
			}
			// the program's own error
			own := errors.New("stop here")
			seen := 0
			err = c.Batch(t.Context(), []*dialect.Compiled{compiled("SELECT $1::int", 1), compiled("SELECT $1::int", 2)}, func(int, dialect.Rows) error { seen++; return own })
			if !errors.Is(err, own) || seen != 1 {
				t.Errorf("an error of the program: %v, %d calls", err, seen)
			}
			if !c.Usable() || one[int64](t, c, "SELECT 1::int8") != 1 {
				t.Error("not usable afterwards")
			}
			if err := c.Batch(t.Context(), nil, nil); err != nil {
				t.Errorf("an empty batch: %v", err)
			}
		})
	}
}

func TestCopyFrom(t *testing.T) {
	c := open(t, inSchema(t))
	exec(t, c, `CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE "Items" (id int8, name text, price numeric(10,2), at timestamp, m mood, data jsonb, tags text[], note varchar)`)
	at := time.Date(2024, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	columns := []string{"id", "name", "price", "at", "m", "data", "tags", "note"}
	rows := func(n int, bad any) func() ([]any, error) {
		i := 0
		return func() ([]any, error) {
			if i++; i > n {
				return nil, nil
			}
			if i == n && bad != nil {
				if err, ok := bad.(error); ok {
					return nil, err
				}
				return []any{bad, "", 1, at, nil, nil, nil, nil}, nil
			}
			return []any{i, "näme", "12.5", at, "ok", map[string]int{"a": i}, []string{"x", "y z"}, nil}, nil
		}
	}
	const n = 20_000
	res, err := c.CopyFrom(t.Context(), "", "Items", columns, rows(n, nil))
	if err != nil || res.RowsAffected() != n {
		t.Fatalf("%d rows, %v", res.RowsAffected(), err)
	}
	got := one[string](t, c, `SELECT count(*) || ' ' || sum(id) || ' ' || sum(price) || ' ' || min(at) || ' ' || max(m) || ' ' || sum((data->>'a')::int) || ' ' || max(tags[2]) || ' ' || count(note) || max(name) FROM "Items"`)
	if want := "20000 200010000 250000.00 2024-01-02 02:04:05 ok 200010000 y z 0näme"; got != want {
		t.Errorf("the table holds %s\nwant %s", got, want)
	}
	own := errors.New("no more")
	for _, tc := range []struct {
		bad  any
		want error
		text string
	}{
		{own, own, "no more"},
		{"x", dialect.ErrInvalidText, `row 3: postgres: column "id": "x" is not a whole number`},
		{make(chan int), dialect.ErrArguments, "column id of type INT8"},
	} {
		_, err := c.CopyFrom(t.Context(), "", "Items", columns, rows(3, tc.bad))
		if !errors.Is(err, tc.want) || !strings.Contains(err.Error(), tc.text) {
			t.Errorf("%v: %v", tc.bad, err)
		}
	}
	if _, err := c.CopyFrom(t.Context(), "", "Items", []string{"id", "none"}, rows(1, nil)); !errors.Is(err, dialect.ErrUndefinedColumn) {
		t.Errorf("an unknown column: %v", err)
	}
	if _, err := c.CopyFrom(t.Context(), "", "Items", []string{"id"}, rows(1, nil)); !errors.Is(err, dialect.ErrArguments) {
		t.Errorf("too many values: %v", err)
	}
	if _, err := c.CopyFrom(t.Context(), "", "", nil, nil); !errors.Is(err, dialect.ErrStatement) {
		t.Errorf("no columns: %v", err)
	}
	if count := one[int64](t, c, `SELECT count(*) FROM "Items"`); count != n {
		t.Errorf("%d rows after failed copies", count)
	}
}
