package orm_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/orm"
)

// Profile and its embedded parts test how columns are named.
type Profile struct {
	Base
	*Extra
	Nick sql.Null[string]
	Home Place `db:",embed,prefix:home_"`
}

type Base struct {
	ID int64 `db:",pk"`
}

type Extra struct{ Note string }

type Place struct{ Street string }

func (Profile) TableName() string { return "orm_profiles" }

// people are users 1 to 5: ada with three addresses, bob and cyd who report to
// her with one each, dan who reports to bob, and eve with nothing.
func people(b *bed) map[string]*User {
	b.Helper()
	ada := &User{Name: "ada", Email: ptr("ada@x"), Addresses: []*Address{{City: "London"}, {City: "Paris"}, {City: "London"}}}
	bob := &User{Name: "bob", Boss: ada, Addresses: []*Address{{City: "Rome"}}}
	cyd := &User{Name: "cyd", Boss: ada, Addresses: []*Address{{City: "London"}}}
	dan := &User{Name: "dan", Boss: bob}
	eve := &User{Name: "eve"}
	sess := b.session()
	sess.Add(ada, bob, cyd, dan, eve)
	b.check(sess.Commit(b.ctx))
	b.check(sess.Close())
	b.rec.take()
	return map[string]*User{"ada": ada, "bob": bob, "cyd": cyd, "dan": dan, "eve": eve}
}

