package corpus

import (
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/lite"
	"github.com/sqlayer-go/sqlayer/expr/ms"
	"github.com/sqlayer-go/sqlayer/expr/my"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

type jobs struct {
	schema.Table `db:"jobs"`
	ID           schema.Col[int64] `db:",pk,identity,type:integer"`
	Attempts     schema.Col[int64] `db:",null,type:integer,default:0"`
}

var Jobs = schema.Define[jobs]()

var insertCases = cases{
	"single-1": same(expr.Insert(Addresses).Values(Addresses.ID.Set(10), Addresses.UserID.Set(1), Addresses.Kind.Set("home"),
		Addresses.City.Set("Oslo"), Addresses.Country.Set("NO"))),
	"single-2": same(expr.Insert(Users).Values(Users.Name.Set("Dee"), Users.Email.Set("dee@example.org"), Users.IsActive.Set(true),
		Users.Balance.Set("10.25"), Users.BirthDate.Set(time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC)))),
	"null-1": same(expr.Insert(Users).Values(Users.Name.Set("Eve"), Users.Nickname.SetNull(), Users.Email.Set("eve@example.org"),
		Users.IsActive.Set(false))),
	"multi-1": same(expr.Insert(Categories).
		Values(Categories.ID.Set(20), Categories.Name.Set("Toys"), Categories.Position.Set(5)).
		Values(Categories.ID.Set(21), Categories.Name.Set("Tools"), Categories.Position.Set(6))),
	"defaults-1": same(expr.Insert(Jobs).DefaultValues()),
	"from-select-1": same(expr.Insert(PageHits).Columns(PageHits.Path, PageHits.Hits).
		FromSelect(expr.Select(Products.SKU, Products.Stock).From(Products).Where(Products.Stock.Gt(3)))),
	"returning-1": same(expr.Insert(Users).Values(Users.Name.Set("Fay"), Users.Email.Set("fay@example.org"), Users.IsActive.Set(true)).
		Returning(Users.ID, Users.Name)),
	"returning-3": same(expr.Insert(PageHits).
		Values(PageHits.Path.Set("/x"), PageHits.Hits.Set(1)).
		Values(PageHits.Path.Set("/y"), PageHits.Hits.Set(2)).
		Returning(PageHits.Path)),
	"implicit-returning-1": same(expr.Insert(Users).Values(Users.Name.Set("Gus"), Users.Email.Set("gus@example.org"), Users.IsActive.Set(true)).
		ReturningKey()),
	"prefix-1": same(expr.Insert(PageHits).Values(PageHits.Path.Set("/p"), PageHits.Hits.Set(1)).
		Prefix(my.Ignore().IfKnown(), lite.OrReplace().IfKnown())),
	"expr-1": by(func(on target) dialect.Statement {
		cost := expr.Typed[number](expr.Mul(expr.Value[int64](2), whole(expr.Value(number("3.5")))))
		if on.is("postgresql") { // which asks for the type of one of two parameters
			two := expr.Cast[number](expr.Value[int64](2), dialect.Type{Kind: dialect.Decimal, Precision: 10, Scale: 2})
			cost = expr.Mul(two, expr.Value(number("3.5")))
		}
		return expr.Insert(Products).Values(
			expr.Set(Products.CategoryID, expr.Scalar[int64](expr.Select(expr.Max(Categories.ID)).From(Categories))),
			Products.SKU.Set("X-9"), expr.Set(Products.Name, expr.Lower(expr.Value("MUG"))),
			expr.Set(Products.Price, cost))
	}),
	"server-function-1": by(func(on target) dialect.Statement {
		now := expr.CurrentTimestamp()
		if on.is("mssql") { // where it is the time in UTC
			now = ms.CurrentTimestamp()
		}
		return expr.Insert(LogEntries).Values(LogEntries.ID.Set(5), LogEntries.Action.Set("boot"), expr.Set(LogEntries.LoggedAt, now))
	}),
}

func init() {
	before["insert/defaults-1"] = func(target) []dialect.Statement { return []dialect.Statement{schema.CreateTable(Jobs)} }
	noRows["insert/server-function-1"] = "the time"
	noRows["insert/returning-1"] = "a sequence does not roll back"
	noRows["insert/implicit-returning-1"] = "the key comes with the rows, or with the result"
}
