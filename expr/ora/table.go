package ora

import (
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/internal/ownsql"
)

func suffix(t expr.Relation, name, instead, text string, values ...any) expr.Relation {
	types := map[bool]*dialect.Type{true: {Kind: dialect.Timestamp}, false: {Kind: dialect.BigInt}}
	return expr.TableSuffix(t, func(w *dialect.Writer, table func()) {
		if own.Refused(w, name, instead) {
			return
		}
		table()
		w.Template(text, func(i int) {
			_, moment := values[i].(time.Time)
			w.Bind(values[i], types[moment])
		})
	})
}

const noFlashback = "keep the history in a table of its own"

// AsOf is a table as it was at a time, which is one of the database's own zone;
// as far back as its undo reaches. (Oracle SQL Language Reference, SELECT,
// flashback_query_clause.)
func AsOf(t expr.Relation, at time.Time) expr.Relation {
	return suffix(t, "FLASHBACK", noFlashback, " AS OF TIMESTAMP {0}", at)
}

// AsOfSCN is a table as it was at a system change number.
func AsOfSCN(t expr.Relation, scn int64) expr.Relation {
	return suffix(t, "FLASHBACK", noFlashback, " AS OF SCN {0}", scn)
}

// VersionsBetween is all the rows that there were between two times.
func VersionsBetween(t expr.Relation, from, to time.Time) expr.Relation {
	return suffix(t, "FLASHBACK", noFlashback, " VERSIONS BETWEEN TIMESTAMP {0} AND {1}", from, to)
}

// Remote is a table of another database, by the name of a link: t@link.
func Remote(t expr.Relation, link string) expr.Relation {
	return expr.TableSuffix(t, func(w *dialect.Writer, table func()) {
		if own.Refused(w, "DATABASE LINK", "open the other database") {
			return
		}
		table()
		w.WriteString("@")
		w.Ident(link)
	})
}

// Partition is a table's partition of that name.
func Partition(t expr.Relation, name string) expr.Relation {
	return expr.TableSuffix(t, func(w *dialect.Writer, table func()) {
		if own.Refused(w, "PARTITION", "say it in a condition") {
			return
		}
		table()
		w.WriteString(" PARTITION (")
		w.Ident(name)
		w.WriteString(")")
	})
}

// JSONColumn is a column of [JSONTable].
type JSONColumn struct {
	Name string
	Type dialect.Type
	Path string // from the row: $.name; empty for the row's number, from 1
}

// JSONTable is JSON_TABLE(doc, path COLUMNS (…)) alias: what the path finds in a
// document, as rows. The document may be a column of a table before it in FROM.
// (Oracle SQL Language Reference, JSON_TABLE.)
//
//	items := ora.JSONTable("items", Orders.Doc, "$.items[*]",
//		ora.JSONColumn{Name: "sku", Type: ora.Varchar2(20), Path: "$.sku"})
//	expr.Select(Orders.ID, expr.C[string](items, "sku")).From(Orders, items)
func JSONTable(alias string, doc expr.Any, path string, columns ...JSONColumn) expr.Table {
	list := make([]ownsql.JSONColumn, len(columns))
	for i, c := range columns {
		list[i] = ownsql.JSONColumn(c)
	}
	return own.JSONTable(alias, doc, path, "read the document in the program", list)
}
