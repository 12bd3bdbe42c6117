package expr_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/expr"
)

func mustSQL(t *testing.T, s interface {
	expr.Query
}) string {
	t.Helper()
	text, _, err := expr.SQL(s, postgres.Dialect())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A base query extended in two ways gives two queries and stays what it is.
func TestExtendingLeavesTheBase(t *testing.T) {
	base := expr.Select(Users.ID).From(Users).Where(Users.Active.Eq(true))
	before := mustSQL(t, base)
	a := base.Where(Users.Name.Eq("a")).OrderBy(Users.ID)
	b := base.Where(Users.Age.Gt(1)).Limit(3)
	if got := mustSQL(t, base); got != before {
		t.Errorf("the base became %s", got)
	}
	if got, want := mustSQL(t, a), before+" AND users.name = $2 ORDER BY users.id"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := mustSQL(t, b), before+" AND users.age > $2 LIMIT $3"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Many goroutines extend and compile one base at once; the race detector and
// the texts both say whether one wrote into another's query.
func TestOneBaseManyGoroutines(t *testing.T) {
	base := expr.Select(Users.ID).From(Users)
	for _, room := range []int{0, 1, 13, 14, 40} { // around the ends of a list
		q := base
		for range room {
			q = q.Where(Users.ID.Gt(0))
		}
		prefix := mustSQL(t, q)
		var wg sync.WaitGroup
		for g := range 16 {
			wg.Go(func() {
				mine := q
				for k := range 20 {
					mine = mine.Where(Users.Age.Eq(g))
					text, args, err := expr.SQL(mine, postgres.Dialect())
					if err != nil || !strings.HasPrefix(text, prefix) || len(args) != room+k+1 {
						t.Errorf("goroutine %d: %v: %s", g, err, text)
						return
					}
					for _, a := range args[room:] {
						if a != g {
							t.Errorf("goroutine %d: finds the value %v of another one", g, a)
							return
						}
					}
				}
			})
		}
		wg.Wait()
		if got := mustSQL(t, q); got != prefix {
			t.Errorf("the base became %s", got)
		}
	}
}

// A slice that the caller changes afterwards does not reach the statement.
func TestArgumentsAreCopied(t *testing.T) {
	ids := []int64{1, 2, 3}
	conds := []expr.Cond{Users.ID.In(ids...)}
	q := expr.Select(Users.ID).From(Users).Where(conds...)
	ids[0] = 9
	conds[0] = expr.Cond{}
	_, args, err := expr.SQL(q, postgres.Dialect())
	if err != nil || fmt.Sprint(args) != "[1 2 3]" {
		t.Errorf("got %v %v", args, err)
	}
}

// Composing is linear in the number of calls: the bytes allocated for twice
// the calls are about twice as many.
func TestChainingIsLinear(t *testing.T) {
	chain := func(n int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		q := expr.Select(Users.ID).From(Users)
		for range n {
			q = q.Where(Users.Active.Eq(true))
		}
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(q)
		return after.TotalAlloc - before.TotalAlloc
	}
	one, four := chain(1000), chain(4000)
	if one == 0 || float64(four)/float64(one) > 6 {
		t.Errorf("4,000 calls allocate %d bytes, and 1,000 %d", four, one)
	}
	if per := one / 1000; per > 500 {
		t.Errorf("a call allocates %d bytes", per)
	}
	q := expr.Select(Users.ID).From(Users)
	for range 1000 {
		q = q.Where(Users.Active.Eq(true))
	}
	if n := strings.Count(mustSQL(t, q), "users.active"); n != 1000 {
		t.Errorf("%d of 1,000 conditions are there", n)
	}
}
