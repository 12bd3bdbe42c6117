package expr_test

import (
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// What docs/texts.md says of texts and of means, on the servers that there are.
func TestLiveTexts(t *testing.T) {
	words := schema.New("words", schema.BigInt("id").PrimaryKey(), schema.Varchar("w", 20))
	id, w := schema.C[int64](words, "id"), schema.C[string](words, "w")
	found := func(want int64, c expr.Cond) expr.Query { return expr.Select(id).From(words).Where(id.Eq(want), c) }
	mean := expr.Avg(id).As("m")
	facts := []struct {
		name string
		q    expr.Query
		want map[string]string // by the dialect's name; empty: no row
	}{
		{"= and case", found(1, w.Eq("a")), map[string]string{"postgres": "", "mariadb": "1", "sqlite": ""}},
		{"LIKE and case", found(1, w.Like("a")), map[string]string{"postgres": "", "mariadb": "1", "sqlite": "1"}},
		{"LIKE and case beyond ASCII", found(2, w.Like("ä")), map[string]string{"postgres": "", "mariadb": "2", "sqlite": ""}},
		{"= and blanks at the end", found(3, w.Eq("b ")), map[string]string{"postgres": "", "mariadb": "3", "sqlite": ""}},
		{"a backslash in LIKE", found(4, w.Like(`c\%`)), map[string]string{"postgres": "4", "mariadb": "4", "sqlite": ""}},
		{"a backslash with an escape named", found(5, w.LikeEscape(`d\!%`, '!')), map[string]string{"postgres": "5", "mariadb": "5", "sqlite": "5"}},
		{"a bracket in LIKE", found(6, w.Like("[e]")), map[string]string{"postgres": "6", "mariadb": "6", "sqlite": "6"}},
		{"lower beyond ASCII", expr.Select(expr.Lower(w)).From(words).Where(id.Eq(2)), map[string]string{"mariadb": "ä", "sqlite": "Ä"}},
		{"ILIKE", found(1, w.ILike("a")), map[string]string{"postgres": "1", "mariadb": "1", "sqlite": "1"}},
		{"a mean", expr.Select(mean).From(words).Where(id.In(1, 2, 4)), map[string]string{"postgres": "~2.333333333333", "mariadb": "2.3333", "sqlite": "~2.333333333333"}},
	}
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		l.exec(schema.CreateTable(words))
		l.exec(expr.Insert(words).Columns(id, w).Rows([]any{1, "A"}, []any{2, "Ä"}, []any{3, "b"}, []any{4, "c%"}, []any{5, `d\%`}, []any{6, "[e]"}))
		for _, f := range facts {
			want, known := f.want[l.d.Name()]
			if !known {
				continue
			}
			got, err := l.rowsOf(f.q)
			text := strings.Join(got, " ")
			if err != nil || text != want && !(strings.HasPrefix(want, "~") && strings.HasPrefix(text, want[1:])) {
				t.Errorf("%s: got %q, want %q; %v\n%s", f.name, text, want, err, l.last())
			}
		}
	})
}
