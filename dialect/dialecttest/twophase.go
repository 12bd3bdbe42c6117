package dialecttest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var (
	twoPhases   = feature("PreparedID", func(f *dialect.Features) bool { return f.PreparedID > 0 })
	noTwoPhases = without("PreparedID", func(f *dialect.Features) bool { return f.PreparedID == 0 })
)

// twoPhaseCases are of transactions that are committed in two phases. A server
// that is set up to have none is to say so.
var twoPhaseCases = []testCase{
	{name: "what was prepared is committed", needs: twoPhases, run: func(t *T) { twoPhaseOwn(t, true) }},
	{name: "what was prepared is rolled back", needs: twoPhases, run: func(t *T) { twoPhaseOwn(t, false) }},
	{name: "what was prepared outlives its connection, and another commits it", needs: twoPhases, run: func(t *T) { twoPhaseOther(t, true) }},
	{name: "what was prepared outlives its connection, and another rolls it back", needs: twoPhases, run: func(t *T) { twoPhaseOther(t, false) }},
	{name: "without Prepare it is committed in one phase", needs: twoPhases, run: twoPhaseOne},
	{name: "an id that nobody has prepared is an error of its kind", needs: twoPhases, run: twoPhaseUnknown},
	{name: "an id that cannot be is refused before sending", needs: twoPhases, run: twoPhaseIDs},
	{name: "it is refused where there is none", needs: noTwoPhases, run: twoPhaseNone},
}

// twoPhaser is a connection as one that has two phases.
func (t *T) twoPhaser(c dialect.Conn) dialect.TwoPhaser {
	t.Helper()
	tp, ok := c.(dialect.TwoPhaser)
	if !ok {
		t.Fatalf("Features has two phases, and the connection has not")
	}
	return tp
}

// prepared writes a row in a transaction and prepares it; ok is false where the
// server is set up to have nothing of the kind.
func (t *T) prepared(id string) (c dialect.Conn, table ident, ok bool) {
	t.Helper()
	table, c = t.table(key), t.conn()
	tp := t.twoPhaser(c)
	settler := t.twoPhaser(t.conn())
	t.closes = append(t.closes, func() error { // or the table could not be dropped
		if err := settler.Settle(t.ctx, id, false); err != nil && !errors.Is(t.described(err), dialect.ErrUndefined) {
			return err
		}
		return nil
	})
	if err := tp.BeginTwoPhase(t.ctx, id, dialect.TxOptions{}); err != nil {
		t.Fatalf("BeginTwoPhase: %v", err)
	}
	t.insert(c, table, []string{"id"}, []any{1})
	switch err := t.described(tp.Prepare(t.ctx)); {
	case errors.Is(err, dialect.ErrUnsupported):
		t.Logf("not run: the server has no two phases: %v", err)
		if err := c.Rollback(t.ctx); err != nil {
			t.Errorf("Rollback: %v", err)
		}
		t.wantRows(table, 0)
		t.works(c)
		return c, table, false
	case err != nil:
		t.Fatalf("Prepare: %v", err)
	}
	return c, table, true
}

// preparedID is an id that no other run uses; it needs quoting.
func (t *T) preparedID() string { return "it's " + t.newName() }

// wantPrepared checks whether an id is among those that are prepared.
func (t *T) wantPrepared(c dialect.Conn, id string, want bool) {
	t.Helper()
	ids, err := t.twoPhaser(c).Prepared(t.ctx)
	if err != nil {
		t.Fatalf("Prepared: %v", err)
	}
	if slices.Contains(ids, id) != want {
		t.Errorf("%q is prepared: %v, which is wrong; %q are", id, !want, ids)
	}
}

func twoPhaseOwn(t *T, commit bool) {
	id := t.preparedID()
	c, table, ok := t.prepared(id)
	if !ok {
		return
	}
	t.wantPrepared(t.conn(), id, true)
	t.wantRows(table, 0)
	end, want := c.Rollback, int64(0)
	if commit {
		end, want = c.Commit, 1
	}
	if err := end(t.ctx); err != nil {
		t.Fatalf("%v", err)
	}
	t.wantRows(table, want)
	t.wantPrepared(c, id, false)
	t.works(c)
}

func twoPhaseOther(t *T, commit bool) {
	id := t.preparedID()
	c, table, ok := t.prepared(id)
	if !ok {
		return
	}
	if err := c.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	other := t.conn()
	t.wantPrepared(other, id, true)
	t.wantRows(table, 0)
	// A server may take a while to see that the connection has gone.
	err := t.described(t.twoPhaser(other).Settle(t.ctx, id, commit))
	for end := time.Now().Add(20 * time.Second); errors.Is(err, dialect.ErrUndefined) && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		err = t.described(t.twoPhaser(other).Settle(t.ctx, id, commit))
	}
	if err != nil {
		t.Fatalf("Settle: %v", err)
	}
	want := int64(0)
	if commit {
		want = 1
	}
	t.wantRows(table, want)
	t.wantPrepared(other, id, false)
	t.works(other)
}

func twoPhaseOne(t *T) {
	table, c := t.table(key), t.conn()
	tp := t.twoPhaser(c)
	for i, end := range []func() error{func() error { return c.Commit(t.ctx) }, func() error { return c.Rollback(t.ctx) }} {
		if err := tp.BeginTwoPhase(t.ctx, t.preparedID(), dialect.TxOptions{}); err != nil {
			t.Fatalf("BeginTwoPhase: %v", err)
		}
		t.insert(c, table, []string{"id"}, []any{i})
		if err := end(); err != nil {
			t.Fatalf("%v", err)
		}
		t.wantRows(table, 1)
	}
	if err := t.described(tp.Prepare(t.ctx)); err == nil {
		t.Errorf("Prepare works without a transaction")
	}
	t.works(c)
}

func twoPhaseUnknown(t *T) {
	c := t.conn()
	for _, commit := range []bool{true, false} {
		t.wantKind(t.described(t.twoPhaser(c).Settle(t.ctx, t.preparedID(), commit)), dialect.ErrUndefined)
	}
	t.works(c)
}

func twoPhaseIDs(t *T) {
	c := t.conn()
	for _, id := range []string{"", strings.Repeat("x", t.f.PreparedID+1), "a\x00b"} {
		err := t.twoPhaser(c).BeginTwoPhase(t.ctx, id, dialect.TxOptions{})
		t.wantKind(err, dialect.ErrArguments)
	}
	t.works(c)
}

func twoPhaseNone(t *T) {
	c, err := t.shared().Connect(t.ctx)
	if err != nil {
		t.Fatalf("%v", err)
	}
	_, err = c.BeginTwoPhase(t.ctx, "a")
	t.wantKind(err, dialect.ErrUnsupported)
	if err := c.Close(); err != nil {
		t.Errorf("%v", err)
	}
	t.works(t.conn())
}
