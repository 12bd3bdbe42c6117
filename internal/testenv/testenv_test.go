package testenv

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// recorder is a testing.TB that records how a test would end.
type recorder struct {
	testing.TB // for TempDir, Setenv and Helper
	outcome    string
	logs       []string
	cleanups   []func()
}

var errEnded = errors.New("the recorded test ended")

func (r *recorder) Log(args ...any)   { r.logs = append(r.logs, fmt.Sprint(args...)) }
func (r *recorder) Cleanup(fn func()) { r.cleanups = append(r.cleanups, fn) }
func (r *recorder) Failed() bool      { return strings.HasPrefix(r.outcome, "fail") }
func (r *recorder) Errorf(f string, args ...any) {
	r.outcome = "fail: " + fmt.Sprintf(f, args...)
}
func (r *recorder) end(o string)                 { r.outcome = o; panic(errEnded) }
func (r *recorder) Fatal(args ...any)            { r.end("fail: " + fmt.Sprint(args...)) }
func (r *recorder) Fatalf(f string, args ...any) { r.end("fail: " + fmt.Sprintf(f, args...)) }
func (r *recorder) Skip(args ...any)             { r.end("skip: " + fmt.Sprint(args...)) }
func (r *recorder) Skipf(f string, args ...any)  { r.end("skip: " + fmt.Sprintf(f, args...)) }

func record(t *testing.T, fn func(testing.TB)) (r *recorder) {
	t.Helper()
	r = &recorder{TB: t}
	defer func() {
		if e := recover(); e != nil && e != any(errEnded) {
			panic(e)
		}
	}()
	fn(r)
	return r
}

func outcome(t *testing.T, fn func(testing.TB)) string {
	t.Helper()
	r := &recorder{TB: t}
	func() {
		defer func() {
			if e := recover(); e != nil && e != any(errEnded) {
				panic(e)
			}
		}()
		fn(r)
	}()
	return r.outcome
}

func clearEnv(t *testing.T) {
	t.Helper()
	for _, k := range known {
		if k.Var != "" {
			t.Setenv(k.Var, "")
		}
	}
	t.Setenv(postgresSCRAMVar, "")
	for _, v := range []string{mysqlPasswordVar, postgresSocketVar, mysqlSocketVar} {
		t.Setenv(v, "")
	}
	t.Setenv(RequireVar, "")
	t.Setenv(ReportVar, "")
}

func TestAbsentBackendSkipsOrFails(t *testing.T) {
	clearEnv(t)
	postgres := func(tb testing.TB) { Postgres(tb) }
	if got := outcome(t, postgres); !strings.HasPrefix(got, "skip: ") || !strings.Contains(got, "SQLAYER_TEST_POSTGRES") {
		t.Errorf("an absent server: %q, want a skip that names the variable", got)
	}
	t.Setenv(RequireVar, "sqlite, Postgres")
	if got := outcome(t, postgres); !strings.HasPrefix(got, "fail: ") || !strings.Contains(got, RequireVar) {
		t.Errorf("an absent server that is required: %q, want a failure that names %s", got, RequireVar)
	}
	if got := outcome(t, func(tb testing.TB) { Backends(tb) }); !strings.HasPrefix(got, "fail: ") {
		t.Errorf("Backends with a required server absent: %q", got)
	}
	if got := outcome(t, func(tb testing.TB) { PostgresSCRAM(tb) }); !strings.HasPrefix(got, "fail: ") {
		t.Errorf("the scram user of a required server that is absent: %q", got)
	}
	t.Setenv(RequireVar, "postgers")
	if got := outcome(t, postgres); !strings.HasPrefix(got, "fail: ") || !strings.Contains(got, `"postgers"`) {
		t.Errorf("a misspelt requirement: %q, want a failure that names it", got)
	}
	t.Setenv(RequireVar, "postgres")
	t.Setenv("SQLAYER_TEST_POSTGRES", "postgres://h/db")
	if got := outcome(t, func(tb testing.TB) { PostgresSCRAM(tb) }); !strings.HasPrefix(got, "skip: ") || !strings.Contains(got, postgresSCRAMVar) {
		t.Errorf("a server of one's own with no second user: %q, want a skip", got)
	}
}

