package corpus

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/ms"
	"github.com/sqlayer-go/sqlayer/expr/my"
	"github.com/sqlayer-go/sqlayer/expr/pg"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var (
	usersIDs = expr.Select(Users.ID).From(Users)
	sampled  = schema.As(Users, "t")
)

var hintCases = cases{
	"prefix-1": same(usersIDs.Prefix(my.NoCache().IfKnown())),
	"table-1": same(expr.Select(Orders.ID).From(Orders).Where(Orders.UserID.Eq(2)).
		Hint(ms.NoLock(Orders), my.UseIndex(Orders, "ix_orders_user"))),
	"statement-1":   same(usersIDs.Hint(ms.MaxDOP(1))),
	"tablesample-1": same(expr.Select(sampled.ID).From(expr.Sample(sampled, 10).Seed(5))),
	"suffix-1":      same(usersIDs.Comment("report 7")),
	"only-1":        same(expr.Select(Users.ID).From(pg.Only(Users))),
}

// The index that a hint names.
func init() {
	before["hint/table-1"] = func(on target) []dialect.Statement {
		if !on.is("mysql") {
			return nil
		}
		return []dialect.Statement{dialect.Text("CREATE INDEX ix_orders_user ON orders (user_id)")}
	}
	noRows["hint/tablesample-1"] = "a sample is each database's own"
}
