package postgres

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqltext"
)

// stmt is a statement that the server has described: all that is made once for
// a text, and used for each run.
type stmt struct {
	sd      *pgconn.StatementDescription
	text    string
	cols    []dialect.Column
	codecs  []codec
	formats []int16 // of the result's columns

	newer, older *stmt // the ring of the cache
}

// named reports whether the server keeps the statement.
func (st *stmt) named() bool { return st.sd.Name != "" }

// describe makes a stmt for fields. Formats nil takes the format of fields.
func describe(m *pgtype.Map, sd *pgconn.StatementDescription, choose bool) *stmt {
	st := &stmt{sd: sd, text: sd.SQL, cols: columns(m, sd.Fields)}
	n := len(sd.Fields)
	if n == 0 {
		return st
	}
	st.codecs, st.formats = make([]codec, n), make([]int16, n)
	for i, f := range sd.Fields {
		format := f.Format
		if choose {
			format = formatFor(m, f.DataTypeOID)
		}
		st.formats[i] = format
		st.codecs[i] = codec{oid: f.DataTypeOID, format: format, kind: columnKind(m, f.DataTypeOID, format)}
	}
	return st
}

// stmtCache is a connection's least-recently-used cache of statements.
type stmtCache struct {
	size  int
	byTxt map[string]*stmt
	ring  stmt // ring.older is the most recently used
	names uint64
}

func newStmtCache(size int) *stmtCache {
	c := &stmtCache{size: size, byTxt: map[string]*stmt{}}
	c.ring.newer, c.ring.older = &c.ring, &c.ring
	return c
}

func (c *stmtCache) get(text string) *stmt {
	st := c.byTxt[text]
	if st != nil && c.ring.older != st {
		c.unlink(st)
		c.link(st)
	}
	return st
}

func (c *stmtCache) link(st *stmt) {
	st.newer, st.older = &c.ring, c.ring.older
	c.ring.older.newer = st
	c.ring.older = st
}

func (c *stmtCache) unlink(st *stmt) {
	st.newer.older, st.older.newer = st.older, st.newer
	st.newer, st.older = nil, nil
}

func (c *stmtCache) put(st *stmt) {
	if old := c.byTxt[st.text]; old != nil {
		c.unlink(old)
	}
	c.byTxt[st.text] = st
	c.link(st)
}

// remove forgets st, if it is there.
func (c *stmtCache) remove(st *stmt) {
	if c.byTxt[st.text] == st {
		delete(c.byTxt, st.text)
		c.unlink(st)
	}
}

// victim is the statement that must go before another is put, or nil.
func (c *stmtCache) victim() *stmt {
	if len(c.byTxt) < c.size {
		return nil
	}
	return c.ring.newer
}

func (c *stmtCache) clear() {
	clear(c.byTxt)
	c.ring.newer, c.ring.older = &c.ring, &c.ring
}

func (c *stmtCache) name() string {
	c.names++
	return "sqlayer_" + strconv.FormatUint(c.names, 10)
}

// prepare returns the statement for text, described by the server: from the
// cache, or by one round trip.
func (c *Conn) prepare(ctx context.Context, text string) (*stmt, error) {
	if st := c.cache.get(text); st != nil {
		return st, nil
	}
	if err := c.refuseScript(text); err != nil {
		return nil, err
	}
	name := ""
	if c.cache.size > 0 {
		if c.mode == modeCache {
			name = c.cache.name()
		}
		c.evict()
	}
	c.closeUnwanted(ctx)
	sd, err := c.pg.Prepare(ctx, name, text, nil)
	aborted := c.settle()
	if err == nil && aborted {
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, c.fail(ctx, err, false)
	}
	st := describe(c.types, sd, true)
	if c.cache.size > 0 {
		c.cache.put(st)
	}
	return st, nil
}

// evict makes room for one statement. The messages that close the old ones on the
// server (several, after a large batch) go out with the one that prepares the
// next, and cost no round trip.
func (c *Conn) evict() {
	for v := c.cache.victim(); v != nil; v = c.cache.victim() {
		c.drop(v)
	}
}

// drop forgets a statement here and, when the next is prepared, on the server.
func (c *Conn) drop(st *stmt) {
	c.cache.remove(st)
	if st.named() {
		c.unwanted = append(c.unwanted, st.sd.Name)
	}
}

// closeUnwanted queues the messages that close statements on the server, if what follows
// them will be sent.
func (c *Conn) closeUnwanted(ctx context.Context) {
	if len(c.unwanted) == 0 || ctx.Err() != nil || c.pg.IsBusy() || c.pg.IsClosed() {
		return
	}
	for _, name := range c.unwanted {
		c.pg.Frontend().SendClose(&pgproto3.Close{ObjectType: 'S', Name: name})
	}
	c.unwanted = c.unwanted[:0]
}

// refuseScript returns an error for several statements in one text, which the
// server cannot prepare, and for COPY from the client, which has a way of its own.
func (c *Conn) refuseScript(text string) error {
	class := sqltext.Classify(&c.d.Features().Lexical, text)
	if class.Several {
		return dialect.Errorf(dialect.ErrArguments,
			"postgres: a text of several statements cannot have arguments or be prepared; send them one by one, or without arguments")
	}
	return c.refuseCopy(text)
}
