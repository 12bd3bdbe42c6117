// Package ownsql writes the functions and tables that one database alone has,
// for the packages below expr that are for one database.
package ownsql
