package expr_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/pg"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// answer is an expression and its value as text; NULL for none.
type answer struct {
	name string
	e    expr.Any
	want string
}

func moment(s string) expr.Expr[time.Time] {
	t, err := time.Parse("2006-01-02 15:04:05", s)
	if err != nil {
		panic(err)
	}
	return expr.ValueOf(t, dialect.Type{Kind: dialect.Timestamp})
}

// answers is what the portable functions give on every database.
func answers() []answer {
	s, n, f := expr.Value[string], expr.Value[int64], expr.Value[float64]
	null := expr.Cast[int64](expr.Null[int64](), dialect.Type{Kind: dialect.BigInt})
	nothing := expr.Cast[string](expr.Null[string](), dialect.Type{Kind: dialect.Varchar, Length: 9})
	doc := expr.JSON(expr.JSONValue(map[string]any{"s": "x", "n": 7, "f": 2.5, "yes": true, "no": false, "nil": nil,
		"a": []any{1, "two", map[string]any{"k": 3}}, `q"'\.$[0] é`: "odd", "": "empty", "none of it": []any{}}))
	ints := dialect.Type{Kind: dialect.BigInt}
	return []answer{
		{"add", expr.Add(n(3), n(4)), "7"},
		{"div drops the fraction", expr.Div(n(-7), n(2)), "-3"},
		{"floor div", expr.FloorDiv(n(-7), n(2)), "-4"},
		{"floor div of large numbers", expr.If(expr.FloorDiv(n(9007199254740993), n(1)).Eq(9007199254740993), n(1), n(0)), "1"},
		{"floor div by less than nothing", expr.FloorDiv(n(7), n(-2)), "-4"},
		{"true div", expr.TrueDiv(n(7), n(2)), "3.5"},
		{"mod", expr.Mod(n(-7), n(3)), "-1"},
		{"mod of floats", expr.Mod(f(-7.5), f(2)), "-1.5"},
		{"true div has all its digits", expr.TrueDiv(n(1), n(3)), "0.33333333333"},
		{"true div by a fraction", expr.TrueDiv(n(1), f(0.4)), "2.5"},
		{"neg", expr.Neg(expr.Add(n(1), n(2))), "-3"},
		{"bit and", expr.BitAnd(n(12), n(10)), "8"},
		{"bit or", expr.BitOr(n(12), n(10)), "14"},
		{"bit or below zero", expr.BitOr(n(-8), n(1)), "-7"},
		{"bit xor", expr.BitXor(n(12), n(10)), "6"},
		{"bit and below zero", expr.BitAnd(n(-7), n(-2)), "-8"},
		{"bit and below zero, and less", expr.Sub(expr.BitAnd(n(7), n(3)), n(8)), "-5"},
		{"bit xor of a sum and a product", expr.BitXor(expr.Add(n(1), n(2)), expr.Mul(n(2), n(3))), "5"},
		{"bit or of a difference", expr.BitOr(n(8), expr.Sub(n(5), n(1))), "12"},
		{"bit and of a quotient", expr.BitAnd(n(7), expr.Div(n(13), n(2))), "6"},
		{"bit not", expr.BitNot(n(5)), "-6"},
		{"bit not of a difference", expr.BitNot(n(5).Sub(2)), "-4"},
		{"shift left", expr.ShiftLeft(n(3), 2), "12"},
		{"shift right", expr.ShiftRight(n(12), 2), "3"},
		{"shift right below zero", expr.ShiftRight(n(-7), 1), "-4"},
		{"shift right to the sign", expr.ShiftRight(n(-7), 63), "-1"},
		{"shift right by nothing", expr.ShiftRight(n(-7), 0), "-7"},
		{"mixed bits", expr.BitOr(expr.BitAnd(n(12), n(10)), expr.BitXor(n(1), n(3))), "10"},

		{"lower", expr.Lower(s("ABC")), "abc"},
		{"upper", expr.Upper(s("abc")), "ABC"},
		{"length", expr.Length(s("äöü€")), "4"},
		{"char_length", expr.CharLength(s("äöü")), "3"},
		{"octet_length", expr.OctetLength(s("abc")), "3"},
		{"substring", expr.Substring(s("äbcd"), 2, 2), "bc"},
		{"substring beyond", expr.Substring(s("ab"), 2, 9), "b"},
		{"left", expr.Left(s("abcd"), 3), "abc"},
		{"left of nothing", expr.Left(s("abcd"), 0), ""},
		{"right", expr.Right(s("abcd"), 3), "bcd"},
		{"right beyond", expr.Right(s("ab"), 9), "ab"},
		{"position", expr.Position(s("abcb"), "b"), "2"},
		{"position of nothing", expr.Position(s("abc"), "x"), "0"},
		{"replace", expr.Replace(s("a-b-c"), "-", "+"), "a+b+c"},
		{"lpad", expr.Lpad(s("ab"), 5, "xy"), "xyxab"},
		{"lpad cuts", expr.Lpad(s("abcd"), 2, "x"), "ab"},
		{"rpad", expr.Rpad(s("ab"), 5, "xy"), "abxyx"},
		{"rpad cuts", expr.Rpad(s("abcd"), 2, "x"), "ab"},
		{"repeat", expr.Repeat(s("ab"), 3), "ababab"},
		{"reverse", expr.Reverse(s("abcä")), "äcba"},
		{"trim", expr.Trim(s("  a b ")), "a b"},
		{"ltrim", expr.Ltrim(s("  a")), "a"},
		{"rtrim", expr.Rtrim(s("a  ")), "a"},
		{"chr", expr.Chr(n(8364)), "€"},
		{"concat", expr.Concat(s("a"), s("b"), s("c")), "abc"},
		{"concat_ws", expr.ConcatWs("-", s("a"), nothing, s("c")), "a-c"},
		{"concat_ws of NULL first", expr.ConcatWs(", ", nothing, s("b")), "b"},

		{"abs", expr.Abs(n(-5)), "5"},
		{"round, a large whole number", expr.Round(n(9007199254740993), 0), "9007199254740993"},
		{"round", expr.Round(f(2.567), 2), "2.57"},
		{"round of a half", expr.Round(f(2.5), 0), "3"},
		{"round of a negative half", expr.Round(f(-2.5), 0), "-3"},
		{"round before the point", expr.Round(f(-1250.5), -2), "-1300"},
		{"round a whole number", expr.Round(n(14), -1), "10"},
		{"pi", expr.Pi(), strconv.FormatFloat(math.Pi, 'g', 9, 64)},
		{"ceil", expr.Ceil(f(2.1)), "3"},
		{"floor", expr.Floor(f(-2.1)), "-3"},
		{"trunc", expr.Trunc(f(-2.9)), "-2"},
		{"sign", expr.Sign(f(-2.9)), "-1"},
		{"power", expr.Power(n(2), n(-1)), "0.5"},
		{"sqrt", expr.Sqrt(f(6.25)), "2.5"},
		{"exp", expr.Exp(f(0)), "1"},
		{"ln", expr.Ln(f(1)), "0"},
		{"log10", expr.Log10(f(1000)), "3"},
		{"log", expr.Log(f(2), f(8)), "3"},
		{"sin", expr.Sin(f(0)), "0"},
		{"cos", expr.Cos(f(0)), "1"},
		{"atan2", expr.Atan2(f(1), f(1)), strconv.FormatFloat(math.Pi/4, 'g', 9, 64)},
		{"degrees", expr.Degrees(expr.Pi()), "180"},
		{"radians", expr.Radians(f(180)), strconv.FormatFloat(math.Pi, 'g', 9, 64)},
		{"greatest", expr.Greatest(n(1), n(3), n(2)), "3"},
		{"greatest with NULL", expr.Greatest(n(1), null), "NULL"},
		{"least", expr.Least(n(2), n(1), n(3)), "1"},
		{"least with NULL", expr.Least(null, n(1)), "NULL"},

		{"coalesce", expr.Coalesce(null, n(4)), "4"},
		{"nullif", expr.NullIf(n(4), n(4)), "NULL"},
		{"if", expr.If(n(4).Gt(3), n(1), n(2)), "1"},
		{"case", expr.Case[int64]().When(n(4).Gt(10), 1).Else(2).End(), "2"},
		{"case is a number", expr.Add(expr.Case[int64]().When(n(4).Gt(3), 10).Else(2).End(), n(1)), "11"},
		{"case of", expr.CaseOf[string, string](s("b")).When("a", "first").When("b", "second").Else("none").End(), "second"},
		{"case of, no branch", expr.CaseOf[int64, int64](n(9)).When(1, 1).End(), "NULL"},

		{"cast to text", expr.Cast[string](n(12), dialect.Type{Kind: dialect.Varchar, Length: 5}), "12"},
		{"cast to a number", expr.Cast[int64](s("12"), ints), "12"},
		{"cast to double", expr.Cast[float64](s("2.5"), dialect.Type{Kind: dialect.Double}), "2.5"},
		{"cast to decimal", expr.Cast[float64](s("2.50"), dialect.Type{Kind: dialect.Decimal, Precision: 8, Scale: 2}), "2.5"},
		{"cast rounds a value", expr.Cast[int64](f(2.7), ints), "3"},
		{"cast rounds a quotient", expr.Cast[int64](expr.TrueDiv(n(7), n(8)), ints), "1"},
		{"cast rounds what is more than a quotient", expr.Cast[int64](expr.TrueDiv(n(-7), n(8)).Add(3), ints), "2"},
		{"cast rounds a decimal", expr.Cast[string](s("2.567"), dialect.Type{Kind: dialect.Decimal, Precision: 8, Scale: 2}), "2.57"},
		{"cast to boolean", expr.Cast[bool](expr.Cast[int32](n(7), dialect.Type{Kind: dialect.Integer}), dialect.Type{Kind: dialect.Boolean}), "true"},
		{"cast to date", expr.Cast[time.Time](moment("2024-02-29 10:11:12"), dialect.Type{Kind: dialect.Date}), "2024-02-29"},
		{"cast rounds", expr.Cast[int64](expr.Cast[float64](s("2.7"), dialect.Type{Kind: dialect.Double}), ints), "3"},

		{"extract year", expr.Extract(expr.Year, moment("2024-02-29 10:11:12")), "2024"},
		{"extract quarter", expr.Extract(expr.Quarter, moment("2024-04-01 00:00:00")), "2"},
		{"extract second", expr.Extract(expr.Second, moment("2024-02-29 10:11:12")), "12"},
		{"extract dow", expr.Extract(expr.DayOfWeek, moment("2024-03-03 00:00:00")), "0"},
		{"extract doy", expr.Extract(expr.DayOfYear, moment("2024-12-31 00:00:00")), "366"},
		{"trunc to month", expr.DateTrunc(expr.Month, moment("2024-02-29 10:11:12")), "2024-02-01"},
		{"trunc to week", expr.DateTrunc(expr.Week, moment("2024-03-03 10:11:12")), "2024-02-26"},
		{"trunc to hour", expr.DateTrunc(expr.Hour, moment("2024-02-29 10:11:12")), "2024-02-29 10:00:00"},
		{"add months to the end of one", expr.DateAdd(moment("2024-01-31 10:11:12"), 1, expr.Month), "2024-02-29 10:11:12"},
		{"add a month to the end of February", expr.DateAdd(moment("2023-02-28 00:00:00"), 1, expr.Month), "2023-03-28"},
		{"add a quarter", expr.DateAdd(moment("2024-11-30 00:00:00"), 1, expr.Quarter), "2025-02-28"},
		{"add years to a leap day", expr.DateAdd(moment("2024-02-29 01:02:03"), -1, expr.Year), "2023-02-28 01:02:03"},
		{"add weeks", expr.DateAdd(moment("2024-02-29 00:00:00"), 2, expr.Week), "2024-03-14"},
		{"add days", expr.DateAdd(moment("2024-02-28 12:00:00"), 2, expr.Day), "2024-03-01 12:00:00"},
		{"add hours", expr.DateAdd(moment("2024-02-28 23:00:00"), 2, expr.Hour), "2024-02-29 01:00:00"},
		{"add minutes", expr.DateAdd(moment("2024-02-28 23:00:00"), -61, expr.Minute), "2024-02-28 21:59:00"},
		{"add seconds", expr.DateAdd(moment("2024-02-28 23:59:59"), 2, expr.Second), "2024-02-29 00:00:01"},
		{"diff in years", expr.DateDiff(expr.Year, moment("2023-12-31 23:59:59"), moment("2024-01-01 00:00:00")), "1"},
		{"diff in quarters", expr.DateDiff(expr.Quarter, moment("2023-12-31 00:00:00"), moment("2024-04-01 00:00:00")), "2"},
		{"diff in months", expr.DateDiff(expr.Month, moment("2023-12-31 00:00:00"), moment("2024-02-01 00:00:00")), "2"},
		{"diff in weeks", expr.DateDiff(expr.Week, moment("2024-03-03 00:00:00"), moment("2024-03-04 00:00:00")), "1"},
		{"diff in days", expr.DateDiff(expr.Day, moment("2024-03-01 01:00:00"), moment("2024-02-28 23:00:00")), "-2"},
		{"diff in hours", expr.DateDiff(expr.Hour, moment("2024-03-01 00:59:59"), moment("2024-03-01 02:00:00")), "2"},
		{"diff in minutes", expr.DateDiff(expr.Minute, moment("2024-03-01 00:59:59"), moment("2024-03-01 01:00:00")), "1"},
		{"diff in seconds", expr.DateDiff(expr.Second, moment("2024-02-28 23:59:59"), moment("2024-03-01 00:00:00")), "86401"},
		{"make date", expr.MakeDate(n(2024), n(2), n(9)), "2024-02-09"},
		{"make date, an early year", expr.MakeDate(n(99), n(12), n(31)), "0099-12-31"},
		{"make date of NULL", expr.MakeDate(null, n(2), n(9)), "NULL"},
		{"make date of a NULL day", expr.MakeDate(n(2024), n(2), null), "NULL"},

		{"json text", doc.Key("s").AsString(), "x"},
		{"json number as text", doc.Key("n").AsString(), "7"},
		{"json int", doc.Key("n").AsInt(), "7"},
		{"json float", doc.Key("f").AsFloat(), "2.5"},
		{"json true", doc.Key("yes").AsBool(), "true"},
		{"json false", doc.Key("no").AsBool(), "false"},
		{"json null as text", doc.Key("nil").AsString(), "NULL"},
		{"json null as int", doc.Key("nil").AsInt(), "NULL"},
		{"json null as bool", doc.Key("nil").AsBool(), "NULL"},
		{"json nothing", doc.Key("none").Key("deeper").AsString(), "NULL"},
		{"json element", doc.Key("a").Index(1).AsString(), "two"},
		{"json odd key", doc.Key(`q"'\.$[0] é`).AsString(), "odd"},
		{"json empty key", doc.Key("").AsString(), "empty"},
		{"json deep", doc.Key("a").Index(2).Key("k").AsInt(), "3"},
		{"json length", doc.Key("a").Length(), "3"},
		{"json length of none", doc.Key("none of it").Length(), "0"},
		{"json length of an object", doc.Key("a").Index(2).Length(), "NULL"},
		{"json length of a text", doc.Key("s").Length(), "NULL"},
		{"json length of a number", doc.Key("n").Length(), "NULL"},
		{"json length of null", doc.Key("nil").Length(), "NULL"},
		{"json length of nothing", doc.Key("none").Length(), "NULL"},
		{"json length of the whole", doc.Length(), "NULL"},
		{"json exists", expr.If(doc.Key("nil").Exists(), n(1), n(0)), "1"},
		{"json does not exist", expr.If(doc.Key("none").Exists(), n(1), n(0)), "0"},
		{"json is null", expr.If(doc.Key("nil").IsNull(), n(1), n(0)), "1"},
		{"json is not null", expr.If(doc.Key("s").IsNull(), n(1), n(0)), "0"},
		{"json value", doc.Key("a").Index(2).AsJSON(), `{"k":3}`},
		{"json object", expr.JSONObject(expr.Member("a", n(1)), expr.Member(`b"'`, s("x")), expr.Member("c", null), expr.Member("d", n(1).Eq(1)),
			expr.Member("e", expr.JSONArray(n(1), s("z"))), expr.Member("f", doc.Key("a").Index(2))), `{"a":1,"b\"'":"x","c":null,"d":true,"e":[1,"z"],"f":{"k":3}}`},
		{"json array", expr.JSONArray(n(1), s("two"), null), `[1,"two",null]`},
	}
}

