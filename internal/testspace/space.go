package testspace

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// Limit bounds each statement that a live test sends: a server that does not
// answer, or a lock that nobody gives back, fails the test that waits for it.
const Limit = 2 * time.Minute

// patience is how long what a server refuses for the moment is tried again.
const patience = 30 * time.Second

// Space is a namespace.
type Space struct {
	testenv.Backend // its URL leads into the namespace
	// Schema is what the database calls the schema that tables without one are in there.
	Schema string

	home string // the URL that the namespace was made with
	user string // on Oracle, the user that it is
}

var made atomic.Int64

// New makes a namespace, which is dropped at the end of the test; on SQLite
// the file of b is one already. The test fails at once where it cannot be made.
func New(t testing.TB, b testenv.Backend) *Space {
	t.Helper()
	s := &Space{Backend: b, home: b.URL}
	u, err := dialect.ParseURL(b.URL)
	if err != nil {
		t.Fatal(err)
	}
	name := nameOf(t)
	switch b.Name {
	case "sqlite":
		s.Schema = "main"
	case "postgres", "cockroachdb":
		s.Schema = name
		execute(t, b.URL, "CREATE SCHEMA "+name)
		s.drop(t, "DROP SCHEMA "+name+" CASCADE")
		u.Options = append(without(u.Options, "search_path"), dialect.Option{Name: "search_path", Value: name})
	case "mysql", "tidb":
		s.Schema = name
		execute(t, b.URL, "CREATE DATABASE "+name)
		s.drop(t, "DROP DATABASE "+name)
		u.Database = name
	case "mssql":
		s.Schema = "dbo"
		execute(t, b.URL, "CREATE DATABASE "+name)
		// Connections that the test has cancelled may still be there for a moment.
		s.drop(t, "ALTER DATABASE "+name+" SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE "+name)
		u.Database = name
	case "oracle":
		s.Schema, s.user = name, name
		password := secret(t)
		s.addUser(t, name, password)
		s.grant(t, name, "CREATE SESSION", "CREATE TABLE", "CREATE VIEW", "CREATE MATERIALIZED VIEW", "CREATE SEQUENCE", "CREATE PROCEDURE",
			"CREATE TRIGGER", "CREATE TYPE", "CREATE SYNONYM")
		u.Username = name
		u = u.WithPassword(password)
	default:
		t.Fatalf("testspace: %s is no backend", b.Name)
	}
	s.URL = u.Reveal()
	return s
}

// Beside makes a schema beside that of the namespace, in which its user may do
// everything, and returns its name as a statement has it. It is dropped at the
// end of the test. SQLite has no schemas but its connections' attached files:
// there the test attaches one itself.
func (s *Space) Beside(t testing.TB, name string) (quoted string) {
	t.Helper()
	quoted = s.quote(t, name)
	switch s.Name {
	case "postgres", "cockroachdb":
		execute(t, s.home, "CREATE SCHEMA "+quoted)
		s.drop(t, "DROP SCHEMA "+quoted+" CASCADE")
	case "mysql", "tidb":
		execute(t, s.home, "CREATE DATABASE "+quoted)
		s.drop(t, "DROP DATABASE "+quoted)
	case "mssql":
		execute(t, s.URL, "CREATE SCHEMA "+quoted) // goes with the database
	case "oracle":
		s.addUser(t, quoted, secret(t))
		s.Reach(t)
	default:
		t.Fatalf("testspace: %s has no schemas: attach a file", s.Name)
	}
	return quoted
}

// Reach lets the namespace's user work in the schemas of others, as after Beside,
// where that takes a right of its own: on Oracle, which has none to all of one other
// user's schema before 23ai.
func (s *Space) Reach(t testing.TB) {
	t.Helper()
	if s.user == "" {
		return
	}
	s.grant(t, s.user, "CREATE ANY TABLE", "ALTER ANY TABLE", "DROP ANY TABLE", "SELECT ANY TABLE", "INSERT ANY TABLE", "UPDATE ANY TABLE",
		"DELETE ANY TABLE", "COMMENT ANY TABLE", "CREATE ANY INDEX", "DROP ANY INDEX", "CREATE ANY VIEW", "DROP ANY VIEW",
		"CREATE ANY SEQUENCE", "SELECT ANY SEQUENCE", "DROP ANY SEQUENCE", "CREATE ANY PROCEDURE", "EXECUTE ANY PROCEDURE")
}

