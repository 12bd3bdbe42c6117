package expr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

type broken struct {
	schema.Table
	ID   schema.Col[int64] `db:",pk,identiti"`
	Name string
}

func TestMistakes(t *testing.T) {
	from := expr.Select(Users.ID).From(Users)
	dyn := schema.New("things", schema.BigInt("id").PrimaryKey(), schema.Varchar("name", 20))
	var noUsers *users
	tests := []struct {
		name string
		stmt dialect.Statement
		want []string // each must be in the error
	}{
		{"column of no table in FROM", expr.Select(Users.ID, Orders.ID).From(Users), []string{"SELECT", "orders.id", "table orders is not in FROM"}},
		{"column of another role", expr.Select(Users.ID).From(u), []string{"SELECT: column users.id", "another role of it, u"}},
		{"no FROM", expr.Select(Users.ID), []string{"table users is not in FROM"}},
		{"no columns", expr.Select().From(Users), []string{"SELECT: no columns"}},
		{"zero select", expr.SelectStmt{}, []string{"no columns"}},
		{"nil column", expr.Select(nil, Users.ID).From(Users), []string{"SELECT: nil column"}},
		{"zero column", expr.Select(schema.Col[int]{}).From(Users), []string{"SELECT: nil column"}},
		{"nil table", expr.Select(Users.ID).From(Users, nil), []string{"FROM: nil table"}},
		{"nil pointer", expr.Select(Users.ID).From(Users, noUsers), []string{"FROM: nil table"}},
		{"table twice", expr.Select(Users.ID).From(Users).Join(Users, expr.Eq(Users.ID, Users.ID)), []string{"table users stands twice", "schema.As"}},
		{"name twice", expr.Select(Users.ID).From(Users).CrossJoin(schema.As(Orders, "users")), []string{"two tables are called users"}},
		{"zero Cond", from.Where(expr.Cond{}), []string{"WHERE: zero Cond", "expr.When"}},
		{"zero Cond in And", from.Where(expr.And(Users.ID.Eq(1), expr.Cond{})), []string{"WHERE: AND: zero Cond"}},
		{"zero Cond in Not", from.Where(expr.Not(expr.Cond{})), []string{"WHERE: NOT: zero Cond"}},
		{"And of nothing", from.Where(expr.And()), []string{"WHERE: AND of no conditions"}},
		{"join without condition", from.Join(Orders, expr.Cond{}), []string{"ON: join of orders: zero Cond"}},
		{"join on nothing", from.Join(Orders, expr.When(false, Users.ID.Eq(1))), []string{"ON: expr.When gives no condition"}},
		{"nil operand", from.Where(expr.Eq[int64](Users.ID, nil)), []string{"WHERE: nil operand"}},
		{"zero operand", from.Where(expr.Eq(Users.ID, expr.Expr[int64]{})), []string{"WHERE: nil operand"}},
		{"nil argument", expr.Select(expr.Count(nil)).From(Users), []string{"SELECT: nil operand"}},
		{"equals nil", from.Where(dynUsers.Col("name").Eq(nil)), []string{"users.name", "IsNull"}},
		{"text method on a number", from.Where(Users.ID.StartsWith("1")), []string{"WHERE: StartsWith: users.id is not text, but int64"}},
		{"arithmetic on text", expr.Select(Users.Name.Add("x")).From(Users), []string{"SELECT: +: users.name is not a number, but string; expr.Concat joins texts"}},
		{"a sum of texts", expr.Select(expr.Add(Users.Name, Users.Email)).From(Users), []string{"SELECT: +: users.name is not a number, but string; expr.Concat joins texts"}},
		{"a product of texts", expr.Select(expr.Mul(Users.Name, Users.Email)).From(Users), []string{"SELECT: *: users.name is not a number, but string"}},
		{"aggregate in WHERE", from.Where(expr.Count(Users.Age).Gt(1)), []string{"WHERE: the aggregate count(users.age)", "Having"}},
		{"count(*) in WHERE", from.Where(expr.CountAll().Gt(1)), []string{"WHERE: the aggregate count(*)"}},
		{"aggregate in ON", from.Join(Orders, expr.Eq(expr.Max(Orders.UserID), Users.ID)), []string{"ON: the aggregate max(orders.user_id)"}},
		{"aggregate in GROUP BY", from.GroupBy(expr.Sum(Users.Age)), []string{"GROUP BY: the aggregate sum(users.age)"}},
		{"aggregate in SET", expr.Update(Users).Set(expr.Set(Users.ID, expr.Max(Users.ID))).Where(Users.ID.Eq(1)), []string{"SET: the aggregate max(users.id)"}},
		{"aggregate in a subquery's WHERE", from.Where(expr.Exists(expr.Select(Orders.ID).From(Orders).Where(expr.Count(Orders.ID).Gt(1)))), []string{"WHERE: the aggregate count(orders.id)"}},
		{"window in WHERE", from.Where(expr.RowNumber().Over(expr.Window{}.OrderBy(Users.ID)).Eq(1)), []string{"WHERE: row_number() over a window", "derived table"}},
		{"window in HAVING", from.GroupBy(Users.ID).Having(expr.Count(Users.ID).Over(expr.Window{}).Gt(1)), []string{"HAVING: count(users.id) over a window"}},
		{"negative limit", from.Limit(-1), []string{"LIMIT: negative limit -1"}},
		{"negative offset", from.Offset(-2), []string{"OFFSET: negative offset -2"}},
		{"nil query", from.Where(expr.In(Users.ID, nil)), []string{"WHERE: IN: nil query"}},
		{"query of two columns", from.Where(expr.In(Users.ID, expr.Select(Orders.ID, Orders.UserID).From(Orders))), []string{"the query has 2 columns, and 1 is due"}},
		{"scalar of two columns", expr.Select(expr.Scalar[int64](expr.Select(Orders.ID, Orders.UserID).From(Orders))).From(Users), []string{"the query has 2 columns"}},
		{"empty label", expr.Select(expr.Typed[int](expr.Lower(Users.Name)).As("")).From(Users), []string{"empty label"}},
		{"bad function", expr.Select(expr.Func[int]("f(); --")).From(Users), []string{`"f(); --" is not the name of a function`}},
		{"hole without argument", from.Where(expr.TextCond("a = {1}", 1)), []string{"hole {1} has no argument"}},
		{"argument without hole", from.Where(expr.TextCond("a = {0}", 1, 2)), []string{"argument 1 has no hole"}},
		{"CASE without WHEN", expr.Select(expr.Case[int]().Else(1).End()).From(Users), []string{"CASE without WHEN"}},
		{"CTE without With", expr.Select(expr.Literal(1)).From(expr.CTE("c", from)), []string{"c is a common table expression that no With brings in"}},
		{"derived table without a name", expr.Select(expr.Literal(1)).From(from.As("")), []string{"a derived table needs a name"}},
		{"column of a derived table", expr.Select(expr.C[int](from.As("d"), "nme")).From(from.As("d")), []string{`table d has no column "nme"`}},
		{"sees nothing outside", expr.Select(Users.ID).From(Users, expr.Select(Orders.ID).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID)).As("d")),
			[]string{"WHERE: column users.id", "not in FROM"}},
		{"unequal set operation", expr.Union(from, expr.Select(Orders.ID, Orders.UserID).From(Orders)), []string{"query 2 has 2 columns, and the first has 1"}},
		{"set operation of one", expr.Union(from), []string{"fewer than two"}},
		{"nil in a set operation", expr.Union(from, nil), []string{"nil query"}},
		{"misspelt column", expr.Select(dyn.Col("nmae")).From(dyn), []string{`table things has no column "nmae"`, `did you mean "name"`}},
		{"wrong type", expr.Select(schema.C[string](dyn, "id")).From(dyn), []string{"things.id is bigint, which does not fit string"}},
		{"broken declaration", expr.Select(expr.Literal(1)).From(schema.Define[broken]()), []string{`unknown option "identiti"`, `"identity"`}},
		{"no resolver", expr.Select(expr.Ref[int](new(int))).From(Users), []string{"no Resolver"}},

		{"insert of nothing", expr.Insert(Users), []string{"VALUES: no rows"}},
		{"zero insert", expr.InsertStmt{}, []string{"INSERT: no table"}},
		{"insert into nil", expr.Insert(nil).Values(Users.Name.Set("x")), []string{"nil table"}},
		{"empty row", expr.Insert(Users).Values(), []string{"row 1 is empty", "DefaultValues"}},
		{"column of another table", expr.Insert(Users).Values(Orders.Status.Set("x")), []string{"orders.status is not one of users"}},
		{"zero assignment", expr.Insert(Users).Values(expr.Assignment{}), []string{"zero column"}},
		{"assigned twice", expr.Insert(Users).Values(Users.Name.Set("x"), Users.Name.Set("y")), []string{"users.name is assigned twice"}},
		{"rows of different columns", expr.Insert(Users).Values(Users.Name.Set("x")).Values(Users.Age.Set(1)), []string{"row 2 has no value for users.name"}},
		{"longer row", expr.Insert(Users).Values(Users.Name.Set("x")).Values(Users.Name.Set("x"), Users.Age.Set(1)), []string{"row 2 assigns 2 columns, and the first 1"}},
		{"uneven values", expr.Insert(Users).Columns(Users.Name, Users.Age).Flat([]any{1, 2, 3}), []string{"3 values for rows of 2 columns"}},
		{"short row", expr.Insert(Users).Columns(Users.Name, Users.Age).Rows([]any{1}), []string{"row 1 has 1 values for 2 columns"}},
		{"rows without columns", expr.Insert(Users).Rows([]any{1}), []string{"no columns"}},
		{"rows in two ways", expr.Insert(Users).Values(Users.Name.Set("x")).DefaultValues(), []string{"more than one way"}},
		{"query of other columns", expr.Insert(Users).Columns(Users.Name).FromSelect(expr.Select(Orders.ID, Orders.UserID).From(Orders)), []string{"the query has 2 columns, and 1 are inserted"}},
		{"own column in VALUES", expr.Insert(Users).Values(expr.Set(Users.Age, Users.Age.Add(1))), []string{"VALUES: column users.age"}},
		{"upsert of nothing", expr.Insert(Users).Values(Users.Name.Set("x")).OnConflict(Users.Name).DoUpdate(), []string{"DO UPDATE: empty SET"}},
		{"Inserted elsewhere", from.Where(expr.Inserted(Users.ID).Eq(1)), []string{"WHERE: Inserted stands only in DoUpdate"}},
		{"update of nothing", expr.Update(Users).Where(Users.ID.Eq(1)), []string{"SET: empty SET"}},
		{"empty Set", expr.Update(Users).Set().Where(Users.ID.Eq(1)), []string{"UPDATE: empty SET"}},
		{"update of every row", expr.Update(Users).Set(Users.Age.Set(1)), []string{"UPDATE without WHERE", "EveryRow"}},
		{"update with absent filter", expr.Update(Users).Set(Users.Age.Set(1)).Where(expr.When(false, Users.ID.Eq(1))), []string{"UPDATE without WHERE"}},
		{"update of a role", expr.Update(u).Set(u.Age.Set(1)).EveryRow(), []string{"write to the table itself"}},
		{"delete of every row", expr.Delete(Users), []string{"DELETE without WHERE", "EveryRow"}},
		{"zero delete", expr.DeleteStmt{}, []string{"DELETE: no table"}},
		{"zero update", expr.UpdateStmt{}, []string{"UPDATE: no table"}},
		{"all together", expr.Select(Orders.ID).From(Users).Where(expr.Cond{}, Users.ID.Contains("x")).Limit(-1),
			[]string{"SELECT: column orders.id", "WHERE: zero Cond", "WHERE: Contains", "LIMIT: negative"}},
	}
	send := counters(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for i, d := range dialects {
				if err, sent := send(i, test.stmt); err == nil || sent {
					t.Errorf("%s: sent: %v", d.Name(), err)
				}
				text, args, err := expr.SQL(test.stmt, d)
				if err == nil {
					t.Errorf("%s: compiles: %s", d.Name(), text)
					continue
				}
				if text != "" || args != nil {
					t.Errorf("%s: gives text beside the error", d.Name())
				}
				if !errors.Is(err, dialect.ErrStatement) {
					t.Errorf("%s: %v is no ErrStatement", d.Name(), err)
				}
				for _, w := range test.want {
					if !strings.Contains(err.Error(), w) {
						t.Errorf("%s: error %q\n does not say %q", d.Name(), err, w)
					}
				}
				if c, err2 := dialect.Compile(d, test.stmt); err2 == nil {
					t.Errorf("%s: dialect.Compile accepts it: %s", d.Name(), c.Text())
				}
			}
		})
	}
}

