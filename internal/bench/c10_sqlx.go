//go:build peers

package main

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// sqlx: Get, Select, named inserts; W7 by hand around sqlx.In.
func init() { Register(sqlxContender{}) }

type sqlxContender struct{}

func (sqlxContender) Name() string       { return "sqlx" }
func (sqlxContender) Backends() []string { return []string{SQLite, Postgres, MariaDB} }
func (sqlxContender) Open(ctx context.Context, be *Backend) (Session, error) {
	db, err := be.openDB()
	if err != nil {
		return nil, err
	}
	return &sqlxSession{be: be, db: sqlx.NewDb(db, be.Driver), q: newSQLSession(be, db)}, nil
}

type sqlxSession struct {
	be *Backend
	db *sqlx.DB
	q  *sqlSession
}

func (s *sqlxSession) Close() error { return s.db.Close() }

func (s *sqlxSession) GetByPK(ctx context.Context, id int64) (any, error) {
	var u User
	err := s.db.GetContext(ctx, &u, s.q.get, id)
	return &u, err
}

func (s *sqlxSession) SelectN(ctx context.Context, n int64) (any, error) {
	var us []User
	err := s.db.SelectContext(ctx, &us, s.q.list, n)
	return us, err
}

const namedInsert = "INSERT INTO ins_users (" + insCols + ") VALUES (:name, :email, :age, :score, :active, :created_at, :note)"

func (s *sqlxSession) InsertOne(ctx context.Context, u *InsUser) error {
	if s.be.Name == Postgres {
		rows, err := s.db.NamedQueryContext(ctx, namedInsert+" RETURNING id", u)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := rows.Scan(&u.ID); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	res, err := s.db.NamedExecContext(ctx, namedInsert, u)
	if err != nil {
		return err
	}
	u.ID, err = res.LastInsertId()
	return err
}

func (s *sqlxSession) InsertBulk(ctx context.Context, us []InsUser) error {
	tx, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.NamedExecContext(ctx, namedInsert, us); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *sqlxSession) InsertBulkIDs(ctx context.Context, us []InsUser) error {
	tx, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	rows, err := sqlx.NamedQueryContext(ctx, tx, namedInsert+" RETURNING id", us)
	if err != nil {
		return err
	}
	if err := scanIDs(rows.Rows, us); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *sqlxSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	_, err := s.db.NamedExecContext(ctx, "UPDATE ins_users SET score = :score, note = :note WHERE id = :id",
		&InsUser{ID: id, Score: score, Note: &note})
	return err
}

func (s *sqlxSession) Eager(ctx context.Context, n int64) (any, error) {
	var ps []Parent
	if err := s.db.SelectContext(ctx, &ps, s.q.pars, n); err != nil {
		return nil, err
	}
	q, args, err := sqlx.In("SELECT "+childCols+" FROM children WHERE parent_id IN (?) ORDER BY id", parentIDs(ps))
	if err != nil {
		return nil, err
	}
	var cs []Child
	if err := s.db.SelectContext(ctx, &cs, s.db.Rebind(q), args...); err != nil {
		return nil, err
	}
	attach(ps, cs)
	return ps, nil
}
