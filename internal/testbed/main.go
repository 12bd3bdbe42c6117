package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/testserver"
)

func main() {
	// Everything that must be cleaned up is cleaned up in run, before the exit.
	os.Exit(run(os.Args[1:]))
}

type options struct {
	only    string
	race    bool
	modules bool
	bench   bool
	timeout time.Duration
	goArgs  []string // packages and flags for go test
	command []string // what follows "--"
}

func parse(args []string) (options, error) {
	var o options
	if i := slices.Index(args, "--"); i >= 0 {
		o.command = args[i+1:]
		args = args[:i]
		if len(o.command) == 0 {
			return o, errors.New(`no command behind "--"`)
		}
	}
	f := flag.NewFlagSet("testbed", flag.ContinueOnError)
	f.Usage = func() {
		fmt.Fprintln(f.Output(), "usage: testbed [flags] [packages and flags of go test]\n       testbed [flags] -- command [arguments]\n\nflags:")
		f.PrintDefaults()
	}
	f.StringVar(&o.only, "only", "", "start only these `servers`: postgres, mysql, or none")
	f.BoolVar(&o.race, "race", true, "use the race detector where there is a C compiler")
	f.BoolVar(&o.modules, "modules", false, "vet and test every nested module instead of the root module")
	f.BoolVar(&o.bench, "bench", false, "run every benchmark of the root module once instead of the tests")
	f.DurationVar(&o.timeout, "timeout", 10*time.Minute, "the limit for the tests of one package")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.goArgs = f.Args()
	modes := 0
	for _, on := range []bool{o.modules, o.bench, len(o.command) > 0} {
		if on {
			modes++
		}
	}
	if modes > 1 || o.modules && len(o.goArgs) > 0 || len(o.command) > 0 && len(o.goArgs) > 0 {
		return o, errors.New(`-modules, -bench, arguments for go test and a command behind "--" exclude each other`)
	}
	for name := range strings.SplitSeq(o.only, ",") {
		if !slices.Contains([]string{"", "none", "postgres", "mysql"}, name) {
			return o, fmt.Errorf("-only takes postgres, mysql or none, not %q", name)
		}
	}
	return o, nil
}

func (o options) wants(name string) bool {
	return o.only == "" || slices.Contains(strings.Split(o.only, ","), name)
}

func run(args []string) (code int) {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testbed:", err)
		return 2
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()
	ctx, cancel = watchParent(ctx)
	defer cancel()

	b, err := newBed(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testbed:", err)
		return 1
	}
	defer func() {
		if err := b.close(); err != nil {
			fmt.Fprintln(os.Stderr, "testbed:", err)
			code = max(code, 1)
		}
	}()
	if err := b.up(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "testbed:", err)
		fmt.Println(b.summary("ready"))
		return 1
	}
	word := "ran"
	switch {
	case len(o.command) > 0:
		word = "ready"
		err = b.command(ctx, b.dir, o.command...)
	case o.modules:
		err = b.testModules(ctx)
	case o.bench:
		err = b.benchmarks(ctx)
	default:
		err = b.tests(ctx)
	}
	b.printReport()
	if ctx.Err() != nil {
		fmt.Fprintln(os.Stderr, "testbed: interrupted")
		err = errors.Join(err, ctx.Err())
		word = "were up"
	}
	fmt.Println(b.summary(word))
	return exitCode(err)
}

// exitCode returns the code of the command that failed, so that the test bed
// can stand in for it.
func exitCode(err error) int {
	if err == nil {
		return 0
	}
	if e, ok := errors.AsType[*exec.ExitError](err); ok && e.ExitCode() > 0 {
		return e.ExitCode()
	}
	return 1
}

// watchParent returns a context that ends when the process is orphaned.
func watchParent(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	parent := os.Getppid()
	go func() {
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if os.Getppid() != parent {
					cancel()
					return
				}
			}
		}
	}()
	return ctx, cancel
}

// A bed is the servers of one run and what the tests are told of them.
type bed struct {
	options options
	root    string // the root module
	temp    string // everything that is thrown away
	dir     string // where a command runs: where we were started
	env     map[string]string
	states  []state // of every known backend, in order
	servers []*testserver.Server
	needed  []string // by SQLAYER_REQUIRE
}

// state says whether a backend is there.
type state struct {
	testenv.Known
	live   bool
	label  string // "postgres 15.19"
	reason string // why it is not there, apart from its variable being empty
}

