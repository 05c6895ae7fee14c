//go:build !linux

package app_test

import "syscall"

// dieWithParent has no counterpart here: the test's cleanups end the processes.
func dieWithParent() *syscall.SysProcAttr { return nil }
