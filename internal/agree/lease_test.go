package agree

import (
	"context"
	"fmt"
	"maps"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	_ "github.com/sqlayer-go/sqlayer/dialect/all"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/testspace"
)

// lease runs statements on one connection, in a namespace of its own.
type lease struct {
	name string
	d    dialect.Dialect
	c    dialect.Conn

	space *testspace.Space
}

func (l *lease) Dialect() dialect.Dialect { return l.d }
func (l *lease) Conn() dialect.Conn       { return l.c }

func (l *lease) Run(ctx context.Context, s dialect.Statement, rows func(dialect.Rows) error) (dialect.Result, error) {
	res, _, err := testspace.Run(ctx, l.d, l.c, s, rows)
	return res, err
}

func connect(t testing.TB, b testenv.Backend) *lease {
	t.Helper()
	l := &lease{name: b.Name, space: testspace.New(t, b)}
	l.c, l.d = testspace.Connect(t, l.space.URL)
	return l
}

// fill makes the tables and their rows.
func fill(t testing.TB, l *lease) {
	t.Helper()
	if p, ok := l.d.(plain); ok {
		with := *l
		with.d = p.Dialect
		l = &with
	}
	if l.name == "postgres" { // it would take a second to compile a query of a few rows, whose number it does not know
		if _, err := l.Run(t.Context(), expr.TextQuery("SELECT set_config('jit', 'off', false)"), func(r dialect.Rows) error { r.Next(); return r.Err() }); err != nil {
			t.Fatal(err)
		}
	}
	if err := schema.NewMetadata(base, kid).CreateAll(t.Context(), l); err != nil {
		t.Fatalf("%s: %v", l.name, err)
	}
	insert := func(table *schema.Dynamic, columns []column, rows [][]any) {
		var cols []expr.AnyColumn
		for _, c := range columns {
			cols = append(cols, table.Col(c.name))
		}
		if _, err := l.Run(t.Context(), expr.Insert(table).Columns(cols...).Rows(rows...), nil); err != nil {
			t.Fatalf("%s: %v", l.name, err)
		}
	}
	insert(base, baseColumns, baseRows)
	insert(kid, kidColumns, kidRows)
}

// plain is SQLite's dialect without what SQL Server or Oracle lacks.
type plain struct {
	dialect.Dialect
	f *dialect.Features
}

func (p plain) Features() *dialect.Features { return p.f }

func plainFeatures(of *dialect.Features) *dialect.Features {
	f := *of
	f.NativeBool, f.BoolAsCondition, f.ConditionAsValue, f.IsBool, f.BoolIsNumber = false, false, false, false, false
	f.NullsOrdering, f.AggregateFilter, f.RowValues, f.RowIn = false, false, false, 0
	f.GroupByLabels, f.GroupByOrdinals, f.NamedWindows = false, false, false
	f.MaxInList = 3
	f.Functions = maps.Clone(f.Functions)
	f.Functions["greatest"], f.Functions["least"] = "", ""
	return &f
}

// rowsOf reads all rows, each cell as what the maker of its destination says.
func (l *lease) rowsOf(ctx context.Context, s dialect.Statement, cells ...func() any) ([][]any, error) {
	var list [][]any
	_, err := l.Run(ctx, s, func(r dialect.Rows) error {
		for r.Next() {
			row := make([]any, len(cells))
			for i, c := range cells {
				row[i] = c()
			}
			if err := r.ScanRow(row); err != nil {
				return err
			}
			list = append(list, row)
		}
		return r.Err()
	})
	return list, err
}

// written is a statement's text and arguments, for a report.
func written(s dialect.Statement, d dialect.Dialect) string {
	c, err := dialect.Compile(d, s)
	if err != nil {
		return err.Error()
	}
	defer c.Release()
	var args []any
	for _, a := range c.Args() {
		args = append(args, a.Value)
	}
	return fmt.Sprintf("%s\n\t%v", c.Text(), args)
}

// eachLease runs a test on every backend that is there, and on the plain dialect.
func eachLease(t *testing.T, test func(t *testing.T, l *lease)) {
	t.Helper()
	testenv.Each(t, func(t *testing.T, b testenv.Backend) { test(t, connect(t, b)) })
	t.Run("plain", func(t *testing.T) { test(t, connectPlain(t)) })
}

func connectPlain(t testing.TB) *lease {
	l := connect(t, testenv.Backend{Name: "sqlite", URL: testenv.SQLite(t)})
	l.name, l.d = "plain", plain{l.d, plainFeatures(l.d.Features())}
	return l
}
