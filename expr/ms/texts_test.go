package ms_test

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
	"github.com/sqlayer-go/sqlayer/expr/ms"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/owntest"
)

var (
	staff = expr.NewTable(expr.TableDef{Schema: "dbo", Name: "staff", Columns: []expr.ColumnDef{
		{Name: "id", Type: &dialect.Type{Kind: dialect.BigInt}, PrimaryKey: true}, {Name: "name", Type: &dialect.Type{Kind: dialect.Varchar, Length: 40}},
		{Name: "bio", Type: &dialect.Type{Kind: dialect.Clob}}, {Name: "since", Type: &dialect.Type{Kind: dialect.Timestamp}}, {Name: "doc", Type: &dialect.Type{Kind: dialect.JSON}}}})
	id    = expr.C[int64](staff, "id")
	name  = expr.C[string](staff, "name")
	bio   = expr.C[string](staff, "bio")
	since = expr.C[time.Time](staff, "since")
	doc   = expr.C[any](staff, "doc")
	s     = expr.As(staff, "s")
	at    = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	names = expr.Select(name).From(staff)
)

func sel(es ...expr.Any) dialect.Statement { return expr.Select(es...).From(staff) }

func made(parts ...schema.Part) []dialect.Statement {
	table := schema.New("made", parts...)
	return append([]dialect.Statement{schema.CreateTable(table)}, schema.CreateIndexes(table)...)
}

func ranking(t expr.Table) dialect.Statement {
	return expr.Select(name, expr.C[int64](t, "RANK")).From(staff).Join(t, expr.Eq(expr.C[int64](t, "KEY"), id)).OrderBy(expr.C[int64](t, "RANK").Desc())
}

