package sqlite

import (
	"github.com/sqlayer-go/sqlayer/dialect"
)

// lexical is how SQLite reads text.
var lexical = dialect.Lexical{Backticks: true, Brackets: true, NamedParams: true}

// features is what a build of SQLite can say.
func (b build) features() dialect.Features {
	v := b.version
	f := dialect.Features{
		Version: v,

		Placeholder: dialect.Question,
		MaxParams:   maxParams(v),
		InsertRows:  50,

		QuoteOpen: '"', QuoteClose: '"',
		Reserved:      reserved,
		DefaultSchema: "main",
		Lexical:       lexical,

		// TRUE and FALSE are other names for 1 and 0.
		NativeBool:       false,
		BoolAsCondition:  true,
		ConditionAsValue: true,
		DecimalNumber:    "CAST({0} AS NUMERIC)",
		RoundTens:        "(ROUND({0} / {2}, 0) * {2})",
		TimeOfDate:       "({0} || ' 00:00:00')",
		Limits:           dialect.ValueLimits{Loose: true, WideIntegers: true, AnyText: true, NoNaN: true, MaxYear: 9999},
		EmptySet:         "SELECT NULL WHERE 0",
		EmptyIn:          "IN ()",
		EmptyNotIn:       "NOT IN ()",

		CastCuts: true,
		Casts: map[dialect.TypeKind]string{
			dialect.Boolean: "({0} <> 0)",
			dialect.Date:    "DATE({0})",
			dialect.Time:    "CASE WHEN {0} LIKE '____-__-__ __:__:__%' THEN SUBSTR({0}, 12) WHEN {0} LIKE '__:__:__%' THEN {0} ELSE TIME({0}) END",
			// What is a time in full keeps its fraction.
			dialect.Timestamp:   "CASE WHEN {0} LIKE '____-__-__ __:__:__%' THEN {0} ELSE DATETIME({0}) END",
			dialect.TimestampTZ: "CASE WHEN {0} LIKE '____-__-__ __:__:__%' THEN {0} ELSE DATETIME({0}) END",
		},
		// A comparison reads a text as a number if all of it is one; CAST takes
		// what it begins with.
		TryCasts: map[dialect.TypeKind]string{
			dialect.SmallInt: tryWhole, dialect.Integer: tryWhole, dialect.BigInt: tryWhole,
			dialect.Decimal: tryNumber, dialect.Real: tryNumber, dialect.Double: tryNumber,
			dialect.Char: "CAST({0} AS {1})", dialect.Varchar: "CAST({0} AS {1})", dialect.Clob: "CAST({0} AS {1})",
			// DATE makes March of February 30th, and today of "now".
			dialect.Date: "CASE WHEN DATE({0}) IS NOT NULL AND DATE(SUBSTR({0}, 1, 10)) = SUBSTR({0}, 1, 10) THEN SUBSTR({0}, 1, 10) END",
		},
		JSON: dialect.JSONForm{
			Text: "CAST(JSON_EXTRACT({0}, {1}) AS VARCHAR)", Int: "CAST(JSON_EXTRACT({0}, {1}) AS INTEGER)",
			Float: "CAST(JSON_EXTRACT({0}, {1}) AS REAL)", Bool: "JSON_EXTRACT({0}, {1})",
			Exists: "JSON_TYPE({0}, {1}) IS NOT NULL", Null: "JSON_TYPE({0}, {1}) = 'null'", Length: "CASE WHEN JSON_TYPE({0}, {1}) = 'array' THEN JSON_ARRAY_LENGTH({0}, {1}) END",
			Array: "JSON_ARRAY({*})", Object: "JSON_OBJECT({*})", Member: "{0}, {1}",
			Nested: "JSON({0})", Each: "json_each({0})", BoolNested: true, Param: "{0}",
		},
		TableFunction: "{0}",
		Match:         "{0} MATCH {1}",

		Functions: functions(v),
		Operators: map[string]string{
			"truediv":  "{0} / ({1} + 0.0)",
			"floordiv": "({0} / {1} - ({0} % {1} <> 0 AND ({0} < 0) <> ({1} < 0)))", // a float would not be exact
			"fmod":     "MOD({0}, {1})",                                             // % makes whole numbers of its operands
			"^":        "(({0} | {1}) - ({0} & {1}))",                               // exclusive or
			"#":        "(({0} | {1}) - ({0} & {1}))",
		},

		Paging:            dialect.LimitOffset,
		LimitAll:          "-1",
		NullsOrdering:     v.AtLeast(3, 30),
		NullsSortLow:      true,
		FullJoin:          v.AtLeast(3, 39),
		CTE:               true,
		CTENested:         true,
		CTEInsert:         true,
		CTEUpdate:         true,
		RecursiveWord:     true,
		Intersect:         true,
		NoSetParens:       true,
		AggregateFilter:   v.AtLeast(3, 30),
		FrameGroups:       v.AtLeast(3, 28),
		AliasAs:           true,
		RowValues:         true,
		RowIn:             dialect.RowInValues,
		DistinctOrder:     dialect.DistinctOrderAny,
		GroupByLabels:     true,
		Values:            dialect.ValuesCTE,
		ValuesQuery:       true,
		CTEMaterialized:   v.AtLeast(3, 35),
		Ungrouped:         dialect.UngroupedAny,
		AggregateQuery:    true,
		GroupByQuery:      true,
		RecursiveDistinct: true,
		StringAggOver:     true,
		NamedWindows:      v.AtLeast(3, 28),
		FrameExclude:      v.AtLeast(3, 28),
		FrameValues:       v.AtLeast(3, 28),
		FrameParams:       true,
		LagDefault:        true,
		LimitedRows:       true,
		NthValue:          v.AtLeast(3, 25),
		AggregateOrder:    v.AtLeast(3, 44),
		BoolIsNumber:      true,
		IsBool:            true,
		Regexp:            "{0} REGEXP {1}",
		RegexpReplace:     "regexp_replace({0}, {1}, {2})",
		IRegexp:           "{0} REGEXP '(?i)' || {1}",
		IRegexpReplace:    "regexp_replace({0}, '(?i)' || {1}, {2})",
		ByteCollation:     "BINARY",
		Hints:             dialect.IndexedBy,
		IsDistinctFrom:    "{0} IS NOT {1}",
		IsNotDistinctFrom: "{0} IS {1}",
		GroupByOrdinals:   true,

		Upsert:      dialect.OnConflict,
		InsertedRow: "excluded",
		DefaultRow:  "DEFAULT VALUES",

		NoDefaultUpsert: true,

		InsertID:        dialect.LastInsertID,
		UpdateFrom:      v.AtLeast(3, 33),
		ReturningTarget: true,
		ConflictWhere:   true,
		UpdateLimit:     b.writeLimit,
		UpdateAnyKey:    v.AtLeast(3, 35),
		Prefixes:        prefixes,
		Own:             ownOf(v, !b.noJSON),

		Isolation:        dialect.Isolations(dialect.Serializable),
		DefaultIsolation: dialect.Serializable,
		ReadOnlyTx:       true,
		Savepoint:        "SAVEPOINT {0}",
		Release:          "RELEASE SAVEPOINT {0}",
		RollbackTo:       "ROLLBACK TO SAVEPOINT {0}",
		TransactionalDDL: true,

		IfNotExists:  true,
		IfExists:     true,
		IdentityType: "INTEGER", // INTEGER PRIMARY KEY is the row's own number
		DefaultNow:   "CURRENT_TIMESTAMP",
		DDL:          newDDL(v),
	}
	if b.maxParams > 0 {
		f.MaxParams = b.maxParams
	}
	if b.noWindows {
		f.NamedWindows, f.FrameGroups, f.FrameExclude, f.FrameValues, f.NthValue = false, false, false, false, false
	}
	if b.noMath || !v.AtLeast(3, 35) {
		for _, name := range []string{"ceil", "trunc", "ln", "log10", "log", "power", "pi", "atan2", "degrees", "radians"} {
			f.Functions[name] = ""
		}
	}
	if v.AtLeast(3, 31) {
		f.Computed, f.ComputedStored = "GENERATED ALWAYS AS ({0}) VIRTUAL", "GENERATED ALWAYS AS ({0}) STORED"
	}
	if f.AggregateOrder {
		f.StringAggOrdered = "group_concat({0}, {1} ORDER BY {2})"
	}
	if v.AtLeast(3, 38) {
		f.JSON.Value = "{0} -> {1}"                     // JSON_EXTRACT gives a scalar as SQL has it
		f.JSONList = "SELECT value FROM json_each({0})" // built in since then, unless left out
		f.JSONTexts = f.JSONList
		f.JSONRows, f.JSONColumn = "(SELECT {1} FROM json_each({0})) AS long_list", "json_extract(value, '$[{0}]') AS v{0}"
	}
	if v.AtLeast(3, 35) {
		f.Returning = dialect.ReturningClause
		f.ReturningInsert, f.ReturningUpdate, f.ReturningDelete = true, true, true
	}
	if b.noJSON {
		f.JSONList, f.JSONTexts, f.JSONRows, f.JSONColumn = "", "", "", ""
		f.JSON = dialect.JSONForm{}
		f.Functions["json_agg"], f.Functions["json_object_agg"] = "", ""
	}
	return f
}

