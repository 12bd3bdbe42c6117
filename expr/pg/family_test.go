package pg_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/pg"
)

// Each kind of value goes by the flag of its own: CockroachDB has arrays and
// intervals, and no ranges.
func TestFamiliesGoByTheirFlags(t *testing.T) {
	at := expr.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), dialect.Type{Kind: dialect.TimestampTZ})
	list := expr.Value([]int64{1, 2})
	for name, q := range map[string]dialect.Statement{
		"interval": expr.Select(pg.AddInterval(expr.Typed[time.Time](at), time.Hour)),
		"array":    expr.Select(expr.Literal[int64](1)).Where(pg.ArrayContains(list, list)),
		"range":    expr.Select(expr.Literal[int64](1)).Where(pg.RangeContains(expr.Value("[1,2)"), expr.Value(1))),
	} {
		for _, tt := range []struct {
			d   dialect.Dialect
			has bool
		}{
			{postgres.Dialect(), true},
			{postgres.Dialect(postgres.CockroachDB(25, 2)), name != "range"},
			{mysql.Dialect(), false},
		} {
			_, _, err := expr.SQL(q, tt.d)
			if (err == nil) != tt.has || err != nil && !errors.Is(err, dialect.ErrUnsupported) {
				t.Errorf("%s on %s: %v", name, tt.d.Name(), err)
			}
		}
	}
}
