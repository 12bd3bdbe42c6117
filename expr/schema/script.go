package schema

import (
	"errors"
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// find asks for a table where it is in this statement.
type find struct {
	finder dialect.TableFinder
	t      *Definition
}

// CompileSQL implements dialect.Statement.
func (f find) CompileSQL(c *dialect.Compiled) error {
	return f.finder.FindTable(c.Schema(f.t.Schema), f.t.Name).CompileSQL(c)
}

// exists asks for a table. ok is false when the script has ended.
func exists(d dialect.Dialect, t *Definition, yield func(dialect.Step, error) bool) (found, ok bool) {
	finder, can := dialect.As[dialect.TableFinder](d)
	if !can {
		return false, yield(dialect.Step{}, dialect.Unsupported(d, "skipping tables that exist",
			"its dialect is to be a dialect.TableFinder; schema.CreateSQL gives the statements"))
	}
	ok = yield(dialect.Step{
		Statement: find{finder, t},
		Rows: func(rows dialect.Rows) error {
			found = rows.Next()
			return rows.Err()
		},
	}, nil)
	return found, ok
}

// others are the sequences and enumerations of some schemas, as they are in
// the database.
type others struct {
	sequences, enums, domains map[[2]string]bool
}

// look reads which sequences and enumerations exist, if there are any to ask
// for.
func (m *Metadata) look(d dialect.Dialect, yield func(dialect.Step, error) bool) (found others, ok bool) {
	found = others{map[[2]string]bool{}, map[[2]string]bool{}, map[[2]string]bool{}}
	parts := map[string]dialect.Parts{}
	if d.Features().DDL.NextValue != "" {
		for _, s := range m.sequences {
			parts[s.Schema] |= dialect.InspectSequences
		}
	}
	enums, _ := m.enumerations()
	if d.Features().DDL.NamedEnums {
		for _, e := range enums {
			parts[e.schema] |= dialect.InspectEnums
		}
	}
	if _, ok := d.Features().DDL.Options["domain.create"]; ok {
		for _, x := range m.domains() {
			parts[x.Schema] |= dialect.InspectDomains
		}
	}
	if len(parts) == 0 {
		return found, true
	}
	inspector, can := dialect.As[dialect.Inspector](d)
	if !can {
		return found, yield(dialect.Step{}, dialect.Unsupported(d, "skipping sequences and types that exist",
			"its dialect is to be a dialect.Inspector; schema.CreateSQL gives the statements"))
	}
	for schema, part := range parts {
		c := &dialect.Catalog{}
		for step, err := range inspector.Inspect(dialect.Inspection{Schema: schema, Parts: part}, c).Steps(d) {
			if !yield(step, err) {
				return found, false
			}
		}
		for _, s := range c.Sequences {
			found.sequences[[2]string{schema, s.Name}] = true
		}
		for _, e := range c.Enums {
			found.enums[[2]string{schema, e.Name}] = true
		}
		for _, x := range c.Domains {
			found.domains[[2]string{schema, x.Name}] = true
		}
	}
	return found, true
}

func (m *Metadata) create(d dialect.Dialect, yield func(dialect.Step, error) bool) {
	steps, err := m.plan()
	if err == nil { // all mistakes of all statements, before the first of them is sent
		_, err = CreateSQL(m, d)
	}
	if err != nil {
		yield(dialect.Step{}, err)
		return
	}
	there, ok := m.look(d, yield)
	if !ok {
		return
	}
	all := func(stmts []dialect.Statement) bool {
		for _, stmt := range stmts {
			if !yield(dialect.Step{Statement: stmt}, nil) {
				return false
			}
		}
		return true
	}
	if !all(m.before(d, &there)) {
		return
	}
	var late []dialect.Statement
	for _, s := range steps {
		found, ok := exists(d, s.d, yield)
		if !ok {
			return
		}
		if found {
			continue
		}
		stmts, after := s.create(d, m.naming, true)
		if !all(stmts) {
			return
		}
		late = append(late, after...)
	}
	all(late)
}

// before is what tables need: sequences and types. Those that are there are
// left out.
func (m *Metadata) before(d dialect.Dialect, there *others) []dialect.Statement {
	var stmts []dialect.Statement
	for _, s := range m.sequences {
		if there == nil || !there.sequences[[2]string{s.Schema, s.Name}] {
			stmts = append(stmts, CreateSequence(s))
			if s.Comment != "" {
				stmts = append(stmts, commentOn(d, "sequence", s.Schema, s.Name, s.Comment)...)
			}
		}
	}
	if d.Features().DDL.NamedEnums {
		enums, _ := m.enumerations()
		for _, e := range enums {
			if there == nil || !there.enums[[2]string{e.schema, e.name}] {
				stmts = append(stmts, CreateEnum(e.fullName(), e.values...))
				stmts = append(stmts, commentOn(d, "type", e.schema, e.name, e.comment)...)
			}
		}
	}
	return append(stmts, m.createDomains(d, there)...)
}

// after drops what before makes. Only what is there is dropped.
func (m *Metadata) after(d dialect.Dialect, there *others) []dialect.Statement {
	stmts := m.dropDomains(d, there)
	if d.Features().DDL.NamedEnums {
		enums, _ := m.enumerations()
		for _, e := range enums {
			if there == nil || there.enums[[2]string{e.schema, e.name}] {
				stmts = append(stmts, DropEnum(e.fullName()))
			}
		}
	}
	for _, s := range slices.Backward(m.sequences) {
		if there == nil || there.sequences[[2]string{s.Schema, s.Name}] {
			stmts = append(stmts, DropSequence(s))
		}
	}
	return stmts
}

// create is what makes the table, and what has to wait until all are there.
func (s planned) create(d dialect.Dialect, n *Naming, skip bool) (stmts, late []dialect.Statement) {
	f := d.Features()
	keys := s.keys
	if !f.AlterAddConstraint { // such a database lets a key refer to a table that is not there yet
		keys = append(slices.Clone(keys), s.late...)
	} else {
		for i := range s.late {
			late = append(late, addForeignKey(s.d, &s.late[i], n))
		}
	}
	inline := s.d.identityIndex(f)
	stmts = append(stmts, named(n, func(p *ddl) { p.createTable(s.d, keys, skip, inline) }))
	for i := range s.d.Indexes {
		if s.d.Indexes[i].leftOut(f) || i == inline {
			continue
		}
		stmts = append(stmts, named(n, func(p *ddl) { p.createIndex(s.d, &s.d.Indexes[i], 0) }))
	}
	for _, o := range s.d.Options {
		if strings.HasPrefix(o.name, "attach.") {
			late = append(late, statement(func(p *ddl) {
				p.in(s.d, "a partition")
				if of, _ := o.of(); f.DDL.Options[o.name] == "" && !o.maybe {
					p.Unsupported("table "+s.d.Name+", which is a part of "+of.Name, "make "+of.Name+" alone: it has all rows")
					return
				}
				p.options(s.d, []Option{o}, "attach.", "", "")
			}))
		}
	}
	return append(stmts, comments(s.d, f, n)...), late
}

func (m *Metadata) drop(d dialect.Dialect, yield func(dialect.Step, error) bool) {
	steps, err := m.plan()
	if err == nil { // see create
		_, err = DropSQL(m, d)
	}
	if err != nil {
		yield(dialect.Step{}, err)
		return
	}
	also, ok := m.look(d, yield)
	if !ok {
		return
	}
	there := make([]bool, len(steps))
	for i, s := range steps {
		if there[i], ok = exists(d, s.d, yield); !ok {
			return
		}
	}
	alters := d.Features().AlterAddConstraint
	for i, s := range steps {
		for j := range s.late {
			if !there[i] {
				continue
			}
			stmt := unlink(s.d, &s.late[j])
			if alters {
				stmt = dropForeignKey(s.d, &s.late[j], m.naming)
			}
			if stmt != nil && !yield(dialect.Step{Statement: stmt}, nil) {
				return
			}
		}
	}
	for i, s := range slices.Backward(steps) {
		if there[i] && !yield(dialect.Step{Statement: statement(func(p *ddl) { p.dropTable(s.d, true) })}, nil) {
			return
		}
	}
	for _, stmt := range m.after(d, &also) {
		if !yield(dialect.Step{Statement: stmt}, nil) {
			return
		}
	}
}

// unlink is the UPDATE that makes the rows of a table refer to nothing, where
// the keys of a cycle cannot be dropped and dropping a table deletes its rows;
// nil where the columns cannot be NULL.
func unlink(d *Definition, k *ForeignKey) dialect.Statement {
	for _, name := range k.Columns {
		if c := d.Column(name); c == nil || !c.Null {
			return nil
		}
	}
	return statement(func(p *ddl) {
		p.WriteString("UPDATE ")
		p.InSchema(d.Schema, d.Name)
		p.WriteString(" SET ")
		for i, name := range k.Columns {
			if i > 0 {
				p.WriteString(", ")
			}
			p.Ident(name)
			p.WriteString(" = NULL")
		}
	})
}

// CreateStatements returns the statements that create everything in a
// database that has none of it, in order, without a connection.
func CreateStatements(m *Metadata, d dialect.Dialect) ([]dialect.Statement, error) {
	steps, err := m.plan()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(cascades(steps, d)...); err != nil {
		_, more := texts(m.statements(steps, d), d) // all that is wrong at once
		return nil, joinErrors([]error{err, more})
	}
	return m.statements(steps, d), nil
}

func (m *Metadata) statements(steps []planned, d dialect.Dialect) []dialect.Statement {
	stmts := m.before(d, nil)
	var late []dialect.Statement
	for _, s := range steps {
		now, after := s.create(d, m.naming, false)
		stmts, late = append(stmts, now...), append(late, after...)
	}
	return append(stmts, late...)
}

// DropStatements returns the statements that drop everything, in order.
func DropStatements(m *Metadata, d dialect.Dialect) ([]dialect.Statement, error) {
	steps, err := m.plan()
	if err != nil {
		return nil, err
	}
	var stmts []dialect.Statement
	if d.Features().AlterAddConstraint {
		for _, s := range steps {
			for i := range s.late {
				stmts = append(stmts, dropForeignKey(s.d, &s.late[i], m.naming))
			}
		}
	}
	for _, s := range slices.Backward(steps) {
		stmts = append(stmts, statement(func(p *ddl) { p.dropTable(s.d, false) }))
	}
	return append(stmts, m.after(d, nil)...), nil
}

// CreateSQL is the text of [CreateStatements].
func CreateSQL(m *Metadata, d dialect.Dialect) ([]string, error) {
	stmts, err := CreateStatements(m, d)
	if err != nil {
		return nil, err
	}
	return texts(stmts, d)
}

// DropSQL is the text of [DropStatements].
func DropSQL(m *Metadata, d dialect.Dialect) ([]string, error) {
	stmts, err := DropStatements(m, d)
	if err != nil {
		return nil, err
	}
	return texts(stmts, d)
}

// texts compiles statements and reports all mistakes.
func texts(stmts []dialect.Statement, d dialect.Dialect) ([]string, error) {
	var errs []error
	list := make([]string, 0, len(stmts))
	for _, s := range stmts {
		text, _, err := expr.SQL(s, d)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		list = append(list, text)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return list, nil
}
