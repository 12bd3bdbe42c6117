package expr_test

import (
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// The tables of the tests.

type users struct {
	schema.Table `db:"users"`
	ID           schema.Col[int64]     `db:",pk,identity"`
	Name         schema.Col[string]    `db:",type:varchar(50)"`
	Email        schema.Col[string]    `db:",null,unique,type:varchar(120)"`
	Age          schema.Col[int]       `db:",null"`
	Active       schema.Col[bool]      `db:",default:true"`
	CreatedAt    schema.Col[time.Time] `db:",default:now()"`
}

type orders struct {
	schema.Table `db:"orders"`
	ID           schema.Col[int64]  `db:",pk,identity"`
	UserID       schema.Col[int64]  `db:",fk:users.id"`
	Status       schema.Col[string] `db:",type:varchar(20)"`
	Total        schema.Col[string] `db:",null,type:decimal(12,2)"`
}

type items struct {
	schema.Table `db:"items"`
	ID           schema.Col[int64] `db:",pk,identity"`
	OrderID      schema.Col[int64] `db:",fk:orders.id"`
	Quantity     schema.Col[int]
}

type hits struct {
	schema.Table `db:"page_hits"`
	Path         schema.Col[string]    `db:",pk,type:varchar(200)"`
	Hits         schema.Col[int]       `db:""`
	LastSeen     schema.Col[time.Time] `db:",null"`
}

var (
	Users  = schema.Define[users]()
	Orders = schema.Define[orders]()
	Items  = schema.Define[items]()
	Hits   = schema.Define[hits]()

	u = schema.As(Users, "u")
	o = schema.As(Orders, "o")
	i = schema.As(Items, "i")
)

var dialects = []dialect.Dialect{postgres.Dialect(), mysql.Dialect(), sqlite.Dialect(), mssql.Dialect(), oracle.Dialect()}

// report is a select with 2 joins, 4 conditions, grouping, ordering and a
// limit.
func report(status ...string) expr.SelectStmt {
	n := expr.Count(i.ID).As("n")
	return expr.Select(u.ID, u.Name, n).
		From(u).
		Join(o, expr.Eq(o.UserID, u.ID)).
		LeftJoin(i, expr.Eq(i.OrderID, o.ID)).
		Where(u.Active.Eq(true), u.Age.Ge(21), o.Status.In(status...), u.Name.Like("A%")).
		GroupBy(u.ID, u.Name).
		OrderBy(n.Desc()).
		Limit(10)
}
