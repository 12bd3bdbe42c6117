// Command raw runs SQL as text: placeholders, named parameters, lists, rows
// read one by one, as structs, as values, and as a stream.
package main

import (
	"context"
	"fmt"
	"log"

	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
)

type todo struct {
	ID    int64
	Title string
	Done  bool
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	eng, err := engine.Open("sqlite://") // in memory, one database for the engine
	if err != nil {
		return err
	}
	defer eng.Close()

	conn, err := eng.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.Exec(ctx, "CREATE TABLE todos (id INTEGER PRIMARY KEY, title TEXT NOT NULL, done BOOLEAN NOT NULL)"); err != nil {
		return err
	}
	for _, title := range []string{"write the tour", "read the code", "go home"} {
		res, err := conn.Exec(ctx, "INSERT INTO todos (title, done) VALUES (:title, :done)",
			engine.Named{"title": title, "done": title == "write the tour"})
		if err != nil {
			return err
		}
		id, err := res.LastInsertID()
		if err != nil {
			return err
		}
		fmt.Printf("inserted %d\n", id)
	}

	// the database's own placeholders, row by row
	rows, err := conn.Query(ctx, "SELECT id, title FROM todos WHERE done = ? ORDER BY id", false)
	if err != nil {
		return err
	}
	for rows.Next() {
		var id int64
		var title string
		rows.Scan(&id, &title) // a failed Scan ends Next …
		fmt.Printf("open: %d %s\n", id, title)
	}
	if err := rows.Close(); err != nil { // … and Close gives the first error
		return err
	}

	// a slice that is the whole of IN (…) opens up; an empty one matches nothing
	for _, ids := range [][]int64{{1, 3}, {}} {
		todos, err := engine.All[todo](ctx, conn, engine.Text("SELECT * FROM todos WHERE id IN (:ids) ORDER BY id", engine.Named{"ids": ids}))
		if err != nil {
			return err
		}
		fmt.Printf("%v: %v\n", ids, todos)
	}

	n, err := engine.Scalar[int64](ctx, conn, engine.Text("SELECT count(*) FROM todos"))
	if err != nil {
		return err
	}
	one, err := engine.One[todo](ctx, conn, engine.Text("SELECT * FROM todos WHERE id = :id", engine.Named{"id": 2}))
	if err != nil {
		return err
	}
	fmt.Printf("%d todos, the second is %q\n", n, one.Title)

	// in constant memory; leaving the loop gives the connection back
	for t, err := range engine.Each[todo](ctx, conn, engine.Text("SELECT * FROM todos ORDER BY id")) {
		if err != nil {
			return err
		}
		if t.ID == 2 {
			break
		}
		fmt.Println("streamed", t.Title)
	}
	return nil
}
