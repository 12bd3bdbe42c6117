package schema

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// AddColumn is the ALTER TABLE that adds a column of the table's declaration,
// by its name, with the check of its values if it has one. Keys, other checks and
// indexes are added apart. It takes IfNotExists.
func AddColumn(t expr.Relation, column string, how ...Flag) dialect.Statement {
	return alter(t, "ADD COLUMN", how, IfNotExists, func(p *ddl, d *Definition, have Flag) {
		c := d.Column(column)
		switch {
		case c == nil:
			p.Failf("schema: table %s has no column %q", d.FullName(), column)
			return
		case p.f.DDL.AddColumn == "":
			p.Unsupported("ADD COLUMN", "make a new table and copy the rows")
			return
		case p.loose(c) && p.f.DDL.NoDropKey: // a column's own check needs no ADD CONSTRAINT
		}
		p.WriteString(p.f.DDL.AddColumn + " ")
		p.ifNotExists(have, "a column", p.can(p.f.DDL.IfNotExists, dialect.ColumnObject))
		p.column(d, c)
		if p.loose(c) {
			p.WriteByte(' ')
			p.constraint(p.checkName(d, &CheckDef{Name: c.CheckName}))
			p.WriteString("CHECK (")
			p.valuesOf(c)
			p.WriteByte(')')
		}
	})
}

// DropColumn is the ALTER TABLE that drops a column, which the table's
// declaration need not have any more. It takes IfExists and, where the database has it,
// Cascading.
func DropColumn(t expr.Relation, column string, how ...Flag) dialect.Statement {
	return alter(t, "DROP COLUMN", how, IfExists|Cascading, func(p *ddl, d *Definition, have Flag) {
		p.WriteString("DROP COLUMN ")
		p.ifExists(have, "a column", p.can(p.f.DDL.IfExists, dialect.ColumnObject))
		p.Ident(column)
		p.cascade(have)
	})
}

// AddConstraint is the ALTER TABLE that adds a key, a check, a foreign key or
// a constraint of one database alone: Unique("name").Named("uq_name").
func AddConstraint(t expr.Relation, constraint Part) dialect.Statement {
	return alter(t, "ADD CONSTRAINT", nil, 0, func(p *ddl, d *Definition, _ Flag) {
		extra := &Definition{Schema: d.Schema, Name: d.Name, GoName: d.GoName, table: d.table}
		if constraint != nil {
			constraint.add(extra)
		}
		n := 0
		extra.Columns = d.Columns
		one := func(write func()) {
			if n++; n == 1 {
				p.WriteString("ADD ")
				write()
			}
		}
		if extra.PK.Columns != nil {
			one(func() { p.primaryKey(extra, extra.PK.Columns) })
		}
		for i := range extra.Unique {
			one(func() { p.uniqueKey(extra, &extra.Unique[i]) })
		}
		for i := range extra.Checks {
			one(func() { p.check(extra, &extra.Checks[i]) })
		}
		for i := range extra.ForeignKeys {
			one(func() { p.foreignKey(extra, &extra.ForeignKeys[i], "") })
		}
		for i := range extra.Constraints {
			one(func() { p.ownConstraint(extra, &extra.Constraints[i]) })
		}
		extra.checkKeys(extra.fail)
		for _, err := range extra.mistakes {
			p.Fail(err)
		}
		if n != 1 {
			p.in(d, "ADD CONSTRAINT")
			p.fail("a part that is not a constraint")
		}
		p.alterable()
	})
}

// DropConstraint is the ALTER TABLE that drops a constraint by its name. It
// takes IfExists and, where the database has it, Cascading.
func DropConstraint(t expr.Relation, name string, how ...Flag) dialect.Statement {
	return alter(t, "DROP CONSTRAINT", how, IfExists|Cascading, func(p *ddl, d *Definition, have Flag) {
		p.alterable()
		if name == "" {
			p.fail("no name")
			return
		}
		p.WriteString("DROP CONSTRAINT ")
		p.ifExists(have, "a constraint", p.can(p.f.DDL.IfExists, dialect.ConstraintObject))
		p.Ident(name)
		p.cascade(have)
	})
}

// alterable refuses constraints that come and go after the table.
func (p *ddl) alterable() {
	if p.f.DDL.NoDropKey || !p.f.AlterAddConstraint {
		p.Unsupported("ALTER TABLE with a constraint", "make a new table, copy the rows, drop the old one and rename the new; a unique key can be a unique index")
	}
}

func (p *ddl) cascade(have Flag) {
	switch {
	case have&Cascading == 0:
	case p.f.DropCascade == "":
		p.Unsupported("CASCADE", "drop what depends on it first")
	default:
		p.WriteString(" " + p.f.DropCascade)
	}
}

func alter(t expr.Relation, what string, how []Flag, may Flag, write func(*ddl, *Definition, Flag)) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, may, what)
		if d := p.definition(t); d != nil {
			p.WriteString("ALTER TABLE ")
			p.InSchema(d.Schema, d.Name)
			p.WriteByte(' ')
			p.in(d, what)
			write(p, d, have)
		}
	})
}

func addForeignKey(d *Definition, k *ForeignKey, n *Naming) dialect.Statement {
	return named(n, func(p *ddl) {
		p.at = "ALTER TABLE"
		p.WriteString("ALTER TABLE ")
		p.InSchema(d.Schema, d.Name)
		p.WriteString(" ADD ")
		p.foreignKey(d, k, p.neededName(d, k))
	})
}

func dropForeignKey(d *Definition, k *ForeignKey, n *Naming) dialect.Statement {
	return named(n, func(p *ddl) {
		p.at = "ALTER TABLE"
		p.WriteString("ALTER TABLE ")
		p.InSchema(d.Schema, d.Name)
		p.WriteString(" DROP CONSTRAINT ")
		p.Ident(p.neededName(d, k))
	})
}
