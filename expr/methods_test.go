package expr

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// builders are a value of every type of the package whose methods give another
// one, with what is left of it when it is compiled.
func (s *shop) builders() map[string]any {
	id, name, total := C[int64](s.users, "id"), C[string](s.users, "name"), C[int64](s.orders, "total")
	from := Select(id, name.As("n")).From(s.users).Where(id.Gt(3)).GroupBy(id, name).Having(CountAll().Gt(1)).OrderBy(name).Limit(5).Comment("a")
	ins := Insert(s.orders).Values(total.Set(1))
	conflict := ins.OnConflict(C[int64](s.orders, "id")).Where(total.Gt(2))
	using := Merge(s.orders).Using(s.users, Eq(C[int64](s.orders, "user_id"), id))
	return map[string]any{
		"SelectStmt":   from,
		"SelectOf":     Select1(id).From(s.users).Where(id.Gt(3)),
		"SetStmt":      from.Union(from).OrderBy(Name[int64]("id")).Limit(3),
		"InsertStmt":   ins.Returning(total),
		"Upserted":     conflict.DoUpdate(total.Set(3)),
		"Conflict":     conflict,
		"UpdateStmt":   Update(s.orders).Set(total.Set(1)).Where(total.Gt(1)).OrderBy(total).Limit(2),
		"DeleteStmt":   Delete(s.orders).Where(total.Gt(1)).OrderBy(total).Limit(2),
		"MergeStmt":    using.WhenMatched(total.Gt(1)).Update(total.Set(2)),
		"MergeChange":  using.WhenMatched(total.Gt(1)),
		"MergeNew":     using.WhenNotMatched(id.Gt(1)),
		"ValuesStmt":   Values([]ColumnDef{Def[int64]("n")}, []any{1}, []any{2}),
		"TextSelect":   TextQuery("SELECT {0}", 1).Columns(Name[int64]("n")),
		"Window":       PartitionBy(id).OrderBy(name).Rows(Preceding(1), CurrentRow()),
		"CaseExpr":     Case[int64]().When(id.Gt(1), 2).Else(3),
		"CaseOfExpr":   CaseOf[int64, int64](id).When(1, 2).Else(3),
		"JSONExpr":     JSON(C[any](s.users, "doc")).Key("a").Index(1),
		"Expr":         id.Add(1),
		"Col":          id,
		"Cond":         And(id.Gt(1), name.Eq("a")),
		"Order":        name.Desc(),
		"RowExpr":      Row(id, name),
		"Row2":         RowOf2(id, name),
		"Row3":         RowOf3(id, name, id),
		"JoinedTable":  Joined(s.users).Join(s.orders, Eq(C[int64](s.orders, "user_id"), id)),
		"SampleTable":  Sample(s.users, 10).Pages(),
		"Prefix":       NewPrefix("QUICK"),
		"Table":        As(s.users, "z"),
		"ExprOfCall":   Sum(id),
		"OrderedCall":  StringAgg(name, ","),
		"FilteredCall": Sum(id).Filter(id.Gt(3)),
		"LabelledExpr": name.As("label"),
	}
}

// rendered is what a value of builders compiles to.
func rendered(v any) string {
	var stmt dialect.Statement
	switch v := v.(type) {
	case dialect.Statement:
		stmt = v
	case Conflict:
		stmt = v.DoNothing()
	case MergeChange:
		stmt = v.Delete()
	case MergeNew:
		stmt = v.DoNothing()
	case Window:
		stmt = Select(Rank().Over(v))
	case CaseExpr[int64]:
		stmt = Select(v.End())
	case CaseOfExpr[int64, int64]:
		stmt = Select(v.End())
	case RowExpr:
		stmt = Select(Literal(1)).Where(v.Eq(1, 2))
	case Row2[int64, string]:
		stmt = Select(Literal(1)).Where(v.Eq(1, "2"))
	case Row3[int64, string, int64]:
		stmt = Select(Literal(1)).Where(v.Eq(1, "2", 3))
	case Order:
		stmt = Select(Literal(1)).OrderBy(v)
	case Prefix:
		stmt = Select(Literal(1)).Prefix(v)
	case Relation:
		stmt = Select(Literal(1)).From(v)
	case Any:
		stmt = Select(v)
	}
	var b strings.Builder
	for _, d := range fiveDialects {
		fmt.Fprintln(&b, Debug(stmt, d))
	}
	return b.String()
}

