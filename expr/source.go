package expr

import (
	"math"
	"reflect"
	"strings"
	"sync/atomic"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/suggest"
)

// Relation is what FROM takes: a table, another role of one, a derived table,
// a common table expression. A struct that embeds [Table] is one, and so is a
// pointer to it. Its methods are unexported, since a column's field may hide
// any other.
type Relation interface {
	source() *source
}

// Table is a relation under its name. Package schema makes tables; [As],
// [CTE] and the As of a query make the others. The zero Table is a mistake. A
// Table is immutable and safe for concurrent use.
type Table struct {
	s    *source
	hint materialize
}

func (t Table) source() *source { return t.s }

// source is what a Relation stands for.
type source struct {
	node   // op opSource
	kind   sourceKind
	schema string
	name   string // the table's; the alias of a derived table; a CTE's
	alias  string // another role's name
	cols   []column
	byName map[string]int // for many columns
	info   any
	// triggers says that the table has triggers that OUTPUT must heed.
	triggers bool
	err      error
	query    Query
	write    Writing // of a CTE that writes
	// Of a function: its call, whether its one column is the alias itself,
	// whether the columns are listed, and the name of the row's number.
	call                *node
	scalar, list, whole bool
	ordinality          string
	// lateral says that the query of a derived table names the tables before it.
	lateral  bool
	joins    clauses // of a joined table
	base     *source // of another role: the table itself
	labelled bool    // its query names its columns too
	// recursion adds columns to a recursive query, whose own self is the base.
	recursion []RecursiveOption
	names     []string
	quote     bool       // the name, always
	bare      quoteCache // schema and name
	from      quoteCache // the same with the alias
	any       []Any
	serial    uint32 // that of no other source; 0: there are too many
	forms     formCache
}

type sourceKind uint8

const (
	tableSource sourceKind = iota
	derivedSource
	cteSource
	recursiveSource
	funcSource
	joinedSource // joins: a table and those that are joined to it
)

// column is a column of one source.
type column struct {
	node  // op opColumn; name, typ
	src   *source
	def   ColumnDef
	pos   int     // -1: a pseudo-column
	own   string  // of a pseudo-column: what the database must have
	order [2]node // by it, ASC and DESC
	// What it is in the key of an outline, 0 where it has none; and what is nearly always
	// said of it in the same way: count(it), it = another one, and its label or that of
	// its count.
	outline  uint64
	counted  atomic.Pointer[node]
	equated  atomic.Pointer[node]
	labelled atomic.Pointer[labelNode]
	full     quoteCache // users.id
	bare     quoteCache // id
}

// ColumnDef describes a column to the printer.
type ColumnDef struct {
	Name string
	Type *dialect.Type // nil where it is not known
	// Quote says that the name is always quoted; see [TableDef].
	Quote bool
	// Null says whether the column may be NULL.
	Null bool
	// PrimaryKey says that it belongs to the primary key.
	PrimaryKey bool
	// Generated says that the database makes its value when an INSERT
	// leaves it out: an identity.
	Generated bool
	// Computed says that the database computes it from others.
	Computed bool
}

// TableDef describes a table to the printer.
type TableDef struct {
	Schema, Name string
	Columns      []ColumnDef
	// Triggers says that the table has triggers; SQL Server then gives rows
	// back through a table variable.
	Triggers bool
	// Quote says that the table's name is always quoted. A name is quoted by
	// itself where it needs quotes; this is for a database that has it as it
	// is written where it folds unquoted names (users and "users" are two
	// tables of Oracle).
	Quote bool
	// Info is what the maker of the table wants to find again with [Info].
	Info any
	// Err is a mistake in the table's declaration, which every statement
	// that names the table reports.
	Err error
}

// NewTable makes a table. Package schema is the usual way to one.
func NewTable(def TableDef) Table {
	s := &source{kind: tableSource, schema: def.Schema, name: def.Name, info: def.Info, triggers: def.Triggers, err: def.Err, quote: def.Quote}
	s.setColumns(def.Columns)
	return Table{s: s}
}

// serials counts the sources, so that each has a number of its own.
var serials atomic.Uint64

// setColumns makes s.cols.
func (s *source) setColumns(defs []ColumnDef) {
	s.node.op, s.node.ext = opSource, s
	if n := serials.Add(1); n <= math.MaxInt32 {
		s.serial = uint32(n)
	}
	s.cols = make([]column, len(defs))
	s.any = make([]Any, len(defs))
	if len(defs) > 8 {
		s.byName = make(map[string]int, len(defs))
	}
	for i, d := range defs {
		c := &s.cols[i]
		c.node = node{op: opColumn, name: d.Name, typ: d.Type, ext: c}
		c.src, c.def, c.pos = s, d, i
		if s.kind == tableSource && i <= 0xff && s.serial != 0 {
			c.outline = uint64(i)<<inFlag | uint64(s.serial)<<inAux
		}
		c.order[0] = node{op: opOrder, flag: flagAsc, l: &c.node}
		c.order[1] = node{op: opOrder, flag: flagDesc, l: &c.node}
		s.any[i] = Column{Expr[any]{&c.node}}
		if s.byName != nil {
			s.byName[d.Name] = i
		}
	}
}

