package orm

import (
	"strconv"

	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/internal/tag"
)

func tagSnake(name string) string { return tag.Snake(name) }

// Has is the condition that a relation leads to something that meets all
// conditions:
//
//	orm.Has(&u.Addresses, orm.F(&a.City).Eq("London"))
//
// It is an EXISTS, so each object is found once, however many there are. The
// conditions name the other side by its Ref, and may name what is around. Where the
// relation leads to the type that it comes from, use [HasAs].
func Has(relation any, conds ...expr.Cond) expr.Cond { return has(relation, nil, conds) }

// HasAs is [Has] with a name for the other side: an [Alias], which the
// conditions use.
//
//	orm.HasAs(&u.Boss, boss, orm.F(&boss.Name).Eq("Ada"))
func HasAs(relation, role any, conds ...expr.Cond) expr.Cond {
	return has(relation, []any{role}, conds)
}

// relationKey asks the scope that it reaches for the role that a relation
// belongs to.
type relationKey struct {
	ptr   any
	scope *scope
	from  *role
	rel   *relation
}

func (s *scope) resolveRelation(k *relationKey) (expr.Any, error) {
	from, rel, err := s.relationAt(k.ptr)
	if err != nil {
		return nil, err
	}
	l, err := rel.link()
	if err != nil {
		return nil, err
	}
	k.scope, k.from, k.rel = s, from, rel
	return expr.ColumnAt(from.table, l.local), nil
}

func has(relation any, as []any, conds []expr.Cond) expr.Cond {
	return expr.DeferCond(func(r expr.Resolver) (expr.Cond, error) {
		k := &relationKey{ptr: relation}
		if _, err := r.Resolve(k); err != nil {
			return expr.Cond{}, err
		}
		inner := &scope{parent: k.scope}
		l, err := k.rel.link()
		if err != nil {
			return expr.Cond{}, err
		}
		if as == nil && k.rel.other == k.rel.ent.typ && len(conds) > 0 {
			return expr.Cond{}, mistake("%s leads from %s to %s: name the other side, with orm.HasAs(…, orm.Alias[%s](%q), …)",
				k.rel, k.rel.ent.name, l.target.name, l.target.name, tag.Snake(k.rel.field))
		}
		to, err := inner.bring(k.rel, as)
		if err != nil {
			return expr.Cond{}, err
		}
		for base, n := to.name, 2; k.scope.named(to.name); n++ {
			if as != nil {
				return expr.Cond{}, mistake("HasAs(%s): the statement has a table called %s already", k.rel, to.name)
			}
			to.name = base + "_" + strconv.Itoa(n)
			to.table = l.target.tableAs(to.name)
		}
		on, err := k.rel.condition(k.from.table, to.table)
		if err != nil {
			return expr.Cond{}, err
		}
		inner.roles = []role{to}
		sub := expr.Select(expr.Literal(1)).From(to.table).Where(on).Where(conds...).Resolve(inner)
		return expr.Exists(sub), nil
	})
}
