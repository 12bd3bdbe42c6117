package mysql

import (
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
	"github.com/sqlayer-go/sqlayer/internal/sqltext"
)

// inexact is about FLOAT, which the server writes with six digits into the rows
// of a text, and whole into those of a prepared statement (MySQL 8.4 Reference
// Manual, B.3.4.8, Problems with Floating-Point Values).
func inexact(rules *dialect.Lexical) *sqldriver.Inexact {
	return &sqldriver.Inexact{
		Column:     func(col *dialect.Column) bool { return col.DatabaseType == "FLOAT" },
		Free:       func(q *dialect.Compiled) bool { return floatFree(rules, q) },
		Unprepared: func(err error) bool { return number(err) == 1295 },
	}
}

// floatFree reports whether a statement gives no FLOAT: a SELECT of no table
// that calls no function or says the types of its columns, and what gives the
// server's own rows, as SHOW does, and cannot be prepared everywhere.
func floatFree(rules *dialect.Lexical, q *dialect.Compiled) bool {
	text := q.Sent()
	scanner, verb := sqltext.NewScanner(rules, text), ""
	for {
		t := scanner.Next()
		word := text[t.Start:t.End]
		switch {
		case t.Kind == sqltext.End:
			return true
		case t.Kind != sqltext.Word && !(t.Kind == sqltext.Punct && word == "(" && verb != ""):
		case verb == "":
			switch verb = strings.ToUpper(word); verb {
			case "SELECT":
			case "WITH", "TABLE", "VALUES", "CALL", "INSERT", "REPLACE", "UPDATE", "DELETE":
				return false
			default:
				return true
			}
		case word == "(" && !exact(q.Columns), strings.EqualFold(word, "FROM"):
			return false
		}
	}
}

// exact reports whether the types of all columns are said, and are none that a
// FLOAT may stand for.
func exact(cols []dialect.Column) bool {
	for i := range cols {
		if cols[i].Type == nil {
			return false
		}
		switch cols[i].Type.Kind {
		case dialect.NoType, dialect.Real, dialect.Double, dialect.Decimal, dialect.Native:
			return false
		}
	}
	return len(cols) > 0
}
