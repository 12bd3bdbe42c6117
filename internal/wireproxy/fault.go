package wireproxy

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
)

// Action is what a Fault does to the connection.
type Action int

// The actions. Cut closes both sides in the orderly way (FIN), Reset breaks
// them (RST). Before: the message is lost. Middle: its first half arrives.
// After: it arrives whole; a statement that is cut off after it was passed on
// is executed by the server.
const (
	CutBefore Action = iota + 1
	CutMiddle
	CutAfter
	ResetBefore
	ResetMiddle
	ResetAfter
	// Stall holds the message, and all that follows it in the same
	// direction, until Release.
	Stall
)

// A Fault says what happens at which message.
type Fault struct {
	From     Side   // whose message it is
	Message  string // its name, as in Messages; empty for any
	Contains string // if not empty, the SQL text of the message holds this
	Nth      int    // the how-manieth such message since Inject, over all connections; 0 is 1
	Every    bool   // and at every one after it
	Do       Action
}

// Injected is a Fault that waits for its message.
type Injected struct {
	fault   Fault
	p       *Proxy
	seen    int
	reached chan struct{}
	release chan struct{}
	once    [2]sync.Once
}

// Inject arms a fault. It fails the test when the fault can never happen
// because no message has the name, or when it says nothing to do.
func (p *Proxy) Inject(f Fault) *Injected {
	p.t.Helper()
	if f.Message != "" {
		p.checkName(f.From, f.Message)
	}
	if f.Do < CutBefore || f.Do > Stall {
		p.t.Fatalf("wireproxy: a fault without an action")
	}
	f.Nth = max(f.Nth, 1)
	i := &Injected{fault: f, p: p, reached: make(chan struct{}), release: make(chan struct{})}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, i)
	return i
}

// Reached is closed when the fault's message has arrived at the proxy.
func (i *Injected) Reached() <-chan struct{} { return i.reached }

// Release lets a stalled message, and all later ones, pass.
func (i *Injected) Release() { i.Remove(); i.once[1].Do(func() { close(i.release) }) }

// Remove disarms the fault. A message that is stalled stays so until Release.
func (i *Injected) Remove() {
	i.p.mu.Lock()
	defer i.p.mu.Unlock()
	i.p.faults = slices.DeleteFunc(i.p.faults, func(j *Injected) bool { return i == j })
}

// struck returns the fault that is due at a message. The caller holds p.mu.
func (p *Proxy) struck(m message) *Injected {
	var due *Injected
	for _, i := range p.faults {
		f := &i.fault
		if f.From != m.from || f.Message != "" && f.Message != m.name || !strings.Contains(m.text, f.Contains) {
			continue
		}
		i.seen++
		if due == nil && (i.seen == f.Nth || f.Every && i.seen > f.Nth) {
			due = i
		}
	}
	if due != nil && !due.fault.Every {
		p.faults = slices.DeleteFunc(p.faults, func(j *Injected) bool { return due == j })
	}
	return due
}

// suffer carries a fault out, and reports whether the connection lives on.
func (l *link) suffer(i *Injected, m message, r *bufio.Reader, w *bufio.Writer, flush func() error) bool {
	i.once[0].Do(func() { close(i.reached) })
	do := i.fault.Do
	switch do {
	case Stall:
		select {
		case <-i.release:
		case <-l.done:
			return false
		}
		if forward(m, r, w) != nil {
			l.reset()
			return false
		}
		return true
	case CutMiddle, ResetMiddle:
		half := m.size / 2
		if m.replace != nil {
			w.Write(m.replace[:len(m.replace)/2])
		} else {
			io.CopyN(w, r, int64(half))
		}
		flush()
	case CutAfter, ResetAfter:
		if m.from == Client { // which hears nothing more, not even a fast answer
			var whole bytes.Buffer
			kept := bufio.NewWriter(&whole)
			forward(m, r, kept)
			kept.Flush()
			l.abandon(do == ResetAfter, func() {
				w.Write(whole.Bytes())
				flush()
			})
			return false
		}
		forward(m, r, w)
		flush()
	}
	switch do {
	case ResetBefore, ResetMiddle, ResetAfter:
		l.reset()
	default:
		l.cut()
	}
	return false
}

// abandon closes the client's side only, sends the last message, and lets the
// server work on it: it reads the end of the data after the last message, and its answers
// are thrown away. Closing at once could lose what the server has not read.
func (l *link) abandon(hard bool, last func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.ended = true
	close(l.done)
	if hard {
		l.client.SetLinger(0)
	}
	l.client.Close()
	last()
	if half, ok := l.server.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	// The relay of the server's messages still reads; it fails at its next
	// write and then drains.
	l.p.forget(l)
	l.p.wg.Go(func() { drain(l.p, l.server) })
}

func drain(p *Proxy, server net.Conn) {
	over := make(chan struct{})
	p.wg.Go(func() {
		select {
		case <-p.closed:
			server.Close()
		case <-over:
		}
	})
	io.Copy(io.Discard, server)
	server.Close()
	close(over)
}
