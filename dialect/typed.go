package dialect

// Typed is a Statement that knows the Go type of its rows, so that reading them
// takes no type argument.
type Typed[T any] interface {
	Statement
	// RowType is never called; it says T.
	RowType(T)
}

// Tuple is a struct whose exported fields take the columns of a row by their
// places and not by their names: the first field the first column, and so on,
// with as many fields as columns.
type Tuple interface {
	// ByPlace is never called; it marks the struct.
	ByPlace()
}
