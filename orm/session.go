package orm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
)

// Beginner begins transactions: an [engine.Engine], [engine.Conn] or
// [engine.Tx].
type Beginner interface {
	// Begin begins a transaction, or sets a savepoint within one.
	Begin(ctx context.Context, opts ...engine.TxOption) (*engine.Tx, error)
}

var (
	_ Beginner = (*engine.Engine)(nil)
	_ Beginner = (*engine.Conn)(nil)
	_ Beginner = (*engine.Tx)(nil)

	_ dialect.Runner = (*Session)(nil)
	_ dialect.Leaser = (*Session)(nil)
)

// Session is a unit of work: objects that it has loaded or was given, one for
// each row, and a transaction, which begins with the first statement and ends with
// Commit, Rollback or Close. The next statement begins another one; the objects
// stay.
//
// A Session is for one goroutine at a time. Use by two at once is an error of
// kind engine.ErrInUse, as is the use of the Session while one of its own queries
// is being read.
type Session struct {
	beginner Beginner
	opts     []engine.TxOption

	mu   sync.Mutex // guards what follows
	what string     // what the session is doing; empty: nothing
	errs []error    // mistakes of Add, Delete and Expunge
	end  bool       // closed

	// The rest belongs to whoever has entered.
	id   identity
	tx   *engine.Tx
	undo []undo

	flushes uint64
}

// NewSession returns a Session that begins its transactions with b: an Engine,
// which gives each of them a connection of the pool; a Conn; or a Tx, within
// which they are savepoints. opts are the transactions' options. It does no I/O.
//
// On SQLite a transaction takes the right to write when it begins, since one that
// has read cannot be sure to get it later; so a session that only reads, and stays
// open, is given engine.ReadOnly(), and then keeps nobody from writing.
func NewSession(b Beginner, opts ...engine.TxOption) *Session {
	return &Session{beginner: b, opts: opts, id: identity{track: true}}
}

// enter begins a use of the session.
func (s *Session) enter(what string) error {
	if s == nil {
		return mistake("%s of a nil Session", what)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.what != "":
		return dialect.Errorf(dialect.ErrInUse, "orm: %s: the session is in use by %s; a Session is for one goroutine at a time, "+
			"and not to be used while its rows are read", what, s.what)
	case s.end:
		return dialect.Errorf(dialect.ErrClosed, "orm: %s: the session is closed", what)
	}
	s.what = what
	return nil
}

func (s *Session) leave() {
	s.mu.Lock()
	s.what = ""
	s.mu.Unlock()
}

// begun returns the transaction, which it begins if there is none.
func (s *Session) begun(ctx context.Context) (*engine.Tx, error) {
	if s.tx != nil {
		return s.tx, nil
	}
	if s.beginner == nil {
		return nil, mistake("NewSession was given nil: give an Engine, Conn or Tx")
	}
	tx, err := s.beginner.Begin(ctx, s.opts...)
	if errors.Is(err, dialect.ErrBusy) {
		return nil, fmt.Errorf("orm: a transaction that may write waits for another one to end: Commit or Close a Session once it is done with, "+
			"and give one that only reads engine.ReadOnly(): %w", err)
	}
	if err != nil {
		return nil, err
	}
	s.tx = tx
	return tx, nil
}

// Run runs a statement in the session's transaction. It implements
// [dialect.Runner]. Changes that have not been flushed are not seen by it.
func (s *Session) Run(ctx context.Context, stmt dialect.Statement, rows func(dialect.Rows) error) (dialect.Result, error) {
	if err := s.enter("Run"); err != nil {
		return dialect.Result{}, err
	}
	defer s.leave()
	tx, err := s.begun(ctx)
	if err != nil {
		return dialect.Result{}, err
	}
	return tx.Run(ctx, stmt, rows)
}

// WithLease calls f with the session's transaction. It implements
// [dialect.Leaser].
func (s *Session) WithLease(ctx context.Context, f func(dialect.Lease) error) error {
	if err := s.enter("WithLease"); err != nil {
		return err
	}
	defer s.leave()
	tx, err := s.begun(ctx)
	if err != nil {
		return err
	}
	return f(tx)
}

// record keeps a mistake for the next Flush.
func (s *Session) record(err error) {
	if err != nil {
		s.mu.Lock()
		s.errs = append(s.errs, err)
		s.mu.Unlock()
	}
}

// with enters the session for each object, and keeps mistakes for Flush.
func (s *Session) with(what string, objs []any, f func(*store, unsafe.Pointer) error) {
	if s == nil {
		return
	}
	if err := s.enter(what); err != nil {
		s.record(err)
		return
	}
	defer s.leave()
	for _, obj := range objs {
		e, p, err := objectOf(obj)
		if err == nil {
			err = f(s.id.store(e), p)
		}
		if err != nil {
			s.record(fmt.Errorf("%s: %w", what, err))
		}
	}
}

// Add makes objects, pointers to mapped structs, the session's: the next Flush
// inserts them, with all that they are related to (unless the relation says
// cascade:none). An object that is there already stays as it is, and one that was
// deleted but not flushed yet is kept after all. Mistakes, such as a type
// that is not mapped, are reported by the next Flush or Commit.
func (s *Session) Add(objs ...any) {
	s.with("Add", objs, func(st *store, p unsafe.Pointer) error {
		switch known := st.find(p); {
		case known == nil:
			n := st.newState(p)
			n.status, n.explicit = pending, true
			delete(st.dead, p)
		case known.status == pending:
			known.explicit = true
		case known.status == removed:
			known.status = persistent
		}
		return nil
	})
}

