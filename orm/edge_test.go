package orm_test

import (
	"context"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/orm"
)

type Blob struct {
	ID    int64  `db:",pk"`
	Data  []byte `db:",null"`
	Ptr   *[]byte
	At    time.Time
	Any   any `db:",type:blob"`
	Dur   time.Duration
	Grid  *Grid          `db:",embed,prefix:g_"`
	Extra map[string]any `db:",json,null"`
}

type Grid struct {
	X, Y int
}

func (Blob) TableName() string { return "orm_blobs" }

type Pair struct {
	A    int    `db:",pk"`
	B    string `db:",pk,size:20"`
	Text string
}

func (Pair) TableName() string { return "orm_pairs" }

func TestNullAndEmptyBytes(t *testing.T) {
	b := sqliteBed(t, &Blob{})
	s := b.session()
	x := &Blob{Data: nil, At: time.Now()}
	s.Add(x)
	b.check(s.Commit(b.ctx))
	b.rec.take()
	b.check(s.Commit(b.ctx))
	b.sent()
	x.Data = []byte{}
	b.check(s.Commit(b.ctx))
	if got := b.scalar("SELECT typeof(data) FROM orm_blobs"); got != "blob" {
		t.Errorf("nil to empty: %s", got)
	}
	x.Data = nil
	b.check(s.Commit(b.ctx))
	if got := b.scalar("SELECT typeof(data) FROM orm_blobs"); got != "null" {
		t.Errorf("empty to nil: %s", got)
	}
	x.Ptr = ptr([]byte(nil))
	b.check(s.Commit(b.ctx))
	if got := b.scalar("SELECT typeof(ptr) FROM orm_blobs"); got != "blob" {
		t.Errorf("pointer to nil bytes: %s", got)
	}
	x.Any = []byte("abc")
	b.check(s.Commit(b.ctx))
	x.Any.([]byte)[0] = 'X'
	b.check(s.Commit(b.ctx))
	if got := b.scalar("SELECT CAST(\"any\" AS TEXT) FROM orm_blobs"); got != "Xbc" {
		t.Errorf("bytes in any: %s", got)
	}
	x.Grid = &Grid{1, 2}
	x.Extra = map[string]any{"a": 1}
	b.check(s.Commit(b.ctx))
	x.Grid = nil
	b.check(s.Commit(b.ctx))
	if got := b.scalar("SELECT g_x FROM orm_blobs"); got != "0" {
		t.Errorf("grid: %s", got)
	}
	b.rec.take()
	b.check(s.Commit(b.ctx))
	b.sent()
}

func TestManyCompositeKeys(t *testing.T) {
	b := sqliteBed(t, &Pair{})
	s := b.session()
	var all []*Pair
	for i := range 2500 {
		p := &Pair{i, "b", "t"}
		all = append(all, p)
		s.Add(p)
	}
	b.check(s.Commit(b.ctx))
	b.check(s.Refresh(b.ctx, all))
	for _, p := range all {
		s.Delete(p)
	}
	b.check(s.Commit(b.ctx))
}

func TestLoadAfterKeySetByHand(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	s := b.session()
	boss := &User{Name: "boss"}
	s.Add(boss, &User{Name: "x"})
	b.check(s.Commit(b.ctx))
	s2 := b.session()
	u := orm.Ref[User]()
	x, err := orm.Select(u).Where(orm.F(&u.Name).Eq("x")).With(&u.Boss).One(b.ctx, s2)
	b.check(err)
	x.BossID = &boss.ID
	b.check(s2.Commit(b.ctx))
	b.check(s2.Load(b.ctx, x, &u.Boss))
	if x.Boss == nil {
		t.Error("boss is nil after Load")
	}
}

func TestExpungedMember(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	s := b.session()
	ada := &User{Name: "ada", Addresses: []*Address{{City: "x"}, {City: "y"}}}
	s.Add(ada)
	b.check(s.Commit(b.ctx))
	s.Expunge(ada.Addresses[0])
	ada.Addresses = append(ada.Addresses, &Address{City: "z"})
	b.check(s.Commit(b.ctx))
	if n := b.scalar("SELECT count(*) FROM orm_addresses"); n != "3" {
		t.Error(n)
	}
}

