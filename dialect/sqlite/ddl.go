package sqlite

import "github.com/sqlayer-go/sqlayer/dialect"

// newDDL says what a version's DDL can express.
func newDDL(v dialect.Version) dialect.DDL {
	d := dialect.DDL{
		LooseBool: true, LooseEnum: true,

		DeferForeignKeys: true,
		CascadePaths:     true, SetDefault: true,

		IndexExpression: "{0}",
		IndexWhere:      true, IndexCollation: true,

		AddColumn: "ADD COLUMN",
		NoDropKey: true,

		Temporary:       "TEMPORARY",
		TemporarySchema: "temp",
		TemporaryViews:  true,
		RepeatedForeign: true,
		IndexDesc:       true,
		IfNotExists:     dialect.IndexObject | dialect.ViewObject,
		IfExists:        dialect.IndexObject | dialect.ViewObject,

		OptionSeparator: ", ",
		Options: map[string]string{
			"table.without_rowid": "WITHOUT ROWID",
			"column.on_conflict":  "ON CONFLICT {0}",
			"key.on_conflict":     "ON CONFLICT {0}",

			"type.none":              "",
			"identity.autoincrement": "PRIMARY KEY AUTOINCREMENT",
		},
	}
	if v.AtLeast(3, 37) {
		d.Options["table.strict"] = "STRICT"
	}
	return d
}
