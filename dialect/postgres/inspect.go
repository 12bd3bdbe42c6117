package postgres

import (
	"encoding/json"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/catalog"
)

var (
	_ dialect.Inspector  = (*server)(nil)
	_ dialect.TypeParser = (*server)(nil)
)

// Inspect reads pg_catalog, one query a kind of object.
func (s *server) Inspect(in dialect.Inspection, c *dialect.Catalog) dialect.Script {
	return catalog.Queries(func(q *catalog.Asker) {
		r := &inspector{server: s, in: &in, c: c, q: q}
		r.run()
	})
}

// inspector is one run of an Inspection.
type inspector struct {
	*server
	in    *dialect.Inspection
	c     *dialect.Catalog
	q     *catalog.Asker
	only  string // the condition that limits a query to the tables asked for
	enums map[string]*dialect.EnumInfo

	domains map[string]*foundDomain // by their numbers
}

func (r *inspector) run() {
	var name, temporary catalog.Text
	if !r.q.Ask("SELECT pg_catalog.current_schema(), (SELECT nspname FROM pg_catalog.pg_namespace WHERE oid = pg_catalog.pg_my_temp_schema())",
		func() error { r.c.Default = string(name); return nil }, &name, &temporary) {
		return
	}
	switch r.c.Schema = r.in.Schema; {
	case r.c.Schema == "":
		r.c.Schema = r.c.Default
	case r.c.Schema == ddl.TemporarySchema && temporary != "":
		r.c.Schema = string(temporary) // pg_temp_3, say
	}
	r.q.Args["schema"] = r.c.Schema
	if n := len(r.in.Tables); n > 0 && n <= catalog.MaxNames {
		r.q.Args["tables"] = r.in.Tables
		r.only = " AND c.relname IN (:tables)"
	}
	parts := r.in.Parts
	if parts&dialect.InspectSchemas != 0 && !r.q.Ask(`SELECT nspname FROM pg_catalog.pg_namespace
 WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\_%' ORDER BY nspname COLLATE "C"`, func() error {
		r.c.Schemas = append(r.c.Schemas, string(name))
		return nil
	}, &name) {
		return
	}
	if parts&(dialect.InspectTables|dialect.InspectViews) != 0 {
		if !r.tables() {
			return
		}
		if parts&dialect.InspectDetails != 0 && len(r.c.Tables) > 0 &&
			(!r.readEnums() || !r.readDomains() || !r.columns() || !r.constraints() || !r.indexes()) {
			return
		}
	}
	if parts&dialect.InspectSequences != 0 && !r.sequences() {
		return
	}
	if parts&dialect.InspectEnums != 0 && !r.readEnums() {
		return
	}
	if parts&dialect.InspectDomains != 0 && r.readEnums() {
		r.readDomains()
	}
}

var tableKinds = map[catalog.Text]dialect.TableKind{"r": dialect.BaseTable, "p": dialect.BaseTable, "f": dialect.ForeignTable,
	"v": dialect.View, "m": dialect.MaterializedView}

// relkinds are the kinds of tables that are asked for.
func (r *inspector) relkinds() string {
	var list []string
	if r.in.Parts&dialect.InspectTables != 0 {
		list = append(list, "'r', 'p', 'f'")
	}
	if r.in.Parts&dialect.InspectViews != 0 {
		list = append(list, "'v', 'm'")
	}
	return strings.Join(list, ", ")
}

// from is where every query of tables begins.
func (r *inspector) from() string {
	return " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = :schema"
}

func (r *inspector) where() string {
	return " WHERE c.relkind IN (" + r.relkinds() + ")" + r.only
}

