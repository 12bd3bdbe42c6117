package dialect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// TypeKind is the family of a column type, named as in the SQL standard where
// it has the type.
type TypeKind uint8

// The families of types. Every dialect has a name for each, or refuses it.
const (
	NoType TypeKind = iota // not known

	Boolean
	SmallInt // 16 bits
	Integer  // 32 bits
	BigInt   // 64 bits
	Real     // 32 bits
	Double   // 64 bits
	Decimal  // exact, Precision and Scale

	Char    // fixed, Length characters
	Varchar // varying, at most Length characters
	Clob    // text without a limit

	Binary    // fixed, Length bytes
	Varbinary // varying, at most Length bytes
	Blob      // without a limit

	Date
	Time
	Timestamp   // without time zone
	TimestampTZ // an instant
	Interval

	UUID
	JSON
	Enum  // Values
	Array // Elem

	Native // the database's own type, by Name
)

var typeKindNames = [...]string{
	NoType: "unknown", Boolean: "boolean", SmallInt: "smallint", Integer: "integer", BigInt: "bigint",
	Real: "real", Double: "double precision", Decimal: "decimal", Char: "char", Varchar: "varchar", Clob: "text",
	Binary: "binary", Varbinary: "varbinary", Blob: "blob", Date: "date", Time: "time", Timestamp: "timestamp",
	TimestampTZ: "timestamp with time zone", Interval: "interval", UUID: "uuid", JSON: "json", Enum: "enum",
	Array: "array", Native: "native",
}

// String returns the kind's name in SQL's words, in lower case.
func (k TypeKind) String() string {
	if int(k) < len(typeKindNames) {
		return typeKindNames[k]
	}
	return "type kind " + strconv.Itoa(int(k))
}

// Type is a column's type. It is a value and comparable; the zero Type is one
// that is not known. A *Type that has been handed over is not changed any
// more, so it may be shared.
type Type struct {
	Kind TypeKind
	// Length is the number of characters or bytes of Char, Varchar, Binary
	// and Varbinary; 0 leaves it to the dialect (see [Dialect.TypeName]).
	Length int
	// Precision and Scale are those of Decimal; Precision alone is the number
	// of fractional digits of Time, Timestamp and TimestampTZ, where 0 leaves
	// it to the dialect and -1 asks for whole seconds.
	Precision, Scale int
	// Inexact says of a Decimal that SQLite may keep it as a number, with the
	// 15 digits of a float, where it else keeps the digits as text. Other
	// databases are exact all the same.
	Inexact   bool `json:",omitempty"`
	Unsigned  bool // integers, on databases that have it
	National  bool // Char, Varchar, Clob: NCHAR and so on
	Collation string
	// Name is the type's own name: of a Native type, or of an Enum where it
	// is a named type.
	Name string
	// Own says of a Native type that it is one of some databases' own: those
	// whose [DDL].OwnTypes have its base name take it, and others refuse it.
	Own bool `json:",omitempty"`
	// Values holds an Enum's values, in order.
	Values *EnumValues
	// Elem is an Array's element type.
	Elem *Type
	// Domain is the domain that the type has, on databases with such; the
	// other fields are those of what it is based on.
	Domain *DomainInfo `json:",omitempty"`
}

// EnumValues is the list of an enumeration's values. It is shared by pointer,
// so that Type stays comparable, and not changed.
type EnumValues struct {
	List    []string
	Comment string `json:",omitempty"` // of a named type
}

// String returns the type in SQL's words, as [ParseType] reads it.
func (t *Type) String() string {
	if t == nil {
		return NoType.String()
	}
	s := t.Kind.String()
	switch t.Kind {
	case Native:
		s = t.Name
	case Array:
		return t.Elem.String() + "[]"
	case Char, Varchar, Binary, Varbinary:
		if t.Length > 0 {
			s += fmt.Sprintf("(%d)", t.Length)
		}
	case Decimal:
		if t.Precision > 0 {
			s += fmt.Sprintf("(%d,%d)", t.Precision, t.Scale)
		}
		if t.Inexact {
			s += " inexact"
		}
	case Time, Timestamp, TimestampTZ:
		if t.Precision != 0 {
			name, rest, found := strings.Cut(s, " ")
			s = fmt.Sprintf("%s(%d)", name, max(t.Precision, 0))
			if found {
				s += " " + rest
			}
		}
	}
	if t.National {
		s = "n" + s
	}
	if t.Unsigned {
		s += " unsigned"
	}
	return s
}

