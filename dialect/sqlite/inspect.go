package sqlite

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/catalog"
)

var (
	_ dialect.Inspector  = (*sqlite)(nil)
	_ dialect.TypeParser = (*sqlite)(nil)
)

// Inspect reads the catalogue of one database file: main, temp, or one that is
// attached. The table-valued forms of the pragmas read all tables at once;
// what they do not say (checks, names of constraints, expressions) is read from
// the CREATE statements that SQLite keeps.
func (d *sqlite) Inspect(in dialect.Inspection, c *dialect.Catalog) dialect.Script {
	return catalog.Queries(func(q *catalog.Asker) { d.inspect(&in, c, q) })
}

func (d *sqlite) inspect(in *dialect.Inspection, c *dialect.Catalog, q *catalog.Asker) {
	c.Default, c.Schema = "main", in.Schema
	if c.Schema == "" {
		c.Schema = c.Default
	}
	w := dialect.NewWriter(d)
	w.Ident(c.Schema)
	if err := w.Err(); err != nil {
		q.Fail(err)
		return
	}
	q.Args["schema"] = c.Schema
	var name, kind, text catalog.Text
	if in.Parts&dialect.InspectSchemas != 0 {
		if !q.Ask(`SELECT name FROM pragma_database_list ORDER BY name`, func() error {
			c.Schemas = append(c.Schemas, string(name))
			return nil
		}, &name) {
			return
		}
	}
	var kinds []string
	if in.Parts&dialect.InspectTables != 0 {
		kinds = append(kinds, "'table'")
	}
	if in.Parts&dialect.InspectViews != 0 {
		kinds = append(kinds, "'view'")
	}
	if kinds == nil {
		return
	}
	// MATERIALIZED would be an optimization fence that older versions do not
	// know; the condition on the type keeps the pragmas away from broken views.
	of := " FROM " + w.Text() + ".sqlite_master m"
	where := " WHERE m.type IN (" + strings.Join(kinds, ", ") + `) AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\'`
	if d.features.Version.AtLeast(3, 37) { // the tables in which virtual ones keep their rows
		where += " AND m.name NOT IN (SELECT s.name FROM pragma_table_list s WHERE s.schema = :schema AND s.type = 'shadow')"
	}
	if n := len(in.Tables); n > 0 && n <= catalog.MaxNames {
		q.Args["tables"] = in.Tables
		where += " AND m.name IN (:tables)"
	}
	parsed := map[string]*tableText{}
	var triggers catalog.Flag
	if !q.Ask("SELECT m.name, m.type, m.sql, EXISTS (SELECT 1 FROM "+w.Text()+".sqlite_master g WHERE g.type = 'trigger' AND g.tbl_name = m.name COLLATE NOCASE)"+of+where+" ORDER BY m.name", func() error {
		t := &dialect.TableInfo{Schema: c.Schema, Name: string(name), Triggers: bool(triggers)}
		if kind == "view" {
			t.Kind, t.Definition = dialect.View, viewQuery(string(text))
		} else {
			p := parseTable(string(text))
			parsed[t.Name], t.Options = p, p.options
		}
		c.Add(in, t)
		return nil
	}, &name, &kind, &text, &triggers) || in.Parts&dialect.InspectDetails == 0 || len(c.Tables) == 0 {
		return
	}
	keys := &keyReader{c: c, parsed: parsed, implicit: map[string]bool{}}
	if !d.askColumns(c, q, parsed, keys, of, where) || !d.askIndexes(q, keys, of, where) {
		return
	}
	d.askForeignKeys(c, q, parsed, of, where)
}

