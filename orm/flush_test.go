package orm_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/orm"
)

func TestFlushOneInsertATable(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		sess := b.session()
		for i := range 50 {
			u := &User{Name: fmt.Sprintf("u%02d", i)}
			for j := range 3 {
				u.Addresses = append(u.Addresses, &Address{City: fmt.Sprintf("c%02d-%d", i, j)})
			}
			sess.Add(u)
		}
		b.check(sess.Commit(b.ctx))
		if n := b.count("INSERT"); n != 2 && b.exact() {
			b.Errorf("%d INSERTs for 2 tables", n)
		}
		// Every key belongs to its own row.
		wrong := b.scalar("SELECT count(*) FROM orm_addresses a JOIN orm_users u ON u.id = a.user_id WHERE substr(a.city, 2, 2) <> substr(u.name, 2, 2)")
		if total := b.scalar("SELECT count(*) FROM orm_addresses"); wrong != "0" || total != "150" {
			b.Errorf("%s of %s addresses are at another user", wrong, total)
		}
		u := orm.Ref[User]()
		list, err := orm.Select(u).With(&u.Addresses).All(b.ctx, b.eng)
		b.check(err)
		for _, u := range list {
			for j, a := range u.Addresses {
				if want := fmt.Sprintf("c%s-%d", u.Name[1:], j); a.City != want {
					b.Errorf("%s has %s, want %s", u.Name, a.City, want)
				}
			}
		}
	})
}

func TestFlushSelfReference(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		sess := b.session()
		top := &User{Name: "top"}
		for i := range 3 {
			mid := &User{Name: fmt.Sprint("mid", i), Boss: top}
			for j := range 2 {
				sess.Add(&User{Name: fmt.Sprint("low", i, j), Boss: mid})
			}
		}
		b.check(sess.Commit(b.ctx))
		if n := b.count("INSERT"); n != 3 && b.exact() {
			b.Errorf("%d INSERTs for 3 levels", n)
		}
		if n := b.scalar("SELECT count(*) FROM orm_users u JOIN orm_users b ON u.boss_id = b.id WHERE substr(b.name,1,3) <> 'top' AND substr(u.name,4,1) = substr(b.name,4,1)"); n != "6" {
			b.Errorf("%s of 6 have their boss", n)
		}
		// Deleting all of them goes the other way round.
		u := orm.Ref[User]()
		sess2 := b.session()
		list, err := orm.Select(u).All(b.ctx, sess2)
		b.check(err)
		for _, u := range list {
			sess2.Delete(u)
		}
		b.rec.take()
		b.check(sess2.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_users"); n != "0" {
			b.Errorf("%s are left", n)
		}
	})
}

func TestFlushRowCycle(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		sess := b.session()
		x, y := &User{Name: "x"}, &User{Name: "y"}
		x.Boss, y.Boss = y, x
		self := &User{Name: "self"}
		self.Boss = self
		sess.Add(x, self)
		b.check(sess.Commit(b.ctx))
		if *x.BossID != y.ID || *y.BossID != x.ID || *self.BossID != self.ID {
			b.Errorf("keys: x %d→%d y %d→%d", x.ID, *x.BossID, y.ID, *y.BossID)
		}
		if n := b.scalar("SELECT count(*) FROM orm_users u JOIN orm_users b ON u.boss_id = b.id WHERE b.boss_id = u.id"); n != "3" {
			b.Errorf("%s of 3 bosses", n)
		}
		b.check(sess.Commit(b.ctx))
		b.sent()
		sess.Delete(x, y, self)
		b.check(sess.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_users"); n != "0" {
			b.Errorf("%s are left", n)
		}
	})
}