// Delete makes the next Flush delete the objects' rows, and what they are
// related to by cascade. An object that was added and not flushed yet is only
// forgotten. One that the session does not know is a mistake, which the next
// Flush or Commit reports; so is one that is deleted already.
func (s *Session) Delete(objs ...any) {
	s.with("Delete", objs, func(st *store, p unsafe.Pointer) error {
		known := st.find(p)
		switch {
		case known == nil:
			return mistake("the session does not know %s: load it with Get or Select first", describe(st.ent, p))
		case known.status == pending:
			st.drop(known)
		case known.status == removed:
			return mistake("%s is deleted already", known)
		default:
			known.status = removed
		}
		return nil
	})
}

// Expunge takes objects out of the session, which forgets what it knows of them,
// changes included. Their rows stay as they are.
func (s *Session) Expunge(objs ...any) {
	s.with("Expunge", objs, func(st *store, p unsafe.Pointer) error {
		if known := st.find(p); known != nil {
			st.drop(known)
			st.expunged = true
			st.compact()
			s.undo = slices.DeleteFunc(s.undo, func(u undo) bool { return u.st == known })
			return nil
		}
		return mistake("the session does not know %s", describe(st.ent, p))
	})
}

// Contains reports whether obj is the session's: added or loaded, and not
// deleted.
func (s *Session) Contains(obj any) bool {
	if err := s.enter("Contains"); err != nil {
		return false
	}
	defer s.leave()
	e, p, err := objectOf(obj)
	if err != nil {
		return false
	}
	st := s.id.store(e).find(p)
	return st != nil && st.status != removed
}

// Flush sends all changes to the database, within the session's transaction:
// inserts, updates and deletes in the order that foreign keys ask for. Keys that
// the database makes are set in the objects.
//
// If anything fails the transaction is rolled back as a whole, and the session
// is as it was when the transaction began its first Flush: what was to be inserted,
// updated and deleted still is, so that the cause can be removed and Commit called
// again, or everything given up with [Session.Rollback].
func (s *Session) Flush(ctx context.Context) error {
	if err := s.enter("Flush"); err != nil {
		return err
	}
	defer s.leave()
	return s.flush(ctx)
}

func (s *Session) flush(ctx context.Context) error {
	s.mu.Lock()
	errs := s.errs
	s.errs = nil
	s.mu.Unlock()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	s.keepChanges()
	s.flushes++
	f := &flush{s: s, ctx: ctx, number: s.flushes}
	if err := f.run(); err != nil {
		return errors.Join(err, s.abandon(ctx))
	}
	return nil
}

// abandon ends a transaction that failed, and makes the session what it was
// before.
func (s *Session) abandon(ctx context.Context) error {
	s.revert()
	if s.tx == nil {
		return nil
	}
	tx := s.tx
	s.tx = nil
	return tx.Rollback(ctx)
}

// Commit flushes, and commits the transaction. With nothing to flush and no
// transaction it does nothing. When it fails, the session is as after a failed
// Flush; if the error is an [engine.Error] that says MayHaveRun, the transaction may
// have been committed all the same.
//
// The objects stay the session's, with the values they have: other
// transactions' changes are not seen until [Session.Refresh].
func (s *Session) Commit(ctx context.Context) error {
	if err := s.enter("Commit"); err != nil {
		return err
	}
	defer s.leave()
	if err := s.flush(ctx); err != nil {
		return err
	}
	if s.tx == nil {
		return nil
	}
	if err := s.tx.Commit(ctx); err != nil {
		return errors.Join(err, s.abandon(ctx))
	}
	s.tx = nil
	clear(s.undo)
	s.undo = s.undo[:0]
	s.compact()
	return nil
}

// Rollback rolls the transaction back and gives up everything that is not
// committed: objects that were added are no longer the session's (and lose keys
// that the database had made), those that were deleted still are, and those that
// were changed get back the values and relations that they were loaded or last
// committed with. Mistakes not reported yet are forgotten. Objects that were first
// read within the transaction stay as they were read, with what its own statements
// had changed by then: Refresh or Expunge them.
func (s *Session) Rollback(ctx context.Context) error {
	if err := s.enter("Rollback"); err != nil {
		return err
	}
	defer s.leave()
	s.mu.Lock()
	s.errs = nil
	s.mu.Unlock()
	return errors.Join(s.abandon(ctx), s.restore())
}

// Close rolls back the transaction, if there is one, and ends the session. Its
// objects stay as they are. A second Close does nothing. The rollback takes as
// long as engine.WithCloseTimeout allows.
func (s *Session) Close() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	if s.end {
		s.mu.Unlock()
		return nil
	}
	if s.what != "" {
		defer s.mu.Unlock()
		return dialect.Errorf(dialect.ErrInUse, "orm: Close: the session is in use by %s", s.what)
	}
	s.end = true
	s.mu.Unlock()
	s.id, s.undo = identity{}, nil
	if s.tx == nil {
		return nil
	}
	tx := s.tx
	s.tx = nil
	ctx, cancel := context.WithTimeout(context.Background(), engine.DefaultCloseTimeout)
	defer cancel()
	return tx.Rollback(ctx)
}

// String describes an object for messages: "User 7".
func (st *state) String() string { return describe(st.ent, st.obj) }

func describe(e *entity, base unsafe.Pointer) string {
	if e.unset(base) {
		return "a new " + e.name
	}
	vs := e.keyValues(base)
	parts := make([]string, len(vs))
	for i, v := range vs {
		parts[i] = fmt.Sprint(v)
	}
	return e.name + " " + strings.Join(parts, ", ")
}
