package expr_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// What SQLAlchemy's users rely on when statements are compiled; the numbers
// are those of docs/behaviours.md.

var pgd, myd, lited, msd, orad = dialects[0], dialects[1], dialects[2], dialects[3], dialects[4]

// says is what a statement is on some databases; "! …" for what an error says.
type says map[dialect.Dialect]string

// told checks what a statement is on some databases.
func told(t *testing.T, name string, stmt dialect.Statement, want says) {
	t.Helper()
	for d, text := range want {
		got, _, err := expr.SQL(stmt, d)
		if say, bad := strings.CutPrefix(text, "! "); bad {
			if err == nil || !strings.Contains(err.Error(), say) {
				t.Errorf("%s, %s: got %s %v\nwant an error that says %q", name, d.Name(), got, err, say)
			}
		} else if err != nil || got != text {
			t.Errorf("%s, %s:\n got %s %v\nwant %s", name, d.Name(), got, err, text)
		}
	}
}

// everywhere is one text for all databases.
func everywhere(text string) says {
	all := says{}
	for _, d := range dialects {
		all[d] = text
	}
	return all
}

// 85
func TestLastLimitCounts(t *testing.T) {
	q := expr.Select(Users.ID).From(Users).OrderBy(Users.ID).Limit(5).Offset(20)
	told(t, "a number after an expression", q.LimitExpr(expr.Literal(7)).Limit(9), says{
		orad: "SELECT users.id FROM users ORDER BY users.id OFFSET 20 ROWS FETCH FIRST 9 ROWS ONLY"})
	told(t, "a share after a number", q.LimitPercent(10), says{
		orad: "SELECT users.id FROM users ORDER BY users.id OFFSET 20 ROWS FETCH FIRST 10 PERCENT ROWS ONLY"})
	told(t, "a number after a share", q.LimitPercent(10).Limit(9), says{
		orad: "SELECT users.id FROM users ORDER BY users.id OFFSET 20 ROWS FETCH FIRST 9 ROWS ONLY",
		pgd:  "SELECT users.id FROM users ORDER BY users.id LIMIT $1 OFFSET $2"})
}

// 86, 87, 88
func TestOrderAndGroupByLabels(t *testing.T) {
	n := expr.Add(Users.Age, Users.Age).As("n")
	q := expr.Select(Users.ID, n).From(Users)
	const head = "SELECT users.id, users.age + users.age AS n FROM users "
	for name, test := range map[string]struct {
		stmt dialect.Statement
		want says
	}{
		"by its name":              {q.OrderBy(n), everywhere(head + "ORDER BY n")},
		"with a direction":         {q.OrderBy(n.Desc()), everywhere(head + "ORDER BY n DESC")},
		"with NULLS LAST":          {q.OrderBy(n.Desc().NullsLast()), says{pgd: head + "ORDER BY n DESC NULLS LAST", orad: head + "ORDER BY n DESC NULLS LAST"}},
		"within a function":        {q.OrderBy(expr.Abs(n)), everywhere(head + "ORDER BY abs(users.age + users.age)")},
		"within a sum":             {q.OrderBy(expr.Add(n, Users.Age)), everywhere(head + "ORDER BY users.age + users.age + users.age")},
		"another of the same name": {q.OrderBy(expr.Sub(Users.Age, Users.Age).As("n")), everywhere(head + "ORDER BY users.age - users.age")},
		"one that is not selected": {q.OrderBy(expr.Sub(Users.Age, Users.Age).As("m")), everywhere(head + "ORDER BY users.age - users.age")},
		"two columns of one name": {expr.Select(n, Users.ID.As("n")).From(Users).OrderBy(n),
			everywhere("SELECT users.age + users.age AS n, users.id AS n FROM users ORDER BY users.age + users.age")},
		"grouped": {expr.Select(n, expr.CountAll().As("c")).From(Users).GroupBy(n),
			everywhere("SELECT users.age + users.age AS n, count(*) AS c FROM users GROUP BY users.age + users.age")},
	} {
		told(t, name, test.stmt, test.want)
	}
}

