package expr_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// bareTable has a column for each type of values, and one row.
var bareTable = schema.New("bare", schema.BigInt("id").PrimaryKey(), schema.BigInt("n"), schema.Double("f"), schema.Varchar("s", 20), schema.Boolean("b"),
	schema.Timestamp("at"), schema.TimestampTZ("tz"), schema.Date("d"), schema.Decimal("m", 10, 2), schema.UUID("u"), schema.Varbinary("y", 20))

// bareInner is for queries within queries.
var bareInner = schema.New("bare_inner", schema.BigInt("id").PrimaryKey())

// bareCase is a construct around an operand.
type bareCase struct {
	name string
	q    expr.Query
}

// bareAny are the constructs that take an operand of any type.
func bareAny[T any](x expr.Of[T], v T) []bareCase {
	e := expr.Typed[T](x)
	from := expr.Select(expr.Literal(1).As("v")).From(bareTable)
	one := func(of expr.Any) expr.SelectStmt { return expr.Select(expr.Typed[any](of).As("v")).From(bareTable) }
	id := schema.C[int64](bareTable, "id")
	yes := expr.If(e.Eq(v), expr.Literal(1), expr.Literal(2))
	d := one(e).As("d")
	cte := expr.CTE("c", one(e))
	u := expr.UnionAll(one(expr.Null[T]()), one(e)).As("u")
	inner := expr.Select(x).From(bareInner)
	return []bareCase{
		{"select list", one(e)},
		{"twice", expr.Select(e.As("a"), e.As("b")).From(bareTable)},
		{"distinct", one(e).Distinct()},
		{"IS NULL", from.Where(e.IsNull())},
		{"IS NOT NULL", from.Where(e.IsNotNull())},
		{"IS NULL as a value", one(expr.If(e.IsNull(), expr.Literal(1), expr.Literal(2)))},
		{"= value", from.Where(e.Eq(v))},
		{"!= value", from.Where(e.Ne(v))},
		{"<= value", from.Where(e.Le(v))},
		{"= itself", from.Where(expr.Eq(x, x))},
		{"= NULL", from.Where(expr.Eq(x, expr.Null[T]()))},
		{"IS DISTINCT FROM value", from.Where(e.IsDistinctFrom(v))},
		{"IS NOT DISTINCT FROM NULL", from.Where(expr.IsNotDistinctFrom(x, expr.Null[T]()))},
		{"IN values", from.Where(e.In(v, v))},
		{"IN nothing", from.Where(e.In())},
		{"NOT IN nothing", from.Where(e.NotIn())},
		{"IN expressions", from.Where(expr.InList(x, x, x))},
		{"IN a query", from.Where(expr.In(x, inner))},
		{"NOT IN a query", from.Where(expr.NotIn(x, inner))},
		{"AnyOf", from.Where(e.AnyOf([]T{v}))},
		{"BETWEEN", from.Where(e.Between(v, v))},
		{"BETWEEN expressions", from.Where(expr.Between(x, x, x))},
		{"EXISTS", from.Where(expr.Exists(inner))},
		{"a scalar query", one(expr.Scalar[T](inner))},
		{"= a scalar query", from.Where(expr.Eq(x, expr.Scalar[T](inner)))},
		{"COALESCE", one(expr.Coalesce(x, x))},
		{"COALESCE after NULL", one(expr.Coalesce(expr.Null[T](), x))},
		{"NULLIF", one(expr.NullIf(x, x))},
		{"NULLIF of NULL", one(expr.NullIf(x, expr.Null[T]()))},
		{"CASE", one(yes)},
		{"CASE result", one(expr.Case[T]().WhenExpr(id.Eq(1), x).End())},
		{"CASE results", one(expr.Case[T]().WhenExpr(id.Eq(2), x).ElseExpr(x).End())},
		{"CASE operand", one(expr.CaseOf[T, int64](x).When(v, 1).Else(2).End())},
		{"CASE with NULL", one(expr.Case[T]().WhenExpr(id.Eq(2), expr.Null[T]()).ElseExpr(x).End())},
		{"count", one(expr.Count(e))},
		{"count distinct", one(expr.CountDistinct(e))},
		{"lag", one(expr.Lag(x).Over(expr.Window{}.OrderBy(id)))},
		{"lead by", one(expr.LeadBy(x, 1, x).Over(expr.Window{}.OrderBy(id)))},
		{"first_value", one(expr.FirstValue(x).Over(expr.Window{}.OrderBy(id)))},
		{"nth_value", one(expr.NthValue(x, 1).Over(expr.Window{}.OrderBy(id)))},
		{"PARTITION BY", one(expr.RowNumber().Over(expr.PartitionBy(e).OrderBy(id)))},
		{"window ORDER BY", one(expr.Rank().Over(expr.Window{}.OrderBy(e)))},
		{"derived table", expr.Select(expr.C[T](d, "v").As("v")).From(d).Where(expr.C[T](d, "v").Eq(v))},
		{"common table expression", expr.Select(expr.C[T](cte, "v").As("v")).From(cte).With(cte).Where(expr.C[T](cte, "v").Eq(v))},
		{"UNION", expr.Union(one(e), one(e))},
		{"UNION of NULL", expr.Select(expr.C[T](u, "v")).From(u).Where(expr.C[T](u, "v").IsNotNull())},
		{"row comparison", from.Where(expr.Row(e, id).Eq(v, int64(1)))},
		{"row IN", from.Where(expr.Row(e, id).In([]any{v, int64(1)}))},
		{"VALUES", valuesOf(x, v)},
	}
}