func (r *inspector) tables() bool {
	var name, kind, comment, def, key, space, parent, bounds, parents, storage catalog.Text
	var triggers, unlogged, guarded catalog.Flag
	parts, above := "CASE c.relkind WHEN 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, pn.nspname, pc.relname, pg_catalog.pg_get_expr(c.relpartbound, c.oid)",
		` LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid AND c.relispartition
 LEFT JOIN pg_catalog.pg_class pc ON pc.oid = h.inhparent LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = pc.relnamespace`
	if r.product == productCockroach { // whose partitions are no tables
		parts, above = "NULL, NULL, NULL, NULL", ""
	}
	return r.q.Ask(`SELECT c.relname, c.relkind::text, pg_catalog.obj_description(c.oid, 'pg_class'),
 CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid, true) END,
 EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgenabled <> 'D'),
 c.relpersistence = 'u', `+parts+`,
 CASE WHEN NOT c.relispartition THEN (SELECT string_agg(pg_catalog.quote_ident(an.nspname) || '.' || pg_catalog.quote_ident(a.relname), ', ' ORDER BY i.inhseqno)
  FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class a ON a.oid = i.inhparent JOIN pg_catalog.pg_namespace an ON an.oid = a.relnamespace WHERE i.inhrelid = c.oid) END,
 (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) o WHERE c.relkind = 'r'), c.relrowsecurity`+
		r.from()+above+r.where()+` ORDER BY c.relname COLLATE "C"`, func() error {
		t := &dialect.TableInfo{Schema: r.c.Schema, Name: string(name), Kind: tableKinds[kind], Comment: string(comment),
			Definition: strings.TrimSuffix(strings.TrimSpace(string(def)), ";"), Triggers: bool(triggers), PartitionBy: string(key)}
		if parent != "" {
			t.PartitionOf = &dialect.PartitionInfo{Schema: string(space), Table: string(parent), Bounds: string(bounds)}
		}
		if unlogged {
			t.Options = append(t.Options, "UNLOGGED")
		}
		if parents != "" {
			t.Options = append(t.Options, "INHERITS ("+string(parents)+")")
		}
		if storage != "" {
			t.Options = append(t.Options, "WITH ("+string(storage)+")")
		}
		if guarded {
			t.Options = append(t.Options, "ROW LEVEL SECURITY")
		}
		r.c.Add(r.in, t)
		return nil
	}, &name, &kind, &comment, &def, &triggers, &unlogged, &key, &space, &parent, &bounds, &parents, &storage, &guarded)
}

// readEnums reads the enumerations: those of the schema into the catalogue if
// they are asked for, and all of them for the columns.
func (r *inspector) readEnums() bool {
	if r.enums != nil {
		return true
	}
	r.enums = map[string]*dialect.EnumInfo{}
	var list []*dialect.EnumInfo
	var id, space, name, label, comment catalog.Text
	ok := r.q.Ask(`SELECT t.oid::text, n.nspname, t.typname, e.enumlabel, pg_catalog.obj_description(t.oid, 'pg_type')
 FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid
 WHERE t.typtype = 'e' ORDER BY t.typname COLLATE "C", t.oid, e.enumsortorder`, func() error {
		e := r.enums[string(id)]
		if e == nil {
			e = &dialect.EnumInfo{Schema: string(space), Name: string(name), Comment: string(comment)}
			r.enums[string(id)] = e
			list = append(list, e)
		}
		if label != "" {
			e.Values = append(e.Values, string(label))
		}
		return nil
	}, &id, &space, &name, &label, &comment)
	if r.in.Parts&dialect.InspectEnums != 0 {
		for _, e := range list {
			if e.Schema == r.c.Schema {
				r.c.Enums = append(r.c.Enums, *e)
			}
		}
	}
	return ok
}

