package faults

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

const (
	accounts = 8
	balance  = 1000 // of each account at the start
	clients  = 6
	deadline = 700 * time.Millisecond // of a transfer
)

// A bank makes transfers between accounts while faults happen.
type bank struct {
	testing.TB
	s      *server
	p      *wireproxy.Proxy // nil for SQLite
	e      *engine.Engine
	k      cutter
	known  atomic.Pointer[string] // the password
	hurry  atomic.Bool            // transfers are cancelled at random
	stop   chan struct{}
	wg     sync.WaitGroup
	checks atomic.Int64

	seen [256]atomic.Int64 // errors by kind

	mu       sync.Mutex
	acked    []int64 // the commit was acknowledged
	settled  []int64 // it was not, and the look-up said that it was committed
	refused  []int64 // neither
	unknown  int     // outcomes that had to be looked up
	injected map[string]int
}

// openBank makes the accounts and starts the clients.
func openBank(t testing.TB, s *server) *bank {
	b := &bank{TB: t, s: s, stop: make(chan struct{}), injected: map[string]int{}}
	b.k.left.Store(-1)
	s.exec(t, "CREATE TABLE faults_accounts (id INTEGER NOT NULL PRIMARY KEY, balance BIGINT NOT NULL)")
	s.exec(t, "CREATE TABLE faults_transfers (id BIGINT NOT NULL PRIMARY KEY, src INTEGER NOT NULL, dst INTEGER NOT NULL, amount INTEGER NOT NULL)")
	for i := range accounts {
		s.exec(t, fmt.Sprintf("INSERT INTO faults_accounts (id, balance) VALUES (%d, %d)", i, balance))
	}
	url := s.url
	opts := []engine.Option{engine.WithPoolSize(4), engine.WithPoolTimeout(deadline), engine.WithDialTimeout(deadline), engine.WithCloseTimeout(shortTime)}
	if s.name == "sqlite" {
		url = with(url, "busy_timeout=50ms")
	} else {
		u, err := dialect.ParseURL(s.login)
		check(t, err)
		password, _ := u.Password()
		b.known.Store(&password)
		opts = append(opts, engine.WithDialer(b.k.dial), engine.WithPassword(func(context.Context) (string, error) { return *b.known.Load(), nil }))
		url = s.login
	}
	if s.name == "postgres" {
		s.exec(t, "GRANT ALL ON faults_accounts, faults_transfers TO scram")
	}
	b.p, url = s.proxied(t, url)
	var err error
	b.e, err = engine.Open(url, opts...)
	check(t, err)
	for range clients {
		b.wg.Go(b.client)
	}
	b.wg.Go(b.auditor)
	return b
}

func (b *bank) stopped() bool {
	select {
	case <-b.stop:
		return true
	default:
		return false
	}
}

// pause waits, and not when the bank is about to stop.
func (b *bank) pause(d time.Duration) {
	select {
	case <-b.stop:
	case <-time.After(d):
	}
}

func (b *bank) client() {
	for !b.stopped() {
		id := keys.Add(1)
		limit := deadline
		if b.hurry.Load() {
			limit = rand.N(10 * time.Millisecond)
		}
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		err := b.transfer(ctx, id)
		cancel()
		committed := err == nil
		unknown := mayHaveRun(err)
		if err != nil {
			b.note(err)
		}
		if unknown {
			committed = b.lookUp(id)
		}
		b.mu.Lock()
		switch {
		case err == nil:
			b.acked = append(b.acked, id)
		case committed:
			b.settled = append(b.settled, id)
		default:
			b.refused = append(b.refused, id)
		}
		if unknown {
			b.unknown++
		}
		b.mu.Unlock()
		if err != nil {
			b.pause(2 * time.Millisecond)
		}
	}
}

func (b *bank) note(err error) {
	for k := range b.seen {
		if errors.Is(err, engine.Kind(k)) {
			b.seen[k].Add(1)
		}
	}
}

// transfer moves money between two accounts under a key.
func (b *bank) transfer(ctx context.Context, id int64) error {
	src := rand.N(accounts)
	dst := (src + 1 + rand.N(accounts-1)) % accounts
	amount := 1 + rand.N(20)
	return b.e.Transact(ctx, func(tx *engine.Tx) error {
		if _, err := tx.Exec(ctx, "INSERT INTO faults_transfers (id, src, dst, amount) VALUES (:id, :src, :dst, :n)",
			engine.Named{"id": id, "src": src, "dst": dst, "n": amount}); err != nil {
			return err
		}
		for _, change := range []struct{ account, n int }{{src, -amount}, {dst, amount}} {
			if _, err := tx.Exec(ctx, "UPDATE faults_accounts SET balance = balance + :n WHERE id = :id",
				engine.Named{"id": change.account, "n": change.n}); err != nil {
				return err
			}
		}
		return nil
	}, engine.Retry(20))
}

