package expr_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

type watched struct {
	schema.Table `db:"watched,triggers"`
	ID           schema.Col[int64]  `db:",pk,identity"`
	Name         schema.Col[string] `db:",type:varchar(20)"`
}

// fakeRows are rows of integers.
type fakeRows struct {
	cols []string
	rows [][]int64
	at   int
}

func (r *fakeRows) Columns() []dialect.Column {
	cols := make([]dialect.Column, len(r.cols))
	for i, n := range r.cols {
		cols[i].Name = n
	}
	return cols
}
func (r *fakeRows) Next() bool { r.at++; return r.at <= len(r.rows) }
func (r *fakeRows) ScanRow(dst []any) error {
	if len(dst) != len(r.cols) {
		return fmt.Errorf("%d destinations for %d columns", len(dst), len(r.cols))
	}
	for i, d := range dst {
		if d != nil {
			if err := dialect.AssignInt64(d, r.rows[r.at-1][i]); err != nil {
				return err
			}
		}
	}
	return nil
}
func (r *fakeRows) Err() error             { return nil }
func (r *fakeRows) Close() error           { return nil }
func (r *fakeRows) Result() dialect.Result { return dialect.NewResult(int64(len(r.rows))) }

// play runs a script against answers: the rows of each step, or the key of its
// result.
func play(d dialect.Dialect, s dialect.Script, answers ...any) (texts []string, err error) {
	for step, err := range s.Steps(d) {
		if err != nil {
			return texts, err
		}
		text, _, err := expr.SQL(step.Statement, d)
		if err != nil {
			return texts, err
		}
		texts = append(texts, text)
		if len(answers) == 0 {
			return texts, fmt.Errorf("a statement too many: %s", text)
		}
		switch a := answers[0].(type) {
		case *fakeRows:
			err = step.Rows(a)
		case int64:
			if step.Done != nil {
				err = step.Done(dialect.NewResult(1).WithInsertID(a))
			}
		}
		if err != nil {
			return texts, err
		}
		answers = answers[1:]
	}
	return texts, nil
}

