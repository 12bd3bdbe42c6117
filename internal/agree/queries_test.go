package agree

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// query compares the rows of a query with those that it has in Go.
func (l *lease) query(t *testing.T, q query) error {
	if q.risky && l.name == "mysql" {
		return errRefused
	}
	var cells []func() any
	for _, k := range q.kinds {
		cells = append(cells, k.cell)
	}
	s := q.q.(dialect.Statement)
	rows, err := l.rowsOf(t.Context(), s, cells...)
	if err := l.failed(err, s); err != nil {
		return err
	}
	var got, want []string
	for _, row := range rows {
		vals := make([]any, len(row))
		for i, c := range row {
			vals[i] = q.kinds[i].read(c)
		}
		got = append(got, key(vals))
	}
	for _, row := range q.rows {
		want = append(want, key(row))
	}
	if !q.ordered {
		slices.Sort(got)
		slices.Sort(want)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("%d rows %q, want %d %q\n%s", len(got), got, len(want), want, written(s, l.d))
	}
	return nil
}

// Queries have the same rows on every database as in Go.
func TestQueries(t *testing.T) {
	eachLease(t, func(t *testing.T, l *lease) {
		fill(t, l)
		asked, refused, failed := 0, 0, 0
		for seed := *from; seed < *from+*seeds/5 && failed < enough; seed++ {
			q, ok := makeQuery(seed)
			if !ok {
				continue
			}
			asked++
			err := l.query(t, q)
			if errors.Is(err, errRefused) {
				refused++
			} else if err != nil {
				failed++
				t.Errorf("%s, seed %d: %v", l.name, seed, err)
			}
		}
		t.Logf("%d of %d queries asked, %d refused", asked, *seeds/5, refused)
		if failed < enough && asked-refused < int(*seeds)/20 {
			t.Errorf("no more than %d of %d queries were asked", asked-refused, *seeds/5)
		}
	})
}
