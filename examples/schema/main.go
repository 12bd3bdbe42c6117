// Command schema declares tables as Go types and builds one at run time, prints
// their DDL for each database, and creates them in the order of their foreign keys.
package main

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

type users struct {
	schema.Table `db:"users"`
	ID           schema.Col[int64]     `db:",pk,identity"`
	Name         schema.Col[string]    `db:",type:varchar(50)"`
	Balance      schema.Col[string]    `db:",type:decimal(12,2),default:0"`
	CreatedAt    schema.Col[time.Time] `db:",default:now()"`
}

type orders struct {
	schema.Table `db:"orders"`
	ID           schema.Col[int64] `db:",pk,identity"`
	UserID       schema.Col[int64] `db:",fk:users.id,ondelete:cascade,index"`
	Total        schema.Col[int64] `db:",check:'total >= 0'"`
}

var (
	// Users is known when the program is compiled.
	Users = schema.Define[users]()
	// Orders refers to it.
	Orders = schema.Define[orders]()
	// Notes is built, as a table that is only known at run time.
	Notes = schema.New("notes", schema.BigInt("id").PrimaryKey().Identity(), schema.BigInt("user_id").References("users.id"), schema.Text("body").Null())
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	meta := schema.NewMetadata(Notes, Orders, Users) // in any order
	for _, d := range []dialect.Dialect{postgres.Dialect(), mysql.Dialect(), sqlite.Dialect(), mssql.Dialect(), oracle.Dialect()} {
		ddl, err := schema.CreateSQL(meta, d)
		if err != nil {
			return err
		}
		fmt.Println(d.Name())
		for _, text := range ddl {
			fmt.Println("  " + text)
		}
	}

	eng, err := engine.Open("sqlite://")
	if err != nil {
		return err
	}
	defer eng.Close()
	for range 2 { // the second time, everything is there already
		if err := meta.CreateAll(ctx, eng); err != nil {
			return err
		}
	}
	id, err := engine.Scalar[int64](ctx, eng, expr.Insert(Users).Values(Users.Name.Set("ada")).Returning(Users.ID))
	if err != nil {
		return err
	}
	userID, body := schema.C[int64](Notes, "user_id"), schema.C[string](Notes, "body")
	if _, err := eng.Run(ctx, expr.Insert(Notes).Values(userID.Set(id), body.Set("tables built at run time work in the same statements")), nil); err != nil {
		return err
	}
	text, err := engine.Scalar[string](ctx, eng,
		expr.Select(body).From(Notes).Join(Users, expr.Eq(Users.ID, userID)).Where(Users.Name.Eq("ada")))
	if err != nil {
		return err
	}
	fmt.Println(text)
	return meta.DropAll(ctx, eng)
}