func TestFlushMovesAChild(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		sess := b.session()
		p, q := &User{Name: "p", Addresses: []*Address{{City: "x"}}}, &User{Name: "q"}
		sess.Add(p, q)
		b.check(sess.Commit(b.ctx))
		child := p.Addresses[0]
		child.User = p
		b.check(sess.Commit(b.ctx))
		b.rec.take()

		// To another parent, while the old one is deleted: it stays, though it is an orphan of the old one.
		q.Addresses = append(q.Addresses, child)
		p.Addresses = nil
		sess.Delete(p)
		b.check(sess.Commit(b.ctx))
		b.sent("BEGIN", "UPDATE orm_addresses SET user_id = ? WHERE id = ?",
			"DELETE FROM orm_users WHERE id = ?", "COMMIT") // nobody reports to it, as it was new in this session
		if child.UserID != q.ID || child.User != q {
			b.Errorf("child of %d by %v, want %d", child.UserID, child.User, q.ID)
		}
	})
}

func TestFlushForeignKeyByHand(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	sess := b.session()
	p, q := &User{Name: "p", Addresses: []*Address{{City: "x"}}}, &User{Name: "q"}
	sess.Add(p, q)
	b.check(sess.Commit(b.ctx))
	child := p.Addresses[0]
	child.User = p
	b.check(sess.Commit(b.ctx))
	child.UserID = q.ID // the pointer follows
	b.check(sess.Commit(b.ctx))
	if child.User != q {
		b.Errorf("the pointer leads to %v", child.User)
	}
	if n := b.scalar("SELECT user_id FROM orm_addresses"); n != fmt.Sprint(q.ID) {
		b.Errorf("user_id %s", n)
	}
	// The collection that it was in does not know, so leaving that means nothing.
	p.Addresses = nil
	b.check(sess.Commit(b.ctx))
	if n := b.scalar("SELECT count(*) FROM orm_addresses"); n != "1" {
		b.Errorf("%s addresses", n)
	}
	child.UserID, child.User = p.ID, p
	b.check(sess.Commit(b.ctx))
	child.UserID, child.User = q.ID, nil
	b.check(sess.Commit(b.ctx))
	if n := b.scalar("SELECT user_id FROM orm_addresses"); n != fmt.Sprint(q.ID) {
		b.Errorf("user_id %s", n)
	}
	child.UserID, child.User = p.ID, q
	b.wantErr(sess.Commit(b.ctx), engine.ErrStatement, "UserID of Address 1 was set to 1", "Address.User says User 2")
}

func TestFlushOrphans(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		sess := b.session()
		boss := &User{Name: "boss", Reports: []*User{{Name: "r1"}, {Name: "r2"}, {Name: "r3"}}}
		sess.Add(boss)
		b.check(sess.Commit(b.ctx))
		r := boss.Reports
		if *r[2].BossID != boss.ID {
			b.Error("the foreign key is not set")
		}
		b.rec.take()
		boss.Reports = boss.Reports[1:2]
		b.check(sess.Commit(b.ctx))
		b.sent("BEGIN", "UPDATE orm_users SET boss_id = NULL WHERE id = ?", "UPDATE orm_users SET boss_id = NULL WHERE id = ?", "COMMIT")
		if r[0].BossID != nil || r[1].BossID == nil {
			b.Error("the wrong one was detached")
		}
		// Deleting a parent whose children are not loaded: one UPDATE frees them.
		fresh := b.session()
		again, err := orm.Get[User](b.ctx, fresh, boss.ID)
		b.check(err)
		fresh.Delete(again)
		b.rec.take()
		b.check(fresh.Commit(b.ctx))
		b.sent("SELECT id, city, user_id FROM orm_addresses WHERE user_id IN (?) ORDER BY id",
			"UPDATE orm_users SET boss_id = NULL WHERE boss_id IN (?)",
			"DELETE FROM orm_users WHERE id = ?", "COMMIT")
		if n := b.scalar("SELECT count(*) FROM orm_users WHERE boss_id IS NULL"); n != "3" {
			b.Errorf("%s are free", n)
		}
	})
}

