package postgres

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqltext"
)

// queryMode is how statements reach the server.
type queryMode uint8

const (
	modeCache    queryMode = iota // kept on the server, by name
	modeDescribe                  // described once, parsed each time
	modeExec                      // parsed each time, values as text
	modeSimple                    // the simple protocol, values within the text
)

// closeTimeout bounds Close.
const closeTimeout = 5 * time.Second

// Conn is a connection to one server. It implements [dialect.Conn] and is used
// by one goroutine at a time. Programs reach it as a dialect.Conn.
type Conn struct {
	d     dialect.Dialect
	px    *pgx.Conn
	pg    *pgconn.PgConn
	types *pgtype.Map
	watch *canceller
	mode  queryMode
	cache *stmtCache

	twoPhase twoPhase
	inTx     bool // Begin has begun a transaction, which was not ended here

	closed bool
	gone   bool // the caller of a statement knows that the connection is lost
	// unwanted are the names of statements that the server still keeps.
	unwanted []string

	args argBuf // of the statement under way
}

var (
	_ dialect.Conn    = (*Conn)(nil)
	_ dialect.Dirtier = (*Conn)(nil)
	_ dialect.RawConn = (*Conn)(nil)
	_ dialect.Batcher = (*Conn)(nil)
	_ dialect.Copier  = (*Conn)(nil)
)

// Query implements [dialect.Conn]. A text that runs for the first time on the
// connection takes two round trips (the server describes it), later runs one.
// A text of several statements, which has no arguments, goes through the simple
// protocol; its Rows are [dialect.ResultSets].
func (c *Conn) Query(ctx context.Context, q *dialect.Compiled) (dialect.Rows, error) {
	text, args := q.Text(), q.Args()
	if err := c.over(); err != nil {
		return nil, err
	}
	if c.mode == modeSimple || len(args) == 0 && c.cache.get(text) == nil && c.several(text) {
		return c.querySimple(ctx, text, args, q.Writes)
	}
	rr, st, err := c.run(ctx, text, args)
	if err != nil {
		return nil, err
	}
	return &rows{c: c, ctx: ctx, rr: rr, st: st, writes: q.Writes}, nil
}

// several reports whether text holds more than one statement.
func (c *Conn) several(text string) bool {
	i := strings.IndexByte(text, ';')
	return i >= 0 && strings.TrimSpace(text[i:]) != ";" && sqltext.Classify(&c.d.Features().Lexical, text).Several
}

// Exec implements [dialect.Conn]. A text without arguments goes through the
// simple protocol, in one round trip, and may hold several statements, whose
// affected rows are added up.
func (c *Conn) Exec(ctx context.Context, q *dialect.Compiled) (dialect.Result, error) {
	text, args := q.Text(), q.Args()
	if err := c.over(); err != nil {
		return dialect.Result{}, err
	}
	if c.mode == modeSimple || len(args) == 0 && c.cache.get(text) == nil {
		return c.execSimple(ctx, text, args)
	}
	rr, _, err := c.run(ctx, text, args)
	if err != nil {
		return dialect.Result{}, err
	}
	tag, err := rr.Close()
	if err = c.finish(ctx, err); err != nil {
		return dialect.Result{}, err
	}
	return resultOf(tag), nil
}

// run starts a statement in the extended protocol and returns its reader once
// the first message of its answer is there. An error of the server is returned
// here, when it has ended the statement before the first row. A plan that the
// server refuses as stale is made again and run once more, outside a transaction.
func (c *Conn) run(ctx context.Context, text string, args []dialect.Arg) (*pgconn.ResultReader, *stmt, error) {
	for again := false; ; again = true {
		rr, st, err := c.start(ctx, text, args)
		if err != nil {
			return nil, nil, err
		}
		fields := rr.FieldDescriptions()
		if len(fields) > 0 {
			if st == nil || !sameFields(st.sd.Fields, fields) {
				sd := &pgconn.StatementDescription{SQL: text, Fields: append([]pgconn.FieldDescription(nil), fields...)}
				if st != nil {
					c.cache.remove(st)
				}
				st = describe(c.types, sd, false)
			}
			return rr, st, nil
		}
		// Without a description there are no rows: an error, or a statement
		// that gives none.
		_, err = rr.Close()
		if err == nil && (st == nil || len(st.sd.Fields) == 0) {
			if err := c.finish(ctx, nil); err != nil {
				return nil, nil, err
			}
			if st == nil {
				st = &stmt{sd: &pgconn.StatementDescription{SQL: text}}
			}
			return rr, st, nil // it keeps its tag
		}
		pe := failPg(err)
		if st != nil && pe != nil && c.stale(pe, st) {
			if c.pg.TxStatus() == 'I' && !again {
				c.settle()
				continue
			}
			err = c.finish(ctx, err)
			var e *dialect.Error
			if errors.As(err, &e) && e.Kind != dialect.ErrCancelled {
				stale := *e
				stale.Kind = dialect.ErrStalePlan
				err = &stale
			}
			return nil, nil, err
		}
		return nil, nil, c.finish(ctx, err)
	}
}

