package dialect

// Merging says what a MERGE statement can say. The zero value says that there
// is none.
type Merging struct {
	Statement bool // there is a MERGE
	// CondAfter says that a clause's condition is a WHERE after its action
	// (Oracle), and not an AND before it.
	CondAfter bool
	OnParens  bool // the condition of ON stands in parentheses (Oracle)
	Delete    bool // THEN DELETE
	DoNothing bool // THEN DO NOTHING
	BySource  bool // WHEN NOT MATCHED BY SOURCE
	Returning bool // RETURNING or OUTPUT
	FixedOn   bool // a column that ON names cannot be set (Oracle)
	// DeleteAfter says that DELETE goes with an UPDATE: it deletes of the rows
	// that were updated those that meet a condition then (Oracle).
	DeleteAfter bool
	End         string
	SourceRows  bool // what it returns may name columns of its source
	// MaxMatched is the number of WHEN MATCHED clauses, and of those BY SOURCE,
	// which must do different things; MaxNotMatched that of WHEN NOT MATCHED.
	// 0: no limit.
	MaxMatched, MaxNotMatched int
}

// Verbs is a set of kinds of statements.
type Verbs uint8

// The kinds of statements that take a [Prefix].
const (
	InsertVerb Verbs = 1 << iota
	UpdateVerb
	DeleteVerb
	SelectVerb
)

// Prefix is a word that may follow the verb of a statement, such as IGNORE.
type Prefix struct {
	Word  string
	Verbs Verbs
	// Group is the same for words that exclude each other.
	Group uint8
	// InPlace says that the word stands in the place of INSERT, and Without is
	// a word that does not go with it.
	InPlace bool
	Without string
}
