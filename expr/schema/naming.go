package schema

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Naming is a convention by which constraints and indexes without a name get
// one. Its fields are templates, empty for none:
//
//	{table}        the table's name
//	{column}       the first column's, {columns} all of them, joined by _
//	{ref_table}    the name of the table that a foreign key refers to
//	{ref_column}   the first column of those, {ref_columns} all
//	{name}         the name that the constraint has been given
//
// A constraint that has a name keeps it, unless the template takes {name}. A
// name that is too long for the database is cut, and ends in a hash of the whole, so
// that it is the same each time.
type Naming struct {
	PrimaryKey, Unique, ForeignKey, Check, Index string
}

// Standard is a convention that names all constraints and indexes.
var Standard = Naming{
	PrimaryKey: "pk_{table}",
	Unique:     "uq_{table}_{columns}",
	ForeignKey: "fk_{table}_{columns}_{ref_table}",
	Check:      "ck_{table}_{name}",
	Index:      "ix_{table}_{columns}",
}

// Name gives the tables a naming convention, and returns the Metadata.
func (m *Metadata) Name(n Naming) *Metadata {
	m.naming = &n
	return m
}

// name fills a template, if there is one and the constraint has no name.
func (p *ddl) name(template, given, what string, d *Definition, columns []string, ref *ForeignKey) string {
	takesName := strings.Contains(template, "{name}")
	if template == "" || given != "" && !takesName {
		return given
	}
	if given == "" && takesName {
		if what != "check" {
			p.Failf("schema: table %s: the convention names a %s by the name that it has, and it has none", d.FullName(), what)
		}
		return ""
	}
	first := func(names []string) string {
		if len(names) == 0 {
			return ""
		}
		return names[0]
	}
	pairs := []string{"{table}", d.Name, "{column}", first(columns), "{columns}", strings.Join(columns, "_"), "{name}", given}
	if ref != nil {
		pairs = append(pairs, "{ref_table}", ref.RefTable, "{ref_column}", first(ref.RefColumns), "{ref_columns}", strings.Join(ref.RefColumns, "_"))
	}
	name := strings.NewReplacer(pairs...).Replace(template)
	if i := strings.IndexByte(name, '{'); i >= 0 {
		hole := name[i:]
		if j := strings.IndexByte(hole, '}'); j >= 0 && slices.Index(pairs, hole[:j+1])%2 != 0 {
			p.Failf("schema: the convention %q for a %s has the unknown hole %s", template, what, hole[:j+1])
		}
	}
	return shorten(name, p.f)
}

func (p *ddl) convention() *Naming {
	if p.naming == nil {
		return &Naming{}
	}
	return p.naming
}

func (p *ddl) primaryName(d *Definition) string {
	return p.name(p.convention().PrimaryKey, d.PK.Name, "primary key", d, d.PrimaryKey(), nil)
}

func (p *ddl) uniqueName(d *Definition, k *Key) string {
	return p.name(p.convention().Unique, k.Name, "unique key", d, k.Columns, nil)
}

func (p *ddl) checkName(d *Definition, k *CheckDef) string {
	return p.name(p.convention().Check, k.Name, "check", d, nil, nil)
}

func (p *ddl) foreignName(d *Definition, k *ForeignKey) string {
	return p.name(p.convention().ForeignKey, k.Name, "foreign key", d, k.Columns, k)
}

// neededName is the name under which a key is added and dropped by ALTER.
func (p *ddl) neededName(d *Definition, k *ForeignKey) string {
	if name := p.foreignName(d, k); name != "" {
		return name
	}
	return p.name("fk_{table}_{columns}", "", "foreign key", d, k.Columns, k)
}

// indexName is never empty.
func (p *ddl) indexName(d *Definition, x *Index) string {
	template := p.convention().Index
	if template == "" {
		template = "ix_{table}_{columns}"
	}
	names := x.columnNames()
	for i, n := range names {
		if n == "" {
			names[i] = "expr"
		}
	}
	return p.name(template, x.Name, "index", d, names, nil)
}

// shorten cuts a name that is too long for the database. What is cut off is
// replaced by a hash of the whole.
func shorten(name string, f *dialect.Features) string {
	most := f.MaxIdent
	if most <= 0 || f.IdentLen(name) <= most {
		return name
	}
	sum := hash(name)
	cut := 0 // whole characters, as many as fit
	for i := range name {
		if f.IdentLen(name[:i]) > most-len(sum)-1 {
			break
		}
		cut = i
	}
	return name[:cut] + "_" + sum
}

// hash is a short text that stands for a longer one (FNV-1a).
func hash(s string) string {
	const digits = "0123456789abcdefghijklmnopqrstuv"
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	var b [6]byte
	for i := range b {
		b[i] = digits[h&31]
		h >>= 5
	}
	return string(b[:])
}
