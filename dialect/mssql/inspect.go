package mssql

import (
	"fmt"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/catalog"
)

var (
	_ dialect.Inspector  = (*sqlServer)(nil)
	_ dialect.TypeParser = (*sqlServer)(nil)
)

// Inspect reads the catalogue views of the current database, one query a kind
// of object. Comments are extended properties of the name MS_Description.
// Columns that are hidden from SELECT * are left out. The schema tempdb stands
// for the session's own temporary tables.
func (d *sqlServer) Inspect(in dialect.Inspection, c *dialect.Catalog) dialect.Script {
	return catalog.Queries(func(q *catalog.Asker) {
		r := &inspector{sqlServer: d, in: &in, c: c, q: q}
		r.run()
	})
}

// inspector is one run of an Inspection.
type inspector struct {
	*sqlServer
	in    *dialect.Inspection
	c     *dialect.Catalog
	q     *catalog.Asker
	of    string // where every query of tables begins; o is an object, s its schema
	where string // which tables

	temporary bool
}

const (
	ofObjects = " FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id"

	// A temporary table's name is kept with underscores up to 116 characters
	// and a number after it, and other sessions' are there too: it is the
	// session's own if its name, without these, finds this very object
	// (Transact-SQL, CREATE TABLE, Temporary tables).
	temporaryName = "LEFT(x.name, 117 - PATINDEX('%[^_]%', REVERSE(LEFT(x.name, 116))))"
	ofTemporary   = " FROM (SELECT " + temporaryName + " AS name, x.object_id, x.type, x.schema_id, x.is_ms_shipped FROM sys.objects x" +
		" WHERE x.name LIKE N'#[^#]%' AND x.object_id = OBJECT_ID(N'tempdb..' + QUOTENAME(" + temporaryName + "))) o JOIN sys.schemas s ON s.schema_id = o.schema_id"
)

// ask asks the current database, or tempdb.
func (r *inspector) ask(query string, each func() error, dst ...any) bool {
	if r.temporary {
		query = strings.NewReplacer(" sys.", " tempdb.sys.", "DB_NAME()", "N'tempdb'").Replace(query)
	}
	return r.q.Ask(query, each, dst...)
}

// visible is the condition on a column c that it is in SELECT *. The catalogue says
// so since SQL Server 2016, the first that has others.
func (r *inspector) visible() string {
	if r.babelfish || !r.version.AtLeast(13, 0) {
		return ""
	}
	return " AND c.is_hidden = 0"
}

func (r *inspector) run() {
	var name catalog.Text
	if !r.q.Ask("SELECT SCHEMA_NAME()", func() error { r.c.Default = string(name); return nil }, &name) {
		return
	}
	if r.c.Schema = r.in.Schema; r.c.Schema == "" {
		r.c.Schema = r.c.Default
	}
	r.q.Args["schema"] = r.c.Schema
	if r.of = ofObjects; r.features.DDL.TemporarySchema != "" && r.c.Schema == r.features.DDL.TemporarySchema {
		r.of, r.temporary = ofTemporary, true
		r.q.Args["schema"] = "dbo"
	}
	parts := r.in.Parts
	if parts&dialect.InspectSchemas != 0 && !r.q.Ask(`SELECT name FROM sys.schemas
 WHERE schema_id < 16384 AND name NOT IN (N'sys', N'INFORMATION_SCHEMA', N'guest') ORDER BY name`, func() error {
		r.c.Schemas = append(r.c.Schemas, string(name))
		return nil
	}, &name) {
		return
	}
	var kinds []string
	if parts&dialect.InspectTables != 0 {
		kinds = append(kinds, "'U'")
	}
	if parts&dialect.InspectViews != 0 {
		kinds = append(kinds, "'V'")
	}
	r.where = " WHERE s.name = :schema AND o.is_ms_shipped = 0 AND o.type IN (" + strings.Join(kinds, ", ") + ")"
	if n := len(r.in.Tables); n > 0 && n <= catalog.MaxNames {
		r.q.Args["tables"] = r.in.Tables
		r.where += " AND o.name IN (:tables)"
	}
	if kinds != nil {
		if !r.tables() {
			return
		}
		if parts&dialect.InspectDetails != 0 && len(r.c.Tables) > 0 &&
			(!r.columns() || !r.keys() || !r.foreignKeys() || !r.checks() || !r.indexes()) {
			return
		}
	}
	if parts&dialect.InspectSequences != 0 && !r.temporary && !r.sequences() {
		return
	}
	if parts&dialect.InspectSynonyms != 0 && !r.temporary && !r.babelfish {
		r.synonyms()
	}
}

