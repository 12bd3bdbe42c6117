package mysql

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/catalog"
)

var (
	_ dialect.Inspector  = (*server)(nil)
	_ dialect.TypeParser = (*server)(nil)
)

// Inspect reads information_schema of one database, one query a kind of
// object. A unique index is a unique key here: the server knows no difference.
func (s *server) Inspect(in dialect.Inspection, c *dialect.Catalog) dialect.Script {
	return catalog.Queries(func(q *catalog.Asker) {
		r := &inspector{server: s, in: &in, c: c, q: q, collations: map[string]string{}}
		r.run()
	})
}

// inspector is one run of an Inspection.
type inspector struct {
	*server
	in         *dialect.Inspection
	c          *dialect.Catalog
	q          *catalog.Asker
	only       string            // the condition that limits a query to the tables asked for; x is the table's alias
	collations map[string]string // of the tables
}

func (r *inspector) run() {
	var name catalog.Text
	if !r.q.Ask("SELECT DATABASE()", func() error { r.c.Default = string(name); return nil }, &name) {
		return
	}
	if r.c.Schema = r.in.Schema; r.c.Schema == "" {
		r.c.Schema = r.c.Default
	}
	r.q.Args["schema"] = r.c.Schema
	if n := len(r.in.Tables); n > 0 && n <= catalog.MaxNames {
		r.q.Args["tables"] = r.in.Tables
		r.only = " AND x.table_name IN (:tables)"
	}
	parts := r.in.Parts
	if parts&dialect.InspectSchemas != 0 && !r.q.Ask(`SELECT schema_name FROM information_schema.schemata
 WHERE LOWER(schema_name) NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys', 'metrics_schema') ORDER BY 1`, func() error {
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
			(!r.columns() || !r.keys() || !r.foreignKeys() || r.hasChecks() && !r.checks()) {
			return
		}
	}
	if parts&dialect.InspectSequences != 0 && r.product != productMySQL {
		r.sequences()
	}
}

func (r *inspector) tables() bool {
	var name, kind, comment, collation, def, engine, options catalog.Text
	var triggers, other catalog.Flag
	var divided []*dialect.TableInfo
	var kinds []string
	if r.in.Parts&dialect.InspectTables != 0 {
		kinds = append(kinds, "'BASE TABLE', 'SYSTEM VERSIONED'")
	}
	if r.in.Parts&dialect.InspectViews != 0 {
		kinds = append(kinds, "'VIEW'")
	}
	ok := r.q.Ask(`SELECT x.table_name, x.table_type, x.table_comment, x.table_collation, v.view_definition, g.event_object_table IS NOT NULL,
 x.engine, x.create_options, x.table_collation <> d.default_collation_name
 FROM information_schema.tables x LEFT JOIN information_schema.views v ON v.table_schema = x.table_schema AND v.table_name = x.table_name
 LEFT JOIN (SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE event_object_schema = :schema) g ON g.event_object_table = x.table_name
 LEFT JOIN information_schema.schemata d ON d.schema_name = x.table_schema
 WHERE x.table_schema = :schema AND x.table_type IN (`+strings.Join(kinds, ", ")+`)`+r.only, func() error {
		t := &dialect.TableInfo{Schema: r.c.Schema, Name: string(name), Comment: string(comment), Triggers: bool(triggers)}
		switch {
		case kind == "VIEW":
			t.Kind, t.Comment, t.Definition = dialect.View, "", string(def)
		default:
			if kind == "SYSTEM VERSIONED" {
				t.Options = append(t.Options, "WITH SYSTEM VERSIONING")
			}
			if engine != "" && engine != "InnoDB" {
				t.Options = append(t.Options, "ENGINE="+string(engine))
			}
			if other {
				t.Options = append(t.Options, "COLLATE="+string(collation))
			}
			for _, option := range strings.Fields(string(options)) {
				switch name, value, said := strings.Cut(option, "="); {
				case option == "partitioned":
					divided = append(divided, t)
				case option == "transactional=1" || option == "page_checksum=1": // as Aria's tables are
				case said && !strings.ContainsAny(option, "'`"):
					t.Options = append(t.Options, strings.ToUpper(name)+"="+value)
				}
			}
		}
		r.collations[t.Name] = string(collation)
		r.c.Add(r.in, t)
		return nil
	}, &name, &kind, &comment, &collation, &def, &triggers, &engine, &options, &other)
	divided = slices.DeleteFunc(divided, func(t *dialect.TableInfo) bool { return r.c.Table(t.Name) != t })
	if ok && len(divided) > 0 {
		ok = r.partitions()
	}
	slices.SortFunc(r.c.Tables, func(a, b *dialect.TableInfo) int { return strings.Compare(a.Name, b.Name) })
	return ok
}

func (r *inspector) columns() bool {
	var table, name, typ, def, extra, collation, comment, computed catalog.Text
	var null, has catalog.Flag
	return r.q.Ask(`SELECT x.table_name, x.column_name, x.column_type, x.is_nullable, x.column_default IS NOT NULL, x.column_default, x.extra, x.collation_name,
 x.column_comment, x.generation_expression FROM information_schema.columns x WHERE x.table_schema = :schema`+r.only+
		` ORDER BY x.table_name, x.ordinal_position`, func() error {
		t := r.c.Table(string(table))
		if t == nil {
			return nil
		}
		col := dialect.ColumnInfo{Name: string(name), Position: len(t.Columns) + 1, Type: r.q.TypeOf(string(typ)),
			DatabaseType: string(typ), Nullable: bool(null), Comment: string(comment)}
		if own := r.collations[t.Name]; own != "" && string(collation) != own && col.Type.Kind != dialect.UUID {
			col.Type.Collation = string(collation)
		}
		lower := strings.ToLower(string(extra))
		col.Invisible = strings.Contains(lower, "invisible")
		if _, text, ok := strings.Cut(lower, "on update "); ok {
			text, _, _ = strings.Cut(text, ",") // MariaDB: "…, INVISIBLE"
			text, _, _ = strings.Cut(text, " ") // MySQL: "… INVISIBLE"
			col.OnUpdate = strings.ToUpper(text)
		}
		switch {
		case computed != "":
			col.Computed = catalog.Unwrap(r.unescape(string(computed)))
			col.Stored = strings.Contains(lower, "stored") || strings.Contains(lower, "persistent")
		case strings.Contains(lower, "auto_increment"):
			col.Identity = &dialect.IdentityInfo{}
		case bool(has):
			col.Default = r.defaultText(&col.Type, string(def), strings.Contains(lower, "default_generated"))
		}
		t.Columns = append(t.Columns, col)
		return nil
	}, &table, &name, &typ, &null, &has, &def, &extra, &collation, &comment, &computed)
}

// unescape reads an expression of MySQL's catalogue, whose quotes are escaped
// once more.
func (r *inspector) unescape(sql string) string {
	if r.product == productMySQL {
		return strings.ReplaceAll(sql, `\'`, `'`)
	}
	return sql
}

// defaultText makes an expression of what the catalogue says: MariaDB gives
// one, MySQL the bare value of a literal.
func (r *inspector) defaultText(t *dialect.Type, text string, expression bool) string {
	if r.from(productMariaDB, 10, 2, 7) {
		if strings.EqualFold(text, "NULL") {
			return ""
		}
		return r.ownSequence(text)
	}
	switch t.Kind {
	case dialect.Boolean, dialect.SmallInt, dialect.Integer, dialect.BigInt, dialect.Real, dialect.Double, dialect.Decimal:
		return r.unescape(text)
	case dialect.Timestamp, dialect.Native:
		if strings.HasPrefix(strings.ToUpper(text), "CURRENT_TIMESTAMP") || strings.HasPrefix(t.Name, "bit") {
			return text
		}
	}
	if expression {
		return r.unescape(text)
	}
	w := dialect.NewWriter(r.server)
	w.StringLiteral(text)
	return w.Text()
}

// keys reads primary keys, unique keys and indexes, a row for each column.
func (r *inspector) keys() bool {
	var table, name, column, order, method, comment, expression catalog.Text
	var notUnique catalog.Flag
	var prefix catalog.Int
	term := "NULL"
	if r.from(productMySQL, 8, 0, 13) || r.product == productTiDB {
		term = "x.expression"
	}
	type found struct {
		table string
		x     dialect.IndexInfo
		plain bool // whole columns in their usual order: what a key has
	}
	var list []*found
	ok := r.q.Ask(`SELECT x.table_name, x.index_name, x.non_unique, x.column_name, x.collation, x.sub_part, x.index_type, x.index_comment, `+term+
		` FROM information_schema.statistics x WHERE x.table_schema = :schema`+r.only+` ORDER BY x.table_name, x.index_name, x.seq_in_index`, func() error {
		if last := catalog.Last(list); last == nil || (*last).table != string(table) || (*last).x.Name != string(name) {
			f := &found{table: string(table), plain: true, x: dialect.IndexInfo{Name: string(name), Unique: !bool(notUnique), Comment: string(comment)}}
			usual := catalog.Text("BTREE")
			if t := r.c.Table(string(table)); t != nil && slices.Contains(t.Options, "ENGINE=MEMORY") {
				usual = "HASH"
			}
			if method != usual && method != "LSMTREE" {
				f.x.Method = string(method)
			}
			list = append(list, f)
		}
		f := *catalog.Last(list)
		col := dialect.IndexColumn{Name: string(column), Desc: order == "D", Length: int(prefix), Expression: r.unescape(string(expression))}
		if f.x.Method == "FULLTEXT" || f.x.Method == "SPATIAL" || f.x.Method == "RTREE" {
			col.Length = 0 // its internal one
		}
		if col.Desc || col.Length > 0 || col.Expression != "" {
			f.plain = false
		}
		f.x.Columns = append(f.x.Columns, col)
		return nil
	}, &table, &name, &notUnique, &column, &order, &prefix, &method, &comment, &expression)
	for _, f := range list {
		t := r.c.Table(f.table)
		if t == nil {
			continue
		}
		key := dialect.KeyInfo{Name: f.x.Name, Comment: f.x.Comment}
		for _, c := range f.x.Columns {
			key.Columns = append(key.Columns, c.Name)
		}
		switch {
		case f.x.Name == "PRIMARY":
			key.Name = "" // it cannot have another
			t.PrimaryKey = &key
		case f.x.Unique && f.plain && f.x.Method == "":
			t.Unique = append(t.Unique, key)
		default:
			t.Indexes = append(t.Indexes, f.x)
		}
	}
	return ok
}

func (r *inspector) foreignKeys() bool {
	var table, name, column, space, ref, refColumn, onDelete, onUpdate catalog.Text
	var before [2]catalog.Text
	action := func(word catalog.Text) string {
		if word == "RESTRICT" { // NO ACTION means the same to the server
			return ""
		}
		return catalog.Action(string(word))
	}
	return r.q.Ask(`SELECT x.table_name, x.constraint_name, x.column_name, x.referenced_table_schema, x.referenced_table_name, x.referenced_column_name,
 k.delete_rule, k.update_rule FROM information_schema.key_column_usage x
 JOIN information_schema.referential_constraints k ON k.constraint_schema = x.constraint_schema AND k.table_name = x.table_name AND k.constraint_name = x.constraint_name
 WHERE x.table_schema = :schema AND x.constraint_schema = :schema AND k.constraint_schema = :schema AND x.referenced_table_name IS NOT NULL`+r.only+
		` ORDER BY x.table_name, x.constraint_name, x.ordinal_position`, func() error {
		t := r.c.Table(string(table))
		if t == nil {
			return nil
		}
		if before != [2]catalog.Text{table, name} {
			before = [2]catalog.Text{table, name}
			t.ForeignKeys = append(t.ForeignKeys, dialect.ForeignKeyInfo{Name: string(name), RefSchema: string(space), RefTable: string(ref),
				OnDelete: action(onDelete), OnUpdate: action(onUpdate)})
		}
		k := catalog.Last(t.ForeignKeys)
		k.Columns = append(k.Columns, string(column))
		k.RefColumns = append(k.RefColumns, string(refColumn))
		return nil
	}, &table, &name, &column, &space, &ref, &refColumn, &onDelete, &onUpdate)
}

// hasChecks reports whether the catalogue has check constraints.
func (r *inspector) hasChecks() bool {
	return r.from(productMySQL, 8, 0, 16) || r.from(productMariaDB, 10, 2, 22) || r.from(productTiDB, 7, 4, 0)
}

func (r *inspector) checks() bool {
	var table, name, text, enforced catalog.Text
	enforcing := "'YES'"
	if r.from(productMySQL, 8, 0, 16) {
		enforcing = "x.enforced"
	}
	from := ` FROM information_schema.check_constraints k JOIN information_schema.table_constraints x
 ON x.constraint_schema = k.constraint_schema AND x.constraint_name = k.constraint_name AND x.constraint_type = 'CHECK' WHERE x.table_schema = :schema`
	if r.product == productMariaDB { // a name is unique in its table only
		from = ` FROM information_schema.check_constraints x WHERE x.constraint_schema = :schema`
	}
	return r.q.Ask(`SELECT x.table_name, x.constraint_name, check_clause, `+enforcing+from+r.only+` ORDER BY x.table_name, x.constraint_name`, func() error {
		t := r.c.Table(string(table))
		if t == nil {
			return nil
		}
		sql := catalog.Unwrap(r.unescape(string(text)))
		if col := t.Column(string(name)); r.product == productMariaDB && col != nil && col.DatabaseType == "longtext" &&
			sql == "json_valid(`"+strings.ReplaceAll(col.Name, "`", "``")+"`)" {
			col.Type = dialect.Type{Kind: dialect.JSON} // which is a LONGTEXT with this check here
			return nil
		}
		t.Checks = append(t.Checks, dialect.CheckInfo{Name: string(name), SQL: sql, Validity: dialect.Validity{NotEnforced: enforced == "NO"}})
		return nil
	}, &table, &name, &text, &enforced)
}

// ParseType reads a type as information_schema writes it: tinyint(1) is a
// boolean, longtext a Clob. What TypeName would not write again is a Native.
func (s *server) ParseType(text string) (dialect.Type, error) {
	if strings.TrimSpace(text) == "" {
		return dialect.Type{}, nil
	}
	return s.parseType(text), nil
}

// integers are the whole numbers that the dialect names.
var integers = map[string]dialect.TypeKind{"smallint": dialect.SmallInt, "int": dialect.Integer, "bigint": dialect.BigInt}

// plainTypes are those that have no argument, and sized those that have a
// length or digits.
var plainTypes = map[string]dialect.TypeKind{"float": dialect.Real, "double": dialect.Double, "longtext": dialect.Clob, "longblob": dialect.Blob,
	"date": dialect.Date, "json": dialect.JSON, "uuid": dialect.UUID, "tinyint(1)": dialect.Boolean}

var sized = map[string]string{"char": "char", "varchar": "varchar", "binary": "binary", "varbinary": "varbinary", "decimal": "decimal",
	"time": "time", "datetime": "timestamp"}

func (s *server) parseType(text string) dialect.Type {
	text = strings.TrimSpace(text)
	native := dialect.Type{Kind: dialect.Native, Name: text}
	lower := strings.ToLower(text)
	if values, ok := strings.CutPrefix(lower, "enum("); ok {
		list, ok := enumValues(text[len(text)-len(values) : len(text)-1])
		if !ok {
			return native
		}
		return dialect.Type{Kind: dialect.Enum, Values: &dialect.EnumValues{List: list}}
	}
	if k, ok := plainTypes[lower]; ok {
		return dialect.Type{Kind: k}
	}
	bare, unsigned := strings.CutSuffix(lower, " unsigned")
	name, args, _ := strings.Cut(bare, "(")
	if k, ok := integers[name]; ok {
		if strings.Contains(lower, "zerofill") {
			return native
		}
		return dialect.Type{Kind: k, Unsigned: unsigned}
	}
	word, ok := sized[name]
	if !ok || unsigned {
		return native
	}
	if args != "" {
		word += "(" + args
	} else if name == "time" || name == "datetime" {
		word += "(0)"
	}
	t, err := dialect.ParseType(word)
	if err != nil {
		return native
	}
	if _, err := s.TypeName(&t); err != nil { // a VARCHAR beyond the dialect's limit, say
		return native
	}
	return t
}

// enumValues reads the quoted values of an ENUM.
func enumValues(text string) ([]string, bool) {
	var list []string
	for text != "" {
		if text[0] != '\'' {
			return nil, false
		}
		var b strings.Builder
		i := 1
		for ; i < len(text); i++ {
			if text[i] == '\'' {
				if i+1 >= len(text) || text[i+1] != '\'' {
					break
				}
				i++
			}
			b.WriteByte(text[i])
		}
		if i >= len(text) {
			return nil, false
		}
		list = append(list, b.String())
		text = strings.TrimPrefix(text[i+1:], ",")
	}
	return list, list != nil
}
