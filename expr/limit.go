package expr

import "github.com/sqlayer-go/sqlayer/dialect"

const (
	limitPercent uint8 = 1 << iota // the limit is a share of all rows
	limitFetch                     // it is said by FETCH
)

// Limit gives at most n rows. The last call counts; a negative number is a
// mistake.
func (s SelectStmt) Limit(n int64) SelectStmt {
	return SelectStmt{s.c.with(counting(clauseLimit, 0, n))}
}

// LimitExpr is Limit with an expression, which must not name columns. MySQL
// takes nothing but a [Value], a [Param] or a [Literal].
func (s SelectStmt) LimitExpr(n Any) SelectStmt {
	return SelectStmt{s.c.with(item{clause: clauseLimit, n: operand(n)})}
}

// LimitPercent limits the result to n percent of its rows, rounded up. SQL
// Server and Oracle have it.
func (s SelectStmt) LimitPercent(n int64) SelectStmt {
	return SelectStmt{s.c.with(counting(clauseLimit, limitPercent, n))}
}

// Fetch is Limit in the words of the standard, FETCH FIRST n ROWS ONLY, where
// the database has them; MySQL and SQLite say LIMIT. On SQL Server, where Limit
// is TOP and the number stands in the text, it is a parameter then.
func (s SelectStmt) Fetch(n int64) SelectStmt {
	return SelectStmt{s.c.with(counting(clauseLimit, limitFetch, n))}
}

// WithTies adds to the rows of the limit those that are equal to the last one
// in all terms of OrderBy. MySQL and SQLite do not have it.
func (s SelectStmt) WithTies() SelectStmt { return SelectStmt{s.c.with(item{clause: clauseTies})} }

// Offset leaves out the first n rows. The last call counts; a negative number
// is a mistake. Without OrderBy, which rows these are is the database's choice.
func (s SelectStmt) Offset(n int64) SelectStmt {
	return SelectStmt{s.c.with(counting(clauseOffset, 0, n))}
}

// OffsetExpr is Offset with an expression; see [SelectStmt.LimitExpr].
func (s SelectStmt) OffsetExpr(n Any) SelectStmt {
	return SelectStmt{s.c.with(item{clause: clauseOffset, n: operand(n)})}
}

// Slice gives the rows from number from, counted from 0, up to but not
// including number to, in the way of Go's slices: an offset and a limit.
func (s SelectStmt) Slice(from, to int64) SelectStmt { return SelectStmt{s.c.slice(from, to)} }

func (c clauses) slice(from, to int64) clauses {
	if from < 0 || to < from {
		return c.with(item{clause: clauseHint, n: mistake("Slice(%d, %d): it goes from 0 upwards", from, to)})
	}
	return c.with(counting(clauseOffset, 0, from)).with(counting(clauseLimit, 0, to-from))
}

// Limit gives at most n rows of the whole.
func (s SetStmt) Limit(n int64) SetStmt {
	return SetStmt{s.c.with(counting(clauseLimit, 0, n))}
}

// Fetch is Limit in the words of the standard; see [SelectStmt.Fetch].
func (s SetStmt) Fetch(n int64) SetStmt {
	return SetStmt{s.c.with(counting(clauseLimit, limitFetch, n))}
}

// LimitExpr is Limit with an expression; see [SelectStmt.LimitExpr].
func (s SetStmt) LimitExpr(n Any) SetStmt {
	return SetStmt{s.c.with(item{clause: clauseLimit, n: operand(n)})}
}

// WithTies adds to the rows of the limit those that are equal to the last one
// in all terms of OrderBy; see [SelectStmt.WithTies].
func (s SetStmt) WithTies() SetStmt { return SetStmt{s.c.with(item{clause: clauseTies})} }

// Offset leaves out the first n rows of the whole.
func (s SetStmt) Offset(n int64) SetStmt {
	return SetStmt{s.c.with(counting(clauseOffset, 0, n))}
}

// OffsetExpr is Offset with an expression; see [SelectStmt.LimitExpr].
func (s SetStmt) OffsetExpr(n Any) SetStmt {
	return SetStmt{s.c.with(item{clause: clauseOffset, n: operand(n)})}
}

// Slice gives the rows of the whole from number from up to but not including
// number to; see [SelectStmt.Slice].
func (s SetStmt) Slice(from, to int64) SetStmt { return SetStmt{s.c.slice(from, to)} }

// count is a limit or an offset: a number, an expression, or none.
type count struct {
	n    int64 // -1: none
	expr *node
}

func (c count) is() bool { return c.n >= 0 || c.expr != nil }

// counted takes the count of an item.
func (p *printer) counted(it *item, word, name string) count {
	switch {
	case it.n != nil && it.n.op == opMistake:
		p.in(word)
		p.mistake(it.n)
	case it.n != nil:
		return count{-1, it.n}
	case it.count() < 0:
		p.w.Failf("expr: %s: negative %s %d", word, name, it.count())
	}
	return count{n: it.count()}
}

