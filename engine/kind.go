package engine

import (
	"database/sql"
	"reflect"
	"time"
	"unsafe"

	"github.com/sqlayer-go/sqlayer/internal/gokind"
	"github.com/sqlayer-go/sqlayer/internal/tag"
)

// kind is the plain Go type that a destination is reduced to: one that every
// dialect's Rows take without reflection.
type kind gokind.Kind

const (
	kindOther = kind(gokind.Other) // the type itself: a sql.Scanner, or the dialect's own
	kindTime  = kind(gokind.Time)
	kindAny   = kind(gokind.Kinds)
	kindPtr   = kindAny + 1 // kindPtr + k is a pointer to k
)

var timeType = reflect.TypeFor[time.Time]()

var scannerType = reflect.TypeFor[sql.Scanner]()

// isScanner reports whether a pointer to t scans itself.
func isScanner(t reflect.Type) bool { return reflect.PointerTo(t).Implements(scannerType) }

// kindOf returns the kind of a variable of type t.
func kindOf(t reflect.Type) kind {
	if t.Kind() == reflect.Pointer {
		if isScanner(t) || t.Implements(scannerType) {
			return kindOther
		}
		if k := plainKind(t.Elem()); k != kindOther && k != kindAny {
			return kindPtr + k
		}
		return kindOther
	}
	return plainKind(t)
}

func plainKind(t reflect.Type) kind {
	if t == timeType {
		return kindTime
	}
	if isScanner(t) {
		return kindOther
	}
	if t.Kind() == reflect.Interface && t.NumMethod() == 0 {
		return kindAny
	}
	return kind(gokind.Of(t))
}

// pointer returns a pointer to the variable at p, as a pointer to the kind's
// plain type. Types of one kind have one layout in memory. No case allocates.
func pointer(k kind, p unsafe.Pointer, t reflect.Type) any {
	switch {
	case k == kindOther:
		return reflect.NewAt(t, p).Interface()
	case k < kindAny:
		return gokind.Kind(k).Pointer(p)
	case k == kindAny:
		return (*any)(p)
	}
	return gokind.Kind(k - kindPtr).PointerToPointer(p)
}

// nullWrapper recognises sql.Null[T], sql.NullString and their like, which are
// filled without boxing the value. It returns the value's offset, type and
// kind, and the offset of Valid.
func nullWrapper(t reflect.Type) (value uintptr, inner reflect.Type, k kind, valid uintptr, ok bool) {
	if t.Kind() != reflect.Struct || t.PkgPath() != "database/sql" || t.NumField() != 2 {
		return
	}
	v, f := t.Field(0), t.Field(1)
	if f.Name != "Valid" || f.Type.Kind() != reflect.Bool {
		return
	}
	if k = kindOf(v.Type); k == kindAny {
		return
	}
	return v.Offset, v.Type, k, f.Offset, true
}

// isRow reports whether a T is filled from several columns.
func isRow(t reflect.Type) bool { return t.Kind() == reflect.Struct && !tag.IsValue(t) }
