package agree

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/testspace"
	"github.com/sqlayer-go/sqlayer/orm"
)

// kept is a row with a column of each type that every database has in some way.
type kept struct {
	ID     int64 `db:",pk,identity"`
	Yes    *bool
	Small  *int16
	Whole  *int32
	Big    *int64
	USm    *uint16 `db:",type:smallint unsigned"`
	UInt   *uint32
	UBig   *uint64 `db:",type:bigint unsigned"`
	SmallF *float32
	Num    *float64
	Cents  *string        `db:",type:decimal(20,4)"`
	Short  *string        `db:",type:varchar(40)"`
	Fixed  *string        `db:",type:char(6)"`
	Nat    *string        `db:",type:nvarchar(30)"`
	Much   *string        `db:",type:text"`
	Bytes  []byte         `db:",null,type:varbinary(30)"`
	Four   *[4]byte       `db:",type:binary(4)"`
	Lump   []byte         `db:",null"`
	Day    *time.Time     `db:",type:date"`
	Clock  *time.Duration `db:",type:time(6)"`
	Wall   *time.Time     `db:",type:timestamp(6)"`
	At     *time.Time     `db:",type:timestamp(6) with time zone"`
	Span   *time.Duration
	UID    *[16]byte `db:",type:uuid"`
	Doc    *string   `db:",type:json"`
	Mood   *string   `db:",type:varchar(4)"`
}

func (kept) TableName() string { return "kept_values" }

// digits is a whole number whose count of bits is by chance too, so that small
// ones and those at the ends are as likely as others.
func (m *maker) digits(bits int) uint64 {
	n := m.IntN(bits + 1)
	switch m.IntN(6) {
	case 0:
		return 1<<n - 1
	case 1:
		return 1 << max(n-1, 0)
	}
	return m.Uint64() & (1<<n - 1)
}

func (m *maker) signed(bits int) int64 {
	n := int64(m.digits(bits - 1))
	if m.IntN(2) == 0 {
		return ^n
	}
	return n
}

func (m *maker) real(least, most int) float64 {
	switch m.IntN(5) {
	case 0:
		return float64(m.IntN(2001)-1000) / pick(m, 1.0, 3, 10, 8)
	case 1:
		return 0
	}
	return math.Ldexp(m.Float64()*2-1, least+m.IntN(most-least))
}

var runes = []rune("ab Z0'\"\\%_\n\t,;:?$@{}()[]-/*#`~|&<>=+.!^éß\u0301日𝄞😀\u200d\u202e\ufeff\u00a0\u007f\u2028ıİſ")

func (m *maker) letters(d dialect.Dialect, most int, blanks bool) string {
	var b strings.Builder
	units := 0
	for range m.IntN(most + 1) {
		r := pick(m, runes...)
		if m.IntN(8) == 0 {
			r = rune(m.IntN(0x2000) + 1)
		}
		if units++; r > 0xffff {
			units++
		}
		if units > most {
			break
		}
		b.WriteRune(r)
	}
	s := b.String()
	if !blanks {
		s = strings.TrimRight(s, " ")
	}
	if s == "" && d.Features().EmptyIsNull {
		return "-"
	}
	return s
}

func (m *maker) blob(d dialect.Dialect, most int) []byte {
	b := make([]byte, m.IntN(most+1))
	for i := range b {
		b[i] = byte(m.IntN(256))
		if m.IntN(3) == 0 {
			b[i] = pick[byte](m, 0, '\\', '\'', 'x', 0xff, 0x1a)
		}
	}
	if len(b) == 0 && d.Features().EmptyIsNull {
		return []byte{0}
	}
	return b
}

var zonesMade = []*time.Location{time.UTC, time.FixedZone("", 14*3600), time.FixedZone("x", -12*3600), time.FixedZone("", 5*3600+45*60), time.FixedZone("LMT", -(4*3600 + 56*60 + 2)), time.Local}

