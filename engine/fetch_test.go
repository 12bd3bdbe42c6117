package engine_test

import (
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

func TestAllOneScalar(t *testing.T) {
	e, db := open(t)
	ctx := t.Context()
	db.On("SELECT 0", numbers(0))
	db.On("SELECT 1", numbers(1))
	db.On("SELECT 3", numbers(3))
	db.On("SELECT null", fakedb.Rows([]string{"n"}, []any{nil}))
	db.On("UPDATE", fakedb.Affected(1))
	c := connect(t, e)
	tx, err := e.Begin(ctx)
	check(t, err)
	defer tx.Rollback(ctx)
	for name, r := range map[string]dialect.Runner{"engine": e, "conn": c, "tx": tx, "other": &otherRunner{e}} {
		t.Run(name, func(t *testing.T) {
			all, err := engine.All[int](ctx, r, engine.Text("SELECT 3"))
			if err != nil || !reflect.DeepEqual(all, []int{1, 2, 3}) {
				t.Errorf("%v, %v", all, err)
			}
			all, err = engine.All[int](ctx, r, engine.Text("SELECT 0"))
			if err != nil || all == nil || len(all) != 0 {
				t.Errorf("no rows: %#v, %v", all, err)
			}
			one, err := engine.One[int](ctx, r, engine.Text("SELECT 1"))
			if err != nil || one != 1 {
				t.Errorf("%v, %v", one, err)
			}
			_, err = engine.One[int](ctx, r, engine.Text("SELECT 0"))
			wantError(t, err, engine.ErrNoRows)
			wantError(t, err, sql.ErrNoRows)
			_, err = engine.One[int](ctx, r, engine.Text("SELECT 3"))
			wantError(t, err, engine.ErrMultipleRows)
			if errors.Is(err, engine.ErrNoRows) || errors.Is(err, engine.ErrOther) {
				t.Errorf("%#v", err)
			}
			v, ok, err := engine.OneOrNone[int](ctx, r, engine.Text("SELECT 0"))
			if v != 0 || ok || err != nil {
				t.Errorf("%v, %v, %v", v, ok, err)
			}
			v, ok, err = engine.OneOrNone[int](ctx, r, engine.Text("SELECT 1"))
			if v != 1 || !ok || err != nil {
				t.Errorf("%v, %v, %v", v, ok, err)
			}
			p, err := engine.Scalar[*int64](ctx, r, engine.Text("SELECT null"))
			if p != nil || err != nil {
				t.Errorf("%v, %v", p, err)
			}
			_, err = engine.Scalar[int64](ctx, r, engine.Text("SELECT null"))
			wantError(t, err, engine.ErrNullValue, `column "n" (1) into int64`)
			_, err = engine.Scalar[todo](ctx, r, engine.Text("SELECT 1"))
			wantError(t, err, engine.ErrScan, "use One")
			_, err = engine.All[int](ctx, r, engine.Text("UPDATE x"))
			wantError(t, err, engine.ErrStatement, "gives no rows")

			var got []int
			for n, err := range engine.Each[int](ctx, r, engine.Text("SELECT 3")) {
				check(t, err)
				if got = append(got, n); n == 2 {
					break
				}
			}
			if !reflect.DeepEqual(got, []int{1, 2}) {
				t.Error(got)
			}
			seq := engine.Each[int](ctx, r, engine.Text("SELECT 3"))
			for range 2 { // twice
				n := 0
				for _, err := range seq {
					check(t, err)
					n++
				}
				if n != 3 {
					t.Error(n)
				}
			}
			if db.Counts().RowsOpen != 0 {
				t.Error("rows left open")
			}
		})
	}
	_, err = engine.All[int](ctx, nil, engine.Text("SELECT 3"))
	wantError(t, err, engine.ErrArguments, "Runner is nil")
	_, err = engine.All[int](ctx, (*engine.Conn)(nil), engine.Text("SELECT 3"))
	wantError(t, err, engine.ErrArguments, "Runner is nil")
	_, err = engine.All[int](ctx, e, nil)
	wantError(t, err, engine.ErrStatement)
}

func TestEachGivesTheConnectionBack(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(3))
	for _, err := range engine.Each[int](t.Context(), e, engine.Text("SELECT n")) {
		check(t, err)
		if e.Stats().Leased != 1 {
			t.Error("no connection")
		}
		break
	}
	if e.Stats().Leased != 0 || db.Counts().RowsOpen != 0 {
		t.Error("break did not give the connection back")
	}
}

