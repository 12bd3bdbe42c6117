package pool

import (
	"cmp"
	"fmt"
	"path"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"time"
)

// origin is where and when a lease was taken. It does not change.
type origin struct {
	at  int64 // see Pool.now
	gen uint64
	n   int
	pcs [32]uintptr
}

// Holder is a lease that is out, of a pool with Config.TrackLeases.
type Holder struct {
	ID        uint64        // of the connection
	Held      time.Duration // since it was taken
	Returning bool          // given back, and not through with it: being reset, for example

	from *origin
}

// Frames returns the calls that led to the lease, from the one of Acquire
// outwards.
func (h Holder) Frames() []runtime.Frame {
	if h.from == nil {
		return nil
	}
	var all []runtime.Frame
	frames := runtime.CallersFrames(h.from.pcs[:h.from.n])
	for {
		f, more := frames.Next()
		if f.PC != 0 && (len(all) > 0 || !within(f, ownPath)) {
			all = append(all, f)
		}
		if !more {
			return all
		}
	}
}

// The paths of this package and of the module that it belongs to.
var (
	ownPath    = reflect.TypeFor[Holder]().PkgPath() + "."
	modulePath = strings.TrimSuffix(ownPath, "pool.")
)

// within says whether f is code, and no test, below a path.
func within(f runtime.Frame, path string) bool {
	return strings.HasPrefix(f.Function, path) && !strings.HasSuffix(f.File, "_test.go")
}

// Where names the function, file and line that took the lease: the innermost
// one that belongs neither to this module nor to database/sql.
func (h Holder) Where() string {
	frames := h.Frames()
	if len(frames) == 0 {
		return "an unknown place"
	}
	at := max(0, slices.IndexFunc(frames, func(f runtime.Frame) bool {
		return !within(f, modulePath) && !strings.HasPrefix(f.Function, "database/sql.") && !strings.HasPrefix(f.Function, "runtime.")
	}))
	f := frames[at]
	return fmt.Sprintf("%s (%s:%d)", path.Base(f.Function), path.Base(f.File), f.Line)
}

// String names the connection, how long it has been out, and who took it.
func (h Holder) String() string {
	state := ""
	if h.Returning {
		state = ", being returned"
	}
	return fmt.Sprintf("connection %d for %v by %s%s", h.ID, h.Held, h.Where(), state)
}

// named is how many holders an error names; it counts the others.
const named = 10

// holders describes those who hold a connection, for the end of an error.
func (u Usage) holders() string {
	if len(u.Holders) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("; held: ")
	for i, h := range u.Holders {
		if i == named {
			fmt.Fprintf(&b, " and %d more", len(u.Holders)-named)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(h.String())
	}
	return b.String()
}

// Holders returns the leases that are out, those out longest first. It is nil
// without Config.TrackLeases.
func (p *Pool[C]) Holders() []Holder {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.holders()
}

// holders is Holders with mu held.
func (p *Pool[C]) holders() []Holder {
	if p.held.len == 0 {
		return nil
	}
	all := make([]Holder, 0, p.held.len)
	now := p.now()
	for r := p.held.front; r != nil; r = r.next {
		all = append(all, Holder{
			ID: r.id, Held: time.Duration(now - r.origin.at), Returning: r.gen.Load() != r.origin.gen, from: r.origin,
		})
	}
	slices.SortStableFunc(all, func(a, b Holder) int { return cmp.Compare(b.Held, a.Held) })
	return all
}

// lend makes a lease of a connection that was found fit.
func (p *Pool[C]) lend(r *Record[C]) Lease[C] {
	if !p.cfg.Shared && !p.cfg.TrackLeases {
		return Lease[C]{r, r.gen.Load()}
	}
	var from *origin
	if p.cfg.TrackLeases {
		from = &origin{at: p.now()}
		from.n = runtime.Callers(2, from.pcs[:])
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cfg.Shared && r.host == nil {
		r = p.settle(r)
	}
	gen := r.gen.Load()
	if from != nil {
		from.gen = gen
		r.origin = from
		p.held.pushBack(r)
	}
	return Lease[C]{r, gen}
}

// leave takes r out of the leased. mu is held.
func (p *Pool[C]) leave(r *Record[C]) {
	p.leased--
	if r.origin != nil {
		p.forget(r)
	}
}

// forget ends what was noted of the lease of r, if anything was. mu is held.
func (p *Pool[C]) forget(r *Record[C]) {
	if r.origin != nil {
		p.held.remove(r)
		r.origin = nil
	}
}
