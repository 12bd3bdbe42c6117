package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// figure is one line of what is judged.
type figure struct {
	name         string
	unit         string
	ours, theirs float64
	ratio        float64 // the median over the rounds; 0: not compared
	goal         float64 // at most: of the ratio if there is one, of ours otherwise; negative: none yet
	later        float64 // what is to be reached in the end; negative: nothing more
	hard         bool    // a miss is a failure: noise has no part in it
}

const none = -1

func (f *figure) missed() bool {
	got := f.ours
	if f.ratio > 0 {
		got = f.ratio
	}
	return f.goal >= 0 && got > f.goal+1e-9
}

func (f *figure) verdict() string {
	switch {
	case f.goal < 0:
		return "-"
	case f.missed():
		return "MISS"
	}
	return "ok"
}

// value prints a figure with three digits.
func value(v float64) string {
	if v < 0 {
		return "-"
	}
	if v == float64(int64(v)) && v < 1e6 {
		return strconv.Itoa(int(v))
	}
	switch {
	case v < 10:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case v < 100:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 0, 64)
}

func (f *figure) print(w io.Writer) {
	theirs, ratio, goal, later := "", "", "", ""
	if f.theirs > 0 {
		theirs = value(f.theirs)
	}
	if f.ratio > 0 {
		ratio = strconv.FormatFloat(f.ratio, 'f', 2, 64)
	}
	limit := func(v float64) string {
		switch {
		case v < 0:
			return ""
		case f.ratio > 0:
			return strconv.FormatFloat(v, 'f', 2, 64)
		}
		return value(v)
	}
	goal, later = limit(f.goal), limit(f.later)
	line := fmt.Sprintf("%-46s %-6s %9s %9s %7s %7s  %-5s %6s", f.name, f.unit, value(f.ours), theirs, ratio, goal, f.verdict(), later)
	fmt.Fprintln(w, strings.TrimRight(line, " "))
}

// judgement collects figures as they are measured.
type judgement struct {
	w       io.Writer
	r       *runner
	figures []figure
}

func (j *judgement) add(f figure) {
	j.figures = append(j.figures, f)
	f.print(j.w)
}

// judge measures SQLayer beside the hand-written floors, a slice of each a
// round in turns, and compares it with its goals. A miss in allocations or
// round trips is an error; a time that misses is only shown, since other work
// on the machine can do that.
func (o options) judge(ctx context.Context) (err error) {
	j := &judgement{w: os.Stdout, r: &runner{ctx: ctx, rounds: o.rounds, slice: o.slice, log: io.Discard}}
	if o.detail {
		j.r.log = os.Stderr
	}
	if o.rounds < 11 {
		return fmt.Errorf("-floors takes at least 11 rounds, not %d: the median of fewer says little", o.rounds)
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	stop, err := o.profile(j.r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()

	begin := time.Now()
	fmt.Fprintf(j.w, "%s\n%d rounds of %v each; the ratio is the median over the rounds, theirs is hand-written, later is the goal to come\n\n", moduleVersions(), o.rounds, o.slice)
	fmt.Fprintf(j.w, "%-46s %-6s %9s %9s %7s %7s  %-5s %6s\n", "", "", "ours", "theirs", "ratio", "goal", "", "later")
	if err := j.pools(ctx); err != nil {
		return err
	}
	if err := j.compiling(); err != nil {
		return err
	}
	for _, name := range strings.Split(o.backends, ",") {
		be, err := o.open(ctx, name, dir)
		if err != nil {
			return err
		}
		if be == nil {
			continue
		}
		err = j.statements(context.WithoutCancel(ctx), be)
		if err == nil && be.Name != SQLite {
			err = j.roundTrips(ctx, be)
		}
		if err := errors.Join(err, be.Close()); err != nil {
			return err
		}
	}
	return j.sum(time.Since(begin))
}

// sum prints the last line and returns the error of what missed for certain.
func (j *judgement) sum(took time.Duration) error {
	var judged, times, certain int
	for i := range j.figures {
		f := &j.figures[i]
		switch {
		case f.goal < 0:
			continue
		case f.missed() && f.hard:
			certain++
		case f.missed():
			times++
		}
		judged++
	}
	fmt.Fprintf(j.w, "\n%d figures judged in %.0f s, %d missed\n", judged, took.Seconds(), times+certain)
	if certain > 0 {
		return fmt.Errorf("%d goals for allocations or round trips are missed", certain)
	}
	return nil
}

func nothing() error { return nil }

func nanoseconds(s Sample) float64 { return s.NS }
func cpu(s Sample) float64         { return s.CPU }
func allocs(s Sample) float64      { return s.Allocs }

// compare adds the figure that is ours over theirs, in one race.
func (j *judgement) compare(backend, workload, ours, theirs, name, unit string, of func(Sample) float64, scale, goal, later float64) {
	a, b := j.r.find(backend, workload, ours), j.r.find(backend, workload, theirs)
	if a == nil || b == nil {
		return
	}
	j.add(figure{name: name, unit: unit, ours: of(a.Sample) / scale, theirs: of(b.Sample) / scale,
		ratio: j.r.ratio(a, theirs, of), goal: goal, later: later})
}