// bareOrdered are those that take one of a type with a least and a greatest value, on
// every database.
func bareOrdered[T any](x expr.Of[T], v T) []bareCase {
	id := schema.C[int64](bareTable, "id")
	from := expr.Select(expr.Literal(1).As("v")).From(bareTable)
	one := func(of expr.Any) expr.SelectStmt { return expr.Select(expr.Typed[any](of).As("v")).From(bareTable) }
	return append(bareAny(x, v), []bareCase{
		{"min", one(expr.Min(x))},
		{"max", one(expr.Max(x))},
		{"max with FILTER", one(expr.Max(x).Filter(id.Eq(1)))},
		{"HAVING", from.GroupBy(id).Having(expr.Eq(expr.Max(x), expr.Min(x)))},
	}...)
}

// valuesOf is a value in VALUES, or a column in a query.
func valuesOf[T any](x expr.Of[T], v T) expr.Query {
	if _, column := x.(expr.Col[T]); column {
		return expr.Select(x).From(bareTable)
	}
	t := expr.Values([]expr.ColumnDef{expr.Def[T]("v")}, []any{v}).As("t")
	return expr.Select(expr.C[T](t, "v")).From(t).Where(expr.C[T](t, "v").Eq(v))
}

func bareNumber[T any](x expr.Of[T], v T) []bareCase {
	one := func(of expr.Any) expr.SelectStmt { return expr.Select(expr.Typed[any](of).As("v")).From(bareTable) }
	d, u := one(x).As("d"), expr.Union(one(x), one(x)).As("u")
	dv, uv := expr.C[T](d, "v"), expr.C[T](u, "v")
	return append(bareOrdered(x, v), []bareCase{
		{"+", one(expr.Add(x, x))}, {"-", one(expr.Sub(x, x))}, {"*", one(expr.Mul(x, x))}, {"/", one(expr.Div(x, x))},
		{"+ value", one(expr.Typed[T](x).Add(v))}, {"+ NULL", one(expr.Add(x, expr.Null[T]()))}, {"true /", one(expr.TrueDiv(x, x))}, {"floor /", one(expr.FloorDiv(x, x))},
		{"neg", one(expr.Neg(x))}, {"abs", one(expr.Abs(x))}, {"round", one(expr.Round(x, 0))}, {"ceil", one(expr.Ceil(x))}, {"floor", one(expr.Floor(x))}, {"trunc", one(expr.Trunc(x))},
		{"sign", one(expr.Sign(x))}, {"power", one(expr.Power(x, x))}, {"sqrt", one(expr.Sqrt(x))}, {"exp", one(expr.Exp(x))}, {"ln", one(expr.Ln(x))}, {"log10", one(expr.Log10(x))},
		{"log", one(expr.Log(x, x))}, {"sin", one(expr.Sin(x))}, {"atan2", one(expr.Atan2(x, x))}, {"degrees", one(expr.Degrees(x))},
		{"greatest", one(expr.Greatest(x, x))}, {"least", one(expr.Least(x, x))}, {"greatest with NULL", one(expr.Greatest(expr.Null[T](), x))},
		{"sum", one(expr.SumOf(x))}, {"avg", one(expr.Avg(x))}, {"sum over", one(expr.SumOf(x).Over(expr.Window{}))},
		{"as text", one(expr.Cast[string](x, dialect.Type{Kind: dialect.Varchar, Length: 40}))},
		{"COALESCE is a number", one(expr.Add(expr.Coalesce(expr.Null[T](), x), expr.Coalesce(x, expr.Null[T]())))},
		{"NULLIF is a number", one(expr.Add(expr.NullIf(x, expr.Null[T]()), expr.NullIf(x, expr.Null[T]())))},
		{"greatest is a number", one(expr.Add(expr.Greatest(x, x), expr.Least(x, x)))},
		{"a derived column is a number", expr.Select(expr.Add(dv, dv).As("v")).From(d)},
		{"a column of a UNION is a number", expr.Select(expr.Add(uv, uv).As("v")).From(u)},
		{"max is a number", one(expr.Add(expr.Max(x), expr.Min(x)))},
		{"lag is a number", one(expr.Add(expr.FirstValue(x).Over(expr.Window{}.OrderBy(schema.C[int64](bareTable, "id"))), x))},
		{"ratio of sums", one(expr.TrueDiv(expr.SumOf(x), expr.SumOf(x)))},
	}...)
}

