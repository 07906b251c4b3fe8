package engine

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stampedRead reads from sockets and tells when the kernel received what is read. It must not be copied or be on a stack:
// the kernel is given addresses within it.
type stampedRead struct {
	header unix.Msghdr
	into   unix.Iovec
	note   [8]uint64 // room for a Cmsghdr and the Timespec behind it, aligned as they are
}

// stamp has the kernel note when it receives what comes over a socket, if it can.
func stamp(fd int) { _ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1) }

// read is a read(2) that also tells when the last byte of it was received, in nanoseconds of the wall clock; 0: that is
// not known. See SO_TIMESTAMPNS in Documentation/networking/timestamping.rst of Linux.
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
