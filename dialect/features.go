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
	// InsertRows is how many rows an INSERT takes best that a connection keeps
	// and runs again, for loading many; 0: 100. It has less where they would be
	// more than 8,192 values.
	InsertRows int
	// CopyOnRequest says that a connection's [Copier] is used where it is asked
	// for alone, because a server may forbid it.
	CopyOnRequest bool

	// Identifiers.

	QuoteOpen, QuoteClose byte
	MaxIdent              int  // the longest identifier; 0: no limit
	IdentLimitRunes       bool // MaxIdent counts characters, not bytes; see [Features.IdentLen]
	NoLeadingUnderscore   bool // an identifier that begins with _ needs quotes
	NoQuoteInIdent        bool // a quoted identifier cannot hold its closing quote
	// IdentTrimmed says that an identifier begins and ends with no white space
	// or control character, which the database refuses or cuts off, and holds
	// no character beyond 16 bits (MySQL).
	IdentTrimmed bool
	// FoldUpper says that unquoted names are stored in upper case: a name
	// in lower case stands for one that ignores case, as in SQLAlchemy.
	FoldUpper bool
	// Reserved are the words, in lower case, that need quotes as a name.
	Reserved map[string]struct{}
	// DefaultSchema is where unqualified names live; empty where it depends on
	// the session.
	DefaultSchema string

	// Lexical says how the database reads text; see [Lexical].
	Lexical Lexical

	// Values.

	NativeBool bool // TRUE and FALSE exist, and a column of type boolean is a condition
	// BoolAsCondition says that a boolean value may stand where a condition is
	// due (WHERE active).
	BoolAsCondition bool
	// ConditionAsValue says that a condition may stand where a value is due
	// (SELECT a = b).
	ConditionAsValue bool
	// BoolIsNumber says that a column of type boolean is a number that a
	// condition compares with 1 or 0, which an index on it serves and the bare
	// column would not (MySQL, SQLite).
	BoolIsNumber  bool
	IsBool        bool // x IS TRUE, x IS NOT FALSE
	TimeTZ        bool // TIME WITH TIME ZONE
	NativeUUID    bool // a type of UUIDs, and not of text or bytes
	Intervals     bool // a time.Duration is a value of type INTERVAL, which adds to times and to others
	TrimsDecimals bool // a decimal loses the zeros at its end (Oracle)
	// EmptyIsNull says that the database takes an empty string for NULL (Oracle).
	EmptyIsNull bool
	// Limits says which values the database does not have; see [ValueLimits].
	Limits ValueLimits
	// DecimalNumber makes a number of a decimal that is stored as text, so that
	// it compares and sorts as one: a template over {0}. Empty: decimals are
	// numbers.
	DecimalNumber string
	// TimeOfDate makes a time of a date, a template over {0}, where both are
	// texts and are compared. Empty: they compare as they are.
	TimeOfDate string
	// DecimalParam makes an exact number of a parameter that is a decimal,
	// where the database takes it for a text or a float when it is calculated
	// with: a template over the parameter {0} and the digits after the point
	// {1}. Empty: it is exact.
	DecimalParam string
	// TextParam makes a text of a parameter that is a column of a query, where
	// a UNION of such columns cuts the spaces at their ends off (MariaDB): a
	// template over {0}. Empty: it keeps them.
	TextParam string
	// UntypedParams says that a parameter has no type of its own, so that one
	// which stands where several types may needs a CAST.
	UntypedParams bool
	// Casts are templates over {0} for the types that CAST does not know, or
	// makes something else of.
	Casts map[TypeKind]string
	// CastCuts says that CAST to a whole number cuts a fraction off, and does
	// not round it.
	CastCuts bool
	// TryCast is a CAST that gives NULL where the value does not fit: a
	// template over the value {0}, the type's name {1} and the name as a
	// literal {2}. Empty: there is none.
	TryCast string
	// TryCastRounds says that TryCast makes a whole number of a text with a
	// fraction, and of one that is too large for the type that was asked for,
	// where others give NULL: it is refused for whole numbers.
	TryCastRounds bool
	// TryCasts does so for types that TryCast does not do, or that have a way
	// of their own; {3} is the digits behind a decimal's point, and {4} the
	// largest one of its precision.
	TryCasts map[TypeKind]string
	// JSON says how values in JSON are reached and made.
	JSON JSONForm
	// TableFunction is a function in FROM: a template over its call {0}. Empty:
	// there are none.
	TableFunction string
	// Arrays says that there are arrays, with subscripts and operators; Ranges,
	// the types of ranges.
	Arrays, Ranges bool
	// Match is a search of words in text: a template over the text {0} and the
	// words {1}. Empty: there is none.
	Match string
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
	//	concat_ws(separator, …)    those that are not NULL
	//
	//	ceil  trunc  ln  log10     of one number; power(x, y); log(base, x)
	//	round(x, digits)           halves away from zero; round_float of a binary number
	//	pi()  atan2(y, x)  degrees(x)  radians(x)
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
	//	date_add_year(t, n)        and the same units: a day that the month lacks is its last
	//	date_diff_year(from, to)   how many boundaries of the unit lie between; the same units
	//	make_date(year, month, day)
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
	// RoundTens rounds before the point where the function round takes no
	// negative digits: a template over the number {0} and the power of ten that
	// it is rounded to {2}. Empty: it takes them.
	RoundTens string
	// GreatestSkipsNulls says that greatest and least leave NULLs out.
	GreatestSkipsNulls bool
	// Operators does the same for operators: "||" → "CONCAT({0}, {1})". One
	// that is not there is written as it is. Beside those of SQL there are
	// "div" (without the fraction), "wholediv" (the same between operands that
	// the database is sure to have for whole numbers; where it is not there,
	// "div"), "truediv" (with it), "realdiv" (the same by what may have a
	// fraction; where it is not there, "truediv"), "floordiv" (rounded down, of
	// whole numbers; where it is not there, FLOOR of "truediv"), "fmod" (the
	// remainder of floats, and of decimals that are texts; where it is not
	// there, "%") and "bitnot".
	Operators map[string]string

	// SELECT.

	Paging Paging
	// LimitAll stands for "no limit" where an OFFSET needs a LIMIT before it
	// ("-1", "18446744073709551615"); empty: an OFFSET stands alone.
	LimitAll        string
	PlainLimit      bool // a limit is a number or a parameter, no expression (MySQL)
	WithTies        bool // FETCH FIRST n ROWS WITH TIES, or TOP n WITH TIES
	FetchParens     bool // a parameter of FETCH FIRST stands in parentheses (PostgreSQL)
	LimitPercent    bool // TOP n PERCENT, FETCH FIRST n PERCENT ROWS
	NullsOrdering   bool // NULLS FIRST and NULLS LAST
	NullsSortLow    bool // NULLs come before all values in ascending order
	FullJoin        bool
	InnerWord       bool // a join is written INNER JOIN
	Quantified      bool // x > ANY (query), x > ALL (query)
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
	CutOperands     bool   // with PlainOperands: an operand in parentheses takes ORDER BY and a limit together (Oracle: SELECT, subquery, row_limiting_clause)
	PlainOperands   bool   // the operands of UNION take no ORDER BY, limit or WITH, parentheses or not (SQL Server, Oracle)
	NoOperandWith   bool   // they take no WITH (MariaDB)
	DistinctOn      bool
	AggregateFilter bool // FILTER (WHERE …)
	FrameGroups     bool // GROUPS in the frame of a window
	AliasAs         bool // AS stands before the alias of a table (Oracle takes none)
	RowValues       bool // (a, b) = (c, d), (a, b) < (c, d)
	RowIn           RowInForm
	AnyArray        bool // = ANY ($1), with an array as parameter
	// JSONList is the query that gives the whole numbers of a JSON array, for a
	// list of IN that is longer than a statement may have parameters: "SELECT
	// value FROM json_each({0})". Empty: there is none. JSONTexts gives texts,
	// where they compare as parameters do.
	JSONList, JSONTexts string
	// JSONRows is a table of the rows of a JSON array {0}, called long_list,
	// with its columns {1}, each of which is JSONColumn over its number {0}. It
	// may have texts where there is JSONTexts. Empty: there is none.
	JSONRows, JSONColumn string
	DistinctOrder        DistinctOrderForm
	Ungrouped            UngroupedForm
	GroupByLabels        bool // GROUP BY sees the labels of the result's columns
	GroupSets            GroupSetsForm
	RollupUnordered      bool // WITH ROLLUP takes no ORDER BY beside it (MariaDB)
	// Grouping and GroupingSeveral are the function that tells a subtotal's
	// rows from others, for one expression and for several: "GROUPING({*})".
	// Empty: there is none.
	Grouping, GroupingSeveral string
	Values                    ValuesForm
	ValuesRow                 string // what stands before a row of VALUES that is a relation: "ROW" (MySQL)
	ValuesQuery               bool   // VALUES is a query by itself, such as the whole of a CTE
	CTEMaterialized           bool   // AS MATERIALIZED, AS NOT MATERIALIZED
	CTEWrites                 bool   // INSERT, UPDATE and DELETE … RETURNING as a CTE (PostgreSQL)
	RecursiveDistinct         bool   // a recursive CTE may be a UNION, not only a UNION ALL
	RecursiveSearch           bool   // SEARCH DEPTH FIRST BY … SET … after a recursive CTE
	// RecursiveCycle is what follows CYCLE and the columns after a recursive
	// CTE: a template over the column {0} that marks a cycle and one {1} for
	// the path. Empty: there is none.
	RecursiveCycle string
	NamedWindows   bool // WINDOW w AS (…)
	FrameExclude   bool // EXCLUDE in the frame of a window
	FrameValues    bool // RANGE BETWEEN 5 PRECEDING …
	FrameParams    bool // ROWS BETWEEN ? PRECEDING
	// FrameInterval is a distance in time in such a frame, a template over a
	// number of seconds {0}; empty: there is none.
	FrameInterval  string
	LagDefault     bool // lag and lead take a third argument
	LimitedRows    bool // IN (SELECT … LIMIT 3), and so for ANY and ALL
	NthValue       bool // nth_value(x, n) OVER (…)
	IgnoreNulls    bool // lag(x) IGNORE NULLS OVER (…)
	OrderedSets    OrderedSetForm
	AggregateOrder bool // any aggregate takes an ORDER BY after its arguments
	// NestedAggregates says that max(sum(x)) is the greatest of the groups' sums
	// (Oracle).
	NestedAggregates bool
	AggregateQuery   bool // what an aggregate takes, and GROUP BY, may hold a query
	GroupByQuery     bool // with AggregateQuery: GROUP BY takes a query that is a value
	// HavingAlone says that HAVING, and an aggregate in ORDER BY, make one group of
	// all rows where there is neither GROUP BY nor an aggregate in the result; SQLite
	// takes none.
	HavingAlone bool
	// StringAggOrdered is string_agg with an order: a template over the text
	// {0}, the separator {1} and the terms of the order {2}; empty: there is
	// none.
	StringAggOrdered  string
	StringAggDistinct bool // string_agg(DISTINCT …)
	StringAggOver     bool // string_agg(…) OVER (PARTITION BY …)
	DistinctOver      bool // count(DISTINCT …) OVER (PARTITION BY …)
	Sample            SampleForm
	Hints             HintSet
	Only              bool   // FROM ONLY table
	BetweenSymmetric  bool   // BETWEEN SYMMETRIC
	IsDistinctFrom    string // template over {0}, {1}: "{0} IS DISTINCT FROM {1}"
	// IsNotDistinctFrom is the opposite; empty: NOT (…) around IsDistinctFrom.
	IsNotDistinctFrom string
	ILike             string // template: "{0} ILIKE {1}"; empty: LOWER on both sides
	// Regexp and RegexpReplace are templates over the text {0}, the pattern {1}
	// and what takes its place, everywhere, {2}; empty: there are no regular
	// expressions.
	Regexp, RegexpReplace string
	// IRegexp and IRegexpReplace are Regexp and RegexpReplace without regard to case.
	IRegexp, IRegexpReplace string
	// ByteCollation is the collation that orders texts by their characters'
	// codes, which is "C" in statements; empty: the database calls it so.
	ByteCollation string
	CollationBare bool // the name of a collation takes no quotes (SQL Server)
	// LikeWildcards are the characters that LIKE does not take for themselves;
	// empty: "%_".
	LikeWildcards   string
	GroupByOrdinals bool

	// INSERT, UPDATE, DELETE.

	Returning       Returning
	ReturningInsert bool
	ReturningUpdate bool
	ReturningDelete bool
	Upsert          Upserting
	// InsertedRow is the inserted row in SET: "excluded" for ON CONFLICT,
	// template "VALUES({0})" for ON DUPLICATE KEY UPDATE.
	InsertedRow string
	// UpsertAlias names the inserted row where that needs a name of its own:
	// with "new", VALUES (…) is followed by AS new, and InsertedRow is
	// "new.{0}". It is for ON DUPLICATE KEY UPDATE after VALUES; empty:
	// InsertedRow needs no name.
	UpsertAlias string
	// DefaultRow is an INSERT's tail when no column is given: "DEFAULT VALUES",
	// "() VALUES ()", …
	DefaultRow      string
	NoDefaultUpsert bool // DefaultRow takes no ON CONFLICT (SQLite)
	DefaultInValues bool // DEFAULT may stand among VALUES
	InsertID        InsertID
	UpdateFrom      bool // UPDATE … FROM
	UpdateJoin      bool // UPDATE a JOIN b SET
	DeleteUsing     bool // DELETE … USING
	DeleteFrom      bool // DELETE FROM a FROM b (SQL Server)
	UpdateLimit     bool // ORDER BY and LIMIT in UPDATE and DELETE
	SetInTurn       bool // an expression of SET sees the new values of columns that are assigned before it (MySQL)
	// FromTarget says that the table that is written stands again in the FROM
	// of an UPDATE or DELETE with other tables (SQL Server).
	FromTarget bool
	// ReturningTarget says that RETURNING takes columns of the table that is
	// written alone (SQLite).
	ReturningTarget bool
	// MaxSelectRows is how many rows INSERT … SELECT … UNION ALL SELECT inserts
	// where VALUES has one row at most; 0: not so.
	MaxSelectRows int
	// IdentityInsertOn and IdentityInsertOff are sent before and after an
	// INSERT that gives the values of a generated column, in one batch with it
	// (Compiled.Before and After): statements over the table {0}. Empty: it
	// takes nothing of the kind.
	IdentityInsertOn, IdentityInsertOff string
	// InsertIDStep is a query for the distance between the keys that an INSERT
	// of several rows generates, of which InsertID is one. Empty: there is no
	// telling.
	InsertIDStep       string
	ConflictWhere      bool // ON CONFLICT (…) WHERE …, for a partial index
	ConflictConstraint bool // ON CONFLICT ON CONSTRAINT …
	UpdateAnyKey       bool // an upsert that updates need not name the key
	Merging            Merging
	Prefixes           []Prefix // the words that may follow INSERT, UPDATE and DELETE, in the order in which they do
	// Own are the functions and clauses that only some databases have, of those
	// that the packages for one database write, by names in lower case after
	// that of the package: "my.json_overlaps", "ora.connect_by"; see [Owned].
	// What is not in it is refused.
	Own map[string]struct{}

	// Transactions.

	Isolation IsolationSet
	// DefaultIsolation is the level of a transaction that asks for none, unless
	// the server is set up otherwise.
	DefaultIsolation Isolation
	ReadOnlyTx       bool
	DeferrableTx     bool
	// Savepoint, Release and RollbackTo are templates over the savepoint's name
	// {0}. An empty Savepoint means there are none, an empty Release that none
	// is needed.
	Savepoint, Release, RollbackTo string
	// AbortsOnError says that after a failed statement the server refuses
	// all others of the transaction until it is rolled back (to a savepoint, perhaps).
	AbortsOnError    bool
	TransactionalDDL bool
	// PreparedID is the longest id, in bytes, of a transaction that is committed in
	// two phases ([TwoPhaser]); 0: there are none.
	PreparedID int

	// DDL.

	IfNotExists bool // CREATE TABLE IF NOT EXISTS
	IfExists    bool // DROP TABLE IF EXISTS
	// Identity is what follows a generated key's type: "GENERATED BY DEFAULT AS
	// IDENTITY", "AUTO_INCREMENT", "IDENTITY(1,1)"; empty where a primary key
	// of type integer is one by itself.
	Identity string
	// IdentityType takes the place of the type of a generated key; empty: the
	// column's own.
	IdentityType string
	// IdentityPrimaryKey says that Identity includes PRIMARY KEY, which then
	// must not follow.
	IdentityPrimaryKey bool
	Schemas            bool // CREATE SCHEMA, schema.table
	// SetSchema makes a schema the session's own, where names without one are
	// looked up: a template over its name {0}. Empty: that cannot be chosen
	// (SQL Server's belongs to the user).
	SetSchema          string
	AlterAddConstraint bool // ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY
	Comments           CommentForm
	TableOptions       string // what follows CREATE TABLE (…)
	// Computed and ComputedStored follow the type of a column that the database
	// computes: a template over the expression {0}. One that begins with AS
	// takes the place of the type. Empty: there are none of the kind.
	Computed, ComputedStored string
	ComputedNull             bool // a computed column takes no NOT NULL (Oracle, MariaDB)
	IdentityKey              bool // a generated column is to be the first of a key (MySQL)
	NoOnUpdate               bool // a foreign key has no ON UPDATE (Oracle)
	NoRestrict               bool // a foreign key's NO ACTION is its RESTRICT, and has no other name
	// DefaultNow is the current timestamp as a column's default.
	DefaultNow string
	// DefaultNowDigits is DefaultNow for a column that says its fractional
	// digits, {precision}; empty: DefaultNow is for all.
	DefaultNowDigits string
	DropCascade      string // what follows DROP TABLE name, to drop what depends on it
	DDL              DDL
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
	// NotWithPaging says that a SELECT is locked or cut to a number of rows,
	// not both (Oracle).
	NotWithPaging bool
	// NotGrouped says that a SELECT that is locked has no groups, aggregates,
	// functions over windows or DISTINCT (PostgreSQL, Oracle).
	NotGrouped bool
	// NoKeyUpdate and KeyShare are locks that leave the keys to others
	// (PostgreSQL); empty: they are refused.
	NoKeyUpdate, KeyShare string
	// TableHint says that locks are hints behind the table (SQL Server); Update
	// and Share are then hints such as "UPDLOCK, ROWLOCK".
	TableHint bool
}

