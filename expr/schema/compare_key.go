package schema

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

func columnsText(columns []string) string { return "(" + strings.Join(columns, ", ") + ")" }

func deferralText(d dialect.Deferral) string {
	switch {
	case d.InitiallyDeferred:
		return "initially deferred"
	case d.Deferrable:
		return "deferrable"
	}
	return "not deferrable"
}

// nameOf compares the name of a constraint, if one was given.
func (x *comparison) nameOf(object, want, have string) {
	if want != "" && have != "" && have != "PRIMARY" {
		x.changed(object, want, "name", want, have)
	}
}

func (x *comparison) primaryKey(d *Definition, t *dialect.TableInfo) {
	want, name := d.PrimaryKey(), x.p.primaryName(d)
	switch {
	case len(want) == 0 && t.PrimaryKey != nil:
		x.add(Difference{Kind: Extra, Object: "primary key", Name: t.PrimaryKey.Name, Have: columnsText(t.PrimaryKey.Columns)})
	case len(want) > 0 && t.PrimaryKey == nil:
		x.add(Difference{Kind: Missing, Object: "primary key", Name: name, Want: columnsText(want)})
	case len(want) > 0:
		x.changed("primary key", name, "columns", columnsText(want), columnsText(t.PrimaryKey.Columns))
		x.nameOf("primary key", name, t.PrimaryKey.Name)
		if x.p.f.DDL.DeferKeys {
			x.changed("primary key", name, "deferral", deferralText(d.PK.Deferral), deferralText(t.PrimaryKey.Deferral))
		}
	}
}

// uniqueKeys compares unique keys by their columns. Where a unique index is
// the same thing, it is found among those.
func (x *comparison) uniqueKeys(d *Definition, t *dialect.TableInfo) {
	var used []int
	for i := range d.Unique {
		k := &d.Unique[i]
		name := x.p.uniqueName(d, k)
		at := slices.IndexFunc(t.Unique, func(h dialect.KeyInfo) bool { return sameSet(h.Columns, k.Columns) })
		if at < 0 {
			if !slices.ContainsFunc(t.Indexes, func(h dialect.IndexInfo) bool { return h.Unique && sameSet(indexNames(&h), k.Columns) }) {
				x.add(Difference{Kind: Missing, Object: "unique key", Name: name, Want: columnsText(k.Columns)})
			}
			continue
		}
		used = append(used, at)
		x.nameOf("unique key", name, t.Unique[at].Name)
		if x.p.f.DDL.DeferKeys {
			x.changed("unique key", name, "deferral", deferralText(k.Deferral), deferralText(t.Unique[at].Deferral))
		}
	}
	for i := range t.Unique {
		h := &t.Unique[i]
		if slices.Contains(used, i) ||
			slices.ContainsFunc(d.Indexes, func(w Index) bool { return w.Unique && x.p.indexName(d, &w) == h.Name }) {
			continue
		}
		if c := d.identity(); c != nil && x.p.f.IdentityKey && !d.leadsKey(c.Name) && slices.Equal(h.Columns, []string{c.Name}) {
			continue // which CREATE TABLE has added
		}
		x.add(Difference{Kind: Extra, Object: "unique key", Name: h.Name, Have: columnsText(h.Columns)})
	}
}

func sameSet(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for _, s := range a {
		if !slices.Contains(b, s) {
			return false
		}
	}
	return true
}

func indexNames(h *dialect.IndexInfo) []string {
	var names []string
	for _, c := range h.Columns {
		names = append(names, c.Name)
	}
	return names
}

func (x *comparison) foreignKeys(s planned, t *dialect.TableInfo) {
	keys := append(slices.Clone(s.keys), s.late...)
	var used []int
	for i := range keys {
		k := &keys[i]
		name := x.p.foreignName(s.d, k)
		at := slices.IndexFunc(t.ForeignKeys, func(h dialect.ForeignKeyInfo) bool {
			return slices.Equal(h.Columns, k.Columns) && h.RefTable == k.RefTable
		})
		if at < 0 || slices.Contains(used, at) {
			x.add(Difference{Kind: Missing, Object: "foreign key", Name: name, Want: columnsText(k.Columns) + " references " + k.RefTable})
			continue
		}
		used = append(used, at)
		h := &t.ForeignKeys[at]
		object, label := "foreign key", name
		if label == "" {
			label = columnsText(k.Columns)
		}
		x.nameOf(object, name, h.Name)
		x.changed(object, label, "referenced columns", columnsText(k.RefColumns), columnsText(h.RefColumns))
		x.changed(object, label, "referenced schema", x.schemaName(k.RefSchema), x.schemaName(h.RefSchema))
		x.changed(object, label, "ON DELETE", x.actionText(k.OnDelete), actionOf(h.OnDelete))
		if !x.p.f.NoOnUpdate {
			x.changed(object, label, "ON UPDATE", x.actionText(k.OnUpdate), actionOf(h.OnUpdate))
		}
		if x.p.f.DDL.MatchFull {
			x.changed(object, label, "MATCH FULL", yesNo(k.MatchFull), yesNo(h.MatchFull))
		}
		if x.p.f.DDL.DeferForeignKeys {
			x.changed(object, label, "deferral", deferralText(k.Deferral), deferralText(h.Deferral))
		}
	}
	for i := range t.ForeignKeys {
		if h := &t.ForeignKeys[i]; !slices.Contains(used, i) {
			x.add(Difference{Kind: Extra, Object: "foreign key", Name: h.Name, Have: columnsText(h.Columns) + " references " + h.RefTable})
		}
	}
}

