package dialecttest

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// refusedCases send what a flag of Features would allow to a database whose
// flag is off: it is to refuse it, or the flag is off by mistake.
var refusedCases = func() []testCase {
	list := make([]testCase, len(probes))
	for i, p := range probes {
		off := func(f *dialect.Features) bool { return !flagOf(f, p.flag) && (p.asked == nil || p.asked(f)) }
		list[i] = testCase{name: p.flag, needs: without(p.flag, off), run: p.run}
	}
	return list
}()

// probe is a statement that only a database with a flag of Features takes.
type probe struct {
	flag string
	// parts makes the statement of a table (id, name, n) and a new name.
	parts func(t *T, table, name ident) say
	// asked says whether the statement would mean anything; nil: always.
	asked func(f *dialect.Features) bool
}

func (p probe) run(t *T) {
	_, c := t.stock()
	table, name := ident(t.lastTable()), ident(t.newName())
	s := p.parts(t, table, name)
	err := t.probed(c, s)
	if err == nil {
		t.Errorf("Features.%s is off, and the database takes\n%s", p.flag, t.text(s))
		return
	}
	if !c.Usable() {
		t.Errorf("the connection is lost after %s: %v", t.text(s), err)
		return
	}
	t.works(c)
}

// probed runs a statement to its end, and undoes it.
func (t *T) probed(c dialect.Conn, s say) error {
	t.begin(c, dialect.TxOptions{})
	err := t.drain(t.ctx, c, s)
	t.rollback(c)
	return err
}

// flagOf is a flag by its path: "FullJoin", "Locking.NoWait".
func flagOf(f *dialect.Features, path string) bool {
	v := reflect.ValueOf(f).Elem()
	for name := range strings.SplitSeq(path, ".") {
		v = v.FieldByName(name)
	}
	if v.Kind() != reflect.Bool {
		panic(fmt.Sprintf("dialecttest: Features has no flag %s", path))
	}
	return v.Bool()
}

var (
	colID, colName, colN = ident("id"), ident("name"), ident("n")

	locks  = func(f *dialect.Features) bool { return f.Locking.Update != "" && !f.Locking.TableHint }
	merges = func(f *dialect.Features) bool { return f.Merging.Statement }
	// Where a part of an index may be an expression, name(5) is a call.
	noIndexExpr = func(f *dialect.Features) bool { return f.DDL.IndexExpression == "" }
	strict      = func(f *dialect.Features) bool { return !f.Limits.Loose }
)

// where is a query of the table.
func where(parts ...any) func(*T, ident, ident) say {
	return func(_ *T, table, _ ident) say {
		return append(say{"SELECT ", colID, " FROM ", table, " WHERE "}, parts...)
	}
}

// value is a query for an expression.
func value(parts ...any) func(*T, ident, ident) say {
	return func(_ *T, table, _ ident) say {
		return append(append(say{"SELECT "}, parts...), " FROM ", table)
	}
}

// after is a query with something behind it.
func after(parts ...any) func(*T, ident, ident) say {
	return func(_ *T, table, _ ident) say {
		return append(say{"SELECT ", colN, " FROM ", table, " "}, parts...)
	}
}

// over is a sum over a window of the table.
func over(parts ...any) func(*T, ident, ident) say {
	return value(append(append(say{"SUM(", colN, ") OVER (ORDER BY ", colN, " "}, parts...), ")")...)
}

// hole stands in a statement for the table or a new name.
type hole uint8

const (
	theTable hole = iota
	newName
)

// plainly is a statement with holes.
func plainly(parts ...any) func(*T, ident, ident) say {
	return func(_ *T, table, name ident) say {
		s := make(say, len(parts))
		for i, p := range parts {
			switch p {
			case theTable:
				s[i] = table
			case newName:
				s[i] = name
			default:
				s[i] = p
			}
		}
		return s
	}
}

