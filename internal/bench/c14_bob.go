//go:build peers

package main

import (
	"context"

	"github.com/stephenafamo/bob"
	"github.com/stephenafamo/bob/dialect/mysql"
	myim "github.com/stephenafamo/bob/dialect/mysql/im"
	mysm "github.com/stephenafamo/bob/dialect/mysql/sm"
	myum "github.com/stephenafamo/bob/dialect/mysql/um"
	"github.com/stephenafamo/bob/dialect/psql"
	pgim "github.com/stephenafamo/bob/dialect/psql/im"
	pgsm "github.com/stephenafamo/bob/dialect/psql/sm"
	pgum "github.com/stephenafamo/bob/dialect/psql/um"
	"github.com/stephenafamo/bob/dialect/sqlite"
	sqim "github.com/stephenafamo/bob/dialect/sqlite/im"
	sqsm "github.com/stephenafamo/bob/dialect/sqlite/sm"
	squm "github.com/stephenafamo/bob/dialect/sqlite/um"
	"github.com/stephenafamo/scan"
)

// bob: its query builder, executor and struct mapper, without its generated
// models (so W7 is attached by hand).
func init() {
	Register(bobContender{})
	RegisterCompiler(Compiler{"bob", func() (func() (string, []any, error), error) {
		ctx := context.Background()
		return func() (string, []any, error) {
			return bob.Build(ctx, psql.Select(
				pgsm.Columns(psql.Quote("u", "id"), psql.Quote("u", "name"), psql.F("count", psql.Quote("i", "id"))().As("n")),
				pgsm.From("users").As("u"),
				pgsm.InnerJoin("orders").As("o").On(psql.Quote("o", "user_id").EQ(psql.Quote("u", "id"))),
				pgsm.LeftJoin("items").As("i").On(psql.Quote("i", "order_id").EQ(psql.Quote("o", "id"))),
				pgsm.Where(psql.Quote("u", "active").EQ(psql.Arg(true))),
				pgsm.Where(psql.Quote("u", "age").GTE(psql.Arg(21))),
				pgsm.Where(psql.Quote("o", "status").In(psql.Arg("paid", "sent"))),
				pgsm.Where(psql.Quote("u", "name").Like(psql.Arg("A%"))),
				pgsm.GroupBy(psql.Quote("u", "id")), pgsm.GroupBy(psql.Quote("u", "name")),
				pgsm.OrderBy(psql.Quote("n")).Desc(), pgsm.Limit(10),
			))
		}, nil
	}})
}

type bobContender struct{}

func (bobContender) Name() string       { return "bob" }
func (bobContender) Backends() []string { return []string{SQLite, Postgres, MariaDB} }
func (bobContender) Open(ctx context.Context, be *Backend) (Session, error) {
	db, err := be.openDB()
	if err != nil {
		return nil, err
	}
	s := &bobSession{be: be, db: bob.NewDB(db)}
	s.user = scan.StructMapper[User]()
	s.parent = scan.StructMapper[Parent]()
	s.child = scan.StructMapper[Child]()
	return s, nil
}

type bobSession struct {
	be     *Backend
	db     bob.DB
	user   scan.Mapper[User]
	parent scan.Mapper[Parent]
	child  scan.Mapper[Child]
}

func (s *bobSession) Close() error { return s.db.DB.Close() }

var (
	userColList  = []any{"id", "name", "email", "age", "score", "active", "created_at", "note"}
	childColList = []any{"id", "parent_id", "title", "qty", "price"}
)

func (s *bobSession) GetByPK(ctx context.Context, id int64) (any, error) {
	var q bob.Query
	switch s.be.Name {
	case SQLite:
		q = sqlite.Select(sqsm.Columns(userColList...), sqsm.From("users"), sqsm.Where(sqlite.Quote("id").EQ(sqlite.Arg(id))))
	case Postgres:
		q = psql.Select(pgsm.Columns(userColList...), pgsm.From("users"), pgsm.Where(psql.Quote("id").EQ(psql.Arg(id))))
	default:
		q = mysql.Select(mysm.Columns(userColList...), mysm.From("users"), mysm.Where(mysql.Quote("id").EQ(mysql.Arg(id))))
	}
	return bob.One(ctx, s.db, q, s.user)
}

func (s *bobSession) SelectN(ctx context.Context, n int64) (any, error) {
	var q bob.Query
	switch s.be.Name {
	case SQLite:
		q = sqlite.Select(sqsm.Columns(userColList...), sqsm.From("users"), sqsm.Where(sqlite.Quote("id").LTE(sqlite.Arg(n))), sqsm.OrderBy("id"))
	case Postgres:
		q = psql.Select(pgsm.Columns(userColList...), pgsm.From("users"), pgsm.Where(psql.Quote("id").LTE(psql.Arg(n))), pgsm.OrderBy("id"))
	default:
		q = mysql.Select(mysm.Columns(userColList...), mysm.From("users"), mysm.Where(mysql.Quote("id").LTE(mysql.Arg(n))), mysm.OrderBy("id"))
	}
	return bob.All(ctx, s.db, q, s.user)
}

