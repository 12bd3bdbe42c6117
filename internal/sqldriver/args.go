package sqldriver

import (
	"database/sql/driver"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Resolve reduces a program's value: a driver.Valuer is asked (a nil pointer
// with a Value method of its element's is NULL), a pointer is followed, a named
// type becomes the plain one. A float32 becomes the float64 of the same shortest
// text. What it does not know comes back as it is.
func Resolve(v any) (any, error) {
	for range 16 {
		switch x := v.(type) {
		case nil, bool, string, []byte, int64, int, float64, time.Time:
			return v, nil
		case driver.Valuer:
			if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && r.IsNil() && r.Type().Elem().Implements(valuerType) {
				return nil, nil
			}
			val, err := x.Value()
			if err != nil {
				return nil, err
			}
			if _, again := val.(driver.Valuer); again {
				return nil, dialect.Errorf(dialect.ErrArguments, "%T.Value returns a driver.Valuer", v)
			}
			v = val
		case float32:
			// the shortest text that gives x again is what was meant: 0.1, not
			// 0.10000000149
			f, err := strconv.ParseFloat(strconv.FormatFloat(float64(x), 'g', -1, 32), 64)
			if err != nil {
				return nil, err
			}
			return f, nil
		default:
			if r := reflect.ValueOf(v); r.Kind() == reflect.Float32 {
				v = float32(r.Float())
				continue
			}
			base, ok := dialect.Base(v)
			if !ok {
				return v, nil
			}
			v = base
		}
	}
	return nil, dialect.Errorf(dialect.ErrArguments, "%T is a pointer to a pointer without an end", v)
}

var valuerType = reflect.TypeFor[driver.Valuer]()

// outs collects how the Out parameters of a statement are read.
type outs []func(affected int64) []driver.Value

// bind converts the arguments of a statement. st is nil for a text that is not
// prepared. What it returns is for keep.
func (c *Conn) bind(args []dialect.Arg, st *stmt) ([]driver.NamedValue, outs, error) {
	checker, converter, want := c.checker, columnConverter(nil), -1
	if st != nil {
		want = st.inputs
		if st.checker != nil {
			checker = st.checker
		}
		converter = st.converter
	}
	buf := c.room(len(args))
	var read outs
	for i := range args {
		a := &args[i]
		// In place: the driver gets its address, and a local one would cost an
		// allocation.
		buf = append(buf, driver.NamedValue{Ordinal: len(buf) + 1})
		nv := &buf[len(buf)-1]
		var err error
		switch {
		case a.Out && c.cfg.Out == nil:
			err = dialect.Errorf(dialect.ErrUnsupported, "the database has no out parameters here")
		case a.Out:
			var values func(int64) []driver.Value
			nv.Value, values = c.cfg.Out(a)
			read = append(read, values)
		case c.cfg.Bind != nil:
			nv.Value, err = c.cfg.Bind(a)
		default:
			nv.Value, err = Resolve(a.Value)
		}
		if err != nil {
			return nil, nil, argError(i, a, err)
		}
		if c.cfg.ArgName != nil {
			nv.Name = c.cfg.ArgName(i, a)
		}
		if c.cfg.AsIs && driver.IsValue(nv.Value) {
			continue
		}
		switch err := check(nv, checker, converter, want); err {
		case nil:
		case driver.ErrRemoveArgument:
			*nv = driver.NamedValue{}
			buf = buf[:len(buf)-1]
			if want > 0 {
				want--
			}
		default:
			return nil, nil, argError(i, a, err)
		}
	}
	if want >= 0 && len(buf) != want {
		return nil, nil, dialect.Errorf(dialect.ErrArguments, "the statement has %d parameters, and %d arguments were given", want, len(buf))
	}
	return buf, read, nil
}

// check has the driver look at one argument: the checker first, then, where that
// skips, the column's converter, then the rules that all drivers share.
func check(nv *driver.NamedValue, checker driver.NamedValueChecker, converter columnConverter, want int) error {
	if checker != nil {
		given := nv.Value
		if err := checker.CheckNamedValue(nv); err != nil && err != driver.ErrSkip && err != driver.ErrRemoveArgument && isList(given) {
			return dialect.Errorf(dialect.ErrArguments, notOne, given)
		} else if err != driver.ErrSkip {
			return err
		}
	}
	if converter != nil && (want < 0 || nv.Ordinal <= want) {
		v, err := converter.ColumnConverter(nv.Ordinal - 1).ConvertValue(nv.Value)
		if err != nil {
			return err
		}
		if !driver.IsValue(v) {
			return dialect.Errorf(dialect.ErrArguments, "the driver converted it to a %T, which it does not take", v)
		}
		nv.Value = v
		return nil
	}
	v, err := driver.DefaultParameterConverter.ConvertValue(nv.Value)
	if err != nil && isList(nv.Value) {
		return dialect.Errorf(dialect.ErrArguments, notOne, nv.Value)
	}
	if err != nil {
		return err
	}
	nv.Value = v
	return nil
}

const notOne = "a %T is not one value; it opens up in IN (:name) where a Named has it"

func isList(v any) bool { t := reflect.TypeOf(v); return t != nil && t.Kind() == reflect.Slice }

func argError(i int, a *dialect.Arg, err error) error {
	kind := dialect.ErrArguments
	if k := dialect.KindOf(err); k.In(dialect.ErrData) || k == dialect.ErrUnsupported {
		kind = k
	}
	if t := reflect.TypeOf(a.Value); t != nil && kind == dialect.ErrArguments {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() == reflect.Array && t.Elem().Kind() == reflect.Uint8 {
			err = fmt.Errorf("%w; the bytes of a %v go as a slice, v[:], and as a UUID where the column's type is known", err, t)
		}
	}
	if a.Name != "" {
		return dialect.Errorf(kind, "argument %d (%s): %w", i+1, a.Name, err)
	}
	return dialect.Errorf(kind, "argument %d: %w", i+1, err)
}

// plain returns the arguments for the interfaces without names.
func plain(args []driver.NamedValue) ([]driver.Value, error) {
	vals := make([]driver.Value, len(args))
	for i, a := range args {
		if a.Name != "" {
			return nil, dialect.Errorf(dialect.ErrArguments, "the driver does not take named arguments")
		}
		vals[i] = a.Value
	}
	return vals, nil
}
