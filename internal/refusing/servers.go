package refusing

import (
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sqlayer-go/sqlayer/internal/tdsfake"
	"github.com/sqlayer-go/sqlayer/internal/tnsfake"
)

// A temper is how a server answers what it does not have to.
type temper struct {
	name string
	// spaces says that it makes and drops namespaces, and says what it is.
	spaces bool
	// refuses says whether request n is refused; the others are answered with nothing.
	refuses func(n int64) bool
}

// tempers go from a server that gives up at once to one that lets a test come far.
var tempers = []temper{
	{"refuses everything", false, func(int64) bool { return true }},
	{"refuses all but a namespace", true, func(int64) bool { return true }},
	{"refuses every other statement", true, func(n int64) bool { return n%2 == 1 }},
	{"refuses one in seven", true, func(n int64) bool { return n%7 == 3 }},
	{"has no rows", true, func(int64) bool { return false }},
}

var createUser = regexp.MustCompile(`^CREATE USER (\S+) IDENTIFIED BY "([^"]+)"`)

// ofSpaces reports whether a statement is one by which tests get their namespaces, or
// ends a transaction, which a server does not refuse.
func ofSpaces(text string) bool {
	for _, start := range []string{"CREATE DATABASE ", "ALTER DATABASE ", "CREATE SCHEMA ", "CREATE USER ", "DROP USER ", "GRANT ", "ROLLBACK", "IF @@TRANCOUNT > 0 ROLLBACK"} {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	return false
}

// mssql starts a SQL Server and returns its URL.
func (m temper) mssql(t testing.TB) string {
	var n atomic.Int64
	srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
		switch {
		case m.spaces && strings.Contains(r.Text, "SERVERPROPERTY('ProductVersion')"):
			return tdsfake.Reply{Columns: []string{"", "", "", "", ""}, Rows: [][]any{{"16.0.4125.3", int64(3), int64(160), nil, "Latin1_General_CI_AS"}}}
		case m.spaces && ofSpaces(r.Text) || !m.refuses(n.Add(1)):
			return tdsfake.Reply{}
		}
		return tdsfake.Reply{Err: &tdsfake.Error{Number: 262, Class: 14, Message: "Permission denied in database 'shop'."}}
	})
	return "sqlserver://sa:" + tdsfake.Password + "@" + srv.Addr + "/shop?encrypt=disable"
}

// oracle starts an Oracle and returns its URL.
func (m temper) oracle(t testing.TB) string {
	var n atomic.Int64
	var srv *tnsfake.Server
	ready := make(chan struct{})
	srv = tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
		<-ready
		switch {
		case m.spaces && strings.Contains(r.Text, "product_component_version"):
			return tnsfake.Reply{Columns: []string{"VERSION"}, Rows: [][]any{{"23.0.0.0.0"}}}
		case m.spaces && ofSpaces(r.Text):
			if u := createUser.FindStringSubmatch(r.Text); u != nil {
				srv.AddUser(strings.Trim(u[1], `"`), u[2])
			}
			return tnsfake.Reply{}
		case !m.refuses(n.Add(1)):
			return tnsfake.Reply{}
		}
		return tnsfake.Reply{Code: 1031, Message: "ORA-01031: insufficient privileges"}
	})
	close(ready)
	return "oracle://ada:" + tnsfake.Password + "@" + srv.Addr + "/shop"
}
