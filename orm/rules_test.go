package orm_test

import (
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/orm"
)

// Doc has what the database makes, a version, and a key of its own.
type Doc struct {
	Code    string `db:",pk,size:20"`
	Version int    `db:",version"`
	Text    string
	State   *string   `db:",default:'new',size:20"`
	Active  bool      `db:",default:true"`
	Created time.Time `db:",default:now()"`
	Pages   []*Page   `db:",has-many,fk:DocCode,cascade:all+delete-orphan,order:Number desc"`
	Cover   *Cover    `db:",has-one,fk:DocCode,cascade:all+delete-orphan"`
}

// Page has a key of two columns.
type Page struct {
	DocCode string `db:",pk,size:20,fk:Doc.Code"`
	Number  int    `db:",pk"`
	Text    string
	Doc     *Doc `db:",belongs-to,fk:DocCode"`
}

// Cover is at most one.
type Cover struct {
	ID      int64  `db:",pk"`
	DocCode string `db:",unique,size:20,fk:Doc.Code,ondelete:cascade"`
	Colour  string `db:",size:20"`
}

// Sum has a column that the database computes.
type Sum struct {
	ID    int64 `db:",pk"`
	A, B  int64
	Total int64  `db:",computed:a + b,stored"`
	Ro    *int64 `db:",readonly"`
}

func (Doc) TableName() string   { return "orm_docs" }
func (Page) TableName() string  { return "orm_pages" }
func (Cover) TableName() string { return "orm_covers" }
func (Sum) TableName() string   { return "orm_sums" }

var docTypes = []any{&Doc{}, &Page{}, &Cover{}}

func TestDefaults(t *testing.T) {
	each(t, docTypes, func(b *bed) {
		sess := b.session()
		a := &Doc{Code: "a"}
		c := &Doc{Code: "c", State: ptr("old"), Active: true, Created: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}
		sess.Add(a, c)
		b.check(sess.Commit(b.ctx))
		if a.State == nil || *a.State != "new" || a.Active || time.Since(a.Created).Abs() > 24*time.Hour || a.Version != 1 {
			b.Errorf("%+v", a)
		}
		if *c.State != "old" || !c.Active || c.Created.Year() != 2020 {
			b.Errorf("%+v", c)
		}
		a.State = nil // of a row that is there, NULL is NULL
		b.check(sess.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_docs WHERE state IS NULL"); n != "1" {
			b.Errorf("%s", n)
		}
	})
}

func TestComputed(t *testing.T) {
	each(t, []any{&Sum{}}, func(b *bed) {
		sess := b.session()
		x, y := &Sum{A: 1, B: 2}, &Sum{A: 3, B: 4, Ro: ptr(int64(7))}
		sess.Add(x, y)
		b.check(sess.Commit(b.ctx))
		if x.Total != 3 || y.Total != 7 || y.Ro != nil {
			b.Errorf("%+v %+v", x, y)
		}
		x.A = 10
		b.check(sess.Commit(b.ctx))
		if x.Total != 12 {
			b.Errorf("%+v", x)
		}
		b.rec.take()
		x.Total = 99 // never written
		b.check(sess.Commit(b.ctx))
		b.sent()
	})
}

func TestVersion(t *testing.T) {
	each(t, docTypes, func(b *bed) {
		sess := b.session()
		doc := &Doc{Code: "a", Text: "one"}
		other := &Doc{Code: "b"}
		sess.Add(doc, other)
		b.check(sess.Commit(b.ctx))
		doc.Text = "two"
		b.check(sess.Commit(b.ctx))
		if doc.Version != 2 {
			b.Errorf("version %d", doc.Version)
		}
		_, err := b.eng.Exec(b.ctx, "UPDATE orm_docs SET version = 5 WHERE code = 'a'")
		b.check(err)
		doc.Text = "three"
		b.wantErr(sess.Commit(b.ctx), orm.ErrStale, "UPDATE of Doc a")
		if doc.Version != 2 {
			b.Errorf("version %d after the failure", doc.Version)
		}
		b.check(sess.Rollback(b.ctx))
		sess.Delete(doc, other)
		b.wantErr(sess.Commit(b.ctx), orm.ErrStale, "DELETE of Doc a, Doc b: 1 of 2")
		b.check(sess.Rollback(b.ctx))
		b.check(sess.Refresh(b.ctx, doc))
		sess.Delete(doc, other)
		b.check(sess.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_docs"); n != "0" {
			b.Errorf("%s left", n)
		}
	})
}