var probes = []probe{
	{flag: "BoolAsCondition", parts: where(colN)},
	{flag: "ConditionAsValue", parts: value(colN, " = 1")},
	{flag: "IsBool", parts: where("(", colN, " = 1) IS TRUE")},
	{flag: "TimeTZ", asked: strict, parts: value("CAST(NULL AS TIME WITH TIME ZONE)")},
	{flag: "NativeUUID", asked: strict, parts: value("CAST(NULL AS UUID)")},
	{flag: "Arrays", parts: value("ARRAY[1, 2]")},
	{flag: "Ranges", parts: value("int4range(1, 2)")},
	{flag: "AnyArray", parts: where(colN, " = ANY ('{1}')")},
	{flag: "WithTies", parts: after("ORDER BY ", colN, " FETCH FIRST 1 ROWS WITH TIES")},
	{flag: "LimitPercent", parts: after("FETCH FIRST 50 PERCENT ROWS ONLY")},
	{flag: "NullsOrdering", parts: after("ORDER BY ", colN, " NULLS LAST")},
	{flag: "FullJoin", parts: plainly("SELECT a.", colID, " FROM ", theTable, " a FULL JOIN ", theTable, " b ON a.", colID, " = b.", colID)},
	{flag: "Quantified", parts: plainly("SELECT ", colID, " FROM ", theTable, " WHERE ", colN, " >= ALL (SELECT ", colN, " FROM ", theTable, ")")},
	{flag: "CTE", parts: plainly("WITH x AS (SELECT 1 AS a) SELECT a FROM x")},
	{flag: "CTENested", parts: plainly("SELECT a FROM (WITH x AS (SELECT 1 AS a) SELECT a FROM x) y")},
	{flag: "CTEInsert", parts: plainly("WITH x AS (SELECT ", colN, " AS a FROM ", theTable, ") INSERT INTO ", theTable, " (", colID, ") SELECT a + 100 FROM x")},
	{flag: "CTEUpdate", parts: plainly("WITH x AS (SELECT 10 AS a) UPDATE ", theTable, " SET ", colN, " = 1 WHERE ", colN, " IN (SELECT a FROM x)")},
	{flag: "CTEMaterialized", parts: plainly("WITH x AS MATERIALIZED (SELECT 1 AS a) SELECT a FROM x")},
	{flag: "CTEWrites", parts: plainly("WITH x AS (DELETE FROM ", theTable, " WHERE ", colID, " = 1 RETURNING ", colID, ") SELECT ", colID, " FROM x")},
	{flag: "RecursiveWord", parts: plainly("WITH RECURSIVE x (a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM x WHERE a < 3) SELECT a FROM x")},
	{flag: "RecursiveDistinct", parts: plainly("WITH x (a) AS (SELECT 1 UNION SELECT a + 1 FROM x WHERE a < 3) SELECT a FROM x")},
	{flag: "RecursiveSearch", parts: plainly("WITH RECURSIVE x (a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM x WHERE a < 3) SEARCH DEPTH FIRST BY a SET o SELECT a FROM x")},
	{flag: "Intersect", parts: plainly("SELECT ", colN, " FROM ", theTable, " INTERSECT SELECT ", colN, " FROM ", theTable)},
	{flag: "SetAll", parts: plainly("SELECT ", colN, " FROM ", theTable, " INTERSECT ALL SELECT ", colN, " FROM ", theTable)},
	{flag: "DistinctOn", parts: plainly("SELECT DISTINCT ON (", colN, ") ", colID, " FROM ", theTable)},
	{flag: "AggregateFilter", parts: value("COUNT(*) FILTER (WHERE ", colN, " > 1)")},
	{flag: "AggregateOrder", parts: value("SUM(", colN, " ORDER BY ", colN, ")")},
	{flag: "NestedAggregates", parts: plainly("SELECT MAX(SUM(", colN, ")) FROM ", theTable, " GROUP BY ", colName)},
	{flag: "AggregateQuery", parts: value("SUM((SELECT ", colN, " FROM ", theTable, " WHERE ", colID, " = 1))")},
	{flag: "GroupByQuery", parts: plainly("SELECT COUNT(*) FROM ", theTable, " GROUP BY (SELECT MAX(x.", colN, ") FROM ", theTable, " x)")},
	{flag: "HavingAlone", parts: plainly("SELECT 1 FROM ", theTable, " HAVING COUNT(*) > 0")},
	{flag: "StringAggDistinct", parts: func(t *T, table, _ ident) say {
		return say{"SELECT ", t.function("string_agg", say{"DISTINCT ", colName}, "','"), " FROM ", table}
	}},
	{flag: "StringAggOver", parts: func(t *T, table, _ ident) say {
		return say{"SELECT ", t.function("string_agg", say{colName}, "','"), " OVER (PARTITION BY ", colN, ") FROM ", table}
	}},
	{flag: "DistinctOver", parts: value("COUNT(DISTINCT ", colN, ") OVER (PARTITION BY ", colName, ")")},
	{flag: "FrameGroups", parts: over("GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW")},
	{flag: "FrameExclude", parts: over("ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES")},
	{flag: "FrameValues", parts: over("RANGE BETWEEN 5 PRECEDING AND CURRENT ROW")},
	{flag: "FrameParams", parts: over("ROWS BETWEEN ", val(1), " PRECEDING AND CURRENT ROW")},
	{flag: "LagDefault", parts: value("LAG(", colN, ", 1, 0) OVER (ORDER BY ", colN, ")")},
	{flag: "LimitedRows", parts: where(colID, " IN (SELECT ", colN, " FROM ", theTable, " ORDER BY ", colN, " LIMIT 1)")},
	{flag: "NthValue", parts: value("NTH_VALUE(", colN, ", 2) OVER (ORDER BY ", colN, ")")},
	{flag: "IgnoreNulls", parts: value("LAG(", colN, ", 1) IGNORE NULLS OVER (ORDER BY ", colN, ")")},
	{flag: "NamedWindows", parts: after("WINDOW w AS (ORDER BY ", colN, ")")},
	{flag: "AliasAs", parts: plainly("SELECT a.", colID, " FROM ", theTable, " AS a")},
	{flag: "RowValues", parts: where("(", colID, ", ", colN, ") = (1, 10)")},
	{flag: "GroupByLabels", parts: plainly("SELECT ", colN, " + 1 AS x FROM ", theTable, " GROUP BY x")},
	{flag: "GroupByOrdinals", parts: after("GROUP BY 1")},
	{flag: "ValuesQuery", parts: plainly("VALUES (1, 2)")},
	{flag: "Only", parts: plainly("SELECT ", colID, " FROM ONLY ", theTable)},
	{flag: "BetweenSymmetric", parts: where(colN, " BETWEEN SYMMETRIC 20 AND 10")},
	{flag: "ReturningInsert", parts: plainly("INSERT INTO ", theTable, " (", colID, ") VALUES (7) RETURNING ", colID)},
	{flag: "ReturningUpdate", parts: plainly("UPDATE ", theTable, " SET ", colN, " = 1 RETURNING ", colID)},
	{flag: "ReturningDelete", parts: plainly("DELETE FROM ", theTable, " RETURNING ", colID)},
	{flag: "DefaultInValues", parts: plainly("INSERT INTO ", theTable, " (", colID, ", ", colN, ") VALUES (7, DEFAULT)")},
	{flag: "UpdateFrom", parts: plainly("UPDATE ", theTable, " SET ", colN, " = 1 FROM ", theTable, " x WHERE x.", colID, " = 1")},
	{flag: "UpdateJoin", parts: plainly("UPDATE ", theTable, " a JOIN ", theTable, " b ON a.", colID, " = b.", colID, " SET a.", colN, " = 1")},
	{flag: "DeleteUsing", parts: plainly("DELETE FROM ", theTable, " USING ", theTable, " x WHERE x.", colID, " = 1")},
	{flag: "DeleteFrom", parts: plainly("DELETE FROM ", theTable, " FROM ", theTable, " x WHERE x.", colID, " = 1")},
	{flag: "UpdateLimit", parts: plainly("UPDATE ", theTable, " SET ", colN, " = 1 ORDER BY ", colID, " LIMIT 1")},
	{flag: "ConflictWhere", parts: plainly("INSERT INTO ", theTable, " (", colID, ") VALUES (1) ON CONFLICT (", colID, ") WHERE ", colID, " > 0 DO NOTHING")},
	{flag: "ConflictConstraint", parts: plainly("INSERT INTO ", theTable, " (", colID, ") VALUES (7) ON CONFLICT ON CONSTRAINT ", newName, " DO NOTHING")},
	{flag: "UpdateAnyKey", parts: plainly("INSERT INTO ", theTable, " (", colID, ") VALUES (1) ON CONFLICT DO UPDATE SET ", colN, " = 1")},
	{flag: "Schemas", parts: plainly("CREATE SCHEMA ", newName)},
	{flag: "AlterAddConstraint", parts: plainly("ALTER TABLE ", theTable, " ADD CONSTRAINT ", newName, " FOREIGN KEY (", colN, ") REFERENCES ", theTable, " (", colID, ")")},
	{flag: "IfNotExists", parts: plainly("CREATE TABLE IF NOT EXISTS ", theTable, " (", colID, " INTEGER)")},
	{flag: "IfExists", parts: plainly("DROP TABLE IF EXISTS ", newName)},
	{flag: "Locking.Of", asked: locks, parts: plainly("SELECT ", colID, " FROM ", theTable, " FOR UPDATE OF ", theTable)},
	{flag: "Locking.NoWait", asked: locks, parts: after("FOR UPDATE NOWAIT")},
	{flag: "Locking.SkipLocked", asked: locks, parts: after("FOR UPDATE SKIP LOCKED")},
	{flag: "Merging.Statement", parts: plainly("MERGE INTO ", theTable, " USING ", theTable, " x ON (", theTable, ".", colID, " = x.", colID, ") WHEN MATCHED THEN UPDATE SET ", colN, " = 1")},
	{flag: "Merging.Delete", asked: merges, parts: plainly("MERGE INTO ", theTable, " USING ", theTable, " x ON (", theTable, ".", colID, " = x.", colID, ") WHEN MATCHED THEN DELETE")},
	{flag: "Merging.DoNothing", asked: merges, parts: plainly("MERGE INTO ", theTable, " USING ", theTable, " x ON (", theTable, ".", colID, " = x.", colID, ") WHEN MATCHED THEN DO NOTHING")},
	{flag: "Merging.BySource", asked: merges, parts: plainly("MERGE INTO ", theTable, " USING ", theTable, " x ON (", theTable, ".", colID, " = x.", colID, ") WHEN NOT MATCHED BY SOURCE THEN DELETE")},
	{flag: "Merging.Returning", asked: merges, parts: plainly("MERGE INTO ", theTable, " USING ", theTable, " x ON (", theTable, ".", colID, " = x.", colID, ") WHEN MATCHED THEN UPDATE SET ", colN, " = 1 RETURNING x.", colID)},
	{flag: "DDL.NamedEnums", parts: plainly("CREATE TYPE ", newName, " AS ENUM ('a')")},
	{flag: "DDL.NoColumns", parts: plainly("CREATE TABLE ", newName, " ()")},
	{flag: "DDL.CascadePaths", parts: plainly("CREATE TABLE ", newName, " (", colID, " INTEGER PRIMARY KEY, ", colN, " INTEGER REFERENCES ", newName, " (", colID, ") ON DELETE CASCADE)")},
	{flag: "DDL.IndexWhere", parts: plainly("CREATE INDEX ", newName, " ON ", theTable, " (", colN, ") WHERE ", colN, " > 1")},
	{flag: "DDL.IndexInclude", parts: plainly("CREATE INDEX ", newName, " ON ", theTable, " (", colN, ") INCLUDE (", colID, ")")},
	{flag: "DDL.IndexNulls", parts: plainly("CREATE INDEX ", newName, " ON ", theTable, " (", colN, " NULLS FIRST)")},
	{flag: "DDL.IndexLength", asked: noIndexExpr, parts: plainly("CREATE INDEX ", newName, " ON ", theTable, " (", colName, "(5))")},
	{flag: "DDL.DropIndexOn", parts: plainly("DROP INDEX IF EXISTS ", newName, " ON ", theTable)},
	{flag: "DDL.MaterializedViews", parts: plainly("CREATE MATERIALIZED VIEW ", newName, " AS SELECT ", colID, " FROM ", theTable)},
	{flag: "DDL.TemporaryViews", parts: plainly("CREATE TEMPORARY VIEW ", newName, " AS SELECT ", colID, " FROM ", theTable)},
	{flag: "DDL.CreateSchema", parts: plainly("CREATE SCHEMA ", newName)},
}
