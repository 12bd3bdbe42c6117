package dialecttest

import (
	"errors"
	"fmt"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var txCases = []testCase{
	{name: "Commit keeps what was done", run: txCommit},
	{name: "Rollback undoes what was done", run: txRollback},
	{name: "others see nothing before Commit", run: txIsolated},
	{name: "an empty transaction begins and ends", run: txEmpty},
	{name: "one transaction after the other", run: txSequence},
	{name: "each isolation level of Features works", run: txLevels},
	{name: "the isolation level does not outlive its transaction", run: txLevelEnds},
	{name: "other isolation levels are refused before sending", run: txOtherLevels},
	{name: "a repeatable read sees no later commits", needs: feature("Isolation with REPEATABLE READ, SNAPSHOT or SERIALIZABLE", hasSnapshot), run: txRepeatable},
	{name: "read only refuses to write", needs: readOnlyTx, run: txReadOnly},
	{name: "read only does not outlive its transaction", needs: readOnlyTx, run: txReadOnlyEnds},
	{name: "read only is refused where there is none", needs: without("ReadOnlyTx", func(f *dialect.Features) bool { return !f.ReadOnlyTx }), run: txReadOnlyRefused},
	{name: "deferrable works", needs: deferrable, run: txDeferrable},
	{name: "deferrable is refused where there is none", needs: without("DeferrableTx", func(f *dialect.Features) bool { return !f.DeferrableTx }), run: txDeferrableRefused},
	{name: "a failed statement leaves the transaction as AbortsOnError says", run: txFailedStatement},
	{name: "Commit after a failed statement does not pretend", run: txCommitFailed},
	{name: "Rollback after a failed statement gives a clean connection", run: txRollbackFailed},
	{name: "closing the connection undoes the transaction", run: txClose},
	{name: "rows may be read in a transaction and left half-read", run: txRows},
	{name: "DDL is undone", needs: feature("TransactionalDDL", func(f *dialect.Features) bool { return f.TransactionalDDL }), run: txDDL},
	{name: "a context that has ended begins nothing", run: txCancelledBegin},
}

var readOnlyTx = feature("ReadOnlyTx", func(f *dialect.Features) bool { return f.ReadOnlyTx })
var deferrable = feature("DeferrableTx", func(f *dialect.Features) bool { return f.DeferrableTx })

func hasSnapshot(f *dialect.Features) bool {
	return f.Isolation.Has(dialect.RepeatableRead) || f.Isolation.Has(dialect.Snapshot) || f.Isolation.Has(dialect.Serializable)
}

var levels = []dialect.Isolation{dialect.ReadUncommitted, dialect.ReadCommitted, dialect.RepeatableRead, dialect.Snapshot, dialect.Serializable}

// wantRows checks a table from a connection of its own.
func (t *T) wantRows(table ident, want int64) {
	t.Helper()
	if n := t.count(t.conn(), table); n != want {
		t.Errorf("%d rows instead of %d", n, want)
	}
}

func txCommit(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{1}, []any{2})
	t.commit(c)
	t.wantRows(table, 2)
	t.works(c)
}

func txRollback(t *T) {
	table, c := t.table(key), t.conn()
	t.insert(c, table, []string{"id"}, []any{1})
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{2})
	t.exec(c, say{"DELETE FROM ", table, " WHERE ", ident("id"), " = 1"})
	if n := t.count(c, table); n != 1 {
		t.Errorf("%d rows are seen within the transaction", n)
	}
	t.rollback(c)
	for _, c := range []dialect.Conn{c, t.conn()} {
		if got := t.ids(c, table); got != "[1]" {
			t.Errorf("the rows are %s after Rollback", got)
		}
	}
	// Without a transaction, each statement is committed by itself.
	t.insert(c, table, []string{"id"}, []any{3})
	t.wantRows(table, 2)
}

