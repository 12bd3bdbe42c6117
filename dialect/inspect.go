package dialect

import (
	"slices"
	"strings"
)

// Inspector is a dialect that can read its database's catalogue: what tables
// there are, and what they are made of.
type Inspector interface {
	// Inspect returns a script that reads into c what q asks for. It takes
	// a handful of statements, however many tables there are. Names are
	// those that the dialect's identifiers have: a name that comes back stands for the
	// same thing when it is written into a statement. A table that is asked for
	// and does not exist is not in c; it is no error. c must be new, and
	// holds what was read once the script has ended.
	Inspect(q Inspection, c *Catalog) Script
}

// TypeParser is a dialect that reads its database's names of types.
type TypeParser interface {
	// ParseType reads a type as the database's catalogue writes it.
	// TypeName of the result makes the same type again; what the dialect has no
	// kind for is a [Native] of that name. An empty text is the zero Type.
	ParseType(text string) (Type, error)
}

// Inspection says what an [Inspector] reads.
type Inspection struct {
	// Schema is where to look; empty is the session's own schema.
	Schema string
	// Tables limits the tables and views to those of these names; none
	// means all.
	Tables []string
	// Parts are the parts to read. Zero reads nothing but the names in
	// Catalog.Schema and Catalog.Default.
	Parts Parts
}

// Parts is a set of what can be read from a catalogue.
type Parts uint8

// The parts of a catalogue.
const (
	InspectSchemas   Parts = 1 << iota
	InspectTables          // tables: names, comments
	InspectViews           // views: names, comments, definitions
	InspectDetails         // columns, keys, checks and indexes of those tables and views
	InspectSequences       // sequences that are no part of a column
	InspectEnums           // enumerations that have a name
	InspectSynonyms        // other names for tables and other objects
	InspectDomains         // domains
)

// Catalog is what an [Inspector] has read.
type Catalog struct {
	// Schema is the one that was read, and Default the session's own, which is
	// empty where there is none.
	Schema, Default string

	Schemas   []string     // in the order of their names, without the database's own
	Tables    []*TableInfo // tables and views, in the order of their names
	Sequences []SequenceInfo
	Enums     []EnumInfo
	Synonyms  []SynonymInfo // in the order of their names
	Domains   []*DomainInfo // in the order of their names

	byName map[string]*TableInfo
}

// Add adds a table or a view if q asks for its name. It is for Inspectors.
func (c *Catalog) Add(q *Inspection, t *TableInfo) {
	if len(q.Tables) > 0 && !slices.Contains(q.Tables, t.Name) {
		return
	}
	if c.byName == nil {
		c.byName = map[string]*TableInfo{}
	}
	c.Tables = append(c.Tables, t)
	c.byName[t.Name] = t
}

// Table returns the table or view of that name in the schema that was read,
// or nil.
func (c *Catalog) Table(name string) *TableInfo { return c.byName[name] }

// TableKind is what a [TableInfo] describes.
type TableKind uint8

// The kinds of tables.
const (
	BaseTable TableKind = iota
	View
	MaterializedView
	ForeignTable // its rows are elsewhere
)

var tableKindNames = [...]string{BaseTable: "table", View: "view", MaterializedView: "materialized view", ForeignTable: "foreign table"}

// String returns the kind in SQL's words.
func (k TableKind) String() string {
	if int(k) < len(tableKindNames) {
		return tableKindNames[k]
	}
	return "unknown kind of table"
}

// IsView reports whether it is a view of either kind.
func (k TableKind) IsView() bool { return k == View || k == MaterializedView }