func TestCompositeKeys(t *testing.T) {
	each(t, docTypes, func(b *bed) {
		sess := b.session()
		doc := &Doc{Code: "a"}
		for i := range 3 {
			doc.Pages = append(doc.Pages, &Page{Number: i + 1, Text: fmt.Sprint("p", i+1)})
		}
		sess.Add(doc)
		b.check(sess.Commit(b.ctx))
		if doc.Pages[1].DocCode != "a" {
			b.Errorf("%+v", doc.Pages[1])
		}
		fresh := b.session()
		d := orm.Ref[Doc]()
		list, err := orm.Select(d).With(&d.Pages).With(&d.Cover).All(b.ctx, fresh)
		b.check(err)
		pages := list[0].Pages
		if len(pages) != 3 || pages[0].Number != 3 || pages[2].Text != "p1" || list[0].Cover != nil {
			b.Fatalf("%+v", pages)
		}
		p, err := orm.Get[Page](b.ctx, fresh, "a", 2)
		b.check(err)
		if p != pages[1] {
			b.Error("two objects of one row")
		}
		_, err = orm.Get[Page](b.ctx, fresh, "a")
		b.wantErr(err, nil, "1 values for the primary key, which is [DocCode Number]")
		p.Text = "changed"
		list[0].Pages = pages[1:2]
		b.rec.take()
		b.check(fresh.Commit(b.ctx))
		b.sent("UPDATE orm_pages SET text = ? WHERE doc_code = ? AND number = ?",
			"DELETE FROM orm_pages WHERE doc_code = ? AND number = ? OR doc_code = ? AND number = ?", "COMMIT")
		list[0].Pages = nil
		list[0].Pages = append(list[0].Pages, &Page{Number: 2, Text: "again"}) // the same key: the row is updated
		b.check(fresh.Commit(b.ctx))
		b.sent("BEGIN", "UPDATE orm_pages SET text = ? WHERE doc_code = ? AND number = ?", "COMMIT")
	})
}

func TestHasOne(t *testing.T) {
	each(t, docTypes, func(b *bed) {
		sess := b.session()
		doc := &Doc{Code: "a", Cover: &Cover{Colour: "red"}}
		sess.Add(doc)
		b.check(sess.Commit(b.ctx))
		fresh := b.session()
		d := orm.Ref[Doc]()
		got, err := orm.Select(d).With(&d.Cover).One(b.ctx, fresh)
		b.check(err)
		if got.Cover == nil || got.Cover.Colour != "red" || got.Cover.DocCode != "a" {
			b.Fatalf("%+v", got.Cover)
		}
		got.Cover = nil
		b.check(fresh.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_covers"); n != "0" {
			b.Errorf("%s covers", n)
		}
		got.Cover = &Cover{Colour: "blue"}
		b.check(fresh.Commit(b.ctx))
		b.check(fresh.Close())

		third := b.session()
		again, err := orm.Get[Doc](b.ctx, third, "a")
		b.check(err)
		third.Delete(again)
		b.rec.take()
		b.check(third.Commit(b.ctx))
		for _, s := range b.rec.take() { // the database deletes covers, so they are not loaded
			if strings.Contains(s, "orm_covers") {
				b.Errorf("sent %s", s)
			}
		}
		if n := b.scalar("SELECT count(*) FROM orm_covers"); n != "0" {
			b.Errorf("%s covers", n)
		}
	})
}

func TestNaturalKeys(t *testing.T) {
	b := sqliteBed(t, docTypes...)
	sess := b.session()
	x, y := &Doc{Code: "x", Text: "1"}, &Doc{Code: "y", Text: "2"}
	sess.Add(x, y)
	b.check(sess.Commit(b.ctx))
	x.Code = "z"
	b.check(sess.Flush(b.ctx))
	got, err := orm.Get[Doc](b.ctx, sess, "z")
	b.check(err)
	if got != x {
		b.Error("the object is not found by its new key")
	}
	_, err = orm.Get[Doc](b.ctx, sess, "x")
	b.wantErr(err, engine.ErrNoRows)
	b.check(sess.Rollback(b.ctx))
	if x.Code != "x" {
		b.Errorf("code %s", x.Code)
	}
	got, err = orm.Get[Doc](b.ctx, sess, "x")
	b.check(err)
	if got != x {
		b.Error("the object is not found by its old key")
	}
	sess.Add(&Doc{Code: "y"})
	b.wantErr(sess.Commit(b.ctx), nil, "Doc y is in the session already")
}

