package mssql_test

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect/dialecttest"
	_ "github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

func TestConformance(t *testing.T) {
	url := testenv.Suite(t, "conformance", "mssql")
	testenv.CheckLeaks(t)
	dialecttest.Run(t, dialecttest.Config{URL: url, Records: "../dialecttest/testdata/results", Session: []dialecttest.SessionChange{
		{Name: "a setting", Change: "SET DATEFIRST 3", Show: "SELECT @@DATEFIRST"},
		{Name: "a temporary table", Change: "CREATE TABLE #left_behind (a int)", Show: "SELECT CASE WHEN OBJECT_ID('tempdb..#left_behind') IS NULL THEN 0 ELSE 1 END"},
	}})
}
