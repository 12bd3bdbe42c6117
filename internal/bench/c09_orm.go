package main

import (
	"context"
	"errors"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/orm"
)

// sqlayer-orm: package orm, each operation a session of its own, that is a
// transaction, an identity map and snapshots; W6 loads the object that it
// changes. sqlayer-orm-read: the same queries with the engine as their Runner,
// whose objects belong to no session.
func init() {
	Register(ormContender{})
	Register(ormReadContender{})
}

type UserObject struct {
	ID        int64 `db:",pk"`
	Name      string
	Email     string
	Age       int
	Score     float64
	Active    bool
	CreatedAt time.Time
	Note      *string
}

func (UserObject) TableName() string { return "users" }

type InsUserObject struct {
	ID        int64 `db:",pk"`
	Name      string
	Email     string
	Age       int
	Score     float64
	Active    bool
	CreatedAt time.Time
	Note      *string
}

func (InsUserObject) TableName() string { return "ins_users" }

type ParentObject struct {
	ID        int64 `db:",pk"`
	Name      string
	CreatedAt time.Time
	Children  []*ChildObject `db:",has-many,fk:ParentID"`
}

func (ParentObject) TableName() string { return "parents" }

type ChildObject struct {
	ID       int64 `db:",pk"`
	ParentID int64 `db:",fk:ParentObject.ID"`
	Title    string
	Qty      int
	Price    float64
}

func (ChildObject) TableName() string { return "children" }

type ormContender struct{}

func (ormContender) Name() string       { return "sqlayer-orm" }
func (ormContender) Backends() []string { return []string{SQLite, Postgres, MariaDB} }
func (ormContender) Open(ctx context.Context, be *Backend) (Session, error) {
	s, err := be.openEngine()
	if err != nil {
		return nil, err
	}
	return &ormSession{e: s.e}, nil
}

type ormSession struct{ e *engine.Engine }

func (s *ormSession) Close() error { return s.e.Close() }

// in calls f with a session and commits it.
func (s *ormSession) in(ctx context.Context, f func(*orm.Session) error) (err error) {
	sess := orm.NewSession(s.e)
	defer func() { err = errors.Join(err, sess.Close()) }()
	if err := f(sess); err != nil {
		return err
	}
	return sess.Commit(ctx)
}

func ormSelectN(ctx context.Context, r dialect.Runner, n int64) ([]*UserObject, error) {
	u := orm.Ref[UserObject]()
	return orm.Select(u).Where(orm.F(&u.ID).Le(n)).OrderBy(orm.F(&u.ID).Asc()).All(ctx, r)
}

func ormEager(ctx context.Context, r dialect.Runner, n int64) ([]*ParentObject, error) {
	p := orm.Ref[ParentObject]()
	return orm.Select(p).Where(orm.F(&p.ID).Le(n)).With(&p.Children).OrderBy(orm.F(&p.ID).Asc()).All(ctx, r)
}

func (s *ormSession) GetByPK(ctx context.Context, id int64) (u any, err error) {
	err = s.in(ctx, func(sess *orm.Session) (err error) { u, err = orm.Get[UserObject](ctx, sess, id); return err })
	return u, err
}

func (s *ormSession) SelectN(ctx context.Context, n int64) (us any, err error) {
	err = s.in(ctx, func(sess *orm.Session) (err error) { us, err = ormSelectN(ctx, sess, n); return err })
	return us, err
}

func (s *ormSession) InsertOne(ctx context.Context, u *InsUser) error {
	x := InsUserObject(*u)
	if err := s.in(ctx, func(sess *orm.Session) error { sess.Add(&x); return nil }); err != nil {
		return err
	}
	u.ID = x.ID
	return nil
}

// The session always reads the ids back.
func (s *ormSession) InsertBulk(ctx context.Context, us []InsUser) error {
	return s.InsertBulkIDs(ctx, us)
}

func (s *ormSession) InsertBulkIDs(ctx context.Context, us []InsUser) error {
	xs := make([]InsUserObject, len(us))
	if err := s.in(ctx, func(sess *orm.Session) error {
		for i := range us {
			xs[i] = InsUserObject(us[i])
			sess.Add(&xs[i])
		}
		return nil
	}); err != nil {
		return err
	}
	for i := range xs {
		us[i].ID = xs[i].ID
	}
	return nil
}

func (s *ormSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	return s.in(ctx, func(sess *orm.Session) error {
		u, err := orm.Get[InsUserObject](ctx, sess, id)
		if err != nil {
			return err
		}
		u.Score, u.Note = score, &note
		return nil
	})
}

func (s *ormSession) Eager(ctx context.Context, n int64) (ps any, err error) {
	err = s.in(ctx, func(sess *orm.Session) (err error) { ps, err = ormEager(ctx, sess, n); return err })
	return ps, err
}

type ormReadContender struct{}

func (ormReadContender) Name() string       { return "sqlayer-orm-read" }
func (ormReadContender) Backends() []string { return []string{SQLite, Postgres, MariaDB} }
func (ormReadContender) Open(ctx context.Context, be *Backend) (Session, error) {
	s, err := be.openEngine()
	if err != nil {
		return nil, err
	}
	return &ormReadSession{e: s.e}, nil
}

type ormReadSession struct {
	Unsupported
	e *engine.Engine
}

func (s *ormReadSession) Close() error { return s.e.Close() }
func (s *ormReadSession) GetByPK(ctx context.Context, id int64) (any, error) {
	return orm.Get[UserObject](ctx, s.e, id)
}

func (s *ormReadSession) SelectN(ctx context.Context, n int64) (any, error) {
	return ormSelectN(ctx, s.e, n)
}

func (s *ormReadSession) Eager(ctx context.Context, n int64) (any, error) {
	return ormEager(ctx, s.e, n)
}
