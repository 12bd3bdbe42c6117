// Package merge writes the parts of MERGE that SQL Server and Oracle have in
// common, for their upserts.
package merge