func TestDeleteCascades(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		sess := b.session()
		for i := range 3 {
			sess.Add(&User{Name: fmt.Sprint("u", i), Addresses: []*Address{{City: "a"}, {City: "b"}}})
		}
		b.check(sess.Commit(b.ctx))
		fresh := b.session()
		list, err := orm.Select(orm.Ref[User]()).All(b.ctx, fresh)
		b.check(err)
		fresh.Delete(list[0], list[1])
		b.rec.take()
		b.check(fresh.Commit(b.ctx))
		b.sent("SELECT id, city, user_id FROM orm_addresses WHERE user_id IN (?, ?) ORDER BY id",
			"UPDATE orm_users SET boss_id = NULL WHERE boss_id IN (?, ?)",
			"DELETE FROM orm_addresses WHERE id IN (?, ?, ?, ?)",
			"DELETE FROM orm_users WHERE id IN (?, ?)", "COMMIT")
		if n := b.scalar("SELECT count(*) FROM orm_addresses"); n != "2" {
			b.Errorf("%s addresses are left", n)
		}
		if fresh.Contains(list[0]) || !fresh.Contains(list[2]) {
			b.Error("the session has the wrong objects")
		}
	})
}

func TestDeletedChildLeavesCollection(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	sess := b.session()
	ada := &User{Name: "ada", Addresses: []*Address{{City: "x"}, {City: "y"}}}
	sess.Add(ada)
	b.check(sess.Commit(b.ctx))
	sess.Delete(ada.Addresses[0])
	b.check(sess.Commit(b.ctx))
	if len(ada.Addresses) != 1 || ada.Addresses[0].City != "y" {
		b.Errorf("addresses: %+v", ada.Addresses)
	}
	ada.Addresses = append(ada.Addresses, &Address{City: "z"})
	b.check(sess.Commit(b.ctx))
	if n := b.scalar("SELECT group_concat(city) FROM orm_addresses"); n != "y,z" {
		b.Errorf("cities %s", n)
	}
}

func TestFlushFailsAndIsTriedAgain(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		sess := b.session()
		old := &User{Name: "old", Email: ptr("a@x")}
		doomed := &User{Name: "doomed"}
		sess.Add(old, doomed)
		b.check(sess.Commit(b.ctx))
		oldID := old.ID

		old.Name = "older"
		fresh := &User{Name: "new", Email: ptr("a@x"), Addresses: []*Address{{City: "x"}}}
		sess.Add(fresh)
		sess.Delete(doomed)
		err := sess.Commit(b.ctx)
		b.wantErr(err, engine.ErrUniqueViolation)
		if fresh.ID != 0 || fresh.Addresses[0].ID != 0 || fresh.Addresses[0].UserID != 0 || old.Name != "older" {
			b.Errorf("after the failure: %+v %+v", fresh, fresh.Addresses[0])
		}
		if n := b.scalar("SELECT count(*) FROM orm_users"); n != "2" {
			b.Errorf("%s users", n)
		}
		fresh.Email = ptr("b@x")
		b.check(sess.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_users WHERE name IN ('older', 'new')"); n != "2" {
			b.Errorf("%s of 2", n)
		}
		if n := b.scalar("SELECT count(*) FROM orm_users"); n != "2" {
			b.Errorf("%s users", n)
		}
		if old.ID != oldID || fresh.ID == 0 {
			b.Error("keys")
		}
		same, err := orm.Get[User](b.ctx, sess, fresh.ID)
		b.check(err)
		if same != fresh {
			b.Error("identity")
		}
	})
}

func TestRollback(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		sess := b.session()
		ada := &User{Name: "ada", Email: ptr("a@x"), Addresses: []*Address{{City: "x"}, {City: "y"}}}
		sess.Add(ada)
		b.check(sess.Commit(b.ctx))
		x := ada.Addresses[0]

		*ada.Email = "changed@x"
		ada.Name = "changed"
		ada.Addresses = []*Address{{City: "z"}}
		bob := &User{Name: "bob"}
		sess.Add(bob)
		b.check(sess.Flush(b.ctx))
		if bob.ID == 0 {
			b.Error("no key after Flush")
		}
		id := bob.ID
		ada.Name = "changed again"
		b.check(sess.Rollback(b.ctx))
		if ada.Name != "ada" || *ada.Email != "a@x" || len(ada.Addresses) != 2 || ada.Addresses[0] != x {
			b.Errorf("after Rollback: %+v %s", ada, *ada.Email)
		}
		if bob.ID != 0 || sess.Contains(bob) || !sess.Contains(x) {
			b.Error("bob is still there, or x is not")
		}
		_, err := orm.Get[User](b.ctx, sess, id)
		b.wantErr(err, engine.ErrNoRows)
		b.check(sess.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_addresses WHERE city IN ('x','y')"); n != "2" {
			b.Errorf("%s addresses", n)
		}
		b.check(sess.Commit(b.ctx))
		b.sent()
	})
}