// argument makes a value for a parameter of a method; ok is false for types that it does not know.
func (s *shop) argument(t reflect.Type) (v any, ok bool) {
	id, name := C[int64](s.users, "id"), C[string](s.users, "name")
	cte := CTE("cte", Select(id).From(s.users))
	for _, v := range []any{id.Gt(77), int64(7), int(7), "text", true, 'x', uint8(1), Select(id).From(s.users), As(s.users, "role"), Table{}, s.orders, cte,
		NoWait(), NewPrefix("QUICK"), NewHint(dialect.OracleHints, func(w *dialect.Writer) { w.WriteString("H") }), total(s).Set(9), NewClause(ClauseDef{Name: "MINE", Own: "mine", Print: func(w *dialect.Writer, _ func(int)) { w.WriteString("MINE") }}), id, name, name.Desc(),
		PartitionBy(name), Preceding(2), ExcludeTies, []any{1, 2}, []int64{3}, Tuple2[int64, string]{1, "a"}, Tuple3[int64, string, int64]{1, "a", 2},
		RowOf2(id, name), RowOf3(id, name, id), []string{"a"}, [][]any{{1, 2}}, time.Time{}} {
		if reflect.TypeOf(v) == t || t.Kind() == reflect.Interface && reflect.TypeOf(v).Implements(t) {
			return v, true
		}
	}
	switch {
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Int64:
		return new(int64), true
	case t.Kind() == reflect.Func:
		return reflect.Zero(t).Interface(), true
	case t == reflect.TypeFor[Resolver]():
		return noResolver{}, true
	}
	return nil, false
}

type noResolver struct{}

func (noResolver) Resolve(any) (Any, error) { return nil, errNoResolver }

func total(s *shop) Col[int64] { return C[int64](s.orders, "total") }

// Every method of every type leaves what it is called on as it is, twice over: the
// second call meets the list that the first has written into. And what it takes as a
// list is its own: the caller may change it afterwards.
func TestMethodsLeaveTheirReceiver(t *testing.T) {
	// Which keep the caller's slices, and say so.
	keeps := []string{"InsertStmt.Flat", "InsertStmt.Rows", "Upserted.Flat", "Upserted.Rows"}
	called, lists := 0, 0
	s := newShop("")
	for kind, base := range s.builders() {
		before := rendered(base)
		if before == "" || strings.Contains(before, "nil statement") {
			t.Fatalf("%s: %s", kind, before)
		}
		typ := reflect.TypeOf(base)
		for i := range typ.NumMethod() {
			m := typ.Method(i)
			if m.Name == "CompileSQL" || m.Name == "RowType" || m.Name == "Batches" || m.Name == "InKeys" {
				continue
			}
			for round := range 2 {
				args := []reflect.Value{reflect.ValueOf(base)}
				var own []reflect.Value
				known := true
				for k := 1; k < m.Type.NumIn(); k++ {
					in := m.Type.In(k)
					if in.Kind() != reflect.Slice || in.Elem().Kind() == reflect.Uint8 {
						v, ok := s.argument(in)
						if known = known && ok; !ok {
							t.Errorf("%s.%s: no argument of type %s", kind, m.Name, in)
							break
						}
						args = append(args, reflect.ValueOf(v))
						continue
					}
					v, ok := s.argument(in.Elem())
					if known = known && ok; !ok {
						t.Errorf("%s.%s: no argument of type %s", kind, m.Name, in.Elem())
						break
					}
					list := reflect.MakeSlice(in, 2, 4) // with room that an append would write into
					list.Index(0).Set(reflect.ValueOf(v))
					list.Index(1).Set(reflect.ValueOf(v))
					own = append(own, list)
					args = append(args, list)
				}
				if !known {
					break
				}
				var out []reflect.Value
				if m.Type.IsVariadic() {
					out = m.Func.CallSlice(args)
				} else {
					out = m.Func.Call(args)
				}
				called++
				if after := rendered(base); after != before {
					t.Fatalf("%s.%s changes what it is called on, call %d:\nwas %s\nis  %s", kind, m.Name, round+1, before, after)
				}
				if len(out) != 1 || len(own) == 0 || slices.Contains(keeps, kind+"."+m.Name) {
					continue
				}
				result := renderedResult(out[0].Interface())
				for _, list := range own {
					lists++
					list.Index(0).SetZero()
					whole := list.Slice(0, list.Cap())
					for k := list.Len(); k < list.Cap(); k++ {
						if !whole.Index(k).IsZero() {
							t.Errorf("%s.%s writes into the caller's slice", kind, m.Name)
						}
					}
				}
				if again := renderedResult(out[0].Interface()); again != result {
					t.Errorf("%s.%s keeps the caller's slice:\nwas %.400s\nis  %.400s", kind, m.Name, result, again)
				}
			}
		}
	}
	if called < 400 || lists < 80 {
		t.Errorf("only %d calls, %d lists", called, lists)
	}
}

