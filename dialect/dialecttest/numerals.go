package dialecttest

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

func decimal(precision, scale int) dialect.Type {
	return dialect.Type{Kind: dialect.Decimal, Precision: precision, Scale: scale}
}

var double = dialect.Type{Kind: dialect.Double}

var integerCases = []testCase{
	{name: "whole numbers as literals", run: literals(integer, true, same[int64], 5, 0, -5, math.MaxInt32, math.MinInt32)},
	{name: "a large number needs no type", run: integerUntyped},
	{name: "numbers around 32 and 53 bits come back", run: roundTrips(bigint, same[int64], borders...)},
}

// borders are the numbers where one width ends and another begins.
var borders = []int64{1 << 31, 1<<31 - 1, -1 << 31, -1<<31 - 1, 1<<32 - 1, 1376537018368127, -1376537018368127, 1 << 53, 1<<53 + 1, 1<<62 + 1}

var divisionCases = []testCase{
	{name: "whole numbers divide with a fraction once they are cast", run: divideTrue},
	{name: "whole numbers divide to whole numbers", run: divideWhole},
	{name: "decimals divide to a decimal", run: divideDecimal},
	{name: "floats divide to a float", run: divideFloat},
	{name: "decimals divide to a whole number by FLOOR", run: divideFloor},
	{name: "bound whole numbers divide with a fraction once they are cast", run: divideTrueBound},
	{name: "bound whole numbers divide to whole numbers", run: divideWholeBound},
}

var decimalCases = []testCase{
	{name: "a decimal as a literal", run: literals(decimal(8, 4), true, sameNumber, "15.7563", "-0.0001", "0")},
	{name: "a decimal as a literal, read as a float", run: decimalLiteralFloat},
	{name: "a float as a literal", run: literals(double, false, nearly, 15.7563, -1e-7, 1e22)},
	{name: "a float keeps seven digits of its fraction", run: roundTrips(double, nearly, 15.7563827, 0.1234567)},
	{name: "a decimal comes back as a decimal", run: decimalFrom(decimal(8, 4), "15.7563", 15.7563, "15.7563")},
	{name: "a decimal comes back as a float", run: decimalFloat},
	{name: "an infinite float comes back or is refused", run: orRefused(double, sameFloat, math.Inf(1), math.Inf(-1))},
	{name: "a NULL decimal is NULL as a text", run: func(t *T) { wantNull[string](t, decimal(8, 4)) }},
	{name: "a NULL decimal is NULL as a float", run: func(t *T) { wantNull[float64](t, decimal(8, 4)) }},
	{name: "a float comes back as a decimal text", run: floatDecimal},
	{name: "a float comes back as a float", run: roundTrips(double, same[float64], 15.756, 0.1, -0.1)},
	{name: "a float without a column comes back", run: floatAlone},
	{name: "a decimal without a column comes back", run: decimalAlone(false)},
	{name: "a decimal without a column comes back from a CAST", run: decimalAlone(true)},
	{name: "twelve digits of a fraction are exact", run: roundTrips(decimal(18, 12), sameNumber, "54.234246451650", "0.004354", "900.0")},
	{name: "small decimals are exact, however they are written", run: smallDecimals},
	{name: "large decimals are exact, however they are written", run: largeDecimals},
	{name: "many digits before and after the point are exact", run: roundTrips(decimal(38, 12), sameNumber,
		"31943874831932418390.01", "319438950232418390.273596", "87673.594069654243")},
	{name: "zeros at the end are kept", run: decimalZeros},
	{name: "a float is not a decimal", run: floatIsNone},
	{name: "decimals compare, sort and add as numbers", run: decimalArithmetic},
}

var booleanCases = []testCase{
	{name: "truth values as literals", run: literals(boolean, true, same[bool], true, false)},
	{name: "truth values come back", run: roundTrips(boolean, same[bool], true, false)},
	{name: "a truth value may be NULL", run: func(t *T) { wantNull[bool](t, boolean) }},
	{name: "a truth value is a condition, and so is its opposite", run: booleanWhere},
}

var boolean = dialect.Type{Kind: dialect.Boolean}

func nearly(got, want float64) bool { return got == want || math.Abs(got-want) <= math.Abs(want)*1e-14 }

func integerUntyped(t *T) {
	c := t.conn()
	for _, n := range borders {
		var got int64
		t.row(c, t.sel("CAST(", val(n), " AS "+t.castName(bigint)+")"), &got)
		if got != n {
			t.Errorf("%d came back as %d", n, got)
		}
		t.wantLines(c, expr.Select(expr.Literal(n).As("n")), fmt.Sprint(n))
		if q := expr.Select(expr.Value(n).As("n")); true {
			var bound int64
			if err := t.tryRow(t.ctx, c, q, &bound); err != nil || bound != n {
				t.Errorf("%d came back as %d (%v)", n, bound, err)
			}
		}
	}
}

