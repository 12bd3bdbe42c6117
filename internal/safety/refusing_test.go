package safety

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/internal/refusing"
)

// On a SQL Server and an Oracle that refuse, the live tests fail, and end.
func TestRefusals(t *testing.T) { refusing.Check(t, "TestLiveGBK") }