func (m *maker) instant() time.Time {
	year := 1000 + m.IntN(8990)
	if m.IntN(2) == 0 {
		year = 1850 + m.IntN(300)
	}
	t := time.Date(year, time.Month(1+m.IntN(12)), 1+m.IntN(31), pick(m, 0, 1, 2, 3, 23, 12), m.IntN(60), pick(m, 0, 59, 7), 1000*pick(m, 0, 1, 999999, m.IntN(1_000_000)), pick(m, zonesMade...))
	return t
}

func (m *maker) document(depth int) any {
	switch m.IntN(8 + depth) {
	case 0:
		return nil
	case 1:
		return m.IntN(2) == 0
	case 2:
		return json.Number(fmt.Sprint(m.signed(54)))
	case 3:
		return json.Number(fmt.Sprint(float64(m.IntN(2001)-1000) / 8))
	case 4, 5, 6, 7:
		if depth > 0 {
			list := []any{}
			for range m.IntN(4) {
				list = append(list, m.document(depth-1))
			}
			return list
		}
		return strings.ReplaceAll(strings.ToValidUTF8(m.words(), ""), "\x00", "")
	default:
		o := map[string]any{}
		for range m.IntN(4) {
			o[m.words()] = m.document(depth - 1)
		}
		return o
	}
}

func (m *maker) words() string {
	s := ""
	for range m.IntN(6) {
		s += string(pick(m, runes...))
	}
	return s
}

// kept makes a row.
func (m *maker) kept(d dialect.Dialect) *kept {
	r := &kept{}
	some := func(set func()) {
		if m.IntN(6) > 0 {
			set()
		}
	}
	some(func() { r.Yes = new(m.IntN(2) == 0) })
	some(func() { r.Small = new(int16(m.signed(16))) })
	some(func() { r.Whole = new(int32(m.signed(32))) })
	some(func() { r.Big = new(m.signed(64)) })
	some(func() { r.USm = new(uint16(m.digits(16))) })
	some(func() { r.UInt = new(uint32(m.digits(32))) })
	some(func() { r.UBig = new(m.digits(64)) })
	if d.Name() == "sqlite" && r.UBig != nil {
		*r.UBig >>= 1 // it has no more
	}
	some(func() { r.SmallF = new(float32(m.real(-120, 120))) })
	some(func() { r.Num = new(m.real(-1000, 1000)) })
	some(func() {
		r.Cents = new(fmt.Sprintf("%s%d.%04d", pick(m, "", "-"), m.digits(53), m.IntN(10000)))
	})
	some(func() { r.Short = new(m.letters(d, 40, true)) })
	some(func() {
		s := m.letters(d, 6, false)
		for len([]rune(s)) < 6 {
			s += "x"
		}
		r.Fixed = new(string([]rune(s)[:5]) + "x")
	})
	some(func() { r.Nat = new(m.letters(d, 30, true)) })
	some(func() { r.Much = new(m.letters(d, 200, true)) })
	some(func() { r.Bytes = m.blob(d, 30) })
	some(func() { r.Four = new([4]byte(append(m.blob(d, 4), 1, 2, 3, 4)[:4])) })
	some(func() { r.Lump = m.blob(d, 300) })
	some(func() { t := m.instant(); r.Day = new(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)) })
	some(func() { r.Clock = new(time.Duration(m.digits(37)%86_400_000_000) * time.Microsecond) })
	some(func() { r.Wall = new(m.instant()) })
	some(func() { r.At = new(m.instant()) })
	some(func() { r.Span = new(time.Duration(m.signed(50)) * time.Microsecond) })
	some(func() { r.UID = new([16]byte(append(m.blob(d, 16), make([]byte, 16)...)[:16])); r.UID[6] &= 0x7f }) // MariaDB refuses most of version 8 and above
	some(func() {
		b, err := json.Marshal(m.document(3))
		if err != nil {
			panic(err)
		}
		r.Doc = new(string(b))
	})
	some(func() { r.Mood = new(pick(m, "sad", "it's", "日")) })
	return r
}

