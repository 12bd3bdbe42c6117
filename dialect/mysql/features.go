package mysql

import "github.com/sqlayer-go/sqlayer/dialect"

// from reports whether id is product p in this version or a later one.
func (id identity) from(p product, major, minor, patch int) bool {
	v := id.version
	if id.product != p {
		return false
	}
	if v.Major == major && v.Minor == minor {
		return v.Patch >= patch
	}
	return v.AtLeast(major, minor)
}

// newFeatures says what a server's SQL can express.
func newFeatures(id identity) *dialect.Features {
	maria, tidb := id.product == productMariaDB, id.product == productTiDB
	mysql := func(major, minor, patch int) bool { return id.from(productMySQL, major, minor, patch) }
	f := &dialect.Features{
		Version:     id.version,
		Placeholder: dialect.Question,
		MaxParams:   65535,
		InsertRows:  500,

		CopyOnRequest: true, // LOAD DATA LOCAL, which many servers forbid

		QuoteOpen: '`', QuoteClose: '`',
		MaxIdent: 64, IdentLimitRunes: true, IdentTrimmed: true,
		NoLeadingUnderscore: true, // _utf8mb4 introduces a literal
		Reserved:            reserved,
		Lexical: dialect.Lexical{
			BackslashEscapes: !id.plainBackslash,
			DoubleQuoteText:  !id.ansiQuotes,
			Backticks:        true,
			HashComments:     true,
			DashSpace:        true,
			VersionComments:  true,
			Assignments:      true,
			NoEnd:            true,
			SessionCalls:     []string{"get_lock", "release_lock", "release_all_locks"},
		},

		NativeBool:       true,
		BoolAsCondition:  true,
		ConditionAsValue: true,
		DecimalParam:     "CAST({0} AS DECIMAL(65, {1}))",
		NativeUUID:       id.from(productMariaDB, 10, 7, 0),
		Limits:           dialect.ValueLimits{NoNaN: true, NoInfinity: true, PadsBinary: true, WideTimes: true, LocalTimes: true, MaxYear: 9999, MaxValue: id.packet},
		EmptySet:         "SELECT NULL FROM DUAL WHERE 1 = 0",
		EmptyIn:          "IN (SELECT NULL FROM DUAL WHERE 1 = 0)",
		EmptyNotIn:       "NOT IN (SELECT NULL FROM DUAL WHERE 1 = 0)",
		Casts: map[dialect.TypeKind]string{
			dialect.Boolean: "({0} <> 0)",
		},
		JSON: dialect.JSONForm{
			Text:   "JSON_UNQUOTE(NULLIF(JSON_EXTRACT({0}, {1}), CAST('null' AS JSON)))",
			Int:    "CAST(JSON_UNQUOTE(NULLIF(JSON_EXTRACT({0}, {1}), CAST('null' AS JSON))) AS SIGNED)",
			Float:  "(JSON_UNQUOTE(NULLIF(JSON_EXTRACT({0}, {1}), CAST('null' AS JSON))) + 0E0)",
			Bool:   "(JSON_UNQUOTE(NULLIF(JSON_EXTRACT({0}, {1}), CAST('null' AS JSON))) = 'true')",
			Value:  "JSON_EXTRACT({0}, {1})",
			Exists: "JSON_CONTAINS_PATH({0}, 'one', {1}) <=> 1", Null: "JSON_TYPE(JSON_EXTRACT({0}, {1})) = 'NULL'",
			Length: "CASE WHEN JSON_TYPE(JSON_EXTRACT({0}, {1})) = 'ARRAY' THEN JSON_LENGTH({0}, {1}) END",
			Array:  "JSON_ARRAY({*})", Object: "JSON_OBJECT({*})", Member: "{0}, {1}",
			Nested: "JSON_EXTRACT({0}, '$')", BoolNested: true, Param: "{0}",
			Contains: "JSON_CONTAINS({0}, {1})",
		},
		TryCasts: tryCasts,
		Match:    "MATCH ({0}) AGAINST ({1})",

		Functions: functions(id),
		Operators: operators,

		Paging:            dialect.LimitComma,
		PlainLimit:        true,
		WithTies:          id.product == productMariaDB && id.version.AtLeast(10, 6),
		InnerWord:         true,
		Quantified:        true,
		LimitAll:          "18446744073709551615",
		NullsSortLow:      true,
		CTE:               maria || id.from(productTiDB, 5, 1, 0) || mysql(8, 0, 0),
		CTENested:         true,
		NoOperandWith:     maria,
		CTEUpdate:         id.from(productMariaDB, 12, 3, 0) || id.from(productTiDB, 5, 1, 0) || mysql(8, 0, 0),
		RecursiveWord:     true,
		Intersect:         id.from(productTiDB, 5, 0, 0) || id.from(productMariaDB, 10, 3, 0) || mysql(8, 0, 31),
		SetAll:            id.from(productMariaDB, 10, 5, 0) || mysql(8, 0, 31),
		AliasAs:           true,
		RowValues:         true,
		RowIn:             dialect.RowInList,
		DistinctOrder:     dialect.DistinctOrderColumns, // with ONLY_FULL_GROUP_BY, the default
		GroupByLabels:     true,
		GroupSets:         dialect.WithRollup,
		Ungrouped:         dialect.UngroupedSaid, // MySQL follows unique keys and equalities of WHERE and ON
		AggregateQuery:    true,
		HavingAlone:       true,
		GroupByQuery:      true,
		RecursiveDistinct: true,
		NamedWindows:      true,
		FrameValues:       true,
		FrameParams:       !maria,
		LagDefault:        !maria,
		NthValue:          true,
		StringAggOrdered:  "group_concat({0} ORDER BY {2} SEPARATOR {1})",
		StringAggDistinct: true,
		BoolIsNumber:      true,
		IsBool:            true,
		Regexp:            "{0} REGEXP {1}",
		RegexpReplace:     "REGEXP_REPLACE({0}, {1}, {2})",
		IRegexp:           "REGEXP_LIKE({0}, {1}, 'i')",
		IRegexpReplace:    "REGEXP_REPLACE({0}, {1}, {2}, 1, 0, 'i')",
		ByteCollation:     "utf8mb4_bin",
		Hints:             dialect.IndexHints,
		IsDistinctFrom:    "NOT ({0} <=> {1})",
		IsNotDistinctFrom: "{0} <=> {1}",
		GroupByOrdinals:   true,

		Upsert:          dialect.OnDuplicateKey,
		InsertedRow:     "VALUES({0})",
		DefaultRow:      "() VALUES ()",
		DefaultInValues: true,
		InsertID:        dialect.FirstInsertID,
		UpdateJoin:      true,
		DeleteUsing:     true,
		UpdateLimit:     true,
		SetInTurn:       true,
		Prefixes:        prefixes,
		Own:             ownOf(id),
		UpdateAnyKey:    true,

		Isolation: dialect.Isolations(dialect.ReadUncommitted, dialect.ReadCommitted,
			dialect.RepeatableRead, dialect.Serializable),
		DefaultIsolation: dialect.RepeatableRead,
		SetSchema:        "USE {0}",
		ReadOnlyTx:       true,
		Savepoint:        "SAVEPOINT {0}", Release: "RELEASE SAVEPOINT {0}", RollbackTo: "ROLLBACK TO SAVEPOINT {0}",
		PreparedID: 64, // of MAXGTRIDSIZE

		IfNotExists: true, IfExists: true,
		Identity:           "AUTO_INCREMENT",
		Schemas:            true,
		AlterAddConstraint: true,
		Comments:           dialect.InlineComment,
		Computed:           "GENERATED ALWAYS AS ({0}) VIRTUAL",
		ComputedStored:     "GENERATED ALWAYS AS ({0}) STORED",
		ComputedNull:       maria,
		IdentityKey:        true,
		DefaultNow:         "CURRENT_TIMESTAMP(6)",
		DefaultNowDigits:   "CURRENT_TIMESTAMP({precision})",
		DDL:                newDDL(id),
	}
	if mysql(8, 0, 4) || id.from(productMariaDB, 10, 6, 0) {
		// Of a text, the collation would meet the column's as an equal.
		f.JSONList = "SELECT v FROM JSON_TABLE({0}, '$[*]' COLUMNS (v BIGINT PATH '$')) AS long_list"
		f.JSONRows, f.JSONColumn = "JSON_TABLE({0}, '$[*]' COLUMNS ({1})) AS long_list", "v{0} BIGINT PATH '$[{0}]'"
	}
	if id.charset {
		f.TableOptions = "DEFAULT CHARSET=utf8mb4"
	}
	if maria {
		f.TextParam = "CAST({0} AS CHAR)"
		f.IRegexp, f.IRegexpReplace = "{0} REGEXP CONCAT('(?i)', {1})", "REGEXP_REPLACE({0}, CONCAT('(?i)', {1}), {2})"
		// CONCAT, since a comparison with what JSON_EXTRACT gives ignores the
		// quotes: the text "null" would be null.
		f.JSON.Text = "JSON_UNQUOTE(NULLIF(CONCAT(JSON_EXTRACT({0}, {1})), 'null'))"
		f.JSON.Int = "CAST(JSON_UNQUOTE(NULLIF(CONCAT(JSON_EXTRACT({0}, {1})), 'null')) AS SIGNED)"
		f.JSON.Float = "(JSON_UNQUOTE(NULLIF(CONCAT(JSON_EXTRACT({0}, {1})), 'null')) + 0E0)"
		f.JSON.SpelledKeys = true // MDEV-29381 has hyphens
		f.JSON.Bool = "(NULLIF(JSON_EXTRACT({0}, {1}), 'null') = 'true')"
		f.Casts[dialect.JSON] = "JSON_EXTRACT({0}, '$')"
	}
	if id.product == productMySQL {
		// "Simple inserts" get consecutive keys in every innodb_autoinc_lock_mode.
		f.InsertIDStep = "SELECT @@auto_increment_increment"
	}
	switch {
	case maria:
		f.Locking = dialect.Locking{Update: "FOR UPDATE", Share: "LOCK IN SHARE MODE",
			NoWait: id.from(productMariaDB, 10, 3, 0), SkipLocked: id.from(productMariaDB, 10, 6, 0)}
		f.Returning = dialect.ReturningClause
		f.ReturningDelete = true
		f.ReturningInsert = id.from(productMariaDB, 10, 5, 0)
		f.ReturningUpdate = id.from(productMariaDB, 13, 0, 0) // of one table
		if id.from(productMariaDB, 12, 0, 0) {
			f.Hints |= dialect.OptimizerHints
		}
		f.CTE = id.from(productMariaDB, 10, 2, 0)
		f.NamedWindows = f.CTE
		f.DistinctOrder = dialect.DistinctOrderAny
		f.RollupUnordered = true
		if id.from(productMariaDB, 10, 3, 3) {
			f.OrderedSets = dialect.OrderedSetWindow
			f.ValuesQuery = true // its parameters would be empty
		}
	case tidb:
		// FOR SHARE and READ ONLY are refused there, or do nothing where
		// tidb_enable_noop_functions is on.
		f.Locking = dialect.Locking{Update: "FOR UPDATE", Of: true, NoWait: true}
		f.Isolation = dialect.Isolations(dialect.ReadCommitted, dialect.RepeatableRead)
		f.ReadOnlyTx = false
		f.Hints |= dialect.OptimizerHints
		f.FrameInterval = "INTERVAL {0} SECOND"
		f.Grouping, f.GroupingSeveral = "GROUPING({*})", "GROUPING({*})"
		f.PreparedID = 0
		f.Match = "" // it reads FULLTEXT and makes no such index
		if !id.from(productTiDB, 7, 4, 0) {
			f.GroupSets, f.Grouping, f.GroupingSeveral = dialect.NoGroupSets, "", ""
		}
		if !id.from(productTiDB, 6, 3, 0) {
			f.RegexpReplace, f.IRegexp, f.IRegexpReplace = "", foldedRegexp, ""
		}
		if !id.from(productTiDB, 6, 2, 0) {
			f.Savepoint, f.Release, f.RollbackTo = "", "", ""
		}
	case mysql(8, 0, 1):
		f.Hints |= dialect.OptimizerHints
		f.FrameInterval = "INTERVAL {0} SECOND"
		f.Grouping, f.GroupingSeveral = "GROUPING({*})", "GROUPING({*})"
		f.Locking = dialect.Locking{Update: "FOR UPDATE", Share: "FOR SHARE", Of: true, NoWait: true, SkipLocked: true}
		if mysql(8, 0, 14) {
			f.Lateral = dialect.LateralJoin
		}
		if mysql(8, 0, 19) {
			f.InsertedRow, f.UpsertAlias = "new.{0}", "new"
			f.Values, f.ValuesRow, f.ValuesQuery = dialect.ValuesNamed, "ROW", true
		}
	default:
		f.FrameValues, f.FrameParams, f.LagDefault, f.NthValue = false, false, false, false
		f.NamedWindows, f.RegexpReplace = false, "" // neither windows nor the functions of regular expressions
		f.IRegexp, f.IRegexpReplace = foldedRegexp, ""
		f.Hints |= dialect.OptimizerHints
		f.Locking = dialect.Locking{Update: "FOR UPDATE", Share: "LOCK IN SHARE MODE"}
	}
	return f
}

