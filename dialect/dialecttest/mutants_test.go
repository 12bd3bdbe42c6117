package dialecttest

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// recorder takes what a case says, in the place of a *testing.T: like that one,
// from several goroutines at once.
type recorder struct {
	mu   sync.Mutex
	said []string
}

func (r *recorder) Helper()             {}
func (r *recorder) Logf(string, ...any) {}
func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, fmt.Sprintf(format, args...))
}
func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// try runs a case and returns what it complains of.
func (tg *target) try(c testCase) []string {
	r := &recorder{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				r.Errorf("panic: %v", p)
			}
		}()
		tg.run(r, c)
	}()
	<-done
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said
}

func find(t *testing.T, tg *target, name string) testCase {
	t.Helper()
	groupName, caseName, _ := strings.Cut(name, "/")
	for _, g := range groups(tg) {
		for _, c := range g.cases {
			if g.name == groupName && c.name == caseName {
				return c
			}
		}
	}
	t.Fatalf("there is no case %q", name)
	return testCase{}
}

// A mutant is a sound dialect with one fault.
type mutant struct {
	name string
	// on is the backend that it takes; empty: SQLite.
	on string
	// conn puts the fault into a connection, features into Features,
	// classify into Classify, inspect into what is read from the catalogue.
	conn     func(dialect.Conn) dialect.Conn
	features func(*dialect.Features)
	classify func(*dialect.Error)
	inspect  func(*dialect.Catalog)
	// caught are cases that must find it.
	caught []string
}

