// Package orm maps structs to tables and keeps a unit of work.
package orm