// foldedRegexp is a regular expression without regard to case, which is the
// collation's matter where there is no REGEXP_LIKE.
const foldedRegexp = "CONVERT({0} USING utf8mb4) COLLATE utf8mb4_general_ci REGEXP {1}"

// tryCasts look at the text first: CAST makes 0 of what is no number, or the
// nearest one, and no more than a warning.
var tryCasts = func() map[dialect.TypeKind]string {
	number := func(pattern, check, as string) string {
		return "CASE WHEN CAST({0} AS CHAR) REGEXP '^ *[+-]?" + pattern + " *$' AND " + check + " THEN CAST(TRIM({0}) AS " + as + ") END"
	}
	whole := func(from, to string) string {
		return number("[0-9]{1,60}", "CAST(TRIM({0}) AS DECIMAL(65)) BETWEEN "+from+" AND "+to, "SIGNED")
	}
	return map[dialect.TypeKind]string{
		dialect.SmallInt: whole("-32768", "32767"),
		dialect.Integer:  whole("-2147483648", "2147483647"),
		dialect.BigInt:   whole("-9223372036854775808", "9223372036854775807"),
		dialect.Decimal: number("([0-9]{1,30}[.]?[0-9]{0,30}|[.][0-9]{1,30})",
			"ABS(ROUND(CAST(TRIM({0}) AS DECIMAL(65, 30)), {3})) <= {4}", "{1}"),
		dialect.Char: "CAST({0} AS {1})", dialect.Varchar: "CAST({0} AS {1})", dialect.Clob: "CAST({0} AS {1})",
	}
}()