func TestDeletedAfterFlushThenFailure(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	s := b.session()
	s.Add(&User{Name: "a", Email: ptr("a")})
	b.check(s.Commit(b.ctx))
	x := &User{Name: "x"}
	s.Add(x)
	b.check(s.Flush(b.ctx))
	s.Delete(x)
	dup := &User{Name: "dup", Email: ptr("a")}
	s.Add(dup)
	b.wantErr(s.Commit(b.ctx), engine.ErrUniqueViolation)
	dup.Email = nil
	b.check(s.Commit(b.ctx))
	if n := b.scalar("SELECT count(*) FROM orm_users WHERE name='x'"); n != "0" {
		t.Error("x is there, which was deleted")
	}
	y := &User{Name: "y"}
	s.Add(y)
	b.check(s.Flush(b.ctx))
	s.Delete(y)
	b.check(s.Flush(b.ctx))
	s.Add(&User{Name: "dup", Email: ptr("a")})
	b.wantErr(s.Commit(b.ctx), engine.ErrUniqueViolation)
	if s.Contains(y) {
		t.Error("y is back")
	}
	// deleted, flushed, added again, failed
	b.check(s.Rollback(b.ctx))
	s.Delete(dup)
	b.check(s.Flush(b.ctx))
	s.Add(dup)
	bad := &User{Name: "dup", Email: ptr("a")}
	s.Add(bad)
	b.wantErr(s.Commit(b.ctx), engine.ErrUniqueViolation)
	bad.Email = nil
	dup.Name = "kept"
	dup.Addresses = []*Address{{City: "z"}}
	b.check(s.Commit(b.ctx))
	if n := b.scalar("SELECT count(*) FROM orm_users WHERE name='kept'"); n != "1" {
		t.Error("kept", n)
	}
}

func TestReplaceHasOne(t *testing.T) {
	each(t, docTypes, func(b *bed) {
		s := b.session()
		d := &Doc{Code: "a", Cover: &Cover{Colour: "red"}}
		e := &Doc{Code: "b", Cover: &Cover{Colour: "green"}}
		s.Add(d, e)
		b.check(s.Commit(b.ctx))
		d.Cover = &Cover{Colour: "blue"}
		b.check(s.Commit(b.ctx))
		if n := b.scalar("SELECT colour FROM orm_covers WHERE doc_code='a'"); n != "blue" {
			b.Error(n)
		}
		d.Cover, e.Cover = e.Cover, nil
		b.check(s.Commit(b.ctx))
		if n := b.scalar("SELECT colour FROM orm_covers WHERE doc_code='a'"); n != "green" {
			b.Error(n)
		}
		s2 := b.session()
		d, err := orm.Get[Doc](b.ctx, s2, "a")
		b.check(err)
		d.Cover = &Cover{Colour: "black"}
		b.check(s2.Commit(b.ctx))
		if n := b.scalar("SELECT colour FROM orm_covers WHERE doc_code='a'"); n != "black" {
			b.Error(n)
		}
	})
}

func TestZeroedKey(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	s := b.session()
	x := &User{Name: "x"}
	s.Add(x)
	b.check(s.Commit(b.ctx))
	x.ID = 0
	b.wantErr(s.Commit(b.ctx), engine.ErrStatement, "ID of User 1 was set to zero", "Expunge")
	if id := b.scalar("SELECT id FROM orm_users"); id != "1" {
		t.Errorf("id %s", id)
	}
	s.Expunge(x)
	s.Add(x)
	b.check(s.Commit(b.ctx))
	if x.ID != 2 {
		t.Errorf("the copy's id: %d", x.ID)
	}
}

func TestCommitOfAnAbortedTransaction(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		s := b.session()
		x := &User{Name: "x"}
		s.Add(x)
		b.check(s.Flush(b.ctx))
		_, err := engine.Scalar[int](b.ctx, s, engine.Text("SELECT nonsense FROM orm_users"))
		if err == nil {
			b.Fatal("no error")
		}
		err = s.Commit(b.ctx)
		n := b.scalar("SELECT count(*) FROM orm_users")
		if (err == nil) != (n == "1") {
			b.Errorf("%v, %s rows", err, n)
		}
		if err != nil {
			if x.ID != 0 {
				b.Errorf("key %d after the failure", x.ID)
			}
			b.check(s.Commit(b.ctx))
			if n := b.scalar("SELECT count(*) FROM orm_users"); n != "1" {
				b.Error(n)
			}
		}
	})
}

func TestCommitCancelled(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		s := b.session()
		x := &User{Name: "x"}
		s.Add(x)
		b.check(s.Flush(b.ctx))
		ctx, cancel := context.WithCancel(b.ctx)
		cancel()
		err := s.Commit(ctx)
		b.wantErr(err, context.Canceled)
		if x.ID != 0 {
			b.Error(x.ID)
		}
		b.check(s.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_users"); n != "1" {
			b.Error(n)
		}
	})
}

