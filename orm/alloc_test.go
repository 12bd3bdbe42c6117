//go:build !race

package orm_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/orm"
)

// Wide has eight columns, two of them texts.
type Wide struct {
	ID      int64 `db:",pk"`
	A, B    string
	C, D, E int64
	F       float64
	G       bool
}

func (Wide) TableName() string { return "orm_wide" }

func wide(tb testing.TB, b *bed, n int) {
	tb.Helper()
	sess := orm.NewSession(b.eng)
	for i := range n {
		sess.Add(&Wide{A: fmt.Sprint("a", i), B: fmt.Sprint("b", i), C: int64(i), D: 2, E: 3, F: 1.5, G: true})
	}
	if err := sess.Commit(b.ctx); err != nil {
		tb.Fatal(err)
	}
	if err := sess.Close(); err != nil {
		tb.Fatal(err)
	}
}

// allocs counts the allocations of f.
func allocs(f func()) float64 {
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs - before.Mallocs)
}

func TestAllocLoading(t *testing.T) {
	const n = 10000
	b := sqliteBed(t, &Wide{})
	wide(t, b, n)
	w := orm.Ref[Wide]()
	load := func(r engine.Runner) {
		list, err := orm.Select(w).All(b.ctx, r)
		if err != nil || len(list) != n {
			t.Fatal(len(list), err)
		}
	}
	// The object, two texts and a share of maps and slices; a session's snapshots come in chunks.
	if got := allocs(func() { load(b.eng) }) / n; got > 3.2 {
		t.Errorf("%.2f allocations an object without a session", got)
	}
	got := allocs(func() {
		sess := orm.NewSession(b.eng)
		load(sess)
		if err := sess.Close(); err != nil {
			t.Fatal(err)
		}
	}) / n
	if got > 3.2 {
		t.Errorf("%.2f allocations an object of a session", got)
	}
	// Looking for changes among objects without any allocates next to nothing.
	sess := orm.NewSession(b.eng)
	defer sess.Close()
	load(sess)
	if got := allocs(func() {
		if err := sess.Flush(b.ctx); err != nil {
			t.Fatal(err)
		}
	}); got > 60 {
		t.Errorf("%.0f allocations to flush nothing", got)
	}
}

func BenchmarkLoad(b *testing.B) {
	bed := benchBed(b)
	wide(b, bed, 10000)
	w := orm.Ref[Wide]()
	b.Run("engine.All", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := engine.All[*Wide](bed.ctx, bed.eng, orm.Select(w)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("no session", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := orm.Select(w).All(bed.ctx, bed.eng); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("session", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sess := orm.NewSession(bed.eng)
			if _, err := orm.Select(w).All(bed.ctx, sess); err != nil {
				b.Fatal(err)
			}
			if err := sess.Flush(bed.ctx); err != nil {
				b.Fatal(err)
			}
			sess.Close()
		}
	})
}

func BenchmarkFlush(b *testing.B) {
	bed := benchBed(b)
	b.ReportAllocs()
	for b.Loop() {
		wide(b, bed, 1000)
	}
}

func benchBed(b *testing.B) *bed {

	eng, err := engine.Open("sqlite:///" + b.TempDir() + "/bench.db")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { eng.Close() })
	t := &bed{eng: eng, ctx: b.Context()}
	if err := orm.Metadata(&Wide{}).CreateAll(t.ctx, eng); err != nil {
		b.Fatal(err)
	}
	return t
}
