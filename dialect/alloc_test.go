//go:build !race

package dialect_test

import (
	"runtime"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// The room of a statement of many arguments is there for the next one.
func TestManyArgsAreRecycled(t *testing.T) {
	values := make([]any, 7000)
	for i := range values {
		values[i] = "x"
	}
	d := plain{"test", &dialect.Features{}}
	s := dialect.Text("INSERT INTO t VALUES (?)", values...)
	run := func() {
		c, err := dialect.Compile(d, s)
		if err != nil || len(c.Args()) != len(values) {
			t.Fatal(err)
		}
		c.Release()
	}
	run()
	const runs = 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		run()
	}
	runtime.ReadMemStats(&after)
	if n := (after.TotalAlloc - before.TotalAlloc) / runs; n > 100_000 { // a collection may come between
		t.Errorf("%d bytes a statement of %d arguments", n, len(values))
	}
}
