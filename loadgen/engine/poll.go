package engine

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/endpoint"
)

// poll transfers data between a loop's connections and the network, and waits for events. There are two implementations: epoll on Linux
// (epoll_linux.go), and goroutines with net.Conn on every system (netpoll.go). It is a struct and not an interface, since it is called for
// every request.
type poll struct {
	epoll   *epoll // nil: netpoll is used
	netpoll *netpoll
}

// newPoll returns the poll of a loop. stamped requests timestamps of received data.
func newPoll(portable, stamped bool) (*poll, error) {
	if !portable {
		f, err := newEpoll(stamped)
		return &poll{epoll: f}, err
	}
	return &poll{netpoll: newNetpoll()}, nil
}

// wire is the connection's state in each implementation.
type wire struct {
	epoll   epollConn
	netpoll *netpollConn
}

func (w *wire) reset() { w.epoll.reset() }

// wait waits until a time (ns since T0) or for events, and passes the events to the loop.
func (p *poll) wait(l *loop, until int64) {
	if p.epoll != nil {
		p.epoll.wait(l, until)
		return
	}
	p.netpoll.wait(l, until)
}

// connect starts to open a connection. The loop's opened or unopened is called later, or before connect returns.
func (p *poll) connect(l *loop, c *conn) {
	if p.epoll != nil {
		p.epoll.connect(l, c)
		return
	}
	p.netpoll.connect(l, c)
}

// arrived returns when the last data read from a connection arrived, but not earlier than after. It reads the clock.
func (p *poll) arrived(l *loop, c *conn, after int64) int64 {
	if p.epoll != nil {
		return p.epoll.arrived(l, c, after)
	}
	return l.clock()
}

// write writes b, or queues what cannot be written yet.
func (p *poll) write(l *loop, c *conn, b []byte) error {
	if p.epoll != nil {
		return p.epoll.write(c, b)
	}
	return p.netpoll.write(c, b)
}

// shut closes a connection.
func (p *poll) shut(c *conn) {
	if p.epoll != nil {
		p.epoll.shut(c)
		return
	}
	p.netpoll.shut(c)
}

// wake ends a wait. It may be called from any goroutine, also after close.
func (p *poll) wake() {
	if p.epoll != nil {
		p.epoll.wake()
		return
	}
	p.netpoll.wake()
}

func (p *poll) close() {
	if p.epoll != nil {
		p.epoll.close()
	}
}

var errHandshakeCut = errors.New("connection closed within the TLS handshake")

// establish dials an endpoint and completes the TLS handshake, within the request timeout. It blocks. first is the address to try first;
// nil: the next in turn.
func (e *Engine) establish(to *endpoint.Endpoint, first *endpoint.Address) (raw net.Conn, s established) {
	ctx, cancel := context.WithTimeout(context.Background(), e.spec.Timeout.Std())
	defer cancel()
	raw, class, err := to.Dial(ctx, first)
	s.class, s.err = numberOf(class), err
	if s.class == classTimeout && s.err != nil {
		s.err = e.notConnected
	}
	if s.err != nil || to.TLS == nil {
		return raw, s
	}
	deadline, _ := ctx.Deadline()
	raw.SetDeadline(deadline)
	start := time.Now()
	hand := &handover{Conn: raw}
	s.tls, s.err = to.Shake(ctx, hand)
	s.handshake, s.hand = max(time.Since(start), 1), hand
	if s.err != nil {
		raw.Close()
		if s.class = numberOf(endpoint.Class(s.err, loadgen.ErrTLS)); s.class == classTimeout {
			s.err = e.noHandshake
		} else if s.err == io.EOF {
			s.err = errHandshakeCut
		}
	}
	raw.SetDeadline(time.Time{})
	return raw, s
}

// handover is the transport of a TLS connection: a net.Conn during the handshake, and the field to after it.
type handover struct {
	net.Conn
	to interface {
		Read([]byte) (int, error)
		Write([]byte) (int, error)
	}
}

func (h *handover) Read(b []byte) (int, error) {
	if h.to != nil {
		return h.to.Read(b)
	}
	return h.Conn.Read(b)
}

func (h *handover) Write(b []byte) (int, error) {
	if h.to != nil {
		return h.to.Write(b)
	}
	return h.Conn.Write(b)
}
