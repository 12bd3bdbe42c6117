// Command quickstart takes the tour: raw SQL, composed SQL, mapped structs, and
// the schema, on a SQLite file or on the database whose URL is its argument:
//
//	go run ./examples/quickstart
//	go run ./examples/quickstart 'postgres://postgres@127.0.0.1:5432/postgres'
//	go run ./examples/quickstart 'mysql://root@127.0.0.1:3306/test'
//
// Each statement is printed as it is sent.
package main

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"path/filepath"

	_ "github.com/sqlayer-go/sqlayer/dialect/all"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/orm"
)

// User and Address are plain structs.
type User struct {
	ID        int64      `db:",pk"`
	Name      string     `db:",size:50"`
	Email     *string    `db:",size:100,unique"`
	Addresses []*Address `db:",has-many,fk:UserID,cascade:all+delete-orphan"`
}

// Address belongs to a User.
type Address struct {
	ID     int64  `db:",pk"`
	City   string `db:",size:80"`
	UserID int64  `db:",fk:User.ID"`
	User   *User  `db:",belongs-to,fk:UserID"`
}

// TableName overrides the naming rule, which would say users.
func (User) TableName() string { return "tour_users" }

// TableName is the table's name.
func (Address) TableName() string { return "tour_addresses" }

// users and addresses are the same tables for composing SQL.
type users struct {
	schema.Table `db:"tour_users"`
	ID           schema.Col[int64]  `db:",pk,identity"`
	Name         schema.Col[string] `db:",size:50"`
	Email        schema.Col[string] `db:",null,size:100"`
}

type addresses struct {
	schema.Table `db:"tour_addresses"`
	ID           schema.Col[int64]  `db:",pk,identity"`
	City         schema.Col[string] `db:",size:80"`
	UserID       schema.Col[int64]
}

var (
	// Users is the table of User.
	Users = schema.Define[users]()
	// Addresses is the table of Address.
	Addresses = schema.Define[addresses]()
)

func main() {
	url := "sqlite:///" + filepath.ToSlash(filepath.Join(os.TempDir(), "sqlayer-quickstart.db"))
	if len(os.Args) > 1 {
		url = os.Args[1]
	}
	if err := run(context.Background(), url); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, url string) error {
	eng, err := engine.Open(url, engine.WithLogger(slog.New(printer{}))) // dials nothing
	if err != nil {
		return err
	}
	defer eng.Close()

	step("schema: tables from structs")
	meta := orm.Metadata(&User{}, &Address{})
	if err := meta.DropAll(ctx, eng); err != nil { // what an interrupted run may have left
		return err
	}
	if err := meta.CreateAll(ctx, eng); err != nil {
		return err
	}
	for _, do := range []func(context.Context, *engine.Engine) error{raw, composed, mapped} {
		if err := do(ctx, eng); err != nil {
			return err
		}
	}
	step("schema: tables dropped")
	return meta.DropAll(ctx, eng)
}

func raw(ctx context.Context, eng *engine.Engine) error {
	step("engine: raw SQL")
	err := eng.Transact(ctx, func(tx *engine.Tx) error {
		for _, name := range []string{"bob", "zoe"} {
			if _, err := tx.Exec(ctx, "INSERT INTO tour_users (name) VALUES (:name)", engine.Named{"name": name}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	n, err := engine.Scalar[int64](ctx, eng, engine.Text("SELECT count(*) FROM tour_users WHERE name IN (:names)",
		engine.Named{"names": []string{"bob", "zoe", "nobody"}}))
	fmt.Println(n, "users")
	return err
}

func composed(ctx context.Context, eng *engine.Engine) error {
	step("expr: SQL as values")
	bob := expr.Select(Users.ID).From(Users).Where(Users.Name.Eq("bob"))
	id, err := engine.Scalar[int64](ctx, eng, bob)
	if err != nil {
		return err
	}
	if _, err := eng.Run(ctx, expr.Insert(Addresses).Values(Addresses.City.Set("Rome"), Addresses.UserID.Set(id)), nil); err != nil {
		return err
	}
	type count struct {
		Name      string
		Addresses int64
	}
	found, err := engine.All[count](ctx, eng, expr.Select(Users.Name, expr.Count(Addresses.ID).As("addresses")).
		From(Users).
		LeftJoin(Addresses, expr.Eq(Addresses.UserID, Users.ID)).
		Where(expr.Or(Users.Name.StartsWith("b"), Users.Email.IsNull())).
		GroupBy(Users.ID, Users.Name).
		OrderBy(Users.Name.Asc()).
		Limit(20))
	fmt.Println(found)
	return err
}

func mapped(ctx context.Context, eng *engine.Engine) error {
	step("orm: structs and a session")
	sess := orm.NewSession(eng)
	defer sess.Close()

	ada := &User{Name: "ada", Addresses: []*Address{{City: "London"}, {City: "Paris"}}}
	sess.Add(ada)
	if err := sess.Commit(ctx); err != nil { // the user first, then the addresses with the new key
		return err
	}
	fmt.Println("ada has a key:", ada.ID > 0, "and so have the addresses:", ada.Addresses[1].UserID == ada.ID)

	ada.Name = "Ada" // plain Go; no setter, no Save
	ada.Addresses = ada.Addresses[:1]
	if err := sess.Commit(ctx); err != nil {
		return err
	}

	u, a := orm.Ref[User](), orm.Ref[Address]()
	list, err := orm.Select(u).
		Where(orm.Has(&u.Addresses, orm.F(&a.City).In("London", "Rome"))).
		With(&u.Addresses).
		OrderBy(orm.F(&u.Name).Asc()).
		All(ctx, sess)
	if err != nil {
		return err
	}
	for _, x := range list {
		fmt.Println(x.Name, "lives in", x.Addresses[0].City, "and is the one in memory:", x == ada)
	}
	return sess.Commit(ctx)
}

func step(what string) { fmt.Println("\n" + what) }

// printer is a slog.Handler that prints the text of each statement.
type printer struct{}

func (printer) Enabled(context.Context, slog.Level) bool { return true }
func (p printer) WithAttrs([]slog.Attr) slog.Handler     { return p }
func (p printer) WithGroup(string) slog.Handler          { return p }
func (printer) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "sql" {
			fmt.Println("  sql>", a.Value)
		}
		return true
	})
	return nil
}
