package fakedb

import (
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Point says when, in the course of a statement, a connection drops.
type Point uint8

// The points at which a connection drops.
const (
	Never  Point = iota
	Before       // nothing was sent
	During       // sent, no answer came
	After        // answered; the next use of the connection finds it gone
	AtEnd        // after the reply's rows, instead of the end of the result
)

// Reply is what the database does with one statement.
type Reply struct {
	Columns []dialect.Column
	Rows    [][]any
	// Result is that of Exec, and of Rows at their end.
	Result dialect.Result
	// Err is the answer instead of rows; with Rows, it comes after them.
	Err error
	// CloseErr comes from Rows.Close.
	CloseErr error
	// Hang lets the statement wait until its context ends.
	Hang bool
	// Sever drops the connection when a hanging statement ends.
	Sever bool
	// Wait lets the statement wait for this channel, or for its context.
	Wait <-chan struct{}
	// Drop says when the connection drops.
	Drop Point
	// More is the next result of a text that has several.
	More *Reply
	// Dirty leaves the session dirty, as the driver sees it.
	Dirty bool
}

// Rows returns a Reply of rows. Each row has a value for each name.
func Rows(names []string, rows ...[]any) Reply {
	r := Reply{Rows: rows, Result: dialect.NewResult(int64(len(rows)))}
	for _, n := range names {
		r.Columns = append(r.Columns, dialect.Column{Name: n})
	}
	return r
}

// Affected returns a Reply without rows.
func Affected(n int64) Reply { return Reply{Result: dialect.NewResult(n)} }

// Fail returns a Reply that is an error of a kind.
func Fail(k dialect.Kind, message string) Reply {
	return Reply{Err: &Error{Kind: k, Code: "F" + k.Error()[:1], Message: message}}
}

// Counts is what happened so far.
type Counts struct {
	Dials      int // that succeeded
	DialErrors int
	Closes     int
	Open       int
	Pings      int
	Resets     int
	Begins     int
	Commits    int
	Rollbacks  int
	Sent       int // statements that reached the server
	RowsOpen   int // results not closed yet
	Servers    int // calls of ForServer
}

type rule struct {
	text    string
	replies []Reply
}

// DB is a database without a server. Its methods are safe for concurrent use.
type DB struct {
	mu       sync.Mutex
	features dialect.Features
	rules    []*rule
	handler  func(c *Call) (Reply, bool)
	dials    []error
	pings    []error
	forSrv   []error
	resets   []error
	begins   []error
	commits  []error
	rollback []error
	dialHang bool
	pingHang bool
	counts   Counts
	log      []string
	args     map[string][]any
	opts     []dialect.TxOptions
	pooling  *dialect.Pooling
	closed   int
	conns    map[*conn]struct{}
	prepared []string
	prepares []error
	dialect  *Dialect
}

// Call is one statement that reached the server.
type Call struct {
	Text string
	Args []any
	Conn int // the number of the connection, from 1 on
}

// New returns a database that answers every statement with an empty Result.
func New() *DB {
	db := &DB{args: map[string][]any{}, conns: map[*conn]struct{}{}}
	db.features = dialect.Features{
		Placeholder: dialect.Question, QuoteOpen: '"', QuoteClose: '"',
		NativeBool: true, BoolAsCondition: true, ConditionAsValue: true,
		Isolation:  dialect.Isolations(dialect.ReadCommitted, dialect.RepeatableRead, dialect.Serializable),
		ReadOnlyTx: true, DeferrableTx: true,
		Savepoint: "SAVEPOINT {0}", Release: "RELEASE SAVEPOINT {0}", RollbackTo: "ROLLBACK TO SAVEPOINT {0}", PreparedID: 20,
		EmptySet: "SELECT 1 WHERE 1 = 0", EmptyIn: "IN (SELECT 1 WHERE 1 = 0)", EmptyNotIn: "NOT IN (SELECT 1 WHERE 1 = 0)",
		Returning: dialect.ReturningClause, ReturningInsert: true, ReturningUpdate: true, ReturningDelete: true,
		Upsert: dialect.OnConflict, InsertedRow: "excluded", DefaultRow: "DEFAULT VALUES", CTE: true, AliasAs: true,
	}
	db.dialect = &Dialect{db: db, features: &db.features}
	return db
}

// SetFeatures changes the features; call it before the dialect is used.
func (db *DB) SetFeatures(change func(*dialect.Features)) { change(&db.features) }

// SetPooling lets the connector advise on pooling; call it before it is used.
func (db *DB) SetPooling(p dialect.Pooling) { db.pooling = &p }

// On has statements that begin with text answered with the replies, one after
// the other; the last one stays. Of several texts the longest counts, of equal ones the
// latest.
func (db *DB) On(text string, replies ...Reply) {
	db.mu.Lock()
	defer db.mu.Unlock()
	for i := range replies {
		if replies[i].Columns != nil {
			// one slice for the statement, as a connection that keeps it has
			replies[i].Columns = append([]dialect.Column(nil), replies[i].Columns...)
		}
	}
	db.rules = append(db.rules, &rule{text, replies})
}

// Handle has f asked before the rules of On.
func (db *DB) Handle(f func(c *Call) (Reply, bool)) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.handler = f
}

