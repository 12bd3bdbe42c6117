package schema

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Reflect reads tables from the database, with their columns, keys, checks
// and indexes; without names all tables of the session's own schema. A name may have a
// schema before it ("audit.log"), and may be that of a view, which becomes a
// table without keys.
//
//	meta, err := schema.Reflect(ctx, conn, "users", "audit.log")
//	users := meta.Table("users")
//	q := expr.Select(users.Col("name")).From(users).Where(schema.C[int64](users, "id").Eq(7))
//
// It takes a handful of statements for each schema. The sequences of the
// session's own schema come with its tables, or those that the defaults of the
// tables asked for count by; see [Metadata.CreateAll]. Tables of the session's own schema
// have none in their name; those that foreign keys refer to are not read unless
// they are asked for. What the database has and a [Definition] cannot say is listed
// by [Metadata.Notes]; an [Inspector] has all of it. A table that does not exist
// is an error that matches [dialect.ErrUndefinedTable].
func Reflect(ctx context.Context, r dialect.Runner, tables ...string) (*Metadata, error) {
	meta := NewMetadata()
	if len(tables) == 0 {
		read, c, err := meta.read(ctx, r, dialect.Inspection{Parts: dialect.InspectTables | dialect.InspectDetails | dialect.InspectSequences})
		if err != nil {
			return nil, err
		}
		for i := range c.Sequences {
			meta.AddSequences(read.sequence(c, "", &c.Sequences[i]))
		}
		if c.Schema == "" {
			return nil, dialect.Errorf(dialect.ErrUndefined, "schema: the session has no schema of its own; name the tables with theirs")
		}
		for _, t := range c.Tables {
			if len(t.Columns) == 0 {
				meta.note(t, "has no columns, and is left out")
				continue
			}
			meta.Add(Build(read.define(c, "", t)))
		}
		return meta, meta.Err()
	}
	var schemas []string
	bySchema := map[string][]string{}
	for _, full := range tables {
		s, name := splitName(full)
		if name == "" {
			return nil, dialect.Errorf(dialect.ErrArguments, "schema: %q is not the name of a table", full)
		}
		if !slices.Contains(schemas, s) {
			schemas = append(schemas, s)
		}
		if !slices.Contains(bySchema[s], name) {
			bySchema[s] = append(bySchema[s], name)
		}
	}
	var errs []error
	for _, s := range schemas {
		names := bySchema[s]
		read, c, err := meta.read(ctx, r, dialect.Inspection{Schema: s, Tables: names,
			Parts: dialect.InspectTables | dialect.InspectViews | dialect.InspectDetails | dialect.InspectSequences})
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			t := c.Table(name)
			switch {
			case t == nil:
				errs = append(errs, NewInspector(r).In(s).undefined(ctx, c, name))
			case len(t.Columns) == 0:
				errs = append(errs, dialect.Errorf(dialect.ErrUndefinedColumn, "schema: table %q has no columns", name))
			default:
				meta.Add(Build(read.define(c, s, t)))
			}
		}
	}
	if errs != nil {
		return nil, joinErrors(errs)
	}
	return meta, meta.Err()
}

// Notes say what [Reflect] met in the database that a [Definition] cannot
// say: a constraint that is not enforced, INHERITS, and so on. What is made of the
// tables in the same database lacks that and nothing else.
// Metadata that was not reflected has none.
func (m *Metadata) Notes() []string { return slices.Clone(m.notes) }

func (m *Metadata) note(t *dialect.TableInfo, format string, args ...any) {
	m.notes = append(m.notes, "table "+t.Name+": "+fmt.Sprintf(format, args...))
}

// reading is what Reflect does with one schema.
type reading struct {
	*Metadata
	f *dialect.Features // of the database that was read
}

// read reads a schema for Reflect.
func (m *Metadata) read(ctx context.Context, r dialect.Runner, q dialect.Inspection) (*reading, *dialect.Catalog, error) {
	c, d, err := inspect(ctx, r, q)
	if err != nil {
		return nil, nil, err
	}
	return &reading{m, d.Features()}, c, nil
}