func txIsolated(t *T) {
	level := dialect.DefaultIsolation
	if t.f.Isolation.Has(dialect.ReadCommitted) {
		level = dialect.ReadCommitted
	}
	table, a, b := t.table(key, col{"v", integer, ""}), t.conn(), t.conn()
	t.insert(a, table, []string{"id", "v"}, []any{1, 10})
	t.begin(a, dialect.TxOptions{Isolation: level})
	t.insert(a, table, []string{"id", "v"}, []any{2, 20})
	// A database may make the reader wait instead of showing it old rows.
	ctx, cancel := timeout(t.ctx, 500)
	defer cancel()
	var n int64
	if err := t.tryRow(ctx, b, say{"SELECT COUNT(*) FROM ", table}, &n); err == nil && n != 1 {
		t.Errorf("another connection sees %d rows before Commit", n)
	}
	t.commit(a)
	t.wantRows(table, 2)
}

func txEmpty(t *T) {
	c := t.conn()
	for _, end := range []func(dialect.Conn){t.commit, t.rollback, t.commit} {
		t.begin(c, dialect.TxOptions{})
		end(c)
	}
	t.works(c)
	if d, ok := c.(dialect.Dirtier); ok && d.Dirty() {
		t.Errorf("the connection is dirty after its transactions have ended")
	}
}

func txSequence(t *T) {
	table, c := t.table(key), t.conn()
	for i := range 10 {
		t.begin(c, dialect.TxOptions{})
		t.insert(c, table, []string{"id"}, []any{i})
		if i%2 == 0 {
			t.commit(c)
		} else {
			t.rollback(c)
		}
	}
	t.wantRows(table, 5)
}

func txLevels(t *T) {
	table, c := t.table(key), t.conn()
	n := int64(0)
	for _, l := range levels {
		if !t.f.Isolation.Has(l) {
			continue
		}
		n++
		t.begin(c, dialect.TxOptions{Isolation: l})
		t.count(c, table)
		t.insert(c, table, []string{"id"}, []any{int(l)})
		t.commit(c)
	}
	if n == 0 {
		t.Errorf("Features has no isolation level at all")
	}
	t.wantRows(table, n)
}

// txLevelEnds: after a transaction of the highest level, a default one must
// not keep what a second connection does from being seen.
func txLevelEnds(t *T) {
	table, a, b := t.table(key), t.conn(), t.conn()
	high := dialect.DefaultIsolation
	for _, l := range levels {
		if t.f.Isolation.Has(l) {
			high = l
		}
	}
	t.begin(a, dialect.TxOptions{Isolation: high})
	t.count(a, table)
	t.commit(a)
	for i := range 3 {
		t.insert(b, table, []string{"id"}, []any{i})
		if n := t.count(a, table); n != int64(i+1) {
			t.Errorf("%d rows are seen instead of %d", n, i+1)
		}
	}
}

func txOtherLevels(t *T) {
	c := t.conn()
	for _, l := range append([]dialect.Isolation{dialect.Isolation(200)}, levels...) {
		if l <= dialect.Serializable && t.f.Isolation.Has(l) {
			continue
		}
		err := c.Begin(t.ctx, dialect.TxOptions{Isolation: l})
		if err == nil {
			t.Errorf("%v is accepted", l)
			t.rollback(c)
			continue
		}
		t.wantKind(err, dialect.ErrUnsupported)
		// No transaction is open.
		t.begin(c, dialect.TxOptions{})
		t.rollback(c)
	}
	t.works(c)
}

