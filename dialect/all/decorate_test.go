package all_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/orm"
)

// level is kept as a number, and is text in Go: without the functions it would
// go as the text that it is made of.
type level string

// labels is a set that is kept as text.
type labels map[string]bool

var levels = []level{"low", "middle", "high"}

func init() {
	err := errors.Join(
		dialect.Decorate(dialect.Type{Kind: dialect.Varchar, Length: 45},
			func(a netip.Addr) (string, error) {
				if !a.IsValid() {
					return "", errors.New("no address")
				}
				return a.String(), nil
			}, netip.ParseAddr),
		dialect.Decorate(dialect.Type{Kind: dialect.SmallInt},
			func(l level) (int64, error) {
				for i, name := range levels {
					if l == name {
						return int64(i), nil
					}
				}
				return 0, fmt.Errorf("%q is no level", string(l))
			},
			func(n int64) (level, error) {
				if n < 0 || n >= int64(len(levels)) {
					return "", fmt.Errorf("%d is no level", n)
				}
				return levels[n], nil
			}),
		dialect.Decorate(dialect.Type{Kind: dialect.Varchar, Length: 200},
			func(l labels) (string, error) {
				var on []string
				for _, name := range []string{"a", "b", "c"} {
					if l[name] {
						on = append(on, name)
					}
				}
				return strings.Join(on, ","), nil
			},
			func(s string) (labels, error) {
				l := labels{}
				for name := range strings.SplitSeq(s, ",") {
					if name != "" {
						l[name] = true
					}
				}
				return l, nil
			}),
	)
	if err != nil {
		panic(err)
	}
}

// Host is a struct of the ORM with decorated fields.
type Host struct {
	ID     int64 `db:",pk"`
	Addr   netip.Addr
	Other  *netip.Addr
	Level  level
	Labels labels
}

// hosts is its table for expr.
type hosts struct {
	schema.Table `db:"hosts"`
	ID           schema.Col[int64] `db:",pk"`
	Addr         schema.Col[netip.Addr]
	Other        schema.Col[netip.Addr] `db:",null"`
	Level        schema.Col[level]
	Labels       schema.Col[labels]
}

// A type with two functions goes everywhere: columns, arguments, rows, the ORM.
func TestDecorate(t *testing.T) {
	one, two := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		ctx := t.Context()
		name := fmt.Sprintf("decorated_%d", time.Now().UnixNano())
		e, err := openLive(b.URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		own := schema.New(name, schema.BigInt("id").PrimaryKey(),
			schema.Varchar("addr", 45), schema.Varchar("other", 45).Null(), schema.SmallInt("level"), schema.Varchar("labels", 200))
		if _, err := e.Run(ctx, schema.CreateTable(own), nil); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := e.Run(context.Background(), schema.DropTable(own), nil); err != nil {
				t.Error(err)
			}
		})
		id, addr, other := expr.C[int64](own, "id"), expr.C[netip.Addr](own, "addr"), expr.C[netip.Addr](own, "other")
		lev, lab := expr.C[level](own, "level"), expr.C[labels](own, "labels")
		_, err = e.Run(ctx, expr.Insert(own).Columns(id, addr, other, lev, lab).Rows(
			[]any{1, one, nil, level("high"), labels{"a": true, "c": true}},
			[]any{2, two, &one, level("low"), labels{}}), nil)
		if err != nil {
			t.Fatal(err)
		}
		// what the database has
		text, err := engine.Scalar[string](ctx, e, engine.Text("SELECT labels FROM "+name+" WHERE level = :l AND addr IN (:a)",
			engine.Named{"l": level("high"), "a": []netip.Addr{one, two}}))
		if err != nil || text != "a,c" {
			t.Errorf("labels are kept as %q (%v)", text, err)
		}
		// structs, pointers, scalars
		type row struct {
			ID     int64
			Addr   netip.Addr
			Other  *netip.Addr
			Level  level
			Labels labels
		}
		list, err := engine.All[row](ctx, e, expr.Select(id, addr, other, lev, lab).From(own).Where(lev.In("low", "high")).OrderBy(id.Asc()))
		want := []row{{1, one, nil, "high", labels{"a": true, "c": true}}, {2, two, &one, "low", labels{}}}
		if err != nil || !reflect.DeepEqual(list, want) {
			t.Errorf("rows are %v (%v)", list, err)
		}
		if got, err := engine.Scalar[netip.Addr](ctx, e, expr.Select(addr).From(own).Where(lev.Eq("high"))); err != nil || got != one {
			t.Errorf("the address is %v (%v)", got, err)
		}
		if _, err := engine.Scalar[netip.Addr](ctx, e, expr.Select(other).From(own).Where(id.Eq(1))); !errors.Is(err, dialect.ErrNullValue) {
			t.Errorf("NULL into an address: %v", err)
		}
		// functions that fail
		if _, err := e.Run(ctx, expr.Update(own).Set(lev.Set("none")).Where(id.Eq(1)), nil); err == nil || !strings.Contains(err.Error(), `column "level": "none" is no level`) {
			t.Errorf("a value that the function refuses: %v", err)
		}
		if _, err := e.Exec(ctx, "UPDATE "+name+" SET level = 7 WHERE id = 2"); err != nil {
			t.Fatal(err)
		}
		if got, err := engine.Scalar[level](ctx, e, expr.Select(lev).From(own).Where(id.Eq(2))); !errors.Is(err, dialect.ErrScan) || !strings.Contains(err.Error(), "7 is no level") {
			t.Errorf("a value that the function refuses is read as %v (%v)", got, err)
		}
	})
}

