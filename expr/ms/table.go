package ms

import (
	"slices"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/internal/ownsql"
)

var (
	number = &dialect.Type{Kind: dialect.BigInt}
	text   = &dialect.Type{Kind: dialect.Varchar, National: true}
)

// AsOf is a table that keeps its history as it was at a time, in UTC.
// (Transact-SQL reference, FROM clause, system_time.)
func AsOf(t expr.Relation, at time.Time) expr.Relation { return own.SystemTime(t, "AS OF {0}", at) }

// Versions is all rows of a table that keeps its history, whenever they were.
func Versions(t expr.Relation) expr.Relation { return own.SystemTime(t, "ALL") }

// VersionsBetween is the rows that there were at some time between two.
func VersionsBetween(t expr.Relation, from, to time.Time) expr.Relation {
	return own.SystemTime(t, "BETWEEN {0} AND {1}", from, to)
}

// JSONColumn is a column of [OpenJSON].
type JSONColumn struct {
	Name string
	Type dialect.Type
	Path string // from the row: $.name; empty: the member of the column's name
	JSON bool   // an object or an array as it stands; the type is then NVARCHAR(max)
}

// OpenJSON is OPENJSON(doc, path) WITH (…) AS alias: what the path finds in a
// document, as rows. The document may be a column of a table before it in FROM.
// Without columns it has key, value and type. (Transact-SQL reference,
// OPENJSON.)
//
//	items := ms.OpenJSON("items", Orders.Doc, "$.items", ms.JSONColumn{Name: "sku", Type: ms.Varchar(20), Path: "$.sku"})
//	expr.Select(Orders.ID, expr.C[string](items, "sku")).From(Orders, items)
func OpenJSON(alias string, doc expr.Any, path string, columns ...JSONColumn) expr.Table {
	columns = slices.Clone(columns)
	def := expr.FuncTable{Whole: true}
	if len(columns) == 0 {
		def.Columns = []expr.ColumnDef{{Name: "key", Type: text}, {Name: "value", Type: text, Null: true}, {Name: "type", Type: number}}
	}
	for i := range columns {
		c := &columns[i]
		if c.JSON {
			c.Type = NVarcharMax
		}
		def.Columns = append(def.Columns, expr.ColumnDef{Name: c.Name, Type: &c.Type, Null: true})
	}
	def.Call = expr.Custom[any]("OPENJSON", func(w *dialect.Writer, part func(int)) {
		if own.Refused(w, "OPENJSON", "use expr.JSONEach, or read the document in the program") {
			return
		}
		w.WriteString("OPENJSON(")
		part(0)
		w.WriteString(", ")
		w.StringLiteral(path)
		w.WriteString(")")
		for i, c := range columns {
			if i == 0 {
				w.WriteString(" WITH (")
			} else {
				w.WriteString(", ")
			}
			w.Ident(c.Name)
			name, err := w.Dialect().TypeName(&c.Type)
			w.Fail(err)
			w.WriteString(" " + name)
			if c.Path != "" {
				w.WriteString(" ")
				w.StringLiteral(c.Path)
			}
			if c.JSON {
				w.WriteString(" AS JSON")
			}
		}
		if len(columns) > 0 {
			w.WriteString(")")
		}
	}, doc)
	return expr.TableFunc(alias, def)
}

// StringSplit is the parts of a text between separators of one character, in
// the column value, in no order.
func StringSplit(alias string, s expr.Of[string], separator string) expr.Table {
	t := own.Function("STRING_SPLIT({0}, {1})", "split it in the program")
	return expr.TableFunc(alias, expr.FuncTable{Call: expr.Fill[any](t, s, expr.Value(separator)), Columns: []expr.ColumnDef{{Name: "value", Type: text}}})
}

// ContainsTable is CONTAINSTABLE(t, columns, query, most) AS alias: the rows of
// a table that [Contains] would find, by the column KEY, which is that of the
// full-text index, and RANK, how well each meets the query; only the best of
// them where most is over 0. Without columns it looks into all that are
// indexed. (Transact-SQL reference, CONTAINSTABLE.)
func ContainsTable(alias string, t expr.Relation, query string, most int, columns ...string) expr.Table {
	return ranked("CONTAINSTABLE", alias, t, query, most, columns)
}

// FreeTextTable is [ContainsTable] for [FreeText].
func FreeTextTable(alias string, t expr.Relation, query string, most int, columns ...string) expr.Table {
	return ranked("FREETEXTTABLE", alias, t, query, most, columns)
}

func ranked(word, alias string, t expr.Relation, query string, most int, columns []string) expr.Table {
	columns = slices.Clone(columns)
	call := expr.Custom[any](word, func(w *dialect.Writer, part func(int)) {
		if own.Refused(w, word, noSearch) {
			return
		}
		w.WriteString(word + "(")
		expr.WriteTable(w, t)
		if len(columns) == 0 {
			w.WriteString(", *, ")
		} else {
			w.WriteString(", (")
			ownsql.Names(w, columns)
			w.WriteString("), ")
		}
		part(0)
		if most > 0 {
			w.WriteString(", ")
			w.WriteInt(int64(most))
		}
		w.WriteString(")")
	}, expr.Value(query))
	return expr.TableFunc(alias, expr.FuncTable{Call: call, Whole: true, Columns: []expr.ColumnDef{{Name: "KEY"}, {Name: "RANK", Type: number}}})
}