// 89
func TestConditionsCollapse(t *testing.T) {
	from := expr.Select(Users.ID).From(Users)
	a, b, c := Users.Name.Eq("a"), Users.Name.Eq("b"), Users.Name.Eq("c")
	no := expr.When(false, a)
	const head = "SELECT users.id FROM users"
	for name, test := range map[string]struct {
		cond expr.Cond
		want string
	}{
		"one":                  {expr.And(a), " WHERE users.name = $1"},
		"one in one":           {expr.Or(expr.And(expr.Or(a))), " WHERE users.name = $1"},
		"none beside one":      {expr.And(no, expr.Or(no, a), expr.And(no)), " WHERE users.name = $1"},
		"none at all":          {expr.And(no, expr.Or(no, expr.And(no))), ""},
		"the same operator":    {expr.And(a, expr.And(b, expr.And(c))), " WHERE users.name = $1 AND users.name = $2 AND users.name = $3"},
		"one of the other":     {expr.And(a, expr.Or(b)), " WHERE users.name = $1 AND users.name = $2"},
		"several of the other": {expr.And(a, expr.Or(b, no, c)), " WHERE users.name = $1 AND (users.name = $2 OR users.name = $3)"},
		"always":               {expr.And(a, expr.Always()), " WHERE users.name = $1"},
		"never":                {expr.Or(a, expr.Never()), " WHERE users.name = $1"},
	} {
		told(t, name, from.Where(test.cond), says{pgd: head + test.want})
	}
}

// 90
func TestAlwaysByDatabase(t *testing.T) {
	told(t, "always", expr.Select(Users.ID).From(Users).Where(expr.Always()), says{
		pgd:                                "SELECT users.id FROM users WHERE true",
		myd:                                "SELECT users.id FROM users WHERE true",
		lited:                              "SELECT users.id FROM users WHERE 1 = 1",
		msd:                                "SELECT users.id FROM users WHERE 1 = 1",
		orad:                               "SELECT users.id FROM users WHERE true",
		oracle.Dialect(oracle.Version(19)): "SELECT users.id FROM users WHERE 1 = 1"})
}

// 91
func TestOneNameForAListAndAValue(t *testing.T) {
	q := expr.Select(Users.ID).From(Users).
		Where(expr.InParam(Users.ID, "x", 1, 2), expr.Eq(Users.ID, expr.Param[int64]("x", 3)))
	for _, d := range dialects {
		_, _, err := expr.SQL(q, d)
		if err == nil || !strings.Contains(err.Error(), "parameter x is a list in one place and a value in another; give them different names") {
			t.Errorf("%s: %v", d.Name(), err)
		}
	}
}

// 92, 93: parameters are told apart by their places, so that no name, the
// user's or a column's, can stand for another one's value.
func TestNamesOfParametersDoNotClash(t *testing.T) {
	odd := schema.New("odd", schema.Integer("_3foo"), schema.Integer("4%foo"), schema.Integer("p1"), schema.Varchar("name", 9))
	c := func(name string) expr.Col[int] { return schema.C[int](odd, name) }
	ins := expr.Insert(odd).Values(c("_3foo").Set(1), c("4%foo").Set(2), expr.Set(c("p1"), expr.Param[int]("p1", 3)),
		expr.Set(schema.C[string](odd, "name"), expr.Param[string]("_3foo", "x")))
	q := expr.Select(c("_3foo")).From(odd).Where(c("_3foo").Eq(1), c("4%foo").Eq(2), expr.Eq(c("p1"), expr.Param[int]("p2", 3)),
		expr.Eq(schema.C[string](odd, "name"), expr.Param[string]("p1", "x")))
	for _, d := range dialects {
		for _, s := range []dialect.Statement{ins, q} {
			text, args, err := expr.SQL(s, d)
			if err != nil || !slices.Equal(args, []any{1, 2, 3, "x"}) {
				t.Errorf("%s: %s %v %v", d.Name(), text, args, err)
			}
		}
	}
	told(t, "insert", ins, says{msd: "INSERT INTO odd (_3foo, [4%foo], p1, name) VALUES (@p1, @p2, @p3, @p4)"})
}

