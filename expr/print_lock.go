package expr

// locked reports whether the lock takes a source's rows.
func (p *printer) locked(items []item, s *source) bool {
	of := false
	for i := range items {
		if items[i].clause == clauseLockOf {
			if of = true; items[i].n == &s.node {
				return true
			}
		}
	}
	return !of
}

func (p *printer) lockWord(it *item) string {
	l := &p.f.Locking
	switch {
	case it.flag == lockNoKeyUpdate:
		return l.NoKeyUpdate
	case it.flag == lockKeyShare:
		return l.KeyShare
	case it.flag == lockShare && l.Share != "":
		return l.Share
	}
	return l.Update
}

// lockOptions reports options that the database does not have.
func (p *printer) lockOptions(it *item) {
	if it.num&lockNoWait != 0 && !p.f.Locking.NoWait {
		p.unsupported("NOWAIT", "set a lock timeout on the session")
	}
	if it.num&lockSkip != 0 && !p.f.Locking.SkipLocked {
		p.unsupported("SKIP LOCKED", "")
	}
}

// tableHint writes a lock as a hint of a table, up to its closing parenthesis.
func (p *printer) tableHint(it *item) {
	p.lockOptions(it)
	p.str(" WITH (")
	p.str(p.lockWord(it))
	if it.num&lockNoWait != 0 {
		p.str(", NOWAIT")
	}
	if it.num&lockSkip != 0 {
		p.str(", READPAST")
	}
}

// checkLock reports mistakes in a lock, whether or not the database has it.
func (p *printer) checkLock(items []item, s *parts) {
	p.in("FOR UPDATE")
	switch {
	case s.lock.flag == lockNoKeyUpdate && p.f.Locking.NoKeyUpdate == "":
		p.unsupported("FOR NO KEY UPDATE", "use ForUpdate, whose lock is stronger")
	case s.lock.flag == lockKeyShare && p.f.Locking.KeyShare == "":
		p.unsupported("FOR KEY SHARE", "use ForShare, whose lock is stronger")
	}
	if s.lock.num&(lockNoWait|lockSkip) == lockNoWait|lockSkip {
		p.fail("NoWait and SkipLocked exclude each other")
	}
	tables := 0
	for i := range items {
		it := &items[i]
		switch {
		case it.clause == clauseLockOf && it.n == nil:
			p.fail("LockOf: nil table")
		case it.clause == clauseLockOf && p.find(it.n.ext.(*source)) < p.base:
			p.fail("LockOf: table %s is not in FROM or a join", it.n.ext.(*source))
		case (it.clause == clauseFrom || it.clause == clauseJoin) && it.n != nil:
			if src := it.n.ext.(*source); src.kind == tableSource && p.locked(items, src) {
				tables++
			}
		}
	}
	if tables == 0 && p.f.Locking.TableHint {
		p.unsupported("a lock of a derived table", "lock within its query")
	}
	if p.f.Locking.NotGrouped && p.grouped(items, s) {
		p.unsupported("a lock of rows that are grouped or made distinct", "lock the rows in a query of its own, or in a derived table")
	}
}

// grouped reports whether the rows of a query are no longer those of its
// tables.
func (p *printer) grouped(items []item, s *parts) bool {
	if s.is(clauseGroup) || s.is(clauseHaving) || s.is(clauseDistinct) || s.is(clauseDistinctOn) {
		return true
	}
	found := false
	m := mapper{}
	m.node = func(n *node) *node {
		if _, query := n.ext.(Tree); query || found {
			return n
		}
		found = n.op == opOver || n.aggregates()
		return m.each(n)
	}
	for i := range items {
		if it := &items[i]; it.clause == clauseColumn {
			m.child(p.settle(it.n))
		}
	}
	return found
}

// lock writes FOR UPDATE. A database without row locks, where one transaction
// writes at a time, needs none.
func (p *printer) lock(items []item, s *parts) {
	word := p.lockWord(s.lock)
	if word == "" {
		return
	}
	if p.f.Locking.NotWithPaging && (s.limit.is() || s.offset.is()) {
		p.unsupported("a lock together with a limit", "lock the rows by a condition on their keys, found by a query of its own")
	}
	p.str(" ")
	p.str(word)
	first := true
	for i := range items {
		it := &items[i]
		if it.clause != clauseLockOf {
			continue
		}
		if it.n == nil {
			continue
		}
		src := it.n.ext.(*source)
		if !p.f.Locking.Of {
			break // all are locked
		}
		if first {
			p.str(" OF ")
		} else {
			p.str(", ")
		}
		first = false
		p.lockOf(src)
	}
	p.lockOptions(s.lock)
	if s.lock.num&lockNoWait != 0 {
		p.str(" NOWAIT")
	}
	if s.lock.num&lockSkip != 0 {
		p.str(" SKIP LOCKED")
	}
}

func (p *printer) lockOf(s *source) {
	if p.f.Locking.OfColumns {
		if len(s.cols) > 0 {
			p.column(&s.cols[0])
		}
		return
	}
	p.w.Ident(s.label())
}
