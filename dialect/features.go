package dialect

import "strings"

// Features says what a database's SQL can express, as data. The zero value of
// a field is the plainest SQL or "does not have it". A Features is not
// changed once its Dialect is in use; a dialect made from another one copies
// it, changes fields, and clones the maps that it changes.
type Features struct {
	// Version is the server's, or the one that rendering is for.
	Version Version

	// Placeholders and limits.

	Placeholder       Placeholder
	ReusePlaceholders bool // one placeholder may stand twice ($1 … $1)
	MaxParams         int  // in one statement; 0: no limit
	MaxInList         int  // items of one IN list; 0: no limit
	MaxInsertRows     int  // rows of one INSERT … VALUES; 0: no limit, 1: no multi-row VALUES

	// Identifiers.

	QuoteOpen, QuoteClose byte
	MaxIdent              int  // the longest identifier; 0: no limit
	IdentLimitRunes       bool // MaxIdent counts characters, not bytes
	NoLeadingUnderscore   bool // an identifier that begins with _ needs quotes
	// FoldUpper says that unquoted names are stored in upper case: a name
	// in lower case stands for one that ignores case, as in SQLAlchemy.
	FoldUpper bool
	// Reserved are the words, in lower case, that need quotes as a name.
	Reserved map[string]struct{}
	// DefaultSchema is where unqualified names live; empty where it depends on the session.
	DefaultSchema string

	// Lexical says how the database reads text; see [Lexical].
	Lexical Lexical

	// Values.

	NativeBool bool // TRUE and FALSE exist, and a column of type boolean is a condition
	// BoolAsCondition says that a boolean value may stand where a condition is due (WHERE active).
	BoolAsCondition bool
	// ConditionAsValue says that a condition may stand where a value is due (SELECT a = b).
	ConditionAsValue bool
	// EmptyIsNull says that the database takes an empty string for NULL (Oracle).
	EmptyIsNull bool
	// DecimalNumber makes a number of a decimal that is stored as text, so that it compares and sorts as one: a
	// template over {0}. Empty: decimals are numbers.
	DecimalNumber string
	// EmptySet is a subquery of no rows and one column.
	EmptySet string
	// EmptyIn and EmptyNotIn take the place of "IN (…)" and "NOT IN (…)" with
	// an empty list, after their left operand.
	EmptyIn, EmptyNotIn string
	// Dual is the table that a SELECT without FROM needs; empty: none.
	Dual string

	// Functions maps the portable names of functions, in lower case, to
	// templates: "strpos" → "LOCATE({1}, {0})". A template "" says that the database has
	// no such function. A name that is not there is written as it is, in the way of
	// NAME(a, b). Every dialect has these names, and no others:
	//
	//	length, char_length        number of characters
	//	octet_length               number of bytes (SQL Server: of UTF-16)
	//	trim(s)                    without the spaces at both ends
	//	substring(s, from, n)      left(s, n)  right(s, n)
	//	lpad(s, n, fill)           rpad(s, n, fill)
	//	strpos(s, part)            where part begins, from 1; 0 if nowhere
	//	repeat(s, n)               reverse(s)
	//	chr(n)                     the character of a Unicode code point
	//
	//	ceil  trunc  ln  log10     of one number; power(x, y)
	//	random()                   at least 0 and less than 1, another one for each row
	//	greatest(…)  least(…)      NULLs count on MySQL, SQLite and Oracle, where they make NULL
	//
	//	now()  current_timestamp() localtimestamp()  current_date()  current_time()
	//	extract_year(t)            and _quarter, _month, _day, _hour, _minute, _second (whole),
	//	                           _week and _isoyear (of ISO 8601), _doy (1 to 366),
	//	                           _dow (Sunday 0 to Saturday 6), _isodow (Monday 1 to Sunday 7),
	//	                           _epoch (whole seconds since 1970 in UTC)
	//	date_trunc_year(t)         the beginning of it; and _quarter, _month, _week (Monday),
	//	                           _day, _hour, _minute, _second
	//
	//	string_agg(s, separator)   the separator a literal on MySQL
	//	array_agg(x)  json_agg(x)  json_object_agg(key, x)
	//	bool_and(x)  bool_or(x)    any_value(x)
	//	stddev_samp, stddev_pop    stddev is that of a sample
	//	var_samp, var_pop          variance is that of a sample
	//
	//	gen_random_uuid()          a new UUID (of MySQL: by time, not at random)
	//	current_user()
	//
	// COUNT, SUM, AVG, MIN, MAX, COALESCE, NULLIF, LOWER, UPPER, LTRIM, RTRIM (of
	// one argument), REPLACE, ABS, FLOOR, SIGN, SQRT and EXP are the same
	// everywhere and need no template. SQL Server's LEN, which is its length, does
	// not count spaces at the end; SQLite's stops at a NUL character.
	Functions map[string]string
	// Operators does the same for operators: "||" → "CONCAT({0}, {1})".
	Operators map[string]string

	// SELECT.

	Paging Paging
	// LimitAll stands for "no limit" where an OFFSET needs a LIMIT before it ("-1", "18446744073709551615"); empty: an OFFSET stands alone.
	LimitAll        string
	NullsOrdering   bool // NULLS FIRST and NULLS LAST
	NullsSortLow    bool // NULLs come before all values in ascending order
	FullJoin        bool
	Lateral         LateralForm
	Locking         Locking
	CTE             bool
	CTENested       bool   // WITH within a query, not only where the statement begins
	CTEInsert       bool   // WITH before INSERT; otherwise it stands before the query of INSERT … SELECT
	CTEUpdate       bool   // WITH before UPDATE and DELETE
	RecursiveWord   bool   // WITH RECURSIVE, not WITH
	Intersect       bool   // INTERSECT and EXCEPT
	ExceptWord      string // EXCEPT, or MINUS; empty is EXCEPT
	SetAll          bool   // INTERSECT ALL and EXCEPT ALL
	NoSetParens     bool   // the operands of UNION take no parentheses (SQLite)
	PlainOperands   bool   // the operands of UNION take no ORDER BY, limit or WITH, parentheses or not (SQL Server, Oracle, MariaDB)
	DistinctOn      bool
	AggregateFilter bool   // FILTER (WHERE …)
	FrameGroups     bool   // GROUPS in the frame of a window
	AliasAs         bool   // AS is allowed before the alias of a table
	TableAliasWord  string // what stands between a table and its alias: " AS " or " "; empty is " AS "
	RowValues       bool   // (a, b) = (c, d)
	IsDistinctFrom  string // template over {0}, {1}: "{0} IS DISTINCT FROM {1}"
	// IsNotDistinctFrom is the opposite; empty: NOT (…) around IsDistinctFrom.
	IsNotDistinctFrom string
	ILike             string // template: "{0} ILIKE {1}"; empty: LOWER on both sides
	// LikeWildcards are the characters that LIKE does not take for themselves; empty: "%_".
	LikeWildcards   string
	GroupByOrdinals bool

	// INSERT, UPDATE, DELETE.

	Returning       Returning
	ReturningInsert bool
	ReturningUpdate bool
	ReturningDelete bool
	Upsert          Upserting
	// InsertedRow is the inserted row in SET: "excluded" for ON CONFLICT, template "VALUES({0})" for ON DUPLICATE KEY UPDATE.
	InsertedRow string
	// UpsertAlias names the inserted row where that needs a name of its own: with "new", VALUES (…) is followed by AS new, and InsertedRow is
	// "new.{0}". It is for ON DUPLICATE KEY UPDATE after VALUES; empty: InsertedRow needs no name.
	UpsertAlias string
	// DefaultRow is an INSERT's tail when no column is given: "DEFAULT VALUES", "() VALUES ()", …
	DefaultRow      string
	NoDefaultUpsert bool // DefaultRow takes no ON CONFLICT (SQLite)
	DefaultInValues bool // DEFAULT may stand among VALUES
	InsertID        InsertID
	UpdateFrom      bool // UPDATE … FROM
	UpdateJoin      bool // UPDATE a JOIN b SET
	DeleteUsing     bool // DELETE … USING
	DeleteFrom      bool // DELETE FROM a FROM b (SQL Server)
	UpdateLimit     bool // ORDER BY and LIMIT in UPDATE and DELETE

	// Transactions.

	Isolation    IsolationSet
	ReadOnlyTx   bool
	DeferrableTx bool
	// Savepoint, Release and RollbackTo are templates over the savepoint's
	// name {0}. An empty Savepoint means there are none, an empty Release that none is needed.
	Savepoint, Release, RollbackTo string
	// AbortsOnError says that after a failed statement the server refuses
	// all others of the transaction until it is rolled back (to a savepoint, perhaps).
	AbortsOnError    bool
	TransactionalDDL bool

	// DDL.

	IfNotExists bool // CREATE TABLE IF NOT EXISTS
	IfExists    bool // DROP TABLE IF EXISTS
	// Identity is what follows a generated key's type: "GENERATED BY DEFAULT AS IDENTITY", "AUTO_INCREMENT", "IDENTITY(1,1)"; empty where a
	// primary key of type integer is one by itself.
	Identity string
	// IdentityType takes the place of the type of a generated key; empty: the column's own.
	IdentityType string
	// IdentityPrimaryKey says that Identity includes PRIMARY KEY, which then must not follow.
	IdentityPrimaryKey bool
	Schemas            bool // CREATE SCHEMA, schema.table
	AlterAddConstraint bool // ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY
	Comments           CommentForm
	TableOptions       string // what follows CREATE TABLE (…)
	// Computed and ComputedStored follow the type of a column that the database computes: a template
	// over the expression {0}. One that begins with AS takes the place of the type. Empty: there are none of the kind.
	Computed, ComputedStored string
	ComputedNull             bool // a computed column takes no NOT NULL (Oracle, MariaDB)
	IdentityKey              bool // a generated column is to be the first of a key (MySQL)
	NoOnUpdate               bool // a foreign key has no ON UPDATE (Oracle)
	NoRestrict               bool // a foreign key's NO ACTION is its RESTRICT, and has no other name
	// DefaultNow is the current timestamp as a column's default.
	DefaultNow string
	// DefaultNowDigits is DefaultNow for a column that says its fractional digits, {precision}; empty: DefaultNow is for all.
	DefaultNowDigits string
	DropCascade      string // what follows DROP TABLE name, to drop what depends on it
}