// addUser makes a user of Oracle, with room for its tables.
func (s *Space) addUser(t testing.TB, name, password string) {
	t.Helper()
	execute(t, s.home, "CREATE USER "+name+` IDENTIFIED BY "`+password+`"`)
	s.drop(t, "DROP USER "+name+" CASCADE")
	s.grant(t, name, "UNLIMITED TABLESPACE") // whatever its default tablespace is
}

func (s *Space) grant(t testing.TB, user string, rights ...string) {
	t.Helper()
	execute(t, s.home, "GRANT "+strings.Join(rights, ", ")+" TO "+user)
}

// drop has a statement executed after the test.
func (s *Space) drop(t testing.TB, text string) {
	t.Cleanup(func() {
		if err := run(s.home, text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	})
}

func (s *Space) quote(t testing.TB, name string) string {
	t.Helper()
	d, _, err := dialectOf(s.home)
	if err != nil {
		t.Fatal(err)
	}
	w := dialect.NewWriter(d)
	w.Ident(name)
	if err := w.Err(); err != nil {
		t.Fatal(err)
	}
	return w.Text()
}

// nameOf is a name of the process's and the test's own that needs no quotes
// and is short enough for every database.
func nameOf(t testing.TB) string {
	word := strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r | 0x20
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		}
		return '_'
	}, strings.TrimPrefix(t.Name(), "Test"))
	return fmt.Sprintf("t%d_%x_%s", made.Add(1), uint64(time.Now().UnixNano())^uint64(os.Getpid())<<44, word[:min(len(word), 24)])
}

// secret is a password that any rule for passwords lets through.
func secret(t testing.TB) string {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		t.Fatal(err)
	}
	return "Pw1_" + hex.EncodeToString(b[:])
}

func without(options []dialect.Option, name string) []dialect.Option {
	var list []dialect.Option
	for _, o := range options {
		if o.Name != name {
			list = append(list, o)
		}
	}
	return list
}

func execute(t testing.TB, url, text string) {
	t.Helper()
	if err := run(url, text); err != nil {
		t.Fatalf("a namespace for the test: %s: %v", hidden(text), err)
	}
}

// hidden is a text without its password.
func hidden(text string) string {
	text, _, _ = strings.Cut(text, " IDENTIFIED BY")
	return text
}

// busy are the codes of what is refused for the moment: SQL Server's model
// is copied by one database at a time, and a user of Oracle whose connections have just
// been closed counts as connected until the server has seen it.
var busy = map[string]string{"mssql": "1807", "oracle": "1940"}

// run executes a text on a connection of its own.
func run(url, text string) error {
	ctx, cancel := context.WithTimeout(context.Background(), Limit)
	defer cancel()
	d, u, err := dialectOf(url)
	if err != nil {
		return err
	}
	connector, err := d.OpenConnector(u, dialect.ConnectConfig{})
	if err != nil {
		return err
	}
	c, err := connector.Connect(ctx)
	if err != nil {
		return err
	}
	stmt, err := dialect.Compile(d, dialect.Text(text))
	if err != nil {
		return errors.Join(err, c.Close())
	}
	defer stmt.Release()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); ; <-tick.C {
		_, err = c.Exec(ctx, stmt)
		if err == nil {
			break
		}
		if e := d.Classify(err); e == nil || e.Code == "" || e.Code != busy[d.Name()] || time.Now().After(end) {
			break
		}
	}
	return errors.Join(err, c.Close())
}

func dialectOf(url string) (dialect.Dialect, *dialect.URL, error) {
	u, err := dialect.ParseURL(url)
	if err != nil {
		return nil, nil, err
	}
	d, err := dialect.Lookup(u.Scheme)
	return d, u, err
}