// portable maps the names that ParseType knows to kinds.
var portable = map[string]Type{
	"boolean": {Kind: Boolean}, "bool": {Kind: Boolean},
	"smallint": {Kind: SmallInt}, "int2": {Kind: SmallInt},
	"integer": {Kind: Integer}, "int": {Kind: Integer}, "int4": {Kind: Integer},
	"bigint": {Kind: BigInt}, "int8": {Kind: BigInt},
	"real": {Kind: Real}, "float4": {Kind: Real},
	"double precision": {Kind: Double}, "double": {Kind: Double}, "float": {Kind: Double}, "float8": {Kind: Double},
	"decimal": {Kind: Decimal}, "numeric": {Kind: Decimal},
	"decimal inexact": {Kind: Decimal, Inexact: true}, "numeric inexact": {Kind: Decimal, Inexact: true},
	"char": {Kind: Char}, "character": {Kind: Char}, "nchar": {Kind: Char, National: true},
	"varchar": {Kind: Varchar}, "character varying": {Kind: Varchar}, "string": {Kind: Varchar},
	"nvarchar": {Kind: Varchar, National: true},
	"text":     {Kind: Clob}, "clob": {Kind: Clob}, "ntext": {Kind: Clob, National: true},
	"binary": {Kind: Binary}, "varbinary": {Kind: Varbinary}, "blob": {Kind: Blob}, "bytea": {Kind: Blob},
	"date": {Kind: Date}, "time": {Kind: Time},
	"timestamp": {Kind: Timestamp}, "datetime": {Kind: Timestamp}, "timestamp without time zone": {Kind: Timestamp},
	"timestamp with time zone": {Kind: TimestampTZ}, "timestamptz": {Kind: TimestampTZ},
	"interval": {Kind: Interval}, "uuid": {Kind: UUID}, "json": {Kind: JSON},
}

// ParseType reads a type in SQL's words, such as "varchar(50)",
// "decimal(10,2)", "timestamp(3) with time zone", "enum('red','green')" or
// "integer[]", in any case.
// A name that is not one of the portable types gives a [Native] type of that
// text, which goes into DDL as it stands. An empty text or arguments that are
// no numbers are an error.
func ParseType(s string) (Type, error) {
	text := strings.TrimSpace(s)
	if text == "" {
		return Type{}, Errorf(ErrStatement, "dialect: empty type")
	}
	if base, ok := strings.CutSuffix(text, "[]"); ok {
		elem, err := ParseType(base)
		if err != nil {
			return Type{}, err
		}
		return Type{Kind: Array, Elem: &elem}, nil
	}
	if args, ok := enumArgs(text); ok {
		list, ok := enumValues(args)
		if !ok {
			return Type{}, Errorf(ErrStatement, "dialect: type %q: the values of an enumeration are texts, each once: enum('a','b')", s)
		}
		return Type{Kind: Enum, Values: &EnumValues{List: list}}, nil
	}
	name, args, rest := text, "", ""
	if open := strings.IndexByte(text, '('); open >= 0 {
		end := strings.IndexByte(text[open:], ')')
		if end < 0 {
			return Type{}, Errorf(ErrStatement, "dialect: type %q has no closing parenthesis", s)
		}
		name, args, rest = text[:open], text[open+1:open+end], text[open+end+1:]
	}
	name = strings.Join(strings.Fields(strings.ToLower(name+" "+rest)), " ")
	unsigned := false
	if n, ok := strings.CutSuffix(name, " unsigned"); ok {
		name, unsigned = n, true
	}
	t, ok := portable[name]
	if !ok {
		return Type{Kind: Native, Name: text}, nil
	}
	t.Unsigned = unsigned
	if !strings.Contains(text, "(") {
		return t, nil
	}
	var nums []int
	for part := range strings.SplitSeq(args, ",") {
		if strings.EqualFold(strings.TrimSpace(part), "max") {
			return Type{}, Errorf(ErrStatement, "dialect: type %q: leave (%s) out, and it has no length: %q", s, strings.TrimSpace(part), name)
		}
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 0 {
			return Type{}, Errorf(ErrStatement, "dialect: type %q: %q is not a number", s, strings.TrimSpace(part))
		}
		nums = append(nums, n)
	}
	most := 1
	switch t.Kind {
	case Char, Varchar, Binary, Varbinary:
		t.Length = nums[0]
	case Decimal:
		most = 2
		t.Precision = nums[0]
		if len(nums) > 1 {
			t.Scale = nums[1]
		}
	case Time, Timestamp, TimestampTZ, Interval:
		t.Precision = nums[0]
		if nums[0] == 0 {
			t.Precision = -1
		}
	default:
		most = 0
	}
	switch {
	case most == 0:
		if unsigned {
			name += " unsigned"
		}
		return Type{}, Errorf(ErrStatement, "dialect: type %q: %s takes no arguments; write %[2]q", s, name)
	case len(nums) > most:
		return Type{}, Errorf(ErrStatement, "dialect: type %q takes at most %d arguments, not %d", s, most, len(nums))
	case nums[0] == 0 && t.Precision == 0: // not the 0 digits of a time
		return Type{}, Errorf(ErrStatement, "dialect: type %q: a length of 0 holds nothing; leave it out: %q", s, name)
	}
	return t, nil
}

