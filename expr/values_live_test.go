package expr_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

type lots struct {
	schema.Table `db:"lots"`
	ID           schema.Col[int64]           `db:",pk"`
	N            schema.Col[int64]           `db:",null"`
	Price        schema.Col[string]          `db:",null,type:decimal(20,4)"`
	Ratio        schema.Col[float64]         `db:",null"`
	Day          schema.Col[time.Time]       `db:",null,type:date"`
	At           schema.Col[time.Time]       `db:",null,type:timestamp"`
	Open         schema.Col[bool]            `db:",null"`
	Key          schema.Col[[16]byte]        `db:",null"`
	Doc          schema.Col[json.RawMessage] `db:",null,json"`
}

var Lots = schema.Define[lots]()

// fillLots makes the table, with a row of NULLs at its end.
func fillLots(t *testing.T, l *lease) {
	t.Helper()
	if err := schema.NewMetadata(Lots).CreateAll(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.Parse("2006-01-02 15:04:05.999999", s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	rows := [][]any{
		{1, 7, "7.5", 7.5, at("2024-01-31 00:00:00"), at("2024-01-31 12:34:56.789012"), true, [16]byte{1}, json.RawMessage(`{"a": 1}`)},
		{2, -7, "10.25", -7.5, at("2024-02-29 00:00:00"), at("2024-02-29 00:00:00"), false, [16]byte{2}, json.RawMessage(`[]`)},
		{3, 12, "-9.5", 1251.0, at("2024-03-31 00:00:00"), at("2024-04-01 00:00:00"), true, nil, json.RawMessage(`"x"`)},
		{4, nil, nil, nil, nil, nil, nil, nil, nil},
	}
	s := expr.Insert(Lots).Columns(Lots.ID, Lots.N, Lots.Price, Lots.Ratio, Lots.Day, Lots.At, Lots.Open, Lots.Key, Lots.Doc)
	for _, row := range rows {
		l.exec(s.Rows(row))
	}
}

// A value is what it stands beside: a decimal that is calculated with, a date
// that meets a time, a key. Each condition is met by the same rows everywhere.
func TestLiveValuesBesideOthers(t *testing.T) {
	v := expr.Value[string]
	price, n := Lots.Price, Lots.N
	sum := expr.Case[string]().WhenExpr(n.Gt(0), price).Else("3").End()
	cases := map[string]struct {
		cond expr.Cond
		want []string
	}{
		"a decimal and a value":            {expr.Gt(price, v("10")), []string{"2"}},
		"a value and a decimal":            {expr.Gt(v("10"), price), []string{"1", "3"}},
		"a product":                        {price.Mul("2").Gt("15.5"), []string{"2"}},
		"equal to a product":               {price.Mul("2").Eq("15"), []string{"1"}},
		"a product in a list":              {price.Mul("2").In("15", "-19"), []string{"1", "3"}},
		"a product between":                {price.Mul("2").Between("9", "100"), []string{"1", "2"}},
		"a product that is distinct":       {price.Mul("2").IsDistinctFrom("15"), []string{"2", "3", "4"}},
		"a difference, and a literal":      {expr.Gt(price.Sub("1"), expr.Literal("9")), []string{"2"}},
		"an amount":                        {expr.Abs(price).Gt("9"), []string{"2", "3"}},
		"a rounded one":                    {expr.Round(price, 0).Ge("8"), []string{"1", "2"}},
		"the least digit":                  {expr.Eq(price.Add("0.0001"), v("7.5001")), []string{"1"}},
		"Coalesce":                         {expr.Gt(expr.Coalesce[string](price, v("100")), v("9")), []string{"2", "4"}},
		"CASE":                             {expr.Gt(sum, v("5")), []string{"1"}},
		"CASE of a decimal":                {expr.CaseOf[string, int64](price).When("7.50", 1).Else(0).End().Eq(1), []string{"1"}},
		"between values":                   {expr.Between[string](price, v("2"), v("10")), []string{"1"}},
		"in values":                        {expr.InList(price, v("7.50"), v("-9.5")), []string{"1", "3"}},
		"a row":                            {expr.RowOf2(price, n).Eq("7.5", 7), []string{"1"}},
		"a row that is calculated":         {expr.RowOf2(price.Add("1"), n).Gt("9", 0), []string{"2"}},
		"the greatest":                     {expr.Greatest[string](price, v("9")).Gt("9.5"), []string{"2"}},
		"a remainder":                      {price.Mod("2").Eq("1.5"), []string{"1"}},
		"a remainder of floats":            {Lots.Ratio.Mod(2).Eq(-1.5), []string{"2"}},
		"rounded before the point":         {expr.Round(Lots.Ratio, -2).Eq(1300), []string{"3"}},
		"a whole one before the point":     {expr.Round(n, -1).Eq(10), []string{"1", "3"}},
		"a cast that rounds":               {expr.Cast[string](price, dialect.Type{Kind: dialect.Decimal, Precision: 10, Scale: 1}).Eq("10.3"), []string{"2"}},
		"values between values":            {expr.Between[int64](expr.Value[int64](-3), expr.Value[int64](-1), expr.Value[int64](3)), nil},
		"a day and the time it begins":     {expr.Eq(Lots.Day, Lots.At), []string{"2"}},
		"a day before a time":              {expr.Lt(Lots.Day, Lots.At), []string{"1", "3"}},
		"a day from a time":                {expr.Ge(Lots.Day, Lots.At), []string{"2"}},
		"a time cut to its day":            {expr.Eq(expr.DateTrunc(expr.Day, Lots.At), Lots.Day), []string{"1", "2"}},
		"a time between days":              {expr.Between[time.Time](Lots.At, Lots.Day, expr.DateAdd(Lots.Day, 1, expr.Day)), []string{"1", "2", "3"}},
		"a day and as many days later":     {expr.Eq(expr.DateAdd(Lots.Day, 0, expr.Day), Lots.Day), []string{"1", "2", "3"}},
		"as many days as a column says":    {expr.Lt(expr.Func[time.Time]("date_add_day", Lots.At, n), Lots.At), []string{"2"}},
		"a key":                            {expr.Eq(Lots.Key, expr.Value([16]byte{2})), []string{"2"}},
		"a key, or another":                {expr.Eq(expr.Coalesce[[16]byte](Lots.Key, expr.Value([16]byte{9})), expr.Value([16]byte{9})), []string{"3", "4"}},
		"a number as a truth value":        {expr.True(expr.Cast[bool](n, dialect.Type{Kind: dialect.Boolean})), []string{"1", "2", "3"}},
		"the opposite of what there isn't": {expr.And(expr.Not(expr.JSON(Lots.Doc).Key("a").Exists()), Lots.ID.Ge(2)), []string{"2", "3", "4"}},
	}
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		fillLots(t, l)
		for name, x := range cases {
			q := expr.Select(Lots.ID).From(Lots).Where(x.cond).OrderBy(Lots.ID)
			text, args, err := expr.SQL(q, l.d)
			if errors.Is(err, dialect.ErrUnsupported) {
				t.Logf("%s: %v", name, err)
				continue
			}
			if got := l.all(q); !slices.Equal(got, x.want) {
				t.Errorf("%s finds %v, want %v\n%s\n%v", name, got, x.want, text, args)
			}
		}
	})
}

