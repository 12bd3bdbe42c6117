package ora_test

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
	"github.com/sqlayer-go/sqlayer/expr/ora"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/owntest"
)

var (
	staff = expr.NewTable(expr.TableDef{Name: "staff", Columns: []expr.ColumnDef{
		{Name: "id", Type: &dialect.Type{Kind: dialect.BigInt}, PrimaryKey: true}, {Name: "boss_id", Type: &dialect.Type{Kind: dialect.BigInt}, Null: true},
		{Name: "name", Type: &dialect.Type{Kind: dialect.Varchar, Length: 40}}, {Name: "pay", Type: &dialect.Type{Kind: dialect.Double}},
		{Name: "since", Type: &dialect.Type{Kind: dialect.Timestamp}}, {Name: "doc", Type: &dialect.Type{Kind: dialect.JSON}}}})
	id    = expr.C[int64](staff, "id")
	boss  = expr.C[int64](staff, "boss_id")
	name  = expr.C[string](staff, "name")
	pay   = expr.C[float64](staff, "pay")
	since = expr.C[time.Time](staff, "since")
	s     = expr.As(staff, "s")
	at    = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
)

func sel(es ...expr.Any) dialect.Statement { return expr.Select(es...).From(staff) }

func made(parts ...schema.Part) []dialect.Statement {
	table := schema.New("made", parts...)
	return append([]dialect.Statement{schema.CreateTable(table)}, schema.CreateIndexes(table)...)
}

