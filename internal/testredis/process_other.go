//go:build !linux

package testredis

import "syscall"

// dieWithParent has no counterpart here: shared servers are ended by the reaper, a test's own by the test.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{}
}
