package expr

// aggregate are the operands of a function that takes its rows in an order.
type aggregate struct {
	args, order []*node
	within      bool // WITHIN GROUP, and not among the arguments
}

// StringAgg joins the texts of a group with a separator, which is a constant
// of the program. NULLs are left out. For their order see [Expr.OrderedBy].
// PostgreSQL, SQLite and Oracle have it over a window.
func StringAgg(e Of[string], separator string) Expr[string] {
	return Expr[string]{call("string_agg", typeVarchar, []Any{e, Literal(separator)})}
}

// PercentileCont is the value at a fraction, from 0 to 1, of the numbers in the
// order of [Expr.WithinGroup], interpolated between two of them where need be:
// 0.5 is the median. PostgreSQL has it as an aggregate, SQL Server and MariaDB
// over a window, Oracle has both.
func PercentileCont(fraction float64) Expr[float64] {
	return percentile[float64]("percentile_cont", fraction)
}

// PercentileDisc is [PercentileCont] without interpolation: the first value at
// or beyond the fraction.
func PercentileDisc[T any](fraction float64) Expr[T] {
	return percentile[T]("percentile_disc", fraction)
}

func percentile[T any](name string, fraction float64) Expr[T] {
	if !(fraction >= 0 && fraction <= 1) {
		return Expr[T]{mistake("%s of %v, which is not from 0 to 1", name, fraction)}
	}
	return Expr[T]{call(name, typeFor[T](), []Any{Value(fraction)})}
}

// WithinGroup gives an ordered-set function the order of its rows:
// PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY total). Databases without such functions
// refuse it.
func (e Expr[T]) WithinGroup(terms ...Term) Expr[T] { return e.ordered("WITHIN GROUP", true, terms) }

// OrderedBy makes an aggregate take its rows in an order:
// string_agg(name, ', ' ORDER BY name). [StringAgg] has it on all databases (on
// SQLite from version 3.44 on), other aggregates on PostgreSQL and SQLite. With
// [Distinct] the order is by the aggregate's own value; another is a mistake.
func (e Expr[T]) OrderedBy(terms ...Term) Expr[T] {
	return e.ordered("the order of an aggregate", false, terms)
}

func (e Expr[T]) ordered(what string, within bool, terms []Term) Expr[T] {
	if e.n != nil && e.n.op == opMistake {
		return e
	}
	if e.n == nil || e.n.op != opCall || e.n.flag&flagStar != 0 {
		return Expr[T]{mistake("%s: %s is not an aggregate of an expression", what, describe(e.n))}
	}
	if _, twice := e.n.ext.(*aggregate); twice {
		return Expr[T]{mistake("%s: %s has one already", what, describe(e.n))}
	}
	if len(terms) == 0 {
		return Expr[T]{mistake("%s: no terms", what)}
	}
	a := &aggregate{args: e.n.args(nil), within: within}
	for _, t := range terms {
		n := termOf(t)
		if n == nil {
			n = mistake("nil operand")
		}
		a.order = append(a.order, n)
	}
	n := *e.n
	n.l, n.r, n.ext = nil, nil, a
	return Expr[T]{&n}
}

// Distinct makes an aggregate take each value once: sum(DISTINCT x). Over a window
// only Oracle has that.
func Distinct[T any](e Expr[T]) Expr[T] {
	if e.n != nil && e.n.op == opMistake {
		return e
	}
	if e.n == nil || e.n.op != opCall || e.n.flag&flagStar != 0 {
		return Expr[T]{mistake("DISTINCT: %s is not an aggregate of an expression", describe(e.n))}
	}
	n := *e.n
	n.flag |= flagDistinct
	return Expr[T]{&n}
}

// The kinds of subtotals.
const (
	groupsRollup uint16 = iota
	groupsCube
	groupsSets
)

var groupsWords = [...]string{groupsRollup: "ROLLUP(", groupsCube: "CUBE(", groupsSets: "GROUPING SETS("}

// Rollup is, in GroupBy, a group for each combination of the expressions, with
// subtotals: for all but the last expression, and so on up to the total.
// SQLite has none; on MySQL and MariaDB it is all that GroupBy has.
func Rollup(es ...Any) Expr[any] { return groups(groupsRollup, [][]Any{es}) }

// Cube is, in GroupBy, the groups of every choice among the expressions.
// SQLite, MySQL and MariaDB have none.
func Cube(es ...Any) Expr[any] { return groups(groupsCube, [][]Any{es}) }

// GroupingSets is, in GroupBy, the groups of each of several lists of
// expressions; an empty list is the total. SQLite, MySQL and MariaDB have
// none.
func GroupingSets(sets ...[]Any) Expr[any] { return groups(groupsSets, sets) }

func groups(kind uint16, sets [][]Any) Expr[any] {
	n := &node{op: opGroups, aux: kind}
	lists := make([][]*node, len(sets))
	for i, set := range sets {
		for _, e := range set {
			lists[i] = append(lists[i], operand(e))
		}
	}
	if len(sets) == 0 || kind != groupsSets && len(lists[0]) == 0 {
		return Expr[any]{mistake("%s of nothing", groupsWords[kind][:len(groupsWords[kind])-1])}
	}
	n.ext = lists
	return Expr[any]{n}
}

// Grouping is 0 where the row of a group has a value of the expression, and 1
// where it is a subtotal over all of its values. Of several expressions, it is
// the number that these bits make up.
func Grouping(es ...Any) Expr[int64] {
	if len(es) == 0 {
		return Expr[int64]{mistake("GROUPING of nothing")}
	}
	list := make([]*node, len(es))
	for i, e := range es {
		list[i] = operand(e)
	}
	return Expr[int64]{&node{op: opGrouping, typ: typeBigInt, ext: list}}
}