func TestInsertReturnsKeysInOrder(t *testing.T) {
	three := expr.Insert(Users).Columns(Users.Name).Flat([]any{"a", "b", "c"}).Returning(Users.ID)
	two := expr.Insert(Hits).Values(Hits.Path.Set("/a"), Hits.Hits.Set(1)).Values(Hits.Path.Set("/b"), Hits.Hits.Set(2)).Returning(Hits.Hits)
	watchedTable := schema.Define[watched]()
	ids := func(ids ...int64) *fakeRows {
		r := &fakeRows{cols: []string{"id"}}
		for _, id := range ids {
			r.rows = append(r.rows, []int64{id})
		}
		return r
	}
	one := func(id int64) *fakeRows { return &fakeRows{cols: []string{"id"}, rows: [][]int64{{id}}} }
	shuffled := &fakeRows{cols: []string{"ordinal", "id"}, rows: [][]int64{{2, 30}, {0, 10}, {1, 20}}}
	tests := []struct {
		name    string
		d       dialect.Dialect
		stmt    expr.InsertStmt
		answers []any
		texts   []string
		got     string // row:key
		err     string
	}{
		{"PostgreSQL", postgres.Dialect(), three, []any{ids(10, 20, 30)},
			[]string{"INSERT INTO users (name) VALUES ($1), ($2), ($3) RETURNING users.id"}, "0:10 1:20 2:30", ""},
		{"PostgreSQL, in another order", postgres.Dialect(), three, []any{ids(20, 10, 30)}, nil, "0:20", "did not come back in ascending order (10 after 20)"},
		{"PostgreSQL, too few", postgres.Dialect(), three, []any{ids(10)}, nil, "0:10", "3 rows were inserted, and 1 came back"},
		{"PostgreSQL, too many", postgres.Dialect(), three, []any{ids(1, 2, 3, 4)}, nil, "0:1 1:2 2:3", "3 rows were inserted, and 4 came back"},
		{"PostgreSQL, an upsert", postgres.Dialect(), three.OnConflict(Users.ID).DoNothing(), []any{one(5), &fakeRows{cols: []string{"id"}}, one(7)},
			slices.Repeat([]string{"INSERT INTO users (name) VALUES ($1) ON CONFLICT (id) DO NOTHING RETURNING users.id"}, 3), "0:5 2:7", ""},
		{"PostgreSQL, no generated key", postgres.Dialect(), two, []any{one(5), one(6)},
			slices.Repeat([]string{"INSERT INTO page_hits (path, hits) VALUES ($1, $2) RETURNING page_hits.hits"}, 2), "0:5 1:6", ""},
		{"SQLite", sqlite.Dialect(), three, []any{ids(10, 20, 30)}, []string{"INSERT INTO users (name) VALUES (?), (?), (?) RETURNING id"}, "0:10 1:20 2:30", ""},
		{"MariaDB", maria, three, []any{ids(10, 20, 30)}, []string{"INSERT INTO users (name) VALUES (?), (?), (?) RETURNING users.id"}, "0:10 1:20 2:30", ""},
		{"SQL Server, in another order", mssql.Dialect(), three, []any{shuffled},
			[]string{"MERGE INTO users USING (VALUES (@p1, 0), (@p2, 1), (@p3, 2)) AS source (name, ordinal) ON 1 = 0 " +
				"WHEN NOT MATCHED THEN INSERT (name) VALUES (source.name) OUTPUT source.ordinal, inserted.id;"}, "2:30 0:10 1:20", ""},
		{"SQL Server, no generated key", mssql.Dialect(), two, []any{&fakeRows{cols: []string{"ordinal", "hits"}, rows: [][]int64{{0, 5}, {1, 6}}}},
			[]string{"MERGE INTO page_hits USING (VALUES (@p1, @p2, 0), (@p3, @p4, 1)) AS source (path, hits, ordinal) ON 1 = 0 " +
				"WHEN NOT MATCHED THEN INSERT (path, hits) VALUES (source.path, source.hits) OUTPUT source.ordinal, inserted.hits;"}, "0:5 1:6", ""},
		{"SQL Server, the same row twice", mssql.Dialect(), three, []any{&fakeRows{cols: []string{"ordinal", "id"}, rows: [][]int64{{1, 5}, {1, 6}}}},
			nil, "1:5", "a row came back with the number 1"},
		{"SQL Server, a result without columns", mssql.Dialect(), three, []any{&fakeRows{}}, nil, "", "3 rows were inserted, and 0 came back"},
		{"PostgreSQL, a result without columns", postgres.Dialect(), three, []any{&fakeRows{}}, nil, "", "3 rows were inserted, and 0 came back"},
		{"SQL Server, triggers", mssql.Dialect(), expr.Insert(watchedTable).Columns(watchedTable.Name).Flat([]any{"a", "b"}).Returning(watchedTable.ID),
			[]any{&fakeRows{cols: []string{"ordinal", "id"}, rows: [][]int64{{1, 20}, {0, 10}}}},
			[]string{"DECLARE @output TABLE (ordinal INTEGER NULL, id BIGINT NULL); MERGE INTO watched USING (VALUES (@p1, 0), (@p2, 1)) AS source (name, ordinal) ON 1 = 0 " +
				"WHEN NOT MATCHED THEN INSERT (name) VALUES (source.name) OUTPUT source.ordinal, inserted.id INTO @output; SELECT ordinal, id FROM @output"}, "1:20 0:10", ""},
		{"Oracle", oracle.Dialect(), three, []any{one(10), one(20), one(30)},
			slices.Repeat([]string{"INSERT INTO users (name) VALUES (:1) RETURNING users.id INTO :2"}, 3), "0:10 1:20 2:30", ""},
		{"MySQL", mysql.Dialect(), three, []any{one(2), int64(10)},
			[]string{"SELECT @@auto_increment_increment", "INSERT INTO users (name) VALUES (?), (?), (?)"}, "0:10 1:12 2:14", ""},
		{"MySQL, a key of zero", mysql.Dialect(), expr.Insert(Users).Values(Users.Name.Set("a")).ReturningKey(), []any{int64(0)},
			[]string{"INSERT INTO users (name) VALUES (?)"}, "0:0", ""},
		{"MySQL, other columns", mysql.Dialect(), expr.Insert(Users).Columns(Users.Name).Flat([]any{"a", "b"}).Returning(Users.Age), []any{one(1), int64(10),
			&fakeRows{cols: []string{"age"}, rows: [][]int64{{7}, {8}}}},
			[]string{"SELECT @@auto_increment_increment", "INSERT INTO users (name) VALUES (?), (?)",
				"SELECT users.age FROM users WHERE users.id IN (?, ?) ORDER BY users.id"}, "0:7 1:8", ""},
		{"TiDB", mysql.Dialect(mysql.TiDB(8, 1)), three, []any{int64(10), int64(20), int64(31)},
			slices.Repeat([]string{"INSERT INTO users (name) VALUES (?)"}, 3), "0:10 1:20 2:31", ""},
		{"MySQL, no generated key", mysql.Dialect(), two, []any{one(5)}, nil, "", "RETURNING of an INSERT is not supported by mysql"},
		{"MySQL, defaults", mysql.Dialect(), expr.Insert(Users).DefaultValues().ReturningKey(), []any{int64(4)}, []string{"INSERT INTO users () VALUES ()"}, "0:4", ""},
		{"PostgreSQL, another column", postgres.Dialect(), expr.Insert(Users).Columns(Users.Name).Flat([]any{"a", "b"}).Returning(Users.Age),
			[]any{&fakeRows{cols: []string{"age", "id"}, rows: [][]int64{{7, 1}, {8, 3}}}},
			[]string{"INSERT INTO users (name) VALUES ($1), ($2) RETURNING users.age, users.id"}, "0:7 1:8", ""},
		{"nothing asked for", sqlite.Dialect(), expr.Insert(Users).Values(Users.Name.Set("a")), nil, nil, "", "say Returning or ReturningKey"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			texts, err := play(test.d, test.stmt.InOrder(func(row int, scan func([]any) error) error {
				var id int64
				if err := scan([]any{&id}); err != nil {
					return err
				}
				got = append(got, fmt.Sprintf("%d:%d", row, id))
				return nil
			}), test.answers...)
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("error %v, want %q", err, test.err)
			}
			if test.texts != nil && !slices.Equal(texts, test.texts) {
				t.Errorf("\n got %s\nwant %s", strings.Join(texts, "\n     "), strings.Join(test.texts, "\n     "))
			}
			if s := strings.Join(got, " "); s != test.got {
				t.Errorf("rows %s, not %s", s, test.got)
			}
		})
	}
}

