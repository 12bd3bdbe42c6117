package orm_test

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/orm"
)

// A join brings an object once a row; Distinct makes them one, also for One.
func TestOneOfSeveralEqualRows(t *testing.T) {
	u := orm.Ref[User]()
	each(t, tourTypes, func(b *bed) {
		sess := b.session()
		sess.Add(&User{Name: "ada", Addresses: []*Address{{City: "x"}, {City: "y"}}})
		b.check(sess.Commit(b.ctx))
		q := orm.Select(u).Join(&u.Addresses)
		_, err := q.One(b.ctx, sess)
		b.wantErr(err, engine.ErrMultipleRows)
		ada, err := q.Distinct().One(b.ctx, sess)
		b.check(err)
		if ada.Name != "ada" {
			b.Errorf("%+v", ada)
		}

		// All, Count and Exists agree on what is left beyond the first.
		rest := q.Distinct().Offset(1)
		list, err := rest.All(b.ctx, sess)
		b.check(err)
		n, err := rest.Count(b.ctx, sess)
		b.check(err)
		found, err := rest.Exists(b.ctx, sess)
		b.check(err)
		if len(list) != 0 || n != 0 || found {
			b.Errorf("beyond the only one: %d, counted %d, exists %v", len(list), n, found)
		}
	})
}
