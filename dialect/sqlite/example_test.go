package sqlite_test

import (
	"context"
	"fmt"
	"log"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
)

func ExampleDialect() {
	d := sqlite.Dialect(sqlite.Version(3, 24))
	fmt.Println(d.Name(), d.Features().Version, d.Features().Returning == dialect.NoReturning)
	name, err := d.TypeName(&dialect.Type{Kind: dialect.Decimal, Precision: 12, Scale: 2})
	fmt.Println(name, err)
	// Output:
	// sqlite 3.24 true
	// DECIMAL_TEXT(12,2) <nil>
}

// One connection without an engine.
func Example() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Output: 1 write it down
}

func run(ctx context.Context) error {
	d := sqlite.Dialect()
	u, err := dialect.ParseURL("sqlite://")
	if err != nil {
		return err
	}
	connector, err := d.OpenConnector(u, dialect.ConnectConfig{})
	if err != nil {
		return err
	}
	conn, err := connector.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, text := range []string{
		"CREATE TABLE todos (id INTEGER PRIMARY KEY, title TEXT NOT NULL)",
		"INSERT INTO todos (title) VALUES ('write it down')",
	} {
		c, err := dialect.Compile(d, dialect.Text(text))
		if err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, c); err != nil {
			return err
		}
		c.Release()
	}
	c, err := dialect.Compile(d, dialect.Text("SELECT id, title FROM todos WHERE id = :id", dialect.Named{"id": 1}))
	if err != nil {
		return err
	}
	defer c.Release()
	rows, err := conn.Query(ctx, c)
	if err != nil {
		return err
	}
	for rows.Next() {
		var id int64
		var title string
		if err := rows.ScanRow([]any{&id, &title}); err != nil {
			return err
		}
		fmt.Println(id, title)
	}
	return rows.Close()
}
