package schema

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// CreateView is the CREATE VIEW of a query under a name, perhaps with a schema
// before it. The query's values become literals. It takes IfNotExists,
// OrReplace and CheckOption.
func CreateView(name string, q expr.Query, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, IfNotExists|OrReplace|CheckOption, "CREATE VIEW")
		words := "CREATE VIEW"
		if have&OrReplace != 0 {
			if words = p.f.DDL.ReplaceView; words == "" {
				p.Unsupported("CREATE OR REPLACE VIEW", "drop the view first")
			}
			if have&IfNotExists != 0 {
				p.Failf("schema: CREATE VIEW: either OrReplace or IfNotExists")
			}
		}
		p.WriteString(words + " ")
		p.ifNotExists(have, "a view", p.can(p.f.DDL.IfNotExists, dialect.ViewObject))
		p.InSchema(splitName(name))
		p.WriteString(" AS ")
		p.query(q, nil)
		if have&CheckOption != 0 {
			if p.f.DDL.ReplaceView == "" {
				p.Unsupported("WITH CHECK OPTION", "check what is written through the view in a trigger")
			}
			p.WriteString(" WITH CHECK OPTION")
		}
	})
}

// CreateMaterializedView is the CREATE MATERIALIZED VIEW of a query. It takes
// IfNotExists.
func CreateMaterializedView(name string, q expr.Query, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, IfNotExists, "CREATE MATERIALIZED VIEW")
		p.materialized()
		p.WriteString("CREATE MATERIALIZED VIEW ")
		p.ifNotExists(have, "a materialized view", p.can(p.f.DDL.IfNotExists, dialect.MaterializedViewObject))
		p.InSchema(splitName(name))
		p.WriteString(" AS ")
		p.query(q, nil)
	})
}

// DropView is the DROP VIEW of a view. It takes IfExists and, where the
// database has it, Cascading.
func DropView(name string, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, IfExists|Cascading, "DROP VIEW")
		p.WriteString("DROP VIEW ")
		p.ifExists(have, "a view", p.can(p.f.DDL.IfExists, dialect.ViewObject))
		p.InSchema(splitName(name))
		p.cascade(have)
	})
}

// DropMaterializedView is the DROP MATERIALIZED VIEW of a view. It takes
// IfExists.
func DropMaterializedView(name string, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, IfExists, "DROP MATERIALIZED VIEW")
		p.materialized()
		p.WriteString("DROP MATERIALIZED VIEW ")
		p.ifExists(have, "a materialized view", p.can(p.f.DDL.IfExists, dialect.MaterializedViewObject))
		p.InSchema(splitName(name))
	})
}

func (p *ddl) materialized() {
	if !p.f.DDL.MaterializedViews {
		p.Unsupported("a materialized view", "make a table of the query (CreateTableAs), or a plain view")
	}
}

// CreateTableAs makes a table of the rows of a query: CREATE TABLE … AS, or
// SELECT … INTO. The query's values become literals. It takes IfNotExists.
func CreateTableAs(name string, q expr.Query, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, IfNotExists, "CREATE TABLE AS")
		if p.f.DDL.SelectInto {
			p.ifNotExists(have, "a table of a query", false)
			p.query(q, func() {
				around := p.PlaceBy(p)
				p.WriteString(" INTO ")
				p.InSchema(splitName(name))
				p.PlaceBy(around)
			})
			return
		}
		p.WriteString("CREATE TABLE ")
		p.ifNotExists(have, "a table", p.f.IfNotExists)
		p.InSchema(splitName(name))
		p.WriteString(" AS ")
		p.query(q, nil)
	})
}

// CreateSchema is the CREATE SCHEMA of a name. It takes IfNotExists.
func CreateSchema(name string, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, IfNotExists, "CREATE SCHEMA")
		if !p.f.DDL.CreateSchema {
			p.Unsupported("CREATE SCHEMA", "a schema is a user of the database (Oracle) or an attached file (SQLite): create that")
			return
		}
		p.WriteString("CREATE SCHEMA ")
		p.ifNotExists(have, "a schema", p.can(p.f.DDL.IfNotExists, dialect.SchemaObject))
		p.Ident(name)
	})
}

// DropSchema is the DROP SCHEMA of a name: of one that has nothing in it or,
// with Cascading, with all that is in it. It takes IfExists.
func DropSchema(name string, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, IfExists|Cascading, "DROP SCHEMA")
		all := have&Cascading != 0
		switch form := p.f.DDL.DropSchema; {
		case form == dialect.NoDropSchema:
			p.Unsupported("DROP SCHEMA", "a schema is a user of the database (Oracle) or an attached file (SQLite): drop that")
			return
		case all && form == dialect.DropSchemaEmpty:
			p.Unsupported("DROP SCHEMA … CASCADE", "drop what is in it first")
			return
		case !all && form == dialect.DropSchemaCascade:
			p.Unsupported("DROP SCHEMA of an empty schema alone", "say Cascading: it drops all that is in it")
			return
		}
		p.WriteString("DROP SCHEMA ")
		p.ifExists(have, "a schema", p.can(p.f.DDL.IfExists, dialect.SchemaObject))
		p.Ident(name)
		if all && p.f.DDL.DropSchema == dialect.DropSchemaEither {
			p.WriteString(" CASCADE")
		}
	})
}