// Each database that is there gives many rows their keys in order, beyond the
// limits of one statement.
func TestLiveKeysInOrder(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		things := schema.New("things", schema.BigInt("id").PrimaryKey().Identity(), schema.Varchar("name", 20), schema.Integer("n").Default(7))
		if err := schema.NewMetadata(things).CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		const rows = 40000
		values := make([]any, rows)
		for i := range values {
			values[i] = fmt.Sprint("name", i)
		}
		stmt := expr.Insert(things).Columns(things.Col("name")).Flat(values).Returning(things.Col("name"), things.Col("n"))
		next := 0
		_, err := dialect.RunScript(t.Context(), l, stmt.InOrder(func(row int, scan func([]any) error) error {
			var name string
			var n int
			if err := scan([]any{&name, &n}); err != nil {
				return err
			}
			if row != next || name != values[row] || n != 7 {
				return fmt.Errorf("row %d is %s, %d", row, name, n)
			}
			next++
			return nil
		}))
		if err != nil || next != rows {
			t.Errorf("%d rows, %v", next, err)
		}
		key := things.Col("id")
		var id int64
		_, err = dialect.RunScript(t.Context(), l, expr.Insert(things).Values(things.Col("name").Set("x")).ReturningKey().
			InOrder(func(_ int, scan func([]any) error) error {
				return scan([]any{&id})
			}))
		if err != nil {
			t.Fatal(err)
		}
		if got := l.all(expr.Select(things.Col("name")).From(things).Where(key.Eq(id))); !slices.Equal(got, []string{"x"}) {
			t.Errorf("the key %d is that of %v", id, got)
		}
	})
}
