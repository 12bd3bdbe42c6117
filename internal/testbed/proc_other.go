//go:build !unix

package main

import (
	"os"
	"os/exec"
)

// An account is the user that a server runs as; nil is our own. There is no
// other here.
type account struct{ name string }

var gentleStop os.Signal // none: the process is killed

func unprivileged(...string) (*account, error) { return nil, nil }

func makeDir(dir string, _ *account) error { return os.MkdirAll(dir, 0o755) }

func tempBase() string { return os.TempDir() }

func detach(*exec.Cmd, *account) error { return nil }

func interruptGroup(cmd *exec.Cmd) error { return cmd.Process.Kill() }

func killGroup(cmd *exec.Cmd) { cmd.Process.Kill() } // an error says that it has ended

func isRoot() bool { return false }