// The functions mean the same everywhere.
func TestLiveFunctions(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		for _, a := range answers() {
			q := expr.Select(expr.Typed[any](a.e).As("v"))
			got, err := l.one(q)
			switch {
			case errors.Is(err, dialect.ErrUnsupported):
				t.Logf("%s %s: %v", l.d.Name(), a.name, err)
			case err != nil || !alike(got, a.want):
				text, args, _ := expr.SQL(q, l.d)
				t.Errorf("%s: got %s, want %s; %v\n%s\n%v", a.name, got, a.want, err, text, args)
			}
		}
	})
}

// A day that a month lacks is never one of the next month.
func TestLiveMakeDateOfNoDay(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		ints := dialect.Type{Kind: dialect.BigInt}
		for _, day := range []int64{0, 30, 31, 32} {
			got, err := l.one(expr.Select(expr.MakeDate(expr.ValueOf[int64](2024, ints), expr.ValueOf[int64](2, ints), expr.ValueOf(day, ints)).As("v")))
			if err == nil && got != "NULL" {
				t.Errorf("%s: the %dth of February 2024 is %s", l.d.Name(), day, got)
			}
		}
	})
}

// one runs a query of one value.
func (l *lease) one(s dialect.Statement) (got string, err error) {
	got = "no row"
	_, err = l.Run(l.t.Context(), s, func(r dialect.Rows) error {
		for r.Next() {
			var v *string
			if err := r.ScanRow([]any{&v}); err != nil {
				return err
			}
			if got = "NULL"; v != nil {
				got = *v
			}
		}
		return r.Err()
	})
	return got, err
}

