package agree

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"unicode/utf8"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// box is the table that statements write to.
var (
	box = schema.New("box", schema.BigInt("id").PrimaryKey(), schema.BigInt("i").Null(), schema.BigInt("k").Null(), schema.Decimal("d", 12, 4).Null(),
		schema.Varchar("s", 60).Null(), schema.Boolean("b").Null())
	boxColumns = []column{{"id", whole}, {"i", whole}, {"k", whole}, {"d", exact}, {"s", text}, {"b", boolean}}
	boxRows    = [][]any{{1, 10, 0, "1.5", "a", true}, {2, nil, 5, nil, "it's", nil}, {3, -7, nil, "-0.25", nil, false}, {4, 0, 2, "100", "", true},
		{5, 3, 3, "7", " x ", false}}
)

// writer makes statements that write, and keeps what the table then has.
type writer struct {
	*maker
	rows [][]any
	made int // rows that are there for the first time
}

// makeWrites are the statements of a seed, and the rows that the table has then;
// ok is false where the databases need not agree.
func makeWrites(seed uint64) (made writes, ok bool) {
	defer func() {
		if why := recover(); why != nil {
			if _, is := why.(lost); !is {
				panic(why)
			}
			ok = false
		}
	}()
	w := &writer{&maker{Rand: rand.New(rand.NewPCG(seed, 3)), cols: scopeOf(box, boxColumns)}, worths(boxRows, boxColumns), 0}
	for range 1 + w.IntN(3) {
		made.stmts = append(made.stmts, w.statement())
	}
	made.rows, made.risky = w.rows, w.risky
	return made, true
}

// writes are statements, and what the table has after them.
type writes struct {
	stmts []dialect.Statement
	rows  [][]any
	risky bool // see maker
}

func boxID() expr.Col[int64] { return expr.C[int64](box, "id") }

// set assigns a tree to a column.
func set(c column, t *tree) expr.Assignment {
	switch c.kind {
	case whole:
		return expr.Set(expr.C[int64](box, c.name), of[int64](t))
	case boolean:
		return expr.Set(expr.C[bool](box, c.name), of[bool](t))
	}
	return expr.Set(expr.C[string](box, c.name), of[string](t))
}

// fits gives up on values that the column does not take.
func fits(x any) any {
	switch x := x.(type) {
	case string:
		if utf8.RuneCountInString(x) > 60 {
			panic(lost("a long text"))
		}
	case *big.Rat:
		if f, _ := x.Float64(); f > 1e7 || f < -1e7 || !new(big.Rat).Mul(x, big.NewRat(10000, 1)).IsInt() {
			panic(lost("a decimal that is rounded"))
		}
	}
	return x
}

// assignments set some columns, but for the key, all from the row as it was.
func (w *writer) assignments() (as []expr.Assignment, apply func(row []any) []any) {
	type change struct {
		i int
		t *tree
	}
	var list []change
	for _, i := range w.Perm(len(boxColumns) - 1)[:1+w.IntN(3)] {
		c := change{i + 1, w.tree(boxColumns[i+1].kind, w.IntN(3))}
		list, as = append(list, c), append(as, set(boxColumns[i+1], c.t))
	}
	return as, func(row []any) []any {
		now := slices.Clone(row)[:len(boxColumns)]
		for _, c := range list {
			now[c.i] = fits(eval(c.t, row))
		}
		return now
	}
}

func (w *writer) index(id int64) int {
	return slices.IndexFunc(w.rows, func(r []any) bool { return r[0] == id })
}

// fresh are rows to insert, of ids that are there in part.
func (w *writer) fresh(from int) (goRows, rows [][]any) {
	ids := w.Perm(6)
	for i := range 1 + w.IntN(3) {
		row := []any{int64(from + ids[i])}
		for _, c := range boxColumns[1:] {
			v := pick(w.maker, constants[c.kind]...)
			if w.IntN(5) == 0 {
				v = nil
			}
			row = append(row, v)
		}
		goRows = append(goRows, row)
	}
	return goRows, worths(goRows, boxColumns)
}

func (w *writer) insert(rows [][]any) expr.InsertStmt {
	var cols []expr.AnyColumn
	for _, c := range boxColumns {
		cols = append(cols, box.Col(c.name))
	}
	return expr.Insert(box).Columns(cols...).Rows(rows...)
}

func (w *writer) statement() dialect.Statement {
	switch w.IntN(9) {
	case 0:
		w.made += 100
		goRows, rows := w.fresh(w.made)
		w.rows = append(w.rows, rows...)
		return w.insert(goRows)
	case 1:
		goRows, rows := w.fresh(1)
		for _, row := range rows {
			if w.index(row[0].(int64)) < 0 {
				w.rows = append(w.rows, row)
			}
		}
		return w.insert(goRows).OnConflict(boxID()).DoNothing()
	case 2, 3:
		return w.upsert()
	case 4, 5:
		as, apply := w.assignments()
		where := w.tree(boolean, 1+w.IntN(3))
		for i, row := range w.rows {
			now := apply(row) // also where it is not met: PostgreSQL calculates constants first
			if eval(where, row) == true {
				w.rows[i] = now
			}
		}
		return expr.Update(box).Set(as...).Where(cond(where))
	case 6:
		return w.from()
	case 7:
		return w.merge()
	}
	where := w.tree(boolean, 1+w.IntN(3))
	w.rows = slices.DeleteFunc(w.rows, func(row []any) bool { return eval(where, row) == true })
	return expr.Delete(box).Where(cond(where))
}

