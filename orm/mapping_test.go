package orm_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/orm"
)

type (
	badPointerKey struct {
		ID *int64 `db:",pk"`
	}
	badNull struct {
		ID   int64  `db:",pk"`
		Name string `db:",null"`
	}
	badOption struct {
		ID   int64  `db:",pk"`
		Name string `db:",uniqe"`
	}
	badWrongOption struct {
		ID   int64  `db:",pk"`
		Name string `db:",cascade:all"`
	}
	badRelation struct {
		ID    int64   `db:",pk"`
		Users []*User `db:""`
	}
	badStruct struct {
		ID   int64 `db:",pk"`
		User *User
	}
	badSlice struct {
		ID    int64  `db:",pk"`
		Users []User `db:",has-many"`
	}
	badPointer struct {
		ID     int64 `db:",pk"`
		UserID int64
		User   User `db:",belongs-to"`
	}
	badFK struct {
		ID      int64    `db:",pk"`
		User    *User    `db:",belongs-to,fk:UsreID"`
		UserID  int64    `db:",fk:User.ID"`
		Friends []*badFK `db:",has-many,fk:FriendID"`
	}
	badFKType struct {
		ID     int64  `db:",pk"`
		UserID string `db:",fk:User.ID"`
		User   *User  `db:",belongs-to"`
	}
	badFKField struct {
		ID     int64 `db:",pk"`
		UserID int64 `db:",fk:User.Idd"`
		User   *User `db:",belongs-to"`
	}
	badFKOther struct {
		ID     int64 `db:",pk"`
		UserID int64 `db:",fk:Address.ID"`
		User   *User `db:",belongs-to"`
	}
	badFKText struct {
		ID     int64 `db:",pk"`
		UserID int64 `db:",fk:users"`
	}
	badCascade struct {
		ID    int64   `db:",pk"`
		Users []*User `db:",has-many,fk:BossID,cascade:al"`
	}
	badOrphan struct {
		ID    int64   `db:",pk"`
		Users []*User `db:",has-many,fk:BossID,cascade:delete-orphan"`
	}
	badParentCascade struct {
		ID     int64 `db:",pk"`
		UserID int64 `db:",fk:User.ID"`
		User   *User `db:",belongs-to,cascade:all"`
	}
	badMany struct {
		ID    int64   `db:",pk"`
		Users []*User `db:",many-to-many:user_links"`
	}
	badNoKey struct{ Name string }
	badChan  struct {
		ID int64 `db:",pk"`
		C  chan int
	}
	badScanner struct {
		ID int64 `db:",pk"`
		V  scanOnly
	}
	badColumns struct {
		ID int64 `db:",pk"`
		A  string
		B  string `db:"a"`
	}
	badVersion struct {
		ID int64  `db:",pk"`
		V  string `db:",version"`
	}
	badIdentity struct {
		ID string `db:",pk,identity"`
	}
	badOrder struct {
		ID    int64  `db:",pk"`
		UpID  *int64 `db:",fk:badOrder.ID"`
		Name  string
		Downs []*badOrder `db:",has-many,fk:UpID,order:Nmae"`
	}
	generic[T any] struct {
		ID T `db:",pk"`
	}
)

type scanOnly struct{ V string }

func (s *scanOnly) Scan(any) error { return nil }

func TestMappingMistakes(t *testing.T) {
	for _, tt := range []struct {
		typ  any
		want string
	}{
		{badPointerKey{}, "badPointerKey.ID: a primary key is never NULL: use int64 in place of *int64"},
		{badNull{}, "badNull.Name: option null: string has no NULL; use *string or sql.Null[string]"},
		{badOption{}, `badOption.Name: tag ",uniqe": unknown option "uniqe" (did you mean "unique"?)`},
		{badWrongOption{}, `badWrongOption.Name: option "cascade" is not for a column`},
		{badRelation{}, "badRelation.Users: []*orm_test.User is neither a column nor a relation: add has-many"},
		{badStruct{}, "badStruct.User: *orm_test.User is neither a column nor a relation: add belongs-to"},
		{badSlice{}, "badSlice.Users: has-many is a slice of pointers: use []*User"},
		{badPointer{}, "badPointer.User: belongs-to is a pointer: use *User"},
		{badFK{}, `badFK.User: fk:UsreID: badFK has no such field (did you mean "UserID"?)`},
		{badFK{}, `badFK.Friends: fk:FriendID: badFK has no such field`},
		{badFKType{}, "badFKType.UserID is string and cannot refer to User.ID, which is int64"},
		{badFKField{}, `refers to User.Idd, and User has no such field (did you mean "ID"?)`},
		{badFKOther{}, "badFKOther.UserID is a foreign key to Address.ID, not to User"},
		{badFKText{}, "badFKText.UserID: "},
		{badCascade{}, `badCascade.Users: unknown cascade "al" (did you mean "all"?)`},
		{badOrphan{}, "delete-orphan needs delete as well: write all+delete-orphan"},
		{badParentCascade{}, "badParentCascade.User: cascade:all on belongs-to"},
		{badMany{}, "badMany.Users: many-to-many is not mapped directly"},
		{badNoKey{}, "badNoKey has no primary key"},
		{badChan{}, "badChan.C: chan int cannot be a column"},
		{badScanner{}, "badScanner.V: orm_test.scanOnly is not a driver.Valuer"},
		{badColumns{}, `fields A and B both stand for column "a"`},
		{badVersion{}, "badVersion.V: option version is for whole numbers"},
		{badIdentity{}, "badIdentity.ID: option identity is for whole numbers"},
		{badOrder{}, `badOrder.Downs: order "Nmae": badOrder has no field Nmae (did you mean "Name"?)`},
		{generic[int]{}, "give it a method TableName() string"},
		{7, "int is not mapped: only structs are"},
		{time.Now(), "time.Time is not mapped"},
		{nil, "Metadata of nil"},
	} {
		t.Run(fmt.Sprintf("%T", tt.typ), func(t *testing.T) {
			err := orm.Metadata(tt.typ).Err()
			(&bed{T: t}).wantErr(err, engine.ErrStatement, "orm: ", tt.want)
		})
	}
}

