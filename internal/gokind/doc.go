// Package gokind knows the plain Go types that every dialect reads and binds
// without reflection, and gives pointers to variables of other types of the same
// layout as pointers to these.
package gokind
