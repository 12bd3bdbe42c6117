package pg_test

import (
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
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/owntest"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

var (
	posts = expr.NewTable(expr.TableDef{Name: "posts", Columns: []expr.ColumnDef{
		{Name: "id", Type: &dialect.Type{Kind: dialect.BigInt}, PrimaryKey: true},
		{Name: "tags", Type: arrayOf(dialect.Type{Kind: dialect.Clob})},
		{Name: "doc", Type: &dialect.Type{Kind: dialect.JSON}},
		{Name: "body", Type: &dialect.Type{Kind: dialect.Clob}},
		{Name: "during", Type: &dialect.Type{Kind: dialect.Native, Name: "INT4RANGE"}}}})
	id     = expr.C[int64](posts, "id")
	tags   = expr.C[[]string](posts, "tags")
	doc    = expr.C[any](posts, "doc")
	body   = expr.C[string](posts, "body")
	during = expr.C[any](posts, "during")
	words  = pg.ToVector("english", body)
	first  = expr.Select(id).From(posts).OrderBy(id)
	at     = expr.ValueOf(time.Date(2026, 1, 31, 3, 4, 5, 0, time.UTC), dialect.Type{Kind: dialect.Timestamp})
)

func raw(s string) dialect.Statement { return dialect.Text(s) }

// str is an expression as a text.
func str(e expr.Any) expr.Any { return expr.Cast[string](e, dialect.Type{Kind: dialect.Clob}) }

func show(es ...expr.Any) dialect.Statement {
	for i, e := range es {
		es[i] = str(e)
	}
	return expr.Select(es...)
}

func shown(es ...expr.Any) dialect.Statement {
	for i, e := range es {
		es[i] = str(e)
	}
	return expr.Select(es...).From(posts).Where(id.Eq(1))
}

// spans are ranges of whole numbers.
func span(from, to int64) expr.Expr[any] {
	return pg.Range[any](`int8range`, expr.Value(from), expr.Value(to), "[)")
}

func made(parts ...schema.Part) []dialect.Statement {
	table := schema.New("made", parts...)
	return append([]dialect.Statement{raw("DROP TABLE IF EXISTS made"), schema.CreateTable(table)}, schema.CreateIndexes(table)...)
}

// divided makes a table and a part of it.
func divided() []dialect.Statement {
	stmts, err := schema.CreateStatements(schema.NewMetadata(schema.New("made_1", schema.Integer("a"), pg.PartitionOf("", "made", "FOR VALUES FROM (1) TO (9)")),
		schema.New("made", schema.Integer("a"), pg.PartitionBy("RANGE", schema.Self[int]("a")))), postgres.Dialect())
	if err != nil {
		panic(err)
	}
	return append([]dialect.Statement{raw("DROP TABLE IF EXISTS made")}, stmts...)
}

const (
	indexes = "SELECT indexdef FROM pg_indexes WHERE tablename = 'made' AND schemaname = current_schema() ORDER BY indexname"
	options = "SELECT array_to_string(reloptions, ','), relpersistence FROM pg_class WHERE oid = 'made'::regclass"
)

var cases = []owntest.Case{
	{Funcs: "ArrayContains", Stmt: first.Where(pg.ArrayContains(tags, pg.Values("a"))), Want: "1"},
	{Funcs: "ArrayContainedBy", Stmt: first.Where(pg.ArrayContainedBy(tags, pg.Values("a", "b", "c"))), Want: "1, 2"},
	{Funcs: "ArrayOverlaps Values", Stmt: first.Where(pg.ArrayOverlaps(tags, pg.Values("c", "d"))), Want: "2"},
	{Funcs: "ArrayConcat Append Prepend", Stmt: shown(pg.Prepend("x", pg.Append(pg.ArrayConcat(tags, pg.Values("y")), "z"))), Want: "{x,a,b,y,z}"},
	{Funcs: "Array", Stmt: expr.Select(str(pg.Array[int64](id, expr.Add(id, expr.Value[int64](1))))).From(posts).Where(id.Eq(1)), Want: "{1,2}"},
	{Funcs: "Any", Stmt: first.Where(pg.Any(expr.Value("c"), "=", tags)), Want: "2"},
	{Funcs: "All", Stmt: first.Where(pg.All(expr.Value("b"), ">=", tags)), Want: "1"},
	{Funcs: "Index IndexExpr Slice", Stmt: shown(pg.Index(tags, 2), pg.IndexExpr(tags, id), pg.Slice(tags, 1, 1)), Want: "b a {a}"},
	{Funcs: "Remove Replace", Stmt: shown(pg.Remove(tags, "a"), pg.Replace(tags, "a", "q")), Want: "{b} {q,b}"},
	{Funcs: "Position Cardinality ToString", Stmt: shown(pg.Position(tags, "b"), pg.Cardinality(tags), pg.ToString(tags, "-")), Want: "2 2 a-b"},
	{Funcs: "ArrayAgg", Stmt: expr.Select(str(pg.ArrayAgg[int64](id))).From(posts), Want: "{1,2}"},
	{Funcs: "Unnest", Stmt: func() dialect.Statement {
		t, v := pg.Unnest("tag", tags)
		return expr.Select(v).From(posts, t).OrderBy(v)
	}(), Want: "a, b, c"},
	{Funcs: "Unnest", Stmt: func() dialect.Statement {
		t, v := pg.Unnest("n", expr.Value([]int{7, 8}))
		return expr.Select(v.Add(1)).From(t).OrderBy(v)
	}(), Want: "8, 9"},
	{Funcs: "Unnest", Stmt: func() dialect.Statement {
		t, v := pg.Unnest("at", expr.Param("times", []time.Time{time.Date(2026, 1, 31, 3, 4, 5, 0, time.UTC)}))
		return expr.Select(expr.Extract(expr.Year, v)).From(t)
	}(), Want: "2026"},
	{Funcs: "ArrayContains ArrayContainedBy ArrayOverlaps", Stmt: yes(pg.ArrayContains(strs("a", "b"), strs("a")), pg.ArrayContainedBy(ints(1), ints(1, 2)), pg.ArrayOverlaps(ints(1, 2), ints(2, 3))), Want: "1"},
	{Funcs: "Any All", Stmt: yes(pg.Any(expr.Value("b"), "=", strs("a", "b")), pg.All(expr.Value[int64](3), ">", ints(1, 2)), pg.Any[int64](id, "=", ints(1, 9))).(expr.SelectStmt).From(posts), Want: "1"},
	{Funcs: "ArrayConcat Append Prepend Remove Replace", Stmt: show(pg.ArrayConcat(ints(1), ints(2)), pg.Append(ints(1), 2), pg.Prepend(0, ints(1)), pg.Remove(strs("a", "b"), "a"), pg.Replace(ints(1, 2), 2, 3)), Want: "{1,2} {1,2} {0,1} {b} {1,3}"},
	{Funcs: "Position Cardinality ToString Index Slice ArrayAgg", Stmt: show(pg.Position(strs("a", "b"), "b"), pg.Cardinality(ints(1, 2)), pg.ToString(ints(1, 2), "-"), pg.Index(ints(5, 6), 2), pg.Slice(ints(5, 6, 7), 2, 3), pg.ArrayAgg(ints(1))), Want: "2 2 1-2 6 {6,7} {{1}}"},
	{Funcs: "UnnestWithOrdinality", Stmt: func() dialect.Statement {
		t := pg.UnnestWithOrdinality("t", pg.Values[int64](3, 1, 2))
		cols := expr.Columns(t)
		return expr.Select(cols...).From(t)
	}(), Want: "3 1, 1 2, 2 3"},
	{Funcs: "GenerateSeries", Stmt: func() dialect.Statement {
		t, v := pg.GenerateSeries("n", 2, 4)
		return expr.Select(v).From(t)
	}(), Want: "2, 3, 4"},
	{Funcs: "SetIndex", Before: []dialect.Statement{raw("CREATE TABLE lists (a BIGINT[])"), raw("INSERT INTO lists VALUES ('{1,2}')"),
		expr.Update(lists).Set(pg.SetIndex(expr.C[[]int64](lists, "a"), 2, 9)).EveryRow()}, Stmt: expr.Select(str(expr.C[[]int64](lists, "a"))).From(lists), Want: "{1,9}"},
	{Funcs: "ArrayOf Bit VarBit", Before: made(schema.NewColumn("a", pg.ArrayOf(dialect.Type{Kind: dialect.Integer})), schema.NewColumn("b", pg.Bit(3)), schema.NewColumn("c", pg.VarBit(5))),
		Stmt: raw("SELECT string_agg(format_type(atttypid, atttypmod), '; ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'made'::regclass AND attnum > 0"), Want: "integer[]; bit(3); bit varying(5)"},

	{Funcs: "AddInterval SubInterval", Stmt: show(pg.AddInterval(expr.Typed[time.Time](at), time.Hour), pg.SubInterval(expr.Typed[time.Time](at), time.Hour)), Want: "2026-01-31 04:04:05 2026-01-31 02:04:05"},
	{Funcs: "Age", Stmt: show(pg.Age(expr.Typed[time.Time](at), expr.DateTrunc(expr.Year, at))), Want: "30 days 03:04:05"},
	{Funcs: "BetweenSymmetric NotBetweenSymmetric", Stmt: first.Where(pg.BetweenSymmetric[int64](id, 5, 2), pg.NotBetweenSymmetric[int64](id, 1, 0)), Want: "2"},
	{Funcs: "Only", Before: []dialect.Statement{raw("CREATE TABLE heirs () INHERITS (lists)")}, Stmt: expr.Select(expr.CountAll()).From(pg.Only(lists)), Want: "1"},

	{Funcs: "JSONContains", Stmt: first.Where(pg.JSONContains(doc, map[string]int{"n": 5})), Want: "1"},
	{Funcs: "JSONContainedBy", Stmt: first.Where(pg.JSONContainedBy(doc, map[string]any{"n": 5, "m": 1})), Want: "1, 2"},
	{Funcs: "HasKey", Stmt: first.Where(pg.HasKey(doc, "n")), Want: "1"},
	{Funcs: "HasAnyKey", Stmt: first.Where(pg.HasAnyKey(doc, "x", "n")), Want: "1"},
	{Funcs: "HasAllKeys", Stmt: first.Where(pg.HasAllKeys(doc, "x", "n")), Want: ""},
	{Funcs: "PathExists", Stmt: first.Where(pg.PathExists(doc, "$.n ? (@ > 4)", nil)), Want: "1"},
	{Funcs: "PathMatch", Stmt: first.Where(pg.PathMatch(doc, "$.n > 4", nil)), Want: "1"},
	{Funcs: "PathExists PathMatch", Stmt: first.Where(pg.PathExists(doc, "$.n ? (@ > $least)", map[string]int{"least": 4}), pg.PathMatch(doc, "$.n > $least", map[string]int{"least": 4})), Want: "1"},
	{Funcs: "PathExists PathMatch", Stmt: first.Where(pg.PathExists(doc, "strict $.none.n ? (@ > $least)", map[string]int{"least": 4})), Want: ""}, // silent
	{Funcs: "PathExists PathMatch", Stmt: first.Where(expr.Not(pg.PathMatch(doc, "strict $.n", map[string]int{"least": 4}))), Want: ""},
	{Funcs: "JSONConcat DeleteKey DeletePath", Stmt: shown(pg.JSONConcat(doc, map[string]int{"k": 1}), pg.DeleteKey(doc, "n"), pg.DeletePath(doc, "n")), Want: `{"k": 1, "n": 5} {} {}`},

	{Funcs: "RangeContains", Stmt: first.Where(pg.RangeContains(during, expr.Typed[int32](expr.Cast[int32](expr.Value(5), dialect.Type{Kind: dialect.Integer})))), Want: "1"},
	{Funcs: "RangeContainedBy RangeOverlaps Range", Stmt: show(expr.If(pg.RangeContainedBy(span(2, 3), span(1, 5)), expr.Value("in"), expr.Value("out")), expr.If(pg.RangeOverlaps(span(1, 3), span(3, 5)), expr.Value("on"), expr.Value("off"))), Want: "in off"},
	{Funcs: "RangeBefore RangeAfter RangeAdjacent", Stmt: yes(pg.RangeBefore(span(1, 2), span(5, 6)), pg.RangeAfter(span(5, 6), span(1, 2)), pg.RangeAdjacent(span(1, 2), span(2, 3))), Want: "1"},
	{Funcs: "RangeNotAfter RangeNotBefore", Stmt: yes(pg.RangeNotAfter(span(1, 3), span(2, 3)), pg.RangeNotBefore(span(2, 4), span(2, 3))), Want: "1"},
	{Funcs: "RangeUnion RangeMinus RangeIntersect", Stmt: show(pg.RangeUnion[any](span(1, 3), span(3, 5)), pg.RangeMinus[any](span(1, 5), span(3, 9)), pg.RangeIntersect[any](span(1, 5), span(3, 9))), Want: "[1,5) [1,3) [3,5)"},
	{Funcs: "Lower Upper", Stmt: show(pg.Lower[int64](span(1, 3)), pg.Upper[int64](span(1, 3))), Want: "1 3"},
	{Funcs: "IsEmpty", Stmt: yes(pg.IsEmpty(span(3, 3))), Want: "1"},

	{Funcs: "ToVector Matches PlainQuery", Stmt: first.Where(pg.Matches(words, pg.PlainQuery("english", "lazy dogs"))), Want: "1"},
	{Funcs: "ToQuery", Stmt: first.Where(pg.Matches(words, pg.ToQuery("english", "fox | cat"))), Want: "1, 2"},
	{Funcs: "PhraseQuery", Stmt: first.Where(pg.Matches(words, pg.PhraseQuery("english", "lazy dog"))), Want: "1"},
	{Funcs: "WebQuery", Stmt: first.Where(pg.Matches(words, pg.WebQuery("english", `"lazy dog" -cat`))), Want: "1"},
	{Funcs: "Rank", Stmt: first.Where(pg.Rank(words, pg.PlainQuery("english", "dog")).Gt(0)), Want: "1"},
	{Funcs: "Headline", Stmt: shown(pg.Headline(body, pg.PlainQuery("english", "lazy"))), Want: "a fox and a <b>lazy</b> dog"},

	{Funcs: "JSONSet JSONReplace", Stmt: shown(pg.JSONSet(doc, []string{"k"}, []int{1}), pg.JSONReplace(doc, []string{"k"}, 1), pg.JSONReplace(doc, []string{"n"}, "x")), Want: `{"k": [1], "n": 5} {"n": 5} {"n": "x"}`},
	{Funcs: "JSONInsert JSONInsertAfter", Stmt: show(pg.JSONInsert(expr.JSONValue([]int{1, 2}), []string{"1"}, 9), pg.JSONInsertAfter(expr.JSONValue([]int{1, 2}), []string{"1"}, 9)), Want: "[1, 9, 2] [1, 2, 9]"},
	{Funcs: "PathQuery", Stmt: func() dialect.Statement {
		t, v := pg.PathQuery("v", expr.JSONValue([]int{1, 5, 9}), "$[*] ? (@ > $least)", map[string]int{"least": 3})
		return expr.Select(str(v)).From(t)
	}(), Want: "5, 9"},
	{Funcs: "PathQueryArray PathQueryFirst", Stmt: shown(pg.PathQueryArray(doc, "$.*", nil), pg.PathQueryFirst(doc, "$.n", nil), pg.PathQueryFirst(doc, "$.none", nil)), Want: "[5] 5 NULL"},
	{Funcs: "StripNulls JSONTypeOf", Stmt: show(pg.StripNulls(expr.JSONValue(map[string]any{"a": nil, "b": 1})), pg.JSONTypeOf(expr.JSONValue([]int{1}))), Want: `{"b": 1} array`},
	{Funcs: "Split Positions", Stmt: show(pg.Split(expr.Value("a,b,c"), ","), pg.Positions(ints(7, 8, 7), 7)), Want: "{a,b,c} {1,3}"},
	{Funcs: "ToChar ToDate ToTimestamp ToNumber", Stmt: show(pg.ToChar(at, "YYYY/MM HH24"), pg.ToChar(expr.Value[int64](1234), "FM9G999"), pg.ToDate(expr.Value("2026/01/31"), "YYYY/MM/DD"),
		expr.Extract(expr.Minute, pg.ToTimestamp(expr.Value("2026 03:04"), "YYYY HH24:MI")), pg.ToNumber(expr.Value("12-"), "99S")), Want: "2026/01 03 1,234 2026-01-31 4 -12"},
	{Funcs: "WidthBucket SplitPart", Stmt: show(pg.WidthBucket(expr.Value(5.35), 0.024, 10.06, 5), pg.SplitPart(expr.Value("a-b-c"), "-", 2)), Want: "3 b"},
	{Funcs: "AdvisoryLock TryAdvisoryLock AdvisoryUnlock", Stmt: show(pg.TryAdvisoryLock(77_001), pg.AdvisoryLock(77_001), pg.AdvisoryUnlock(77_001), pg.AdvisoryUnlock(77_001), pg.AdvisoryUnlock(77_001)), Want: "true  true true false"},
	{Funcs: "AdvisoryTxLock TryAdvisoryTxLock", Stmt: show(pg.TryAdvisoryTxLock(77_002), pg.AdvisoryTxLock(77_002)), Want: "true "},
	{Funcs: "AdvisoryLockShared TryAdvisoryLockShared AdvisoryUnlockShared AdvisoryUnlockAll", Stmt: show(pg.TryAdvisoryLockShared(77_003), pg.AdvisoryLockShared(77_003), pg.AdvisoryUnlockShared(77_003), pg.AdvisoryUnlock(77_003),
		pg.AdvisoryUnlockAll(), pg.AdvisoryUnlockShared(77_003)), Want: "true  true false  false"},
	{Funcs: "AdvisoryTxLockShared TryAdvisoryTxLockShared", Stmt: show(pg.TryAdvisoryTxLockShared(77_004), pg.AdvisoryTxLockShared(77_004)), Want: "true "},
	{Funcs: "Fill Trim", Stmt: show(pg.Fill("x", 3), pg.Trim(ints(5, 6, 7), 2), pg.Trim(pg.Fill[int64](4, 2), 1), pg.Cardinality(pg.Fill(1.5, 0))), Want: "{x,x,x} {5} {4} 0"},
	{Funcs: "Trim", Stmt: shown(pg.Trim(tags, 1)), Want: "{a}"},
	{Funcs: "RangeAgg RangeIntersectAgg", Stmt: func() dialect.Statement {
		v := expr.Values([]expr.ColumnDef{expr.Def[int64]("a"), expr.Def[int64]("b")}, []any{1, 4}, []any{3, 6}, []any{2, 9}, []any{3, 12}).As("v")
		r := pg.Range[any]("int8range", expr.C[int64](v, "a"), expr.C[int64](v, "b"), "[)")
		gaps := pg.RangeAgg(r)
		return expr.Select(str(gaps), str(pg.RangeIntersectAgg[any](r))).From(v)
	}(), Want: "{[1,12)} [3,4)"},
	{Funcs: "Similarity Similar Distance", Before: []dialect.Statement{raw("CREATE EXTENSION IF NOT EXISTS pg_trgm")},
		Stmt: show(pg.Similarity(expr.Value("word"), expr.Value("word")), expr.If(pg.Similar(expr.Value("word"), expr.Value("wordy")), expr.Value("yes"), expr.Value("no")), pg.Distance(expr.Value("word"), expr.Value("word"))), Want: "1 yes 0"},
	{Funcs: "LowerIncluded UpperIncluded LowerInfinite UpperInfinite RangeMerge", Stmt: show(expr.If(expr.And(pg.LowerIncluded(span(1, 3)), expr.Not(pg.UpperIncluded(span(1, 3))), expr.Not(pg.LowerInfinite(span(1, 3))), expr.Not(pg.UpperInfinite(span(1, 3)))), expr.Value("yes"), expr.Value("no")),
		pg.RangeMerge[any](span(1, 2), span(5, 6))), Want: "yes [1,6)"},

	{Funcs: "Unlogged TableWith Tablespace AccessMethod", Before: made(schema.Integer("a"), pg.Unlogged(), pg.TableWith("fillfactor", 70), pg.Tablespace("pg_default"), pg.AccessMethod("heap")), Stmt: raw(options), Want: "fillfactor=70 u"},
	{Funcs: "PartitionBy", Before: made(schema.Integer("a"), pg.PartitionBy("RANGE", schema.Self[int]("a"))), Stmt: raw("SELECT pg_get_partkeydef('made'::regclass)"), Want: "RANGE (a)"},
	{Funcs: "PartitionOf", Before: divided(), Stmt: raw("SELECT relname, pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = 'made_1'::regclass"), Want: "made_1 FOR VALUES FROM (1) TO (9)"},
	{Funcs: "Include", Before: made(schema.Integer("a"), schema.Integer("b"), schema.Unique("a").With(pg.Include("b"))), Stmt: raw(indexes), Want: "~(a) INCLUDE (b)"},
	{Funcs: "OnCommit", Stmt: schema.CreateTable(schema.New("brief", schema.Integer("a"), schema.Temporary(), pg.OnCommit("DROP")))},
	{Funcs: "Using IndexWith OpClass IndexTablespace", Before: made(schema.Text("a"), schema.IndexOn("i").Parts(schema.By(schema.Self[string]("a")).With(pg.OpClass("text_pattern_ops"))).
		With(pg.Using("btree"), pg.IndexWith("fillfactor", 70), pg.IndexTablespace("pg_default"))), Stmt: raw(indexes), Want: "~USING btree (a text_pattern_ops) WITH (fillfactor='70')"},
	{Funcs: "Concurrently", Before: made(schema.Integer("a"), schema.IndexOn("slow", "a").With(pg.Concurrently())), Stmt: raw(indexes), Want: "~INDEX slow ON"},
	{Funcs: "NullsNotDistinct", Before: made(schema.Integer("a").Null(), schema.Unique("a").With(pg.NullsNotDistinct())), Stmt: raw(indexes), Want: "~NULLS NOT DISTINCT"},
	{Funcs: "Exclude With", Before: made(schema.NewColumn("a", pg.Int4Range), pg.Exclude("apart", "gist", pg.With(schema.Self[any]("a"), "&&"))),
		Stmt: raw("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'apart' AND conrelid = 'made'::regclass"), Want: "EXCLUDE USING gist (a WITH &&)"},
}

var lists = expr.NewTable(expr.TableDef{Name: "lists", Columns: []expr.ColumnDef{{Name: "a", Type: arrayOf(dialect.Type{Kind: dialect.BigInt})}}})

func ints(vs ...int64) expr.Expr[[]int64]   { return expr.Value(vs) }
func strs(vs ...string) expr.Expr[[]string] { return expr.Value(vs) }

// yes gives a row where all conditions hold.
func yes(conds ...expr.Cond) dialect.Statement {
	return expr.Select(expr.Literal[int64](1)).Where(conds...)
}

// Other databases refuse all of it.
func TestElsewhere(t *testing.T) {
	owntest.Elsewhere(t, cases, mysql.Dialect(), sqlite.Dialect(), mssql.Dialect(), oracle.Dialect())
}

// Each function is there, once at least, on a server.
func TestLive(t *testing.T) {
	owntest.All(t, ".", cases)
	l := owntest.Connect(t, testenv.Postgres(t))
	l.Space(t, "SCHEMA", "SET search_path TO")
	l.Exec(t, raw("CREATE TABLE posts (id BIGINT PRIMARY KEY, tags TEXT[], doc JSONB, body TEXT, during INT4RANGE)"),
		raw(`INSERT INTO posts VALUES (1, '{a,b}', '{"n": 5}', 'a fox and a lazy dog', '[1,9)'), (2, '{c}', '{}', 'cats', '[20,30)')`))
	l.Run(t, cases)
}

func arrayOf(t dialect.Type) *dialect.Type {
	a := pg.ArrayOf(t)
	return &a
}
