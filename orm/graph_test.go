package orm_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/orm"
)

// Random changes of a graph of objects, committed, failed or rolled back: each
// time, what a fresh session reads is what the objects say.
func TestRandomGraphs(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		runs := 12
		if testing.Short() {
			runs = 3
		}
		for seed := range runs {
			g := &graph{bed: b, rnd: rand.New(rand.NewPCG(uint64(seed), 7)), sess: orm.NewSession(b.eng)}
			for range 15 {
				for range 1 + g.rnd.IntN(8) {
					g.change()
				}
				g.finish()
				g.compare()
				if b.Failed() {
					b.Fatalf("seed %d: %s", seed, strings.Join(g.log, "; "))
				}
			}
			for _, u := range g.users {
				g.sess.Delete(u)
			}
			b.check(g.sess.Commit(b.ctx))
			if n := b.scalar("SELECT count(*) FROM orm_users"); n != "0" {
				b.Fatalf("seed %d: %s users are left", seed, n)
			}
			if n := b.scalar("SELECT count(*) FROM orm_addresses"); n != "0" {
				b.Fatalf("seed %d: %s addresses are left", seed, n)
			}
			b.check(g.sess.Close())
		}
	})
}

type graph struct {
	*bed
	rnd   *rand.Rand
	sess  *orm.Session
	users []*User // of the session, and not deleted
	was   []*User // at the last commit
	n     int
	log   []string
}

func (g *graph) any() *User {
	if len(g.users) == 0 {
		return nil
	}
	return g.users[g.rnd.IntN(len(g.users))]
}

func (g *graph) note(format string, args ...any) { g.log = append(g.log, fmt.Sprintf(format, args...)) }

// change makes one random change.
func (g *graph) change() {
	g.n++
	name := fmt.Sprint("u", g.n)
	u, v := g.any(), g.any()
	switch op := g.rnd.IntN(11); {
	case u == nil || op < 2:
		n := &User{Name: name, Boss: u}
		for i := range g.rnd.IntN(3) {
			n.Addresses = append(n.Addresses, &Address{City: fmt.Sprint(name, "-", i)})
		}
		g.sess.Add(n)
		g.users = append(g.users, n)
		g.note("add %s", name)
	case op == 2:
		g.note("rename %s to %s", u.Name, name)
		u.Name = name
	case op == 3:
		g.note("%s gets an e-mail", u.Name)
		u.Email = ptr(name + "@x")
	case op == 4:
		g.note("boss of %s is %s", u.Name, v.Name)
		u.Boss = v
	case op == 5:
		g.note("no boss for %s", u.Name)
		u.Boss, u.BossID = nil, nil
	case op == 6:
		g.note("an address for %s", u.Name)
		u.Addresses = append(u.Addresses, &Address{City: name})
	case op == 7 && len(u.Addresses) > 0:
		i := g.rnd.IntN(len(u.Addresses))
		g.note("%s loses %s", u.Name, u.Addresses[i].City)
		u.Addresses = slices.Delete(u.Addresses, i, i+1)
	case op == 8 && len(u.Addresses) > 0 && u != v:
		a := u.Addresses[0]
		g.note("%s gives %s to %s", u.Name, a.City, v.Name)
		u.Addresses = u.Addresses[1:]
		v.Addresses = append(v.Addresses, a)
	case op == 9 && len(u.Addresses) > 0:
		u.Addresses[0].City = name
		g.note("%s moves", u.Name)
	case op == 10 && u.ID != 0:
		g.note("delete %s", u.Name)
		g.sess.Delete(u)
		g.users = slices.DeleteFunc(g.users, func(x *User) bool { return x == u })
		for _, x := range g.users {
			if x.Boss == u {
				x.Boss, x.BossID = nil, nil
			}
		}
	}
}

// finish commits, fails and commits, or rolls back.
func (g *graph) finish() {
	switch g.rnd.IntN(5) {
	case 0: // a violation, after which everything is tried again
		if len(g.users) < 2 {
			break
		}
		x, y := g.users[0], g.users[len(g.users)-1]
		before := x.Email
		g.n++
		same := fmt.Sprintf("same%d@x", g.n)
		x.Email, y.Email = &same, ptr(same)
		g.note("fail")
		if err := g.sess.Commit(g.ctx); err == nil {
			g.Error("two of one e-mail")
		}
		x.Email = before
	case 1:
		g.note("flush, rollback")
		if g.rnd.IntN(2) == 0 {
			if err := g.sess.Flush(g.ctx); err != nil {
				g.Errorf("Flush: %v", err)
			}
		}
		if err := g.sess.Rollback(g.ctx); err != nil {
			g.Errorf("Rollback: %v", err)
		}
		g.users = slices.Clone(g.was)
		return
	case 2:
		g.note("flush")
		if err := g.sess.Flush(g.ctx); err != nil {
			g.Errorf("Flush: %v", err)
		}
		g.change()
	}
	g.note("commit")
	if err := g.sess.Commit(g.ctx); err != nil {
		g.Errorf("Commit: %v", err)
	}
	g.was = slices.Clone(g.users)
	g.rec.take()
	if err := g.sess.Commit(g.ctx); err != nil {
		g.Errorf("Commit: %v", err)
	}
	if again := g.rec.take(); len(again) > 0 {
		g.Errorf("a second Commit sent %q", again)
	}
}

// compare reads everything in a fresh session.
func (g *graph) compare() {
	u := orm.Ref[User]()
	sess := orm.NewSession(g.eng)
	defer sess.Close()
	list, err := orm.Select(u).With(&u.Addresses).With(&u.Boss).All(g.ctx, sess)
	g.check(err)
	if got, want := dump(list), dump(g.users); got != want {
		g.Errorf("the database has\n%s\nthe objects say\n%s", got, want)
	}
}

func dump(users []*User) string {
	var lines []string
	for _, u := range users {
		line := fmt.Sprintf("%d %s", u.ID, u.Name)
		if u.Email != nil {
			line += " " + *u.Email
		}
		if u.BossID != nil {
			line += fmt.Sprintf(" under %d", *u.BossID)
		}
		if u.Boss != nil {
			line += fmt.Sprintf(" (%d)", u.Boss.ID)
		}
		var as []string
		for _, a := range u.Addresses {
			as = append(as, fmt.Sprintf("%d:%s of %d", a.ID, a.City, a.UserID))
		}
		sort.Strings(as)
		lines = append(lines, line+" "+strings.Join(as, ","))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}
