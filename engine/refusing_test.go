package engine_test

import (
	"testing"

	refusals "github.com/sqlayer-go/sqlayer/internal/refusing"
)

// On a SQL Server and an Oracle that refuse, the live tests fail, and end.
func TestRefusals(t *testing.T) { refusals.Check(t) }
