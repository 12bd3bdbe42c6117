package corpus

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/pg"
)

var arrayCases = cases{
	"contains-1": same(expr.Select(Documents.ID).From(Documents).Where(pg.ArrayContains(Documents.Tags, expr.Value([]string{"a", "b"})))),
	"any-1":      same(expr.Select(Documents.ID).From(Documents).Where(pg.Any(expr.Value("a"), "=", Documents.Tags))),
	"index-1":    same(expr.Select(pg.Index(Documents.Scores, 1).As("s1"), pg.Slice(Documents.Scores, 2, 3).As("mid")).From(Documents)),
	"literal-1":  same(expr.Select(pg.Values[int64](1, 2, 3).As("a"), pg.ArrayConcat(pg.Values[int64](1, 2), pg.Values[int64](4)).As("c"))),
	"unnest-1": by(func(target) dialect.Statement {
		from, tag := pg.Unnest("tag", Documents.Tags)
		return expr.Select(Documents.ID, tag).From(Documents, from).Where(tag.Ne("b"))
	}),
	"update-1": same(expr.Update(Documents).Set(pg.SetIndex(Documents.Scores, 2, 9), expr.Set(Documents.Tags, pg.Append(Documents.Tags, "new"))).
		Where(Documents.ID.Eq(1))),
}
