package oracle

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/catalog"
)

var (
	_ dialect.Inspector  = (*oracle)(nil)
	_ dialect.TypeParser = (*oracle)(nil)
)

// Inspect reads the ALL_ views, one query a kind of object: what the user may
// see. Names that are kept in upper case come back in lower case, as the
// dialect writes them.
func (d *oracle) Inspect(in dialect.Inspection, c *dialect.Catalog) dialect.Script {
	return catalog.Queries(func(q *catalog.Asker) {
		r := &inspector{oracle: d, in: &in, c: c, q: q}
		r.run()
	})
}

// inspector is one run of an Inspection.
type inspector struct {
	*oracle
	in   *dialect.Inspection
	c    *dialect.Catalog
	q    *catalog.Asker
	only string // names of the tables asked for, as a list
}

func (r *inspector) fold(name catalog.Text) string { return r.features.FoldName(string(name)) }

func (r *inspector) table(name catalog.Text) *dialect.TableInfo { return r.c.Table(r.fold(name)) }

func (r *inspector) run() {
	var name catalog.Text
	if !r.q.Ask("SELECT SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA') FROM dual", func() error { r.c.Default = r.fold(name); return nil }, &name) {
		return
	}
	if r.c.Schema = r.in.Schema; r.c.Schema == "" {
		r.c.Schema = r.c.Default
	}
	r.q.Args["schema"] = r.features.KeptName(r.c.Schema)
	if n := len(r.in.Tables); n > 0 && n <= catalog.MaxNames {
		kept := make([]string, n)
		for i, t := range r.in.Tables {
			kept[i] = r.features.KeptName(t)
		}
		r.q.Args["tables"] = kept
		r.only = " IN (:tables)"
	}
	parts := r.in.Parts
	if parts&dialect.InspectSchemas != 0 && !r.q.Ask("SELECT username FROM all_users WHERE oracle_maintained = 'N' ORDER BY username", func() error {
		r.c.Schemas = append(r.c.Schemas, r.fold(name))
		return nil
	}, &name) {
		return
	}
	if parts&dialect.InspectTables != 0 && !r.tables() || parts&dialect.InspectViews != 0 && !r.views() {
		return
	}
	slices.SortFunc(r.c.Tables, func(a, b *dialect.TableInfo) int { return strings.Compare(a.Name, b.Name) })
	if parts&dialect.InspectDetails != 0 && len(r.c.Tables) > 0 && (!r.columns() || !r.constraints() || !r.indexes()) {
		return
	}
	if parts&dialect.InspectSequences != 0 && !r.sequences() {
		return
	}
	if parts&dialect.InspectSynonyms != 0 {
		r.synonyms()
	}
}

// limit is the condition on a column with a table's name.
func (r *inspector) limit(column string) string {
	if r.only == "" {
		return ""
	}
	return " AND " + column + r.only
}

func (r *inspector) tables() bool {
	var name, comment, duration, key catalog.Text
	var triggers, temporary catalog.Flag
	return r.q.Ask(`SELECT x.table_name, c.comments, (SELECT MAX(1) FROM all_triggers g
 WHERE g.table_owner = x.owner AND g.table_name = x.table_name AND g.status = 'ENABLED'), x.temporary, x.duration,
 p.partitioning_type || (SELECT ' (' || LISTAGG(k.column_name, ', ') WITHIN GROUP (ORDER BY k.column_position) || ')' FROM all_part_key_columns k
 WHERE k.owner = p.owner AND k.name = p.table_name AND k.object_type = 'TABLE') FROM all_tables x
 LEFT JOIN all_part_tables p ON p.owner = x.owner AND p.table_name = x.table_name
 LEFT JOIN all_tab_comments c ON c.owner = x.owner AND c.table_name = x.table_name AND c.table_type = 'TABLE'
 WHERE x.owner = :schema AND x.nested = 'NO' AND x.secondary = 'N' AND x.dropped = 'NO' AND (x.iot_type IS NULL OR x.iot_type = 'IOT')
 AND NOT EXISTS (SELECT 1 FROM all_mviews m WHERE m.owner = x.owner AND m.mview_name = x.table_name)`+r.limit("x.table_name"), func() error {
		t := &dialect.TableInfo{Schema: r.c.Schema, Name: r.fold(name), Comment: string(comment), Triggers: bool(triggers)}
		if strings.TrimLeft(string(key), " ()") != "" {
			t.PartitionBy = string(key)
		}
		if temporary {
			t.Options = append(t.Options, "GLOBAL TEMPORARY")
		}
		if duration == "SYS$SESSION" {
			t.Options = append(t.Options, "ON COMMIT PRESERVE ROWS")
		}
		r.c.Add(r.in, t)
		return nil
	}, &name, &comment, &triggers, &temporary, &duration, &key)
}

