package corpus

import (
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/lite"
	"github.com/sqlayer-go/sqlayer/expr/ms"
	"github.com/sqlayer-go/sqlayer/expr/ora"
	"github.com/sqlayer-go/sqlayer/expr/pg"
)

// whole takes a number of any kind for a whole one, whose parameters are then
// whole numbers.
func whole(e expr.Any) expr.Expr[int64] { return expr.Typed[int64](e) }

func price() expr.Expr[int64] { return whole(Products.Price) }

var exprCases = cases{
	"arith-1": same(expr.Select(Products.ID, price().Add(1).Mul(2).As("v")).From(Products)),
	"arith-2": same(expr.Select(expr.Add(price(), Products.Stock.Mul(2)).As("v")).From(Products)),
	"arith-3": same(expr.Select(expr.Sub(price(), Products.Stock.Sub(3)).As("v")).From(Products)),
	"arith-5": same(expr.Select(expr.Neg(Products.Stock).As("neg"), expr.Neg(Products.Stock.Add(1)).As("neg_sum")).From(Products)),
	"arith-6": same(expr.Select(Products.Stock.Mod(7).As("m")).From(Products)),
	"arith-7": same(expr.Select(expr.TrueDiv(Products.Stock, Products.CategoryID).As("ratio")).From(Products)),
	"arith-9": same(expr.Select(expr.FloorDiv(price(), expr.Value[int64](3)).As("q")).From(Products)),
	"arith-10": same(expr.Select(OrderItems.OrderID, expr.Mul(expr.Mul(OrderItems.Quantity, whole(OrderItems.UnitPrice)),
		expr.Sub(expr.Value[int64](1), whole(OrderItems.Discount))).As("net")).From(OrderItems)),

	"precedence-1": same(expr.Select(Products.ID).From(Products).Where(expr.Eq(Products.Stock.Add(5).Gt(10), Products.Discontinued))),
	"precedence-2": same(expr.Select(Users.ID).From(Users).Where(expr.Concat(Users.Nickname, expr.Value("-"), Users.Name).Eq("ada-Ada"))),
	"bitwise-1":    same(expr.Select(Products.ID).From(Products).Where(expr.BitAnd(Products.Stock, expr.Value[int64](4)).Eq(4))),
	"custom-op-1":  same(expr.Select(Users.ID).From(Users).Where(expr.FillCond(tilde, Users.Name, expr.Value("ada")))),
	"concat-1":     same(expr.Select(expr.Concat(Users.Name, expr.Value(" <"), Users.Email, expr.Value(">")).As("contact")).From(Users)),
	"concat-3": by(func(on target) dialect.Statement {
		return expr.Select(expr.Concat(expr.Value("id-"), expr.Cast[string](Users.ID, varchar(on, 12))).As("code")).From(Users)
	}),

	"case-1": same(expr.Select(Users.ID, expr.Case[string]().When(Users.Age.Lt(18), "minor").When(Users.Age.Lt(65), "adult").Else("senior").End().As("bracket")).From(Users)),
	"case-2": same(expr.Select(Orders.ID, expr.CaseOf[string, int](Orders.Status).When("new", 1).When("paid", 2).End().As("rank")).From(Orders)),
	"case-4": same(expr.Select(Users.ID).From(Users).OrderBy(expr.Case[int]().When(Users.Nickname.IsNull(), 1).Else(0).End(), Users.Name)),

	"cast-1": by(func(on target) dialect.Statement {
		return expr.Select(expr.Cast[string](Users.Age, varchar(on, 10)).As("age_text")).From(Users)
	}),
	"cast-2": same(expr.Select(expr.Cast[int32](Products.Price, dialect.Type{Kind: dialect.Integer}).As("whole"),
		expr.Cast[number](Products.Weight, lite.Numeric(10, 3)).As("exact")).From(Products)),
	"cast-3": same(expr.Select(expr.Cast[time.Time](expr.Value("2024-02-29"), dialect.Type{Kind: dialect.Date}).As("leap"))),
	"cast-5": same(expr.Select(expr.TryCast[int32](Users.Nickname, dialect.Type{Kind: dialect.Integer}).As("n")).From(Users)),
	"cast-6": by(func(on target) dialect.Statement {
		return expr.Select(expr.Cast[float64](Users.Age, typeNamed(on, dialect.Double, "postgresql FLOAT, mysql FLOAT, sqlite FLOAT, mssql FLOAT, oracle FLOAT")).As("f"),
			expr.Cast[float64](Users.Age, typeNamed(on, dialect.Double, "sqlite DOUBLE, mssql DOUBLE PRECISION, oracle DOUBLE PRECISION")).As("dp"),
			expr.Cast[bool](Users.Age, typeNamed(on, dialect.Boolean, "oracle SMALLINT")).As("bo"),
			expr.Cast[time.Time](Users.CreatedAt, typeNamed(on, dialect.Timestamp, "postgresql TIMESTAMP WITHOUT TIME ZONE, mssql DATETIME, oracle DATE")).As("ts")).From(Users)
	}),
	"type-coerce-1": same(expr.Select(expr.Concat(expr.Typed[string](Users.Age), expr.Value("y")).As("v")).From(Users)),

	"extract-1": same(expr.Select(expr.Extract(expr.Year, Orders.PlacedAt).As("y"), expr.Extract(expr.Month, Orders.PlacedAt).As("m")).From(Orders)),
	"extract-3": same(expr.Select(expr.Extract(expr.DayOfWeek, Orders.PlacedAt).As("weekday"), expr.CountAll().As("n")).From(Orders).
		GroupBy(expr.Extract(expr.DayOfWeek, Orders.PlacedAt))),
	"coalesce-1": same(expr.Select(expr.Coalesce(Users.Nickname, Users.Name, expr.Value("?")).As("shown")).From(Users)),
	"nullif-1":   same(expr.Select(expr.TrueDiv(Orders.Total, expr.NullIf(Orders.UserID, expr.Value[int64](0))).As("q")).From(Orders)),

	"func-1": same(expr.Select(expr.Lower(Users.Name).As("l"), expr.Upper(Users.Email).As("u"), expr.Length(Users.Email).As("n")).From(Users)),
	"func-2": same(expr.Select(expr.Func[float64]("audit.score_of", Users.ID, expr.Value[int64](3)).As("s")).From(Users)),
	"func-3": by(func(on target) dialect.Statement {
		switch { // Python's functions of that name are not in UTC, and have a time of day
		case on.is("mssql"):
			return expr.Select(ms.CurrentTimestamp().As("n"), ms.GetDate().As("d"))
		case on.is("oracle"):
			return expr.Select(expr.Now().As("n"), ora.CurrentDate().As("d"))
		}
		return expr.Select(expr.Now().As("n"), expr.CurrentDate().As("d"))
	}),
	"func-5": same(expr.Select(expr.CharLength(Users.Name).As("c"), expr.Random().As("r"), expr.Abs(Users.Balance).As("a")).From(Users)),
	"func-6": same(expr.Select(Events.ID, expr.C[string](kv, "key")).From(Events, kv).Where(expr.C[string](kv, "key").Ne("ip"))),
	"func-8": by(func(target) dialect.Statement {
		from, e := expr.ValueFunc[string]("e", expr.Func[string]("json_array_elements_text", expr.Cast[any](expr.Value(`["a"]`), dialect.Type{Kind: dialect.Native, Name: "JSON"})))
		return expr.Select(e).From(from)
	}),

	"literal-1": same(expr.Select(expr.Text("'vip'").As("tier"), Users.ID).From(Users)),
	"literal-2": same(expr.Select(Users.ID).From(Users).Where(Users.CreatedAt.Eq(time.Date(2024, 3, 1, 8, 30, 0, 0, time.UTC)), Users.Balance.Eq("12.30"))),
	"interval-1": same(expr.Select(Orders.ID).From(Orders).
		Where(expr.Lt(pg.AddInterval(Orders.PlacedAt, 48*time.Hour), expr.Typed[time.Time](expr.Now())))),
}