// upsert inserts rows, or changes those that are there.
func (w *writer) upsert() dialect.Statement {
	goRows, rows := w.fresh(1)
	c := boxColumns[1+w.IntN(len(boxColumns)-1)]
	k := slices.Index(boxColumns, c)
	var as []expr.Assignment
	var apply func(old, row []any) any
	switch {
	case c.kind == whole && w.IntN(2) == 0:
		col := expr.C[int64](box, c.name)
		as = append(as, expr.Set(col, expr.Sub(expr.Coalesce(col, expr.Literal[int64](1)), expr.Inserted(col))))
		apply = func(old, row []any) any {
			if row[k] == nil {
				return nil
			}
			x := int64(1)
			if old[k] != nil {
				x = old[k].(int64)
			}
			return x - row[k].(int64)
		}
	case c.kind == text && w.IntN(2) == 0:
		col := expr.C[string](box, c.name)
		as = append(as, expr.Set(col, expr.Concat(col, expr.Inserted(col))))
		apply = func(old, row []any) any {
			if old[k] == nil || row[k] == nil {
				return nil
			}
			return fits(old[k].(string) + row[k].(string))
		}
	default:
		t := w.tree(c.kind, w.IntN(3))
		for _, row := range w.rows { // also where no row is there: PostgreSQL calculates constants first
			eval(t, row)
		}
		as = append(as, set(c, t))
		apply = func(old, _ []any) any { return fits(eval(t, old)) }
	}
	var where *tree
	up := w.insert(goRows).OnConflict(boxID()).DoUpdate(as...)
	var stmt dialect.Statement = up
	if w.IntN(3) == 0 {
		where = w.tree(boolean, 1+w.IntN(2))
		stmt = up.Where(cond(where))
	}
	for _, row := range rows {
		i := w.index(row[0].(int64))
		switch {
		case i < 0:
			w.rows = append(w.rows, row)
		case where == nil || eval(where, w.rows[i]) == true:
			now := slices.Clone(w.rows[i])
			now[k] = apply(w.rows[i], row)
			w.rows[i] = now
		}
	}
	return stmt
}

// with is a writer whose expressions see the row of kid of the same id too.
func (w *writer) with() (both *writer, find func(row []any) []any) {
	both = &writer{&maker{Rand: w.Rand, cols: append(scopeOf(box, boxColumns), scopeOf(kidRole, kidColumns)...)}, w.rows, 0}
	return both, func(row []any) []any {
		i := slices.IndexFunc(kidWorth, func(k []any) bool { return k[0] == row[0] })
		if i < 0 {
			return nil
		}
		return append(slices.Clone(row), kidWorth[i]...)
	}
}

var kidRole = expr.As(kid, "r")

// from changes or deletes rows by those of another table.
func (w *writer) from() dialect.Statement {
	both, find := w.with()
	defer func() { w.risky = w.risky || both.risky }()
	where := both.tree(boolean, 1+w.IntN(3))
	on := expr.Eq(boxID(), expr.C[int64](kidRole, "id"))
	met := func(row []any) []any {
		if r := find(row); r != nil && eval(where, r) == true {
			return r
		}
		return nil
	}
	if w.IntN(2) == 0 {
		w.rows = slices.DeleteFunc(w.rows, func(row []any) bool { return met(row) != nil })
		return expr.Delete(box).Using(kidRole).Where(on, cond(where))
	}
	as, apply := both.assignments()
	for i, row := range w.rows {
		if r := met(row); r != nil {
			w.rows[i] = apply(r)
		}
	}
	return expr.Update(box).Set(as...).From(kidRole).Where(on, cond(where))
}

// merge has a clause for each of what may be.
func (w *writer) merge() dialect.Statement {
	both, find := w.with()
	when := both.tree(boolean, 1+w.IntN(2))
	as, apply := both.assignments()
	alone := &maker{Rand: w.Rand, cols: scopeOf(kidRole, kidColumns)}
	lacks, value := alone.tree(boolean, 1+w.IntN(2)), alone.tree(text, 2)
	deletes := w.IntN(2) == 0
	var rows [][]any
	for _, row := range w.rows {
		r := find(row)
		switch {
		case r == nil:
		case eval(when, r) == true:
			row = apply(r)
		case deletes:
			continue
		}
		rows = append(rows, row)
	}
	for _, k := range kidWorth {
		if w.index(k[0].(int64)) < 0 && eval(lacks, k) == true {
			rows = append(rows, []any{k[0], nil, k[1], k[3], fits(eval(value, k)), nil})
		}
	}
	w.rows = rows
	m := expr.Merge(box).Using(kidRole, expr.Eq(boxID(), expr.C[int64](kidRole, "id"))).WhenMatched(cond(when)).Update(as...)
	if deletes {
		m = m.WhenMatched().Delete()
	}
	return m.WhenNotMatched(cond(lacks)).Insert(expr.Set(boxID(), expr.C[int64](kidRole, "id")), expr.Set(expr.C[int64](box, "k"), expr.C[int64](kidRole, "ref")),
		expr.Set(expr.C[string](box, "d"), expr.C[string](kidRole, "c")), expr.Set(expr.C[string](box, "s"), of[string](value)))
}