// askColumns reads the columns and primary keys.
func (d *sqlite) askColumns(c *dialect.Catalog, q *catalog.Asker, parsed map[string]*tableText, keys *keyReader, of, where string) bool {
	var table, name, typ, def catalog.Text
	var notNull catalog.Flag
	var pk, hidden catalog.Int
	return q.Ask(`SELECT m.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden`+of+
		`, pragma_table_xinfo(m.name, :schema) x`+where+" ORDER BY m.name, x.cid", func() error {
		t := c.Table(string(table))
		if t == nil || hidden == 1 { // 1: of a virtual table, and not in SELECT *
			return nil
		}
		col := dialect.ColumnInfo{Name: string(name), Position: len(t.Columns) + 1, DatabaseType: string(typ),
			Type: q.TypeOf(string(typ)), Nullable: !bool(notNull), Default: string(def)}
		var said *columnText
		if p := parsed[t.Name]; p != nil {
			said = p.columns[strings.ToLower(col.Name)]
		}
		if said != nil {
			col.Type.Collation = said.collation
			col.Computed = said.computed
			col.Stored = hidden == 3
			if said.autoincrement {
				col.Identity = &dialect.IdentityInfo{Autoincrement: true, Counting: dialect.Counting{Start: 1, Increment: 1}}
			}
		}
		switch list := tokens(string(def)); {
		case strings.EqualFold(string(def), "NULL"):
			col.Default = ""
		case len(list) == 1 && def[0] == '"': // a text, which it is here alone
			col.Default = "'" + strings.ReplaceAll(list[0].text, "'", "''") + "'"
		}
		t.Columns = append(t.Columns, col)
		if pk > 0 {
			if t.PrimaryKey == nil {
				t.PrimaryKey = &dialect.KeyInfo{}
				if p := parsed[t.Name]; p != nil {
					t.PrimaryKey.Name = p.keyName
				}
			}
			for len(t.PrimaryKey.Columns) < int(pk) {
				t.PrimaryKey.Columns = append(t.PrimaryKey.Columns, "")
			}
			t.PrimaryKey.Columns[pk-1] = col.Name
		}
		return nil
	}, &table, &name, &typ, &notNull, &def, &pk, &hidden)
}

// keyReader takes the indexes, of which some are keys.
type keyReader struct {
	c        *dialect.Catalog
	parsed   map[string]*tableText
	implicit map[string]bool // tables whose primary key has an index
	list     []foundIndex
}

type foundIndex struct {
	table, origin, sql string
	partial            bool
	x                  dialect.IndexInfo
	expressions        bool
}

// askIndexes reads the indexes and the unique keys.
func (d *sqlite) askIndexes(q *catalog.Asker, k *keyReader, of, where string) bool {
	var table, name, origin, sql, column, collation catalog.Text
	var unique, partial, desc, key catalog.Flag
	var cid, seq catalog.Int
	schema := strings.TrimSuffix(strings.TrimPrefix(of, " FROM "), " m")
	ok := q.Ask(`SELECT m.name, l.seq, l.name, l."unique", l.origin, l.partial, i.sql, x.cid, x.name, x."desc", x.coll, x.key`+of+
		`, pragma_index_list(m.name, :schema) l, pragma_index_xinfo(l.name, :schema) x LEFT JOIN `+schema+
		` i ON i.type = 'index' AND i.name = l.name`+where+` AND x.key = 1 ORDER BY m.name, l.seq DESC, x.seqno`, func() error {
		last := catalog.Last(k.list)
		if last == nil || last.table != string(table) || last.x.Name != string(name) {
			k.list = append(k.list, foundIndex{table: string(table), origin: string(origin), sql: string(sql), partial: bool(partial),
				x: dialect.IndexInfo{Name: string(name), Unique: bool(unique)}})
			last = catalog.Last(k.list)
		}
		if cid == -2 {
			last.expressions = true
		}
		last.x.Columns = append(last.x.Columns, dialect.IndexColumn{Name: string(column), Desc: bool(desc), Collation: string(collation)})
		return nil
	}, &table, &seq, &name, &unique, &origin, &partial, &sql, &cid, &column, &desc, &collation, &key)
	if ok {
		k.finish()
	}
	return ok
}

