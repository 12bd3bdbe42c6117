package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// sql: hand-written database/sql without prepared statements, as people
// normally write it and as sqlc generates it. The base of every ratio.
func init() { Register(sqlContender{}) }

type sqlContender struct{}

func (sqlContender) Name() string       { return "sql" }
func (sqlContender) Backends() []string { return []string{SQLite, Postgres, MariaDB} }
func (sqlContender) Open(ctx context.Context, be *Backend) (Session, error) {
	db, err := be.openDB()
	if err != nil {
		return nil, err
	}
	return newSQLSession(be, db), nil
}

type sqlSession struct {
	be                              *Backend
	db                              *sql.DB
	get, list, insert, update, pars string
}

func newSQLSession(be *Backend, db *sql.DB) *sqlSession {
	s := &sqlSession{be: be, db: db,
		get:    be.Rebind("SELECT " + userCols + " FROM users WHERE id = ?"),
		list:   be.Rebind("SELECT " + userCols + " FROM users WHERE id <= ? ORDER BY id"),
		insert: be.Rebind("INSERT INTO ins_users (" + insCols + ") VALUES (?, ?, ?, ?, ?, ?, ?)"),
		update: be.Rebind("UPDATE ins_users SET score = ?, note = ? WHERE id = ?"),
		pars:   be.Rebind("SELECT " + parentCols + " FROM parents WHERE id <= ? ORDER BY id"),
	}
	if be.Name == Postgres {
		s.insert += " RETURNING id"
	}
	return s
}

func (s *sqlSession) Close() error { return s.db.Close() }

func (s *sqlSession) GetByPK(ctx context.Context, id int64) (any, error) {
	var u User
	err := s.db.QueryRowContext(ctx, s.get, id).Scan(&u.ID, &u.Name, &u.Email, &u.Age, &u.Score, &u.Active, &u.CreatedAt, &u.Note)
	return &u, err
}

func (s *sqlSession) SelectN(ctx context.Context, n int64) (any, error) {
	rows, err := s.db.QueryContext(ctx, s.list, n)
	if err != nil {
		return nil, err
	}
	return scanUsers(rows)
}

func scanUsers(rows *sql.Rows) ([]User, error) {
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

func (s *sqlSession) InsertOne(ctx context.Context, u *InsUser) error {
	if s.be.Name == Postgres {
		return s.db.QueryRowContext(ctx, s.insert, u.Name, u.Email, u.Age, u.Score, u.Active, u.CreatedAt, u.Note).Scan(&u.ID)
	}
	res, err := s.db.ExecContext(ctx, s.insert, u.Name, u.Email, u.Age, u.Score, u.Active, u.CreatedAt, u.Note)
	if err != nil {
		return err
	}
	u.ID, err = res.LastInsertId()
	return err
}

// multiInsert is an INSERT of n rows in one statement.
func multiInsert(be *Backend, n int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO ins_users (" + insCols + ") VALUES ")
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		if be.Name != Postgres {
			b.WriteString("(?,?,?,?,?,?,?)")
			continue
		}
		for j := range 7 {
			b.WriteByte("(,"[min(j, 1)])
			fmt.Fprintf(&b, "$%d", i*7+j+1)
		}
		b.WriteByte(')')
	}
	return b.String()
}

func insArgsAll(us []InsUser) []any {
	args := make([]any, 0, 7*len(us))
	for i := range us {
		args = insArgs(args, &us[i])
	}
	return args
}

func (s *sqlSession) InsertBulk(ctx context.Context, us []InsUser) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, multiInsert(s.be, len(us)), insArgsAll(us)...); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *sqlSession) InsertBulkIDs(ctx context.Context, us []InsUser) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	rows, err := tx.QueryContext(ctx, multiInsert(s.be, len(us))+" RETURNING id", insArgsAll(us)...)
	if err != nil {
		return err
	}
	if err := scanIDs(rows, us); err != nil {
		return err
	}
	return tx.Commit()
}

func scanIDs(rows *sql.Rows, us []InsUser) error {
	defer rows.Close()
	for i := 0; rows.Next(); i++ {
		if err := rows.Scan(&us[i].ID); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s *sqlSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	_, err := s.db.ExecContext(ctx, s.update, score, note, id)
	return err
}

func childrenIn(be *Backend, n int) string {
	return be.Rebind("SELECT " + childCols + " FROM children WHERE parent_id IN (?" + strings.Repeat(",?", n-1) + ") ORDER BY id")
}

func (s *sqlSession) Eager(ctx context.Context, n int64) (any, error) {
	rows, err := s.db.QueryContext(ctx, s.pars, n)
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
	rows, err = s.db.QueryContext(ctx, childrenIn(s.be, len(ps)), args...)
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

func scanParents(rows *sql.Rows) ([]Parent, error) {
	defer rows.Close()
	var ps []Parent
	for rows.Next() {
		var p Parent
		if err := rows.Scan(&p.ID, &p.Name, &p.CreatedAt); err != nil {
			return nil, err
		}
		ps = append(ps, p)
	}
	return ps, rows.Err()
}

func scanChildren(rows *sql.Rows) ([]Child, error) {
	defer rows.Close()
	var cs []Child
	for rows.Next() {
		var c Child
		if err := rows.Scan(&c.ID, &c.ParentID, &c.Title, &c.Qty, &c.Price); err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	return cs, rows.Err()
}
