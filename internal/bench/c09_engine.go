package main

import (
	"context"
	"slices"

	_ "github.com/sqlayer-go/sqlayer/dialect/mysql"
	_ "github.com/sqlayer-go/sqlayer/dialect/postgres"
	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
)

// sqlayer: package engine, raw SQL into structs. The texts are those of the
// sql contender; many rows go in by engine.Copy, or by the statement that each
// database likes best (bulk-*) where their keys are read back.
func init() { Register(engineContender{}) }

type engineContender struct{}

func (engineContender) Name() string       { return "sqlayer" }
func (engineContender) Backends() []string { return []string{SQLite, Postgres, MariaDB} }
func (engineContender) Open(ctx context.Context, be *Backend) (Session, error) {
	return be.openEngine()
}

func (be *Backend) openEngine() (*engineSession, error) {
	e, err := engine.Open(be.URL, engine.WithPoolSize(poolSize))
	if err != nil {
		return nil, err
	}
	s := &engineSession{e: e, be: be, q: newSQLSession(be, nil)}
	switch be.Name {
	case SQLite:
		s.chunk, s.multi = 25, multiInsert(be, 25)
	case MariaDB:
		s.chunk, s.multi = 1000, multiInsert(be, 1000)
	}
	return s, nil
}

type engineSession struct {
	e  *engine.Engine
	be *Backend
	q  *sqlSession // for its texts

	chunk int    // the rows of one statement, 0: one array a column
	multi string // the statement of chunk rows
}

func (s *engineSession) Close() error { return s.e.Close() }

func (s *engineSession) GetByPK(ctx context.Context, id int64) (any, error) {
	u, err := engine.One[User](ctx, s.e, engine.Text(s.q.get, id))
	return &u, err
}

func (s *engineSession) SelectN(ctx context.Context, n int64) (any, error) {
	return engine.All[User](ctx, s.e, engine.Text(s.q.list, n))
}

func (s *engineSession) InsertOne(ctx context.Context, u *InsUser) (err error) {
	insert := engine.Text(s.q.insert, u.Name, u.Email, u.Age, u.Score, u.Active, u.CreatedAt, u.Note)
	if s.be.Name == Postgres { // its text says RETURNING
		u.ID, err = engine.Scalar[int64](ctx, s.e, insert)
		return err
	}
	res, err := s.e.Run(ctx, insert, nil)
	if err != nil {
		return err
	}
	u.ID, err = res.LastInsertID()
	return err
}

func (s *engineSession) InsertBulk(ctx context.Context, us []InsUser) error {
	_, err := engine.Copy(ctx, s.e, "ins_users", slices.Values(us), engine.CopyOmit("id"))
	return err
}

func (s *engineSession) InsertBulkIDs(ctx context.Context, us []InsUser) error {
	return s.e.Transact(ctx, func(tx *engine.Tx) error {
		if s.chunk == 0 {
			return readIDs(ctx, tx, us, engine.Text(unnestInsert, columns(us)...))
		}
		for at := 0; at < len(us); at += s.chunk {
			part := us[at : at+s.chunk]
			if err := readIDs(ctx, tx, part, engine.Text(s.multi+" RETURNING id", insArgsAll(part)...)); err != nil {
				return err
			}
		}
		return nil
	})
}

func readIDs(ctx context.Context, r engine.Runner, us []InsUser, stmt engine.Statement) error {
	i := 0
	for id, err := range engine.Each[int64](ctx, r, stmt) {
		if err != nil {
			return err
		}
		us[i].ID = id
		i++
	}
	return nil
}

func (s *engineSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	_, err := s.e.Exec(ctx, s.q.update, score, note, id)
	return err
}

const kidsIn = "SELECT " + childCols + " FROM children WHERE parent_id IN (:ids) ORDER BY id"

func (s *engineSession) Eager(ctx context.Context, n int64) (any, error) {
	ps, err := engine.All[Parent](ctx, s.e, engine.Text(s.q.pars, n))
	if err != nil {
		return nil, err
	}
	kids := engine.Text(kidsIn, engine.Named{"ids": parentIDs(ps)})
	if s.be.Name == Postgres {
		kids = engine.Text(kidsAny, parentIDs(ps))
	}
	at := make(map[int64]*Parent, len(ps))
	for i := range ps {
		at[ps[i].ID] = &ps[i]
	}
	for c, err := range engine.Each[Child](ctx, s.e, kids) { // straight to their parents, as raw does
		if err != nil {
			return nil, err
		}
		p := at[c.ParentID]
		p.Children = append(p.Children, c)
	}
	return ps, nil
}