// define makes a definition of what the database has. schema is what the
// program calls its schema.
func (m *reading) define(c *dialect.Catalog, schema string, t *dialect.TableInfo) *Definition {
	d := &Definition{Schema: schema, Name: t.Name, Comment: t.Comment, from: m.f}
	if t.Kind != dialect.BaseTable {
		m.note(t, "is a %s", t.Kind)
	}
	d.Triggers = t.Triggers
	m.partitions(c, schema, d, t)
	for _, text := range t.Options {
		if o, ok := tableOption(text); ok {
			d.Options = append(d.Options, o)
		} else {
			m.note(t, "is made with %s", text)
		}
	}
	var key []string
	if t.PrimaryKey != nil {
		key = t.PrimaryKey.Columns
		d.PK = m.key(t.PrimaryKey)
		d.PK.Columns = nil
		if t.PrimaryKey.Clustered == dialect.No {
			d.PK.Options = append(d.PK.Options, Maybe(NewOption("key.nonclustered")))
		}
	}
	identities := 0
	for i := range t.Columns {
		in := &t.Columns[i]
		col := &ColumnDef{Name: in.Name, Type: in.Type, Null: in.Nullable, PrimaryKey: slices.Contains(key, in.Name),
			Comment: in.Comment, Checked: in.Type.Kind == dialect.Enum && in.Type.Values != nil && len(in.Type.Values.List) > 0}
		if in.Computed != "" {
			col.Computed = &Computed{SQL: in.Computed, Stored: in.Stored}
		}
		if col.PrimaryKey && col.Null {
			m.note(t, "column %s of the primary key may be NULL", in.Name)
			col.Null = false
		}
		switch {
		case in.Identity != nil && identities == 0:
			identities++
			col.Identity = &Identity{Always: in.Identity.Always, Counting: m.usual(in.Identity.Counting, in.Type.Kind)}
			if n := &in.Identity.Counting; n.Start == 0 && n.Increment > 0 && n.Min != "0" && n.Min != "" {
				m.note(t, "column %s counts from 0, and a copy from %s", in.Name, n.Min)
			}
			if in.Identity.Autoincrement {
				col.Options = append(col.Options, Maybe(NewOption("identity.autoincrement")))
			}
		case in.Identity != nil:
			m.note(t, "column %s is one more identity", in.Name)
		case in.Default != "" && in.Computed == "":
			col.Default = &Default{SQL: in.Default}
			if s := m.counted(c, schema, in.Default); s != nil {
				col.Default = &Default{Expr: Next(s)}
			}
		}
		if m.f.DDL.ShortComments && in.Type.Kind == dialect.Enum && strings.Contains(in.DatabaseType, "?") {
			m.note(t, "column %s: a ? among its values may stand for a character beyond 16 bits, which the catalogue does not hold", in.Name)
		}
		if in.Invisible {
			col.Options = append(col.Options, Maybe(NewOption("column.invisible")))
		}
		if in.Type == (dialect.Type{}) {
			col.Options = append(col.Options, Maybe(NewOption("type.none")))
		}
		if o, ok := onUpdate(in.OnUpdate); ok {
			col.Options = append(col.Options, o)
		} else if in.OnUpdate != "" {
			m.note(t, "column %s becomes %s with each UPDATE", in.Name, in.OnUpdate)
		}
		d.Columns = append(d.Columns, col)
	}
	if own := d.PrimaryKey(); !slices.Equal(own, key) {
		d.PK.Columns = key
	}
	for _, k := range t.Unique {
		u := m.key(&k)
		if k.Clustered == dialect.Yes {
			u.Options = append(u.Options, Maybe(NewOption("key.clustered")))
		}
		if k.NullsNotDistinct {
			u.Options = append(u.Options, NewOption("key.nulls_not_distinct"))
		}
		d.Unique = append(d.Unique, u)
	}
	for _, k := range t.ForeignKeys {
		if len(k.RefColumns) != len(k.Columns) {
			m.note(t, "the foreign key of %s refers to columns of %s that do not exist, and is left out", strings.Join(k.Columns, ", "), k.RefTable)
			continue
		}
		ref := k.RefSchema
		if ref == c.Schema {
			ref = schema
		} else if ref == c.Default {
			ref = ""
		}
		d.ForeignKeys = append(d.ForeignKeys, ForeignKey{Name: k.Name, Columns: k.Columns, RefSchema: ref, RefTable: k.RefTable,
			RefColumns: k.RefColumns, MatchFull: k.MatchFull, Deferral: k.Deferral, OnDelete: m.action(t, k.OnDelete), OnUpdate: m.action(t, k.OnUpdate), Comment: k.Comment})
		if len(k.OnDeleteColumns) > 0 {
			m.note(t, "ON DELETE %s of the foreign key %s is for %s alone", k.OnDelete, k.Name, strings.Join(k.OnDeleteColumns, ", "))
		}
		m.validity(t, "foreign key", k.Name, k.Validity)
	}
	for _, k := range t.Checks {
		if k.NoInherit {
			m.note(t, "the check %s is not one of the tables that inherit from it", k.Name)
		}
		m.validity(t, "check", k.Name, k.Validity)
		d.Checks = append(d.Checks, CheckDef{Name: k.Name, SQL: k.SQL, Comment: k.Comment})
	}
	for _, k := range t.Exclusions {
		d.Constraints = append(d.Constraints, Constraint{Name: k.Name, Comment: k.Comment, Option: NewOption("constraint.excluded", RawSQL(k.SQL))})
	}
	for _, x := range t.Indexes {
		m.index(d, t, &x)
	}
	return d
}

func (m *Metadata) action(t *dialect.TableInfo, word string) Action {
	if word == "" {
		return NoAction
	}
	a, err := parseAction(word)
	if err != nil {
		m.note(t, "a foreign key has the action %s", word)
	}
	return a
}

// validity notes a constraint that a copy of the table would have in full.
func (m *Metadata) validity(t *dialect.TableInfo, what, name string, v dialect.Validity) {
	switch {
	case v.NotEnforced:
		m.note(t, "the %s %s is not enforced", what, name)
	case v.NotValid:
		m.note(t, "the %s %s was not checked for the rows from before it", what, name)
	}
}