// tilde is an operator of PostgreSQL.
var tilde = &expr.Template{Name: "the operator ~<~", For: map[string]string{"postgres": "{0} ~<~ {1}"}, Precedence: expr.BindsAsComparison,
	Instead: "compare with <"}

var kv = expr.JSONEach("kv", Events.Payload)

// varchar is SQLAlchemy's String, which on SQL Server is of the code page.
func varchar(on target, n int) dialect.Type {
	if on.is("mssql") {
		return ms.Varchar(n)
	}
	return dialect.Type{Kind: dialect.Varchar, Length: n}
}

// typeNamed is a type of its own name on some databases; see [named].
func typeNamed(on target, kind dialect.TypeKind, names string) dialect.Type {
	for database, name := range typesIn(names) {
		if on.is(database) {
			return dialect.Type{Kind: dialect.Native, Name: name}
		}
	}
	return dialect.Type{Kind: kind}
}

func init() {
	before["expr/func-2"] = func(on target) []dialect.Statement {
		text := "(a integer, b integer) RETURNS integer DETERMINISTIC RETURN a * b"
		switch {
		case on.is("postgresql"):
			text = "(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT a * b'"
		case on.is("mssql"):
			text = "(@a integer, @b integer) RETURNS integer AS BEGIN RETURN @a * @b END"
		case on.is("oracle"):
			text = "(a integer, b integer) RETURN integer IS BEGIN RETURN a * b; END;"
		}
		w := dialect.NewWriter(on.d)
		w.Qualified("audit", "score_of")
		return []dialect.Statement{dialect.Text("CREATE FUNCTION " + w.Text() + text)}
	}
	noRows["expr/func-1"] = "SQLite's lower knows the letters of ASCII alone"
	noRows["expr/func-3"] = "the time"
	noRows["expr/func-5"] = "a random number"
	noRows["expr/interval-1"] = "the time"
}
