package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		args    string
		goArgs  string
		command string
		fails   bool
	}{
		{args: ""},
		{args: "-race=false ./engine/... -run Tx", goArgs: "./engine/... -run Tx"},
		{args: "-only postgres -- psql -l", command: "psql -l"},
		{args: "-modules"},
		{args: "-bench ./pool", goArgs: "./pool"},
		{args: "--", fails: true},
		{args: "-modules ./engine", fails: true},
		{args: "-modules -bench", fails: true},
		{args: "./engine -- psql", fails: true},
		{args: "-only oracle", fails: true},
	} {
		o, err := parse(strings.Fields(c.args))
		if (err != nil) != c.fails {
			t.Errorf("%q: error %v", c.args, err)
		}
		if err == nil && (strings.Join(o.goArgs, " ") != c.goArgs || strings.Join(o.command, " ") != c.command) {
			t.Errorf("%q: go test gets %q, the command is %q", c.args, o.goArgs, o.command)
		}
	}
}

func clearEnv(t *testing.T) {
	t.Helper()
	for _, k := range testenv.All() {
		if k.Var != "" {
			t.Setenv(k.Var, "")
		}
	}
	t.Setenv(testenv.RequireVar, "")
}

func newTestBed(t *testing.T, o options) *bed {
	t.Helper()
	b, err := newBed(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(b.temp); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left over", b.temp)
		}
	})
	return b
}

func TestGivenServersTakeThePlaceOfOurs(t *testing.T) {
	clearEnv(t)
	t.Setenv("SQLAYER_TEST_POSTGRES", "postgres://h/db")
	b := newTestBed(t, options{only: "none"})
	if err := b.up(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := "backends: sqlite, postgres (from SQLAYER_TEST_POSTGRES) ran; not run: " +
		"mysql (left out by -only; or set SQLAYER_TEST_MYSQL), mssql (set SQLAYER_TEST_MSSQL), " +
		"oracle (set SQLAYER_TEST_ORACLE), cockroachdb (set SQLAYER_TEST_COCKROACHDB), tidb (set SQLAYER_TEST_TIDB)"
	if got := b.summary("ran"); got != want {
		t.Errorf("summary:\n%s\nwant\n%s", got, want)
	}
}

func TestRequiredBackendThatIsAbsent(t *testing.T) {
	clearEnv(t)
	t.Setenv(testenv.RequireVar, "sqlite,mysql")
	b := newTestBed(t, options{only: "none"})
	if err := b.up(t.Context()); err == nil || !strings.Contains(err.Error(), "mysql") {
		t.Errorf("up: %v, want an error that names mysql", err)
	}
	t.Setenv(testenv.RequireVar, "sqlite,maria")
	if b, err := newBed(options{}); err == nil {
		b.close()
		t.Error("a misspelt requirement passes")
	}
}

func TestCommandFailsWithItsOwnCode(t *testing.T) {
	clearEnv(t)
	b := newTestBed(t, options{only: "none"})
	b.env["SQLAYER_TEST_CHILD"] = "exit"
	err := b.command(t.Context(), b.dir, os.Args[0], "-test.run=TestChild")
	if got := exitCode(err); got != 7 {
		t.Errorf("exit code %d (%v), want 7", got, err)
	}
	if exitCode(nil) != 0 || exitCode(errors.New("x")) != 1 {
		t.Error("codes of no command")
	}
}

// TestChild stands in for the programs that other tests start.
func TestChild(t *testing.T) {
	switch os.Getenv("SQLAYER_TEST_CHILD") {
	case "exit":
		os.Exit(7)
	case "hang":
		if name := os.Getenv("SQLAYER_TEST_STARTED"); name != "" {
			if err := os.WriteFile(name, nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		select {}
	default:
		t.Skip("not started as a child")
	}
}

func TestInterruptEndsTheCommand(t *testing.T) {
	clearEnv(t)
	testenv.CheckLeaks(t)
	b := newTestBed(t, options{only: "none"})
	started := filepath.Join(t.TempDir(), "started")
	b.env["SQLAYER_TEST_CHILD"], b.env["SQLAYER_TEST_STARTED"] = "hang", started
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- b.command(ctx, b.dir, os.Args[0], "-test.run=TestChild") }()
	testenv.Eventually(t, "the command has started", func() bool { _, err := os.Stat(started); return err == nil })
	cancel()
	if err := <-over; err == nil {
		t.Error("an interrupted command is no error")
	}
}

func TestNestedModules(t *testing.T) {
	root := t.TempDir()
	for _, dir := range []string{".", "internal/bench", "internal/grammar/mysql", "x/testdata/y", "vendor/z", ".cache/m", "_old"} {
		dir = filepath.Join(root, dir)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module m\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	dirs, err := nestedModules(root)
	if err != nil {
		t.Fatal(err)
	}
	for i := range dirs {
		dirs[i], _ = filepath.Rel(root, dirs[i])
		dirs[i] = filepath.ToSlash(dirs[i])
	}
	if want := []string{"internal/bench", "internal/grammar/mysql"}; !slices.Equal(dirs, want) {
		t.Errorf("nested modules %v, want %v", dirs, want)
	}
	if raced("internal/grammar/mysql") || raced("internal/bench") || !raced("examples/outside") {
		t.Error("which modules run under the race detector")
	}
}

func TestForbidServices(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy-rc.d")
	undo, err := forbidServices(file)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" {
		if e, ok := errors.AsType[*exec.ExitError](exec.Command(file).Run()); !ok || e.ExitCode() != 101 {
			t.Error("the policy does not say 101")
		}
	}
	nested, err := forbidServices(file) // one that was there stays
	if err != nil || nested() != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	if err := undo(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the policy is left over")
	}
}

func TestReasonsStayOnOneLine(t *testing.T) {
	s := state{Known: testenv.Known{Name: "postgres", Var: "V"}, reason: "first\nsecond\t third"}
	if got := s.how(); bytes.ContainsAny([]byte(got), "\n\t") || got != "first second third; or set V" {
		t.Errorf("how = %q", got)
	}
}