func TestStale(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		sess := b.session()
		ada, bob := &User{Name: "ada"}, &User{Name: "bob"}
		sess.Add(ada, bob)
		b.check(sess.Commit(b.ctx))
		_, err := b.eng.Exec(b.ctx, "DELETE FROM orm_users WHERE name = 'ada'")
		b.check(err)
		ada.Name = "Ada"
		err = sess.Commit(b.ctx)
		b.wantErr(err, orm.ErrStale, "UPDATE of User "+fmt.Sprint(ada.ID), "0 of 1")
		var se *orm.StaleError
		if !errors.As(err, &se) || se.Table != "orm_users" || se.Got != 0 {
			b.Errorf("%+v", se)
		}
		b.check(sess.Rollback(b.ctx))
		sess.Delete(ada, bob)
		b.wantErr(sess.Commit(b.ctx), orm.ErrStale, "DELETE of User", "1 of 2")
		b.wantErr(sess.Refresh(b.ctx, ada), orm.ErrStale, "User "+fmt.Sprint(ada.ID))
	})
}

func TestRowSwitch(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		sess := b.session()
		old := &User{Name: "old", Addresses: []*Address{{City: "x"}}}
		sess.Add(old)
		b.check(sess.Commit(b.ctx))
		sess.Delete(old)
		fresh := &User{ID: old.ID, Name: "new", Addresses: []*Address{{City: "y"}}}
		sess.Add(fresh)
		b.rec.take()
		b.check(sess.Commit(b.ctx))
		b.sent("BEGIN",
			"INSERT INTO orm_addresses (city, user_id) VALUES (?, ?) RETURNING id",
			"UPDATE orm_users SET name = ? WHERE id = ?",
			"DELETE FROM orm_addresses WHERE id = ?", "COMMIT")
		same, err := orm.Get[User](b.ctx, sess, old.ID)
		b.check(err)
		if same != fresh {
			b.Error("identity")
		}
		sess.Add(&User{ID: old.ID, Name: "third"})
		b.wantErr(sess.Commit(b.ctx), nil, "in the session already, as another object")
	})
}

func TestSessionMistakes(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	type unmapped struct{ A chan int }
	for _, tt := range []struct {
		name string
		do   func(*orm.Session)
		want string
	}{
		{"nil", func(s *orm.Session) { s.Add(nil) }, "nil is not an object"},
		{"nil pointer", func(s *orm.Session) { s.Add((*User)(nil)) }, "a nil *User is not an object"},
		{"value", func(s *orm.Session) { s.Add(User{}) }, "User is a copy: give a pointer"},
		{"not mapped", func(s *orm.Session) { s.Add(&unmapped{}) }, "chan int cannot be a column"},
		{"number", func(s *orm.Session) { s.Add(7) }, "int is not an object"},
		{"delete what is not known", func(s *orm.Session) { s.Delete(&User{ID: 5}) }, "does not know User 5"},
		{"expunge what is not known", func(s *orm.Session) { s.Expunge(&User{ID: 5}) }, "does not know User 5"},
		{"nil element", func(s *orm.Session) { s.Add(&User{Addresses: []*Address{nil}}) }, "element 0 is nil"},
		{"two parents", func(s *orm.Session) {
			a := &Address{}
			s.Add(&User{Addresses: []*Address{a}}, &User{Addresses: []*Address{a}})
		}, "which one?"},
		{"deleted twice", func(s *orm.Session) {
			u := &User{Name: "u"}
			s.Add(u)
			b.check(s.Flush(b.ctx))
			s.Delete(u)
			s.Delete(u)
		}, "deleted already"},
		{"refers to a deleted one", func(s *orm.Session) {
			u := &User{Name: "u"}
			s.Add(u)
			b.check(s.Flush(b.ctx))
			s.Delete(u)
			s.Add(&Address{User: u})
		}, "which is deleted"},
		{"refers to one that is gone", func(s *orm.Session) {
			u := &User{Name: "u"}
			s.Add(u)
			b.check(s.Flush(b.ctx))
			s.Delete(u)
			b.check(s.Flush(b.ctx))
			s.Add(&Address{User: u})
		}, "whose row the session has deleted: Add it to insert it again"},
		{"taken out", func(s *orm.Session) {
			a := &Address{City: "x", User: &User{Name: "u"}}
			s.Add(a)
			b.check(s.Flush(b.ctx))
			a.User = nil
		}, "Address.User is nil, and its UserID cannot be NULL"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := orm.NewSession(b.eng)
			defer s.Close()
			tt.do(s)
			b := &bed{T: t}
			b.wantErr(s.Commit(context.Background()), nil, "orm: ", tt.want)
		})
	}
	s := orm.NewSession(nil)
	_, err := orm.Select(orm.Ref[User]()).All(b.ctx, s)
	b.wantErr(err, nil, "NewSession was given nil")
	b.check(s.Close())
	b.check(s.Close())
	b.wantErr(s.Commit(b.ctx), engine.ErrClosed, "the session is closed")
	_, err = orm.Select(orm.Ref[User]()).All(b.ctx, nil)
	b.wantErr(err, nil, "Runner is nil")
}

