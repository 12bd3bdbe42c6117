package sqlite

import (
	"slices"
	"strings"
	"unicode/utf8"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqltext"
)

// stmt is a prepared statement of one connection.
type stmt struct {
	p    uintptr // sqlite3_stmt*; 0 once it is finalized
	text string

	params   int
	names    []string // of the parameters, without their prefix; nil where none has a name
	readOnly bool
	insert   bool   // an INSERT or REPLACE
	table    string // the one that is inserted into; empty where the text does not say

	columns   []dialect.Column // of the last run
	classes   []class          // of the columns
	described bool
	prepared  int32 // how often SQLite had compiled it anew when columns was made

	kept       bool // in the cache
	prev, next *stmt
}

// class is what a column's declared type says about reading it.
type class uint8

const (
	anything class = iota
	boolean
	moment // a date or a time
)

// keepable reports whether a statement that begins with verb is worth
// keeping, and may be: SQLite runs some PRAGMAs when they are prepared.
func keepable(verb string) bool {
	switch verb {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "VALUES", "SAVEPOINT", "RELEASE", "ROLLBACK":
		return true
	}
	return false
}

// maxKeptText is the longest text that is kept.
const maxKeptText = 1 << 16

// statement returns the prepared first statement of text, from the cache
// where it is there, and the statements that follow it, if any. A text without a
// statement gives nil.
func (c *conn) statement(text string) (st *stmt, rest string, err error) {
	if st := c.cache.get(text); st != nil {
		return st, "", nil
	}
	verb, table := mainVerb(text)
	keep := c.cache.size > 0 && len(text) <= maxKeptText && keepable(verb)
	var p uintptr
	used := 0
	for p == 0 { // past empty statements
		if strings.Trim(text[used:], " \t\r\n;") == "" {
			return nil, "", nil
		}
		var n int
		if p, n, err = c.h.prepare(text[used:], keep); err != nil {
			if e, ok := err.(*Error); ok && e.Position > 0 {
				e.Position += utf8.RuneCountInString(text[:used])
			}
			return nil, "", c.explain(err)
		}
		if p == 0 && n == 0 {
			return nil, "", nil
		}
		used += n
	}
	st = &stmt{p: p, text: text[:used], table: table, insert: verb == "INSERT" || verb == "REPLACE"}
	st.readOnly = lib.Xsqlite3_stmt_readonly(c.h.TLS, p) != 0
	st.params = int(lib.Xsqlite3_bind_parameter_count(c.h.TLS, p))
	for i := range st.params {
		name := lib.Xsqlite3_bind_parameter_name(c.h.TLS, p, int32(i+1))
		if name == 0 {
			continue
		}
		if s := libc.GoString(name); s[0] != '?' {
			if st.names == nil {
				st.names = make([]string, st.params)
			}
			st.names[i] = s[1:]
		}
	}
	rest = text[used:]
	if more(rest) {
		return st, rest, nil
	}
	st.text = text
	if keep {
		c.cache.add(c, st)
	}
	return st, "", nil
}

// more reports whether a text has a statement: more than white space,
// comments and semicolons. It does not ask SQLite, which runs some PRAGMAs
// when they are prepared.
func more(text string) bool {
	s := sqltext.NewScanner(&lexical, text)
	for {
		t := s.Next()
		switch {
		case t.Kind == sqltext.End:
			return false
		case t.Kind != sqltext.Space && t.Kind != sqltext.Comment && text[t.Start] != ';':
			return true
		}
	}
}

// reset ends a run of st. A statement that writes and was not run to its end
// takes effect here, and may fail at it.
func (c *conn) reset(st *stmt) (err error) {
	if st.p == 0 {
		return nil
	}
	if rc := lib.Xsqlite3_reset(c.h.TLS, st.p); rc != lib.SQLITE_OK {
		err = c.failure(rc)
	}
	if !st.kept {
		c.finalize(st)
	}
	return err
}

func (c *conn) finalize(st *stmt) {
	if st.p != 0 {
		lib.Xsqlite3_finalize(c.h.TLS, st.p)
		st.p = 0
	}
}

// describe makes st.columns, unless they are known and still hold: SQLite
// compiles a statement anew when the schema has changed, and SELECT * then
// has other columns.
func (c *conn) describe(st *stmt) {
	n := lib.Xsqlite3_stmt_status(c.h.TLS, st.p, lib.SQLITE_STMTSTATUS_REPREPARE, 0)
	if st.described && n == st.prepared {
		return
	}
	st.described, st.prepared = true, n
	count := int(lib.Xsqlite3_column_count(c.h.TLS, st.p))
	columns := make([]dialect.Column, count)
	for i := range columns {
		columns[i] = c.column(st, int32(i))
	}
	if slices.EqualFunc(columns, st.columns, sameColumn) && st.columns != nil {
		return // the same slice, for plans that are found by its address
	}
	st.columns = columns
	st.classes = make([]class, count)
	for i := range columns {
		switch kindOf(columns[i].Type) {
		case dialect.Boolean:
			st.classes[i] = boolean
		case dialect.Date, dialect.Time, dialect.Timestamp, dialect.TimestampTZ:
			st.classes[i] = moment
		}
	}
}