func (r *inspector) columns() bool {
	var table, name, typ, base, elem, def, identity, generated, collation, comment, sequence, owned catalog.Text
	var notNull, cycle catalog.Flag
	var start, increment, cache catalog.Int
	var least, most catalog.Text
	kept := "a.attidentity::text"
	computed := "''"
	if r.compat.AtLeast(12, 0) {
		computed = "a.attgenerated::text"
	}
	return r.q.Ask(`SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), t.oid::text, t.typelem::text, a.attnotnull,
 pg_catalog.pg_get_expr(d.adbin, d.adrelid), `+kept+`, `+computed+`, CASE WHEN a.attcollation <> t.typcollation THEN l.collname END,
 pg_catalog.col_description(c.oid, a.attnum::int), s.relname, s.deptype::text, s.seqstart, s.seqincrement, s.seqmin::text, s.seqmax::text, s.seqcache, s.seqcycle`+
		r.from()+` JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
 LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
 LEFT JOIN (SELECT p.refobjid, p.refobjsubid, p.deptype, x.relname, q.* FROM pg_catalog.pg_depend p
  JOIN pg_catalog.pg_class x ON x.oid = p.objid AND x.relkind = 'S' JOIN pg_catalog.pg_sequence q ON q.seqrelid = x.oid
  WHERE p.classid = 'pg_catalog.pg_class'::regclass AND p.refclassid = 'pg_catalog.pg_class'::regclass AND p.deptype IN ('a', 'i') AND p.refobjsubid > 0) s
  ON s.refobjid = c.oid AND s.refobjsubid = a.attnum AND (s.deptype = 'i' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%')`+
		r.where()+` ORDER BY c.relname COLLATE "C", a.attnum`, func() error {
		t := r.c.Table(string(table))
		if t == nil {
			return nil
		}
		if last := catalog.Last(t.Columns); last != nil && last.Name == string(name) {
			return nil // one more sequence that belongs to the column
		}
		col := dialect.ColumnInfo{Name: string(name), Position: len(t.Columns) + 1, DatabaseType: string(typ), Nullable: !bool(notNull),
			Comment: string(comment)}
		col.Type = r.columnType(string(typ), string(base), string(elem))
		col.Type.Collation = string(collation)
		switch {
		case generated != "":
			col.Computed, col.Stored = catalog.Unwrap(string(def)), generated == "s"
		case identity != "" || owned == "a":
			col.Identity = &dialect.IdentityInfo{Always: identity == "a", Counting: dialect.Counting{Start: int64(start),
				Increment: int64(increment), Min: string(least), Max: string(most), Cache: int64(cache), Cycle: bool(cycle)}}
			if owned == "a" {
				col.Identity.Sequence = string(sequence)
			}
		default:
			col.Default = string(def)
		}
		t.Columns = append(t.Columns, col)
		return nil
	}, &table, &name, &typ, &base, &elem, &notNull, &def, &identity, &generated, &collation, &comment,
		&sequence, &owned, &start, &increment, &least, &most, &cache, &cycle)
}

