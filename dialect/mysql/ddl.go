package mysql

import "github.com/sqlayer-go/sqlayer/dialect"

// newDDL says what a server's DDL can express.
func newDDL(id identity) dialect.DDL {
	maria := id.product == productMariaDB
	d := dialect.DDL{
		NotNullFirst: true,
		NullWord:     dialect.Words("timestamp"), // NOT NULL by itself, unless explicit_defaults_for_timestamp is on
		Counting:     dialect.CountingTable,
		LooseBool:    true,
		OptionOrder:  []string{"table.partitions", "table.divided"},
		OwnTypes:     ownTypes,

		CascadePaths: true,

		IndexLength: true,
		DropIndexOn: true,
		AddColumn:   "ADD COLUMN",

		Temporary:          "TEMPORARY",
		ShortComments:      true, // they are utf8mb3
		ForeignKeyIndex:    true,
		RestrictIsNoAction: maria,
		IndexDesc:          id.from(productMariaDB, 10, 8, 0) || id.from(productMySQL, 8, 0, 0),
		ReplaceView:        "CREATE OR REPLACE VIEW",
		CreateSchema:       true,
		DropSchema:         dialect.DropSchemaCascade,
		IfNotExists:        dialect.SchemaObject,
		IfExists:           dialect.ViewObject | dialect.SchemaObject,

		Options: map[string]string{
			"table.engine":       "ENGINE={0}",
			"table.charset":      "CHARSET={0}",
			"table.collate":      "COLLATE={0}",
			"table.row_format":   "ROW_FORMAT={0}",
			"table.partitions":   "PARTITION BY {0} ({1}) PARTITIONS {2}",
			"table.divided":      "PARTITION BY {0}",
			"index.type":         "USING {0}",
			"indexkind.fulltext": "FULLTEXT",
			"indexkind.spatial":  "SPATIAL",
			"type.charset":       "CHARACTER SET {0}",
			"index.parser":       "WITH PARSER {0}",
			"column.on_update":   "ON UPDATE {0}",
		},
	}
	if id.from(productMySQL, 8, 0, 13) || id.from(productTiDB, 5, 0, 0) {
		d.IndexExpression = "({0})"
	}
	switch {
	case id.from(productMySQL, 8, 0, 0), id.from(productTiDB, 5, 0, 0):
		d.Options["index.invisible"] = "INVISIBLE"
	case id.from(productMariaDB, 10, 6, 0):
		d.Options["index.invisible"] = "IGNORED"
	}
	if id.from(productMySQL, 8, 0, 23) || id.from(productMariaDB, 10, 3, 0) {
		d.Options["column.invisible"] = "INVISIBLE"
	}
	if maria {
		d.NextValue = "nextval({0})"
		d.NoSequenceCache = "NOCACHE"
		d.SequenceCache = 1000
		d.IfNotExists |= dialect.IndexObject | dialect.ViewObject | dialect.SequenceObject | dialect.ColumnObject
		d.IfExists |= dialect.IndexObject | dialect.SequenceObject | dialect.ColumnObject | dialect.ConstraintObject
		d.Options["table.page_checksum"] = "PAGE_CHECKSUM={0}"
	}
	return d
}

// ownTypes are the types that MySQL and MariaDB have and not every database.
var ownTypes = dialect.Words(`tinyint smallint mediumint int integer bigint tinytext mediumtext text longtext tinyblob mediumblob
blob longblob year set bit datetime timestamp time json geometry point linestring polygon multipoint multilinestring
multipolygon geometrycollection float double decimal vector inet4 inet6`)
