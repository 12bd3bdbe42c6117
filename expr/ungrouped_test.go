package expr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// besideGroups are statements with groups or aggregates, and the dialects that refuse
// them before they are sent.
func besideGroups() []struct {
	name    string
	stmt    expr.SelectStmt
	refused string
} {
	type of = struct {
		name    string
		stmt    expr.SelectStmt
		refused string
	}
	n := expr.Count(Orders.ID)
	from := func(columns ...expr.Any) expr.SelectStmt { return expr.Select(columns...).From(Users) }
	d := expr.Select(Users.ID, Users.Name).From(Users).As("d")
	dID, dName := expr.C[int64](d, "id"), expr.C[string](d, "name")
	joined := func(columns ...expr.Any) expr.SelectStmt {
		return expr.Select(columns...).From(Users).Join(Orders, expr.Eq(Orders.UserID, Users.ID))
	}
	spent := func() expr.Expr[int64] {
		return expr.Scalar[int64](expr.Select(expr.Max(Orders.ID)).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID)))
	}
	lower := expr.Lower(Users.Name)
	const all, strict = "postgres mssql oracle", "mssql oracle"
	return []of{
		{"a column beside an aggregate", from(Users.Name, expr.Count(Users.ID)), all},
		{"a column beside a group", from(Users.Age, expr.Count(Users.ID)).GroupBy(Users.Name), all},
		{"a column of a table that is grouped by its key", joined(Users.ID, Users.Name, n).GroupBy(Users.ID), strict},
		{"a column of another table than that of the key", joined(Users.ID, Orders.Status, n).GroupBy(Users.ID), all},
		{"a column of a derived table beside its id", expr.Select(dID, dName).From(d).GroupBy(dID), all},
		{"what is made of a column", from(expr.Upper(Users.Name), expr.Count(Users.ID)).GroupBy(Users.Age), all},
		{"a part of what is grouped by", from(Users.Name, expr.Count(Users.ID)).GroupBy(lower), all},
		{"a column in HAVING", from(expr.Count(Users.ID)).GroupBy(Users.Name).Having(Users.Age.Gt(1)), all + " mysql mariadb"},
		{"a column in ORDER BY", from(expr.Count(Users.ID)).GroupBy(Users.Name).OrderBy(Users.Age), all},
		{"a column in the ORDER BY of one row", from(expr.Count(Users.ID)).OrderBy(Users.Age), "postgres mssql"},
		{"an aggregate in the ORDER BY alone", from(Users.Name).OrderBy(expr.Count(Users.ID)), all + " sqlite"},
		{"a column in a query in SELECT", from(Users.Name, spent().As("m")).GroupBy(Users.Name), all},
		{"an argument of a window", from(Users.Name, expr.Sum(Users.Age).Over(expr.PartitionBy(Users.Name))).GroupBy(Users.Name), all},
		{"the order of a window", from(Users.Name, expr.RowNumber().Over(expr.Window{}.OrderBy(Users.Age))).GroupBy(Users.Name), all},

		{"HAVING of what is grouped by", from(expr.Count(Users.ID)).GroupBy(lower).Having(lower.Eq("a")), "mysql mariadb"},
		{"HAVING of what is in the result", from(Users.Name, expr.Count(Users.ID)).GroupBy(Users.ID).Having(Users.Name.Gt("a")), strict},
		{"HAVING without groups", from(expr.Literal(1).As("one")).Having(expr.Count(Users.ID).Gt(1)), "sqlite"},
		{"HAVING of one group", from(expr.Count(Users.ID)).Having(expr.Count(Users.ID).Gt(1)), ""},
		{"columns that are grouped by", joined(Users.ID, Users.Name, n.As("n")).GroupBy(Users.ID, Users.Name).OrderBy(Users.Name, n.Desc()), ""},
		{"what is made of grouped columns", from(expr.Upper(Users.Name), expr.Add(Users.Age, Users.Age)).GroupBy(Users.Name, Users.Age), ""},
		{"an expression that is grouped by", from(lower.As("l"), expr.Count(Users.ID)).GroupBy(expr.Lower(Users.Name)).OrderBy(expr.Lower(Users.Name)), ""},
		{"an expression within another", from(expr.Upper(lower), expr.Count(Users.ID)).GroupBy(lower), ""},
		{"by a label", from(lower.As("low"), expr.Count(Users.ID)).GroupBy(expr.Name[string]("low")), ""},
		{"a value beside an aggregate", from(expr.Literal("x").As("x"), expr.Count(Users.ID)), ""},
		{"a query beside an aggregate", from(expr.Scalar[int64](expr.Select(expr.Max(Orders.ID)).From(Orders)).As("m"), expr.Count(Users.ID)), ""},
		{"a query by a grouped column", from(Users.ID, spent().As("m")).GroupBy(Users.ID), ""},
		{"a column of the query around", expr.Select(Users.Name, expr.Scalar[int64](expr.Select(expr.Add(expr.Max(Orders.ID), Users.ID)).From(Orders)).As("m")).From(Users), ""},
		{"windows alone", from(Users.Name, expr.Sum(Users.Age).Over(expr.PartitionBy(Users.Name))), ""},
		{"a window over aggregates", from(Users.Name, expr.Sum(expr.Sum(Users.Age)).Over(expr.Window{}.OrderBy(expr.Count(Users.ID).Desc()))).GroupBy(Users.Name), ""},
		{"a filtered aggregate", from(Users.Name, expr.Count(Users.ID).Filter(Users.Age.Gt(1))).GroupBy(Users.Name), ""},
	}
}