// lookUp settles a transfer whose outcome is not known: it claims the key for an
// empty transfer. The database lets that in only if the transfer has not been
// committed, and from then on the transfer cannot be. A commit that is still
// under way is waited for.
func (b *bank) lookUp(id int64) bool {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 3*deadline)
		_, err := b.e.Exec(ctx, "INSERT INTO faults_transfers (id, src, dst, amount) VALUES (:id, 0, 0, 0)", engine.Named{"id": id})
		if err == nil || errors.Is(err, engine.ErrUniqueViolation) {
			var amount int
			amount, err = engine.Scalar[int](ctx, b.e, engine.Text("SELECT amount FROM faults_transfers WHERE id = :id", engine.Named{"id": id}))
			if err == nil {
				cancel()
				return amount > 0
			}
		}
		cancel()
		b.note(err)
		time.Sleep(5 * time.Millisecond) // between attempts while the server is away
	}
}

// auditor checks the sum again and again, past all faults.
func (b *bank) auditor() {
	for !b.stopped() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		sum, err := engine.Scalar[int64](ctx, b.s.admin, engine.Text("SELECT CAST(sum(balance) AS "+map[string]string{"mysql": "SIGNED"}[b.s.name]+
			map[bool]string{true: "BIGINT"}[b.s.name != "mysql"]+") FROM faults_accounts"))
		cancel()
		if err == nil {
			b.checks.Add(1)
			if sum != accounts*balance {
				b.Errorf("the sum is %d, not %d", sum, accounts*balance)
				return
			}
		}
		b.pause(20 * time.Millisecond)
	}
}

// close stops the clients and does the accounts. It returns the line that sums
// up.
func (b *bank) close() string {
	close(b.stop)
	b.wg.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := b.e.Ping(ctx); err != nil { // the faults are over
		testenv.Eventually(b, "the bank works again", func() bool { return b.e.Ping(ctx) == nil })
	}
	stats := b.e.Stats()
	if stats.Leased != 0 || stats.Dialed != uint64(stats.Idle+stats.Closing)+stats.AllClosed() {
		testenv.Eventually(b, fmt.Sprintf("the books balance: %v", stats), func() bool {
			stats = b.e.Stats()
			return stats.Leased == 0 && stats.Dialed == uint64(stats.Idle+stats.Closing)+stats.AllClosed()
		})
	}
	b.e.Shutdown(ctx) // the connections that faults have met may say so
	left := 0
	if b.p != nil {
		testenv.Eventually(b, "no connection of the bank is left", func() bool { return b.p.Connections() == 0 })
		left = b.p.Connections()
	}

	type transfer struct {
		ID               int64
		Src, Dst, Amount int
	}
	list, err := engine.All[transfer](context.Background(), b.s.admin, engine.Text("SELECT * FROM faults_transfers"))
	check(b, err)
	there := map[int64]bool{}
	var want [accounts]int64
	for i := range want {
		want[i] = balance
	}
	for _, tr := range list {
		there[tr.ID] = tr.Amount > 0
		want[tr.Src] -= int64(tr.Amount)
		want[tr.Dst] += int64(tr.Amount)
	}
	lost, doubled := 0, 0
	for _, ids := range [][]int64{b.acked, b.settled} {
		for _, id := range ids {
			if !there[id] {
				lost++
			}
			delete(there, id)
		}
	}
	for _, is := range there { // neither acknowledged nor found
		if is {
			doubled++
		}
	}
	have, err := engine.All[int64](context.Background(), b.s.admin, engine.Text("SELECT balance FROM faults_accounts ORDER BY id"))
	check(b, err)
	for i, n := range have {
		if n != want[i] {
			doubled++
			b.Errorf("account %d has %d; its transfers make %d", i, n, want[i])
		}
	}
	if lost != 0 || doubled != 0 || len(b.acked) == 0 || b.checks.Load() == 0 {
		b.Errorf("%d lost, %d doubled, %d acknowledged, %d audits", lost, doubled, len(b.acked), b.checks.Load())
	}
	total, least := 0, -1
	for _, n := range b.injected {
		total += n
		if least < 0 || n < least {
			least = n
		}
	}
	return fmt.Sprintf("bank on %s: injected %d (%d kinds, each at least %d times), acknowledged %d, unknown %d (%d of them committed), refused %d, lost %d, doubled %d, connections before 0 and after %d",
		b.s.label, total, len(b.injected), least, len(b.acked), b.unknown, len(b.settled), len(b.refused), lost, doubled, left)
}
