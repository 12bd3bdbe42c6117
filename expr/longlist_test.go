package expr_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// upTo is the numbers from 1 to n.
func upTo(n int) []int64 {
	list := make([]int64, n)
	for i := range list {
		list[i] = int64(i + 1)
	}
	return list
}

// A list that is longer than a statement may have parameters is one array or
// one JSON document, or is refused with the limit and what to do instead.
func TestListsBeyondTheParameters(t *testing.T) {
	for _, d := range dialects {
		most := d.Features().MaxParams
		if most == 0 {
			t.Fatalf("%s: no limit", d.Name())
		}
		q := func(n int, not bool) dialect.Statement {
			in := Users.ID.In(upTo(n)...)
			if not {
				in = Users.ID.NotIn(upTo(n)...)
			}
			return expr.Select(Users.ID).From(Users).Where(in, Users.Age.Gt(1))
		}
		if _, args, err := expr.SQL(q(most/2, false), d); err != nil || len(args) != most/2+1 {
			t.Errorf("%s: half of the parameters: %d %v", d.Name(), len(args), err)
		}
		for not, want := range map[bool]map[string]string{
			false: {"postgres": "users.id = ANY ($1) AND users.age > $2", "sqlite": "users.id IN (SELECT value FROM json_each(?)) AND users.age > ?",
				"mysql": "users.id IN (SELECT v FROM JSON_TABLE(?, '$[*]' COLUMNS (v BIGINT PATH '$')) AS long_list) AND users.age > ?",
				"mssql": "users.id IN (SELECT v FROM OPENJSON(@p1) WITH (v BIGINT '$')) AND users.age > @p2"},
			true: {"postgres": "users.id != ALL ($1) AND users.age > $2", "sqlite": "users.id NOT IN (SELECT value FROM json_each(?)) AND users.age > ?",
				"mysql": "users.id NOT IN (SELECT v FROM JSON_TABLE(?, '$[*]' COLUMNS (v BIGINT PATH '$')) AS long_list) AND users.age > ?",
				"mssql": "users.id NOT IN (SELECT v FROM OPENJSON(@p1) WITH (v BIGINT '$')) AND users.age > @p2"},
		} {
			text, args, err := expr.SQL(q(most+1, not), d)
			if part := want[d.Name()]; part != "" {
				if err != nil || len(args) != 2 || !strings.HasSuffix(text, part) {
					t.Errorf("%s: %.200s %d %v", d.Name(), text, len(args), err)
				}
				continue
			}
			if err == nil || !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), "expr: WHERE: "+d.Name()+": more than") ||
				!strings.Contains(err.Error(), "slices.Chunk") || strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("%s: %.200s %v", d.Name(), text, err)
			}
		}
		// The second of two lists that fit by themselves.
		two := expr.Select(Users.ID).From(Users).Where(expr.Or(Users.ID.In(upTo(most/2)...), Users.ID.In(upTo(most/2)...), Users.ID.In(upTo(most/2)...)))
		_, args, err := expr.SQL(two, d)
		if f := d.Features(); f.AnyArray || f.JSONList != "" {
			if err != nil || len(args) > most {
				t.Errorf("%s: %d %v", d.Name(), len(args), err)
			}
		} else if err == nil {
			t.Errorf("%s: %d parameters", d.Name(), len(args))
		}
	}
	// What would not stay itself is refused.
	blobs := make([][]byte, 40000)
	for i := range blobs {
		blobs[i] = []byte("x")
	}
	files := schema.New("files", schema.Blob("data"))
	if _, _, err := expr.SQL(expr.Select(files.Col("data")).From(files).Where(schema.C[[]byte](files, "data").In(blobs...)), lited); err == nil {
		t.Error("bytes as JSON")
	}
	odd := make([]string, 40000)
	odd[7] = "a\x00b"
	if _, _, err := expr.SQL(expr.Select(Users.ID).From(Users).Where(Users.Name.In(odd...)), lited); err == nil {
		t.Error("a NUL in JSON")
	}
}

