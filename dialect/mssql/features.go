package mssql

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/merge"
)

// features returns what a variant can express.
func features(v variant) dialect.Features {
	at := func(major int) bool { return v.azure || v.version.AtLeast(major, 0) }
	level := func(n int) bool { return v.level == 0 || v.level >= n }
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
		Lexical:         dialect.Lexical{Brackets: true, NestedComments: true, HashNames: true, LooseStatements: true, NamedParams: true},

		NativeUUID: true,
		Limits:     dialect.ValueLimits{UTF16: true, NoNaN: true, NoInfinity: true, PadsBinary: true, MinYear: 1, MaxYear: 9999},
		EmptySet:   "SELECT CAST(NULL AS NVARCHAR(1)) AS a WHERE 1 = 0", // named: it may be a derived table
		EmptyIn:    "IN (SELECT CAST(NULL AS NVARCHAR(1)) WHERE 1 = 0)",
		EmptyNotIn: "NOT IN (SELECT CAST(NULL AS NVARCHAR(1)) WHERE 1 = 0)",
		Functions:  functions(at),
		Operators: map[string]string{"||": "{0} + {1}", "truediv": "{0} / CAST({1} AS NUMERIC)",
			"realdiv": "1.0 * {0} / {1}",
			"fmod":    "CAST(CAST({0} AS NUMERIC(38, 15)) % CAST({1} AS NUMERIC(38, 15)) AS FLOAT)",
			"<<":      "", ">>": ""},
		CastCuts: true,
		TryCast:  "TRY_CAST({0} AS {1})",
		JSON: dialect.JSONForm{
			Text: "JSON_VALUE({0}, {1})", Int: "CAST(JSON_VALUE({0}, {1}) AS BIGINT)", Float: "CAST(JSON_VALUE({0}, {1}) AS FLOAT)",
			Bool: "CAST(CASE JSON_VALUE({0}, {1}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END AS BIT)", Value: "JSON_QUERY({0}, {1})",
			// JSON_QUERY gives an object or an array, with what stands around it, and NULL for all else.
			Length: "CASE WHEN SUBSTRING(JSON_QUERY({0}, {1}), PATINDEX('%[[{]%', JSON_QUERY({0}, {1})), 1) = '[' THEN (SELECT COUNT(*) FROM OPENJSON({0}, {1})) END",
			Nested: "JSON_QUERY({0})", Each: "OPENJSON({0})", BoolNested: true, Param: "{0}", LiteralPath: !at(14),
		},
		TableFunction: "{0}",
		Own:           own,
		Match:         "FREETEXT({0}, {1})",

		Paging:            dialect.TopOffsetFetch,
		WithTies:          true,
		LimitPercent:      true,
		Quantified:        true,
		NullsSortLow:      true,
		FullJoin:          true,
		Lateral:           dialect.Apply,
		CTE:               true,
		CTEInsert:         true,
		CTEUpdate:         true,
		PlainOperands:     true,
		Intersect:         true,
		AliasAs:           true,
		HavingAlone:       true,
		GroupSets:         dialect.GroupSets,
		Grouping:          "GROUPING({0})",
		GroupingSeveral:   "GROUPING_ID({*})",
		Values:            dialect.ValuesNamed,
		NamedWindows:      at(16) && level(160),
		LagDefault:        true,
		LimitedRows:       true,
		IgnoreNulls:       at(16),
		OrderedSets:       dialect.OrderedSetWindow,
		Sample:            dialect.PageSample,
		Hints:             dialect.TableHints | dialect.QueryOptions,
		ByteCollation:     "Latin1_General_BIN2",
		CollationBare:     true,
		IsDistinctFrom:    "NOT EXISTS (SELECT {0} INTERSECT SELECT {1})", // the same text on all versions
		IsNotDistinctFrom: "EXISTS (SELECT {0} INTERSECT SELECT {1})",
		Locking: dialect.Locking{
			Update: "UPDLOCK, ROWLOCK", Share: "REPEATABLEREAD, ROWLOCK",
			Of: true, NoWait: true, SkipLocked: true, TableHint: true,
		},

		Returning:       dialect.OutputClause,
		ReturningInsert: true, ReturningUpdate: true, ReturningDelete: true,
		Upsert:          dialect.Merge,
		InsertedRow:     merge.Row,
		DefaultRow:      "DEFAULT VALUES",
		DefaultInValues: true,
		UpdateFrom:      true,
		DeleteFrom:      true,
		FromTarget:      true,

		IdentityInsertOn:  "SET IDENTITY_INSERT {0} ON",
		IdentityInsertOff: "SET IDENTITY_INSERT {0} OFF",
		Merging: dialect.Merging{Statement: true, Delete: true, BySource: true, Returning: true, SourceRows: true,
			End: ";", MaxMatched: 2, MaxNotMatched: 1},

		Isolation: dialect.Isolations(dialect.ReadUncommitted, dialect.ReadCommitted, dialect.RepeatableRead,
			dialect.Snapshot, dialect.Serializable),
		DefaultIsolation: dialect.ReadCommitted,
		Savepoint:        "SAVE TRANSACTION {0}",
		RollbackTo:       "ROLLBACK TRANSACTION {0}",
		TransactionalDDL: true,

		IfExists:           at(13),
		Identity:           "IDENTITY",
		Schemas:            true,
		AlterAddConstraint: true,
		Comments:           dialect.ExtendedProperty,
		Computed:           "AS ({0})",
		ComputedStored:     "AS ({0}) PERSISTED",
		NoRestrict:         true,
		LikeWildcards:      "%_[",
		DefaultNow:         "SYSUTCDATETIME()",
		DDL:                ddl,
	}
	if at(13) && level(130) {
		// Of a text, the collation would be the database's and not the column's.
		f.JSONList = "SELECT v FROM OPENJSON({0}) WITH (v BIGINT '$')"
		f.JSONRows, f.JSONColumn = "OPENJSON({0}) WITH ({1}) AS long_list", "v{0} BIGINT '$[{0}]'"
	}
	if at(14) {
		f.StringAggOrdered = "string_agg({0}, {1}) WITHIN GROUP (ORDER BY {2})"
	}
	if at(17) {
		// At each level of compatibility, which REGEXP_LIKE is not.
		f.RegexpReplace, f.IRegexpReplace = "REGEXP_REPLACE({0}, {1}, {2})", "REGEXP_REPLACE({0}, {1}, {2}, 1, 0, 'i')"
	}
	if at(17) && level(170) {
		f.Regexp, f.IRegexp = "REGEXP_LIKE({0}, {1})", "REGEXP_LIKE({0}, {1}, 'i')"
	}
	if at(16) {
		f.GreatestSkipsNulls = true
		delete(f.Operators, "<<")
		delete(f.Operators, ">>")
		f.JSON.Exists = "JSON_PATH_EXISTS({0}, {1}) = 1"
		f.JSON.Null = "(JSON_PATH_EXISTS({0}, {1}) = 1 AND JSON_VALUE({0}, {1}) IS NULL AND JSON_QUERY({0}, {1}) IS NULL)"
		f.JSON.Array, f.JSON.Object, f.JSON.Member = "JSON_ARRAY({*} NULL ON NULL)", "JSON_OBJECT({*})", "{0}:{1}"
	}
	switch {
	case v.babelfish:
	case !at(13):
		f.JSON = dialect.JSONForm{}
	case !level(130):
		f.JSON.Length, f.JSON.Each = "", "" // of OPENJSON
	}
	if v.babelfish {
		f.DDL.TemporarySchema = "" // tempdb.sys.objects has no rows there
		f.Upsert, f.InsertedRow, f.Merging = dialect.NoUpsert, "", dialect.Merging{}
		f.IfExists = true
		f.LimitPercent, f.GroupingSeveral, f.Match = false, "", ""
		f.StringAggOrdered = "string_agg({0}, {1}) WITHIN GROUP (ORDER BY {2})"
		f.Isolation = dialect.Isolations(dialect.ReadUncommitted, dialect.ReadCommitted, dialect.Snapshot)
		f.Functions["string_agg"], f.Functions["concat_ws"] = "STRING_AGG({0}, {1})", "CONCAT_WS({*})"
		if !v.fish.AtLeast(3, 2) {
			for _, name := range []string{"stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop"} {
				f.Functions[name] = ""
			}
		}
		if v.fish.AtLeast(3, 1) {
			f.Functions["extract_epoch"] = "DATEDIFF_BIG(SECOND, '1970-01-01', {0})"
		}
	}
	return f
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