var cases = []owntest.Case{
	{Funcs: "ConnectBy Prior Level ConnectByRoot SysConnectByPath ConnectByIsLeaf", Stmt: expr.Select(ora.Level(), ora.ConnectByRoot(name), ora.SysConnectByPath(name, "/"), ora.ConnectByIsLeaf()).
		From(staff).Where(pay.Gt(1)).Clause(ora.ConnectBy(boss.IsNull(), expr.Eq(ora.Prior(id), boss))).OrderBy(name)},
	{Funcs: "ConnectByNoCycle ConnectByIsCycle", Stmt: expr.Select(name, ora.ConnectByIsCycle()).From(staff).Clause(ora.ConnectByNoCycle(expr.Cond{}, expr.Eq(ora.Prior(id), boss))).GroupBy(name)},
	{Funcs: "DeleteWhere", Stmt: expr.Merge(staff).Using(s, expr.Eq(id, expr.C[int64](s, "boss_id"))).WhenMatched(pay.Gt(1)).Update(expr.Set(pay, expr.C[float64](s, "pay"))).
		Clause(ora.DeleteWhere(pay.Lt(2), expr.C[string](s, "name").Eq("x"))).WhenNotMatched().Insert(expr.Set(id, expr.C[int64](s, "id")))},
	{Funcs: "Rownum", Stmt: expr.Select(name).From(staff).Where(ora.Rownum().Le(5))},
	{Funcs: "RowID RowSCN", Stmt: expr.Select(ora.RowID(s), ora.RowSCN(s)).From(s)},
	{Funcs: "AsOf", Stmt: expr.Select(expr.C[string](s, "name")).From(ora.AsOf(s, at))},
	{Funcs: "AsOfSCN", Stmt: expr.Select(name).From(ora.AsOfSCN(staff, 1234))},
	{Funcs: "VersionsBetween", Stmt: expr.Select(name).From(ora.VersionsBetween(staff, at, at.AddDate(0, 0, 1)))},
	{Funcs: "Remote", Stmt: expr.Select(expr.C[string](s, "name")).From(ora.Remote(s, "hq"))},
	{Funcs: "Partition", Stmt: expr.Select(expr.C[string](s, "name")).From(ora.Partition(s, "old"))},
	{Funcs: "JSONTable", Stmt: func() dialect.Statement {
		items := ora.JSONTable("items", expr.C[any](staff, "doc"), "$.items[*]", ora.JSONColumn{Name: "n"}, ora.JSONColumn{Name: "sku", Type: ora.Varchar2(20), Path: "$.sku"})
		return expr.Select(id, expr.C[string](items, "sku")).From(staff, items)
	}()},
	{Funcs: "Nvl2", Stmt: sel(ora.Nvl2(boss, expr.Value("has"), expr.Value("none")))},
	{Funcs: "Decode", Stmt: sel(ora.Decode[string](id, expr.Value(1), expr.Value("one"), expr.Value("more")))},
	{Funcs: "ToChar ToDate ToNumber", Stmt: sel(ora.ToChar(since, "YYYY-MM-DD"), ora.ToDate(name, "DD.MM.YYYY"), ora.ToNumber(name, "999"))},
	{Funcs: "AddMonths MonthsBetween LastDay NextDay", Stmt: sel(ora.AddMonths(since, 2), ora.MonthsBetween(ora.Sysdate(), since), ora.LastDay(since), ora.NextDay(since, "MONDAY"))},
	{Funcs: "Median", Stmt: sel(ora.Median(pay))},
	{Funcs: "RatioToReport", Stmt: sel(ora.RatioToReport(pay), ora.RatioToReport(pay, boss))},
	{Funcs: "RegexpSubstr RegexpCount RegexpInstr", Stmt: sel(ora.RegexpSubstr(name, "a+"), ora.RegexpCount(name, "a"), ora.RegexpInstr(name, "b"))},
	{Funcs: "SysGUID SysContext", Stmt: expr.Select(ora.SysGUID(), ora.SysContext("USERENV", "SESSION_USER"))},
	{Funcs: "Contains Score", Stmt: expr.Select(name, ora.Score(1)).From(staff).Where(ora.Contains(name, "cat AND NOT dog", 1)).OrderBy(ora.Score(1).Desc())},
	{Funcs: "KeepFirst KeepLast", Stmt: expr.Select(boss, ora.KeepFirst(expr.Max(pay), since.Desc().NullsLast(), id), ora.KeepLast(expr.Min(pay), since)).From(staff).GroupBy(boss)},
	{Funcs: "Hint", Advice: true, Stmt: expr.Select(name).From(staff).Hint(ora.Hint("FULL(staff)"))},
	{Funcs: "Sysdate Systimestamp CurrentDate", Stmt: expr.Select(ora.Sysdate(), ora.Systimestamp(), ora.CurrentDate())},

	{Funcs: "Number Varchar2 Raw DaySecond", Before: made(schema.NewColumn("a", ora.Number(9)), schema.NewColumn("b", ora.Varchar2(9)), schema.NewColumn("c", ora.Raw(9)), schema.NewColumn("d", ora.DaySecond(2, 3))), Stmt: sel(id)},
	{Funcs: "GlobalTemporary OnCommit", Before: made(schema.Integer("a"), ora.GlobalTemporary(), ora.OnCommit("DELETE ROWS")), Stmt: sel(id)},
	{Funcs: "Tablespace Compress", Before: made(schema.Integer("a"), ora.Tablespace("users"), ora.Compress()), Stmt: sel(id)},
	{Funcs: "OrganizationIndex", Before: made(schema.Integer("a").PrimaryKey(), ora.OrganizationIndex()), Stmt: sel(id)},
	{Funcs: "PartitionByHash", Advice: true, Before: made(schema.Integer("a"), ora.PartitionByHash(4, schema.Self[int]("a"))), Stmt: sel(id)},
	{Funcs: "Bitmap Reverse IndexTablespace", Before: made(schema.Integer("a"), schema.Integer("b"), schema.IndexOn("i", "a").With(ora.Bitmap()), schema.IndexOn("j", "b").With(ora.Reverse(), ora.IndexTablespace("users"))), Stmt: sel(id)},
}

// The grammar of Oracle judges the golden file.
func TestTexts(t *testing.T) {
	owntest.All(t, ".", cases)
	owntest.Golden(t, oracle.Dialect(oracle.Version(19)), cases)
}

// Other databases refuse all of it.
func TestElsewhere(t *testing.T) {
	owntest.Elsewhere(t, cases, postgres.Dialect(), mysql.Dialect(), sqlite.Dialect(), mssql.Dialect())
}