// alike compares a value with what is expected of it: numbers as numbers,
// booleans, times and JSON in any of their forms.
func alike(got, want string) bool {
	if got == want {
		return true
	}
	g, err1 := strconv.ParseFloat(got, 64)
	w, err2 := strconv.ParseFloat(want, 64)
	switch {
	case err1 == nil && err2 == nil:
		return math.Abs(g-w) <= 1e-8*math.Max(1, math.Abs(w))
	case want == "true":
		return got == "1" || got == "t"
	case want == "false":
		return got == "0" || got == "f"
	case strings.HasPrefix(want, "{") || strings.HasPrefix(want, "["):
		var a, b any
		return json.Unmarshal([]byte(got), &a) == nil && json.Unmarshal([]byte(want), &b) == nil && reflect.DeepEqual(a, b)
	}
	got = strings.TrimSuffix(strings.TrimSuffix(strings.Replace(strings.TrimSuffix(got, "Z"), "T", " ", 1), "+00:00"), ".000000")
	return got == want || got == want+" 00:00:00"
}

// The texts of the functions, for each dialect.
func TestGoldenFunctions(t *testing.T) {
	for _, d := range dialects {
		var b bytes.Buffer
		for _, a := range answers() {
			text, _, err := expr.SQL(expr.Select(expr.Typed[any](a.e).As("v")), d)
			if err != nil {
				text = "error: " + err.Error()
			}
			fmt.Fprintf(&b, "-- %s\n%s\n", a.name, text)
		}
		file := filepath.Join("testdata", "functions_"+d.Name()+".golden")
		if *update {
			if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s is not what is rendered; see with -update", file)
		}
	}
}

