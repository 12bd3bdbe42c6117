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
// It takes a handful of statements for each schema. Tables of the session's own schema
// have none in their name; those that foreign keys refer to are not read unless
// they are asked for. What the database has and a [Definition] cannot say is listed
// by [Metadata.Notes]; an [Inspector] has all of it. A table that does not exist
// is an error that matches [dialect.ErrUndefinedTable].
func Reflect(ctx context.Context, r dialect.Runner, tables ...string) (*Metadata, error) {
	meta := NewMetadata()
	if len(tables) == 0 {
		c, err := readCatalog(ctx, r, dialect.Inspection{Parts: dialect.InspectTables | dialect.InspectDetails})
		if err != nil {
			return nil, err
		}
		if c.Schema == "" {
			return nil, dialect.Errorf(dialect.ErrUndefined, "schema: the session has no schema of its own; name the tables with theirs")
		}
		for _, t := range c.Tables {
			if len(t.Columns) == 0 {
				meta.note(t, "has no columns, and is left out")
				continue
			}
			meta.Add(Build(meta.define(c, "", t)))
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
		c, err := readCatalog(ctx, r, dialect.Inspection{Schema: s, Tables: names,
			Parts: dialect.InspectTables | dialect.InspectViews | dialect.InspectDetails})
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
				meta.Add(Build(meta.define(c, s, t)))
			}
		}
	}
	if errs != nil {
		return nil, joinErrors(errs)
	}
	return meta, meta.Err()
}

// Notes say what [Reflect] met in the database that a [Definition] cannot
// say: partitions, a constraint that is not enforced, and so on.
// Metadata that was not reflected has none.
func (m *Metadata) Notes() []string { return slices.Clone(m.notes) }

func (m *Metadata) note(t *dialect.TableInfo, format string, args ...any) {
	m.notes = append(m.notes, "table "+t.Name+": "+fmt.Sprintf(format, args...))
}

