package schema

import (
	"context"
	"iter"
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/internal/suggest"
	"github.com/sqlayer-go/sqlayer/internal/tag"
)

// Metadata is a set of tables, to be created and dropped together. It is
// filled by one goroutine, and then safe for concurrent use.
type Metadata struct {
	tables    []expr.Relation
	sequences []*Sequence
	naming    *Naming
	errs      []error
	notes     []string
}

// NewMetadata returns a Metadata of tables; see [Metadata.Add].
func NewMetadata(tables ...expr.Relation) *Metadata {
	m := &Metadata{}
	m.Add(tables...)
	return m
}

// Add adds tables. A mistake (no table, two tables of one name) is reported by
// [Metadata.Err] and by everything that the Metadata does.
func (m *Metadata) Add(tables ...expr.Relation) {
	for _, t := range tables {
		d := Info(t)
		switch {
		case d == nil:
			m.Fail(dialect.Errorf(dialect.ErrStatement, "schema: %T is not a table of this package", t))
			continue
		case expr.TableErr(t) != nil:
			m.Fail(expr.TableErr(t))
		}
		if other := m.find(d.Schema, d.Name); other != nil {
			if Info(other) == d {
				continue // another role, or the same table again
			}
			m.Fail(dialect.Errorf(dialect.ErrStatement, "schema: two tables are called %s", d.FullName()))
			continue
		}
		m.tables = append(m.tables, t)
	}
}

// AddSequences adds sequences, which are created before the tables and dropped
// after them.
func (m *Metadata) AddSequences(list ...*Sequence) {
	for _, s := range list {
		switch {
		case s == nil || s.Name == "":
			m.Fail(dialect.Errorf(dialect.ErrStatement, "schema: a sequence without a name"))
		case !slices.Contains(m.sequences, s):
			m.sequences = append(m.sequences, s)
		}
	}
}

// Fail adds a mistake that was made while the tables were declared.
func (m *Metadata) Fail(err error) {
	if err != nil {
		m.errs = append(m.errs, err)
	}
}

func (m *Metadata) find(schema, name string) expr.Relation {
	for _, t := range m.tables {
		if d := Info(t); d.Schema == schema && d.Name == name {
			return t
		}
	}
	return nil
}

// Table returns the table of that name, perhaps with a schema before it, or
// nil. Its columns are those of the table that was added, so that both work in
// one statement.
func (m *Metadata) Table(name string) *Dynamic {
	t := m.find("", name)
	if t == nil {
		t = m.find(splitName(name))
	}
	switch t := t.(type) {
	case nil:
		return nil
	case *Dynamic:
		return t
	default:
		return &Dynamic{expr.TableOf(t)}
	}
}

// Err returns all mistakes: those of the tables, and foreign keys whose other
// side is not there.
func (m *Metadata) Err() error {
	_, err := m.plan()
	return err
}

// Tables returns the tables, each after those that it refers to as far as
// there is such an order.
func (m *Metadata) Tables() []*Definition {
	steps, _ := m.plan()
	ds := make([]*Definition, len(steps))
	for i := range steps {
		ds[i] = steps[i].d
	}
	return ds
}

// planned is a table with its foreign keys, resolved.
type planned struct {
	d    *Definition
	keys []ForeignKey // to tables before it, or to itself
	late []ForeignKey // to tables after it: there is a cycle
}

// plan puts the tables into an order in which they can be created.
func (m *Metadata) plan() ([]planned, error) {
	if m == nil {
		return nil, dialect.Errorf(dialect.ErrStatement, "schema: nil Metadata")
	}
	errs := slices.Clone(m.errs)
	keys := make([][]ForeignKey, len(m.tables))
	refs := make([][]int, len(m.tables)) // the table of each key; -1: not one of these
	for i, t := range m.tables {
		d := Info(t)
		for _, k := range d.ForeignKeys {
			at, err := m.resolve(d, &k)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			keys[i] = append(keys[i], k)
			refs[i] = append(refs[i], at)
		}
		for _, o := range d.Options {
			if of, ok := o.of(); ok {
				refs[i] = append(refs[i], slices.IndexFunc(m.tables, func(t expr.Relation) bool {
					o := Info(t)
					return o.Name == of.Name && o.Schema == of.Schema
				}))
			}
		}
	}
	done := make([]bool, len(m.tables))
	ready := func(i int) bool {
		for _, r := range refs[i] {
			if r >= 0 && r != i && !done[r] {
				return false
			}
		}
		return true
	}
	var steps []planned
	for len(steps) < len(m.tables) {
		next := -1
		for i := range m.tables {
			if !done[i] && ready(i) {
				next = i
				break
			}
		}
		if next < 0 {
			next = inCycle(refs, done)
		}
		step := planned{d: Info(m.tables[next])}
		for j, k := range keys[next] {
			if r := refs[next][j]; r >= 0 && r != next && !done[r] {
				step.late = append(step.late, k)
			} else {
				step.keys = append(step.keys, k)
			}
		}
		done[next] = true
		steps = append(steps, step)
	}
	_, more := m.enumerations()
	return steps, joinErrors(append(errs, more...))
}