var mutants = []mutant{
	{name: "Commit rolls back", conn: func(c dialect.Conn) dialect.Conn { return &faulty{Conn: c, commit: c.Rollback} },
		caught: []string{"tx/Commit keeps what was done", "savepoint/a released savepoint keeps its work", "engine/Transact commits, and rolls back on error and panic"}},
	{name: "Rollback commits", conn: func(c dialect.Conn) dialect.Conn { return &faulty{Conn: c, rollback: c.Commit} },
		caught: []string{"tx/Rollback undoes what was done", "autocommit/without it, a rollback undoes what was done", "savepoint/a rolled back transaction takes its savepoints along"}},
	{name: "Begin forgets its options", conn: func(c dialect.Conn) dialect.Conn { return &faulty{Conn: c, plainBegin: true} },
		caught: []string{"tx/read only refuses to write", "tx/other isolation levels are refused before sending", "tx/deferrable is refused where there is none"}},
	{name: "Reset does nothing", conn: func(c dialect.Conn) dialect.Conn { return &faulty{Conn: c, noReset: true} },
		caught: []string{"reset/an open transaction is undone", "reset/undoes: a setting", "engine/a lease is handed back clean"}},
	{name: "contexts are ignored", conn: func(c dialect.Conn) dialect.Conn { return &faulty{Conn: c, noContext: true} },
		caught: []string{"cancel/a context that has ended sends nothing"}},
	{name: "Usable is always true", conn: func(c dialect.Conn) dialect.Conn { return &faulty{Conn: c, alwaysUsable: true} },
		caught: []string{"connect/Close works twice and ends Usable"}},
	{name: "times lose their fraction", conn: func(c dialect.Conn) dialect.Conn {
		return &faulty{Conn: c, arg: func(v any) any {
			if t, ok := v.(time.Time); ok {
				return t.Truncate(time.Second)
			}
			return v
		}}
	}, caught: []string{"types/timestamp keeps microseconds", "types/timestamp with time zone keeps the instant", "types/time of day keeps microseconds",
		"dates/a timestamp with microseconds comes back", "dates/a time of day with microseconds comes back"}},
	{name: "times lose their zone", conn: func(c dialect.Conn) dialect.Conn {
		return &faulty{Conn: c, arg: func(v any) any {
			if t, ok := v.(time.Time); ok {
				return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
			}
			return v
		}}
	}, caught: []string{"types/timestamp with time zone keeps the instant", "params/times bind the same in any zone", "types/instants sort and compare as they pass"}},
	{name: "text is trimmed", conn: func(c dialect.Conn) dialect.Conn {
		return &faulty{Conn: c, arg: func(v any) any {
			if s, ok := v.(string); ok {
				return strings.TrimSpace(s)
			}
			return v
		}}
	}, caught: []string{"types/varchar keeps every character"}},
	{name: "empty text is NULL", conn: func(c dialect.Conn) dialect.Conn {
		return &faulty{Conn: c, arg: func(v any) any {
			if v == "" {
				return nil
			}
			return v
		}}
	}, caught: []string{"types/the empty string is not NULL", "null/the empty string is told from NULL", "texts/text: the empty string", "unicode/national varchar: the empty string"}},
	{name: "whole numbers become float64", conn: func(c dialect.Conn) dialect.Conn {
		return &faulty{Conn: c, arg: func(v any) any {
			if n, ok := v.(int64); ok {
				return float64(n)
			}
			return v
		}}
	}, caught: []string{"types/bigint keeps its extremes"}},
	{name: "NULL is read as zero", conn: func(c dialect.Conn) dialect.Conn { return &faulty{Conn: c, nullIsZero: true} },
		caught: []string{"null/NULL into a plain variable is an error that names the column", "engine/a NULL into a plain field names the field"}},
	{name: "scan errors name no column", conn: func(c dialect.Conn) dialect.Conn { return &faulty{Conn: c, bareErrors: true} },
		caught: []string{"scan/a number that does not fit is an error that names the column"}},
	{name: "bytes are shared", conn: func(c dialect.Conn) dialect.Conn { return &faulty{Conn: c, shareBytes: true} },
		caught: []string{"scan/bytes are copies"}},
	{name: "columns are made anew", conn: func(c dialect.Conn) dialect.Conn { return &faulty{Conn: c, newColumns: true} },
		caught: []string{"rows/a statement that runs again gives the same columns"}},
	{name: "the last row is lost", conn: func(c dialect.Conn) dialect.Conn { return &faulty{Conn: c, maxRows: 9999} },
		caught: []string{"rows/rows come in order, all of them"}},
	{name: "no row is ever affected", conn: func(c dialect.Conn) dialect.Conn {
		return &faulty{Conn: c, result: func(dialect.Result) dialect.Result { return dialect.NewResult(0) }}
	}, caught: []string{"rows/Result says how many rows were written", "row counts/a DELETE", "row counts/text with named parameters", "rows/an UPDATE counts rows that it matched and did not change"}},
	{name: "a key is made up", conn: func(c dialect.Conn) dialect.Conn {
		return &faulty{Conn: c, result: func(r dialect.Result) dialect.Result { return r.WithInsertID(1) }}
	}, caught: []string{"keys/LastInsertID is an error where no key was generated", "keys/LastInsertID is the key of one row"}},
	{name: "errors have no kind", classify: func(e *dialect.Error) { e.Kind = dialect.ErrOther },
		caught: []string{"errors/a unique constraint", "errors/a table that is not there", "errors/a syntax error", "tx/DDL is undone", "cancel/a context that has ended sends nothing"}},
	{name: "errors name the wrong table", classify: func(e *dialect.Error) { e.Table = "elsewhere" },
		caught: []string{"errors/a unique constraint", "errors/a NOT NULL column"}},
	{name: "every error loses the connection", classify: func(e *dialect.Error) { e.Lost = true },
		caught: []string{"errors/a unique constraint"}},
	{name: "AbortsOnError is claimed", features: func(f *dialect.Features) { f.AbortsOnError = true },
		caught: []string{"tx/a failed statement leaves the transaction as AbortsOnError says"}},
	{name: "NULLs are said to sort high", features: func(f *dialect.Features) { f.NullsSortLow = false }, caught: []string{"null/NULLs sort where Features says"}},
	{name: "savepoints are released instead of rolled back to", features: func(f *dialect.Features) { f.RollbackTo = f.Release },
		caught: []string{"savepoint/rolling back to a savepoint undoes what came after it", "engine/nested Transact is a savepoint"}},
	{name: "the first key is claimed", features: func(f *dialect.Features) { f.InsertID = dialect.FirstInsertID },
		caught: []string{"keys/LastInsertID of many rows is the first or last one, as Features says"}},
	{name: "reserved words are not known", features: func(f *dialect.Features) { f.Reserved = dialect.Words("select") },
		caught: []string{"identifiers/words that are not reserved need no quotes"}},
	{name: "an empty IN is true", features: func(f *dialect.Features) { f.EmptyIn = "IS NOT NULL" },
		caught: []string{"params/an empty IN matches nothing, an empty NOT IN everything, NULL included"}},
	{name: "more parameters are claimed", features: func(f *dialect.Features) { f.MaxParams = 60000 }, caught: []string{"params/as many parameters as Features says"}},
	{name: "more isolation levels are claimed", features: func(f *dialect.Features) { f.Isolation = dialect.Isolations(levels...) },
		caught: []string{"tx/each isolation level of Features works"}},
	{name: "LIMIT and OFFSET change places", features: func(f *dialect.Features) { f.Paging = dialect.OffsetFetch }, caught: []string{"paging/a limit", "paging/a limit and an offset"}},
	{name: "DISTINCT ON is claimed", features: func(f *dialect.Features) { f.DistinctOn = true }, caught: []string{"features/DISTINCT ON"}},
	{name: "one row is read", conn: func(c dialect.Conn) dialect.Conn { return &faulty{Conn: c, maxRows: 1} },
		caught: []string{"catalogue names/several names at once", "catalogue columns/columns of tables and views, in order, with types and NULL",
			"catalogue columns/columns in bulk are those of each table", "common tables/an INSERT of the rows of one"}},
	{name: "nothing in JSON is 0", features: func(f *dialect.Features) { f.JSON.Int = "COALESCE(" + f.JSON.Int + ", 0)" },
		caught: []string{"json paths/what is not there is NULL"}},
	{name: "texts in JSON keep their quotes", features: func(f *dialect.Features) { f.JSON.Text = "CAST(JSON_QUOTE(JSON_EXTRACT({0}, {1})) AS VARCHAR)" },
		caught: []string{"json paths/a text below a key", "json paths/a text below keys and indexes", "json paths/a value of one type is asked for as another"}},
	{name: "numbers in JSON are whole", features: func(f *dialect.Features) { f.JSON.Float = f.JSON.Int },
		caught: []string{"json paths/a value of one type is asked for as another"}},
	{name: "flags are off by mistake", features: func(f *dialect.Features) {
		f.FullJoin, f.CTE, f.CTENested, f.CTEInsert, f.CTEUpdate, f.CTEMaterialized = false, false, false, false, false, false
		f.RecursiveWord, f.RecursiveDistinct, f.Intersect, f.AggregateFilter, f.AggregateOrder = false, false, false, false, false
		f.FrameGroups, f.FrameExclude, f.FrameValues, f.FrameParams, f.LagDefault, f.NthValue, f.NamedWindows = false, false, false, false, false, false, false
		f.AliasAs, f.RowValues, f.GroupByLabels, f.GroupByOrdinals, f.ValuesQuery, f.NullsOrdering = false, false, false, false, false, false
		f.BoolAsCondition, f.ConditionAsValue, f.IsBool, f.IfNotExists, f.IfExists = false, false, false, false, false
		f.ReturningInsert, f.ReturningUpdate, f.ReturningDelete, f.UpdateFrom, f.ConflictWhere, f.UpdateAnyKey = false, false, false, false, false, false
		f.DDL.IndexWhere, f.DDL.TemporaryViews = false, false
	}, caught: prefixed("refused/", "FullJoin", "CTE", "CTENested", "CTEInsert", "CTEUpdate", "CTEMaterialized", "RecursiveWord", "RecursiveDistinct",
		"Intersect", "AggregateFilter", "AggregateOrder", "FrameGroups", "FrameExclude", "FrameValues", "FrameParams", "LagDefault", "NthValue", "NamedWindows",
		"AliasAs", "RowValues", "GroupByLabels", "GroupByOrdinals", "ValuesQuery", "NullsOrdering", "BoolAsCondition", "ConditionAsValue", "IsBool",
		"IfNotExists", "IfExists", "ReturningInsert", "ReturningUpdate", "ReturningDelete", "UpdateFrom", "ConflictWhere", "UpdateAnyKey",
		"DDL.IndexWhere", "DDL.TemporaryViews")},
	{name: "the inserted row has another name", features: func(f *dialect.Features) { f.InsertedRow = "inserted" }, caught: []string{"upsert/the inserted values are at hand"}},
}