func (r *inspector) views() bool {
	var name, comment, def catalog.Text
	add := func(kind dialect.TableKind) func() error {
		return func() error {
			r.c.Add(r.in, &dialect.TableInfo{Schema: r.c.Schema, Name: r.fold(name), Kind: kind, Comment: string(comment), Definition: strings.TrimSpace(string(def))})
			return nil
		}
	}
	return r.q.Ask(`SELECT x.view_name, c.comments, x.text FROM all_views x
 LEFT JOIN all_tab_comments c ON c.owner = x.owner AND c.table_name = x.view_name WHERE x.owner = :schema`+r.limit("x.view_name"),
		add(dialect.View), &name, &comment, &def) &&
		r.q.Ask(`SELECT x.mview_name, c.comments, x.query FROM all_mviews x
 LEFT JOIN all_mview_comments c ON c.owner = x.owner AND c.mview_name = x.mview_name WHERE x.owner = :schema`+r.limit("x.mview_name"),
			add(dialect.MaterializedView), &name, &comment, &def)
}

func (r *inspector) columns() bool {
	var table, name, typ, owner, used, def, comment, generation, options catalog.Text
	var precision, scale catalog.Text // NULL differs from 0
	var length, chars catalog.Int
	var null, virtual catalog.Flag
	return r.q.Ask(`SELECT x.table_name, x.column_name, x.data_type, x.data_type_owner, x.data_length, x.char_length, x.char_used, x.data_precision, x.data_scale,
 x.nullable, x.virtual_column, c.comments, i.generation_type, i.identity_options, x.data_default FROM all_tab_cols x
 LEFT JOIN all_col_comments c ON c.owner = x.owner AND c.table_name = x.table_name AND c.column_name = x.column_name
 LEFT JOIN all_tab_identity_cols i ON i.owner = x.owner AND i.table_name = x.table_name AND i.column_name = x.column_name
 WHERE x.owner = :schema AND x.hidden_column = 'NO'`+r.limit("x.table_name")+" ORDER BY x.table_name, x.column_id", func() error {
		t := r.table(table)
		if t == nil {
			return nil
		}
		text := typeText(string(typ), string(used), int(length), int(chars), string(precision), string(scale))
		col := dialect.ColumnInfo{Name: r.fold(name), Position: len(t.Columns) + 1, DatabaseType: text, Type: r.q.TypeOf(text), Nullable: bool(null),
			Comment: string(comment)}
		if owner != "" && owner != "PUBLIC" && owner != "SYS" {
			w := dialect.NewWriter(r.oracle)
			w.Qualified(r.fold(owner), r.fold(typ))
			if err := w.Err(); err != nil {
				return err
			}
			col.DatabaseType = w.Text()
			col.Type = dialect.Type{Kind: dialect.Native, Name: col.DatabaseType}
		}
		value := strings.TrimSpace(string(def))
		switch {
		case bool(virtual) && !t.Kind.IsView():
			col.Computed = catalog.Unwrap(value)
		case generation != "":
			col.Identity = &dialect.IdentityInfo{Always: generation == "ALWAYS", Counting: counting(string(options))}
		case !strings.EqualFold(value, "NULL"):
			col.Default = value
		}
		t.Columns = append(t.Columns, col)
		return nil
	}, &table, &name, &typ, &owner, &length, &chars, &used, &precision, &scale, &null, &virtual, &comment, &generation, &options, &def)
}

