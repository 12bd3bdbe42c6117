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
			false: {"postgres": "users.id = ANY ($1) AND users.age > $2", "sqlite": "users.id IN (SELECT value FROM json_each(?)) AND users.age > ?"},
			true:  {"postgres": "users.id != ALL ($1) AND users.age > $2", "sqlite": "users.id NOT IN (SELECT value FROM json_each(?)) AND users.age > ?"},
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
					if n <= most || l.d.Features().AnyArray || l.d.Name() == "sqlite" {
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
