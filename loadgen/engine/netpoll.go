package engine

import (
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"time"
)

// netpoll works on every system. For each connection, one goroutine reads and another writes; both exchange
// data with the loop's goroutine.
type netpoll struct {
	events chan func()
	woken  chan struct{}
	timer  *time.Timer
}

// netpollConn is one connection's net.Conn and its two goroutines.
type netpollConn struct {
	conn net.Conn
	once sync.Once
	done chan struct{} // closed when the connection is abandoned

	mu   sync.Mutex
	more *sync.Cond
	out  []byte
	busy bool // a write of data from out is in progress
	lost bool // a write failed
	shut bool
}

func newNetpoll() *netpoll {
	t := time.NewTimer(0)
	return &netpoll{events: make(chan func(), 256), woken: make(chan struct{}, 1), timer: t}
}

func (p *netpoll) wake() {
	select {
	case p.woken <- struct{}{}:
	default:
	}
}

func (p *netpoll) wait(l *loop, until int64) {
	p.timer.Reset(max(0, time.Duration(until-l.clock())))
	select {
	case f := <-p.events:
		f()
		for range len(p.events) {
			(<-p.events)()
		}
	case <-p.woken:
	case <-p.timer.C:
	}
}

func (p *netpoll) connect(l *loop, c *conn) {
	w := &netpollConn{done: make(chan struct{})}
	w.more = sync.NewCond(&w.mu)
	c.netpoll = w
	to := c.endpoint
	go func() {
		raw, s := l.engine.establish(to, nil)
		if s.err == nil && !w.adopt(raw, s) {
			return
		}
		p.post(w, func() {
			if c.netpoll != w || c.state != connConnecting {
				return
			}
			if s.err != nil {
				l.unopened(c, s.class, s.err)
				return
			}
			l.opened(c, s.handshake)
			go w.write()
			go w.read(p, l, c)
		})
	}()
}

// adopt takes over an established connection, unless it was abandoned.
func (w *netpollConn) adopt(raw net.Conn, s established) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.shut {
		raw.Close()
		return false
	}
	w.conn = raw
	if s.tls != nil {
		w.conn = s.tls
	}
	return true
}

// post passes f to the loop; false: the connection was abandoned.
func (p *netpoll) post(w *netpollConn, f func()) bool {
	select {
	case p.events <- f:
		return true
	case <-w.done:
		return false
	}
}

// read delivers received data in pieces. The loop consumes one piece before the next is read.
func (w *netpollConn) read(p *netpoll, l *loop, c *conn) {
	buf := make([]byte, 16<<10)
	next := make(chan struct{}, 1)
	var n int
	var err error
	var unsentData bool
	piece := func() { // one closure for all pieces, to avoid allocations
		l.clock()
		l.fresh = true
		if c.netpoll == w && n > 0 {
			l.received(c, buf[:n])
		}
		if c.netpoll == w && err != nil {
			var unsent error
			if unsentData {
				unsent = err
			}
			l.unread(c, err, unsent)
		}
		next <- struct{}{}
	}
	for {
		n, err = w.conn.Read(buf)
		unsentData = errors.Is(err, syscall.ECONNRESET) && w.hasUnsent()
		if !p.post(w, piece) || err != nil {
			return
		}
		select {
		case <-next:
		case <-w.done:
			return
		}
	}
}

// hasUnsent reports, after a reset, whether data was left to write. A write in progress is then aborted.
func (w *netpollConn) hasUnsent() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.busy && !w.shut {
		w.more.Wait()
	}
	return w.lost || len(w.out) > 0
}

// wrote reports the result of a write.
func (w *netpollConn) wrote(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy, w.lost = false, err != nil
	w.more.Broadcast()
}

func (w *netpollConn) write() {
	var batch []byte
	for {
		w.mu.Lock()
		for len(w.out) == 0 && !w.shut {
			w.more.Wait()
		}
		batch, w.out = w.out, batch[:0]
		shut := w.shut
		w.busy = !shut
		w.mu.Unlock()
		if shut {
			return
		}
		_, err := w.conn.Write(batch)
		if w.wrote(err); err != nil {
			return // the reader also gets the error
		}
	}
}

func (p *netpoll) write(c *conn, b []byte) error {
	w := c.netpoll
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.shut {
		return io.ErrClosedPipe
	}
	w.out = append(w.out, b...)
	w.more.Broadcast()
	return nil
}

func (p *netpoll) shut(c *conn) {
	w := c.netpoll
	if w == nil {
		return
	}
	c.netpoll = nil
	w.once.Do(func() { close(w.done) })
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shut = true
	w.more.Broadcast()
	if w.conn != nil {
		go w.conn.Close() // closing TLS sends an alert, which may block
	}
}
