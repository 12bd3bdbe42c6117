package orm_test

import (
	"database/sql"
	"testing"

	"github.com/sqlayer-go/sqlayer/orm"
)

type Post struct {
	BossID *int64 `db:",fk:Emp.ID"`
	Boss   *Emp   `db:",belongs-to,fk:BossID"`
	Note   sql.NullString
}
type Emp struct {
	*Post `db:",embed"`
	ID    int64  `db:",pk"`
	Team  []*Emp `db:",has-many,fk:BossID"`
}

func (Emp) TableName() string { return "orm_emps" }

func TestEmbeddedPointer(t *testing.T) {
	each(t, []any{&Emp{}}, func(b *bed) {
		s := b.session()
		boss := &Emp{}
		e := &Emp{Post: &Post{Boss: boss, Note: sql.NullString{String: "n", Valid: true}}}
		f := &Emp{}
		boss.Team = []*Emp{f}
		s.Add(e)
		b.check(s.Commit(b.ctx))
		if f.Post == nil || *f.BossID != boss.ID || *e.BossID != boss.ID {
			b.Errorf("%+v", f)
		}
		b.rec.take()
		b.check(s.Commit(b.ctx))
		b.sent()
		e.Post = nil
		b.check(s.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_emps WHERE boss_id IS NULL AND note IS NULL"); n != "2" {
			b.Error(n)
		}
		f.Post = nil
		b.check(s.Rollback(b.ctx))
		if f.Post == nil || *f.BossID != boss.ID {
			b.Error("not restored")
		}
		u := orm.Ref[Emp]()
		bo := orm.Alias[Emp]("bo")
		l, err := orm.Select(bo).Where(orm.HasAs(&bo.Boss, orm.Alias[Emp]("top"))).With(&bo.Boss, &u.Team).All(b.ctx, b.session())
		b.check(err)
		if len(l) != 1 || l[0].Boss == nil || len(l[0].Boss.Team) != 1 || l[0].Boss.Team[0] != l[0] {
			b.Errorf("%+v", l)
		}
		l, err = orm.Select(u).Join(&u.Boss, bo).Where(orm.F(&bo.ID).Eq(boss.ID), orm.P(&u.BossID).IsNotNull()).All(b.ctx, b.eng)
		b.check(err)
		if len(l) != 1 {
			b.Error(len(l))
		}
		l, err = orm.Select(u).Where(orm.Has(&u.Team)).Where(orm.HasAs(&u.Team, bo, orm.F(&bo.Note.String).IsNull())).All(b.ctx, b.eng)
		b.check(err)
		if len(l) != 1 {
			b.Error(len(l))
		}
	})
}
