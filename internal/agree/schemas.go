package agree

import (
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// columnMade is a column of a table made by chance, with a default that fits.
var columnsMade = []struct {
	make func(name string) schema.ColumnPart
	defs []any
	key  bool // it may be part of a key, and of an index
}{
	{schema.BigInt, []any{0, -7, int64(1 << 40)}, true},
	{schema.Integer, []any{0, -1}, true},
	{schema.SmallInt, []any{3}, true},
	{schema.Boolean, []any{true, false}, false},
	{schema.Double, []any{0.5, -2.0}, false},
	{func(n string) schema.ColumnPart { return schema.Decimal(n, 12, 4) }, []any{"1.5", "-0.25"}, true},
	{func(n string) schema.ColumnPart { return schema.Varchar(n, 40) }, []any{"", "it's", `back\slash`, "NULL", "now()", "'quoted'"}, true},
	{func(n string) schema.ColumnPart { return schema.Char(n, 5) }, []any{"ab"}, true},
	{schema.Text, nil, false},
	{schema.Blob, nil, false},
	{schema.Date, nil, true},
	{schema.Timestamp, nil, true},
	{schema.UUID, nil, true},
	{schema.JSON, nil, false},
}

var namesMade = []string{"plain", "order", "Mixed Case", "with\"quote", "with'quote", "über", "a-b", "select", "percent%", "back`tick", "x_1", "UPPER", "sp ace"}

// tables makes a table that another one refers to, and that one.
func (m *maker) tables() []expr.Relation {
	names := m.Perm(len(namesMade))
	next := func() string {
		n := namesMade[names[0]]
		names = names[1:]
		return n
	}
	parent, child := "p "+next(), "c_"+next()
	key := []string{next(), next()}
	kinds := []int{m.IntN(2), m.IntN(2)}
	of := func(i int) schema.ColumnPart { return columnsMade[kinds[i]].make(key[i]) }
	first := []schema.Part{of(0), of(1), schema.PrimaryKey(key...)}
	if m.IntN(2) == 0 {
		first = append(first, schema.Comment("it's a \\ table"))
	}
	id := schema.BigInt("id").PrimaryKey()
	if m.IntN(3) == 0 {
		id = schema.Integer("id").PrimaryKey().Identity()
	}
	second := []schema.Part{id, of(0).Null(), of(1).Null()}
	var on []schema.OnChange
	if m.IntN(2) == 0 {
		on = append(on, schema.OnDelete(pick(m, schema.Cascade, schema.SetNull, schema.NoAction)))
	}
	second = append(second, schema.References(key, parent, key, on...).Named("fk "+next()))
	var keys, numbers []string
	for range 1 + m.IntN(5) {
		name, k := next(), pick(m, columnsMade...)
		c := k.make(name)
		if len(k.defs) > 0 && m.IntN(2) == 0 {
			c = c.Default(pick(m, k.defs...))
		}
		if m.IntN(2) == 0 {
			c = c.Null()
		}
		if m.IntN(3) == 0 {
			c = c.Comment("what's \"" + name + "\"")
		}
		if k.key {
			keys = append(keys, name)
		}
		if len(k.defs) > 0 {
			if _, number := k.defs[0].(int); number {
				numbers = append(numbers, name)
			}
		}
		second = append(second, c)
	}
	if len(keys) > 1 && m.IntN(2) == 0 {
		second = append(second, schema.Unique(keys[:2]...).Named("uq "+keys[0]))
	}
	if len(keys) > 0 && m.IntN(2) == 0 {
		second = append(second, schema.IndexOn("ix "+keys[0], keys...))
	}
	if len(keys) > 0 && m.IntN(2) == 0 {
		k := schema.Self[any](keys[0])
		x := schema.IndexOn("ix2 " + keys[0]).On(pick(m, k.Desc(), k.Asc()))
		switch m.IntN(4) {
		case 0:
			x = x.Where(k.IsNotNull())
		case 1:
			x = x.Unique()
		case 2:
			x = x.On(expr.Coalesce(schema.Self[int64](key[0]), expr.Literal[int64](7)))
		}
		second = append(second, x)
	}
	if len(numbers) > 0 && m.IntN(3) == 0 {
		n := schema.Self[int64](numbers[0])
		second = append(second, schema.BigInt("twice").Null().Computed(expr.Add(expr.Mul(n, expr.Literal[int64](2)), expr.Literal[int64](1)), schema.Stored))
	}
	if len(numbers) > 0 && m.IntN(2) == 0 {
		n := schema.Self[int64](numbers[0])
		second = append(second, schema.Check("ck "+numbers[0], expr.Or(n.Gt(-100), n.In(-5000, -6000), n.IsNull())))
	}
	return []expr.Relation{schema.New(parent, first...), schema.New(child, second...)}
}
