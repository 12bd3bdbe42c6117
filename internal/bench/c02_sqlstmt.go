package main

import (
	"context"
	"database/sql"
)

// sql-stmt: hand-written database/sql with a *sql.Stmt prepared once.
func init() { Register(stmtContender{}) }

type stmtContender struct{}

func (stmtContender) Name() string       { return "sql-stmt" }
func (stmtContender) Backends() []string { return []string{SQLite, Postgres, MariaDB} }
func (stmtContender) Open(ctx context.Context, be *Backend) (Session, error) {
	db, err := be.openDB()
	if err != nil {
		return nil, err
	}
	s := &stmtSession{q: newSQLSession(be, db)}
	for _, p := range []struct {
		to **sql.Stmt
		q  string
	}{
		{&s.get, s.q.get}, {&s.list, s.q.list}, {&s.insert, s.q.insert}, {&s.update, s.q.update}, {&s.pars, s.q.pars},
		{&s.kids, childrenIn(be, 100)},
		{&s.multi, multiInsert(be, 1000)}, {&s.multiIDs, multiInsert(be, 1000) + " RETURNING id"},
	} {
		if *p.to, err = db.PrepareContext(ctx, p.q); err != nil {
			return nil, err
		}
	}
	return s, nil
}

type stmtSession struct {
	q                                                      *sqlSession
	get, list, insert, update, pars, kids, multi, multiIDs *sql.Stmt
}

func (s *stmtSession) Close() error { return s.q.db.Close() }

func (s *stmtSession) GetByPK(ctx context.Context, id int64) (any, error) {
	var u User
	err := s.get.QueryRowContext(ctx, id).Scan(&u.ID, &u.Name, &u.Email, &u.Age, &u.Score, &u.Active, &u.CreatedAt, &u.Note)
	return &u, err
}

func (s *stmtSession) SelectN(ctx context.Context, n int64) (any, error) {
	rows, err := s.list.QueryContext(ctx, n)
	if err != nil {
		return nil, err
	}
	return scanUsers(rows)
}

func (s *stmtSession) InsertOne(ctx context.Context, u *InsUser) error {
	if s.q.be.Name == Postgres {
		return s.insert.QueryRowContext(ctx, u.Name, u.Email, u.Age, u.Score, u.Active, u.CreatedAt, u.Note).Scan(&u.ID)
	}
	res, err := s.insert.ExecContext(ctx, u.Name, u.Email, u.Age, u.Score, u.Active, u.CreatedAt, u.Note)
	if err != nil {
		return err
	}
	u.ID, err = res.LastInsertId()
	return err
}

// InsertBulk runs the single-row statement a thousand times where a call is
// cheap (sqlite), the prepared thousand-row one elsewhere.
func (s *stmtSession) InsertBulk(ctx context.Context, us []InsUser) error {
	tx, err := s.q.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if s.q.be.Name == SQLite {
		st := tx.StmtContext(ctx, s.insert)
		for i := range us {
			u := &us[i]
			if _, err := st.ExecContext(ctx, u.Name, u.Email, u.Age, u.Score, u.Active, u.CreatedAt, u.Note); err != nil {
				return err
			}
		}
	} else if _, err := tx.StmtContext(ctx, s.multi).ExecContext(ctx, insArgsAll(us)...); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *stmtSession) InsertBulkIDs(ctx context.Context, us []InsUser) error {
	tx, err := s.q.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if s.q.be.Name == SQLite {
		st := tx.StmtContext(ctx, s.insert)
		for i := range us {
			u := &us[i]
			res, err := st.ExecContext(ctx, u.Name, u.Email, u.Age, u.Score, u.Active, u.CreatedAt, u.Note)
			if err != nil {
				return err
			}
			if u.ID, err = res.LastInsertId(); err != nil {
				return err
			}
		}
		return tx.Commit()
	}
	rows, err := tx.StmtContext(ctx, s.multiIDs).QueryContext(ctx, insArgsAll(us)...)
	if err != nil {
		return err
	}
	if err := scanIDs(rows, us); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *stmtSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	_, err := s.update.ExecContext(ctx, score, note, id)
	return err
}

func (s *stmtSession) Eager(ctx context.Context, n int64) (any, error) {
	rows, err := s.pars.QueryContext(ctx, n)
	if err != nil {
		return nil, err
	}
	ps, err := scanParents(rows)
	if err != nil {
		return nil, err
	}
	args := make([]any, len(ps))
	for i := range ps {
		args[i] = ps[i].ID
	}
	rows, err = s.kids.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	cs, err := scanChildren(rows)
	if err != nil {
		return nil, err
	}
	attach(ps, cs)
	return ps, nil
}
