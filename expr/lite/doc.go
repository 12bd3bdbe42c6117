// Package lite is what SQLite alone says, for statements of package expr. Each
// construct asks the dialect for a capability, so another database that has it
// takes it too; one that lacks it refuses the statement.
//
//	expr.Insert(Hits).Values(Hits.Path.Set("/")).Prefix(lite.OrReplace())
package lite