func TestEachInARolledBackTransaction(t *testing.T) {
	e, db := open(t)
	db.On("SELECT n", numbers(3))
	tx, err := e.Begin(t.Context())
	check(t, err)
	var last error
	n := 0
	for _, err := range engine.Each[int](t.Context(), tx, engine.Text("SELECT n")) {
		if last = err; err == nil {
			n++
			check(t, tx.Rollback(t.Context()))
		}
	}
	wantError(t, last, engine.ErrClosed)
	if n != 1 {
		t.Errorf("%d rows", n)
	}
}

type todo struct {
	ID    int64
	Title string
	Done  bool
}

type base struct {
	ID      int64
	Created time.Time `db:"created_at"`
}

type person struct {
	ID   int64
	Name string
	Nick *string
}

type city struct{ Name status }

type address struct {
	Street string
	City   *city
}

type rich struct {
	base
	Kind    status
	Level   *level
	Note    sql.Null[string]
	Flag    sql.NullBool
	Score   sql.Null[level]
	Data    []byte
	Value   any
	Tags    []string          `db:",json"`
	Attrs   map[string]int    `db:"attributes,json"`
	Owner   *person           `db:"owner"`
	Home    address           `db:"home"`
	Friends []*person         // a relation: not a column
	Boss    *rich             // likewise, and of its own type
	Cache   map[string]string `db:"-"`
	Maybe   int               `db:",optional"`
}

var richColumns = []string{"id", "created_at", "kind", "level", "note", "flag", "score", "data", "value", "tags", "attributes",
	"owner.id", "owner.name", "owner.nick", "home.street", "home.city.name"}

func TestStructs(t *testing.T) {
	e, db := open(t)
	at := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	db.On("SELECT", fakedb.Rows(richColumns,
		[]any{int64(1), at, "a", int64(5), "note", true, int64(9), []byte("d"), int64(4), `["x","y"]`, `{"k":1}`, int64(7), "Ada", "ad", "High St", "London"},
		[]any{int64(2), at, "b", nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, "Low St", nil},
		[]any{int64(3), at, "c", nil, nil, nil, nil, nil, nil, nil, nil, int64(8), "Bob", nil, "", "Paris"},
	))
	five, nick := level(5), "ad"
	want := []rich{
		{base: base{1, at}, Kind: "a", Level: &five, Note: sql.Null[string]{V: "note", Valid: true}, Flag: sql.NullBool{Bool: true, Valid: true},
			Score: sql.Null[level]{V: 9, Valid: true}, Data: []byte("d"), Value: int64(4), Tags: []string{"x", "y"}, Attrs: map[string]int{"k": 1},
			Owner: &person{7, "Ada", &nick}, Home: address{"High St", &city{"London"}}},
		{base: base{2, at}, Kind: "b", Home: address{Street: "Low St"}},
		{base: base{3, at}, Kind: "c", Owner: &person{ID: 8, Name: "Bob"}, Home: address{"", &city{"Paris"}}},
	}
	for range 2 { // by a new plan, by a kept one
		got, err := engine.All[rich](t.Context(), e, engine.Text("SELECT"))
		check(t, err)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		pointers, err := engine.All[*rich](t.Context(), e, engine.Text("SELECT"))
		check(t, err)
		for i, p := range pointers {
			if !reflect.DeepEqual(*p, want[i]) {
				t.Errorf("got  %+v\nwant %+v", *p, want[i])
			}
		}
		var i int
		for r, err := range engine.Each[rich](t.Context(), e, engine.Text("SELECT")) {
			check(t, err)
			if !reflect.DeepEqual(r, want[i]) {
				t.Errorf("got  %+v\nwant %+v", r, want[i])
			}
			i++
		}
	}
}