func txRepeatable(t *T) {
	level := dialect.Serializable
	for _, l := range []dialect.Isolation{dialect.Snapshot, dialect.RepeatableRead} {
		if t.f.Isolation.Has(l) {
			level = l
			break
		}
	}
	table, a, b := t.table(key, col{"v", integer, ""}), t.conn(), t.conn()
	t.insert(a, table, []string{"id", "v"}, []any{1, 10})
	o := dialect.TxOptions{Isolation: level}
	if t.f.ReadOnlyTx {
		o.ReadOnly = true // one that writes may keep all others from writing
	}
	t.begin(a, o)
	read := func() (v int) {
		t.row(a, say{"SELECT ", ident("v"), " FROM ", table, " WHERE ", ident("id"), " = 1"}, &v)
		return v
	}
	if v := read(); v != 10 {
		t.Fatalf("the row reads %d", v)
	}
	// The writer is let through, or made to wait for the reader's locks.
	ctx, cancel := timeout(t.ctx, 500)
	defer cancel()
	_, err := t.tryExec(ctx, b, say{"UPDATE ", table, " SET ", ident("v"), " = 11 WHERE ", ident("id"), " = 1"})
	if err != nil {
		t.wantKind(err, dialect.ErrCancelled, dialect.ErrLockTimeout, dialect.ErrBusy)
	}
	if v := read(); v != 10 {
		t.Errorf("the row reads %d after another connection's commit", v)
	}
	t.commit(a)
	if v := read(); err == nil && v != 11 {
		t.Errorf("after the transaction, the row reads %d", v)
	}
}

func txReadOnly(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{ReadOnly: true})
	t.count(c, table)
	_, err := t.tryExec(t.ctx, c, insertText(table, []string{"id"}, 1))
	if err == nil {
		t.Errorf("a read-only transaction writes")
	} else {
		t.wantKind(err, dialect.ErrReadOnly)
	}
	t.rollback(c)
	t.wantRows(table, 0)
	t.works(c)
}

func txReadOnlyEnds(t *T) {
	table, c := t.table(key), t.conn()
	for i := range 2 {
		t.begin(c, dialect.TxOptions{ReadOnly: true})
		t.count(c, table)
		if i == 0 {
			t.commit(c)
		} else {
			t.rollback(c)
		}
		t.insert(c, table, []string{"id"}, []any{2 * i})
		t.begin(c, dialect.TxOptions{})
		t.insert(c, table, []string{"id"}, []any{2*i + 1})
		t.commit(c)
	}
	t.wantRows(table, 4)
}

func (t *T) refused(o dialect.TxOptions) {
	t.Helper()
	c := t.conn()
	err := c.Begin(t.ctx, o)
	if err == nil {
		t.Fatalf("%+v is accepted", o)
	}
	t.wantKind(err, dialect.ErrUnsupported)
	t.begin(c, dialect.TxOptions{})
	t.rollback(c)
	t.works(c)
}

func txReadOnlyRefused(t *T) { t.refused(dialect.TxOptions{ReadOnly: true}) }

func txDeferrable(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{Isolation: dialect.Serializable, ReadOnly: true, Deferrable: true})
	t.count(c, table)
	t.commit(c)
	t.works(c)
}

func txDeferrableRefused(t *T) { t.refused(dialect.TxOptions{Deferrable: true}) }

// failIn makes a statement fail in a transaction that has inserted row 1.
func (t *T) failIn(table ident, c dialect.Conn) {
	t.Helper()
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{1})
	_, err := t.tryExec(t.ctx, c, insertText(table, []string{"id"}, 1))
	t.wantKind(err, dialect.ErrUniqueViolation)
}

func txFailedStatement(t *T) {
	table, c := t.table(key), t.conn()
	t.failIn(table, c)
	_, err := t.tryExec(t.ctx, c, insertText(table, []string{"id"}, 2))
	if t.f.AbortsOnError {
		if err == nil {
			t.Errorf("AbortsOnError is true, and the transaction goes on")
		} else {
			t.wantKind(err, dialect.ErrTransactionAborted)
		}
		t.rollback(c)
		t.wantRows(table, 0)
		return
	}
	if err != nil {
		t.Fatalf("AbortsOnError is false, and the transaction does not go on: %v", err)
	}
	t.commit(c)
	t.wantRows(table, 2)
}

