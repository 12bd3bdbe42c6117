package oracle_test

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect/dialecttest"
	_ "github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

func TestConformance(t *testing.T) {
	url := testenv.Suite(t, "conformance", "oracle")
	testenv.CheckLeaks(t)
	dialecttest.Run(t, dialecttest.Config{URL: url, Records: "../dialecttest/testdata/results", Session: []dialecttest.SessionChange{
		{Name: "a setting", Change: "ALTER SESSION SET NLS_DATE_FORMAT = 'DD.MM'", Show: "SELECT value FROM nls_session_parameters WHERE parameter = 'NLS_DATE_FORMAT'"},
	}})
}
