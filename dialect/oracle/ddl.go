package oracle

import "github.com/sqlayer-go/sqlayer/dialect"

// newDDL says what a version's DDL can express.
func newDDL(v dialect.Version) dialect.DDL {
	d := dialect.DDL{
		IdentityNotNull: true,
		IdentityAlways:  "GENERATED ALWAYS AS IDENTITY",
		Counting:        dialect.CountingWords,
		LooseBool:       !v.AtLeast(23, 0), LooseEnum: true,
		OptionOrder: []string{"table.on_commit", "table.organization_index", "table.tablespace", "table.compress", "table.partitions"},
		OwnTypes:    ownTypes,
		SameTypes: map[string]string{"smallint": "integer", "number(*,0)": "integer", "timestamp": "timestamp(6)",
			"timestampwithtimezone": "timestamp(6)withtimezone"},

		DeferForeignKeys: true, DeferKeys: true,
		CascadePaths: true,

		IndexExpression: "{0}",

		AddColumn: "ADD",

		NextValue:         "{0}.nextval",
		NoSequenceCache:   "NOCACHE",
		SequenceCache:     20,
		MaterializedViews: true,
		ReplaceView:       "CREATE OR REPLACE VIEW",

		Options: map[string]string{
			"create.global_temporary":  "GLOBAL TEMPORARY",
			"table.on_commit":          "ON COMMIT {0}",
			"table.tablespace":         "TABLESPACE {0}",
			"table.compress":           "COMPRESS",
			"table.organization_index": "ORGANIZATION INDEX",
			"table.partitions":         "PARTITION BY {0} ({1}) PARTITIONS {2}",
			"indexkind.bitmap":         "BITMAP",
			"index.reverse":            "REVERSE",
			"index.compress":           "COMPRESS {0}",
			"index.tablespace":         "TABLESPACE {0}",
			"column.invisible":         "INVISIBLE",
		},
	}
	if v.AtLeast(23, 0) {
		all := dialect.IndexObject | dialect.ViewObject | dialect.MaterializedViewObject | dialect.SequenceObject
		d.IfNotExists, d.IfExists = all, all
	}
	return d
}

// ownTypes are the types that Oracle has and not every database.
var ownTypes = dialect.Words(`number float binary_float binary_double varchar2 nvarchar2 char nchar clob nclob blob bfile raw long
date timestamp interval rowid urowid xmltype json vector`)
