package schema

import (
	"slices"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// Self is a column of the table that is being declared, by its name, for
// checks, computed columns and indexes of a table that has no struct:
//
//	schema.New("ratings", schema.Integer("stars"), schema.Check("ck_stars", schema.Self[int]("stars").Between(1, 5)))
//
// Anywhere else it is a mistake.
func Self[T any](name string) expr.Expr[T] { return expr.Ref[T](self(name)) }

// self is the key of a reference that Self makes.
type self string

// resolver finds the columns of a table by the references of Self.
type resolver struct{ t expr.Relation }

// Resolve implements expr.Resolver.
func (r resolver) Resolve(key any) (expr.Any, error) {
	if name, ok := key.(self); ok {
		return expr.C[any](r.t, string(name)), nil
	}
	return nil, dialect.Errorf(dialect.ErrStatement, "schema: a reference that is not to a column of the table, see schema.Self")
}

// columnName is the name of a column that stands as an expression.
func columnName(e expr.Any) string {
	name, key := expr.NameOf(e)
	if s, ok := key.(self); ok {
		return string(s)
	}
	return name
}

// KeyPart is a primary or a unique key for [New], [Define] and [AddConstraint].
// It is a value: each method returns another one.
type KeyPart struct {
	k       Key
	primary bool
}

// PrimaryKey is a primary key of several columns, in that order, or one with a
// name.
func PrimaryKey(columns ...string) KeyPart {
	return KeyPart{Key{Columns: slices.Clone(columns)}, true}
}

// Unique is a unique key of several columns, or one with a name.
func Unique(columns ...string) KeyPart { return KeyPart{Key{Columns: slices.Clone(columns)}, false} }

// Named gives the key a name.
func (k KeyPart) Named(name string) KeyPart { k.k.Name = name; return k }

// Deferrable lets a transaction put off the check to its end.
func (k KeyPart) Deferrable() KeyPart { k.k.Deferrable = true; return k }

// InitiallyDeferred puts off the check to the end of each transaction.
func (k KeyPart) InitiallyDeferred() KeyPart {
	k.k.Deferrable, k.k.InitiallyDeferred = true, true
	return k
}

// With adds what one database alone says of a key.
func (k KeyPart) With(options ...Option) KeyPart {
	k.k.Options = append(slices.Clip(k.k.Options), options...)
	return k
}

func (k KeyPart) add(d *Definition) {
	if !k.primary {
		d.Unique = append(d.Unique, k.k)
		return
	}
	if d.PK.Name != "" || d.PK.Columns != nil {
		d.fail("two primary keys")
	}
	if len(k.k.Columns) == 0 {
		d.fail("the primary key has no columns")
	}
	d.PK = k.k
}

// mark sets the primary key's columns, once all are there.
func (d *Definition) mark() {
	for _, name := range d.PK.Columns {
		if c := d.Column(name); c != nil && !c.Null {
			c.PrimaryKey = true
		} else if c != nil {
			d.fail("column %q of the primary key cannot be NULL", name)
		}
	}
}

// CheckPart is a check constraint for [New], [Define] and [AddConstraint].
type CheckPart struct{ k CheckDef }

// Check is a condition that every row meets, under a name or, if that is
// empty, none.
func Check(name string, cond expr.Cond) CheckPart { return CheckPart{checkOf(name, cond)} }

func checkOf(name string, cond expr.Cond) CheckDef { return CheckDef{Name: name, Cond: cond} }

// CheckText is a condition in SQL that every row meets. The text is the
// program's own.
func CheckText(sql string) CheckPart { return CheckPart{CheckDef{SQL: sql}} }

// Named gives the check a name.
func (c CheckPart) Named(name string) CheckPart { c.k.Name = name; return c }

func (c CheckPart) add(d *Definition) { d.Checks = append(d.Checks, c.k) }

// ForeignPart is a foreign key for [New], [Define] and [AddConstraint].
type ForeignPart struct{ k ForeignKey }

// References is a foreign key of several columns.
func References(columns []string, table string, refColumns []string, actions ...OnChange) ForeignPart {
	k := ForeignKey{Columns: slices.Clone(columns), RefColumns: slices.Clone(refColumns)}
	k.RefSchema, k.RefTable = splitName(table)
	change(&k, actions)
	return ForeignPart{k}
}

// Named gives the foreign key a name.
func (f ForeignPart) Named(name string) ForeignPart { f.k.Name = name; return f }

// Deferrable lets a transaction put off the check to its end.
func (f ForeignPart) Deferrable() ForeignPart { f.k.Deferrable = true; return f }

// InitiallyDeferred puts off the check to the end of each transaction.
func (f ForeignPart) InitiallyDeferred() ForeignPart {
	f.k.Deferrable, f.k.InitiallyDeferred = true, true
	return f
}

// MatchFull refuses references of which some columns are NULL and some not.
func (f ForeignPart) MatchFull() ForeignPart { f.k.MatchFull = true; return f }

func (f ForeignPart) add(d *Definition) { d.ForeignKeys = append(d.ForeignKeys, f.k) }

// IndexPart is an index for [New], [Define] and [CreateIndex]. It is a value:
// each method returns another one.
type IndexPart struct{ x Index }

// IndexOn is an index of columns. An empty name becomes ix_table_columns.
func IndexOn(name string, columns ...string) IndexPart {
	p := IndexPart{Index{Name: name}}
	for _, c := range columns {
		p.x.Columns = append(p.x.Columns, IndexColumn{Name: c})
	}
	return p
}

// On adds columns and expressions, which may say a direction: Parts.Name.Desc().
func (p IndexPart) On(terms ...expr.Term) IndexPart {
	p.x.Columns = slices.Clip(p.x.Columns)
	for _, t := range terms {
		p.x.Columns = append(p.x.Columns, By(t))
	}
	return p
}

// Parts adds columns and expressions about which more is to be said; see [By].
func (p IndexPart) Parts(parts ...IndexColumn) IndexPart {
	p.x.Columns = append(slices.Clip(p.x.Columns), parts...)
	return p
}

// Unique makes the index keep its values unique.
func (p IndexPart) Unique() IndexPart { p.x.Unique = true; return p }

// Where makes a partial index, of the rows that meet a condition.
func (p IndexPart) Where(cond expr.Cond) IndexPart { p.x.Where = cond; return p }

// Include adds columns that the index holds beside its key.
func (p IndexPart) Include(columns ...string) IndexPart {
	p.x.Include = append(slices.Clip(p.x.Include), columns...)
	return p
}

// With adds what one database alone says of an index.
func (p IndexPart) With(options ...Option) IndexPart {
	p.x.Options = append(slices.Clip(p.x.Options), options...)
	return p
}

func (p IndexPart) add(d *Definition) { d.Indexes = append(d.Indexes, p.x) }

// By is a part of an index: a column or an expression, with its direction if
// it has one.
func By(t expr.Term) IndexColumn {
	e, desc, nulls := expr.OrderOf(t)
	c := IndexColumn{Desc: desc, Nulls: nulls}
	if c.Name = columnName(e); c.Name == "" {
		c.Expr = e
	}
	return c
}

// Prefix takes the first so many characters or bytes of the column alone.
func (c IndexColumn) Prefix(length int) IndexColumn { c.Length = length; return c }

// Collate orders the part by a collation.
func (c IndexColumn) Collate(name string) IndexColumn { c.Collation = name; return c }

// With adds what one database alone says of a part of an index.
func (c IndexColumn) With(options ...Option) IndexColumn {
	c.Options = append(slices.Clip(c.Options), options...)
	return c
}

// Storage says whether a computed column is kept.
type Storage uint8

// The kinds of storage.
const (
	Virtual Storage = iota // computed when it is read
	Stored                 // computed when a row is written
)

// ComputedAs makes the database compute a column of the table from an
// expression over its others. It is for [Define]; see [ColumnPart.Computed].
func ComputedAs(column expr.AnyColumn, e expr.Any, how ...Storage) Part {
	stored := slices.Contains(how, Stored)
	return ofColumn(column, func(_ *Definition, c *ColumnDef) {
		c.Computed = &Computed{Expr: e, Stored: stored}
	})
}

// DefaultAs is an expression for the value of a column where an INSERT gives
// none. It is for [Define]; see [ColumnPart.DefaultExpr].
func DefaultAs(column expr.AnyColumn, e expr.Any) Part {
	return ofColumn(column, func(_ *Definition, c *ColumnDef) { c.Default = &Default{Expr: e} })
}

// Counts says how an identity counts. It is for [Define]; see
// [ColumnPart.Identity].
func Counts(column expr.AnyColumn, how Identity) Part {
	return ofColumn(column, func(d *Definition, c *ColumnDef) {
		if c.Identity == nil {
			d.fail("column %q is not an identity", c.Name)
		}
		c.Identity = &how
	})
}

// EnumOf gives a column the type of an enumeration. It is for [Define]; see
// [Enum].
func EnumOf(column expr.AnyColumn, typ string, values ...string) Part {
	values = slices.Clone(values)
	return ofColumn(column, func(_ *Definition, c *ColumnDef) {
		c.Type = dialect.Type{Kind: dialect.Enum, Name: typ, Values: &dialect.EnumValues{List: slices.Clone(values)}}
		c.Checked = true
	})
}

// ColumnWith adds what one database alone says of a column. It is for
// [Define]; see [ColumnPart.With].
func ColumnWith(column expr.AnyColumn, options ...Option) Part {
	options = slices.Clone(options)
	return ofColumn(column, func(_ *Definition, c *ColumnDef) { c.Options = append(c.Options, options...) })
}

func ofColumn(column expr.AnyColumn, set func(*Definition, *ColumnDef)) Part {
	return partFunc(func(d *Definition) {
		name := ""
		if column != nil {
			name = columnName(column)
		}
		c := d.Column(name)
		if c == nil {
			d.fail("a part names the column %q, which it does not have", name)
			return
		}
		set(d, c)
	})
}

// Temporary makes a table that ends with the session.
func Temporary() Part { return partFunc(func(d *Definition) { d.Temporary = true }) }
