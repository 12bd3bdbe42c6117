package mssql

import "github.com/sqlayer-go/sqlayer/dialect"

// ddl is what SQL Server's DDL can express.
var ddl = dialect.DDL{
	NotNullFirst: true,
	NullWord:     dialect.Words("*"), // what a session takes for granted can be set: ANSI_NULL_DFLT_ON
	Counting:     dialect.CountingPair,
	LooseEnum:    true,
	OptionOrder:  []string{"table.on", "table.with"},
	OwnTypes:     ownTypes,
	SameTypes: map[string]string{"int": "integer", "float": "float(53)", "datetime2": "datetime2(7)", "time": "time(7)",
		"datetimeoffset": "datetimeoffset(7)"},

	SetDefault: true,

	IndexWhere: true, IndexInclude: true,
	DropIndexOn: true,

	AddColumn: "ADD",

	NextValue:       "NEXT VALUE FOR {0}",
	NoSequenceCache: "NO CACHE",
	TemporaryPrefix: "#",
	TemporarySchema: "tempdb",
	ReplaceView:     "CREATE OR ALTER VIEW",
	SelectInto:      true,
	CreateSchema:    true,
	DropSchema:      dialect.DropSchemaEmpty,
	IfExists: dialect.IndexObject | dialect.ViewObject | dialect.SequenceObject | dialect.SchemaObject | dialect.ColumnObject |
		dialect.ConstraintObject,

	Options: map[string]string{
		"table.on":            "ON {0}",
		"table.with":          "WITH ({0})",
		"indexkind.clustered": "CLUSTERED",
		"index.with":          "WITH ({0})",
		"index.on":            "ON {0}",
		"key.clustered":       "CLUSTERED",
		"key.nonclustered":    "NONCLUSTERED",
		"early.sparse":        "SPARSE",
		"comment.constraint":  "",
		"comment.index":       "",
		"column.rowguid":      "ROWGUIDCOL",
	},
}

// ownTypes are the types that SQL Server has and not every database.
var ownTypes = dialect.Words(`tinyint money smallmoney datetime datetime2 smalldatetime datetimeoffset uniqueidentifier nvarchar
varchar nchar char varbinary binary xml sql_variant hierarchyid geography geometry rowversion image text ntext bit float real
sysname`)
