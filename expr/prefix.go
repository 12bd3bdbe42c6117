package expr

// Prefix is a word that stands after INSERT, UPDATE or DELETE and that one
// database alone has: IGNORE, OR REPLACE. Packages for one database make
// them ([github.com/sqlayer-go/sqlayer/expr/my],
// [github.com/sqlayer-go/sqlayer/expr/lite]). A database without the word
// refuses the statement, unless the prefix says IfKnown. The zero Prefix is a
// mistake.
type Prefix struct{ item item }

// NewPrefix is the prefix of that word, one of dialect.Features' Prefixes.
func NewPrefix(word string) Prefix {
	return Prefix{item{clause: clausePrefix, n: &node{name: word}}}
}

// IfKnown is the prefix left out on databases that do not have it, for
// statements that are right there without it.
func (p Prefix) IfKnown() Prefix {
	p.item.flag = 1
	return p
}

func (c clauses) prefixes(ps []Prefix) clauses {
	c, slots := c.grow(len(ps))
	for i := range ps {
		slots[i] = ps[i].item
		slots[i].clause = clausePrefix
	}
	return c
}

// Prefix adds words after INSERT.
func (s InsertStmt) Prefix(ps ...Prefix) InsertStmt { return InsertStmt{s.c.prefixes(ps)} }

// Prefix adds words after UPDATE.
func (s UpdateStmt) Prefix(ps ...Prefix) UpdateStmt { return UpdateStmt{s.c.prefixes(ps)} }

// Prefix adds words after DELETE.
func (s DeleteStmt) Prefix(ps ...Prefix) DeleteStmt { return DeleteStmt{s.c.prefixes(ps)} }
