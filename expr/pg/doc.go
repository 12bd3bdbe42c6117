// Package pg has expressions that PostgreSQL alone has: arrays, ranges, the
// operators and functions of jsonb, the search of words in text and of texts that
// are alike (pg_trgm), formats of times and numbers, advisory locks, and ONLY before
// a table that is read or written.
//
//	expr.Select(Docs.ID).From(Docs).Where(
//		pg.ArrayContains(Docs.Tags, expr.Value([]string{"a", "b"})), // tags @> $1
//		pg.Any(expr.Value("c"), "=", Docs.Tags),                     // $2 = ANY (tags)
//		pg.HasKey(Docs.Attrs, "k"))                                  // attrs ? $3
//
// Every other dialect refuses them when the statement is compiled. What all
// databases have in some way is in package expr: a path in JSON is expr.JSON.
//
// An array is an expression of a slice, expr.Of[[]string]. Elements are counted
// from 1.
package pg
