package dialecttest

import (
	"fmt"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
)

var rowcountCases = []testCase{
	{name: "the rows are as they were inserted", run: countBasic},
	{name: "asking is harmless for every statement, closed or not", run: countHarmless},
	{name: "an UPDATE that changes every row that it matches", run: countUpdate},
	{name: "an UPDATE that changes nothing of what it matches", run: countUpdateSame},
	{name: "an UPDATE or DELETE that gives rows", run: countReturning},
	{name: "text without named parameters", run: countRaw},
	{name: "text with named parameters", run: countNamed},
	{name: "a DELETE", run: countDelete},
	{name: "an UPDATE for each of several values", run: countManyUpdates},
	{name: "a DELETE for each of several values", run: countManyDeletes},
}

// staff is a table of nine people in three departments.
type staff struct {
	expr.Table
	id               expr.Col[int64]
	name, department expr.Col[string]
	ident            ident
}

var staffNames = []string{"Angela", "Andrew", "Anand", "Bob", "Bobette", "Buffy", "Charlie", "Cynthia", "Chris"}

func (t *T) staff() *staff {
	t.Helper()
	columns := []col{key, {"name", dialect.Type{Kind: dialect.Varchar, Length: 50}, ""}, {"department", dialect.Type{Kind: dialect.Char, Length: 1}, ""}}
	name := t.table(columns[0], columns[1], columns[2])
	s := &staff{Table: tableOf(name, columns...), ident: name}
	s.id, s.name, s.department = expr.C[int64](s, "id"), expr.C[string](s, "name"), expr.C[string](s, "department")
	rows := make([][]any, len(staffNames))
	for i, n := range staffNames {
		rows[i] = []any{i, n, n[:1]}
	}
	t.insertMany(s, []expr.AnyColumn{s.id, s.name, s.department}, rows...)
	return s
}

// affects checks how many rows a statement says that it touched.
func (t *T) affects(r dialect.Runner, s dialect.Statement, want int64) {
	t.Helper()
	if n := t.run2(r, s).RowsAffected(); n != want {
		t.Errorf("%s: %d rows affected instead of %d", t.text(s), n, want)
	}
}

func countBasic(t *T) {
	s := t.staff()
	got, err := engine.All[string](t.ctx, t.shared(), expr.Select(s.name).From(s).OrderBy(s.id.Asc()))
	if err != nil || strings.Join(got, " ") != strings.Join(staffNames, " ") {
		t.Errorf("the names are %v (%v)", got, err)
	}
}

func countHarmless(t *T) {
	s, c := t.staff(), t.conn()
	for i, q := range []dialect.Statement{
		expr.Insert(s).Values(s.id.Set(25), s.department.Set("X")),
		expr.Update(s).Set(s.department.Set("Z")).Where(s.department.Eq("C")),
		expr.Select(s.name).From(s).Where(s.department.Eq("Z")),
		expr.Delete(s).Where(s.department.Eq("Z")),
	} {
		rows := t.query(c, q)
		for rows.Next() {
		}
		if err := rows.Err(); err != nil {
			t.Fatalf("%s: %v", t.text(q), err)
		}
		before := rows.Result().RowsAffected()
		if err := rows.Close(); err != nil {
			t.Fatalf("%s: %v", t.text(q), err)
		}
		if after := rows.Result().RowsAffected(); before != after || after < -1 || after > 3 || i != 2 && after == 0 {
			t.Errorf("%s: %d rows affected, and %d after Close", t.text(q), before, after)
		}
	}
	t.works(c)
}

func countUpdate(t *T) {
	s := t.staff()
	t.affects(t.shared(), expr.Update(s).Set(s.department.Set("Z")).Where(s.department.Eq("C")), 3)
	t.affects(t.shared(), expr.Update(s).Set(s.department.Set("Y")).Where(s.department.Eq("C")), 0)
}

