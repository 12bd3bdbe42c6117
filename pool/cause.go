package pool

import "fmt"

// Cause is why a pool closed a connection.
type Cause uint8

const (
	CauseInvalidated Cause = iota // Lease.Invalidate or Lease.InvalidateAll
	CauseStale                    // opened before an invalidation of the pool
	CauseRetired                  // Lease.Retire
	CauseAge                      // Config.Recycle
	CauseIdle                     // Config.IdleLimit
	CauseUnusable                 // Config.Usable said no
	CausePing                     // Config.Ping failed
	CauseReset                    // Config.Reset failed
	CauseEvent                    // an event refused it
	CauseSurplus                  // Config.Size connections were idle already
	CauseClosed                   // the pool was closed
	causes
)

var causeNames = [causes]string{
	"invalidated", "stale", "retired", "age", "idle", "unusable", "ping", "reset", "event", "surplus", "pool closed",
}

// String returns the cause in a word or two, as [Stats] count it.
func (c Cause) String() string {
	if c < causes {
		return causeNames[c]
	}
	return fmt.Sprintf("Cause(%d)", uint8(c))
}