// constraints reads the constraints, a row for each column of a key.
func (r *inspector) constraints() bool {
	var table, name, kind, column, space, ref, refColumn, onDelete, onUpdate, text, comment, include, deleted catalog.Text
	var deferrable, deferred, full, valid, enforced, noInherit, sameNulls catalog.Flag
	keyed, only, nulls, enforcing := "i.indnkeyatts", "k.confdelsetcols", "i.indnullsnotdistinct", "true"
	if !r.compat.AtLeast(11, 0) {
		keyed = "i.indnatts"
	}
	// A key that refers to a partitioned table has others on the same table
	// below it, one a partition.
	own := ` AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint o WHERE o.oid = k.conparentid AND o.conrelid = k.conrelid)`
	if r.product == productCockroach || !r.compat.AtLeast(11, 0) {
		own = ""
	}
	if !r.compat.AtLeast(15, 0) {
		only, nulls = "NULL::smallint[]", "false"
	}
	if r.compat.AtLeast(18, 0) {
		enforcing = "k.conenforced"
	}
	var before [2]catalog.Text
	actions := map[catalog.Text]string{"c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT", "r": "RESTRICT"}
	return r.q.Ask(`SELECT c.relname, k.conname, k.contype::text, a.attname, fn.nspname, f.relname, fa.attname, k.confdeltype::text, k.confupdtype::text,
 k.condeferrable, k.condeferred, CASE k.contype WHEN 'c' THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid) WHEN 'x' THEN pg_catalog.pg_get_constraintdef(k.oid) END,
 pg_catalog.obj_description(k.oid, 'pg_constraint'), k.confmatchtype = 'f', k.convalidated, `+enforcing+`, k.connoinherit, `+nulls+`,
 CASE WHEN i.indnatts > `+keyed+` THEN (SELECT pg_catalog.json_agg(ia.attname ORDER BY n.ord)::text FROM unnest(i.indkey) WITH ORDINALITY n (num, ord)
  JOIN pg_catalog.pg_attribute ia ON ia.attrelid = c.oid AND ia.attnum = n.num WHERE n.ord > `+keyed+`) END,
 (SELECT pg_catalog.json_agg(da.attname)::text FROM pg_catalog.pg_attribute da WHERE da.attrelid = c.oid AND da.attnum = ANY (`+only+`))`+r.from()+`
 JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('p', 'u', 'f', 'c', 'x')`+own+`
 LEFT JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY u (own, other, ord) ON k.contype IN ('p', 'u', 'f')
 LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.own
 LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
 LEFT JOIN pg_catalog.pg_attribute fa ON fa.attrelid = f.oid AND fa.attnum = u.other
 LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u')`+
		r.where()+` ORDER BY c.relname COLLATE "C", k.conname COLLATE "C", u.ord`, func() error {
		t := r.c.Table(string(table))
		if t == nil {
			return nil
		}
		first := before != [2]catalog.Text{table, name}
		before = [2]catalog.Text{table, name}
		when := dialect.Deferral{Deferrable: bool(deferrable), InitiallyDeferred: bool(deferred)}
		holds := dialect.Validity{NotEnforced: !bool(enforced), NotValid: !bool(valid) && bool(enforced)}
		key := func() *dialect.KeyInfo {
			return &dialect.KeyInfo{Name: string(name), Deferral: when, Comment: string(comment), Include: names(include), NullsNotDistinct: bool(sameNulls)}
		}
		switch kind {
		case "p":
			if first {
				t.PrimaryKey = key()
			}
			t.PrimaryKey.Columns = append(t.PrimaryKey.Columns, string(column))
		case "u":
			if first {
				t.Unique = append(t.Unique, *key())
			}
			k := catalog.Last(t.Unique)
			k.Columns = append(k.Columns, string(column))
		case "f":
			if first {
				t.ForeignKeys = append(t.ForeignKeys, dialect.ForeignKeyInfo{Name: string(name), RefSchema: string(space), RefTable: string(ref),
					OnDelete: actions[onDelete], OnUpdate: actions[onUpdate], OnDeleteColumns: names(deleted), MatchFull: bool(full), Deferral: when,
					Validity: holds, Comment: string(comment)})
			}
			k := catalog.Last(t.ForeignKeys)
			k.Columns = append(k.Columns, string(column))
			k.RefColumns = append(k.RefColumns, string(refColumn))
		case "c":
			t.Checks = append(t.Checks, dialect.CheckInfo{Name: string(name), SQL: catalog.Unwrap(string(text)), NoInherit: bool(noInherit), Validity: holds,
				Comment: string(comment)})
		default:
			t.Exclusions = append(t.Exclusions, dialect.CheckInfo{Name: string(name), SQL: string(text), Comment: string(comment)})
		}
		return nil
	}, &table, &name, &kind, &column, &space, &ref, &refColumn, &onDelete, &onUpdate, &deferrable, &deferred, &text, &comment,
		&full, &valid, &enforced, &noInherit, &sameNulls, &include, &deleted)
}

// names reads a list of names as JSON, which holds any of them.
func names(list catalog.Text) (names []string) {
	if json.Unmarshal([]byte(list), &names) != nil {
		return nil
	}
	return names
}