type Embedded struct{ A, B int }

type viaPointer struct {
	*Embedded
	C int
	D *struct {
		*Embedded
		X *int
	}
}

func TestEmbeddedPointers(t *testing.T) {
	e, db := open(t)
	db.On("SELECT", fakedb.Rows([]string{"a", "c", "b", "d.a", "d.b", "d.x"},
		[]any{int64(1), int64(2), int64(3), nil, nil, nil},
		[]any{int64(4), int64(5), int64(6), int64(7), int64(8), nil}))
	got, err := engine.All[viaPointer](t.Context(), e, engine.Text("SELECT"))
	check(t, err)
	if got[0].A != 1 || got[0].B != 3 || got[0].C != 2 || got[0].D != nil {
		t.Errorf("%+v", got[0])
	}
	if got[1].A != 4 || got[1].D == nil || got[1].D.A != 7 || got[1].D.B != 8 || got[1].D.X != nil || got[1].Embedded == got[1].D.Embedded {
		t.Errorf("%+v", got[1])
	}
}

func TestNullInsideAStructThatIsThere(t *testing.T) {
	e, db := open(t)
	r := fakedb.Rows(richColumns)
	row := make([]any, len(richColumns))
	row[0], row[1], row[2], row[14] = int64(1), time.Now(), "a", "s"
	row[11] = int64(7) // owner.id, but no owner.name
	r.Rows = append(r.Rows, row)
	db.On("SELECT", r)
	_, err := engine.All[rich](t.Context(), e, engine.Text("SELECT"))
	wantError(t, err, engine.ErrNullValue, `column "owner.name" (13) into rich.Owner.Name (string)`)
}

func TestNullIntoAPlainField(t *testing.T) {
	e, db := open(t)
	db.On("SELECT", fakedb.Rows([]string{"id", "title", "done"}, []any{int64(1), "x", true}, []any{int64(2), nil, true}))
	_, err := engine.All[todo](t.Context(), e, engine.Text("SELECT"))
	wantError(t, err, engine.ErrNullValue, `column "title" (2) into todo.Title (string)`, "NULL")
	wantError(t, err, engine.ErrScan)
	if s, ok := errors.AsType[*engine.ScanError](err); !ok || s.Column != "title" || s.Index != 1 {
		t.Errorf("%#v", err)
	}
	n := 0
	for v, err := range engine.Each[todo](t.Context(), e, engine.Text("SELECT")) {
		if n++; n == 2 {
			wantError(t, err, engine.ErrNullValue)
			if v != (todo{}) {
				t.Errorf("a value with an error: %v", v)
			}
		}
	}
}

