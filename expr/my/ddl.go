package my

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// Types of columns. (MySQL 8.0 Reference Manual, chapter 11.)
var (
	TinyInt    = schema.OwnType("TINYINT")
	MediumInt  = schema.OwnType("MEDIUMINT")
	TinyText   = schema.OwnType("TINYTEXT")
	TextType   = schema.OwnType("TEXT")
	MediumText = schema.OwnType("MEDIUMTEXT")
	LongText   = schema.OwnType("LONGTEXT")
	TinyBlob   = schema.OwnType("TINYBLOB")
	BlobType   = schema.OwnType("BLOB")
	MediumBlob = schema.OwnType("MEDIUMBLOB")
	LongBlob   = schema.OwnType("LONGBLOB")
	Year       = schema.OwnType("YEAR")
	Timestamp  = schema.OwnType("TIMESTAMP")
	Geometry   = schema.OwnType("GEOMETRY")
)

// Unsigned is an integer without a sign.
func Unsigned(kind dialect.TypeKind) dialect.Type { return dialect.Type{Kind: kind, Unsigned: true} }

// TinyIntOf is TINYINT(n), where n is the width of its display.
func TinyIntOf(n int) dialect.Type { return schema.OwnType(fmt.Sprintf("TINYINT(%d)", n)) }

// DateTime is DATETIME(n), with n fractional digits.
func DateTime(n int) dialect.Type { return schema.OwnType(fmt.Sprintf("DATETIME(%d)", n)) }

// Set is a set of some of the values.
func Set(values ...string) dialect.Type {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = "'" + strings.ReplaceAll(v, "'", "''") + "'"
	}
	t := schema.OwnType("SET(" + strings.Join(quoted, ",") + ")")
	t.Values = &dialect.EnumValues{List: slices.Clone(values)}
	return t
}

// Engine is the engine that keeps a table.
func Engine(name string) schema.Option { return schema.NewOption("table.engine", schema.Word(name)) }

// Charset is the character set of a table.
func Charset(name string) schema.Option { return schema.NewOption("table.charset", schema.Word(name)) }

// Collate is the collation of a table.
func Collate(name string) schema.Option { return schema.NewOption("table.collate", schema.Word(name)) }

// RowFormat is the format of a table's rows.
func RowFormat(name string) schema.Option {
	return schema.NewOption("table.row_format", schema.Word(name))
}

// PartitionByHash partitions a table into so many parts by a hash of columns.
func PartitionByHash(parts int, by ...expr.Any) schema.Option {
	var l schema.List
	for _, e := range by {
		l = append(l, e)
	}
	return schema.NewOption("table.partitions", schema.Word("HASH"), l, parts)
}

// Using is the type of an index: btree or hash.
func Using(method string) schema.Option { return schema.NewOption("index.type", schema.Word(method)) }

// Fulltext makes a full-text index.
func Fulltext() schema.Option { return schema.NewOption("indexkind.fulltext") }

// Spatial makes an index of shapes.
func Spatial() schema.Option { return schema.NewOption("indexkind.spatial") }

// Parser is the parser of a full-text index.
func Parser(name string) schema.Option { return schema.NewOption("index.parser", schema.Word(name)) }

// Invisible hides an index from the optimizer: INVISIBLE from MySQL 8.0 and
// TiDB 5.0, IGNORED from MariaDB 10.6.
func Invisible() schema.Option { return schema.NewOption("index.invisible") }

// ColumnCharset is the character set of a column.
func ColumnCharset(name string) schema.Option {
	return schema.NewOption("type.charset", schema.Word(name))
}
