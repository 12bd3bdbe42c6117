package sqltext

import "strings"

// ending finds what ends a transaction, or begins one, in the tokens of a text
// without its white space and comments. It knows the blocks of procedural
// languages, and passes over the bodies of functions that are created.
type ending struct {
	rules *Rules
	begun bool      // the statement has begun
	words [4]string // the words that it begins with, in upper case
	n     int
	block bool // within BEGIN … END or DECLARE
	table bool // the statement is one about a table, an index or a view
	quiet bool // a body follows, or a transaction that is apart from the session's
	depth int  // SQL Server: transactions that the text itself has begun
	found string
}

// result is what was found, once all tokens were seen.
func (e *ending) result() string {
	e.end()
	if e.found == "" && e.depth > 0 {
		return "BEGIN TRANSACTION"
	}
	return e.found
}

func (e *ending) token(kind Kind, word string) {
	switch {
	case e.quiet || e.found != "":
		return
	case kind == Punct && word == ";":
		e.end()
		return
	case kind == Punct && word == "(" && !e.begun:
		return
	case kind != Word:
		e.begun = true
		if e.n < len(e.words) {
			e.words[e.n] = "?"
			e.n++
		}
		return
	}
	upper := word
	if len(word) <= 24 {
		upper = strings.ToUpper(word)
	}
	if e.rules.LooseStatements && e.n > 0 && startsLoose(upper) {
		e.end()
	}
	e.begun = true
	if e.n < len(e.words) {
		e.words[e.n] = upper
		e.n++
	}
	switch e.words[0] {
	case "CREATE", "ALTER":
		switch upper {
		case "TABLE", "INDEX", "VIEW":
			e.table = true // where TYPE or TRIGGER may be a column, or what is done to it
		case "PROCEDURE", "PROC", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE", "TYPE":
			e.quiet = !e.table
		}
	case "DECLARE":
		e.block = true
	}
	switch {
	case upper == "AUTONOMOUS_TRANSACTION":
		e.quiet = true
	case e.block && (upper == "THEN" || upper == "ELSE" || upper == "LOOP" || upper == "DO" || upper == "BEGIN"):
		e.end()
	case e.rules.BeginBlock && upper == "BEGIN":
		e.block = true
		e.words, e.n, e.begun = [4]string{}, 0, false
	case !e.rules.LooseStatements && e.words[0] == "BEGIN" && e.n == 2 && !beginsTransaction(upper):
		e.block = true
		e.words, e.n, e.begun = [4]string{}, 0, false
		if upper != "NOT" { // the first word of the block
			e.words[0], e.n, e.begun = upper, 1, true
		}
	}
}

// startsLoose reports whether a word begins a statement of SQL Server wherever
// it stands, of those that matter here or may follow them.
func startsLoose(word string) bool {
	switch word {
	case "COMMIT", "ROLLBACK", "BEGIN", "END", "SAVE", "IF", "ELSE", "WHILE", "RETURN", "THROW", "RAISERROR", "PRINT", "EXEC", "EXECUTE", "DECLARE",
		"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "CREATE", "ALTER", "DROP", "GOTO":
		return true
	}
	return false
}

// beginsTransaction reports whether BEGIN and this word begin a transaction,
// and no block.
func beginsTransaction(word string) bool {
	switch word {
	case "WORK", "TRAN", "TRANSACTION", "ISOLATION", "READ", "DEFERRABLE", "DEFERRED", "IMMEDIATE", "EXCLUSIVE", "CONCURRENT", "?":
		return true
	}
	return false
}

// end judges the statement that ends here.
func (e *ending) end() {
	words := e.words // those that are not there are empty
	e.words, e.n, e.begun, e.table = [4]string{}, 0, false, false
	if e.quiet || e.found != "" {
		return
	}
	next := words[1]
	switch words[0] {
	case "COMMIT":
		switch {
		case next == "PREPARED":
		case e.depth > 0:
			e.depth--
		default:
			e.found = "COMMIT"
		}
	case "ROLLBACK":
		if next == "WORK" || next == "TRANSACTION" || next == "TRAN" {
			next = words[2]
		}
		switch {
		case next == "TO" || next == "PREPARED" || e.rules.LooseStatements && next != "":
		case e.depth > 0:
			e.depth = 0
		default:
			e.found = "ROLLBACK"
		}
	case "ABORT":
		e.found = "ABORT"
	case "END":
		if !e.block && !e.rules.LooseStatements && !e.rules.NoEnd {
			e.found = "END"
		}
	case "BEGIN":
		switch {
		case e.rules.LooseStatements:
			if next == "TRAN" || next == "TRANSACTION" || next == "DISTRIBUTED" {
				e.depth++
			}
		case !e.block:
			e.found = "BEGIN"
		}
	case "START", "PREPARE":
		if next == "TRANSACTION" {
			e.found = words[0] + " TRANSACTION"
		}
	}
}