func (s *bobSession) insert(us []InsUser, returning bool) bob.Query {
	switch s.be.Name {
	case SQLite:
		q := sqlite.Insert(sqim.Into("ins_users", copyCols...))
		for i := range us {
			q.Apply(sqim.Values(sqlite.Arg(insArgs(nil, &us[i])...)))
		}
		if returning {
			q.Apply(sqim.Returning("id"))
		}
		return q
	case Postgres:
		q := psql.Insert(pgim.Into("ins_users", copyCols...))
		for i := range us {
			q.Apply(pgim.Values(psql.Arg(insArgs(nil, &us[i])...)))
		}
		if returning {
			q.Apply(pgim.Returning("id"))
		}
		return q
	default:
		q := mysql.Insert(myim.Into("ins_users", copyCols...))
		for i := range us {
			q.Apply(myim.Values(mysql.Arg(insArgs(nil, &us[i])...)))
		}
		return q
	}
}

func (s *bobSession) InsertOne(ctx context.Context, u *InsUser) error {
	if s.be.Name == MariaDB {
		res, err := bob.Exec(ctx, s.db, s.insert([]InsUser{*u}, false))
		if err != nil {
			return err
		}
		u.ID, err = res.LastInsertId()
		return err
	}
	id, err := bob.One(ctx, s.db, s.insert([]InsUser{*u}, true), scan.SingleColumnMapper[int64])
	u.ID = id
	return err
}

func (s *bobSession) InsertBulk(ctx context.Context, us []InsUser) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bob.Executor) error {
		_, err := bob.Exec(ctx, tx, s.insert(us, false))
		return err
	})
}

func (s *bobSession) InsertBulkIDs(ctx context.Context, us []InsUser) error {
	if s.be.Name == MariaDB {
		return ErrUnsupported
	}
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bob.Executor) error {
		ids, err := bob.All(ctx, tx, s.insert(us, true), scan.SingleColumnMapper[int64])
		if err != nil {
			return err
		}
		for i, id := range ids {
			us[i].ID = id
		}
		return nil
	})
}

func (s *bobSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	var q bob.Query
	switch s.be.Name {
	case SQLite:
		q = sqlite.Update(squm.Table("ins_users"), squm.SetCol("score").ToArg(score), squm.SetCol("note").ToArg(note), squm.Where(sqlite.Quote("id").EQ(sqlite.Arg(id))))
	case Postgres:
		q = psql.Update(pgum.Table("ins_users"), pgum.SetCol("score").ToArg(score), pgum.SetCol("note").ToArg(note), pgum.Where(psql.Quote("id").EQ(psql.Arg(id))))
	default:
		q = mysql.Update(myum.Table("ins_users"), myum.SetCol("score").ToArg(score), myum.SetCol("note").ToArg(note), myum.Where(mysql.Quote("id").EQ(mysql.Arg(id))))
	}
	_, err := bob.Exec(ctx, s.db, q)
	return err
}

func (s *bobSession) Eager(ctx context.Context, n int64) (any, error) {
	var q bob.Query
	switch s.be.Name {
	case SQLite:
		q = sqlite.Select(sqsm.Columns("id", "name", "created_at"), sqsm.From("parents"), sqsm.Where(sqlite.Quote("id").LTE(sqlite.Arg(n))))
	case Postgres:
		q = psql.Select(pgsm.Columns("id", "name", "created_at"), pgsm.From("parents"), pgsm.Where(psql.Quote("id").LTE(psql.Arg(n))))
	default:
		q = mysql.Select(mysm.Columns("id", "name", "created_at"), mysm.From("parents"), mysm.Where(mysql.Quote("id").LTE(mysql.Arg(n))))
	}
	ps, err := bob.All(ctx, s.db, q, s.parent)
	if err != nil {
		return nil, err
	}
	ids := make([]any, len(ps))
	for i := range ps {
		ids[i] = ps[i].ID
	}
	switch s.be.Name {
	case SQLite:
		q = sqlite.Select(sqsm.Columns(childColList...), sqsm.From("children"), sqsm.Where(sqlite.Quote("parent_id").In(sqlite.Arg(ids...))), sqsm.OrderBy("id"))
	case Postgres:
		q = psql.Select(pgsm.Columns(childColList...), pgsm.From("children"), pgsm.Where(psql.Quote("parent_id").In(psql.Arg(ids...))), pgsm.OrderBy("id"))
	default:
		q = mysql.Select(mysm.Columns(childColList...), mysm.From("children"), mysm.Where(mysql.Quote("parent_id").In(mysql.Arg(ids...))), mysm.OrderBy("id"))
	}
	cs, err := bob.All(ctx, s.db, q, s.child)
	if err != nil {
		return nil, err
	}
	attach(ps, cs)
	return ps, nil
}
