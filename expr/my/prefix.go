package my

import "github.com/sqlayer-go/sqlayer/expr"

// Ignore is IGNORE after INSERT, UPDATE and DELETE: rows that would be an error
// are left out, and values that do not fit are changed so that they do, with a
// warning. OnConflict with DoNothing leaves out only what exists already.
// (MySQL 8.0 Reference Manual, 15.2.7 INSERT Statement.)
func Ignore() expr.Prefix { return expr.NewPrefix("IGNORE") }

// LowPriority is LOW_PRIORITY after INSERT, UPDATE and DELETE: the statement
// waits for readers, on engines that lock whole tables.
func LowPriority() expr.Prefix { return expr.NewPrefix("LOW_PRIORITY") }

// HighPriority is HIGH_PRIORITY after INSERT, which overrides the server's
// low-priority-updates.
func HighPriority() expr.Prefix { return expr.NewPrefix("HIGH_PRIORITY") }

// Quick is QUICK after DELETE: index leaves are not merged meanwhile (MyISAM).
func Quick() expr.Prefix { return expr.NewPrefix("QUICK") }

// Replace is REPLACE in the place of INSERT: rows with a key of the new row are
// deleted first. An upsert, InsertStmt.OnConflict, changes them instead, and
// keeps what the new row does not name. (MySQL 8.0 Reference Manual, 15.2.12
// REPLACE Statement.)
func Replace() expr.Prefix { return expr.NewPrefix("REPLACE") }
