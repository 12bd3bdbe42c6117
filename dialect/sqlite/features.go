package sqlite

import (
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
		FrameGroups:       v.AtLeast(3, 28),
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
