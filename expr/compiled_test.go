package expr_test

import (
	"errors"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

func compile(t *testing.T, d dialect.Dialect, s dialect.Statement) *dialect.Compiled {
	t.Helper()
	c, err := dialect.Compile(d, s)
	if err != nil {
		t.Fatalf("%s: %v", d.Name(), err)
	}
	return c
}

func TestResultColumns(t *testing.T) {
	q := expr.Select(Users.ID, Users.Email, Orders.Status, expr.Count(Orders.ID).As("n"), expr.Lower(Users.Name)).From(Users).
		GroupBy(Users.ID, Users.Email, Orders.Status, Users.Name)
	on := expr.Eq(Orders.UserID, Users.ID)
	tests := []struct {
		name  string
		q     expr.SelectStmt
		outer string // of the columns: O outer, - not
		null  string // Y yes, N no, ? not known
	}{
		{"join", q.Join(Orders, on), "-----", "NYNN?"},
		{"left", q.LeftJoin(Orders, on), "--O--", "NYYN?"},
		{"right", q.RightJoin(Orders, on), "OO---", "YYNN?"},
		{"full", q.FullJoin(Orders, on), "OOO--", "YYYN?"},
	}
	for _, test := range tests {
		for range 2 { // the second comes from what the statement keeps
			c := compile(t, postgres.Dialect(), test.q)
			var names []string
			outer, null := "", ""
			for _, col := range c.Columns {
				names = append(names, col.Name)
				outer += map[bool]string{true: "O", false: "-"}[col.Outer]
				null += [...]string{"?", "N", "Y"}[col.Nullable]
			}
			if got := fmt.Sprint(names); got != "[id email status n ]" || outer != test.outer || null != test.null {
				t.Errorf("%s: %v %s %s, want %s %s", test.name, got, outer, null, test.outer, test.null)
			}
			if c.Columns[0].Type.Kind != dialect.BigInt || c.Columns[0].Table != "users" || c.Writes {
				t.Errorf("%s: %+v", test.name, c.Columns[0])
			}
			c.Release()
		}
	}
}

func TestKeysAndWrites(t *testing.T) {
	ins := expr.Insert(Users).Values(Users.Name.Set("a"))
	tests := []struct {
		d    dialect.Dialect
		s    dialect.Statement
		keys dialect.KeySource
	}{
		{postgres.Dialect(), ins, dialect.NoKeys},
		{postgres.Dialect(), ins.Returning(Users.ID), dialect.KeysFromRows},
		{mysql.Dialect(), ins, dialect.KeysFromResult},
		{mysql.Dialect(), expr.Insert(Users).Values(Users.Name.Set("a"), Users.ID.Set(3)), dialect.NoKeys},
		{mysql.Dialect(), expr.Insert(Hits).Values(Hits.Path.Set("a")), dialect.NoKeys},
		{mssql.Dialect(), ins.Returning(Users.ID), dialect.KeysFromRows},
		{oracle.Dialect(), ins.Returning(Users.ID), dialect.KeysFromRows},
		{sqlite.Dialect(), expr.Update(Users).Set(Users.Age.Set(1)).EveryRow(), dialect.NoKeys},
		{sqlite.Dialect(), expr.Delete(Users).EveryRow(), dialect.NoKeys},
	}
	for _, test := range tests {
		c := compile(t, test.d, test.s)
		if c.Keys != test.keys || !c.Writes {
			t.Errorf("%s: %s: keys %v, writes %v", test.d.Name(), c.Text(), c.Keys, c.Writes)
		}
		c.Release()
	}
}

// Parameters carry the type of the column that they meet.
func TestArgumentTypes(t *testing.T) {
	c := compile(t, oracle.Dialect(), expr.Update(Users).Set(Users.Name.Set("x"), expr.Set(Users.Age, Users.Age.Add(2))).
		Where(Users.ID.In(1), Users.CreatedAt.Gt(at), expr.Not(Users.Email.Like("a"))).Returning(Users.ID, Users.Email))
	defer c.Release()
	var kinds []string
	for _, a := range c.Args() {
		k := a.Type.String()
		if a.Out {
			k = "out " + a.Name + " " + k
		}
		kinds = append(kinds, k)
	}
	want := "varchar(50), bigint, bigint, timestamp with time zone, varchar, out id bigint, out email varchar(120)"
	if got := strings.Join(kinds, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// One bind that stands twice keeps its number where the database numbers them; where it
// does not, its place in the result stands for the whole.
func TestSharedBind(t *testing.T) {
	year := expr.Add(Users.Age, expr.Value(5))
	q := expr.Select(year, expr.CountAll()).From(Users).GroupBy(year)
	for d, want := range map[dialect.Dialect]string{
		postgres.Dialect(): "SELECT users.age + $1, count(*) FROM users GROUP BY users.age + $1",
		mssql.Dialect():    "SELECT users.age + @p1, count(*) FROM users GROUP BY users.age + @p1",
		mysql.Dialect():    "SELECT users.age + ?, count(*) FROM users GROUP BY 1",
	} {
		if text, _, err := expr.SQL(q, d); err != nil || text != want {
			t.Errorf("%s: %s %v", d.Name(), text, err)
		}
	}
}

// A big IN is cut where the database limits the list.
func TestBigIn(t *testing.T) {
	ids := make([]int64, 2500)
	q := expr.Select(Users.ID).From(Users).Where(Users.ID.In(ids...), Users.Age.Gt(1))
	text, args, err := expr.SQL(q, oracle.Dialect())
	if err != nil || len(args) != 2501 || strings.Count(text, " IN (") != 3 || !strings.Contains(text, "WHERE (users.id IN (") {
		t.Errorf("%.200s %v", text, err)
	}
	not := expr.Select(Users.ID).From(Users).Where(expr.Or(Users.ID.NotIn(ids...), Users.Age.Gt(1)))
	if text, _, err = expr.SQL(not, oracle.Dialect()); err != nil || strings.Count(text, " AND users.id NOT IN (") != 2 {
		t.Errorf("%.200s %v", text, err)
	}
}

// fields resolves pointers to fields to columns.
type fields struct{ id, name int64 }

func (f *fields) Resolve(key any) (expr.Any, error) {
	switch key {
	case &f.id:
		return Users.ID, nil
	case &f.name:
		return Users.Name, nil
	}
	return nil, errors.New("no such field")
}

func TestReferences(t *testing.T) {
	f := &fields{}
	id, name := expr.Ref[int64](&f.id), expr.Ref[string](&f.name)
	hasOrder := expr.DeferCond(func(r expr.Resolver) (expr.Cond, error) {
		if _, err := r.Resolve(&f.id); err != nil {
			return expr.Cond{}, err
		}
		return expr.Exists(expr.Select(expr.Literal(1)).From(Orders).Where(expr.Eq(Orders.UserID, id))), nil
	})
	q := expr.Select(id, name).From(Users).Where(id.Gt(3), name.StartsWith("a"), hasOrder, expr.Not(hasOrder)).OrderBy(name.Desc()).Resolve(f)
	c := compile(t, postgres.Dialect(), q)
	defer c.Release()
	const want = "SELECT users.id, users.name FROM users WHERE users.id > $1 AND (users.name LIKE $2 || '%') AND " +
		"EXISTS (SELECT 1 FROM orders WHERE orders.user_id = users.id) AND " +
		"NOT EXISTS (SELECT 1 FROM orders WHERE orders.user_id = users.id) ORDER BY users.name DESC"
	if c.Text() != want {
		t.Errorf("got  %s\nwant %s", c.Text(), want)
	}
	if a := c.Args()[0]; a.Type == nil || a.Type.Kind != dialect.BigInt || c.Columns[1].Name != "name" {
		t.Errorf("a reference has no type: %+v %+v", a, c.Columns)
	}
	_, _, err := expr.SQL(q.Where(expr.Ref[int](new(int)).Eq(1)), postgres.Dialect())
	if err == nil || !strings.Contains(err.Error(), "no such field") {
		t.Errorf("an unknown reference: %v", err)
	}
}

func TestCustom(t *testing.T) {
	similar := func(a, b expr.Of[string]) expr.Expr[float64] {
		return expr.Custom[float64]("similarity", func(w *dialect.Writer, part func(int)) {
			if w.Features().Paging != dialect.LimitOffset {
				w.Unsupported("similarity", "compare with ILike")
			}
			w.WriteString("similarity(")
			part(0)
			w.WriteString(", ")
			part(1)
			w.WriteString(")")
		}, a, b)
	}
	q := expr.Select(Users.ID).From(Users).Where(similar(Users.Name, expr.Value("ada")).Gt(0.5))
	if text, args, err := expr.SQL(q, postgres.Dialect()); err != nil || len(args) != 2 ||
		text != "SELECT users.id FROM users WHERE (similarity(users.name, $1)) > $2" {
		t.Errorf("%s %v %v", text, args, err)
	}
	if _, _, err := expr.SQL(q, mysql.Dialect()); !errors.Is(err, dialect.ErrUnsupported) {
		t.Errorf("mysql: %v", err)
	}
	if _, _, err := expr.SQL(expr.Select(similar(Orders.Status, Users.Name)).From(Users), postgres.Dialect()); err == nil {
		t.Error("a child's column of no table is accepted")
	}
}

// small is SQLite with small limits.
type small struct {
	dialect.Dialect
	f dialect.Features
}

func (s *small) Features() *dialect.Features { return &s.f }

func TestBatches(t *testing.T) {
	d := &small{Dialect: sqlite.Dialect()}
	d.f = *sqlite.Dialect().Features()
	d.f.MaxParams = 5 // two rows of two
	flat := []any{"a", 1, "b", 2, "c", 3, "d", 4, "e", 5}
	rows := make([][]any, 5)
	assigned := expr.Insert(Hits)
	for k := range rows {
		rows[k] = flat[2*k : 2*k+2]
		assigned = assigned.Values(Hits.Path.Set(flat[2*k].(string)), Hits.Hits.Set(flat[2*k+1].(int)))
	}
	for name, stmt := range map[string]expr.InsertStmt{
		"flat":   expr.Insert(Hits).Columns(Hits.Path, Hits.Hits).Flat(flat),
		"rows":   expr.Insert(Hits).Columns(Hits.Path, Hits.Hits).Rows(rows...),
		"values": assigned,
	} {
		var sent []any
		sizes := ""
		for step, err := range steps(stmt.Returning(Hits.Path).Batches(nil), d) {
			if err != nil {
				t.Fatal(err)
			}
			text, args, err := expr.SQL(step.Statement, d)
			if err != nil || !strings.HasSuffix(text, "RETURNING path") {
				t.Errorf("%s: %s %v", name, text, err)
			}
			sizes += fmt.Sprint(len(args), " ")
			sent = append(sent, args...)
		}
		if sizes != "4 4 2 " || !reflect.DeepEqual(sent, flat) {
			t.Errorf("%s: sent %v in batches of %s", name, sent, sizes)
		}
	}
	for step := range steps(expr.Insert(Hits).Columns(Hits.Path, Hits.Hits).Flat(flat[:9]).Batches(nil), d) {
		if _, _, err := expr.SQL(step.Statement, d); err == nil {
			t.Error("an uneven list of values loses some in silence")
		}
	}
}

func steps(s dialect.Script, d dialect.Dialect) iter.Seq2[dialect.Step, error] { return s.Steps(d) }

func TestHostileNames(t *testing.T) {
	const evil = `a"]` + "`" + `; DROP TABLE x --`
	table := schema.New("t", schema.BigInt(evil).PrimaryKey())
	q := expr.Select(table.Col(evil).As(evil)).From(table.As(evil).Table, table).OrderBy(table.Col(evil))
	for d, quoted := range map[dialect.Dialect]string{
		postgres.Dialect(): `"a""]` + "`" + `; DROP TABLE x --"`,
		mysql.Dialect():    "`a\"]``; DROP TABLE x --`",
		mssql.Dialect():    `[a"]]` + "`" + `; DROP TABLE x --]`,
	} {
		text, _, err := expr.SQL(q, d)
		if err != nil {
			t.Errorf("%s: %v", d.Name(), err)
		}
		if rest := strings.ReplaceAll(text, quoted, "Q"); strings.Contains(rest, "DROP") {
			t.Errorf("%s: %s", d.Name(), text)
		}
	}
	if _, _, err := expr.SQL(expr.Select(expr.Value(1).As("a\x00b")), postgres.Dialect()); err == nil {
		t.Error("a label with a NUL byte is accepted")
	}
}

// A DELETE names other tables as the version takes them: Oracle from 23ai on.
func TestDeleteFromOthers(t *testing.T) {
	s := expr.Delete(Users).Using(Orders).Where(expr.Eq(Orders.UserID, Users.ID))
	for d, want := range map[dialect.Dialect]string{
		oracle.Dialect():                   "DELETE FROM users FROM orders WHERE orders.user_id = users.id",
		oracle.Dialect(oracle.Version(19)): "DELETE FROM users WHERE EXISTS (SELECT 1 FROM orders WHERE orders.user_id = users.id)",
	} {
		if text, _, err := expr.SQL(s, d); err != nil || text != want {
			t.Errorf("%s: %s, %v", d.Features().Version, text, err)
		}
	}
}
