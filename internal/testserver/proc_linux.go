package testserver

import "syscall"

// dieWithUs has the kernel kill the child when we are killed and cannot do it.
func dieWithUs(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }
