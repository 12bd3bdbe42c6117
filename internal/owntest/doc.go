// Package owntest runs what the packages for one database make on that
// database, and sees to it that none of their functions is left out.
package owntest