func TestQueries(t *testing.T) {
	u, a := orm.Ref[User](), orm.Ref[Address]()
	boss, top := orm.Alias[User]("boss"), orm.Alias[User]("top")
	byName := func(q orm.Query[User]) orm.Query[User] { return q.OrderBy(orm.F(&u.Name)) }
	all := byName(orm.Select(u))
	each(t, tourTypes, func(b *bed) {
		people(b)
		for _, tt := range []struct {
			name string
			q    orm.Query[User]
			want string
		}{
			{"all", all, "[ada bob cyd dan eve]"},
			{"in", all.Where(orm.F(&u.Name).In("bob", "eve")), "[bob eve]"},
			{"pointer", all.Where(orm.P(&u.Email).Eq("ada@x")), "[ada]"},
			{"null", all.Where(orm.P(&u.BossID).IsNull()), "[ada eve]"},
			{"or", all.Where(expr.Or(orm.F(&u.Name).Eq("ada"), orm.F(&u.ID).Eq(-1))), "[ada]"},
			{"join gives a row an address", all.Join(&u.Addresses), "[ada ada ada bob cyd]"},
			{"join distinct", all.Join(&u.Addresses).Distinct(), "[ada bob cyd]"},
			{"join where", all.Join(&u.Addresses).Where(orm.F(&a.City).Eq("London")), "[ada ada cyd]"},
			{"distinct before limit", all.Join(&u.Addresses).Distinct().Limit(2), "[ada bob]"},
			{"left join", all.LeftJoin(&u.Addresses).Where(orm.F(&a.ID).IsNull()), "[dan eve]"},
			{"order by the other side", orm.Select(u).Join(&u.Addresses).OrderBy(orm.F(&a.City).Desc(), orm.F(&u.Name)).Distinct(), "[bob ada cyd]"},
			{"alias", all.Join(&u.Boss, boss).Where(orm.F(&boss.Name).Eq("ada")), "[bob cyd]"},
			{"alias of an alias", all.Join(&u.Boss, boss).Join(&boss.Boss, top).Where(orm.F(&top.Name).Eq("ada")), "[dan]"},
			{"from the other side", all.Join(&u.Reports, boss).Where(orm.F(&boss.Name).Eq("dan")), "[bob]"},
			{"has", all.Where(orm.Has(&u.Addresses)), "[ada bob cyd]"},
			{"has not", all.Where(expr.Not(orm.Has(&u.Addresses))), "[dan eve]"},
			{"has with a condition", all.Where(orm.Has(&u.Addresses, orm.F(&a.City).Eq("London"))), "[ada cyd]"},
			{"has in or", all.Where(expr.Or(orm.Has(&u.Addresses, orm.F(&a.City).Eq("Rome")), orm.F(&u.Name).Eq("eve"))), "[bob eve]"},
			{"has about what is around", all.Where(orm.Has(&u.Addresses, orm.F(&a.ID).Gt(0), orm.F(&u.Name).Eq("bob"))), "[bob]"},
			{"has of its own type", all.Where(orm.HasAs(&u.Boss, boss, orm.F(&boss.Name).Eq("ada"))), "[bob cyd]"},
			{"has of its own type without a name", all.Where(orm.Has(&u.Reports)), "[ada bob]"},
			{"has within has", all.Where(orm.HasAs(&u.Boss, boss, orm.Has(&boss.Addresses, orm.F(&a.City).Eq("Rome")))), "[dan]"},
			{"has twice within", all.Where(orm.HasAs(&u.Boss, boss, orm.HasAs(&boss.Boss, top))), "[dan]"},
			{"has beside a join of the same", all.Join(&u.Addresses).Where(orm.F(&a.City).Eq("Paris"),
				orm.Has(&u.Addresses, orm.F(&a.City).Eq("London"))), "[ada]"},
			{"limit and offset", all.Limit(2).Offset(1), "[bob cyd]"},
			{"nothing", all.Where(orm.F(&u.ID).In()), "[]"},
		} {
			b.Run(tt.name, func(t *testing.T) {
				b := &bed{T: t, eng: b.eng, rec: b.rec, ctx: b.ctx}
				list, err := tt.q.All(b.ctx, b.session())
				b.check(err)
				if got := names(list); got != tt.want {
					b.Errorf("got %s, want %s\n%s", got, tt.want, strings.Join(b.rec.take(), "\n"))
				}
				n, err := tt.q.Count(b.ctx, b.eng)
				b.check(err)
				if int(n) != len(list) {
					b.Errorf("Count says %d", n)
				}
				ok, err := tt.q.Exists(b.ctx, b.eng)
				b.check(err)
				if ok != (len(list) > 0) {
					b.Errorf("Exists says %v", ok)
				}
				i := 0
				for x, err := range tt.q.Each(b.ctx, b.eng) {
					b.check(err)
					if x.ID != list[i].ID {
						b.Errorf("Each gives %s as number %d", x.Name, i)
					}
					i++
				}
				if i != len(list) {
					b.Errorf("Each gives %d", i)
				}
			})
		}
		one, err := all.Where(orm.F(&u.Name).Eq("eve")).One(b.ctx, b.eng)
		b.check(err)
		if one.Name != "eve" {
			b.Errorf("One is %s", one.Name)
		}
		_, err = all.One(b.ctx, b.eng)
		b.wantErr(err, engine.ErrMultipleRows)
		_, err = all.Where(orm.F(&u.Name).Eq("zoe")).One(b.ctx, b.eng)
		b.wantErr(err, engine.ErrNoRows)
		_, err = all.Where(orm.F(&u.Name).Eq("zoe")).First(b.ctx, b.eng)
		b.wantErr(err, engine.ErrNoRows)
		first, err := orm.Select(u).First(b.ctx, b.eng)
		b.check(err)
		if first.Name != "ada" {
			b.Errorf("First is %s", first.Name)
		}
	})
}

// A query kept in a variable is not changed by what is made of it.
func TestQueryIsImmutable(t *testing.T) {
	u := orm.Ref[User]()
	base := orm.Select(u).Where(orm.F(&u.ID).Gt(0))
	one := base.Where(orm.F(&u.Name).Eq("a")).OrderBy(orm.F(&u.ID))
	two := base.Where(orm.F(&u.Name).Eq("b")).Join(&u.Addresses).With(&u.Addresses).Limit(1)
	d := sqliteBed(t).eng.Dialect()
	for _, tt := range []struct {
		q    orm.Query[User]
		want string
	}{
		{base, "WHERE orm_users.id > ?"},
		{one, "WHERE orm_users.id > ? AND orm_users.name = ? ORDER BY orm_users.id"},
		{two, "JOIN orm_addresses ON orm_addresses.user_id = orm_users.id WHERE orm_users.id > ? AND orm_users.name = ? LIMIT ?"},
	} {
		text, _, err := expr.SQL(tt.q, d)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(text, tt.want) {
			t.Errorf("%s\nwant … %s", text, tt.want)
		}
	}
}