// 94
func TestOneListInSeveralPlaces(t *testing.T) {
	x := expr.InParam(Users.ID, "x", 7, 8)
	q := expr.Select(Users.ID).From(Users).Where(Users.Age.Eq(1), x, expr.Or(Users.Age.Eq(2), x))
	for _, d := range dialects {
		text, args, err := expr.SQL(q, d)
		if err != nil || !slices.Equal(args, []any{1, int64(7), int64(8), 2, int64(7), int64(8)}) {
			t.Errorf("%s: %s %v %v", d.Name(), text, args, err)
		}
	}
	told(t, "places", q, says{
		pgd:   "SELECT users.id FROM users WHERE users.age = $1 AND users.id IN ($2, $3) AND (users.age = $4 OR users.id IN ($5, $6))",
		myd:   "SELECT users.id FROM users WHERE users.age = ? AND users.id IN (?, ?) AND (users.age = ? OR users.id IN (?, ?))",
		msd:   "SELECT users.id FROM users WHERE users.age = @p1 AND users.id IN (@p2, @p3) AND (users.age = @p4 OR users.id IN (@p5, @p6))",
		orad:  "SELECT users.id FROM users WHERE users.age = :1 AND users.id IN (:2, :3) AND (users.age = :4 OR users.id IN (:5, :6))",
		lited: "SELECT users.id FROM users WHERE users.age = ? AND users.id IN (?, ?) AND (users.age = ? OR users.id IN (?, ?))"})
	more := expr.WithValues(expr.Select(Users.ID).From(Users).Where(x, x), dialect.Named{"x": []int64{1, 2, 3}})
	told(t, "a longer one", more, says{pgd: "SELECT users.id FROM users WHERE users.id IN ($1, $2, $3) AND users.id IN ($4, $5, $6)"})
}

// 95
func TestValueWithoutALiteralForm(t *testing.T) {
	type odd struct{ X int }
	told(t, "literal", expr.Select(expr.Literal(odd{1}).As("v")), says{
		pgd: "! expr: SELECT: postgres: a expr_test.odd has no literal form", msd: "! a expr_test.odd has no literal form"})
	for _, d := range dialects {
		if text, _, err := expr.SQL(expr.Select(expr.Literal(odd{1}).As("v")), d); err == nil || text != "" {
			t.Errorf("%s: %s %v", d.Name(), text, err)
		}
	}
}

// 96, 101
func TestColumnsOfOneName(t *testing.T) {
	d := expr.Select(Users.ID, Orders.ID, Orders.UserID.As("id_1")).From(Users).CrossJoin(Orders).As("d")
	q := expr.Select(expr.Columns(d)...).From(d)
	told(t, "derived", q, says{pgd: "SELECT d.id, d.id_1, d.id_1_1 FROM (SELECT users.id AS id, orders.id AS id_1, orders.user_id AS id_1_1 FROM users CROSS JOIN orders) AS d"})
	union := expr.Union(expr.Select(Users.ID, Users.Age.As("id_1")).From(Users), expr.Select(Orders.ID, Orders.UserID).From(Orders)).As("u")
	told(t, "union", expr.Select(expr.C[int64](union, "id_1"), expr.C[int64](union, "id")).From(union), says{
		pgd: "SELECT u.id_1, u.id FROM (SELECT users.id AS id, users.age AS id_1 FROM users UNION SELECT orders.id AS id, orders.user_id AS user_id FROM orders) AS u"})
	c, err := dialect.Compile(pgd, expr.Select(Users.ID, Orders.ID).From(Users).CrossJoin(Orders))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Release()
	if len(c.Columns) != 2 || c.Columns[0].Table != "users" || c.Columns[1].Table != "orders" || c.Columns[1].Name != "id" {
		t.Errorf("%+v", c.Columns)
	}
}

