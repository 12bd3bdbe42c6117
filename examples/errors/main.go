// Command errors provokes mistakes and shows what each of them says. The kinds
// are the same on every database.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"

	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	_, err := engine.Open("postgers://localhost/shop")
	fmt.Println("scheme: ", err)
	_, err = engine.Open("postgres://localhost/shop")
	fmt.Println("import: ", err)
	_, err = engine.Open("sqlite:///shop.db?busy_timout=5s")
	fmt.Println("option: ", err)

	conn, err := engine.Connect(ctx, "sqlite://")
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.Exec(ctx, "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE)"); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "INSERT INTO users (email) VALUES ('ada@example.com')"); err != nil {
		return err
	}

	_, err = conn.Exec(ctx, "INSERT INTO users (email) VALUES ('ada@example.com')")
	if e, ok := errors.AsType[*engine.Error](err); ok && errors.Is(err, engine.ErrUniqueViolation) {
		fmt.Printf("unique:  code %s, table %s, column %s\n", e.Code, e.Table, e.Column)
	}
	_, err = conn.Exec(ctx, "INSERT INTO users (email) VALUES (NULL)")
	fmt.Println("not null:", errors.Is(err, engine.ErrNotNullViolation), errors.Is(err, engine.ErrIntegrityViolation))

	_, err = engine.One[string](ctx, conn, engine.Text("SELECT email FROM users WHERE id = 99"))
	fmt.Println("no row: ", errors.Is(err, engine.ErrNoRows), errors.Is(err, sql.ErrNoRows))
	_, err = engine.One[string](ctx, conn, engine.Text("SELECT NULL"))
	fmt.Println("NULL:   ", err)
	_, err = conn.Exec(ctx, "DELETE FROM users WHERE id = :id", engine.Named{"ID": 1})
	fmt.Println("named:  ", err)

	type user struct {
		ID   int64
		Mail string
	}
	_, err = engine.All[user](ctx, conn, engine.Text("SELECT * FROM users"))
	fmt.Println("struct: ", err)

	rows, err := conn.Query(ctx, "SELECT email FROM users")
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "DELETE FROM users")
	fmt.Println("in use: ", err)
	return rows.Close()
}
