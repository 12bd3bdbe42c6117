package all_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// Text for a column without a zone is what the column says, whatever zone the
// session has; an instant comes back as itself.
func TestTextForTimesWithoutAZone(t *testing.T) {
	ctx := t.Context()
	url := testenv.MySQL(t)
	mark := "?"
	if strings.Contains(url, mark) {
		mark = "&"
	}
	for _, zone := range []string{"UTC", "%2B02:00", "-08:00"} {
		e := opened(t, url+mark+"time_zone="+zone)
		name := fmt.Sprint("zones_", time.Now().UnixNano())
		table := schema.New(name, schema.Integer("id").PrimaryKey(), schema.NewColumn("wall", dialect.Type{Kind: dialect.Timestamp, Precision: 6}))
		if _, err := e.Run(ctx, schema.CreateTable(table), nil); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := e.Exec(context.Background(), "DROP TABLE IF EXISTS "+name); err != nil {
				t.Error(err)
			}
		})
		id, wall := expr.C[int](table, "id"), expr.C[any](table, "wall")
		const text = "2024-06-01 12:30:00.25"
		at := time.Date(2024, 6, 1, 12, 30, 0, 0, time.UTC)
		if _, err := e.Run(ctx, expr.Insert(table).Values(id.Set(1), wall.Set(text)).Values(id.Set(2), wall.Set(at)), nil); err != nil {
			t.Fatal(err)
		}
		if _, err := engine.Copy(ctx, e, name, slices.Values([][]any{{3, text}, {4, at}}), engine.CopyColumns("id", "wall")); err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1, 3} {
			got, err := engine.Scalar[string](ctx, e, engine.Text(fmt.Sprintf("SELECT CAST(wall AS CHAR) FROM %s WHERE id = %d", name, n)))
			if err != nil || got != "2024-06-01 12:30:00.250000" {
				t.Errorf("%s: row %d says %s (%v)", zone, n, got, err)
			}
		}
		for _, n := range []int{2, 4} {
			got, err := engine.Scalar[time.Time](ctx, e, engine.Text(fmt.Sprintf("SELECT wall FROM %s WHERE id = %d", name, n)))
			if err != nil || !got.Equal(at) {
				t.Errorf("%s: row %d is %v (%v)", zone, n, got, err)
			}
		}
		found, err := engine.All[int](ctx, e, expr.Select(id).From(table).Where(wall.Eq(text)).OrderBy(id))
		if err != nil || !slices.Equal(found, []int{1, 3}) {
			t.Errorf("%s: found %v (%v)", zone, found, err)
		}
	}
}