func TestQueryMistakes(t *testing.T) {
	u, a, p := orm.Ref[User](), orm.Ref[Address](), orm.Ref[Profile]()
	boss := orm.Alias[User]("boss")
	object := &User{}
	type unmapped struct{ Name string }
	n := orm.Ref[unmapped]()
	b := sqliteBed(t)
	for _, tt := range []struct {
		name string
		q    interface {
			Count(context.Context, engine.Runner) (int64, error)
		}
		want string
	}{
		{"object in place of a prototype", orm.Select(object), "not a prototype, but an object"},
		{"nil", orm.Select[User](nil), "nil *orm_test.User is not a prototype"},
		{"zero query", orm.Query[User]{}, "zero Query"},
		{"not mapped", orm.Select(n), "has no primary key"},
		{"field of an object", orm.Select(u).Where(orm.F(&object.Name).Eq("x")), "lies in no prototype of the query"},
		{"local variable", orm.Select(u).Where(orm.F(new(string)).Eq("x")), "the address of a string lies in no prototype"},
		{"nil field", orm.Select(u).Where(orm.F[string](nil).Eq("x")), "F of a nil *string"},
		{"not joined", orm.Select(u).Where(orm.F(&a.City).Eq("x")), "Address.City: the query does not bring Address in"},
		{"alias not joined", orm.Select(u).Where(orm.F(&boss.Name).Eq("x")), "Join an alias"},
		{"self-join without alias", orm.Select(u).Join(&u.Boss), `give the other role a name, with orm.Alias[User]("boss")`},
		{"joined twice", orm.Select(u).Join(&u.Addresses).Join(&u.Addresses), "which the query has already"},
		{"alias of another type", orm.Select(u).Join(&u.Addresses, boss), "leads to Address, and the role given is one of User"},
		{"join of a column", orm.Select(u).Join(&u.Name), "Name of User is not a relation"},
		{"join of nothing", orm.Select(u).Join(nil), "is not a relation"},
		{"relation as a column", orm.Select(u).Where(orm.F(&u.Addresses).IsNull()), "User.Addresses is a relation"},
		{"has of its own type", orm.Select(u).Where(orm.Has(&u.Boss, orm.F(&u.Name).Eq("x"))), "orm.HasAs"},
		{"has of a column", orm.Select(u).Where(orm.Has(&u.Name)), "Name of User is not a relation"},
		{"has of another table", orm.Select(u).Where(orm.Has(&a.User)), "does not bring Address in"},
		{"with of another type", orm.Select(u).With(&a.User), "Address.User is not a relation of User"},
		{"with of nothing", orm.Select(u).With(), "which relation"},
		{"path that does not lead on", orm.Select(u).With(&u.Boss, &a.User), "Address.User is not a relation of User"},
		{"negative limit", orm.Select(u).Limit(-1), "Limit(-1)"},
		{"sql.Null itself", orm.Select(p).Where(orm.F(&p.Nick).IsNull()), "use orm.F(&….Nick.V)"},
		{"F of a pointer", orm.Select(u).Where(orm.F(&u.Email).IsNull()), "User.Email is a pointer: use orm.P(&….Email)"},
		{"F of a relation", orm.Select(u).Where(orm.F(&u.Boss).IsNull()), "User.Boss is a relation"},
		{"embedded struct", orm.Select(p).Where(orm.F(&p.Base).IsNull()), "is not a column"},
		{"empty alias", orm.Select(orm.Alias[User]("")), "empty name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.q.Count(b.ctx, b.eng)
			b := &bed{T: t}
			b.wantErr(err, nil, "orm: ", tt.want)
		})
	}
	if sent := b.rec.take(); len(sent) > 0 {
		t.Errorf("sent: %q", sent)
	}
}

