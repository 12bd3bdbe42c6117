package faults

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// StreamVar turns TestSoakStream on.
const StreamVar = "SQLAYER_SOAK_STREAM"

const (
	streamRows  = 10_000_000
	streamLimit = 20 << 20 // bytes
)

// TestSoakStream reads ten million rows one by one, and looks at how much memory
// the process has meanwhile.
func TestSoakStream(t *testing.T) {
	if os.Getenv(StreamVar) == "" {
		t.Skip("takes minutes; run it with: make soak-stream")
	}
	for name, text := range map[string]string{
		"sqlite":   "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 10000000) SELECT n AS id, 'row ' || n AS name FROM s",
		"postgres": "SELECT n AS id, 'row ' || n AS name FROM generate_series(1, 10000000) n",
		"mysql":    "SELECT seq AS id, concat('row ', seq) AS name FROM seq_1_to_10000000",
	} {
		t.Run(name, func(t *testing.T) {
			type row struct {
				ID   int64
				Name string
			}
			e, err := engine.Open(testenv.URL(t, name))
			check(t, err)
			defer e.Close()
			check(t, e.Ping(t.Context()))
			runtime.GC()
			debug.FreeOSMemory()
			start, err := resident()
			if err != nil {
				t.Skipf("the memory of a process is not to be had here: %v", err)
			}
			peak, rows, sum, begin := start, int64(0), int64(0), time.Now()
			for r, err := range engine.Each[row](t.Context(), e, engine.Text(text)) {
				check(t, err)
				rows++
				sum += r.ID
				if rows%20_000 == 0 || rows == 1 {
					now, err := resident()
					check(t, err)
					peak = max(peak, now)
				}
			}
			took := time.Since(begin)
			if rows != streamRows || sum != streamRows*(streamRows+1)/2 {
				t.Errorf("%d rows, sum %d", rows, sum)
			}
			over := peak - start
			if over >= streamLimit {
				t.Errorf("the peak of resident memory is %.1f MB over the start", float64(over)/(1<<20))
			}
			testenv.Report(t, "stream %s: %d rows in %v, resident memory %.1f MB at the start, peak %.1f MB over it",
				name, rows, took.Round(time.Millisecond), float64(start)/(1<<20), float64(over)/(1<<20))
		})
	}
}

// resident is the resident memory of this process, in bytes (Linux).
func resident() (int64, error) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}
