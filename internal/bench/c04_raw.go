package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
)

// What a toolkit could reach below or inside database/sql, where the driver is
// a database/sql driver:
//
//	raw        one driver.Conn of its own, statements prepared once and kept,
//	           rows.Next into []driver.Value: no database/sql at all
//	raw-pool   the same, on connections borrowed from a *sql.DB by Conn.Raw,
//	           statements kept per driver connection
//	raw-text   raw on sqlite, with "+created_at" selected: an expression has no
//	           declared type, so the driver leaves the text alone and isoTime
//	           (c08_lib.go) parses it; W1 to W3 only
//	sql-cached database/sql as in sql, but its connector's connections keep
//	           prepared statements, so QueryContext finds one (map by SQL text)
func init() {
	Register(rawContender{})
	Register(rawContender{pool: true})
	Register(rawTextContender{})
	Register(cachedContender{})
}

func (be *Backend) connector() (driver.Connector, error) {
	if be.Name == SQLite {
		return dsnConnector{be.DSN, be.admin.Driver()}, nil
	}
	cfg, err := mysqldriver.ParseDSN(be.DSN)
	if err != nil {
		return nil, err
	}
	return mysqldriver.NewConnector(cfg)
}

// dsnConnector is a connector of a driver that has none of its own.
type dsnConnector struct {
	dsn    string
	driver driver.Driver
}

func (c dsnConnector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c dsnConnector) Driver() driver.Driver                        { return c.driver }

type rawContender struct{ pool bool }

func (c rawContender) Name() string {
	if c.pool {
		return "raw-pool"
	}
	return "raw"
}
func (rawContender) Backends() []string { return []string{SQLite, MariaDB} }
func (c rawContender) Open(ctx context.Context, be *Backend) (Session, error) {
	cn, err := be.connector()
	if err != nil {
		return nil, err
	}
	q := newSQLSession(be, nil)
	if c.pool {
		db := sql.OpenDB(cn)
		be.size(db)
		return &rawPool{db: db, q: q, conns: map[driver.Conn]*rawConn{}}, nil
	}
	dc, err := cn.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &rawSession{q: q, c: newRawConn(dc)}, nil
}

// rawConn keeps the prepared statements of one driver connection.
type rawConn struct {
	dc    driver.Conn
	stmts map[string]driver.Stmt
	// scratch, reused by every statement: a connection runs one at a time
	args []driver.NamedValue
	dest []driver.Value
}

func newRawConn(dc driver.Conn) *rawConn {
	return &rawConn{dc: dc, stmts: map[string]driver.Stmt{}, dest: make([]driver.Value, 8)}
}

func (c *rawConn) stmt(ctx context.Context, q string) (driver.Stmt, error) {
	if st, ok := c.stmts[q]; ok {
		return st, nil
	}
	st, err := c.dc.(driver.ConnPrepareContext).PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	c.stmts[q] = st
	return st, nil
}

