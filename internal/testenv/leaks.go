package testenv

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// patience bounds how long a condition that should come true is waited for. It
// is generous: only a test that is about to fail waits that long.
const patience = time.Minute

// Eventually polls cond until it holds, and fails the test when it does not
// within a minute. what completes the sentence "still not: ...".
func Eventually(t testing.TB, what string, cond func() bool) {
	t.Helper()
	if !poll(patience, cond) {
		t.Fatalf("after %v still not: %s", patience, what)
	}
}

func poll(limit time.Duration, cond func() bool) bool {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(limit); ; <-tick.C {
		if cond() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// CheckLeaks fails the test when goroutines that it started outlive it. Call
// it first: what the test registers with Cleanup after this call runs before
// the check. The check waits for goroutines that are about to end. It looks at
// the whole process, so a test that uses it must not run in parallel with
// others; a package of parallel tests uses Main.
func CheckLeaks(t testing.TB) {
	t.Helper()
	before := goroutines()
	t.Cleanup(func() {
		if t.Failed() {
			return // the first failure tells more
		}
		if left := leaked(before, patience); len(left) > 0 {
			t.Errorf("%d goroutine(s) outlive the test:\n\n%s", len(left), strings.Join(left, "\n\n"))
		}
	})
}

// Main runs the tests of a package and fails when goroutines outlive them all:
//
//	func TestMain(m *testing.M) { testenv.Main(m) }
//
// It does not return.
func Main(m *testing.M) {
	before := goroutines()
	code := m.Run()
	if code == 0 {
		if left := leaked(before, patience); len(left) > 0 {
			fmt.Printf("FAIL: %d goroutine(s) outlive the tests of the package:\n\n%s\n", len(left), strings.Join(left, "\n\n"))
			code = 1
		}
	}
	os.Exit(code)
}

func leaked(before map[string]string, limit time.Duration) []string {
	var left []string
	poll(limit, func() bool {
		left = left[:0]
		for id, stack := range goroutines() {
			if _, old := before[id]; !old && !ofRuntime(stack) {
				left = append(left, stack)
			}
		}
		return len(left) == 0
	})
	slices.Sort(left)
	return left
}

// goroutines returns the stack of every goroutine by its number.
func goroutines() map[string]string {
	buf := make([]byte, 1<<20)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	all := map[string]string{}
	for stack := range bytes.SplitSeq(buf, []byte("\n\n")) {
		head, _, _ := strings.Cut(string(stack), " [")
		all[head] = strings.TrimSpace(string(stack))
	}
	return all
}

// ofRuntime reports whether a goroutine belongs to the runtime or the testing
// package, which start some late and keep them.
func ofRuntime(stack string) bool {
	_, rest, _ := strings.Cut(stack, "\n")
	top, _, _ := strings.Cut(rest, "\n")
	for _, prefix := range []string{
		"testing.", "os/signal.", "runtime.", "runtime/trace.",
	} {
		if strings.HasPrefix(top, prefix) {
			return true
		}
	}
	return strings.Contains(stack, "created by testing.") ||
		strings.Contains(stack, "created by os/signal.") ||
		strings.Contains(stack, "created by runtime.")
}