// See Features.TryCasts. A text that is compared with a number is one where it
// can be, 1.0 and 1e2 among them.
const (
	tryWhole = "CASE WHEN CAST({0} AS INTEGER) = CAST({0} AS TEXT) AND CAST({0} AS TEXT) NOT GLOB '*[.eE]*' " +
		"THEN CAST({0} AS INTEGER) END"
	tryNumber = "CASE WHEN CAST({0} AS NUMERIC) = CAST({0} AS TEXT) THEN CAST({0} AS {1}) END"
)

// prefixes are what SQLite says of a conflict behind the verb.
// The words of https://www.sqlite.org/lang_conflict.html.
var prefixes = []dialect.Prefix{
	{Word: "OR ABORT", Verbs: dialect.InsertVerb | dialect.UpdateVerb},
	{Word: "OR FAIL", Verbs: dialect.InsertVerb | dialect.UpdateVerb},
	{Word: "OR IGNORE", Verbs: dialect.InsertVerb | dialect.UpdateVerb},
	{Word: "OR REPLACE", Verbs: dialect.InsertVerb | dialect.UpdateVerb},
	{Word: "OR ROLLBACK", Verbs: dialect.InsertVerb | dialect.UpdateVerb},
}

// reserved are the words that SQLite does not take as a name without quotes,
// and those that other databases reserve and that read badly as one.
var reserved = dialect.Words(`
	abort add after all alter always analyze and as asc attach autoincrement before begin between by
	cascade case cast check collate column commit conflict constraint create cross current current_date
	current_time current_timestamp database default deferrable deferred delete desc detach distinct do drop
	each else end escape except exclude exclusive exists explain fail false filter first following for foreign
	from full generated glob group groups having if ignore immediate in index indexed initially inner insert
	instead intersect into is isnull join key last left like limit match materialized natural not nothing
	notnull null nulls of offset on or order others outer over partition plan pragma preceding primary query
	raise range recursive references regexp reindex release rename replace restrict returning right rollback
	row rows savepoint select set table temp temporary then ties to transaction trigger true unbounded union
	unique update using vacuum values view virtual when where window with within without`)
