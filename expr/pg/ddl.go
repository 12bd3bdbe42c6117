package pg

import (
	"fmt"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// Types of columns. (PostgreSQL 15, chapter 8.)
var (
	JSONType  = schema.OwnType("JSON")
	JSONB     = schema.OwnType("JSONB")
	Inet      = schema.OwnType("INET")
	CIDR      = schema.OwnType("CIDR")
	MACAddr   = schema.OwnType("MACADDR")
	Money     = schema.OwnType("MONEY")
	TSVector  = schema.OwnType("TSVECTOR")
	TSQuery   = schema.OwnType("TSQUERY")
	XML       = schema.OwnType("XML")
	Serial    = schema.OwnType("SERIAL")    // an integer with a sequence of its own; an identity is the newer way
	BigSerial = schema.OwnType("BIGSERIAL") // the same in 64 bits
	TimeTZ    = schema.OwnType("TIME WITH TIME ZONE")
	Int4Range = schema.OwnType("INT4RANGE")
	Int8Range = schema.OwnType("INT8RANGE")
	NumRange  = schema.OwnType("NUMRANGE")
	TSRange   = schema.OwnType("TSRANGE")
	TSTZRange = schema.OwnType("TSTZRANGE")
	DateRange = schema.OwnType("DATERANGE")
	CIText    = schema.OwnType("CITEXT")
	HStore    = schema.OwnType("HSTORE")
)

// Bit is BIT(n): exactly n bits.
func Bit(n int) dialect.Type { return schema.OwnType(fmt.Sprintf("BIT(%d)", n)) }

// VarBit is BIT VARYING(n): at most n bits.
func VarBit(n int) dialect.Type { return schema.OwnType(fmt.Sprintf("VARBIT(%d)", n)) }

// ArrayOf is an array of a type. PostgreSQL keeps no number of dimensions: an
// array of arrays is the same type, and says what is meant.
func ArrayOf(elem dialect.Type) dialect.Type { return dialect.Type{Kind: dialect.Array, Elem: &elem} }

// Unlogged makes a table whose changes are not logged, and that is empty after a
// crash. (CREATE TABLE.)
func Unlogged() schema.Option { return schema.NewOption("create.unlogged") }

// PartitionBy partitions a table by columns or expressions: "RANGE", "LIST" or
// "HASH". (CREATE TABLE.)
func PartitionBy(method string, by ...expr.Any) schema.Option {
	return schema.NewOption("table.partition_by", schema.Word(method), list(by))
}

// PartitionOf makes a table a partition of another, which [PartitionBy]
// divides, once both are made by [schema.Metadata.CreateAll]. bounds is the
// program's own SQL: "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')", "DEFAULT".
// (ALTER TABLE, ATTACH PARTITION.)
func PartitionOf(schemaName, table, bounds string) schema.Option {
	return schema.NewOption("attach.partition", schema.Object{Schema: schemaName, Name: table}, schema.Object{}, schema.RawSQL(bounds))
}

// Include are columns that the index of a key holds beside the key. (From
// PostgreSQL 11.)
func Include(columns ...string) schema.Option {
	var l schema.List
	for _, c := range columns {
		l = append(l, schema.Name(c))
	}
	return schema.NewOption("keyend.include", l)
}

// Tablespace is where a table is kept.
func Tablespace(name string) schema.Option {
	return schema.NewOption("table.tablespace", schema.Name(name))
}

// TableWith are storage parameters of a table: TableWith("fillfactor", 70).
func TableWith(parameter string, value any) schema.Option {
	return schema.NewOption("table.with", setting(parameter, value))
}

// AccessMethod is the method that a table is kept by.
func AccessMethod(name string) schema.Option {
	return schema.NewOption("table.access_method", schema.Name(name))
}

// OnCommit says what becomes of a temporary table at the end of a transaction:
// "DROP", "DELETE ROWS" or "PRESERVE ROWS".
func OnCommit(action string) schema.Option {
	return schema.NewOption("table.on_commit", schema.Word(action))
}

// Using is the method of an index: btree, hash, gist, spgist, gin, brin.
// (CREATE INDEX.)
func Using(method string) schema.Option {
	return schema.NewOption("indexon.method", schema.Word(method))
}

// IndexWith is a storage parameter of an index: IndexWith("fillfactor", 70).
func IndexWith(parameter string, value any) schema.Option {
	return schema.NewOption("index.with", setting(parameter, value))
}

// IndexTablespace is where an index is kept.
func IndexTablespace(name string) schema.Option {
	return schema.NewOption("index.tablespace", schema.Name(name))
}

// Concurrently builds an index without locking out writes. It does not run in a
// transaction.
func Concurrently() schema.Option { return schema.NewOption("indexname.concurrently") }

// OpClass is the operator class of a part of an index.
func OpClass(name string) schema.Option {
	return schema.NewOption("part.operator_class", schema.Word(name))
}

// NullsNotDistinct makes a unique key take NULLs for equal. (From PostgreSQL
// 15.)
func NullsNotDistinct() schema.Option { return schema.NewOption("key.nulls_not_distinct") }

// Excluded is an element of an exclusion constraint: what two rows are compared by.
type Excluded struct {
	by expr.Any
	op string
}

// With compares an expression by an operator: With(Bookings.During, "&&").
func With(e expr.Any, operator string) Excluded { return Excluded{e, operator} }

// Exclude is an exclusion constraint: no two rows for which all comparisons are
// true. The method of its index is usually gist. (CREATE TABLE, EXCLUDE.)
func Exclude(name, method string, elements ...Excluded) schema.Constraint {
	var l schema.List
	for _, e := range elements {
		l = append(l, schema.Sequel{e.by, schema.Word("WITH"), schema.Word(e.op)})
	}
	return schema.Constraint{Name: name, Option: schema.NewOption("constraint.exclude", schema.Word(method), l)}
}

func setting(name string, value any) schema.Sequel {
	return schema.Sequel{schema.Word(name), schema.Word("="), value}
}

func list(es []expr.Any) schema.List {
	var l schema.List
	for _, e := range es {
		l = append(l, e)
	}
	return l
}