func TestTimesThatTheDatabaseCuts(t *testing.T) {
	each(t, []any{&Moment{}}, func(b *bed) {
		s := b.session()
		x := &Moment{At: time.Date(2024, 1, 2, 3, 4, 5, 123456789, time.FixedZone("x", 3600)), Dur: 3 * time.Second, Data: []byte{}}
		s.Add(x)
		b.check(s.Commit(b.ctx))
		b.rec.take()
		b.check(s.Commit(b.ctx))
		b.sent()
		s2 := b.session()
		y, err := orm.Get[Moment](b.ctx, s2, x.ID)
		b.check(err)
		if y.Dur != x.Dur || y.Data == nil || len(y.Data) != 0 || y.At.Sub(x.At).Abs() >= time.Microsecond {
			b.Errorf("read %+v, wrote %+v", y, x)
		}
		b.rec.take()
		b.check(s2.Commit(b.ctx))
		b.sent("COMMIT")
		x.At = x.At.Add(time.Nanosecond)
		b.check(s.Commit(b.ctx))
	})
}

type Moment struct {
	ID   int64 `db:",pk"`
	At   time.Time
	Dur  time.Duration
	Data []byte `db:",null"`
}

func (Moment) TableName() string { return "orm_moments" }

func TestDeleteManyOfOneCollection(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	s := b.session()
	ada := &User{Name: "ada"}
	for range 5000 {
		ada.Addresses = append(ada.Addresses, &Address{City: "x"})
	}
	s.Add(ada)
	b.check(s.Commit(b.ctx))
	for _, a := range ada.Addresses {
		s.Delete(a)
	}
	b.rec.take()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	b.check(s.Flush(b.ctx))
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 20<<20 { // not a copy of the collection for each
		t.Errorf("%d MB allocated", n>>20)
	}
	if len(ada.Addresses) != 0 {
		t.Errorf("%d addresses are left", len(ada.Addresses))
	}
	b.check(s.Commit(b.ctx))
}

type Firm struct {
	ID    int64   `db:",pk"`
	Units []*Unit `db:",has-many,fk:FirmID,cascade:all"`
}
type Unit struct {
	ID     int64     `db:",pk"`
	FirmID int64     `db:",fk:Firm.ID"`
	People []*Person `db:",has-many,fk:UnitID"`
	Rooms  []*Room   `db:",has-many,fk:UnitID,cascade:all"`
}
type Person struct {
	ID     int64  `db:",pk"`
	UnitID *int64 `db:",fk:Unit.ID"`
	Unit   *Unit  `db:",belongs-to,fk:UnitID"`
}
type Room struct {
	ID     int64   `db:",pk"`
	UnitID int64   `db:",fk:Unit.ID"`
	Desks  []*Desk `db:",has-many,fk:RoomID"`
}
type Desk struct {
	ID     int64 `db:",pk"`
	RoomID int64 `db:",fk:Room.ID"`
}

func (Firm) TableName() string   { return "orm_firms" }
func (Unit) TableName() string   { return "orm_units" }
func (Person) TableName() string { return "orm_persons" }
func (Room) TableName() string   { return "orm_rooms" }
func (Desk) TableName() string   { return "orm_desks" }

func TestNewUnderDeleted(t *testing.T) {
	each(t, []any{&Firm{}, &Unit{}, &Person{}, &Room{}, &Desk{}}, func(b *bed) {
		s := b.session()
		unit := &Unit{}
		firm := &Firm{Units: []*Unit{unit}}
		s.Add(firm)
		b.check(s.Commit(b.ctx))
		p := &Person{Unit: unit}
		s.Add(p)
		s.Delete(firm)
		b.wantErr(s.Commit(b.ctx), nil, "refers to Unit", "deleted")
		p.Unit = nil
		b.check(s.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_persons WHERE unit_id IS NULL"); n != "1" {
			b.Error(n)
		}

		unit = &Unit{}
		firm = &Firm{Units: []*Unit{unit}}
		s.Add(firm)
		b.check(s.Commit(b.ctx))
		unit.Rooms = []*Room{{Desks: []*Desk{{}}}} // new, and deleted with the unit
		s.Delete(firm)
		b.wantErr(s.Commit(b.ctx), nil, "Desk")
		unit.Rooms = []*Room{{}}
		b.check(s.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_rooms"); n != "0" {
			b.Error(n)
		}
	})
}

