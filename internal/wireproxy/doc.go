// Package wireproxy is a TCP proxy for tests that understands the messages it
// passes on: it counts round trips between a client and a real PostgreSQL,
// MySQL or MariaDB server, and breaks the connection at a chosen message.
//
//	p, url := wireproxy.Between(t, testenv.Postgres(t))
//	conn := connect(t, url)
//	p.Reset()                 // forget what connecting took
//	conn.Query(ctx, "SELECT 1")
//	if n := p.Count(); n != 1 { ... }
//
// Count is the number of round trips: on PostgreSQL the ReadyForQuery messages
// of the server (the one that ends the login apart), on MySQL the command
// packets that ask for an answer (COM_STMT_CLOSE, COM_STMT_SEND_LONG_DATA and
// COM_QUIT, which ask for none, are counted by OneWay). Messages lists every
// message, Executed the text of each execution, prepared or not.
//
// Faults are placed by message, not by bytes or by time:
//
//	f := p.Inject(wireproxy.Fault{From: wireproxy.Server, Message: "DataRow", Nth: 3, Do: wireproxy.CutBefore})
//	rows := conn.Query(...)   // fails in the middle of the third row
//	<-f.Reached()
//
// Silence, Refuse, CutAll and ResetAll work on whole connections.
//
// The proxy refuses TLS, GSS encryption and compression on behalf of the
// server, so that it can read what passes; a client that insists on one of
// these cannot connect through it. It is not meant for anything but tests.
package wireproxy