func TestColumnsOfEmbeddedStructs(t *testing.T) {
	each(t, []any{&Profile{}}, func(b *bed) {
		p := orm.Ref[Profile]()
		sess := b.session()
		one := &Profile{Nick: sql.Null[string]{V: "nick", Valid: true}, Home: Place{"Main St"}}
		two := &Profile{Extra: &Extra{Note: "note"}}
		sess.Add(one, two)
		b.check(sess.Commit(b.ctx))
		list, err := orm.Select(p).Where(orm.F(&p.Nick.V).Eq("nick"), orm.F(&p.Home.Street).Eq("Main St"),
			orm.F(&p.Note).Eq(""), orm.F(&p.ID).Eq(one.ID)).All(b.ctx, b.eng)
		b.check(err)
		if len(list) != 1 || list[0].Nick.V != "nick" || list[0].Home.Street != "Main St" || list[0].Extra == nil {
			b.Fatalf("%+v", list)
		}
		fresh := b.session()
		again, err := orm.Get[Profile](b.ctx, fresh, two.ID)
		b.check(err)
		if again.Nick.Valid || again.Note != "note" {
			b.Errorf("%+v %+v", again, again.Extra)
		}
		again.Nick = sql.Null[string]{V: "x", Valid: true}
		again.Extra = nil
		b.rec.take()
		b.check(fresh.Commit(b.ctx))
		if f := b.eng.Dialect().Features(); f.EmptyIsNull {
			return // note is NULL
		}
		if n := b.scalar("SELECT count(*) FROM orm_profiles WHERE note = '' AND nick = 'x'"); n != "1" {
			b.Errorf("%s rows", n)
		}
	})
}

func TestEagerLoading(t *testing.T) {
	u, a := orm.Ref[User](), orm.Ref[Address]()
	each(t, tourTypes, func(b *bed) {
		people(b)
		for _, session := range []bool{true, false} {
			var r engine.Runner = b.eng
			if session {
				sess := orm.NewSession(b.eng)
				defer sess.Close()
				r = sess
			}
			list, err := orm.Select(u).With(&u.Addresses, &a.User).With(&u.Boss).With(&u.Reports, &u.Addresses).OrderBy(orm.F(&u.Name)).All(b.ctx, r)
			b.check(err)
			// All bosses, reports and their addresses are among those found.
			if n := b.count("SELECT"); n != 3 {
				b.Errorf("%d queries, not 1 and 1 each for addresses and reports", n)
			}
			ada, bob, dan, eve := list[0], list[1], list[3], list[4]
			if bob.Boss != ada || dan.Boss != bob || ada.Boss != nil {
				b.Error("bosses")
			}
			if names(ada.Reports) != "[bob cyd]" || ada.Reports[0] != bob || len(eve.Reports) != 0 || eve.Reports == nil {
				b.Errorf("reports %v", names(ada.Reports))
			}
			if len(ada.Addresses) != 3 || ada.Addresses[1].City != "Paris" || ada.Addresses[1].User != ada || len(eve.Addresses) != 0 {
				b.Errorf("addresses %v", ada.Addresses)
			}
		}
		// What is not among them is asked for once.
		list, err := orm.Select(a).With(&a.User, &u.Boss).All(b.ctx, b.eng)
		b.check(err)
		if n := b.count("SELECT"); n != 2 || list[3].User.Boss != list[0].User {
			b.Errorf("%d queries", n)
		}
	})
}

