package expr

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// JSONExpr is a place in a JSON document, reached by keys and indexes. It is
// immutable. Used as an expression it is the JSON that stands there; the
// methods that begin with As give it a type. What is not there is NULL, and so
// is JSON's null to those methods; [JSONExpr.Exists] and [JSONExpr.IsNull] tell them
// apart.
//
//	expr.JSON(Events.Payload).Key("meta").Key("tries").AsInt().Gt(1)
type JSONExpr struct{ n *node }

// JSON begins a path at an expression that is JSON.
func JSON(doc Any) JSONExpr {
	return JSONExpr{&node{op: opJSON, typ: typeJSON, ext: &jsonPath{doc: operand(doc)}}}
}

// jsonPath is the ext of opJSON and opJSONCond.
type jsonPath struct {
	doc   *node
	steps []jsonStep
	as    jsonAs
	value *node // of Contains
}

// jsonStep is a key or an index.
type jsonStep struct {
	key   string
	bind  *node // the key as a parameter
	index int
	array bool
}

type jsonAs uint8

const (
	jsonValue jsonAs = iota
	jsonText
	jsonInt
	jsonFloat
	jsonBool
	jsonLength
	jsonExists
	jsonNull
	jsonContains
)

func (j JSONExpr) expr() *node { return j.n }
func (j JSONExpr) term() *node { return j.n }

// Key goes to the member of an object. The key is not interpreted: any text
// stays the key that it is.
func (j JSONExpr) Key(key string) JSONExpr {
	return j.step(jsonStep{key: key, bind: &node{op: opBind, typ: typeVarchar, ext: key}})
}

// Index goes to the element of an array, counted from 0.
func (j JSONExpr) Index(i int) JSONExpr {
	if i < 0 {
		return JSONExpr{mistake("JSON: negative index %d; elements are counted from 0", i)}
	}
	return j.step(jsonStep{index: i, array: true})
}

func (j JSONExpr) step(s jsonStep) JSONExpr {
	p := j.path()
	if p == nil {
		return j
	}
	steps := append(p.steps[:len(p.steps):len(p.steps)], s)
	return JSONExpr{&node{op: opJSON, typ: typeJSON, ext: &jsonPath{doc: p.doc, steps: steps}}}
}

// path is nil for a mistake and for the zero JSONExpr.
func (j JSONExpr) path() *jsonPath {
	if j.n == nil {
		return nil
	}
	p, _ := j.n.ext.(*jsonPath)
	return p
}

func (j JSONExpr) as(o op, as jsonAs, t *dialect.Type, value *node) *node {
	p := j.path()
	if p == nil {
		if j.n == nil {
			return mistake("zero JSONExpr")
		}
		return j.n
	}
	return &node{op: o, typ: t, ext: &jsonPath{doc: p.doc, steps: p.steps, as: as, value: value}}
}

// AsJSON is the value as JSON. SQL Server, and Oracle before version 21, give objects
// and arrays alone, and NULL for a text, a number or a boolean.
func (j JSONExpr) AsJSON() Expr[json.RawMessage] {
	return Expr[json.RawMessage]{j.as(opJSON, jsonValue, typeJSON, nil)}
}

// As is AsJSON under a label.
func (j JSONExpr) As(label string) Expr[json.RawMessage] { return j.AsJSON().As(label) }

// AsString is a text, without its quotes, or a number as text. What else stands
// there has a form of the database's own.
func (j JSONExpr) AsString() Expr[string] {
	return Expr[string]{j.as(opJSON, jsonText, typeVarchar, nil)}
}

// AsInt is a whole number. Of what is none, PostgreSQL and SQL Server make an
// error, and the others what they make of such a text.
func (j JSONExpr) AsInt() Expr[int64] { return Expr[int64]{j.as(opJSON, jsonInt, typeBigInt, nil)} }

// AsFloat is a number.
func (j JSONExpr) AsFloat() Expr[float64] {
	return Expr[float64]{j.as(opJSON, jsonFloat, typeDouble, nil)}
}

// AsBool is true or false.
func (j JSONExpr) AsBool() Expr[bool] { return Expr[bool]{j.as(opJSON, jsonBool, typeBoolean, nil)} }

// Length is the number of elements of an array; NULL for what is no array, an
// object among it, and where nothing stands. Oracle does not have it.
func (j JSONExpr) Length() Expr[int64] {
	return Expr[int64]{j.as(opJSON, jsonLength, typeBigInt, nil)}
}

// Exists holds where there is a value, be it null.
func (j JSONExpr) Exists() Cond { return Cond{j.as(opJSONCond, jsonExists, typeBoolean, nil)} }

// IsNull holds where JSON's null stands. Where nothing stands it does not hold, or
// is NULL.
func (j JSONExpr) IsNull() Cond { return Cond{j.as(opJSONCond, jsonNull, typeBoolean, nil)} }

// Contains holds where the document has all members and elements of v, which is
// marshalled to JSON. PostgreSQL and MySQL have it.
func (j JSONExpr) Contains(v any) Cond {
	return Cond{j.as(opJSONCond, jsonContains, typeBoolean, jsonParam(v))}
}

