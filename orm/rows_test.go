package orm_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/orm"
)

func TestSessionsInParallel(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		w := b.session()
		for i := range 50 {
			w.Add(&User{Name: fmt.Sprint("u", i), Addresses: []*Address{{City: "x"}, {City: "y"}}})
		}
		b.check(w.Commit(b.ctx))
		var wg sync.WaitGroup
		for g := range 6 {
			wg.Go(func() {
				for i := range 15 {
					s := orm.NewSession(b.eng, engine.ReadOnly())
					u, a := orm.Ref[User](), orm.Ref[Address]()
					boss := orm.Alias[User](fmt.Sprint("boss", g, i))
					l, err := orm.Select(u).LeftJoin(&u.Boss, boss).Where(orm.Has(&u.Addresses, orm.F(&a.City).Eq("x"))).With(&u.Addresses).All(b.ctx, s)
					if err != nil || len(l) != 50 {
						b.Error(len(l), err)
					}
					for _, x := range l {
						if len(x.Addresses) != 2 {
							b.Error("addresses")
						}
					}
					if i%5 == 0 {
						runtime.GC()
					}
					if err := s.Close(); err != nil {
						b.Error(err)
					}
				}
			})
		}
		wg.Wait()
	})
}

func TestRowsAndObjects(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		s := b.session()
		for i := range 4 {
			s.Add(&User{Name: fmt.Sprint("u", i), Addresses: []*Address{{City: "x"}, {City: "y"}}})
		}
		b.check(s.Commit(b.ctx))
		u, a := orm.Ref[User](), orm.Ref[Address]()
		q := orm.Select(u).Join(&u.Addresses).Where(orm.F(&a.City).In("x", "y"))
		chk := func(name string, q orm.Query[User], want int) {
			b.Helper()
			l, err := q.All(b.ctx, s)
			if err != nil || len(l) != want {
				b.Errorf("%s: All %d %v", name, len(l), err)
			}
			n, err := q.Count(b.ctx, s)
			if err != nil || n != int64(want) {
				b.Errorf("%s: Count %d %v", name, n, err)
			}
			k := 0
			for _, err := range q.Each(b.ctx, s) {
				if err != nil {
					b.Errorf("%s: %v", name, err)
				}
				k++
			}
			if k != want {
				b.Errorf("%s: Each %d", name, k)
			}
			ok, err := q.Exists(b.ctx, s)
			if err != nil || ok != (want > 0) {
				b.Errorf("%s: Exists %v %v", name, ok, err)
			}
		}
		chk("join", q, 8)
		chk("distinct", q.Distinct(), 4)
		chk("limit", q.Limit(3), 3)
		chk("distinct limit", q.Distinct().Limit(3), 3)
		chk("distinct offset", q.Distinct().OrderBy(orm.F(&u.ID)).Offset(3).Limit(9), 1)
		chk("distinct limit order", q.Distinct().OrderBy(orm.F(&u.Name).Desc()).Limit(3), 3)
		chk("limit0", q.Limit(0), 0)
		chk("offset over", q.Limit(10).Offset(8), 0)
		chk("order", q.OrderBy(orm.F(&a.City)), 8)
		chk("ordered distinct", q.OrderBy(orm.F(&a.City)).Distinct(), 4)
		chk("notHas", orm.Select(u).Where(expr.Not(orm.Has(&u.Addresses, orm.F(&a.City).Eq("z")))), 4)
		chk("hasboss", orm.Select(u).Where(orm.Has(&u.Boss)), 0)
		// in use
		for x, err := range orm.Select(u).Each(b.ctx, s) {
			b.check(err)
			_, err = orm.Get[User](b.ctx, s, x.ID+1000)
			b.wantErr(err, engine.ErrInUse)
			s.Delete(x)
			break
		}
		b.wantErr(s.Flush(b.ctx), engine.ErrInUse, "Delete", "Each")
		b.check(s.Rollback(b.ctx))
		// panic within Each
		func() {
			defer func() {
				if recover() == nil {
					b.Error("the panic is lost")
				}
			}()
			for range orm.Select(u).Each(b.ctx, s) {
				panic("x")
			}
		}()
		chk("after panic", orm.Select(u), 4)
		_, err := orm.Select(u).Distinct().One(b.ctx, s)
		b.wantErr(err, engine.ErrMultipleRows)
	})
}
