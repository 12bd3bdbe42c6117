//go:build peers

package main

import (
	"context"
	"time"

	"xorm.io/builder"
	"xorm.io/xorm"
	"xorm.io/xorm/log"
)

// xorm: it has no loader for has-many, so W7 is attached by hand; a slice
// insert does not read ids back.
func init() {
	Register(xormContender{})
	RegisterCompiler(Compiler{"xorm builder", func() (func() (string, []any, error), error) {
		return func() (string, []any, error) {
			return builder.Postgres().Select("u.id", "u.name", "count(i.id) AS n").
				From("users", "u").
				InnerJoin("orders AS o", "o.user_id = u.id").
				LeftJoin("items AS i", "i.order_id = o.id").
				Where(builder.Eq{"u.active": true}.And(builder.Gte{"u.age": 21}).
					And(builder.In("o.status", "paid", "sent")).And(builder.Like{"u.name", "A%"})).
				GroupBy("u.id, u.name").OrderBy("n DESC").Limit(10).ToSQL()
		}, nil
	}})
}

type xormContender struct{}

func (xormContender) Name() string       { return "xorm" }
func (xormContender) Backends() []string { return []string{SQLite, Postgres, MariaDB} }
func (xormContender) Open(ctx context.Context, be *Backend) (Session, error) {
	e, err := xorm.NewEngine(be.Driver, be.DSN)
	if err != nil {
		return nil, err
	}
	e.SetMaxOpenConns(poolSize)
	e.SetMaxIdleConns(poolSize)
	e.SetLogger(log.DiscardLogger{})
	e.SetTZDatabase(time.UTC)
	e.SetTZLocation(time.UTC)
	return &xormSession{e}, nil
}

type xormSession struct{ e *xorm.Engine }

func (s *xormSession) Close() error { return s.e.Close() }

func (s *xormSession) GetByPK(ctx context.Context, id int64) (any, error) {
	var u User
	_, err := s.e.Context(ctx).ID(id).Get(&u)
	return &u, err
}

func (s *xormSession) SelectN(ctx context.Context, n int64) (any, error) {
	var us []User
	err := s.e.Context(ctx).Where("id <= ?", n).OrderBy("id").Find(&us)
	return us, err
}

func (s *xormSession) InsertOne(ctx context.Context, u *InsUser) error {
	_, err := s.e.Context(ctx).Insert(u)
	return err
}

func (s *xormSession) InsertBulk(ctx context.Context, us []InsUser) error {
	x := s.e.NewSession().Context(ctx)
	defer x.Close()
	if err := x.Begin(); err != nil {
		return err
	}
	if _, err := x.Insert(&us); err != nil {
		return err
	}
	return x.Commit()
}

func (s *xormSession) InsertBulkIDs(ctx context.Context, us []InsUser) error { return ErrUnsupported }

func (s *xormSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	_, err := s.e.Context(ctx).ID(id).Cols("score", "note").Update(&InsUser{Score: score, Note: &note})
	return err
}

func (s *xormSession) Eager(ctx context.Context, n int64) (any, error) {
	var ps []Parent
	if err := s.e.Context(ctx).Where("id <= ?", n).Find(&ps); err != nil {
		return nil, err
	}
	var cs []Child
	if err := s.e.Context(ctx).In("parent_id", parentIDs(ps)).OrderBy("id").Find(&cs); err != nil {
		return nil, err
	}
	attach(ps, cs)
	return ps, nil
}