// comment joins the comment of an object as p.
func comment(class int, object, minor string) string {
	return fmt.Sprintf(" LEFT JOIN sys.extended_properties p ON p.class = %d AND p.major_id = %s AND p.minor_id = %s AND p.name = N'MS_Description'",
		class, object, minor)
}

func (r *inspector) tables() bool {
	var name, kind, about, def catalog.Text
	var triggers catalog.Flag
	fires := "(SELECT MAX(1) FROM sys.triggers g WHERE g.parent_id = o.object_id AND g.is_disabled = 0)"
	if r.babelfish {
		fires = "0"
	}
	return r.ask("SELECT o.name, o.type, CONVERT(nvarchar(3750), p.value), m.definition, "+fires+r.of+
		" LEFT JOIN sys.sql_modules m ON m.object_id = o.object_id"+comment(1, "o.object_id", "0")+r.where+" ORDER BY o.name", func() error {
		t := &dialect.TableInfo{Schema: r.c.Schema, Name: string(name), Comment: string(about), Definition: strings.TrimSpace(string(def)), Triggers: bool(triggers)}
		if strings.TrimSpace(string(kind)) == "V" {
			t.Kind = dialect.View
		}
		r.c.Add(r.in, t)
		return nil
	}, &name, &kind, &about, &def, &triggers)
}

func (r *inspector) columns() bool {
	var table, name, typ, space, def, defName, computed, collation, about catalog.Text
	var length, precision, scale, start, increment catalog.Int
	var null, user, identity, stored catalog.Flag
	return r.ask(`SELECT o.name, c.name, t.name, t.is_user_defined, SCHEMA_NAME(t.schema_id), c.max_length, c.precision, c.scale, c.is_nullable,
 d.definition, d.name, k.definition, k.is_persisted, c.is_identity, TRY_CONVERT(bigint, i.seed_value), TRY_CONVERT(bigint, i.increment_value),
 CASE WHEN c.collation_name <> CONVERT(sysname, DATABASEPROPERTYEX(DB_NAME(), 'Collation')) THEN c.collation_name END, CONVERT(nvarchar(3750), p.value)`+
		r.of+` JOIN sys.columns c ON c.object_id = o.object_id`+r.visible()+` JOIN sys.types t ON t.user_type_id = c.user_type_id
 LEFT JOIN sys.default_constraints d ON d.parent_object_id = c.object_id AND d.parent_column_id = c.column_id
 LEFT JOIN sys.computed_columns k ON k.object_id = c.object_id AND k.column_id = c.column_id
 LEFT JOIN sys.identity_columns i ON i.object_id = c.object_id AND i.column_id = c.column_id`+comment(1, "c.object_id", "c.column_id")+
		r.where+" ORDER BY o.name, c.column_id", func() error {
		t := r.c.Table(string(table))
		if t == nil {
			return nil
		}
		text := typeText(string(typ), int(length), int(precision), int(scale))
		col := dialect.ColumnInfo{Name: string(name), Position: len(t.Columns) + 1, DatabaseType: text, Type: r.q.TypeOf(text), Nullable: bool(null),
			Default: string(def), DefaultName: string(defName), Computed: catalog.Unwrap(string(computed)), Stored: bool(stored), Comment: string(about)}
		if user {
			w := dialect.NewWriter(r.sqlServer)
			w.Qualified(string(space), string(typ))
			if err := w.Err(); err != nil {
				return err
			}
			col.DatabaseType = w.Text()
			col.Type = dialect.Type{Kind: dialect.Native, Name: col.DatabaseType}
		}
		if collation != "" {
			col.Type.Collation = string(collation)
		}
		if identity {
			col.Identity = &dialect.IdentityInfo{Counting: dialect.Counting{Start: int64(start), Increment: int64(increment)}}
		}
		t.Columns = append(t.Columns, col)
		return nil
	}, &table, &name, &typ, &user, &space, &length, &precision, &scale, &null, &def, &defName, &computed, &stored, &identity, &start, &increment, &collation, &about)
}

