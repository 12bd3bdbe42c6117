package engine

import (
	"context"
	"iter"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Chunks is [Each] in slices of n rows, the last of which may be shorter. A
// slice is the program's own. n rows are read from the connection before they
// are given, and no row beyond: rows always stream, and nothing is kept of them
// here (what a driver fetches ahead is an option of the database's URL,
// prefetch_rows on Oracle). After an error, which comes with a nil slice, there
// is nothing more; rows of a slice that was not full are not given then.
func Chunks[T any](ctx context.Context, r Runner, s Statement, n int) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		if n < 1 {
			yield(nil, dialect.Errorf(ErrArguments, "engine: Chunks of %d rows: the number must be at least 1", n))
			return
		}
		var chunk []T
		for v, err := range Each[T](ctx, r, s) {
			if err != nil {
				yield(nil, err)
				return
			}
			if chunk == nil {
				chunk = make([]T, 0, min(n, 1024))
			}
			if chunk = append(chunk, v); len(chunk) == n {
				if !yield(chunk, nil) {
					return
				}
				chunk = nil
			}
		}
		if chunk != nil {
			yield(chunk, nil)
		}
	}
}
