// Package my is what MySQL and MariaDB alone say, for statements of package
// expr. Each construct asks the dialect for a capability, so another database
// that has it takes it too; one that lacks it refuses the statement.
//
//	expr.Insert(Hits).Values(Hits.Path.Set("/")).Prefix(my.Ignore())
package my
