package orm

import (
	"fmt"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// ErrStale matches a [StaleError].
const ErrStale = staleKind("orm: the rows are not there as they were read")

type staleKind string

func (k staleKind) Error() string { return string(k) }

// StaleError is an UPDATE or DELETE of rows that did not all meet one: since
// they were read, somebody else has deleted them, or changed their version.
// errors.Is matches it with [ErrStale].
type StaleError struct {
	Op      string   // "UPDATE" or "DELETE"
	Table   string   // as in the database
	Objects []string // of the statement: "User 7"
	Want    int64    // rows that the statement was to meet
	Got     int64    // rows that it met
}

// Error names the objects.
func (e *StaleError) Error() string {
	objs := e.Objects
	more := ""
	if len(objs) > 10 {
		objs, more = objs[:10], fmt.Sprintf(" and %d more", len(e.Objects)-10)
	}
	return fmt.Sprintf("orm: %s of %s%s: %d of %d rows are there as they were read; the others were deleted or changed by somebody else",
		e.Op, strings.Join(objs, ", "), more, e.Got, e.Want)
}

// Is reports whether target is [ErrStale].
func (e *StaleError) Is(target error) bool { return target == ErrStale }

func stale(op string, rows []*state, got int64) error {
	e := &StaleError{Op: op, Table: rows[0].ent.tableName, Want: int64(len(rows)), Got: got}
	for _, st := range rows {
		e.Objects = append(e.Objects, describe(st.ent, st.snap.shadow))
	}
	return e
}

// noSuchRow is for objects whose row is gone.
func noSuchRow(st *state) error {
	return dialect.Errorf(dialect.ErrStatement, "orm: the row of %s is not there any more: %w", st, ErrStale)
}
