package expr

// InsertStmt is an INSERT. It is immutable in the way of a [SelectStmt]; the
// zero InsertStmt is a mistake.
//
// Its rows are given in one of four ways: by [InsertStmt.Values], once a row;
// by [InsertStmt.Columns] with [InsertStmt.Rows] or [InsertStmt.Flat]; by
// [InsertStmt.FromSelect]; or by [InsertStmt.DefaultValues].
type InsertStmt struct{ c clauses }

// Insert begins an INSERT into a table.
func Insert(t Relation) InsertStmt {
	return InsertStmt{writes(t)}
}

// writes begins a statement that writes to a table.
func writes(t Relation) clauses {
	c := clauses{}.with(item{clause: clauseTarget, n: sourceNode(t)})
	return c.plain(t, "a statement writes to the table itself, not to a sample of it or with anything else around its name")
}

// Values adds a row. Columns that are not assigned get their defaults. All
// rows assign the same columns, in any order.
func (s InsertStmt) Values(as ...Assignment) InsertStmt {
	c, slots := s.c.grow(len(as) + 1)
	slots[0] = item{clause: clauseRow, num: int32(len(as))}
	for i, a := range as {
		slots[i+1] = item{clause: clauseSet, n: a.col, on: a.val}
	}
	return InsertStmt{c}
}

// AnyColumn is a column of any type.
type AnyColumn interface {
	Any
	column()
}

func (Col[T]) column() {}

// Columns names the columns for [InsertStmt.Rows], [InsertStmt.Flat] and
// [InsertStmt.FromSelect].
func (s InsertStmt) Columns(columns ...AnyColumn) InsertStmt {
	c, slots := s.c.grow(len(columns))
	for i, col := range columns {
		slots[i] = item{clause: clauseColumn}
		if col != nil {
			slots[i].n = nodeOf(col)
		}
	}
	return InsertStmt{c}
}

// Rows adds rows, each with a value for every column of [InsertStmt.Columns]:
// a Go value, or an expression. The slices must not be changed afterwards.
func (s InsertStmt) Rows(rows ...[]any) InsertStmt {
	return InsertStmt{s.c.with(item{clause: clauseFlat, n: &node{ext: rows}})}
}

// Flat adds rows whose values lie one after the other in one slice: len(values)
// is a multiple of the number of columns. The slice must not be changed
// afterwards.
func (s InsertStmt) Flat(values []any) InsertStmt {
	return InsertStmt{s.c.with(item{clause: clauseFlat, n: &node{ext: values}})}
}

// FromSelect inserts the rows of a query, in the columns of
// [InsertStmt.Columns].
func (s InsertStmt) FromSelect(q Query) InsertStmt {
	return InsertStmt{s.c.with(item{clause: clauseSelect, n: queryNode(q)})}
}

// DefaultValues inserts one row of defaults.
func (s InsertStmt) DefaultValues() InsertStmt {
	return InsertStmt{s.c.with(item{clause: clauseDefaults})}
}

// Returning gives columns of the rows that were inserted, or updated by an
// upsert. Rows that DoNothing left alone are not among them.
func (s InsertStmt) Returning(es ...Any) InsertStmt {
	return InsertStmt{s.c.exprs(clauseReturning, es)}
}

// ReturningKey gives the key that the database generates for each row: as rows
// of the result, or with the Result where that is how the database gives the
// key of a single row (LastInsertID; dialect.Compiled's Keys says which). With
// many rows see [InsertStmt.InOrder]. A table without a generated column
// is a mistake.
func (s InsertStmt) ReturningKey() InsertStmt {
	for _, it := range s.c.items() {
		if it.clause != clauseTarget || it.n == nil {
			continue
		}
		t := it.n.ext.(*source)
		for i := range t.cols {
			if t.cols[i].def.Generated {
				return InsertStmt{s.c.with(item{clause: clauseReturning, flag: returnKey, n: &t.cols[i].node})}
			}
		}
		return InsertStmt{s.c.with(item{clause: clauseHint, n: mistake("RETURNING: table %s has no generated column", t)})}
	}
	return s
}