// The ORM keeps them, and writes what has changed within.
func TestDecorateMapped(t *testing.T) {
	one, two := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
	ctx := t.Context()
	e, err := engine.Open(testenv.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := orm.Metadata(&Host{}).CreateAll(ctx, e); err != nil {
		t.Fatal(err)
	}
	s := orm.NewSession(e)
	defer s.Close()
	h := &Host{ID: 1, Addr: one, Level: "low", Labels: labels{"a": true}}
	s.Add(h)
	if err := s.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	h.Labels["b"], h.Other, h.Level = true, &two, "middle"
	if err := s.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	again := orm.NewSession(e)
	defer again.Close()
	got, err := orm.Get[Host](ctx, again, 1)
	if want := (&Host{1, one, &two, "middle", labels{"a": true, "b": true}}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read back: %+v (%v)", got, err)
	}
	u := orm.Ref[Host]()
	found, err := orm.Select(u).Where(orm.F(&u.Level).Eq("middle"), orm.F(&u.Addr).Eq(one)).All(ctx, again)
	if err != nil || len(found) != 1 {
		t.Errorf("found %v (%v)", found, err)
	}
}

// The column's type is what Decorate said.
func TestDecorateColumns(t *testing.T) {
	table := schema.Define[hosts]()
	if err := schema.Validate(table); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"addr": "varchar(45)", "level": "smallint", "labels": "varchar(200)"} {
		for _, c := range schema.Info(table).Columns {
			if c.Name == name && c.Type.String() != want {
				t.Errorf("%s is %s", name, c.Type.String())
			}
		}
	}
}

// Mistakes are errors.
func TestDecorateMistakes(t *testing.T) {
	text := dialect.Type{Kind: dialect.Varchar}
	to, from := func(reflect.Value) (string, error) { return "", nil }, func(string) (v reflect.Value, err error) { return }
	for what, err := range map[string]error{
		"no function":   dialect.Decorate[reflect.Value, string](text, nil, from),
		"no type":       dialect.Decorate(dialect.Type{}, to, from),
		"a time":        dialect.Decorate(text, func(time.Time) (string, error) { return "", nil }, func(string) (t time.Time, err error) { return }),
		"a plain type":  dialect.Decorate(text, func(int) (string, error) { return "", nil }, func(string) (int, error) { return 0, nil }),
		"a pointer":     dialect.Decorate(text, func(*level) (string, error) { return "", nil }, func(string) (*level, error) { return nil, nil }),
		"a second time": dialect.Decorate(text, func(level) (string, error) { return "", nil }, func(string) (level, error) { return "", nil }),
		"itself":        dialect.Decorate(text, func(l level) (level, error) { return l, nil }, func(l level) (level, error) { return l, nil }),
		"a sql.Scanner": dialect.Decorate(text, func(scans) (string, error) { return "", nil }, func(string) (scans, error) { return scans{}, nil }),
		"bytes":         dialect.Decorate(text, func([]byte) (string, error) { return "", nil }, func(string) ([]byte, error) { return nil, nil }),
	} {
		if !errors.Is(err, dialect.ErrArguments) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

type scans struct{}

func (*scans) Scan(any) error { return nil }