// stale forgets statements that the server refused as stale, and reports
// whether it did.
func (c *Conn) stale(pe *pgconn.PgError, st *stmt) bool {
	switch {
	case pe.Code == "26000" && st.named() && isStalePlan(pe, st.sd.Name):
		c.cache.clear() // DEALLOCATE ALL, or another server behind a proxy
		return true
	case pe.Code == "0A000" && isStalePlan(pe, ""):
		c.drop(st)
		return true
	case pe.Code == "08P01" && !st.named() && c.mode == modeDescribe:
		c.cache.remove(st) // the number of columns has changed
		return strings.Contains(pe.Message, "result format")
	case pe.Code == "XX000" || pe.Code == "42704":
		c.drop(st) // a type that it used is gone; not known to be unexecuted
	}
	return false
}

// sameFields reports whether a result has the columns that were described.
func sameFields(a, b []pgconn.FieldDescription) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].DataTypeOID != b[i].DataTypeOID || a[i].Name != b[i].Name {
			return false
		}
	}
	return true
}

// start sends a statement with its arguments.
func (c *Conn) start(ctx context.Context, text string, args []dialect.Arg) (*pgconn.ResultReader, *stmt, error) {
	if c.mode == modeExec {
		if err := c.refuseScript(text); err != nil {
			return nil, nil, err
		}
		if err := c.args.encode(c, nil, args); err != nil {
			return nil, nil, err
		}
		return c.pg.ExecParams(ctx, text, c.args.values, nil, c.args.formats, nil), nil, nil
	}
	st, err := c.prepare(ctx, text)
	if err != nil {
		return nil, nil, err
	}
	if err := checkCount(len(st.sd.ParamOIDs), args); err != nil {
		return nil, nil, err
	}
	if err := c.args.encode(c, st.sd.ParamOIDs, args); err != nil {
		return nil, nil, err
	}
	if c.mode == modeDescribe {
		return c.pg.ExecParams(ctx, text, c.args.values, st.sd.ParamOIDs, c.args.formats, st.formats), st, nil
	}
	return c.pg.ExecStatement(ctx, st.sd, c.args.values, c.args.formats, st.formats), st, nil
}

// finish ends a statement that pgconn has finished with: it settles a cancel
// request, and describes err.
func (c *Conn) finish(ctx context.Context, err error) error {
	aborted := c.settle()
	if err != nil {
		return c.fail(ctx, err, true)
	}
	c.gone = c.pg.IsClosed()
	if aborted {
		return &dialect.Error{Kind: dialect.ErrCancelled, Cause: context.Cause(ctx),
			Message: "the context ended as the statement did, and the transaction is aborted"}
	}
	return nil
}

// command runs a text of SQLayer's own and returns the last command tag.
func (c *Conn) command(ctx context.Context, text string) (pgconn.CommandTag, error) {
	mrr := c.pg.Exec(ctx, text)
	var tag pgconn.CommandTag
	for mrr.NextResult() {
		tag, _ = mrr.ResultReader().Close()
	}
	return tag, c.finish(ctx, mrr.Close())
}

// begins are the words for the isolation levels. PostgreSQL's REPEATABLE READ
// is snapshot isolation.
var begins = [...]string{
	dialect.ReadUncommitted: " ISOLATION LEVEL READ UNCOMMITTED",
	dialect.ReadCommitted:   " ISOLATION LEVEL READ COMMITTED",
	dialect.RepeatableRead:  " ISOLATION LEVEL REPEATABLE READ",
	dialect.Snapshot:        " ISOLATION LEVEL REPEATABLE READ",
	dialect.Serializable:    " ISOLATION LEVEL SERIALIZABLE",
}

// Begin implements [dialect.Conn], in one statement. It is an error where a
// transaction is open already.
func (c *Conn) Begin(ctx context.Context, o dialect.TxOptions) error {
	if err := dialect.CheckTx(c.d, o); err != nil {
		return err
	}
	if c.pg.TxStatus() != 'I' && !c.pg.IsClosed() {
		return dialect.Errorf(dialect.ErrStatement, "postgres: a transaction is open already; use a savepoint")
	}
	text := "BEGIN" + begins[o.Isolation]
	if o.ReadOnly {
		text += " READ ONLY"
	}
	if o.Deferrable {
		text += " DEFERRABLE"
	}
	_, err := c.command(ctx, text)
	c.inTx = err == nil
	return err
}

// over refuses what would be done by itself after a statement, a COMMIT say,
// has ended the transaction that Begin began.
func (c *Conn) over() error {
	if !c.inTx || c.pg.TxStatus() != 'I' || c.pg.IsClosed() {
		return nil
	}
	return dialect.Errorf(dialect.ErrTransactionAborted, "postgres: the transaction is over: one of its statements has ended it; roll back to begin another")
}

