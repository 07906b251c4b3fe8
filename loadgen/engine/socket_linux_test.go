package engine

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"golang.org/x/sys/unix"
)

// sockets returns a connection and the descriptor of its peer.
func sockets(t *testing.T) (*epollConn, int) {
	t.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(pair[0]) })
	return &epollConn{fd: pair[0]}, pair[1]
}

// A short read means that the socket is empty: the next read waits until the descriptor is readable again.
func TestEpollConnRead(t *testing.T) {
	w, peer := sockets(t)
	b := make([]byte, 4)
	if n, err := w.Read(b); n != 0 || !errors.Is(err, errAgain) || !w.drained {
		t.Errorf("nothing was sent: %d bytes, %v", n, err)
	}
	unix.Write(peer, []byte("abcdef"))
	if n, err := w.Read(b); n != 0 || !errors.Is(err, errAgain) {
		t.Errorf("read before it is readable: %d bytes, %v", n, err)
	}
	w.drained = false
	if n, err := w.Read(b); n != 4 || err != nil || w.drained {
		t.Errorf("%q, %v, drained %v", b[:n], err, w.drained)
	}
	if n, err := w.Read(b); string(b[:n]) != "ef" || err != nil || !w.drained {
		t.Errorf("%q, %v, drained %v", b[:n], err, w.drained)
	}
	unix.Close(peer)
	w.drained = false
	if n, err := w.Read(b); n != 0 || err != io.EOF {
		t.Errorf("the peer has closed: %d bytes, %v", n, err)
	}
}

// Write never blocks. Data that does not fit is queued, in order, until it is flushed.
func TestEpollConnWrite(t *testing.T) {
	w, peer := sockets(t)
	var sent, got []byte
	for i := range byte(40) {
		piece := bytes.Repeat([]byte{i}, 64<<10)
		if n, err := w.Write(piece); n != len(piece) || err != nil {
			t.Fatalf("%d bytes, %v", n, err)
		}
		sent = append(sent, piece...)
	}
	if len(w.out) == 0 {
		t.Fatal("everything fits")
	}
	b := make([]byte, 32<<10)
	for len(got) < len(sent) {
		n, err := unix.Read(peer, b)
		if err != nil {
			t.Fatalf("after %d of %d bytes: %v", len(got), len(sent), err)
		}
		if got = append(got, b[:n]...); len(w.out) > 0 {
			if err := w.flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(w.out) != 0 || !bytes.Equal(got, sent) {
		t.Errorf("%d bytes received, %d kept", len(got), len(w.out))
	}
	unix.Close(peer)
	if _, err := w.Write([]byte("x")); !errors.Is(err, unix.EPIPE) && !errors.Is(err, unix.ECONNRESET) {
		t.Errorf("to a closed peer: %v", err)
	}
}

// A reset is a write error only if some data was not sent yet.
func TestUnsent(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		w    epollConn
		err  error
		want error
	}{
		{epollConn{}, unix.ECONNRESET, nil}, {epollConn{out: []byte("x")}, unix.ECONNRESET, unix.ECONNRESET}, {epollConn{out: []byte("x")}, io.EOF, nil}, {epollConn{broken: broken}, io.EOF, broken},
	} {
		if got := c.w.unsent(c.err); got != c.want {
			t.Errorf("%v: %v, want %v", c.err, got, c.want)
		}
	}
}