// 97, 98, 99
func TestCorrelation(t *testing.T) {
	newest := expr.Select(expr.Max(Orders.ID)).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID))
	told(t, "one level", expr.Select(Users.Name).From(Users).Where(expr.Eq(Users.ID, expr.Scalar[int64](newest))), says{
		pgd: "SELECT users.name FROM users WHERE users.id = (SELECT max(orders.id) FROM orders WHERE orders.user_id = users.id)"})
	deep := expr.Select(expr.Max(Items.ID)).From(Items).Where(expr.Exists(newest))
	told(t, "two levels", expr.Select(Users.Name).From(Users).Where(expr.Eq(Users.ID, expr.Scalar[int64](deep))), says{
		pgd: "SELECT users.name FROM users WHERE users.id = (SELECT max(items.id) FROM items WHERE EXISTS (SELECT max(orders.id) FROM orders WHERE orders.user_id = users.id))"})
	d := expr.Select(Orders.ID).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID)).As("d")
	told(t, "in FROM", expr.Select(Users.ID).From(Users, d), everywhere("! WHERE: column users.id: table users is not in FROM or a join"))
	same := expr.Select(expr.Max(Users.ID)).From(Users)
	told(t, "the same table", expr.Select(Users.Name).From(Users).Where(expr.Eq(Users.ID, expr.Scalar[int64](same))), everywhere("! table users stands twice"))
	told(t, "the same table, on purpose", expr.Select(Users.Name).From(Users).Where(expr.Eq(Users.ID, expr.Scalar[int64](same.Uncorrelated()))), says{
		pgd: "SELECT users.name FROM users WHERE users.id = (SELECT max(users.id) FROM users)"})
	told(t, "of no other query", same.Uncorrelated(), everywhere("SELECT max(users.id) FROM users"))
}

// 100
func TestOneNameInTwoSchemas(t *testing.T) {
	a, b := schema.New("things", schema.BigInt("id")), schema.New("other.things", schema.BigInt("id"))
	told(t, "as they are", expr.Select(a.Col("id"), b.Col("id")).From(a, b), says{pgd: "! two tables are called things"})
	x, y := a.As("x"), b.As("y")
	told(t, "aliased", expr.Select(x.Col("id"), y.Col("id")).From(x).Join(y, expr.Eq(x.Col("id"), y.Col("id"))), says{
		pgd: "SELECT x.id, y.id FROM things AS x JOIN other.things AS y ON x.id = y.id"})
	told(t, "the wrong one", expr.Select(a.Col("id")).From(b), everywhere("! column things.id: table things is not in FROM"))
	told(t, "the other one", expr.Select(b.Col("id")).From(b), says{pgd: "SELECT other.things.id FROM other.things"})
}

// 104
func TestMissingValueIsNamed(t *testing.T) {
	a := expr.Select(Users.ID).From(Users).Where(expr.Eq(Users.ID, expr.Param[int64]("a")), expr.Eq(Users.Name, expr.Param[string]("b")))
	for _, d := range dialects {
		_, _, err := expr.SQL(expr.WithValues(a, dialect.Named{"a": int64(1)}), d)
		if err == nil || !strings.Contains(err.Error(), "no value for parameter b") || strings.Contains(err.Error(), "parameter a") {
			t.Errorf("%s: %v", d.Name(), err)
		}
		_, _, err = expr.SQL(a, d)
		if err == nil || !strings.Contains(err.Error(), "parameter a") || !strings.Contains(err.Error(), "parameter b") {
			t.Errorf("%s: not both: %v", d.Name(), err)
		}
		rows := expr.Insert(Hits).Values(Hits.Path.Set("x"), Hits.Hits.Set(1)).Values(Hits.Path.Set("y"))
		if _, _, err = expr.SQL(rows, d); err == nil || !strings.Contains(err.Error(), "row 2") {
			t.Errorf("%s: the row is not named: %v", d.Name(), err)
		}
	}
}

