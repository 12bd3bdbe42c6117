package expr

// The methods of [SelectStmt] that keep the type of the rows.

// With is [SelectStmt.With].
func (q SelectOf[R]) With(ctes ...Table) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.With(ctes...)}
}

// From is [SelectStmt.From].
func (q SelectOf[R]) From(tables ...Relation) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.From(tables...)}
}

// Join is [SelectStmt.Join].
func (q SelectOf[R]) Join(r Relation, on Cond) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Join(r, on)}
}

// LeftJoin is [SelectStmt.LeftJoin].
func (q SelectOf[R]) LeftJoin(r Relation, on Cond) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.LeftJoin(r, on)}
}

// RightJoin is [SelectStmt.RightJoin].
func (q SelectOf[R]) RightJoin(r Relation, on Cond) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.RightJoin(r, on)}
}

// FullJoin is [SelectStmt.FullJoin].
func (q SelectOf[R]) FullJoin(r Relation, on Cond) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.FullJoin(r, on)}
}

// CrossJoin is [SelectStmt.CrossJoin].
func (q SelectOf[R]) CrossJoin(r Relation) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.CrossJoin(r)}
}

// LateralJoin is [SelectStmt.LateralJoin].
func (q SelectOf[R]) LateralJoin(query Table) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.LateralJoin(query)}
}

// LeftLateralJoin is [SelectStmt.LeftLateralJoin].
func (q SelectOf[R]) LeftLateralJoin(query Table) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.LeftLateralJoin(query)}
}

// Where is [SelectStmt.Where].
func (q SelectOf[R]) Where(conds ...Cond) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Where(conds...)}
}

// Clause is [SelectStmt.Clause].
func (q SelectOf[R]) Clause(cs ...Clause) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Clause(cs...)}
}

// GroupBy is [SelectStmt.GroupBy].
func (q SelectOf[R]) GroupBy(es ...Any) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.GroupBy(es...)}
}

// Having is [SelectStmt.Having].
func (q SelectOf[R]) Having(conds ...Cond) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Having(conds...)}
}

// Window is [SelectStmt.Window].
func (q SelectOf[R]) Window(name string, w Window) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Window(name, w)}
}

// OrderBy is [SelectStmt.OrderBy].
func (q SelectOf[R]) OrderBy(terms ...Term) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.OrderBy(terms...)}
}

// Limit is [SelectStmt.Limit].
func (q SelectOf[R]) Limit(n int64) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Limit(n)}
}

// Offset is [SelectStmt.Offset].
func (q SelectOf[R]) Offset(n int64) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Offset(n)}
}

// Distinct is [SelectStmt.Distinct].
func (q SelectOf[R]) Distinct() SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Distinct()}
}

// DistinctOn is [SelectStmt.DistinctOn].
func (q SelectOf[R]) DistinctOn(es ...Any) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.DistinctOn(es...)}
}

// ForUpdate is [SelectStmt.ForUpdate].
func (q SelectOf[R]) ForUpdate(opts ...LockOption) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.ForUpdate(opts...)}
}

// ForShare is [SelectStmt.ForShare].
func (q SelectOf[R]) ForShare(opts ...LockOption) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.ForShare(opts...)}
}

// ForNoKeyUpdate is [SelectStmt.ForNoKeyUpdate].
func (q SelectOf[R]) ForNoKeyUpdate(opts ...LockOption) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.ForNoKeyUpdate(opts...)}
}

// ForKeyShare is [SelectStmt.ForKeyShare].
func (q SelectOf[R]) ForKeyShare(opts ...LockOption) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.ForKeyShare(opts...)}
}

// Hint is [SelectStmt.Hint].
func (q SelectOf[R]) Hint(hs ...Hint) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Hint(hs...)}
}

// Prefix is [SelectStmt.Prefix].
func (q SelectOf[R]) Prefix(ps ...Prefix) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Prefix(ps...)}
}

// Comment is [SelectStmt.Comment].
func (q SelectOf[R]) Comment(text string) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Comment(text)}
}

// Resolve is [SelectStmt.Resolve].
func (q SelectOf[R]) Resolve(r Resolver) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Resolve(r)}
}

// LimitExpr is [SelectStmt.LimitExpr].
func (q SelectOf[R]) LimitExpr(n Any) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.LimitExpr(n)}
}

// LimitPercent is [SelectStmt.LimitPercent].
func (q SelectOf[R]) LimitPercent(n int64) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.LimitPercent(n)}
}

// OffsetExpr is [SelectStmt.OffsetExpr].
func (q SelectOf[R]) OffsetExpr(n Any) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.OffsetExpr(n)}
}

// Reorder is [SelectStmt.Reorder].
func (q SelectOf[R]) Reorder(terms ...Term) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Reorder(terms...)}
}

// Slice is [SelectStmt.Slice].
func (q SelectOf[R]) Slice(from, to int64) SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Slice(from, to)}
}

// Uncorrelated is [SelectStmt.Uncorrelated].
func (q SelectOf[R]) Uncorrelated() SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.Uncorrelated()}
}

// Fetch is [SelectStmt.Fetch].
func (q SelectOf[R]) Fetch(n int64) SelectOf[R] { return SelectOf[R]{q.SelectStmt.Fetch(n)} }

// WithTies is [SelectStmt.WithTies].
func (q SelectOf[R]) WithTies() SelectOf[R] {
	return SelectOf[R]{q.SelectStmt.WithTies()}
}
