package schema

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// CreateDomain is the CREATE DOMAIN of a type that has a name and conditions
// of its own. [Metadata.CreateAll] does this for the domains that columns have
// ([dialect.Type].Domain).
func CreateDomain(domain *dialect.DomainInfo) dialect.Statement {
	return statement(func(p *ddl) {
		p.at = "CREATE DOMAIN"
		template, ok := p.f.DDL.Options["domain.create"]
		switch {
		case domain == nil || domain.Name == "":
			p.fail("a domain without a name")
			return
		case !ok:
			p.Unsupported("CREATE DOMAIN", "give the columns the type that it is based on, and checks")
			return
		}
		p.at = "domain " + shown(domain.Name)
		p.Template(template, func(hole int) {
			if hole == 0 {
				p.InSchema(domain.Schema, domain.Name)
				return
			}
			name, err := p.d.TypeName(&domain.Type)
			if err != nil {
				p.Fail(p.Place(err))
			}
			p.WriteString(name)
		})
		if domain.Type.Collation != "" {
			p.WriteString(" COLLATE ")
			p.collation(domain.Type.Collation)
		}
		if domain.Default != "" {
			p.WriteString(" DEFAULT ")
			p.visited(RawSQL(domain.Default))
			p.parenthesized(domain.Default)
		}
		if domain.NotNull {
			p.WriteString(" NOT NULL")
		}
		for _, k := range domain.Checks {
			p.WriteByte(' ')
			p.constraint(k.Name)
			p.WriteString("CHECK (")
			p.raw(k.SQL)
			p.WriteByte(')')
		}
	})
}

// DropDomain is the DROP DOMAIN of a domain. It takes IfExists.
func DropDomain(name string, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, IfExists, "DROP DOMAIN")
		if _, ok := p.f.DDL.Options["domain.create"]; !ok {
			p.Unsupported("DROP DOMAIN", "there is none")
			return
		}
		p.WriteString("DROP DOMAIN ")
		p.ifExists(have, "a domain", true)
		p.InSchema(splitName(name))
	})
}

// domains are those that columns have, each once and after what it is based
// on.
func (m *Metadata) domains() []*dialect.DomainInfo {
	var list []*dialect.DomainInfo
	var add func(t *dialect.Type)
	add = func(t *dialect.Type) {
		for t.Kind == dialect.Array && t.Elem != nil && t.Domain == nil {
			t = t.Elem
		}
		if t.Domain == nil {
			return
		}
		add(&t.Domain.Type)
		if !slices.ContainsFunc(list, func(o *dialect.DomainInfo) bool { return o.Schema == t.Domain.Schema && o.Name == t.Domain.Name }) {
			list = append(list, t.Domain)
		}
	}
	for _, t := range m.tables {
		for _, c := range Info(t).Columns {
			add(&c.Type)
		}
	}
	return list
}

// createDomains makes the domains that are not there.
func (m *Metadata) createDomains(d dialect.Dialect, there *others) []dialect.Statement {
	if _, ok := d.Features().DDL.Options["domain.create"]; !ok {
		return nil
	}
	var stmts []dialect.Statement
	for _, x := range m.domains() {
		if there == nil || !there.domains[[2]string{x.Schema, x.Name}] {
			stmts = append(stmts, CreateDomain(x))
			stmts = append(stmts, commentOn(d, "domain", x.Schema, x.Name, x.Comment)...)
		}
	}
	return stmts
}

// dropDomains drops the domains that are there.
func (m *Metadata) dropDomains(d dialect.Dialect, there *others) []dialect.Statement {
	if _, ok := d.Features().DDL.Options["domain.create"]; !ok {
		return nil
	}
	var stmts []dialect.Statement
	for _, x := range slices.Backward(m.domains()) {
		if there == nil || there.domains[[2]string{x.Schema, x.Name}] {
			stmts = append(stmts, statement(func(p *ddl) {
				p.WriteString("DROP DOMAIN ")
				p.InSchema(x.Schema, x.Name)
			}))
		}
	}
	return stmts
}