func TestMetadata(t *testing.T) {
	texts, err := schema.CreateSQL(orm.Metadata(&Address{}, &User{}), sqlite.Dialect())
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(texts, "\n")
	for _, want := range []string{"CREATE TABLE orm_users", "boss_id BIGINT", "REFERENCES orm_users (id)", "user_id BIGINT NOT NULL", "UNIQUE (email)"} {
		if !strings.Contains(strings.ReplaceAll(got, "INTEGER NOT NULL,", "BIGINT NOT NULL,"), want) && !strings.Contains(got, strings.ReplaceAll(want, "BIGINT", "INTEGER")) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Index(got, "orm_users") > strings.Index(got, "CREATE TABLE orm_addresses") {
		t.Errorf("the order is wrong:\n%s", got)
	}
}

// Level is a named type.
type Level int16

// Tags is a type with a codec of its own that a program changes in place.
type Tags []string

func (t *Tags) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*t = nil
	case string:
		*t = strings.Split(v, ",")
	case []byte:
		*t = strings.Split(string(v), ",")
	default:
		return fmt.Errorf("no tags: %T", v)
	}
	return nil
}

func (t Tags) Value() (driver.Value, error) {
	if t == nil {
		return nil, nil
	}
	return strings.Join(t, ","), nil
}

// Thing has a field of every kind.
type Thing struct {
	ID      int32 `db:",pk"`
	Bool    bool
	Int     int
	Int8    int8
	Int16   Level
	Int32   int32
	Int64   int64
	Uint    uint
	Uint8   uint8
	Uint16  uint16
	Uint32  uint32
	Uint64  uint64
	Float32 float32
	Float64 float64
	String  string
	Bytes   []byte
	MaybeB  []byte `db:",null"`
	Time    time.Time
	PBool   *bool
	PInt    *int
	PInt64  *int64
	PFloat  *float64
	PString *string
	PTime   *time.Time
	NString sql.NullString
	NInt    sql.Null[int64]
	NTime   sql.Null[time.Time]
	Tags    Tags           `db:",type:varchar(100),null"`
	Map     map[string]int `db:",json"`
	List    []int          `db:",json,null"`
	Cache   chan int       `db:"-"`
}

func (*Thing) TableName() string { return "orm_things" }

func deref[T any](p *T) string {
	if p == nil {
		return " nil"
	}
	return fmt.Sprint(" ", *p)
}