// columnOf is the column that n is, or nil.
func columnOf(n *node) *column {
	if n == nil {
		return nil
	}
	if c, ok := n.ext.(*column); ok && n == &c.node {
		return c
	}
	return nil
}

// label is the name by which the statement's columns call s.
func (s *source) label() string {
	if s.alias != "" {
		return s.alias
	}
	return s.name
}

// find returns the column of that name, or nil.
func (s *source) find(name string) *column {
	if s.byName != nil {
		if i, ok := s.byName[name]; ok {
			return &s.cols[i]
		}
		return nil
	}
	for i := range s.cols {
		if s.cols[i].name == name {
			return &s.cols[i]
		}
	}
	return nil
}

// String names the source, for messages.
func (s *source) String() string {
	name := s.name
	if s.schema != "" {
		name = s.schema + "." + name
	}
	if s.alias != "" {
		name += " AS " + s.alias
	}
	return name
}

// sourceOf returns r's source: nil for a nil relation, a nil pointer and the
// zero Table.
func sourceOf(r Relation) *source {
	if r == nil {
		return nil
	}
	if t, ok := r.(Table); ok {
		return t.s
	}
	if v := reflect.ValueOf(r); v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	return r.source()
}

// sourceNode returns r's node, or nil.
func sourceNode(r Relation) *node {
	if s := sourceOf(r); s != nil {
		return &s.node
	}
	return nil
}

// noSource is what stands for a table where there is none: every statement that
// names it reports the mistake.
func noSource(format string, args ...any) *source {
	s := &source{name: "nothing", err: dialect.Errorf(dialect.ErrStatement, "expr: "+format, args...)}
	s.setColumns(nil)
	return s
}

// As is a table under an alias, in another role than the table itself: the
// manager of an employee. It has columns of its own, which [C] and [Columns]
// return; for tables that are Go types there is schema.As.
func As(r Relation, alias string) Table {
	s := sourceOf(r)
	if s == nil {
		return Table{s: noSource("As(%q) of no table", alias)}
	}
	t := &source{kind: s.kind, schema: s.schema, name: s.name, alias: alias, info: s.info, triggers: s.triggers, err: s.err, query: s.query, quote: s.quote, recursion: s.recursion, base: s.root()}
	switch _, around := r.(modifier); {
	case alias == "":
		t.err = dialect.Errorf(dialect.ErrStatement, "expr: empty alias of table %s", s)
	case around:
		t.err = dialect.Errorf(dialect.ErrStatement, "expr: As(%q) of table %s with something around its name; put that around what As gives", alias, s)
	}
	defs := make([]ColumnDef, len(s.cols))
	for i := range s.cols {
		defs[i] = s.cols[i].def
	}
	t.setColumns(defs)
	return Table{s: t}
}

// root is the table that s is a role of, or s.
func (s *source) root() *source {
	if s.base != nil {
		return s.base
	}
	return s
}

// C is the column of that name, typed. An unknown name and a type that cannot
// hold the column's values are mistakes that the statement reports.
func C[T any](r Relation, name string) Col[T] {
	s := sourceOf(r)
	if s == nil {
		return Col[T]{Expr[T]{mistake("column %s of no table", name)}}
	}
	c := s.find(name)
	if c == nil {
		names := make([]string, len(s.cols))
		for i := range s.cols {
			names[i] = s.cols[i].name
		}
		return Col[T]{Expr[T]{mistake("table %s has no column %q%s", s, name, suggest.Hint(name, names))}}
	}
	if !fits[T](c.typ) {
		return Col[T]{Expr[T]{mistake("column %s.%s is %s, which does not fit %s", s.label(), name, c.typ, reflect.TypeFor[T]())}}
	}
	return Col[T]{Expr[T]{&c.node}}
}

// fits reports whether T may hold values of a column type, as far as both are known.
func fits[T any](t *dialect.Type) bool {
	if t == nil {
		return true
	}
	rt := reflect.TypeFor[T]()
	if _, ok := dialect.DecoratedType(rt); ok {
		return true // its functions know
	}
	k := rt.Kind()
	number := k >= reflect.Int && k <= reflect.Float64
	switch t.Kind {
	case dialect.SmallInt, dialect.Integer, dialect.BigInt, dialect.Real, dialect.Double:
		return k != reflect.String && k != reflect.Slice
	case dialect.Char, dialect.Varchar, dialect.Clob, dialect.UUID, dialect.Binary, dialect.Varbinary, dialect.Blob,
		dialect.Date, dialect.Timestamp, dialect.TimestampTZ:
		return !number && k != reflect.Bool
	}
	return true
}

