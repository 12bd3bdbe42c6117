package sqltext

import "strings"

// Class says what a text does, as far as its words tell.
type Class struct {
	// Writes is true unless the text only reads.
	Writes bool
	// Session is true for a text that may leave something on the session:
	// anything but plain SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES, WITH,
	// EXPLAIN, and DDL of permanent objects.
	Session bool
	// Several is true for more than one statement.
	Several bool
	// Verb is the first word, in upper case; empty where there is none.
	Verb string
	// Schema is true for DDL.
	Schema bool
	// Ends is the word by which the text ends the transaction that is open, or
	// begins one of its own: COMMIT, BEGIN. It is empty where it does neither.
	Ends string
}

// Classify looks at the first word of each statement of text, and at the few
// others that matter (INTO, TEMPORARY). What it does not know is taken for
// something that writes and changes the session.
func Classify(rules *Rules, text string) Class {
	if !rules.LooseStatements && !rules.mayLeave(text) {
		if c, ok := quick(text); ok {
			return c
		}
	}
	var c Class
	ends := ending{rules: rules}
	s := NewScanner(rules, text)
	first, call, verb, before, statements := true, false, "", "", 0
	for {
		t := s.Next()
		if t.Kind == End {
			break
		}
		word := text[t.Start:t.End]
		switch {
		case t.Kind == Space || t.Kind == Comment || t.Kind == Punct && word == "(" && first:
			continue
		}
		ends.token(t.Kind, word)
		switch {
		case t.Kind == Punct && (word == "(" && call && rules.SessionCall(before) || word == ":=" && rules.Assignments):
			c.Session = true
		case t.Kind == Punct && word == ";":
			first = true
		case first:
			statements++
			first = false
			verb = strings.ToUpper(word)
			if c.Verb == "" {
				c.Verb = verb
			}
			c.add(verb)
		case t.Kind == Word:
			c.inner(verb, before, word)
			if rules.LooseStatements && begins(verb, word) {
				c.Writes, c.Session = true, true
			}
			before = word
		case t.Kind == Quoted:
			before = unquoted(word)
		}
		call = t.Kind == Word || t.Kind == Quoted
	}
	c.Several = statements > 1
	c.Ends = ends.result()
	return c
}

// Leaves reports whether a part of a statement calls a function that leaves
// something on the session, or assigns a variable.
func (r *Rules) Leaves(text string) bool {
	if !r.mayLeave(text) {
		return false
	}
	s, before := NewScanner(r, text), ""
	for {
		t := s.Next()
		word := text[t.Start:t.End]
		switch t.Kind {
		case End:
			return false
		case Space, Comment:
		case Word:
			before = word
		case Quoted:
			before = unquoted(word)
		default:
			if word == "(" && r.SessionCall(before) || word == ":=" && r.Assignments {
				return true
			}
			before = ""
		}
	}
}

// unquoted is a quoted name that holds no quote, without its quotes.
func unquoted(name string) string { return strings.Trim(name, "\"`[]") }

// mayLeave reports whether text has to be scanned to know what Leaves tells.
func (r *Rules) mayLeave(text string) bool {
	if r.Assignments && strings.Contains(text, ":=") {
		return true
	}
	if len(r.SessionCalls) == 0 {
		return false
	}
	for i := 0; ; {
		n := strings.IndexByte(text[i:], '(')
		if n < 0 {
			return false
		}
		i += n
		end := i
		for end > 0 && isSpace(text[end-1]) {
			end--
		}
		start := end
		for start > 0 && isWordPart(text[start-1]) {
			start--
		}
		if r.SessionCall(text[start:end]) {
			return true
		}
		if end > 0 && strings.IndexByte("/\"`", text[end-1]) >= 0 { // a comment may stand between, or the name is quoted
			return true
		}
		if strings.ContainsAny(text[end:i], "\r\n") { // the line before it may end in a comment
			line := text[strings.LastIndexByte(text[:start], '\n')+1 : start]
			if strings.Contains(line, "--") || strings.Contains(line, "#") {
				return true
			}
		}
		i++
	}
}

// SessionCall reports whether a function, by its name without a schema, leaves
// something on the session.
func (r *Rules) SessionCall(name string) bool {
	for _, f := range r.SessionCalls {
		if len(f) == len(name) && strings.EqualFold(f, name) {
			return true
		}
	}
	return false
}

// quick decides the common case without scanning: one SELECT, INSERT, UPDATE
// or DELETE with no semicolon, comment or INTO TEMP in it.
func quick(text string) (Class, bool) {
	if len(text) < 6 || strings.IndexByte(text, ';') >= 0 {
		return Class{}, false
	}
	switch text[:6] {
	case "SELECT", "select":
		// SELECT … INTO makes a table; WITH may hold DML
		for i := 6; i+4 < len(text); i++ {
			if text[i]|0x20 == 'i' && text[i+1]|0x20 == 'n' && text[i+2]|0x20 == 't' && text[i+3]|0x20 == 'o' {
				return Class{}, false
			}
		}
		return Class{Verb: "SELECT"}, true
	case "INSERT", "insert":
		return Class{Verb: "INSERT", Writes: true}, true
	case "UPDATE", "update":
		return Class{Verb: "UPDATE", Writes: true}, true
	case "DELETE", "delete":
		return Class{Verb: "DELETE", Writes: true}, true
	}
	return Class{}, false
}

func (c *Class) add(verb string) {
	switch verb {
	case "SELECT", "VALUES", "WITH", "EXPLAIN", "TABLE", "SHOW", "DESCRIBE", "DESC":
	case "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "TRUNCATE", "ANALYZE", "VACUUM", "COMMENT", "GRANT", "REVOKE":
		c.Writes = true
	case "CREATE", "ALTER", "DROP", "RENAME":
		c.Writes, c.Schema = true, true
	default:
		c.Writes, c.Session = true, true
	}
}

// begins reports whether a word within a statement may begin another one, which
// changes the session.
func begins(verb, word string) bool {
	switch strings.ToUpper(word) {
	case "SET":
		return verb != "UPDATE" && verb != "MERGE" && verb != "WITH"
	case "EXEC", "EXECUTE", "DECLARE", "BEGIN", "COMMIT", "ROLLBACK", "SAVE", "USE":
		return true
	}
	return false
}

// inner takes a word within a statement, and the one before it.
func (c *Class) inner(verb, before, word string) {
	switch verb {
	case "CREATE", "DROP", "ALTER":
		switch strings.ToUpper(word) {
		case "TEMP", "TEMPORARY", "PG_TEMP", "SESSION":
			c.Session = true
		default: // #t is a temporary table of SQL Server
			c.Session = c.Session || word[0] == '#'
		}
	case "WITH", "EXPLAIN":
		switch strings.ToUpper(word) {
		case "INSERT", "UPDATE", "DELETE", "MERGE":
			c.Writes = true
		case "INTO":
			c.Writes = true
			switch strings.ToUpper(before) {
			case "INSERT", "MERGE", "REPLACE", "IGNORE", "ABORT", "FAIL", "ROLLBACK":
			default: // SELECT … INTO
				c.Session = true
			}
		}
	case "SELECT":
		switch strings.ToUpper(word) {
		case "INTO":
			c.Writes, c.Session = true, true
		}
	}
}
