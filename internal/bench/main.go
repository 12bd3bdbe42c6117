package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// options are what the command line asks for.
type options struct {
	backends, only, works string
	rounds                int
	slice                 time.Duration
	json, md, from        string
	cpuProfile            string
	memProfile            string
	check, trips          bool
	floors, detail        bool
	cancellable           bool
}

func wanted(list, name string) bool {
	return list == "" || slices.ContainsFunc(strings.Split(list, ","), func(s string) bool { return strings.EqualFold(s, name) })
}

func main() {
	var o options
	flag.StringVar(&o.backends, "backends", "sqlite,postgres,mariadb", "comma separated")
	flag.StringVar(&o.only, "only", "", "contenders, comma separated (default all)")
	flag.StringVar(&o.works, "w", "", "workloads, comma separated (default all)")
	flag.IntVar(&o.rounds, "rounds", 0, "interleaved rounds (default 7, with -floors 21)")
	flag.DurationVar(&o.slice, "slice", 0, "time of one contender in one round (default 100ms, with -floors 60ms)")
	flag.StringVar(&o.json, "json", "", "write all samples here")
	flag.StringVar(&o.md, "md", "", "write the tables here (default standard output)")
	flag.StringVar(&o.from, "from", "", "make the tables from this JSON, run nothing")
	flag.StringVar(&o.cpuProfile, "cpuprofile", "", "profile the races")
	flag.StringVar(&o.memProfile, "memprofile", "", "allocation profile, sampled at every 4 KiB")
	flag.BoolVar(&o.check, "check", false, "verify every contender, measure nothing")
	flag.BoolVar(&o.trips, "trips", false, "count round trips instead of time")
	flag.BoolVar(&o.floors, "floors", false, "judge SQLayer by its goals; exit 1 when allocations or round trips miss theirs")
	flag.BoolVar(&o.cancellable, "cancellable", false, "run statements under a context that can be cancelled, which some drivers start a goroutine for")
	flag.BoolVar(&o.detail, "v", false, "with -floors, print what every contender took")
	peers := flag.Bool("peers", false, "with the other libraries, which take minutes to compile")
	generate := flag.Bool("generate", false, "generate ent's client, as -peers does where it is missing")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	switch {
	case flag.NArg() > 0:
		err = fmt.Errorf("%q is no flag", flag.Arg(0))
	case *generate:
		err = generateEnt(ctx)
	case *peers && !withPeers:
		err = runWithPeers(ctx, os.Args[1:])
	case o.floors:
		err = o.defaults(21, 60*time.Millisecond).judge(ctx)
	default:
		err = o.defaults(7, 100*time.Millisecond).run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (o options) defaults(rounds int, slice time.Duration) options {
	if o.rounds <= 0 {
		o.rounds = rounds
	}
	if o.slice <= 0 {
		o.slice = slice
	}
	return o
}

// open opens a backend, or says that its server is not there and returns nil.
func (o *options) open(ctx context.Context, name, dir string) (*Backend, error) {
	server := os.Getenv(serverVars[name])
	if name != SQLite && server == "" && serverVars[name] != "" {
		fmt.Fprintf(os.Stderr, "%s: left out, %s is not set\n", name, serverVars[name])
		return nil, nil
	}
	be, err := openBackend(ctx, name, dir, server)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return be, nil
}

func (o options) run(ctx context.Context) (err error) {
	r := &runner{ctx: ctx, rounds: o.rounds, slice: o.slice, log: os.Stderr}
	if !o.cancellable {
		ctx = context.WithoutCancel(ctx)
	}
	servers := map[string]string{}
	if o.from != "" {
		b, err := os.ReadFile(o.from)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(b, &r.results); err != nil {
			return err
		}
		return r.report(o.md, servers)
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	stop, err := o.profile(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	var t tally
	for _, name := range strings.Split(o.backends, ",") {
		be, err := o.open(ctx, name, dir)
		if err != nil {
			return err
		}
		if be == nil {
			continue
		}
		servers[name] = be.Server
		if o.trips {
			err = countTrips(ctx, be, o.only, o.works)
		} else {
			err = o.runBackend(ctx, r, be, &t)
		}
		if err := errors.Join(err, be.Close()); err != nil {
			return err
		}
	}
	if o.trips {
		return nil
	}
	if wanted(o.works, "W8") {
		if err := o.runCompilers(r); err != nil {
			return err
		}
	}
	fmt.Fprintf(os.Stderr, "results verified: %d passed, %d failed\n", t.passed, t.failed)
	if o.check {
		if t.failed > 0 {
			return fmt.Errorf("%d wrong results", t.failed)
		}
		return nil
	}
	if err := r.save(o.json); err != nil {
		return err
	}
	return r.report(o.md, servers)
}

// tally counts the results that were compared with what was seeded.
type tally struct{ passed, failed int }

// runBackend runs every workload with every contender that is asked for.
func (o *options) runBackend(ctx context.Context, r *runner, be *Backend, t *tally) (err error) {
	type opened struct {
		name string
		s    Session
	}
	var ss []opened
	defer func() {
		for _, s := range ss {
			err = errors.Join(err, s.s.Close())
		}
	}()
	for _, c := range contenders {
		if !slices.Contains(c.Backends(), be.Name) || !wanted(o.only, c.Name()) {
			continue
		}
		s, err := c.Open(ctx, be)
		if err != nil {
			return fmt.Errorf("%s: open %s: %w", be.Name, c.Name(), err)
		}
		ss = append(ss, opened{c.Name(), s})
	}
	for _, w := range workloads() {
		if !wanted(o.works, w.name) || (w.backend != "" && w.backend != be.Name) {
			continue
		}
		prep := w.prepare(ctx, be)
		var es []*entrant
		for _, s := range ss {
			if _, one := s.s.(OneConn); one && w.parallel > 0 {
				continue
			}
			if err := prep(); err != nil {
				return err
			}
			err := w.check(ctx, be, s.s)
			if errors.Is(err, ErrUnsupported) {
				continue
			}
			if err != nil {
				t.failed++
				fmt.Fprintf(os.Stderr, "%s %s %s: WRONG, left out: %v\n", be.Name, w.name, s.name, err)
				continue
			}
			t.passed++
			es = append(es, w.entrant(ctx, s.name, s.s))
		}
		if o.check {
			continue
		}
		if err := r.race(be.Name, w.name, w.parallel, es, prep); err != nil {
			return err
		}
		if err := r.save(o.json); err != nil { // so that a later failure loses nothing
			return err
		}
	}
	return nil
}

// runCompilers runs W8.
func (o *options) runCompilers(r *runner) error {
	var es []*entrant
	for _, c := range compilers {
		if !wanted(o.only, c.Name) {
			continue
		}
		e, err := c.entrant()
		if err != nil {
			return err
		}
		es = append(es, e)
	}
	if o.check {
		return nil
	}
	return r.race("-", "W8", 0, es, func() error { return nil })
}

// profile prepares the profiles that are asked for: the first race starts
// them, so that filling a database is no part of them. The function that it
// returns writes them.
func (o *options) profile(r *runner) (func() error, error) {
	var cpu, mem *os.File
	var err error
	if o.cpuProfile != "" {
		if cpu, err = os.Create(o.cpuProfile); err != nil {
			return nil, err
		}
	}
	if o.memProfile != "" {
		if mem, err = os.Create(o.memProfile); err != nil {
			return nil, err
		}
		runtime.MemProfileRate = 0
	}
	r.begin = sync.OnceValue(func() error {
		if mem != nil {
			runtime.MemProfileRate = 4096
		}
		if cpu != nil {
			return pprof.StartCPUProfile(cpu)
		}
		return nil
	})
	return func() error {
		var errs []error
		if cpu != nil {
			pprof.StopCPUProfile()
			errs = append(errs, cpu.Close())
		}
		if mem != nil {
			errs = append(errs, pprof.Lookup("allocs").WriteTo(mem, 0), mem.Close())
		}
		return errors.Join(errs...)
	}, nil
}

func (r *runner) save(path string) error {
	if path == "" {
		return nil
	}
	b, err := json.Marshal(r.results)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}

func moduleVersions() string {
	bi, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	show := []string{"modernc.org/sqlite", "github.com/jackc/pgx/v5", "github.com/jackc/puddle/v2", "github.com/go-sql-driver/mysql",
		"github.com/jmoiron/sqlx", "gorm.io/gorm", "gorm.io/driver/sqlite", "gorm.io/driver/postgres", "gorm.io/driver/mysql",
		"github.com/uptrace/bun", "entgo.io/ent", "github.com/stephenafamo/bob", "github.com/stephenafamo/scan", "xorm.io/xorm",
		"github.com/Masterminds/squirrel", "github.com/doug-martin/goqu/v9", "zombiezen.com/go/sqlite"}
	vs := []string{bi.GoVersion}
	for _, m := range bi.Deps {
		if slices.Contains(show, m.Path) {
			vs = append(vs, m.Path+" "+m.Version)
		}
	}
	return strings.Join(vs, ", ")
}
