package ora

import (
	"fmt"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// Types of columns. (SQL Language Reference, Data Types.)
var (
	Clob         = schema.OwnType("CLOB")
	NClob        = schema.OwnType("NCLOB")
	BinaryFloat  = schema.OwnType("BINARY_FLOAT")
	BinaryDouble = schema.OwnType("BINARY_DOUBLE")
	Rowid        = schema.OwnType("ROWID")
	XMLType      = schema.OwnType("XMLTYPE")
	// LocalTimestamp is kept in the database's zone and shown in the session's.
	LocalTimestamp = schema.OwnType("TIMESTAMP WITH LOCAL TIME ZONE")
)

// Number is NUMBER(precision) or, with a scale, NUMBER(precision, scale).
func Number(precision int, scale ...int) dialect.Type {
	if len(scale) > 0 {
		return schema.OwnType(fmt.Sprintf("NUMBER(%d, %d)", precision, scale[0]))
	}
	return schema.OwnType(fmt.Sprintf("NUMBER(%d)", precision))
}

// Varchar2 is VARCHAR2(n CHAR).
func Varchar2(n int) dialect.Type { return schema.OwnType(fmt.Sprintf("VARCHAR2(%d CHAR)", n)) }

// Raw is RAW(n).
func Raw(n int) dialect.Type { return schema.OwnType(fmt.Sprintf("RAW(%d)", n)) }

// DaySecond is INTERVAL DAY(days) TO SECOND(fraction).
func DaySecond(days, fraction int) dialect.Type {
	return schema.OwnType(fmt.Sprintf("INTERVAL DAY(%d) TO SECOND(%d)", days, fraction))
}

// GlobalTemporary makes a table whose rows each session has for itself.
func GlobalTemporary() schema.Option { return schema.NewOption("create.global_temporary") }

// OnCommit says what becomes of the rows of a temporary table at the end of a
// transaction: "DELETE ROWS" or "PRESERVE ROWS".
func OnCommit(action string) schema.Option {
	return schema.NewOption("table.on_commit", schema.Word(action))
}

// Tablespace is where a table is kept.
func Tablespace(name string) schema.Option {
	return schema.NewOption("table.tablespace", schema.Name(name))
}

// Compress keeps a table compressed.
func Compress() schema.Option { return schema.NewOption("table.compress") }

// OrganizationIndex keeps a table's rows by their primary key alone.
func OrganizationIndex() schema.Option { return schema.NewOption("table.organization_index") }

// PartitionByHash partitions a table into so many parts by a hash of columns.
func PartitionByHash(parts int, by ...expr.Any) schema.Option {
	var l schema.List
	for _, e := range by {
		l = append(l, e)
	}
	return schema.NewOption("table.partitions", schema.Word("HASH"), l, parts)
}

// Bitmap makes a bitmap index.
func Bitmap() schema.Option { return schema.NewOption("indexkind.bitmap") }

// Reverse keeps an index by the reversed bytes of its keys.
func Reverse() schema.Option { return schema.NewOption("index.reverse") }

// IndexTablespace is where an index is kept.
func IndexTablespace(name string) schema.Option {
	return schema.NewOption("index.tablespace", schema.Name(name))
}
