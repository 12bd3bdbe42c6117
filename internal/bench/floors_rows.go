package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// goal is what package engine is to reach on a workload, in time as a ratio to
// hand-written database/sql.
type goal struct {
	workload   string
	now, later float64
	cpu        bool // judged by this process's CPU time
}

// One statement on a server is a wake-up latency that varies by a quarter for
// the same work: it is judged by CPU, apart from MariaDB's, where a round trip
// less is no noise.
var goals = map[string][]goal{
	SQLite: {
		{"W1", 0.45, 0.35, false}, {"W2", 0.45, 0.35, false}, {"W3", 0.45, 0.38, false},
		{"W4", none, 0.75, false}, {"W6", none, 0.75, false}, {"W7", none, 0.70, false},
	},
	Postgres: {
		{"W1", 1.00, 1.00, true}, {"W2", none, 0.80, false}, {"W3", 0.80, 0.70, false},
		{"W4", none, 1.00, true}, {"W6", none, 1.00, true}, {"W7", none, 0.80, false}, {"W9", none, 0.90, false},
	},
	MariaDB: {
		{"W1", 0.45, 0.40, false}, {"W2", none, 0.70, false}, {"W3", none, 0.80, false},
		{"W4", none, 0.55, false}, {"W6", none, 0.55, false}, {"W7", none, 0.75, false},
	},
}

// rowAllocations are the most allocations for each row of W3.
var rowAllocations = map[string]float64{SQLite: 4.1, Postgres: 5.1, MariaDB: 9}

// floor is the hand-written contender that does least on a backend, for
// information.
var floor = map[string]string{SQLite: "lib", Postgres: "pgx", MariaDB: "sql-stmt"}

// statements compares package engine with hand-written code on a backend.
func (j *judgement) statements(ctx context.Context, be *Backend) (err error) {
	fmt.Fprintf(j.w, "\n%s %s\n", be.Name, be.Server)
	const ours = "sqlayer"
	names := []string{ours, base, floor[be.Name]}
	var open []Session
	defer func() {
		for _, s := range open {
			err = errors.Join(err, s.Close())
		}
	}()
	for _, name := range names {
		i := slices.IndexFunc(contenders, func(c Contender) bool { return c.Name() == name })
		s, err := contenders[i].Open(ctx, be)
		if err != nil {
			return fmt.Errorf("%s: open %s: %w", be.Name, name, err)
		}
		open = append(open, s)
	}
	ws := map[string]*workload{}
	for _, w := range workloads() {
		ws[w.name] = w
	}
	for _, g := range goals[be.Name] {
		w := ws[g.workload]
		prep := w.prepare(ctx, be)
		var es []*entrant
		for i, name := range names {
			if _, one := open[i].(OneConn); one && w.parallel > 0 {
				continue
			}
			if err := prep(); err != nil {
				return err
			}
			if err := w.check(ctx, be, open[i]); err != nil {
				return fmt.Errorf("%s %s %s: wrong: %w", be.Name, w.name, name, err)
			}
			es = append(es, w.entrant(ctx, name, open[i]))
		}
		if err := j.r.race(be.Name, w.name, w.parallel, es, prep); err != nil {
			return err
		}
		of, what := nanoseconds, "time"
		if g.cpu {
			of, what = cpu, "client CPU"
		}
		title := be.Name + " " + w.name + ", "
		j.compare(be.Name, w.name, ours, base, title+what, "us", of, 1e3, g.now, g.later)
		j.compare(be.Name, w.name, ours, floor[be.Name], title+what+", to "+floor[be.Name], "us", of, 1e3, none, none)
		a, b := j.r.find(be.Name, w.name, ours).Allocs, j.r.find(be.Name, w.name, base).Allocs
		if be.Name == Postgres {
			b = min(b, j.r.find(be.Name, w.name, floor[be.Name]).Allocs)
		}
		j.add(figure{name: title + "allocations", unit: "allocs", ours: whole(a), theirs: whole(b), goal: whole(b), later: none, hard: true})
		if w.name == "W3" {
			j.add(figure{name: title + "allocations a row", unit: "allocs", ours: a / nUsers, theirs: b / nUsers, goal: rowAllocations[be.Name], later: none, hard: true})
		}
	}
	return nil
}

// compiling compares building and rendering a query with package expr with
// writing its text by hand.
func (j *judgement) compiling() error {
	const ours = "sqlayer-expr"
	var es []*entrant
	for _, name := range []string{ours, baseCompile} {
		i := slices.IndexFunc(compilers, func(c Compiler) bool { return c.Name == name })
		e, err := compilers[i].entrant()
		if err != nil {
			return err
		}
		es = append(es, e)
	}
	if err := j.r.race("-", "W8", 0, es, nothing); err != nil {
		return err
	}
	const boxed = 3 // "paid", "sent" and "A%"; small numbers and truth values need none
	j.compare("-", "W8", ours, baseCompile, "W8, time", "us", nanoseconds, 1e3, none, 2.5)
	j.add(figure{name: "W8, allocations beyond those of values", unit: "allocs", ours: whole(j.r.find("-", "W8", ours).Allocs) - boxed,
		theirs: whole(j.r.find("-", "W8", baseCompile).Allocs) - boxed, goal: 16, later: 12, hard: true})
	return nil
}
