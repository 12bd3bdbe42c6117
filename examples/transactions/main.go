// Command transactions moves money: commit and rollback, savepoints, isolation
// and retries.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"

	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
)

var errPoor = errors.New("not enough money")

// transfer moves an amount within tx. Its caller decides what a failure undoes.
func transfer(ctx context.Context, tx *engine.Tx, from, to string, amount int64) error {
	if _, err := tx.Exec(ctx, "UPDATE accounts SET balance = balance + :n WHERE name = :name", engine.Named{"n": amount, "name": to}); err != nil {
		return err
	}
	left, err := engine.Scalar[int64](ctx, tx, engine.Text(
		"UPDATE accounts SET balance = balance - :n WHERE name = :name RETURNING balance", engine.Named{"n": amount, "name": from}))
	if err != nil {
		return err
	}
	if left < 0 {
		return errPoor
	}
	return nil
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
	conn, err := eng.Connect(ctx)
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE TABLE accounts (name TEXT PRIMARY KEY, balance INTEGER NOT NULL)"); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "INSERT INTO accounts VALUES ('ada', 100), ('bob', 0)"); err != nil {
		return err
	}
	if err := conn.Close(); err != nil {
		return err
	}

	show := func(what string) error {
		type account struct {
			Name    string
			Balance int64
		}
		all, err := engine.All[account](ctx, eng, engine.Text("SELECT * FROM accounts ORDER BY name"))
		fmt.Printf("%s: %v\n", what, all)
		return err
	}

	// Transact commits on nil and rolls back on an error or a panic. Retry runs
	// the whole function again after a serialization failure or a deadlock.
	err = eng.Transact(ctx, func(tx *engine.Tx) error { return transfer(ctx, tx, "ada", "bob", 30) },
		engine.Isolation(engine.Serializable), engine.Retry(5))
	if err != nil {
		return err
	}
	if err := show("after 30"); err != nil {
		return err
	}

	err = eng.Transact(ctx, func(tx *engine.Tx) error { return transfer(ctx, tx, "ada", "bob", 300) })
	fmt.Println("300:", err)
	if err := show("rolled back"); err != nil {
		return err
	}

	// In a transaction, Transact is a savepoint: what fails in it is undone,
	// what came before stays.
	err = eng.Transact(ctx, func(tx *engine.Tx) error {
		if err := transfer(ctx, tx, "ada", "bob", 10); err != nil {
			return err
		}
		inner := tx.Transact(ctx, func(sp *engine.Tx) error { return transfer(ctx, sp, "ada", "bob", 500) })
		fmt.Println("savepoint:", inner)
		return nil
	})
	if err != nil {
		return err
	}
	return show("after 10")
}