// sameKept says what of a row is not as it was, where the value means the same
// it is alike: an instant in another zone, a number with more zeros, a document with other blanks.
func sameKept(got, want *kept) error {
	var list []error
	g, w := reflect.ValueOf(got).Elem(), reflect.ValueOf(want).Elem()
	for i := range g.NumField() {
		name := g.Type().Field(i).Name
		a, b := g.Field(i), w.Field(i)
		if a.Kind() == reflect.Pointer && (a.IsNil() || b.IsNil()) || a.Kind() == reflect.Slice && a.IsNil() != b.IsNil() {
			if a.IsNil() != b.IsNil() {
				list = append(list, fmt.Errorf("%s: %s, want %s", name, shown(a), shown(b)))
			}
			continue
		}
		same := reflect.DeepEqual(a.Interface(), b.Interface())
		switch x := b.Interface().(type) {
		case *time.Time:
			same = a.Interface().(*time.Time).Equal(*x)
		case *string:
			y := *a.Interface().(*string)
			switch name {
			case "Cents":
				same = rat(*x).Cmp(rat(y)) == 0
			case "Doc":
				same = sameJSON(*x, y)
			}
		}
		if !same {
			list = append(list, fmt.Errorf("%s: %s, want %s", name, shown(a), shown(b)))
		}
	}
	return errors.Join(list...)
}

func sameJSON(a, b string) bool {
	read := func(s string) (v any) {
		if err := json.NewDecoder(strings.NewReader(s)).Decode(&v); err != nil {
			return err
		}
		return v
	}
	return reflect.DeepEqual(read(a), read(b))
}

func shown(v reflect.Value) string {
	if (v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice) && v.IsNil() {
		return "NULL"
	}
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if s, ok := v.Interface().(string); ok {
		return fmt.Sprintf("%+q", s)
	}
	return fmt.Sprint(v)
}

// keeper writes rows in one way or another, and reads each in all ways.
type keeper struct {
	eng   *engine.Engine
	table expr.Relation
	cols  []string
	id    int64
}

func (k *keeper) values(r *kept) map[string]any {
	vals := map[string]any{}
	v := reflect.ValueOf(r).Elem()
	for i, name := range k.cols {
		f := v.Field(i)
		if (f.Kind() == reflect.Pointer || f.Kind() == reflect.Slice) && f.IsNil() {
			vals[name] = nil
		} else if f.Kind() == reflect.Pointer {
			vals[name] = f.Elem().Interface()
		} else {
			vals[name] = f.Interface()
		}
	}
	return vals
}

func (k *keeper) write(ctx context.Context, m *maker, rows []*kept) (string, error) {
	for _, r := range rows {
		k.id++
		r.ID = k.id
	}
	sets := func(r *kept) (as []expr.Assignment) {
		for name, v := range k.values(r) {
			as = append(as, expr.C[any](k.table, name).Set(v))
		}
		return as
	}
	switch m.IntN(6) {
	case 0:
		sess := orm.NewSession(k.eng)
		defer sess.Close()
		for _, r := range rows {
			sess.Add(r)
		}
		return "orm", sess.Commit(ctx)
	case 1:
		for _, r := range rows {
			if _, err := k.eng.Run(ctx, expr.Insert(k.table).Values(sets(r)...), nil); err != nil {
				return "expr", err
			}
		}
		return "expr", nil
	case 2: // written empty, then updated
		for _, r := range rows {
			if _, err := k.eng.Run(ctx, expr.Insert(k.table).Values(expr.C[int64](k.table, "id").Set(r.ID)), nil); err != nil {
				return "update", err
			}
			if _, err := k.eng.Run(ctx, expr.Update(k.table).Set(sets(r)...).Where(expr.C[int64](k.table, "id").Eq(r.ID)), nil); err != nil {
				return "update", err
			}
		}
		return "update", nil
	case 3:
		var cols []expr.AnyColumn
		list := make([][]any, len(rows))
		for _, name := range k.cols {
			cols = append(cols, expr.C[any](k.table, name))
			for i, r := range rows {
				list[i] = append(list[i], k.values(r)[name])
			}
		}
		_, err := k.eng.Run(ctx, expr.Insert(k.table).Columns(cols...).Rows(list...), nil)
		return "rows", err
	case 4:
		var opts []engine.CopyOption
		if m.IntN(2) == 0 && k.eng.Dialect().Name() == "mysql" {
			opts = append(opts, engine.CopyLoad())
		}
		_, err := engine.Copy(ctx, k.eng, "kept_values", slices.Values(rows), opts...)
		return "copy", err
	}
	for _, r := range rows {
		vals := k.values(r)
		for name, v := range vals { // nothing says what the columns are
			switch x := v.(type) {
			case time.Duration:
				if name == "clock" {
					vals[name] = time.Time{}.Add(x).Format("15:04:05.999999")
				}
			case [4]byte:
				vals[name] = x[:]
			case [16]byte:
				vals[name] = fmt.Sprintf("%x-%x-%x-%x-%x", x[:4], x[4:6], x[6:8], x[8:10], x[10:])
			case time.Time:
				if name == "day" {
					vals[name] = x.Format("2006-01-02")
				}
			}
		}
		text := "INSERT INTO kept_values (" + strings.Join(k.cols, ", ") + ") VALUES (:" + strings.Join(k.cols, ", :") + ")"
		if _, err := k.eng.Run(ctx, dialect.Text(text, dialect.Named(vals)), nil); err != nil {
			return "raw", err
		}
	}
	return "raw", nil
}

