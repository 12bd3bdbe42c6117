package dialect

import "maps"

// InSchemas returns s with the schemas of its tables replaced: a name of the
// map by its value. The key "" is for tables that name no schema, the value "" leaves
// the schema out. What the map does not have stays. It reaches every table,
// index and constraint that a statement composed of values names; a [Text] is
// sent as it is. Of two around one statement the inner counts. The map is copied.
//
// Nothing that is kept of a statement holds a replaced schema, so one statement
// serves any number of tenants.
func InSchemas(s Statement, schemas map[string]string) Statement {
	return &inSchemas{s, maps.Clone(schemas)}
}

type inSchemas struct {
	inner   Statement
	schemas map[string]string
}

// CompileSQL implements Statement.
func (s *inSchemas) CompileSQL(c *Compiled) error {
	if s.inner == nil {
		return Errorf(ErrStatement, "dialect: nil statement")
	}
	before := c.schemas
	c.schemas = s.schemas
	defer func() { c.schemas = before }()
	return s.inner.CompileSQL(c)
}

// Schema returns what a schema is called in this statement; see [InSchemas].
// Printers ask it before they write or compare one.
func (w *Writer) Schema(name string) string {
	if len(w.schemas) == 0 {
		return name
	}
	if to, ok := w.schemas[name]; ok {
		return to
	}
	return name
}

// HasSchemas reports whether schemas are replaced in this statement; see
// [InSchemas]. A text that was made before is of no use then.
func (w *Writer) HasSchemas() bool { return len(w.schemas) > 0 }

// InSchema appends the names joined by dots, as [Writer.Qualified] does, behind
// their schema as it is called in this statement.
func (w *Writer) InSchema(schema string, names ...string) {
	if schema = w.Schema(schema); schema != "" {
		w.Ident(schema)
		w.WriteByte('.')
	}
	w.Qualified(names...)
}
