package engine

import "maps"

// SchemasOption is what [Schemas] returns.
type SchemasOption interface {
	DefaultOption
	CallOption
}

type schemasOption map[string]string

func (o schemasOption) open(c *config)      { c.schemas = o }
func (o schemasOption) with(c *config)      { c.schemas = o }
func (o schemasOption) call(c *callOptions) { c.schemas, c.schemasSet = o, true }

// Schemas has statements name their tables in other schemas: each schema that
// is a key of names becomes its value. The key "" is for tables that name no
// schema, the value "" leaves the schema out. It is for tenants that have a
// schema each:
//
//	acme, err := eng.With(engine.Schemas(map[string]string{"": "acme"}))
//	list, err := engine.All[Order](ctx, acme, stmt) // SELECT … FROM acme.orders
//
// It reaches the statements of package expr and of the ORM, and DDL; names
// are quoted as always. Text is sent as it is, and so are questions about the database's
// catalogue, which name their schema themselves. The option of a statement takes the
// place of the Engine's as a whole; an empty map there replaces nothing. One
// statement may be used by any number of Engines at once: nothing that is kept of it
// holds a schema that was replaced.
func Schemas(names map[string]string) SchemasOption { return schemasOption(maps.Clone(names)) }
