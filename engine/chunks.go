package engine

import (
	"context"
	"iter"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Chunks is [Each] in slices of n rows, the last of which may be shorter. Each
// slice belongs to the program. Exactly n rows are read for it: rows always
// stream, and none is buffered here (how many a driver fetches ahead is an
// option of its URL, such as prefetch_rows on Oracle). An error comes with a
// nil slice and ends the loop; the rows of a slice that was not yet full are
// lost then.
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
