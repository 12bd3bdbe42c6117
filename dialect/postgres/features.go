package postgres

import (
	"maps"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// features is what the SQL of v can express.
func features(v variant) dialect.Features {
	f := dialect.Features{
		Version: v.version,

		Placeholder:       dialect.Dollar,
		ReusePlaceholders: true,
		MaxParams:         65535,

		QuoteOpen: '"', QuoteClose: '"',
		MaxIdent:      63,
		Reserved:      reserved,
		DefaultSchema: "public",

		Lexical: dialect.Lexical{
			EscapeStrings: true, BackslashEscapes: v.escapes, DollarQuotes: true, NestedComments: true, ReturnEndsLine: true,
			SessionCalls: []string{
				"pg_advisory_lock", "pg_advisory_lock_shared", "pg_try_advisory_lock", "pg_try_advisory_lock_shared",
				"pg_advisory_unlock", "pg_advisory_unlock_shared", "pg_advisory_unlock_all",
				"set_config", "setseed", "dblink_connect", "dblink_connect_u",
			},
		},

		NativeBool:       true,
		BoolAsCondition:  true,
		ConditionAsValue: true,
		TimeTZ:           true,
		NativeUUID:       true,
		Intervals:        true,
		Limits:           dialect.ValueLimits{NoNUL: true, TimeWords: true, MinYear: -4712, MaxYear: 294276},
		EmptySet:         "SELECT NULL WHERE FALSE",
		EmptyIn:          "= ANY ('{}')",
		EmptyNotIn:       "<> ALL ('{}')",

		UntypedParams: true,
		Own:           own,
		JSON: dialect.JSONForm{
			Arrows: true,
			Text:   "{0}", Int: "CAST({0} AS BIGINT)", Float: "CAST({0} AS DOUBLE PRECISION)", Bool: "CAST({0} AS BOOLEAN)", Value: "{1}",
			Exists: "{1} IS NOT NULL", Null: "JSONB_TYPEOF(CAST({1} AS JSONB)) = 'null'", Length: "CASE WHEN JSONB_TYPEOF(CAST({1} AS JSONB)) = 'array' THEN JSONB_ARRAY_LENGTH(CAST({1} AS JSONB)) END",
			Array: "JSONB_BUILD_ARRAY({*})", Object: "JSONB_BUILD_OBJECT({*})", Member: "{0}, {1}", Nested: "{0}",
			Each: "JSONB_EACH(CAST({0} AS JSONB))", Param: "CAST({0} AS JSONB)", Contains: "CAST({0} AS JSONB) @> {1}",
		},
		TableFunction: "{0}",
		Arrays:        true,
		Ranges:        true,
		Match:         "TO_TSVECTOR({0}) @@ PLAINTO_TSQUERY({1})",

		Functions: functions(v), GreatestSkipsNulls: true,
		Operators: operators,

		Paging:        dialect.LimitOffset,
		WithTies:      v.product != productCockroach && v.compat.AtLeast(13, 0),
		FetchParens:   true,
		Quantified:    true,
		NullsOrdering: true,
		FullJoin:      true,
		Lateral:       dialect.LateralJoin,
		Locking: dialect.Locking{
			Update: "FOR UPDATE", Share: "FOR SHARE", Of: true, NoWait: true, SkipLocked: true,
			NoKeyUpdate: "FOR NO KEY UPDATE", KeyShare: "FOR KEY SHARE", NotGrouped: true,
		},
		CTE: true, CTENested: true, CTEInsert: true, CTEUpdate: true, RecursiveWord: true,
		Intersect:         true,
		SetAll:            true,
		DistinctOn:        true,
		AggregateFilter:   true,
		FrameGroups:       true,
		AliasAs:           true,
		RowValues:         true,
		RowIn:             dialect.RowInList,
		AnyArray:          true,
		GroupByLabels:     true,
		GroupSets:         dialect.GroupSets,
		Grouping:          "GROUPING({*})",
		GroupingSeveral:   "GROUPING({*})",
		Values:            dialect.ValuesNamed,
		ValuesQuery:       true,
		CTEMaterialized:   v.compat.AtLeast(12, 0) || v.product == productCockroach,
		CTEWrites:         true,
		Ungrouped:         dialect.UngroupedOfKey,
		AggregateQuery:    true,
		HavingAlone:       true,
		GroupByQuery:      true,
		RecursiveDistinct: true,
		RecursiveSearch:   v.compat.AtLeast(14, 0),
		NamedWindows:      true,
		FrameExclude:      true,
		FrameValues:       true,
		FrameParams:       true,
		FrameInterval:     "INTERVAL '{0} seconds'",
		LagDefault:        true,
		LimitedRows:       true,
		NthValue:          true,
		IgnoreNulls:       v.compat.AtLeast(19, 0),
		OrderedSets:       dialect.OrderedSetAggregate,
		AggregateOrder:    true,
		StringAggOrdered:  "string_agg({0}, {1} ORDER BY {2})",
		StringAggDistinct: true,
		StringAggOver:     true,
		Sample:            dialect.TableSample,
		Only:              true,
		BetweenSymmetric:  true,
		IsBool:            true,
		Regexp:            "{0} ~ {1}",
		RegexpReplace:     "REGEXP_REPLACE({0}, {1}, {2}, 'g')",
		IRegexp:           "{0} ~* {1}",
		IRegexpReplace:    "REGEXP_REPLACE({0}, {1}, {2}, 'gi')",
		IsDistinctFrom:    "{0} IS DISTINCT FROM {1}",
		IsNotDistinctFrom: "{0} IS NOT DISTINCT FROM {1}",
		ILike:             "{0} ILIKE {1}",
		GroupByOrdinals:   true,

		Returning:       dialect.ReturningClause,
		ReturningInsert: true, ReturningUpdate: true, ReturningDelete: true,
		Upsert:          dialect.OnConflict,
		InsertedRow:     "excluded",
		DefaultRow:      "DEFAULT VALUES",
		DefaultInValues: true,
		UpdateFrom:      true,
		DeleteUsing:     true,
		ConflictWhere:   true, ConflictConstraint: true,
		Merging: merging(v),

		Isolation: dialect.Isolations(dialect.ReadUncommitted, dialect.ReadCommitted,
			dialect.RepeatableRead, dialect.Snapshot, dialect.Serializable),
		DefaultIsolation: dialect.ReadCommitted,
		SetSchema:        "SET search_path TO {0}",
		ReadOnlyTx:       true, DeferrableTx: true,
		Savepoint: "SAVEPOINT {0}", Release: "RELEASE SAVEPOINT {0}", RollbackTo: "ROLLBACK TO SAVEPOINT {0}",
		AbortsOnError:    true,
		TransactionalDDL: true,
		PreparedID:       199, // GIDSIZE, with a NUL at the end

		IfNotExists: true, IfExists: true,
		Identity: "GENERATED BY DEFAULT AS IDENTITY",
		Schemas:  true, AlterAddConstraint: true,
		Comments:    dialect.CommentOn,
		DefaultNow:  "CURRENT_TIMESTAMP",
		DropCascade: "CASCADE",
		DDL:         newDDL(v),
	}
	if f.RecursiveSearch {
		f.RecursiveCycle = "SET {0} USING {1}"
	}
	if v.compat.AtLeast(12, 0) {
		f.ComputedStored = "GENERATED ALWAYS AS ({0}) STORED"
	}
	if v.compat.AtLeast(14, 0) {
		f.Own = own14
	}
	if v.compat.AtLeast(16, 0) && v.product != productCockroach {
		// The CASE stands within the CAST: PostgreSQL would compute a CAST of
		// constants before it knows which branch is due.
		f.TryCast = "CAST(CASE WHEN PG_INPUT_IS_VALID(CAST({0} AS TEXT), {2}) THEN CAST({0} AS TEXT) END AS {1})"
		f.TryCasts = tryTexts
	} else {
		f.TryCasts = tryCasts
	}
	if v.compat.AtLeast(18, 0) || v.product == productCockroach {
		f.Computed = "GENERATED ALWAYS AS ({0}) VIRTUAL"
	}
	if v.product == productYugabyte {
		f.PreparedID = 0
		f.TransactionalDDL = false // each statement of DDL is a transaction of its own
	}
	if v.product == productCockroach {
		f.Own = ownCockroach
		f.Ranges = false
		f.Reserved = maps.Clone(f.Reserved)
		maps.Copy(f.Reserved, reservedCockroach)
		f.NullsSortLow = true
		f.GroupSets, f.Grouping, f.GroupingSeveral, f.Sample = dialect.NoGroupSets, "", "", dialect.NoSample
		f.DeferrableTx = false
		f.DefaultIsolation = dialect.Serializable
		f.TransactionalDDL = false
		f.PreparedID = 0 // from 25.1 to 26.1 there is one; 26.2 puts it behind a setting that it calls unsafe
		f.Isolation = dialect.Isolations(dialect.ReadCommitted, dialect.RepeatableRead, dialect.Snapshot, dialect.Serializable)
		f.EmptyIn, f.EmptyNotIn = "IN (SELECT NULL WHERE FALSE)", "NOT IN (SELECT NULL WHERE FALSE)"
	}
	return f
}

// operators has the operators that PostgreSQL spells in a way of its own.
var operators = map[string]string{
	"^":      "{0} # {1}",
	"xor":    "({0} # {1})",
	"regexp": "{0} ~ {1}",
	"div":    "DIV({0}, {1})",
	// Of two whole numbers it is one; DIV makes a numeric.
	"wholediv": "{0} / {1}",
	"fmod":     "CAST(MOD(CAST({0} AS NUMERIC), CAST({1} AS NUMERIC)) AS DOUBLE PRECISION)",
	// Two whole numbers would give a whole one.
	"truediv": "{0} / CAST({1} AS NUMERIC)",
}

// tryTexts are the types that every value has a form in: what is too long is cut off.
var tryTexts = map[dialect.TypeKind]string{
	dialect.Char: "CAST({0} AS {1})", dialect.Varchar: "CAST({0} AS {1})", dialect.Clob: "CAST({0} AS {1})",
}

// tryCasts stand for pg_input_is_valid, which came with version 16.
var tryCasts = func() map[dialect.TypeKind]string {
	casts := maps.Clone(tryTexts)
	number := func(pattern, check string) string {
		return "CAST(CASE WHEN CAST({0} AS TEXT) ~ '^[[:space:]]*[+-]?" + pattern + "[[:space:]]*$' THEN CASE WHEN " +
			check + " THEN CAST({0} AS TEXT) END END AS {1})"
	}
	whole := func(from, to string) string {
		return number("[0-9]+", "CAST(CAST({0} AS TEXT) AS NUMERIC) BETWEEN "+from+" AND "+to)
	}
	casts[dialect.SmallInt] = whole("-32768", "32767")
	casts[dialect.Integer] = whole("-2147483648", "2147483647")
	casts[dialect.BigInt] = whole("-9223372036854775808", "9223372036854775807")
	casts[dialect.Decimal] = number("([0-9]+[.]?[0-9]*|[.][0-9]+)", "ABS(ROUND(CAST(CAST({0} AS TEXT) AS NUMERIC), {3})) <= {4}")
	return casts
}()

// merging is what MERGE can say: PostgreSQL has it from 15, and RETURNING and
// NOT MATCHED BY SOURCE from 17.
func merging(v variant) dialect.Merging {
	if v.product != productPostgres || !v.version.AtLeast(15, 0) {
		return dialect.Merging{}
	}
	late := v.version.AtLeast(17, 0)
	return dialect.Merging{Statement: true, Delete: true, DoNothing: true, BySource: late, Returning: late, SourceRows: late}
}
