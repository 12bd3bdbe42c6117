//go:build peers

package main

import (
	"context"
	"database/sql/driver"

	sq "github.com/Masterminds/squirrel"
	"github.com/doug-martin/goqu/v9"
	_ "github.com/doug-martin/goqu/v9/dialect/postgres"
)

// squirrel, goqu: the peers that only build SQL, for W8.
func init() {
	RegisterCompiler(Compiler{"squirrel", func() (func() (string, []any, error), error) {
		return func() (string, []any, error) {
			return sq.Select("u.id", "u.name", "count(i.id) AS n").From("users AS u").
				Join("orders AS o ON o.user_id = u.id").LeftJoin("items AS i ON i.order_id = o.id").
				Where(sq.Eq{"u.active": true}).Where(sq.GtOrEq{"u.age": 21}).
				Where(sq.Eq{"o.status": []string{"paid", "sent"}}).Where(sq.Like{"u.name": "A%"}).
				GroupBy("u.id", "u.name").OrderBy("n DESC").Limit(10).
				PlaceholderFormat(sq.Dollar).ToSql()
		}, nil
	}})
	RegisterCompiler(Compiler{"goqu", func() (func() (string, []any, error), error) {
		d := goqu.Dialect("postgres")
		return func() (string, []any, error) {
			return d.From(goqu.T("users").As("u")).Prepared(true).
				Select(goqu.I("u.id"), goqu.I("u.name"), goqu.COUNT(goqu.I("i.id")).As("n")).
				Join(goqu.T("orders").As("o"), goqu.On(goqu.I("o.user_id").Eq(goqu.I("u.id")))).
				LeftJoin(goqu.T("items").As("i"), goqu.On(goqu.I("i.order_id").Eq(goqu.I("o.id")))).
				Where(goqu.I("u.active").Eq(true), goqu.I("u.age").Gte(21),
					goqu.I("o.status").In("paid", "sent"), goqu.I("u.name").Like("A%")).
				GroupBy(goqu.I("u.id"), goqu.I("u.name")).Order(goqu.C("n").Desc()).Limit(10).ToSQL()
		}, nil
	}})
}

// errConnector is a pool nobody connects through.
type errConnector struct{}

func (errConnector) Connect(context.Context) (driver.Conn, error) { return nil, errNoDB }
func (errConnector) Driver() driver.Driver                        { return nil }