func txCommitFailed(t *T) {
	table, c := t.table(key), t.conn()
	t.failIn(table, c)
	err := t.described(c.Commit(t.ctx))
	n := t.count(t.conn(), table)
	if err == nil && n != 1 {
		t.Errorf("Commit succeeds, and %d rows are there instead of 1", n)
	}
	if err != nil {
		t.wantKind(err, dialect.ErrTransactionAborted)
		if n != 0 {
			t.Errorf("Commit fails (%v), and %d rows are there", err, n)
		}
		if c.Usable() {
			// A Rollback that follows finds the transaction open or ended.
			if err := c.Rollback(t.ctx); err != nil {
				t.Logf("Rollback after the failed Commit: %v", err)
			}
		}
	}
	t.fit(c)
}

func txRollbackFailed(t *T) {
	table, c := t.table(key), t.conn()
	t.failIn(table, c)
	t.rollback(c)
	t.works(c)
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{5})
	t.commit(c)
	t.wantRows(table, 1)
}

func txClose(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{1})
	if err := c.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
	t.wantRows(table, 0)
	other := t.conn()
	t.insert(other, table, []string{"id"}, []any{1}) // nothing is locked any more
}

func txRows(t *T) {
	c := t.conn()
	table := t.numbers(c, 50)
	t.begin(c, dialect.TxOptions{})
	rows := t.query(c, say{"SELECT ", ident("id"), " FROM ", table})
	if !rows.Next() {
		t.Errorf("no row: %v", rows.Err())
	}
	if err := rows.Close(); err != nil {
		t.Errorf("closing half-read rows: %v", err)
	}
	t.exec(c, say{"DELETE FROM ", table, " WHERE ", ident("id"), " > 10"})
	t.commit(c)
	t.wantRows(table, 10)
}

func txDDL(t *T) {
	c := t.conn()
	name := ident(t.newName())
	t.begin(c, dialect.TxOptions{})
	t.exec(c, t.createText(name, key))
	t.insert(c, name, []string{"id"}, []any{1})
	t.rollback(c)
	_, err := t.tryExec(t.ctx, c, say{"DELETE FROM ", name})
	if err == nil {
		t.drops = append(t.drops, say{"DROP TABLE ", name})
	}
	t.wantKind(err, dialect.ErrUndefinedTable)
}

func txCancelledBegin(t *T) {
	c := t.conn()
	ctx, cancel := canceled(t.ctx)
	defer cancel()
	if err := c.Begin(ctx, dialect.TxOptions{}); err == nil {
		t.Errorf("a transaction begins with a context that has ended")
		t.rollback(c)
	} else {
		t.wantKind(t.described(err), dialect.ErrCancelled)
	}
	if c.Usable() {
		t.begin(c, dialect.TxOptions{})
		t.rollback(c)
	}
}

var savepointCases = []testCase{
	{name: "a released savepoint keeps its work", needs: savepoints, run: savepointRelease},
	{name: "rolling back to a savepoint undoes what came after it", needs: savepoints, run: savepointRollback},
	{name: "savepoints nest", needs: savepoints, run: savepointNested},
	{name: "a savepoint can be rolled back to twice", needs: savepoints, run: savepointTwice},
	{name: "rolling back to a savepoint heals a failed transaction", needs: savepoints, run: savepointHeals},
	{name: "a rolled back transaction takes its savepoints along", needs: savepoints, run: savepointOuter},
	{name: "without savepoints, none is claimed", needs: without("Savepoint", func(f *dialect.Features) bool { return f.Savepoint == "" }), run: savepointNone},
}

var savepoints = feature("Savepoint", func(f *dialect.Features) bool { return f.Savepoint != "" })

func (t *T) savepoint(c dialect.Conn, name string) {
	t.Helper()
	t.exec(c, template(t.f.Savepoint, ident(name)))
}

