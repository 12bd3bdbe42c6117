// Package tnsfake is a server that speaks as much of TNS and TTC, the protocols
// of Oracle, as the Go driver needs to log in, run statements with arguments
// and out parameters, end transactions, and cancel. It knows no SQL: a
// function of the test answers each statement, and what was asked is kept.
//
//	srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
//		return tnsfake.Reply{Columns: []string{"ID"}, Rows: [][]any{{tnsfake.Number("7")}}}
//	})
//	open("oracle://ada:" + tnsfake.Password + "@" + srv.Addr + "/shop")
//
// It shows that a driver is used rightly. It shows nothing about Oracle's SQL.
// It has no LOBs, and no second run of a cursor.
package tnsfake
