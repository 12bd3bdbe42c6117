package postgres

import (
	"maps"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// newDDL is what the DDL of v can express.
func newDDL(v variant) dialect.DDL {
	d := ddl
	d.Options = maps.Clone(ddl.Options)
	without := func(names ...string) {
		for _, n := range names {
			delete(d.Options, n)
		}
	}
	at := func(major int, names ...string) {
		if !v.compat.AtLeast(major, 0) {
			without(names...)
		}
	}
	at(11, "keyend.include")
	at(12, "table.access_method")
	at(14, "type.compression")
	at(15, "index.nulls_distinct", "key.nulls_not_distinct")
	at(16, "type.storage") // ALTER TABLE alone has it before
	switch v.product {
	case productYugabyte:
		d.DeferKeys = false
		without("constraint.exclude", "constraint.excluded")
	case productCockroach: // its constraint_elem, index_elem and create_table_stmt
		d.DeferKeys, d.DeferForeignKeys = false, false
		d.IndexCollation = false
		d.IndexNulls = false          // it takes the order that it has anyway, and refuses the other one
		without("table.partition_by", // its partitions are listed behind it
			"table.access_method", "table.tablespace", "table.inherits", "index.tablespace", "constraint.exclude", "constraint.excluded",
			"table.partitioned", "attach.partition", "domain.create", "comment.domain")
	}
	return d
}

// ddl is what the newest PostgreSQL's DDL can express.
var ddl = dialect.DDL{
	IdentityNotNull: true,
	IdentityAlways:  "GENERATED ALWAYS AS IDENTITY",
	Counting:        dialect.CountingWords,
	NamedEnums:      true,
	OptionOrder:     []string{"table.partition_by", "table.partitioned", "table.access_method", "table.with", "table.storage", "table.on_commit", "table.tablespace"},
	OwnTypes:        ownTypes,

	DeferForeignKeys: true, DeferKeys: true, MatchFull: true,
	CascadePaths: true, SetDefault: true,

	IndexExpression: "{0}",
	IndexWhere:      true, IndexWhereLast: true, IndexInclude: true, IndexNulls: true, IndexCollation: true,

	AddColumn: "ADD COLUMN",

	NextValue:         "nextval({1})",
	SequenceCache:     1,
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
		"table.partitioned":      "PARTITION BY {0}",
		"table.with":             "WITH ({0})",
		"table.storage":          "WITH ({0})",
		"table.on_commit":        "ON COMMIT {0}",
		"table.tablespace":       "TABLESPACE {0}",
		"table.inherits":         "INHERITS ({0})",
		"indexon.method":         "USING {0}",
		"index.with":             "WITH ({0})",
		"index.storage":          "WITH ({0})",
		"index.tablespace":       "TABLESPACE {0}",
		"indexname.concurrently": "CONCURRENTLY",
		"index.nulls_distinct":   "NULLS NOT DISTINCT",
		"part.operator_class":    "{0}",
		"key.nulls_not_distinct": "NULLS NOT DISTINCT",
		"keyend.include":         "INCLUDE ({0})",
		"constraint.exclude":     "EXCLUDE USING {0} ({1})",
		"constraint.excluded":    "{0}",
		"attach.partition":       "ALTER TABLE {0} ATTACH PARTITION {1} {2}",
		"comment.constraint":     "COMMENT ON CONSTRAINT {0} ON {1} IS {2}",
		"comment.index":          "COMMENT ON INDEX {0} IS {2}",
		"comment.sequence":       "COMMENT ON SEQUENCE {0} IS {1}",
		"domain.create":          "CREATE DOMAIN {0} AS {1}",
		"comment.domain":         "COMMENT ON DOMAIN {0} IS {1}",
		"comment.type":           "COMMENT ON TYPE {0} IS {1}",
		"type.storage":           "STORAGE {0}",
		"type.compression":       "COMPRESSION {0}",
	},
}

// ownTypes are the types that PostgreSQL has and not every database.
var ownTypes = dialect.Words(`serial bigserial smallserial time inet cidr macaddr macaddr8 bit varbit tsvector tsquery json jsonb jsonpath xml money oid regclass
name citext hstore ltree int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange
tsmultirange tstzmultirange datemultirange point line lseg box path polygon circle pg_lsn`)
