package engine_test

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

func TestInvalidate(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(3))
	c := connect(t, e)
	rows, err := c.Query(t.Context(), "SELECT n")
	check(t, err)
	check(t, c.Invalidate(errBoom))
	check(t, c.Invalidate(nil)) // the first reason counts
	n := 0
	for rows.Next() {
		n++
	}
	if err := rows.Close(); err != nil || n != 3 {
		t.Errorf("the rows that were open: %d, %v", n, err)
	}
	_, err = c.Exec(t.Context(), "UPDATE x")
	wantError(t, err, engine.ErrConnectionLost, "invalidated", "close it and connect again")
	wantError(t, err, errBoom)
	check(t, e.Ping(t.Context())) // on another one
	check(t, c.Close())
	wantError(t, c.Invalidate(nil), engine.ErrClosed)
	if !fakedb.Poll(func() bool { return db.Counts().Closes == 1 }) || db.Counts().Dials != 2 || e.Stats().Leased != 0 {
		t.Errorf("%+v, %v", db.Counts(), e.Stats())
	}
	wantLog(t, db, "SELECT n", "PING")
}

func TestInvalidateInATransaction(t *testing.T) {
	e, db := open(t)
	c := connect(t, e)
	err := c.Transact(t.Context(), func(tx *engine.Tx) error {
		return tx.Transact(t.Context(), func(sp *engine.Tx) error {
			check(t, insert(sp))
			check(t, c.Invalidate(nil))
			err := insert(sp)
			wantError(t, err, engine.ErrTransactionAborted, "roll back first", "the program has invalidated")
			return nil
		})
	})
	wantError(t, err, engine.ErrTransactionAborted)
	check(t, c.Close())
	wantLog(t, db, "BEGIN", "SAVEPOINT sp_1", "INSERT INTO t")
	if !fakedb.Poll(func() bool { return db.Counts().Closes == 1 }) {
		t.Errorf("%+v", db.Counts())
	}
}

func TestRetire(t *testing.T) {
	e, db := open(t)
	c := connect(t, e)
	check(t, c.Retire(nil))
	check(t, c.Retire(errBoom))
	check(t, c.Transact(t.Context(), insert))
	if n := db.Counts().Closes; n != 0 {
		t.Errorf("%d closed in use", n)
	}
	check(t, c.Close())
	wantError(t, c.Retire(nil), engine.ErrClosed)
	if n := db.Counts(); n.Closes != 1 || n.Resets != 0 {
		t.Errorf("%+v", n)
	}
	check(t, e.Ping(t.Context()))
	if n := db.Counts().Dials; n != 2 {
		t.Errorf("%d dials", n)
	}
}

func TestDetach(t *testing.T) {
	e, db := open(t, engine.WithPoolSize(1), engine.WithOverflow(0), engine.WithTrackLeases())
	db.On("SELECT n", numbers(3))
	c := connect(t, e)
	tx, err := c.Begin(t.Context())
	check(t, err)
	wantError(t, c.Detach(), engine.ErrInUse, "transaction")
	check(t, tx.Rollback(t.Context()))
	rows, err := c.Query(t.Context(), "SELECT n")
	check(t, err)
	wantError(t, c.Detach(), engine.ErrInUse, "SELECT n")
	check(t, rows.Close())
	check(t, c.Detach())
	check(t, c.Detach())

	other := connect(t, e) // its place is free
	check(t, c.Transact(t.Context(), insert))
	_, err = c.Exec(t.Context(), "SET x = 1")
	check(t, err)
	check(t, c.Ping(t.Context()))
	check(t, other.Close())
	if s := e.Stats(); s.Detached != 1 || s.Leased != 0 || s.Idle != 1 || len(e.Holders()) != 0 {
		t.Errorf("%v", s)
	}
	if n := db.Counts(); n.Open != 2 || n.Closes != 0 {
		t.Errorf("%+v", n)
	}
	tx, err = c.Begin(t.Context())
	check(t, err)
	check(t, insert(tx))
	check(t, c.Close())
	check(t, c.Close())
	wantError(t, c.Detach(), engine.ErrClosed)
	if n := db.Counts(); n.Open != 1 || n.Closes != 1 || n.Rollbacks != 2 || n.Resets != 0 {
		t.Errorf("%+v", n)
	}
}

// A detached connection that is lost, or whose close fails, is closed even so.
func TestDetachedIsClosedWhateverHappens(t *testing.T) {
	e, db := open(t)
	db.On("UPDATE lost", fakedb.Reply{Drop: fakedb.During})
	for name, use := range map[string]func(c *engine.Conn){
		"lost":        func(c *engine.Conn) { _, _ = c.Exec(t.Context(), "UPDATE lost") },
		"invalidated": func(c *engine.Conn) { check(t, c.Invalidate(nil)) },
		"retired":     func(c *engine.Conn) { check(t, c.Retire(nil)) },
		"panic": func(c *engine.Conn) {
			defer func() { _ = recover() }()
			_ = c.Transact(t.Context(), func(*engine.Tx) error { panic(errBoom) })
		},
	} {
		before := db.Counts().Closes
		c := connect(t, e)
		check(t, c.Detach())
		use(c)
		if err := c.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n := db.Counts(); n.Closes != before+1 {
			t.Errorf("%s: %+v", name, n)
		}
	}
}

func TestDetachedConnOfConnect(t *testing.T) {
	before := registered.Closed()
	c, err := engine.Connect(t.Context(), "fake://h/db")
	check(t, err)
	check(t, c.Detach())
	check(t, c.Close())
	if registered.Closed() != before+1 || registered.Counts().Open != 0 {
		t.Errorf("%+v", registered.Counts())
	}
}

func TestInvalidateAllOfAnEngine(t *testing.T) {
	e, db := open(t)
	c := connect(t, e)
	check(t, e.Ping(t.Context()))
	check(t, e.InvalidateAll())
	check(t, c.Ping(t.Context())) // who has one keeps it
	check(t, c.Close())
	check(t, e.Ping(t.Context()))
	if !fakedb.Poll(func() bool { return db.Counts().Closes == 2 }) || db.Counts().Dials != 3 {
		t.Errorf("%+v", db.Counts())
	}
}

func TestAdoptedConnectionsLeave(t *testing.T) {
	own, d, e := adopt(t)
	c := connect(t, e)
	wantError(t, c.Detach(), engine.ErrUnsupported, "*sql.DB", "Retire")
	wantError(t, e.InvalidateAll(), engine.ErrUnsupported, "SetConnMaxLifetime")
	check(t, c.Retire(nil))
	_, err := c.Exec(t.Context(), "UPDATE a")
	check(t, err)
	check(t, c.Close())
	if own.closed != 1 || d.Stats().InUse != 0 {
		t.Errorf("retired: %d closed", own.closed)
	}
	c = connect(t, e)
	check(t, c.Invalidate(nil))
	_, err = c.Exec(t.Context(), "UPDATE a")
	wantError(t, err, engine.ErrConnectionLost)
	check(t, c.Close())
	if !fakedb.Poll(func() bool { return d.Stats().InUse == 0 }) || own.closed != 2 {
		t.Errorf("invalidated: %d closed", own.closed)
	}
}