// What one database alone has is refused by the others, before anything is
// sent.
func TestFunctionsRefused(t *testing.T) {
	docs := expr.NewTable(expr.TableDef{Name: "docs", Columns: []expr.ColumnDef{{Name: "tags"}, {Name: "span"}, {Name: "attrs"}}})
	tags := expr.C[[]string](docs, "tags")
	span, attrs := expr.C[any](docs, "span"), expr.C[any](docs, "attrs")
	from, tag := pg.Unnest("tag", tags)
	where := func(c expr.Cond) dialect.Statement { return expr.Select(attrs).From(docs).Where(c) }
	for name, stmt := range map[string]dialect.Statement{
		"contains":  where(pg.ArrayContains(tags, pg.Values("a"))),
		"any":       where(pg.Any(expr.Value("a"), "=", tags)),
		"index":     expr.Select(pg.Index(tags, 1)).From(docs),
		"slice":     expr.Select(pg.Slice(tags, 1, 2)).From(docs),
		"append":    expr.Select(pg.Append(tags, "x")).From(docs),
		"unnest":    expr.Select(tag).From(docs, from),
		"element":   expr.Update(docs).Set(pg.SetIndex(tags, 1, "x")).EveryRow(),
		"range":     where(pg.RangeOverlaps(span, span)),
		"has key":   where(pg.HasKey(attrs, "k")),
		"json @>":   where(pg.JSONContains(attrs, 1)),
		"search":    where(pg.Matches(pg.ToVector("english", expr.Value("a")), pg.PlainQuery("english", "a"))),
		"ordinal":   expr.Select(expr.Columns(pg.UnnestWithOrdinality("t", tags))...).From(docs, pg.UnnestWithOrdinality("t", tags)),
		"interval":  expr.Select(pg.AddInterval(moment("2024-01-01 00:00:00"), time.Hour)),
		"predicate": where(pg.PathMatch(attrs, "$.a > 1", nil)),
	} {
		if name != "ordinal" {
			if _, _, err := expr.SQL(stmt, postgres.Dialect()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, d := range []dialect.Dialect{mysql.Dialect(), sqlite.Dialect(), mssql.Dialect(), oracle.Dialect()} {
			if _, _, err := expr.SQL(stmt, d); !errors.Is(err, dialect.ErrUnsupported) {
				t.Errorf("%s on %s: %v", name, d.Name(), err)
			}
		}
	}
}

func TestFunctionMistakes(t *testing.T) {
	users := expr.Select(Users.ID).From(Users)
	for _, x := range []struct {
		name string
		stmt dialect.Statement
		want string
	}{
		{"no operator", users.Where(expr.OpCond(Users.Name, "= 'x' OR", Users.Name)), "is not an operator"},
		{"a comment", users.Where(expr.OpCond(Users.Name, "--", Users.Name)), "is not an operator"},
		{"hole without argument", expr.Select(expr.Fill[int](&expr.Template{Name: "f", Text: "f({0}, {1})"}, Users.ID)).From(Users), "hole {1} has no argument"},
		{"nil template", expr.Select(expr.Fill[int](nil)), "nil Template"},
		{"substring from 0", expr.Select(expr.Substring(Users.Name, 0, 3)).From(Users), "Substring: from character 0; characters are counted from 1"},
		{"substring of less than nothing", expr.Select(expr.Substring(Users.Name, 1, -3)).From(Users), "Substring: -3 characters"},
		{"left of less than nothing", expr.Select(expr.Left(Users.Name, -1)).From(Users), "Left: -1 characters"},
		{"right of less than nothing", expr.Select(expr.Right(Users.Name, -1)).From(Users), "Right: -1 characters"},
		{"lpad with nothing", expr.Select(expr.Lpad(Users.Name, 9, "")).From(Users), "Lpad: the text to fill with is empty"},
		{"rpad to less than nothing", expr.Select(expr.Rpad(Users.Name, -9, " ")).From(Users), "Rpad: -9 characters"},
		{"repeat less than never", expr.Select(expr.Repeat(Users.Name, -1)).From(Users), "Repeat: -1 times"},
		{"shift too far", expr.Select(expr.ShiftLeft(Users.ID, 64)).From(Users), "ShiftLeft: 64 places"},
		{"shift the other way", expr.Select(expr.ShiftRight(Users.ID, -1)).From(Users), "ShiftRight: -1 places"},
		{"negative index", expr.Select(expr.JSON(Users.Name).Index(-1).AsInt()).From(Users), "negative index -1"},
		{"zero JSON", expr.Select(expr.JSONExpr{}.AsInt()), "zero JSONExpr"},
		{"no unit", expr.Select(expr.DateTrunc("fortnight", Users.CreatedAt)).From(Users), `"fortnight" is not a unit`},
		{"no field", expr.Select(expr.Extract("era", Users.CreatedAt)).From(Users), `"era" is not a field`},
		{"unmarshallable", expr.Select(expr.JSONValue(make(chan int))), "unsupported type"},
		{"bad JSON", expr.Select(expr.JSONValue(json.RawMessage("{"))), "the text is not JSON"},
		{"no alias", expr.Select(expr.Literal(1)).From(expr.TableFunc("", expr.FuncTable{Call: expr.Func[int]("f")})), "needs an alias"},
		{"no columns", expr.Select(expr.Literal(1)).From(expr.TableFunc("f", expr.FuncTable{Call: expr.Func[int]("f")})), "needs columns"},
		{"greatest of nothing", expr.Select(expr.Greatest[int]()), "greatest of nothing"},
		{"nil operand", expr.Select(expr.TryCast[int](nil, dialect.Type{Kind: dialect.Integer})), "nil operand"},
	} {
		_, _, err := expr.SQL(x.stmt, mssql.Dialect())
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", x.name, err, x.want)
		}
	}
}