// Placeholder is how a parameter is marked in the text.
type Placeholder uint8

// The forms of placeholders.
const (
	Question Placeholder = iota // ?
	Dollar                      // $1
	AtP                         // @p1
	Colon                       // :1
)

// Paging is how a SELECT is cut to a number of rows.
type Paging uint8

// The forms of paging.
const (
	LimitOffset Paging = iota // LIMIT n OFFSET m
	// LimitComma is MySQL: LIMIT m, n; an offset alone needs a huge limit.
	LimitComma
	// OffsetFetch is the standard's OFFSET m ROWS FETCH NEXT n ROWS ONLY.
	OffsetFetch
	// TopOffsetFetch is SQL Server: TOP n alone; OFFSET … FETCH needs an ORDER BY.
	TopOffsetFetch
)

// LateralForm is how a derived table refers to those before it.
type LateralForm uint8

// The forms of lateral joins.
const (
	NoLateral LateralForm = iota
	LateralJoin
	Apply // CROSS APPLY, OUTER APPLY
)

// Locking says how a SELECT locks its rows.
type Locking struct {
	Update     string // "FOR UPDATE"; empty: no such clause
	Share      string // "FOR SHARE"
	Of         bool   // OF tables
	NoWait     bool
	SkipLocked bool
	OfColumns  bool // OF takes a column of the table, not the table (Oracle)
	// NotWithPaging says that a SELECT is locked or cut to a number of rows, not both (Oracle).
	NotWithPaging bool
	// TableHint says that locks are hints behind the table (SQL Server); Update and Share are then hints such as "UPDLOCK, ROWLOCK".
	TableHint bool
}

