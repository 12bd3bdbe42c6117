package sqltext

// Rules says how a database reads text: what is a literal, a comment, a
// quoted name. The zero value is standard SQL.
type Rules struct {
	BackslashEscapes bool // 'it\'s'
	EscapeStrings    bool // E'it\'s' (PostgreSQL)
	DollarQuotes     bool // $tag$ … $tag$ (PostgreSQL)
	QQuotes          bool // q'[ … ]' (Oracle)
	DoubleQuoteText  bool // "…" is a string, not a name (MySQL without ANSI_QUOTES)
	Backticks        bool // `name`
	Brackets         bool // [name]; PostgreSQL's are subscripts
	NestedComments   bool // /* /* */ */
	HashComments     bool // # to the end of the line
	DashSpace        bool // -- begins a comment only before white space (MySQL)
	HashNames        bool // # may stand in a name: #t, a#b (SQL Server, Oracle)
	NamedParams      bool // :name or @name stands for a parameter by itself (SQLite, Oracle, SQL Server)
	NoEnd            bool // END ends blocks, and no transaction (MySQL, Oracle)
	BeginBlock       bool // BEGIN begins a block, and no transaction (Oracle)
	// LooseStatements says that statements need no semicolon between them (SQL Server).
	LooseStatements bool
	// VersionComments says that /*! … */ is text that runs (MySQL).
	VersionComments bool
	// ReturnEndsLine says that a lone carriage return ends a comment that goes
	// to the end of its line (PostgreSQL).
	ReturnEndsLine bool
	// Assignments says that @x := 1 within a query sets a variable of the
	// session (MySQL).
	Assignments bool
	// SessionCalls are functions, in lower case, that leave something on the
	// session: a lock, a setting.
	SessionCalls []string
}
