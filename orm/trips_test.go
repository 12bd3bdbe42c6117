package orm_test

import (
	"fmt"
	"testing"

	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
	"github.com/sqlayer-go/sqlayer/orm"
)

// What a flush and a query with relations cost, in round trips on the wire,
// once the connection knows the statements.
func TestRoundTrips(t *testing.T) {
	for _, name := range []string{"postgres", "mysql"} {
		t.Run(name, func(t *testing.T) {
			p, url := wireproxy.Between(t, testenv.URL(t, name))
			b := newBed(t, url, tourTypes...)
			if f := b.eng.Dialect().Features(); !f.ReturningInsert {
				t.Skip("the server has no RETURNING, so keys come back one by one")
			}
			sess := b.session()
			graph := func() {
				for i := range 20 {
					u := &User{Name: fmt.Sprint("u", i)}
					for j := range 5 {
						u.Addresses = append(u.Addresses, &Address{City: fmt.Sprint("c", j)})
					}
					sess.Add(u)
				}
			}
			graph()
			b.check(sess.Commit(b.ctx))
			graph()
			p.Reset()
			b.check(sess.Commit(b.ctx))
			if n := p.Count(); n != 4 {
				t.Errorf("a flush of 120 objects in 2 tables took %d round trips, not 2 and BEGIN and COMMIT: %q", n, p.Executed())
			}
			b.check(sess.Close())

			u, a := orm.Ref[User](), orm.Ref[Address]()
			q := orm.Select(u).With(&u.Addresses, &a.User).With(&u.Reports)
			for i := range 2 {
				p.Reset()
				list, err := q.All(b.ctx, b.eng)
				b.check(err)
				if len(list) != 40 || len(list[7].Addresses) != 5 {
					t.Fatalf("%d users", len(list))
				}
				if n := p.Count(); i == 1 && n != 3 {
					t.Errorf("a query and 2 relations took %d round trips: %q", n, p.Executed())
				}
			}
		})
	}
}
