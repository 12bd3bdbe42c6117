package engine_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/sqlayer-go/sqlayer/engine"
)

// Copy takes its rows from an iterator, one by one: a million of them need no
// more memory than these. All are there afterwards, or none.
func ExampleCopy() {
	ctx := context.Background()
	eng := todos(ctx)
	defer eng.Close()

	lines := func(yield func(Todo) bool) {
		for i := range 1000 {
			if !yield(Todo{Title: fmt.Sprint("line ", i+1), Done: i%2 == 0}) {
				return
			}
		}
	}
	res, err := engine.Copy(ctx, eng, "todos", lines, engine.CopyOmit("id")) // the database makes the ids
	if err != nil {
		log.Fatal(err)
	}
	n, err := engine.Scalar[int](ctx, eng, engine.Text("SELECT count(*) FROM todos WHERE done"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.RowsAffected(), "rows,", n, "of them done")
	// Output: 1000 rows, 500 of them done
}

// CopyFrom takes rows that may fail, such as those of a query on another
// connection: the first error ends the copy, which then leaves nothing.
func ExampleCopyFrom() {
	ctx := context.Background()
	live, archive := todos(ctx), todos(ctx)
	defer live.Close()
	defer archive.Close()
	if _, err := archive.Exec(ctx, "DELETE FROM todos WHERE id < 3"); err != nil {
		log.Fatal(err)
	}

	rows := engine.Each[Todo](ctx, live, engine.Text("SELECT * FROM todos ORDER BY id"))
	_, err := engine.CopyFrom(ctx, archive, "todos", rows)
	if ce, ok := errors.AsType[*engine.CopyError](err); ok && errors.Is(err, engine.ErrUniqueViolation) {
		fmt.Println("row", ce.First, "is there already")
	}

	n, err := engine.Scalar[int](ctx, archive, engine.Text("SELECT count(*) FROM todos"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(n, "row is there still")
	// Output:
	// row 3 is there already
	// 1 row is there still
}
