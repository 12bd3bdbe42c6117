package sqlite

import (
	"maps"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// lexical is how SQLite reads text.
var lexical = dialect.Lexical{Backticks: true, Brackets: true}

// features is what SQLite can say as of version v.
func features(v dialect.Version) dialect.Features {
	f := dialect.Features{
		Version: v,

		Placeholder: dialect.Question,
		MaxParams:   32766,

		QuoteOpen: '"', QuoteClose: '"',
		Reserved:      reserved,
		DefaultSchema: "main",
		Lexical:       lexical,

		// TRUE and FALSE are other names for 1 and 0.
		NativeBool:       false,
		BoolAsCondition:  true,
		ConditionAsValue: true,
		DecimalNumber:    "CAST({0} AS NUMERIC)",
		EmptySet:         "SELECT NULL WHERE 0",
		EmptyIn:          "IN ()",
		EmptyNotIn:       "NOT IN ()",

		Functions: functions(v),
		Operators: map[string]string{
			"^": "(({0} | {1}) - ({0} & {1}))", // exclusive or
			"#": "(({0} | {1}) - ({0} & {1}))",
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
		AliasAs:           true,
		RowValues:         true,
		IsDistinctFrom:    "{0} IS NOT {1}",
		IsNotDistinctFrom: "{0} IS {1}",
		GroupByOrdinals:   true,

		Upsert:      dialect.OnConflict,
		InsertedRow: "excluded",
		DefaultRow:  "DEFAULT VALUES",

		NoDefaultUpsert: true,

		InsertID:   dialect.LastInsertID,
		UpdateFrom: v.AtLeast(3, 33),

		Isolation:        dialect.Isolations(dialect.Serializable),
		ReadOnlyTx:       true,
		Savepoint:        "SAVEPOINT {0}",
		Release:          "RELEASE SAVEPOINT {0}",
		RollbackTo:       "ROLLBACK TO SAVEPOINT {0}",
		TransactionalDDL: true,

		IfNotExists:    true,
		IfExists:       true,
		IdentityType:   "INTEGER", // INTEGER PRIMARY KEY is the row's own number
		Computed:       "GENERATED ALWAYS AS ({0}) VIRTUAL",
		ComputedStored: "GENERATED ALWAYS AS ({0}) STORED",
		DefaultNow:     "CURRENT_TIMESTAMP",
	}
	if v.AtLeast(3, 35) {
		f.Returning = dialect.ReturningClause
		f.ReturningInsert, f.ReturningUpdate, f.ReturningDelete = true, true, true
	}
	return f
}

// reserved are the words that SQLite does not take as a name without quotes,
// and those that other databases reserve and that read badly as one.
var reserved = dialect.Words(`
	abort action add after all alter always analyze and as asc attach autoincrement before begin between by
	cascade case cast check collate column commit conflict constraint create cross current current_date
	current_time current_timestamp database default deferrable deferred delete desc detach distinct do drop
	each else end escape except exclude exclusive exists explain fail false filter first following for foreign
	from full generated glob group groups having if ignore immediate in index indexed initially inner insert
	instead intersect into is isnull join key last left like limit match materialized natural no not nothing
	notnull null nulls of offset on or order others outer over partition plan pragma preceding primary query
	raise range recursive references regexp reindex release rename replace restrict returning right rollback
	row rows savepoint select set table temp temporary then ties to transaction trigger true unbounded union
	unique update using vacuum values view virtual when where window with within without`)

// functions are the templates of the functions whose portable name or form is
// not SQLite's own. Times are text in UTC, so the functions of dates work on
// them directly.
func functions(v dialect.Version) map[string]string {
	f := maps.Clone(commonFunctions)
	if !v.AtLeast(3, 43) {
		f["octet_length"] = "LENGTH(CAST({0} AS BLOB))"
	}
	if !v.AtLeast(3, 44) { // || has another way with NULL
		f["concat"], f["concat_ws"] = "", ""
	}
	if !v.AtLeast(3, 46) {
		f["extract_week"], f["extract_isoyear"] = "", ""
		f["extract_isodow"] = "(CAST(STRFTIME('%w', {0}) AS INTEGER) + 6) % 7 + 1"
	}
	return f
}

var commonFunctions = map[string]string{
	// Text.
	"char_length": "LENGTH({0})", "character_length": "LENGTH({0})", "len": "LENGTH({0})",
	"octet_length": "OCTET_LENGTH({0})",
	"concat":       "CONCAT({*})", "concat_ws": "CONCAT_WS({*})",
	"substring": "SUBSTR({*})", "substr": "SUBSTR({*})",
	"left": "SUBSTR({0}, 1, {1})", "right": "SUBSTR({0}, -({1}), {1})",
	"position": "INSTR({1}, {0})", "strpos": "INSTR({0}, {1})", "locate": "INSTR({1}, {0})",
	"btrim": "TRIM({*})", "ascii": "UNICODE({0})", "chr": "CHAR({0})",
	"string_agg": "GROUP_CONCAT({0}, {1})", "group_concat": "GROUP_CONCAT({*})",
	"lpad": "", "rpad": "", "reverse": "", "initcap": "", "repeat": "", "md5": "", "translate": "",
	"regexp_replace": "", "regexp_match": "",

	// Numbers.
	"ceiling": "CEIL({0})", "trunc": "TRUNC({0})", "truncate": "TRUNC({0})", "pow": "POWER({0}, {1})",
	"greatest": "MAX({*})", "least": "MIN({*})",
	"random": "(ABS(RANDOM() % 9007199254740992) / 9007199254740992.0)",
	"rand":   "(ABS(RANDOM() % 9007199254740992) / 9007199254740992.0)",

	// Truth values are 0 and 1.
	"bool_and": "MIN({0})", "every": "MIN({0})", "bool_or": "MAX({0})", "nvl": "IFNULL({0}, {1})",

	// Aggregates that SQLite lacks.
	"stddev": "", "stddev_pop": "", "stddev_samp": "", "variance": "", "var_pop": "", "var_samp": "",
	"json_agg": "JSON_GROUP_ARRAY({0})", "json_object_agg": "JSON_GROUP_OBJECT({0}, {1})", "array_agg": "",

	// Times: what is current is UTC, as everything that is stored.
	"now": "CURRENT_TIMESTAMP", "current_timestamp": "CURRENT_TIMESTAMP", "current_date": "CURRENT_DATE",
	"current_time": "CURRENT_TIME", "localtimestamp": "CURRENT_TIMESTAMP",
	"date_trunc": "CASE LOWER({0})" +
		" WHEN 'year' THEN " + truncYear("{1}") +
		" WHEN 'quarter' THEN " + truncQuarter("{1}") +
		" WHEN 'month' THEN " + truncMonth("{1}") +
		" WHEN 'week' THEN " + truncWeek("{1}") +
		" WHEN 'day' THEN " + truncDay("{1}") +
		" WHEN 'hour' THEN STRFTIME('%Y-%m-%d %H:00:00', {1})" +
		" WHEN 'minute' THEN STRFTIME('%Y-%m-%d %H:%M:00', {1})" +
		" WHEN 'second' THEN STRFTIME('%Y-%m-%d %H:%M:%S', {1}) END",
	"date_trunc_year": truncYear("{0}"), "date_trunc_quarter": truncQuarter("{0}"), "date_trunc_month": truncMonth("{0}"),
	"date_trunc_week": truncWeek("{0}"), "date_trunc_day": truncDay("{0}"),
	"date_trunc_hour":   "STRFTIME('%Y-%m-%d %H:00:00', {0})",
	"date_trunc_minute": "STRFTIME('%Y-%m-%d %H:%M:00', {0})",
	"date_trunc_second": "STRFTIME('%Y-%m-%d %H:%M:%S', {0})",
	"extract_year":      part("%Y"), "extract_month": part("%m"), "extract_day": part("%d"),
	"extract_hour": part("%H"), "extract_minute": part("%M"), "extract_second": part("%S"),
	"extract_doy": part("%j"), "extract_dow": part("%w"), "extract_isodow": part("%u"), "extract_week": part("%V"), "extract_isoyear": part("%G"),
	"extract_epoch":   part("%s"),
	"extract_quarter": "(CAST(STRFTIME('%m', {0}) AS INTEGER) + 2) / 3",

	// The database and the session.
	"version": "SQLITE_VERSION()", "last_insert_id": "LAST_INSERT_ROWID()", "current_user": "", "session_user": "", "current_schema": "",
	"gen_random_uuid": uuid, "uuid": uuid, "newid": uuid,
}

// uuid makes a random one of version 4.
const uuid = "(LOWER(HEX(RANDOMBLOB(4)) || '-' || HEX(RANDOMBLOB(2)) || '-4' || SUBSTR(HEX(RANDOMBLOB(2)), 2) || '-' ||" +
	" SUBSTR('89AB', ABS(RANDOM() % 4) + 1, 1) || SUBSTR(HEX(RANDOMBLOB(2)), 2) || '-' || HEX(RANDOMBLOB(6))))"

func part(format string) string  { return "CAST(STRFTIME('" + format + "', {0}) AS INTEGER)" }
func truncYear(x string) string  { return "STRFTIME('%Y-01-01 00:00:00', " + x + ")" }
func truncMonth(x string) string { return "STRFTIME('%Y-%m-01 00:00:00', " + x + ")" }
func truncDay(x string) string   { return "STRFTIME('%Y-%m-%d 00:00:00', " + x + ")" }
func truncWeek(x string) string  { return "(DATE(" + x + ", 'weekday 0', '-6 days') || ' 00:00:00')" }
func truncQuarter(x string) string {
	return "(STRFTIME('%Y', " + x + ") || PRINTF('-%02d-01 00:00:00', (CAST(STRFTIME('%m', " + x + ") AS INTEGER) - 1) / 3 * 3 + 1))"
}