// define makes a definition of what the database has. schema is what the
// program calls its schema.
func (m *Metadata) define(c *dialect.Catalog, schema string, t *dialect.TableInfo) *Definition {
	d := &Definition{Schema: schema, Name: t.Name, Comment: t.Comment}
	if t.Kind != dialect.BaseTable {
		m.note(t, "is a %s", t.Kind)
	}
	d.Triggers = t.Triggers
	if t.PartitionBy != "" {
		m.note(t, "is partitioned by %s", t.PartitionBy)
	}
	if p := t.PartitionOf; p != nil {
		m.note(t, "is a partition of %s: %s", p.Table, p.Bounds)
	}
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
		m.included(t, t.PrimaryKey)
		d.PK.Name, d.PK.Deferral = t.PrimaryKey.Name, t.PrimaryKey.Deferral
		if t.PrimaryKey.Clustered == dialect.No {
			d.PK.Options = []Option{Maybe(NewOption("key.nonclustered"))}
		}
	}
	identities := 0
	for i := range t.Columns {
		in := &t.Columns[i]
		col := &ColumnDef{Name: in.Name, Type: in.Type, Null: in.Nullable, PrimaryKey: slices.Contains(key, in.Name),
			Comment: in.Comment}
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
			col.Identity = &Identity{Always: in.Identity.Always, Counting: usual(in.Identity.Counting)}
			if in.Identity.Autoincrement {
				col.Options = append(col.Options, Maybe(NewOption("identity.autoincrement")))
			}
		case in.Identity != nil:
			m.note(t, "column %s is one more identity", in.Name)
		case in.Default != "" && in.Computed == "":
			col.Default = &Default{SQL: in.Default}
		}
		if in.OnUpdate != "" {
			m.note(t, "column %s becomes %s with each UPDATE", in.Name, in.OnUpdate)
		}
		d.Columns = append(d.Columns, col)
	}
	if own := d.PrimaryKey(); !slices.Equal(own, key) {
		d.PK.Columns = key
	}
	for _, k := range t.Unique {
		u := Key{Name: k.Name, Columns: k.Columns, Deferral: k.Deferral}
		if k.Clustered == dialect.Yes {
			u.Options = []Option{Maybe(NewOption("key.clustered"))}
		}
		if k.NullsNotDistinct {
			u.Options = append(u.Options, NewOption("key.nulls_not_distinct"))
		}
		m.included(t, &k)
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
			RefColumns: k.RefColumns, MatchFull: k.MatchFull, Deferral: k.Deferral, OnDelete: m.action(t, k.OnDelete), OnUpdate: m.action(t, k.OnUpdate)})
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
		d.Checks = append(d.Checks, CheckDef{Name: k.Name, SQL: k.SQL})
	}
	for _, k := range t.Exclusions {
		m.note(t, "the exclusion constraint %s is left out", k.Name)
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

// tableOption is the option of a table that the database says in these words.
func tableOption(text string) (Option, bool) {
	switch text {
	case "UNLOGGED":
		return Maybe(NewOption("create.unlogged")), true
	case "WITHOUT ROWID":
		return Maybe(NewOption("table.without_rowid")), true
	case "GLOBAL TEMPORARY":
		return Maybe(NewOption("create.global_temporary")), true
	case "STRICT":
		return Maybe(NewOption("table.strict")), true
	}
	name, value, _ := strings.Cut(text, "=")
	if !isWord(value) {
		return Option{}, false
	}
	switch name {
	case "ENGINE":
		return Maybe(NewOption("table.engine", Word(value))), true
	case "COLLATE":
		return Maybe(NewOption("table.collate", Word(value))), true
	}
	return Option{}, false
}

func (m *Metadata) included(t *dialect.TableInfo, k *dialect.KeyInfo) {
	if len(k.Include) > 0 {
		m.note(t, "the key %s holds %s beside its own columns", k.Name, strings.Join(k.Include, ", "))
	}
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

// index adds an index, or notes what of it cannot be said.
func (m *Metadata) index(d *Definition, t *dialect.TableInfo, in *dialect.IndexInfo) {
	x := Index{Name: in.Name, Unique: in.Unique, WhereSQL: in.Where, Include: in.Include}
	for _, c := range in.Columns {
		part := IndexColumn{Name: c.Name, SQL: c.Expression, Desc: c.Desc, Nulls: c.NullsFirst, Length: c.Length, Collation: c.Collation}
		switch {
		case c.OpClass == "":
		case isWord(c.OpClass):
			part.Options = []Option{Maybe(NewOption("part.operator_class", Word(c.OpClass)))}
		default:
			m.note(t, "the index %s has the operator class %s", in.Name, c.OpClass)
		}
		x.Columns = append(x.Columns, part)
	}
	if in.Clustered == dialect.Yes {
		x.Options = []Option{Maybe(NewOption("indexkind.clustered"))}
	}
	if in.NullsNotDistinct {
		x.Options = append(x.Options, NewOption("index.nulls_distinct"))
	}
	if in.Method != "" {
		o, ok := indexKind(in.Method)
		if !ok {
			m.note(t, "the index %s is of the kind %s, and is left out", in.Name, in.Method)
			return
		}
		x.kind, x.Options = o.name, append(x.Options, o)
	}
	d.Indexes = append(d.Indexes, x)
}

// indexKind is the option for a kind of index that the database says in this
// word.
func indexKind(method string) (Option, bool) {
	switch method {
	case "FULLTEXT", "SPATIAL", "BITMAP":
		return NewOption("indexkind." + strings.ToLower(method)), true
	case "hash", "gist", "gin", "spgist", "brin":
		return NewOption("indexon.method", Word(method)), true
	}
	return Option{}, false
}

// leftOut reports whether an index that was reflected is of a kind that the
// database does not have.
func (x *Index) leftOut(f *dialect.Features) bool {
	_, ok := f.DDL.Options[x.kind]
	return x.kind != "" && !ok
}
