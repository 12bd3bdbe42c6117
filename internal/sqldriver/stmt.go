package sqldriver

import (
	"context"
	"database/sql/driver"
	"errors"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Limits of what a connection keeps: a text longer than longText is prepared
// for one use, and all kept texts together are at most cacheBytes long.
const (
	longText   = 1 << 18
	cacheBytes = 1 << 20
)

// stmt is a prepared statement with what is known of it.
type stmt struct {
	text string
	raw  driver.Stmt

	queryer   driver.StmtQueryContext
	execer    driver.StmtExecContext
	checker   driver.NamedValueChecker
	converter columnConverter
	inputs    int

	// The result's description, which stays the same slice while the server
	// describes the result in the same way.
	shape shape

	kept       bool // in the cache; another one is closed after its use
	prev, next *stmt
}

func newStmt(text string, raw driver.Stmt) *stmt {
	st := &stmt{text: text, raw: raw, inputs: raw.NumInput()}
	st.queryer, _ = raw.(driver.StmtQueryContext)
	st.execer, _ = raw.(driver.StmtExecContext)
	st.checker, _ = raw.(driver.NamedValueChecker)
	st.converter, _ = raw.(columnConverter)
	return st
}

func (st *stmt) query(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if st.queryer != nil {
		return st.queryer.QueryContext(ctx, args)
	}
	vals, err := plain(args)
	if err != nil {
		return nil, err
	}
	//lint:ignore SA1019 drivers from before contexts are served too
	return st.raw.Query(vals)
}

func (st *stmt) exec(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if st.execer != nil {
		return st.execer.ExecContext(ctx, args)
	}
	vals, err := plain(args)
	if err != nil {
		return nil, err
	}
	//lint:ignore SA1019 drivers from before contexts are served too
	return st.raw.Exec(vals)
}

// prepare returns a statement for text, a kept one where there is one.
func (c *Conn) prepare(ctx context.Context, text string) (*stmt, error) {
	if st := c.cache.get(text); st != nil {
		return st, nil
	}
	st, err := c.openRoom(ctx, text)
	if err != nil {
		return nil, err
	}
	if c.keepable(text) {
		if err := c.cache.put(st); err != nil {
			return nil, c.fail(ctx, err, before)
		}
	}
	return st, nil
}

// keepable reports whether a statement of that text is kept after its use.
func (c *Conn) keepable(text string) bool { return c.cache.limit > 0 && len(text) <= longText }

// openRoom has the driver prepare a text, and gives up the kept statements
// where the server has no room for one more.
func (c *Conn) openRoom(ctx context.Context, text string) (*stmt, error) {
	st, err := c.open1(ctx, text)
	if err != nil && c.cfg.Full != nil && c.cfg.Full(err) && len(c.cache.byText) > 0 {
		if e := c.cache.clear(); e != nil {
			return nil, errors.Join(c.fail(ctx, err, before), e)
		}
		st, err = c.open1(ctx, text)
	}
	if err != nil {
		return nil, c.fail(ctx, err, before)
	}
	return st, nil
}

// open1 has the driver prepare a text.
func (c *Conn) open1(ctx context.Context, text string) (*stmt, error) {
	var raw driver.Stmt
	var err error
	if c.preparer != nil {
		raw, err = c.preparer.PrepareContext(ctx, text)
	} else {
		raw, err = c.raw.Prepare(text)
	}
	if err != nil {
		return nil, err
	}
	return newStmt(text, raw), nil
}

// release gives a statement back after its use.
func (c *Conn) release(st *stmt) error {
	if st == nil || st.kept {
		return nil
	}
	return st.raw.Close()
}

// cache keeps prepared statements by text, in the order of their last use.
type cache struct {
	limit  int
	byText map[string]*stmt
	bytes  int
	// head.next is the one used last, head.prev the one used first.
	head stmt
}

func (k *cache) get(text string) *stmt {
	st := k.byText[text]
	if st != nil && k.head.next != st {
		unlink(st)
		k.push(st)
	}
	return st
}

func (k *cache) push(st *stmt) {
	if k.head.next == nil {
		k.head.next, k.head.prev = &k.head, &k.head
	}
	st.prev, st.next = &k.head, k.head.next
	st.prev.next, st.next.prev = st, st
}

func unlink(st *stmt) {
	st.prev.next, st.next.prev = st.next, st.prev
	st.prev, st.next = nil, nil
}

// put keeps st, which is about to be used, and closes others to make room.
func (k *cache) put(st *stmt) error {
	var errs []error
	for len(k.byText) > 0 && (len(k.byText) >= k.limit || k.bytes+len(st.text) > cacheBytes) {
		old := k.head.prev
		k.forget(old)
		errs = append(errs, old.raw.Close())
	}
	if k.byText == nil {
		k.byText = make(map[string]*stmt)
	}
	st.kept = true
	k.byText[st.text] = st
	k.bytes += len(st.text)
	k.push(st)
	return errors.Join(errs...)
}

// forget takes st out; whoever uses it closes it.
func (k *cache) forget(st *stmt) {
	if st == nil || !st.kept {
		return
	}
	st.kept = false
	delete(k.byText, st.text)
	k.bytes -= len(st.text)
	unlink(st)
}

// clear closes all.
func (k *cache) clear() error {
	var errs []error
	for len(k.byText) > 0 {
		st := k.head.prev
		k.forget(st)
		errs = append(errs, st.raw.Close())
	}
	return errors.Join(errs...)
}

// drop forgets all without closing them.
func (k *cache) drop() {
	for len(k.byText) > 0 {
		k.forget(k.head.prev)
	}
}

// shape is the description of a result and how its columns are read.
type shape struct {
	cols     []dialect.Column
	decoders []Decoder // nil where no column has one
	names    []string  // what the driver said
	declared []dialect.Column
	dest     []driver.Value
}