// enumArgs returns what stands behind the parenthesis of enum(.
func enumArgs(text string) (string, bool) {
	if len(text) < 4 || !strings.EqualFold(text[:4], "enum") {
		return "", false
	}
	return strings.CutPrefix(strings.TrimSpace(text[4:]), "(")
}

// enumValues reads 'a','b'), where a quote in a value is doubled. ok is false
// for any other text, and for a value that stands twice.
func enumValues(text string) (list []string, ok bool) {
	ok = true
	for ok {
		if text, ok = strings.CutPrefix(strings.TrimSpace(text), "'"); !ok {
			break
		}
		var value strings.Builder
		for {
			end := strings.IndexByte(text, '\'')
			if end < 0 {
				return nil, false
			}
			value.WriteString(text[:end])
			if text = text[end+1:]; !strings.HasPrefix(text, "'") {
				break
			}
			value.WriteByte('\'')
			text = text[1:]
		}
		if slices.Contains(list, value.String()) {
			return nil, false
		}
		list = append(list, value.String())
		if text = strings.TrimSpace(text); text == ")" {
			return list, true
		}
		text, ok = strings.CutPrefix(text, ",")
	}
	return nil, false
}

// oneType reports whether a native type's name stays within its place in the
// text: no comment, no semicolon, nothing that closes what the name did not
// open, and no comma but within parentheses.
func oneType(name string) bool {
	depth, quote := 0, byte(0)
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c == 0 || c == '\\':
			return false
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"' || c == '`':
			quote = c
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			if depth--; depth < 0 {
				return false
			}
		case c == ';' || c == '#' || c == ',' && depth == 0:
			return false
		case c == '-' || c == '/':
			if i+1 < len(name) && (name[i+1] == '-' || name[i+1] == '*') {
				return false
			}
		}
	}
	return strings.TrimSpace(name) != "" && depth == 0 && quote == 0
}

// RenderType writes t with a dialect's table of names, for use in
// [Dialect.TypeName]. An entry may hold {length}, {precision} and {scale};
// of several forms separated by "|", the first whose placeholders all have a
// value is taken: "VARCHAR({length})|TEXT". ok is false where the table has
// no form for t.
func RenderType(names map[TypeKind]string, t *Type) (name string, ok bool) {
	if t.Kind == Native {
		return t.Name, oneType(t.Name)
	}
	forms, found := names[t.Kind]
	if !found {
		return "", false
	}
	precision := t.Precision
	if precision < 0 {
		precision = 0
	}
	for form := range strings.SplitSeq(forms, "|") {
		if strings.Contains(form, "{length}") && t.Length == 0 ||
			strings.Contains(form, "{precision}") && t.Precision == 0 {
			continue
		}
		if !strings.Contains(form, "{") {
			return form, true
		}
		return strings.NewReplacer("{length}", strconv.Itoa(t.Length),
			"{precision}", strconv.Itoa(precision), "{scale}", strconv.Itoa(t.Scale)).Replace(form), true
	}
	return "", false
}
