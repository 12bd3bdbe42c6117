package expr

import (
	"strconv"
	"strings"
	"time"
)

func (p *printer) over(n *node) {
	inner := p.settle(n.l)
	if inner == nil || inner.op != opCall && inner.op != opFilter && inner.op != opText && inner.op != opCustom {
		p.fail("OVER stands after a function, not after %s", describe(n.l))
		return
	}
	switch {
	case !p.checkOver(n):
		return
	case p.rowwise(inner):
		p.fail("OVER stands after an aggregate or a function of windows, not after %s", describe(inner))
		return
	case inner.op == opCall && unordered(inner):
		p.plainCall(inner) // which reports it
		return
	}
	if (inner.name == "lag" || inner.name == "lead") && len(inner.args(nil)) > 2 && !p.f.LagDefault {
		p.unsupported("a third argument of "+inner.name, "use Coalesce around the window function, where the column has no NULLs")
		return
	}
	if strings.EqualFold(inner.name, "nth_value") && inner.op == opCall && !p.f.NthValue {
		p.unsupported("nth_value", "number the rows with RowNumber in a derived table, and take the row that is due")
		return
	}
	if p.notOver(inner, n.ext.(*Window)) {
		return
	}
	before := p.within
	p.within.window, p.within.over = n, inner
	p.overFunction(n, inner)
	before.grouped = p.within.grouped
	p.within = before
}

// overFunction writes a function and its window.
func (p *printer) overFunction(n, inner *node) {
	if inner.op == opCall && inner.aux != 0 {
		p.overNulls(n, inner)
		return
	}
	if _, ok := inner.ext.(*aggregate); ok && inner.op == opCall {
		p.aggregate(inner, nil, true)
	} else if inner.op == opCall {
		p.call(inner, nil)
	} else {
		p.expr(inner, precAtom)
	}
	p.within.over = nil
	p.overWindow(n.ext.(*Window))
}

// plainCall writes a call that stands by itself: with no window, order or filter
// to it.
func (p *printer) plainCall(n *node) {
	switch {
	case ranks(n.name) && n.aux == 0:
		p.fail("%s is computed over a window, which it lacks: Over(expr.Window{}.OrderBy(…))", describe(n))
	case unordered(n):
		p.fail("%s is of values in an order, which it lacks: WithinGroup(…)", describe(n))
	default:
		p.call(n, nil)
	}
}

// ranks reports whether a function is one of the SQL standard's that stand over
// a window and nowhere else (ISO/IEC 9075-2, 6.10, and those of every database).
func ranks(name string) bool {
	switch strings.ToLower(name) {
	case "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile":
		return true
	}
	return treatsNulls(name)
}

// rowwise reports whether n is one of the portable functions that make one value
// of one row. Of a function that the dialect does not list nothing is known.
func (p *printer) rowwise(n *node) bool {
	if n.op != opCall || n.flag&flagStar != 0 || ranks(n.name) || n.aggregates() {
		return false
	}
	_, listed := p.f.Functions[n.name]
	return listed
}

// unordered reports whether n is a percentile as [PercentileCont] makes it, of
// no values yet. With the values among its arguments it is another function.
func unordered(n *node) bool {
	switch strings.ToLower(n.name) {
	case "percentile_cont", "percentile_disc":
		_, ordered := n.ext.(*aggregate)
		return !ordered && n.l != nil && n.r == nil
	}
	return false
}

// notOver refuses aggregates that take no window.
func (p *printer) notOver(fn *node, w *Window) bool {
	if fn.op == opFilter {
		if fn = p.settle(fn.l); fn == nil {
			return false // reported
		}
	}
	if fn.op != opCall {
		return false
	}
	texts := strings.EqualFold(fn.name, "string_agg")
	plain := w.name == "" && len(w.order) == 0 && w.frame == (frame{})
	a, ordered := fn.ext.(*aggregate)
	const instead = "group the rows in a derived table, and join it"
	switch {
	case fn.flag&flagDistinct != 0 && !(p.f.DistinctOver && plain):
		p.unsupported(fn.name+"(DISTINCT …) over a window", instead)
	case texts && !(p.f.StringAggOver && (plain || !strings.Contains(p.f.StringAggOrdered, withinGroup))):
		p.unsupported("string_agg over a window", instead)
	case ordered && !a.within && !(texts && strings.Contains(p.f.StringAggOrdered, withinGroup)):
		p.unsupported("an order of the rows of "+fn.name+" over a window", "order the window, with a frame of all its rows")
	default:
		return false
	}
	return true
}

