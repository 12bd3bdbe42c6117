package expr

func (p *printer) over(n *node) {
	inner := p.settle(n.l)
	if inner == nil || inner.op != opCall && inner.op != opFilter && inner.op != opText && inner.op != opCustom {
		p.fail("OVER stands after a function, not after %s", describe(n.l))
		return
	}
	p.expr(inner, precAtom)
	p.str(" OVER (")
	w := n.ext.(*Window)
	if len(w.partition) > 0 {
		p.str("PARTITION BY ")
		p.list(w.partition)
		if len(w.order) > 0 {
			p.str(" ")
		}
	}
	if len(w.order) > 0 {
		p.str("ORDER BY ")
		for i, t := range w.order {
			if i > 0 {
				p.str(", ")
			}
			p.orderTerm(t, nil)
		}
	}
	p.frame(w)
	p.str(")")
}

// frame writes the rows of a window that the function is computed over.
func (p *printer) frame(w *Window) {
	f := w.frame
	if f.kind == noFrame {
		return
	}
	word := frameWords[f.kind]
	begin, end := UnboundedPreceding(), UnboundedFollowing()
	switch {
	case f.from.n == badBound || f.to.n == badBound:
		p.fail("%s: a negative number of rows", word)
	case f.from == end || f.to == begin || f.to != end && f.from != begin && f.from.n > f.to.n:
		p.fail("%s: the frame ends before it begins", word)
	case len(w.order) == 0:
		p.fail("%s: the window has no OrderBy, which says what rows come before", word)
	case f.kind == rangeFrame && (!f.from.unbounded && f.from.n != 0 || !f.to.unbounded && f.to.n != 0):
		p.fail("RANGE: a bound is the current row or unbounded; count rows with Rows")
	case f.kind == groupsFrame && !p.f.FrameGroups:
		p.unsupported("GROUPS of a window", "use Rows, or Range up to the current row")
	}
	if len(w.partition)+len(w.order) > 0 {
		p.str(" ")
	}
	p.str(word)
	p.str(" BETWEEN ")
	p.bound(f.from)
	p.str(" AND ")
	p.bound(f.to)
}

func (p *printer) bound(b Bound) {
	switch {
	case b.unbounded:
		p.str("UNBOUNDED")
	case b.n == 0:
		p.str("CURRENT ROW")
		return
	default:
		p.w.WriteInt(max(b.n, -b.n))
	}
	if b.n < 0 {
		p.str(" PRECEDING")
	} else {
		p.str(" FOLLOWING")
	}
}

func (p *printer) filter(n *node) {
	fn := p.settle(n.l)
	switch {
	case fn == nil || fn.op != opCall:
		p.fail("FILTER stands after an aggregate, not after %s", describe(n.l))
	case n.r == nil:
		p.fail("FILTER: zero Cond; an optional filter is expr.When(ok, cond)")
	case n.r.op == opNothing:
		p.expr(fn, precAtom)
	case p.f.AggregateFilter:
		p.call(fn, nil)
		p.str(" FILTER (WHERE ")
		p.cond(n.r, precLow)
		p.str(")")
	default:
		p.call(fn, n.r)
	}
}
