package schema

import (
	"context"
	"iter"
	"sync"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/suggest"
)

// Inspector reads what a database has: tables with all that belongs to them,
// views and their definitions, sequences, enumerations, schemas. What comes
// back is as the database has it; [Reflect] makes tables for statements of it.
//
// Each call takes a handful of statements, however many tables there are, on one
// connection; it needs a Runner that can keep one ([dialect.Leaser]), as
// each of package engine can. An Inspector is safe for concurrent use if
// its Runner is.
type Inspector struct {
	r      dialect.Runner
	schema string
	cache  *catalogCache // nil: none
}

// NewInspector returns an Inspector of the session's own schema. It sends
// nothing.
func NewInspector(r dialect.Runner) *Inspector { return &Inspector{r: r} }

// In returns an Inspector of another schema; an empty one is the session's
// own. A cache is shared.
func (i *Inspector) In(schema string) *Inspector {
	c := *i
	c.schema = schema
	return &c
}

// Cached returns an Inspector that reads a schema as a whole when it is first
// asked about it, and answers from memory until [Inspector.Clear]. What it
// returns is shared, and must not be changed.
func (i *Inspector) Cached() *Inspector {
	c := *i
	c.cache = &catalogCache{}
	return &c
}

// Clear forgets what a cached Inspector, and those that share its cache, have
// read.
func (i *Inspector) Clear() {
	if i.cache != nil {
		i.cache.Lock()
		defer i.cache.Unlock()
		i.cache.read = nil
	}
}

type catalogCache struct {
	sync.Mutex
	read map[string]*dialect.Catalog
}

// all are the parts that a cache holds.
const all = dialect.InspectSchemas | dialect.InspectTables | dialect.InspectViews | dialect.InspectDetails |
	dialect.InspectSequences | dialect.InspectEnums | dialect.InspectSynonyms | dialect.InspectDomains

// get reads parts, or finds them in the cache.
func (i *Inspector) get(ctx context.Context, parts dialect.Parts, names []string) (*dialect.Catalog, error) {
	if i.cache == nil {
		return readCatalog(ctx, i.r, dialect.Inspection{Schema: i.schema, Tables: names, Parts: parts})
	}
	i.cache.Lock()
	defer i.cache.Unlock()
	if c := i.cache.read[i.schema]; c != nil {
		return c, nil
	}
	c, err := readCatalog(ctx, i.r, dialect.Inspection{Schema: i.schema, Parts: all})
	if err != nil {
		return nil, err
	}
	if i.cache.read == nil {
		i.cache.read = map[string]*dialect.Catalog{}
	}
	i.cache.read[i.schema] = c
	return c, nil
}

// Schemas returns the names of the schemas, without the database's own.
func (i *Inspector) Schemas(ctx context.Context) ([]string, error) {
	c, err := i.get(ctx, dialect.InspectSchemas, nil)
	if err != nil {
		return nil, err
	}
	return c.Schemas, nil
}

// DefaultSchema returns the session's own schema, where names without one are
// looked up first.
func (i *Inspector) DefaultSchema(ctx context.Context) (string, error) {
	c, err := i.get(ctx, 0, nil)
	if err != nil {
		return "", err
	}
	return c.Default, nil
}

// TableNames returns the names of the tables, in their order.
func (i *Inspector) TableNames(ctx context.Context) ([]string, error) {
	return i.names(ctx, dialect.InspectTables, false)
}

// ViewNames returns the names of the views, in their order.
func (i *Inspector) ViewNames(ctx context.Context) ([]string, error) {
	return i.names(ctx, dialect.InspectViews, true)
}

func (i *Inspector) names(ctx context.Context, part dialect.Parts, views bool) ([]string, error) {
	c, err := i.get(ctx, part, nil)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, t := range c.Tables {
		if t.Kind.IsView() == views {
			names = append(names, t.Name)
		}
	}
	return names, nil
}

// HasTable reports whether there is a table or a view of that name.
func (i *Inspector) HasTable(ctx context.Context, name string) (bool, error) {
	c, err := i.get(ctx, dialect.InspectTables|dialect.InspectViews, []string{name})
	if err != nil {
		return false, err
	}
	return c.Table(name) != nil, nil
}

// Table returns a table or a view with all that belongs to it. One that does
// not exist is an error that matches [dialect.ErrUndefinedTable].
func (i *Inspector) Table(ctx context.Context, name string) (*dialect.TableInfo, error) {
	c, err := i.get(ctx, dialect.InspectTables|dialect.InspectViews|dialect.InspectDetails, []string{name})
	if err != nil {
		return nil, err
	}
	if t := c.Table(name); t != nil {
		return t, nil
	}
	return nil, i.undefined(ctx, c, name)
}

