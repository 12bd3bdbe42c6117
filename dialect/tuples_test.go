package dialect_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

type base struct{ Tenant string }

type pair struct {
	base
	ID   int64 `db:"id"`
	Skip int   `db:"-"`
}

func TestTuples(t *testing.T) {
	inList := &plain{name: "list", f: &dialect.Features{Placeholder: dialect.Dollar, RowIn: dialect.RowInList, ReusePlaceholders: true}}
	inValues := &plain{name: "values", f: &dialect.Features{RowIn: dialect.RowInValues}}
	none := &plain{name: "none", f: &dialect.Features{}}
	at := time.Unix(0, 0)
	const in, notIn = "SELECT 1 FROM t WHERE x = 1 AND (a, b) IN (:p) AND y", "SELECT 1 FROM t WHERE ( a , b ) /* c */ NOT IN ( :p ) OR y"
	list := "SELECT 1 FROM t WHERE x = 1 AND (a, b) IN (($1, $2), ($3, $4)) AND y"
	for name, tt := range map[string]struct {
		d    dialect.Dialect
		text string
		p    any
		want string
		args string
	}{
		"arrays":            {inList, in, [][2]any{{1, "x"}, {2, nil}}, list, "[1 x 2 <nil>]"},
		"slices":            {inList, in, [][]any{{1, "x"}, {2, at}}, list, fmt.Sprint([]any{1, "x", 2, at})},
		"structs":           {inList, in, []pair{{base{"a"}, 1, 9}, {base{"b"}, 2, 9}}, list, "[a 1 b 2]"},
		"pointers":          {inList, in, []*pair{{base{"a"}, 1, 9}, {base{"b"}, 2, 9}}, list, "[a 1 b 2]"},
		"any":               {inList, in, []any{[]int{1, 2}, pair{base{"b"}, 2, 9}}, list, "[1 2 b 2]"},
		"as VALUES":         {inValues, in, [][2]int{{1, 2}}, "SELECT 1 FROM t WHERE x = 1 AND (a, b) IN (VALUES (?, ?)) AND y", "[1 2]"},
		"not":               {inList, notIn, [][2]int{{1, 2}}, "SELECT 1 FROM t WHERE ( a , b ) /* c */ NOT IN (($1, $2)) OR y", "[1 2]"},
		"none":              {inList, in, [][2]int{}, "SELECT 1 FROM t WHERE x = 1 AND (1 = 0) AND y", "[]"},
		"not none":          {inList, notIn, []pair{}, "SELECT 1 FROM t WHERE (1 = 1) OR y", "[]"},
		"plain in brackets": {inList, "SELECT (a) IN (:p)", []int{1, 2}, "SELECT (a) IN ($1, $2)", "[1 2]"},
		"a row":             {inList, "SELECT ROW(a, b) IN (:p)", [][2]int{{1, 2}}, "SELECT ROW(a, b) IN (($1, $2))", "[1 2]"},
		"arrays as values":  {inList, "SELECT a IN (:p)", [][]int{{1, 2}}, "SELECT a IN ($1)", "[[1 2]]"},
		"bytes":             {inList, "SELECT (a) IN (:p)", [][]byte{{1}}, "SELECT (a) IN ($1)", "[[1]]"},
		"nullables":         {inList, "SELECT (a) IN (:p)", []sql.NullInt64{{Int64: 1, Valid: true}}, "SELECT (a) IN ($1)", "[{1 true}]"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := dialect.Compile(tt.d, dialect.Text(tt.text, dialect.Named{"p": tt.p}))
			if err != nil {
				t.Fatal(err)
			}
			defer c.Release()
			var args []any
			for _, a := range c.Args() {
				args = append(args, a.Value)
			}
			if c.Text() != tt.want || fmt.Sprint(args) != tt.args {
				t.Errorf("got  %s %v\nwant %s %s", c.Text(), args, tt.want, tt.args)
			}
		})
	}
	for part, tt := range map[string]struct {
		d    dialect.Dialect
		text string
		p    any
	}{
		"item 2 has 1 values, and those before have 2": {inList, in, [][]int{{1, 2}, {3}}},
		"item 1 has no values":                         {inList, in, [][]int{{}}},
		"item 2 has no values":                         {inList, in, [][]int{{1, 2}, nil}},
		"a list of tuples in IN (:p)":                  {none, in, [][2]int{{1, 2}}},
		"an empty list of tuples":                      {inList, "SELECT ROW(a, b) IN (:p)", [][2]int{}},
		"no parameters among them":                     {inList, "SELECT (a, :q) IN (:p)", [][2]int{}},
	} {
		_, err := dialect.Compile(tt.d, dialect.Text(tt.text, dialect.Named{"p": tt.p, "q": 1}))
		if !strings.Contains(tt.text, ":q") {
			_, err = dialect.Compile(tt.d, dialect.Text(tt.text, dialect.Named{"p": tt.p}))
		}
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not say %q", err, part)
		}
		if !errors.Is(err, dialect.ErrArguments) && !errors.Is(err, dialect.ErrUnsupported) {
			t.Errorf("the kind of %v", err)
		}
	}
}