// number reads the only value of s as a float.
func (t *T) number(c dialect.Conn, s dialect.Statement) float64 {
	t.Helper()
	var f float64
	t.row(c, s, &f)
	return f
}

func (t *T) wantNumber(e expr.Any, want float64) {
	t.Helper()
	s := expr.Select(e)
	if got := t.number(t.conn(), s); math.Abs(got-want) > 1e-9 {
		t.Errorf("%s is %v instead of %v", t.text(s), got, want)
	}
}

func asDouble(e expr.Any) expr.Expr[float64] { return expr.Cast[float64](e, double) }

func divideTrue(t *T) {
	t.wantNumber(expr.Div(asDouble(expr.Literal(15)), asDouble(expr.Literal(10))).As("x"), 1.5)
	t.wantNumber(expr.Div(asDouble(expr.Literal(-15)), asDouble(expr.Literal(10))).As("x"), -1.5)
}

func divideWhole(t *T) {
	s := t.shelfOf(bigint, 15, -15, 7, 0)
	table := s.exprTable()
	id, v := expr.C[int64](table, "id"), expr.C[int64](table, "v")
	t.wantLines(s.c, expr.Select(v.Div(10).As("a"), v.Div(5).As("b")).From(table).OrderBy(id.Asc()), "1 3; -1 -3; 0 1; 0 0")
	t.wantLines(s.c, expr.Select(expr.Div(expr.Literal(int64(15)), expr.Literal(int64(10))).As("a")), "1")
}

func divideDecimal(t *T) {
	typ := decimal(10, 2)
	q := func(v string) expr.Expr[float64] { return expr.Cast[float64](expr.Literal(v), typ) }
	t.wantNumber(expr.Div(q("5.52"), q("2.4")).As("x"), 2.3)
}

func divideFloat(t *T) {
	t.wantNumber(expr.Div(asDouble(expr.Literal(5.52)), asDouble(expr.Literal(2.4))).As("x"), 2.3)
	s := t.shelfOf(double, 5.52)
	table := s.exprTable()
	if got := t.number(s.c, expr.Select(expr.C[float64](table, "v").Div(2.4).As("x")).From(table)); math.Abs(got-2.3) > 1e-12 {
		t.Errorf("5.52 / 2.4 is %v", got)
	}
}

func divideFloor(t *T) {
	typ := decimal(10, 2)
	q := func(v string) expr.Expr[float64] { return expr.Cast[float64](expr.Literal(v), typ) }
	t.wantNumber(expr.Func[float64]("floor", expr.Div(q("5.52"), q("2.4"))).As("x"), 2)
	t.wantNumber(expr.Func[float64]("floor", expr.Div(q("-5.52"), q("2.4"))).As("x"), -3)
}

func divideTrueBound(t *T) {
	t.wantNumber(expr.Div(asDouble(expr.Value(15)), asDouble(expr.Value(10))).As("x"), 1.5)
	s := t.shelfOf(bigint, 15)
	table := s.exprTable()
	if got := t.number(s.c, expr.Select(expr.Div(asDouble(expr.C[int64](table, "v")), asDouble(expr.Value(10))).As("x")).From(table)); got != 1.5 {
		t.Errorf("15 / 10 is %v", got)
	}
}

func divideWholeBound(t *T) {
	whole := func(n int64) expr.Expr[int64] { return expr.Cast[int64](expr.Value(n), bigint) }
	t.wantNumber(expr.Div(whole(15), whole(10)).As("x"), 1)
	t.wantNumber(expr.Div(whole(-15), whole(5)).As("x"), -3)
}

func decimalLiteralFloat(t *T) {
	typ := decimal(8, 4)
	s := t.shelf(typ)
	for i, v := range []any{15.7563, "15.7563"} {
		t.exec(s.c, insertText(s.table, []string{"id", "v"}, i+1, literal(v, &typ)))
	}
	compared(t, everything[float64](s), []float64{15.7563, 15.7563}, nearly)
}

// decimalFrom puts values in and wants the same decimal of each.
func decimalFrom(typ dialect.Type, want string, values ...any) func(t *T) {
	return func(t *T) {
		s := t.shelf(typ)
		s.fill(values...)
		compared(t, everything[string](s), slices.Repeat([]string{want}, len(values)), sameNumber)
	}
}

func decimalFloat(t *T) {
	s := t.shelf(decimal(8, 4))
	s.fill("15.7563", 15.7563)
	compared(t, everything[float64](s), []float64{15.7563, 15.7563}, nearly)
}

// floatDecimal reads a float as text: its digits, and no others.
func floatDecimal(t *T) {
	s := t.shelf(double)
	s.fill(15.756, 0.1, nil)
	got := everything[*string](s)
	if len(got) != 3 || got[0] == nil || got[1] == nil || got[2] != nil || !sameNumber(*got[0], "15.756") || !sameNumber(*got[1], "0.1") {
		t.Errorf("15.756, 0.1 and NULL read %v", pointed(got))
	}
}

