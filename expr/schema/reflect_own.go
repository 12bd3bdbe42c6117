package schema

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// tableOption is the option of a table that the database says in these words.
func tableOption(text string) (Option, bool) {
	switch text {
	case "UNLOGGED":
		return Maybe(NewOption("create.unlogged")), true
	case "WITHOUT ROWID":
		return Maybe(NewOption("table.without_rowid")), true
	case "GLOBAL TEMPORARY":
		return Maybe(NewOption("create.global_temporary")), true
	case "STRICT":
		return Maybe(NewOption("table.strict")), true
	}
	if parameters, ok := strings.CutPrefix(text, "WITH ("); ok {
		return Maybe(NewOption("table.storage", RawSQL(strings.TrimSuffix(parameters, ")")))), true
	}
	name, value, _ := strings.Cut(text, "=")
	if !isWord(value) {
		return Option{}, false
	}
	switch name {
	case "ENGINE":
		return Maybe(NewOption("table.engine", Word(value))), true
	case "COLLATE":
		return Maybe(NewOption("table.collate", Word(value))), true
	case "ROW_FORMAT":
		return Maybe(NewOption("table.row_format", Word(value))), true
	}
	return Option{}, false
}

// index adds an index, or notes what of it cannot be said.
func (m *Metadata) index(d *Definition, t *dialect.TableInfo, in *dialect.IndexInfo) {
	x := Index{Name: in.Name, Unique: in.Unique, WhereSQL: in.Where, Include: in.Include, Comment: in.Comment}
	for _, c := range in.Columns {
		part := IndexColumn{Name: c.Name, SQL: c.Expression, Desc: c.Desc, Nulls: c.NullsFirst, Length: c.Length, Collation: c.Collation}
		switch {
		case c.OpClass == "":
		case isWord(c.OpClass):
			part.Options = []Option{Maybe(NewOption("part.operator_class", Word(c.OpClass)))}
		default:
			m.note(t, "the index %s has the operator class %s", in.Name, c.OpClass)
		}
		x.Columns = append(x.Columns, part)
	}
	if in.Clustered == dialect.Yes {
		x.Options = []Option{Maybe(NewOption("indexkind.clustered"))}
	}
	if in.NullsNotDistinct {
		x.Options = append(x.Options, NewOption("index.nulls_distinct"))
	}
	if in.Options != nil {
		x.Options = append(x.Options, Maybe(NewOption("index.storage", RawSQL(strings.Join(in.Options, ", ")))))
	}
	if in.Method != "" {
		o, ok := indexKind(in.Method)
		if !ok {
			m.note(t, "the index %s is of the kind %s, and is left out", in.Name, in.Method)
			return
		}
		x.kind, x.Options = o.name, append(x.Options, o)
	}
	d.Indexes = append(d.Indexes, x)
}

// indexKind is the option for a kind of index that the database says in this
// word.
func indexKind(method string) (Option, bool) {
	switch method {
	case "FULLTEXT", "SPATIAL", "BITMAP":
		return NewOption("indexkind." + strings.ToLower(method)), true
	case "hash", "gist", "gin", "spgist", "brin":
		return NewOption("indexon.method", Word(method)), true
	case "HASH", "BTREE":
		return NewOption("index.type", Word(method)), true
	}
	return Option{}, false
}

// leftOut reports whether an index that was reflected is of a kind that the
// database does not have.
func (x *Index) leftOut(f *dialect.Features) bool {
	_, ok := f.DDL.Options[x.kind]
	return x.kind != "" && !ok
}

// key is a primary or a unique key.
func (m *reading) key(k *dialect.KeyInfo) Key {
	key := Key{Name: k.Name, Columns: k.Columns, Deferral: k.Deferral, Comment: k.Comment}
	if len(k.Include) > 0 {
		var list List
		for _, name := range k.Include {
			list = append(list, Name(name))
		}
		key.Options = append(key.Options, Maybe(NewOption("keyend.include", list)))
	}
	return key
}

// onUpdate is the option of a column that becomes the time of each UPDATE:
// "CURRENT_TIMESTAMP(3)".
func onUpdate(text string) (Option, bool) {
	digits, ok := strings.CutPrefix(text, "CURRENT_TIMESTAMP")
	if !ok {
		return Option{}, false
	}
	if digits == "()" {
		digits = ""
	}
	return NewOption("column.on_update", RawSQL("CURRENT_TIMESTAMP"+digits)), true
}

// partitions is how a table is divided, and what it is a part of.
func (m *reading) partitions(c *dialect.Catalog, schema string, d *Definition, t *dialect.TableInfo) {
	if t.PartitionBy != "" {
		name := "table.partitioned"
		if _, ok := m.f.DDL.Options[name]; !ok {
			name = "table.divided"
		}
		if _, ok := m.f.DDL.Options[name]; ok && !strings.HasPrefix(t.PartitionBy, "SYSTEM_TIME") {
			d.Options = append(d.Options, Maybe(NewOption(name, RawSQL(t.PartitionBy))))
		} else {
			m.note(t, "is partitioned by %s", t.PartitionBy)
		}
	}
	if p := t.PartitionOf; p != nil {
		of := Object{Schema: p.Schema, Name: p.Table}
		if of.Schema == c.Schema {
			of.Schema = schema
		} else if of.Schema == c.Default {
			of.Schema = ""
		}
		d.Options = append(d.Options, NewOption("attach.partition", of, Object{}, RawSQL(p.Bounds)))
	}
}