// So are rows with more values than a statement may have parameters.
func TestRowsBeyondTheParameters(t *testing.T) {
	numbers := func(d dialect.Dialect, of func(rows ...expr.Tuple2[int64, int]) expr.Cond) dialect.Statement {
		rows := make([]expr.Tuple2[int64, int], d.Features().MaxParams/2+1)
		for i := range rows {
			rows[i] = expr.Tuple2[int64, int]{A: int64(i), B: i}
		}
		return expr.Select(Users.ID).From(Users).Where(of(rows...), Users.Age.Gt(1))
	}
	row := expr.RowOf2(Users.ID, Users.Age)
	const from = "SELECT users.id FROM users WHERE "
	for not, want := range map[string]map[string]string{
		"": {"postgres": "(users.id, users.age) IN (SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]))) AND users.age > $3",
			"sqlite": "(users.id, users.age) IN (SELECT v0, v1 FROM (SELECT json_extract(value, '$[0]') AS v0, json_extract(value, '$[1]') AS v1 FROM json_each(?)) AS long_list) AND users.age > ?",
			"mysql":  "(users.id, users.age) IN (SELECT v0, v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$[0]', v1 BIGINT PATH '$[1]')) AS long_list) AND users.age > ?",
			"mssql":  "EXISTS (SELECT 1 FROM OPENJSON(@p1) WITH (v0 BIGINT '$[0]', v1 BIGINT '$[1]') AS long_list WHERE long_list.v0 = users.id AND long_list.v1 = users.age) AND users.age > @p2"},
		"NOT ": {"postgres": "(users.id, users.age) NOT IN (SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]))) AND users.age > $3",
			"mssql": "NOT EXISTS (SELECT 1 FROM OPENJSON(@p1) WITH (v0 BIGINT '$[0]', v1 BIGINT '$[1]') AS long_list WHERE long_list.v0 = users.id AND (long_list.v1 = users.age OR users.age IS NULL)) AND users.age > @p2"},
	} {
		of := row.In
		if not != "" {
			of = row.NotIn
		}
		for _, d := range dialects {
			text, _, err := expr.SQL(numbers(d, of), d)
			switch say := want[d.Name()]; {
			case say != "" && (err != nil || text != from+say):
				t.Errorf("%s:\n got %.300s %v\nwant %s", d.Name(), text, err, from+say)
			case d.Name() == "oracle" && (err == nil || !errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), "more than 65535 parameters")):
				t.Errorf("%s: %.200s %v", d.Name(), text, err)
			}
		}
	}
	texts := make([]expr.Tuple2[string, int64], 40000)
	for i := range texts {
		texts[i] = expr.Tuple2[string, int64]{A: "x", B: int64(i)}
	}
	for _, d := range dialects {
		text, _, err := expr.SQL(expr.Select(Users.ID).From(Users).Where(expr.RowOf2(Users.Name, Users.ID).In(texts...)), d)
		f := d.Features()
		if (err == nil) != (f.AnyArray || f.JSONTexts != "") || err == nil && len(text) > 300 {
			t.Errorf("%s: texts: %.300s %v", d.Name(), text, err)
		}
	}
}

// They find what a short list finds, at the limits and beyond them.
func TestLiveLongLists(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := live(t, b)
		if err := schema.NewMetadata(Hits).CreateAll(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		names := []string{"é", `"quoted"`, `back\slash`, "5", "x"}
		ins := expr.Insert(Hits)
		for i, name := range names {
			ins = ins.Values(Hits.Path.Set(name), Hits.Hits.Set(i*50000))
		}
		l.exec(ins)
		most := l.d.Features().MaxParams
		if most == 0 {
			most = 65535
		}
		for _, n := range []int{1, most / 2, most, most + 1} {
			counts, texts := make([]int, n), make([]string, n)
			for i := range n {
				counts[i], texts[i] = i, "none"
			}
			copy(texts[max(n-4, 0):], names[:4])
			for name, q := range map[string]struct {
				cond expr.Cond
				want []string
			}{
				"numbers":    {Hits.Hits.In(counts...), want(names, func(i int) bool { return i*50000 < n })},
				"no numbers": {Hits.Hits.NotIn(counts...), want(names, func(i int) bool { return i*50000 >= n })},
				"texts":      {Hits.Path.In(texts...), want(names, func(i int) bool { return i < min(n, 4) })},
				"no texts":   {Hits.Path.NotIn(texts...), want(names, func(i int) bool { return i >= min(n, 4) })},
			} {
				stmt := expr.Select(Hits.Path).From(Hits).Where(q.cond)
				if _, _, err := expr.SQL(stmt, l.d); err != nil {
					f := l.d.Features()
					if n <= most || f.AnyArray || f.JSONTexts != "" || f.JSONList != "" && strings.Contains(name, "numbers") {
						t.Errorf("%d %s: %v", n, name, err)
					}
					continue
				}
				got := l.all(stmt)
				slices.Sort(got)
				if !slices.Equal(got, q.want) {
					t.Errorf("%d %s: %q, want %q", n, name, got, q.want)
				}
			}
			pairs, named := make([]expr.Tuple2[int, int], n/2+1), make([]expr.Tuple2[string, int], n/2+1)
			for i := range pairs {
				pairs[i], named[i] = expr.Tuple2[int, int]{A: i, B: i}, expr.Tuple2[string, int]{A: "none", B: i}
			}
			copy(named, []expr.Tuple2[string, int]{{A: names[0], B: 0}})
			named[len(named)-1] = expr.Tuple2[string, int]{A: names[1], B: 50000}
			last := want(names, func(i int) bool { return i == 1 || i == 0 && n > 1 })
			for name, q := range map[string]struct {
				cond expr.Cond
				want []string
			}{
				"pairs of numbers":    {expr.RowOf2(Hits.Hits, Hits.Hits).In(pairs...), want(names, func(i int) bool { return i*50000 <= n/2 })},
				"no pairs of numbers": {expr.RowOf2(Hits.Hits, Hits.Hits).NotIn(pairs...), want(names, func(i int) bool { return i*50000 > n/2 })},
				"pairs with texts":    {expr.RowOf2(Hits.Path, Hits.Hits).In(named...), last},
			} {
				stmt := expr.Select(Hits.Path).From(Hits).Where(q.cond)
				if _, _, err := expr.SQL(stmt, l.d); err != nil {
					f := l.d.Features()
					if 2*(n/2+1) <= most || f.AnyArray || f.JSONTexts != "" || f.JSONRows != "" && strings.Contains(name, "numbers") {
						t.Errorf("%d %s: %v", n, name, err)
					}
					continue
				}
				got := l.all(stmt)
				slices.Sort(got)
				if !slices.Equal(got, q.want) {
					t.Errorf("%d %s: %q, want %q", n, name, got, q.want)
				}
			}
		}
	})
}

// want is the names whose index is asked for, sorted.
func want(names []string, is func(i int) bool) (list []string) {
	for i, name := range names {
		if is(i) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}
