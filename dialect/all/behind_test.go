package all_test

import (
	"database/sql"
	"reflect"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// What a column gets does not depend on whether the value stands behind a
// pointer or in a sql.Null: it is sent as the value itself would be.
func TestValuesBehindPointers(t *testing.T) {
	for _, d := range five() {
		for _, w := range typeWays {
			if _, err := d.TypeName(&w.typ); err != nil || w.typ.Kind == dialect.Native {
				continue
			}
			table := schema.New("t", schema.Integer("id").PrimaryKey(), schema.NewColumn("v", w.typ).Null())
			v := expr.C[any](table, "v")
			sent := func(x any) any {
				c, err := dialect.Compile(d, expr.Insert(table).Values(v.Set(x)))
				if err != nil {
					return err.Error()
				}
				defer c.Release()
				return c.Args()[0].Value
			}
			binds := w.binds
			switch w.typ.Kind {
			case dialect.Time:
				binds = append(binds[:len(binds):len(binds)], 25*time.Hour)
			case dialect.Timestamp, dialect.TimestampTZ:
				binds = append(binds[:len(binds):len(binds)], time.Date(10001, 1, 1, 0, 0, 0, 123456789, time.UTC))
			}
			for _, x := range binds {
				want := sent(x)
				for _, behind := range []any{pointerTo(x), pointerTo(pointerTo(x)), sql.Null[any]{V: x, Valid: true}, &sql.Null[any]{V: x, Valid: true}} {
					got := sent(behind)
					for r := reflect.ValueOf(got); r.IsValid() && r.Kind() == reflect.Pointer; r = r.Elem() {
						got = r.Elem().Interface()
					}
					if n, ok := got.(sql.Null[any]); ok { // which a driver asks for its value
						got = n.V
					}
					if !reflect.DeepEqual(got, want) {
						t.Errorf("%s: %s: %T(%v) is sent as %T(%v), and without that as %T(%v)", d.Name(), w.typ.String(), behind, x, got, got, want, want)
					}
				}
			}
		}
	}
}