// counting reads the options of an identity:
//
//	START WITH: 1, INCREMENT BY: 1, MAX_VALUE: 9999999999999999999999999999, MIN_VALUE: 1, CYCLE_FLAG: N, CACHE_SIZE: 20, ORDER_FLAG: N
func counting(options string) dialect.Counting {
	var c dialect.Counting
	for option := range strings.SplitSeq(options, ",") {
		name, value, _ := strings.Cut(option, ":")
		value = strings.TrimSpace(value)
		n, _ := strconv.ParseInt(value, 10, 64) // 0, which is "not known", beyond 64 bits
		switch strings.TrimSpace(name) {
		case "START WITH":
			c.Start = n
		case "INCREMENT BY":
			c.Increment = n
		case "MAX_VALUE":
			c.Max = value
		case "MIN_VALUE":
			c.Min = value
		case "CYCLE_FLAG":
			c.Cycle = value == "Y"
		case "CACHE_SIZE":
			c.Cache = max(n, 1) // 0 is NOCACHE
		}
	}
	return c
}

// constraints reads the constraints, a row for each column of a key.
func (r *inspector) constraints() bool {
	var table, name, kind, column, space, ref, refColumn, onDelete, deferrable, deferred, text, status, validated catalog.Text
	var before [2]catalog.Text
	return r.q.Ask(`SELECT x.table_name, x.constraint_name, x.constraint_type, c.column_name, f.owner, f.table_name, f.column_name, x.delete_rule,
 x.deferrable, x.deferred, x.status, x.validated, x.search_condition FROM all_constraints x
 LEFT JOIN all_cons_columns c ON c.owner = x.owner AND c.constraint_name = x.constraint_name AND c.table_name = x.table_name
 LEFT JOIN all_cons_columns f ON f.owner = x.r_owner AND f.constraint_name = x.r_constraint_name AND f.position = c.position
 WHERE x.owner = :schema AND x.constraint_type IN ('P', 'U', 'R', 'C')`+r.limit("x.table_name")+" ORDER BY x.table_name, x.constraint_name, c.position", func() error {
		t := r.table(table)
		if t == nil {
			return nil
		}
		first := before != [2]catalog.Text{table, name}
		before = [2]catalog.Text{table, name}
		when := dialect.Deferral{Deferrable: deferrable == "DEFERRABLE", InitiallyDeferred: deferred == "DEFERRED"}
		holds := dialect.Validity{NotEnforced: status == "DISABLED", NotValid: status == "ENABLED" && validated == "NOT VALIDATED"}
		switch kind {
		case "P":
			if first {
				t.PrimaryKey = &dialect.KeyInfo{Name: r.fold(name), Deferral: when}
			}
			t.PrimaryKey.Columns = append(t.PrimaryKey.Columns, r.fold(column))
		case "U":
			if first {
				t.Unique = append(t.Unique, dialect.KeyInfo{Name: r.fold(name), Deferral: when})
			}
			k := catalog.Last(t.Unique)
			k.Columns = append(k.Columns, r.fold(column))
		case "R":
			if first {
				t.ForeignKeys = append(t.ForeignKeys, dialect.ForeignKeyInfo{Name: r.fold(name), RefSchema: r.fold(space), RefTable: r.fold(ref),
					OnDelete: catalog.Action(string(onDelete)), Deferral: when, Validity: holds})
			}
			k := catalog.Last(t.ForeignKeys)
			k.Columns = append(k.Columns, r.fold(column))
			if refColumn != "" { // the user may not see that table
				k.RefColumns = append(k.RefColumns, r.fold(refColumn))
			}
		default:
			if !first { // one more of the columns that the condition names
				return nil
			}
			sql := strings.TrimSpace(string(text))
			if quoted, ok := strings.CutSuffix(sql, " IS NOT NULL"); ok {
				if c := t.Column(r.fold(catalog.Text(unquote(quoted)))); c != nil && !c.Nullable {
					return nil // NOT NULL, which is a check here
				}
			}
			t.Checks = append(t.Checks, dialect.CheckInfo{Name: r.fold(name), SQL: catalog.Unwrap(sql), Validity: holds})
		}
		return nil
	}, &table, &name, &kind, &column, &space, &ref, &refColumn, &onDelete, &deferrable, &deferred, &status, &validated, &text)
}

