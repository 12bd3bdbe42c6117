package ms

import (
	"fmt"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// Types of columns. (Transact-SQL reference, Data types.)
var (
	TinyInt          = schema.OwnType("TINYINT")
	Money            = schema.OwnType("MONEY")
	SmallMoney       = schema.OwnType("SMALLMONEY")
	DateTime         = schema.OwnType("DATETIME")
	SmallDateTime    = schema.OwnType("SMALLDATETIME")
	DateTimeOffset   = schema.OwnType("DATETIMEOFFSET")
	UniqueIdentifier = schema.OwnType("UNIQUEIDENTIFIER")
	NVarcharMax      = schema.OwnType("NVARCHAR(max)")
	VarbinaryMax     = schema.OwnType("VARBINARY(max)")
	XML              = schema.OwnType("XML")
	RowVersion       = schema.OwnType("ROWVERSION")
	HierarchyID      = schema.OwnType("HIERARCHYID")
)

// DateTime2 is DATETIME2(n), with n fractional digits.
func DateTime2(n int) dialect.Type { return schema.OwnType(fmt.Sprintf("DATETIME2(%d)", n)) }

// Varchar is VARCHAR(n), in the code page of its collation: n bytes, and not every text.
func Varchar(n int) dialect.Type { return schema.OwnType(fmt.Sprintf("VARCHAR(%d)", n)) }

// On is the filegroup that keeps a table.
func On(filegroup string) schema.Option { return schema.NewOption("table.on", schema.Name(filegroup)) }

// With is an option of a table: With("DATA_COMPRESSION", "PAGE").
func With(name, value string) schema.Option {
	return schema.NewOption("table.with", schema.Sequel{schema.Word(name), schema.Word("="), schema.Word(value)})
}

// Clustered keeps the rows in the order of the index.
func Clustered() schema.Option { return schema.NewOption("indexkind.clustered") }

// IndexWith is an option of an index: IndexWith("FILLFACTOR", "80").
func IndexWith(name, value string) schema.Option {
	return schema.NewOption("index.with", schema.Sequel{schema.Word(name), schema.Word("="), schema.Word(value)})
}

// KeyClustered keeps the rows in the order of a key.
func KeyClustered() schema.Option { return schema.NewOption("key.clustered") }

// KeyNonclustered keeps a key apart from the order of the rows.
func KeyNonclustered() schema.Option { return schema.NewOption("key.nonclustered") }

// Sparse keeps no room for NULLs of a column.
func Sparse() schema.Option { return schema.NewOption("early.sparse") }
