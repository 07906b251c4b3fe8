package engine

import (
	"io"
	"net"
	"sync"
	"testing"
)

func newNetpollConn() *netpollConn {
	w := &netpollConn{done: make(chan struct{})}
	w.more = sync.NewCond(&w.mu)
	return w
}

// A connection that is established after it was abandoned is closed.
func TestAbandonedConnectionIsClosed(t *testing.T) {
	ours, theirs := net.Pipe()
	w := newNetpollConn()
	if !w.adopt(ours, established{}) || w.conn != ours {
		t.Errorf("%+v", w)
	}
	late := newNetpollConn()
	late.shut = true
	if late.adopt(ours, established{}) {
		t.Error("an abandoned connection was adopted")
	}
	if n, err := theirs.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("%d bytes, %v: the connection is open", n, err)
	}
}

// An event of an abandoned connection does not wait for a loop that is busy.
func TestPostToAnAbandonedConnection(t *testing.T) {
	p, w := newNetpoll(), newNetpollConn()
	for range cap(p.events) {
		if !p.post(w, func() {}) {
			t.Fatal("not delivered")
		}
	}
	close(w.done)
	if p.post(w, func() {}) {
		t.Error("delivered to a full queue")
	}
}

func TestWakeDoesNotBlock(t *testing.T) {
	p := newNetpoll()
	for range 3 {
		p.wake()
	}
	if len(p.woken) != 1 {
		t.Errorf("%d wake-ups", len(p.woken))
	}
}
