package lite

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// Numeric is a decimal that SQLite keeps as a number (NUMERIC), exact to 15
// digits, so that it compares and sorts without a CAST. A dialect.Decimal
// keeps all its digits there, as text. Other databases have an exact decimal of
// either; a tag says "type:decimal(12,2) inexact".
// (https://sqlite.org/datatype3.html#type_affinity)
func Numeric(precision, scale int) dialect.Type {
	return dialect.Type{Kind: dialect.Decimal, Precision: precision, Scale: scale, Inexact: true}
}

// WithoutRowid keeps a table's rows by their primary key alone.
// (https://sqlite.org/withoutrowid.html)
func WithoutRowid() schema.Option { return schema.NewOption("table.without_rowid") }

// Autoincrement is for an identity that is the whole primary key: no number is given
// twice, also after rows were deleted.
// (https://sqlite.org/autoinc.html)
func Autoincrement() schema.Option { return schema.NewOption("identity.autoincrement") }

// Strict makes a table keep to its columns' types, which are then to be INT,
// INTEGER, REAL, TEXT, BLOB or ANY: natives. (From SQLite 3.37,
// https://sqlite.org/stricttables.html.)
func Strict() schema.Option { return schema.NewOption("table.strict") }
