package expr_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

type kinds struct {
	schema.Table `db:"kinds"`
	ID           schema.Col[int64]         `db:",pk"`
	Price        schema.Col[string]        `db:",type:decimal(12,2)"`
	Name         schema.Col[string]        `db:",type:varchar(50)"`
	OK           schema.Col[bool]          `db:""`
	At           schema.Col[time.Time]     `db:""`
	Day          schema.Col[time.Time]     `db:",type:date"`
	Took         schema.Col[time.Duration] `db:""`
	Bytes        schema.Col[[]byte]        `db:""`
	Any          schema.Col[string]        `db:",type:varchar(9)"`
}

var Kinds = schema.Define[kinds]()

// Functions of numbers, of texts and of times say which operand is none.
func TestOperandsOfAnotherKind(t *testing.T) {
	item := func(e expr.Any) dialect.Statement { return expr.Select(e).From(Kinds) }
	where := func(c expr.Cond) dialect.Statement { return expr.Select(Kinds.ID).From(Kinds).Where(c) }
	for _, test := range []struct {
		name string
		stmt dialect.Statement
		want string // empty: it is right
	}{
		{"abs of a text", item(expr.Abs(Kinds.Name)), "SELECT: abs: kinds.name is not a number, but varchar; Cast makes one of it"},
		{"abs of a decimal that Go has as a text", item(expr.Abs(Kinds.Price)), ""},
		{"abs of what is calculated", item(expr.Abs(expr.Mul(Kinds.Price, Kinds.Price))), ""},
		{"sqrt of a time", item(expr.Sqrt(Kinds.At)), "sqrt: kinds.at is not a number, but timestamp"},
		{"sqrt of a number", item(expr.Sqrt(Kinds.ID)), ""},
		{"sum of booleans", item(expr.SumOf(Kinds.OK)), "sum: kinds.ok is not a number, but boolean"},
		{"sum of booleans over a window", item(expr.SumOf(Kinds.OK).Over(expr.Window{})), "sum: kinds.ok is not a number"},
		{"filtered sum of dates", item(expr.SumOf(Kinds.Day).Filter(Kinds.ID.Gt(1))), "sum: kinds.day is not a number, but date"},
		{"sum of durations", item(expr.SumOf(Kinds.Took)), ""},
		{"mean of bytes", item(expr.Avg(Kinds.Bytes)), "avg: kinds.bytes is not a number, but blob"},
		{"round of a least time", item(expr.Round(expr.Min(Kinds.At), 1)), "round: min(kinds.at) is not a number"},
		{"a cast text", item(expr.Sqrt(expr.Cast[float64](Kinds.Name, dialect.Type{Kind: dialect.Double}))), ""},
		{"minus a text", item(expr.Neg(Kinds.Name)), "-: kinds.name is not a number, but string"},
		{"minus a decimal", item(expr.Neg(Kinds.Price)), ""},
		{"a time and a time", item(expr.Sub(Kinds.At, Kinds.Day)), "-: kinds.at is not a number, but time.Time; expr.DateAdd and expr.DateDiff calculate with times"},
		{"a time and a value", item(Kinds.At.Add(time.Time{})), "+: kinds.at is not a number, but time.Time"},
		{"division of booleans", item(expr.FloorDiv(Kinds.OK, Kinds.OK)), "/: kinds.ok is not a number, but bool"},
		{"the year of a number", item(expr.Extract(expr.Year, Kinds.ID)), "extract: kinds.id is not a time, but bigint; Cast makes one of it"},
		{"the year of a time", item(expr.Extract(expr.Year, Kinds.At)), ""},
		{"the month of bytes", item(expr.DateTrunc(expr.Month, Kinds.Bytes)), "date_trunc: kinds.bytes is not a time, but blob"},
		{"a number like a number", where(expr.Like(Kinds.ID, Kinds.ID)), "LIKE: kinds.id is not text, but int64"},
		{"a boolean without regard to case", where(expr.ILike(Kinds.OK, Kinds.OK)), "ILIKE: kinds.ok is not text, but bool"},
		{"a number that begins", where(expr.StartsWith(Kinds.ID, Kinds.ID)), "StartsWith: kinds.id is not text, but int64"},
		{"a time that matches", where(expr.NotLike(Kinds.At, Kinds.At)), "NOT LIKE: kinds.at is not text, but time.Time"},
		{"a document in a text", item(expr.JSON(Kinds.Name).Key("a").AsString()), ""},
		{"a document that is a number", item(expr.JSON(Kinds.ID).Key("a").AsString()), "SELECT: JSON: kinds.id is not a document, but bigint"},
		{"abs of a time that is a value", item(expr.Abs(expr.Value(time.Now()))), "abs: ? is not a number, but timestamp"},
		{"a logarithm over a window", item(expr.Ln(Kinds.ID).Over(expr.Window{})), "OVER stands after an aggregate or a function of windows, not after ln(kinds.id)"},
		{"a filtered logarithm", item(expr.Ln(Kinds.ID).Filter(Kinds.ID.Gt(1))), "FILTER stands after an aggregate, not after ln(kinds.id)"},
		{"a percentile of nothing over a window", item(expr.PercentileCont(0.5).Over(expr.Window{})), "percentile_cont(?) is of values in an order, which it lacks"},
		{"a function of nobody's over a window", item(expr.Func[int64]("mine", Kinds.ID).Over(expr.Window{})), ""},
		{"texts", where(expr.And(expr.Like(Kinds.Name, Kinds.Any), expr.Contains(Kinds.Name, Kinds.Any))), ""},
		{"a number that matches", where(expr.RegexpMatch(Kinds.ID, Kinds.ID)), "kinds.id is not text, but int64"},
	} {
		for _, d := range dialects {
			text, _, err := expr.SQL(test.stmt, d)
			switch {
			case test.want == "":
				if err != nil {
					t.Errorf("%s, %s: %v", test.name, d.Name(), err)
				}
			case !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n"):
				t.Errorf("%s, %s: %s %v\nwant one error that says %q", test.name, d.Name(), text, err, test.want)
			}
		}
	}
}
