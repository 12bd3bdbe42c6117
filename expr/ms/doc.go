// Package ms is what SQL Server alone says, for statements of package
// expr and tables of package schema. Each construct asks the dialect for a capability,
// so another database that has it takes it too; one that lacks it refuses the
// statement. Hints for a table and options of a query are advice, and left
// out there.
//
//	expr.Select(Orders.ID).From(Orders).Hint(ms.NoLock(Orders), ms.MaxDOP(1))
package ms
