package sqldriver_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

func query(t *testing.T, c *sqldriver.Conn, s statement) dialect.Rows {
	t.Helper()
	rows, err := c.Query(t.Context(), compile(t, s))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestColumnsAreDescribedOnce(t *testing.T) {
	result := &fakeRows{cols: []string{"a", "b", "c"}, types: []string{"int", "text"}}
	d := &db{inputs: -1, rows: func() *fakeRows { r := *result; return &r }}
	described := 0
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{Prepare: sqldriver.Always, StatementCache: 4,
		Column: func(_ driver.Rows, i int, col *dialect.Column) {
			described++
			if col.DatabaseType == "INT" {
				col.Type = &dialect.Type{Kind: dialect.Integer}
			}
		}})
	uuid := &dialect.Type{Kind: dialect.UUID}
	declared := []dialect.Column{{Name: "x"}, {Name: "y", Type: uuid, Outer: true, Table: "t"}, {}}
	columns := func(declared []dialect.Column) []dialect.Column {
		s := text("q")
		s.cols = declared
		rows := query(t, c, s)
		defer rows.Close()
		return rows.Columns()
	}
	first := columns(declared)
	want := []dialect.Column{
		{Name: "a", DatabaseType: "INT", Type: &dialect.Type{Kind: dialect.Integer}, Nullable: dialect.Yes},
		{Name: "b", DatabaseType: "TEXT", Type: uuid, Outer: true, Table: "t", Nullable: dialect.No},
		{Name: "c"},
	}
	if !reflect.DeepEqual(first, want) {
		t.Errorf("%+v, not %+v", first, want)
	}
	again := columns(append([]dialect.Column(nil), declared...))
	if &again[0] != &first[0] || described != 3 {
		t.Errorf("described %d times", described)
	}
	result.types = []string{"bigint", "text"}
	if changed := columns(declared); changed[0].DatabaseType != "BIGINT" || first[0].DatabaseType != "INT" {
		t.Errorf("%+v, %+v", changed, first)
	}
	if undeclared := columns(nil); undeclared[1].Type != nil || undeclared[1].Outer {
		t.Errorf("%+v", undeclared)
	}
}

func TestScanRow(t *testing.T) {
	d := &db{rows: func() *fakeRows {
		return table([]string{"n", "s", "none", "coded", "b"}, []driver.Value{int64(5), []byte("text"), nil, "c", []byte{1, 2}})
	}}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{Decoder: func(col *dialect.Column) sqldriver.Decoder {
		if col.Name != "coded" && col.Name != "none" {
			return nil
		}
		return func(dst any, v driver.Value) (driver.Value, bool, error) {
			if v == nil {
				t.Error("a decoder got NULL")
			}
			switch dst := dst.(type) {
			case *string:
				*dst = "decoded"
				return nil, true, nil
			case *bool:
				return nil, false, errors.New("not a bool")
			}
			return int64(99), false, nil
		}
	}})
	rows := query(t, c, text("q"))
	defer rows.Close()
	var n int
	var s, coded string
	var none sql.NullString
	var b []byte
	dst := []any{&n, &s, &none, &coded, &b}
	if err := rows.ScanRow(dst); !errors.Is(err, dialect.ErrScan) {
		t.Errorf("before Next: %v", err)
	}
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	if err := rows.ScanRow(dst); err != nil || n != 5 || s != "text" || none.Valid || coded != "decoded" || len(b) != 2 {
		t.Errorf("%v %v %v %v %v, %v", n, s, none, coded, b, err)
	}
	null := &dialect.Nullable{Dst: new(int64)}
	missing := &dialect.Nullable{Dst: new(int64)}
	if err := rows.ScanRow([]any{nil, nil, missing, null, nil}); err != nil || null.Null || *null.Dst.(*int64) != 99 || !missing.Null {
		t.Errorf("%+v, %+v, %v", null, missing, err)
	}
	var se *dialect.ScanError
	if err := rows.ScanRow([]any{nil, nil, nil, new(bool), nil}); !errors.As(err, &se) || se.Column != "coded" {
		t.Errorf("%v", err)
	}
	if err := rows.ScanRow([]any{nil, nil, &n, nil, nil}); !errors.Is(err, dialect.ErrNullValue) {
		t.Errorf("%v", err)
	}
	if err := rows.ScanRow([]any{&n}); !errors.Is(err, dialect.ErrScan) {
		t.Errorf("too few destinations: %v", err)
	}
	if rows.Next() {
		t.Error("a second row")
	}
}

