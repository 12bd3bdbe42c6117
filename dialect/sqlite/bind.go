package sqlite

import (
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	lib "modernc.org/sqlite/lib"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// bound is an argument as SQLite takes it.
type bound struct {
	kind  boundKind
	num   int64 // an integer, or where the text of a time begins in conn.times
	end   int
	float float64
	text  string
	bytes []byte
}

type boundKind uint8

const (
	boundNull boundKind = iota
	boundInt
	boundFloat
	boundText
	boundBytes     // a blob
	boundTextBytes // bytes that are text
	boundTime      // text in conn.times: of a time, a decimal or a UUID
)

// arenaLimit is how much memory for arguments a connection keeps between
// statements.
const arenaLimit = 1 << 20

// bind gives st its arguments. All are checked before the first is bound, and
// nothing is allocated for those of plain types: texts and bytes are copied
// into memory of the connection, where they stay until the next bind.
func (c *conn) bind(st *stmt, args []dialect.Arg) error {
	if len(args) == 0 && st.params == 0 {
		return nil
	}
	c.bounds, c.times = c.bounds[:0], c.times[:0]
	defer func() { clear(c.bounds) }() // hold no values of the program
	byName := false
	if st.names != nil {
		for i := range args {
			if argName(&args[i]) != "" {
				byName = true
				break
			}
		}
	}
	if byName {
		if err := c.bindNames(st, args); err != nil {
			return err
		}
	} else {
		if len(args) != st.params {
			return countError(st, args)
		}
		for i := range args {
			if err := c.resolve(&args[i], i); err != nil {
				return err
			}
		}
	}
	size := 1 // something to point at for an empty text or blob
	for i := range c.bounds {
		b := &c.bounds[i]
		size += len(b.text) + len(b.bytes)
	}
	size += len(c.times)
	if err := c.reserve(size); err != nil {
		return err
	}
	at, tls := c.arena, c.h.TLS
	for i := range c.bounds {
		b, index := &c.bounds[i], int32(i+1)
		var rc int32
		switch b.kind {
		case boundNull:
			rc = lib.Xsqlite3_bind_null(tls, st.p, index)
		case boundInt:
			rc = lib.Xsqlite3_bind_int64(tls, st.p, index, b.num)
		case boundFloat:
			rc = lib.Xsqlite3_bind_double(tls, st.p, index, b.float)
		case boundText:
			n := copy(bytesAt(at, len(b.text)), b.text)
			rc = lib.Xsqlite3_bind_text64(tls, st.p, index, at, uint64(n), 0, lib.SQLITE_UTF8)
			at += uintptr(n)
		case boundTime:
			n := copy(bytesAt(at, b.end-int(b.num)), c.times[b.num:b.end])
			rc = lib.Xsqlite3_bind_text64(tls, st.p, index, at, uint64(n), 0, lib.SQLITE_UTF8)
			at += uintptr(n)
		case boundTextBytes:
			n := copy(bytesAt(at, len(b.bytes)), b.bytes)
			rc = lib.Xsqlite3_bind_text64(tls, st.p, index, at, uint64(n), 0, lib.SQLITE_UTF8)
			at += uintptr(n)
		case boundBytes:
			n := copy(bytesAt(at, len(b.bytes)), b.bytes)
			rc = lib.Xsqlite3_bind_blob64(tls, st.p, index, at, uint64(n), 0)
			at += uintptr(n)
		}
		if rc != lib.SQLITE_OK {
			return fmt.Errorf("sqlite: %s: %w", describeArg(&args[min(i, len(args)-1)], i), c.h.failure(rc))
		}
	}
	return nil
}

// reserve makes the arena hold size bytes. No statement is running, and each
// one is bound anew before it runs, so that nothing points at the old one.
func (c *conn) reserve(size int) error {
	if size <= c.arenaSize && (c.arenaSize <= arenaLimit || size > arenaLimit) {
		return nil
	}
	c.h.free(c.arena)
	c.arena, c.arenaSize = 0, 0
	want := size
	if size <= arenaLimit {
		want = max(size+size/2, 512)
	}
	p, err := c.h.malloc(want)
	if err != nil {
		return err
	}
	c.arena, c.arenaSize = p, want
	return nil
}

// argName is an argument's name without a parameter's prefix.
func argName(a *dialect.Arg) string {
	name := a.Name
	if name == "" {
		if n, ok := a.Value.(sql.NamedArg); ok {
			name = n.Name
		}
	}
	return strings.TrimLeft(name, ":@$")
}

// bindNames resolves the arguments of a statement whose parameters have
// names: those with a name by it, the others in their order.
func (c *conn) bindNames(st *stmt, args []dialect.Arg) error {
	used := make([]bool, len(args))
	var missing []string
	plain := 0
	for i, name := range st.names {
		at := -1
		if name == "" {
			for ; plain < len(args); plain++ {
				if argName(&args[plain]) == "" {
					at = plain
					plain++
					break
				}
			}
		} else {
			for j := range args {
				if argName(&args[j]) == name {
					if at >= 0 {
						return dialect.Errorf(dialect.ErrArguments, "sqlite: two arguments for the parameter :%s", name)
					}
					at = j
				}
			}
		}
		if at < 0 {
			if name == "" {
				name = "number " + strconv.Itoa(i+1)
			} else {
				name = ":" + name
			}
			missing = append(missing, name)
			continue
		}
		used[at] = true
		if err := c.resolve(&args[at], i); err != nil {
			return err
		}
	}
	if missing != nil {
		return dialect.Errorf(dialect.ErrArguments, "sqlite: no argument for the parameter %s", strings.Join(missing, ", "))
	}
	var surplus []string
	for i := range args {
		if used[i] {
			continue
		}
		if name := argName(&args[i]); name != "" {
			surplus = append(surplus, ":"+name)
		} else {
			surplus = append(surplus, "number "+strconv.Itoa(i+1))
		}
	}
	if surplus != nil {
		return dialect.Errorf(dialect.ErrArguments, "sqlite: the statement has no parameter for the argument %s", strings.Join(surplus, ", "))
	}
	return nil
}

// countError names what is missing or left over.
func countError(st *stmt, args []dialect.Arg) error {
	var names []string
	what := "no argument for the parameter"
	if len(args) < st.params {
		for i := len(args); i < st.params; i++ {
			if st.names != nil && st.names[i] != "" {
				names = append(names, ":"+st.names[i])
			} else {
				names = append(names, "number "+strconv.Itoa(i+1))
			}
		}
	} else {
		what = "no parameter for the argument"
		for i := st.params; i < len(args); i++ {
			if name := argName(&args[i]); name != "" {
				names = append(names, ":"+name)
			} else {
				names = append(names, "number "+strconv.Itoa(i+1))
			}
		}
	}
	const most = 10
	if len(names) > most {
		names = append(names[:most], "…")
	}
	return dialect.Errorf(dialect.ErrArguments, "sqlite: %s %s: the statement has %s, not %d", what, strings.Join(names, ", "),
		plural(st.params, "parameter"), len(args))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// describeArg names an argument in messages.
func describeArg(a *dialect.Arg, i int) string {
	if name := argName(a); name != "" {
		return fmt.Sprintf("argument %d (:%s)", i+1, name)
	}
	return fmt.Sprintf("argument %d", i+1)
}

// resolve appends a's value as SQLite takes it.
func (c *conn) resolve(a *dialect.Arg, i int) error {
	if a.Out {
		return dialect.Errorf(dialect.ErrUnsupported, "sqlite: %s is an output argument; SQLite has none, use RETURNING", describeArg(a, i))
	}
	c.bounds = append(c.bounds, bound{})
	if err := c.value(&c.bounds[len(c.bounds)-1], a.Value, a.Type, 0); err != nil {
		return fmt.Errorf("sqlite: %s: %w", describeArg(a, i), err)
	}
	return nil
}

// maxDepth is how many pointers and Valuers a value may go through.
const maxDepth = 8

func (c *conn) value(b *bound, v any, t *dialect.Type, depth int) error {
	switch x := v.(type) {
	case nil:
		b.kind = boundNull
	case string:
		if isBinary(kindOf(t)) { // as text it would equal no blob
			return c.bytes(b, []byte(x), t)
		}
		if c.decimal(b, x, t) {
			return nil
		}
		b.kind, b.text = boundText, x
	case int64:
		b.kind, b.num = boundInt, x
	case int:
		b.kind, b.num = boundInt, int64(x)
	case bool:
		b.kind = boundInt
		if x {
			b.num = 1
		}
	case time.Time:
		return c.time(b, x, t)
	case float64:
		if math.IsNaN(x) {
			return dialect.Errorf(dialect.ErrOutOfRange, "NaN: SQLite would store NULL for it")
		}
		b.kind, b.float = boundFloat, x
	case []byte:
		return c.bytes(b, x, t)
	case int32:
		b.kind, b.num = boundInt, int64(x)
	case int16:
		b.kind, b.num = boundInt, int64(x)
	case int8:
		b.kind, b.num = boundInt, int64(x)
	case uint8:
		b.kind, b.num = boundInt, int64(x)
	case uint16:
		b.kind, b.num = boundInt, int64(x)
	case uint32:
		b.kind, b.num = boundInt, int64(x)
	case uint:
		return c.value(b, uint64(x), t, depth)
	case uint64:
		if x > math.MaxInt64 {
			return dialect.Errorf(dialect.ErrOutOfRange, "%d is out of range: SQLite's integers end at %d; store it as text", x, int64(math.MaxInt64))
		}
		b.kind, b.num = boundInt, int64(x)
	case float32:
		return c.value(b, shortFloat(x), t, depth)
	case json.RawMessage:
		if x == nil {
			b.kind = boundNull
		} else {
			b.kind, b.bytes = boundTextBytes, x
		}
	case sql.NamedArg:
		if depth >= maxDepth {
			return tooDeep(v)
		}
		return c.value(b, x.Value, t, depth+1)
	case driver.Valuer:
		if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && r.IsNil() {
			b.kind = boundNull // as database/sql does where Value has a value receiver
			return nil
		}
		if depth >= maxDepth {
			return tooDeep(v)
		}
		val, err := x.Value()
		if err != nil {
			return err
		}
		return c.value(b, val, t, depth+1)
	default:
		return c.otherValue(b, v, t, depth)
	}
	return nil
}

func (c *conn) otherValue(b *bound, v any, t *dialect.Type, depth int) error {
	if base, ok := dialect.Base(v); ok {
		if depth >= maxDepth {
			return tooDeep(v)
		}
		return c.value(b, base, t, depth+1)
	}
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Array && r.Type().Elem().Kind() == reflect.Uint8 {
		raw := make([]byte, r.Len())
		reflect.Copy(reflect.ValueOf(raw), r)
		return c.bytes(b, raw, t)
	}
	if r.Kind() == reflect.Slice {
		return dialect.Errorf(dialect.ErrArguments, "a %T is not one value; it opens up in IN (:name) where a Named has it", v)
	}
	return dialect.Errorf(dialect.ErrArguments, "a %T is not a value for SQLite; give it a Value method (driver.Valuer), or pass a string, number, bool, []byte or time.Time", v)
}

func tooDeep(v any) error {
	return dialect.Errorf(dialect.ErrArguments, "a %T leads to no plain value", v)
}

// shortFloat is the float64 whose shortest text is that of f: 0.1, and not
// 0.10000000149011612. Reading it as a float32 gives f again.
func shortFloat(f float32) float64 {
	if d := float64(f); math.IsNaN(d) || math.IsInf(d, 0) || d == math.Trunc(d) {
		return d
	}
	d, err := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
	if err != nil {
		return float64(f)
	}
	return d
}

// time formats t for a column of the type.
func (c *conn) time(b *bound, x time.Time, t *dialect.Type) error {
	k := kindOf(t)
	switch k {
	case dialect.Boolean, dialect.SmallInt, dialect.Integer, dialect.BigInt, dialect.Real, dialect.Double, dialect.Decimal, dialect.Interval:
		return dialect.Errorf(dialect.ErrArguments, "a time.Time does not fit a column of type %s; pass its Unix time, or make the column a timestamp", t)
	}
	start := len(c.times)
	text, err := appendTime(c.times, x, k)
	if err != nil {
		return err
	}
	c.times = text
	b.kind, b.num, b.end = boundTime, int64(start), len(text)
	return nil
}

// decimal stores the text of a decimal as its column keeps it, if that is a
// plain number.
func (c *conn) decimal(b *bound, s string, t *dialect.Type) (ok bool) {
	start := len(c.times)
	if c.times, ok = appendDecimal(c.times, s, t); ok {
		b.kind, b.num, b.end = boundTime, int64(start), len(c.times)
	}
	return ok
}

// bytes stores a blob, or text where the column holds text: SQLite compares
// the two as unequal.
func (c *conn) bytes(b *bound, x []byte, t *dialect.Type) error {
	switch k := kindOf(t); {
	case x == nil:
		b.kind = boundNull
	case k == dialect.UUID && len(x) == 16:
		start := len(c.times)
		for i, n := range [...]int{4, 2, 2, 2, 6} {
			if i > 0 {
				c.times = append(c.times, '-')
			}
			c.times = hex.AppendEncode(c.times, x[:n])
			x = x[n:]
		}
		b.kind, b.num, b.end = boundTime, int64(start), len(c.times)
	case k == dialect.Decimal && c.decimal(b, string(x), t):
	case k == dialect.UUID || isText(k):
		b.kind, b.bytes = boundTextBytes, x
	default:
		b.kind, b.bytes = boundBytes, x
	}
	return nil
}