// UUID is a key with a codec of its own, and no plain kind.
type UUID [16]byte

func (u *UUID) Scan(v any) error {
	switch v := v.(type) {
	case string:
		_, err := hex.Decode(u[:], []byte(strings.ReplaceAll(v, "-", "")))
		return err
	case []byte:
		if len(v) == 16 {
			copy(u[:], v)
			return nil
		}
		_, err := hex.Decode(u[:], []byte(strings.ReplaceAll(string(v), "-", "")))
		return err
	}
	return fmt.Errorf("no UUID: %T", v)
}

func (u UUID) Value() (driver.Value, error) {
	s := hex.EncodeToString(u[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:], nil
}

// Node is a tree with keys that the program makes.
type Node struct {
	ID     UUID    `db:",pk"`
	UpID   *UUID   `db:",fk:Node.ID"`
	Up     *Node   `db:",belongs-to,fk:UpID,cascade:none"`
	Downs  []*Node `db:",has-many,fk:UpID,cascade:all"`
	Number int
}

func (Node) TableName() string { return "orm_nodes" }

func TestKeysWithACodec(t *testing.T) {
	each(t, []any{&Node{}}, func(b *bed) {
		sess := b.session()
		top := &Node{ID: UUID{1}, Number: 1, Downs: []*Node{{ID: UUID{2}, Number: 2}, {ID: UUID{3}, Number: 3, Downs: []*Node{{ID: UUID{4}, Number: 4}}}}}
		sess.Add(top)
		b.check(sess.Commit(b.ctx))
		b.check(sess.Close())

		sess = b.session()
		n := orm.Ref[Node]()
		list, err := orm.Select(n).Where(orm.F(&n.Number).Eq(1)).With(&n.Downs, &n.Downs).With(&n.Up).All(b.ctx, sess)
		b.check(err)
		if len(list) != 1 || len(list[0].Downs) != 2 || len(list[0].Downs[1].Downs) != 1 || list[0].Downs[1].Downs[0].Number != 4 {
			b.Fatalf("%+v", list)
		}
		same, err := orm.Get[Node](b.ctx, sess, UUID{4})
		b.check(err)
		if same != list[0].Downs[1].Downs[0] || *same.UpID != (UUID{3}) {
			b.Errorf("%+v", same)
		}
		b.check(sess.Load(b.ctx, same, &n.Up))
		if same.Up != list[0].Downs[1] {
			b.Errorf("%+v", same.Up)
		}
		b.rec.take()
		b.check(sess.Flush(b.ctx))
		b.sent() // nothing has changed

		other := &Node{ID: UUID{9}}
		same.Up = other
		b.wantErr(sess.Flush(b.ctx), nil, "Node.Up of Node", "not the session's", "cascade:none")
		sess.Add(other)
		b.check(sess.Commit(b.ctx))
		if *same.UpID != other.ID {
			b.Errorf("%+v", same)
		}
		sess.Delete(list[0])
		b.check(sess.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_nodes"); n != "2" {
			b.Errorf("%s nodes are left", n)
		}
	})
}

func TestReadOnlySessionOnSQLite(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	reader := orm.NewSession(b.eng, engine.ReadOnly())
	defer reader.Close()
	u := orm.Ref[User]()
	if n, err := orm.Select(u).Count(b.ctx, reader); err != nil || n != 0 {
		t.Fatal(n, err)
	}
	writer := b.session()
	writer.Add(&User{Name: "a"})
	b.check(writer.Commit(b.ctx)) // the reader does not keep it from writing
	if n, err := orm.Select(u).Count(b.ctx, reader); err != nil || n != 0 {
		t.Fatal(n, err) // and does not see it, in its own transaction
	}
}

func TestWriterWaitsForSessionOnSQLite(t *testing.T) {
	b := &bed{T: t, rec: &recorder{}, ctx: t.Context()}
	var err error
	b.eng, err = engine.Open(testenv.SQLite(t) + "?busy_timeout=10ms")
	b.check(err)
	t.Cleanup(func() { b.eng.Close() })
	b.check(orm.Metadata(tourTypes...).CreateAll(b.ctx, b.eng))
	u := orm.Ref[User]()
	_, err = orm.Select(u).Count(b.ctx, b.session())
	b.check(err)
	_, err = orm.Select(u).Count(b.ctx, b.session())
	b.wantErr(err, engine.ErrBusy, "Commit or Close a Session", "engine.ReadOnly()")
}