func (c *rawConn) bind(vs ...driver.Value) []driver.NamedValue {
	c.args = c.args[:0]
	for i, v := range vs {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return c.args
}

func (c *rawConn) query(ctx context.Context, q string, args []driver.NamedValue, width int, row func([]driver.Value) error) error {
	st, err := c.stmt(ctx, q)
	if err != nil {
		return err
	}
	rows, err := st.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	dest := c.dest[:width]
	for {
		if err := rows.Next(dest); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := row(dest); err != nil {
			return err
		}
	}
}

func str(v driver.Value) string {
	switch x := v.(type) {
	case string:
		return x
	case []byte:
		return string(x)
	}
	return ""
}

func scanRaw(d []driver.Value, u *User) error {
	var ok1, ok2, ok3, ok4, ok5 bool
	u.ID, ok1 = d[0].(int64)
	u.Name = str(d[1])
	u.Email = str(d[2])
	age, ok2 := d[3].(int64)
	u.Age = int(age)
	u.Score, ok3 = d[4].(float64)
	active, ok4 := d[5].(int64)
	u.Active = active != 0
	if u.CreatedAt, ok5 = d[6].(time.Time); !ok5 {
		if s, ok := d[6].(string); ok {
			var err error
			if u.CreatedAt, err = isoTime(s); err != nil {
				return err
			}
			ok5 = true
		}
	}
	if d[7] != nil {
		s := str(d[7])
		u.Note = &s
	}
	if !(ok1 && ok2 && ok3 && ok4 && ok5) {
		return fmt.Errorf("unexpected types: %T %T %T %T %T", d[0], d[3], d[4], d[5], d[6])
	}
	return nil
}

func (c *rawConn) get(ctx context.Context, q string, id int64) (*User, error) {
	var u User
	return &u, c.query(ctx, q, c.bind(id), 8, func(d []driver.Value) error { return scanRaw(d, &u) })
}

func (c *rawConn) list(ctx context.Context, q string, n int64) ([]User, error) {
	var us []User
	err := c.query(ctx, q, c.bind(n), 8, func(d []driver.Value) error {
		us = append(us, User{})
		return scanRaw(d, &us[len(us)-1])
	})
	return us, err
}

func (c *rawConn) exec(ctx context.Context, q string, args []driver.NamedValue) (driver.Result, error) {
	st, err := c.stmt(ctx, q)
	if err != nil {
		return nil, err
	}
	return st.(driver.StmtExecContext).ExecContext(ctx, args)
}

func deref(s *string) driver.Value {
	if s == nil {
		return nil
	}
	return *s
}

func (c *rawConn) bindUsers(us []InsUser) []driver.NamedValue {
	c.args = c.args[:0]
	n := 0
	add := func(v driver.Value) {
		n++
		c.args = append(c.args, driver.NamedValue{Ordinal: n, Value: v})
	}
	for i := range us {
		u := &us[i]
		add(u.Name)
		add(u.Email)
		add(int64(u.Age))
		add(u.Score)
		add(u.Active)
		add(u.CreatedAt)
		add(deref(u.Note))
	}
	return c.args
}

func (c *rawConn) insert(ctx context.Context, q string, u *InsUser) error {
	res, err := c.exec(ctx, q, c.bindUsers((&[1]InsUser{*u})[:]))
	if err != nil {
		return err
	}
	u.ID, err = res.LastInsertId()
	return err
}

// bulk inserts with the statement of chunk rows, in one transaction of two
// kept statements.
func (c *rawConn) bulk(ctx context.Context, q string, us []InsUser, chunk int, returning bool) (err error) {
	if _, err := c.exec(ctx, "BEGIN", nil); err != nil {
		return err
	}
	end := "COMMIT"
	defer func() {
		if _, e := c.exec(ctx, end, nil); err == nil {
			err = e
		}
	}()
	for at := 0; at < len(us); at += chunk {
		part := us[at : at+chunk]
		if returning {
			i := 0
			err = c.query(ctx, q, c.bindUsers(part), 1, func(d []driver.Value) error {
				part[i].ID = d[0].(int64)
				i++
				return nil
			})
		} else {
			_, err = c.exec(ctx, q, c.bindUsers(part))
		}
		if err != nil {
			end = "ROLLBACK"
			return err
		}
	}
	return nil
}

func (c *rawConn) eager(ctx context.Context, q *sqlSession, n int64) ([]Parent, error) {
	var ps []Parent
	if err := c.query(ctx, q.pars, c.bind(n), 3, func(d []driver.Value) error {
		ps = append(ps, Parent{ID: d[0].(int64), Name: str(d[1]), CreatedAt: d[2].(time.Time)})
		return nil
	}); err != nil {
		return nil, err
	}
	c.args = c.args[:0]
	at := make(map[int64]*Parent, len(ps))
	for i := range ps {
		at[ps[i].ID] = &ps[i]
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: ps[i].ID})
	}
	err := c.query(ctx, childrenIn(q.be, len(ps)), c.args, 5, func(d []driver.Value) error {
		p := at[d[1].(int64)]
		p.Children = append(p.Children, Child{ID: d[0].(int64), ParentID: d[1].(int64), Title: str(d[2]), Qty: int(d[3].(int64)), Price: d[4].(float64)})
		return nil
	})
	return ps, err
}

type rawSession struct {
	Unsupported
	q *sqlSession
	c *rawConn
}

func (s *rawSession) Close() error { return s.c.dc.Close() }
func (s *rawSession) GetByPK(ctx context.Context, id int64) (any, error) {
	return s.c.get(ctx, s.q.get, id)
}
func (s *rawSession) SelectN(ctx context.Context, n int64) (any, error) {
	return s.c.list(ctx, s.q.list, n)
}
func (s *rawSession) InsertOne(ctx context.Context, u *InsUser) error {
	return s.c.insert(ctx, s.q.insert, u)
}
func (s *rawSession) InsertBulk(ctx context.Context, us []InsUser) error {
	n := s.chunk()
	return s.c.bulk(ctx, multiInsert(s.q.be, n), us, n, false)
}

// chunk is how many rows a statement inserts: many where a round trip costs.
func (s *rawSession) chunk() int {
	if s.q.be.Name == SQLite {
		return 25
	}
	return 1000
}

func (s *rawSession) InsertBulkIDs(ctx context.Context, us []InsUser) error {
	n := s.chunk()
	return s.c.bulk(ctx, multiInsert(s.q.be, n)+" RETURNING id", us, n, true)
}
func (s *rawSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	_, err := s.c.exec(ctx, s.q.update, s.c.bind(score, note, id))
	return err
}
func (s *rawSession) Eager(ctx context.Context, n int64) (any, error) {
	return s.c.eager(ctx, s.q, n)
}

