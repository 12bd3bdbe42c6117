package expr_test

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
)

// A call that leaves a lock or a setting on the session is seen wherever it
// stands in a statement, as in a text.
func TestSessionCalls(t *testing.T) {
	pg, my := postgres.Dialect(), mysql.Dialect()
	lock := func(name string) expr.Expr[bool] { return expr.Func[bool](name, expr.Value(int64(77))) }
	users := func(e expr.Any) dialect.Statement { return expr.Select(e).From(Users) }
	rows, _ := expr.ValueFunc[bool]("f", lock("pg_try_advisory_lock"))
	template := &expr.Template{Name: "lock", Text: "get_lock({0}, 0)", Precedence: expr.BindsClosed}
	custom := expr.Custom[int]("lock", func(w *dialect.Writer, part func(int)) {
		w.WriteString("SET_CONFIG('a.b', ")
		part(0)
		w.WriteString(", false)")
	}, expr.Value("x"))
	for name, tt := range map[string]struct {
		d    dialect.Dialect
		stmt dialect.Statement
		want bool
	}{
		"function":             {pg, expr.Select(lock("pg_advisory_lock")), true},
		"upper case":           {pg, expr.Select(lock("PG_ADVISORY_LOCK")), true},
		"in a schema":          {pg, expr.Select(lock("pg_catalog.pg_advisory_unlock")), true},
		"within a condition":   {pg, expr.Select(Users.ID).From(Users).Where(expr.True(lock("pg_try_advisory_lock"))), true},
		"within a subquery":    {pg, expr.Select(expr.Scalar[bool](expr.Select(lock("pg_try_advisory_lock")))), true},
		"in an UPDATE":         {pg, expr.Update(Users).Set(expr.Set(Users.Active, lock("pg_try_advisory_lock"))).EveryRow(), true},
		"in FROM":              {pg, expr.Select(expr.Literal(1)).From(rows), true},
		"text":                 {pg, users(expr.Text("pg_advisory_lock({0})", 1)), true},
		"text with names":      {pg, users(expr.Text("pg_advisory_lock(:key)", dialect.Named{"key": 1})), true},
		"condition as text":    {my, expr.Select(Users.ID).From(Users).Where(expr.TextCond("GET_LOCK({0}, 0) = 1", "a")), true},
		"assignment as text":   {my, users(expr.Text("@n := 1")), true},
		"template":             {my, users(expr.Fill[int](template, Users.Name)), true},
		"custom":               {pg, users(custom), true},
		"of the transaction":   {pg, expr.Select(lock("pg_advisory_xact_lock")), false},
		"of another database":  {my, expr.Select(lock("pg_advisory_lock")), false},
		"none has it":          {sqlite.Dialect(), expr.Select(lock("get_lock")), false},
		"a column of the name": {pg, users(Users.Name.As("set_config")), false},
		"a value of the name":  {pg, users(expr.Literal("set_config(1)")), false},
		"not in text":          {pg, users(expr.Text("lower('set_config(1)')")), false},
		"plain":                {pg, users(expr.Lower(Users.Name)), false},
	} {
		c := compile(t, tt.d, tt.stmt)
		if c.Session != tt.want {
			t.Errorf("%s: %s: session %v", name, c.Text(), c.Session)
		}
		c.Release()
	}
	c := compile(t, pg, users(custom))
	defer c.Release()
	if want := "SELECT SET_CONFIG('a.b', $1, false) FROM users"; c.Text() != want {
		t.Errorf("got  %s\nwant %s", c.Text(), want)
	}
}

// The parts of a function's name in a schema get quotes where they are
// reserved, as in the name of a table.
func TestFunctionNames(t *testing.T) {
	for _, tt := range []struct {
		d          dialect.Dialect
		name, want string
	}{
		{oracle.Dialect(), "audit.score_of", `"audit".score_of`},
		{oracle.Dialect(), "DBMS_RANDOM.value", `DBMS_RANDOM.value`},
		{oracle.Dialect(), "a.Order.c", `a."Order".c`},
		{oracle.Dialect(), "a._b", `a."_b"`},
		{postgres.Dialect(), "audit.score_of", "audit.score_of"},
		{postgres.Dialect(), "User.Order", `"User"."Order"`},
		{postgres.Dialect(), "Pg_Catalog.Lower", "Pg_Catalog.Lower"},
		{mysql.Dialect(), "Order.f", "`Order`.f"},
		{mysql.Dialect(), "Schema1.select", "Schema1.`select`"},
		{mysql.Dialect(), "replace", "replace"},
	} {
		text, _, err := expr.SQL(expr.Select(expr.Func[int](tt.name)), tt.d)
		want := "SELECT " + tt.want + "()" + map[bool]string{true: " FROM DUAL"}[tt.d.Features().Dual != ""]
		if err != nil || text != want {
			t.Errorf("%s: got  %s %v\nwant %s", tt.d.Name(), text, err, want)
		}
	}
}