func TestSuiteSaysThatItDidNotRun(t *testing.T) {
	clearEnv(t)
	suite := func(tb testing.TB) { Suite(tb, "conformance", "postgres") }
	r := record(t, suite)
	if want := "conformance postgres: not run: SQLAYER_TEST_POSTGRES is not set"; len(r.logs) != 1 || r.logs[0] != want {
		t.Errorf("it logs %q instead of %q", r.logs, want)
	}
	if !strings.HasPrefix(r.outcome, "skip: ") {
		t.Errorf("an absent server: %q", r.outcome)
	}
	t.Setenv(RequireVar, "postgres")
	if r := record(t, suite); !strings.HasPrefix(r.outcome, "fail: ") || len(r.logs) != 1 {
		t.Errorf("an absent server that is required: %q, %q", r.outcome, r.logs)
	}
	t.Setenv("SQLAYER_TEST_POSTGRES", "postgres://h/db")
	if r := record(t, suite); r.outcome != "" || len(r.logs) != 0 {
		t.Errorf("a server that is there: %q, %q", r.outcome, r.logs)
	}
}

func TestBackendsListsWhatIsThere(t *testing.T) {
	clearEnv(t)
	t.Setenv("SQLAYER_TEST_MYSQL", "mysql://h/db")
	live := Backends(t)
	if len(live) != 2 || live[0].Name != "sqlite" || live[1] != (Backend{"mysql", "mysql://h/db"}) {
		t.Fatalf("Backends = %v", live)
	}
	if runtime.GOOS != "windows" && !strings.HasPrefix(live[0].URL, "sqlite:////") {
		t.Errorf("the SQLite URL %q does not hold an absolute path", live[0].URL)
	}
	if other := Backends(t); other[0].URL == live[0].URL {
		t.Errorf("two calls share the file %s", other[0].URL)
	}
}

func TestEachRunsOrSkipsEveryBackend(t *testing.T) {
	clearEnv(t)
	t.Setenv("SQLAYER_TEST_POSTGRES", "postgres://h/db")
	var ran []string
	t.Run("each", func(t *testing.T) {
		Each(t, func(t *testing.T, b Backend) { ran = append(ran, b.Name) })
	})
	if got := strings.Join(ran, " "); got != "sqlite postgres" {
		t.Errorf("ran %q", got)
	}
}

func TestCheckLeaks(t *testing.T) {
	r := record(t, func(tb testing.TB) { CheckLeaks(tb) })
	stop := make(chan struct{})
	go func() { <-stop }()
	before := goroutines()
	close(stop) // the goroutine is about to end; the check waits for it
	for _, fn := range r.cleanups {
		fn()
	}
	if r.outcome != "" {
		t.Errorf("a goroutine that ends was reported: %s", r.outcome)
	}

	hold := make(chan struct{})
	defer close(hold)
	go holdGoroutine(hold)
	left := leaked(before, 50*time.Millisecond)
	if len(left) != 1 || !strings.Contains(left[0], "holdGoroutine") {
		t.Errorf("leaked = %q, want the one goroutine that is held", left)
	}
}

func holdGoroutine(c chan struct{}) { <-c }

func TestReportAppends(t *testing.T) {
	clearEnv(t)
	name := filepath.Join(t.TempDir(), "report")
	t.Setenv(ReportVar, name)
	Report(t, "%s: %d cases", "sqlite", 60)
	Report(t, "mysql: 61 cases")
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if want := "sqlite: 60 cases\nmysql: 61 cases\n"; string(got) != want {
		t.Errorf("report holds %q, want %q", got, want)
	}
}