// Columns that are not grouped by are refused where the database refuses them.
func TestUngrouped(t *testing.T) {
	for _, tc := range besideGroups() {
		for _, d := range dialects {
			_, _, err := expr.SQL(tc.stmt, d)
			switch refused := strings.Contains(tc.refused, d.Name()); {
			case !refused && err != nil:
				t.Errorf("%s: %s: %v", tc.name, d.Name(), err)
			case refused && (!errors.Is(err, dialect.ErrUnsupported) || !strings.Contains(err.Error(), "neither grouped by") && !strings.Contains(err.Error(), "HAVING")):
				t.Errorf("%s: %s: %v", tc.name, d.Name(), err)
			}
		}
	}
	for words, stmt := range map[string]expr.SelectStmt{
		"the column users.age in HAVING":   expr.Select(Users.Name).From(Users).GroupBy(Users.Name).Having(Users.Age.Gt(1)),
		"the column users.age in ORDER BY": expr.Select(Users.Name).From(Users).GroupBy(Users.Name).OrderBy(Users.Age),
		"the column users.age in SELECT":   expr.Select(Users.Age).From(Users).GroupBy(Users.Name),
	} {
		if _, _, err := expr.SQL(stmt, pgd); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%v, want %q", err, words)
		}
	}
}

// unlike is a dialect with other Features.
type unlike struct {
	dialect.Dialect
	f dialect.Features
}

func (u *unlike) Features() *dialect.Features { return &u.f }

// asFor is a statement in the text that it has for a dialect.
type asFor struct {
	stmt dialect.Statement
	d    dialect.Dialect
}

func (s asFor) CompileSQL(c *dialect.Compiled) error {
	text, args, err := expr.SQL(s.stmt, s.d)
	if err != nil {
		return err
	}
	c.WriteString(text)
	for _, a := range args {
		c.AddArg(dialect.Arg{Value: a})
	}
	return nil
}

// The databases refuse what is refused before it is sent, and nothing else.
func TestLiveUngrouped(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		if err := schema.NewMetadata(Users, Orders).CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		any := &unlike{l.d, *l.d.Features()}
		any.f.Ungrouped, any.f.HavingAlone = dialect.UngroupedAny, true
		for _, tc := range besideGroups() {
			_, err := l.Run(t.Context(), asFor{tc.stmt, any}, func(dialect.Rows) error { return nil })
			if refused := strings.Contains(tc.refused, l.d.Name()); refused != (err != nil) {
				t.Errorf("%s: %v\n%s", tc.name, err, l.last())
			}
		}
	})
}

// Aggregates and windows stand within one another where a database takes them.
func TestNestedAggregates(t *testing.T) {
	over := expr.PartitionBy(Users.Name)
	within := expr.Scalar[int64](expr.Select(expr.Max(Orders.ID)).From(Orders).Where(expr.Eq(Orders.UserID, Users.ID)))
	grouped := func(e expr.Any) expr.SelectStmt { return expr.Select(e).From(Users).GroupBy(Users.Name) }
	for _, tc := range []struct {
		name  string
		stmt  expr.SelectStmt
		takes string
		words string
	}{
		{"an aggregate of one", grouped(expr.Max(expr.Count(Users.ID))), "oracle", "the aggregate count(users.id) within another, max"},
		{"an aggregate of one without groups", expr.Select(expr.Max(expr.Count(Users.ID))).From(Users), "", "the aggregate count(users.id) within another, max"},
		{"an aggregate of one of one", grouped(expr.Max(expr.Sum(expr.Count(Users.ID)))), "", "the aggregate count(users.id) within another, sum"},
		{"an aggregate of one in HAVING", grouped(Users.Name).Having(expr.Max(expr.Count(Users.ID)).Gt(1)), "", "the aggregate count(users.id) within another, max"},
		{"a filter by an aggregate", grouped(expr.Sum(Users.Age).Filter(expr.Count(Users.ID).Gt(1))), "oracle", "the aggregate count(users.id) within another, sum"},
		{"an aggregate of a window", expr.Select(expr.Sum(expr.Count(Users.ID).Over(over))).From(Users), "", "stands within the aggregate sum"},
		{"a window over a window", expr.Select(expr.Sum(expr.Count(Users.ID).Over(over)).Over(over)).From(Users), "", "stands within another, "},
		{"a window by a window", expr.Select(expr.Sum(Users.ID).Over(expr.Window{}.OrderBy(expr.RowNumber().Over(over)))).From(Users), "", "stands within another, "},
		{"a window over an aggregate", grouped(expr.Max(expr.Count(Users.ID)).Over(expr.Window{}.OrderBy(expr.Sum(Users.Age)))), "postgres mysql sqlite mssql oracle", ""},
		{"an aggregate of a query", expr.Select(expr.Sum(within)).From(Users), "postgres mysql sqlite oracle", "a query within an aggregate"},
		{"a window over a query", expr.Select(expr.Sum(within).Over(over)).From(Users), "postgres mysql sqlite oracle", "a query within an aggregate"},
		{"a window by a query", expr.Select(expr.Sum(Users.ID).Over(expr.Window{}.OrderBy(within))).From(Users), "postgres mysql sqlite mssql oracle", ""},
		{"an aggregate in a query", expr.Select(within).From(Users), "postgres mysql sqlite mssql oracle", ""},
		{"groups by a query", expr.Select(expr.Count(Users.ID)).From(Users).GroupBy(within), "postgres mysql sqlite", "a query in GROUP BY"},
	} {
		for _, d := range dialects {
			_, _, err := expr.SQL(tc.stmt, d)
			switch takes := strings.Contains(tc.takes, d.Name()); {
			case takes && err != nil:
				t.Errorf("%s: %s: %v", tc.name, d.Name(), err)
			case !takes && (err == nil || !strings.Contains(err.Error(), tc.words)):
				t.Errorf("%s: %s: %v", tc.name, d.Name(), err)
			}
		}
	}
}