func TestEveryKind(t *testing.T) {
	when := time.Date(2024, 2, 29, 12, 34, 56, 789000000, time.UTC)
	full := func() *Thing {
		return &Thing{Bool: true, Int: -1, Int8: -8, Int16: -16, Int32: -32, Int64: -64, Uint: 1, Uint8: 8, Uint16: 16, Uint32: 32, Uint64: 64,
			Float32: 1.5, Float64: 2.25, String: "s'ü", Bytes: []byte{0, 1}, MaybeB: []byte{2}, Time: when,
			PBool: ptr(true), PInt: ptr(7), PInt64: ptr(int64(8)), PFloat: ptr(0.5), PString: ptr("p"), PTime: ptr(when),
			NString: sql.NullString{String: "n", Valid: true}, NInt: sql.Null[int64]{V: 9, Valid: true}, NTime: sql.Null[time.Time]{V: when, Valid: true},
			Tags: Tags{"a", "b"}, Map: map[string]int{"x": 1}, List: []int{1, 2}}
	}
	each(t, []any{&Thing{}}, func(b *bed) {
		show := func(x *Thing) string {
			y := *x
			y.ID, y.PBool, y.PInt, y.PInt64, y.PFloat, y.PString, y.PTime = 0, nil, nil, nil, nil, nil, nil
			y.Time, y.NTime.V = y.Time.UTC(), y.NTime.V.UTC()
			s := fmt.Sprintf("%+v", y) + deref(x.PBool) + deref(x.PInt) + deref(x.PInt64) + deref(x.PFloat) + deref(x.PString)
			if x.PTime != nil {
				s += x.PTime.UTC().String()
			}
			return s
		}
		sess := b.session()
		one, zero := full(), &Thing{Time: when, Bytes: nil}
		sess.Add(one, zero)
		b.check(sess.Commit(b.ctx))
		b.rec.take()
		b.check(sess.Commit(b.ctx))
		b.sent() // nothing has changed
		b.check(sess.Close())

		sess = b.session()
		list, err := orm.Select(orm.Ref[Thing]()).OrderBy(expr.C[int32](orm.Table[Thing](), "id")).All(b.ctx, sess)
		b.check(err)
		if len(list) != 2 {
			b.Fatalf("%d things", len(list))
		}
		if got, want := show(list[0]), show(one); got != want {
			b.Errorf("read\n%s\nwant\n%s", got, want)
		}
		zero.Bytes = []byte{}
		if got, want := show(list[1]), show(zero); got != want {
			b.Errorf("read\n%s\nwant\n%s", got, want)
		}
		if list[1].PInt != nil || list[1].MaybeB != nil || list[1].NString.Valid || list[1].Tags != nil || list[1].List != nil || list[1].Map != nil {
			b.Errorf("NULLs: %+v", list[1])
		}
		b.check(sess.Flush(b.ctx))
		if n := b.count("UPDATE"); n != 0 {
			b.Errorf("%d UPDATEs of what was only read", n)
		}

		// Each field alone makes an UPDATE of its column, also changes in place.
		for column, change := range map[string]func(*Thing){
			"bool": func(x *Thing) { x.Bool = false }, "int": func(x *Thing) { x.Int++ }, "int8": func(x *Thing) { x.Int8++ },
			"int16": func(x *Thing) { x.Int16++ }, "int32": func(x *Thing) { x.Int32++ }, "int64": func(x *Thing) { x.Int64++ },
			"uint": func(x *Thing) { x.Uint++ }, "uint8": func(x *Thing) { x.Uint8++ }, "uint16": func(x *Thing) { x.Uint16++ },
			"uint32": func(x *Thing) { x.Uint32++ }, "uint64": func(x *Thing) { x.Uint64++ }, "float32": func(x *Thing) { x.Float32++ },
			"float64": func(x *Thing) { x.Float64++ }, "string": func(x *Thing) { x.String = "" }, "bytes": func(x *Thing) { x.Bytes[0]++ },
			"maybe_b": func(x *Thing) { x.MaybeB = nil }, "time": func(x *Thing) { x.Time = x.Time.Add(time.Hour) },
			"p_bool": func(x *Thing) { *x.PBool = false }, "p_int": func(x *Thing) { x.PInt = nil }, "p_int64": func(x *Thing) { *x.PInt64++ },
			"p_float": func(x *Thing) { *x.PFloat++ }, "p_string": func(x *Thing) { *x.PString = "q" }, "p_time": func(x *Thing) { x.PTime = nil },
			"n_string": func(x *Thing) { x.NString.Valid = false }, "n_int": func(x *Thing) { x.NInt.V++ }, "n_time": func(x *Thing) { x.NTime.Valid = false },
			"tags": func(x *Thing) { x.Tags[0] = "changed" }, "map": func(x *Thing) { x.Map["x"]++ }, "list": func(x *Thing) { x.List = append(x.List, 3) },
		} {
			change(list[0])
			b.check(sess.Flush(b.ctx))
			var updates []string
			for _, s := range b.rec.take() {
				if strings.HasPrefix(s, "UPDATE") {
					updates = append(updates, plainSQL(strings.ReplaceAll(s, "`", "")))
				}
			}
			if len(updates) != 1 || !strings.HasPrefix(updates[0], "UPDATE orm_things SET "+column+" = ") || strings.Contains(updates[0], ",") {
				b.Errorf("a change of %s sent %q", column, updates)
			}
		}
		changed := show(list[0])
		b.check(sess.Rollback(b.ctx))
		if got, want := show(list[0]), show(one); got != want || got == changed {
			b.Errorf("rolled back to\n%s\nwant\n%s", got, want)
		}
		b.check(sess.Flush(b.ctx))
		if n := b.count("UPDATE"); n != 0 {
			b.Errorf("%d UPDATEs after the Rollback", n)
		}
	})
}

func TestReadErrorsNameTheField(t *testing.T) {
	b := sqliteBed(t)
	_, err := b.eng.Exec(b.ctx, "CREATE TABLE orm_users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, boss_id INTEGER)")
	b.check(err)
	_, err = b.eng.Exec(b.ctx, "INSERT INTO orm_users VALUES (1, NULL, NULL, NULL)")
	b.check(err)
	_, err = orm.Get[User](b.ctx, b.eng, 1)
	b.wantErr(err, engine.ErrNullValue, `column "name"`, "User.Name (string)")
	var se *engine.ScanError
	if !errors.As(err, &se) || se.Dest != "User.Name (string)" {
		b.Errorf("%+v", se)
	}
	_, err = orm.Select(orm.Ref[Address]()).All(context.Background(), b.eng)
	b.wantErr(err, engine.ErrUndefinedTable)
}