// JSONValue is a Go value as JSON: it is marshalled, and becomes a parameter.
func JSONValue(v any) Expr[json.RawMessage] { return Expr[json.RawMessage]{jsonParam(v)} }

func jsonParam(v any) *node {
	if raw, ok := v.(json.RawMessage); ok {
		if !json.Valid(raw) {
			return mistake("JSON: the text is not JSON")
		}
		return &node{op: opBind, typ: typeJSON, ext: string(raw)}
	}
	b, err := json.Marshal(v)
	if err != nil {
		return mistake("JSON: %v", err)
	}
	return &node{op: opBind, typ: typeJSON, ext: string(b)}
}

// JSONMember is a member of an object that [JSONObject] makes.
type JSONMember struct {
	key   string
	value *node
}

// Member is a member of an object.
func Member(key string, value Any) JSONMember { return JSONMember{key, operand(value)} }

// JSONObject makes an object. NULL becomes null, a boolean true or false, and
// what is JSON already stays the JSON it is; dates are texts in the database's form.
func JSONObject(members ...JSONMember) Expr[json.RawMessage] {
	b := &jsonBuild{object: true}
	for _, m := range members {
		if m.value == nil {
			m.value = mistake("zero JSONMember")
		}
		b.keys, b.values = append(b.keys, m.key), append(b.values, m.value)
	}
	return Expr[json.RawMessage]{&node{op: opJSON, typ: typeJSON, ext: b}}
}

// JSONArray makes an array of its operands, as [JSONObject] makes an object.
func JSONArray(es ...Any) Expr[json.RawMessage] {
	b := &jsonBuild{}
	for _, e := range es {
		b.values = append(b.values, operand(e))
	}
	return Expr[json.RawMessage]{&node{op: opJSON, typ: typeJSON, ext: b}}
}

type jsonBuild struct {
	object bool
	keys   []string
	values []*node
}

// JSONArrayAgg is an array of the values of all rows; NULL is null in it.
// SQL Server has it from 2025.
func JSONArrayAgg(e Any) Expr[json.RawMessage] {
	return Expr[json.RawMessage]{call("json_agg", typeJSON, []Any{e})}
}

// JSONObjectAgg is an object with a member for each row.
func JSONObjectAgg(key Of[string], value Any) Expr[json.RawMessage] {
	return Expr[json.RawMessage]{call("json_object_agg", typeJSON, []Any{key, value})}
}

// jsonTemplate is how the dialect says what is asked of a path, and the name of
// it for messages.
func jsonTemplate(f *dialect.JSONForm, as jsonAs) (text, name, instead string) {
	switch as {
	case jsonText:
		return f.Text, "AsString of JSON", ""
	case jsonInt:
		return f.Int, "AsInt of JSON", ""
	case jsonFloat:
		return f.Float, "AsFloat of JSON", ""
	case jsonBool:
		return f.Bool, "AsBool of JSON", ""
	case jsonLength:
		return f.Length, "Length of a JSON array", "count in the program"
	case jsonExists:
		return f.Exists, "Exists of JSON", "ask for a value: AsString().IsNotNull()"
	case jsonNull:
		return f.Null, "IsNull of JSON", "ask for a value: AsString().IsNull()"
	case jsonContains:
		return f.Contains, "Contains of JSON", "compare its parts: Key(…).AsString().Eq(…)"
	}
	return f.Value, "a value as JSON", "ask for it as text: AsString"
}

// json writes a path in JSON, or JSON that is made.
func (p *printer) json(n *node, around int) {
	if b, ok := n.ext.(*jsonBuild); ok {
		p.jsonBuild(b)
		return
	}
	j := n.ext.(*jsonPath)
	if t := p.noDocument(j.doc); t != nil {
		p.fail("JSON: %s is not a document, but %s", describe(j.doc), t.Kind)
		return
	}
	if j.as == jsonValue && len(j.steps) == 0 {
		p.expr(j.doc, around)
		return
	}
	t, name, instead := jsonTemplate(&p.f.JSON, j.as)
	if t == "" {
		p.unsupported(name, instead)
		return
	}
	prec := precAtom
	switch {
	case n.op == opJSONCond && !strings.HasSuffix(t, ")"):
		prec = precCmp
	case strings.HasPrefix(t, "{"):
		prec = precConcat
	}
	inner := precLow
	if prec != precAtom {
		inner = prec + 1
	}
	if t == "{0}" || t == "{1}" { // the path itself
		inner = prec
	}
	open := p.open(prec, around)
	p.w.Template(t, func(hole int) {
		switch {
		case j.as == jsonContains && hole == 1:
			p.jsonOperand(j.value)
		case j.as == jsonContains:
			p.json(&node{op: opJSON, ext: &jsonPath{doc: j.doc, steps: j.steps}}, inner)
		case p.f.JSON.Arrows:
			p.arrows(j, hole == 0, inner)
		case hole == 0:
			p.expr(j.doc, inner)
		default:
			path := p.pathText(j.steps)
			if hole == 2 {
				path += ".size()"
			}
			if p.f.JSON.LiteralPath {
				p.w.StringLiteral(path)
			} else {
				p.bind(n, path, typeVarchar)
			}
		}
	})
	p.close(open)
}

