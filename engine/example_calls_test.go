package engine_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
)

// A batch is one round trip where the database can do that; all of it takes
// effect, or nothing.
func ExampleBatch() {
	ctx := context.Background()
	eng := todos(ctx)
	defer eng.Close()

	var b engine.Batch
	var open []Todo
	var n int
	b.Exec("UPDATE todos SET done = :done WHERE id = :id", engine.Named{"done": true, "id": 1})
	engine.BatchAll(&b, engine.Text("SELECT * FROM todos WHERE NOT done ORDER BY id"), &open)
	engine.BatchOne(&b, engine.Text("SELECT count(*) FROM todos"), &n)
	results, err := b.Run(ctx, eng)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(results[0].RowsAffected(), "done,", len(open), "of", n, "left")
	// Output: 1 done, 2 of 3 left
}

// Another library gets the Engine's connections as a *sql.DB.
func ExampleEngine_DB() {
	ctx := context.Background()
	eng := todos(ctx)
	defer eng.Close()

	db := eng.DB()
	var title string
	if err := db.QueryRowContext(ctx, "SELECT title FROM todos WHERE id = ?", 2).Scan(&title); err != nil {
		log.Fatal(err)
	}
	fmt.Println(title)
	// Output: build the ground
}

// A program that has a *sql.DB already can have an Engine on it.
func ExampleFromDB() {
	ctx := context.Background()
	old := todos(ctx)
	defer old.Close()
	db := old.DB() // or from sql.Open

	eng, err := engine.FromDB(db, sqlite.Dialect())
	if err != nil {
		log.Fatal(err)
	}
	defer eng.Close() // db stays open
	titles, err := engine.All[string](ctx, eng, engine.Text("SELECT title FROM todos WHERE id IN (:ids) ORDER BY id", engine.Named{"ids": []int{1, 3}}))
	fmt.Println(titles, err)
	// Output: [write the tour measure] <nil>
}

// A part of a program with other defaults, on the same pool.
func ExampleEngine_With() {
	ctx := context.Background()
	eng := todos(ctx)
	defer eng.Close()

	reports, err := eng.With(engine.WithStatementTimeout(time.Minute), engine.WithTag("application", "reports"),
		engine.WithHooks(engine.Hooks{
			Statement: func(ctx context.Context, s engine.StatementInfo) (context.Context, func(engine.Outcome)) {
				return ctx, func(o engine.Outcome) { fmt.Println(s.Text, "->", o.Rows, "rows") }
			},
		}))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := engine.All[Todo](ctx, reports, engine.Text("SELECT * FROM todos")); err != nil {
		log.Fatal(err)
	}
	// Output: SELECT * FROM todos /*application='reports'*/ -> 3 rows
}

// One statement with a time-out and a tag of its own.
func ExampleOptions() {
	ctx := context.Background()
	eng := todos(ctx)
	defer eng.Close()

	stmt := engine.Options(engine.Text("SELECT count(*) FROM todos"), engine.Timeout(5*time.Second), engine.Tag("action", "count"))
	n, err := engine.Scalar[int](ctx, eng, stmt)
	fmt.Println(n, err)
	// Output: 3 <nil>
}

// What must not happen unless the transaction is committed.
func ExampleTx_OnCommit() {
	ctx := context.Background()
	eng := todos(ctx)
	defer eng.Close()

	err := eng.Transact(ctx, func(tx *engine.Tx) error {
		if err := tx.OnCommit(func(context.Context) { fmt.Println("mail sent") }); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "DELETE FROM todos WHERE id = ?", 1)
		fmt.Println("deleted")
		return err
	})
	fmt.Println(err)
	// Output:
	// deleted
	// mail sent
	// <nil>
}
