package schema

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// Part is what [New] makes a table of: a column ([BigInt], [Varchar], …) or a
// constraint ([Unique], [References], …).
type Part interface {
	add(d *Definition)
}

// New makes a table that has no struct:
//
//	users := schema.New("users",
//		schema.BigInt("id").PrimaryKey().Identity(),
//		schema.Varchar("name", 50),
//		schema.Varchar("email", 120).Null().Unique())
//	q := expr.Select(users.Col("id")).From(users).Where(users.Col("name").Eq("ada"))
//
// The name may have a schema before it: "audit.log". A mistake is reported by
// every statement that names the table, and by [Validate].
func New(name string, parts ...Part) *Dynamic {
	d := &Definition{}
	d.Schema, d.Name = splitName(name)
	for _, p := range parts {
		if p != nil {
			p.add(d)
		}
	}
	d.mark()
	return Build(d)
}

func splitName(name string) (schema, table string) {
	for i := range len(name) {
		if name[i] == '.' {
			return name[:i], name[i+1:]
		}
	}
	return "", name
}

// ColumnPart is a column for [New]. It is a value: each method returns another
// one. A column is NOT NULL unless Null is said.
type ColumnPart struct {
	c       ColumnDef
	unique  bool
	index   bool
	check   string
	fk      *ForeignKey
	fkError error
}

// NewColumn is a column of any type.
func NewColumn(name string, t dialect.Type) ColumnPart {
	return ColumnPart{c: ColumnDef{Name: name, Type: t}}
}

func kind(name string, k dialect.TypeKind) ColumnPart { return NewColumn(name, dialect.Type{Kind: k}) }

// Boolean is a column of truth values.
func Boolean(name string) ColumnPart { return kind(name, dialect.Boolean) }

// SmallInt is a column of 16-bit numbers.
func SmallInt(name string) ColumnPart { return kind(name, dialect.SmallInt) }

// Integer is a column of 32-bit numbers.
func Integer(name string) ColumnPart { return kind(name, dialect.Integer) }

// BigInt is a column of 64-bit numbers.
func BigInt(name string) ColumnPart { return kind(name, dialect.BigInt) }

// Real is a column of 32-bit floating-point numbers.
func Real(name string) ColumnPart { return kind(name, dialect.Real) }

// Double is a column of 64-bit floating-point numbers.
func Double(name string) ColumnPart { return kind(name, dialect.Double) }

// Decimal is a column of exact numbers with so many digits, scale of them
// after the point.
func Decimal(name string, precision, scale int) ColumnPart {
	return NewColumn(name, dialect.Type{Kind: dialect.Decimal, Precision: precision, Scale: scale})
}

// Char is a column of texts of a fixed length.
func Char(name string, length int) ColumnPart {
	return NewColumn(name, dialect.Type{Kind: dialect.Char, Length: length})
}

// Varchar is a column of texts of at most so many characters.
func Varchar(name string, length int) ColumnPart {
	return NewColumn(name, dialect.Type{Kind: dialect.Varchar, Length: length})
}

// Text is a column of texts without a limit.
func Text(name string) ColumnPart { return kind(name, dialect.Clob) }

// Varbinary is a column of at most so many bytes.
func Varbinary(name string, length int) ColumnPart {
	return NewColumn(name, dialect.Type{Kind: dialect.Varbinary, Length: length})
}

// Blob is a column of bytes without a limit.
func Blob(name string) ColumnPart { return kind(name, dialect.Blob) }

// Date is a column of days.
func Date(name string) ColumnPart { return kind(name, dialect.Date) }

// Time is a column of times of the day.
func Time(name string) ColumnPart { return kind(name, dialect.Time) }

// Timestamp is a column of dates with a time of the day, without a zone.
func Timestamp(name string) ColumnPart { return kind(name, dialect.Timestamp) }

// TimestampTZ is a column of instants.
func TimestampTZ(name string) ColumnPart { return kind(name, dialect.TimestampTZ) }

// UUID is a column of UUIDs.
func UUID(name string) ColumnPart { return kind(name, dialect.UUID) }

// Interval is a column of lengths of time. Where the database has none it is
// a number of nanoseconds, as a time.Duration is.
func Interval(name string) ColumnPart { return kind(name, dialect.Interval) }

// Enum is a column of an enumeration, whose values are texts. Type is its name
// on databases where it is a type of its own, which [Metadata.CreateAll]
// creates; an empty one makes it a text everywhere. Where the database has no such
// type, a check keeps to the values.
func Enum(name, typ string, values ...string) ColumnPart {
	c := NewColumn(name, dialect.Type{Kind: dialect.Enum, Name: typ, Values: &dialect.EnumValues{List: slices.Clone(values)}})
	c.c.Checked = true
	return c
}

// JSON is a column of JSON texts.
func JSON(name string) ColumnPart { return kind(name, dialect.JSON) }