func (r *inspector) keys() bool {
	var table, name, kind, column, about catalog.Text
	var index catalog.Int
	var before [2]catalog.Text
	return r.ask(`SELECT o.name, k.name, k.type, i.type, c.name, CONVERT(nvarchar(3750), p.value)`+r.of+`
 JOIN sys.key_constraints k ON k.parent_object_id = o.object_id
 JOIN sys.indexes i ON i.object_id = o.object_id AND i.index_id = k.unique_index_id
 JOIN sys.index_columns x ON x.object_id = o.object_id AND x.index_id = k.unique_index_id AND x.key_ordinal > 0
 JOIN sys.columns c ON c.object_id = o.object_id AND c.column_id = x.column_id`+comment(1, "k.object_id", "0")+r.where+
		" ORDER BY o.name, k.name, x.key_ordinal", func() error {
		t := r.c.Table(string(table))
		if t == nil {
			return nil
		}
		first := before != [2]catalog.Text{table, name}
		before = [2]catalog.Text{table, name}
		if strings.TrimSpace(string(kind)) == "PK" {
			if first {
				t.PrimaryKey = &dialect.KeyInfo{Name: string(name), Clustered: clustered(index), Comment: string(about)}
			}
			t.PrimaryKey.Columns = append(t.PrimaryKey.Columns, string(column))
			return nil
		}
		if first {
			t.Unique = append(t.Unique, dialect.KeyInfo{Name: string(name), Clustered: clustered(index), Comment: string(about)})
		}
		key := catalog.Last(t.Unique)
		key.Columns = append(key.Columns, string(column))
		return nil
	}, &table, &name, &kind, &index, &column, &about)
}

// clustered reads the type of an index: 1 is clustered, 2 is not, and other
// ones are of other kinds.
func clustered(kind catalog.Int) dialect.Ternary {
	switch kind {
	case 1:
		return dialect.Yes
	case 2:
		return dialect.No
	}
	return dialect.NotKnown
}

func (r *inspector) foreignKeys() bool {
	var table, name, column, space, ref, refColumn, onDelete, onUpdate, about catalog.Text
	var disabled, untrusted catalog.Flag
	var before [2]catalog.Text
	return r.ask(`SELECT o.name, k.name, c.name, rs.name, ro.name, rc.name, k.delete_referential_action_desc, k.update_referential_action_desc,
 CONVERT(nvarchar(3750), p.value), k.is_disabled, k.is_not_trusted`+r.of+` JOIN sys.foreign_keys k ON k.parent_object_id = o.object_id
 JOIN sys.foreign_key_columns x ON x.constraint_object_id = k.object_id
 JOIN sys.columns c ON c.object_id = x.parent_object_id AND c.column_id = x.parent_column_id
 JOIN sys.objects ro ON ro.object_id = k.referenced_object_id JOIN sys.schemas rs ON rs.schema_id = ro.schema_id
 JOIN sys.columns rc ON rc.object_id = x.referenced_object_id AND rc.column_id = x.referenced_column_id`+comment(1, "k.object_id", "0")+r.where+
		" ORDER BY o.name, k.name, x.constraint_column_id", func() error {
		t := r.c.Table(string(table))
		if t == nil {
			return nil
		}
		if before != [2]catalog.Text{table, name} {
			before = [2]catalog.Text{table, name}
			t.ForeignKeys = append(t.ForeignKeys, dialect.ForeignKeyInfo{Name: string(name), RefSchema: string(space), RefTable: string(ref),
				OnDelete: catalog.Action(string(onDelete)), OnUpdate: catalog.Action(string(onUpdate)), Validity: validity(disabled, untrusted),
				Comment: string(about)})
		}
		k := catalog.Last(t.ForeignKeys)
		k.Columns = append(k.Columns, string(column))
		k.RefColumns = append(k.RefColumns, string(refColumn))
		return nil
	}, &table, &name, &column, &space, &ref, &refColumn, &onDelete, &onUpdate, &about, &disabled, &untrusted)
}

