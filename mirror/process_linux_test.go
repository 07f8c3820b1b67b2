package mirror_test

import "syscall"

// endsWithTest lets a process not outlive the test's, however that ends.
func endsWithTest() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
