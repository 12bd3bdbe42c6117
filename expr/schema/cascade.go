package schema

import (
	"maps"
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// reference is a foreign key of a table, with what it does.
type reference struct {
	from, to [2]string // the table that has it, and the one that it refers to
	k        *ForeignKey
}

// cascades reports foreign keys whose actions reach a table by two ways from one
// row, or come back to where they began, for a database that takes no such keys
// (SQL Server, error 1785: every table at most once in all the actions that one DELETE
// or UPDATE leads to).
func cascades(steps []planned, d dialect.Dialect) []error {
	if d.Features().DDL.CascadePaths {
		return nil
	}
	var refs []reference
	var tables [][2]string
	for _, s := range steps {
		at := [2]string{s.d.Schema, s.d.Name}
		for _, keys := range [...][]ForeignKey{s.keys, s.late} {
			for i := range keys {
				r := reference{at, [2]string{keys[i].RefSchema, keys[i].RefTable}, &keys[i]}
				if r.to[1] == "" { // of a tag, and not found yet
					r.to[1] = keys[i].refTable
				}
				refs = append(refs, r)
				if !slices.Contains(tables, r.to) {
					tables = append(tables, r.to)
				}
			}
		}
	}
	var errs []error
	said := map[string]bool{} // a cycle is found from each of its tables
	for _, update := range [...]bool{false, true} {
		for _, root := range tables {
			c := cascade{refs: refs, update: update, ways: map[[2]string][]reference{root: nil}, found: map[string]string{}}
			c.follow(root, nil)
			for _, key := range slices.Sorted(maps.Keys(c.found)) {
				if what := c.found[key]; !said[key] {
					said[key] = true
					errs = append(errs, dialect.Unsupported(d, what, "leave one of its keys at NO ACTION, and change those rows in the program, or by a trigger"))
				}
			}
		}
	}
	return errs
}

// cascade follows what a DELETE or an UPDATE of one table's rows leads to.
type cascade struct {
	refs   []reference
	update bool
	ways   map[[2]string][]reference
	found  map[string]string // by the keys that it is about
}

func (c *cascade) follow(table [2]string, way []reference) {
	for _, r := range c.refs {
		action := r.k.OnDelete
		if c.update {
			action = r.k.OnUpdate
		}
		if r.to != table || action == NoAction || action == Restrict || c.update && len(way) > 0 && !meet(way[len(way)-1].k.Columns, r.k.RefColumns) {
			continue
		}
		next := append(slices.Clone(way), r)
		if before, again := c.ways[r.from]; again {
			c.say(before, next)
			continue
		}
		c.ways[r.from] = next
		if c.update || action == Cascade { // a reference that becomes NULL deletes nothing more
			c.follow(r.from, next)
		}
	}
}

// say keeps what two ways to one table are, from where they part.
func (c *cascade) say(a, b []reference) {
	on := "ON DELETE"
	if c.update {
		on = "ON UPDATE"
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	what := on + " that comes back to the table " + fullName(b[0].to) + " (" + wayOf(b) + ")"
	if len(a) > 0 {
		what = on + " that reaches the table " + fullName(b[len(b)-1].from) + " in two ways (" + wayOf(a) + "; " + wayOf(b) + ")"
	}
	keys := []string{on}
	for _, r := range slices.Concat(a, b) {
		keys = append(keys, wayOf([]reference{r}))
	}
	slices.Sort(keys)
	c.found[strings.Join(keys, "\x00")] = what
}

// wayOf is a chain of keys: from a table to one that refers to it, and so on.
func wayOf(way []reference) string {
	var b strings.Builder
	b.WriteString(fullName(way[0].to))
	for _, r := range way {
		b.WriteString(" → " + fullName(r.from) + "." + strings.Join(r.k.Columns, "+"))
	}
	return b.String()
}

func fullName(table [2]string) string {
	if table[0] == "" {
		return table[1]
	}
	return table[0] + "." + table[1]
}

func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}