// unquote returns the name within double quotes, and "" for anything else.
func unquote(s string) string {
	if len(s) > 2 && s[0] == '"' && s[len(s)-1] == '"' && strings.IndexByte(s[1:len(s)-1], '"') < 0 {
		return s[1 : len(s)-1]
	}
	return ""
}

// indexes reads the indexes that belong to no constraint, a row for each of
// their columns.
func (r *inspector) indexes() bool {
	var table, name, kind, uniqueness, column, descend, expression catalog.Text
	var before [2]catalog.Text
	return r.q.Ask(`SELECT x.table_name, x.index_name, x.index_type, x.uniqueness, c.column_name, c.descend, e.column_expression FROM all_indexes x
 JOIN all_ind_columns c ON c.index_owner = x.owner AND c.index_name = x.index_name
 LEFT JOIN all_ind_expressions e ON e.index_owner = c.index_owner AND e.index_name = c.index_name AND e.column_position = c.column_position
 WHERE x.table_owner = :schema AND x.index_type <> 'LOB'`+r.limit("x.table_name")+`
 AND NOT EXISTS (SELECT 1 FROM all_constraints k WHERE k.owner = x.table_owner AND k.table_name = x.table_name AND k.index_name = x.index_name AND k.constraint_type IN ('P', 'U'))
 ORDER BY x.table_name, x.index_name, c.column_position`, func() error {
		t := r.table(table)
		if t == nil {
			return nil
		}
		if before != [2]catalog.Text{table, name} {
			before = [2]catalog.Text{table, name}
			x := dialect.IndexInfo{Name: r.fold(name), Unique: uniqueness == "UNIQUE"}
			if method := strings.TrimPrefix(string(kind), "FUNCTION-BASED "); method != "NORMAL" {
				x.Method = method
			}
			t.Indexes = append(t.Indexes, x)
		}
		col := dialect.IndexColumn{Name: r.fold(column), Desc: descend == "DESC"}
		if expression != "" && t.Column(col.Name) == nil { // a descending column is an expression here; a virtual column has one
			if plain := unquote(string(expression)); plain != "" {
				col.Name = r.fold(catalog.Text(plain))
			} else {
				col.Name, col.Expression = "", string(expression)
			}
		}
		x := catalog.Last(t.Indexes)
		x.Columns = append(x.Columns, col)
		return nil
	}, &table, &name, &kind, &uniqueness, &column, &descend, &expression)
}

func (r *inspector) sequences() bool {
	var name, least, most catalog.Text
	var increment, cache catalog.Int
	var cycle catalog.Flag
	return r.q.Ask(`SELECT sequence_name, increment_by, min_value, max_value, cache_size, cycle_flag FROM all_sequences
 WHERE sequence_owner = :schema AND sequence_name NOT LIKE 'ISEQ$$%' ORDER BY sequence_name`, func() error {
		if cache == 0 { // NOCACHE
			cache = 1
		}
		r.c.Sequences = append(r.c.Sequences, dialect.SequenceInfo{Schema: r.c.Schema, Name: r.fold(name), Counting: dialect.Counting{
			Increment: int64(increment), Min: string(least), Max: string(most), Cache: int64(cache), Cycle: bool(cycle)}})
		return nil
	}, &name, &increment, &least, &most, &cache, &cycle)
}

func (r *inspector) synonyms() bool {
	var name, owner, object, link catalog.Text
	return r.q.Ask(`SELECT synonym_name, table_owner, table_name, db_link FROM all_synonyms WHERE owner = :schema ORDER BY synonym_name`, func() error {
		r.c.Synonyms = append(r.c.Synonyms, dialect.SynonymInfo{Schema: r.c.Schema, Name: r.fold(name), RefSchema: r.fold(owner), RefName: r.fold(object),
			RefDatabase: r.fold(link)})
		return nil
	}, &name, &owner, &object, &link)
}

