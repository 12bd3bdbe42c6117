package schema

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// Table makes the struct that embeds it a table, see [Define]. Its tag names
// the table, and may say schema, comment and check: `db:"users,schema:audit"`.
// It is a type of package expr, where the nodes of statements live.
type Table = expr.Table

// Col is a column of a table whose values have Go type T, see [Define].
type Col[T any] = expr.Col[T]

// Column is a column whose Go type is not known when the program is compiled.
type Column = expr.Column

// Definition describes a table. Once it has been handed to [Build] or to a
// [Metadata] it is not changed any more.
type Definition struct {
	Schema, Name string
	GoName       string // of the struct type, empty for tables without one
	Comment      string
	Temporary    bool
	Columns      []*ColumnDef
	// PK is what the primary key says beside its columns. Its Columns give
	// their order, if that is not the table's; they are then those whose
	// PrimaryKey is set.
	PK          Key
	Unique      []Key
	ForeignKeys []ForeignKey
	Indexes     []Index
	Checks      []CheckDef
	// Triggers says that the table has triggers: SQL Server then gives rows
	// back by way of a table variable.
	Triggers    bool
	Constraints []Constraint
	Options     []Option // what one database alone says of the table

	table    expr.Table        // that was built of it
	from     *dialect.Features // of the database that it was read from, if it was
	mistakes []error           // made while it was composed
}

// ColumnDef describes a column. A column is NOT NULL unless Null is set.
type ColumnDef struct {
	Name   string
	GoName string // of the struct's field, empty for columns without one
	Type   dialect.Type
	Null   bool
	// PrimaryKey says that the column belongs to the primary key; the key's
	// columns stand in the order of the table's, unless the table's PK says another.
	PrimaryKey bool
	// Identity says that the database generates the value where an INSERT
	// leaves it out; nil: it does not.
	Identity *Identity
	// Default is the value where an INSERT leaves it out, nil for none. For
	// the forms see [Default].
	Default *Default
	// Computed is what the database computes the value from; nil for an
	// ordinary column.
	Computed *Computed
	Comment  string
	// Checked adds a check that keeps booleans and enumerations to their
	// values, where the database has no such type. CheckName is its name; empty
	// for none.
	Checked   bool
	CheckName string
	Options   []Option // what one database alone says of the column
}

// Identity says how the values of a column are generated. Where a database
// counts in its own way (SQLite; MySQL but for the start), it does.
type Identity struct {
	// Always says that an INSERT may not give a value of its own. MySQL and
	// SQLite let it; SQL Server never does by itself.
	Always bool
	dialect.Counting
}

// Computed is an expression, typed or in SQL, that the database computes a
// column from. Stored keeps the result.
type Computed struct {
	Expr   expr.Any // nil: SQL says it
	SQL    string   // the program's own
	Stored bool
}

// Default is a column's default: a value, the time of the insert, or an
// expression, typed or in SQL.
type Default struct {
	Value any      // a literal, unless one of the others is set
	Now   bool     // the current time
	Expr  expr.Any // a typed expression: a function, [Next]
	SQL   string   // an expression, which is the program's own
}

// Key is a primary or a unique key.
type Key struct {
	Name    string // may be empty
	Columns []string
	dialect.Deferral
	Options []Option
	Comment string // where the database has comments of keys; nothing elsewhere
}

// Index is an index that is no constraint. An empty Name becomes ix_table_columns.
type Index struct {
	Name    string
	Columns []IndexColumn
	Unique  bool
	Include []string // columns that it holds beside its key
	Where   expr.Any // the condition of a partial index; nil: WhereSQL says it
	// WhereSQL is such a condition in SQL, which is the program's own; empty for none.
	WhereSQL string
	Options  []Option // what one database alone says of it
	Comment  string   // where the database has comments of indexes; nothing elsewhere

	kind string // an option of Options without which the index is left out
}

// IndexColumn is a part of an index: a column by name, or an expression, typed
// or in SQL.
type IndexColumn struct {
	Name      string
	Expr      expr.Any
	SQL       string // the program's own
	Desc      bool
	Nulls     dialect.Ternary // Yes: NULLs come first; No: last
	Length    int             // characters or bytes of a prefix; 0 for all
	Collation string
	Options   []Option
}

// CheckDef is a check constraint: a condition, typed or in SQL.
type CheckDef struct {
	Name string   // may be empty
	Cond expr.Any // nil: SQL says it
	SQL  string   // the program's own
	// Comment is written where the database has comments of checks.
	Comment string
}

// Constraint is a constraint that one database alone has.
type Constraint struct {
	Name    string // may be empty
	Comment string // where the database has comments of constraints
	Option
}

