package postgres

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// WriteLiteral implements [dialect.LiteralWriter]: bytes as '\x…', times with
// their zone, infinite floats, arrays and JSON, each as a quoted text with the cast that
// it needs.
func (s *server) WriteLiteral(w *dialect.Writer, v any, t *dialect.Type) (bool, error) {
	quoted := func(text, cast string) (bool, error) {
		w.StringLiteral(text)
		if cast != "" {
			w.WriteString("::" + cast)
		}
		return true, nil
	}
	switch x := v.(type) {
	case nil, bool, int, int64, int32, string:
		return false, nil
	case []byte:
		if x == nil {
			w.WriteString("NULL")
			return true, nil
		}
		if t != nil && t.Kind == dialect.JSON {
			return quoted(string(x), "jsonb")
		}
		return quoted(hexBytea(x), "bytea")
	case json.RawMessage:
		return quoted(string(x), "jsonb")
	case time.Time:
		text, err := timeLiteral(x, t)
		if err != nil {
			return false, err
		}
		return quoted(text, "")
	case time.Duration:
		if t != nil && t.Kind == dialect.Interval {
			return quoted(intervalText(0, 0, x.Microseconds()), "interval")
		}
	case float64:
		return floatLiteral(w, x), nil
	case float32:
		return floatLiteral(w, float64(x)), nil
	case [16]byte:
		return quoted(string(appendUUID(nil, x[:])), "uuid")
	}
	if t != nil && t.Kind == dialect.JSON {
		switch reflect.Indirect(reflect.ValueOf(v)).Kind() {
		case reflect.Map, reflect.Struct, reflect.Slice:
			b, err := json.Marshal(v)
			if err != nil {
				return false, err
			}
			return quoted(string(b), "jsonb")
		}
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.Slice && r.Type().Elem().Kind() != reflect.Uint8 && !isValuer(v) {
		if r.IsNil() {
			w.WriteString("NULL")
			return true, nil
		}
		text, err := appendArray(defaultMap, nil, r)
		if err != nil {
			return false, dialect.Errorf(dialect.ErrStatement, "%s: a %T has no literal form: %w", s.product, v, err)
		}
		return quoted(string(text), "")
	}
	return false, nil
}

// timeLiteral writes a time for its type; without one as an instant, whose zone
// a TIMESTAMP column ignores, so that it gets the wall clock in UTC.
func timeLiteral(x time.Time, t *dialect.Type) (string, error) {
	if x.Before(minTime) || x.After(maxTime) {
		return "", dialect.Errorf(dialect.ErrArguments, "postgres: the time %s is out of the range of PostgreSQL's dates", x.Format(time.RFC3339))
	}
	layout := "-01-02 15:04:05.999999+00:00"
	if t != nil {
		switch t.Kind {
		case dialect.Date:
			layout = "-01-02"
		case dialect.Time:
			return x.Format("15:04:05.999999"), nil
		case dialect.Timestamp:
			layout = "-01-02 15:04:05.999999"
		case dialect.Native:
			if strings.EqualFold(t.Name, "timetz") || strings.EqualFold(t.Name, "time with time zone") {
				return x.Format("15:04:05.999999Z07:00"), nil
			}
		}
	}
	if layout != "-01-02" {
		x = x.UTC()
	}
	year, era := x.Year(), ""
	if year <= 0 { // the year 0 of Go is 1 BC
		year, era = 1-year, " BC"
	}
	return fmt.Sprintf("%04d", year) + x.Format(layout) + era, nil
}

// floatLiteral writes what has no plain literal: infinities and NaN.
func floatLiteral(w *dialect.Writer, f float64) bool {
	if !math.IsInf(f, 0) && !math.IsNaN(f) {
		return false
	}
	w.StringLiteral(strconv.FormatFloat(f, 'g', -1, 64))
	w.WriteString("::float8")
	return true
}

func isValuer(v any) bool {
	_, ok := v.(driver.Valuer)
	return ok
}

// defaultMap knows the types that every server has; it is only read.
var defaultMap = pgtype.NewMap()