// RowInForm is how a row of values is looked for in a list.
type RowInForm uint8

// The forms of (a, b) IN (…).
const (
	NoRowIn     RowInForm = iota // comparisons joined by AND and OR; EXISTS for a query
	RowInList                    // IN ((1, 2), (3, 4))
	RowInValues                  // IN (VALUES (1, 2), (3, 4))
)

// DistinctOrderForm is what the ORDER BY of a SELECT DISTINCT may take beside
// the expressions of its result.
type DistinctOrderForm uint8

// The forms of ORDER BY beside DISTINCT.
const (
	DistinctOrderSame    DistinctOrderForm = iota // nothing else
	DistinctOrderColumns                          // what is made of the columns of the result
	DistinctOrderAny                              // other columns too, of any of the rows that are the same
)

// UngroupedForm says which columns may stand beside groups and aggregates that are
// neither grouped by nor within an aggregate.
type UngroupedForm uint8

// The columns beside groups.
const (
	UngroupedNone  UngroupedForm = iota // none
	UngroupedOrder                      // in the ORDER BY of a query without GROUP BY, of one row
	UngroupedOfKey                      // those of a table whose primary key is grouped by
	UngroupedSaid                       // of HAVING, those of the result; of others, what the database looks at itself
	UngroupedAny                        // those of any row
)

