package safety

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// details puts s where the database keeps it with a table, and reads it from
// there: a comment, an enumeration, a check, the names of keys, and where a value
// becomes part of another one.
func (l *lease) details(t *testing.T, s string) {
	if s == "" && l.d.Features().EmptyIsNull {
		return // what comes back is NULL, by nature
	}
	has := map[string]bool{}
	plain := []schema.Part{schema.BigInt("id").PrimaryKey(), schema.Varchar("checked", 200)}
	parts := plain
	for _, p := range []struct {
		name string
		part schema.Part
		or   schema.Part // where the dialect does not take s
	}{
		{"enumeration", schema.Enum("kind", "", s, "other"), schema.Varchar("kind", 100)},
		{"check", schema.Check(s, schema.Self[string]("checked").Ne(s)), nil},
		{"column's comment", schema.Varchar("noted", 100).Null().Comment(s), schema.Varchar("noted", 100).Null()},
		{"table's comment", schema.Comment(s), nil},
	} {
		_, err := schema.CreateSQL(schema.NewMetadata(schema.New("t", append(slices.Clip(plain), p.part)...)), l.d)
		switch {
		case err == nil:
			has[p.name] = true
			parts = append(parts, p.part)
		case wrongKind(err) != nil:
			t.Errorf("%s: %q: %v", p.name, s, err)
		case p.or != nil:
			parts = append(parts, p.or)
		}
	}
	tbl := schema.New("details", parts...)
	meta := schema.NewMetadata(tbl)
	if err := meta.CreateAll(t.Context(), l); err != nil {
		t.Errorf("details of %q: %v", s, err)
		return
	}
	defer func() {
		if err := meta.DropAll(context.Background(), l); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}()
	id, kind, checked := expr.C[int64](tbl, "id"), expr.C[string](tbl, "kind"), expr.C[string](tbl, "checked")
	insert := func(n int, k, c string) error {
		_, err := l.Run(t.Context(), expr.Insert(tbl).Columns(id, kind, checked).Flat([]any{n, k, c}), nil)
		return err
	}
	member := "other"
	if has["enumeration"] {
		member = s
	}
	if err := errors.Join(insert(1, member, "first"), insert(2, "other", "second")); err != nil {
		t.Errorf("%q: %v", s, err)
		return
	}
	if has["check"] {
		if err := insert(3, "other", s); err == nil || l.d.Classify(err).Kind != dialect.ErrCheckViolation {
			t.Errorf("%q against its check: %v", s, err)
		}
	}
	joined := expr.StringAgg(checked, s).OrderedBy(id.Asc())
	if _, _, err := expr.SQL(expr.Select(joined).From(tbl), l.d); err == nil {
		l.same(t, s, "first"+s+"second", expr.Select(joined).From(tbl))
	}
	l.same(t, s, member, expr.Select(kind).From(tbl).Where(id.Eq(1)))
	object := expr.Select(expr.JSON(expr.JSONObject(expr.Member(s, checked))).Key(s).AsString()).From(tbl).Where(id.Eq(1))
	if _, _, err := expr.SQL(object, l.d); err == nil {
		l.same(t, s, "first", object)
	}
	if l.d.Features().Comments == dialect.NoComments || !has["column's comment"] && !has["table's comment"] {
		return
	}
	found, err := schema.Reflect(t.Context(), l, "details")
	if err != nil {
		t.Errorf("%q: %v", s, err)
		return
	}
	got := schema.Info(found.Table("details"))
	if has["table's comment"] && got.Comment != s {
		t.Errorf("%q comes back as the comment %q of a table", s, got.Comment)
	}
	if note := got.Column("noted").Comment; has["column's comment"] && note != s {
		t.Errorf("%q comes back as the comment %q of a column", s, note)
	}
}

// same compares the one text that q gives with want.
func (l *lease) same(t *testing.T, s, want string, q dialect.Statement) {
	_, cells, err := l.row(t, q)
	if err != nil {
		t.Errorf("%q: %v", s, err)
	} else if cells[0] != want {
		t.Errorf("%q: %q, not %q", s, cells[0], want)
	}
}

// spaces makes a schema of that name, with a table in it.
func (l *lease) spaces(t *testing.T, s string) {
	name := s + fmt.Sprint(os.Getpid()) // the server may be someone's
	create := schema.CreateSchema(name)
	if _, _, err := expr.SQL(create, l.d); err != nil {
		if wrongKind(err) != nil {
			t.Errorf("the schema %q: %v", name, err)
		}
		return
	}
	if _, err := l.Run(t.Context(), create, nil); err != nil {
		t.Errorf("the schema %q: %v", name, err)
		return
	}
	d := *schema.Info(schema.New("t", schema.BigInt("id").PrimaryKey(), schema.Varchar("v", 400)))
	d.Schema = name
	tbl := schema.Build(&d)
	defer func() {
		if _, err := l.Run(context.Background(), schema.DropSchema(name, schema.Cascading), nil); err != nil {
			t.Errorf("the schema %q: %v", name, err)
		}
	}()
	for _, q := range []dialect.Statement{
		schema.CreateTable(tbl),
		expr.Insert(tbl).Columns(expr.C[int64](tbl, "id"), expr.C[string](tbl, "v")).Flat([]any{1, s}),
	} {
		if _, err := l.Run(t.Context(), q, nil); err != nil {
			t.Errorf("the schema %q: %v", name, err)
			return
		}
	}
	l.same(t, s, s, expr.Select(expr.C[string](tbl, "v")).From(tbl))
	if !strings.Contains(name, ".") {
		if found, err := schema.Reflect(t.Context(), l, name+".t"); err != nil {
			t.Errorf("the schema %q: %v", name, err)
		} else if got := found.Tables()[0]; got.Schema != name {
			t.Errorf("%q comes back as the schema %q", name, got.Schema)
		}
	}
}