func (k *keeper) check(ctx context.Context, want *kept) error {
	var list []error
	look := func(how string, got *kept, err error) {
		if err == nil {
			err = sameKept(got, want)
		}
		if err != nil {
			list = append(list, fmt.Errorf("read by %s: %w", how, err))
		}
	}
	id := expr.C[int64](k.table, "id")
	var all []expr.Any
	for _, name := range k.cols {
		all = append(all, expr.C[any](k.table, name))
	}
	got, err := engine.One[kept](ctx, k.eng, expr.Select(all...).From(k.table).Where(id.Eq(want.ID)))
	look("expr", &got, err)
	got, err = engine.One[kept](ctx, k.eng, dialect.Text("SELECT * FROM kept_values WHERE id = :id", dialect.Named{"id": want.ID}))
	look("raw", &got, err)
	sess := orm.NewSession(k.eng, engine.ReadOnly())
	defer sess.Close()
	o, err := orm.Get[kept](ctx, sess, want.ID)
	if err != nil {
		o = &kept{}
	}
	look("orm", o, err)
	for name, v := range k.values(want) {
		if v == nil || name == "doc" || name == "small_f" {
			continue
		}
		c := expr.C[any](k.table, name)
		for how, cond := range map[string]expr.Cond{"=": c.Eq(v), "IN": c.In(v), "BETWEEN": c.Between(v, v)} {
			if how == "BETWEEN" && (name == "yes" || name == "uid" || name == "mood" || name == "lump" || name == "much") {
				continue
			}
			n, err := engine.Scalar[int](ctx, k.eng, expr.Select(expr.Count(id)).From(k.table).Where(id.Eq(want.ID), cond))
			if err != nil || n != 1 {
				list = append(list, fmt.Errorf("%s %s %v (%T) finds %d rows (%v)", name, how, v, v, n, err))
			}
		}
	}
	return errors.Join(list...)
}

// Values by chance, of each type, come back as they were, whichever way they are
// written and read, and are found by what they are.
func TestValues(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		ctx := t.Context()
		eng, err := engine.Open(testspace.New(t, b).URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { eng.Close() })
		if err := orm.Metadata(&kept{}).CreateAll(ctx, eng); err != nil {
			t.Fatal(err)
		}
		k := &keeper{eng: eng, table: orm.Table[kept]()}
		for _, c := range expr.Columns(k.table) {
			name, _ := expr.NameOf(c)
			k.cols = append(k.cols, name)
		}
		failed := 0
		for seed := *from; seed < *from+*seeds/4 && failed < enough; seed++ {
			m := &maker{Rand: rand.New(rand.NewPCG(seed, 5))}
			var rows []*kept
			for range 1 + m.IntN(3) {
				rows = append(rows, m.kept(eng.Dialect()))
			}
			how, err := k.write(ctx, m, rows)
			for _, r := range rows {
				if err == nil {
					err = k.check(ctx, r)
				}
			}
			if err != nil {
				failed++
				t.Errorf("%s, seed %d, written by %s: %v", b.Name, seed, how, err)
			}
		}
	})
}
