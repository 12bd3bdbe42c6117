// Package tdsfake is a server that speaks as much of TDS, the protocol of SQL
// Server, as its Go driver needs to log in, run batches and procedures, begin
// and end transactions, and cancel. It knows no SQL: a function of the test
// answers each request, and what was asked is kept.
//
//	srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
//		return tdsfake.Reply{Columns: []string{"id"}, Rows: [][]any{{int64(7)}}}
//	})
//	open("sqlserver://sa:" + tdsfake.Password + "@" + srv.Addr + "/shop?encrypt=disable")
//
// It shows that a driver is used rightly: login, declared parameters, values
// both ways, errors, transactions. It shows nothing about SQL Server's SQL.
package tdsfake
