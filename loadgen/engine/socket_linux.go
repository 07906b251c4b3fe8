package engine

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// epollConn is a connection's descriptor.
type epollConn struct {
	fd         int
	generation int32  // of fd: events of an earlier one are stale
	out        []byte // not written yet
	tls        *tls.Conn
	drained    bool         // the last read emptied the socket
	again      bool         // in the list of connections with more to read
	broken     error        // error of the last write
	ending     bool         // the peer has closed the connection: read to the end
	stamps     *stampedRead // nil: timestamps are not needed
	stamp      int64        // when the last data was received, in nanoseconds of the wall clock; 0: unknown
}

func (w *epollConn) reset() { w.fd = -1 }

// again is the error for a read that would block. It is temporary, so that crypto/tls returns it and can be used again.
type again struct{}

func (again) Error() string { return "nothing to read now" }

func (again) Timeout() bool { return true }

func (again) Temporary() bool { return true }

var errAgain net.Error = again{}

func (w *epollConn) read(b []byte) (int, error) {
	if w.drained {
		return 0, errAgain
	}
	n, err := w.get(b)
	switch {
	case err == unix.EAGAIN:
		w.drained = true
		return 0, errAgain
	case err == unix.EINTR:
		return w.read(b)
	case err != 0:
		return 0, err
	case n == 0:
		return 0, io.EOF
	}
	w.drained = int(n) < len(b) && !w.ending
	return int(n), nil
}

func (w *epollConn) get(b []byte) (n uintptr, err syscall.Errno) {
	if w.stamps != nil {
		n, w.stamp, err = w.stamps.read(w.fd, b)
		return n, err
	}
	n, _, err = syscall.RawSyscall(unix.SYS_READ, uintptr(w.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	return n, err
}

// unsent returns why data could not be written when reading fails with err; nil if all was written.
func (w *epollConn) unsent(err error) error {
	if w.broken == nil && len(w.out) > 0 && errors.Is(err, unix.ECONNRESET) {
		return err
	}
	return w.broken
}

// Read and Write are called by crypto/tls after the handshake.
func (w *epollConn) Read(b []byte) (int, error) { return w.read(b) }

// Write never blocks: data that does not fit is queued for flush.
func (w *epollConn) Write(b []byte) (int, error) {
	if len(w.out) > 0 {
		w.out = append(w.out, b...)
		return len(b), nil
	}
	n, err := w.put(b)
	if err != nil {
		return 0, err
	}
	if n < len(b) {
		w.out = append(w.out, b[n:]...)
	}
	return len(b), nil
}

func (w *epollConn) put(b []byte) (int, error) {
	n, _, err := syscall.RawSyscall(unix.SYS_WRITE, uintptr(w.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	switch err {
	case 0:
		return int(n), nil
	case unix.EAGAIN:
		return 0, nil
	case unix.EINTR:
		return w.put(b)
	}
	return 0, err
}

func (w *epollConn) flush() error {
	n, err := w.put(w.out)
	if err != nil {
		return err
	}
	w.out = w.out[:copy(w.out, w.out[n:])]
	return nil
}