func TestErrorsOfRowsAreGivenOnce(t *testing.T) {
	bad, worse := errors.New("bad"), errors.New("worse")
	d := &db{}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{})
	open := func(r *fakeRows) dialect.Rows {
		d.rows = func() *fakeRows { return r }
		return query(t, c, text("q"))
	}
	rows := open(&fakeRows{err: bad})
	if rows.Next() || !errors.Is(rows.Err(), bad) || rows.Close() != nil {
		t.Error("given by Err")
	}
	rows = open(&fakeRows{err: bad})
	rows.Next()
	if err := rows.Close(); !errors.Is(err, bad) {
		t.Errorf("given by Close: %v", err)
	}
	if rows.Close() != nil || rows.Next() {
		t.Error("a second Close, or a Next after it")
	}
	rows = open(&fakeRows{closed: worse})
	if err := rows.Close(); !errors.Is(err, worse) || rows.Close() != nil {
		t.Errorf("Close's own: %v", err)
	}
	rows = open(&fakeRows{err: bad, closed: worse})
	rows.Next()
	if !errors.Is(rows.Err(), bad) || !errors.Is(rows.Close(), worse) {
		t.Error("both")
	}
	rows = open(&fakeRows{err: driver.ErrBadConn, closed: driver.ErrBadConn})
	rows.Next()
	if e := sqldriver.Classify(rows.Err(), describe); e.Kind != dialect.ErrConnectionLost || !e.MayHaveRun || rows.Close() != nil || c.Usable() {
		t.Errorf("lost while reading: %+v", e)
	}
}

func TestRowsEndWithTheirContext(t *testing.T) {
	cause := errors.New("seen enough")
	for _, loses := range []bool{false, true} {
		d := &db{}
		c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{CancelLoses: loses})
		ctx, cancel := context.WithCancelCause(t.Context())
		rows, err := c.Query(ctx, compile(t, text("q")))
		if err != nil || !rows.Next() {
			t.Fatal(err)
		}
		cancel(cause)
		if rows.Next() {
			t.Error("a row after the end of the context")
		}
		e := sqldriver.Classify(rows.Err(), describe)
		if e.Kind != dialect.ErrCancelled || !errors.Is(e, cause) || e.Lost != loses {
			t.Errorf("%+v", e)
		}
		if err := rows.Close(); err != nil || c.Usable() == loses {
			t.Errorf("%v, usable %v", err, c.Usable())
		}
	}
}

func TestConnectionWithOpenRows(t *testing.T) {
	d := &db{inputs: -1}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{Prepare: sqldriver.Always, StatementCache: 1})
	rows := query(t, c, text("q"))
	for _, err := range []error{c.Ping(t.Context()), c.Begin(t.Context(), dialect.TxOptions{}), c.Commit(t.Context()), c.Reset(t.Context()), c.Text(t.Context(), "x")} {
		if !errors.Is(err, dialect.ErrInUse) {
			t.Errorf("%v", err)
		}
	}
	if _, err := c.Query(t.Context(), compile(t, text("q"))); !errors.Is(err, dialect.ErrInUse) {
		t.Errorf("the statement whose rows are open is run again: %v", err)
	}
	d.invalid = true // busy
	if !c.Usable() {
		t.Error("a busy connection is not usable")
	}
	d.invalid = false
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if rows.Next() || !errors.Is(rows.Err(), dialect.ErrClosed) {
		t.Errorf("rows of a closed connection: %v", rows.Err())
	}
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
}

func TestSeveralResults(t *testing.T) {
	d := &db{rows: func() *fakeRows {
		r := table([]string{"a"}, []driver.Value{int64(1)})
		r.more = []*fakeRows{table([]string{"b", "c"}, []driver.Value{"x", time.Time{}})}
		return r
	}}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{})
	rows := query(t, c, text("q"))
	sets := rows.(dialect.ResultSets)
	if !rows.Next() || rows.Next() {
		t.Error("the first result")
	}
	if !sets.NextResultSet() || len(rows.Columns()) != 2 || !rows.Next() {
		t.Fatalf("the second result: %v", rows.Columns())
	}
	var s string
	if err := rows.ScanRow([]any{&s, nil}); err != nil || s != "x" {
		t.Errorf("%q, %v", s, err)
	}
	if sets.NextResultSet() || rows.Next() || rows.Close() != nil {
		t.Error("a third result")
	}
}