// ValuesForm is how rows of values are a relation.
type ValuesForm uint8

// The forms of VALUES in FROM.
const (
	ValuesUnion ValuesForm = iota // SELECT 1 AS a UNION ALL SELECT 2
	ValuesNamed                   // (VALUES (1), (2)) AS v (a)
	ValuesCTE                     // (WITH v (a) AS (VALUES (1), (2)) SELECT * FROM v) AS v
)

// GroupSetsForm is how GROUP BY makes subtotals.
type GroupSetsForm uint8

// The forms of subtotals.
const (
	NoGroupSets GroupSetsForm = iota
	WithRollup                // GROUP BY a, b WITH ROLLUP (MySQL)
	GroupSets                 // ROLLUP (…), CUBE (…), GROUPING SETS (…)
)

// OrderedSetForm says where percentile_cont(0.5) WITHIN GROUP (ORDER BY x)
// may stand.
type OrderedSetForm uint8

// The uses of WITHIN GROUP.
const (
	NoOrderedSet        OrderedSetForm = iota
	OrderedSetAggregate                // as an aggregate
	OrderedSetWindow                   // with OVER
	OrderedSetBoth
)

// SampleForm is how a part of a table's rows is drawn.
type SampleForm uint8

// The forms of samples.
const (
	NoSample    SampleForm = iota
	TableSample            // TABLESAMPLE BERNOULLI (10) REPEATABLE (5), after the alias
	// PageSample is SQL Server: TABLESAMPLE SYSTEM (10 PERCENT) REPEATABLE (5),
	// of pages only.
	PageSample
	// SampleClause is Oracle: SAMPLE BLOCK (10) SEED (5), before the alias.
	SampleClause
)

