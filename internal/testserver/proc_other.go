//go:build !unix

package testserver

import (
	"os"
	"os/exec"
)

// An account is the user that a server runs as; nil is our own. There is no
// other here.
type account struct{ name string }

var gentleStop os.Signal // none: the process is killed

var orderlyStops struct{ postgres, mysql os.Signal }

func unprivileged(...string) (*account, error) { return nil, nil }

func makeDir(dir string, _ *account) error { return os.MkdirAll(dir, 0o755) }

// TempBase returns the folder for temporary folders.
func TempBase() string { return os.TempDir() }

// Detach does nothing here.
func Detach(cmd *exec.Cmd) error { return detach(cmd, nil) }

func detach(*exec.Cmd, *account) error { return nil }

// InterruptGroup ends a command.
func InterruptGroup(cmd *exec.Cmd) error { return cmd.Process.Kill() }

// KillGroup ends a command.
func KillGroup(cmd *exec.Cmd) { cmd.Process.Kill() } // an error says that it has ended

// IsRoot reports whether we are root.
func IsRoot() bool { return false }
