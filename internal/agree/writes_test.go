package agree

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// writes runs statements in a transaction, and compares what the table then has.
func (l *lease) writes(t *testing.T, made writes) (err error) {
	if made.risky && l.name == "mysql" {
		return errRefused
	}
	if err := l.c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if back := l.c.Rollback(context.Background()); back != nil {
			t.Fatal(back)
		}
	}()
	var log []string
	for _, s := range made.stmts {
		log = append(log, written(s, l.d))
		if _, err := l.Run(t.Context(), s, nil); err != nil {
			return l.failed(err, s)
		}
	}
	var cells []func() any
	var cols []expr.Any
	for _, c := range boxColumns {
		cells, cols = append(cells, c.kind.cell), append(cols, columnOf(box, c))
	}
	q := expr.Select(cols...).From(box).OrderBy(boxID())
	rows, err := l.rowsOf(t.Context(), q, cells...)
	if err != nil {
		return err
	}
	var got, keys []string
	want := made.rows
	for _, row := range rows {
		vals := make([]any, len(row))
		for i, c := range row {
			vals[i] = boxColumns[i].kind.read(c)
		}
		got = append(got, key(vals))
	}
	slices.SortFunc(want, func(a, b []any) int { return int(a[0].(int64) - b[0].(int64)) })
	for _, row := range want {
		keys = append(keys, key(row))
	}
	if !slices.Equal(got, keys) {
		return fmt.Errorf("%d rows %q, want %d %q\n%s", len(got), got, len(keys), keys, strings.Join(log, "\n"))
	}
	return nil
}

func fillBox(t testing.TB, l *lease) {
	t.Helper()
	fill(t, l)
	with := *l
	if p, ok := l.d.(plain); ok {
		with.d = p.Dialect
	}
	if err := schema.NewMetadata(box).CreateAll(t.Context(), &with); err != nil {
		t.Fatal(err)
	}
	if _, err := with.Run(t.Context(), (&writer{}).insert(boxRows), nil); err != nil {
		t.Fatal(err)
	}
}

// A table has the same rows on every database after the same writes.
func TestWrites(t *testing.T) {
	eachLease(t, func(t *testing.T, l *lease) {
		fillBox(t, l)
		asked, refused, failed := 0, 0, 0
		for seed := *from; seed < *from+*seeds && failed < enough; seed++ {
			made, ok := makeWrites(seed)
			if !ok {
				continue
			}
			asked++
			err := l.writes(t, made)
			if errors.Is(err, errRefused) {
				refused++
			} else if err != nil {
				failed++
				t.Errorf("%s, seed %d: %v", l.name, seed, err)
			}
		}
		t.Logf("%d of %d lists of writes asked, %d refused", asked, *seeds, refused)
		if failed < enough && asked-refused < int(*seeds)/6 {
			t.Errorf("no more than %d of %d lists of writes were asked", asked-refused, *seeds)
		}
	})
}
