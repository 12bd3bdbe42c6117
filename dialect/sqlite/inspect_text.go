package sqlite

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/catalog"
)

// tableText is what only the text of a CREATE TABLE says.
type tableText struct {
	columns     map[string]*columnText // by their names in lower case
	keyName     string
	unique      []dialect.KeyInfo
	foreignKeys []dialect.ForeignKeyInfo // in the order of the text; name and deferral only
	checks      []dialect.CheckInfo
	options     []string // what follows the columns; of a virtual table, all that follows its name
}

type columnText struct {
	collation, computed string
	autoincrement       bool
}

// uniqueName returns the name of the unique constraint of those columns.
func (t *tableText) uniqueName(columns []string) string {
	for _, k := range t.unique {
		if slices.EqualFunc(k.Columns, columns, strings.EqualFold) {
			return k.Name
		}
	}
	return ""
}

// token is a piece of SQL: a word, a quoted name, a literal or a sign.
type token struct {
	from, to int
	text     string // upper case of a word; the name within quotes; the sign
	quoted   bool
}

// tokens splits SQL without its comments.
func tokens(sql string) []token {
	var list []token
	for i := 0; i < len(sql); {
		c := sql[i]
		from := i
		switch {
		case c <= ' ':
			i++
			continue
		case strings.HasPrefix(sql[i:], "--"):
			if n := strings.IndexByte(sql[i:], '\n'); n >= 0 {
				i += n
			} else {
				i = len(sql)
			}
			continue
		case strings.HasPrefix(sql[i:], "/*"):
			if n := strings.Index(sql[i+2:], "*/"); n >= 0 {
				i += n + 4
			} else {
				i = len(sql)
			}
			continue
		case c == '"' || c == '`' || c == '\'' || c == '[':
			end := c
			if c == '[' {
				end = ']'
			}
			var name strings.Builder
			for i++; i < len(sql); i++ {
				if sql[i] == end {
					if end == ']' || i+1 >= len(sql) || sql[i+1] != end {
						break
					}
					i++
				}
				name.WriteByte(sql[i])
			}
			i = min(i+1, len(sql))
			list = append(list, token{from, i, name.String(), true})
		case wordByte(c):
			for i < len(sql) && wordByte(sql[i]) {
				i++
			}
			list = append(list, token{from: from, to: i, text: strings.ToUpper(sql[from:i])})
		default:
			i++
			list = append(list, token{from: from, to: i, text: sql[from:i]})
		}
	}
	return list
}

// uncommented is SQL with a space in the place of each comment: a part of it may
// stand in another text, where the end of its line would be missing.
func uncommented(sql string) string {
	if !strings.Contains(sql, "--") && !strings.Contains(sql, "/*") {
		return sql
	}
	var b strings.Builder
	at := 0
	for _, t := range tokens(sql) {
		if gap := sql[at:t.from]; strings.TrimSpace(gap) == "" {
			b.WriteString(gap)
		} else {
			b.WriteByte(' ')
		}
		b.WriteString(sql[t.from:t.to])
		at = t.to
	}
	return b.String()
}

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '$' || c >= 0x80
}

// reader goes through tokens.
type reader struct {
	sql  string
	list []token
	at   int
}

func (r *reader) more() bool { return r.at < len(r.list) }

// is reports whether the next tokens are those words or signs.
func (r *reader) is(words ...string) bool {
	for i, w := range words {
		if r.at+i >= len(r.list) || r.list[r.at+i].quoted || r.list[r.at+i].text != w {
			return false
		}
	}
	return true
}

// take goes past those words if they are next.
func (r *reader) take(words ...string) bool {
	if !r.is(words...) {
		return false
	}
	r.at += len(words)
	return true
}

// name reads a name.
func (r *reader) name() string {
	if !r.more() {
		return ""
	}
	t := r.list[r.at]
	r.at++
	if t.quoted {
		return t.text
	}
	return r.sql[t.from:t.to]
}

// group reads what is in the parentheses that begin here; ok is false where
// none do.
func (r *reader) group() (in *reader, text string, ok bool) {
	if !r.is("(") {
		return nil, "", false
	}
	first, depth := r.at, 0
	for ; r.more(); r.at++ {
		if r.is("(") {
			depth++
		} else if r.is(")") {
			if depth--; depth == 0 {
				break
			}
		}
	}
	end, last := len(r.sql), r.at
	if r.more() {
		end = r.list[r.at].from
		r.at++
	}
	return &reader{sql: r.sql, list: r.list[first+1 : last]}, strings.TrimSpace(r.sql[r.list[first].to:end]), true
}

// items splits at the commas outside parentheses.
func (r *reader) items() []*reader {
	var items []*reader
	depth, from := 0, r.at
	for i := r.at; i <= len(r.list); i++ {
		if i < len(r.list) && !r.list[i].quoted {
			switch r.list[i].text {
			case "(":
				depth++
			case ")":
				depth--
			}
		}
		if i == len(r.list) || depth == 0 && !r.list[i].quoted && r.list[i].text == "," {
			if i > from {
				items = append(items, &reader{sql: r.sql, list: r.list[from:i]})
			}
			from = i + 1
		}
	}
	return items
}

// text is the source of what is left.
func (r *reader) text() string {
	if !r.more() {
		return ""
	}
	return r.sql[r.list[r.at].from:r.list[len(r.list)-1].to]
}

