package ownsql

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// JSONColumn is a column of [Package.JSONTable]. Without a path it is the row's
// number.
type JSONColumn struct {
	Name string
	Type dialect.Type
	Path string
}

// JSONTable is JSON_TABLE(doc, path COLUMNS (…)) under an alias. Its columns
// belong to it from now on.
func (p Package) JSONTable(alias string, doc expr.Any, path, instead string, columns []JSONColumn) expr.Table {
	def := expr.FuncTable{Whole: true}
	for i := range columns {
		c := &columns[i]
		if c.Path == "" {
			c.Type = dialect.Type{Kind: dialect.BigInt}
		}
		def.Columns = append(def.Columns, expr.ColumnDef{Name: c.Name, Type: &c.Type, Null: c.Path != ""})
	}
	def.Call = expr.Custom[any]("JSON_TABLE", func(w *dialect.Writer, part func(int)) {
		if p.Refused(w, "JSON_TABLE", instead) {
			return
		}
		w.WriteString("JSON_TABLE(")
		part(0)
		w.WriteString(", ")
		w.StringLiteral(path)
		w.WriteString(" COLUMNS (")
		for i := range columns {
			if i > 0 {
				w.WriteString(", ")
			}
			columns[i].write(w)
		}
		w.WriteString("))")
	}, doc)
	return expr.TableFunc(alias, def)
}

func (c *JSONColumn) write(w *dialect.Writer) {
	w.Ident(c.Name)
	if c.Path == "" {
		w.WriteString(" FOR ORDINALITY")
		return
	}
	name, err := w.Dialect().TypeName(&c.Type)
	w.Fail(err)
	w.WriteString(" " + name + " PATH ")
	w.StringLiteral(c.Path)
}