// indexes reads the indexes that belong to no constraint, a row for each of
// their columns.
func (r *inspector) indexes() bool {
	var table, name, method, column, expression, where, comment, collation, class, storage catalog.Text
	var unique, desc, nullsFirst, included, sameNulls catalog.Flag
	keys, nulls := "i.indnatts", "false"
	if r.compat.AtLeast(15, 0) {
		nulls = "i.indnullsnotdistinct"
	}
	if r.compat.AtLeast(11, 0) {
		keys = "i.indnkeyatts"
	}
	var before [2]catalog.Text
	return r.q.Ask(`SELECT c.relname, x.relname, m.amname, i.indisunique, a.attname, pg_catalog.pg_get_indexdef(i.indexrelid, k.n, true),
 i.indoption[k.n - 1] & 1 <> 0, i.indoption[k.n - 1] & 2 <> 0, k.n > `+keys+`, pg_catalog.pg_get_expr(i.indpred, i.indrelid),
 CASE WHEN a.attcollation <> i.indcollation[k.n - 1] AND k.n <= `+keys+` THEN l.collname END, pg_catalog.obj_description(x.oid, 'pg_class'),
 `+nulls+`, CASE WHEN NOT b.opcdefault THEN CASE bn.nspname WHEN 'pg_catalog' THEN '' ELSE pg_catalog.quote_ident(bn.nspname) || '.' END || pg_catalog.quote_ident(b.opcname) END,
 (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(x.reloptions) o)`+r.from()+`
 JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND NOT i.indisprimary
 JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = x.relam
 CROSS JOIN LATERAL generate_series(1, i.indnatts::int) k (n)
 LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[k.n - 1]
 LEFT JOIN pg_catalog.pg_collation l ON l.oid = i.indcollation[k.n - 1]
 LEFT JOIN pg_catalog.pg_opclass b ON b.oid = i.indclass[k.n - 1] LEFT JOIN pg_catalog.pg_namespace bn ON bn.oid = b.opcnamespace`+r.where()+`
 AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint o WHERE o.conindid = i.indexrelid AND o.conrelid = c.oid AND o.contype IN ('p', 'u', 'x'))
 ORDER BY c.relname COLLATE "C", x.relname COLLATE "C", k.n`, func() error {
		t := r.c.Table(string(table))
		if t == nil {
			return nil
		}
		if before != [2]catalog.Text{table, name} {
			before = [2]catalog.Text{table, name}
			x := dialect.IndexInfo{Name: string(name), Unique: bool(unique), Where: catalog.Unwrap(string(where)), Comment: string(comment),
				NullsNotDistinct: bool(sameNulls)}
			if method != "btree" && method != "lsm" && method != "prefix" { // the usual ones
				x.Method = string(method)
			}
			if storage != "" {
				x.Options = strings.Split(string(storage), ", ")
			}
			t.Indexes = append(t.Indexes, x)
		}
		x := catalog.Last(t.Indexes)
		if included {
			x.Include = append(x.Include, string(column))
			return nil
		}
		col := dialect.IndexColumn{Name: string(column), Desc: bool(desc), Collation: string(collation), OpClass: string(class)}
		if column == "" {
			col.Expression = string(expression)
		}
		if nullsFirst != desc { // NULLs are the greatest: first of a descending order
			col.NullsFirst = dialect.No
			if nullsFirst {
				col.NullsFirst = dialect.Yes
			}
		}
		x.Columns = append(x.Columns, col)
		return nil
	}, &table, &name, &method, &unique, &column, &expression, &desc, &nullsFirst, &included, &where, &collation, &comment,
		&sameNulls, &class, &storage)
}

