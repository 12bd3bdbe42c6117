package engine_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
)

// Todo is read by the names of its columns.
type Todo struct {
	ID    int64
	Title string
	Done  bool
}

// todos returns an Engine with a table, for the examples.
func todos(ctx context.Context) *engine.Engine {
	eng, err := engine.Open("sqlite://") // in memory
	if err != nil {
		log.Fatal(err)
	}
	_, err = eng.Exec(ctx, "CREATE TABLE todos (id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE, done BOOLEAN NOT NULL)")
	if err != nil {
		log.Fatal(err)
	}
	for _, title := range []string{"write the tour", "build the ground", "measure"} {
		if _, err := eng.Exec(ctx, "INSERT INTO todos (title, done) VALUES (?, ?)", title, false); err != nil {
			log.Fatal(err)
		}
	}
	return eng
}

// A connection runs text with named parameters or with the database's own
// placeholders, and its rows are read one by one.
func Example() {
	ctx := context.Background()
	eng := todos(ctx)
	defer eng.Close()

	conn, err := eng.Connect(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()

	_, err = conn.Exec(ctx, "INSERT INTO todos (title, done) VALUES (:title, :done)",
		engine.Named{"title": "ship it", "done": true})
	if err != nil {
		log.Fatal(err)
	}

	rows, err := conn.Query(ctx, "SELECT id, title, done FROM todos WHERE id IN (:ids) ORDER BY id",
		engine.Named{"ids": []int64{1, 2, 4}})
	if err != nil {
		log.Fatal(err)
	}
	for rows.Next() {
		var id int64
		var title string
		var done bool
		rows.Scan(&id, &title, &done) // a failed Scan ends Next …
		fmt.Println(id, title, done)
	}
	if err := rows.Close(); err != nil { // … and Close gives the first error of the iteration
		log.Fatal(err)
	}
	// Output:
	// 1 write the tour false
	// 2 build the ground false
	// 4 ship it true
}

// Rows come as structs, one value, or one by one, from an Engine, a Conn or a
// Tx alike.
func ExampleAll() {
	ctx := context.Background()
	eng := todos(ctx)
	defer eng.Close()

	all, err := engine.All[Todo](ctx, eng, engine.Text("SELECT * FROM todos ORDER BY id"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(all), all[0].Title)

	todo, err := engine.One[Todo](ctx, eng, engine.Text("SELECT * FROM todos WHERE id = :id", engine.Named{"id": 2}))
	fmt.Println(todo.Title, err)

	_, err = engine.One[Todo](ctx, eng, engine.Text("SELECT * FROM todos WHERE id = ?", 99))
	fmt.Println(errors.Is(err, engine.ErrNoRows))

	n, err := engine.Scalar[int64](ctx, eng, engine.Text("SELECT count(*) FROM todos"))
	fmt.Println(n, err)

	for todo, err := range engine.Each[Todo](ctx, eng, engine.Text("SELECT * FROM todos ORDER BY id")) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(todo.ID, todo.Title)
		break // gives the connection back
	}
	// Output:
	// 3 write the tour
	// build the ground <nil>
	// true
	// 3 <nil>
	// 1 write the tour
}

// A transaction commits if its function returns nil; a nested one is a
// savepoint.
func ExampleEngine_Transact() {
	ctx := context.Background()
	eng := todos(ctx)
	defer eng.Close()

	tooFar := errors.New("that went too far")
	err := eng.Transact(ctx, func(tx *engine.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE todos SET done = ? WHERE id = 1", true); err != nil {
			return err
		}
		err := tx.Transact(ctx, func(sp *engine.Tx) error {
			if _, err := sp.Exec(ctx, "DELETE FROM todos"); err != nil {
				return err
			}
			return tooFar
		})
		if !errors.Is(err, tooFar) {
			return err
		}
		return nil // the outer one goes on
	}, engine.Isolation(engine.Serializable), engine.Retry(5))
	fmt.Println(err)

	n, err := engine.Scalar[int](ctx, eng, engine.Text("SELECT count(*) FROM todos WHERE NOT done"))
	fmt.Println(n, err)
	// Output:
	// <nil>
	// 2 <nil>
}

// Errors are of the same kinds on every database.
func ExampleError() {
	ctx := context.Background()
	eng := todos(ctx)
	defer eng.Close()

	_, err := eng.Exec(ctx, "INSERT INTO todos (title, done) VALUES (?, ?)", "measure", false)
	fmt.Println(errors.Is(err, engine.ErrUniqueViolation), errors.Is(err, engine.ErrIntegrityViolation))
	if e, ok := errors.AsType[*engine.Error](err); ok {
		fmt.Println(e.Table, e.Column)
		fmt.Println(e.Statement, e.Args) // arguments only with engine.WithShowArgs
	}
	// Output:
	// true true
	// todos title
	// INSERT INTO todos (title, done) VALUES (?, ?) []
}

// A nested struct is filled from columns with its name before a dot; it is nil
// where the other side of an outer join has no row.
func ExampleAll_joins() {
	ctx := context.Background()
	eng := todos(ctx)
	defer eng.Close()

	type Next struct {
		ID    int64
		Title string
	}
	type Step struct {
		Title string
		Next  *Next
	}
	steps, err := engine.All[Step](ctx, eng, engine.Text(`
		SELECT a.title, b.id AS "next.id", b.title AS "next.title"
		FROM todos a LEFT JOIN todos b ON b.id = a.id + 1 ORDER BY a.id`))
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range steps {
		if s.Next == nil {
			fmt.Println(s.Title, "is the last")
			continue
		}
		fmt.Println(s.Title, "then", s.Next.Title)
	}
	// Output:
	// write the tour then build the ground
	// build the ground then measure
	// measure is the last
}