// dynUsers is the table users, declared at run time.
var dynUsers = schema.New("users", schema.BigInt("id").PrimaryKey().Identity(), schema.Varchar("name", 50), schema.Varchar("email", 120).Null())

func TestDynamicTable(t *testing.T) {
	id, name := dynUsers.Col("id"), schema.C[string](dynUsers, "name")
	boss := dynUsers.As("boss")
	q := expr.Select(expr.Columns(dynUsers)...).From(dynUsers).
		Join(boss, expr.Eq(boss.Col("id"), id)).
		Where(id.In(1, int32(2)), name.Eq("ada"), id.Gt(boss.Col("id")), id.Between(1, boss.Col("id")),
			expr.Exists(expr.Select(expr.Literal(1)).From(Orders).Where(expr.Eq(expr.Typed[int64](id), Orders.UserID))))
	text, args, err := expr.SQL(q, postgres.Dialect())
	const want = "SELECT users.id, users.name, users.email FROM users JOIN users AS boss ON boss.id = users.id " +
		"WHERE users.id IN ($1, $2) AND users.name = $3 AND users.id > boss.id AND users.id BETWEEN $4 AND boss.id AND " +
		"EXISTS (SELECT 1 FROM orders WHERE users.id = orders.user_id)"
	if err != nil || text != want || len(args) != 4 {
		t.Errorf("got  %s %v %v\nwant %s", text, args, err, want)
	}
	ins := expr.Insert(dynUsers).Columns(dynUsers.Col("name"), dynUsers.Col("email")).
		Rows([]any{"ada", nil}, []any{"bob", expr.Default()}).Returning(id)
	if text, args, err = expr.SQL(ins, postgres.Dialect()); err != nil ||
		text != "INSERT INTO users (name, email) VALUES ($1, $2), ($3, DEFAULT) RETURNING users.id" || len(args) != 3 {
		t.Errorf("got %s %v %v", text, args, err)
	}
}