// validity reads what NOCHECK has made of a constraint.
func validity(disabled, untrusted catalog.Flag) dialect.Validity {
	return dialect.Validity{NotEnforced: bool(disabled), NotValid: bool(untrusted && !disabled)}
}

func (r *inspector) checks() bool {
	var table, name, text, about catalog.Text
	var disabled, untrusted catalog.Flag
	return r.ask("SELECT o.name, k.name, k.definition, CONVERT(nvarchar(3750), p.value), k.is_disabled, k.is_not_trusted"+r.of+
		" JOIN sys.check_constraints k ON k.parent_object_id = o.object_id"+comment(1, "k.object_id", "0")+r.where+" ORDER BY o.name, k.name", func() error {
		if t := r.c.Table(string(table)); t != nil {
			t.Checks = append(t.Checks, dialect.CheckInfo{Name: string(name), SQL: catalog.Unwrap(string(text)), Validity: validity(disabled, untrusted),
				Comment: string(about)})
		}
		return nil
	}, &table, &name, &text, &about, &disabled, &untrusted)
}

func (r *inspector) indexes() bool {
	var table, name, method, column, where, about catalog.Text
	var kind catalog.Int
	var unique, desc, included catalog.Flag
	var before [2]catalog.Text
	return r.ask(`SELECT o.name, i.name, i.type, i.type_desc, i.is_unique, c.name, x.is_descending_key, x.is_included_column, i.filter_definition,
 CONVERT(nvarchar(3750), p.value)`+r.of+`
 JOIN sys.indexes i ON i.object_id = o.object_id AND i.type > 0 AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND i.is_hypothetical = 0
 JOIN sys.index_columns x ON x.object_id = i.object_id AND x.index_id = i.index_id AND (x.key_ordinal > 0 OR x.is_included_column = 1 OR i.type > 2)
 JOIN sys.columns c ON c.object_id = x.object_id AND c.column_id = x.column_id`+comment(7, "i.object_id", "i.index_id")+r.where+
		" ORDER BY o.name, i.name, x.is_included_column, x.key_ordinal, x.index_column_id", func() error {
		t := r.c.Table(string(table))
		if t == nil {
			return nil
		}
		if before != [2]catalog.Text{table, name} {
			before = [2]catalog.Text{table, name}
			x := dialect.IndexInfo{Name: string(name), Unique: bool(unique), Where: catalog.Unwrap(string(where)), Clustered: clustered(kind),
				Comment: string(about)}
			if kind > 2 { // neither clustered nor nonclustered
				x.Method = string(method)
			}
			t.Indexes = append(t.Indexes, x)
		}
		x := catalog.Last(t.Indexes)
		if included && x.Method == "" {
			x.Include = append(x.Include, string(column))
		} else { // of a columnstore, all columns are included ones
			x.Columns = append(x.Columns, dialect.IndexColumn{Name: string(column), Desc: bool(desc)})
		}
		return nil
	}, &table, &name, &kind, &method, &unique, &column, &desc, &included, &where, &about)
}

