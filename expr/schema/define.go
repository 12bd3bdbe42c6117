package schema

import (
	"errors"
	"reflect"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/internal/tag"
)

func joinErrors(errs []error) error {
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

// Define makes a table of a struct type T, which embeds [Table] and has a
// field of type [Col] for each column:
//
//	type users struct {
//		schema.Table `db:"users"`
//		ID           schema.Col[int64]     `db:",pk,identity"`
//		Name         schema.Col[string]    `db:",type:varchar(50)"`
//		Email        schema.Col[string]    `db:",null,unique"`
//		CreatedAt    schema.Col[time.Time] `db:",default:now()"`
//	}
//	var Users = schema.Define[users]()
//
// The table is named by the tag of Table, or after the type: the plural of its
// name in snake_case. A column is named by its tag, or by the field's name in
// snake_case, and is NOT NULL unless its tag says null. For the options see
// the package's documentation.
//
// What a tag does not say, because it is an expression or belongs to the table
// as a whole, is said by functions that get the table:
//
//	var Boxes = schema.Define[boxes](func(b *boxes) []schema.Part {
//		return []schema.Part{
//			schema.Check("ck_width", b.Width.Gt(0)),
//			schema.ComputedAs(b.Area, expr.Mul(b.Width, b.Height), schema.Stored),
//			schema.IndexOn("ix_area").On(b.Area.Desc()).Where(b.Area.Gt(100)),
//		}
//	})
//
// A mistake in the declaration is reported by every statement that names the
// table, and by [Validate].
func Define[T any](more ...func(*T) []Part) *T {
	t := new(T)
	rt := reflect.TypeFor[T]()
	d, fields, err := definitionOf(rt)
	table := build(d, err, len(more) == 0)
	bindTable(reflect.ValueOf(t).Elem(), table)
	bindColumns(reflect.ValueOf(t).Elem(), fields, table)
	if err == nil && len(more) > 0 {
		columns := len(d.Columns)
		for _, f := range more {
			for _, p := range f(t) {
				if p != nil {
					p.add(d)
				}
			}
		}
		if len(d.Columns) > columns {
			d.fail("columns are fields of the struct, and none is added to them: %q", d.Columns[columns].Name)
			d.Columns = d.Columns[:columns]
		}
		expr.Fail(table, d.check())
	}
	return t
}

// As is a table under an alias, in another role than the table itself:
// schema.As(Users, "manager"). Columns of the one are not columns of the other.
// As of nil is a mistake that the statement reports.
func As[T any](t *T, alias string) *T {
	r, ok := any(t).(expr.Relation)
	if d, dynamic := any(t).(*Dynamic); dynamic && d != nil {
		return any(d.As(alias)).(*T)
	}
	role := new(T)
	if !ok || t == nil || reflect.TypeFor[T]().Kind() != reflect.Struct {
		return role
	}
	table := expr.As(r, alias)
	_, fields, _ := definitionOf(reflect.TypeFor[T]())
	bindTable(reflect.ValueOf(role).Elem(), table)
	bindColumns(reflect.ValueOf(role).Elem(), fields, table)
	return role
}

// Validate returns the mistakes in a table's declaration.
func Validate(t expr.Relation) error {
	d := Info(t)
	if d == nil {
		return dialect.Errorf(dialect.ErrStatement, "schema: %T is not a table of this package", t)
	}
	return expr.TableErr(t)
}

var tableType = reflect.TypeFor[Table]()

// column is what every *Col[T] is.
type column interface{ GoType() reflect.Type }

var columnIface = reflect.TypeFor[column]()

// definitionOf reads a struct type. The fields are those of the columns, in
// order. The definition is never nil.
func definitionOf(rt reflect.Type) (*Definition, []tag.Field, error) {
	d := &Definition{GoName: rt.Name(), Name: tag.Table(rt.Name())}
	if rt.Kind() != reflect.Struct {
		return d, nil, dialect.Errorf(dialect.ErrStatement, "schema: %s is not a struct", rt)
	}
	var errs []error
	if err := d.tableTag(rt); err != nil {
		errs = append(errs, err)
	}
	all, err := tag.Fields(rt)
	if err != nil {
		return d, nil, dialect.Errorf(dialect.ErrStatement, "schema: %w", err)
	}
	var fields []tag.Field
	for _, f := range all {
		if f.Type == tableType {
			continue
		}
		if !f.Type.Implements(columnIface) || len(f.Pointers) > 0 {
			errs = append(errs, dialect.Errorf(dialect.ErrStatement,
				"%s.%s is a %s and not a Col; exclude it with db:\"-\"", rt, f.Name, f.Type))
			continue
		}
		goType := reflect.Zero(f.Type).Interface().(column).GoType()
		if err := d.AddField(f, goType, false); err != nil {
			errs = append(errs, err)
		}
		fields = append(fields, f)
	}
	if err := joinErrors(errs); err != nil {
		return d, fields, dialect.Errorf(dialect.ErrStatement, "schema: table %s: %w", d.Name, err)
	}
	return d, fields, nil
}

// tableTag reads the tag of the embedded Table.
func (d *Definition) tableTag(rt reflect.Type) error {
	for i := range rt.NumField() {
		sf := rt.Field(i)
		if sf.Type != tableType || !sf.Anonymous {
			continue
		}
		t, err := tag.Parse(sf.Tag.Get(tag.Key))
		if err != nil {
			return dialect.Errorf(dialect.ErrStatement, "%w", err)
		}
		return d.TableTag(&t)
	}
	return dialect.Errorf(dialect.ErrStatement, "%s does not embed schema.Table", rt)
}

// TableTag takes a table's name and options from a tag.
func (d *Definition) TableTag(t *tag.Tag) error {
	if t.Name != "" {
		d.Name = t.Name
		if schema, name, ok := strings.Cut(t.Name, "."); ok {
			d.Schema, d.Name = schema, name
		}
	}
	for _, o := range t.Options {
		switch o.Name {
		case "schema":
			d.Schema = o.Value
		case "comment":
			d.Comment = o.Value
		case "check":
			d.Checks = append(d.Checks, CheckDef{SQL: o.Value})
		case "triggers":
			d.Triggers = true
		default:
			return dialect.Errorf(dialect.ErrStatement, "option %q is not for tables; they take schema, comment, check and triggers", o.Name)
		}
	}
	return nil
}

// AddField adds the column that a struct's field stands for. The Go type is
// that of its values; null says that the field's type has room for NULL. It is
// for packages that read structs of their own.
func (d *Definition) AddField(f tag.Field, goType reflect.Type, null bool) error {
	t, err := columnType(&f, goType)
	c := &ColumnDef{Name: f.Column, GoName: f.Name, Type: t, Null: null}
	d.Columns = append(d.Columns, c)
	if err != nil {
		return err
	}
	var fk *ForeignKey
	for _, o := range f.Tag.Options {
		switch o.Name {
		case "pk":
			c.PrimaryKey = true
			c.Null = false
		case "identity":
			c.Identity = &Identity{}
		case "null":
			c.Null = true
		case "notnull":
			c.Null = false
		case "unique":
			d.Unique = addToGroup(d.Unique, o.Value, c.Name)
		case "index":
			d.addIndex(o.Value, c.Name)
		case "default":
			if c.Default, err = parseDefault(&c.Type, o.Value); err != nil {
				return dialect.Errorf(dialect.ErrStatement, "field %s: %w", f.Name, err)
			}
		case "check":
			d.Checks = append(d.Checks, CheckDef{SQL: o.Value})
		case "comment":
			c.Comment = o.Value
		case "computed":
			if c.Computed == nil {
				c.Computed = &Computed{}
			}
			c.Computed.SQL = o.Value
		case "stored":
			if c.Computed == nil {
				c.Computed = &Computed{}
			}
			c.Computed.Stored = true
		case "fk":
			d.ForeignKeys = append(d.ForeignKeys, ForeignKey{Columns: []string{c.Name}})
			fk = &d.ForeignKeys[len(d.ForeignKeys)-1]
			if err := fk.parse(o.Value); err != nil {
				return dialect.Errorf(dialect.ErrStatement, "field %s: %w", f.Name, err)
			}
		}
	}
	for _, o := range f.Tag.Options {
		var at *Action
		switch o.Name {
		case "ondelete", "onupdate":
			if fk == nil {
				return dialect.Errorf(dialect.ErrStatement, "field %s: %s without fk", f.Name, o.Name)
			}
			if at = &fk.OnDelete; o.Name == "onupdate" {
				at = &fk.OnUpdate
			}
			if *at, err = parseAction(o.Value); err != nil {
				return dialect.Errorf(dialect.ErrStatement, "field %s: %w", f.Name, err)
			}
		}
	}
	if c.Computed != nil && c.Computed.SQL == "" {
		return dialect.Errorf(dialect.ErrStatement, "field %s: stored without computed", f.Name)
	}
	return nil
}

func (d *Definition) addIndex(name, column string) {
	if name != "" {
		for i := range d.Indexes {
			if d.Indexes[i].Name == name {
				d.Indexes[i].Columns = append(d.Indexes[i].Columns, IndexColumn{Name: column})
				return
			}
		}
	}
	d.Indexes = append(d.Indexes, Index{Name: name, Columns: []IndexColumn{{Name: column}}})
}

// parse reads a reference: table.column, schema.table.column, or the names of
// a Go type and its field, User.ID. Which tables there are is known to a
// [Metadata] only, which corrects what the naming rule says here.
func (k *ForeignKey) parse(text string) error {
	at := strings.LastIndexByte(text, '.')
	if at <= 0 || at == len(text)-1 {
		return dialect.Errorf(dialect.ErrStatement, "fk:%s does not name a table and a column, as in fk:users.id", text)
	}
	k.refTable, k.refColumn = text[:at], text[at+1:]
	k.RefTable = k.refTable
	if schema, name, ok := strings.Cut(k.refTable, "."); ok {
		k.RefSchema, k.RefTable = schema, name
	} else if c := k.refTable[0]; 'A' <= c && c <= 'Z' {
		k.RefTable = tag.Table(k.refTable)
	}
	k.RefColumns = []string{tag.Snake(k.refColumn)}
	return nil
}

// bindTable sets the embedded Table.
func bindTable(v reflect.Value, table Table) {
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		if sf := v.Type().Field(i); sf.Type == tableType && sf.Anonymous {
			v.Field(i).Set(reflect.ValueOf(table))
		}
	}
}

// bindColumns makes the fields the table's columns, in order.
func bindColumns(v reflect.Value, fields []tag.Field, table Table) {
	for i, f := range fields {
		expr.Bind(v.FieldByIndex(f.Index).Addr().Interface(), table, i)
	}
}