func sameColumn(a, b dialect.Column) bool {
	if a.Type != nil && b.Type != nil && *a.Type == *b.Type {
		a.Type = b.Type
	}
	return a == b
}

func (c *conn) column(st *stmt, i int32) dialect.Column {
	tls := c.h.TLS
	col := dialect.Column{Name: libc.GoString(lib.Xsqlite3_column_name(tls, st.p, i))}
	declared := libc.GoString(lib.Xsqlite3_column_decltype(tls, st.p, i))
	if declared != "" {
		t := ParseType(declared)
		col.Type = &t
		name, _, _ := strings.Cut(declared, "(")
		col.DatabaseType = strings.ToUpper(strings.TrimSpace(name))
	}
	table := lib.Xsqlite3_column_table_name(tls, st.p, i)
	if table == 0 {
		return col // an expression
	}
	col.Table = libc.GoString(table)
	out, err := c.h.malloc(8)
	if err != nil {
		return col
	}
	defer c.h.free(out)
	clear(bytesAt(out, 8))
	rc := lib.Xsqlite3_table_column_metadata(tls, c.h.DB, lib.Xsqlite3_column_database_name(tls, st.p, i), table,
		lib.Xsqlite3_column_origin_name(tls, st.p, i), 0, 0, out, out+4, 0)
	if rc == lib.SQLITE_OK && int32At(out) == 0 && !(int32At(out+4) != 0 && strings.EqualFold(declared, "INTEGER")) {
		// A NOT NULL column may still be NULL beyond an outer join; and a key
		// that is not of type INTEGER may be NULL in SQLite.
		col.Nullable = dialect.Yes
	}
	return col
}

// mainVerb is the word that says what the first statement of text does, the
// one behind WITH included, and the table of an INSERT.
func mainVerb(text string) (verb, table string) {
	s := sqltext.NewScanner(&lexical, text)
	depth := 0
	next := func() (sqltext.Token, string) {
		for {
			t := s.Next()
			if t.Kind != sqltext.Space && t.Kind != sqltext.Comment {
				return t, text[t.Start:t.End]
			}
		}
	}
	t, word := next()
	for t.Kind == sqltext.Punct && word == ";" {
		t, word = next()
	}
	verb = strings.ToUpper(word)
	main := verb
	if verb == "WITH" {
		for main = ""; main == ""; {
			t, word = next()
			switch {
			case t.Kind == sqltext.End:
				return verb, ""
			case t.Kind == sqltext.Punct && word == "(":
				depth++
			case t.Kind == sqltext.Punct && word == ")":
				depth--
			case t.Kind == sqltext.Word && depth == 0:
				switch w := strings.ToUpper(word); w {
				case "SELECT", "VALUES", "INSERT", "REPLACE", "UPDATE", "DELETE":
					main = w
				}
			}
		}
		verb = main
	}
	if main != "INSERT" && main != "REPLACE" {
		return verb, ""
	}
	for t.Kind != sqltext.End && !strings.EqualFold(word, "INTO") {
		t, word = next()
	}
	_, table = next()
	if t, word = next(); t.Kind == sqltext.Punct && word == "." {
		_, table = next()
	}
	return verb, unquote(table)
}

// unquote takes the quotes off a name.
func unquote(name string) string {
	if len(name) < 2 {
		return name
	}
	switch q := name[len(name)-1]; {
	case name[0] == '[' && q == ']':
		return name[1 : len(name)-1]
	case name[0] == q && (q == '"' || q == '`' || q == '\''):
		return strings.ReplaceAll(name[1:len(name)-1], string([]byte{q, q}), string(q))
	}
	return name
}

// cache keeps the prepared statements that were used last.
type cache struct {
	size        int
	byText      map[string]*stmt
	first, last *stmt // the one used last, and the one that goes next
}

func (c *cache) get(text string) *stmt {
	if st := c.first; st != nil && st.text == text {
		return st
	}
	st := c.byText[text]
	if st != nil {
		c.unlink(st)
		c.link(st)
	}
	return st
}

func (c *cache) link(st *stmt) {
	st.prev, st.next = nil, c.first
	if c.first != nil {
		c.first.prev = st
	}
	c.first = st
	if c.last == nil {
		c.last = st
	}
}

func (c *cache) unlink(st *stmt) {
	if st.prev != nil {
		st.prev.next = st.next
	} else {
		c.first = st.next
	}
	if st.next != nil {
		st.next.prev = st.prev
	} else {
		c.last = st.prev
	}
	st.prev, st.next = nil, nil
}

func (c *cache) add(cn *conn, st *stmt) {
	if c.byText == nil {
		c.byText = make(map[string]*stmt)
	}
	for len(c.byText) >= c.size {
		old := c.last
		c.unlink(old)
		delete(c.byText, old.text)
		cn.finalize(old)
	}
	st.kept = true
	c.byText[st.text] = st
	c.link(st)
}

// clear finalizes all statements.
func (c *cache) clear(cn *conn) {
	for st := c.first; st != nil; st = st.next {
		cn.finalize(st)
	}
	c.byText, c.first, c.last = nil, nil, nil
}
