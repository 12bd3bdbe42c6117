//go:build !race

package mysql_test

import (
	"context"
	"database/sql"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// BenchmarkOneRow reads a row of 8 columns by its key, here and by database/sql
// written by hand, which prepares each time.
func BenchmarkOneRow(b *testing.B) {
	c := open(b, testenv.MySQL(b))
	wide(c, "sqlayer_my_bench", 1000)
	const text = "SELECT * FROM sqlayer_my_bench WHERE id = ?"
	u, err := dialect.ParseURL(testenv.MySQL(b))
	if err != nil {
		b.Fatal(err)
	}
	cfg := driverConfig(u)
	cfg.ParseTime = true
	raw, err := driver.NewConnector(cfg)
	if err != nil {
		b.Fatal(err)
	}
	db := sql.OpenDB(raw)
	b.Cleanup(func() { db.Close() })
	b.Run("sqlayer", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.people(text, 1000)
		}
	})
	b.Run("kept-statement", func(b *testing.B) {
		st, err := db.Prepare(text)
		if err != nil {
			b.Fatal(err)
		}
		defer st.Close()
		b.ReportAllocs()
		for b.Loop() {
			var p person
			if err := st.QueryRowContext(context.Background(), 1000).Scan(p.dst()...); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("database-sql", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var p person
			if err := db.QueryRowContext(context.Background(), text, 1000).Scan(p.dst()...); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkManyRows reads 10,000 rows in the two ways.
func BenchmarkManyRows(b *testing.B) {
	c := open(b, testenv.MySQL(b))
	wide(c, "sqlayer_my_many", 10000)
	u, err := dialect.ParseURL(testenv.MySQL(b))
	if err != nil {
		b.Fatal(err)
	}
	cfg := driverConfig(u)
	cfg.ParseTime = true
	raw, err := driver.NewConnector(cfg)
	if err != nil {
		b.Fatal(err)
	}
	db := sql.OpenDB(raw)
	b.Cleanup(func() { db.Close() })
	const text = "SELECT * FROM sqlayer_my_many WHERE id > ?"
	b.Run("sqlayer", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.people(text, 0)
		}
	})
	b.Run("database-sql", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rows, err := db.QueryContext(context.Background(), text, 0)
			if err != nil {
				b.Fatal(err)
			}
			for rows.Next() {
				var p person
				if err := rows.Scan(p.dst()...); err != nil {
					b.Fatal(err)
				}
			}
			if err := rows.Err(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
