//go:build unix && !linux

package testserver

import "syscall"

func dieWithUs(*syscall.SysProcAttr) {} // only Linux knows how
