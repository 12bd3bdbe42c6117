package all_test

import (
	"context"
	"fmt"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/testspace"
)

// The names of a run's own, so that runs may share a server.
var (
	kindRun    = fmt.Sprint(time.Now().UnixNano())
	kindParent = "kp" + kindRun
	kindChild  = "kc" + kindRun
	kindUnique = "ku" + kindRun
	kindCheck  = "kk" + kindRun
	kindFK     = "kf" + kindRun
	kindUser   = "kx" + kindRun
)

// provocation makes a server raise an error, and returns it.
type provocation func(p *provoking) error

// bench is a live database with the tables that provocations use.
type bench struct {
	testenv.Backend
	column string // of the table
	eng    *engine.Engine
}

type provoking struct {
	*testing.T
	*bench
}

// newBench returns the bench of a backend, or nil where the table has no
// column for it. A database that refuses its tables fails the test and has no bench either; the others go on.
func newBench(t *testing.T, b testenv.Backend) *bench {
	k := &bench{Backend: b}
	k.eng = openURL(t, b.URL)
	if err := k.eng.Ping(t.Context()); err != nil {
		t.Errorf("%s: %v", b.Name, err)
		return nil
	}
	k.column = k.eng.Dialect().Name()
	if kindDatabases[k.column] == nil {
		return nil
	}
	for _, s := range []string{
		fmt.Sprintf("CREATE TABLE %s (id INTEGER PRIMARY KEY, code VARCHAR(5), n INTEGER NOT NULL, "+
			"CONSTRAINT %s UNIQUE (code), CONSTRAINT %s CHECK (n > 0))", kindParent, kindUnique, kindCheck),
		fmt.Sprintf("CREATE TABLE %s (id INTEGER PRIMARY KEY, p_id INTEGER, CONSTRAINT %s FOREIGN KEY (p_id) REFERENCES %s (id))",
			kindChild, kindFK, kindParent),
		fmt.Sprintf("INSERT INTO %s (id, code, n) VALUES (1, 'a', 1)", kindParent),
		fmt.Sprintf("INSERT INTO %s (id, code, n) VALUES (2, 'b', 1)", kindParent),
	} {
		if _, err := k.eng.Exec(t.Context(), s); err != nil {
			t.Errorf("%s: %v", b.Name, err)
			return nil
		}
		if table := strings.Fields(s)[2]; strings.HasPrefix(s, "CREATE") {
			t.Cleanup(func() { must(t, k.eng, "DROP TABLE "+table) })
		}
	}
	return k
}

// openURL opens an engine that is closed with the test.
func openURL(t *testing.T, u string) *engine.Engine {
	t.Helper()
	eng, err := openLive(u)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := eng.Close(); err != nil {
			t.Error(err)
		}
	})
	return eng
}

// openLive opens an engine whose statements end, whatever the server does.
func openLive(u string) (*engine.Engine, error) {
	return engine.Open(u, engine.WithStatementTimeout(testspace.Limit))
}

type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (engine.Result, error)
}

