package expr

// Tuple2 is a row of two columns, read by their places; see [Select2]. It is
// also the values of a [Row2].
type Tuple2[A, B any] struct {
	A A
	B B
}

// Values are the row's values, in order.
func (t Tuple2[A, B]) Values() (A, B) { return t.A, t.B }

// ByPlace implements dialect.Tuple.
func (Tuple2[A, B]) ByPlace() {}

// Tuple3 is a row of three columns, and the values of a [Row3]; see [Tuple2].
type Tuple3[A, B, C any] struct {
	A A
	B B
	C C
}

// Values are the row's values, in order.
func (t Tuple3[A, B, C]) Values() (A, B, C) { return t.A, t.B, t.C }

// ByPlace implements dialect.Tuple.
func (Tuple3[A, B, C]) ByPlace() {}

// Tuple4 is a row of four columns; see [Tuple2].
type Tuple4[A, B, C, D any] struct {
	A A
	B B
	C C
	D D
}

// Values are the row's values, in order.
func (t Tuple4[A, B, C, D]) Values() (A, B, C, D) { return t.A, t.B, t.C, t.D }

// ByPlace implements dialect.Tuple.
func (Tuple4[A, B, C, D]) ByPlace() {}

// Tuple5 is a row of five columns; see [Tuple2].
type Tuple5[A, B, C, D, E any] struct {
	A A
	B B
	C C
	D D
	E E
}

// Values are the row's values, in order.
func (t Tuple5[A, B, C, D, E]) Values() (A, B, C, D, E) { return t.A, t.B, t.C, t.D, t.E }

// ByPlace implements dialect.Tuple.
func (Tuple5[A, B, C, D, E]) ByPlace() {}

// Tuple6 is a row of six columns; see [Tuple2].
type Tuple6[A, B, C, D, E, F any] struct {
	A A
	B B
	C C
	D D
	E E
	F F
}

// Values are the row's values, in order.
func (t Tuple6[A, B, C, D, E, F]) Values() (A, B, C, D, E, F) { return t.A, t.B, t.C, t.D, t.E, t.F }

// ByPlace implements dialect.Tuple.
func (Tuple6[A, B, C, D, E, F]) ByPlace() {}

// Tuple7 is a row of seven columns; see [Tuple2].
type Tuple7[A, B, C, D, E, F, G any] struct {
	A A
	B B
	C C
	D D
	E E
	F F
	G G
}

// Values are the row's values, in order.
func (t Tuple7[A, B, C, D, E, F, G]) Values() (A, B, C, D, E, F, G) {
	return t.A, t.B, t.C, t.D, t.E, t.F, t.G
}

// ByPlace implements dialect.Tuple.
func (Tuple7[A, B, C, D, E, F, G]) ByPlace() {}

// Tuple8 is a row of eight columns; see [Tuple2].
type Tuple8[A, B, C, D, E, F, G, H any] struct {
	A A
	B B
	C C
	D D
	E E
	F F
	G G
	H H
}

// Values are the row's values, in order.
func (t Tuple8[A, B, C, D, E, F, G, H]) Values() (A, B, C, D, E, F, G, H) {
	return t.A, t.B, t.C, t.D, t.E, t.F, t.G, t.H
}

// ByPlace implements dialect.Tuple.
func (Tuple8[A, B, C, D, E, F, G, H]) ByPlace() {}