// Functions copy the lists that they take, too.
func TestFunctionsCopyTheirLists(t *testing.T) {
	s := newShop("")
	id, name := C[int64](s.users, "id"), C[string](s.users, "name")
	conds, es, cols := []Cond{id.Gt(1), id.Lt(2)}, []Any{id, name}, []ColumnDef{Def[int64]("n"), Def[int64]("m")}
	row, names, ids := []any{int64(1), int64(2)}, []string{"a", "b"}, []int64{3, 4}
	terms, ops := []Term{id, name}, []Of[int64]{id, Value[int64](5)}
	sets, as := [][]Any{{id}, {name}}, []Assignment{total(s).Set(1), C[int64](s.orders, "user_id").Set(2)}
	qs := []Query{Select(id).From(s.users), Select(id).From(s.users)}
	r := Recursive("r", names, Select(id, id).From(s.users), func(self Table) Query { return Select(C[int64](self, "a"), C[int64](self, "b")).From(self) })
	c := CTE("c", Select(id, id).From(s.users), names...)
	def := TableDef{Name: "t", Columns: cols}
	table := NewTable(def)
	f := TableFunc("f", FuncTable{Call: Func[any]("g", es...), Columns: cols, ColumnList: true})
	from := Select(id).From(s.users)
	stmts := map[string]dialect.Statement{
		"And": from.Where(And(conds...)), "Or": from.Where(Or(conds...)), "Select": Select(es...).From(s.users), "Values": Values(cols, row, row),
		"In": from.Where(id.In(ids...)), "AnyOf": from.Where(id.AnyOf(ids)), "InParam": from.Where(InParam(id, "p", ids...)), "InList": from.Where(InList(id, ops...)),
		"Row": from.Where(Row(es...).Eq(row...), Row(es...).In(row)), "Func": Select(Func[int64]("f", es...)).From(s.users), "Concat": Select(Concat(es...), JSONArray(es...), Grouping(es...)).From(s.users),
		"Coalesce": Select(Coalesce(ops...), Greatest(ops...)).From(s.users), "GroupBy": from.GroupBy(Rollup(es...), GroupingSets(sets...)), "Union": Union(qs...),
		"Recursive": Select(Star()).From(r).With(r), "CTE": Select(Star()).From(c).With(c), "NewTable": Select(Columns(table)...).From(table), "TableFunc": Select(Columns(f)...).From(f),
		"Text": Select(Text("f({0}, {1})", row...)), "TextQuery": TextQuery("SELECT {0}, {1}", row...).Columns(es...), "Custom": Select(Fill[int64](similar, es...)).From(s.users),
		"windows": Select(Rank().Over(PartitionBy(es...).OrderBy(terms...))).From(s.users), "StringAgg": Select(StringAgg(name, ",").OrderedBy(terms...)).From(s.users),
		"Insert": Insert(s.orders).Values(as...), "MERGE": Merge(s.orders).Using(s.users, conds...).WhenMatched(conds...).Update(as...).WhenNotMatched(conds...).Insert(as...),
		"FilterBy": from.Where(FilterBy(s.users, "id", row[0])),
	}
	before := map[string]string{}
	for name, stmt := range stmts {
		before[name] = rendered(stmt)
	}
	for _, list := range []any{conds, es, cols, row, names, ids, terms, ops, sets[0], sets, as, qs} {
		v := reflect.ValueOf(list)
		for i := range v.Len() {
			v.Index(i).SetZero()
		}
	}
	for name, stmt := range stmts {
		if after := rendered(stmt); after != before[name] {
			t.Errorf("%s keeps the caller's list:\nwas %.300s\nis  %.300s", name, before[name], after)
		}
	}
}

// renderedResult is rendered, for whatever a method gives.
func renderedResult(v any) string {
	switch x := v.(type) {
	case Assignment:
		v = Expr[any]{x.val}
	case Row2[any, any], string, bool:
		return fmt.Sprint(x)
	}
	return rendered(v)
}
