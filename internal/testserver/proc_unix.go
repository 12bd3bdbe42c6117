//go:build unix

package testserver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// An account is the user that a server runs as; nil is our own.
type account struct {
	name     string
	uid, gid uint32
}

// gentleStop asks PostgreSQL for its immediate shutdown.
var gentleStop os.Signal = syscall.SIGQUIT

// unprivileged returns the first of the users that exists if we are root,
// whom servers refuse to serve, and nil otherwise.
func unprivileged(names ...string) (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range append(names, "nobody") {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uerr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gerr := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(uerr, gerr); err != nil {
			return nil, err
		}
		return &account{name, uint32(uid), uint32(gid)}, nil
	}
	return nil, fmt.Errorf("run as root, and there is no user %v or nobody for the server", names)
}

// makeDir makes a folder that belongs to the account.
func makeDir(dir string, as *account) error {
	if err := os.MkdirAll(dir, 0o755); err != nil || as == nil {
		return err
	}
	return os.Chown(dir, int(as.uid), int(as.gid))
}

// TempBase returns the folder for temporary folders: the system's own, unless
// we are root and other users cannot pass through it.
func TempBase() string {
	base := os.TempDir()
	if os.Geteuid() != 0 {
		return base
	}
	for d := base; ; d = filepath.Dir(d) {
		info, err := os.Stat(d)
		if err != nil || info.Mode()&0o001 == 0 {
			return "/tmp"
		}
		if d == filepath.Dir(d) {
			return base
		}
	}
}

// orderlyStops ask for a shutdown that closes connections first.
var orderlyStops = struct{ postgres, mysql os.Signal }{syscall.SIGINT, syscall.SIGTERM}

// Detach puts a command into a process group of its own.
func Detach(cmd *exec.Cmd) error { return detach(cmd, nil) }

// detach puts a command into a process group of its own, under the account.
func detach(cmd *exec.Cmd, as *account) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithUs(cmd.SysProcAttr)
	if as != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: as.uid, Gid: as.gid}
	}
	return nil
}

// InterruptGroup interrupts a command and its group.
func InterruptGroup(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }

// KillGroup kills what is left of a command's group.
func KillGroup(cmd *exec.Cmd) {
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // no such group: nothing is left
}

// IsRoot reports whether we are root.
func IsRoot() bool { return os.Geteuid() == 0 }
