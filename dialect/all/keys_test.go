package all_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/tdsfake"
	"github.com/sqlayer-go/sqlayer/internal/tnsfake"
	"github.com/sqlayer-go/sqlayer/orm"
)

type keyRow struct {
	ID   int64 `db:",pk,identity"`
	Name string
}

func (keyRow) TableName() string { return "keyed" }

type keyed struct {
	schema.Table `db:"keyed"`
	ID           schema.Col[int64]  `db:",pk,identity"`
	Name         schema.Col[string] `db:",type:varchar(255)"`
}

type keyedTriggers struct {
	schema.Table `db:"keyed,triggers"`
	ID           schema.Col[int64]  `db:",pk,identity"`
	Name         schema.Col[string] `db:",type:varchar(255)"`
}

// insertsKeys inserts through the three layers and says which keys came back,
// each with the place of its row.
func insertsKeys(t *testing.T, e *engine.Engine, one, many expr.InsertStmt) string {
	t.Helper()
	ctx := t.Context()
	var got []string
	id, err := engine.Scalar[int64](ctx, e, one)
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, fmt.Sprint("one:", id))
	err = e.WithLease(ctx, func(l dialect.Lease) error {
		_, err := dialect.RunScript(ctx, l, many.InOrder(func(row int, scan func([]any) error) error {
			var id int64
			err := scan([]any{&id})
			got = append(got, fmt.Sprint(row, ":", id))
			return err
		}))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sess := orm.NewSession(e)
	defer sess.Close()
	rows := []*keyRow{{Name: "a"}, {Name: "b"}, {Name: "c"}}
	for _, r := range rows {
		sess.Add(r)
	}
	if err := sess.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		got = append(got, fmt.Sprint(r.Name, ":", r.ID))
	}
	slices.Sort(got[1:4]) // they come in the order of the server, each with its place
	return strings.Join(got, " ")
}

// SQL Server gives the rows of OUTPUT in any order: each key finds its row all
// the same, for a table with triggers too, whose OUTPUT goes into a variable.
func TestKeysFromSQLServer(t *testing.T) {
	answer := func(r tdsfake.Request) tdsfake.Reply {
		switch {
		case strings.Contains(r.Text, "MERGE INTO"):
			return tdsfake.Reply{Columns: []string{"ordinal", "id"}, Rows: [][]any{{int64(2), int64(30)}, {int64(0), int64(10)}, {int64(1), int64(20)}}}
		case strings.Contains(r.Text, "INSERT INTO"):
			return tdsfake.Reply{Columns: []string{"id"}, Rows: [][]any{{int64(7)}}}
		}
		return tdsfake.Reply{}
	}
	const want = "one:7 0:10 1:20 2:30 a:10 b:20 c:30"
	plain, watched := schema.Define[keyed](), schema.Define[keyedTriggers]()
	e, srv := onSQLServer(t, answer)
	if got := insertsKeys(t, e, expr.Insert(plain).Values(plain.Name.Set("a")).Returning(plain.ID),
		expr.Insert(plain).Columns(plain.Name).Flat([]any{"a", "b", "c"}).Returning(plain.ID)); got != want {
		t.Errorf("the keys are %s, not %s", got, want)
	}
	if got := insertsKeys(t, e, expr.Insert(watched).Values(watched.Name.Set("a")).Returning(watched.ID),
		expr.Insert(watched).Columns(watched.Name).Flat([]any{"a", "b", "c"}).Returning(watched.ID)); got != want {
		t.Errorf("triggers: the keys are %s, not %s", got, want)
	}
	var into, direct int
	for _, r := range srv.Requests() {
		switch {
		case !strings.Contains(r.Text, "OUTPUT"):
		case strings.Contains(r.Text, "INTO @output"):
			into++
		default:
			direct++
		}
	}
	if into != 2 || direct != 4 { // the ORM's are direct
		t.Errorf("%d statements have OUTPUT INTO, and %d OUTPUT alone", into, direct)
	}
}

// Oracle writes generated keys into out parameters, which come back as rows.
func TestKeysFromOracle(t *testing.T) {
	next := 0
	var texts []string
	e, _ := onOracle(t, func(r tnsfake.Request) tnsfake.Reply {
		if strings.Contains(r.Text, "INSERT") {
			next += 10
			texts = append(texts, r.Text)
			return tnsfake.Reply{Outs: []any{tnsfake.Number(fmt.Sprint(next)), tnsfake.Number("1")}} // the key, and how many rows
		}
		return tnsfake.Reply{}
	})
	plain := schema.Define[keyed]()
	got := insertsKeys(t, e, expr.Insert(plain).Values(plain.Name.Set("a")).Returning(plain.ID),
		expr.Insert(plain).Columns(plain.Name).Flat([]any{"a", "b", "c"}).Returning(plain.ID))
	if want := "one:10 0:20 1:30 2:40 a:50 b:60 c:70"; got != want {
		t.Errorf("the keys are %s, not %s", got, want)
	}
	for _, text := range texts {
		if !strings.Contains(text, " INTO :2") {
			t.Errorf("it sent %s", text)
		}
	}
}