// prefixes are the words of INSERT, UPDATE, DELETE and SELECT, in the order of
// their grammar.
var prefixes = []dialect.Prefix{
	{Word: "LOW_PRIORITY", Verbs: dialect.InsertVerb | dialect.UpdateVerb | dialect.DeleteVerb, Group: 1},
	{Word: "HIGH_PRIORITY", Verbs: dialect.InsertVerb, Group: 1},
	{Word: "QUICK", Verbs: dialect.DeleteVerb, Group: 2},
	{Word: "REPLACE", Verbs: dialect.InsertVerb, Group: 3, InPlace: true, Without: "HIGH_PRIORITY"},
	{Word: "IGNORE", Verbs: dialect.InsertVerb | dialect.UpdateVerb | dialect.DeleteVerb, Group: 3},
	{Word: "STRAIGHT_JOIN", Verbs: dialect.SelectVerb, Group: 4},
	{Word: "SQL_SMALL_RESULT", Verbs: dialect.SelectVerb, Group: 5},
	{Word: "SQL_BIG_RESULT", Verbs: dialect.SelectVerb, Group: 5},
	{Word: "SQL_BUFFER_RESULT", Verbs: dialect.SelectVerb, Group: 6},
	{Word: "SQL_NO_CACHE", Verbs: dialect.SelectVerb, Group: 7},
}

