package lite_test

import (
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/lite"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/owntest"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

var (
	posts = expr.NewTable(expr.TableDef{Name: "posts", Columns: []expr.ColumnDef{
		{Name: "id", Type: &dialect.Type{Kind: dialect.BigInt}, PrimaryKey: true},
		{Name: "title", Type: &dialect.Type{Kind: dialect.Varchar}, Null: true},
		{Name: "doc", Type: &dialect.Type{Kind: dialect.JSON}, Null: true}}})
	words = expr.NewTable(expr.TableDef{Name: "Words of it", Columns: []expr.ColumnDef{
		{Name: "title", Type: &dialect.Type{Kind: dialect.Varchar}}, {Name: "body", Type: &dialect.Type{Kind: dialect.Varchar}}}})

	id    = expr.C[int64](posts, "id")
	title = expr.C[string](posts, "title")
	doc   = expr.C[any](posts, "doc")
	first = expr.Select(id).From(posts).OrderBy(id)
	found = expr.As(words, "w")
	at    = time.Date(2026, 3, 31, 5, 6, 7, 0, time.UTC)
)

func text(s string) dialect.Statement { return dialect.Text(s) }

func sel(es ...expr.Any) dialect.Statement { return expr.Select(es...).From(posts).OrderBy(id) }

func one(es ...expr.Any) dialect.Statement { return expr.Select(es...) }

func v[T any](x T) expr.Expr[T] { return expr.Value(x) }

var cases = []owntest.Case{
	{Funcs: "Match", Stmt: expr.Select(expr.C[string](words, "title")).From(words).Where(lite.Match(words, "lazy OR nothing")), Want: "fox"},
	{Funcs: "BM25", Stmt: expr.Select(expr.C[string](found, "title")).From(found).Where(lite.Match(found, "dog")).OrderBy(lite.BM25(found, 10, 1)), Want: "dog, fox"},
	{Funcs: "Highlight", Stmt: expr.Select(lite.Highlight(words, 1, "<b>", "</b>")).From(words).Where(lite.Match(words, "lazy")), Want: "the <b>lazy</b> dog sleeps"},
	{Funcs: "Snippet", Stmt: expr.Select(lite.Snippet(found, -1, "[", "]", "…", 2)).From(found).Where(lite.Match(found, "lazy")), Want: "~[lazy]"},

	{Funcs: "JSONSet", Stmt: sel(lite.JSONSet(doc, "$.n", []int{1})), Want: `{"tags":["x","y"],"n":[1]}, {"n":[1]}`},
	{Funcs: "JSONInsert", Stmt: sel(lite.JSONInsert(doc, "$.tags[#]", "z")), Want: `{"tags":["x","y","z"],"n":5}, {"tags":["z"]}`},
	{Funcs: "JSONReplace", Stmt: sel(lite.JSONReplace(doc, "$.n", map[string]int{"a": 1})), Want: `{"tags":["x","y"],"n":{"a":1}}, {}`},
	{Funcs: "JSONRemove", Stmt: sel(lite.JSONRemove(doc, "$.tags")), Want: `{"n":5}, {}`},
	{Funcs: "JSONPatch", Stmt: sel(lite.JSONPatch(doc, map[string]any{"n": nil, "k": 1})), Want: `{"tags":["x","y"],"k":1}, {"k":1}`},
	{Funcs: "JSONType", Stmt: sel(lite.JSONType(doc, "$.tags")), Want: "array, NULL"},
	{Funcs: "JSONValid", Stmt: first.Where(lite.JSONValid(title)), Want: ""},
	{Funcs: "JSONEach", Stmt: func() dialect.Statement {
		tags := lite.JSONEach("tags", doc, "$.tags")
		return expr.Select(id, expr.C[any](tags, "key"), expr.C[any](tags, "value"), expr.C[string](tags, "fullkey")).From(posts, tags).OrderBy(id, expr.C[any](tags, "key"))
	}(), Want: "1 0 x $.tags[0], 1 1 y $.tags[1]"},
	{Funcs: "JSONTree", Stmt: func() dialect.Statement {
		tree := lite.JSONTree("tree", doc, "$")
		return expr.Select(expr.CountAll()).From(posts, tree).Where(expr.C[string](tree, "type").Eq("text"))
	}(), Want: "2"},

	{Funcs: "Rowid", Stmt: expr.Select(lite.Rowid(found)).From(found).OrderBy(lite.Rowid(found)), Want: "1, 2"},
	{Funcs: "Glob", Stmt: first.Where(lite.Glob(title, "[ab]*a")), Want: "1, 2"},
	{Funcs: "Typeof", Stmt: sel(lite.Typeof(id)), Want: "integer, integer"},
	{Funcs: "Hex", Stmt: one(lite.Hex(v("ab"))), Want: "6162"},
	{Funcs: "Quote", Stmt: one(lite.Quote(v("it's"))), Want: "'it''s'"},
	{Funcs: "Unicode", Stmt: one(lite.Unicode(v("ü"))), Want: "252"},
	{Funcs: "Printf", Stmt: one(lite.Printf("%03d %s", v(7), v("x"))), Want: "007 x"},
	{Funcs: "Total", Stmt: expr.Select(lite.Total(id)).From(posts).Where(expr.Never()), Want: "0"},
	{Funcs: "Strftime", Stmt: one(lite.Strftime("%d.%m", v(at), "start of month", "-1 day")), Want: "28.02"},
	{Funcs: "DateTime", Stmt: one(lite.DateTime(v(at), "+1 hour")), Want: "2026-03-31 06:06:07"},
	{Funcs: "Date", Stmt: one(lite.Date(v(at), "start of year")), Want: "2026-01-01"},
	{Funcs: "JulianDay", Stmt: one(lite.JulianDay(v("2000-01-01 12:00:00")).Eq(2451545)), Want: "1"},
	{Funcs: "UnixEpoch", Stmt: one(lite.UnixEpoch(v("1970-01-02"))), Want: "86400"},
	{Funcs: "RandomBlob ZeroBlob", Stmt: one(lite.Hex(lite.ZeroBlob(2)), expr.Eq(expr.Func[int]("length", lite.RandomBlob(5)), v(5))), Want: "0000 1"},
	{Funcs: "Likely Unlikely", Stmt: first.Where(lite.Likely(id.Gt(0)), expr.Not(lite.Unlikely(id.Gt(1)))), Want: "1"},
	{Funcs: "Version", Stmt: one(lite.Version()), Want: "~3."},
	{Funcs: "LastInsertRowid Changes", Before: []dialect.Statement{expr.Insert(posts).Values(id.Set(7)), expr.Delete(posts).Where(id.Eq(7))},
		Stmt: one(lite.LastInsertRowid(), lite.Changes()), Want: "7 1"},
	{Funcs: "IndexedBy", Advice: true, Before: []dialect.Statement{text("CREATE INDEX by_title ON posts (title)")}, Stmt: first.Where(title.Gt("a")).Hint(lite.IndexedBy(posts, "by_title")), Want: "1, 2"},
	{Funcs: "NotIndexed", Advice: true, Stmt: first.Hint(lite.NotIndexed(posts)), Want: "1, 2"},

	{Funcs: "WithoutRowid Strict", Before: []dialect.Statement{schema.CreateTable(schema.New("strict", schema.NewColumn("a", dialect.Type{Kind: dialect.Native, Name: "INT"}).PrimaryKey(),
		lite.WithoutRowid(), lite.Strict()))}, Stmt: text("SELECT wr, strict FROM pragma_table_list WHERE name = 'strict'"), Want: "1 1"},
	{Funcs: "Autoincrement", Before: []dialect.Statement{
		schema.CreateTable(schema.New("counting", schema.Integer("id").PrimaryKey().Identity().With(lite.Autoincrement()), schema.Integer("n"))),
		text("INSERT INTO counting (n) VALUES (1), (2)"), text("DELETE FROM counting WHERE n = 2"), text("INSERT INTO counting (n) VALUES (3)")},
		Stmt: text("SELECT id FROM counting ORDER BY n"), Want: "1, 3"},
	{Funcs: "Numeric", Advice: true, Before: []dialect.Statement{schema.CreateTable(schema.New("numbers", schema.NewColumn("a", lite.Numeric(10, 2)))), text("INSERT INTO numbers VALUES ('1.50')")},
		Stmt: text("SELECT typeof(a), a FROM numbers"), Want: "real 1.5"},

	{Funcs: "OrReplace", Before: insert(lite.OrReplace()), Stmt: taken, Want: "new"},
	{Funcs: "OrIgnore", Before: insert(lite.OrIgnore()), Stmt: taken, Want: "old"},
	{Funcs: "OrAbort OrFail OrRollback", Before: append(append(fresh(lite.OrAbort()), fresh(lite.OrFail())...), fresh(lite.OrRollback())...), Stmt: taken, Want: "new"},
}

var (
	keyed = expr.NewTable(expr.TableDef{Name: "keyed", Columns: []expr.ColumnDef{{Name: "id", PrimaryKey: true}, {Name: "name"}}})
	taken = expr.Select(expr.C[string](keyed, "name")).From(keyed)
)

// insert adds a row where another one of the key is.
func insert(p expr.Prefix) []dialect.Statement {
	return append([]dialect.Statement{text("DELETE FROM keyed"), text("INSERT INTO keyed VALUES (1, 'old')")}, row(p))
}

// fresh adds a row that nothing is in the way of.
func fresh(p expr.Prefix) []dialect.Statement {
	return []dialect.Statement{text("DELETE FROM keyed"), row(p)}
}

func row(p expr.Prefix) dialect.Statement {
	return expr.Insert(keyed).Values(expr.C[int](keyed, "id").Set(1), expr.C[string](keyed, "name").Set("new")).Prefix(p)
}

// Other databases refuse all of it.
func TestElsewhere(t *testing.T) {
	owntest.Elsewhere(t, cases, postgres.Dialect(), mysql.Dialect(), mssql.Dialect(), oracle.Dialect())
}

// Each function is there, once at least, in the engine.
func TestLive(t *testing.T) {
	owntest.All(t, ".", cases)
	l := owntest.Connect(t, testenv.SQLite(t))
	l.Exec(t, text("CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, doc TEXT)"), text("CREATE TABLE keyed (id INTEGER PRIMARY KEY, name TEXT)"),
		text(`INSERT INTO posts VALUES (1, 'alpha', '{"tags":["x","y"],"n":5}'), (2, 'beta', '{}')`),
		text(`CREATE VIRTUAL TABLE "Words of it" USING fts5(title, body)`),
		text(`INSERT INTO "Words of it" VALUES ('fox', 'the lazy dog sleeps'), ('dog', 'a dog and a dog')`))
	l.Run(t, cases)
}
