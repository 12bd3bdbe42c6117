package orm_test

import (
	"database/sql"
	"testing"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/orm"
)

type Code string

type Land struct {
	Code  Code    `db:",pk,size:10"`
	Towns []*Town `db:",has-many,fk:LandCode"`
}
type Town struct {
	ID       uint64           `db:",pk"`
	LandCode *Code            `db:",size:10,fk:Land.Code"`
	Land     *Land            `db:",belongs-to,fk:LandCode"`
	Twin     sql.Null[uint64] `db:",fk:Town.ID"`
	TwinTown *Town            `db:",belongs-to,fk:Twin"`
	Named    *Code            `db:",size:10"`
	N        sql.NullInt32
}

func (Land) TableName() string { return "orm_lands" }
func (Town) TableName() string { return "orm_towns" }

func TestNamedAndUnsignedKeys(t *testing.T) {
	each(t, []any{&Land{}, &Town{}}, func(b *bed) {
		s := b.session()
		l := &Land{Code: "DE"}
		x := &Town{Land: l, Named: ptr(Code("n"))}
		y := &Town{TwinTown: x, Land: l}
		x.TwinTown = y
		s.Add(x)
		b.check(s.Commit(b.ctx))
		if x.Twin.V != y.ID || y.Twin.V != x.ID || *x.LandCode != "DE" || x.ID == 0 {
			b.Errorf("%+v %+v", x, y)
		}
		for _, k := range []any{int(x.ID), int32(x.ID), x.ID, uint8(x.ID)} {
			if g, err := orm.Get[Town](b.ctx, s, k); err != nil || g != x {
				b.Errorf("%T %v %v", k, g, err)
			}
		}
		_, err := orm.Get[Town](b.ctx, s, -1)
		b.wantErr(err, nil, "fit")
		_, err = orm.Get[Town](b.ctx, s, nil)
		b.wantErr(err, nil, "nil")
		_, err = orm.Get[Town](b.ctx, s, "1")
		b.wantErr(err, nil)
		if g, err := orm.Get[Land](b.ctx, s, "DE"); err != nil || g != l {
			b.Error(g, err)
		}
		u := orm.Ref[Town]()
		s2 := b.session()
		list, err := orm.Select(u).Where(orm.P(&u.LandCode).Eq("DE")).With(&u.Land, &orm.Ref[Land]().Towns).With(&u.TwinTown).All(b.ctx, s2)
		b.check(err)
		if len(list) != 2 || list[0].Land != list[1].Land || len(list[0].Land.Towns) != 2 || list[0].TwinTown != list[1] {
			b.Errorf("%+v", list)
		}
		list[0].TwinTown = nil
		s2.Delete(list[1])
		b.check(s2.Commit(b.ctx))
		if len(list[0].Land.Towns) != 1 {
			b.Error(len(list[0].Land.Towns))
		}
		// self reference
		list[0].TwinTown = list[0]
		b.check(s2.Commit(b.ctx))
		z := &Town{}
		z.TwinTown = z
		s2.Add(z)
		b.check(s2.Commit(b.ctx))
		if z.Twin.V != z.ID || z.ID == 0 {
			b.Error(z)
		}
		s2.Delete(z, list[0])
		b.check(s2.Commit(b.ctx))
	})
}

func TestKeysThatTheDatabaseFolds(t *testing.T) {
	each(t, []any{&Land{}, &Town{}}, func(b *bed) {
		if b.scalar("SELECT CASE WHEN 'a' = 'A' THEN 1 ELSE 0 END") == "0" {
			b.Skip("this database compares text byte by byte")
		}
		s := b.session()
		s.Add(&Land{Code: "DE"}, &Town{LandCode: ptr(Code("de"))})
		b.check(s.Commit(b.ctx))
		u := orm.Ref[Town]()
		_, err := orm.Select(u).With(&u.Land).All(b.ctx, b.eng)
		b.wantErr(err, engine.ErrStatement, "Town.Land", "not asked for", "collation")
	})
}
