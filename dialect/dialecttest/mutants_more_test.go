package dialecttest

import (
	"context"
	"slices"
	"strings"

	_ "github.com/sqlayer-go/sqlayer/dialect/mysql"
	_ "github.com/sqlayer-go/sqlayer/dialect/postgres"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// eachTable puts a fault into every table that is read.
func eachTable(fault func(t *dialect.TableInfo)) func(*dialect.Catalog) {
	return func(c *dialect.Catalog) {
		for _, t := range c.Tables {
			fault(t)
		}
	}
}

func eachColumn(fault func(c *dialect.ColumnInfo)) func(*dialect.Catalog) {
	return eachTable(func(t *dialect.TableInfo) {
		for i := range t.Columns {
			fault(&t.Columns[i])
		}
	})
}

// rewriting is a connection that sends another text for those that begin with
// prefix, or none at all.
func rewriting(prefix, with string) func(dialect.Conn) dialect.Conn {
	return func(c dialect.Conn) dialect.Conn {
		return &faulty{Conn: c, rewrite: func(text string) string {
			rest, ok := strings.CutPrefix(text, prefix)
			switch {
			case !ok:
				return text
			case with == "":
				return ""
			}
			return with + rest
		}}
	}
}

// moreMutants are about what is made and read back: DDL, views, sequences,
// the catalogue; and about copies and two-phase transactions.
var moreMutants = []mutant{
	{name: "DROP TABLE does nothing", conn: rewriting("DROP TABLE", ""),
		caught: []string{"ddl/a table is dropped", "ddl/a set of tables drops what is there"}},
	{name: "CREATE TABLE IF NOT EXISTS does nothing", conn: rewriting("CREATE TABLE IF NOT EXISTS", ""),
		caught: []string{"ddl/a table is created if it is not there", "features/a schema is created twice and dropped twice"}},
	{name: "CREATE INDEX IF NOT EXISTS does nothing", conn: rewriting("CREATE INDEX IF NOT EXISTS", ""),
		caught: []string{"ddl/an index is created if it is not there"}},
	{name: "IF EXISTS is forgotten", conn: rewriting("DROP TABLE IF EXISTS", "DROP TABLE"),
		caught: []string{"ddl/a table is dropped if it is there", "features/DROP TABLE IF EXISTS"}},
	{name: "CREATE VIEW does nothing", conn: rewriting("CREATE VIEW", ""),
		caught: []string{"views/a table and a view of a query, also in a schema", "views/a view of a view, made and dropped in order", "catalogue names/a view is found by its name"}},
	{name: "views are tables", conn: rewriting("CREATE VIEW", "CREATE TABLE"),
		caught: []string{"views/tables and views of a query are created and dropped with their source", "catalogue names/names of views are in order, without tables"}},
	{name: "a view in the place of another stays as it was", on: "postgres", conn: rewriting("CREATE OR REPLACE VIEW", "CREATE TEMPORARY VIEW"),
		caught: []string{"views/a view in the place of another"}},
	{name: "materialized views are views", on: "postgres", conn: rewriting("CREATE MATERIALIZED VIEW", "CREATE VIEW"),
		caught: []string{"views/a materialized view"}},
	{name: "names may be of any length", on: "postgres", features: func(f *dialect.Features) { f.MaxIdent = 0 },
		caught: []string{"ddl/names by a convention that are too long are cut, each in its own way"}},
	{name: "comments go nowhere", on: "postgres", conn: rewriting("COMMENT ON", ""),
		caught: []string{"ddl/a comment is added to a table", "catalogue comments/comments of tables and columns"}},

	{name: "a sequence's next value is the one before", on: "postgres", features: func(f *dialect.Features) { f.DDL.NextValue = "(" + f.DDL.NextValue + " - 1)" },
		caught: []string{"sequences/an INSERT takes its key from one", "sequences/the key that it gave comes back", "sequences/its next value alone"}},
	{name: "sequences begin at 1", on: "postgres", conn: func(c dialect.Conn) dialect.Conn {
		return &faulty{Conn: c, rewrite: func(text string) string { return strings.Replace(text, " START WITH 10", "", 1) }}
	}, caught: []string{"sequences/an INSERT takes its key from one"}},
	{name: "no sequence is listed", on: "postgres", inspect: func(c *dialect.Catalog) { c.Sequences = nil },
		caught: []string{"sequences/one is there", "sequences/all are listed, with how they count", "sequences/those of a schema are listed"}},
	{name: "every sequence is said to count by 1", on: "postgres", inspect: func(c *dialect.Catalog) {
		for i := range c.Sequences {
			c.Sequences[i].Increment = 1
		}
	}, caught: []string{"sequences/all are listed, with how they count"}},

	{name: "no table is found", inspect: func(c *dialect.Catalog) { *c = dialect.Catalog{Schema: c.Schema, Default: c.Default} },
		caught: []string{"catalogue names/a table is there, and others are not", "catalogue names/names of tables are in order, without views"}},
	{name: "names of tables are in no order", inspect: func(c *dialect.Catalog) { slices.Reverse(c.Tables) },
		caught: []string{"catalogue names/names of tables are in order, without views"}},
	{name: "every column may be NULL", inspect: eachColumn(func(c *dialect.ColumnInfo) { c.Nullable = true }),
		caught: []string{"catalogue columns/what may be NULL", "catalogue columns/columns of tables and views, in order, with types and NULL"}},
	{name: "columns are in no order", inspect: eachTable(func(t *dialect.TableInfo) { slices.Reverse(t.Columns) }),
		caught: []string{"catalogue columns/columns of tables and views, in order, with types and NULL"}},
	{name: "texts lose their length", inspect: eachColumn(func(c *dialect.ColumnInfo) { c.Type.Length = 0 }), caught: []string{"catalogue columns/texts keep their length"}},
	{name: "decimals lose their scale", inspect: eachColumn(func(c *dialect.ColumnInfo) { c.Type.Scale = 0 }), caught: []string{"catalogue columns/decimals keep precision and scale"}},
	{name: "defaults are lost", inspect: eachColumn(func(c *dialect.ColumnInfo) { c.Default = "" }), caught: []string{"catalogue columns/defaults of the database"}},
	{name: "no column counts by itself", inspect: eachColumn(func(c *dialect.ColumnInfo) { c.Identity = nil }), caught: []string{"catalogue columns/which column counts by itself"}},
	{name: "computed columns are plain ones", inspect: eachColumn(func(c *dialect.ColumnInfo) { c.Computed = "" }), caught: []string{"catalogue columns/a computed column gives its expression"}},
	{name: "computed columns are never stored", inspect: eachColumn(func(c *dialect.ColumnInfo) { c.Stored = false }), caught: []string{"catalogue columns/a computed column says whether it is stored"}},
	{name: "primary keys are lost", inspect: eachTable(func(t *dialect.TableInfo) { t.PrimaryKey = nil }), caught: []string{"catalogue keys/primary keys"}},
	{name: "a primary key's columns are in the table's order", inspect: eachTable(func(t *dialect.TableInfo) {
		if t.PrimaryKey != nil {
			slices.SortFunc(t.PrimaryKey.Columns, func(a, b string) int { return t.Column(a).Position - t.Column(b).Position })
		}
	}), caught: []string{"catalogue keys/a primary key's columns in its own order"}},
	{name: "foreign keys are lost", inspect: eachTable(func(t *dialect.TableInfo) { t.ForeignKeys = nil }),
		caught: []string{"catalogue keys/foreign keys", "catalogue keys/foreign keys to odd names lead there"}},
	{name: "unique keys are lost", inspect: eachTable(func(t *dialect.TableInfo) { t.Unique = nil }), caught: []string{"catalogue keys/unique keys"}},
	{name: "checks are lost", inspect: eachTable(func(t *dialect.TableInfo) { t.Checks = nil }), caught: []string{"catalogue keys/a check of a column", "catalogue keys/a check of a table"}},
	{name: "indexes are lost", inspect: eachTable(func(t *dialect.TableInfo) { t.Indexes = nil }),
		caught: []string{"catalogue indexes/indexes", "catalogue names/an index is found by its table and name"}},
	{name: "an index's columns are in no order", inspect: eachTable(func(t *dialect.TableInfo) {
		for _, i := range t.Indexes {
			slices.Reverse(i.Columns)
		}
	}), caught: []string{"catalogue indexes/an index's columns in its own order"}},
	{name: "comments are lost", on: "postgres", inspect: eachTable(func(t *dialect.TableInfo) { t.Comment = "" }), caught: []string{"catalogue comments/comments of tables and columns"}},
	{name: "views are said to be tables", inspect: eachTable(func(t *dialect.TableInfo) { t.Kind = dialect.BaseTable }),
		caught: []string{"catalogue kinds/what a table and a view are said to be"}},
	{name: "definitions of views are lost", inspect: eachTable(func(t *dialect.TableInfo) { t.Definition = "" }), caught: []string{"catalogue kinds/the definition of a view"}},

	{name: "a copy loses a row", on: "postgres", conn: copying(faultyCopy{lose: 100}), caught: []string{"bulk/a copy of many rows", "copies/rows are loaded in order, and counted"}},
	{name: "a copy makes empty texts of NULL", on: "postgres", conn: copying(faultyCopy{noNull: true}), caught: []string{"bulk/a copy keeps values and NULL", "copies/values and NULL come as they went"}},
	{name: "a copy ends well where the caller fails", on: "postgres", conn: copying(faultyCopy{deaf: true}),
		caught: []string{"bulk/an error of the caller ends a copy, which leaves nothing", "copies/an error of the program's leaves none"}},
	{name: "a copy forgets its schema", on: "postgres", conn: copying(faultyCopy{noSchema: true}),
		caught: []string{"copies/a table in a schema of its own", "copies/a table in a schema that stands for another"}},
	{name: "a load makes empty texts of NULL", on: "mysql", conn: copying(faultyCopy{noNull: true}), caught: []string{"copies/a load where it is asked for"}},

	{name: "Prepare does nothing", on: "mysql", conn: phasing(faultyPhases{noPrepare: true}),
		caught: []string{"two-phase/what was prepared is committed", "two-phase/what was prepared outlives its connection, and another commits it"}},
	{name: "what is to be rolled back is committed", on: "mysql", conn: phasing(faultyPhases{commits: true}),
		caught: []string{"two-phase/what was prepared outlives its connection, and another rolls it back"}},
	{name: "what is to be committed is rolled back", on: "mysql", conn: phasing(faultyPhases{rollsBack: true}),
		caught: []string{"two-phase/what was prepared outlives its connection, and another commits it"}},
	{name: "nothing that was prepared is listed", on: "mysql", conn: phasing(faultyPhases{hides: true}),
		caught: []string{"two-phase/what was prepared is committed", "two-phase/what was prepared outlives its connection, and another commits it"}},
	{name: "settling what nobody prepared succeeds", on: "mysql", conn: phasing(faultyPhases{lax: true}),
		caught: []string{"two-phase/an id that nobody has prepared is an error of its kind"}},
}

// faultyCopy is a connection whose copies have faults.
type faultyCopy struct {
	dialect.Conn
	lose     int // each row of that number
	noNull   bool
	deaf     bool
	noSchema bool
}

func copying(fault faultyCopy) func(dialect.Conn) dialect.Conn {
	return func(c dialect.Conn) dialect.Conn {
		f := fault
		f.Conn = c
		return &f
	}
}

func (c *faultyCopy) sound() dialect.Conn { return c.Conn }

func (c *faultyCopy) CopyFrom(ctx context.Context, schema, table string, columns []string, next func() ([]any, error)) (dialect.Result, error) {
	if c.noSchema {
		schema = ""
	}
	n := 0
	return c.Conn.(dialect.Copier).CopyFrom(ctx, schema, table, columns, func() ([]any, error) {
		row, err := next()
		if n++; c.lose > 0 && n == c.lose && row != nil {
			row, err = next()
		}
		if c.noNull {
			for i, v := range row {
				if v == nil {
					row[i] = ""
				}
			}
		}
		if c.deaf {
			err = nil
		}
		return row, err
	})
}

// faultyPhases is a connection whose two phases have faults.
type faultyPhases struct {
	dialect.Conn
	noPrepare, commits, rollsBack, hides, lax bool
}

func phasing(fault faultyPhases) func(dialect.Conn) dialect.Conn {
	return func(c dialect.Conn) dialect.Conn {
		f := fault
		f.Conn = c
		return &f
	}
}

func (c *faultyPhases) sound() dialect.Conn { return c.Conn }

func (c *faultyPhases) phases() dialect.TwoPhaser { return c.Conn.(dialect.TwoPhaser) }

func (c *faultyPhases) BeginTwoPhase(ctx context.Context, id string, o dialect.TxOptions) error {
	return c.phases().BeginTwoPhase(ctx, id, o)
}

func (c *faultyPhases) Prepare(ctx context.Context) error {
	if c.noPrepare {
		return nil
	}
	return c.phases().Prepare(ctx)
}

func (c *faultyPhases) Settle(ctx context.Context, id string, commit bool) error {
	err := c.phases().Settle(ctx, id, commit && !c.rollsBack || c.commits)
	if c.lax {
		return nil
	}
	return err
}

func (c *faultyPhases) Prepared(ctx context.Context) ([]string, error) {
	if c.hides {
		return nil, nil
	}
	return c.phases().Prepared(ctx)
}