// TableInfo describes a table or a view as the database has it.
type TableInfo struct {
	Schema, Name string
	Kind         TableKind
	Comment      string
	// Definition is a view's query or its CREATE VIEW, as the database gives
	// it. It is empty for tables, and where the user may not see it.
	Definition string

	Columns     []ColumnInfo
	PrimaryKey  *KeyInfo // nil: none
	Unique      []KeyInfo
	ForeignKeys []ForeignKeyInfo
	Checks      []CheckInfo
	// Exclusions are exclusion constraints; their SQL is all after the name.
	Exclusions []CheckInfo
	Indexes    []IndexInfo // those that are no constraint

	// Triggers says that it has triggers that are on. On SQL Server a
	// statement that gives rows back has to know.
	Triggers bool
	// PartitionBy is how its rows are divided, as the database says it: "RANGE
	// (day)", and on MySQL with its partitions; empty for a table that is in one
	// piece.
	PartitionBy string
	// PartitionOf is set for a table that is a partition of another one.
	PartitionOf *PartitionInfo
	// Options are what its CREATE TABLE says besides, as far as a copy of the
	// table would be another one without it: "UNLOGGED", "STRICT", "ENGINE=MyISAM".
	Options []string
}

// PartitionInfo says what a table is a partition of, and which of its rows
// it holds, in the database's words.
type PartitionInfo struct {
	Schema, Table string
	Bounds        string
}

