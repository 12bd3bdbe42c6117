package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/internal/testserver"
)

// policyFile is asked by Debian's packages before they start a service; exit
// code 101 means no.
const policyFile = "/usr/sbin/policy-rc.d"

// install gets the server programs that are missing. What goes wrong is printed
// here; what is still missing, the maker of the server says.
func (b *bed) install(ctx context.Context, wanted []*state, makers map[string]*testserver.Maker) {
	var packages []string
	for _, s := range wanted {
		if m := makers[s.Name]; m.Missing() != "" {
			packages = append(packages, m.Packages...)
		}
	}
	if len(packages) == 0 {
		return
	}
	if err := aptInstall(ctx, packages); err != nil {
		fmt.Fprintf(os.Stderr, "testbed: cannot install %s: %v\n", strings.Join(packages, ", "), err)
	}
}

func aptInstall(ctx context.Context, packages []string) error {
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		return errors.New("there is no apt-get here; install them by hand")
	}
	if !testserver.IsRoot() {
		return errors.New("not run as root; install them by hand: apt-get install " + strings.Join(packages, " "))
	}
	undo, err := forbidServices(policyFile)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "testbed: installing %s with apt-get\n", strings.Join(packages, ", "))
	for try := range 2 {
		if err = apts(ctx, apt, packages); err == nil || ctx.Err() != nil {
			break
		}
		if try == 0 {
			fmt.Fprintf(os.Stderr, "testbed: apt-get failed and is tried once more: %v\n", err)
			select { // mirrors that are being updated need a moment
			case <-ctx.Done():
			case <-time.After(5 * time.Second):
			}
		}
	}
	return errors.Join(err, undo())
}

func apts(ctx context.Context, apt string, packages []string) error {
	for _, args := range [][]string{
		{"-q", "update"},
		append([]string{"-q", "-y", "--no-install-recommends", "install"}, packages...),
	} {
		var out bytes.Buffer
		cmd := exec.CommandContext(ctx, apt, args...)
		cmd.Stdout, cmd.Stderr = &out, &out
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		cmd.WaitDelay = 20 * time.Second
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("apt-get: %w: %s", err, testserver.LastLines(out.String()))
		}
	}
	return nil
}

// forbidServices keeps packages from starting their services, until undo. A
// policy that is there already is left alone.
func forbidServices(file string) (undo func() error, err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return func() error { return nil }, nil
	}
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString("#!/bin/sh\nexit 101\n")
	if err = errors.Join(err, f.Close(), os.Chmod(file, 0o755)); err != nil {
		return nil, errors.Join(err, os.Remove(file))
	}
	return func() error { return os.Remove(file) }, nil
}
