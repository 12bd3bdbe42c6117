package expr

import (
	"reflect"
	"slices"
	"sync/atomic"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// form is a statement as it was printed, of which another one of the same
// outline differs in its values alone.
type form struct {
	key     outlineKey
	text    string
	args    []formArg
	columns []dialect.Column
	all     bool // columns are known
}

// formArg says which of the outline's values an argument is, and the type that
// the printer gave it. A text is looked at each time; of other values the outline
// has the type, which is enough.
type formArg struct {
	value uint8
	plain bool // every value of its Go type is sent as it is
	typ   *dialect.Type
}

// forms keeps those of the statements whose first table is one and the same, for one
// database, and belongs to that table. Its size is fixed: a new form takes the place of an
// old one. A form is kept when its outline comes again, so that one that does not costs
// nothing.
type forms struct {
	places [formPlaces]struct {
		form atomic.Pointer[form]
		seen atomic.Uint32 // of the hash that came last
	}
}

const formPlaces = 64 // a power of 2

// find returns the form of an outline, or nil.
func (fs *forms) find(key *outlineKey, hash uint64) *form {
	for i := range uint64(2) {
		if f := fs.places[(hash>>32+i)%formPlaces].form.Load(); f != nil && f.key == *key {
			return f
		}
	}
	return nil
}

// again reports whether an outline came before, and no other since that has its place.
func (fs *forms) again(hash uint64) bool {
	mark := uint32(hash) | 1
	return fs.places[(hash>>32)%formPlaces].seen.Swap(mark) == mark
}

// put keeps a form.
func (fs *forms) put(f *form, hash uint64) {
	place, next := &fs.places[(hash>>32)%formPlaces].form, &fs.places[(hash>>32+1)%formPlaces].form
	if old := place.Load(); old != nil && old.key != f.key && next.Load() == nil {
		place = next
	}
	place.Store(f)
}

// formCache has a table's forms for each database. It grows with the
// databases, up to a bound.
type formCache struct {
	p atomic.Pointer[[]databaseForms]
}

// databaseForms are the forms for a dialect. It is the dialect that counts: one
// around another has the same Features and may name a type of a CAST otherwise.
type databaseForms struct {
	d dialect.Dialect
	*forms
}

// namedOnce stands for the forms of a table that one statement has named: there may be no
// other one, as where an alias is made for each request.
var namedOnce []databaseForms

// of returns the forms for a database; nil where there are none.
func (c *formCache) of(d dialect.Dialect) *forms {
	kept := c.p.Load()
	if kept == nil {
		c.p.CompareAndSwap(nil, &namedOnce)
		return nil
	}
	for i := range *kept {
		if (*kept)[i].d == d {
			return (*kept)[i].forms
		}
	}
	return c.add(kept, d)
}

// add makes the forms for a database, which kept has not; nil where there is no
// room for them, or somebody else comes first.
func (c *formCache) add(kept *[]databaseForms, d dialect.Dialect) *forms {
	const room = 8
	if len(*kept) == room || !reflect.ValueOf(d).Comparable() {
		return nil
	}
	fs := new(forms)
	list := append(slices.Clone(*kept), databaseForms{d, fs})
	if !c.p.CompareAndSwap(kept, &list) {
		return nil
	}
	return fs
}

// fill makes c the statement s, if the form of its outline is kept and no value is
// refused. Otherwise c is as it was and s has to be printed, which r sees unless it
// is nil.
func (s SelectStmt) fill(c *dialect.Compiled) (done bool, r *recording) {
	var o outline
	if !c.Fresh() || !o.of(s.c, c.Features()) {
		return false, nil
	}
	f, r := o.form(c.Dialect(), true)
	if f == nil {
		return false, r
	}
	for i := range f.args {
		if a := &f.args[i]; !c.Take(o.values[a.value], a.typ) { // the printer says where it stands
			c.Rewind(dialect.Mark{})
			return false, nil
		}
	}
	c.SetText(f.text)
	c.Columns = f.columns
	return true, nil
}

// form is the form of a statement, or nil, and then what is to see its printing, or nil
// again; columns says that the form has to know those of the result.
func (o *outline) form(d dialect.Dialect, columns bool) (*form, *recording) {
	fs := o.from.forms.of(d)
	if fs == nil {
		return nil, nil
	}
	hash := o.key.hash()
	if kept := fs.find(&o.key, hash); kept != nil && (kept.all || !columns) {
		return kept, nil
	}
	if !fs.again(hash) {
		return nil, nil
	}
	r := &recording{forms: fs, hash: hash, key: o.key, all: columns, count: int(o.count), values: o.values, slots: o.slots}
	r.nodes = append(r.nodes, o.seen[:o.nodes]...)
	return nil, r
}

// text is the statement as it is sent, if the form of its outline is kept and
// its values are plain ones.
func (s SelectStmt) text(d dialect.Dialect) (text string, args []any, done bool, r *recording) {
	var o outline
	f := d.Features()
	if !o.of(s.c, f) {
		return "", nil, false, nil
	}
	kept, r := o.form(d, false)
	if kept == nil {
		return "", nil, false, r
	}
	if len(kept.args) > 0 {
		args = make([]any, len(kept.args))
	}
	for i := range kept.args {
		a := &kept.args[i]
		v := o.values[a.value]
		if !a.plain && !f.Takes(v, a.typ) {
			return "", nil, false, nil
		}
		args[i] = v
	}
	return kept.text, args, true, nil
}

// recording is what is noted while a statement is printed whose form is to be
// kept.
type recording struct {
	forms *forms
	hash  uint64
	key   outlineKey
	all   bool
	nodes []*node
	// As the outline has them.
	values [len(outline{}.values)]any
	slots  [len(outline{}.slots)]slot
	count  int
	args   []recorded

	looked bool // see printer.looked
}

// recorded is one argument: item of the values of n.
type recorded struct {
	n    *node
	item int
	typ  *dialect.Type
}

// note notes which value is the argument that comes now.
func (p *printer) note(n *node, item int, t *dialect.Type) {
	if p.recording != nil {
		p.recording.args = append(p.recording.args, recorded{n, item, t})
	}
}

// looked says that the text depends on more of a value than its type, so that it
// is that of no other value.
func (p *printer) looked() {
	if p.recording != nil {
		p.recording.looked = true
	}
}

// keep keeps the form of what has been printed without a mistake, if each argument is
// one of the outline's values, and each value an argument or part of the key.
func (r *recording) keep(c *dialect.Compiled) {
	if r.looked || c.Keys != dialect.NoKeys || c.Writes || c.Session || c.Before != "" || c.After != "" || len(c.Args()) != len(r.args) {
		return
	}
	f := &form{key: r.key, text: c.Text(), all: r.all, args: make([]formArg, len(r.args))}
	if r.all {
		f.columns = c.Columns
	}
	var used [len(r.slots)]bool
	for i, a := range r.args {
		v := r.value(a)
		if v < 0 {
			return
		}
		used[v] = true
		_, text := r.values[v].(string)
		f.args[i] = formArg{uint8(v), !text && c.Features().Takes(r.values[v], a.typ), a.typ}
	}
	for v, at := range r.slots[:r.count] {
		if !used[v] && !(at.node == slotNone && countsInText(c.Features())) {
			return
		}
	}
	r.forms.put(f, r.hash)
}

// value is the place of an argument among the outline's values, or -1.
func (r *recording) value(a recorded) int {
	for v, at := range r.slots[:r.count] {
		if int(at.item) == a.item && (at.node == slotNone) == (a.n == nil) && (a.n == nil || r.nodes[at.node] == a.n) {
			return v
		}
	}
	return -1
}
