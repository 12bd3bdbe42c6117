// Command orm maps structs to tables: relations, a session that keeps one
// pointer a row, changes found by themselves, and queries over fields.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"

	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/orm"
)

// User has a boss, who is a User too, and addresses, which are its own.
type User struct {
	ID        int64      `db:",pk"`
	Name      string     `db:",size:50"`
	Email     *string    `db:",unique"` // a pointer may be NULL
	BossID    *int64     `db:",fk:User.ID"`
	Boss      *User      `db:",belongs-to,fk:BossID"`
	Addresses []*Address `db:",has-many,fk:UserID,cascade:all+delete-orphan"`
}

// Address belongs to a User.
type Address struct {
	ID     int64 `db:",pk"`
	City   string
	UserID int64 `db:",fk:User.ID"`
	User   *User `db:",belongs-to,fk:UserID"`
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	eng, err := engine.Open("sqlite://")
	if err != nil {
		return err
	}
	defer eng.Close()
	if err := orm.Metadata(&User{}, &Address{}).CreateAll(ctx, eng); err != nil {
		return err
	}
	if err := fill(ctx, eng); err != nil {
		return err
	}

	sess := orm.NewSession(eng)
	defer sess.Close()

	// Columns are named by fields: a typo or a wrong type does not compile.
	u, a, boss := orm.Ref[User](), orm.Ref[Address](), orm.Alias[User]("boss")
	team, err := orm.Select(u).Join(&u.Boss, boss).Where(orm.F(&boss.Name).Eq("ada")).
		With(&u.Addresses).With(&u.Boss). // loaded in a batch each, never one query a row
		OrderBy(orm.F(&u.Name).Asc()).All(ctx, sess)
	if err != nil {
		return err
	}
	for _, x := range team {
		fmt.Printf("%s works for %s and has %d addresses\n", x.Name, x.Boss.Name, len(x.Addresses))
	}

	inRome, err := orm.Select(u).Where(orm.Has(&u.Addresses, orm.F(&a.City).Eq("Rome"))).All(ctx, sess)
	if err != nil {
		return err
	}
	bob := inRome[0]
	same, err := orm.Get[User](ctx, sess, bob.ID) // in the session already: no query
	if err != nil {
		return err
	}
	fmt.Println("one row, one pointer:", same == bob && bob == team[0])

	bob.Name = "Bob"
	bob.Addresses = append(bob.Addresses[:1], &Address{City: "Oslo"}) // one removed, one new
	if err := sess.Commit(ctx); err != nil {
		return err
	}
	cities, err := engine.All[string](ctx, sess, engine.Text("SELECT city FROM addresses WHERE user_id = :id ORDER BY id", engine.Named{"id": bob.ID}))
	if err != nil {
		return err
	}
	fmt.Println(bob.Name, "now has", cities)

	_, err = orm.Get[User](ctx, sess, int64(99))
	fmt.Println("nobody:", errors.Is(err, engine.ErrNoRows))
	return sess.Close()
}

func fill(ctx context.Context, eng *engine.Engine) error {
	sess := orm.NewSession(eng)
	defer sess.Close()
	ada := &User{Name: "ada", Addresses: []*Address{{City: "London"}}}
	sess.Add(&User{Name: "bob", Boss: ada, Addresses: []*Address{{City: "Paris"}, {City: "Rome"}}}) // brings ada along
	sess.Add(&User{Name: "cleo", Boss: ada})
	return sess.Commit(ctx)
}