// Column returns the column of that name, or nil.
func (t *TableInfo) Column(name string) *ColumnInfo {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

// ColumnInfo describes a column.
type ColumnInfo struct {
	Name     string
	Position int // from 1, in the order of SELECT *
	// Type is the type as SQLayer knows it: one whose TypeName makes the same
	// column. A type that it does not know is a [Native]; the zero Type means
	// that the column has none.
	Type Type
	// DatabaseType is the type as the database writes it.
	DatabaseType string
	Nullable     bool
	// Default is an expression in SQL, empty for none.
	Default string
	// DefaultName is the name of the constraint that the default is on SQL
	// Server, which has to be dropped before the column; empty elsewhere.
	DefaultName string
	// OnUpdate is an expression in SQL for the column's value after each
	// UPDATE that does not set it; empty for none.
	OnUpdate string
	// Identity is set for a value that the database counts up.
	Identity *IdentityInfo
	// Computed is an expression in SQL that the database computes the
	// column from; Stored says that it keeps the result.
	Computed string
	Stored   bool
	// Invisible says that SELECT * and an INSERT without a list of columns
	// leave it out.
	Invisible bool `json:",omitempty"`
	Comment   string
}

// Counting is how a sequence or an identity counts. Numbers that the database
// does not say are zero.
type Counting struct {
	Start, Increment int64
	// Min and Max are decimal numbers, which may be beyond 64 bits; empty
	// where the database does not say.
	Min, Max string
	Cache    int64
	Cycle    bool
}

// IdentityInfo says how a column's values are generated.
type IdentityInfo struct {
	Always bool // GENERATED ALWAYS: an INSERT may not give a value of its own
	// Sequence is the name of the sequence behind it, where that has one
	// that a program may use.
	Sequence string
	// Autoincrement says that SQLite gives no number twice, also after rows
	// were deleted.
	Autoincrement bool
	Counting
}

// KeyInfo is a primary key or a unique constraint.
type KeyInfo struct {
	Name    string // empty where it has none
	Columns []string
	Deferral
	// Clustered says whether the table's rows are kept in the key's order,
	// where the database says so (SQL Server).
	Clustered Ternary
	Include   []string // columns that its index holds beside the key
	// NullsNotDistinct says that two NULLs are the same to a unique constraint
	// (PostgreSQL).
	NullsNotDistinct bool
	Comment          string
}

// Validity says how far a constraint can be relied on. The zero value is a
// constraint that holds for all rows.
type Validity struct {
	NotEnforced bool // the database does not check it
	NotValid    bool // rows from before it were not checked
}

// Deferral says when a constraint is checked.
type Deferral struct {
	Deferrable        bool
	InitiallyDeferred bool
}

// ForeignKeyInfo is a foreign key.
type ForeignKeyInfo struct {
	Name    string // empty where it has none
	Columns []string
	// RefSchema is the schema of the table that it refers to, which may be the
	// table's own.
	RefSchema, RefTable string
	RefColumns          []string
	// OnDelete and OnUpdate are "CASCADE", "SET NULL", "SET DEFAULT",
	// "RESTRICT", or empty for NO ACTION.
	OnDelete, OnUpdate string
	// OnDeleteColumns are those that ON DELETE SET NULL and SET DEFAULT are
	// for; nil: all.
	OnDeleteColumns []string
	// MatchFull refuses a reference of which some columns are NULL and some
	// are not.
	MatchFull bool
	Deferral
	Validity
	Comment string
}

// CheckInfo is a check constraint. SQL is its condition, without CHECK and the
// parentheses around it.
type CheckInfo struct {
	Name string // empty where it has none
	SQL  string
	// NoInherit says that it is not one of the tables that inherit from this
	// one (PostgreSQL).
	NoInherit bool
	Validity
	Comment string
}

// IndexInfo is an index that is no constraint.
type IndexInfo struct {
	Name    string
	Unique  bool
	Columns []IndexColumn
	Include []string // columns that it holds beside its key
	Where   string   // the condition of a partial index, in SQL
	// Method is the kind of index where it is not the usual one: "gin",
	// "FULLTEXT", "BITMAP".
	Method string
	// Clustered and NullsNotDistinct are those of [KeyInfo].
	Clustered        Ternary
	NullsNotDistinct bool
	Options          []string `json:",omitempty"` // its storage parameters: "fillfactor=70"
	Comment          string
}

// IndexColumn is a part of an index: a column or an expression.
type IndexColumn struct {
	Name       string // empty for an expression
	Expression string // SQL, empty for a column
	Desc       bool
	NullsFirst Ternary // NotKnown: as the database orders
	Length     int     // characters or bytes of a prefix, 0 for all
	Collation  string  // where it is not the column's
	OpClass    string  // the operator class, where it is not the usual one (PostgreSQL)
}

// SequenceInfo is a sequence.
type SequenceInfo struct {
	Schema, Name string
	Counting
	Comment string
}

// SynonymInfo is another name for an object, of SQL Server and Oracle.
type SynonymInfo struct {
	Schema, Name string
	// RefSchema and RefName are of the table, view, sequence or procedure that
	// it stands for, which need not exist. RefSchema is empty where it says
	// none.
	RefSchema, RefName string
	// RefDatabase is the other database that the object is in, on SQL Server
	// with the server before it where that is another one too, on Oracle the
	// database link; empty for the same one.
	RefDatabase string
}

// EnumInfo is an enumeration that has a name.
type EnumInfo struct {
	Schema, Name string
	Values       []string
	Comment      string
}

// DomainInfo is a domain: a type with a name that keeps its values to some
// conditions.
type DomainInfo struct {
	Schema, Name string
	Type         Type // what it is based on, which may have a domain itself
	NotNull      bool
	Default      string // an expression in SQL, empty for none
	Checks       []CheckInfo
	Comment      string
}

// Plain reports whether the domain, with those that it is based on, says no more
// than its type.
func (d *DomainInfo) Plain() bool {
	for ; d != nil; d = d.Type.Domain {
		if d.NotNull || d.Default != "" || len(d.Checks) > 0 {
			return false
		}
	}
	return true
}

// FoldName returns a name as [Writer.Ident] takes it from one as the database
// keeps it, and KeptName the reverse: where unquoted names are kept in upper case
// ([Features].FoldUpper), a name that needs no quotes is in lower case to SQLayer.
func (f *Features) FoldName(kept string) string {
	if !f.FoldUpper {
		return kept
	}
	if lower := strings.ToLower(kept); strings.ToUpper(kept) == kept && !f.needsQuotes(lower) {
		return lower
	}
	return kept
}

// KeptName returns a name as the database keeps it; see [Features.FoldName].
func (f *Features) KeptName(name string) string {
	if f.FoldUpper && !f.needsQuotes(name) {
		return strings.ToUpper(name)
	}
	return name
}
