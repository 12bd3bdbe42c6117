package agree

import (
	"math"
	"time"

	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// The two tables that expressions are about. Kid.Ref names rows of base, some of
// which are not there.
var (
	base = schema.New("base",
		schema.BigInt("id").PrimaryKey(),
		schema.BigInt("i").Null(), schema.Integer("j"), schema.BigInt("x").Null(),
		schema.Decimal("d", 12, 4).Null(), schema.Double("f").Null(),
		schema.Varchar("s", 60).Null(), schema.Varchar("w", 60),
		schema.Boolean("b").Null(), schema.Boolean("y"),
		schema.Timestamp("t").Null())
	kid = schema.New("kid",
		schema.BigInt("id").PrimaryKey(),
		schema.BigInt("ref").Null(), schema.BigInt("n").Null(), schema.Decimal("c", 12, 4).Null(),
		schema.Varchar("v", 60).Null(), schema.Boolean("g").Null())
)

// The columns, by name and kind.
var (
	baseColumns = []column{{"id", whole}, {"i", whole}, {"j", whole}, {"x", whole}, {"d", exact}, {"f", float}, {"s", text}, {"w", text},
		{"b", boolean}, {"y", boolean}, {"t", moment}}
	kidColumns = []column{{"id", whole}, {"ref", whole}, {"n", whole}, {"c", exact}, {"v", text}, {"g", boolean}}
)

type column struct {
	name string
	kind kind
}

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05.999999", text)
	if err != nil {
		panic(err)
	}
	return t
}

// The rows: values are as Go has them, decimals texts.
var (
	baseRows = [][]any{
		{1, 0, 0, nil, "0", 0.0, "", "a", true, true, at("2024-02-29 23:59:59.5")},
		{2, 7, -1, int64(math.MaxInt64), "1.5", 0.5, "a", "", false, true, at("1999-12-31 00:00:00")},
		{3, -7, 1, int64(math.MinInt64 + 1), "-2.25", -1.25, "it's", "x y", nil, false, at("1969-07-20 20:17:40")},
		{4, nil, 2, 0, nil, nil, nil, "zz", true, false, nil},
		{5, 42, -3, nil, "100", 3, " pad", "50%", false, false, at("2024-12-30 12:00:00.000001")},
		{6, -1, 9, int64(1 << 40), "0.0625", -0.5, "a_b", "q\\r", nil, true, at("2038-01-19 03:14:08")},
		{7, 3, 10, int64(-1 << 40), "-0.5", 1024.25, "été", "日本", true, true, nil},
		{8, 1000, 100, 5, "12345.75", 2, "10", "2", false, false, at("2000-03-01 00:00:00")},
		{9, nil, -100, nil, "-7", nil, "x/y", "%", nil, true, at("2023-01-01 01:02:03")},
	}
	kidRows = [][]any{
		{1, 1, 10, "1.5", "a", true}, {2, 1, nil, "2.5", "b", false}, {3, 2, -5, nil, nil, nil}, {4, 2, 10, "-1.25", "a", true},
		{5, 3, 0, "0", "", false}, {6, nil, 7, "8", "zz", true}, {7, 99, 1, "0.5", "it's", nil}, {8, 5, nil, nil, nil, nil},
	}
)

// worth is a value of a row as the functions in Go take it: int64, *big.Rat,
// float64, string, bool, time.Time, or nil for NULL.
func worth(v any, k kind) any {
	switch v := v.(type) {
	case int:
		if k == float {
			return float64(v)
		}
		return int64(v)
	case string:
		if k == exact {
			return rat(v)
		}
	}
	return v
}

// The rows as the functions in Go take them.
var baseWorth, kidWorth = worths(baseRows, baseColumns), worths(kidRows, kidColumns)

func worths(rows [][]any, columns []column) [][]any {
	var list [][]any
	for _, row := range rows {
		vals := make([]any, len(row))
		for i, v := range row {
			vals[i] = worth(v, columns[i].kind)
		}
		list = append(list, vals)
	}
	return list
}