// bareGoNumber are those of a type that is a number in Go, too.
func bareGoNumber[T any](x expr.Of[T], v T) []bareCase {
	one := func(of expr.Any) expr.SelectStmt { return expr.Select(expr.Typed[any](of).As("v")).From(bareTable) }
	inner := expr.Select(x).From(bareInner)
	return append(bareNumber(x, v), []bareCase{
		{"CASE is a number", one(expr.Add(expr.Case[T]().WhenExpr(expr.Never(), expr.Null[T]()).ElseExpr(x).End(), expr.Case[T]().WhenExpr(expr.Always(), x).ElseExpr(expr.Null[T]()).End()))},
		{"a scalar query is a number", one(expr.Add(expr.Scalar[T](inner), expr.Scalar[T](inner)))},
	}...)
}

func bareTime(x expr.Of[time.Time], v time.Time) []bareCase {
	one := func(of expr.Any) expr.SelectStmt { return expr.Select(expr.Typed[any](of).As("v")).From(bareTable) }
	cases := bareOrdered(x, v)
	for _, u := range []expr.Unit{expr.Year, expr.Quarter, expr.Month, expr.Week, expr.Day, expr.Hour, expr.Minute, expr.Second, expr.DayOfYear, expr.DayOfWeek, expr.ISOWeekday, expr.ISOYear, expr.Epoch} {
		cases = append(cases, bareCase{"extract " + string(u), one(expr.Extract(u, x))})
	}
	for _, u := range []expr.Unit{expr.Year, expr.Quarter, expr.Month, expr.Week, expr.Day, expr.Hour, expr.Minute, expr.Second} {
		cases = append(cases, bareCase{"trunc " + string(u), one(expr.DateTrunc(u, x))}, bareCase{"add " + string(u), one(expr.DateAdd(x, 1, u))}, bareCase{"diff " + string(u), one(expr.DateDiff(u, x, x))})
	}
	return cases
}

