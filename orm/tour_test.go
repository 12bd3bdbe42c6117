package orm_test

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/orm"
)

var tourTypes = []any{&User{}, &Address{}}

func TestTour(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		ctx := b.ctx
		sess := b.session()
		ada := &User{Name: "ada", Addresses: []*Address{{City: "London"}, {City: "Paris"}}}
		sess.Add(ada)
		b.check(sess.Commit(ctx))
		if ada.ID == 0 || ada.Addresses[0].ID == 0 || ada.Addresses[1].UserID != ada.ID || ada.Addresses[1].ID <= ada.Addresses[0].ID {
			b.Fatalf("keys: %+v %+v %+v", ada, ada.Addresses[0], ada.Addresses[1])
		}
		b.sent("BEGIN",
			"INSERT INTO orm_users (name, email, boss_id) VALUES (?, ?, ?) RETURNING id",
			"INSERT INTO orm_addresses (city, user_id) VALUES (?, ?), (?, ?) RETURNING id",
			"COMMIT")

		ada.Name = "Ada"
		ada.Addresses = ada.Addresses[:1]
		b.check(sess.Commit(ctx))
		b.sent("BEGIN",
			"UPDATE orm_users SET name = ? WHERE id = ?",
			"DELETE FROM orm_addresses WHERE id = ?",
			"COMMIT")
		b.check(sess.Commit(ctx))
		b.sent()

		same, err := orm.Get[User](ctx, sess, ada.ID)
		b.check(err)
		if same != ada {
			b.Error("Get gave another object")
		}
		b.sent()

		fresh := b.session()
		u := orm.Ref[User]()
		a := orm.Ref[Address]()
		boss := orm.Alias[User]("boss")
		list, err := orm.Select(u).
			Where(orm.F(&u.Name).StartsWith("A"), orm.P(&u.Email).IsNull()).
			Where(orm.Has(&u.Addresses, orm.F(&a.City).Eq("London"))).
			With(&u.Addresses).
			OrderBy(orm.F(&u.ID).Desc()).
			All(ctx, fresh)
		b.check(err)
		if len(list) != 1 || len(list[0].Addresses) != 1 || list[0].Addresses[0].City != "London" || list[0].Addresses[0].UserID != ada.ID {
			b.Fatalf("found %+v", list)
		}
		if n := b.count("SELECT"); n != 2 {
			b.Errorf("%d queries, not 2", n)
		}
		other, err := orm.Get[User](ctx, fresh, ada.ID)
		b.check(err)
		if other != list[0] || other == ada {
			b.Error("one row, one pointer, in each session")
		}

		b.check(fresh.Commit(ctx)) // a transaction on SQLite keeps others from writing

		bob := &User{Name: "bob", Boss: ada}
		sess.Add(bob)
		b.check(sess.Commit(ctx))
		b.rec.take()
		team, err := orm.Select(u).Join(&u.Boss, boss).Where(orm.F(&boss.Name).Eq("Ada")).All(ctx, fresh)
		b.check(err)
		if names(team) != "[bob]" {
			b.Errorf("team %s", names(team))
		}
		b.check(fresh.Load(ctx, team[0], &u.Boss))
		if team[0].Boss != other {
			b.Error("the boss is another object")
		}
		if n := b.count("SELECT"); n != 1 {
			b.Errorf("%d queries, not 1: the boss is in the session", n)
		}
	})
}
