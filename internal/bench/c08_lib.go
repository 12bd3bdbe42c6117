package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// lib: one connection of zombiezen.com/go/sqlite, which calls the same
// modernc.org/sqlite/lib as the driver does, without driver.Value: no boxing,
// statements kept per connection. Times are text, parsed by hand. It
// always opens with SQLITE_OPEN_NOMUTEX, the driver always with FULLMUTEX.
func init() { Register(libContender{}) }

type libContender struct{}

func (libContender) Name() string       { return "lib" }
func (libContender) Backends() []string { return []string{SQLite} }
func (libContender) Open(ctx context.Context, be *Backend) (Session, error) {
	path, _, _ := strings.Cut(strings.TrimPrefix(be.DSN, "file:"), "?")
	c, err := sqlite.OpenConn(path, sqlite.OpenReadWrite|sqlite.OpenWAL)
	if err != nil {
		return nil, err
	}
	if err := sqlitex.ExecuteTransient(c, "PRAGMA synchronous=OFF", nil); err != nil {
		return nil, err
	}
	c.SetBusyTimeout(5 * time.Second)
	return &libSession{c: c, q: newSQLSession(be, nil)}, nil
}

type libSession struct {
	Unsupported
	c *sqlite.Conn
	q *sqlSession
}

func (s *libSession) Close() error { return s.c.Close() }

// isoTime reads 2006-01-02 15:04:05[.fraction]-07:00 without time.Parse.
func isoTime(s string) (time.Time, error) {
	if len(s) < 25 {
		return time.Time{}, fmt.Errorf("time %q", s)
	}
	n := func(a, b int) (v int) {
		for _, c := range []byte(s[a:b]) {
			v = v*10 + int(c-'0')
		}
		return v
	}
	ns, end := 0, len(s)-6
	if end > 20 {
		ns = n(20, end)
		for i := end - 20; i < 9; i++ {
			ns *= 10
		}
	}
	t := time.Date(n(0, 4), time.Month(n(5, 7)), n(8, 10), n(11, 13), n(14, 16), n(17, 19), ns, time.UTC)
	if off := n(end+1, end+3)*3600 + n(end+4, end+6)*60; off != 0 {
		if s[end] == '+' {
			off = -off
		}
		t = t.Add(time.Duration(off) * time.Second)
	}
	return t, nil
}

func libUser(st *sqlite.Stmt, u *User) (err error) {
	u.ID = st.ColumnInt64(0)
	u.Name = st.ColumnText(1)
	u.Email = st.ColumnText(2)
	u.Age = st.ColumnInt(3)
	u.Score = st.ColumnFloat(4)
	u.Active = st.ColumnBool(5)
	u.CreatedAt, err = isoTime(st.ColumnText(6))
	if !st.ColumnIsNull(7) {
		n := st.ColumnText(7)
		u.Note = &n
	}
	return err
}

func (s *libSession) each(q string, arg int64, row func(*sqlite.Stmt) error) error {
	st, err := s.c.Prepare(q)
	if err != nil {
		return err
	}
	defer st.Reset()
	st.BindInt64(1, arg)
	for {
		if more, err := st.Step(); err != nil || !more {
			return err
		}
		if err := row(st); err != nil {
			return err
		}
	}
}

func (s *libSession) GetByPK(ctx context.Context, id int64) (any, error) {
	var u User
	return &u, s.each(s.q.get, id, func(st *sqlite.Stmt) error { return libUser(st, &u) })
}

func (s *libSession) SelectN(ctx context.Context, n int64) (any, error) {
	var us []User
	err := s.each(s.q.list, n, func(st *sqlite.Stmt) error {
		us = append(us, User{})
		return libUser(st, &us[len(us)-1])
	})
	return us, err
}

func (s *libSession) insert(u *InsUser) error {
	st, err := s.c.Prepare(s.q.insert)
	if err != nil {
		return err
	}
	defer st.Reset()
	st.BindText(1, u.Name)
	st.BindText(2, u.Email)
	st.BindInt64(3, int64(u.Age))
	st.BindFloat(4, u.Score)
	st.BindBool(5, u.Active)
	st.BindText(6, u.CreatedAt.Format(sqliteTime))
	if u.Note == nil {
		st.BindNull(7)
	} else {
		st.BindText(7, *u.Note)
	}
	if _, err := st.Step(); err != nil {
		return err
	}
	u.ID = s.c.LastInsertRowID()
	return nil
}

func (s *libSession) InsertOne(ctx context.Context, u *InsUser) error { return s.insert(u) }

func (s *libSession) InsertBulk(ctx context.Context, us []InsUser) error {
	return s.InsertBulkIDs(ctx, us)
}

func (s *libSession) InsertBulkIDs(ctx context.Context, us []InsUser) (err error) {
	defer sqlitex.Transaction(s.c)(&err)
	for i := range us {
		if err := s.insert(&us[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *libSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	st, err := s.c.Prepare(s.q.update)
	if err != nil {
		return err
	}
	defer st.Reset()
	st.BindFloat(1, score)
	st.BindText(2, note)
	st.BindInt64(3, id)
	_, err = st.Step()
	return err
}

func (s *libSession) Eager(ctx context.Context, n int64) (any, error) {
	var ps []Parent
	if err := s.each(s.q.pars, n, func(st *sqlite.Stmt) (err error) {
		p := Parent{ID: st.ColumnInt64(0), Name: st.ColumnText(1)}
		p.CreatedAt, err = isoTime(st.ColumnText(2))
		ps = append(ps, p)
		return err
	}); err != nil {
		return nil, err
	}
	st, err := s.c.Prepare(childrenIn(s.q.be, len(ps)))
	if err != nil {
		return nil, err
	}
	defer st.Reset()
	at := make(map[int64]*Parent, len(ps))
	for i := range ps {
		at[ps[i].ID] = &ps[i]
		st.BindInt64(i+1, ps[i].ID)
	}
	for {
		if more, err := st.Step(); err != nil || !more {
			return ps, err
		}
		p := at[st.ColumnInt64(1)]
		p.Children = append(p.Children, Child{ID: st.ColumnInt64(0), ParentID: p.ID, Title: st.ColumnText(2), Qty: st.ColumnInt(3), Price: st.ColumnFloat(4)})
	}
}

func (s *libSession) OneConn() {}