func prefixed(prefix string, names ...string) []string {
	for i, n := range names {
		names[i] = prefix + n
	}
	return names
}

// TestMutants checks that the suite finds faults: a case that passes on a
// database which is wrong in just that is no use. The cases pass on the same
// dialect without the fault.
func TestMutants(t *testing.T) {
	testenv.CheckLeaks(t)
	for _, m := range slices.Concat(mutants, moreMutants) {
		t.Run(m.name, func(t *testing.T) {
			url := ""
			if m.on == "" {
				url = testenv.SQLite(t)
			} else {
				url = testenv.URL(t, m.on)
			}
			u, err := dialect.ParseURL(url)
			if err != nil {
				t.Fatal(err)
			}
			sound, err := dialect.Lookup(u.Scheme)
			if err != nil {
				t.Fatal(err)
			}
			cfg := Config{Limit: time.Minute}
			if m.on == "" {
				cfg.Limit = 20 * time.Second
				cfg.Session = []SessionChange{{Name: "a setting", Change: "PRAGMA foreign_keys = OFF", Show: "PRAGMA foreign_keys"}}
			}
			d := &faultyDialect{Dialect: sound, m: &m}
			for _, faulted := range []bool{false, true} {
				if faulted {
					d.broken = true
					d.settle(d.Dialect)
				}
				tg, err := openDialect(t.Context(), cfg, u, d)
				if err != nil {
					t.Fatal(err)
				}
				tg.wrap = func(c dialect.Conn) dialect.Conn { return c }
				sober := tg.admin
				if faulted && m.conn != nil {
					tg.wrap, tg.admin = m.conn, m.conn(sober)
				}
				for _, name := range m.caught {
					c := find(t, tg, name)
					if !faulted && !c.needs.met(tg) {
						continue
					}
					said := tg.try(c)
					switch {
					case !faulted && len(said) > 0:
						t.Errorf("%q fails without the fault: %s", name, said)
					case faulted && len(said) == 0:
						t.Errorf("%q does not find it", name)
					case faulted:
						t.Logf("%q: %s", name, said[0])
					}
				}
				tg.admin = sober
				if faulted && m.on == "postgres" {
					tg.sweep(t)
				}
				if err := tg.close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// sweep drops what cases could not drop, because of a fault.
func (tg *target) sweep(t *testing.T) {
	q := &dialect.Compiled{}
	q.Reset(tg.d)
	q.SetText(`DO $$ DECLARE r record; BEGIN
 FOR r IN SELECT format('DROP %s IF EXISTS %s CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, quote_ident(relname)) AS text
  FROM pg_class WHERE relname LIKE '` + tg.prefix + `%' AND relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v', 'm', 'S')
 LOOP EXECUTE r.text; END LOOP; END $$`)
	if _, err := tg.admin.Exec(t.Context(), q); err != nil {
		t.Errorf("sweeping: %v", err)
	}
}

// TestNothingWorks runs the whole suite on a database that accepts everything,
// keeps nothing and gives no rows.
func TestNothingWorks(t *testing.T) {
	db := fakedb.New()
	u := dialect.NewURL("fake")
	tg, err := openDialect(t.Context(), Config{Limit: 2 * time.Second}, u, db.Dialect())
	if err != nil {
		t.Fatal(err)
	}
	// What happens before anything is sent is right on this one too.
	harmless := []string{
		"connect/an unknown option suggests the nearest", "connect/errors and messages hold no password", "connect/Address has no secret and is not empty",
		"connect/a connector is of the dialect that opened it", "connect/Close works twice and ends Usable", "connect/the driver's own connection is lent",
		"connect/the default URL options can be printed and read again",
		"server/the name is in lower case and the version known", "server/Features is one value, and quotes are set", "server/every kind of type has a name or a way out",
		"literal/what has no literal form is a mistake", "identifiers/a name beyond the limit is refused before sending", "identifiers/an empty name and one with NUL are refused",
		"tx/a context that has ended begins nothing", "keys/LastInsertID is an error where no key was generated",
		"keys/LastInsertID is refused where the database does not say", "features/functions without a template are refused before sending",
		"reset/Reset with a context that has ended leaves no dirt behind", "engine/closing twice, and use afterwards", "bulk/advice for the pool is sound",
		"isolation/an Engine with a level that there is not says the same", "autocommit/with it, nothing is rolled back on the way to the pool",
		"shapes/DISTINCT ON, or its refusal", "windows/a distance in values is refused where there is none",
		"windows/a distance in time is refused where there is none", "lists/pairs in raw text are refused where lists have none",
		"likes/regular expressions are refused where there are none", "limits/ties are refused where there are none",
		"limits/a share of the rows is refused where there is none",
		"names beyond ASCII/messages and texts show them as they are",
	}
	var passed, failed int
	for _, g := range groups(tg) {
		for _, c := range g.cases {
			if !c.needs.met(tg) {
				continue
			}
			if len(tg.try(c)) > 0 {
				failed++
				continue
			}
			passed++
			if name := g.name + "/" + c.name; !slices.Contains(harmless, name) {
				t.Errorf("%q passes on a database that does nothing", name)
			}
		}
	}
	if err := tg.close(); err != nil {
		t.Error(err)
	}
	t.Logf("%d cases fail, %d pass", failed, passed)
}

// TestNames keeps the names of cases apart, since they are how one is run.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	n := 0
	for _, g := range groups(&target{}) {
		for _, c := range g.cases {
			n++
			name := g.name + "/" + c.name
			if c.name == "" || strings.Contains(c.name, "/") || seen[name] {
				t.Errorf("the name %q is taken already, empty, or has a slash", name)
			}
			seen[name] = true
			if c.run == nil {
				t.Errorf("%s does nothing", name)
			}
		}
	}
	t.Logf("%d cases", n)
}

type faultyDialect struct {
	dialect.Dialect
	m      *mutant
	f      *dialect.Features
	broken bool
}

// Unwrap has the optional interfaces of the sound dialect found.
func (d *faultyDialect) Unwrap() dialect.Dialect { return d.Dialect }

// Inspect reads the catalogue and puts the fault into what was read.
func (d *faultyDialect) Inspect(q dialect.Inspection, c *dialect.Catalog) dialect.Script {
	i, _ := dialect.As[dialect.Inspector](d.Dialect)
	return faultyScript{d, i.Inspect(q, c), c}
}

type faultyScript struct {
	d *faultyDialect
	dialect.Script
	c *dialect.Catalog
}

func (s faultyScript) Steps(d dialect.Dialect) iter.Seq2[dialect.Step, error] {
	return func(yield func(dialect.Step, error) bool) {
		for step, err := range s.Script.Steps(d) {
			if !yield(step, err) {
				return
			}
		}
		if s.d.broken && s.d.m.inspect != nil {
			s.d.m.inspect(s.c)
		}
	}
}

func (d *faultyDialect) Features() *dialect.Features {
	if d.f != nil {
		return d.f
	}
	return d.Dialect.Features()
}

func (d *faultyDialect) ForServer(ctx context.Context, c dialect.Conn) (dialect.Dialect, error) {
	if f, ok := c.(interface{ sound() dialect.Conn }); ok {
		c = f.sound()
	}
	settled, err := d.Dialect.ForServer(ctx, c)
	if err != nil {
		return nil, err
	}
	if settled != d.Dialect { // the first connection of a server
		d.settle(settled)
	}
	return d, nil
}

func (d *faultyDialect) Classify(err error) *dialect.Error {
	e := d.Dialect.Classify(err)
	if d.broken && d.m.classify != nil {
		d.m.classify(e)
	}
	return e
}

// settle makes d stand on the dialect of a server, with its fault.
func (d *faultyDialect) settle(sound dialect.Dialect) {
	d.Dialect = sound
	if d.f = nil; d.broken && d.m.features != nil {
		f := *sound.Features()
		d.m.features(&f)
		d.f = &f
	}
}

func (c *faulty) sound() dialect.Conn { return c.Conn }

// faulty is a connection with faults.
type faulty struct {
	dialect.Conn
	commit, rollback                             func(context.Context) error
	plainBegin, noReset, noContext, alwaysUsable bool
	arg                                          func(v any) any
	result                                       func(dialect.Result) dialect.Result
	nullIsZero, bareErrors, shareBytes           bool
	newColumns                                   bool
	maxRows                                      int
	rewrite                                      func(text string) string // "": nothing is sent
	buf                                          [64]byte
}

func (c *faulty) spoil(ctx context.Context, q *dialect.Compiled) context.Context {
	if c.arg != nil {
		for i := range q.Args() {
			q.Args()[i].Value = c.arg(q.Args()[i].Value)
		}
	}
	if c.noContext {
		return context.Background()
	}
	return ctx
}

func (c *faulty) Query(ctx context.Context, q *dialect.Compiled) (dialect.Rows, error) {
	rows, err := c.Conn.Query(c.spoil(ctx, q), q)
	if err != nil {
		return nil, err
	}
	return &faultyRows{Rows: rows, c: c}, nil
}

func (c *faulty) Exec(ctx context.Context, q *dialect.Compiled) (dialect.Result, error) {
	if c.rewrite != nil {
		text := c.rewrite(q.Text())
		if text == "" {
			return dialect.NewResult(0), nil
		}
		q.SetText(text)
	}
	res, err := c.Conn.Exec(c.spoil(ctx, q), q)
	if err == nil && c.result != nil {
		res = c.result(res)
	}
	return res, err
}

func (c *faulty) Begin(ctx context.Context, o dialect.TxOptions) error {
	if c.plainBegin {
		o = dialect.TxOptions{}
	}
	return c.Conn.Begin(ctx, o)
}

func (c *faulty) Commit(ctx context.Context) error {
	if c.commit != nil {
		return c.commit(ctx)
	}
	return c.Conn.Commit(ctx)
}

func (c *faulty) Rollback(ctx context.Context) error {
	if c.rollback != nil {
		return c.rollback(ctx)
	}
	return c.Conn.Rollback(ctx)
}

func (c *faulty) Reset(ctx context.Context) error {
	if c.noReset {
		return nil
	}
	return c.Conn.Reset(ctx)
}

func (c *faulty) Usable() bool { return c.alwaysUsable || c.Conn.Usable() }

type faultyRows struct {
	dialect.Rows
	c *faulty
	n int
}

func (r *faultyRows) Columns() []dialect.Column {
	if r.c.newColumns {
		return slices.Clone(r.Rows.Columns())
	}
	return r.Rows.Columns()
}

func (r *faultyRows) Next() bool {
	if r.c.maxRows > 0 && r.n == r.c.maxRows {
		return false
	}
	r.n++
	return r.Rows.Next()
}

func (r *faultyRows) ScanRow(dst []any) error {
	err := r.Rows.ScanRow(dst)
	switch {
	case err != nil && r.c.nullIsZero:
		return nil
	case err != nil && r.c.bareErrors:
		return dialect.Errorf(dialect.ErrScan, "it does not fit")
	case r.c.shareBytes:
		for _, d := range dst {
			if b, ok := d.(*[]byte); ok {
				*b = r.c.buf[:copy(r.c.buf[:], *b)]
			}
		}
	}
	return err
}
