package orm_test

import (
	"context"
	"fmt"
	"log"
	"path/filepath"

	"os"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/orm"
)

// open makes a database in a file of its own, with the tables of the tour.
func open() (*engine.Engine, func()) {
	dir, err := os.MkdirTemp("", "orm")
	if err != nil {
		log.Fatal(err)
	}
	eng, err := engine.Open("sqlite:///" + filepath.ToSlash(filepath.Join(dir, "tour.db")))
	if err != nil {
		log.Fatal(err)
	}
	meta := orm.Metadata(&User{}, &Address{})
	if err := meta.CreateAll(context.Background(), eng); err != nil {
		log.Fatal(err)
	}
	return eng, func() {
		if err := eng.Close(); err != nil {
			log.Print(err)
		}
		if err := os.RemoveAll(dir); err != nil {
			log.Print(err)
		}
	}
}

func Example() {
	eng, done := open()
	defer done()
	ctx := context.Background()

	sess := orm.NewSession(eng)
	defer sess.Close()

	ada := &User{Name: "ada", Addresses: []*Address{{City: "London"}, {City: "Paris"}}}
	sess.Add(ada)
	if err := sess.Commit(ctx); err != nil { // users first, then addresses with the new key
		log.Fatal(err)
	}
	fmt.Println(ada.ID, ada.Addresses[1].UserID)

	ada.Name = "Ada" // plain Go; no setter, no Save
	ada.Addresses = ada.Addresses[:1]
	if err := sess.Commit(ctx); err != nil {
		log.Fatal(err)
	}

	same, err := orm.Get[User](ctx, sess, ada.ID) // one row, one pointer, no query
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(same == ada, len(same.Addresses))
	// Output:
	// 1 1
	// true 1
}

func ExampleSelect() {
	eng, done := open()
	defer done()
	ctx := context.Background()
	sess := orm.NewSession(eng)
	defer sess.Close()
	ada := &User{Name: "ada", Email: ptr("ada@example.org"), Addresses: []*Address{{City: "London"}}}
	sess.Add(ada, &User{Name: "bob", Boss: ada})

	u := orm.Ref[User]() // a *User whose field addresses stand for the columns
	a := orm.Ref[Address]()
	boss := orm.Alias[User]("boss") // another role, known by the statement that brings it in

	if err := sess.Commit(ctx); err != nil {
		log.Fatal(err)
	}
	list, err := orm.Select(u).
		Where(orm.F(&u.Name).StartsWith("a"), orm.P(&u.Email).IsNotNull()).
		Where(orm.Has(&u.Addresses, orm.F(&a.City).Eq("London"))).
		With(&u.Addresses).
		OrderBy(orm.F(&u.ID).Desc()).
		All(ctx, sess)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(list[0].Name, list[0].Addresses[0].City)

	team, err := orm.Select(u).Join(&u.Boss, boss).Where(orm.F(&boss.Name).Eq("ada")).All(ctx, sess)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(team[0].Name)
	// Output:
	// ada London
	// bob
}

func ExampleSession_Load() {
	eng, done := open()
	defer done()
	ctx := context.Background()
	sess := orm.NewSession(eng)
	defer sess.Close()
	sess.Add(&User{Name: "ada", Addresses: []*Address{{City: "London"}, {City: "Paris"}}})
	if err := sess.Commit(ctx); err != nil {
		log.Fatal(err)
	}

	u := orm.Ref[User]()
	other := orm.NewSession(eng)
	defer other.Close()
	ada, err := orm.Select(u).Where(orm.F(&u.Name).Eq("ada")).One(ctx, other)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(ada.Addresses)) // nothing is loaded behind the program's back
	if err := other.Load(ctx, ada, &u.Addresses); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(ada.Addresses))
	// Output:
	// 0
	// 2
}

func ExampleQuery_Each() {
	eng, done := open()
	defer done()
	ctx := context.Background()
	sess := orm.NewSession(eng)
	defer sess.Close()
	sess.Add(&User{Name: "ada"}, &User{Name: "bob"})
	if err := sess.Commit(ctx); err != nil {
		log.Fatal(err)
	}
	u := orm.Ref[User]()
	for user, err := range orm.Select(u).OrderBy(orm.F(&u.Name)).Each(ctx, eng) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(user.Name)
	}
	// Output:
	// ada
	// bob
}
