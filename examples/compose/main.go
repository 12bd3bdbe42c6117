// Command compose builds several queries from one base query. A statement is
// an immutable value, so the base can be kept and shared.
package main

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

type users struct {
	schema.Table `db:"users"`
	ID           schema.Col[int64]     `db:",pk,identity"`
	Name         schema.Col[string]    `db:",type:varchar(50)"`
	Email        schema.Col[string]    `db:",null,unique"`
	CreatedAt    schema.Col[time.Time] `db:",default:now()"`
}

type orders struct {
	schema.Table `db:"orders"`
	ID           schema.Col[int64] `db:",pk,identity"`
	UserID       schema.Col[int64] `db:",fk:users.id"`
	Total        schema.Col[int64]
}

var (
	// Users are those who order.
	Users = schema.Define[users]()
	// Orders are what they have ordered.
	Orders = schema.Define[orders]()
)

// totals is the base: what each user has ordered.
var totals = expr.Select(Users.Name, expr.Count(Orders.ID).As("orders"), expr.Coalesce[int64](expr.Sum(Orders.Total), expr.Value[int64](0)).As("total")).
	From(Users).
	LeftJoin(Orders, expr.Eq(Orders.UserID, Users.ID)).
	GroupBy(Users.ID, Users.Name).
	OrderBy(Users.Name.Asc())

type total struct {
	Name   string
	Orders int64
	Total  int64
}

// search adds only the conditions that are asked for.
func search(prefix string, atLeast int64) expr.SelectStmt {
	return totals.
		Where(expr.When(prefix != "", Users.Name.StartsWith(prefix))).
		Having(expr.When(atLeast > 0, expr.Sum(Orders.Total).Ge(atLeast)))
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	eng, err := engine.Open("sqlite://")
	if err != nil {
		return err
	}
	defer eng.Close()
	if err := fill(ctx, eng); err != nil {
		return err
	}
	for _, q := range []struct {
		what string
		stmt expr.SelectStmt
	}{
		{"all", totals},
		{"a…", search("a", 0)},
		{"at least 20", search("", 20)},
		{"a…, at least 20", search("a", 20)},
		{"all, still", totals}, // the base is as it was
	} {
		found, err := engine.All[total](ctx, eng, q.stmt)
		if err != nil {
			return err
		}
		fmt.Printf("%s: %v\n", q.what, found)
	}
	return nil
}

func fill(ctx context.Context, r dialect.Runner) error {
	if err := schema.NewMetadata(Users, Orders).CreateAll(ctx, r); err != nil {
		return err
	}
	for name, amounts := range map[string][]int64{"ada": {5, 25}, "amir": {7}, "bob": {40}, "zoe": nil} {
		id, err := engine.Scalar[int64](ctx, r, expr.Insert(Users).Values(Users.Name.Set(name)).Returning(Users.ID))
		if err != nil {
			return err
		}
		for _, n := range amounts {
			if _, err := r.Run(ctx, expr.Insert(Orders).Values(Orders.UserID.Set(id), Orders.Total.Set(n)), nil); err != nil {
				return err
			}
		}
	}
	return nil
}