func countUpdateSame(t *T) {
	s := t.staff()
	t.affects(t.shared(), expr.Update(s).Set(s.department.Set("C")).Where(s.department.Eq("C")), 3)
}

func countReturning(t *T) {
	s := t.staff()
	writes := map[string]dialect.Statement{
		"DELETE": expr.Delete(s).Where(s.department.Eq("C")).Returning(s.id),
		"UPDATE": expr.Update(s).Set(s.department.Set("Z")).Where(s.department.Eq("B")).Returning(s.id),
	}
	has := map[string]bool{"DELETE": t.f.ReturningDelete, "UPDATE": t.f.ReturningUpdate}
	for word, q := range writes {
		if !has[word] || t.f.Returning == dialect.ReturningInto {
			_, err := t.shared().Run(t.ctx, q, nil)
			t.wantKind(err, dialect.ErrUnsupported)
			continue
		}
		n := int64(0)
		res, err := t.shared().Run(t.ctx, q, func(rows dialect.Rows) error {
			for rows.Next() {
				n++
			}
			return rows.Err()
		})
		if err != nil {
			t.Errorf("%s: %v", word, err)
		} else if a := res.RowsAffected(); n != 3 || a != 3 && a != -1 {
			t.Errorf("%s: %d rows came back, and %d were affected", word, n, a)
		}
	}
	// Without rows asked for, the count is exact.
	rest := t.staff()
	t.affects(t.shared(), expr.Delete(rest).Where(rest.department.Eq("C")), 3)
}

func countRaw(t *T) {
	s := t.staff()
	text := t.text(say{"UPDATE ", s.ident, " SET ", ident("department"), " = 'Z' WHERE ", ident("department"), " = 'C'"})
	res, err := t.shared().Exec(t.ctx, text)
	if err != nil || res.RowsAffected() != 3 {
		t.Errorf("%d rows affected instead of 3 (%v)", res.RowsAffected(), err)
	}
}

func countNamed(t *T) {
	s := t.staff()
	text := t.text(say{"UPDATE ", s.ident, " SET ", ident("department"), " = :new WHERE ", ident("department"), " = :old"})
	t.affects(t.shared(), engine.Text(text, engine.Named{"new": "Z", "old": "C"}), 3)
}

func countDelete(t *T) {
	s := t.staff()
	t.affects(t.shared(), expr.Delete(s).Where(s.department.Eq("C")), 3)
	t.affects(t.shared(), expr.Delete(s).Where(s.department.Eq("C")), 0)
	t.affects(t.shared(), expr.Delete(s).EveryRow(), 6)
}

// counted runs a statement for each name and checks the counts.
func (t *T) counted(write func(name string) dialect.Statement) {
	t.Helper()
	var got []int64
	err := t.shared().Transact(t.ctx, func(tx *engine.Tx) error {
		for _, name := range []string{"Bob", "Cynthia", "nonexistent"} {
			res, err := tx.Run(t.ctx, write(name), nil)
			if err != nil {
				return err
			}
			got = append(got, res.RowsAffected())
		}
		return nil
	})
	if err != nil || fmt.Sprint(got) != "[1 1 0]" {
		t.Errorf("the counts are %v instead of [1 1 0] (%v)", got, err)
	}
}

func countManyUpdates(t *T) {
	s := t.staff()
	t.counted(func(name string) dialect.Statement {
		return expr.Update(s).Set(s.department.Set("C")).Where(s.name.Eq(name))
	})
	t.affects(t.shared(), expr.Update(s).Set(s.department.Set("C")).Where(s.name.In("Bob", "Cynthia", "nonexistent")), 2)
}

func countManyDeletes(t *T) {
	s := t.staff()
	t.counted(func(name string) dialect.Statement { return expr.Delete(s).Where(s.name.Eq(name)) })
	t.affects(t.shared(), expr.Delete(s).Where(s.name.In("Anand", "Andrew", "nonexistent")), 2)
}