// operators are those that are functions or other operators here.
var operators = map[string]string{
	"||":  "concat({0}, {1})",
	"div": "{0} DIV {1}",
	// Of whole numbers and decimals / has four digits more than its left side.
	"truediv":  "{0} / ({1} + 0E0)",
	"floordiv": "({0} DIV {1} - ({0} % {1} <> 0 AND ({0} < 0) <> ({1} < 0)))", // a float would not be exact
	"~":        "{0} REGEXP {1}",
	// The operators of bits have no sign, which >> brings back.
	"&":      "CAST({0} & {1} AS SIGNED)",
	"|":      "CAST({0} | {1} AS SIGNED)",
	"^":      "CAST({0} ^ {1} AS SIGNED)",
	"<<":     "CAST({0} << {1} AS SIGNED)",
	">>":     "CAST(({0} >> {1}) | (-({0} < 0) << (64 - {1})) AS SIGNED)",
	"bitnot": "CAST(~{0} AS SIGNED)",
	"!~":     "{0} NOT REGEXP {1}",
}

// reserved are the words that MySQL 8.4, MariaDB 12.3 or TiDB reserves. One list
// for all of them: a name has the same quotes on each.
var reserved = dialect.Words(`
accessible add all alter analyze and array as asc asensitive before between bigint binary blob both by call cascade case change
char character check collate column condition constraint continue conversion convert create cross cube cume_dist current_date
current_role current_time current_timestamp current_user cursor database databases day_hour day_microsecond day_minute
day_second dec decimal declare default delayed delete delete_domain_id dense_rank desc describe deterministic distinct
distinctrow div do_domain_ids double drop dual each else elseif empty enclosed escaped except exists exit explain false fetch
first_value float float4 float8 for force foreign from fulltext function general generated get grant group grouping groups having
high_priority hour_microsecond hour_minute hour_second if ignore ignore_domain_ids ilike in index infile inner inout insensitive
insert int int1 int2 int3 int4 int8 integer intersect interval into io_after_gtids io_before_gtids is iterate join
json_table key keys kill lag last_value lateral lead leading leave left library like limit linear lines load localtime
localtimestamp lock long longblob longtext loop low_priority manual master_bind master_demote_to_replica
master_demote_to_slave master_ssl_verify_server_cert match maxvalue mediumblob mediumint mediumtext member middleint
minute_microsecond minute_second mod modifies natural no_write_to_binlog not nth_value ntile null numeric of offset on
optimize optimizer_costs option optionally or order out outer outfile over page_checksum parallel parse_vcol_expr partition
percent_rank portion precision primary procedure purge qualify range rank read read_write reads real recursive
ref_system_id references regexp release rename repeat replace require resignal restrict return returning revoke right
rlike row row_number rows schema schemas second_microsecond select sensitive separator set show signal slow smallint spatial
specific sql sql_big_result sql_buffer_result sql_cache sql_calc_found_rows sql_no_cache sql_small_result sqlexception
sqlstate sqlwarning ssl starting stats_auto_recalc stats_persistent stats_sample_pages stored straight_join system table
tablesample terminated then tinyblob tinyint tinytext to to_date trailing trigger true undo union unique unlock unsigned update
usage use using utc_date utc_time utc_timestamp values varbinary varchar varcharacter varying vector virtual when where
while window with write xor year_month zerofill
`)
