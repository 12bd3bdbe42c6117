package expr_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/lite"
	"github.com/sqlayer-go/sqlayer/expr/ms"
	"github.com/sqlayer-go/sqlayer/expr/my"
	"github.com/sqlayer-go/sqlayer/expr/ora"
	"github.com/sqlayer-go/sqlayer/expr/pg"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// What the packages for one database and package schema make of a list is theirs: what the
// caller does with it afterwards changes nothing.
func TestListsAreTheirOwn(t *testing.T) {
	varchar := dialect.Type{Kind: dialect.Varchar, Length: 9}
	notes := schema.New("notes", schema.BigInt("id").PrimaryKey(), schema.Varchar("title", 9), schema.NewColumn("doc", dialect.Type{Kind: dialect.JSON}))
	id, title, doc := expr.C[int64](notes, "id"), expr.C[string](notes, "title"), expr.C[any](notes, "doc")
	from := expr.Select(id).From(notes)

	names, texts := []string{"id", "title"}, []expr.Of[string]{title, title}
	numbers, floats, es := []int64{1, 2}, []float64{1, 2}, []expr.Any{id, title}
	terms := []expr.Term{id.Asc(), title.Desc()}
	rows := [][]any{{int64(1), "a"}}
	flags := []schema.Flag{schema.IfNotExists}
	args := []any{schema.Word("InnoDB")}
	myColumns := []my.JSONColumn{{Name: "sku", Type: varchar, Path: "$.sku"}, {Name: "n"}}
	oraColumns := []ora.JSONColumn{{Name: "sku", Type: varchar, Path: "$.sku"}, {Name: "n"}}
	msColumns := []ms.JSONColumn{{Name: "sku", Type: varchar, Path: "$.sku"}}
	excluded := []pg.Excluded{pg.With(schema.Self[any]("id"), "=")}

	rowsOf := func(t expr.Table) dialect.Statement { return expr.Select(expr.Columns(t)...).From(notes, t) }
	made := func(parts ...schema.Part) dialect.Statement {
		return schema.CreateTable(schema.New("made", append(parts, schema.BigInt("id").PrimaryKey())...))
	}
	all := []struct {
		d     dialect.Dialect
		stmts map[string]dialect.Statement
	}{
		{mysql.Dialect(), map[string]dialect.Statement{
			"Partition":       expr.Select(id).From(my.Partition(notes, names...)),
			"UseIndex":        from.Hint(my.UseIndex(notes, names...)),
			"ForceIndex":      from.Hint(my.ForceIndex(notes, names...)),
			"IgnoreIndex":     from.Hint(my.IgnoreIndex(notes, names...)),
			"JSONTable":       rowsOf(my.JSONTable("items", doc, "$[*]", myColumns...)),
			"Match":           from.Where(my.Match(my.BooleanMode, "w", texts...)),
			"Relevance":       expr.Select(my.Relevance(my.BooleanMode, "w", texts...)).From(notes),
			"Field":           from.OrderBy(my.Field(id, numbers...)),
			"PartitionByHash": made(my.PartitionByHash(4, schema.Self[any]("id"))),
			"NewOption":       made(schema.NewOption("table.engine", args...)),
			"Set":             made(schema.NewColumn("s", my.Set(names...))),
		}},
		{mssql.Dialect(), map[string]dialect.Statement{
			"Index":         from.Hint(ms.Index(notes, names...)),
			"OpenJSON":      rowsOf(ms.OpenJSON("items", doc, "$", msColumns...)),
			"ContainsTable": rowsOf(ms.ContainsTable("found", notes, "w", 1, names...)),
			"FreeTextTable": rowsOf(ms.FreeTextTable("found", notes, "w", 1, names...)),
			"Contains":      from.Where(ms.Contains("w", texts...)),
			"FreeText":      from.Where(ms.FreeText("w", texts...)),
			"Checksum":      expr.Select(ms.Checksum(es...)).From(notes),
		}},
		{oracle.Dialect(), map[string]dialect.Statement{
			"JSONTable":     rowsOf(ora.JSONTable("items", doc, "$[*]", oraColumns...)),
			"Decode":        expr.Select(ora.Decode[string](id, es...)).From(notes),
			"RatioToReport": expr.Select(ora.RatioToReport(id, es...)).From(notes),
			"KeepFirst":     expr.Select(ora.KeepFirst(expr.Max(id), terms...)).From(notes),
		}},
		{postgres.Dialect(), map[string]dialect.Statement{
			"Values":       expr.Select(pg.Values(numbers...)),
			"HasAnyKey":    from.Where(pg.HasAnyKey(doc, names...)),
			"DeletePath":   expr.Select(pg.DeletePath(doc, names...)).From(notes),
			"Exclude":      made(pg.Exclude("apart", "gist", excluded...)),
			"CreateEnum":   schema.CreateEnum("mood", names...),
			"CreateTable":  schema.CreateTable(notes, flags...),
			"CreateIndex":  schema.CreateIndex(notes, schema.IndexOn("ix", names...), flags...),
			"AddColumn":    schema.AddColumn(notes, "title", flags...),
			"CreateSchema": schema.CreateSchema("s", flags...),
			"InParam":      from.Where(expr.Row(id, title).InParam("rows", rows...)),
		}},
		{sqlite.Dialect(), map[string]dialect.Statement{
			"BM25":     expr.Select(lite.BM25(notes, floats...)).From(notes),
			"Strftime": expr.Select(lite.Strftime("%Y", title, names...)).From(notes),
			"Printf":   expr.Select(lite.Printf("%s", es...)).From(notes),
		}},
	}
	said := func() map[string]string {
		said := map[string]string{}
		for _, of := range all {
			for name, stmt := range of.stmts {
				text, args, err := expr.SQL(stmt, of.d)
				said[name+" on "+of.d.Name()] = fmt.Sprint(text, args, err)
				if err != nil {
					t.Errorf("%s on %s: %v", name, of.d.Name(), err)
				}
			}
		}
		return said
	}
	before := said()
	for _, list := range []any{names, texts, numbers, floats, es, terms, rows[0], flags, args, myColumns, oraColumns, msColumns, excluded} {
		v := reflect.ValueOf(list)
		for i := range v.Len() {
			v.Index(i).SetZero()
		}
	}
	for name, after := range said() {
		if after != before[name] {
			t.Errorf("%s keeps the caller's list:\nwas %s\nis  %s", name, before[name], after)
		}
	}
}