// With brings in common table expressions.
func (s InsertStmt) With(ctes ...Table) InsertStmt { return InsertStmt{s.c.ctes(ctes)} }

// OnConflict begins to say what to do with a row that exists already: one that
// agrees in the given columns, on which there must be a unique key. MySQL and
// MariaDB take any unique key of the table for the conflict. Without columns it
// is any unique key: for DoUpdate on MySQL, MariaDB and SQLite only, for
// DoNothing everywhere, where SQL Server and Oracle take the primary key.
//
// The Result counts the rows that were inserted or changed. MySQL and MariaDB
// count in another way, from which that number is known for DoUpdate with
// values alone; for the others, RowsAffected is -1 there.
func (s InsertStmt) OnConflict(columns ...AnyColumn) Conflict {
	c, slots := s.c.grow(max(len(columns), 1))
	slots[0] = item{clause: clauseConflict, num: -1}
	for i, col := range columns {
		slots[i] = item{clause: clauseConflict}
		if col != nil {
			slots[i].n = nodeOf(col)
		}
	}
	return Conflict{c}
}

// OnConstraint is OnConflict with the unique key of that name. PostgreSQL
// alone has it; the others want the key's columns.
func (s InsertStmt) OnConstraint(name string) Conflict {
	return Conflict{s.c.with(item{clause: clauseConflict, num: -2, n: &node{name: name}})}
}

// Where names a partial unique index by its predicate, beside its columns.
// Databases that cannot name one refuse it.
func (c Conflict) Where(conds ...Cond) Conflict {
	return Conflict{c.c.conds(clauseConflictWhere, conds)}
}

// Conflict is an upsert whose methods say what is done with the row that
// exists.
type Conflict struct{ c clauses }

// DoNothing leaves the row that exists as it is.
func (c Conflict) DoNothing() InsertStmt {
	return InsertStmt{c.c.with(item{clause: clauseNothing})}
}

// DoUpdate changes the row that exists. [Inserted] stands for the values that
// were to be inserted; see [UpdateStmt.Set] for those of the row.
func (c Conflict) DoUpdate(as ...Assignment) Upserted {
	return Upserted{InsertStmt{c.c.assign(clauseUpdateSet, as, "DO UPDATE")}}
}

// Upserted is an INSERT with a DoUpdate.
type Upserted struct{ InsertStmt }

// Where changes the row that exists only if it meets the conditions.
func (u Upserted) Where(conds ...Cond) InsertStmt {
	return InsertStmt{u.c.conds(clauseDoWhere, conds)}
}

// assign adds assignments. No assignment at all is recorded as such.
func (c clauses) assign(cl clause, as []Assignment, what string) clauses {
	if len(as) == 0 {
		return c.with(item{clause: clauseHint, n: mistake("%s: empty SET", what)})
	}
	c, slots := c.grow(len(as))
	for i, a := range as {
		slots[i] = item{clause: cl, n: a.col, on: a.val}
	}
	return c
}

// UpdateStmt is an UPDATE. It is immutable in the way of a [SelectStmt]; the
// zero UpdateStmt is a mistake.
type UpdateStmt struct{ c clauses }

// Update begins an UPDATE of a table.
func Update(t Relation) UpdateStmt { return UpdateStmt{target(t)} }

// target begins a statement that changes the rows of a table, with what may
// stand around its name then ([CustomTarget]).
func target(t Relation) clauses {
	for r := t; ; {
		c, ok := r.(customTable)
		if !ok || !c.written {
			if _, ok := r.(modifier); ok {
				return writes(t)
			}
			return clauses{}.with(item{clause: clauseTarget, n: sourceNode(t)}).modify(t)
		}
		r = c.r
	}
}

