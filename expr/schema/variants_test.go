package schema_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/my"
	"github.com/sqlayer-go/sqlayer/expr/pg"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// What a version of a database or a relative of it lacks is refused before it
// is sent, and what it calls otherwise is written so.
func TestDDLOfVariants(t *testing.T) {
	cockroach, yugabyte := postgres.Dialect(postgres.CockroachDB(25, 2)), postgres.Dialect(postgres.YugabyteDB(2025, 1))
	pg14, pg15 := postgres.Dialect(postgres.Version(14)), postgres.Dialect(postgres.Version(15))
	tidb, maria, my57 := mysql.Dialect(mysql.TiDB(8, 5)), mysql.Dialect(mysql.MariaDB(10, 11)), mysql.Dialect(mysql.Version(5, 7))
	table := func(parts ...schema.Part) dialect.Statement {
		return schema.CreateTable(schema.New("t", append([]schema.Part{schema.BigInt("a").PrimaryKey(), schema.Integer("b")}, parts...)...))
	}
	index := func(parts ...schema.Part) dialect.Statement {
		return schema.CreateIndexes(schema.New("t", append([]schema.Part{schema.BigInt("a").PrimaryKey(), schema.Integer("b")}, parts...)...))[0]
	}
	for _, test := range []struct {
		stmt dialect.Statement
		want map[dialect.Dialect]string // empty: refused
	}{
		{table(schema.Unique("b").Deferrable()), map[dialect.Dialect]string{pg15: "DEFERRABLE", yugabyte: "", cockroach: ""}},
		{table(schema.References([]string{"b"}, "o", []string{"a"}).Deferrable()), map[dialect.Dialect]string{pg15: "DEFERRABLE", yugabyte: "DEFERRABLE", cockroach: ""}},
		{table(schema.Unique("b").With(pg.NullsNotDistinct())), map[dialect.Dialect]string{pg15: "NULLS NOT DISTINCT", yugabyte: "NULLS NOT DISTINCT", pg14: "", cockroach: ""}},
		{index(schema.IndexOn("i", "b").With(my.Invisible())), map[dialect.Dialect]string{mysql.Dialect(): " INVISIBLE", tidb: " INVISIBLE", maria: " IGNORED", my57: ""}},
	} {
		for d, want := range test.want {
			text, _, err := expr.SQL(test.stmt, d)
			switch {
			case want == "" && !errors.Is(err, dialect.ErrUnsupported):
				t.Errorf("%s %s: %s %v", d.Name(), d.Features().Version, text, err)
			case want != "" && (err != nil || !strings.Contains(text, want)):
				t.Errorf("%s %s: %s %v, not %s", d.Name(), d.Features().Version, text, err, want)
			}
		}
	}
}