// ForeignKey is a reference to a key of another table.
type ForeignKey struct {
	Name       string // may be empty
	Columns    []string
	RefSchema  string
	RefTable   string
	RefColumns []string
	// OnDelete is what becomes of the reference when its target is deleted. SQL
	// Server takes actions that come to each table once, and is given no others.
	OnDelete Action
	// OnUpdate is what becomes of the reference when its target's key changes. Oracle
	// has no such thing, and refuses the change as with NoAction.
	OnUpdate Action
	// MatchFull refuses a reference of which some columns are NULL and some
	// are not. Otherwise such a reference is not checked.
	MatchFull bool
	dialect.Deferral
	Comment string // where the database has comments of foreign keys; nothing elsewhere

	// What a tag says of the other side, until all tables are known.
	refTable, refColumn string
}

// Action is what becomes of a reference when its target goes.
type Action uint8

// The actions of foreign keys. MySQL and Oracle do not have SetDefault.
const (
	NoAction Action = iota
	Restrict
	Cascade
	SetNull
	SetDefault
)

var actionWords = [...]string{NoAction: "NO ACTION", Restrict: "RESTRICT", Cascade: "CASCADE", SetNull: "SET NULL", SetDefault: "SET DEFAULT"}

// String returns the action in SQL's words.
func (a Action) String() string {
	if int(a) < len(actionWords) {
		return actionWords[a]
	}
	return "unknown action"
}

// parseAction reads a tag's action: "cascade", "set null", "set-null".
func parseAction(s string) (Action, error) {
	word := strings.ToUpper(strings.NewReplacer("-", " ", "_", " ").Replace(strings.TrimSpace(s)))
	for a, w := range actionWords {
		if w == word {
			return Action(a), nil
		}
	}
	return 0, dialect.Errorf(dialect.ErrStatement, "unknown action %q of a foreign key; use cascade, restrict, set null, set default or no action", s)
}

// FullName is the table's name with its schema.
func (d *Definition) FullName() string {
	if d.Schema == "" {
		return d.Name
	}
	return d.Schema + "." + d.Name
}

