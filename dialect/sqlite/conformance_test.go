package sqlite_test

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect/dialecttest"
	_ "github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

func TestConformance(t *testing.T) {
	testenv.CheckLeaks(t)
	dialecttest.Run(t, dialecttest.Config{
		URL:     testenv.SQLite(t),
		Records: "../dialecttest/testdata/results",
		Session: []dialecttest.SessionChange{
			{Name: "a temporary table", Change: "CREATE TEMP TABLE left_behind (a)", Show: "SELECT count(*) FROM temp.sqlite_schema"},
			{Name: "a setting", Change: "PRAGMA foreign_keys = OFF", Show: "PRAGMA foreign_keys"},
		},
	})
}
