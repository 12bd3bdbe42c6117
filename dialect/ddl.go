package dialect

// DDL says what a database's DDL can express, beside what [Features] says
// itself. The zero value of a field is "does not have it".
type DDL struct {
	// Columns.

	// NotNullFirst says that NOT NULL stands before the identity and the default.
	NotNullFirst bool
	// NullWord are the base types, in lower case, whose columns say NULL where
	// they may be; "*" is all.
	NullWord map[string]struct{}
	// IdentityNotNull says that an identity takes no NOT NULL, and is so by itself.
	IdentityNotNull bool
	// IdentityAlways takes the place of Features.Identity for an identity that
	// no INSERT may set; empty: there is none such, and the identity is the
	// usual one.
	IdentityAlways string
	Counting       CountingForm // how an identity says where it starts
	// LooseBool and LooseEnum say that a column of booleans or of an
	// enumeration takes other values unless a check forbids it.
	LooseBool, LooseEnum bool
	NamedEnums           bool // CREATE TYPE name AS ENUM
	// OptionOrder are options that stand in an order, after all others:
	// PARTITION BY before WITH before TABLESPACE.
	OptionOrder []string
	// OwnTypes are the database's own types by base name, in lower case: those
	// that a [Type] with Own may name.
	OwnTypes map[string]struct{}

	// SameTypes are names of types, in lower case and without spaces, that the
	// catalogue has under another: "smallint" → "integer".
	SameTypes map[string]string
	NoColumns bool // CREATE TABLE name ()
	// ShortComments says that a comment holds no characters beyond 16 bits.
	ShortComments bool

	// Constraints.

	// RepeatedForeign says that a foreign key may name a column twice, and
	// RestrictIsNoAction that the catalogue has one word for both.
	RepeatedForeign, RestrictIsNoAction bool
	DeferForeignKeys                    bool // DEFERRABLE foreign keys
	DeferKeys                           bool // DEFERRABLE primary and unique keys
	MatchFull                           bool // foreign keys with MATCH FULL
	SetDefault                          bool // ON DELETE SET DEFAULT, and not only in the grammar
	// CascadePaths says that the actions of foreign keys may come to a table in
	// more than one way, or back to their own.
	CascadePaths bool

	// Indexes.

	// IndexExpression is a part of an index that is no column: a template over
	// {0}, which has parentheses unless it is one call of a function; empty:
	// there are none.
	IndexExpression string
	IndexWhere      bool // partial indexes
	IndexWhereLast  bool // the options of an index stand before its WHERE
	IndexInclude    bool // INCLUDE (…)
	ForeignKeyIndex bool // a foreign key makes an index of its own
	IndexDesc       bool // the catalogue knows which parts are in descending order
	IndexNulls      bool // NULLS FIRST and NULLS LAST
	IndexLength     bool // a prefix of a column: name(20)
	IndexCollation  bool // name COLLATE x
	DropIndexOn     bool // DROP INDEX name ON table

	// ALTER TABLE.

	AddColumn string // "ADD COLUMN" or "ADD"; empty: there is none
	NoDropKey bool   // ALTER TABLE drops no constraint

	// Other objects.

	// NextValue is the next value of a sequence: a template over its name {0},
	// and its name as a text {1}. Empty: there are no sequences.
	NextValue string
	// SequenceCache is how many numbers a sequence keeps ready if it is not
	// told; 0: the database does not say.
	SequenceCache int64
	// NoSequenceCache is the word for a sequence that keeps no numbers ready.
	NoSequenceCache string
	Temporary       string // the word for a temporary table; empty: there is none
	TemporaryPrefix string // what a temporary table's name begins with, in place of a word
	// TemporarySchema is where an [Inspector] finds the session's temporary
	// tables; empty: they are not in the catalogue (MySQL: The
	// INFORMATION_SCHEMA TABLES Table), or ordinary tables in it (Oracle's
	// global temporary ones).
	TemporarySchema   string
	TemporaryViews    bool // CREATE TEMPORARY VIEW
	MaterializedViews bool
	ReplaceView       string // "CREATE OR REPLACE VIEW"
	SelectInto        bool   // SELECT … INTO name FROM …, in place of CREATE TABLE name AS SELECT …
	CreateSchema      bool
	DropSchema        DropSchemaForm
	// IfNotExists and IfExists are the objects other than tables that have these words.
	IfNotExists, IfExists Objects

	// OptionSeparator stands between the options of a table; empty is a space.
	OptionSeparator string
	// Options are templates for what this database says and most others do not,
	// by the names that packages pg, my, lite, ms and ora give them. Those of
	// one name mean the same on each database that has it. What a name begins
	// with says where the option stands: create. before TABLE, table. after the
	// columns; indexkind. before INDEX, indexname. after it, indexon. before
	// the parts, part. after one, index. after them; key. before a key's
	// columns, keyend. after them; attach. is a statement of its own, once all
	// tables are there; comment. is one that describes an object; constraint. is one of its own; column. ends a column.
	Options map[string]string
}

// CountingForm is how an identity says how it counts.
type CountingForm uint8

// The forms of counting.
const (
	CountsByItself CountingForm = iota // it doesn't say
	CountingWords                      // (START WITH 100 INCREMENT BY 5 …)
	CountingPair                       // (100,5)
	CountingTable                      // the table's option AUTO_INCREMENT=100: the start alone
)

// DropSchemaForm is what DROP SCHEMA drops.
type DropSchemaForm uint8

// The forms of DROP SCHEMA.
const (
	NoDropSchema      DropSchemaForm = iota
	DropSchemaEmpty                  // one with nothing in it
	DropSchemaCascade                // the schema with all that is in it
	DropSchemaEither                 // as the statement says: CASCADE or not
)

// Objects is a set of kinds of objects.
type Objects uint8

// The kinds of objects.
const (
	IndexObject Objects = 1 << iota
	ViewObject
	MaterializedViewObject
	SequenceObject
	SchemaObject
	EnumObject
	ColumnObject
	ConstraintObject
)
