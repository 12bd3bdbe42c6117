package wireproxy

import (
	"fmt"
	"slices"
)

// Side is one end of a connection.
type Side int

// The two sides.
const (
	Client Side = iota
	Server
)

// String returns "client" or "server".
func (s Side) String() string {
	if s == Client {
		return "client"
	}
	return "server"
}

// maxLog bounds the list of messages, so that a test that reads millions of
// rows does not keep as many entries. Counts go on beyond it.
const maxLog = 1 << 18

type entry struct {
	from Side
	name string
	text string
}

type book struct {
	trips, oneWay int
	log           []entry
	dropped       int
	executed      []string
	seen          map[entry]int // by side and name; text empty
}

func (b *book) reset() { *b = book{seen: map[entry]int{}} }

// observe enters a message in the books, before it is passed on, and returns
// the fault that is to happen at it, if any.
func (p *Proxy) observe(m message) *Injected {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := &p.book
	if m.trip {
		b.trips++
	}
	if m.oneWay {
		b.oneWay++
	}
	if m.exec && len(b.executed) < maxLog {
		b.executed = append(b.executed, m.text)
	}
	if len(b.log) < maxLog {
		b.log = append(b.log, entry{m.from, m.name, m.text})
	} else {
		b.dropped++
	}
	b.seen[entry{from: m.from, name: m.name}]++
	return p.struck(m)
}

// Count returns the number of round trips since the start or the last Reset.
// When a client has its answer, the round trip of that answer is counted.
func (p *Proxy) Count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.book.trips
}

// OneWay returns the number of commands that ask for no answer (MySQL only).
// The client does not wait for these, so the count may lag behind it.
func (p *Proxy) OneWay() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.book.oneWay
}

// Seen returns how many messages of a name one side has sent.
func (p *Proxy) Seen(from Side, name string) int {
	p.t.Helper()
	p.checkName(from, name)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.book.seen[entry{from: from, name: name}]
}

// Messages lists the messages of all connections in the order in which they
// arrived: "> Parse SELECT 1" from a client, "< ReadyForQuery" from the
// server. A list that grew too long ends with the number of those left out.
func (p *Proxy) Messages() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]string, 0, len(p.book.log)+1)
	for _, e := range p.book.log {
		s := "> " + e.name
		if e.from == Server {
			s = "< " + e.name
		}
		if e.text != "" {
			s += " " + e.text
		}
		list = append(list, s)
	}
	if p.book.dropped > 0 {
		list = append(list, fmt.Sprintf("... and %d more", p.book.dropped))
	}
	return list
}

// Executed lists the SQL text of every execution in order, whether it was sent
// as text or prepared before. Texts beyond 48 KB are cut and end in an
// ellipsis.
func (p *Proxy) Executed() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.book.executed)
}

// Reset sets all counts to zero and empties the lists. Statements that were
// prepared before are still known by their text.
func (p *Proxy) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.book.reset()
}