// pointed is a list of pointers for a message.
func pointed[G any](list []*G) string {
	var words []string
	for _, p := range list {
		if p == nil {
			words = append(words, "NULL")
		} else {
			words = append(words, fmt.Sprint(*p))
		}
	}
	return strings.Join(words, ", ")
}

func floatAlone(t *T) {
	c := t.conn()
	for _, q := range []dialect.Statement{expr.Select(expr.Value(15.7563).As("x")), expr.Select(expr.Literal(15.7563).As("x"))} {
		if got := t.number(c, q); !nearly(got, 15.7563) {
			t.Errorf("%s is %v", t.text(q), got)
		}
	}
}

func decimalAlone(cast bool) func(t *T) {
	return func(t *T) {
		typ := decimal(10, 4)
		values := map[string]any{"bound": bind("15.7563", typ), "written": literal("15.7563", &typ)}
		for what, v := range values {
			q := t.sel(v)
			if cast {
				q = t.sel("CAST(", v, " AS "+t.castName(typ)+")")
			}
			var got string
			if err := t.tryRow(t.ctx, t.conn(), q, &got); err != nil {
				t.Errorf("%s: %v", what, err)
			} else if !sameNumber(got, "15.7563") {
				t.Errorf("%s as 15.7563, it came back as %s", what, got)
			}
		}
	}
}

func smallDecimals(t *T) {
	roundTrips(decimal(18, 14), sameNumber, "1E-2", "1E-3", "1E-4", "1E-5", "1E-6", "1E-7", "1E-8",
		"0.01000005940696", "0.00000005940696", "0.00000000000696", "0.70000000000696", "696E-12")(t)
}

func largeDecimals(t *T) {
	roundTrips(decimal(25, 2), sameNumber, "4E+8", "5748E+15", "1.521E+15", "00000000000000.1E+12")(t)
}

func decimalZeros(t *T) {
	s := t.shelf(decimal(5, 3))
	s.fill("1.000", "-2.500")
	got := everything[string](s)
	if t.f.TrimsDecimals {
		compared(t, got, []string{"1.000", "-2.500"}, sameNumber)
		return
	}
	compared(t, got, []string{"1.000", "-2.500"}, same[string])
}

// floatIsNone: the names of the two types differ, and a column of each says so.
func floatIsNone(t *T) {
	for _, k := range []dialect.TypeKind{dialect.Real, dialect.Double} {
		if a, b := t.typeName(dialect.Type{Kind: k}), t.typeName(decimal(10, 2)); a == b {
			t.Errorf("%v and decimal are both %s", k, a)
		}
	}
	s := t.shelf(double)
	s.fill(0.1)
	table := s.exprTable()
	v := expr.C[float64](table, "v")
	var got float64
	t.row(s.c, expr.Select(expr.Add(expr.Add(v, v), v).As("x")).From(table), &got)
	if want := 0.1; got != want+want+want { // the sum of three floats, not 0.3
		t.Errorf("three times 0.1 as a float is %v", got)
	}
}

func decimalArithmetic(t *T) {
	s := t.shelf(decimal(20, 4))
	s.fill("100.5", "9.25", "-3")
	number := say{ident("v")}
	if t.f.DecimalNumber != "" {
		number = template(t.f.DecimalNumber, ident("v"))
	}
	got := column[string](t, s.c, say{"SELECT ", ident("v"), " FROM ", s.table, " ORDER BY ", number})
	compared(t, got, []string{"-3", "9.25", "100.5"}, sameNumber)
	var sum string
	t.row(s.c, say{"SELECT SUM(", number, ") FROM ", s.table}, &sum)
	if !sameNumber(sum, "106.75") {
		t.Errorf("the sum is %s", sum)
	}
	var more string
	t.row(s.c, say{"SELECT ", number, " + 1 FROM ", s.table, " WHERE ", number, " > 50"}, &more)
	if r, ok := new(big.Rat).SetString(more); !ok || r.Cmp(big.NewRat(203, 2)) != 0 {
		t.Errorf("100.5 + 1 is %s", more)
	}
}

func booleanWhere(t *T) {
	s := t.shelfOf(boolean, true, false, nil)
	table := s.exprTable()
	id, v := expr.C[int64](table, "id"), expr.C[bool](table, "v")
	find := func(cond expr.Cond) dialect.Statement {
		return expr.Select(id).From(table).Where(cond).OrderBy(id.Asc())
	}
	t.wantLines(s.c, find(expr.True(v)), "1")
	t.wantLines(s.c, find(expr.Not(expr.True(v))), "2")
	t.wantLines(s.c, find(v.Eq(true)), "1")
	t.wantLines(s.c, find(v.Eq(false)), "2")
	t.wantLines(s.c, find(v.IsNull()), "3")
}