func TestSessionIsForOneGoroutine(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	sess := b.session()
	sess.Add(&User{Name: "a"}, &User{Name: "b"})
	b.check(sess.Flush(b.ctx))
	n := 0
	for u, err := range orm.Select(orm.Ref[User]()).Each(b.ctx, sess) {
		b.check(err)
		if n++; n > 1 {
			continue
		}
		_, err := orm.Get[User](b.ctx, sess, 99)
		b.wantErr(err, engine.ErrInUse, "in use by Each")
		b.wantErr(sess.Commit(b.ctx), engine.ErrInUse)
		b.wantErr(sess.Close(), engine.ErrInUse)
		done := make(chan error)
		go func() {
			sess.Add(&User{Name: "c"})
			done <- sess.Flush(b.ctx)
		}()
		b.wantErr(<-done, engine.ErrInUse)
		_ = u
	}
	if n != 2 {
		b.Errorf("%d users", n)
	}
	b.wantErr(sess.Commit(b.ctx), engine.ErrInUse, "Add: ") // what the other goroutine did wrong
	b.check(sess.Commit(b.ctx))
}

func TestSessionInTransaction(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		err := b.eng.Transact(b.ctx, func(tx *engine.Tx) error {
			sess := orm.NewSession(tx)
			defer sess.Close()
			ada := &User{Name: "ada"}
			sess.Add(ada)
			if err := sess.Commit(b.ctx); err != nil {
				return err
			}
			sess.Add(&User{Name: "bob"})
			if err := sess.Flush(b.ctx); err != nil {
				return err
			}
			return sess.Rollback(b.ctx)
		})
		b.check(err)
		if n := b.scalar("SELECT max(name) FROM orm_users"); n != "ada" {
			b.Errorf("%s", n)
		}
	})
}

func TestSessionRunsStatements(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	sess := b.session()
	sess.Add(&User{Name: "ada"})
	b.check(sess.Flush(b.ctx))
	all, err := engine.All[User](b.ctx, sess, orm.Select(orm.Ref[User]()))
	b.check(err)
	if len(all) != 1 || all[0].Name != "ada" {
		b.Errorf("%+v", all)
	}
	b.check(sess.Rollback(b.ctx))
	n, err := engine.Scalar[int64](b.ctx, sess, engine.Text("SELECT count(*) FROM orm_users"))
	b.check(err)
	if n != 0 {
		b.Errorf("%d", n)
	}
	if !strings.Contains(strings.Join(b.rec.take(), "\n"), "ROLLBACK") {
		b.Error("no ROLLBACK")
	}
}