// Set adds assignments. Their expressions see the row as it was. MySQL and
// MariaDB make one assignment after the other: there, what reads a column is
// written before what changes it, and columns that are assigned to each other are
// refused. A raw text is not looked into. With no assignment at all the statement is
// a mistake.
func (s UpdateStmt) Set(as ...Assignment) UpdateStmt {
	return UpdateStmt{s.c.assign(clauseSet, as, "UPDATE")}
}

// From brings in other tables, whose columns Set and Where may name. Where says
// which of their rows go with a row that is changed; it is to be one of each,
// since of several the database takes any. Oracle, before 23ai, has a MERGE in the place
// of it, with several tables as one derived table, and refuses a row with several.
func (s UpdateStmt) From(tables ...Relation) UpdateStmt { return UpdateStmt{s.c.from(tables)} }

// Where changes the rows that meet all conditions, those of earlier calls
// included. An UPDATE without any is refused, unless it says EveryRow.
func (s UpdateStmt) Where(conds ...Cond) UpdateStmt {
	return UpdateStmt{s.c.conds(clauseWhere, conds)}
}

// OrderBy says in what order rows are changed and, with Limit, which. Where
// the order makes no difference, it is refused without a Limit.
func (s UpdateStmt) OrderBy(terms ...Term) UpdateStmt { return UpdateStmt{s.c.order(terms)} }

// Limit changes at most n rows. A database whose UPDATE has no LIMIT finds them
// by their primary key.
func (s UpdateStmt) Limit(n int64) UpdateStmt {
	return UpdateStmt{s.c.with(counting(clauseLimit, 0, n))}
}

// EveryRow allows an UPDATE without WHERE.
func (s UpdateStmt) EveryRow() UpdateStmt { return UpdateStmt{s.c.with(item{clause: clauseEvery})} }

// Returning gives columns of the changed rows, as they are afterwards.
func (s UpdateStmt) Returning(es ...Any) UpdateStmt {
	return UpdateStmt{s.c.exprs(clauseReturning, es)}
}

// With brings in common table expressions.
func (s UpdateStmt) With(ctes ...Table) UpdateStmt { return UpdateStmt{s.c.ctes(ctes)} }

// DeleteStmt is a DELETE. It is immutable in the way of a [SelectStmt]; the
// zero DeleteStmt is a mistake.
type DeleteStmt struct{ c clauses }

// Delete begins a DELETE from a table.
func Delete(t Relation) DeleteStmt {
	return DeleteStmt{target(t)}
}

// Using brings in other tables, whose columns Where may name: rows are deleted
// for which there are rows of those that meet the conditions.
func (s DeleteStmt) Using(tables ...Relation) DeleteStmt { return DeleteStmt{s.c.from(tables)} }

// Where deletes the rows that meet all conditions, those of earlier calls
// included. A DELETE without any is refused, unless it says EveryRow.
func (s DeleteStmt) Where(conds ...Cond) DeleteStmt {
	return DeleteStmt{s.c.conds(clauseWhere, conds)}
}

// OrderBy says in what order rows are deleted and, with Limit, which. Where
// the order makes no difference, it is refused without a Limit.
func (s DeleteStmt) OrderBy(terms ...Term) DeleteStmt { return DeleteStmt{s.c.order(terms)} }

// Limit deletes at most n rows. A database whose DELETE has no LIMIT finds them
// by their primary key.
func (s DeleteStmt) Limit(n int64) DeleteStmt {
	return DeleteStmt{s.c.with(counting(clauseLimit, 0, n))}
}

// EveryRow allows a DELETE without WHERE.
func (s DeleteStmt) EveryRow() DeleteStmt { return DeleteStmt{s.c.with(item{clause: clauseEvery})} }

// Returning gives columns of the deleted rows.
func (s DeleteStmt) Returning(es ...Any) DeleteStmt {
	return DeleteStmt{s.c.exprs(clauseReturning, es)}
}

// With brings in common table expressions.
func (s DeleteStmt) With(ctes ...Table) DeleteStmt { return DeleteStmt{s.c.ctes(ctes)} }