func TestFailureKeepsWhatCameAfterFlush(t *testing.T) {
	each(t, tourTypes, func(b *bed) {
		s := b.session()
		ada := &User{Name: "ada", Email: ptr("a"), Addresses: []*Address{{City: "x"}, {City: "y"}}}
		s.Add(ada)
		b.check(s.Commit(b.ctx))
		s.Delete(ada.Addresses[0])
		bob := &User{Name: "bob", Boss: ada}
		s.Add(bob)
		b.check(s.Flush(b.ctx)) // takes x out of the collection, and sets BossID

		ada.Addresses = append(ada.Addresses, &Address{City: "z"})
		bob.Boss, bob.BossID = nil, nil
		bob.Email = ptr("a")
		b.wantErr(s.Commit(b.ctx), engine.ErrUniqueViolation)
		bob.Email = nil
		b.check(s.Commit(b.ctx))
		if bob.BossID != nil || len(ada.Addresses) != 2 {
			b.Errorf("bob %+v, ada %+v", bob, ada)
		}
		if got := b.scalar("SELECT count(*) FROM orm_addresses WHERE city IN ('y', 'z')"); got != "2" {
			b.Errorf("%s addresses of y and z", got)
		}
		if got := b.scalar("SELECT count(*) FROM orm_addresses"); got != "2" {
			b.Errorf("%s addresses", got)
		}
		if got := b.scalar("SELECT count(*) FROM orm_users WHERE name = 'bob' AND boss_id IS NULL"); got != "1" {
			b.Errorf("%s bobs without a boss", got)
		}
	})
}

func TestFewStatementsForManyLengths(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	s := b.session()
	for i := range 100 {
		s.Add(&User{Name: "u", Addresses: []*Address{{City: strconv.Itoa(i)}}})
	}
	b.check(s.Commit(b.ctx))
	b.rec.take()
	u := orm.Ref[User]()
	texts := map[string]bool{}
	for n := 9; n <= 100; n++ {
		list, err := orm.Select(u).OrderBy(orm.F(&u.ID)).Limit(n).With(&u.Addresses).All(b.ctx, b.eng)
		b.check(err)
		for i, x := range list {
			if len(x.Addresses) != 1 || x.Addresses[0].City != strconv.Itoa(i) {
				b.Fatalf("%d of %d has %+v", i, n, x.Addresses)
			}
		}
		for _, text := range b.rec.take() {
			texts[text] = true
		}
	}
	if len(texts) != 1+4+4+4+3 {
		b.Errorf("%d statements", len(texts))
	}
}

// Car has at most one Plate, which may be nobody's.
type Car struct {
	ID    int64  `db:",pk"`
	Plate *Plate `db:",has-one,fk:CarID"`
}

type Plate struct {
	ID      int64  `db:",pk"`
	CarID   *int64 `db:",unique,fk:Car.ID"`
	Version int    `db:",version"`
	Car     *Car   `db:",belongs-to,fk:CarID"`
}

func (Car) TableName() string   { return "orm_cars" }
func (Plate) TableName() string { return "orm_plates" }

func TestReplaceHasOneThatStays(t *testing.T) {
	each(t, []any{&Car{}, &Plate{}}, func(b *bed) {
		s := b.session()
		first := &Plate{}
		car, other := &Car{Plate: first}, &Car{Plate: &Plate{}}
		s.Add(car, other)
		b.check(s.Commit(b.ctx))
		car.Plate = &Plate{}
		b.check(s.Commit(b.ctx))
		if first.CarID != nil || *car.Plate.CarID != car.ID {
			b.Errorf("%+v %+v", first, car.Plate)
		}
		second := car.Plate
		car.Plate, other.Plate = other.Plate, nil // from another, in place of one
		b.check(s.Commit(b.ctx))
		if second.CarID != nil || *car.Plate.CarID != car.ID {
			b.Errorf("%+v %+v", second, car.Plate)
		}
		s = b.session()
		again, err := orm.Get[Car](b.ctx, s, car.ID)
		b.check(err)
		again.Plate = &Plate{} // without having loaded the one that is there
		b.check(s.Commit(b.ctx))
		if n := b.scalar("SELECT count(*) FROM orm_plates WHERE car_id IS NULL"); n != "3" {
			b.Errorf("%s plates are nobody's", n)
		}
		b.rec.take()
		b.check(s.Commit(b.ctx))
		b.sent()
	})
}
