package orm_test

import (
	"database/sql"
	"testing"

	"github.com/google/uuid"
	"github.com/sqlayer-go/sqlayer/orm"
)

type Raw16 struct {
	ID  [16]byte `db:",pk"`
	Txt string
}
type GU struct {
	ID     uuid.UUID           `db:",pk"`
	UpID   *uuid.UUID          `db:",fk:GU.ID"`
	Up     *GU                 `db:",belongs-to,fk:UpID"`
	Downs  []*GU               `db:",has-many,fk:UpID"`
	NullID sql.Null[uuid.UUID] `db:",fk:GU.ID"`
	Null   *GU                 `db:",belongs-to,fk:NullID"`
}

func (Raw16) TableName() string { return "orm_raw16" }
func (GU) TableName() string    { return "orm_gus" }

func TestUUIDs(t *testing.T) {
	each(t, []any{&Raw16{}, &GU{}}, func(b *bed) {
		s := b.session()
		a := &GU{ID: uuid.New()}
		c := &GU{ID: uuid.New(), Up: a, Null: a}
		d := &GU{ID: uuid.New()}
		a.Downs = []*GU{d}
		s.Add(c)
		b.check(s.Commit(b.ctx))
		b.rec.take()
		b.check(s.Commit(b.ctx))
		b.sent()
		s2 := b.session()
		u := orm.Ref[GU]()
		x, err := orm.Get[GU](b.ctx, s2, c.ID)
		b.check(err)
		b.check(s2.Load(b.ctx, x, &u.Up, &u.Downs))
		b.check(s2.Load(b.ctx, x, &u.Null))
		if x.Up == nil || x.Up != x.Null || len(x.Up.Downs) != 2 {
			b.Errorf("%+v", x)
		}
		for _, k := range []any{c.ID, c.ID.String(), [16]byte(c.ID)} {
			if y, err := orm.Get[GU](b.ctx, s2, k); y != x {
				b.Errorf("%T: %v", k, err)
			}
		}
		x.Null = nil
		x.Up.Downs = x.Up.Downs[:0]
		b.check(s2.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_gus WHERE up_id IS NULL AND null_id IS NULL"); n != "3" {
			b.Error(n)
		}
		b.check(s2.Close())
		r := &Raw16{ID: [16]byte{1, 2, 255}}
		s3 := b.session()
		s3.Add(r)
		b.check(s3.Commit(b.ctx))
		b.check(s3.Refresh(b.ctx, r))
		b.check(s3.Close())
		s4 := b.session()
		q, err := orm.Get[Raw16](b.ctx, s4, r.ID)
		b.check(err)
		q.Txt = "x"
		b.check(s4.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_raw16 WHERE txt = 'x'"); n != "1" {
			b.Error(n)
		}
	})
}