var cases = []owntest.Case{
	{Funcs: "AsOf", Stmt: expr.Select(expr.C[string](s, "name")).From(ms.AsOf(s, at))},
	{Funcs: "Versions", Stmt: expr.Select(name).From(ms.Versions(staff))},
	{Funcs: "VersionsBetween", Stmt: expr.Select(name).From(ms.VersionsBetween(staff, at, at.AddDate(0, 0, 1)))},
	{Funcs: "OpenJSON", Stmt: func() dialect.Statement {
		items := ms.OpenJSON("items", doc, "$.items", ms.JSONColumn{Name: "sku", Type: ms.Varchar(20), Path: "$.sku"}, ms.JSONColumn{Name: "tags", JSON: true})
		return expr.Select(id, expr.C[string](items, "sku"), expr.C[any](items, "tags")).From(staff, items)
	}()},
	{Funcs: "OpenJSON", Stmt: func() dialect.Statement {
		all := ms.OpenJSON("members", doc, "$")
		return expr.Select(id, expr.C[string](all, "key"), expr.C[string](all, "value")).From(staff, all)
	}()},
	{Funcs: "StringSplit", Stmt: func() dialect.Statement {
		words := ms.StringSplit("words", name, " ")
		return expr.Select(expr.C[string](words, "value")).From(staff, words)
	}()},
	{Funcs: "ContainsTable", Stmt: ranking(ms.ContainsTable("found", staff, "cat AND dog", 10, "name", "bio"))},
	{Funcs: "FreeTextTable", Stmt: ranking(ms.FreeTextTable("found", staff, "cats and dogs", 0))},
	{Funcs: "Contains FreeText", Stmt: names.Where(ms.Contains("cat AND NOT dog", name, bio), ms.FreeText("cats", bio))},
	{Funcs: "ForJSONPath", Stmt: names.OrderBy(id).Clause(ms.ForJSONPath("staff", true))},
	{Funcs: "ForJSONPath", Stmt: expr.Select(id, expr.Scalar[string](expr.Select(expr.C[string](s, "name")).From(s).Clause(ms.ForJSONPath("", false))).As("doc")).From(staff)},
	{Funcs: "ForJSONAuto MaxDOP", Stmt: names.Clause(ms.ForJSONAuto("", false)).Hint(ms.MaxDOP(1))},
	{Funcs: "ForXMLPath", Stmt: names.Clause(ms.ForXMLPath("person"))},
	{Funcs: "JSONModify IsJSON", Stmt: expr.Select(ms.JSONModify(doc, "$.a", expr.Value(1))).From(staff).Where(ms.IsJSON(bio))},
	{Funcs: "Format ConvertStyle DateName", Stmt: sel(ms.Format(since, "yyyy-MM-dd", "en-US"), ms.ConvertStyle[string](ms.Varchar(30), since, 126), ms.DateName("weekday", since))},
	{Funcs: "EOMonth AtTimeZone SwitchOffset", Stmt: sel(ms.EOMonth(since, 1), ms.AtTimeZone(since, "UTC"), ms.SwitchOffset(ms.AtTimeZone(since, "UTC"), "+02:00"))},
	{Funcs: "PatIndex Stuff QuoteName", Stmt: sel(ms.PatIndex("%[0-9]%", name), ms.Stuff(name, 1, 2, expr.Value("x")), ms.QuoteName(name))},
	{Funcs: "NewID ScopeIdentity Checksum HashBytes", Stmt: sel(ms.NewID(), ms.ScopeIdentity(), ms.Checksum(id, name), ms.HashBytes("SHA2_256", name))},
	{Funcs: "GetDate CurrentTimestamp SysDateTime SysDateTimeOffset", Stmt: expr.Select(ms.GetDate(), ms.CurrentTimestamp(), ms.SysDateTime(), ms.SysDateTimeOffset())},

	{Funcs: "NoLock HoldLock TabLock UpdLock RowLock ReadPast ForceSeek ForceScan Index", Advice: true, Stmt: expr.Union(
		names.Hint(ms.NoLock(staff)), names.Hint(ms.HoldLock(staff), ms.TabLock(staff)), names.Hint(ms.UpdLock(staff), ms.RowLock(staff), ms.ReadPast(staff)),
		names.Hint(ms.ForceSeek(staff)), names.Hint(ms.ForceScan(staff)), names.Hint(ms.Index(staff, "ix name")))},
	{Funcs: "MaxRecursion Fast Recompile OptimizeForUnknown ForceOrder HashJoin LoopJoin MergeJoin", Advice: true,
		Stmt: names.Hint(ms.MaxRecursion(5), ms.Fast(9), ms.Recompile(), ms.OptimizeForUnknown(), ms.ForceOrder(), ms.HashJoin(), ms.LoopJoin(), ms.MergeJoin())},

	{Funcs: "DateTime2 Varchar Sparse", Before: made(schema.NewColumn("a", ms.DateTime2(3)), schema.NewColumn("b", ms.Varchar(9)).Null().With(ms.Sparse())), Stmt: sel(id)},
	{Funcs: "On With", Before: made(schema.Integer("a"), ms.On("rare"), ms.With("DATA_COMPRESSION", "PAGE")), Stmt: sel(id)},
	{Funcs: "Clustered IndexWith", Before: made(schema.Integer("a"), schema.IndexOn("i", "a").With(ms.Clustered(), ms.IndexWith("FILLFACTOR", "80"))), Stmt: sel(id)},
	{Funcs: "KeyClustered KeyNonclustered", Before: made(schema.Integer("a"), schema.Integer("b"), schema.PrimaryKey("a").With(ms.KeyNonclustered()), schema.Unique("b").With(ms.KeyClustered())), Stmt: sel(id)},
}

// The grammar of T-SQL judges the golden file.
func TestTexts(t *testing.T) {
	owntest.All(t, ".", cases)
	owntest.Golden(t, mssql.Dialect(mssql.Version(16)), cases)
}

// Other databases refuse all of it.
func TestElsewhere(t *testing.T) {
	owntest.Elsewhere(t, cases, postgres.Dialect(), mysql.Dialect(), sqlite.Dialect(), oracle.Dialect())
}
