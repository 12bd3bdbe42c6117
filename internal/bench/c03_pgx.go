package main

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pgx: hand-written on native pgx with its pool, hand Scan. pgx-collect: the
// same queries through CollectRows and RowToStructByName. pgx-batch: what a
// toolkit could send in one round trip with a pgx.Batch: BEGIN, the insert and
// COMMIT of W5b; both queries of W7, the second finding the parents by itself.
func init() {
	Register(pgxContender{})
	Register(pgxContender{collect: true})
	Register(pgxContender{batch: true})
}

type pgxContender struct{ collect, batch bool }

func (c pgxContender) Name() string {
	if c.collect {
		return "pgx-collect"
	}
	if c.batch {
		return "pgx-batch"
	}
	return "pgx"
}
func (pgxContender) Backends() []string { return []string{Postgres} }
func (c pgxContender) Open(ctx context.Context, be *Backend) (Session, error) {
	cfg, err := pgxpool.ParseConfig(be.DSN)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = poolSize
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	s := &pgxSession{pool: pool, q: newSQLSession(be, nil)}
	if c.collect {
		return &pgxCollect{pgxSession: s}, nil
	}
	if c.batch {
		return &pgxBatch{s: s}, nil
	}
	return s, nil
}

type pgxSession struct {
	pool *pgxpool.Pool
	q    *sqlSession
}

func (s *pgxSession) Close() error { s.pool.Close(); return nil }

func (s *pgxSession) GetByPK(ctx context.Context, id int64) (any, error) {
	var u User
	err := s.pool.QueryRow(ctx, s.q.get, id).Scan(&u.ID, &u.Name, &u.Email, &u.Age, &u.Score, &u.Active, &u.CreatedAt, &u.Note)
	return &u, err
}

func (s *pgxSession) SelectN(ctx context.Context, n int64) (any, error) {
	rows, err := s.pool.Query(ctx, s.q.list, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var us []User
	for rows.Next() {
		var u User
		if err := rows.Scan(&u.ID, &u.Name, &u.Email, &u.Age, &u.Score, &u.Active, &u.CreatedAt, &u.Note); err != nil {
			return nil, err
		}
		us = append(us, u)
	}
	return us, rows.Err()
}

func (s *pgxSession) InsertOne(ctx context.Context, u *InsUser) error {
	return s.pool.QueryRow(ctx, s.q.insert, u.Name, u.Email, u.Age, u.Score, u.Active, u.CreatedAt, u.Note).Scan(&u.ID)
}

var copyCols = []string{"name", "email", "age", "score", "active", "created_at", "note"}

func (s *pgxSession) InsertBulk(ctx context.Context, us []InsUser) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		row := make([]any, 0, 7)
		_, err := tx.CopyFrom(ctx, pgx.Identifier{"ins_users"}, copyCols, pgx.CopyFromSlice(len(us), func(i int) ([]any, error) {
			row = insArgs(row[:0], &us[i])
			return row, nil
		}))
		return err
	})
}

const unnestInsert = "INSERT INTO ins_users (" + insCols + ") SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::float8[], $5::bool[], $6::timestamptz[], $7::text[]) RETURNING id"

func (s *pgxSession) InsertBulkIDs(ctx context.Context, us []InsUser) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, unnestInsert, columns(us)...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for i := 0; rows.Next(); i++ {
			if err := rows.Scan(&us[i].ID); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

func (s *pgxSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	_, err := s.pool.Exec(ctx, s.q.update, score, note, id)
	return err
}

const kidsAny = "SELECT " + childCols + " FROM children WHERE parent_id = ANY($1) ORDER BY id"

func (s *pgxSession) Eager(ctx context.Context, n int64) (any, error) {
	rows, err := s.pool.Query(ctx, s.q.pars, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ps []Parent
	for rows.Next() {
		var p Parent
		if err := rows.Scan(&p.ID, &p.Name, &p.CreatedAt); err != nil {
			return nil, err
		}
		ps = append(ps, p)
	}
	if rows.Err() != nil {
		return nil, rows.Err()
	}
	rows, err = s.pool.Query(ctx, kidsAny, parentIDs(ps))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var cs []Child
	for rows.Next() {
		var c Child
		if err := rows.Scan(&c.ID, &c.ParentID, &c.Title, &c.Qty, &c.Price); err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	attach(ps, cs)
	return ps, rows.Err()
}

type pgxCollect struct {
	Unsupported
	*pgxSession
}

func (s *pgxCollect) Close() error { return s.pgxSession.Close() }
func (s *pgxCollect) GetByPK(ctx context.Context, id int64) (any, error) {
	rows, err := s.pool.Query(ctx, s.q.get, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[User])
}

func (s *pgxCollect) SelectN(ctx context.Context, n int64) (any, error) {
	rows, err := s.pool.Query(ctx, s.q.list, n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[User])
}

func (s *pgxCollect) Eager(ctx context.Context, n int64) (any, error) {
	rows, err := s.pool.Query(ctx, s.q.pars, n)
	if err != nil {
		return nil, err
	}
	ps, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[Parent])
	if err != nil {
		return nil, err
	}
	rows, err = s.pool.Query(ctx, kidsAny, parentIDs(ps))
	if err != nil {
		return nil, err
	}
	cs, err := pgx.CollectRows(rows, pgx.RowToStructByName[Child])
	if err != nil {
		return nil, err
	}
	attach(ps, cs)
	return ps, nil
}
func (s *pgxCollect) InsertOne(context.Context, *InsUser) error               { return ErrUnsupported }
func (s *pgxCollect) InsertBulk(context.Context, []InsUser) error             { return ErrUnsupported }
func (s *pgxCollect) InsertBulkIDs(context.Context, []InsUser) error          { return ErrUnsupported }
func (s *pgxCollect) UpdateOne(context.Context, int64, float64, string) error { return ErrUnsupported }

type pgxBatch struct {
	Unsupported
	s *pgxSession
}

func (s *pgxBatch) Close() error { return s.s.Close() }

func (s *pgxBatch) InsertBulkIDs(ctx context.Context, us []InsUser) error {
	var b pgx.Batch
	b.Queue("BEGIN")
	b.Queue(unnestInsert, columns(us)...).Query(func(rows pgx.Rows) error {
		for i := 0; rows.Next(); i++ {
			if err := rows.Scan(&us[i].ID); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	b.Queue("COMMIT")
	return s.s.pool.SendBatch(ctx, &b).Close()
}

func (s *pgxBatch) Eager(ctx context.Context, n int64) (any, error) {
	var b pgx.Batch
	var ps []Parent
	var cs []Child
	b.Queue(s.s.q.pars, n).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			var p Parent
			if err := rows.Scan(&p.ID, &p.Name, &p.CreatedAt); err != nil {
				return err
			}
			ps = append(ps, p)
		}
		return rows.Err()
	})
	b.Queue("SELECT "+childCols+" FROM children WHERE parent_id IN (SELECT id FROM parents WHERE id <= $1) ORDER BY id", n).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			var c Child
			if err := rows.Scan(&c.ID, &c.ParentID, &c.Title, &c.Qty, &c.Price); err != nil {
				return err
			}
			cs = append(cs, c)
		}
		return rows.Err()
	})
	if err := s.s.pool.SendBatch(ctx, &b).Close(); err != nil {
		return nil, err
	}
	attach(ps, cs)
	return ps, nil
}