func (t *T) release(c dialect.Conn, name string) {
	t.Helper()
	if t.f.Release != "" {
		t.exec(c, template(t.f.Release, ident(name)))
	}
}

func (t *T) rollbackTo(c dialect.Conn, name string) {
	t.Helper()
	t.exec(c, template(t.f.RollbackTo, ident(name)))
}

// ids are the keys in a table, in order.
func (t *T) ids(c dialect.Conn, table ident) string {
	t.Helper()
	return fmt.Sprint(column[int64](t, c, say{"SELECT ", ident("id"), " FROM ", table, " ORDER BY ", ident("id")}))
}

func savepointRelease(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{1})
	t.savepoint(c, "sp_1")
	t.insert(c, table, []string{"id"}, []any{2})
	t.release(c, "sp_1")
	t.commit(c)
	if got := t.ids(t.conn(), table); got != "[1 2]" {
		t.Errorf("the rows are %s", got)
	}
}

func savepointRollback(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{1})
	t.savepoint(c, "sp_1")
	t.insert(c, table, []string{"id"}, []any{2})
	t.exec(c, say{"DELETE FROM ", table, " WHERE ", ident("id"), " = 1"})
	t.rollbackTo(c, "sp_1")
	t.insert(c, table, []string{"id"}, []any{3})
	t.commit(c)
	if got := t.ids(t.conn(), table); got != "[1 3]" {
		t.Errorf("the rows are %s", got)
	}
}

func savepointNested(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{})
	for i := 1; i <= 4; i++ {
		t.savepoint(c, fmt.Sprint("sp_", i))
		t.insert(c, table, []string{"id"}, []any{i})
	}
	t.rollbackTo(c, "sp_4")
	t.release(c, "sp_3")
	t.insert(c, table, []string{"id"}, []any{5})
	t.rollbackTo(c, "sp_2")
	t.insert(c, table, []string{"id"}, []any{6})
	t.commit(c)
	if got := t.ids(t.conn(), table); got != "[1 6]" {
		t.Errorf("the rows are %s", got)
	}
}

func savepointTwice(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{})
	t.savepoint(c, "sp_1")
	for i := range 3 {
		t.insert(c, table, []string{"id"}, []any{i})
		t.rollbackTo(c, "sp_1")
	}
	t.insert(c, table, []string{"id"}, []any{9})
	t.commit(c)
	if got := t.ids(t.conn(), table); got != "[9]" {
		t.Errorf("the rows are %s", got)
	}
}

func savepointHeals(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{})
	t.insert(c, table, []string{"id"}, []any{1})
	t.savepoint(c, "sp_1")
	_, err := t.tryExec(t.ctx, c, insertText(table, []string{"id"}, 1))
	t.wantKind(err, dialect.ErrUniqueViolation)
	t.rollbackTo(c, "sp_1")
	t.insert(c, table, []string{"id"}, []any{2})
	t.commit(c)
	if got := t.ids(t.conn(), table); got != "[1 2]" {
		t.Errorf("the rows are %s", got)
	}
}

func savepointOuter(t *T) {
	table, c := t.table(key), t.conn()
	t.begin(c, dialect.TxOptions{})
	t.savepoint(c, "sp_1")
	t.insert(c, table, []string{"id"}, []any{1})
	t.release(c, "sp_1")
	t.savepoint(c, "sp_2")
	t.insert(c, table, []string{"id"}, []any{2})
	t.rollback(c)
	t.wantRows(table, 0)
	t.works(c)
}

func savepointNone(t *T) {
	c := t.conn()
	t.begin(c, dialect.TxOptions{})
	_, err := t.tryExec(t.ctx, c, say{"SAVEPOINT sp_1"})
	if err == nil {
		t.Errorf("the database takes SAVEPOINT, which Features does not have")
	} else if errors.Is(err, dialect.ErrConnectionLost) {
		t.Errorf("%v", err)
	}
	t.rollback(c)
	t.works(c)
}
