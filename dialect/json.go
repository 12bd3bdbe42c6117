package dialect

// JSONForm says how a database reaches and makes values in JSON. The templates
// are over the document {0} and the path {1}, which goes by the rules of SQL/JSON
// ($."a"[0]) but where Arrows is set. The zero value is a database without JSON.
type JSONForm struct {
	// Arrows says that a path is a chain of operators, -> and at last ->>: the
	// templates are over the value at its end as text {0} and as JSON {1}.
	Arrows bool
	// LiteralPath says that a path is a constant, and no parameter.
	LiteralPath bool
	// SpelledKeys says that a key of a path is compared with how the document
	// spells it, and is none where it begins with a hyphen: the first is
	// refused where a character has two spellings, the second always.
	SpelledKeys bool

	Text   string // a scalar as text; SQL's NULL for JSON's null
	Int    string
	Float  string
	Bool   string
	Value  string // the value as JSON
	Exists string // a condition: there is such a value, perhaps null
	Null   string // a condition: the value is JSON's null
	Length string // the number of an array's elements, NULL for what is none; {2} is the path with .size()

	// Array and Object make JSON: templates over all the values {*}. A member
	// of Object is written by Member, over its name {0} and its value {1}.
	Array, Object, Member string
	// Nested makes a value that is JSON already a part of the document, and not
	// a text in it: a template over {0}.
	Nested string
	// BoolNested says that a boolean is a number to Array and Object, and goes
	// through Nested as true or false.
	BoolNested bool
	// Param is a parameter that is JSON: a template over it {0}.
	Param string
	// Each gives the members of the object {0} as rows, of the columns key and
	// value. Empty: there is no such thing.
	Each string
	// Contains is a condition: the document {0} has all that the document {1}
	// has. Empty: there is no such thing.
	Contains string
}
