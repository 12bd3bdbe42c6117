// Package refusing shows that a package's live tests come to an end on a SQL
// Server and an Oracle that refuse what they are asked: each refusal is a failed
// case, and none hangs, panics, or takes the other cases with it.
//
//	func TestRefusals(t *testing.T) { refusing.Check(t) }
//
// The tests of the package that ask internal/testenv for a database run once
// more in a child of the test's own binary, on servers of internal/tdsfake and
// internal/tnsfake. Those speak the protocols and know no SQL, so a test that
// passes there shows nothing; what is shown is that what fails does so in
// order.
package refusing
