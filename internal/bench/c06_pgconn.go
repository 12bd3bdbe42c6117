package main

import (
	"context"
	"encoding/binary"
	"math"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pgconn: the floor on postgres. One connection, statements prepared once,
// binary results decoded by hand from pgconn's row bytes: below pgx's own
// statement cache, type map and Rows.
func init() { Register(pgconnContender{}) }

type pgconnContender struct{}

func (pgconnContender) Name() string       { return "pgconn" }
func (pgconnContender) Backends() []string { return []string{Postgres} }
func (pgconnContender) Open(ctx context.Context, be *Backend) (Session, error) {
	c, err := pgx.Connect(ctx, be.DSN)
	if err != nil {
		return nil, err
	}
	q := newSQLSession(be, nil)
	for name, text := range map[string]string{"get": q.get, "list": q.list, "pars": q.pars, "kids": kidsAny, "ins": q.insert, "upd": q.update} {
		if _, err := c.PgConn().Prepare(ctx, name, text, nil); err != nil {
			return nil, err
		}
	}
	return &pgconnSession{c: c, pc: c.PgConn()}, nil
}

type pgconnSession struct {
	Unsupported
	c  *pgx.Conn
	pc *pgconn.PgConn
}

func (s *pgconnSession) Close() error { return s.c.Close(context.Background()) }

var (
	binaryFmt = []int16{1}
	textFmt   = []int16{0}
	pgEpoch   = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
)

func be64(b []byte) int64 { return int64(binary.BigEndian.Uint64(b)) }

func pgTime(b []byte) time.Time { return time.UnixMicro(be64(b) + pgEpoch) }

func decodeUser(v [][]byte, u *User) {
	u.ID = be64(v[0])
	u.Name = string(v[1])
	u.Email = string(v[2])
	u.Age = int(int32(binary.BigEndian.Uint32(v[3])))
	u.Score = math.Float64frombits(binary.BigEndian.Uint64(v[4]))
	u.Active = v[5][0] != 0
	u.CreatedAt = pgTime(v[6])
	if v[7] != nil {
		s := string(v[7])
		u.Note = &s
	}
}

func (s *pgconnSession) run(ctx context.Context, stmt string, arg int64, row func([][]byte)) error {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(arg))
	rr := s.pc.ExecPrepared(ctx, stmt, [][]byte{b[:]}, binaryFmt, binaryFmt)
	for rr.NextRow() {
		row(rr.Values())
	}
	_, err := rr.Close()
	return err
}

func (s *pgconnSession) GetByPK(ctx context.Context, id int64) (any, error) {
	var u User
	return &u, s.run(ctx, "get", id, func(v [][]byte) { decodeUser(v, &u) })
}

func (s *pgconnSession) SelectN(ctx context.Context, n int64) (any, error) {
	var us []User
	err := s.run(ctx, "list", n, func(v [][]byte) {
		us = append(us, User{})
		decodeUser(v, &us[len(us)-1])
	})
	return us, err
}

func (s *pgconnSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	_, err := s.pc.ExecPrepared(ctx, "upd", [][]byte{
		strconv.AppendFloat(nil, score, 'g', -1, 64), []byte(note), strconv.AppendInt(nil, id, 10)}, textFmt, textFmt).Close()
	return err
}

func (s *pgconnSession) Eager(ctx context.Context, n int64) (any, error) {
	var ps []Parent
	err := s.run(ctx, "pars", n, func(v [][]byte) {
		ps = append(ps, Parent{ID: be64(v[0]), Name: string(v[1]), CreatedAt: pgTime(v[2])})
	})
	if err != nil {
		return nil, err
	}
	at := make(map[int64]*Parent, len(ps))
	b := []byte{'{'}
	for i := range ps {
		at[ps[i].ID] = &ps[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, ps[i].ID, 10)
	}
	b = append(b, '}')
	rr := s.pc.ExecPrepared(ctx, "kids", [][]byte{b}, textFmt, binaryFmt)
	for rr.NextRow() {
		v := rr.Values()
		p := at[be64(v[1])]
		p.Children = append(p.Children, Child{ID: be64(v[0]), ParentID: p.ID, Title: string(v[2]),
			Qty: int(int32(binary.BigEndian.Uint32(v[3]))), Price: math.Float64frombits(binary.BigEndian.Uint64(v[4]))})
	}
	_, err = rr.Close()
	return ps, err
}

func (s *pgconnSession) OneConn() {}
