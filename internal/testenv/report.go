package testenv

import (
	"fmt"
	"os"
	"testing"
)

// ReportVar is the environment variable that names the file to which Report
// appends. The test bed sets it and prints the file at the end of the run.
const ReportVar = "SQLAYER_TEST_REPORT"

// Report logs one line and, under the test bed, also has it printed at the end
// of the whole run, where go test would hide the log of a test that passes. It
// is for the few lines that sum up a suite.
func Report(t testing.TB, format string, args ...any) {
	t.Helper()
	line := fmt.Sprintf(format, args...)
	t.Log(line)
	name := os.Getenv(ReportVar)
	if name == "" {
		return
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		t.Errorf("testenv: %s: %v", ReportVar, err)
		return
	}
	_, err = f.WriteString(line + "\n") // one write, so that lines of several processes do not mix
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		t.Errorf("testenv: %s: %v", ReportVar, err)
	}
}
