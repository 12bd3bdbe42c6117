package schema

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// CreateEnum is the CREATE TYPE of an enumeration, on databases where it is a
// type of its own. [Metadata.CreateAll] does this for the tables' enumerations.
func CreateEnum(name string, values ...string) dialect.Statement {
	values = slices.Clone(values)
	return statement(func(p *ddl) {
		if !p.f.DDL.NamedEnums {
			p.Unsupported("CREATE TYPE of an enumeration", "use schema.Enum, which is a type of the column or a check there")
			return
		}
		p.at = "CREATE TYPE"
		p.WriteString("CREATE TYPE ")
		p.InSchema(splitName(name))
		p.WriteString(" AS ENUM (")
		for i, v := range values {
			if i > 0 {
				p.WriteString(", ")
			}
			p.StringLiteral(v)
		}
		p.WriteByte(')')
	})
}

// DropEnum is the DROP TYPE of an enumeration. It takes IfExists.
func DropEnum(name string, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, IfExists, "DROP TYPE")
		if !p.f.DDL.NamedEnums {
			p.Unsupported("DROP TYPE of an enumeration", "there is none: it is part of a column's type")
			return
		}
		p.WriteString("DROP TYPE ")
		p.ifExists(have, "a type", p.can(p.f.DDL.IfExists, dialect.EnumObject))
		p.InSchema(splitName(name))
	})
}

// enumeration is one that has a name, and is thus a type of its own.
type enumeration struct {
	schema, name string
	values       []string
	comment      string
}

func (e *enumeration) fullName() string {
	if e.schema == "" {
		return e.name
	}
	return e.schema + "." + e.name
}

// enumerations are the types that columns name, each once.
func (m *Metadata) enumerations() ([]enumeration, []error) {
	var list []enumeration
	var errs []error
	for _, t := range m.tables {
		d := Info(t)
		for _, c := range d.Columns {
			typ := &c.Type
			for typ.Kind == dialect.Array && typ.Elem != nil {
				typ = typ.Elem
			}
			if typ.Kind != dialect.Enum || typ.Name == "" || typ.Values == nil {
				continue
			}
			e := enumeration{values: typ.Values.List, comment: typ.Values.Comment}
			e.schema, e.name = splitName(typ.Name)
			at := slices.IndexFunc(list, func(o enumeration) bool { return o.schema == e.schema && o.name == e.name })
			switch {
			case at < 0:
				list = append(list, e)
			case !slices.Equal(list[at].values, e.values):
				errs = append(errs, dialect.Errorf(dialect.ErrStatement,
					"schema: table %s: column %q: the enumeration %s has other values than elsewhere", d.FullName(), c.Name, e.fullName()))
			}
		}
	}
	return list, errs
}