// HintSet is a set of the kinds of advice that statements may carry.
type HintSet uint8

// The kinds of hints.
const (
	OracleHints    HintSet = 1 << iota // SELECT /*+ … */, as Oracle has them
	OptimizerHints                     // SELECT /*+ … */, as MySQL has them
	IndexHints                         // t USE INDEX (i)
	IndexedBy                          // t INDEXED BY i
	TableHints                         // t WITH (NOLOCK)
	QueryOptions                       // OPTION (MAXDOP 1), at the end
)

// Owned is a set for Features.Own: names, with white space between, of what a
// package writes.
func Owned(pkg, names string) map[string]struct{} {
	set := map[string]struct{}{}
	for _, name := range strings.Fields(names) {
		set[pkg+"."+name] = struct{}{}
	}
	return set
}

// HasOwn reports whether the database has a function or clause of its own; see
// Features.Own.
func (f *Features) HasOwn(name string) bool {
	_, ok := f.Own[name]
	return ok
}

// Has reports whether all kinds of h are in the set.
func (s HintSet) Has(h HintSet) bool { return s&h == h }

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

// Words makes a set of words, such as reserved ones, from a text that separates
// them by white space.
func Words(text string) map[string]struct{} {
	fields := strings.Fields(text)
	set := make(map[string]struct{}, len(fields))
	for _, w := range fields {
		set[strings.ToLower(w)] = struct{}{}
	}
	return set
}