// ColumnAt is the i-th column of a relation, from 0.
func ColumnAt(r Relation, i int) Column {
	s := sourceOf(r)
	if s == nil || i < 0 || i >= len(s.cols) {
		return Column{Expr[any]{mistake("no column %d of %v", i, s)}}
	}
	return Column{Expr[any]{&s.cols[i].node}}
}

// TableOf is the relation as a [Table], with the same columns; the zero Table
// for nil.
func TableOf(r Relation) Table { return Table{s: sourceOf(r)} }

// Columns are all columns of a relation, in order, for Select and Returning.
// The slice must not be changed.
func Columns(r Relation) []Any {
	if s := sourceOf(r); s != nil {
		return s.any
	}
	return []Any{Expr[any]{mistake("the columns of no table")}}
}

// Info is what the maker of the table gave in [TableDef]; nil for a derived
// table and for no table.
func Info(r Relation) any {
	if s := sourceOf(r); s != nil {
		return s.info
	}
	return nil
}

// TableErr is the mistake in a relation's declaration, which every statement
// that names it reports; nil where there is none.
func TableErr(r Relation) error {
	if s := sourceOf(r); s != nil {
		return s.err
	}
	return dialect.Errorf(dialect.ErrStatement, "expr: no table")
}

// Bind makes dst, which points to a Col[T] of any T, the i-th column of a
// table. It is for packages that fill structs of columns, and reports whether
// dst is such a pointer and there is such a column.
func Bind(dst any, r Relation, i int) bool {
	b, ok := dst.(interface{ bind(*node) })
	s := sourceOf(r)
	if !ok || s == nil || i < 0 || i >= len(s.cols) {
		return false
	}
	b.bind(&s.cols[i].node)
	return true
}

func (c *Col[T]) bind(n *node) { c.n = n }

// GoType returns T, for packages that fill structs of columns.
func (Col[T]) GoType() reflect.Type { return reflect.TypeFor[T]() }

// derived makes a source of a query's columns.
func derived(kind sourceKind, q Query, name string, names []string) *source {
	if n := queryNode(q); n != nil {
		q = n.ext.(Query)
	} else {
		q = nil
	}
	s := &source{kind: kind, name: name, query: q, names: names}
	var defs []ColumnDef
	if q == nil {
		s.err = dialect.Errorf(dialect.ErrStatement, "expr: %s: nil query", name)
	} else {
		var own namer
		items := q.clauses().items()
		for i, n := range q.outputs() {
			d := ColumnDef{Name: own.next(nameOf(n)), Null: true}
			if i < len(names) {
				d.Name = names[i]
			}
			if n != nil {
				d.Type = n.typ
				if c, ok := n.ext.(*column); ok && !isSet(q) {
					d.Null = c.def.Null || outerIn(items, c.src)
				}
			}
			defs = append(defs, d)
		}
		if names != nil && len(names) != len(defs) {
			s.err = dialect.Errorf(dialect.ErrStatement, "expr: %s has %d column names for %d columns", name, len(names), len(defs))
		}
	}
	if name == "" {
		s.err = dialect.Errorf(dialect.ErrStatement, "expr: a derived table needs a name")
	}
	s.setColumns(defs)
	return s
}

// nameOf is the name of a column of a result; empty where it has none.
func nameOf(n *node) string {
	if n == nil {
		return ""
	}
	switch n.op {
	case opColumn, opLabel, opName:
		return n.name
	case opInserted:
		return nameOf(n.l)
	}
	return ""
}

// quoteCache keeps the text of a name for the dialects that have asked, so
// that it is quoted once for each. It grows with the dialects, up to a bound.
type quoteCache struct {
	p atomic.Pointer[[]quotedText]
}

type quotedText struct {
	f    *dialect.Features
	text string
}

func (q *quoteCache) get(f *dialect.Features) (string, bool) {
	if p := q.p.Load(); p != nil {
		for i := range *p {
			if (*p)[i].f == f {
				return (*p)[i].text, true
			}
		}
	}
	return "", false
}

// put keeps text; when it loses a race or there is no room it does nothing.
func (q *quoteCache) put(f *dialect.Features, text string) {
	const room = 8
	old := q.p.Load()
	var entries []quotedText
	if old != nil {
		if len(*old) >= room {
			return
		}
		entries = append(entries, *old...)
	}
	entries = append(entries, quotedText{f, strings.Clone(text)})
	q.p.CompareAndSwap(old, &entries)
}