// sequences reads those that count for no column by themselves.
func (r *inspector) sequences() bool {
	var name, least, most, comment catalog.Text
	var start, increment, cache catalog.Int
	var cycle catalog.Flag
	return r.q.Ask(`SELECT c.relname, q.seqstart, q.seqincrement, q.seqmin::text, q.seqmax::text, q.seqcache, q.seqcycle,
 pg_catalog.obj_description(c.oid, 'pg_class')`+r.from()+` JOIN pg_catalog.pg_sequence q ON q.seqrelid = c.oid
 WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend p WHERE p.classid = 'pg_catalog.pg_class'::regclass AND p.objid = c.oid
  AND p.refclassid = 'pg_catalog.pg_class'::regclass AND p.deptype IN ('a', 'i') AND p.refobjsubid > 0)
 ORDER BY c.relname COLLATE "C"`, func() error {
		r.c.Sequences = append(r.c.Sequences, dialect.SequenceInfo{Schema: r.c.Schema, Name: string(name), Comment: string(comment),
			Counting: dialect.Counting{Start: int64(start), Increment: int64(increment), Min: string(least), Max: string(most), Cache: int64(cache), Cycle: bool(cycle)}})
		return nil
	}, &name, &start, &increment, &least, &most, &cache, &cycle, &comment)
}

// columnType is a column's type; base and elem are the numbers of its type and
// of that type's elements. A domain that the dialect has a kind for, one of
// another module perhaps, is of that kind.
func (r *inspector) columnType(text, base, elem string) dialect.Type {
	if t := r.q.TypeOf(text); t.Kind != dialect.Native && (t.Kind != dialect.Array || t.Elem.Kind != dialect.Native) {
		return t
	}
	if d := r.domain(base); d != nil {
		t := d.Type
		t.Domain = d
		return t
	}
	if d := r.domain(elem); d != nil && strings.HasSuffix(text, "[]") {
		t := d.Type
		t.Domain = d
		return dialect.Type{Kind: dialect.Array, Elem: &t}
	}
	if e := r.enums[base]; e != nil {
		return r.enumType(e)
	}
	if e := r.enums[elem]; e != nil && strings.HasSuffix(text, "[]") {
		t := r.enumType(e)
		return dialect.Type{Kind: dialect.Array, Elem: &t}
	}
	return r.q.TypeOf(text)
}

func (r *inspector) enumType(e *dialect.EnumInfo) dialect.Type {
	name := e.Name
	if e.Schema != r.c.Default {
		name = e.Schema + "." + e.Name
	}
	return dialect.Type{Kind: dialect.Enum, Name: name, Values: &dialect.EnumValues{List: e.Values, Comment: e.Comment}}
}

// ParseType reads a type as format_type writes it. TypeName of the result is
// the same type: json is a Native, because JSON is jsonb here.
func (s *server) ParseType(text string) (dialect.Type, error) {
	if strings.TrimSpace(text) == "" {
		return dialect.Type{}, nil
	}
	return parseType(text), nil
}

// parseable are the names that dialect.ParseType reads as this database means
// them.
var parseable = map[string]bool{"boolean": true, "smallint": true, "integer": true, "bigint": true, "real": true, "double precision": true,
	"numeric": true, "character": true, "character varying": true, "text": true, "bytea": true, "date": true, "interval": true, "uuid": true,
	"timestamp without time zone": true, "timestamp with time zone": true}

func parseType(text string) dialect.Type {
	if base, ok := strings.CutSuffix(text, "[]"); ok {
		elem := parseType(base)
		return dialect.Type{Kind: dialect.Array, Elem: &elem}
	}
	native := dialect.Type{Kind: dialect.Native, Name: text}
	name := text
	if open := strings.IndexByte(text, '('); open >= 0 {
		if end := strings.IndexByte(text, ')'); end > open {
			name = text[:open] + text[end+1:]
		}
	}
	switch {
	case name == "jsonb":
		return dialect.Type{Kind: dialect.JSON}
	case name == "time without time zone":
		text, name = strings.TrimSuffix(text, " without time zone"), "time"
	case !parseable[name] || name == "numeric" && strings.Contains(text, "-"): // a negative scale
		return native
	}
	t, err := dialect.ParseType(text)
	if err != nil {
		return native
	}
	return t
}
