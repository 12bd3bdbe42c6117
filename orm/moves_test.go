package orm_test

import (
	"strconv"
	"testing"

	"github.com/sqlayer-go/sqlayer/orm"
)

func TestMoves(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		s := b.session()
		x, y := &Address{City: "x"}, &Address{City: "y"}
		a, c := &User{Name: "a", Addresses: []*Address{x, y}}, &User{Name: "c"}
		s.Add(a, c)
		b.check(s.Commit(b.ctx))
		// by pointer only
		x.User = c
		b.check(s.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_addresses WHERE user_id=2"); n != "1" {
			b.Error(n)
		}
		// taken out afterwards: stays with c
		a.Addresses = []*Address{y}
		b.check(s.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_addresses WHERE user_id=2"); n != "1" {
			b.Error(n)
		}
		// to a new one, and the old is deleted
		n := &User{Name: "n", Addresses: []*Address{y}}
		s.Add(n)
		s.Delete(a)
		b.check(s.Commit(b.ctx))
		if y.UserID != n.ID {
			b.Error(y)
		}
		// append to two
		c.Addresses = append(c.Addresses, y)
		z := &User{Name: "z", Addresses: []*Address{y}}
		s.Add(z)
		b.wantErr(s.Commit(b.ctx), nil, "which one?")
		c.Addresses = nil
		b.check(s.Commit(b.ctx))
		if got := b.scalar("SELECT count(*) FROM orm_addresses"); got != "2" {
			b.Error(got)
		}
		if y.UserID != z.ID {
			b.Error(y)
		}
		// delete and add again within one flush
		s.Delete(y)
		s.Add(y)
		b.rec.take()
		b.check(s.Commit(b.ctx))
		b.sent()
		s.Delete(y)
		b.check(s.Commit(b.ctx))
		s.Add(y)
		y.User = c
		y.UserID = 0
		b.check(s.Commit(b.ctx))
		if y.UserID != c.ID {
			b.Error(y)
		}
	})
}

func TestLoadSeesWhatTheProgramDid(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	s := b.session()
	one, two := &User{Name: "one"}, &User{Name: "two"}
	x := &User{Name: "x", Boss: one, Addresses: []*Address{{City: "a"}, {City: "b"}}}
	s.Add(x, two)
	b.check(s.Commit(b.ctx))
	u := orm.Ref[User]()
	x.BossID = &two.ID
	b.check(s.Load(b.ctx, x, &u.Boss))
	if x.Boss != two {
		t.Errorf("boss %v", x.Boss)
	}
	b.check(s.Commit(b.ctx))
	if n := b.scalar("SELECT boss_id FROM orm_users WHERE name='x'"); n != strconv.FormatInt(two.ID, 10) {
		t.Errorf("boss_id %s, and two is %d", n, two.ID)
	}

	s = b.session()
	y, err := orm.Get[User](b.ctx, s, x.ID)
	b.check(err)
	c := &Address{City: "c"}
	y.Addresses = append(y.Addresses, c) // not loaded
	b.check(s.Commit(b.ctx))
	y.Addresses = nil
	b.check(s.Load(b.ctx, y, &u.Addresses))
	if len(y.Addresses) != 2 || y.Addresses[0] == c || y.Addresses[1] == c {
		t.Errorf("%d addresses", len(y.Addresses))
	}
	b.check(s.Commit(b.ctx))
	if n := b.scalar("SELECT group_concat(city) FROM orm_addresses"); n != "a,b" {
		t.Errorf("left: %s", n)
	}
}
