package engine

import "reflect"

// PlanCount returns how many plans are kept for T.
func PlanCount[T any]() int {
	v, ok := planCache.Load(reflect.TypeFor[T]())
	if !ok {
		return 0
	}
	return len(*v.(*plans).list.Load())
}