// parseTable reads a CREATE TABLE. What is none (a virtual table) says
// nothing.
func parseTable(sql string) *tableText {
	t := &tableText{columns: map[string]*columnText{}}
	sql = uncommented(sql)
	r := &reader{sql: sql, list: tokens(sql)}
	if !r.take("CREATE") {
		return t
	}
	_ = r.take("TEMP") || r.take("TEMPORARY")
	if r.is("VIRTUAL", "TABLE") {
		for r.more() && !r.is("USING") {
			r.at++
		}
		t.options = []string{"VIRTUAL " + r.text()}
		return t
	}
	if !r.take("TABLE") {
		return t
	}
	r.take("IF", "NOT", "EXISTS")
	r.name()
	if r.take(".") {
		r.name()
	}
	in, _, ok := r.group()
	if !ok {
		return t
	}
	for _, item := range in.items() {
		if item.is("CONSTRAINT") || item.is("PRIMARY", "KEY") || item.is("UNIQUE") || item.is("CHECK") || item.is("FOREIGN", "KEY") {
			t.constraints(item, "", nil)
			continue
		}
		name := item.name()
		c := &columnText{}
		t.columns[strings.ToLower(name)] = c
		t.constraints(item, name, c)
	}
	for _, option := range r.items() {
		var words []string
		for _, w := range option.list {
			words = append(words, w.text)
		}
		t.options = append(t.options, strings.Join(words, " "))
	}
	return t
}

// constraints reads the constraints of a column, after its name, or those of
// the table, between which commas may be missing.
func (t *tableText) constraints(r *reader, column string, c *columnText) {
	name := ""
	columns := func() []string {
		if c != nil {
			return []string{column}
		}
		var names []string
		if in, _, ok := r.group(); ok {
			for _, item := range in.items() {
				names = append(names, item.name())
			}
		}
		return names
	}
	for r.more() {
		switch {
		case r.take("CONSTRAINT"):
			name = r.name()
			continue
		case r.take("PRIMARY", "KEY"):
			t.keyName = name
			columns()
		case r.take("AUTOINCREMENT"):
			if c != nil {
				c.autoincrement = true
			}
		case r.take("UNIQUE"):
			t.unique = append(t.unique, dialect.KeyInfo{Name: name, Columns: columns()})
		case r.take("CHECK"):
			_, text, _ := r.group()
			t.checks = append(t.checks, dialect.CheckInfo{Name: name, SQL: text})
		case r.take("DEFAULT"):
			if _, _, ok := r.group(); !ok {
				_ = r.take("+") || r.take("-")
				r.at++
			}
		case r.take("COLLATE"):
			if collation := r.name(); c != nil {
				c.collation = collation
			}
		case r.take("GENERATED", "ALWAYS"):
			continue
		case c != nil && r.take("AS"):
			_, c.computed, _ = r.group()
		case r.take("FOREIGN", "KEY"):
			columns()
			continue
		case r.take("REFERENCES"):
			k := dialect.ForeignKeyInfo{Name: name}
			r.name()
			r.group()
			for end := false; !end; {
				switch {
				case r.take("ON"):
					r.at++ // DELETE or UPDATE
					_ = r.take("NO") || r.take("SET")
					r.at++
				case r.take("MATCH"):
					r.at++
				case r.take("NOT", "DEFERRABLE"):
					_ = r.take("INITIALLY", "DEFERRED") || r.take("INITIALLY", "IMMEDIATE")
				case r.take("DEFERRABLE"):
					k.Deferrable = true
					k.InitiallyDeferred = r.take("INITIALLY", "DEFERRED")
				default:
					end = true
				}
			}
			t.foreignKeys = append(t.foreignKeys, k)
		default:
			if _, _, ok := r.group(); !ok {
				r.at++ // of a type, NOT NULL, ASC, ON CONFLICT …
			}
			continue
		}
		name = ""
	}
}

// parseIndex returns the terms of a CREATE INDEX, without their collation and
// direction, and its condition.
func parseIndex(sql string) (terms []string, where string) {
	sql = uncommented(sql)
	r := &reader{sql: sql, list: tokens(sql)}
	for r.more() && !r.is("(") {
		r.at++
	}
	in, _, ok := r.group()
	if !ok {
		return nil, ""
	}
	for _, item := range in.items() {
		if n := len(item.list); n > 1 && (item.last(1, "ASC") || item.last(1, "DESC")) {
			item.list = item.list[:n-1]
		}
		if n := len(item.list); n > 2 && item.last(2, "COLLATE") {
			item.list = item.list[:n-2]
		}
		terms = append(terms, catalog.Unwrap(item.text()))
	}
	if r.take("WHERE") {
		where = r.text()
	}
	return terms, where
}

// last reports whether the n-th token from the end is that word.
func (r *reader) last(n int, word string) bool {
	t := r.list[len(r.list)-n]
	return !t.quoted && t.text == word
}

// viewQuery is the query of a CREATE VIEW.
func viewQuery(sql string) string {
	r := &reader{sql: sql, list: tokens(sql)}
	for r.more() && !r.is("AS") {
		if _, _, ok := r.group(); !ok {
			r.at++
		}
	}
	if !r.take("AS") {
		return sql
	}
	return r.text()
}
