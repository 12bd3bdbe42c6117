package agree

import (
	"errors"
	"flag"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// expected is what a tree comes to in each row of base; ok is false where the
// databases need not agree.
func (t *tree) expected() (vals []any, ok bool) {
	for _, row := range baseWorth {
		v := &env{row: row}
		x := t.eval(v)
		if v.lost != "" {
			return nil, false
		}
		vals = append(vals, x)
	}
	return vals, true
}

// cell makes the destination for a value of a kind that may be NULL.
func (k kind) cell() any {
	switch k {
	case whole:
		return new(*int64)
	case float:
		return new(*float64)
	case boolean:
		return new(*bool)
	case moment:
		return new(*time.Time)
	}
	return new(*string)
}

// read is what a destination of cell holds, as the functions in Go have it.
func (k kind) read(dst any) any {
	switch p := dst.(type) {
	case **int64:
		if *p != nil {
			return **p
		}
	case **float64:
		if *p != nil {
			return **p + 0 // of zero, no sign
		}
	case **bool:
		if *p != nil {
			return **p
		}
	case **time.Time:
		if *p != nil {
			return (*p).UTC()
		}
	case **string:
		if *p == nil {
			return nil
		}
		if k != exact {
			return **p
		}
		r := rat(**p)
		if r == nil {
			return fmt.Sprintf("%q, which is no number", **p)
		}
		return r
	}
	return nil
}

func same(a, b any) bool {
	if x, ok := a.(*big.Rat); ok {
		y, ok := b.(*big.Rat)
		return ok && x.Cmp(y) == 0
	}
	if x, ok := a.(time.Time); ok {
		y, ok := b.(time.Time)
		return ok && x.Equal(y)
	}
	return a == b
}

// errRefused says that the database has no way to say it, or gave up on its own
// limits, and not on what was written.
var errRefused = errors.New("refused")

// ask compares what the database makes of a tree with what Go does.
func (l *lease) ask(t *testing.T, tr *tree, want []any) error {
	id := expr.C[int64](base, "id")
	q := expr.Select(tr.e).From(base).OrderBy(id)
	rows, err := l.rowsOf(t.Context(), q, tr.kind.cell)
	if err := l.failed(err, q); err != nil {
		return err
	}
	for i, row := range rows {
		if got := tr.kind.read(row[0]); !same(got, want[i]) {
			return fmt.Errorf("row %d: %v, want %v\n%s", i+1, got, want[i], written(q, l.d))
		}
	}
	if tr.kind != boolean {
		return nil
	}
	for _, negative := range []bool{false, true} {
		c := cond(tr)
		if negative {
			c = expr.Not(c)
		}
		q := expr.Select(id).From(base).Where(c).OrderBy(id)
		rows, err := l.rowsOf(t.Context(), q, whole.cell)
		if err := l.failed(err, q); err != nil {
			return err
		}
		var got, ids []int64
		for _, row := range rows {
			got = append(got, whole.read(row[0]).(int64))
		}
		for i, x := range want {
			if x == !negative {
				ids = append(ids, int64(i)+1)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(ids) {
			return fmt.Errorf("rows %v, want %v\n%s", got, ids, written(q, l.d))
		}
	}
	return nil
}

func (l *lease) failed(err error, q dialect.Statement) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, dialect.ErrUnsupported):
		return errRefused
	case errors.Is(err, dialect.ErrOutOfRange), l.d.Classify(err).Kind.In(dialect.ErrOutOfRange):
		return errRefused
	}
	for _, limit := range limits {
		if strings.Contains(err.Error(), limit) {
			return errRefused
		}
	}
	return fmt.Errorf("%w\n%s", err, written(q, l.d))
}

// limits are what a database says of its own limits.
var limits = []string{
	"Window function is allowed only in SELECT list and ORDER BY clause", // MariaDB, of the ORDER BY of an operand
	"in 'HAVING'", // MariaDB, where two columns of GROUP BY have one name
}

// smallest is the smallest part of a tree that fails too, and how.
func (l *lease) smallest(t *testing.T, tr *tree, err error) (*tree, error) {
	for _, kid := range tr.kids {
		if want, ok := kid.expected(); ok && !kid.kid {
			if err := l.ask(t, kid, want); err != nil && !errors.Is(err, errRefused) {
				return l.smallest(t, kid, err)
			}
		}
	}
	return tr, err
}

// one makes a tree of a seed and asks for it; asked is false where the databases
// need not agree.
func (l *lease) one(t *testing.T, seed uint64) (asked bool, err error) {
	tr, risky := makeTree(seed)
	want, ok := tr.expected()
	if !ok {
		return false, nil
	}
	if risky && l.name == "mysql" {
		return true, errRefused
	}
	err = l.ask(t, tr, want)
	if err != nil && !errors.Is(err, errRefused) {
		_, err = l.smallest(t, tr, err)
	}
	return true, err
}

var (
	seeds = flag.Uint64("agree.seeds", 500, "how many expressions a test makes")
	from  = flag.Uint64("agree.from", 0, "the first seed")
)

// enough is after how many failures a test stops.
const enough = 5

// Expressions come to the same on every database as in Go.
func TestExpressions(t *testing.T) {
	eachLease(t, func(t *testing.T, l *lease) {
		fill(t, l)
		asked, refused, failed := 0, 0, 0
		for seed := *from; seed < *from+*seeds && failed < enough; seed++ {
			is, err := l.one(t, seed)
			if is {
				asked++
			}
			if errors.Is(err, errRefused) {
				refused++
			} else if err != nil {
				failed++
				t.Errorf("%s, seed %d: %v", l.name, seed, err)
			}
		}
		t.Logf("%d of %d expressions asked, %d refused", asked, *seeds, refused)
		if failed < enough && asked-refused < int(*seeds)/3 {
			t.Errorf("no more than %d of %d expressions were asked", asked-refused, *seeds)
		}
	})
}
