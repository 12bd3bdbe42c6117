package corpus

import "github.com/sqlayer-go/sqlayer/expr"

var (
	labelled = expr.Values([]expr.ColumnDef{expr.Def[int64]("id"), expr.Def[string]("label")},
		[]any{1, "one"}, []any{2, "two"}).As("v")
	seeds = expr.CTE("seeds", expr.Values([]expr.ColumnDef{expr.Def[int64]("n")},
		[]any{expr.Literal(10)}, []any{expr.Literal(20)}))
)

var valuesCases = cases{
	"from-1": same(expr.Select(expr.Columns(labelled)...).From(labelled).Where(expr.C[int64](labelled, "id").Gt(1))),
	"cte-1":  same(expr.Select(expr.C[int64](seeds, "n")).From(seeds).With(seeds)),
}