func TestLoad(t *testing.T) {
	u := orm.Ref[User]()
	each(t, tourTypes, func(b *bed) {
		people(b)
		sess := b.session()
		list, err := orm.Select(u).OrderBy(orm.F(&u.Name)).All(b.ctx, sess)
		b.check(err)
		ada := list[0]
		if ada.Addresses != nil {
			b.Error("loaded without being asked")
		}
		extra := &Address{City: "Oslo"}
		ada.Addresses = append(ada.Addresses, extra)
		b.rec.take()
		b.check(sess.Load(b.ctx, list, &u.Addresses))
		if len(ada.Addresses) != 4 || ada.Addresses[3] != extra {
			b.Errorf("%v", ada.Addresses)
		}
		b.check(sess.Load(b.ctx, ada, &u.Addresses)) // no query
		b.check(sess.Load(b.ctx, []*User{ada, list[1]}, &u.Boss))
		if n := b.count("SELECT"); n != 1 {
			b.Errorf("%d queries", n)
		}
		b.check(sess.Commit(b.ctx))
		if n := b.count("INSERT"); n != 1 || extra.UserID != ada.ID {
			b.Errorf("%d INSERTs", n)
		}
		b.wantErr(sess.Load(b.ctx, &User{ID: 7}, &u.Addresses), nil, "does not know User 7")
		b.wantErr(sess.Load(b.ctx, ada, &ada.Addresses), nil, "lies in no prototype")
		b.wantErr(sess.Load(b.ctx, ada), nil, "which relation")

		_, err = b.eng.Exec(b.ctx, "UPDATE orm_users SET name = 'Ada' WHERE name = 'ada'")
		b.check(err)
		ada.Name = "lost"
		b.check(sess.Refresh(b.ctx, ada))
		if ada.Name != "Ada" || ada.Addresses != nil {
			b.Errorf("%+v", ada)
		}
		b.check(sess.Load(b.ctx, ada, &u.Addresses))
		if len(ada.Addresses) != 4 {
			b.Errorf("%v", ada.Addresses)
		}
	})
}

func TestGet(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	people(b)
	sess := b.session()
	one, err := orm.Get[User](b.ctx, sess, 1)
	b.check(err)
	two, err := orm.Get[User](b.ctx, sess, uint8(1))
	b.check(err)
	if one != two {
		b.Error("two objects")
	}
	b.sent("BEGIN", "SELECT id, name, email, boss_id FROM orm_users WHERE id = ?")
	_, err = orm.Get[User](b.ctx, sess, 99)
	b.wantErr(err, engine.ErrNoRows)
	_, err = orm.Get[User](b.ctx, sess, "1")
	b.wantErr(err, nil, "Get[User]: ID is int64: 1 (string)")
	_, err = orm.Get[User](b.ctx, sess)
	b.wantErr(err, nil, "0 values for the primary key, which is [ID]")
	_, err = orm.Get[User](b.ctx, sess, nil)
	b.wantErr(err, nil, "nil is not a key")
	sess.Delete(one)
	_, err = orm.Get[User](b.ctx, sess, 1)
	b.wantErr(err, engine.ErrNoRows)
	sess.Add(one)
	two, err = orm.Get[User](b.ctx, sess, 1)
	b.check(err)
	if two != one {
		b.Error("Add does not bring back what was deleted")
	}
	plain, err := orm.Get[User](b.ctx, b.eng, 1)
	b.check(err)
	if plain == one {
		b.Error("an Engine knows no session")
	}
}

func TestChunks(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	sess := b.session()
	const n = 12000
	for i := range n {
		sess.Add(&User{Name: fmt.Sprint("u", i), Addresses: []*Address{{City: fmt.Sprint("c", i)}}})
	}
	b.check(sess.Commit(b.ctx))
	if got := b.count("INSERT"); got != 3 { // 3 × 12,000 and 2 × 12,000 parameters, 32,766 at most in one
		b.Errorf("%d INSERTs", got)
	}
	u := orm.Ref[User]()
	list, err := orm.Select(u).With(&u.Addresses).All(b.ctx, b.session())
	b.check(err)
	if got := b.count("SELECT"); got != 3 {
		b.Errorf("%d queries", got)
	}
	for _, u := range list {
		if len(u.Addresses) != 1 || u.Addresses[0].City[1:] != u.Name[1:] {
			b.Fatalf("%s has %v", u.Name, u.Addresses)
		}
	}
}
