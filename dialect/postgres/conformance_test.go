package postgres_test

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect/dialecttest"
	_ "github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

func TestConformance(t *testing.T) {
	testenv.CheckLeaks(t)
	dialecttest.Run(t, dialecttest.Config{
		URL:     testenv.Suite(t, "conformance", "postgres"),
		Records: "../dialecttest/testdata/results",
		Session: []dialecttest.SessionChange{
			{Name: "a setting", Change: "SET search_path TO nowhere", Show: "SHOW search_path"},
			{Name: "a time zone", Change: "SET TIME ZONE 'Asia/Kathmandu'", Show: "SHOW TimeZone"},
			{Name: "a role", Change: "SET ROLE pg_monitor", Show: "SELECT current_user"},
			{Name: "a temporary table", Change: "CREATE TEMPORARY TABLE left_behind (a integer)",
				Show: "SELECT count(*) FROM pg_class WHERE relname = 'left_behind' AND relnamespace = pg_my_temp_schema()"},
			{Name: "an advisory lock", Unseen: true, Change: "SELECT pg_advisory_lock(7201)",
				Show: "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"},
			{Name: "a transaction begun as text", Change: "BEGIN ISOLATION LEVEL SERIALIZABLE", Show: "SHOW transaction_isolation"},
		},
	})
}

// CockroachDB's sessions have less to leave behind; what its Features do not have is skipped.
func TestConformanceCockroachDB(t *testing.T) {
	url := testenv.Suite(t, "conformance", "cockroachdb")
	testenv.CheckLeaks(t)
	dialecttest.Run(t, dialecttest.Config{URL: url, Session: []dialecttest.SessionChange{
		{Name: "a setting", Change: "SET search_path TO nowhere", Show: "SHOW search_path"},
		{Name: "a time zone", Change: "SET TIME ZONE 'Asia/Kathmandu'", Show: "SHOW TimeZone"},
	}})
}