// inCycle returns the first table that is itself part of a cycle: those that
// only wait for one have to wait.
func inCycle(refs [][]int, done []bool) int {
	for i := range refs {
		if done[i] {
			continue
		}
		seen := make([]bool, len(refs))
		var reaches func(from int) bool
		reaches = func(from int) bool {
			for _, r := range refs[from] {
				switch {
				case r < 0 || r == from || done[r] || seen[r]:
					if r == i && r != from {
						return true
					}
				case r == i:
					return true
				default:
					if seen[r] = true; reaches(r) {
						return true
					}
				}
			}
			return false
		}
		if reaches(i) {
			return i
		}
	}
	return slices.Index(done, false)
}

// resolve finds the table that a foreign key refers to, by the names of the
// database or of Go; -1 where it is not one of the Metadata's.
func (m *Metadata) resolve(d *Definition, k *ForeignKey) (int, error) {
	at := -1
	fits := 0
	for i, t := range m.tables {
		o, how := Info(t), 0
		switch {
		case o.Name == k.RefTable && o.Schema == k.RefSchema:
			how = 3
		case o.Name == k.RefTable && k.RefSchema == "" && o.Schema == d.Schema:
			how = 2
		case k.refTable != "" && o.GoName == k.refTable:
			how = 1
		}
		if how > fits {
			at, fits = i, how
		}
	}
	if at < 0 {
		if k.refTable != "" && k.refTable[0] >= 'A' && k.refTable[0] <= 'Z' {
			var names []string
			for _, t := range m.tables {
				names = append(names, Info(t).GoName)
			}
			return -1, dialect.Errorf(dialect.ErrStatement, "schema: table %s: foreign key to %s.%s: there is no table of a type %s%s",
				d.FullName(), k.refTable, k.refColumn, k.refTable, suggest.Hint(k.refTable, names))
		}
		return -1, nil // a table that is there already
	}
	o := Info(m.tables[at])
	k.RefSchema, k.RefTable = o.Schema, o.Name
	if k.refColumn != "" {
		column := ""
		for _, c := range o.Columns {
			if c.Name == k.refColumn || c.GoName == k.refColumn || column == "" && c.Name == tag.Snake(k.refColumn) {
				column = c.Name
			}
		}
		if column == "" {
			return at, dialect.Errorf(dialect.ErrStatement, "schema: table %s: foreign key to %s.%s: table %s has no such column",
				d.FullName(), k.refTable, k.refColumn, o.FullName())
		}
		k.RefColumns = []string{column}
	}
	for _, c := range k.RefColumns {
		if o.Column(c) == nil {
			return at, dialect.Errorf(dialect.ErrStatement, "schema: table %s: foreign key to column %q, which table %s does not have",
				d.FullName(), c, o.FullName())
		}
	}
	for i, name := range k.Columns {
		own := d.Column(name)
		if own == nil || i >= len(k.RefColumns) {
			continue // reported by the table
		}
		if other := o.Column(k.RefColumns[i]); !keysFit(own.Type.Kind, other.Type.Kind) {
			return at, dialect.Errorf(dialect.ErrStatement, "schema: table %s: the foreign key %s is %s, and %s.%s, which it refers to, is %s",
				d.FullName(), name, &own.Type, o.FullName(), other.Name, &other.Type)
		}
	}
	return at, nil
}

// keyKinds are the kinds of types of which a foreign key and what it refers to
// have the same; those that are not here may go with any.
var keyKinds = map[dialect.TypeKind]int{
	dialect.SmallInt: 1, dialect.Integer: 1, dialect.BigInt: 1, dialect.Decimal: 1, dialect.Real: 1, dialect.Double: 1,
	dialect.Char: 2, dialect.Varchar: 2, dialect.Clob: 2, dialect.Enum: 2,
	dialect.Binary: 3, dialect.Varbinary: 3, dialect.Blob: 3,
	dialect.Date: 4, dialect.Timestamp: 4, dialect.TimestampTZ: 4, dialect.Time: 5, dialect.UUID: 6, dialect.Boolean: 7,
}

func keysFit(a, b dialect.TypeKind) bool {
	x, y := keyKinds[a], keyKinds[b]
	return x == y || x == 0 || y == 0
}

// CreateAll creates the sequences, the types of enumerations and the tables
// that do not exist, in order of dependency, with their keys, indexes and
// comments. A table that exists is left as it is, whatever its columns are. It
// begins no transaction.
func (m *Metadata) CreateAll(ctx context.Context, r dialect.Runner) error {
	_, err := dialect.RunScript(ctx, r, m.Create())
	return err
}

// DropAll drops the tables that exist, with what is in them, in the reverse
// order, and then the types of enumerations and the sequences.
func (m *Metadata) DropAll(ctx context.Context, r dialect.Runner) error {
	_, err := dialect.RunScript(ctx, r, m.Drop())
	return err
}

// Create is what CreateAll runs.
func (m *Metadata) Create() dialect.Script { return script{m, (*Metadata).create} }

// Drop is what DropAll runs.
func (m *Metadata) Drop() dialect.Script { return script{m, (*Metadata).drop} }

type script struct {
	m     *Metadata
	steps func(*Metadata, dialect.Dialect, func(dialect.Step, error) bool)
}

// Steps implements dialect.Script.
func (s script) Steps(d dialect.Dialect) iter.Seq2[dialect.Step, error] {
	return func(yield func(dialect.Step, error) bool) { s.steps(s.m, d, yield) }
}