// 120
func TestLiveUniqueViolationInABatch(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		if err := schema.NewMetadata(Hits).CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		ins := expr.Insert(Hits)
		for _, path := range []string{"a", "b", "a"} {
			ins = ins.Values(Hits.Path.Set(path), Hits.Hits.Set(1))
		}
		for name, s := range map[string]dialect.Script{
			"alone":          ins.Batches(nil),
			"with RETURNING": ins.Returning(Hits.Hits).Batches(func(dialect.Rows) error { return nil }),
		} {
			_, err := dialect.RunScript(t.Context(), l, s)
			if name != "alone" && errors.Is(err, dialect.ErrUnsupported) {
				continue
			}
			e := l.d.Classify(orNone(err))
			if err == nil || e == nil || !e.Kind.In(dialect.ErrUniqueViolation) {
				t.Errorf("%s: %v", name, err)
			}
		}
		var n int64
		if _, err := l.Run(t.Context(), expr.Select(expr.CountAll()).From(Hits), func(r dialect.Rows) error {
			for r.Next() {
				if err := r.ScanRow([]any{&n}); err != nil {
					return err
				}
			}
			return r.Err()
		}); err != nil || n != 0 {
			t.Errorf("%d rows stayed: %v", n, err)
		}
	})
}

// 127, 128
func TestLiveGeneratedKeys(t *testing.T) {
	pair := schema.New("pairs", schema.BigInt("part").PrimaryKey(), schema.BigInt("id").PrimaryKey().Identity(), schema.Integer("n"))
	part, id, n := schema.C[int64](pair, "part"), schema.C[int64](pair, "id"), schema.C[int](pair, "n")
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		if err := schema.NewMetadata(Users).CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		rows := func(q dialect.Statement, dst ...any) {
			t.Helper()
			if _, err := l.Run(t.Context(), q, func(r dialect.Rows) error {
				for r.Next() {
					if err := r.ScanRow(dst); err != nil {
						return err
					}
				}
				return r.Err()
			}); err != nil {
				t.Errorf("%v", err)
			}
		}
		// A key that is NULL is one that the database makes, where its column takes NULL for that.
		null := expr.Insert(Users).Values(Users.ID.SetNull(), Users.Name.Set("ada"), Users.Active.Set(true))
		res, err := l.Run(t.Context(), null, nil)
		if l.d.Features().InsertID != dialect.NoInsertID {
			key, kerr := res.LastInsertID()
			var have int64
			rows(expr.Select(Users.ID).From(Users), &have)
			if err != nil || kerr != nil || key == 0 || key != have {
				t.Errorf("key %d, in the table %d: %v %v", key, have, err, kerr)
			}
		} else if err == nil || !l.d.Classify(err).Kind.In(dialect.ErrNotNullViolation) && !errors.Is(err, dialect.ErrStatement) {
			t.Errorf("a NULL key: %v", err)
		}
		// The second column of the key is generated, the first one given.
		if err := schema.NewMetadata(pair).CreateAll(t.Context(), l); err != nil {
			if !errors.Is(err, dialect.ErrUnsupported) {
				t.Fatal(err)
			}
			t.Logf("%s: %v", b.Name, err)
			return
		}
		ins := expr.Insert(pair).Values(part.Set(40), n.Set(7))
		c, err := dialect.Compile(l.d, ins.ReturningKey())
		if err != nil {
			t.Fatal(err)
		}
		from := c.Keys
		c.Release()
		var key int64
		if from == dialect.KeysFromResult {
			if res, err = l.Run(t.Context(), ins.ReturningKey(), nil); err == nil {
				key, err = res.LastInsertID()
			}
			if err != nil {
				t.Fatal(err)
			}
		} else {
			rows(ins.ReturningKey(), &key)
		}
		var havePart, haveID, haveN int64
		rows(expr.Select(part, id, n).From(pair), &havePart, &haveID, &haveN)
		if key != haveID || havePart != 40 || haveN != 7 || haveID == 0 || haveID == 40 {
			t.Errorf("key %d; the row is %d, %d, %d", key, havePart, haveID, haveN)
		}
	})
}
