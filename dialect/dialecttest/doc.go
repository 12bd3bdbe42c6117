// Package dialecttest checks that a dialect keeps the contract of package
// dialect, against a live database. It is for the authors of dialects: those
// of SQLayer run it, and so can one outside this module, as testing/slogtest
// does for handlers of log/slog:
//
//	package mydb_test
//
//	import (
//		"os"
//		"testing"
//
//		"github.com/sqlayer-go/sqlayer/dialect/dialecttest"
//		_ "example.com/mydb" // registers the scheme "mydb"
//	)
//
//	func TestConformance(t *testing.T) {
//		url := os.Getenv("MYDB_URL") // "mydb://tester@127.0.0.1:9999/test"
//		if url == "" {
//			t.Skip("no database: set MYDB_URL")
//		}
//		dialecttest.Run(t, dialecttest.Config{URL: url})
//	}
//
// Each case is a subtest, in groups, and named for the fact that it pins:
//
//	go test -v -run 'Conformance/cancel/a_late_cancel' .
//
// At the end two lines say how it went, the first in cases, the second in the
// 530 methods of SQLAlchemy's suite for dialects that mean something to Go. The
// table methods.tsv says which case pins each; "pending" are those that none pins
// yet.
//
//	cases mydb 9.2: 620 passed, 60 skipped by feature, 0 failed
//	conformance mydb: 387 passed, 41 skipped by feature, 102 pending, 0 failed
//
// # What is tested
//
// Two levels: the connection itself ([dialect.Connector], [dialect.Conn],
// [dialect.Rows]), and package engine on top of it, with the statements of
// package expr where databases say a thing in different words. What a user
// would meet as a lost row, a value changed on its way, a connection handed on
// dirty, or an error of the wrong kind, fails a case here.
//
// A case is skipped by something that [dialect.Features] says, by a type that
// Dialect.TypeName refuses, or by the lack of an optional interface; never by a
// dialect's name. Where Features says that something is missing, the suite
// checks that it is refused before anything is sent, and, in the group "refused",
// that the database does refuse the statement, so that no flag is off by mistake.
//
// # What a database must be
//
// A user who may create and drop tables in it, and room for a dozen
// connections. Names of tables begin with a random prefix, so that runs side
// by side do not meet; what a case makes it drops, also after a failure. The
// default schema is taken, and nothing else in it is touched. A run takes
// about ten seconds on a server nearby.
//
// What a session may keep beyond its statements (settings, temporary tables,
// locks) is different everywhere: name it in Config.Session, and the suite
// checks that Reset undoes it and that a pool's next user does not see it.
package dialecttest
