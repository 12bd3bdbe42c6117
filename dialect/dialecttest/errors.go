package dialecttest

import (
	"errors"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var errorCases = []testCase{
	{name: "a unique constraint", run: errorsUnique},
	{name: "a primary key", run: errorsPrimaryKey},
	{name: "a unique key of two columns", run: errorsUniquePair},
	{name: "a foreign key without its parent", run: errorsForeignKeyInsert},
	{name: "a parent with children", run: errorsForeignKeyDelete},
	{name: "a NOT NULL column", run: errorsNotNull},
	{name: "a NOT NULL column left out", run: errorsNotNullDefault},
	{name: "a check constraint", run: errorsCheck},
	{name: "a table that is not there", run: errorsTable},
	{name: "a column that is not there", run: errorsColumn},
	{name: "a function that is not there", run: errorsFunction},
	{name: "a syntax error", run: errorsSyntax},
	{name: "an unfinished statement", run: errorsUnfinished},
	{name: "an empty statement", run: errorsEmpty},
	{name: "division by zero", run: errorsDivision},
	{name: "text longer than its column", run: errorsTooLong},
	{name: "a number beyond its column", run: errorsOutOfRange},
	{name: "arithmetic beyond bigint", run: errorsArithmetic},
	{name: "text that is no number", run: errorsInvalidText},
	{name: "a table that exists", run: errorsDuplicateTable},
	{name: "a column that exists", run: errorsDuplicateColumn},
	{name: "an error leaves the connection usable, and says so", run: errorsUsable},
	{name: "an error within many rows inserts none of them", run: errorsAtomic},
	{name: "messages in any script come through", run: errorsUnicode},
}

// fails runs s, which must fail with one of the kinds, and returns the error.
// The connection must be usable afterwards.
func (t *T) fails(s dialect.Statement, kinds ...dialect.Kind) *dialect.Error {
	t.Helper()
	c := t.conn()
	_, err := t.tryExec(t.ctx, c, s)
	if err == nil {
		t.Fatalf("%s: no error, where one of kind %s is due", t.text(s), words(kinds))
	}
	t.wantKind(err, kinds...)
	e, ok := errors.AsType[*dialect.Error](err)
	if !ok {
		t.Fatalf("%s: the error is no *dialect.Error: %v", t.text(s), err)
		return &dialect.Error{Err: err} // a case whose texts are recorded goes on
	}
	if e.MayHaveRun || e.Lost {
		t.Errorf("%s: the error says that the statement may have run (%v) or that the connection is lost (%v)", t.text(s), e.MayHaveRun, e.Lost)
	}
	if !c.Usable() {
		t.Errorf("%s: the connection is not usable after %v", t.text(s), e)
	} else {
		t.works(c)
	}
	return e
}

// about checks the names in an error: each is right, or not given.
func (t *T) about(e *dialect.Error, table ident, columns string, constraint ident) {
	t.Helper()
	check := func(what, got, want string) {
		t.Helper()
		if got != "" && !strings.EqualFold(got, want) {
			t.Errorf("the error names the %s %q instead of %q: %v", what, got, want, e)
		}
	}
	check("table", e.Table, string(table))
	check("column", e.Column, columns)
	check("constraint", e.Constraint, string(constraint))
	if e.Table == "" && e.Column == "" && e.Constraint == "" && e.Kind != dialect.ErrForeignKeyViolation {
		t.Errorf("the error names neither table nor column nor constraint: %#v", e)
	}
}

func errorsUnique(t *T) {
	name := ident(t.newName())
	table := t.table(key, col{"v", varchar, ""}, say{"CONSTRAINT ", name, " UNIQUE (", ident("v"), ")"})
	c := t.conn()
	t.insert(c, table, []string{"id", "v"}, []any{1, "a"})
	e := t.fails(insertText(table, []string{"id", "v"}, 2, "a"), dialect.ErrUniqueViolation)
	t.about(e, table, "v", name)
	t.wantKind(e, dialect.ErrIntegrityViolation)
	t.about(t.fails(say{"INSERT INTO ", table, " (", ident("id"), ", ", ident("v"), ") SELECT ", ident("id"), " + 10, ", ident("v"), " FROM ", table}, dialect.ErrUniqueViolation), table, "v", name)
}

func errorsPrimaryKey(t *T) {
	table := t.table(key)
	t.insert(t.conn(), table, []string{"id"}, []any{1})
	e := t.fails(insertText(table, []string{"id"}, 1), dialect.ErrUniqueViolation)
	if e.Code == "" {
		t.Errorf("the error has no code: %#v", e)
	}
	if e.Retryable() {
		t.Errorf("the error says that it goes away by itself: %v", e)
	}
}

func errorsUniquePair(t *T) {
	name := ident(t.newName())
	table := t.table(key, col{"a", integer, ""}, col{"b", integer, ""}, say{"CONSTRAINT ", name, " UNIQUE (", ident("a"), ", ", ident("b"), ")"})
	t.insert(t.conn(), table, []string{"id", "a", "b"}, []any{1, 1, 1}, []any{2, 1, 2})
	t.about(t.fails(insertText(table, []string{"id", "a", "b"}, 3, 1, 2), dialect.ErrUniqueViolation), table, "a, b", name)
}

// family makes a parent with row 1 and a child that refers to it.
func (t *T) family() (parent, child, constraint ident) {
	t.Helper()
	parent = t.table(key)
	constraint = ident(t.newName())
	child = t.table(key, col{"parent_id", integer, ""},
		say{"CONSTRAINT ", constraint, " FOREIGN KEY (", ident("parent_id"), ") REFERENCES ", parent, " (", ident("id"), ")"})
	c := t.conn()
	t.insert(c, parent, []string{"id"}, []any{1})
	t.insert(c, child, []string{"id", "parent_id"}, []any{1, 1})
	t.exec(c, insertText(child, []string{"id"}, 2))
	return parent, child, constraint
}

func errorsForeignKeyInsert(t *T) {
	_, child, constraint := t.family()
	e := t.fails(insertText(child, []string{"id", "parent_id"}, 3, 99), dialect.ErrForeignKeyViolation)
	t.about(e, child, "parent_id", constraint)
	t.wantKind(e, dialect.ErrIntegrityViolation)
}

func errorsForeignKeyDelete(t *T) {
	parent, child, constraint := t.family()
	e := t.fails(say{"DELETE FROM ", parent}, dialect.ErrForeignKeyViolation)
	if e.Table != "" && !strings.EqualFold(e.Table, string(child)) && !strings.EqualFold(e.Table, string(parent)) {
		t.Errorf("the error names the table %q", e.Table)
	}
	if e.Constraint != "" && !strings.EqualFold(e.Constraint, string(constraint)) {
		t.Errorf("the error names the constraint %q instead of %q", e.Constraint, constraint)
	}
	t.wantRows(parent, 1)
}

func errorsNotNull(t *T) {
	table := t.table(key, col{"v", varchar, "NOT NULL"})
	e := t.fails(insertText(table, []string{"id", "v"}, 1, bind(nil, varchar)), dialect.ErrNotNullViolation)
	t.about(e, table, "v", "")
}

func errorsNotNullDefault(t *T) {
	table := t.table(key, col{"v", varchar, "NOT NULL"})
	t.about(t.fails(insertText(table, []string{"id"}, 1), dialect.ErrNotNullViolation), table, "v", "")
}

func errorsCheck(t *T) {
	name := ident(t.newName())
	table := t.table(key, col{"v", integer, ""}, say{"CONSTRAINT ", name, " CHECK (", ident("v"), " > 0)"})
	e := t.fails(insertText(table, []string{"id", "v"}, 1, -1), dialect.ErrCheckViolation)
	t.about(e, table, "v", name)
	c := t.conn()
	t.insert(c, table, []string{"id", "v"}, []any{1, 1})
	t.exec(c, insertText(table, []string{"id"}, 2)) // NULL is not false
}

func errorsTable(t *T) {
	name := ident(t.newName())
	for _, s := range []say{{"SELECT * FROM ", name}, {"DELETE FROM ", name}, insertText(name, []string{"id"}, 1), {"DROP TABLE ", name}} {
		e := t.fails(s, dialect.ErrUndefinedTable)
		if e.Table != "" && !strings.EqualFold(e.Table, string(name)) {
			t.Errorf("the error names the table %q instead of %q", e.Table, name)
		}
		t.wantKind(e, dialect.ErrUndefined)
	}
}

func errorsColumn(t *T) {
	table := t.table(key)
	for _, s := range []say{{"SELECT ", ident("nope"), " FROM ", table}, {"UPDATE ", table, " SET ", ident("nope"), " = 1"}, insertText(table, []string{"nope"}, 1)} {
		e := t.fails(s, dialect.ErrUndefinedColumn)
		if e.Column != "" && !strings.EqualFold(e.Column, "nope") {
			t.Errorf("the error names the column %q: %v", e.Column, e)
		}
	}
}

func errorsFunction(t *T) {
	t.fails(t.sel("sqlayer_no_such_function(1)"), dialect.ErrUndefinedFunction, dialect.ErrUndefinedColumn)
}

func errorsSyntax(t *T) {
	table := t.table(key)
	s := say{"SELECT ", ident("id"), " FROM ", table, " WHERE WHERE ", ident("id"), " = 1"}
	e := t.fails(s, dialect.ErrSyntax)
	if n := len([]rune(t.text(s))); e.Position < 0 || e.Position > n+1 {
		t.Errorf("the error is at position %d of %d characters", e.Position, n)
	}
	if at := strings.Index(t.text(s), "WHERE WHERE"); e.Position != 0 && (e.Position < at+1 || e.Position > at+12) {
		t.Errorf("the error is at position %d, and the mistake at %d", e.Position, at+7)
	}
	t.fails(say{"SELEKT 1"}, dialect.ErrSyntax)
}

func errorsUnfinished(t *T) {
	t.fails(say{"SELECT 'never closed"}, dialect.ErrSyntax, dialect.ErrStatement)
	t.fails(say{"SELECT (1 + "}, dialect.ErrSyntax)
}

func errorsEmpty(t *T) {
	c := t.conn()
	for _, text := range []string{"", "  \n", "-- only a comment", "/* nothing */"} {
		_, err := t.tryExec(t.ctx, c, dialect.Text(text))
		t.wantKind(err, dialect.ErrStatement)
	}
	t.works(c)
}

func errorsDivision(t *T) {
	c := t.conn()
	table := t.numbers(c, 1)
	var v any
	err := t.tryRow(t.ctx, c, say{"SELECT 1 / (", ident("id"), " - 1) FROM ", table}, &v)
	if err != nil {
		t.wantKind(err, dialect.ErrDivisionByZero)
		t.wantKind(err, dialect.ErrData)
	} else if v != nil {
		t.Errorf("1 / 0 is %v", v)
	}
	t.works(c)
}

// keptOr checks that a value that does not fit was refused, or kept whole by
// a database whose columns have no limits; it must not have been changed.
func (t *T) keptOr(typ dialect.Type, v any, want string, kinds ...dialect.Kind) {
	t.Helper()
	s := t.shelf(typ)
	for _, withType := range []bool{true, false} {
		id, err := s.put(v, withType)
		if err != nil {
			t.wantKind(err, kinds...)
			t.works(s.c)
			continue
		}
		var got string
		if err := s.get(id, &got); err != nil {
			t.Errorf("%v", err)
		} else if got != want {
			t.Errorf("%v is neither refused by %v nor kept: it came back as %q", v, &typ, got)
		}
	}
}

func errorsTooLong(t *T) {
	t.keptOr(dialect.Type{Kind: dialect.Varchar, Length: 5}, "abcdefgh", "abcdefgh", dialect.ErrTooLong)
	t.keptOr(dialect.Type{Kind: dialect.Varchar, Length: 5}, "日本語日本語", "日本語日本語", dialect.ErrTooLong)
	s := t.shelfOf(dialect.Type{Kind: dialect.Varchar, Length: 5}, "日本語日本")
	var got string
	if err := s.get(1, &got); err != nil || got != "日本語日本" {
		t.Errorf("five characters in five came back as %q (%v)", got, err)
	}
}

func errorsOutOfRange(t *T) {
	t.keptOr(dialect.Type{Kind: dialect.SmallInt}, 40000, "40000", dialect.ErrOutOfRange)
	t.keptOr(integer, int64(1)<<40, "1099511627776", dialect.ErrOutOfRange)
	t.keptOr(dialect.Type{Kind: dialect.Decimal, Precision: 5, Scale: 2}, "123456.78", "123456.78", dialect.ErrOutOfRange)
}

func errorsArithmetic(t *T) {
	s := t.shelfOf(bigint, int64(9223372036854775807))
	var v any
	err := t.tryRow(t.ctx, s.c, say{"SELECT ", ident("v"), " + 1 FROM ", s.table}, &v)
	if err != nil {
		t.wantKind(err, dialect.ErrOutOfRange)
	} else if n, ok := v.(int64); ok {
		t.Errorf("the largest bigint and 1 make %d", n)
	}
	t.works(s.c)
}

func errorsInvalidText(t *T) {
	t.keptOr(integer, "twelve", "twelve", dialect.ErrInvalidText)
	if _, err := t.d.TypeName(&dialect.Type{Kind: dialect.UUID}); err == nil {
		t.keptOr(dialect.Type{Kind: dialect.UUID}, "not a uuid", "not a uuid", dialect.ErrInvalidText, dialect.ErrTooLong)
	}
}

func errorsDuplicateTable(t *T) {
	table := t.table(key)
	e := t.fails(t.createText(table, key), dialect.ErrDuplicateObject)
	if e.Table != "" && !strings.EqualFold(e.Table, string(table)) {
		t.Errorf("the error names the table %q instead of %q", e.Table, table)
	}
}

func errorsDuplicateColumn(t *T) {
	t.fails(say{"ALTER TABLE ", t.table(key), " ADD ", ident("id"), " " + t.typeName(integer)}, dialect.ErrDuplicateObject)
}

func errorsUsable(t *T) {
	table := t.table(key)
	c := t.conn()
	for i := range 20 {
		_, err := t.tryExec(t.ctx, c, insertText(table, []string{"nope"}, i))
		if err == nil {
			t.Fatalf("no error")
		}
		t.insert(c, table, []string{"id"}, []any{i})
		if _, err = t.tryExec(t.ctx, c, insertText(table, []string{"id"}, i)); err == nil {
			t.Fatalf("no error")
		}
		if !c.Usable() {
			t.Fatalf("not usable after %v", err)
		}
	}
	t.wantRows(table, 20)
}

func errorsAtomic(t *T) {
	a, b := t.table(key), t.table(key)
	c := t.conn()
	t.insert(c, a, []string{"id"}, []any{1}, []any{2}, []any{3})
	t.insert(c, b, []string{"id"}, []any{3})
	t.fails(say{"INSERT INTO ", b, " (", ident("id"), ") SELECT ", ident("id"), " FROM ", a, " ORDER BY ", ident("id")}, dialect.ErrUniqueViolation)
	t.wantRows(b, 1)
}

func errorsUnicode(t *T) {
	table := t.table(key, col{"v", varchar, ""})
	e := t.fails(say{"SELECT ", ident("größe 名"), " FROM ", table}, dialect.ErrUndefinedColumn)
	if !strings.Contains(e.Error(), "größe 名") {
		t.Errorf("the error does not show the name: %v", e)
	}
}
