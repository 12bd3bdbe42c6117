package my_test

import (
	"errors"
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
	"github.com/sqlayer-go/sqlayer/expr/my"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/owntest"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

var posts = expr.NewTable(expr.TableDef{Name: "posts", Columns: []expr.ColumnDef{
	{Name: "id", Type: &dialect.Type{Kind: dialect.BigInt}, PrimaryKey: true},
	{Name: "title", Type: &dialect.Type{Kind: dialect.Varchar, Length: 40}},
	{Name: "doc", Type: &dialect.Type{Kind: dialect.JSON}},
}})

var sets = expr.NewTable(expr.TableDef{Name: "sets", Columns: []expr.ColumnDef{{Name: "a"}}})

var (
	id    = expr.C[int64](posts, "id")
	title = expr.C[string](posts, "title")
	doc   = expr.C[any](posts, "doc")
	first = expr.Select(id).From(posts).OrderBy(id)
)

func text(s string) dialect.Statement { return dialect.Text(s) }

func sel(es ...expr.Any) dialect.Statement { return expr.Select(es...).From(posts).OrderBy(id) }

func one(es ...expr.Any) dialect.Statement { return expr.Select(es...) }

// made makes a table of its options and reads what the server says of it.
func made(name string, parts ...schema.Part) []dialect.Statement {
	table := schema.New(name, parts...)
	return append([]dialect.Statement{schema.CreateTable(table)}, schema.CreateIndexes(table)...)
}

func shown(name string) dialect.Statement { return text("SHOW CREATE TABLE " + name) }

var at = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func v[T any](x T) expr.Expr[T] { return expr.Value(x) }

var cases = []owntest.Case{
	{Funcs: "Match", Stmt: first.Where(my.Match(my.BooleanMode, "+alpha -gamma", title)), Want: "1"},
	{Funcs: "Match", Stmt: first.Where(my.Match(my.NaturalLanguage, "gamma", title)), Want: "2"},
	{Funcs: "Relevance", Stmt: sel(expr.If(my.Relevance(my.WithQueryExpansion, "gamma", title).Gt(0), v("yes"), v("no"))), Want: "~yes"},

	{Funcs: "JSONOverlaps", Stmt: first.Where(my.JSONOverlaps(expr.JSON(doc).Key("tags"), []string{"x", "z"})), Want: "1"},
	{Funcs: "MemberOf", Stmt: first.Where(my.MemberOf(v("x"), expr.JSON(doc).Key("tags"))), Refused: "MEMBER OF"},
	{Funcs: "JSONContainsPath", Stmt: first.Where(my.JSONContainsPath(doc, "$.n")), Want: "1"},
	{Funcs: "JSONSet", Stmt: sel(my.JSONSet(doc, "$.n", []int{1})), Want: `~{"tags": ["x", "y"], "n": [1]}`},
	{Funcs: "JSONInsert", Stmt: sel(my.JSONInsert(doc, "$.n", 7)), Want: `{"tags": ["x", "y"], "n": 5}, {"n": 7}`},
	{Funcs: "JSONReplace", Stmt: sel(my.JSONReplace(doc, "$.n", 7)), Want: `{"tags": ["x", "y"], "n": 7}, {}`},
	{Funcs: "JSONRemove", Stmt: sel(my.JSONRemove(doc, "$.tags")), Want: `{"n": 5}, {}`},
	{Funcs: "JSONArrayAppend", Stmt: sel(my.JSONArrayAppend(doc, "$.tags", "z")), Want: `~["x", "y", "z"]`},
	{Funcs: "JSONMergePatch", Stmt: sel(my.JSONMergePatch(doc, map[string]any{"n": nil, "k": 1})), Want: `~"k": 1`},
	{Funcs: "JSONKeys", Stmt: sel(my.JSONKeys(doc)), Want: `["tags", "n"], []`},
	{Funcs: "JSONSearch", Stmt: sel(my.JSONSearch(doc, "y%")), Want: `"$.tags[1]", NULL`},
	{Funcs: "JSONType", Stmt: sel(my.JSONType(doc)), Want: "OBJECT, OBJECT"},
	{Funcs: "JSONDepth", Stmt: sel(my.JSONDepth(doc)), Want: "3, 1"},
	{Funcs: "JSONValid", Stmt: first.Where(my.JSONValid(title)), Want: ""},
	{Funcs: "JSONTable", Stmt: func() dialect.Statement {
		tags := my.JSONTable("tags", doc, "$.tags[*]", my.JSONColumn{Name: "n"},
			my.JSONColumn{Name: "tag", Type: dialect.Type{Kind: dialect.Varchar, Length: 9}, Path: "$"})
		return expr.Select(id, expr.C[int64](tags, "n"), expr.C[string](tags, "tag")).From(posts, tags)
	}(), Want: "1 1 x, 1 2 y"},

	{Funcs: "Field", Stmt: expr.Select(id).From(posts).OrderBy(my.Field(id, 2, 1)), Want: "2, 1"},
	{Funcs: "FindInSet", Stmt: one(my.FindInSet(v("b"), v("a,b,c"))), Want: "2"},
	{Funcs: "SubstringIndex", Stmt: one(my.SubstringIndex(v("a.b.c"), ".", -1)), Want: "c"},
	{Funcs: "Hex Unhex", Stmt: one(my.Hex(my.Unhex(v("4D79")))), Want: "4D79"},
	{Funcs: "MD5", Stmt: one(my.MD5(v("a"))), Want: "0cc175b9c0f1b6a831c399e269772661"},
	{Funcs: "SHA2", Stmt: one(my.SHA2(v("a"), 224)), Want: "abd37534c7d9a2efb9465de931cd7055ffdb8879563ae98078d6d6d5"},
	{Funcs: "CRC32", Stmt: one(my.CRC32(v("a"))), Want: "3904355907"},
	{Funcs: "Soundex SoundsLike", Stmt: expr.Select(my.Soundex(v("Robert"))).Where(my.SoundsLike(v("Robert"), v("Rupert"))), Want: "R163"},
	{Funcs: "Format", Stmt: one(my.Format(v(1234.567), 2)), Want: "1,234.57"},
	{Funcs: "ConvertUsing", Stmt: one(my.Hex(my.ConvertUsing(v("ü"), "latin1"))), Want: "FC"},
	{Funcs: "DateFormat", Stmt: one(my.DateFormat(v(at), "%d.%m.%Y %H:%i")), Want: "04.03.2026 05:06"},
	{Funcs: "StrToDate", Stmt: one(my.DateFormat(my.StrToDate(v("04.03.2026"), "%d.%m.%Y"), "%Y-%m-%d")), Want: "2026-03-04"},
	{Funcs: "UnixTimestamp FromUnixtime", Stmt: one(my.UnixTimestamp(my.FromUnixtime(v(86400)))), Want: "86400"},
	{Funcs: "LastDay", Stmt: one(my.DateFormat(my.LastDay(v(at)), "%d")), Want: "31"},
	{Funcs: "ConvertTZ", Stmt: one(my.DateFormat(my.ConvertTZ(v(at), "+00:00", "+02:00"), "%H:%i")), Want: "07:06"},
	{Funcs: "UTCTimestamp", Stmt: one(my.UTCTimestamp()), Want: "~20"},
	{Funcs: "InetAton InetNtoa", Stmt: one(my.InetAton(v("10.0.0.1")), my.InetNtoa(v[int64](167772161))), Want: "167772161 10.0.0.1"},
	{Funcs: "Inet6Aton Inet6Ntoa", Stmt: one(my.Inet6Ntoa(my.Inet6Aton(v("::1")))), Want: "::1"},
	{Funcs: "UUID", Stmt: one(expr.CharLength(my.UUID())), Want: "36"},
	{Funcs: "UUIDToBin", Stmt: one(my.UUIDToBin(my.UUID(), true)), Refused: "UUID_TO_BIN"},
	{Funcs: "BinToUUID", Stmt: one(my.BinToUUID(v([]byte("0123456789abcdef")), false)), Refused: "BIN_TO_UUID"},
	{Funcs: "LastInsertID", Before: []dialect.Statement{text("CREATE TABLE keyed (id INTEGER PRIMARY KEY AUTO_INCREMENT)"), text("INSERT INTO keyed VALUES (NULL), (NULL)")},
		Stmt: one(my.LastInsertID()), Want: "1"},
	{Funcs: "ConnectionID", Stmt: one(my.ConnectionID().Gt(0)), Want: "1"},
	{Funcs: "Database", Stmt: one(my.Database()), Want: "~own_"},
	{Funcs: "GetLock", Stmt: one(my.GetLock("sqlayer own", 0)), Want: "1"},
	{Funcs: "IsFreeLock", Stmt: one(my.IsFreeLock("sqlayer own")), Want: "0"},
	{Funcs: "ReleaseLock", Stmt: one(my.ReleaseLock("sqlayer own"), my.ReleaseLock("sqlayer none")), Want: "1 NULL"},
	{Funcs: "Partition", Before: []dialect.Statement{
		text("CREATE TABLE parted (id INTEGER) PARTITION BY RANGE (id) (PARTITION low VALUES LESS THAN (5), PARTITION high VALUES LESS THAN MAXVALUE)"),
		text("INSERT INTO parted VALUES (1), (9)")},
		Stmt: expr.Select(expr.C[int64](parted, "id")).From(my.Partition(parted, "high")), Want: "9"},
	{Funcs: "AsOf Versions VersionsBetween", Before: []dialect.Statement{
		text("CREATE TABLE kept (id INTEGER) WITH SYSTEM VERSIONING"), text("INSERT INTO kept VALUES (1)"), text("DELETE FROM kept")},
		Stmt: expr.Select(expr.CountAll(),
			expr.Scalar[int64](expr.Select(expr.CountAll()).From(my.AsOf(expr.As(kept, "k"), at))),
			expr.Scalar[int64](expr.Select(expr.CountAll()).From(my.VersionsBetween(expr.As(kept, "b"), at, at.AddDate(100, 0, 0))))).From(my.Versions(kept)),
		Want: "1 0 1"},

	{Funcs: "Ignore", Stmt: expr.Insert(posts).Values(id.Set(1)).Prefix(my.Ignore())},
	{Funcs: "LowPriority", Stmt: expr.Update(posts).Set(title.Set("x")).Where(id.Eq(77)).Prefix(my.LowPriority())},
	{Funcs: "HighPriority", Before: []dialect.Statement{expr.Insert(posts).Values(id.Set(8), title.Set("h")).Prefix(my.HighPriority())},
		Stmt: expr.Select(title).From(posts).Where(id.Eq(8)), Want: "h"},
	{Funcs: "Replace", Before: []dialect.Statement{expr.Insert(posts).Values(id.Set(8), title.Set("r")).Prefix(my.Replace())},
		Stmt: expr.Select(title).From(posts).Where(id.Eq(8)), Want: "r"},
	{Funcs: "Quick", Before: []dialect.Statement{expr.Delete(posts).Where(id.Eq(8)).Prefix(my.Quick())},
		Stmt: expr.Select(expr.CountAll()).From(posts).Where(id.Eq(8)), Want: "0"},
	{Funcs: "StraightJoin NoCache SmallResult BufferResult", Stmt: expr.Select(id).From(posts).OrderBy(id).
		Prefix(my.StraightJoin(), my.SmallResult(), my.BufferResult(), my.NoCache()), Want: "1, 2"},
	{Funcs: "BigResult", Stmt: first.Prefix(my.BigResult()), Want: "1, 2"},
	{Funcs: "UseIndex", Advice: true, Stmt: first.Hint(my.UseIndex(posts, "PRIMARY")), Want: "1, 2"},
	{Funcs: "ForceIndex", Advice: true, Stmt: first.Hint(my.ForceIndex(posts, "PRIMARY")), Want: "1, 2"},
	{Funcs: "IgnoreIndex", Advice: true, Stmt: first.Hint(my.IgnoreIndex(posts, "words")), Want: "1, 2"},
	{Funcs: "Hint", Advice: true, Stmt: first.Hint(my.Hint("MAX_EXECUTION_TIME(60000)")), Want: "1, 2"},

	{Funcs: "Engine Charset Collate RowFormat", Before: made("options", schema.Integer("a"), my.Engine("InnoDB"), my.Charset("latin1"), my.Collate("latin1_bin"), my.RowFormat("DYNAMIC")),
		Stmt: shown("options"), Want: "~ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_bin ROW_FORMAT=DYNAMIC"},
	{Funcs: "PartitionByHash", Advice: true, Before: made("hashed", schema.Integer("a"), my.PartitionByHash(3, schema.Self[int]("a"))), Stmt: shown("hashed"), Want: "~PARTITIONS 3"},
	{Funcs: "Unsigned TinyIntOf DateTime Set ColumnCharset", Before: made("types", schema.NewColumn("a", my.Unsigned(dialect.BigInt)), schema.NewColumn("b", my.TinyIntOf(3)),
		schema.NewColumn("c", my.DateTime(3)), schema.NewColumn("d", my.Set("x", "it's")), schema.NewColumn("e", dialect.Type{Kind: dialect.Varchar, Length: 5}).With(my.ColumnCharset("latin1"))),
		Stmt: shown("types"), Check: parts("bigint(20) unsigned", "`b` tinyint(3)", "datetime(3)", "set('x','it''s')", "varchar(5) CHARACTER SET latin1")},
	{Funcs: "Set", Before: append(made("sets", schema.NewColumn("a", my.Set(`back\slash`, `\'`))), expr.Insert(sets).Values(expr.C[string](sets, "a").Set(`\',back\slash`))),
		Stmt: expr.Select(expr.C[string](sets, "a")).From(sets), Want: `back\slash,\'`},
	{Funcs: "Using Fulltext Spatial", Before: made("indexes", schema.Integer("a"), schema.NewColumn("t", my.TextType), schema.NewColumn("g", my.Geometry),
		schema.IndexOn("plain", "a").With(my.Using("btree")), schema.IndexOn("words", "t").With(my.Fulltext()),
		schema.IndexOn("shapes", "g").With(my.Spatial())),
		Stmt: shown("indexes"), Check: parts("USING BTREE", "FULLTEXT KEY `words`", "SPATIAL KEY `shapes`")},
	{Funcs: "Invisible", Before: made("hidden", schema.Integer("a"), schema.IndexOn("i", "a").With(my.Invisible())), Stmt: shown("hidden"), Want: "~KEY `i` (`a`) IGNORED"},
	{Funcs: "Parser", Before: []dialect.Statement{schema.CreateTable(parsed)}, Stmt: schema.CreateIndexes(parsed)[0], Fails: "'ngram' is not defined"},
}

var (
	parsed = schema.New("parsed", schema.NewColumn("t", my.TextType), schema.IndexOn("i", "t").With(my.Fulltext(), my.Parser("ngram")))
	parted = expr.NewTable(expr.TableDef{Name: "parted", Columns: []expr.ColumnDef{{Name: "id"}}})
	kept   = expr.NewTable(expr.TableDef{Name: "kept", Columns: []expr.ColumnDef{{Name: "id"}}})
)

func parts(want ...string) func(string) error {
	return func(rows string) error {
		for _, w := range want {
			if !strings.Contains(rows, w) {
				return errors.New("no " + w + " in " + rows)
			}
		}
		return nil
	}
}

// Other databases refuse all of it.
func TestElsewhere(t *testing.T) {
	owntest.Elsewhere(t, cases, postgres.Dialect(), sqlite.Dialect(), mssql.Dialect(), oracle.Dialect())
}

// The grammar of MySQL judges the golden file.
func TestTexts(t *testing.T) { owntest.Golden(t, mysql.Dialect(), cases) }

// Each function is there, once at least, on a server.
func TestLive(t *testing.T) {
	owntest.All(t, ".", cases)
	l := owntest.Connect(t, testenv.MySQL(t))
	if l.D.Name() != "mariadb" {
		t.Skipf("the cases are for MariaDB, and this is %s", l.D.Name())
	}
	l.Space(t, "DATABASE", "USE")
	l.Exec(t, text("CREATE TABLE posts (id BIGINT PRIMARY KEY, title VARCHAR(40), doc JSON, FULLTEXT KEY words (title)) ENGINE=InnoDB"),
		text(`INSERT INTO posts VALUES (1, 'alpha beta', '{"tags": ["x", "y"], "n": 5}'), (2, 'alpha gamma', '{}')`))
	l.Run(t, cases)
}
