package orm_test

import (
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
	"github.com/sqlayer-go/sqlayer/orm"
)

// Databases that give generated keys back in other ways than RETURNING.
func TestGeneratedKeys(t *testing.T) {
	next := int64(10)
	id := func(*fakedb.Call) fakedb.Reply {
		next++
		return fakedb.Reply{Result: dialect.NewResult(1).WithInsertID(next)}
	}
	row := func(*fakedb.Call) fakedb.Reply {
		next++
		return fakedb.Rows([]string{"id"}, []any{next})
	}
	rows := func(ids ...int64) func(*fakedb.Call) fakedb.Reply {
		return func(*fakedb.Call) fakedb.Reply {
			r := fakedb.Rows([]string{"id"})
			for _, id := range ids {
				r.Rows = append(r.Rows, []any{id})
			}
			return r
		}
	}
	for _, tt := range []struct {
		name     string
		features func(*dialect.Features)
		reply    func(*fakedb.Call) fakedb.Reply
		inserts  int
		want     string // the error
	}{
		{"LastInsertID", func(f *dialect.Features) {
			f.Returning, f.ReturningInsert, f.InsertID = dialect.NoReturning, false, dialect.FirstInsertID
		}, id, 3, ""},
		{"OUTPUT", func(f *dialect.Features) { f.Returning, f.ReturningInsert = dialect.OutputClause, true }, row, 3, ""},
		{"RETURNING", returning, rows(1, 2, 5), 1, ""},
		{"in no order", returning, rows(2, 1, 3), 1, "did not come back in ascending order (1 after 2)"},
		{"too few", returning, rows(1, 2), 1, "3 rows were inserted, and 2 came back"},
		{"too many", returning, rows(1, 2, 3, 4), 1, "3 rows were inserted, and 4 came back"},
		{"none", func(f *dialect.Features) { f.Returning, f.ReturningInsert = dialect.NoReturning, false },
			func(*fakedb.Call) fakedb.Reply { return fakedb.Affected(1) }, 0, "RETURNING of an INSERT is not supported"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			next = 10
			db := fakedb.New()
			db.SetFeatures(func(f *dialect.Features) {
				f.MaxInsertRows = 0
				tt.features(f)
			})
			inserts := 0
			db.Handle(func(c *fakedb.Call) (fakedb.Reply, bool) {
				if !strings.HasPrefix(c.Text, "INSERT") {
					return fakedb.Reply{}, false
				}
				inserts++
				return tt.reply(c), true
			})
			eng, err := engine.Open("", engine.WithConnector(db.Connector()))
			b := &bed{T: t}
			b.check(err)
			defer eng.Close()
			sess := orm.NewSession(eng)
			defer sess.Close()
			users := []*User{{Name: "a"}, {Name: "b"}, {Name: "c"}}
			sess.Add(users[0], users[1], users[2])
			err = sess.Commit(t.Context())
			if inserts != tt.inserts {
				t.Errorf("%d INSERTs, not %d", inserts, tt.inserts)
			}
			if tt.want != "" {
				b.wantErr(err, nil, tt.want)
				if users[0].ID != 0 || users[1].ID != 0 {
					t.Error("keys of what was rolled back")
				}
				if c := db.Counts(); c.Rollbacks != 1 || c.Commits != 0 {
					t.Errorf("%+v", c)
				}
				return
			}
			b.check(err)
			if users[0].ID == 0 || users[1].ID <= users[0].ID || users[2].ID <= users[1].ID {
				t.Errorf("keys %d %d %d", users[0].ID, users[1].ID, users[2].ID)
			}
		})
	}
}

func returning(f *dialect.Features) { f.Returning, f.ReturningInsert = dialect.ReturningClause, true }

// A COMMIT that fails leaves everything to be tried again.
func TestCommitFails(t *testing.T) {
	db := fakedb.New()
	db.SetFeatures(returning)
	db.Handle(func(c *fakedb.Call) (fakedb.Reply, bool) {
		return fakedb.Rows([]string{"id"}, []any{int64(7)}), strings.HasPrefix(c.Text, "INSERT")
	})
	db.FailCommits(&fakedb.Error{Kind: dialect.ErrSerialization, Message: "again"})
	eng, err := engine.Open("", engine.WithConnector(db.Connector()))
	b := &bed{T: t}
	b.check(err)
	defer eng.Close()
	sess := orm.NewSession(eng)
	defer sess.Close()
	u := &User{Name: "a"}
	sess.Add(u)
	b.wantErr(sess.Commit(t.Context()), engine.ErrSerialization)
	if u.ID != 0 || !sess.Contains(u) {
		t.Errorf("after the failure: %+v", u)
	}
	b.check(sess.Commit(t.Context()))
	if c := db.Counts(); u.ID != 7 || c.Rollbacks != 1 || c.Commits != 2 {
		t.Errorf("%+v %+v", u, c)
	}
}