// finish sorts what was read into keys and indexes, and finds the columns
// that are the row's own number.
func (k *keyReader) finish() {
	for i := range k.list {
		f := &k.list[i]
		t := k.c.Table(f.table)
		if t == nil {
			continue
		}
		switch f.origin {
		case "pk":
			k.implicit[t.Name] = true
		case "u":
			key := dialect.KeyInfo{}
			for _, c := range f.x.Columns {
				key.Columns = append(key.Columns, c.Name)
			}
			if p := k.parsed[t.Name]; p != nil {
				key.Name = p.uniqueName(key.Columns)
			}
			t.Unique = append(t.Unique, key)
		default:
			if f.expressions || f.partial {
				terms, where := parseIndex(f.sql)
				f.x.Where = where
				for j := range f.x.Columns {
					if f.x.Columns[j].Name == "" && j < len(terms) {
						f.x.Columns[j].Expression = terms[j]
					}
				}
			}
			for j := range f.x.Columns {
				own := "BINARY"
				col := &f.x.Columns[j]
				if c := t.Column(col.Name); c != nil && c.Type.Collation != "" {
					own = c.Type.Collation
				}
				if strings.EqualFold(col.Collation, own) {
					col.Collation = ""
				}
			}
			t.Indexes = append(t.Indexes, f.x)
		}
	}
	for _, t := range k.c.Tables {
		if p := k.parsed[t.Name]; p != nil {
			t.Checks = p.checks
		}
		if t.PrimaryKey == nil || len(t.PrimaryKey.Columns) != 1 || k.implicit[t.Name] {
			continue
		}
		if col := t.Column(t.PrimaryKey.Columns[0]); col != nil && strings.EqualFold(col.DatabaseType, "INTEGER") {
			col.Nullable = false
			col.Type.Kind = dialect.BigInt // whatever the name says: the row's number has 64 bits
			if col.Identity == nil {
				col.Identity = &dialect.IdentityInfo{}
			}
		}
	}
}

// askForeignKeys reads the foreign keys. SQLite numbers them from the last to
// the first.
func (d *sqlite) askForeignKeys(c *dialect.Catalog, q *catalog.Asker, parsed map[string]*tableText, of, where string) bool {
	var table, ref, from, to, onUpdate, onDelete catalog.Text
	var id catalog.Int
	before := catalog.Int(-1)
	var t *dialect.TableInfo
	ok := q.Ask(`SELECT m.name, f.id, f."table", f."from", COALESCE(f."to", (SELECT p.name FROM pragma_table_xinfo(f."table", :schema) p WHERE p.pk = f.seq + 1)),
 f.on_update, f.on_delete`+of+`, pragma_foreign_key_list(m.name, :schema) f`+where+` ORDER BY m.name, f.id DESC, f.seq`, func() error {
		if next := c.Table(string(table)); next != t {
			t, before = next, -1
		}
		if t == nil {
			return nil
		}
		if id != before {
			before = id
			t.ForeignKeys = append(t.ForeignKeys, dialect.ForeignKeyInfo{RefSchema: c.Schema, RefTable: string(ref),
				OnDelete: catalog.Action(string(onDelete)), OnUpdate: catalog.Action(string(onUpdate))})
		}
		k := catalog.Last(t.ForeignKeys)
		k.Columns = append(k.Columns, string(from))
		if to != "" {
			k.RefColumns = append(k.RefColumns, string(to))
		}
		return nil
	}, &table, &id, &ref, &from, &to, &onUpdate, &onDelete)
	if !ok {
		return false
	}
	for _, t := range c.Tables {
		p := parsed[t.Name]
		if p == nil || len(p.foreignKeys) != len(t.ForeignKeys) {
			continue
		}
		for i := range t.ForeignKeys {
			t.ForeignKeys[i].Name, t.ForeignKeys[i].Deferral = p.foreignKeys[i].Name, p.foreignKeys[i].Deferral
		}
	}
	return true
}
