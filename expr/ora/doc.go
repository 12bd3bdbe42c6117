// Package ora is what Oracle alone says, for statements of package
// expr and tables of package schema. Each construct asks the dialect for a capability,
// so another database that has it takes it too; one that lacks it refuses the
// statement. Hints are advice, and left out there.
//
//	expr.Select(Orders.ID).From(Orders).Hint(ora.Hint("PARALLEL(4)"))
package ora