// typeText writes a type as DDL has it. An empty precision or scale is NULL.
func typeText(name, used string, length, chars int, precision, scale string) string {
	switch name {
	case "VARCHAR2", "CHAR":
		if used == "C" {
			return fmt.Sprintf("%s(%d CHAR)", name, chars)
		}
		return fmt.Sprintf("%s(%d BYTE)", name, length)
	case "NVARCHAR2", "NCHAR":
		return fmt.Sprintf("%s(%d)", name, chars)
	case "RAW":
		return fmt.Sprintf("%s(%d)", name, length)
	case "FLOAT":
		if precision != "" {
			return name + "(" + precision + ")"
		}
	case "NUMBER":
		switch {
		case precision == "" && scale == "":
			return name
		case precision == "":
			return "NUMBER(*," + scale + ")"
		case scale == "" || scale == "0":
			return "NUMBER(" + precision + ")"
		default:
			return "NUMBER(" + precision + "," + scale + ")"
		}
	}
	return name
}

// ParseType reads a type as DDL has it: VARCHAR2(50 CHAR), NUMBER(10,2),
// TIMESTAMP(6) WITH TIME ZONE. What TypeName would not write again is a
// Native, and so is DATE, which has a time of the day here.
func (d *oracle) ParseType(text string) (dialect.Type, error) {
	if strings.TrimSpace(text) == "" {
		return dialect.Type{}, nil
	}
	return d.parseType(text), nil
}

// kept are the types that stand for one kind alone.
var kept = map[string]dialect.Type{"CLOB": {Kind: dialect.Clob}, "NCLOB": {Kind: dialect.Clob, National: true}, "BLOB": {Kind: dialect.Blob},
	"BINARY_FLOAT": {Kind: dialect.Real}, "BINARY_DOUBLE": {Kind: dialect.Double}, "NUMBER": {Kind: dialect.Decimal}, "NUMBER(19)": {Kind: dialect.BigInt},
	"NUMBER(*,0)": {Kind: dialect.Integer}, "INTEGER": {Kind: dialect.Integer}, "SMALLINT": {Kind: dialect.SmallInt},
	"INTERVAL DAY(2) TO SECOND(6)": {Kind: dialect.Interval}, "INTERVAL DAY TO SECOND": {Kind: dialect.Interval}}

func (d *oracle) parseType(text string) dialect.Type {
	upper := strings.ToUpper(strings.TrimSpace(text))
	native := dialect.Type{Kind: dialect.Native, Name: text}
	if t, ok := kept[upper]; ok {
		return t
	}
	switch {
	case upper == "BOOLEAN" && d.features.NativeBool, upper == "NUMBER(1)" && !d.features.NativeBool:
		return dialect.Type{Kind: dialect.Boolean}
	case strings.HasSuffix(upper, " LOCAL TIME ZONE"):
		return native
	}
	name, args, ok := strings.Cut(upper, "(")
	if !ok {
		return native
	}
	args, rest, _ := strings.Cut(args, ")")
	var nums [2]int
	for i, part := range strings.SplitN(strings.TrimSuffix(args, " CHAR"), ",", 2) {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 0 {
			return native
		}
		nums[i] = n
	}
	var t dialect.Type
	switch name {
	case "VARCHAR2", "CHAR":
		if !strings.HasSuffix(args, " CHAR") {
			return native // its length is in bytes
		}
		t = dialect.Type{Kind: dialect.Varchar, Length: nums[0]}
		if name == "CHAR" {
			t.Kind = dialect.Char
		}
	case "NVARCHAR2":
		t = dialect.Type{Kind: dialect.Varchar, Length: nums[0], National: true}
	case "NCHAR":
		t = dialect.Type{Kind: dialect.Char, Length: nums[0], National: true}
	case "RAW":
		t = dialect.Type{Kind: dialect.Varbinary, Length: nums[0]}
	case "NUMBER", "NUMERIC":
		t = dialect.Type{Kind: dialect.Decimal, Precision: nums[0], Scale: nums[1]}
	case "TIMESTAMP":
		t = dialect.Type{Kind: dialect.Timestamp, Precision: nums[0]}
		if nums[0] == 0 {
			t.Precision = -1
		}
		switch strings.TrimSpace(rest) {
		case "":
		case "WITH TIME ZONE":
			t.Kind = dialect.TimestampTZ
		default:
			return native
		}
	default:
		return native
	}
	// What is longer than the dialect writes would become another type.
	if made, err := d.TypeName(&t); err != nil || (made == "CLOB" || made == "NCLOB" || made == "BLOB") && t.Kind != dialect.Clob {
		return native
	}
	return t
}
