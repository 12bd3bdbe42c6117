package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Sample is one slice of one contender, per operation.
type Sample struct{ NS, CPU, Bytes, Allocs float64 }

func cpuTime() time.Duration {
	var ru syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &ru)
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}

func measure(n, parallel int, op func(i int) error) (Sample, error) {
	runtime.GC()
	var m0, m1 runtime.MemStats
	var err error
	runtime.ReadMemStats(&m0)
	c0, t0 := cpuTime(), time.Now()
	if parallel == 0 {
		for i := 0; i < n && err == nil; i++ {
			err = op(i)
		}
	} else {
		var next atomic.Int64
		var wg sync.WaitGroup
		var once sync.Once
		for range parallel {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for {
					i := int(next.Add(1) - 1)
					if i >= n {
						return
					}
					if e := op(i); e != nil {
						once.Do(func() { err = e })
						return
					}
				}
			}()
		}
		wg.Wait()
	}
	d, c := time.Since(t0), cpuTime()-c0
	runtime.ReadMemStats(&m1)
	f := float64(n)
	return Sample{float64(d) / f, float64(c) / f, float64(m1.TotalAlloc-m0.TotalAlloc) / f, float64(m1.Mallocs-m0.Mallocs) / f}, err
}

// calibrate finds how many operations fill about d.
func calibrate(d time.Duration, parallel int, op func(i int) error) (int, error) {
	for n := max(1, parallel); ; n *= 2 {
		s, err := measure(n, parallel, op)
		if err != nil {
			return 0, err
		}
		if took := time.Duration(s.NS * float64(n)); took >= d/4 {
			return max(max(1, parallel), int(float64(n)*float64(d)/float64(took))), nil
		}
	}
}

// Result is the medians of one contender on one workload.
type Result struct {
	Backend, Workload, Contender string
	Sample
	Rounds []Sample
}

type runner struct {
	ctx     context.Context // ends the run between two slices
	rounds  int
	slice   time.Duration
	log     io.Writer    // what each contender took
	begin   func() error // called before each race
	results []Result
}

// entrant is a contender in one race: op runs one operation, the i-th.
type entrant struct {
	name string
	op   func(i int) error
	n    int // the operations of one slice
}

// race runs the entrants in turns, a slice a round each, and adds the medians
// to the results. prep is called before every slice.
func (r *runner) race(backend, workload string, parallel int, es []*entrant, prep func() error) error {
	if err := r.begin(); err != nil {
		return err
	}
	for _, e := range es {
		if err := prep(); err != nil {
			return err
		}
		n, err := calibrate(r.slice, parallel, e.op)
		if err != nil {
			return fmt.Errorf("%s %s %s: %w", backend, workload, e.name, err)
		}
		e.n = n
	}
	got := make([][]Sample, len(es))
	for round := range r.rounds {
		for k := range es {
			j := (k + round) % len(es)
			if round%2 == 1 {
				j = len(es) - 1 - j
			}
			if err := prep(); err != nil {
				return err
			}
			if err := r.ctx.Err(); err != nil {
				return err
			}
			e := es[j]
			s, err := measure(e.n, parallel, e.op)
			if err != nil {
				return fmt.Errorf("%s %s %s: %w", backend, workload, e.name, err)
			}
			got[j] = append(got[j], s)
		}
	}
	for j, e := range es {
		res := Result{Backend: backend, Workload: workload, Contender: e.name, Rounds: got[j]}
		res.Sample = medians(got[j])
		r.results = append(r.results, res)
		fmt.Fprintf(r.log, "%-9s %-4s %-26s %12.1f us/op %10.1f us cpu %11.0f B/op %9.0f allocs/op\n",
			backend, workload, e.name, res.NS/1e3, res.CPU/1e3, res.Bytes, res.Allocs)
	}
	return nil
}

func medians(ss []Sample) Sample {
	m := func(f func(Sample) float64) float64 {
		xs := make([]float64, len(ss))
		for i, s := range ss {
			xs[i] = f(s)
		}
		return median(xs)
	}
	return Sample{
		m(func(s Sample) float64 { return s.NS }), m(func(s Sample) float64 { return s.CPU }),
		m(func(s Sample) float64 { return s.Bytes }), m(func(s Sample) float64 { return s.Allocs }),
	}
}

func median(xs []float64) float64 {
	slices.Sort(xs)
	n := len(xs)
	if n == 0 {
		return 0
	}
	return (xs[n/2] + xs[(n-1)/2]) / 2
}
