// Package pipetest connects engines to targets of tests by pipes in memory, so that both run on the virtual clock of testing/synctest.
package pipetest

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
)

// Dial returns a function for Options.Dial of an engine. Whatever the address, it connects to a target that calls answer before each
// response, 200 over HTTP/1.1.
func Dial(answer func()) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			for r := bufio.NewReader(theirs); ; {
				if _, err := http.ReadRequest(r); err != nil {
					return
				}
				answer()
				if _, err := io.WriteString(theirs, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"); err != nil {
					return
				}
			}
		}()
		return ours, nil
	}
}

// Listener accepts the connections that its Dial opens.
type Listener struct {
	conns chan net.Conn
	done  chan struct{}
	close func()
}

// Listen returns an open listener.
func Listen() *Listener {
	l := &Listener{conns: make(chan net.Conn), done: make(chan struct{})}
	l.close = sync.OnceFunc(func() { close(l.done) })
	return l
}

// Accept waits for a connection. It returns net.ErrClosed after Close.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close closes the listener, and not the connections that it has accepted.
func (l *Listener) Close() error { l.close(); return nil }

// Addr returns an address of the loopback interface, which is not used.
func (l *Listener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

// Dial opens a connection to the listener, whatever the address, once it is accepted.
func (l *Listener) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