// Null allows NULL.
func (c ColumnPart) Null() ColumnPart { c.c.Null = true; return c }

// PrimaryKey makes the column part of the primary key.
func (c ColumnPart) PrimaryKey() ColumnPart { c.c.PrimaryKey = true; return c }

// Identity makes the database generate values where an INSERT gives none. How
// it counts can be said: schema.Integer("id").Identity(schema.Identity{Always: true}).
func (c ColumnPart) Identity(how ...Identity) ColumnPart {
	c.c.Identity = &Identity{}
	if len(how) > 0 {
		c.c.Identity = &how[0]
	}
	return c
}

// Unique makes the column a unique key.
func (c ColumnPart) Unique() ColumnPart { c.unique = true; return c }

// Index puts an index on the column.
func (c ColumnPart) Index() ColumnPart { c.index = true; return c }

// Default is the value where an INSERT gives none.
func (c ColumnPart) Default(v any) ColumnPart { c.c.Default = &Default{Value: v}; return c }

// DefaultNow is the time of the insert where an INSERT gives none.
func (c ColumnPart) DefaultNow() ColumnPart { c.c.Default = &Default{Now: true}; return c }

// DefaultText is an expression in SQL for the value where an INSERT gives
// none. The text is the program's own.
func (c ColumnPart) DefaultText(sql string) ColumnPart { c.c.Default = &Default{SQL: sql}; return c }

// DefaultExpr is an expression for the value where an INSERT gives none: a
// function, the [Next] of a sequence.
func (c ColumnPart) DefaultExpr(e expr.Any) ColumnPart { c.c.Default = &Default{Expr: e}; return c }

// Checked adds a check, of a name or none, that keeps booleans to true and
// false where the database has no such type. An enumeration has one by itself.
func (c ColumnPart) Checked(name string) ColumnPart {
	c.c.Checked, c.c.CheckName = true, name
	return c
}

// With adds what one database alone says of a column.
func (c ColumnPart) With(options ...Option) ColumnPart {
	c.c.Options = append(slices.Clip(c.c.Options), options...)
	return c
}

// Computed makes the database compute the column from an expression over the
// table's other columns, see [Self]: when it is read or, if [Stored], when a row is
// written.
func (c ColumnPart) Computed(e expr.Any, how ...Storage) ColumnPart {
	c.c.Computed = &Computed{Expr: e, Stored: slices.Contains(how, Stored)}
	return c
}

// CheckText is a condition in SQL that every value meets. The text is the
// program's own.
func (c ColumnPart) CheckText(sql string) ColumnPart { c.check = sql; return c }

// ComputedText makes the database compute the column from an expression in
// SQL, when it is read or, if stored, when a row is written.
func (c ColumnPart) ComputedText(sql string, stored bool) ColumnPart {
	c.c.Computed = &Computed{SQL: sql, Stored: stored}
	return c
}

// Comment describes the column.
func (c ColumnPart) Comment(text string) ColumnPart { c.c.Comment = text; return c }

// References makes the column a foreign key: "users.id".
func (c ColumnPart) References(target string, actions ...OnChange) ColumnPart {
	k := &ForeignKey{Columns: []string{c.c.Name}}
	c.fkError = k.parse(target)
	change(k, actions)
	c.fk = k
	return c
}

func (c ColumnPart) add(d *Definition) {
	col := c.c
	d.Columns = append(d.Columns, &col)
	if c.unique {
		d.Unique = append(d.Unique, Key{Columns: []string{col.Name}})
	}
	if c.index {
		d.Indexes = append(d.Indexes, Index{Columns: []IndexColumn{{Name: col.Name}}})
	}
	if c.check != "" {
		d.Checks = append(d.Checks, CheckDef{SQL: c.check})
	}
	if c.fkError != nil {
		d.mistakes = append(d.mistakes, c.fkError)
	} else if c.fk != nil {
		d.ForeignKeys = append(d.ForeignKeys, *c.fk)
	}
}

// OnChange says what becomes of a foreign key whose target changes: [OnDelete]
// or [OnUpdate].
type OnChange func(*ForeignKey)

// change applies what is said of a key; a nil OnChange says nothing.
func change(k *ForeignKey, actions []OnChange) {
	for _, a := range actions {
		if a != nil {
			a(k)
		}
	}
}

// OnDelete is what becomes of the reference when its target is deleted.
func OnDelete(a Action) OnChange { return func(k *ForeignKey) { k.OnDelete = a } }

// OnUpdate is what becomes of the reference when its target's key changes.
func OnUpdate(a Action) OnChange { return func(k *ForeignKey) { k.OnUpdate = a } }

type partFunc func(*Definition)

func (f partFunc) add(d *Definition) { f(d) }

// Comment describes the table.
func Comment(text string) Part { return partFunc(func(d *Definition) { d.Comment = text }) }
