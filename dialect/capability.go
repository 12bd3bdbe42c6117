package dialect

// CastNamer is a dialect whose CAST takes other names of types than its DDL
// (MySQL: SIGNED, CHAR). Without it, CAST takes what TypeName returns.
type CastNamer interface {
	// CastName returns t's name within CAST, or an [UnsupportedError] that
	// says what to use instead.
	CastName(t *Type) (string, error)
}

// TableFinder is a dialect that can ask the database whether a table exists.
// DDL that skips what exists needs it where Features.IfNotExists or IfExists
// is false.
type TableFinder interface {
	// FindTable returns a query that gives one row if the table exists,
	// and none otherwise. An empty schema is the session's own. The
	// table's name is taken as an identifier: it matches what a
	// CREATE TABLE of that name has made.
	FindTable(schema, table string) Statement
}
