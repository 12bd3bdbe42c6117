package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/sqlayer-go/sqlayer/dialect/mysql"
	_ "github.com/sqlayer-go/sqlayer/dialect/postgres"
	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/testserver"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// patience is for what must come to an end; only a test that fails waits that
// long.
const patience = 2 * time.Minute

// keys are the keys of the rows that cells write.
var keys atomic.Int64

// A server is a database that the tests have for themselves.
type server struct {
	name  string // sqlite, postgres, mysql
	label string
	url   string
	login string // the URL of a user who has a password; empty for SQLite
	ts    *testserver.Server
	admin *engine.Engine // past all proxies
}

// startServer starts a server, or skips the test where that kind is not asked
// for or not installed.
func startServer(t *testing.T, name string) *server {
	t.Helper()
	s := &server{name: name, label: name}
	if name == "sqlite" {
		s.url = testenv.SQLite(t)
	} else {
		testenv.URL(t, name)
		m := testserver.Postgres
		if name == "mysql" {
			m = testserver.MySQL
		}
		if program := m.Missing(); program != "" {
			t.Skipf("the tests need a server of their own, and %s is not installed", program)
		}
		dir, err := os.MkdirTemp(testserver.TempBase(), "sqlayer-faults-")
		check(t, err)
		t.Cleanup(func() { check(t, os.RemoveAll(dir)) })
		check(t, os.Chmod(dir, 0o755))
		s.ts, err = m.Make(t.Context(), filepath.Join(dir, "server"), testserver.Options{Durable: true})
		check(t, err)
		t.Cleanup(func() { check(t, s.ts.Stop()) })
		s.url, s.label = s.ts.URL, s.ts.Label
		s.login = s.ts.Env["SQLAYER_TEST_POSTGRES_SCRAM"] + s.ts.Env["SQLAYER_TEST_MYSQL_PASSWORD"]
	}
	var err error
	s.admin, err = engine.Open(s.url, engine.WithPoolSize(4), engine.WithPrePing())
	check(t, err)
	t.Cleanup(func() { check(t, s.admin.Close()) })
	s.exec(t, "CREATE TABLE faults_rows (id BIGINT NOT NULL PRIMARY KEY)")
	return s
}

func (s *server) exec(t testing.TB, text string) {
	t.Helper()
	_, err := s.admin.Exec(context.Background(), text)
	check(t, err)
}

// restart stops the server and starts it again.
func (s *server) restart(t testing.TB, crash bool) {
	t.Helper()
	end := s.ts.Shutdown
	if crash {
		end = s.ts.Crash
	}
	check(t, errors.Join(end(), s.ts.Start(context.Background())))
}

// there says whether the row is there, on a connection that no fault touches.
func (s *server) there(t testing.TB, id int64) bool {
	t.Helper()
	var n int
	testenv.Eventually(t, "the server can be asked", func() (ok bool) {
		var err error
		n, err = engine.Scalar[int](context.Background(), s.admin, engine.Text(fmt.Sprintf("SELECT count(*) FROM faults_rows WHERE id = %d", id)))
		return err == nil
	})
	return n == 1
}

// proxied returns a URL that leads through a proxy.
func (s *server) proxied(t testing.TB, url string) (*wireproxy.Proxy, string) {
	t.Helper()
	if s.name == "sqlite" {
		return nil, url
	}
	p, url := wireproxy.Between(t, url)
	if s.name == "postgres" {
		url = with(url, "cancel_timeout=300ms")
	}
	return p, url
}

// with adds an option to a URL.
func with(url, option string) string {
	sep := "?"
	if strings.Contains(url, "?") {
		sep = "&"
	}
	return url + sep + option
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// mayHaveRun says whether any error in the tree of err says so.
func mayHaveRun(err error) bool {
	switch e := err.(type) {
	case nil:
		return false
	case *engine.Error:
		if e.MayHaveRun {
			return true
		}
	}
	switch u := err.(type) {
	case interface{ Unwrap() error }:
		return mayHaveRun(u.Unwrap())
	case interface{ Unwrap() []error }:
		for _, e := range u.Unwrap() {
			if mayHaveRun(e) {
				return true
			}
		}
	}
	return false
}

// A matrix collects how cells have ended.
type matrix struct {
	mu     sync.Mutex
	faults []string
	marks  map[string]map[string]string // fault, then server and layer
}

func (m *matrix) note(fault, server, layer string, failed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.marks == nil {
		m.marks = map[string]map[string]string{}
	}
	if m.marks[fault] == nil {
		m.marks[fault] = map[string]string{}
		m.faults = append(m.faults, fault)
	}
	mark := "ok"
	if failed {
		mark = "FAIL"
	}
	m.marks[fault][server+" "+layer] = mark
}

// report prints a line for each fault.
func (m *matrix) report(t *testing.T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.faults) == 0 {
		return
	}
	cells, failed := 0, 0
	head := fmt.Sprintf("%-44s", "faults: pool, engine, Transact")
	for _, s := range servers {
		head += fmt.Sprintf(" %-12s", s)
	}
	testenv.Report(t, "%s", strings.TrimSpace(head))
	for _, f := range m.faults {
		line := fmt.Sprintf("%-44s", f)
		for _, s := range servers {
			var marks []string
			for _, l := range layers {
				mark := m.marks[f][s+" "+l]
				switch mark {
				case "":
					mark = "-"
				case "ok":
					cells++
				default:
					failed++
				}
				marks = append(marks, mark)
			}
			line += fmt.Sprintf(" %-12s", strings.Join(marks, " "))
		}
		testenv.Report(t, "%s", strings.TrimSpace(line))
	}
	testenv.Report(t, "faults: %d kinds, %d cells ok, %d failed", len(m.faults), cells, failed)
	testenv.Report(t, "faults mssql, oracle: not run: what breaks a connection between two messages reads those of PostgreSQL and MySQL")
}

var servers = []string{"postgres", "mysql", "sqlite"}