// Aggregates of decimals, truth values and JSON, and what they are compared with.
func TestLiveAggregatesBesideValues(t *testing.T) {
	v, price := expr.Value[string], Lots.Price
	count := func(c expr.Cond) expr.Expr[int64] { return expr.If(c, expr.Value[int64](1), expr.Value[int64](0)) }
	cases := map[string]struct {
		e    expr.Any
		want string
	}{
		"a sum above a value":       {count(expr.SumOf(price).Gt("8")), "1"},
		"a sum and a long value":    {count(expr.SumOf(price).Lt("8.250000001")), "1"},
		"a sum, or a value":         {count(expr.Coalesce[string](expr.SumOf(price), v("0")).Gt("10")), "0"},
		"the greatest between":      {count(expr.Max(price).Between("10", "20")), "1"},
		"the least, or a value":     {count(expr.Min(expr.Coalesce[string](price, v("0"))).Lt("-9")), "1"},
		"a truth value that is met": {count(expr.True(expr.Max(Lots.Open))), "1"},
		"one that is not always":    {count(expr.True(expr.Min(Lots.Open))), "0"},
		"documents":                 {expr.JSONArrayAgg(Lots.Doc), `[{"a":1},[],"x",null]`},
		"truth values":              {expr.JSONArrayAgg(Lots.Open), `[true,false,true,null]`},
		"numbers, some of them":     {expr.JSONArrayAgg(Lots.N).Filter(Lots.N.Gt(0)), `[7,12]`},
	}
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		fillLots(t, l)
		for name, x := range cases {
			q := expr.Select(expr.Typed[any](x.e).As("v")).From(Lots)
			text, args, err := expr.SQL(q, l.d)
			if errors.Is(err, dialect.ErrUnsupported) {
				t.Logf("%s: %v", name, err)
				continue
			}
			if got, err := l.one(q); err != nil || !alike(got, x.want) {
				t.Errorf("%s: %s, want %s; %v\n%s\n%v", name, got, x.want, err, text, args)
			}
		}
	})
}
