package mysql_test

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect/dialecttest"
	_ "github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// inTransaction is MariaDB's variable, and what MySQL's performance schema says
// in its place.
const inTransaction = "SELECT /*M! @@in_transaction */ /*!80016 (SELECT COUNT(*) FROM performance_schema.events_transactions_current " +
	"WHERE thread_id = PS_CURRENT_THREAD_ID() AND state = 'ACTIVE' AND autocommit = 'NO') */"

func TestConformance(t *testing.T) {
	testenv.CheckLeaks(t)
	dialecttest.Run(t, dialecttest.Config{
		URL:     testenv.Suite(t, "conformance", "mysql"),
		Records: "../dialecttest/testdata/results",
		Session: []dialecttest.SessionChange{
			{Name: "a variable", Change: "SET @left_behind = 7", Show: "SELECT @left_behind"},
			{Name: "the mode", Change: "SET SESSION sql_mode = ''", Show: "SELECT @@SESSION.sql_mode"},
			{Name: "the time zone", Change: "SET time_zone = '+05:45'", Show: "SELECT @@SESSION.time_zone"},
			{Name: "a named lock", Unseen: true, Change: "SELECT GET_LOCK('sqlayer_left_behind', 1)",
				Show: "SELECT COALESCE(IS_USED_LOCK('sqlayer_left_behind') = CONNECTION_ID(), 0)"},
			{Name: "a transaction begun as text", Change: "START TRANSACTION", Show: inTransaction},
		},
	})
}

// TiDB's sessions have less to leave behind; what its Features do not have is skipped.
func TestConformanceTiDB(t *testing.T) {
	url := testenv.Suite(t, "conformance", "tidb")
	testenv.CheckLeaks(t)
	dialecttest.Run(t, dialecttest.Config{URL: url, Session: []dialecttest.SessionChange{
		{Name: "a variable", Change: "SET @left_behind = 7", Show: "SELECT @left_behind"},
		{Name: "the time zone", Change: "SET time_zone = '+05:45'", Show: "SELECT @@SESSION.time_zone"},
	}})
}