// withinGroup begins the order of an ordered set, which takes a window that has
// none.
const withinGroup = " WITHIN GROUP ("

// overWindow writes OVER and the window, or the name of one.
func (p *printer) overWindow(w *Window) {
	p.str(" OVER ")
	if w.name != "" && len(w.partition)+len(w.order) == 0 && w.frame == (frame{}) {
		switch base := p.windowNamed(w.name); {
		case base == nil:
		case p.f.NamedWindows:
			p.w.Ident(w.name)
		default:
			p.window(base)
		}
		return
	}
	p.window(w)
}

// window writes what a function is computed over, in parentheses.
func (p *printer) window(w *Window) {
	p.str("(")
	written := false
	if w.name != "" {
		base := p.windowNamed(w.name)
		switch {
		case base == nil:
			return
		case len(w.partition) > 0:
			p.fail("the window %s is named, and its rows are parted already or not at all", w.name)
			return
		case len(w.order) > 0 && len(base.order) > 0:
			p.fail("the window %s has an order already", w.name)
			return
		case base.frame.kind != noFrame:
			p.fail("the window %s has a frame, so nothing can be added to it", w.name)
			return
		}
		merged := *w
		if len(w.order) == 0 {
			merged.order = base.order
		}
		if p.f.NamedWindows {
			p.w.Ident(w.name)
			written = true
			p.frameOf(&merged, w, written)
			return
		}
		merged.partition = base.partition
		w = &merged
	}
	p.frameOf(w, w, written)
}

// windowNamed looks a window up by its name, with what it adds to another one,
// and reports where there is none.
func (p *printer) windowNamed(name string) *Window { return p.windowIn(name, len(p.windows)) }

func (p *printer) windowIn(name string, depth int) *Window {
	for i := range p.windows {
		it := &p.windows[i]
		if it.clause != clauseWindow || it.n.name != name {
			continue
		}
		w := *it.n.ext.(*Window)
		if w.name == "" {
			return &w
		}
		if depth == 0 {
			p.fail("the window %q is made of itself", name)
			return nil
		}
		base := p.windowIn(w.name, depth-1)
		if base == nil {
			return nil
		}
		if len(w.partition) > 0 || len(w.order) > 0 && len(base.order) > 0 || base.frame.kind != noFrame {
			p.fail("the window %q adds to %q what that has, or what goes before it", name, w.name)
			return nil
		}
		w.partition = base.partition
		if len(w.order) == 0 {
			w.order = base.order
		}
		w.name = ""
		return &w
	}
	p.fail("no window is called %q; give it its name with the SELECT's Window", name)
	return nil
}

// frameOf writes the parts of w, the rest of whose window is in whole, and the
// closing parenthesis.
func (p *printer) frameOf(whole, w *Window, written bool) {
	space := func() {
		if written {
			p.str(" ")
		}
		written = true
	}
	if len(w.partition) > 0 {
		space()
		p.str("PARTITION BY ")
		p.list(w.partition)
	}
	if len(w.order) > 0 {
		space()
		p.str("ORDER BY ")
		p.terms(w.order)
	}
	if w.frame.kind != noFrame {
		space()
		p.frame(w.frame, whole.order)
	} else if w.frame.exclude != ExcludeNoOthers {
		p.fail("EXCLUDE: the window has no frame; say Rows, Range or Groups")
	}
	p.str(")")
}

// terms writes the terms of an order that is not the statement's.
func (p *printer) terms(terms []*node) {
	for i, t := range terms {
		if i > 0 {
			p.str(", ")
		}
		p.orderTerm(t, nil)
	}
}

// namedWindows writes WINDOW w AS (…).
func (p *printer) namedWindows(items []item) {
	p.in("WINDOW")
	word := " WINDOW "
	for i := range items {
		it := &items[i]
		if it.clause != clauseWindow {
			continue
		}
		for j := range i {
			if o := &items[j]; o.clause == clauseWindow && o.n.name == it.n.name {
				p.fail("two windows are called %q", it.n.name)
			}
		}
		if !p.f.NamedWindows {
			continue
		}
		p.str(word)
		word = ", "
		p.w.Ident(it.n.name)
		p.str(" AS ")
		p.window(it.n.ext.(*Window))
	}
}

