package gokind

import (
	"reflect"
	"sync"
	"sync/atomic"
	"time"
)

// own are the types that are read and bound by themselves, whatever their layout.
var own struct {
	any   atomic.Bool
	types sync.Map // reflect.Type → struct{}
}

var durationType = reflect.TypeFor[time.Duration]()

// Claim makes a type one that is read and bound by itself. It reports whether
// it was not that before.
func Claim(t reflect.Type) bool {
	_, before := own.types.LoadOrStore(t, struct{}{})
	own.any.Store(true)
	return !before
}

// Claimed reports whether a type was claimed.
func Claimed(t reflect.Type) bool {
	if !own.any.Load() {
		return false
	}
	_, ok := own.types.Load(t)
	return ok
}

// ByItself reports whether a type is claimed, or is time.Duration, which is an
// interval in some columns and a number in others.
func ByItself(t reflect.Type) bool { return t == durationType || Claimed(t) }
