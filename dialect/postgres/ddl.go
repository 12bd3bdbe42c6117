package postgres

import "github.com/sqlayer-go/sqlayer/dialect"

// ddl is what PostgreSQL's DDL can express.
var ddl = dialect.DDL{
	IdentityNotNull: true,
	IdentityAlways:  "GENERATED ALWAYS AS IDENTITY",
	Counting:        dialect.CountingWords,
	NamedEnums:      true,
	OwnTypes:        ownTypes,

	DeferForeignKeys: true, DeferKeys: true, MatchFull: true,

	IndexExpression: "{0}",
	IndexWhere:      true, IndexWhereLast: true, IndexInclude: true, IndexNulls: true, IndexCollation: true,

	AddColumn: "ADD COLUMN",

	NextValue:         "nextval({1})",
	Temporary:         "TEMPORARY",
	TemporarySchema:   "pg_temp",
	TemporaryViews:    true,
	NoColumns:         true,
	RepeatedForeign:   true,
	IndexDesc:         true,
	MaterializedViews: true,
	ReplaceView:       "CREATE OR REPLACE VIEW",
	CreateSchema:      true,
	DropSchema:        dialect.DropSchemaEither,
	IfNotExists: dialect.IndexObject | dialect.MaterializedViewObject | dialect.SequenceObject | dialect.SchemaObject |
		dialect.ColumnObject,
	IfExists: dialect.IndexObject | dialect.ViewObject | dialect.MaterializedViewObject | dialect.SequenceObject |
		dialect.SchemaObject | dialect.EnumObject | dialect.ColumnObject | dialect.ConstraintObject,

	Options: map[string]string{
		"create.unlogged":        "UNLOGGED",
		"table.partition_by":     "PARTITION BY {0} ({1})",
		"table.access_method":    "USING {0}",
		"table.with":             "WITH ({0})",
		"table.on_commit":        "ON COMMIT {0}",
		"table.tablespace":       "TABLESPACE {0}",
		"table.inherits":         "INHERITS ({0})",
		"indexon.method":         "USING {0}",
		"index.with":             "WITH ({0})",
		"index.tablespace":       "TABLESPACE {0}",
		"indexname.concurrently": "CONCURRENTLY",
		"index.nulls_distinct":   "NULLS NOT DISTINCT",
		"part.operator_class":    "{0}",
		"key.nulls_not_distinct": "NULLS NOT DISTINCT",
		"constraint.exclude":     "EXCLUDE USING {0} ({1})",
		"column.storage":         "STORAGE {0}",
		"column.compression":     "COMPRESSION {0}",
	},
}

// ownTypes are the types that PostgreSQL has and not every database.
var ownTypes = dialect.Words(`serial bigserial smallserial time inet cidr macaddr macaddr8 bit varbit tsvector tsquery json jsonb jsonpath xml money oid regclass
name citext hstore ltree int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange
tsmultirange tstzmultirange datemultirange point line lseg box path polygon circle pg_lsn`)
