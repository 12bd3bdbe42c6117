package expr_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// The expressions of SET see the row as it was, also where the database makes one
// assignment after the other.
func TestLiveAssignmentsSeeTheRowAsItWas(t *testing.T) {
	n, ratio, price := Lots.N, Lots.Ratio, Lots.Price
	other := expr.As(Lots, "other")
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		fillLots(t, l) // 1, 7, 7.5, 7.5
		first := func(what string, want string, s dialect.Statement) {
			t.Helper()
			l.exec(s)
			sum := expr.Cast[int64](expr.Add(ratio, expr.Literal(0.0)), dialect.Type{Kind: dialect.BigInt})
			if got := l.all(expr.Select(n, sum).From(Lots).Where(Lots.ID.Eq(1))); !slices.Equal(got, []string{want}) {
				t.Errorf("%s: got %q, want %s\n%s", what, got, want, l.sent[len(l.sent)-2])
			}
		}
		up := expr.Update(Lots).Where(Lots.ID.Eq(1))
		first("read after it is changed", "8 7", up.Set(expr.Set(n, n.Add(1)), expr.Set(ratio, expr.Typed[float64](n))))
		first("in a query within", "9 8", up.Set(expr.Set(n, n.Add(1)), expr.Set(ratio, expr.Typed[float64](expr.Scalar[int64](
			expr.Select(expr.Add(n, expr.Literal[int64](0))).From(expr.Select(expr.Literal(1).As("one")).As("once")))))))
		first("each from the one before", "10 9", up.Set(expr.Set(n, n.Add(1)), price.Set("3"), expr.Set(ratio, expr.Typed[float64](n))))
		ins := expr.Insert(Lots).Columns(Lots.ID, n, ratio).Rows([]any{1, 20, 30.0}).OnConflict(Lots.ID)
		if f := l.d.Features().Upsert; f == dialect.OnConflict || f == dialect.OnDuplicateKey {
			first("of an upsert", "20 10", ins.DoUpdate(expr.Set(n, expr.Inserted(n)), expr.Set(ratio, expr.Typed[float64](n))))
			first("of what was to be inserted", "20 30", ins.DoUpdate(expr.Set(n, expr.Inserted(n)), expr.Set(ratio, expr.Inserted(ratio))))
		}
		swap := up.Set(expr.Set(n, expr.Cast[int64](ratio, dialect.Type{Kind: dialect.BigInt})), expr.Set(ratio, expr.Typed[float64](n)))
		if !l.d.Features().SetInTurn {
			first("to each other", "30 20", swap)
			return
		}
		sent := len(l.sent)
		_, err := l.Run(t.Context(), swap, nil)
		if unsupported, ok := errors.AsType[*dialect.UnsupportedError](err); !ok || len(l.sent) != sent {
			t.Errorf("to each other: %v, %d sent", err, len(l.sent)-sent)
		} else if unsupported.Instead == "" {
			t.Error("no way out")
		}
		if !l.d.Features().UpdateJoin {
			return
		}
		first("to each other by another name", "30 20", expr.Update(Lots).From(other).Where(expr.Eq(expr.C[int64](other, "id"), Lots.ID), Lots.ID.Eq(1)).
			Set(expr.Set(n, expr.Cast[int64](expr.C[float64](other, "ratio"), dialect.Type{Kind: dialect.BigInt})), expr.Set(ratio, expr.Typed[float64](expr.C[int64](other, "n")))))
	})
}

// The order stays as it was given where it makes no difference.
func TestAssignmentsInTurn(t *testing.T) {
	v := expr.Value("x")
	age, name, email := Users.Age, Users.Name, Users.Email
	up := expr.Update(Users).Where(Users.ID.Eq(1))
	told(t, "values", up.Set(name.Set("a"), age.Set(1)), says{myd: "UPDATE users SET name=?, age=? WHERE users.id = ?"})
	told(t, "of itself", up.Set(name.Set("a"), expr.Set(age, age.Add(1))), says{myd: "UPDATE users SET name=?, age=(users.age + ?) WHERE users.id = ?"})
	told(t, "a chain", up.Set(name.Set("a"), expr.Set(email, expr.Concat(name, v)), expr.Set(age, expr.Typed[int](expr.Length(email)))), says{
		myd: "UPDATE users SET age=CHAR_LENGTH(users.email), email=concat(users.name, ?), name=? WHERE users.id = ?",
		pgd: "UPDATE users SET name=$1, email=(users.name || $2), age=length(users.email) WHERE users.id = $3"})
	told(t, "three in a circle", up.Set(expr.Set(name, email), expr.Set(email, expr.Typed[string](age)), expr.Set(age, expr.Typed[int](name))), says{
		myd: "! update twice, or join the table under another name"})
}
