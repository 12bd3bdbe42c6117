package all_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/tdsfake"
)

// SQL Server makes a question mark of what a VARCHAR's code page has not, and
// says nothing. The database of the fake server is one of Latin1.
func TestTextOutsideTheCodePageIsNotSent(t *testing.T) {
	described := [][]any{{"id", "int", int64(4), int64(10), int64(0), nil},
		{"city", "varchar", int64(20), int64(0), int64(0), "Latin1_General_CI_AS"}, {"name", "nvarchar", int64(40), int64(0), int64(0), "Latin1_General_CI_AS"},
		{"greek", "varchar", int64(20), int64(0), int64(0), "Greek_CI_AS"}}
	eng, srv := onSQLServer(t, func(r tdsfake.Request) tdsfake.Reply {
		if strings.Contains(r.Text, "collation_name FROM sys.columns") {
			return tdsfake.Reply{Columns: []string{"name", "type", "length", "precision", "scale", "collation"}, Rows: described}
		}
		if strings.HasPrefix(r.Text, "SELECT towns.id") {
			return tdsfake.Reply{Columns: []string{"id"}}
		}
		return tdsfake.Reply{Affected: 1}
	})
	own := func(name, collation string) *schema.ColumnDef {
		return &schema.ColumnDef{Name: name, Type: dialect.Type{Kind: dialect.Native, Name: "varchar(20)", Collation: collation}}
	}
	towns := schema.Build(&schema.Definition{Name: "towns", Columns: []*schema.ColumnDef{
		{Name: "id", Type: dialect.Type{Kind: dialect.Integer}, PrimaryKey: true}, own("city", ""),
		{Name: "name", Type: dialect.Type{Kind: dialect.Varchar, Length: 20}}, own("greek", "Greek_CI_AS")}})
	id, city, name, greek := schema.C[int](towns, "id"), schema.C[string](towns, "city"), schema.C[string](towns, "name"), schema.C[string](towns, "greek")
	insert := func(c, n, g string) error {
		_, err := eng.Run(t.Context(), expr.Insert(towns).Values(id.Set(1), city.Set(c), name.Set(n), greek.Set(g)), nil)
		return err
	}
	update := func(c, _, _ string) error {
		_, err := eng.Run(t.Context(), expr.Update(towns).Set(city.Set(c)).Where(id.Eq(1)), nil)
		return err
	}
	copied := func(c, n, g string) error {
		_, err := engine.Copy(t.Context(), eng, "towns", slices.Values([][]any{{1, c, n, g}}), engine.CopyColumns("id", "city", "name", "greek"))
		return err
	}
	for way, write := range map[string]func(c, n, g string) error{"insert": insert, "update": update, "copy": copied} {
		if err := write("Zürich", "Москва", "Αθήνα"); err != nil {
			t.Errorf("%s of what fits: %v", way, err)
		}
		srv.Requests()
		if err := write("Москва", "x", "x"); !errors.Is(err, engine.ErrInvalidText) || !strings.Contains(err.Error(), "city") || !strings.Contains(err.Error(), "1252") {
			t.Errorf("%s of another script: %v", way, err)
		}
		if way == "update" {
			continue
		}
		if err := write("x", "x", "Zürich"); !errors.Is(err, engine.ErrInvalidText) || !strings.Contains(err.Error(), "greek") {
			t.Errorf("%s into a column of another collation: %v", way, err)
		}
		for _, sent := range texts(srv) {
			if strings.Contains(sent, "INSERT INTO") || strings.Contains(sent, "UPDATE") {
				t.Errorf("%s: sent %s", way, sent)
			}
		}
	}
	if _, err := engine.All[int](t.Context(), eng, expr.Select(id).From(towns).Where(city.Eq("Москва"))); err != nil {
		t.Errorf("a condition that no row meets: %v", err)
	}
}