// Commit implements [dialect.Conn]. The server answers COMMIT in a failed
// transaction with a rollback; that is an error of kind
// [dialect.ErrTransactionAborted], as it is when there is no transaction.
func (c *Conn) Commit(ctx context.Context) error {
	if c.twoPhase.prepared {
		return c.settleOwn(ctx, true)
	}
	c.twoPhase = twoPhase{}
	if err := c.over(); err != nil {
		return err
	}
	if c.pg.TxStatus() == 'I' && !c.pg.IsClosed() {
		return dialect.Errorf(dialect.ErrStatement, "postgres: there is no transaction to commit")
	}
	tag, err := c.command(ctx, "COMMIT")
	if err != nil {
		return err
	}
	c.inTx = false
	if tag.String() == "ROLLBACK" {
		return &dialect.Error{Kind: dialect.ErrTransactionAborted, Code: "25P02",
			Message: "the transaction had failed, and the server rolled it back at COMMIT"}
	}
	return nil
}

// Rollback implements [dialect.Conn]. Without a transaction it does nothing.
func (c *Conn) Rollback(ctx context.Context) error {
	if c.twoPhase.prepared {
		return c.settleOwn(ctx, false)
	}
	c.twoPhase, c.inTx = twoPhase{}, false
	if c.pg.TxStatus() == 'I' && !c.pg.IsClosed() {
		return nil
	}
	_, err := c.command(ctx, "ROLLBACK")
	return err
}

// Ping implements [dialect.Conn].
func (c *Conn) Ping(ctx context.Context) error {
	return c.finish(ctx, c.pg.Ping(ctx))
}

// resetText is DISCARD ALL without its DEALLOCATE ALL and DISCARD PLANS, so that the kept
// statements stay. RESET ALL goes back to what the connection began with,
// which is where the URL's settings are.
const resetText = "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; " +
	"SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES"

// Reset implements [dialect.Conn], in one round trip.
func (c *Conn) Reset(ctx context.Context) error {
	text := resetText
	c.twoPhase, c.inTx = twoPhase{}, false
	if c.pg.ParameterStatus("crdb_version") != "" {
		if err := c.Rollback(ctx); err != nil {
			return err
		}
		c.cache.clear()
		_, err := c.command(ctx, "DISCARD ALL")
		return err
	}
	if c.pg.TxStatus() != 'I' {
		text = "ROLLBACK; " + text
	}
	_, err := c.command(ctx, text)
	return err
}

// Dirty implements [dialect.Dirtier]: a transaction is open.
func (c *Conn) Dirty() bool { return !c.pg.IsClosed() && c.pg.TxStatus() != 'I' }

// Usable implements [dialect.Conn].
func (c *Conn) Usable() bool { return !c.closed && !c.pg.IsClosed() }

// Raw implements [dialect.RawConn]: the *pgx.Conn. Whoever changes its session
// puts that right; types registered on its TypeMap are known to ScanRow and to
// arguments from then on.
func (c *Conn) Raw() any { return c.px }

// Close implements [dialect.Conn]. A connection that broke is waited for until
// the driver has let go of its socket.
func (c *Conn) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if !c.pg.IsClosed() {
		c.pg.Close(ctx) // it reports nothing but that the socket was closed
		return nil
	}
	c.kill()
	return nil
}

// kill closes the socket at once.
func (c *Conn) kill() {
	if !c.pg.IsClosed() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		c.pg.Close(ctx)
		return
	}
	select {
	case <-c.pg.CleanupDone():
	case <-time.After(100 * time.Millisecond):
		c.pg.Conn().Close()
	}
}

// resultOf reads a command tag. Only commands that write rows have a number.
func resultOf(tag pgconn.CommandTag) dialect.Result {
	s := tag.String()
	switch {
	case tag.Insert(), tag.Update(), tag.Delete(), strings.HasPrefix(s, "MERGE"), strings.HasPrefix(s, "COPY "):
		return dialect.NewResult(tag.RowsAffected())
	}
	return dialect.NewResult(-1)
}

// checkCount compares the statement's parameters with its arguments.
func checkCount(params int, args []dialect.Arg) error {
	switch n := len(args); {
	case n < params:
		return dialect.Errorf(dialect.ErrArguments, "postgres: the statement has %s and %s: $%d has no value",
			plural(params, "parameter"), plural(n, "argument"), n+1)
	case n > params:
		what := "argument"
		if name := args[params].Name; name != "" {
			what += " " + name
		}
		return dialect.Errorf(dialect.ErrArguments, "postgres: the statement has %s and %s: %s %d has no $%d in the text",
			plural(params, "parameter"), plural(n, "argument"), what, params+1, params+1)
	}
	return nil
}
