package main

import (
	"context"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// sqlayer-expr: every statement composed of typed columns, anew for each call,
// and run by package engine.
func init() {
	Register(exprContender{})
	RegisterCompiler(Compiler{"sqlayer-expr", func() (func() (string, []any, error), error) {
		d := postgres.Dialect()
		return func() (string, []any, error) { return expr.SQL(composed("paid", "sent"), d) }, nil
	}})
}

type userColumns struct {
	ID        schema.Col[int64]  `db:",pk,identity"`
	Name      schema.Col[string] `db:""`
	Email     schema.Col[string]
	Age       schema.Col[int]
	Score     schema.Col[float64]
	Active    schema.Col[bool]
	CreatedAt schema.Col[time.Time]
	Note      schema.Col[string] `db:",null"`
}

type (
	usersTable struct {
		schema.Table `db:"users"`
		userColumns
	}
	insUsersTable struct {
		schema.Table `db:"ins_users"`
		userColumns
	}
	parentsTable struct {
		schema.Table `db:"parents"`
		ID           schema.Col[int64] `db:",pk,identity"`
		Name         schema.Col[string]
		CreatedAt    schema.Col[time.Time]
	}
	childrenTable struct {
		schema.Table `db:"children"`
		ID           schema.Col[int64] `db:",pk,identity"`
		ParentID     schema.Col[int64]
		Title        schema.Col[string]
		Qty          schema.Col[int]
		Price        schema.Col[float64]
	}
	ordersTable struct {
		schema.Table `db:"orders"`
		ID           schema.Col[int64] `db:",pk,identity"`
		UserID       schema.Col[int64]
		Status       schema.Col[string]
	}
	itemsTable struct {
		schema.Table `db:"items"`
		ID           schema.Col[int64] `db:",pk,identity"`
		OrderID      schema.Col[int64]
	}
)

var (
	usersT    = schema.Define[usersTable]()
	insUsersT = schema.Define[insUsersTable]()
	parentsT  = schema.Define[parentsTable]()
	childrenT = schema.Define[childrenTable]()

	u8 = schema.As(usersT, "u")
	o8 = schema.As(schema.Define[ordersTable](), "o")
	i8 = schema.As(schema.Define[itemsTable](), "i")
)

// composed is the query of W8.
func composed(status ...string) expr.SelectStmt {
	n := expr.Count(i8.ID).As("n")
	return expr.Select(u8.ID, u8.Name, n).
		From(u8).
		Join(o8, expr.Eq(o8.UserID, u8.ID)).
		LeftJoin(i8, expr.Eq(i8.OrderID, o8.ID)).
		Where(u8.Active.Eq(true), u8.Age.Ge(21), o8.Status.In(status...), u8.Name.Like("A%")).
		GroupBy(u8.ID, u8.Name).
		OrderBy(n.Desc()).
		Limit(10)
}

type exprContender struct{}

func (exprContender) Name() string       { return "sqlayer-expr" }
func (exprContender) Backends() []string { return []string{SQLite, Postgres, MariaDB} }
func (exprContender) Open(ctx context.Context, be *Backend) (Session, error) {
	s, err := be.openEngine()
	if err != nil {
		return nil, err
	}
	return &exprSession{e: s.e, be: be}, nil
}

type exprSession struct {
	e  *engine.Engine
	be *Backend
}

func (s *exprSession) Close() error { return s.e.Close() }

func (s *exprSession) GetByPK(ctx context.Context, id int64) (any, error) {
	u, err := engine.One[User](ctx, s.e, expr.Select(expr.Columns(usersT)...).From(usersT).Where(usersT.ID.Eq(id)))
	return &u, err
}

func (s *exprSession) SelectN(ctx context.Context, n int64) (any, error) {
	return engine.All[User](ctx, s.e, expr.Select(expr.Columns(usersT)...).From(usersT).Where(usersT.ID.Le(n)).OrderBy(usersT.ID.Asc()))
}

func (s *exprSession) InsertOne(ctx context.Context, u *InsUser) (err error) {
	t := insUsersT
	insert := expr.Insert(t).Values(t.Name.Set(u.Name), t.Email.Set(u.Email), t.Age.Set(u.Age), t.Score.Set(u.Score),
		t.Active.Set(u.Active), t.CreatedAt.Set(u.CreatedAt), t.Note.SetPtr(u.Note))
	if s.be.Name == Postgres {
		u.ID, err = engine.Scalar[int64](ctx, s.e, insert.Returning(t.ID))
		return err
	}
	res, err := s.e.Run(ctx, insert, nil)
	if err != nil {
		return err
	}
	u.ID, err = res.LastInsertID()
	return err
}

func insertMany(us []InsUser) expr.InsertStmt {
	t := insUsersT
	return expr.Insert(t).Columns(t.Name, t.Email, t.Age, t.Score, t.Active, t.CreatedAt, t.Note).Flat(insArgsAll(us))
}

func (s *exprSession) InsertBulk(ctx context.Context, us []InsUser) error {
	return s.e.Transact(ctx, func(tx *engine.Tx) error {
		_, err := tx.Run(ctx, insertMany(us), nil)
		return err
	})
}

func (s *exprSession) InsertBulkIDs(ctx context.Context, us []InsUser) error {
	return s.e.Transact(ctx, func(tx *engine.Tx) error {
		return readIDs(ctx, tx, us, insertMany(us).Returning(insUsersT.ID))
	})
}

func (s *exprSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	t := insUsersT
	_, err := s.e.Run(ctx, expr.Update(t).Set(t.Score.Set(score), t.Note.Set(note)).Where(t.ID.Eq(id)), nil)
	return err
}

func (s *exprSession) Eager(ctx context.Context, n int64) (any, error) {
	ps, err := engine.All[Parent](ctx, s.e, expr.Select(expr.Columns(parentsT)...).From(parentsT).
		Where(parentsT.ID.Le(n)).OrderBy(parentsT.ID.Asc()))
	if err != nil {
		return nil, err
	}
	cs, err := engine.All[Child](ctx, s.e, expr.Select(expr.Columns(childrenT)...).From(childrenT).
		Where(childrenT.ParentID.In(parentIDs(ps)...)).OrderBy(childrenT.ID.Asc()))
	if err != nil {
		return nil, err
	}
	attach(ps, cs)
	return ps, nil
}
