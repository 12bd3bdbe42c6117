package testenv

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// RequireVar is the environment variable that lists, separated by commas, the
// backends whose absence fails a test.
const RequireVar = "SQLAYER_REQUIRE"

// Backend is one live database.
type Backend struct {
	Name string // one of Names
	URL  string // an engine URL; empty when the backend is not there
}

// Known describes a backend that tests can use.
type Known struct {
	Name string // as in SQLAYER_REQUIRE
	Var  string // the environment variable that holds its URL; empty for SQLite
}

var known = []Known{
	{"sqlite", ""},
	{"postgres", "SQLAYER_TEST_POSTGRES"},
	{"mysql", "SQLAYER_TEST_MYSQL"},
	{"mssql", "SQLAYER_TEST_MSSQL"},
	{"oracle", "SQLAYER_TEST_ORACLE"},
	{"cockroachdb", "SQLAYER_TEST_COCKROACHDB"},
	{"tidb", "SQLAYER_TEST_TIDB"},
}

// Variables of the second users and of the unix sockets of the throwaway
// servers.
const (
	postgresSCRAMVar = "SQLAYER_TEST_POSTGRES_SCRAM"
	mysqlPasswordVar = "SQLAYER_TEST_MYSQL_PASSWORD"

	postgresSocketVar = "SQLAYER_TEST_POSTGRES_SOCKET"
	mysqlSocketVar    = "SQLAYER_TEST_MYSQL_SOCKET"
)

// All lists every backend that tests know of, in the order of the reports.
func All() []Known { return slices.Clone(known) }

// ParseRequire reads a value of SQLAYER_REQUIRE. A name that is no backend is
// an error, so that a misspelt requirement does not pass for a met one.
func ParseRequire(value string) ([]string, error) {
	var names []string
	for name := range strings.SplitSeq(value, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "" {
			continue
		}
		if !slices.ContainsFunc(known, func(k Known) bool { return k.Name == name }) {
			all := make([]string, len(known))
			for i, k := range known {
				all[i] = k.Name
			}
			return nil, fmt.Errorf("testenv: %s names %q, which is no backend; it takes %s", RequireVar, name, strings.Join(all, ", "))
		}
		names = append(names, name)
	}
	return names, nil
}

// SQLite returns the URL of a file that does not exist yet, in the test's
// temporary folder.
func SQLite(t testing.TB) string {
	t.Helper()
	path := filepath.ToSlash(filepath.Join(t.TempDir(), "test.db"))
	return "sqlite:///" + (&url.URL{Path: path}).EscapedPath()
}

// Postgres returns the URL of the PostgreSQL server, or skips the test; it
// fails the test when SQLAYER_REQUIRE names postgres. The same holds for the
// functions of the other servers.
func Postgres(t testing.TB) string { t.Helper(); return URL(t, "postgres") }

// PostgresSCRAM returns the URL of the PostgreSQL server for a user who logs
// in with scram-sha-256 and a password that needs percent-encoding.
func PostgresSCRAM(t testing.TB) string {
	t.Helper()
	return second(t, "postgres", postgresSCRAMVar)
}

// MySQL returns the URL of the MySQL or MariaDB server.
func MySQL(t testing.TB) string { t.Helper(); return URL(t, "mysql") }

// MySQLPassword returns the URL of the MySQL or MariaDB server for a user who
// has a password that needs percent-encoding.
func MySQLPassword(t testing.TB) string {
	t.Helper()
	return second(t, "mysql", mysqlPasswordVar)
}

// PostgresSocket returns the path of the PostgreSQL server's unix socket, as
// in /run/postgresql/.s.PGSQL.5432; the user postgres logs in there.
func PostgresSocket(t testing.TB) string {
	t.Helper()
	return second(t, "postgres", postgresSocketVar)
}

// MySQLSocket returns the path of the MySQL or MariaDB server's unix socket;
// the user root logs in there.
func MySQLSocket(t testing.TB) string {
	t.Helper()
	return second(t, "mysql", mysqlSocketVar)
}

// URL returns the URL of a backend by its name, or skips the test, or fails it
// when SQLAYER_REQUIRE names the backend.
func URL(t testing.TB, name string) string {
	t.Helper()
	b, err := lookup(t, name)
	if err == nil {
		return b
	}
	if required(t, name) {
		t.Fatalf("%v, and %s asks for it", err, RequireVar)
	}
	t.Skip(err.Error())
	return ""
}

// Suite is URL for a suite that sums itself up in a line with [Report]: where
// the backend is not there the line says that it did not run, and why.
func Suite(t testing.TB, suite, name string) string {
	t.Helper()
	if _, err := lookup(t, name); err != nil {
		Report(t, "%s %s: not run: %s is not set", suite, name, varOf(name))
	}
	return URL(t, name)
}

func varOf(name string) string {
	for _, k := range known {
		if k.Name == name {
			return k.Var
		}
	}
	return ""
}

// Backends returns every backend that is there: SQLite as a fresh file, and
// each server whose variable is set. What is not there is logged, or fails the
// test when SQLAYER_REQUIRE names it.
func Backends(t testing.TB) []Backend {
	t.Helper()
	var live []Backend
	for _, k := range known {
		u, err := lookup(t, k.Name)
		switch {
		case err == nil:
			live = append(live, Backend{k.Name, u})
		case required(t, k.Name):
			t.Fatalf("%v, and %s asks for it", err, RequireVar)
		default:
			t.Log(err.Error())
		}
	}
	return live
}

// Each runs fn as a subtest for every backend that tests know of. The subtest
// of a backend that is not there is skipped with the reason, or fails when
// SQLAYER_REQUIRE names it.
func Each(t *testing.T, fn func(t *testing.T, b Backend)) {
	t.Helper()
	for _, k := range known {
		t.Run(k.Name, func(t *testing.T) {
			fn(t, Backend{k.Name, URL(t, k.Name)})
		})
	}
}

func lookup(t testing.TB, name string) (string, error) {
	t.Helper()
	for _, k := range known {
		if k.Name != name {
			continue
		}
		if k.Var == "" {
			return SQLite(t), nil
		}
		if u := os.Getenv(k.Var); u != "" {
			return u, nil
		}
		return "", fmt.Errorf("testenv: no %s: set %s to its URL%s", name, k.Var, orTestbed(name))
	}
	t.Fatalf("testenv: %q is no backend", name)
	return "", nil
}

func orTestbed(name string) string {
	if name == "postgres" || name == "mysql" {
		return ", or run the tests with: go run ./internal/testbed"
	}
	return ""
}

func second(t testing.TB, name, variable string) string {
	t.Helper()
	if u := os.Getenv(variable); u != "" {
		return u
	}
	URL(t, name) // skips or fails for want of the server itself
	t.Skipf("testenv: %s is a server of your own, and %s is not set", name, variable)
	return ""
}

func required(t testing.TB, name string) bool {
	t.Helper()
	names, err := ParseRequire(os.Getenv(RequireVar))
	if err != nil {
		t.Fatal(err)
	}
	return slices.Contains(names, name)
}
