package expr

import (
	"errors"
	"reflect"
	"strings"
	"sync"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// SQL compiles any statement for a dialect, without a database, and returns
// its text and arguments, as they would be sent ([dialect.Compiled.Sent]). All mistakes of the statement, and what the database
// cannot say, come back joined.
func SQL(stmt dialect.Statement, d dialect.Dialect) (text string, args []any, err error) {
	var r *recording
	if q, ok := stmt.(SelectStmt); ok && d != nil {
		var done bool
		if text, args, done, r = q.text(d); done {
			return text, args, nil
		}
	}
	s, ok := stmt.(printable)
	if v := reflect.ValueOf(stmt); v.Kind() == reflect.Pointer && v.IsNil() {
		return "", nil, dialect.Errorf(dialect.ErrStatement, "expr: nil statement")
	}
	if !ok || d == nil {
		c, err := dialect.Compile(d, stmt)
		if err != nil {
			return "", nil, err
		}
		defer c.Release()
		return c.Sent(), valuesOf(c), nil
	}
	c := compileds.Get().(*dialect.Compiled)
	c.Reset(d)
	p := newPrinter(c)
	p.textOnly, p.recording = true, r
	s.print(p)
	if err = p.done(); err == nil {
		if text, args = c.Sent(), valuesOf(c); r != nil {
			r.keep(c)
		}
	}
	c.Reset(nil)
	if len(text) < 1<<16 && len(args) < 1<<12 {
		compileds.Put(c)
	}
	return text, args, err
}

// printable is a statement of this package.
type printable interface {
	print(p *printer)
}

// compileds are for texts alone, whose result nobody asks for.
var compileds = sync.Pool{New: func() any { return new(dialect.Compiled) }}

// valuesOf returns the values of c's arguments.
func valuesOf(c *dialect.Compiled) []any {
	compiled := c.Args()
	if len(compiled) == 0 {
		return nil
	}
	args := make([]any, len(compiled))
	for i := range compiled {
		args[i] = compiled[i].Value
	}
	return args
}

// printer writes one statement. It walks the tree once, and knows dialects by
// their Features alone.
type printer struct {
	c *dialect.Compiled
	w *dialect.Writer
	f *dialect.Features

	scope     []inScope // the sources of the statement and of those around it
	floor     int       // sources below it are not to be seen
	ctes      []*source
	resolvers []Resolver
	binds     []boundNode // parameters that may stand again
	storing   *column     // the column that the value being written is stored in

	writing []*source     // the common table expressions that are being written, from without
	coming  []*source     // those of their Withs that come later
	carried []item        // WITH of an UPDATE or DELETE that its subqueries bring in
	lent    bool          // one of them has been named
	values  dialect.Named // of parameters with a name
	named   []namedParam
	windows []item // of the current query, to look up those with a name

	clause   string          // for messages
	around   dialect.Placer  // of what the statement is part of
	holder   *node           // the expression that is written, for messages
	examined map[[2]any]bool // nodes in their clauses, see examine
	depth    int             // of queries within queries
	nest     int             // of expressions within expressions
	twice    int             // of conditions as values within others, see condAsValue
	opposed  [][2]*node      // see opposite

	base    int       // where the scope of the current query begins
	hoisted []hoisted // see with
	withEnd int       // where the statement's WITH ends; 0: it has none
	alias   string    // of the row of an upsert; see inserted

	prefix string  // qualifies the columns of target: inserted, deleted; empty: they are not qualified
	target *source // see prefix
	alone  *source // if set, the only table whose columns may stand

	start   int     // where the statement begins, after what prepares it
	outputs int     // columns of outputVariable
	ended   bool    // the statement ends with a semicolon
	bare    bool    // columns are not qualified
	denied  int     // how many NOTs are around a condition; see test
	own     *source // the table whose definition is written, and no other
	into    func()  // see DDLQuery
	shown   shown   // of the query that comes next

	strict   bool // ORDER BY takes columns of the result alone
	qualify  bool // columns that are assigned are qualified
	merging  bool // the rows of a MERGE are written
	textOnly bool // the result's columns are not asked for

	nullsSaid bool // where NULLs come is written, be it the rule: MariaDB's group_concat takes them for 0

	within    within     // what the current query has around an operand
	recording *recording // see forms
}

type inScope struct {
	src   *source
	outer bool
}

type boundNode struct {
	n     *node
	index int
}

var printers = sync.Pool{New: func() any { return new(printer) }}

func newPrinter(c *dialect.Compiled) *printer {
	p := printers.Get().(*printer)
	p.c, p.w, p.f = c, &c.Writer, c.Features()
	p.around = p.w.PlaceBy(p)
	return p
}

// done gives p back and returns the mistakes.
func (p *printer) done() error {
	if len(p.hoisted) > 0 {
		p.hoist()
	}
	err := p.w.Err()
	p.w.PlaceBy(p.around)
	clear(p.scope)
	clear(p.ctes)
	clear(p.hoisted)
	clear(p.resolvers)
	clear(p.binds)
	clear(p.named)
	*p = printer{scope: p.scope[:0], ctes: p.ctes[:0], resolvers: p.resolvers[:0], binds: p.binds[:0], hoisted: p.hoisted[:0], named: p.named[:0]}
	printers.Put(p)
	return err
}

// str appends text.
func (p *printer) str(s string) { p.w.WriteString(s) }

// fail reports a mistake in the current clause.
func (p *printer) fail(format string, args ...any) {
	if p.clause != "" {
		format = p.clause + ": " + format
	}
	p.w.Failf("expr: "+format, args...)
}

// Place names the clause of a mistake that the Writer finds; it implements
// dialect.Placer.
func (p *printer) Place(err error) error {
	text := strings.TrimPrefix(err.Error(), "dialect: ")
	if p.clause != "" {
		text = p.clause + ": " + text
	}
	return stripped{err, "expr: " + text}
}

// unsupported reports what the dialect cannot say.
func (p *printer) unsupported(construct, instead string) { p.w.Unsupported(construct, instead) }

// in sets the clause that messages name.
func (p *printer) in(clause string) { p.clause = clause }

// enter brings a source into scope.
func (p *printer) enter(n *node, outer bool) {
	if n == nil {
		p.fail("nil table")
		return
	}
	s := n.ext.(*source)
	if s.err != nil {
		p.w.Fail(s.err)
	}
	if s.kind == joinedSource {
		p.enterJoined(s, outer)
		return
	}
	for i := p.floor; i < len(p.scope); i++ {
		if o := p.scope[i].src; o == s {
			p.fail("table %s stands twice; give one of them another name (schema.As)", s)
			return
		}
	}
	p.scope = append(p.scope, inScope{s, outer})
}

// unique reports names that two sources of one statement have in common.
func (p *printer) unique(from int) {
	for i := from; i < len(p.scope); i++ {
		for j := from; j < i; j++ {
			a, b := p.scope[i].src, p.scope[j].src
			if a != b && p.sameName(a, b) {
				p.fail("two tables are called %s; give one of them another name (schema.As)", a.label())
			}
		}
	}
}

// find returns the place of a source in the scope, or -1.
func (p *printer) find(s *source) int {
	for i := len(p.scope) - 1; i >= p.floor; i-- {
		if p.scope[i].src == s {
			return i
		}
	}
	return -1
}

// column writes a column as the clause needs it.
func (p *printer) column(c *column) {
	if c.pos < 0 && !p.f.HasOwn(c.own) {
		p.unsupported("the column "+c.name+" of every table", "declare a column")
		return
	}
	if p.bare {
		if p.own != nil && c.src.root() != p.own.root() {
			p.fail("column %s is not of the table %s", describe(&c.node), p.own)
		}
		p.ident(c)
		return
	}
	if c.src == p.target {
		if p.prefix != "" {
			p.str(p.prefix)
			p.w.WriteByte('.')
		}
		p.ident(c)
		return
	}
	at := p.find(c.src)
	if p.alone != nil && p.alone != c.src && at >= 0 {
		p.unsupported("RETURNING of a column of another table ("+describe(&c.node)+")", "read it with a SELECT in the same transaction")
		return
	}
	if 0 <= at && at < p.base {
		p.notHidden(c, at)
	}
	if at < 0 {
		what := "table " + c.src.String()
		switch {
		case c.src.kind != tableSource && c.src.alias == "":
			what = c.src.name
		}
		p.fail("column %s: %s is not in FROM or a join%s", describe(&c.node), what, p.otherRole(c.src))
	}
	if c.src.scalar && p.bareValue(c) {
		p.ident(c)
		return
	}
	if c.src.alias == "" && p.moved(c.src) {
		p.w.InSchema(c.src.schema, c.src.name, c.name)
		return
	}
	if text, ok := c.full.get(p.f); ok {
		p.str(text)
		return
	}
	w := dialect.NewWriter(p.w.Dialect())
	c.src.qualifier(w)
	w.WriteByte('.')
	c.ident(w)
	if err := w.Err(); err != nil {
		p.w.Fail(p.Place(err))
		return
	}
	text := w.Text()
	c.full.put(p.f, text)
	p.str(text)
}

// notHidden checks that a source of a query around this one, at a place of the
// scope, is not hidden by another one of the same name.
func (p *printer) notHidden(c *column, at int) {
	for i := at + 1; i < len(p.scope); i++ {
		if o := p.scope[i].src; o != c.src && p.sameName(o, c.src) {
			p.fail("column %s: the query has another table called %s, which hides it; give one of them another name (schema.As)", describe(&c.node), o.label())
			return
		}
	}
}

// sameName reports whether two sources go by one name.
func (p *printer) sameName(a, b *source) bool {
	if a.label() != b.label() {
		return false
	}
	in, other := p.schema(a), p.schema(b)
	return in == other || in == "" || other == "" || a.alias != "" || b.alias != ""
}

// schema is what the schema of s is called in this statement.
func (p *printer) schema(s *source) string {
	if s.kind != tableSource {
		return s.schema
	}
	return p.w.Schema(s.schema)
}

// moved reports whether s is in another schema in this statement than its
// table says, so that its kept texts are of no use.
func (p *printer) moved(s *source) bool { return p.schema(s) != s.schema }

// otherRole hints at a source that stands for the same table.
func (p *printer) otherRole(s *source) string {
	for i := len(p.scope) - 1; i >= p.floor; i-- {
		if o := p.scope[i].src; o.root() == s.root() || o.kind == s.kind && o.name == s.name && o.schema == s.schema {
			return ", which has another role of it, " + o.label()
		}
	}
	return ""
}

// qualifier writes what stands before a column of s.
func (s *source) qualifier(w *dialect.Writer) {
	if s.alias != "" {
		w.Ident(s.alias)
		return
	}
	s.ownName(w)
}

// ownName writes a table's name, with its schema.
func (s *source) ownName(w *dialect.Writer) {
	if !s.quote {
		w.Qualified(s.schema, s.name)
		return
	}
	if s.schema != "" {
		w.Ident(s.schema)
		w.WriteByte('.')
	}
	w.Quoted(s.name)
}

// ident writes a column's name, quoted as needed, and keeps the text.
func (p *printer) ident(c *column) {
	if text, ok := c.bare.get(p.f); ok {
		p.str(text)
		return
	}
	w := dialect.NewWriter(p.w.Dialect())
	c.ident(w)
	if err := w.Err(); err != nil {
		p.w.Fail(p.Place(err))
		return
	}
	c.bare.put(p.f, w.Text())
	p.str(w.Text())
}

// ident writes the column's name.
func (c *column) ident(w *dialect.Writer) {
	switch {
	case c.pos < 0 && c.def.Name != "": // a word of the language, such as ROWID
		w.WriteString(c.name)
	case c.def.Quote:
		w.Quoted(c.name)
	default:
		w.Ident(c.name)
	}
}

// tableName writes a table's own name, as INSERT, UPDATE and DELETE want it.
func (p *printer) tableName(s *source) {
	if p.moved(s) {
		p.w.InSchema(s.schema, s.name)
		return
	}
	if text, ok := s.bare.get(p.f); ok {
		p.str(text)
		return
	}
	w := dialect.NewWriter(p.w.Dialect())
	s.ownName(w)
	if err := w.Err(); err != nil {
		p.w.Fail(p.Place(err))
		return
	}
	s.bare.put(p.f, w.Text())
	p.str(w.Text())
}

// relation writes a source as FROM has it.
func (p *printer) relation(s *source) {
	if v, ok := s.query.(ValuesStmt); ok && s.kind == derivedSource && s.base == nil && v.v != nil {
		p.failAll(v.v.errs)
		p.valuesTable(v.v, s.name)
		return
	}
	if s.kind == joinedSource {
		p.tree(s, fromClause{}, true)
		return
	}
	if s.kind == derivedSource && s.base == nil {
		if s.lateral {
			p.fail("%s is lateral; it stands after the tables that it names, in From or a join of a SELECT", s.name)
		}
		p.str("(")
		p.query(s.query, asTable)
		p.str(")")
		p.str(aliasWord(p.f))
		p.w.Ident(s.name)
		return
	}
	if s.kind == funcSource {
		p.function(s)
		return
	}
	if s.kind == derivedSource {
		p.fail("%s: a derived table has one role; build the query again under another name", s)
		return
	}
	if s.kind != tableSource && !p.hasCTE(s.root()) {
		p.notYet(s.root())
	}
	if s.kind == tableSource && len(p.ctes) > 0 && p.schema(s) == "" {
		for _, c := range p.ctes {
			if c.name == s.name {
				p.fail("table %s is hidden by a common table expression of that name; call that something else", s)
			}
		}
	}
	if s.alias == "" {
		p.tableName(s)
		return
	}
	if p.moved(s) {
		p.w.InSchema(s.schema, s.name)
		p.str(aliasWord(p.f))
		p.w.Ident(s.alias)
		return
	}
	if text, ok := s.from.get(p.f); ok {
		p.str(text)
		return
	}
	w := dialect.NewWriter(p.w.Dialect())
	s.ownName(w)
	w.WriteString(aliasWord(p.f))
	w.Ident(s.alias)
	if err := w.Err(); err != nil {
		p.w.Fail(p.Place(err))
		return
	}
	s.from.put(p.f, w.Text())
	p.str(w.Text())
}

func (p *printer) hasCTE(s *source) bool {
	for i := range p.carried {
		if it := &p.carried[i]; it.clause == clauseWith && it.n != nil && it.n.ext.(*source).root() == s {
			p.lent = true
			return true
		}
	}
	for _, c := range p.ctes {
		if c == s {
			return true
		}
	}
	return false
}

// aliasWord stands between a table and its alias.
func aliasWord(f *dialect.Features) string {
	if f.AliasAs {
		return " AS "
	}
	return " "
}

// bind writes a parameter whose node may stand again: it then keeps its number
// where the database numbers parameters.
func (p *printer) bind(n *node, v any, t *dialect.Type) {
	a := dialect.Arg{Value: v, Type: t}
	if c := p.storing; c != nil {
		a.Column = c.name
		if c.typ != nil {
			a.Type = c.typ
		}
	}
	if !p.f.ReusePlaceholders {
		p.note(n, 0, a.Type)
		p.w.BindArg(a)
		return
	}
	// Looking back is linear, so it ends after a while: a statement with more parameters
	// than that gives each its own number.
	const most = 64
	if len(p.binds) <= most {
		for i := range p.binds {
			if p.binds[i].n == n {
				p.w.BindAgain(p.binds[i].index)
				return
			}
		}
	}
	p.note(n, 0, a.Type)
	i := p.w.BindArg(a)
	if i >= 0 && len(p.binds) < most {
		p.binds = append(p.binds, boundNode{n, i})
	}
}

var errNoResolver = errors.New("the statement has no Resolver")

// Resolve asks the resolvers of the statement and of those around it, from
// within.
func (p *printer) Resolve(key any) (Any, error) {
	first := errNoResolver
	for i := len(p.resolvers) - 1; i >= 0; i-- {
		e, err := p.resolvers[i].Resolve(key)
		if err == nil && nodeOf(e) != nil {
			return e, nil
		}
		if first == errNoResolver && err != nil {
			first = err
		}
	}
	return nil, first
}

// settle replaces references by what they stand for.
func (p *printer) settle(n *node) *node {
	if n == nil || n.op != opRef && n.op != opDefer {
		return n
	}
	return p.settled(n)
}

func (p *printer) settled(n *node) *node {
	for range 16 {
		if n == nil || n.op != opRef && n.op != opDefer {
			return n
		}
		var e Any
		var err error
		if n.op == opRef {
			e, err = p.Resolve(n.ext)
		} else {
			e, err = n.ext.(func(Resolver) (Any, error))(p)
		}
		if err != nil {
			return &node{op: opMistake, ext: err}
		}
		n = nodeOf(e)
	}
	return mistake("references that lead to references")
}

// resultColumns is what is known of a statement's result, kept with its list.
type resultColumns struct {
	n    int
	cols []dialect.Column
	buf  [4]dialect.Column
}

// result describes the columns of the statement, if that is asked for.
func (p *printer) result(c clauses, cl clause) {
	if !p.textOnly {
		p.describeResult(c, cl)
	}
}

// describeResult describes the columns of the statement, once for each
// statement.
func (p *printer) describeResult(c clauses, cl clause) {
	if c.l == nil {
		return
	}
	if r := c.l.cols.Load(); r != nil && r.n == c.n {
		p.c.Columns = r.cols
		return
	}
	items := c.items()
	count := 0
	for i := range items {
		if items[i].clause == cl {
			if n := items[i].n; n != nil && n.op == opStar {
				return // not known
			}
			count++
		}
	}
	r := &resultColumns{n: c.n}
	r.cols = r.buf[:0]
	if count > len(r.buf) {
		r.cols = make([]dialect.Column, 0, count)
	}
	for i := range items {
		if items[i].clause == cl {
			r.cols = append(r.cols, p.resultColumn(items[i].n))
		}
	}
	c.l.cols.Store(r)
	p.c.Columns = r.cols
}

func (p *printer) resultColumn(n *node) dialect.Column {
	n = p.settle(n)
	if n == nil {
		return dialect.Column{}
	}
	col := dialect.Column{Name: nameOf(n), Type: n.typ}
	if n.op == opLabel {
		n = p.settle(n.l)
	}
	if n == nil {
		return col
	}
	if n.op == opCall && n.name == "count" {
		col.Nullable = dialect.No
	}
	if c, ok := n.ext.(*column); ok && n.op == opColumn {
		col.Type, col.Table = n.typ, c.src.name
		if col.Name == "" {
			col.Name = n.name
		}
		col.Nullable = dialect.No
		if i := p.find(c.src); i >= 0 && p.scope[i].outer {
			col.Outer = true
		}
		if c.def.Null || col.Outer {
			col.Nullable = dialect.Yes
		}
	}
	return col
}
