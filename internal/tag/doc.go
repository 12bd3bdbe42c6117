// Package tag reads the one struct tag of SQLayer, `db:"name,option,option:value"`,
// and holds the one rule by which Go names become database names. Scanning
// (engine), tables (expr/schema) and mapping (orm) all read structs through
// it, so that a struct that scans is a struct that maps.
//
//	type User struct {
//		ID      int64    `db:",pk"`
//		Name    string   `db:"full_name,size:50"`
//		Kind    string   `db:",default:'a, b'"` // quoted: it holds a comma
//		Balance string   `db:",type:decimal(12,2)"` // a comma within parentheses is part of the value
//		Cache   []string `db:"-"` // not in the database
//		Address Address  `db:",embed"`
//	}
package tag