// number writes a count: as a parameter where the database takes one there.
func (p *printer) number(c count, word string, bind bool) {
	if c.expr == nil {
		if bind {
			cl := clauseLimit
			if word == "OFFSET" {
				cl = clauseOffset
			}
			p.note(nil, int(cl), typeBigInt)
			p.w.Bind(c.n, typeBigInt)
		} else {
			p.w.WriteInt(c.n)
		}
		return
	}
	n := p.settle(c.expr)
	if p.f.PlainLimit && n != nil && n.op != opBind && n.op != opParam && n.op != opLiteral {
		p.unsupported("an expression as a limit or offset", "calculate it in the program")
	}
	clause, floor := p.clause, p.floor
	p.in(word)
	p.floor = len(p.scope) // it is the same for all rows
	p.expr(n, precLow)
	p.clause, p.floor = clause, floor
}

// top reports whether the limit stands in front of the columns.
func (p *printer) top(s *parts) bool {
	return p.f.Paging == dialect.TopOffsetFetch && s.limit.is() && !s.is(clauseSetOp) && !(s.fetch && s.limit.n > 0 && !s.is(clauseTies)) &&
		(!s.offset.is() || s.offset.n == 0 || s.limit.n == 0 || s.percent || s.is(clauseTies))
}

// writeTop writes TOP.
func (p *printer) writeTop(s *parts) {
	if s.offset.is() && s.offset.n != 0 && s.limit.n != 0 {
		p.unsupported("an offset together with WithTies or LimitPercent", "number the rows with rank() in a derived table")
	}
	p.str("TOP ")
	if s.limit.expr != nil {
		p.str("(")
	}
	p.number(s.limit, "LIMIT", false)
	if s.limit.expr != nil {
		p.str(")")
	}
	if s.percent {
		p.str(" PERCENT")
	}
	if s.is(clauseTies) {
		p.str(" WITH TIES")
	}
	p.str(" ")
}

// checkPaging reports what a limit lacks, whatever the database.
func (p *printer) checkPaging(s *parts) {
	if s.percent && s.limit.n > 100 {
		p.w.Failf("expr: LIMIT: %d percent; give 0 to 100", s.limit.n)
	}
	if s.percent && !p.f.LimitPercent {
		p.unsupported("a limit in percent", "count the rows first")
	}
	if !s.is(clauseTies) {
		return
	}
	switch {
	case !s.limit.is():
		p.w.Failf("expr: WITH TIES: there is no limit")
	case !s.is(clauseOrder):
		p.w.Failf("expr: WITH TIES: there is no order in which rows could be equal")
	case !p.f.WithTies || p.f.Paging == dialect.TopOffsetFetch && s.is(clauseSetOp):
		p.unsupported("WITH TIES", "number the rows with rank() in a derived table, and keep those up to the limit")
	}
}

// paging cuts the result, after its ORDER BY.
func (p *printer) paging(s *parts) {
	if !s.limit.is() && !s.offset.is() {
		return
	}
	form := p.f.Paging
	if form != dialect.TopOffsetFetch && (s.is(clauseTies) || s.fetch && p.f.WithTies) {
		form = dialect.OffsetFetch
	}
	// Oracle writes its numbers as they are: its plans know them.
	bind := p.f.Paging != dialect.OffsetFetch
	switch form {
	case dialect.LimitOffset:
		switch {
		case s.limit.is():
			p.str(" LIMIT ")
			p.number(s.limit, "LIMIT", bind)
		case p.f.LimitAll != "":
			p.str(" LIMIT ")
			p.str(p.f.LimitAll)
		}
		if s.offset.is() {
			p.str(" OFFSET ")
			p.number(s.offset, "OFFSET", bind)
		}
	case dialect.LimitComma:
		p.str(" LIMIT ")
		if s.offset.is() {
			p.number(s.offset, "OFFSET", bind)
			p.str(", ")
		}
		if s.limit.is() {
			p.number(s.limit, "LIMIT", bind)
		} else {
			p.str(p.f.LimitAll)
		}
	case dialect.OffsetFetch:
		if s.offset.is() {
			p.str(" OFFSET ")
			p.number(s.offset, "OFFSET", bind)
			p.str(" ROWS")
		}
		if s.limit.is() {
			p.fetch(s, bind)
		}
	case dialect.TopOffsetFetch:
		if s.limit.n == 0 && s.limit.expr == nil {
			p.unsupported("a limit of 0 of a set operation", "leave the statement out")
		}
		if !s.is(clauseOrder) {
			if s.is(clauseDistinct) || s.is(clauseSetOp) {
				p.unsupported("a limit or offset of DISTINCT or of a set operation without ORDER BY", "add an OrderBy")
			}
			p.str(" ORDER BY (SELECT NULL)")
		}
		p.str(" OFFSET ")
		if s.offset.is() {
			p.number(s.offset, "OFFSET", bind)
		} else {
			p.number(count{n: 0}, "OFFSET", !s.fetch)
		}
		p.str(" ROWS")
		if s.limit.is() {
			p.fetch(s, bind)
		}
	}
}

// fetch writes FETCH FIRST.
func (p *printer) fetch(s *parts, bind bool) {
	p.str(" FETCH FIRST ")
	parens := p.f.FetchParens
	if parens {
		p.str("(")
	}
	p.number(s.limit, "LIMIT", bind)
	if parens {
		p.str(")")
	}
	if s.percent {
		p.str(" PERCENT")
	}
	if s.is(clauseTies) {
		p.str(" ROWS WITH TIES")
	} else {
		p.str(" ROWS ONLY")
	}
}