func bareText(x expr.Of[string], v string) []bareCase {
	one := func(of expr.Any) expr.SelectStmt { return expr.Select(expr.Typed[any](of).As("v")).From(bareTable) }
	from := expr.Select(expr.Literal(1).As("v")).From(bareTable)
	e := expr.Typed[string](x)
	return append(bareOrdered(x, v), []bareCase{
		{"concat", one(expr.Concat(x, x))}, {"concat_ws", one(expr.ConcatWs("-", x, x))}, {"lower", one(expr.Lower(x))}, {"upper", one(expr.Upper(x))}, {"length", one(expr.Length(x))},
		{"char_length", one(expr.CharLength(x))}, {"octet_length", one(expr.OctetLength(x))}, {"substring", one(expr.Substring(x, 1, 1))}, {"left", one(expr.Left(x, 1))}, {"right", one(expr.Right(x, 1))},
		{"position", one(expr.Position(x, "b"))}, {"replace", one(expr.Replace(x, "a", "b"))}, {"lpad", one(expr.Lpad(x, 5, "x"))}, {"rpad", one(expr.Rpad(x, 5, "x"))}, {"repeat", one(expr.Repeat(x, 2))},
		{"reverse", one(expr.Reverse(x))}, {"trim", one(expr.Trim(x))}, {"ltrim", one(expr.Ltrim(x))}, {"rtrim", one(expr.Rtrim(x))},
		{"like", from.Where(e.Like("a%"))}, {"not like", from.Where(e.NotLike("a%"))}, {"ilike", from.Where(e.ILike("A%"))}, {"like itself", from.Where(expr.Like(x, x))}, {"starts", from.Where(e.StartsWith("a"))}, {"starts with itself", from.Where(expr.StartsWith(x, x))},
		{"contains", from.Where(e.IContains("A"))}, {"regexp", from.Where(e.RegexpMatch("^a"))}, {"iregexp", from.Where(e.IRegexpMatch("^A"))}, {"regexp replace", one(expr.RegexpReplace(x, "a", "b"))},
		{"string_agg", one(expr.StringAgg(x, ","))}, {"collate", one(expr.Greatest(x, x))}, {"least", one(expr.Least(x, expr.Null[string]()))},
		{"as a number", one(expr.Cast[int64](expr.Coalesce(expr.NullIf(x, x), expr.Value("7")), dialect.Type{Kind: dialect.BigInt}))},
		{"json array", one(expr.JSONArray(x, x))}, {"json object", one(expr.JSONObject(expr.Member("k", x)))},
		{"json array agg", one(expr.JSONArrayAgg(x))}, {"json object agg", one(expr.JSONObjectAgg(x, x))},
	}...)
}

func bareBool(x expr.Of[bool]) []bareCase {
	one := func(of expr.Any) expr.SelectStmt { return expr.Select(expr.Typed[any](of).As("v")).From(bareTable) }
	from := expr.Select(expr.Literal(1).As("v")).From(bareTable)
	return append(bareAny(x, true), []bareCase{
		{"true", from.Where(expr.True(x))}, {"not true", from.Where(expr.Not(expr.True(x)))}, {"IS TRUE", from.Where(expr.IsTrue(x))}, {"IS NOT FALSE", from.Where(expr.IsNotFalse(x))},
		{"AND", from.Where(expr.And(expr.True(x), expr.True(x)))}, {"if", one(expr.If(expr.True(x), expr.Literal(1), expr.Literal(2)))},
		{"json array", one(expr.JSONArray(x))},
	}...)
}