// FailDials has the next dials end with these errors; nil is a success.
func (db *DB) FailDials(errs ...error) { db.script(&db.dials, errs) }

// HangDials lets dials wait until their context ends.
func (db *DB) HangDials(on bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.dialHang = on
}

// HangPings lets pings wait until their context ends.
func (db *DB) HangPings(on bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.pingHang = on
}

// FailPings is FailDials for pings.
func (db *DB) FailPings(errs ...error) { db.script(&db.pings, errs) }

// FailForServer is FailDials for ForServer.
func (db *DB) FailForServer(errs ...error) { db.script(&db.forSrv, errs) }

// FailResets is FailDials for resets.
func (db *DB) FailResets(errs ...error) { db.script(&db.resets, errs) }

// FailBegins is FailDials for Begin.
func (db *DB) FailBegins(errs ...error) { db.script(&db.begins, errs) }

// FailCommits is FailDials for Commit.
func (db *DB) FailCommits(errs ...error) { db.script(&db.commits, errs) }

// FailRollbacks is FailDials for Rollback.
func (db *DB) FailRollbacks(errs ...error) { db.script(&db.rollback, errs) }

// FailPrepares is FailDials for Prepare.
func (db *DB) FailPrepares(errs ...error) { db.script(&db.prepares, errs) }

func (db *DB) script(list *[]error, errs []error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	*list = append(*list, errs...)
}

// next takes the next scripted error of a list, and counts.
func (db *DB) next(list *[]error, count *int, log string) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	*count++
	if log != "" {
		db.log = append(db.log, log)
	}
	if len(*list) == 0 {
		return nil
	}
	err := (*list)[0]
	*list = (*list)[1:]
	return err
}

// DropAll drops every open connection, as a server that goes away does.
func (db *DB) DropAll() {
	db.mu.Lock()
	defer db.mu.Unlock()
	for c := range db.conns {
		c.gone.Store(true)
	}
}

// Counts returns what happened so far.
func (db *DB) Counts() Counts {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.counts
}

// Log returns the texts that were sent, in order, with BEGIN, COMMIT,
// ROLLBACK and RESET among them.
func (db *DB) Log() []string {
	db.mu.Lock()
	defer db.mu.Unlock()
	return append([]string(nil), db.log...)
}

// ClearLog empties the log; the counts stay.
func (db *DB) ClearLog() {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.log = nil
}

// Args returns the values of the arguments with which text was sent last.
func (db *DB) Args(text string) []any {
	db.mu.Lock()
	defer db.mu.Unlock()
	return maps.Clone(db.args)[text]
}

// TxOptions returns the options of all transactions begun so far.
func (db *DB) TxOptions() []dialect.TxOptions {
	db.mu.Lock()
	defer db.mu.Unlock()
	return append([]dialect.TxOptions(nil), db.opts...)
}

// Closed returns how often the connector was closed.
func (db *DB) Closed() int {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.closed
}

// Poll waits until ok, for at most a minute, and reports whether it came to
// that.
func Poll(ok func() bool) bool {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if ok() {
			return true
		}
	}
	return ok()
}

// reply finds the answer to a statement, and counts and logs it.
func (db *DB) reply(c *Call) Reply {
	db.mu.Lock()
	h := db.handler
	db.counts.Sent++
	db.log = append(db.log, c.Text)
	db.args[c.Text] = c.Args
	db.mu.Unlock()
	if h != nil {
		if r, ok := h(c); ok {
			return r
		}
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	r, ok := db.peekLocked(c.Text)
	if !ok {
		return Reply{}
	}
	if len(r.replies) == 1 {
		return r.replies[0]
	}
	first := r.replies[0]
	r.replies = r.replies[1:]
	return first
}

// peekLocked returns the rule for a text.
func (db *DB) peekLocked(text string) (*rule, bool) {
	var best *rule
	for _, r := range db.rules {
		if len(r.replies) > 0 && strings.HasPrefix(text, r.text) && (best == nil || len(r.text) >= len(best.text)) {
			best = r
		}
	}
	return best, best != nil
}

// dropsBefore says whether the next answer to text is a drop before sending;
// it uses the reply up if so.
func (db *DB) dropsBefore(text string) bool {
	db.mu.Lock()
	defer db.mu.Unlock()
	r, ok := db.peekLocked(text)
	if !ok || r.replies[0].Drop != Before {
		return false
	}
	if len(r.replies) > 1 {
		r.replies = r.replies[1:]
	}
	return true
}
