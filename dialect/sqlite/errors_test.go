package sqlite

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
)

func TestClassify(t *testing.T) {
	c := memory(t)
	exec(t, c, `CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE, a INT, b INT NOT NULL DEFAULT 0,
		CONSTRAINT positive CHECK (a > 0), UNIQUE (a, b));
		CREATE TABLE lw (code TEXT); CREATE UNIQUE INDEX p_lower ON lw (lower(code)); INSERT INTO lw VALUES ('x');
		CREATE TABLE k (x TEXT PRIMARY KEY) WITHOUT ROWID;
		CREATE TABLE c (p_id INTEGER REFERENCES p);
		CREATE TABLE strict (n INTEGER) STRICT;
		INSERT INTO p (id, code, a, b) VALUES (1, 'x', 1, 1); INSERT INTO k VALUES ('k');`)
	for _, x := range []struct {
		text string
		kind dialect.Kind
		want dialect.Error
	}{
		{"INSERT INTO p (code) VALUES ('x')", dialect.ErrUniqueViolation, dialect.Error{Code: "2067", Table: "p", Column: "code"}},
		{"INSERT INTO lw (code) VALUES ('X')", dialect.ErrUniqueViolation, dialect.Error{Code: "2067", Constraint: "p_lower"}},
		{"INSERT INTO p (a, b) VALUES (1, 1)", dialect.ErrUniqueViolation, dialect.Error{Code: "2067", Table: "p", Column: "a, b"}},
		{"INSERT INTO p (id) VALUES (1)", dialect.ErrUniqueViolation, dialect.Error{Code: "1555", Table: "p", Column: "id"}},
		{"INSERT INTO k VALUES ('k')", dialect.ErrUniqueViolation, dialect.Error{Code: "1555", Table: "k", Column: "x"}},
		{"INSERT INTO p (b) VALUES (NULL)", dialect.ErrNotNullViolation, dialect.Error{Code: "1299", Table: "p", Column: "b"}},
		{"INSERT INTO p (a) VALUES (-1)", dialect.ErrCheckViolation, dialect.Error{Code: "275", Constraint: "positive"}},
		{"INSERT INTO c VALUES (99)", dialect.ErrForeignKeyViolation, dialect.Error{Code: "787"}},
		{"INSERT INTO strict VALUES ('x')", dialect.ErrData, dialect.Error{Code: "3091"}},
		{"SELECT * FROM nowhere", dialect.ErrUndefinedTable, dialect.Error{Code: "1", Table: "nowhere"}},
		{"SELECT * FROM main.nowhere", dialect.ErrUndefinedTable, dialect.Error{Code: "1", Schema: "main", Table: "nowhere"}},
		{"SELECT nonesuch FROM p", dialect.ErrUndefinedColumn, dialect.Error{Code: "1", Column: "nonesuch", Position: 8}},
		{"SELECT p.nonesuch FROM p", dialect.ErrUndefinedColumn, dialect.Error{Code: "1", Table: "p", Column: "nonesuch", Position: 8}},
		{`SELECT "nonesuch" FROM p`, dialect.ErrUndefinedColumn, dialect.Error{Code: "1", Column: "nonesuch", Position: 8}},
		{"INSERT INTO p (nonesuch) VALUES (1)", dialect.ErrUndefinedColumn, dialect.Error{Code: "1", Table: "p", Column: "nonesuch"}},
		{"SELECT nonesuch()", dialect.ErrUndefinedFunction, dialect.Error{Code: "1", Position: 8}},
		{"SELECT upper()", dialect.ErrUndefinedFunction, dialect.Error{Code: "1", Position: 8}},
		{"SELECT 'é', FROM p", dialect.ErrSyntax, dialect.Error{Code: "1", Position: 13}},
		{"SELECT (1", dialect.ErrSyntax, dialect.Error{Code: "1"}},
		{"SELEC 1", dialect.ErrSyntax, dialect.Error{Code: "1", Position: 1}},
		{"SELECT 1; SELECT '", dialect.ErrSyntax, dialect.Error{Code: "1", Position: 18}},
		{"CREATE TABLE p (a)", dialect.ErrDuplicateObject, dialect.Error{Code: "1"}},
		{"SELECT abs(-9223372036854775807 - 1)", dialect.ErrOutOfRange, dialect.Error{Code: "1"}},
		{"SELECT json('{')", dialect.ErrInvalidText, dialect.Error{Code: "1"}},
		{"SELECT zeroblob(2000000000)", dialect.ErrTooLong, dialect.Error{Code: "18"}},
		{"COMMIT", dialect.ErrTransactionAborted, dialect.Error{Code: "1"}},
	} {
		_, err := tryExec(t, c, x.text)
		if err == nil {
			t.Errorf("%s: no error", x.text)
			continue
		}
		e := Dialect().Classify(fmt.Errorf("wrapped: %w", err))
		if e.Kind != x.kind || e.Code != x.want.Code || e.Schema != x.want.Schema || e.Table != x.want.Table || e.Column != x.want.Column ||
			e.Constraint != x.want.Constraint || x.want.Position != 0 && e.Position != x.want.Position || e.Lost || e.Cause != nil {
			t.Errorf("%s: %+v", x.text, *e)
		}
		if !c.Usable() {
			t.Fatalf("%s: the connection is not usable", x.text)
		}
	}
	if Dialect().Classify(nil) != nil {
		t.Error("an Error for nil")
	}
	given := &dialect.Error{Kind: dialect.ErrDeadlock}
	if Dialect().Classify(fmt.Errorf("%w", given)) != given {
		t.Error("an Error in the tree is not returned")
	}
	if e := Dialect().Classify(errors.New("other")); e.Kind != dialect.ErrOther {
		t.Error(e)
	}
	if e := Dialect().Classify(context.Canceled); e.Kind != dialect.ErrCancelled || e.Cause == nil {
		t.Error(e)
	}
}

// code is an error of another driver.
type code int

func (c code) Error() string { return fmt.Sprintf("UNIQUE constraint failed: t.a (%d)", int(c)) }
func (c code) Code() int     { return int(c) }

func TestClassifyForeign(t *testing.T) {
	e := Dialect().Classify(code(2067))
	if e.Kind != dialect.ErrUniqueViolation || e.Table != "t" || e.Column != "a" {
		t.Errorf("%+v", *e)
	}
}

func TestFull(t *testing.T) {
	c := dial(t, open1(t, fileURL(t)+"?pragma.max_page_count=10"))
	exec(t, c, "CREATE TABLE t (b)")
	_, err := tryExec(t, c, "INSERT INTO t VALUES (zeroblob(1000000))")
	kind(t, err, dialect.ErrDiskFull)
}
