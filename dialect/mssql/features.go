package mssql

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/merge"
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
		Functions:  functions(at),
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
		InsertedRow:     merge.Row,
		DefaultRow:      "DEFAULT VALUES",
		DefaultInValues: true,
		UpdateFrom:      true,
		DeleteFrom:      true,

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
	if at(16) {
		f.IsDistinctFrom = "{0} IS DISTINCT FROM {1}"
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