// schemaName is a schema's own name.
func (x *comparison) schemaName(schema string) string {
	switch schema {
	case "":
		return x.c.Default
	case x.schema:
		return x.c.Schema
	}
	return schema
}

func (x *comparison) actionText(a Action) string {
	if a == Restrict && x.p.f.NoRestrict {
		a = NoAction
	}
	return a.String()
}

func actionOf(word string) string {
	if word == "" {
		return NoAction.String()
	}
	return strings.ToUpper(word)
}

// checks compares check constraints by what they say, and then by name.
func (x *comparison) checks(d *Definition, t *dialect.TableInfo) {
	type wanted struct{ name, sql string }
	var want []wanted
	for i := range d.Checks {
		k := &d.Checks[i]
		want = append(want, wanted{x.p.checkName(d, k), x.text(func() { x.p.condition(d, k) })})
	}
	for _, c := range d.Columns {
		if x.p.loose(c) {
			want = append(want, wanted{x.p.checkName(d, &CheckDef{Name: c.CheckName}), x.text(func() { x.p.valuesOf(c) })})
		}
	}
	used := make([]bool, len(t.Checks))
	find := func(fits func(*dialect.CheckInfo) bool) int {
		for i := range t.Checks {
			if !used[i] && fits(&t.Checks[i]) {
				used[i] = true
				return i
			}
		}
		return -1
	}
	var rest []wanted
	for _, w := range want {
		at := find(func(h *dialect.CheckInfo) bool {
			return (w.name == "" || h.Name == w.name) && canonical(h.SQL) == canonical(w.sql)
		})
		if at < 0 {
			rest = append(rest, w)
		}
	}
	for _, w := range rest {
		if at := find(func(h *dialect.CheckInfo) bool { return w.name != "" && h.Name == w.name }); at >= 0 {
			x.changed("check", w.name, "condition", w.sql, t.Checks[at].SQL)
			continue
		}
		if at := find(func(h *dialect.CheckInfo) bool { return canonical(h.SQL) == canonical(w.sql) }); at >= 0 {
			x.nameOf("check", w.name, t.Checks[at].Name)
			continue
		}
		x.add(Difference{Kind: Missing, Object: "check", Name: w.name, Want: w.sql})
	}
	for i, h := range t.Checks {
		if !used[i] {
			x.add(Difference{Kind: Extra, Object: "check", Name: h.Name, Have: h.SQL})
		}
	}
}

// indexes compares indexes by name.
func (x *comparison) indexes(d *Definition, t *dialect.TableInfo) {
	var names []string
	for i := range d.Indexes {
		w := &d.Indexes[i]
		if w.leftOut(x.p.f) {
			continue
		}
		name := x.p.indexName(d, w)
		names = append(names, name)
		at := slices.IndexFunc(t.Indexes, func(h dialect.IndexInfo) bool { return h.Name == name })
		if at >= 0 {
			x.index(d, w, name, &t.Indexes[at])
			continue
		}
		key := slices.IndexFunc(t.Unique, func(h dialect.KeyInfo) bool { return h.Name == name })
		switch {
		case key < 0 || !w.Unique:
			x.add(Difference{Kind: Missing, Object: "index", Name: name, Want: columnsText(w.columnNames())})
		default:
			x.changed("index", name, "columns", columnsText(w.columnNames()), columnsText(t.Unique[key].Columns))
		}
	}
	for i := range t.Indexes {
		h := &t.Indexes[i]
		if slices.Contains(names, h.Name) || x.implied(d, t, h) {
			continue
		}
		x.add(Difference{Kind: Extra, Object: "index", Name: h.Name, Have: columnsText(indexNames(h))})
	}
}

// implied reports whether a key has brought the index with it.
func (x *comparison) implied(d *Definition, t *dialect.TableInfo, h *dialect.IndexInfo) bool {
	columns := indexNames(h)
	for _, k := range t.ForeignKeys {
		if slices.Equal(k.Columns, columns) && (h.Name == k.Name || h.Name == k.Columns[0]) {
			return true
		}
	}
	return h.Unique && slices.ContainsFunc(d.Unique, func(k Key) bool { return sameSet(k.Columns, columns) })
}

func (x *comparison) index(d *Definition, w *Index, name string, h *dialect.IndexInfo) {
	x.changed("index", name, "unique", yesNo(w.Unique), yesNo(h.Unique))
	var want, have []string
	for i := range w.Columns {
		c := &w.Columns[i]
		text := c.Name
		if text == "" {
			text = canonical(x.text(func() { x.p.indexExpression(d, c) }))
		}
		want = append(want, direction(text, c.Desc))
	}
	for _, c := range h.Columns {
		text := c.Name
		if text == "" {
			text = canonical(c.Expression)
		}
		have = append(have, direction(text, c.Desc))
	}
	x.changed("index", name, "columns", columnsText(want), columnsText(have))
	if x.p.f.DDL.IndexInclude {
		x.changed("index", name, "included columns", columnsText(w.Include), columnsText(h.Include))
	}
	condition := ""
	if w.Where != nil || w.WhereSQL != "" {
		condition = x.text(func() { x.p.indexCondition(d, w) })
	}
	x.expression("index", name, "condition", condition, h.Where)
}

func direction(text string, desc bool) string {
	if desc {
		return text + " DESC"
	}
	return text
}