// A value may stand wherever a column of its type may, and gives what that gives: where the
// database knows no type of a parameter, the text says it.
func TestLiveBareValues(t *testing.T) {
	at := time.Date(2024, 2, 29, 10, 11, 12, 0, time.UTC)
	day := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	id := [16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	kind := func(k dialect.TypeKind) dialect.Type { return dialect.Type{Kind: k} }
	col := func(name string) expr.Column { return bareTable.Col(name) }
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		l.exec(schema.CreateTable(bareTable))
		l.exec(schema.CreateTable(bareInner))
		l.exec(expr.Insert(bareInner).Values(bareInner.Col("id").Set(1)))
		l.exec(expr.Insert(bareTable).Values(col("id").Set(1), col("n").Set(7), col("f").Set(2.5), col("s").Set("abc"), col("b").Set(true), col("at").Set(at), col("tz").Set(at),
			col("d").Set(day), col("m").Set("2.50"), col("u").Set(id), col("y").Set([]byte("ab"))))
		run := func(what string, values, columns []bareCase) {
			for i, c := range columns {
				v := values[i]
				want, err := l.rowsOf(c.q)
				if refused(err) {
					if _, err = l.rowsOf(v.q); !refused(err) {
						t.Errorf("%s: %s: refused for a column, and not for a value: %v", what, c.name, err)
					}
					continue
				}
				if err != nil {
					t.Errorf("%s: %s of a column: %v\n%s", what, c.name, err, l.last())
				}
				got, err2 := l.rowsOf(v.q)
				if err2 != nil && err == nil || !slices.EqualFunc(got, want, alikeTimes) {
					t.Errorf("%s: %s: got %q, want %q; %v\n%s", what, c.name, got, want, err2, l.last())
				}
			}
		}
		run("int64", bareGoNumber(expr.Value[int64](7), 7), bareGoNumber(schema.C[int64](bareTable, "n"), 7))
		run("float64", bareGoNumber(expr.Value(2.5), 2.5), bareGoNumber(schema.C[float64](bareTable, "f"), 2.5))
		run("decimal", bareNumber(expr.ValueOf("2.50", kind(dialect.Decimal)), "2.50"), bareNumber(schema.C[string](bareTable, "m"), "2.50"))
		run("string", bareText(expr.Value("abc"), "abc"), bareText(schema.C[string](bareTable, "s"), "abc"))
		run("bool", bareBool(expr.Value(true)), bareBool(schema.C[bool](bareTable, "b")))
		run("time", bareTime(expr.ValueOf(at, kind(dialect.Timestamp)), at), bareTime(schema.C[time.Time](bareTable, "at"), at))
		run("time without a type", bareTime(expr.Value(at), at), bareTime(schema.C[time.Time](bareTable, "tz"), at))
		run("date", bareTime(expr.ValueOf(day, kind(dialect.Date)), day), bareTime(schema.C[time.Time](bareTable, "d"), day))
		run("named int64", bareGoNumber(expr.Param[int64]("p", 7), 7), bareGoNumber(schema.C[int64](bareTable, "n"), 7))
		run("named float64", bareGoNumber(expr.Param("p", 2.5), 2.5), bareGoNumber(schema.C[float64](bareTable, "f"), 2.5))
		run("named string", bareText(expr.Param("p", "abc"), "abc"), bareText(schema.C[string](bareTable, "s"), "abc"))
		run("named bool", bareBool(expr.Param("p", true)), bareBool(schema.C[bool](bareTable, "b")))
		run("named time", bareTime(expr.Param("p", at), at), bareTime(schema.C[time.Time](bareTable, "tz"), at))
		run("named UUID", bareAny(expr.Param("p", id), id), bareAny(schema.C[[16]byte](bareTable, "u"), id))
		run("named bytes", bareAny(expr.Param("p", []byte("ab")), []byte("ab")), bareAny(schema.C[[]byte](bareTable, "y"), []byte("ab")))
		run("UUID", bareAny(expr.ValueOf(id, kind(dialect.UUID)), id), bareAny(schema.C[[16]byte](bareTable, "u"), id))
		run("UUID without a type", bareAny(expr.Value(id), id), bareAny(schema.C[[16]byte](bareTable, "u"), id))
		run("bytes", bareAny(expr.Value([]byte("ab")), []byte("ab")), bareAny(schema.C[[]byte](bareTable, "y"), []byte("ab")))
	})
}

// refused reports whether a construct was refused before it was sent.
func refused(err error) bool {
	_, ok := errors.AsType[*dialect.UnsupportedError](err)
	return ok
}

// alikeTimes is alike, where both may be times.
func alikeTimes(got, want string) bool {
	return alike(got, strings.TrimSuffix(strings.Replace(want, "T", " ", 1), "Z")) || alike(got, want)
}

// rowsOf are the rows of a statement as texts.
func (l *lease) rowsOf(s dialect.Statement) (rows []string, err error) {
	_, err = l.Run(l.t.Context(), s, func(r dialect.Rows) error {
		for r.Next() {
			cells := make([]any, len(r.Columns()))
			for i := range cells {
				cells[i] = new(*string)
			}
			if err := r.ScanRow(cells); err != nil {
				return err
			}
			for _, c := range cells {
				if p := *c.(**string); p != nil {
					rows = append(rows, *p)
				} else {
					rows = append(rows, "NULL")
				}
			}
		}
		return r.Err()
	})
	return rows, err
}