type rawTextContender struct{ rawContender }

func (rawTextContender) Name() string       { return "raw-text" }
func (rawTextContender) Backends() []string { return []string{SQLite} }
func (c rawTextContender) Open(ctx context.Context, be *Backend) (Session, error) {
	s, err := c.rawContender.Open(ctx, be)
	if err != nil {
		return nil, err
	}
	r := s.(*rawSession)
	r.q.get = strings.Replace(r.q.get, "created_at", "+created_at", 1)
	r.q.list = strings.Replace(r.q.list, "created_at", "+created_at", 1)
	return &rawText{c: r.c, q: r.q}, nil
}

type rawText struct {
	Unsupported
	c *rawConn
	q *sqlSession
}

func (s *rawText) Close() error { return s.c.dc.Close() }
func (s *rawText) GetByPK(ctx context.Context, id int64) (any, error) {
	return s.c.get(ctx, s.q.get, id)
}
func (s *rawText) SelectN(ctx context.Context, n int64) (any, error) {
	return s.c.list(ctx, s.q.list, n)
}

type rawPool struct {
	Unsupported
	db    *sql.DB
	q     *sqlSession
	mu    sync.Mutex
	conns map[driver.Conn]*rawConn
}

func (s *rawPool) with(ctx context.Context, f func(*rawConn) error) error {
	c, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Raw(func(x any) error {
		dc := x.(driver.Conn)
		s.mu.Lock()
		rc := s.conns[dc]
		if rc == nil {
			rc = newRawConn(dc)
			s.conns[dc] = rc
		}
		s.mu.Unlock()
		return f(rc)
	})
}

func (s *rawPool) Close() error { return s.db.Close() }
func (s *rawPool) GetByPK(ctx context.Context, id int64) (u any, err error) {
	err = s.with(ctx, func(c *rawConn) (err error) { u, err = c.get(ctx, s.q.get, id); return })
	return u, err
}
func (s *rawPool) SelectN(ctx context.Context, n int64) (us any, err error) {
	err = s.with(ctx, func(c *rawConn) (err error) { us, err = c.list(ctx, s.q.list, n); return })
	return us, err
}
func (s *rawPool) InsertOne(ctx context.Context, u *InsUser) error {
	return s.with(ctx, func(c *rawConn) error { return c.insert(ctx, s.q.insert, u) })
}
func (s *rawPool) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	return s.with(ctx, func(c *rawConn) error {
		_, err := c.exec(ctx, s.q.update, c.bind(score, note, id))
		return err
	})
}
func (s *rawPool) Eager(ctx context.Context, n int64) (ps any, err error) {
	err = s.with(ctx, func(c *rawConn) (err error) { ps, err = c.eager(ctx, s.q, n); return })
	return ps, err
}

type cachedContender struct{}

func (cachedContender) Name() string       { return "sql-cached" }
func (cachedContender) Backends() []string { return []string{SQLite, MariaDB} }
func (cachedContender) Open(ctx context.Context, be *Backend) (Session, error) {
	cn, err := be.connector()
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(cachingConnector{cn})
	be.size(db)
	return newSQLSession(be, db), nil
}

type cachingConnector struct{ driver.Connector }

func (c cachingConnector) Connect(ctx context.Context) (driver.Conn, error) {
	dc, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &cachingConn{dc.(innerConn), newRawConn(dc)}, nil
}

// innerConn is what both drivers' connections are.
type innerConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// cachingConn is a driver connection whose QueryContext and ExecContext run
// kept statements. A statement of which rows are still open is not asked for
// again: database/sql holds the connection until they are closed (in a
// transaction a caller could; a real one would mark it busy).
type cachingConn struct {
	innerConn
	c *rawConn
}

func (c *cachingConn) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Rows, error) {
	st, err := c.c.stmt(ctx, q)
	if err != nil {
		return nil, err
	}
	return st.(driver.StmtQueryContext).QueryContext(ctx, args)
}

func (c *cachingConn) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Result, error) {
	st, err := c.c.stmt(ctx, q)
	if err != nil {
		return nil, err
	}
	return st.(driver.StmtExecContext).ExecContext(ctx, args)
}

func (c *cachingConn) CheckNamedValue(nv *driver.NamedValue) error {
	if ck, ok := c.innerConn.(driver.NamedValueChecker); ok {
		return ck.CheckNamedValue(nv)
	}
	return driver.ErrSkip
}

func (s *rawSession) OneConn() {}

func (s *rawText) OneConn() {}
