package grammar

import (
	"fmt"
	"slices"
	"strings"
)

// Error is a text's rejection.
type Error struct {
	Line, Column int // from 1 on; 0 where the grammar does not say
	Message      string
}

// Error returns the place, where it is known, and the message.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// judges has the grammar of each dialect.
var judges = map[string]func(text string) *Error{
	"postgres": judgePostgres,
	"mysql":    judgeMySQL,
	"mssql":    judgeTSQL,
	"oracle":   func(text string) *Error { return judgeOracle(text, 23) },
	"oracle19": func(text string) *Error { return judgeOracle(text, 19) },
}

// Dialects lists what Judge knows. "oracle" is 23ai and "oracle19" is 19c;
// "mysql" is MySQL 8, not MariaDB.
func Dialects() []string {
	var names []string
	for n := range judges {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Judge parses text, which is one statement as a driver sends it, with the
// grammar of a dialect. It returns an [*Error] where the database would refuse
// it, and another error for a dialect that it does not know.
func Judge(dialect, text string) error {
	judge, ok := judges[dialect]
	if !ok {
		return fmt.Errorf("grammar: no dialect %q; it takes %s", dialect, strings.Join(Dialects(), ", "))
	}
	if strings.TrimSpace(text) == "" {
		return &Error{Message: "no statement"}
	}
	if err := judge(text); err != nil {
		return err
	}
	return nil
}