// Column returns the column of that name, or nil.
func (d *Definition) Column(name string) *ColumnDef {
	for _, c := range d.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// PrimaryKey returns the names of the key's columns, in its order.
func (d *Definition) PrimaryKey() []string {
	if len(d.PK.Columns) > 0 {
		return d.PK.Columns
	}
	var names []string
	for _, c := range d.Columns {
		if c.PrimaryKey {
			names = append(names, c.Name)
		}
	}
	return names
}

// identity returns the column that the database generates, or nil.
func (d *Definition) identity() *ColumnDef {
	for _, c := range d.Columns {
		if c.Identity != nil {
			return c
		}
	}
	return nil
}

// leadsKey reports whether a column is the first of a key.
func (d *Definition) leadsKey(column string) bool {
	if key := d.PrimaryKey(); len(key) > 0 && key[0] == column {
		return true
	}
	for _, k := range d.Unique {
		if len(k.Columns) > 0 && k.Columns[0] == column {
			return true
		}
	}
	return false
}

// fail adds a mistake that was made while the definition was composed.
func (d *Definition) fail(format string, args ...any) {
	d.mistakes = append(d.mistakes, dialect.Errorf(dialect.ErrStatement, "schema: table %s: "+format, append([]any{d.FullName()}, args...)...))
}

// check reports what makes the definition no table.
func (d *Definition) check() error {
	errs := slices.Clone(d.mistakes)
	fail := func(format string, args ...any) {
		errs = append(errs, dialect.Errorf(dialect.ErrStatement, "schema: table %s: "+format, append([]any{d.FullName()}, args...)...))
	}
	if d.Name == "" {
		fail("no name")
	}
	if len(d.Columns) == 0 {
		fail("no columns")
	}
	seen := map[string]*ColumnDef{}
	identities := 0
	for _, c := range d.Columns {
		if c.Name == "" {
			fail("a column without a name")
		}
		if other := seen[c.Name]; other != nil {
			if other.GoName != "" && c.GoName != "" {
				fail("fields %s and %s both stand for column %q", other.GoName, c.GoName, c.Name)
			} else {
				fail("column %q stands twice", c.Name)
			}
		}
		seen[c.Name] = c
		if c.PrimaryKey && c.Null {
			fail("column %q of the primary key cannot be NULL", c.Name)
		}
		if c.Identity != nil {
			identities++
			switch c.Type.Kind {
			case dialect.SmallInt, dialect.Integer, dialect.BigInt, dialect.Decimal, dialect.Native:
			default:
				fail("column %q: an identity is a whole number, not %s", c.Name, c.Type.String())
			}
			if c.Default != nil || c.Computed != nil {
				fail("column %q is an identity and has another source of its value", c.Name)
			}
		}
		switch c.Type.Kind {
		case dialect.Char, dialect.Varchar, dialect.Clob, dialect.Enum, dialect.Native:
		default:
			if c.Type.Collation != "" {
				fail("column %q: a collation is for texts, not for %s", c.Name, c.Type.String())
			}
		}
		if c.Computed != nil && c.Computed.Expr == nil && c.Computed.SQL == "" {
			fail("column %q is computed from nothing", c.Name)
		}
		if c.Checked {
			switch {
			case c.Type.Kind == dialect.Boolean:
			case c.Type.Kind == dialect.Enum && c.Type.Values != nil && len(c.Type.Values.List) > 0:
			case c.Type.Kind == dialect.Enum:
				fail("column %q: an enumeration without values", c.Name)
			default:
				fail("column %q: a check of values is for booleans and enumerations, not for %s", c.Name, c.Type.String())
			}
		}
		if c.Default != nil && c.Computed != nil {
			fail("column %q is computed and has a default", c.Name)
		}
		c.checkType(fail)
		c.checkDefault(fail)
	}
	if identities > 1 {
		fail("two identities")
	}
	for _, c := range d.Columns {
		if len(d.PK.Columns) > 0 && slices.Contains(d.PK.Columns, c.Name) != c.PrimaryKey {
			fail("the primary key names other columns than those that are marked: %q", c.Name)
		}
	}
	d.checkComputed(fail)
	d.checkKeys(fail)
	return joinErrors(errs)
}

// checkKeys reports what is wrong with keys, indexes and checks.
func (d *Definition) checkKeys(fail func(string, ...any)) {
	known := func(what string, names []string) {
		if len(names) == 0 {
			fail("%s has no columns", what)
		}
		for _, n := range names {
			if d.Column(n) == nil {
				fail("%s names the column %q, which it does not have", what, n)
			}
		}
	}
	if len(d.PK.Columns) > 0 {
		known("the primary key", d.PK.Columns)
	}
	for _, k := range d.Unique {
		known("a unique key", k.Columns)
	}
	for _, x := range d.Indexes {
		if len(x.Columns) == 0 {
			fail("an index has no columns")
		}
		for _, c := range x.Columns {
			if c.Expr == nil && c.SQL == "" {
				known("an index", []string{c.Name})
			}
		}
		if len(x.Include) > 0 {
			known("what an index includes", x.Include)
		}
	}
	for _, k := range d.Checks {
		if k.Cond == nil && strings.TrimSpace(k.SQL) == "" {
			fail("a check without a condition")
		}
	}
	for _, k := range d.ForeignKeys {
		known("a foreign key", k.Columns)
		if k.RefTable == "" {
			fail("a foreign key refers to no table")
		}
		if len(k.RefColumns) != len(k.Columns) {
			fail("the foreign key of %s has %d columns and refers to %d", strings.Join(k.Columns, ", "), len(k.Columns), len(k.RefColumns))
		}
	}
}

// Info returns the definition of a table that was made by [Define], [New] or
// [Build], or of another role of it; nil for anything else.
func Info(t expr.Relation) *Definition {
	d, _ := expr.Info(t).(*Definition)
	return d
}

// C is the column of a table by its name, typed: schema.C[int64](t, "id"). An
// unknown name and a type that cannot hold the column's values are mistakes
// that the statement reports.
func C[T any](t expr.Relation, name string) Col[T] { return expr.C[T](t, name) }

// Dynamic is a table without a struct. It is immutable and safe for
// concurrent use.
type Dynamic struct{ Table }

// Col is the column of that name, for values of any type. An unknown name is a
// mistake that the statement reports.
func (t *Dynamic) Col(name string) Column { return expr.C[any](t, name) }

// As is the table under an alias; see [As].
func (t *Dynamic) As(alias string) *Dynamic { return &Dynamic{expr.As(t, alias)} }

// Info returns the table's definition.
func (t *Dynamic) Info() *Definition { return Info(t) }

// Build makes a table of a definition. Its columns are, by position, those of
// d. A mistake in d is reported by every statement that names the table.
func Build(d *Definition) *Dynamic { return &Dynamic{build(d, nil, true)} }

// build makes the table. Its mistakes are those of err or, if whole says that
// the definition is complete, of the definition.
func build(d *Definition, err error, whole bool) Table {
	if d == nil {
		d, err = &Definition{}, dialect.Errorf(dialect.ErrStatement, "schema: Build of no definition")
	}
	defs := make([]expr.ColumnDef, len(d.Columns))
	for i, c := range d.Columns {
		defs[i] = expr.ColumnDef{Name: c.Name, Type: &c.Type, Null: c.Null, PrimaryKey: c.PrimaryKey, Generated: c.Identity != nil, Computed: c.Computed != nil}
	}
	if err == nil && whole {
		err = d.check()
	}
	d.table = expr.NewTable(expr.TableDef{Schema: d.Schema, Name: d.Name, Columns: defs, Triggers: d.Triggers, Info: d, Err: err})
	return d.table
}

// addToGroup adds a column to the key or index of that name.
func addToGroup(keys []Key, name, column string) []Key {
	if name != "" {
		if i := slices.IndexFunc(keys, func(k Key) bool { return k.Name == name }); i >= 0 {
			keys[i].Columns = append(keys[i].Columns, column)
			return keys
		}
	}
	return append(keys, Key{Name: name, Columns: []string{column}})
}
