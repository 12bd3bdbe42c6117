package expr

import (
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// shop is tables under names of their own, and the values of the statements
// about them, each of which is another one.
type shop struct {
	users, orders, items Table
	n                    int64
}

// newShop makes the tables anew, with a prefix before each name.
func newShop(prefix string) *shop {
	col := func(name string, k dialect.TypeKind, null bool) ColumnDef {
		return ColumnDef{Name: name, Type: &dialect.Type{Kind: k}, Null: null, PrimaryKey: name == "id", Generated: name == "id"}
	}
	table := func(name string, cols ...ColumnDef) Table {
		return NewTable(TableDef{Name: prefix + name, Columns: append([]ColumnDef{col("id", dialect.BigInt, false), col("tenant", dialect.BigInt, false)}, cols...)})
	}
	return &shop{
		users: table("users", col("name", dialect.Varchar, false), col("age", dialect.BigInt, true), col("active", dialect.Boolean, false),
			col("doc", dialect.JSON, true), col("born", dialect.Timestamp, true)),
		orders: table("orders", col("user_id", dialect.BigInt, false), col("total", dialect.BigInt, true), col("status", dialect.Varchar, true)),
		items:  table("items", col("order_id", dialect.BigInt, false), col("label", dialect.Varchar, true)),
		n:      7000,
	}
}

// value is a number that no other place of any statement has.
func (s *shop) value() int64 { s.n++; return s.n }

// entry is a statement of the catalogue. What holds a function of the program
// is equal to itself alone.
type entry struct {
	name string
	stmt Tree
	own  bool
}

var (
	similar = &Template{Name: "similar", Text: "similar({0}, {1})", Precedence: BindsClosed}
	near    = &Template{Name: "near", Text: "{0} ~ {1}", Precedence: BindsAsComparison}
)

// catalogue is statements that have, all together, every kind of node in every
// clause.
func (s *shop) catalogue() []entry {
	u, o, i, v := s.users, s.orders, s.items, s.value
	id, age, name, tenant, active := C[int64](u, "id"), C[int64](u, "age"), C[string](u, "name"), C[int64](u, "tenant"), C[bool](u, "active")
	oid, uid, total, status := C[int64](o, "id"), C[int64](o, "user_id"), C[int64](o, "total"), C[string](o, "status")
	iid, onOrder := C[int64](i, "id"), Eq(C[int64](i, "order_id"), oid)
	on := Eq(uid, id)
	from := Select(id).From(u)
	paid := func() SelectStmt { return Select(uid).From(o).Where(total.Gt(v())) }
	where := func(conds ...Cond) SelectStmt { return from.Where(conds...) }
	var list []entry
	add := func(name string, t Tree) { list = append(list, entry{name, t, false}) }
	own := func(name string, t Tree) { list = append(list, entry{name, t, true}) }

	add("comparisons", where(age.Eq(v()), age.Ne(v()), age.Lt(v()), age.Le(v()), age.Gt(v()), age.Ge(v()), Lt(age, id), Ne(id, age), Not(age.Eq(v()))))
	add("LIKE", where(name.Like("a7%"), name.NotLike("b7%"), name.ILike("c7"), name.NotILike("d7"), name.StartsWith("e7"), name.LikeEscape("f7", '!'), Like[string](name, status), NotLike[string](name, Value("g7"))).CrossJoin(o))
	add("LIKE of expressions", where(StartsWith[string](name, Value("h7")), IContains[string](name, Lower(name)), ILike[string](name, Value("i7"))))
	add("DISTINCT FROM", where(age.IsDistinctFrom(v()), age.IsNotDistinctFrom(v()), IsDistinctFrom(age, id), IsNotDistinctFrom(age, id)))
	add("NULL", where(age.IsNull(), name.IsNotNull(), Eq[int64](age, Coalesce(Null[int64](), Value(v())))))
	add("IN", where(age.In(v(), v(), v()), age.NotIn(v()), age.In(), InList[int64](age, id, Value(v())), NotInList[int64](age, Value(v()).Add(v()))))
	add("IN of queries", where(In[int64](id, paid()), NotIn[int64](id, paid().Limit(3))))
	add("BETWEEN", where(age.Between(v(), v()), age.NotBetween(v(), v()), Between[int64](age, id, Value(v()))))
	add("regular expressions", where(name.RegexpMatch("j7"), Not(name.RegexpMatch("k7")), RegexpMatch[string](name, Value("l7"))))
	add("ANY of a list", where(age.AnyOf([]int64{v(), v()}), age.NoneOf([]int64{v()})))
	add("lists with a name", where(InParam(age, "ages", 1, 2), Not(InParam(age, "others", 3))))
	add("booleans", where(True(active), Not(True(active)), IsTrue(active), IsNotTrue(active), IsFalse(active), IsNotFalse(active), active.Eq(true)))
	add("always", where(Or(Always(), age.Eq(v())), Or(Never(), age.Eq(v())), Always(), Or(Never(), Never())))
	add("rows", where(RowOf2(id, age).Gt(v(), v()), RowOf2(id, age).EqRow(RowOf2(age, id)), RowOf2(id, age).In(Tuple2[int64, int64]{v(), v()}), Not(RowOf3(id, age, name).Eq(v(), v(), "m7"))))
	add("rows in queries", where(Row(id, age).InQuery(Select(uid, total).From(o)), RowOf2(id, age).NotIn(Tuple2[int64, int64]{v(), v()}), RowOf2(id, age).InParam("pairs", Tuple2[int64, int64]{1, 2})))
	add("EXISTS", where(Exists(paid().Where(on)), Not(Exists(Select(iid).From(i)))))
	add("AND, OR, NOT", where(Or(age.Eq(v()), And(age.Gt(v()), Not(Or(name.Eq("n7"), age.IsNull())))), When(false, age.Eq(1))))
	add("templates", where(FillCond(near, name, Value("o7")), Fill[int64](similar, name, Value("p7")).Gt(v()), Not(FillCond(near, name, name)), OpCond(name, "~~", Value("q7")), Op[int64](age, "<->", Value(v())).Gt(v())))
	add("JSON", where(JSON(C[any](u, "doc")).Key("r7").Index(2).AsInt().Gt(v()), JSON(C[any](u, "doc")).Key("s7").Exists(), JSON(C[any](u, "doc")).Contains(7), Not(JSON(C[any](u, "doc")).IsNull())))
	add("JSON that is made", Select(JSONObject(Member("a", age), Member("b", Value(v()))), JSONArray(age, Value(v()), name), JSONArrayAgg(age)).From(u))
	add("texts", Select(Text("f({0}, {1})", age, v()), Text("g(:x)", dialect.Named{"x": 5})).From(u).Where(TextCond("{0} > {1}", age, v())))
	add("labels", Select(age.As("a"), Add(age, Value(v())).As("b"), Lower(name).As("c")).From(u).OrderBy(Lower(name).As("c").Desc(), Name[int64]("a")))
	add("arithmetic", Select(age.Add(v()), age.Sub(v()), age.Mul(v()), age.Div(v()), age.Mod(v()), Neg[int64](age), Add[int64](age, id), Div[int64](age, Value(v()))).From(u))
	add("operators", Select(BitAnd[int64](age, Value(v())), BitNot[int64](age), ShiftLeft[int64](age, 3), FloorDiv[int64](age, Value(v())), TrueDiv(age, Value(v()))).From(u))
	add("texts of SQL", Select(Concat(name, Value("t7"), Lower(name)), RegexpReplace(name, "u7", "v7"), Collate[string](name, "C"), Substring(name, 1, 2), Replace(name, "w7", "x7")).From(u))
	add("calls", Select(Func[int64]("f"), Func[int64]("g", age), Func[int64]("h", age, Value(v())), Func[int64]("k", age, id, Value(v())), CountAll(), Now()).From(u))
	add("casts", Select(Cast[string](age, dialect.Type{Kind: dialect.Varchar, Length: 9}), TryCast[int64](name, dialect.Type{Kind: dialect.BigInt}), Typed[string](age), Nullable[int64](age)).From(u))
	add("CASE", Select(Case[int64]().When(age.Gt(v()), v()).WhenExpr(name.Eq("y7"), id).Else(v()).End(), CaseOf[int64, int64](age).When(v(), v()).ElseExpr(id).End(), If[int64](age.Eq(v()), id, Value(v()))).From(u))
	add("greatest", Select(Greatest[int64](age, id, Value(v())), Least[int64](age, Value(v()))).From(u))
	add("scalar queries", Select(Scalar[int64](paid().Limit(1)), Eq(age, AnyRow[int64](paid())), Gt(age, AllRows[int64](paid()))).From(u))
	add("literals", Select(Literal(v()), Literal("z'7"), ValueOf(time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), dialect.Type{Kind: dialect.Date}), Null[int64]()).From(u))
	add("parameters", where(Gt(age, Param[int64]("min", 5)), Lt(age, Param[int64]("max"))))
	add("aggregates", Select(Count(age), CountDistinct(age), Sum(age), Avg(age).Filter(age.Gt(v())), StringAgg(name, ",").OrderedBy(name.Desc(), age), Distinct(Sum(age)), PercentileCont(0.5).WithinGroup(age)).From(u))
	add("windows", Select(Rank().Over(PartitionBy(age, Value(v())).OrderBy(name.Desc().NullsLast(), id.NullsFirst())),
		Lag(age).Over(WindowNamed("w").Rows(Preceding(2), Following(3))), Sum(age).Over(Window{}.OrderBy(age).Range(PrecedingBy(Value(v())), FollowingBy(4)).Exclude(ExcludeTies)),
		LagBy(age, 2, Value(v())).Over(Window{}.OrderBy(age).Groups(UnboundedPreceding(), CurrentRow()))).From(u).Window("w", PartitionBy(age.Add(v())).OrderBy(id)))
	add("groups", Select(age, CountAll(), Grouping(age, name)).From(u).GroupBy(age, Rollup(name, id), Cube(age), GroupingSets([]Any{age}, []Any{age.Add(v())}, nil)).Having(CountAll().Gt(v())))
	add("DISTINCT", from.Distinct().OrderBy(id))
	add("DISTINCT ON", Select(id, age).From(u).DistinctOn(id, age.Add(v())).OrderBy(id))
	add("pages", from.OrderBy(id.Asc()).LimitExpr(Value(v())).OffsetExpr(Param[int64]("skip", 3)))
	add("pages of numbers", from.OrderBy(id.Desc()).Limit(5).Offset(6).WithTies())
	add("other pages", from.OrderBy(id).Reorder(age).Fetch(5))
	add("a share", from.OrderBy(id).LimitPercent(5))
	add("slices", from.Slice(2, 5))
	add("joins", Select(id, oid, iid).From(u).Join(o, on).LeftJoin(i, And(onOrder, iid.Gt(v()))))
	add("right joins", Select(id, oid, iid).From(u).RightJoin(o, on).FullJoin(i, onOrder))
	add("products", Select(id, oid, iid).From(u, o).CrossJoin(i).Where(on))
	add("joined tables", Select(id, iid).From(u).LeftJoin(Joined(o).Join(i, And(onOrder, iid.Ne(v()))), on))
	add("joined tables that lack rows", Select(id, iid).From(Joined(u).LeftJoin(o, on)).Where(total.Gt(v())).CrossJoin(i))
	b := As(u, "boss")
	add("roles", Select(id, C[string](b, "name")).From(u).LeftJoin(b, And(Eq(C[int64](b, "id"), age), C[int64](b, "age").Gt(v()))))
	d := paid().Columns(total).As("d")
	add("derived tables", Select(C[int64](d, "user_id")).From(d).Join(u, Eq(id, C[int64](d, "user_id"))))
	last := Select(oid).From(o).Where(on, total.Gt(v())).OrderBy(oid.Desc()).Limit(1).Lateral("last")
	add("lateral tables", Select(id, C[int64](last, "id")).From(u).LateralJoin(last))
	add("lateral tables of all rows", Select(id, C[int64](last, "id")).From(u).LeftLateralJoin(last).Where(id.Gt(v())))
	f := TableFunc("f", FuncTable{Call: Func[any]("series", Value(v()), age), Columns: []ColumnDef{{Name: "n"}}, ColumnList: true})
	add("functions in FROM", Select(id, C[int64](f, "n")).From(u, f))
	g, gv := ValueFunc[int64]("g", Func[int64]("unnest", Value(v())))
	add("values of functions", Select(gv).From(g))
	e := TableFunc("e", FuncTable{Call: Func[any]("each", C[any](u, "doc")), Columns: []ColumnDef{{Name: "k"}}, Ordinality: "at"})
	add("functions with numbers", Select(C[int64](e, "at")).From(u, e))
	c := CTE("c", paid())
	c2 := CTE("c2", Select(C[int64](c, "user_id")).From(c).Where(C[int64](c, "user_id").Gt(v())), "n")
	add("WITH", Select(C[int64](c2, "n")).From(c2).With(Materialized(c), NotMaterialized(c2)))
	r := Recursive("r", []string{"n"}, Select(id).From(u).Where(age.Eq(v())), func(self Table) Query {
		n := C[int64](self, "n")
		return Select(uid).From(o).Join(self, Eq(n, oid)).Where(n.Lt(v()))
	})
	add("recursive WITH", Select(C[int64](r, "n")).From(r).With(r))
	rd := RecursiveDistinct("rd", nil, Select(id).From(u).Where(age.Eq(v())), func(self Table) Query {
		return Select(C[int64](self, "id").Add(v())).From(self)
	})
	add("recursive WITH by names of its own", Select(C[int64](rd, "id")).From(rd).With(rd))
	moved := WriteCTE("moved", Delete(o).Where(total.Lt(v())).Returning(oid, uid))
	add("WITH that writes", Select(C[int64](moved, "id")).From(moved).With(moved))
	add("set operations", Union(from.Where(age.Eq(v())), UnionAll(paid(), Select(iid).From(i))).OrderBy(Name[int64]("id")).Limit(5).Offset(1))
	add("other set operations", Except(Intersect(from, paid()), IntersectAll(from, paid()), Select(iid).From(i).Where(iid.Gt(v()))))
	add("EXCEPT ALL", ExceptAll(from, paid()).LimitExpr(Value(v())).With(CTE("unused", paid())).Comment("by hand"))
	vs := Values([]ColumnDef{Def[int64]("n"), Def[string]("s")}, []any{v(), "v7a"}, []any{Value(v()), nil})
	add("VALUES", vs)
	add("VALUES as a table", Select(C[int64](vs.As("vs"), "n")).From(u))
	vt := vs.As("vt")
	add("VALUES in FROM", Select(C[int64](vt, "n"), id).From(vt).Join(u, Eq(id, C[int64](vt, "n"))))
	add("a text as a query", TextQuery("SELECT {0}", v()).Columns(Name[int64]("n")))
	tq := TextQuery("SELECT id FROM t WHERE x = {0}", v()).Columns(Name[int64]("id")).As("tq")
	add("a text in FROM", Select(C[int64](tq, "id")).From(tq).Where(In[int64](C[int64](tq, "id"), TextQuery("SELECT {0}", v()).Columns(Name[int64]("x")))))
	add("samples", Select(id, oid).From(Sample(u, 10).Seed(3)).Join(Sample(o, 5).Pages(), on))
	add("locks", from.ForUpdate(LockOf(u), SkipLocked()).Where(id.Eq(v())))
	add("other locks", Select(id, oid).From(u).Join(o, on).ForShare(NoWait(), LockOf(o)))
	add("comments", from.Comment("of the program").Prefix(NewPrefix("STRAIGHT_JOIN").IfKnown()))
	add("every column", Select(Star()).From(u))
	add("uncorrelated", from.Where(Exists(Select(id).From(u).Where(age.Gt(v())).Uncorrelated())))
	add("typed", SelectOf[int64]{from.Where(id.Lt(v()))})
	own("hints", from.Hint(NewHint(dialect.OracleHints, func(w *dialect.Writer) { w.WriteString("FULL") }), NewTableHint(dialect.IndexHints, u, func(w *dialect.Writer) { w.WriteString("USE INDEX (a)") })))
	own("nodes of the program", Select(Custom[int64]("mine", func(w *dialect.Writer, part func(int)) { w.WriteString("mine("); part(0); w.WriteString(")") }, age.Add(v()))).From(u))
	own("a clause of a MERGE", Merge(u).Using(o, Eq(uid, id)).WhenMatched().Update(age.Set(v())).Clause(NewClause(ClauseDef{Name: "DELETE WHERE", Own: "ora.delete_where", Place: AfterUpdate, Print: func(w *dialect.Writer, part func(int)) { w.WriteString("DELETE WHERE "); part(0) }}, age.Gt(v()))))
	own("a clause of one database", from.Clause(NewClause(ClauseDef{Name: "CONNECT BY", Own: "ora.connect_by", Instead: "a recursive CTE", Print: func(w *dialect.Writer, part func(int)) { w.WriteString("CONNECT BY "); part(0) }}, age.Gt(v()))))
	own("deferred", from.Where(DeferCond(func(Resolver) (Cond, error) { return Always(), nil })))

	add("INSERT", Insert(o).Values(uid.Set(v()), status.SetNull(), total.Set(v())).Values(uid.Set(v()), status.Set("i7a"), Set(total, Value(v()).Add(v()))).Returning(oid, total.Add(v())))
	add("INSERT of rows", Insert(o).Columns(uid, total).Rows([]any{v(), v()}, []any{v(), Value(v())}))
	add("INSERT of flat rows", Insert(o).Columns(uid, total).Flat([]any{v(), v(), v(), Default()}).ReturningKey())
	add("INSERT of a query", Insert(o).Columns(uid).FromSelect(from.Where(age.Gt(v()))))
	add("INSERT of a query WITH", Insert(o).Columns(uid).FromSelect(Select(C[int64](c, "user_id")).From(c)).With(c))
	add("INSERT of defaults", Insert(o).DefaultValues())
	add("upsert", Insert(o).Values(oid.Set(v()), total.Set(v())).OnConflict(oid).DoUpdate(Set(total, Add[int64](total, Inserted(total))), status.Set("j7a")).Where(total.Lt(v())))
	add("upsert of nothing", Insert(o).Values(oid.Set(v())).OnConflict(oid).Where(total.Gt(v())).DoNothing())
	add("upsert by a name", Insert(o).Values(oid.Set(v())).OnConstraint("orders_pk").DoUpdate(total.Set(v())))
	add("UPDATE", Update(o).Set(total.Set(v()), Set(status, Case[string]().When(total.Gt(v()), "k7a").End()), C[int64](o, "tenant").SetDefault()).Where(oid.Eq(v())).Returning(oid))
	add("UPDATE FROM", Update(o).Set(Set(total, age.Add(v()))).From(u).Where(on, age.Gt(v())))
	add("UPDATE in order", Update(o).Set(total.Set(v())).OrderBy(oid.Desc()).Limit(3).EveryRow())
	add("UPDATE of a query", Update(o).Set(Set(total, Scalar[int64](Select(Max[int64](age)).From(u).Where(on, age.Lt(v()))))).Where(Exists(Select(C[int64](c, "user_id")).From(c))).With(c))
	add("DELETE", Delete(o).Where(total.Lt(v())).Returning(oid).OrderBy(oid).Limit(2).Comment("swept"))
	add("DELETE USING", Delete(o).Using(u).Where(on, tenant.Eq(v())).Prefix(NewPrefix("QUICK").IfKnown()))
	add("DELETE of every row", Delete(o).EveryRow())
	add("MERGE", Merge(o).Using(u, on, age.Gt(v())).WhenMatched(total.Gt(v())).Update(Set(total, age)).WhenMatched().Delete().WhenNotMatched(age.Lt(v())).Insert(Set(uid, id), total.Set(v())).Returning(oid))
	add("MERGE with a query", Merge(o).Using(d, Eq(C[int64](d, "user_id"), uid)).WhenNotMatchedBySource(total.Gt(v())).Update(total.Set(v())).WhenMatched(total.Eq(v())).DoNothing().WhenNotMatched().DoNothing().With(c))
	return list
}