// Returning is how a write gives rows back.
type Returning uint8

// The forms of RETURNING.
const (
	NoReturning     Returning = iota
	ReturningClause           // RETURNING a, b
	OutputClause              // OUTPUT inserted.a, inserted.b
	ReturningInto             // RETURNING a, b INTO :1, :2: arguments with Out
)

// Upserting is how an insert deals with a row that exists.
type Upserting uint8

// The forms of an upsert.
const (
	NoUpsert       Upserting = iota
	OnConflict               // ON CONFLICT (…) DO UPDATE
	OnDuplicateKey           // ON DUPLICATE KEY UPDATE
	Merge                    // MERGE; the dialect is an UpsertWriter
)

// InsertID says what Result.LastInsertID is after an insert of many rows.
type InsertID uint8

// What the database reports of generated keys without RETURNING.
const (
	NoInsertID InsertID = iota
	FirstInsertID
	LastInsertID
)

// CommentForm is how a table or column gets a comment.
type CommentForm uint8

// The forms of comments.
const (
	NoComments       CommentForm = iota
	CommentOn                    // COMMENT ON TABLE …
	InlineComment                // COMMENT '…' within CREATE TABLE
	ExtendedProperty             // sp_addextendedproperty
)

// IsolationSet is a set of isolation levels.
type IsolationSet uint8

// Isolations returns the set of levels.
func Isolations(levels ...Isolation) IsolationSet {
	var s IsolationSet
	for _, l := range levels {
		s |= 1 << l
	}
	return s
}

// Has reports whether level is in the set.
func (s IsolationSet) Has(level Isolation) bool { return s&(1<<level) != 0 }

// String lists the levels, separated by commas.
func (s IsolationSet) String() string {
	var names []string
	for l := ReadUncommitted; l <= Serializable; l++ {
		if s.Has(l) {
			names = append(names, l.String())
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, ", ")
}

// Words makes a set of reserved words from text separated by white space.
func Words(text string) map[string]struct{} {
	fields := strings.Fields(text)
	set := make(map[string]struct{}, len(fields))
	for _, w := range fields {
		set[strings.ToLower(w)] = struct{}{}
	}
	return set
}