// undefined is the error for a table that does not exist.
func (i *Inspector) undefined(ctx context.Context, c *dialect.Catalog, name string) error {
	var names []string
	if near, err := i.get(ctx, dialect.InspectTables|dialect.InspectViews, nil); err == nil {
		for _, t := range near.Tables {
			names = append(names, t.Name)
		}
	}
	where := "the session has no schema of its own: name one"
	if c.Schema != "" {
		where = "schema " + c.Schema + " has no table or view of that name"
	}
	return dialect.Errorf(dialect.ErrUndefinedTable, "schema: table %q: %s%s", name, where, suggest.Hint(name, names))
}

// Tables returns all tables with all that belongs to them.
func (i *Inspector) Tables(ctx context.Context) ([]*dialect.TableInfo, error) {
	return i.tables(ctx, dialect.InspectTables, false)
}

// Views returns all views with their definitions and columns.
func (i *Inspector) Views(ctx context.Context) ([]*dialect.TableInfo, error) {
	return i.tables(ctx, dialect.InspectViews, true)
}

func (i *Inspector) tables(ctx context.Context, part dialect.Parts, views bool) ([]*dialect.TableInfo, error) {
	c, err := i.get(ctx, part|dialect.InspectDetails, nil)
	if err != nil {
		return nil, err
	}
	var list []*dialect.TableInfo
	for _, t := range c.Tables {
		if t.Kind.IsView() == views {
			list = append(list, t)
		}
	}
	return list, nil
}

// Sequences returns the sequences that are no part of a column; none on
// databases without them.
func (i *Inspector) Sequences(ctx context.Context) ([]dialect.SequenceInfo, error) {
	c, err := i.get(ctx, dialect.InspectSequences, nil)
	if err != nil {
		return nil, err
	}
	return c.Sequences, nil
}

// Enums returns the enumerations that have a name; none on databases where
// they are part of a column's type.
func (i *Inspector) Enums(ctx context.Context) ([]dialect.EnumInfo, error) {
	c, err := i.get(ctx, dialect.InspectEnums, nil)
	if err != nil {
		return nil, err
	}
	return c.Enums, nil
}

// Domains returns the domains: types with a name and conditions of their own;
// none on databases without them.
func (i *Inspector) Domains(ctx context.Context) ([]*dialect.DomainInfo, error) {
	c, err := i.get(ctx, dialect.InspectDomains, nil)
	if err != nil {
		return nil, err
	}
	return c.Domains, nil
}

// Synonyms returns the other names of tables and other objects; none on
// databases without them. What a synonym stands for is reflected by its own
// name.
func (i *Inspector) Synonyms(ctx context.Context) ([]dialect.SynonymInfo, error) {
	c, err := i.get(ctx, dialect.InspectSynonyms, nil)
	if err != nil {
		return nil, err
	}
	return c.Synonyms, nil
}

// readCatalog runs an Inspection on a connection of r.
func readCatalog(ctx context.Context, r dialect.Runner, q dialect.Inspection) (*dialect.Catalog, error) {
	c, _, err := inspect(ctx, r, q)
	return c, err
}

// inspect is readCatalog, and says which dialect ran it.
func inspect(ctx context.Context, r dialect.Runner, q dialect.Inspection) (*dialect.Catalog, dialect.Dialect, error) {
	if r == nil {
		return nil, nil, dialect.Errorf(dialect.ErrArguments, "schema: reading the catalogue needs a Runner; got nil")
	}
	in := &inspected{q: q, c: &dialect.Catalog{}}
	if _, err := dialect.RunScript(ctx, r, in); err != nil {
		return nil, nil, err
	}
	return in.c, in.d, nil
}

// catalogScript is an Inspection for the dialect of whichever connection runs
// it.
type catalogScript struct {
	q dialect.Inspection
	c *dialect.Catalog
}

// Steps implements dialect.Script.
func (s catalogScript) Steps(d dialect.Dialect) iter.Seq2[dialect.Step, error] {
	i, ok := dialect.As[dialect.Inspector](d)
	if !ok {
		return func(yield func(dialect.Step, error) bool) {
			yield(dialect.Step{}, dialect.Unsupported(d, "reading the catalogue", "describe the tables with schema.Define or schema.New"))
		}
	}
	return i.Inspect(s.q, s.c).Steps(d)
}