func TestStrictNames(t *testing.T) {
	type twice struct {
		A int `db:"x"`
		B int `db:"x"`
	}
	type fold struct{ ID, Name int }
	type onlyPart struct {
		ID    int
		Owner *person
	}
	type typo struct {
		ID int `db:"id,primary"`
	}
	type byCase struct {
		Upper int `db:"NAME"`
		Lower int `db:"name"`
	}
	type groupsByCase struct {
		Upper *person `db:"OWNER"`
		Lower *person `db:"owner"`
	}
	for name, tc := range map[string]struct {
		columns string
		all     func(e *engine.Engine) error
		say     []string
	}{
		"no field":        {"id title done owner", all[todo], []string{`column "owner" (4) has no field`, "todo"}},
		"a typo":          {"id titel done", all[todo], []string{`column "titel" (2) has no field`, `did you mean "title"`}},
		"no column":       {"id title", all[todo], []string{`field todo.Done has no column "done" in the result (id, title)`, "optional"}},
		"two columns":     {"id title done id", all[todo], []string{"columns 1 and 4", `"id"`, "todo.ID"}},
		"two fields":      {"x", all[twice], []string{"A and B", `"x"`}},
		"folded twice":    {"ID name id", all[fold], []string{"columns 1 and 3", `"ID" and "id"`, "fold.ID"}},
		"part of a group": {"id owner.id owner.name", all[onlyPart], []string{`field onlyPart.Owner.Nick has no column "owner.nick"`}},
		"not in a group":  {"id owner.id owner.name owner.nick owner.age", all[onlyPart], []string{`column "owner.age" (5) has no field`, "person"}},
		"bad tag":         {"id", all[typo], []string{"primary", "typo.ID"}},
		"one value":       {"a b", all[int], []string{"int takes a result of one column", "a, b"}},
		"map twice":       {"a b a", all[map[string]any], []string{`columns 1 and 3 are both named "a"`}},
		"all at once":     {"id titel dome", all[todo], []string{`"titel"`, `"dome"`}},
		"two by case":     {"Name", all[byCase], []string{`column "Name" (1) could be for field byCase.Upper ("NAME") or for byCase.Lower ("name")`}},
		"groups by case":  {"Owner.id", all[groupsByCase], []string{`column "Owner.id" (1) could be for field groupsByCase.Upper`, "groupsByCase.Lower"}},
		"nameless column": {"id title done ?", all[todo], []string{`column "?" (4)`}},
	} {
		t.Run(name, func(t *testing.T) {
			e, db := open(t)
			db.On("SELECT", fakedb.Rows(strings.Fields(tc.columns)))
			wantError(t, tc.all(e), engine.ErrScan, tc.say...)
			if e.Stats().Leased != 0 || db.Counts().RowsOpen != 0 {
				t.Error("left open")
			}
		})
	}
	e, db := open(t)
	db.On("SELECT", fakedb.Rows([]string{"Id", "NAME"}, []any{int64(1), int64(2)}))
	got, err := engine.One[fold](t.Context(), e, engine.Text("SELECT"))
	if err != nil || got != (fold{1, 2}) {
		t.Errorf("names in another case: %v, %v", got, err)
	}
}

func all[T any](e *engine.Engine) error {
	_, err := engine.All[T](bg, e, engine.Text("SELECT"))
	return err
}

func TestOtherTypes(t *testing.T) {
	e, db := open(t)
	db.On("SELECT map", fakedb.Rows([]string{"a", "b"}, []any{int64(1), nil}, []any{"x", true}))
	maps, err := engine.All[map[string]any](t.Context(), e, engine.Text("SELECT map"))
	check(t, err)
	if want := []map[string]any{{"a": int64(1), "b": nil}, {"a": "x", "b": true}}; !reflect.DeepEqual(maps, want) {
		t.Errorf("%v", maps)
	}
	at := time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC)
	db.On("SELECT one", fakedb.Rows([]string{"v"}, []any{at}))
	when, err := engine.Scalar[time.Time](t.Context(), e, engine.Text("SELECT one"))
	if err != nil || !when.Equal(at) {
		t.Errorf("%v, %v", when, err)
	}
	n, err := engine.Scalar[sql.Null[time.Time]](t.Context(), e, engine.Text("SELECT one"))
	if err != nil || !n.Valid || !n.V.Equal(at) {
		t.Errorf("%v, %v", n, err)
	}
	db.On("SELECT text", fakedb.Rows([]string{"v"}, []any{"open"}))
	s, err := engine.Scalar[status](t.Context(), e, engine.Text("SELECT text"))
	if err != nil || s != "open" {
		t.Errorf("%v, %v", s, err)
	}
	b, err := engine.Scalar[[]byte](t.Context(), e, engine.Text("SELECT text"))
	if err != nil || string(b) != "open" {
		t.Errorf("%v, %v", b, err)
	}
	u, err := engine.Scalar[upper](t.Context(), e, engine.Text("SELECT text"))
	if err != nil || u.s != "OPEN" {
		t.Errorf("%v, %v", u, err)
	}
	pu, err := engine.Scalar[*upper](t.Context(), e, engine.Text("SELECT text"))
	if err != nil || pu.s != "OPEN" {
		t.Errorf("%v, %v", pu, err)
	}
	db.On("SELECT null", fakedb.Rows([]string{"v"}, []any{nil}))
	pu, err = engine.Scalar[*upper](t.Context(), e, engine.Text("SELECT null"))
	if err != nil || pu != nil {
		t.Errorf("%v, %v", pu, err)
	}
	db.On("SELECT json", fakedb.Rows([]string{"tags"}, []any{"{"}))
	type tags struct {
		Tags []string `db:",json"`
	}
	_, err = engine.One[tags](t.Context(), e, engine.Text("SELECT json"))
	wantError(t, err, engine.ErrScan, "tags.Tags", "JSON")
}