// must executes statements that may not fail, even when the test's context has ended.
func must(t *testing.T, x execer, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := x.Exec(context.Background(), s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func (p *provoking) must(x execer, statements ...string) { p.Helper(); must(p.T, x, statements...) }

// with returns the backend's URL with parts changed.
func (p *provoking) with(change func(u *url.URL, q url.Values)) string {
	u, err := url.Parse(p.URL)
	if err != nil {
		p.Fatal(err)
	}
	q := u.Query()
	change(u, q)
	u.RawQuery = q.Encode()
	return u.String()
}

// dialing gives the error of the first connection to a URL.
func (p *provoking) dialing(u string) error { return openURL(p.T, u).Ping(p.Context()) }

// conn is a connection that is given back with the test.
func (p *provoking) conn() *engine.Conn {
	p.Helper()
	c, err := p.eng.Connect(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() {
		if err := c.Close(); err != nil {
			p.Log(err) // of a connection that was to be lost
		}
	})
	return c
}

// tx is a transaction that is rolled back with the test.
func (p *provoking) tx(opts ...engine.TxOption) *engine.Tx {
	p.Helper()
	tx, err := p.conn().Begin(p.Context(), opts...)
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { tx.Rollback(context.Background()) }) // it may have ended with its error
	return tx
}

// says provokes by one statement, in which P and C stand for the tables.
func says(statement string) provocation {
	return func(p *provoking) error {
		_, err := p.eng.Exec(p.Context(), strings.NewReplacer("{P}", kindParent, "{C}", kindChild).Replace(statement))
		return err
	}
}

// within provokes by the last of several statements of one connection.
func within(statements ...string) provocation {
	return func(p *provoking) error {
		c := p.conn()
		last := len(statements) - 1
		p.must(c, statements[:last]...)
		_, err := c.Exec(p.Context(), statements[last])
		return err
	}
}

// scalar reads one value.
func scalar[T any](p *provoking, r engine.Runner, text string) T {
	p.Helper()
	v, err := engine.Scalar[T](p.Context(), r, engine.Text(text))
	if err != nil {
		p.Fatal(err)
	}
	return v
}

// cancelled provokes by a context that ends.
func cancelled(statement string) provocation {
	return func(p *provoking) error {
		ctx, cancel := context.WithTimeout(p.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := p.eng.Exec(ctx, statement)
		return err
	}
}

// overtaken provokes a serialization failure: a transaction writes a row that
// another one has written since it began to read.
func overtaken(level engine.IsolationLevel, before ...string) provocation {
	return func(p *provoking) error {
		c := p.conn()
		p.must(c, before...)
		tx, err := c.Begin(p.Context(), engine.Isolation(level))
		if err != nil {
			p.Fatal(err)
		}
		p.Cleanup(func() { tx.Rollback(context.Background()) })
		scalar[int](p, tx, "SELECT n FROM "+kindParent+" WHERE id = 1")
		p.must(p.eng, "UPDATE "+kindParent+" SET n = n + 1 WHERE id = 1")
		_, err = tx.Exec(p.Context(), "UPDATE "+kindParent+" SET n = n + 1 WHERE id = 1")
		return err
	}
}

// deadlocked provokes a deadlock: each of two transactions waits for the row of the other.
func deadlocked(before ...string) provocation {
	return func(p *provoking) error {
		a, b := p.tx(), p.tx()
		p.must(a, before...)
		p.must(b, before...)
		p.must(a, "UPDATE "+kindParent+" SET n = n + 1 WHERE id = 1")
		p.must(b, "UPDATE "+kindParent+" SET n = n + 1 WHERE id = 2")
		var errs [2]error
		var wg sync.WaitGroup
		for i, tx := range []*engine.Tx{a, b} {
			wg.Go(func() {
				_, errs[i] = tx.Exec(p.Context(), fmt.Sprintf("UPDATE %s SET n = n + 1 WHERE id = %d", kindParent, 2-i))
				tx.Rollback(context.Background())
			})
		}
		wg.Wait()
		if errs[0] != nil && errs[1] != nil {
			p.Errorf("both are victims: %v and %v", errs[0], errs[1])
		}
		if errs[0] != nil {
			return errs[0]
		}
		return errs[1]
	}
}

// locked provokes by a row that another transaction has locked.
func locked(before ...string) provocation {
	return func(p *provoking) error {
		a, b := p.tx(), p.tx()
		p.must(a, "UPDATE "+kindParent+" SET n = n + 1 WHERE id = 1")
		p.must(b, before...)
		_, err := b.Exec(p.Context(), "UPDATE "+kindParent+" SET n = n + 1 WHERE id = 1")
		return err
	}
}

// killed provokes by a connection that the server ends; kill has its number as %d.
func killed(number, kill string) provocation {
	return func(p *provoking) error {
		c := p.conn()
		p.must(p.eng, fmt.Sprintf(kill, scalar[int64](p, c, number)))
		_, err := c.Exec(p.Context(), "UPDATE "+kindParent+" SET n = 1")
		return err
	}
}

// readOnly provokes by a write in a transaction that is read-only.
func readOnly(p *provoking) error {
	_, err := p.tx(engine.ReadOnly()).Exec(p.Context(), "DELETE FROM "+kindChild)
	return err
}

// asUser opens a connection as a user who is made by a statement, and dropped with the test.
func asUser(database bool, create string) func(p *provoking) *engine.Engine {
	return func(p *provoking) *engine.Engine {
		p.must(p.eng, fmt.Sprintf(create, kindUser))
		p.Cleanup(func() {
			if p.column == "postgres" {
				must(p.T, p.eng, "DROP ROLE "+kindUser)
				return
			}
			must(p.T, p.eng, "DROP USER "+kindUser+"@'%'")
		})
		return openURL(p.T, p.with(func(u *url.URL, _ url.Values) {
			u.User = url.UserPassword(kindUser, "pw")
			if !database {
				u.Path = "/"
			}
		}))
	}
}

// nobody provokes by a user that does not exist, nowhere by a database that does not.
func nobody(p *provoking) error {
	return p.dialing(p.with(func(u *url.URL, _ url.Values) { u.User = url.UserPassword(kindUser+"_nobody", "pw") }))
}

func nowhere(p *provoking) error {
	return p.dialing(p.with(func(u *url.URL, q url.Values) {
		u.Path += "_nowhere_" + kindRun
		if p.column == "sqlite" {
			q.Set("mode", "rw")
		}
	}))
}

// mysqlDenied reads a table of the server's as a user without rights.
func mysqlDenied(p *provoking) error {
	_, err := asUser(false, "CREATE USER %s@'%%' IDENTIFIED BY 'pw'")(p).Exec(p.Context(), "SELECT * FROM mysql.user")
	return err
}

// mysqlCrowded is a user's second connection where one is allowed.
func mysqlCrowded(p *provoking) error {
	eng := asUser(false, "CREATE USER %s@'%%' IDENTIFIED BY 'pw' WITH MAX_USER_CONNECTIONS 1")(p)
	c, err := eng.Connect(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	defer c.Close()
	return eng.Ping(p.Context())
}

// postgresCrowded is a role's first connection where none is allowed.
func postgresCrowded(p *provoking) error {
	return asUser(true, "CREATE ROLE %s LOGIN PASSWORD 'pw' CONNECTION LIMIT 0")(p).Ping(p.Context())
}

// postgresFull fills a tablespace on a small file system of its own.
func postgresFull(p *provoking) error {
	data := scalar[string](p, p.eng, "SHOW data_directory")
	dir := p.TempDirAt(data)
	if dir == "" {
		return fmt.Errorf("%w: a small file system for a tablespace needs a server on this machine, and the rights to mount one", errNotHere)
	}
	space, table := "ks"+kindRun, "kt"+kindRun
	p.must(p.eng, fmt.Sprintf("CREATE TABLESPACE %s LOCATION '%s'", space, dir))
	p.Cleanup(func() { must(p.T, p.eng, "DROP TABLESPACE "+space) })
	p.must(p.eng, fmt.Sprintf("CREATE TABLE %s (v text) TABLESPACE %s", table, space))
	p.Cleanup(func() { must(p.T, p.eng, "DROP TABLE "+table) })
	_, err := p.eng.Exec(p.Context(), fmt.Sprintf("INSERT INTO %s SELECT repeat('x', 1000) FROM generate_series(1, 5000)", table))
	return err
}

// TempDirAt mounts a file system of a megabyte whose files belong to the owner of a
// folder, and returns "" where that cannot be.
func (p *provoking) TempDirAt(owned string) string {
	dir := p.TempDir()
	// The folders above are for their owner alone.
	for _, c := range [][]string{{"chmod", "755", dir, dir + "/.."}, {"mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", dir},
		{"chown", "--reference=" + owned, dir}} {
		if out, err := exec.Command(c[0], c[1:]...).CombinedOutput(); err != nil {
			p.Logf("%s: %v: %s", strings.Join(c, " "), err, out)
			return ""
		}
		if c[0] == "mount" {
			p.Cleanup(func() {
				if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
					p.Errorf("umount %s: %v: %s", dir, err, out)
				}
			})
		}
	}
	return dir
}

// memoryFull fills a table that is held in memory to the server's limit.
func memoryFull(p *provoking) error {
	c := p.conn()
	table := "kt" + kindRun
	p.must(c, "SET SESSION max_heap_table_size = 16384", "CREATE TABLE "+table+" (v CHAR(250)) ENGINE = MEMORY")
	p.Cleanup(func() { must(p.T, p.eng, "DROP TABLE "+table) })
	_, err := c.Exec(p.Context(), "INSERT INTO "+table+" SELECT 'x' FROM information_schema.columns")
	return err
}

// sqliteSnapshot writes in a transaction whose snapshot another one has overtaken.
func sqliteSnapshot(p *provoking) error {
	c := p.conn()
	p.must(c, "BEGIN DEFERRED")
	scalar[int](p, c, "SELECT n FROM "+kindParent+" WHERE id = 1")
	p.must(p.eng, "UPDATE "+kindParent+" SET n = n + 1 WHERE id = 1")
	_, err := c.Exec(p.Context(), "UPDATE "+kindParent+" SET n = n + 1 WHERE id = 1")
	return err
}

// sqliteLocked begins to write while another transaction does.
func sqliteLocked(p *provoking) error {
	eng := openURL(p.T, p.with(func(_ *url.URL, q url.Values) { q.Set("busy_timeout", "10ms") }))
	tx := p.tx()
	p.must(tx, "UPDATE "+kindParent+" SET n = n + 1 WHERE id = 1")
	_, err := eng.Exec(p.Context(), "UPDATE "+kindParent+" SET n = n + 1 WHERE id = 1")
	return err
}

// sqliteWith runs a statement through a URL with one more option.
func sqliteWith(option, value, statement string) provocation {
	return func(p *provoking) error {
		eng := openURL(p.T, p.with(func(_ *url.URL, q url.Values) { q.Set(option, value) }))
		_, err := eng.Exec(p.Context(), strings.ReplaceAll(statement, "{C}", kindChild))
		return err
	}
}
