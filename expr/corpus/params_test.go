package corpus

import (
	"bytes"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// param is a parameter of the corpus.
type param struct {
	Type  string          `json:"type"`
	Value json.RawMessage `json:"value"`
	Out   bool            `json:"out"`
}

// value is a parameter's type and value, in the words of the corpus.
type value struct{ kind, text string }

func (v value) String() string { return v.kind + " " + v.text }

// mappings say, for each dialect, how a value of Go goes to what the corpus
// gives Python's driver.
var mappings = map[string]func(value) value{
	"postgresql": nil,
	"mysql":      boolAsInt,
	"mariadb":    boolAsInt,
	// SQL Server's driver in Python takes a date as the midnight that begins it.
	"mssql": func(v value) value {
		if v.kind == "date" {
			return value{"timestamp", v.text + " 00:00:00"}
		}
		return boolAsInt(v)
	},
	"oracle": boolAsInt,
	// SQLite's driver in Python takes no decimals and no times.
	"sqlite": func(v value) value {
		switch v = boolAsInt(v); v.kind {
		case "decimal":
			return value{"float", v.text}
		case "date", "uuid":
			return value{"string", v.text}
		case "timestamp", "timestamptz":
			return value{"string", v.text + ".000000"}
		}
		return v
	},
}

func boolAsInt(v value) value {
	if v.kind == "bool" {
		return value{"int", map[string]string{"true": "1", "false": "0"}[v.text]}
	}
	return v
}

// sameParams compares our arguments with the corpus's parameters, and says how
// they differ.
func sameParams(on target, got []dialect.Arg, want []param) string {
	g := make([]value, len(got))
	w := make([]value, len(want))
	same := len(g) == len(w)
	for i := range got {
		g[i] = ours(on, got[i])
	}
	for i := range want {
		w[i] = want[i].value(on)
		same = same && w[i] == g[i]
	}
	if same {
		return ""
	}
	return fmt.Sprintf("\n got parameters %v\nwant parameters %v", g, w)
}

// value is the corpus's parameter in its canonical form.
func (p param) value(on target) value {
	if p.Out {
		return value{"out", ""}
	}
	v := value{kind: p.Type, text: string(p.Value)}
	var s string
	if json.Unmarshal(p.Value, &s) == nil {
		v.text = s
	}
	switch v.kind {
	case "null":
		v.text = "NULL"
	case "float", "decimal":
		v.text = plain(v.text)
	case "bytes":
		if b, err := hex.DecodeString(v.text); err == nil && json.Valid(b) { // JSON on Oracle 19c
			v = value{"string", string(b)}
		}
	case "array":
		var b bytes.Buffer
		if json.Compact(&b, p.Value) == nil {
			v.text = b.String()
		}
	}
	if v.kind == "string" {
		v.text = compactJSON(v.text)
	}
	if on.name == "oracle" || on.name == "mssql" {
		v = boolAsInt(v)
	}
	return v
}

// compactJSON takes the white space out of a JSON object or array.
func compactJSON(s string) string {
	if !strings.HasPrefix(s, "{") && !strings.HasPrefix(s, "[") {
		return s
	}
	var b bytes.Buffer
	if json.Compact(&b, []byte(s)) != nil {
		return s
	}
	return b.String()
}

// plain is a number without what says nothing.
func plain(s string) string {
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return s
}

// ours is an argument of ours in the corpus's words.
func ours(on target, a dialect.Arg) value {
	v := goValue(a)
	if m := mappings[on.name]; m != nil {
		v = m(v)
	}
	return v
}

func goValue(a dialect.Arg) value {
	if a.Out {
		return value{"out", ""}
	}
	kind := dialect.TypeKind(0)
	if a.Type != nil {
		kind = a.Type.Kind
	}
	switch x := a.Value.(type) {
	case nil:
		return value{"null", "NULL"}
	case time.Time:
		switch kind {
		case dialect.Date:
			return value{"date", x.Format(time.DateOnly)}
		case dialect.TimestampTZ:
			return value{"timestamptz", x.Format("2006-01-02 15:04:05-07:00")}
		}
		return value{"timestamp", x.Format(time.DateTime)}
	case time.Duration:
		return value{"interval", fmt.Sprintf("%d seconds", int64(x.Seconds()))}
	case uuid.UUID:
		return value{"uuid", x.String()}
	case json.RawMessage:
		return value{"string", compactJSON(string(x))}
	case []byte:
		return value{"bytes", hex.EncodeToString(x)}
	case number:
		return value{"decimal", plain(string(x))}
	case driver.Valuer:
		inner, err := x.Value()
		if err != nil {
			return value{"error", err.Error()}
		}
		return goValue(dialect.Arg{Value: inner, Type: a.Type})
	}
	r := reflect.ValueOf(a.Value)
	switch r.Kind() {
	case reflect.Pointer:
		if r.IsNil() {
			return value{"null", "NULL"}
		}
		return goValue(dialect.Arg{Value: r.Elem().Interface(), Type: a.Type})
	case reflect.Bool:
		return value{"bool", strconv.FormatBool(r.Bool())}
	case reflect.String:
		return value{"string", compactJSON(r.String())}
	case reflect.Float32, reflect.Float64:
		return value{"float", strconv.FormatFloat(r.Float(), 'f', -1, 64)}
	case reflect.Slice:
		b, err := json.Marshal(a.Value)
		if err != nil {
			return value{"error", err.Error()}
		}
		return value{"array", string(b)}
	}
	if r.CanInt() {
		return value{"int", strconv.FormatInt(r.Int(), 10)}
	}
	if r.CanUint() {
		return value{"int", strconv.FormatUint(r.Uint(), 10)}
	}
	return value{"unknown", fmt.Sprintf("%T", a.Value)}
}
