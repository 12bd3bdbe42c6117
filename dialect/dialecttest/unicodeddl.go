package dialecttest

import (
	"fmt"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var foreignNameCases = []testCase{
	{name: "rows go into them and come back", run: foreignInsert},
	{name: "columns are found by them", run: foreignColumns},
	{name: "they are read from the catalogue", needs: reflects, run: foreignReflect},
	{name: "messages and texts show them as they are", run: foreignShown},
}

// foreign makes tables whose names and columns are beyond ASCII.
func (t *T) foreign() (a, b, c *schema.Dynamic) {
	t.Helper()
	an, bn, cn := t.newName()+"unitable1", t.newName()+"Unitéble2", t.newName()+"測試"
	a = t.defined(an, schema.Integer("méil").PrimaryKey(), schema.Integer("測試").Null())
	b = t.defined(bn, schema.Integer("méil").PrimaryKey(), schema.Integer("測試").Null().References(an+".méil"))
	c = t.defined(cn, schema.Integer("測試_id").PrimaryKey(), schema.Integer("unitable1_測試").Null(), schema.Integer("Unitéble2_b").Null().References(bn+".méil"),
		schema.Integer("測試_self").Null().References(cn+".測試_id"))
	return a, b, c
}

// fillForeign puts a row into each table.
func (t *T) fillForeign(tables ...*schema.Dynamic) {
	t.Helper()
	for i, table := range tables {
		var set []expr.Assignment
		for _, c := range table.Info().Columns {
			v := int64(1)
			if c.Name == "測試" && i == 0 || c.Name == "unitable1_測試" {
				v = 5
			}
			set = append(set, schema.C[int64](table, c.Name).Set(v))
		}
		t.exec(t.adminConn(), expr.Insert(table).Values(set...))
	}
}

func foreignInsert(t *T) {
	a, b, c := t.foreign()
	t.fillForeign(a, b, c)
	for table, want := range map[*schema.Dynamic]string{a: "1 5", b: "1 1", c: "1 5 1 1"} {
		t.wantLines(t.conn(), expr.Select(expr.Columns(table)...).From(table), want)
	}
}

func foreignColumns(t *T) {
	a, b, c := t.foreign()
	t.fillForeign(a, b, c)
	row, err := engine.One[map[string]any](t.ctx, t.shared(), expr.Select(expr.Columns(c)...).From(c).Where(schema.C[int64](c, "unitable1_測試").Eq(5)))
	if err != nil || fmt.Sprint(row["測試_id"], row["unitable1_測試"], row["Unitéble2_b"], row["測試_self"]) != "1 5 1 1" {
		t.Errorf("the row reads %v (%v)", row, err)
	}
	type named struct {
		Key   int64 `db:"méil"`
		Other int64 `db:"測試"`
	}
	got, err := engine.One[named](t.ctx, t.shared(), expr.Select(expr.Columns(a)...).From(a))
	if err != nil || got != (named{1, 5}) {
		t.Errorf("the row reads %v (%v)", got, err)
	}
}

func foreignReflect(t *T) {
	a, b, c := t.foreign()
	meta, err := schema.Reflect(t.ctx, t.shared(), a.Info().Name, b.Info().Name, c.Info().Name)
	if err != nil {
		t.Fatalf("%v", err)
	}
	ra, rb, rc := meta.Table(a.Info().Name), meta.Table(b.Info().Name), meta.Table(c.Info().Name)
	t.fillForeign(ra, rb, rc)
	t.wantLines(t.conn(), expr.Select(schema.C[int64](rc, "測試_id"), schema.C[int64](rc, "unitable1_測試")).From(rc).Where(schema.C[int64](rc, "測試_self").Eq(1)), "1 5")
	if keys := t.info(t.inspect(), b.Info().Name).ForeignKeys; len(keys) != 1 || keys[0].RefTable != a.Info().Name || keys[0].Columns[0] != "測試" || keys[0].RefColumns[0] != "méil" {
		t.Errorf("the foreign keys are %+v", keys)
	}
}

func foreignShown(t *T) {
	a, _, _ := t.foreign()
	text := t.text(expr.Select(expr.Columns(a)...).From(a))
	if !strings.Contains(text, "méil") || !strings.Contains(text, "測試") || !strings.Contains(text, a.Info().Name) {
		t.Errorf("the text is %s", text)
	}
	_, err := t.tryExec(t.ctx, t.conn(), expr.Select(a.Col("試測")).From(a))
	t.wantKind(err, dialect.ErrStatement)
	if err != nil && !strings.Contains(err.Error(), "試測") {
		t.Errorf("the error does not name the column: %v", err)
	}
}
