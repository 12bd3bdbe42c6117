package schema

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// DifferenceKind says how a database differs from what was declared.
type DifferenceKind uint8

// The kinds of differences.
const (
	Missing DifferenceKind = iota + 1 // the database lacks it
	Extra                             // the database has it, the declaration does not
	Changed                           // the database has it in another form
)

var differenceWords = [...]string{Missing: "missing", Extra: "extra", Changed: "changed"}

// String is "missing", "extra" or "changed".
func (k DifferenceKind) String() string {
	if int(k) < len(differenceWords) && k > 0 {
		return differenceWords[k]
	}
	return "no difference"
}

// Difference is one thing that a database lacks, has in addition, or has in
// another form.
type Difference struct {
	Kind   DifferenceKind
	Object string // "table", "column", "primary key", "index", …
	Table  string // with its schema, if that was said; empty for what belongs to none
	Name   string // of the object; empty where it has none
	What   string // of something changed: "type", "default", …
	Want   string // as it was declared
	Have   string // as the database has it
}

// String says the difference in words.
func (d Difference) String() string {
	s := d.Kind.String() + " " + d.Object
	if d.Name != "" {
		s += " " + d.Name
	}
	if d.Table != "" {
		s += " of " + d.Table
	}
	switch {
	case d.Kind == Changed:
		return fmt.Sprintf("%s: %s is %s, not %s", s, d.What, quoteEmpty(d.Have), quoteEmpty(d.Want))
	case d.Want+d.Have != "":
		return s + ": " + d.Want + d.Have
	}
	return s
}