func TestResultOfRows(t *testing.T) {
	d := &db{}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{})
	for s, want := range map[string]int64{"write": 2, "read": -1} {
		rows := query(t, c, text(s))
		for rows.Next() {
		}
		if n := rows.Result().RowsAffected(); n != want {
			t.Errorf("%s: %d rows", s, n)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
}

// outConn is a driver that writes into Out parameters.
type outConn struct {
	newConn
	rows int64
}

func (c outConn) CheckNamedValue(*driver.NamedValue) error { return nil }

func (c outConn) ExecContext(_ context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	for _, a := range args {
		if o, ok := a.Value.(sql.Out); ok && c.rows > 0 {
			switch p := o.Dest.(type) {
			case *sql.NullInt64:
				*p = sql.NullInt64{Int64: 42, Valid: true}
			case *sql.NullString:
				*p = sql.NullString{String: "made", Valid: true}
			case *[]int64:
				*p = []int64{7, 8}
			}
		}
	}
	return driver.RowsAffected(c.rows), c.do("text exec " + text)
}

// out makes an Out parameter after the column's type.
func out(a *dialect.Arg) (any, func(int64) []driver.Value) {
	one := func(v driver.Valuer) func(int64) []driver.Value {
		return func(affected int64) []driver.Value {
			if affected == 0 {
				return nil
			}
			got, _ := v.Value() // of these types never an error
			return []driver.Value{got}
		}
	}
	if a.Type != nil && a.Type.Kind == dialect.BigInt {
		p := new(sql.NullInt64)
		return sql.Out{Dest: p}, one(p)
	}
	p := new(sql.NullString)
	return sql.Out{Dest: p}, one(p)
}

func TestOutParametersThatTheDialectLacks(t *testing.T) {
	d := &db{}
	c := sqldriver.New(newConn{oldConn{d}}, &sqldriver.Config{})
	_, err := c.Query(t.Context(), compile(t, text("write", dialect.Arg{Out: true, Name: "id"})))
	if !errors.Is(err, dialect.ErrUnsupported) || len(d.log) != 0 || !c.Usable() {
		t.Errorf("%v, %q", err, d.log)
	}
}

func TestOutParametersAreARow(t *testing.T) {
	d := &db{}
	s := text("write", 1, dialect.Arg{Out: true, Type: &dialect.Type{Kind: dialect.BigInt}}, dialect.Arg{Out: true, Name: "label"})
	s.cols = []dialect.Column{{Name: "id"}, {Name: "label", Nullable: dialect.Yes}}
	for _, affected := range []int64{1, 0} {
		c := sqldriver.New(outConn{newConn{oldConn{d}}, affected}, &sqldriver.Config{Out: out})
		rows := query(t, c, s)
		if !reflect.DeepEqual(rows.Columns(), s.cols) {
			t.Errorf("%+v", rows.Columns())
		}
		n := int64(0)
		for rows.Next() {
			var id int
			var label string
			if err := rows.ScanRow([]any{&id, &label}); err != nil || id != 42 || label != "made" {
				t.Errorf("%d %q, %v", id, label, err)
			}
			n++
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil || n != affected || rows.Result().RowsAffected() != affected {
			t.Errorf("%d rows of %d, %v", n, affected, err)
		}
		if _, err := exec(t, c, "after"); err != nil {
			t.Errorf("%v", err)
		}
	}
}

func TestOutParametersOfSeveralRows(t *testing.T) {
	d := &db{}
	lengths := []int{2, 2}
	next := 0
	c := sqldriver.New(outConn{newConn{oldConn{d}}, 2}, &sqldriver.Config{Out: func(*dialect.Arg) (any, func(int64) []driver.Value) {
		p := new([]int64)
		n := lengths[next]
		next++
		return sql.Out{Dest: p}, func(int64) []driver.Value {
			var vals []driver.Value
			for _, v := range (*p)[:n] {
				vals = append(vals, v)
			}
			return vals
		}
	}})
	s := text("write", dialect.Arg{Out: true, Name: "a"}, dialect.Arg{Out: true, Name: "b"})
	rows := query(t, c, s)
	var got [][2]int
	for rows.Next() {
		var r [2]int
		if err := rows.ScanRow([]any{&r[0], &r[1]}); err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	if !reflect.DeepEqual(got, [][2]int{{7, 7}, {8, 8}}) || rows.Columns()[1].Name != "b" {
		t.Errorf("%v", got)
	}
	lengths, next = []int{2, 1}, 0
	if _, err := c.Query(t.Context(), compile(t, s)); !errors.Is(err, dialect.ErrScan) {
		t.Errorf("lists of unlike length: %v", err)
	}
}