type upper struct{ s string }

func (u *upper) Scan(v any) error {
	u.s = strings.ToUpper(fmt.Sprint(v))
	return nil
}

// A row must not show what the one before it had.
func TestRowsDoNotLeakIntoEachOther(t *testing.T) {
	e, db := open(t)
	type row struct {
		A *int
		B sql.Null[string]
		C []byte
		D any
	}
	db.On("SELECT", fakedb.Rows([]string{"a", "b", "c", "d"}, []any{int64(1), "x", []byte("y"), "z"}, []any{nil, nil, nil, nil}))
	for i, r := range func() []row {
		var out []row
		for r, err := range engine.Each[row](bg, e, engine.Text("SELECT")) {
			check(t, err)
			out = append(out, r)
		}
		return out
	}() {
		if i == 0 && (r.A == nil || *r.A != 1 || r.B.V != "x" || string(r.C) != "y" || r.D != "z") {
			t.Errorf("first: %+v", r)
		}
		if i == 1 && !reflect.DeepEqual(r, row{}) {
			t.Errorf("second: %+v", r)
		}
	}
}

func TestPlansDoNotGrowWithoutEnd(t *testing.T) {
	e, db := open(t)
	type row struct {
		A int            `db:",optional"`
		B map[string]any `db:"-"`
	}
	db.Handle(func(c *fakedb.Call) (fakedb.Reply, bool) {
		name := strings.TrimPrefix(c.Text, "SELECT ")
		return fakedb.Rows([]string{name}, []any{int64(len(name))}), true
	})
	for i := range 500 {
		m, err := engine.One[map[string]any](t.Context(), e, engine.Text(fmt.Sprintf("SELECT c%d", i)))
		if err != nil || len(m) != 1 || m[fmt.Sprintf("c%d", i)] == nil {
			t.Fatal(m, err)
		}
	}
	if n := engine.PlanCount[map[string]any](); n > 64 {
		t.Errorf("%d plans are kept", n)
	}
	got, err := engine.One[row](t.Context(), e, engine.Text("SELECT a"))
	if err != nil || got.A != 1 {
		t.Error(got, err)
	}
}

// A list of pairs, on every database that compares rows.
func TestLiveTuples(t *testing.T) {
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		ctx := t.Context()
		for i, name := range []string{"a", "b", "c"} {
			check(t, put(ctx, e, table, i, name, nil))
		}
		q := "SELECT id FROM " + table + " WHERE id < 9 AND (id, name) %s (:pairs) ORDER BY id"
		for _, tt := range []struct {
			op    string
			pairs any
			want  string
		}{
			{"IN", [][2]any{{0, "a"}, {1, "x"}, {2, "c"}}, "[0 2]"},
			{"NOT IN", []struct {
				ID   int
				Name string
			}{{1, "b"}}, "[0 2]"},
			{"IN", [][2]any{}, "[]"},
			{"NOT IN", [][]any{}, "[0 1 2]"},
		} {
			got, err := engine.All[int](ctx, e, engine.Text(fmt.Sprintf(q, tt.op), engine.Named{"pairs": tt.pairs}))
			if errors.Is(err, engine.ErrUnsupported) && e.Dialect().Features().RowIn == dialect.NoRowIn {
				continue
			}
			check(t, err)
			if fmt.Sprint(got) != tt.want {
				t.Errorf("%s %v: %v, want %s", tt.op, tt.pairs, got, tt.want)
			}
		}
	})
}
