// Package all links the five dialects of SQLayer into a program, so that it can
// open whichever database a URL names:
//
//	import (
//		"github.com/sqlayer-go/sqlayer/engine"
//		_ "github.com/sqlayer-go/sqlayer/dialect/all"
//	)
//
//	eng, err := engine.Open(os.Getenv("DATABASE_URL"))
//
// The schemes are sqlite, postgres and postgresql, cockroachdb, yugabytedb,
// mysql, mariadb, tidb, sqlserver and mssql, oracle. A program that knows its
// database imports that dialect alone and links no other driver.
package all

import (
	_ "github.com/sqlayer-go/sqlayer/dialect/mssql"
	_ "github.com/sqlayer-go/sqlayer/dialect/mysql"
	_ "github.com/sqlayer-go/sqlayer/dialect/oracle"
	_ "github.com/sqlayer-go/sqlayer/dialect/postgres"
	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
)
