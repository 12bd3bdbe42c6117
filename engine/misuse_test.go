package engine_test

import (
	"errors"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

// slowScanner is a destination that lets others act in the middle of a row.
type slowScanner struct{}

var scanning, goOn chan struct{}

func (*slowScanner) Scan(any) error {
	scanning <- struct{}{}
	<-goOn
	return nil
}

// reads runs f while another goroutine is in the middle of a row of c's, and
// returns what that goroutine got in the end.
func reads(t *testing.T, r dialect.Runner, f func()) error {
	t.Helper()
	scanning, goOn = make(chan struct{}), make(chan struct{})
	done := make(chan error)
	go func() {
		_, err := engine.All[slowScanner](t.Context(), r, engine.Text("SELECT n"))
		done <- err
	}()
	<-scanning
	f()
	close(goOn)
	return <-done
}

func TestCloseWhileAnotherGoroutineReads(t *testing.T) {
	e, db := open(t)
	db.On("SELECT", numbers(1))
	c, err := e.Connect(t.Context())
	check(t, err)
	check(t, reads(t, c, func() {
		wantError(t, c.Close(), engine.ErrInUse, "another goroutine is running [SELECT n]", "it is closed when that ends")
		if db.Counts().RowsOpen != 1 {
			t.Error("the rows were closed under the one who reads them")
		}
	}))
	if s := e.Stats(); s.Leased != 0 {
		t.Errorf("not given back: %v", s)
	}
	_, err = c.Exec(t.Context(), "X")
	wantError(t, err, engine.ErrClosed)
}

func TestRollbackWhileAnotherGoroutineReads(t *testing.T) {
	e, db := open(t)
	db.On("SELECT", numbers(1))
	tx, err := e.Begin(t.Context())
	check(t, err)
	check(t, reads(t, tx, func() {
		wantError(t, tx.Rollback(t.Context()), engine.ErrInUse, "another goroutine is running [SELECT n]")
	}))
	check(t, tx.Rollback(t.Context()))
	wantLog(t, db, "BEGIN", "SELECT n", "ROLLBACK")
}

// A Scanner that closes the rows it is called for gets an error, and nothing
// is left open.
type closingScanner struct{ rows *engine.Rows }

func (s *closingScanner) Scan(any) error {
	if err := s.rows.Close(); !errors.Is(err, engine.ErrInUse) {
		return errBoom
	}
	return nil
}

func TestScannerThatClosesItsRows(t *testing.T) {
	e, db := open(t)
	db.On("SELECT", numbers(2))
	c := connect(t, e)
	rows, err := c.Query(t.Context(), "SELECT")
	check(t, err)
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	err = rows.Scan(&closingScanner{rows})
	if errors.Is(err, errBoom) {
		t.Error("the rows were closed while they were read")
	}
	if err := rows.Close(); err != nil && !errors.Is(err, engine.ErrInUse) {
		t.Error(err)
	}
	_, err = c.Exec(t.Context(), "X")
	check(t, err)
}

type panickyJSON struct{ OK bool }

func (p *panickyJSON) UnmarshalJSON(b []byte) error {
	if string(b) == `"panic"` {
		panic("UnmarshalJSON")
	}
	p.OK = true
	return nil
}

// What a panic leaves half done must not show in a later row.
func TestPanicWhileReadingLeavesNothing(t *testing.T) {
	type row struct {
		Owner *person
		Extra panickyJSON `db:",json"`
	}
	e, db := open(t)
	names := []string{"owner.id", "owner.name", "owner.nick", "extra"}
	db.On("SELECT 1", fakedb.Rows(names, []any{int64(1), "Ada", "lace", `"panic"`}))
	db.On("SELECT 2", fakedb.Rows(names, []any{nil, nil, nil, `{}`}))
	for range 10 { // a sync.Pool may lose what it was given
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			_, _ = engine.One[row](t.Context(), e, engine.Text("SELECT 1"))
		}()
		got, err := engine.One[row](t.Context(), e, engine.Text("SELECT 2"))
		check(t, err)
		if got.Owner != nil || !got.Extra.OK {
			t.Fatalf("%+v", got)
		}
	}
	if s := e.Stats(); s.Leased != 0 || db.Counts().RowsOpen != 0 {
		t.Errorf("left open: %v", s)
	}
}

func TestResultOfRowsThatWereNotRead(t *testing.T) {
	e, db := open(t)
	db.On("SELECT", numbers(3))
	for name, tc := range map[string]struct {
		read func(rows dialect.Rows) error
		want int64
	}{
		"to the end": {func(rows dialect.Rows) error {
			for rows.Next() {
			}
			return rows.Close()
		}, 3},
		"closed early": {func(rows dialect.Rows) error { rows.Next(); return rows.Close() }, -1},
		"left early":   {func(rows dialect.Rows) error { rows.Next(); return nil }, -1},
	} {
		res, err := e.Run(t.Context(), engine.Text("SELECT"), tc.read)
		check(t, err)
		if n := res.RowsAffected(); n != tc.want {
			t.Errorf("%s: %d rows, want %d", name, n, tc.want)
		}
	}
}