// frame writes the rows of a window that the function is computed over.
func (p *printer) frame(f frame, order []*node) {
	word := frameWords[f.kind]
	begin, end := UnboundedPreceding(), UnboundedFollowing()
	values := f.from.by != nil || f.to.by != nil
	switch {
	case f.from.n == badBound || f.to.n == badBound:
		p.fail("%s: a negative number of rows", word)
	case f.from == end || f.to == begin || f.to != end && f.from != begin && f.from.n > f.to.n:
		p.fail("%s: the frame ends before it begins", word)
	case len(order) == 0:
		p.fail("%s: the window has no OrderBy, which says what rows come before", word)
	case f.kind != rangeFrame && values:
		p.fail("%s: a distance in values is for Range; count rows with Preceding and Following", word)
	case f.kind == rangeFrame && (f.from.rows() || f.to.rows()):
		p.fail("RANGE: a bound is the current row, unbounded, or a distance in values (PrecedingBy); count rows with Rows")
	case values && len(order) != 1:
		p.fail("RANGE: a distance in values needs one term in OrderBy, and there are %d", len(order))
	case values && !p.f.FrameValues:
		p.unsupported("RANGE of a window with a distance", "use Rows, or a scalar query")
	case values && order[0].op == opOrder && p.nullsByCase(order[0].flag):
		p.unsupported("NULLS FIRST and NULLS LAST in a window whose frame is a distance in values", "leave them out, and the rows without a value by a Filter or a condition")
	case f.kind == groupsFrame && !p.f.FrameGroups:
		p.unsupported("GROUPS of a window", "use Rows, or Range up to the current row")
	case f.exclude != ExcludeNoOthers && !p.f.FrameExclude:
		p.unsupported("EXCLUDE in the frame of a window", "take the row's own value off the result")
	}
	p.str(word)
	p.str(" BETWEEN ")
	p.bound(f.from)
	p.str(" AND ")
	p.bound(f.to)
	if int(f.exclude) < len(exclusionWords) {
		p.str(exclusionWords[f.exclude])
	} else {
		p.fail("EXCLUDE: no such exclusion as %d", f.exclude)
	}
}

// rows reports whether the bound counts rows.
func (b Bound) rows() bool { return !b.unbounded && b.by == nil && b.n != 0 }

func (p *printer) bound(b Bound) {
	switch {
	case b.unbounded:
		p.str("UNBOUNDED")
	case b.by != nil:
		p.distance(b.by)
	case b.n == 0:
		p.str("CURRENT ROW")
		return
	case p.f.FrameParams:
		p.w.Bind(max(b.n, -b.n), typeBigInt)
	default:
		p.w.WriteInt(max(b.n, -b.n))
	}
	if b.n < 0 {
		p.str(" PRECEDING")
	} else {
		p.str(" FOLLOWING")
	}
}

// distance writes how far a frame reaches in values.
func (p *printer) distance(n *node) {
	d, ok := n.ext.(time.Duration)
	if !ok || n.op != opLiteral {
		p.expr(n, precAtom)
		return
	}
	if p.f.FrameInterval == "" {
		p.unsupported("RANGE of a window with a distance in time", "order by a number, such as extract_epoch")
		return
	}
	p.w.Template(p.f.FrameInterval, func(int) { p.str(strconv.FormatFloat(d.Seconds(), 'f', -1, 64)) })
}

func (p *printer) filter(n *node) {
	fn := p.settle(n.l)
	if n == p.within.over {
		p.within.over = fn
	}
	switch {
	case fn == nil || fn.op != opCall:
		p.fail("FILTER stands after an aggregate, not after %s", describe(n.l))
	case n.r == nil:
		p.fail("FILTER: zero Cond; an optional filter is expr.When(ok, cond)")
	case ranks(fn.name) || p.rowwise(fn):
		p.fail("FILTER stands after an aggregate, not after %s", describe(fn))
	case n.r.op == opNothing:
		p.plainCall(fn)
	case unordered(fn):
		p.plainCall(fn) // which reports it
	case p.f.AggregateFilter:
		p.filteredBy(n, fn)
	default:
		p.call(fn, n.r)
	}
}

// filteredBy writes an aggregate and its FILTER.
func (p *printer) filteredBy(n, fn *node) {
	over := p.within.over == fn
	p.call(fn, nil)
	before := p.within
	if !over {
		p.within.aggregate = fn
	}
	p.str(" FILTER (WHERE ")
	p.test(n.r, precLow)
	p.str(")")
	p.within.aggregate = before.aggregate
}
