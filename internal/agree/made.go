package agree

import (
	"math/rand/v2"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// Statements are the statements that a seed makes: an expression as a column, and a
// condition as a WHERE and as the opposite of one; a query; writes. It is for those who
// judge how a database's dialect says them, and needs no server. A seed whose
// query or writes need not agree has none of them.
func Statements(seed uint64) []dialect.Statement {
	t, _ := makeTree(seed)
	id := expr.C[int64](base, "id")
	list := []dialect.Statement{expr.Select(t.e).From(base).OrderBy(id)}
	if t.kind == boolean {
		list = append(list, expr.Select(id).From(base).Where(cond(t)), expr.Select(id).From(base).Where(expr.Not(cond(t))))
	}
	if q, ok := makeQuery(seed); ok {
		list = append(list, q.q.(dialect.Statement))
	}
	if made, ok := makeWrites(seed); ok {
		list = append(list, made.stmts...)
	}
	return list
}

// Tables are two tables that a seed makes, the second one of which refers to the first.
func Tables(seed uint64) *schema.Metadata { return schema.NewMetadata(makeTables(seed)...) }

func makeTables(seed uint64) []expr.Relation {
	return (&maker{Rand: rand.New(rand.NewPCG(seed, 4))}).tables()
}