func newBed(o options) (*bed, error) {
	b := &bed{options: o, env: map[string]string{}}
	var err error
	if b.needed, err = testenv.ParseRequire(os.Getenv(testenv.RequireVar)); err != nil {
		return nil, err
	}
	if b.dir, err = os.Getwd(); err != nil {
		return nil, err
	}
	if b.root, err = moduleRoot(b.dir); err != nil {
		return nil, err
	}
	if b.temp, err = os.MkdirTemp(testserver.TempBase(), "sqlayer-testbed-"); err != nil {
		return nil, err
	}
	// Servers that run as another user must be able to pass through.
	if err := os.Chmod(b.temp, 0o755); err != nil {
		return nil, errors.Join(err, os.RemoveAll(b.temp))
	}
	for _, k := range testenv.All() {
		b.states = append(b.states, state{Known: k, live: k.Var == "", label: k.Name})
	}
	b.env[testenv.ReportVar] = filepath.Join(b.temp, "report")
	b.env["GOWORK"] = "off"
	b.env["GOFLAGS"] = strings.TrimSpace(os.Getenv("GOFLAGS") + " -buildvcs=false")
	return b, nil
}

// up starts what is to be started. It fails only when something required is
// not there.
func (b *bed) up(ctx context.Context) error {
	makers := map[string]*testserver.Maker{"postgres": testserver.Postgres, "mysql": testserver.MySQL}
	var wanted []*state
	for i := range b.states {
		s := &b.states[i]
		switch {
		case s.Var == "":
		case os.Getenv(s.Var) != "":
			s.live, s.label = true, s.Name+" (from "+s.Var+")"
		case makers[s.Name] == nil:
		case !b.options.wants(s.Name):
			s.reason = "left out by -only"
		default:
			wanted = append(wanted, s)
		}
	}
	b.install(ctx, wanted, makers)
	type outcome struct {
		s    *state
		made *testserver.Server
		err  error
	}
	results := make(chan outcome)
	for _, s := range wanted {
		go func() {
			m, err := makers[s.Name].Make(ctx, filepath.Join(b.temp, s.Name), testserver.Options{})
			results <- outcome{s, m, err}
		}()
	}
	for range wanted {
		r := <-results
		if r.err != nil {
			r.s.reason = r.err.Error()
			if errors.Is(r.err, testserver.ErrNotFound) {
				r.s.reason += "; install " + strings.Join(makers[r.s.Name].Packages, ", ")
			}
			continue
		}
		b.servers = append(b.servers, r.made)
		r.s.live, r.s.label = true, r.made.Label
		for k, v := range r.made.Env {
			b.env[k] = v
		}
	}
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	for _, s := range b.states {
		if slices.Contains(b.needed, s.Name) && !s.live {
			return fmt.Errorf("%s asks for %s, which is not there: %s", testenv.RequireVar, s.Name, s.how())
		}
	}
	return nil
}

// close stops the servers and removes the folder.
func (b *bed) close() error {
	var errs []error
	for _, p := range b.servers {
		errs = append(errs, p.Stop())
	}
	return errors.Join(append(errs, os.RemoveAll(b.temp))...)
}

// how says why a backend is not there and how to turn it on.
func (s state) how() string {
	set := "set " + s.Var
	if s.reason == "" {
		return set
	}
	return strings.Join(strings.Fields(s.reason), " ") + "; or " + set
}

// summary is the last line.
func (b *bed) summary(word string) string {
	var live, not []string
	for _, s := range b.states {
		if s.live {
			live = append(live, s.label)
		} else {
			not = append(not, fmt.Sprintf("%s (%s)", s.Name, s.how()))
		}
	}
	line := fmt.Sprintf("backends: %s %s", strings.Join(live, ", "), word)
	if len(not) > 0 {
		line += "; not run: " + strings.Join(not, ", ")
	}
	return line
}

// printReport prints the lines that tests have left with testenv.Report.
func (b *bed) printReport() {
	if data, err := os.ReadFile(b.env[testenv.ReportVar]); err == nil {
		os.Stdout.Write(data)
	}
}

// environ returns the environment of a command.
func (b *bed) environ() []string {
	env := os.Environ()
	for k, v := range b.env {
		env = append(env, k+"="+v) // the last one counts
	}
	return env
}

// moduleRoot finds the folder of the go.mod that rules at dir.
func moduleRoot(dir string) (string, error) {
	for d := dir; ; {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			return d, nil
		}
		up := filepath.Dir(d)
		if up == d {
			return "", fmt.Errorf("%s is in no Go module: run the test bed in the folder of the module", dir)
		}
		d = up
	}
}
