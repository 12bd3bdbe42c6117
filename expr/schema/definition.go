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
	Columns      []*ColumnDef
	Unique       []Key
	ForeignKeys  []ForeignKey
	Indexes      []Index
	Checks       []Check

	mistakes []error // made while it was composed
}

// ColumnDef describes a column. A column is NOT NULL unless Null is set.
type ColumnDef struct {
	Name   string
	GoName string // of the struct's field, empty for columns without one
	Type   dialect.Type
	Null   bool
	// PrimaryKey says that the column belongs to the primary key; the key's
	// columns stand in the order of the table's.
	PrimaryKey bool
	// Identity says that the database generates the value where an INSERT
	// leaves it out.
	Identity bool
	// Default is the value where an INSERT leaves it out, nil for none. For
	// the forms see [Default].
	Default *Default
	// Computed is an expression, in SQL, that the database computes the
	// value from; empty for an ordinary column. Stored keeps the result.
	Computed string
	Stored   bool
	Comment  string
}

// Default is a column's default: a value, the time of the insert, or an
// expression in SQL.
type Default struct {
	Value any    // a literal, unless one of the others is set
	Now   bool   // the current time
	SQL   string // an expression, which is the program's own
}

// Key is a unique key.
type Key struct {
	Name    string // may be empty
	Columns []string
}

// Index is an index that is no constraint. An empty Name becomes ix_table_columns.
type Index struct {
	Name    string
	Columns []string
	Unique  bool
}

// Check is a check constraint. SQL is a condition, which is the program's own.
type Check struct {
	Name string // may be empty
	SQL  string
}

// ForeignKey is a reference to a key of another table.
type ForeignKey struct {
	Name       string // may be empty
	Columns    []string
	RefSchema  string
	RefTable   string
	RefColumns []string
	OnDelete   Action
	OnUpdate   Action

	// What a tag says of the other side, until all tables are known.
	refTable, refColumn string
}

// Action is what becomes of a reference when its target goes.
type Action uint8

// The actions of foreign keys.
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
	return 0, dialect.Errorf(dialect.ErrStatement, "schema: unknown action %q of a foreign key; use cascade, restrict, set null, set default or no action", s)
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

// PrimaryKey returns the names of the key's columns.
func (d *Definition) PrimaryKey() []string {
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
		if c.Identity {
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
		if c.Identity {
			identities++
			switch c.Type.Kind {
			case dialect.SmallInt, dialect.Integer, dialect.BigInt, dialect.Decimal, dialect.Native:
			default:
				fail("column %q: an identity is a whole number, not %s", c.Name, c.Type.String())
			}
			if c.Default != nil || c.Computed != "" {
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
		if c.Default != nil && c.Computed != "" {
			fail("column %q is computed and has a default", c.Name)
		}
	}
	if identities > 1 {
		fail("two identities")
	}
	known := func(what string, names []string) {
		if len(names) == 0 {
			fail("%s has no columns", what)
		}
		for _, n := range names {
			if seen[n] == nil {
				fail("%s names the column %q, which it does not have", what, n)
			}
		}
	}
	for _, k := range d.Unique {
		known("a unique key", k.Columns)
	}
	for _, x := range d.Indexes {
		known("an index", x.Columns)
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
	return joinErrors(errs)
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

// As is another role of the table.
func (t *Dynamic) As(alias string) *Dynamic { return &Dynamic{expr.As(t, alias)} }

// Info returns the table's definition.
func (t *Dynamic) Info() *Definition { return Info(t) }

// Build makes a table of a definition. Its columns are, by position, those of
// d. A mistake in d is reported by every statement that names the table.
func Build(d *Definition) *Dynamic { return &Dynamic{build(d, nil)} }

func build(d *Definition, err error) Table {
	defs := make([]expr.ColumnDef, len(d.Columns))
	for i, c := range d.Columns {
		defs[i] = expr.ColumnDef{Name: c.Name, Type: &c.Type, Null: c.Null, PrimaryKey: c.PrimaryKey, Generated: c.Identity}
	}
	if err == nil {
		err = d.check()
	}
	return expr.NewTable(expr.TableDef{Schema: d.Schema, Name: d.Name, Columns: defs, Info: d, Err: err})
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