func quoteEmpty(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// Diff is what [Compare] finds; it is empty where the database is as declared.
type Diff []Difference

// String has a line for each difference.
func (d Diff) String() string {
	lines := make([]string, len(d))
	for i, x := range d {
		lines[i] = x.String()
	}
	return strings.Join(lines, "\n")
}

// Compare says what the database lacks, has in addition, or has in another form
// than meta declares: tables, columns with their types, nullability, defaults
// and computed values, keys, checks, indexes, comments, sequences,
// enumerations. It looks into the schemas that the tables are in, and takes a
// handful of statements for each.
//
// Names count where the declaration gives them, or a convention does
// ([Metadata.Name]). Expressions are compared in a form that different ways to
// write them have in common, since databases keep them in words of their own.
// What only options ([Option]) say is not compared.
func Compare(ctx context.Context, r dialect.Runner, meta *Metadata) (Diff, error) {
	if r == nil || meta == nil {
		return nil, dialect.Errorf(dialect.ErrArguments, "schema: Compare needs a Runner and a Metadata, and got nil")
	}
	steps, err := meta.plan()
	if err != nil {
		return nil, err
	}
	var schemas []string
	note := func(s string) {
		if !slices.Contains(schemas, s) {
			schemas = append(schemas, s)
		}
	}
	for _, s := range steps {
		note(s.d.Schema)
	}
	for _, s := range meta.sequences {
		note(s.Schema)
	}
	var diff Diff
	for _, name := range schemas {
		c, d, err := inspect(ctx, r, dialect.Inspection{Schema: name,
			Parts: dialect.InspectTables | dialect.InspectDetails | dialect.InspectSequences | dialect.InspectEnums})
		if err != nil {
			return nil, err
		}
		found, err := compareSchema(d, c, meta, steps, name)
		if err != nil {
			return nil, err
		}
		diff = append(diff, found...)
	}
	return diff, nil
}

// inspected is an Inspection that remembers the dialect that ran it.
type inspected struct {
	q dialect.Inspection
	c *dialect.Catalog
	d dialect.Dialect
}

// Steps implements dialect.Script.
func (s *inspected) Steps(d dialect.Dialect) iter.Seq2[dialect.Step, error] {
	s.d = d
	return catalogScript{s.q, s.c}.Steps(d)
}

// comparison compares one schema.
type comparison struct {
	p      *ddl // writes what was declared
	c      *dialect.Catalog
	schema string // as the program calls it
	table  string
	diff   Diff
}

// compareSchema compares a catalogue with the tables of its schema.
func compareSchema(d dialect.Dialect, c *dialect.Catalog, meta *Metadata, steps []planned, schema string) (Diff, error) {
	var out Diff
	stmt := statement(func(p *ddl) {
		p.naming = meta.naming
		x := &comparison{p: p, c: c, schema: schema}
		for _, s := range steps {
			if s.d.Schema == schema && !s.d.Temporary {
				x.tableOf(s)
			}
		}
		for _, t := range c.Tables {
			if t.Kind == dialect.BaseTable && !x.partOfDeclared(t, steps) && !slices.ContainsFunc(steps, func(s planned) bool { return s.d.Schema == schema && s.d.Name == t.Name }) {
				x.table = ""
				x.add(Difference{Kind: Extra, Object: "table", Name: t.Name})
			}
		}
		x.others(meta)
		out = x.diff
		p.Cut(0)
	})
	compiled, err := dialect.Compile(d, stmt)
	if err != nil {
		return nil, err
	}
	compiled.Release()
	return out, nil
}

// partOfDeclared reports whether a table is a partition of one that was declared, or of such a
// partition.
func (x *comparison) partOfDeclared(t *dialect.TableInfo, steps []planned) bool {
	for t != nil && t.PartitionOf != nil {
		p := t.PartitionOf
		if slices.ContainsFunc(steps, func(s planned) bool { return x.schemaName(s.d.Schema) == p.Schema && s.d.Name == p.Table }) {
			return true
		}
		if t = nil; p.Schema == x.c.Schema {
			t = x.c.Table(p.Table)
		}
	}
	return false
}

func (x *comparison) add(d Difference) {
	if d.Table == "" {
		d.Table = x.table
	}
	x.diff = append(x.diff, d)
}

// changed adds a difference unless both are alike.
func (x *comparison) changed(object, name, what, want, have string) {
	if want != have {
		x.add(Difference{Kind: Changed, Object: object, Name: name, What: what, Want: want, Have: have})
	}
}

// text is what write writes.
func (x *comparison) text(write func()) string {
	begin := x.p.Len()
	write()
	return x.p.Cut(begin)
}

func (x *comparison) tableOf(s planned) {
	t := x.c.Table(s.d.Name)
	x.table = ""
	if t == nil {
		x.add(Difference{Kind: Missing, Object: "table", Name: s.d.FullName()})
		return
	}
	x.table = s.d.FullName()
	if x.p.f.Comments != dialect.NoComments {
		x.changed("table", "", "comment", s.d.Comment, t.Comment)
	}
	for _, c := range s.d.Columns {
		if have := t.Column(c.Name); have != nil {
			x.column(s.d, c, have)
		} else {
			x.add(Difference{Kind: Missing, Object: "column", Name: c.Name})
		}
	}
	for i := range t.Columns {
		if s.d.Column(t.Columns[i].Name) == nil {
			x.add(Difference{Kind: Extra, Object: "column", Name: t.Columns[i].Name})
		}
	}
	x.primaryKey(s.d, t)
	x.uniqueKeys(s.d, t)
	x.foreignKeys(s, t)
	x.checks(s.d, t)
	x.indexes(s.d, t)
}

func (x *comparison) column(d *Definition, c *ColumnDef, have *dialect.ColumnInfo) {
	p := x.p
	serial := c.Type.Own && strings.HasSuffix(strings.ToUpper(c.Type.Name), "SERIAL")
	if want, err := p.d.TypeName(&c.Type); err == nil && !serial && !(c.Identity != nil && p.f.IdentityType != "") &&
		!(c.Computed != nil && strings.HasPrefix(p.f.Computed, "AS")) {
		x.changed("column", c.Name, "type", x.typeText(want), x.typeText(typeText(p.d, have)))
	}
	if c.Computed == nil || !p.f.ComputedNull && !strings.HasPrefix(p.f.Computed, "AS") {
		x.changed("column", c.Name, "null", nullText(c.Null), nullText(have.Nullable))
	}
	x.changed("column", c.Name, "identity", yesNo(c.Identity != nil), yesNo(have.Identity != nil))
	wanted, has := "", ""
	if c.Default != nil {
		wanted = x.text(func() { p.defaultOf(d, c) })
	}
	if have.Computed == "" && have.Identity == nil && !serial {
		has = have.Default
	}
	if strings.EqualFold(has, "null") {
		has = "" // no default, as some say it
	}
	x.expression("column", c.Name, "default", wanted, has)
	wanted, has = "", have.Computed
	if c.Computed != nil {
		wanted = x.text(func() { p.formula(d, c) })
		if have.Computed != "" && c.Computed.Stored != have.Stored {
			x.changed("column", c.Name, "storage", storageText(c.Computed.Stored), storageText(have.Stored))
		}
	}
	x.expression("column", c.Name, "computed value", wanted, has)
	if p.f.Comments != dialect.NoComments {
		x.changed("column", c.Name, "comment", c.Comment, have.Comment)
	}
}

// expression compares two expressions of SQL.
func (x *comparison) expression(object, name, what, want, have string) {
	if want == have || want != "" && have != "" && canonical(want) == canonical(have) {
		return
	}
	x.changed(object, name, what, want, have)
}

// typeText is the name of a column's type as the dialect writes it.
func typeText(d dialect.Dialect, c *dialect.ColumnInfo) string {
	if name, err := d.TypeName(&c.Type); err == nil {
		return name
	}
	return c.DatabaseType
}

// typeText brings a type's name to the form in which the database has it.
func (x *comparison) typeText(name string) string {
	if parser, ok := dialect.As[dialect.TypeParser](x.p.d); ok {
		if t, err := parser.ParseType(name); err == nil && t.Kind != dialect.NoType && t.Kind != dialect.Native {
			if again, err := x.p.d.TypeName(&t); err == nil {
				name = again
			}
		}
	}
	name = strings.ToLower(strings.Map(func(r rune) rune {
		if r == ' ' || r == '"' || r == '`' {
			return -1
		}
		return r
	}, name))
	if same, ok := x.p.f.DDL.SameTypes[name]; ok {
		return same
	}
	return name
}

func nullText(null bool) string {
	if null {
		return "NULL"
	}
	return "NOT NULL"
}

func storageText(stored bool) string {
	if stored {
		return "stored"
	}
	return "virtual"
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// others compares sequences and enumerations.
func (x *comparison) others(meta *Metadata) {
	x.table = ""
	for _, s := range meta.sequences {
		if s.Schema != x.schema || x.p.f.DDL.NextValue == "" {
			continue
		}
		at := slices.IndexFunc(x.c.Sequences, func(i dialect.SequenceInfo) bool { return i.Name == s.Name })
		if at < 0 {
			x.add(Difference{Kind: Missing, Object: "sequence", Name: s.Name})
			continue
		}
		want, have := s.Counting, x.c.Sequences[at].Counting
		if have.Increment == 0 { // the database does not say how it counts
			continue
		}
		if want.Increment == 0 {
			want.Increment = 1
		}
		x.changed("sequence", s.Name, "increment", fmt.Sprint(want.Increment), fmt.Sprint(have.Increment))
		x.changed("sequence", s.Name, "cycle", yesNo(want.Cycle), yesNo(have.Cycle))
		if want.Max != "" {
			x.changed("sequence", s.Name, "maximum", want.Max, have.Max)
		}
		if want.Min != "" {
			x.changed("sequence", s.Name, "minimum", want.Min, have.Min)
		}
	}
	if !x.p.f.DDL.NamedEnums {
		return
	}
	enums, _ := meta.enumerations()
	for _, e := range enums {
		if e.schema != x.schema {
			continue
		}
		at := slices.IndexFunc(x.c.Enums, func(i dialect.EnumInfo) bool { return i.Name == e.name })
		if at < 0 {
			x.add(Difference{Kind: Missing, Object: "enumeration", Name: e.name})
			continue
		}
		x.changed("enumeration", e.name, "values", strings.Join(e.values, ", "), strings.Join(x.c.Enums[at].Values, ", "))
	}
}