// arrows writes a path as a chain of operators.
func (p *printer) arrows(j *jsonPath, text bool, around int) {
	if len(j.steps) == 0 && !text {
		p.document(j.doc, around)
		return
	}
	open := p.open(precConcat, around)
	p.document(j.doc, precConcat+1)
	if len(j.steps) == 0 {
		p.str(" #>> '{}'")
	}
	for i, s := range j.steps {
		if text && i == len(j.steps)-1 {
			p.str(" ->> ")
		} else {
			p.str(" -> ")
		}
		if s.array { // a parameter would be taken for a key
			p.w.WriteInt(int64(s.index))
		} else {
			p.bind(s.bind, s.key, typeVarchar)
		}
	}
	p.close(open)
}

// document writes what operators of JSON stand after: a text is made one.
func (p *printer) document(doc *node, around int) {
	n := p.settle(doc)
	if n != nil && n.typ != nil && p.f.JSON.Param != "" {
		switch n.typ.Kind {
		case dialect.Char, dialect.Varchar, dialect.Clob:
			p.w.Template(p.f.JSON.Param, func(int) { p.expr(n, precLow) })
			return
		}
	}
	p.typed(doc, around)
}

// pathText is a path of SQL/JSON. It escapes what must be escaped and nothing
// more: MariaDB compares a key as it is spelled.
func (p *printer) pathText(steps []jsonStep) string {
	b := []byte{'$'}
	for _, s := range steps {
		if s.array {
			b = append(strconv.AppendInt(append(b, '['), int64(s.index), 10), ']')
			continue
		}
		if !utf8.ValidString(s.key) {
			p.fail("the key %q of a JSON path is not valid UTF-8", s.key)
		}
		b = append(b, '.', '"')
		for i := 0; i < len(s.key); i++ {
			c := s.key[i]
			short := strings.IndexByte("\"\\\b\f\n\r\t", c)
			switch {
			case short >= 0:
				b = append(b, '\\', `"\bfnrt`[short])
			case c >= ' ':
				b = append(b, c)
			case !p.f.JSON.SpelledKeys:
				b = fmt.Appendf(b, `\u%04x`, c)
			default:
				p.unsupported("a control character in the key "+strconv.Quote(s.key)+" of a JSON path", "read the document in the program")
			}
		}
		if p.f.JSON.SpelledKeys && strings.HasPrefix(s.key, "-") {
			p.unsupported("the key "+strconv.Quote(s.key)+" of a JSON path, which begins with a hyphen,", "read the document in the program")
		}
		b = append(b, '"')
	}
	return string(b)
}

// jsonOperand writes a value that is JSON.
func (p *printer) jsonOperand(n *node) {
	if bareParam(n) && p.f.JSON.Param != "" {
		p.w.Template(p.f.JSON.Param, func(int) { p.expr(n, precLow) })
		return
	}
	p.expr(n, precAtom)
}

func (p *printer) jsonBuild(b *jsonBuild) {
	t, name := p.f.JSON.Array, "JSON_ARRAY"
	if b.object {
		t, name = p.f.JSON.Object, "JSON_OBJECT"
	}
	if t == "" {
		p.unsupported(name, "make the JSON in the program")
		return
	}
	if len(b.values) == 0 {
		t = strings.Replace(t, "{*} ", "{*}", 1)
		t = strings.Replace(t, "{*}NULL ON NULL", "{*}", 1)
	}
	p.w.Template(t, func(int) {
		for i, v := range b.values {
			if i > 0 {
				p.str(", ")
			}
			if !b.object {
				p.jsonPart(v)
				continue
			}
			p.w.Template(p.f.JSON.Member, func(hole int) {
				if hole == 0 {
					p.w.Literal(b.keys[i], typeVarchar)
				} else {
					p.jsonPart(v)
				}
			})
		}
	})
}

// jsonPart writes a value that goes into JSON.
func (p *printer) jsonPart(n *node) {
	n = p.settle(n)
	form := &p.f.JSON
	if n == nil {
		p.fail("nil operand")
		return
	}
	if n.op == opLabel {
		n = n.l
	}
	_, built := n.ext.(*jsonBuild)
	isBool := n.isCond() || n.typ != nil && n.typ.Kind == dialect.Boolean
	switch {
	case built:
		p.expr(n, precLow)
	case isBool && form.BoolNested:
		p.w.Template(form.Nested, func(int) {
			p.str("CASE WHEN ")
			p.test(truth(n), precLow)
			p.str(" THEN 'true' WHEN ")
			p.test(not(truth(n)), precLow)
			p.str(" THEN 'false' END")
		})
	case n.typ != nil && n.typ.Kind == dialect.JSON && bareParam(n):
		p.w.Template(form.Nested, func(int) { p.jsonOperand(n) })
	case n.typ != nil && n.typ.Kind == dialect.JSON:
		p.w.Template(form.Nested, func(int) { p.expr(n, precAtom) })
	case bareParam(n):
		p.typedText(n, precLow)
	default:
		p.ordered(n, precLow)
	}
}
