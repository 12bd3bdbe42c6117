package orm

import (
	"reflect"

	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// Metadata returns the tables of mapped types, given as values or pointers of
// them: orm.Metadata(&User{}, &Address{}). A type that cannot be mapped is an
// error of everything that the Metadata does.
//
//	err := orm.Metadata(&User{}, &Address{}).CreateAll(ctx, eng)
func Metadata(types ...any) *schema.Metadata {
	m := schema.NewMetadata()
	for _, v := range types {
		t := reflect.TypeOf(v)
		if t != nil && t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t == nil {
			m.Fail(mistake("Metadata of nil: give mapped types, as in orm.Metadata(&User{})"))
			continue
		}
		e, err := entityFor(t)
		if err != nil {
			m.Fail(err)
			continue
		}
		for _, r := range e.rels {
			if _, err := r.link(); err != nil {
				m.Fail(err)
			}
		}
		m.Add(e.dynamic)
	}
	return m
}

// Table returns the table of T, for statements of package expr: its columns
// are untyped, or typed by expr.C. A T that cannot be mapped is a mistake that
// the statement reports.
func Table[T any]() *schema.Dynamic {
	e, err := entityFor(reflect.TypeFor[T]())
	if err != nil {
		return &schema.Dynamic{Table: expr.NewTable(expr.TableDef{Name: reflect.TypeFor[T]().Name(), Err: err})}
	}
	return e.dynamic
}
