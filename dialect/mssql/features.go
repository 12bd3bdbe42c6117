package mssql

import (
	"maps"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// features returns what a variant can express.
func features(v variant) dialect.Features {
	at := func(major int) bool { return v.azure || v.version.AtLeast(major, 0) }
	f := dialect.Features{
		Version: v.version,

		Placeholder:       dialect.AtP,
		ReusePlaceholders: true,
		MaxParams:         2098, // 2100, of which sp_executesql takes two
		MaxInsertRows:     1000,

		QuoteOpen: '[', QuoteClose: ']',
		MaxIdent:        128,
		IdentLimitRunes: true,
		Reserved:        reserved,
		Lexical:         dialect.Lexical{Brackets: true, NestedComments: true, HashNames: true, LooseStatements: true},

		EmptySet:   "SELECT CAST(NULL AS NVARCHAR(1)) WHERE 1 = 0",
		EmptyIn:    "IN (SELECT CAST(NULL AS NVARCHAR(1)) WHERE 1 = 0)",
		EmptyNotIn: "NOT IN (SELECT CAST(NULL AS NVARCHAR(1)) WHERE 1 = 0)",
		Functions:  maps.Clone(functions),
		Operators:  map[string]string{"||": "{0} + {1}"},

		Paging:         dialect.TopOffsetFetch,
		NullsSortLow:   true,
		FullJoin:       true,
		Lateral:        dialect.Apply,
		CTE:            true,
		CTEInsert:      true,
		CTEUpdate:      true,
		PlainOperands:  true,
		Intersect:      true,
		AliasAs:        true,
		IsDistinctFrom: "EXISTS (SELECT {0} EXCEPT SELECT {1})",
		Locking: dialect.Locking{
			Update: "UPDLOCK, ROWLOCK", Share: "REPEATABLEREAD, ROWLOCK",
			Of: true, NoWait: true, SkipLocked: true, TableHint: true,
		},

		Returning:       dialect.OutputClause,
		ReturningInsert: true, ReturningUpdate: true, ReturningDelete: true,
		Upsert:          dialect.Merge,
		InsertedRow:     insertedRow,
		DefaultRow:      "DEFAULT VALUES",
		DefaultInValues: true,
		UpdateFrom:      true,

		Isolation: dialect.Isolations(dialect.ReadUncommitted, dialect.ReadCommitted, dialect.RepeatableRead,
			dialect.Snapshot, dialect.Serializable),
		Savepoint:        "SAVE TRANSACTION {0}",
		RollbackTo:       "ROLLBACK TRANSACTION {0}",
		TransactionalDDL: true,

		IfExists:           at(13),
		Identity:           "IDENTITY(1,1)",
		Schemas:            true,
		AlterAddConstraint: true,
		Comments:           dialect.ExtendedProperty,
		Computed:           "AS ({0})",
		ComputedStored:     "AS ({0}) PERSISTED",
		NoRestrict:         true,
		LikeWildcards:      "%_[",
		DefaultNow:         "SYSUTCDATETIME()",
	}
	if at(14) {
		f.Functions["string_agg"] = "STRING_AGG({*})"
		f.Functions["trim"] = "TRIM({0})"
	}
	if at(16) {
		f.IsDistinctFrom = "{0} IS DISTINCT FROM {1}"
		f.Functions["greatest"] = "GREATEST({*})"
		f.Functions["least"] = "LEAST({*})"
		f.Functions["date_trunc"] = "DATETRUNC({0}, {1})"
	}
	return f
}

// functions are the portable names that SQL Server says in another way, or
// does not have (an empty template).
var functions = map[string]string{
	"now":               "SYSUTCDATETIME()",
	"current_timestamp": "SYSUTCDATETIME()",
	"localtimestamp":    "SYSUTCDATETIME()",
	"current_date":      "CAST(SYSUTCDATETIME() AS DATE)",
	"current_time":      "CAST(SYSUTCDATETIME() AS TIME)",
	"extract":           "DATEPART({0}, {1})",
	"date_trunc":        "",

	"length":           "LEN({0})",
	"char_length":      "LEN({0})",
	"character_length": "LEN({0})",
	"octet_length":     "DATALENGTH({0})",
	"substr":           "SUBSTRING({0}, {1}, {2})",
	"substring":        "SUBSTRING({0}, {1}, {2})",
	"strpos":           "CHARINDEX({1}, {0})",
	"instr":            "CHARINDEX({1}, {0})",
	"repeat":           "REPLICATE({0}, {1})",
	"trim":             "LTRIM(RTRIM({0}))",
	"chr":              "NCHAR({0})",
	"string_agg":       "",
	"group_concat":     "",
	"array_agg":        "",
	"lpad":             "",
	"rpad":             "",
	"initcap":          "",
	"md5":              "",
	"regexp_replace":   "",
	"regexp_like":      "",

	"ceil":     "CEILING({0})",
	"mod":      "({0} % {1})",
	"ln":       "LOG({0})",
	"pow":      "POWER({0}, {1})",
	"trunc":    "ROUND({0}, 0, 1)",
	"random":   "RAND()",
	"atan2":    "ATN2({0}, {1})",
	"greatest": "",
	"least":    "",

	"ifnull":          "ISNULL({0}, {1})",
	"nvl":             "ISNULL({0}, {1})",
	"uuid":            "NEWID()",
	"gen_random_uuid": "NEWID()",
	"stddev":          "STDEV({0})",
	"stddev_samp":     "STDEV({0})",
	"stddev_pop":      "STDEVP({0})",
	"variance":        "VAR({0})",
	"var_samp":        "VAR({0})",
	"var_pop":         "VARP({0})",
	"every":           "",
	"bool_and":        "",
	"bool_or":         "",
}

// reserved are T-SQL's reserved words.
var reserved = dialect.Words(`
add all alter and any as asc authorization backup begin between break browse bulk by cascade case check checkpoint
close clustered coalesce collate column commit compute constraint contains containstable continue convert create cross
current current_date current_time current_timestamp current_user cursor database dbcc deallocate declare default delete
deny desc disk distinct distributed double drop dump else end errlvl escape except exec execute exists exit external
fetch file fillfactor for foreign freetext freetexttable from full function goto grant group having holdlock identity
identity_insert identitycol if in index inner insert intersect into is join key kill left like lineno load merge
national nocheck nonclustered not null nullif of off offsets on open opendatasource openquery openrowset openxml option
or order outer over percent pivot plan precision primary print proc procedure public raiserror read readtext
reconfigure references replication restore restrict return revert revoke right rollback rowcount rowguidcol rule save
schema securityaudit select semantickeyphrasetable semanticsimilaritydetailstable semanticsimilaritytable session_user
set setuser shutdown some statistics system_user table tablesample textsize then to top tran transaction trigger
truncate try_convert tsequal union unique unpivot update updatetext use user values varying view waitfor when where
while with within writetext`)
