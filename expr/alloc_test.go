//go:build !race

package expr_test

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/expr"
)

func TestAllocations(t *testing.T) {
	d := postgres.Dialect()
	const boxed = 3 // "paid", "sent", "A%"; small numbers and truth values need none
	run := func(f func()) float64 { return testing.AllocsPerRun(200, f) }

	building := run(func() {
		if _, _, err := expr.SQL(report("paid", "sent"), d); err != nil {
			t.Fatal(err)
		}
	}) - boxed
	t.Logf("building and compiling: %v allocations", building)
	if building > 7 {
		t.Errorf("building and compiling costs %v allocations beyond the values, want at most 7", building)
	}

	stmt := dialect.Statement(report("paid", "sent"))
	again := run(func() {
		if _, _, err := expr.SQL(stmt, d); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("compiling again: %v allocations", again)
	if again > 1 { // the arguments
		t.Errorf("compiling again costs %v allocations, want at most 1", again)
	}

	pooled := run(func() {
		c, err := dialect.Compile(d, stmt)
		if err != nil {
			t.Fatal(err)
		}
		c.Release()
	})
	t.Logf("compiling for a connection: %v allocations", pooled)
	if pooled > 1 {
		t.Errorf("compiling for a connection costs %v allocations, want at most 1", pooled)
	}

	prepared, err := expr.Prepare(expr.Select(Users.ID).From(Users).Where(expr.Eq(Users.Name, expr.Param[string]("name")), expr.Ge(Users.ID, expr.Param[int64]("id"))), d, "name", "id")
	if err != nil {
		t.Fatal(err)
	}
	name, id := any("ada"), any(int64(1000))
	bound := run(func() {
		c, err := dialect.Compile(d, prepared.With(name, id))
		if err != nil {
			t.Fatal(err)
		}
		c.Release()
	})
	t.Logf("a prepared statement with new values: %v allocations", bound)
	if bound > 1 { // what holds the arguments
		t.Errorf("a prepared statement costs %v allocations, want at most 1", bound)
	}

	cols := []expr.AnyColumn{Users.Name, Users.Email, Users.Age}
	values := make([]any, 3000)
	for k := range values {
		values[k] = true
	}
	rows := run(func() {
		c, err := dialect.Compile(d, expr.Insert(Users).Columns(cols...).Flat(values))
		if err != nil {
			t.Fatal(err)
		}
		c.Release()
	})
	t.Logf("1,000 rows of 3 columns: %v allocations", rows)
	if rows > 12 {
		t.Errorf("an insert of 1,000 rows costs %v allocations, want at most 12", rows)
	}
}

func BenchmarkReport(b *testing.B) {
	d := postgres.Dialect()
	b.Run("build", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := expr.SQL(report("paid", "sent"), d); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("again", func(b *testing.B) {
		b.ReportAllocs()
		stmt := dialect.Statement(report("paid", "sent"))
		for b.Loop() {
			if _, _, err := expr.SQL(stmt, d); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			byHand([]string{"paid", "sent"}, "A%")
		}
	})
}
