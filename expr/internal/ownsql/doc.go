// Package ownsql makes the templates of functions that one database alone has,
// for the packages below expr that are for one database.
package ownsql