func (r *inspector) sequences() bool {
	var name, least, most, about catalog.Text
	var start, increment, cache catalog.Int
	var cycle, cached catalog.Flag
	return r.ask(`SELECT q.name, TRY_CONVERT(bigint, q.start_value), TRY_CONVERT(bigint, q.increment), CONVERT(varchar(40), q.minimum_value),
 CONVERT(varchar(40), q.maximum_value), q.cache_size, q.is_cached, q.is_cycling, CONVERT(nvarchar(3750), p.value)
 FROM sys.sequences q JOIN sys.schemas s ON s.schema_id = q.schema_id`+comment(1, "q.object_id", "0")+" WHERE s.name = :schema ORDER BY q.name", func() error {
		if !cached {
			cache = 1 // NO CACHE; a cache of the server's own size is 0
		}
		r.c.Sequences = append(r.c.Sequences, dialect.SequenceInfo{Schema: r.c.Schema, Name: string(name), Comment: string(about),
			Counting: dialect.Counting{Start: int64(start), Increment: int64(increment), Min: string(least), Max: string(most), Cache: int64(cache), Cycle: bool(cycle)}})
		return nil
	}, &name, &start, &increment, &least, &most, &cache, &cached, &cycle, &about)
}

func (r *inspector) synonyms() bool {
	var name, server, database, space, object catalog.Text
	return r.ask(`SELECT y.name, PARSENAME(y.base_object_name, 4), PARSENAME(y.base_object_name, 3), PARSENAME(y.base_object_name, 2),
 PARSENAME(y.base_object_name, 1) FROM sys.synonyms y JOIN sys.schemas s ON s.schema_id = y.schema_id WHERE s.name = :schema ORDER BY y.name`, func() error {
		if server != "" {
			database = server + "." + database
		}
		r.c.Synonyms = append(r.c.Synonyms, dialect.SynonymInfo{Schema: r.c.Schema, Name: string(name), RefDatabase: string(database),
			RefSchema: string(space), RefName: string(object)})
		return nil
	}, &name, &server, &database, &space, &object)
}

// typeText writes a type as DDL has it. length is in bytes, -1 for max.
func typeText(name string, length, precision, scale int) string {
	switch name {
	case "nvarchar", "nchar":
		if length > 0 {
			length /= 2
		}
		fallthrough
	case "varchar", "char", "varbinary", "binary":
		if length < 0 {
			return name + "(max)"
		}
		return fmt.Sprintf("%s(%d)", name, length)
	case "decimal", "numeric":
		return fmt.Sprintf("%s(%d,%d)", name, precision, scale)
	case "time", "datetime2", "datetimeoffset":
		return fmt.Sprintf("%s(%d)", name, scale)
	}
	return name
}

// ParseType reads a type as DDL has it: nvarchar(50), datetime2(7),
// varbinary(max). What TypeName would not write again, varchar among it, is a Native.
func (d *sqlServer) ParseType(text string) (dialect.Type, error) {
	if strings.TrimSpace(text) == "" {
		return dialect.Type{}, nil
	}
	return parseType(text), nil
}

// portable gives the words of dialect.ParseType for the types that TypeName
// writes.
var portable = map[string]string{"bit": "boolean", "smallint": "smallint", "int": "integer", "integer": "integer", "bigint": "bigint", "real": "real",
	"float": "double precision", "decimal": "decimal", "numeric": "decimal", "nchar": "char", "nvarchar": "varchar",
	"binary": "binary", "varbinary": "varbinary", "date": "date", "time": "time", "datetime2": "timestamp",
	"datetimeoffset": "timestamp with time zone", "uniqueidentifier": "uuid"}

func parseType(text string) dialect.Type {
	native := dialect.Type{Kind: dialect.Native, Name: text}
	lower := strings.ToLower(strings.ReplaceAll(text, " ", ""))
	name, args, sized := strings.Cut(lower, "(")
	word, ok := portable[name]
	switch {
	case !ok, lower == "float(24)":
		return native
	case lower == "nvarchar(max)":
		return dialect.Type{Kind: dialect.Clob}
	case lower == "varbinary(max)":
		return dialect.Type{Kind: dialect.Blob}
	case name == "float", !sized:
	case name == "datetimeoffset":
		word = "timestamp(" + args + " with time zone"
	default:
		word += "(" + args
	}
	t, err := dialect.ParseType(word)
	if err != nil {
		return native
	}
	return t
}
