//go:build unix && !linux

package main

import "syscall"

func dieWithUs(*syscall.SysProcAttr) {} // only Linux knows how
