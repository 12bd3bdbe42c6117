package postgres

import (
	"testing"
	"time"
)

// record is a row of the benchmark's table.
type record struct {
	ID    int64
	Name  string
	Email string
	Age   int32
	Score float64
	OK    bool
	At    time.Time
	Note  *string
}

func (r *record) dst(d []any) {
	d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7] = &r.ID, &r.Name, &r.Email, &r.Age, &r.Score, &r.OK, &r.At, &r.Note
}

const benchRows = 10_000

const benchQuery = `SELECT n::int8, 'name ' || n, 'mail' || n || '@example.com', (n % 90)::int4, n / 3.0::float8, n % 2 = 0,
	timestamptz '2024-01-01 00:00:00+00' + n * interval '1 second', CASE WHEN n % 3 = 0 THEN 'note ' || n END
	FROM generate_series(1, $1::int) n`

// readAll reads the rows of the benchmark into structs.
func readAll(tb testing.TB, c *Conn, into []record) []record {
	into = into[:0]
	rows, err := c.Query(tb.Context(), compiled(benchQuery, benchRows))
	if err != nil {
		tb.Fatal(err)
	}
	dst := make([]any, 8)
	for rows.Next() {
		into = append(into, record{})
		into[len(into)-1].dst(dst)
		if err := rows.ScanRow(dst); err != nil {
			tb.Fatal(err)
		}
	}
	if err := rows.Close(); err != nil || len(into) != benchRows {
		tb.Fatal(len(into), err)
	}
	return into
}

func BenchmarkRows(b *testing.B) {
	c := open(b)
	into := readAll(b, c, nil)
	b.ReportAllocs()
	for b.Loop() {
		into = readAll(b, c, into)
	}
}

func BenchmarkOneRow(b *testing.B) {
	c := open(b)
	q := compiled("SELECT $1::int8, $2::text", int64(7), "x")
	var id int64
	var name string
	dst := []any{&id, &name}
	b.ReportAllocs()
	for b.Loop() {
		rows, err := c.Query(b.Context(), q)
		if err != nil {
			b.Fatal(err)
		}
		for rows.Next() {
			if err := rows.ScanRow(dst); err != nil {
				b.Fatal(err)
			}
		}
		if err := rows.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
