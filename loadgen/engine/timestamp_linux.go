package engine

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stampedRead reads from sockets and returns when the kernel received the data. It must not be copied or be on a stack, because the kernel
// is given addresses within it.
type stampedRead struct {
	header unix.Msghdr
	into   unix.Iovec
	note   [8]uint64 // buffer for a Cmsghdr followed by a Timespec, aligned for both
}

// stamp enables receive timestamps on a socket, if the kernel supports them.
func stamp(fd int) { _ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1) }

// read is like read(2), and also returns when the last byte was received, in nanoseconds of the wall clock; 0: unknown. See SO_TIMESTAMPNS
// in Documentation/networking/timestamping.rst of Linux.
func (r *stampedRead) read(fd int, b []byte) (n uintptr, at int64, err syscall.Errno) {
	r.into.Base = &b[0]
	r.into.SetLen(len(b))
	r.header.Iov = &r.into
	r.header.SetIovlen(1)
	r.header.Control = (*byte)(unsafe.Pointer(&r.note))
	r.header.SetControllen(int(unsafe.Sizeof(r.note)))
	n, _, err = syscall.RawSyscall(unix.SYS_RECVMSG, uintptr(fd), uintptr(unsafe.Pointer(&r.header)), 0)
	if err != 0 || int(r.header.Controllen) < unix.CmsgLen(int(unsafe.Sizeof(unix.Timespec{}))) {
		return n, 0, err
	}
	if h := (*unix.Cmsghdr)(unsafe.Pointer(&r.note)); h.Level == unix.SOL_SOCKET && h.Type == unix.SCM_TIMESTAMPNS {
		at = (*unix.Timespec)(unsafe.Add(unsafe.Pointer(h), unix.CmsgLen(0))).Nano()
	}
	return n, at, 0
}
