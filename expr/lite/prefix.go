package lite

import "github.com/sqlayer-go/sqlayer/expr"

// What an INSERT or UPDATE does where it violates a unique, NOT NULL, check or
// primary key constraint (https://www.sqlite.org/lang_conflict.html). The
// portable way for unique keys is OnConflict.

// OrReplace deletes the rows that are in the way.
func OrReplace() expr.Prefix { return expr.NewPrefix("OR REPLACE") }

// OrIgnore leaves the row out.
func OrIgnore() expr.Prefix { return expr.NewPrefix("OR IGNORE") }

// OrAbort undoes the statement; it is what happens without a word.
func OrAbort() expr.Prefix { return expr.NewPrefix("OR ABORT") }

// OrFail ends the statement and keeps what it has done so far.
func OrFail() expr.Prefix { return expr.NewPrefix("OR FAIL") }

// OrRollback rolls the transaction back.
func OrRollback() expr.Prefix { return expr.NewPrefix("OR ROLLBACK") }
