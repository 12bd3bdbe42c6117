//go:build peers

package main

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/mysqldialect"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
)

// bun: it writes arguments into the SQL text, so on postgres it runs pgx in
// the simple protocol, as its documentation says to.
func init() {
	Register(bunContender{})
	RegisterCompiler(Compiler{"bun", func() (func() (string, []any, error), error) {
		db := bun.NewDB(sql.OpenDB(errConnector{}), pgdialect.New())
		return func() (string, []any, error) {
			q := db.NewSelect().
				TableExpr("users AS u").
				ColumnExpr("u.id, u.name, count(i.id) AS n").
				Join("JOIN orders AS o ON o.user_id = u.id").
				Join("LEFT JOIN items AS i ON i.order_id = o.id").
				Where("u.active = ?", true).Where("u.age >= ?", 21).
				Where("o.status IN (?)", bun.In([]string{"paid", "sent"})).Where("u.name LIKE ?", "A%").
				GroupExpr("u.id, u.name").OrderExpr("n DESC").Limit(10)
			b, err := q.AppendQuery(db.QueryGen(), nil)
			return string(b), nil, err
		}, nil
	}})
}

type bunContender struct{}

func (bunContender) Name() string       { return "bun" }
func (bunContender) Backends() []string { return []string{SQLite, Postgres, MariaDB} }
func (bunContender) Open(ctx context.Context, be *Backend) (Session, error) {
	var d schema.Dialect
	var db *sql.DB
	var err error
	switch be.Name {
	case SQLite:
		d = sqlitedialect.New()
	case MariaDB:
		d = mysqldialect.New()
	case Postgres:
		d = pgdialect.New()
		cfg, err := pgx.ParseConfig(be.DSN)
		if err != nil {
			return nil, err
		}
		cfg.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
		db = stdlib.OpenDB(*cfg)
		be.size(db)
	}
	if db == nil {
		if db, err = be.openDB(); err != nil {
			return nil, err
		}
	}
	return &bunSession{bun.NewDB(db, d), be}, nil
}

type bunSession struct {
	db *bun.DB
	be *Backend
}

func (s *bunSession) Close() error { return s.db.Close() }

func (s *bunSession) GetByPK(ctx context.Context, id int64) (any, error) {
	u := &User{ID: id}
	err := s.db.NewSelect().Model(u).WherePK().Scan(ctx)
	return u, err
}

func (s *bunSession) SelectN(ctx context.Context, n int64) (any, error) {
	var us []User
	err := s.db.NewSelect().Model(&us).Where("id <= ?", n).Order("id").Scan(ctx)
	return us, err
}

func (s *bunSession) InsertOne(ctx context.Context, u *InsUser) error {
	_, err := s.db.NewInsert().Model(u).Exec(ctx)
	return err
}

func (s *bunSession) InsertBulk(ctx context.Context, us []InsUser) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&us).Returning("NULL").Exec(ctx)
		return err
	})
}

func (s *bunSession) InsertBulkIDs(ctx context.Context, us []InsUser) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&us).Exec(ctx)
		return err
	})
}

func (s *bunSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	_, err := s.db.NewUpdate().Model(&InsUser{ID: id, Score: score, Note: &note}).Column("score", "note").WherePK().Exec(ctx)
	return err
}

func (s *bunSession) Eager(ctx context.Context, n int64) (any, error) {
	var ps []Parent
	err := s.db.NewSelect().Model(&ps).Relation("Children").Where("id <= ?", n).Scan(ctx)
	return ps, err
}

var errNoDB = errors.New("no database")
