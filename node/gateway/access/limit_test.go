package access

import (
	"io"
	"net"
	"testing"
)

func TestConnectionsPerHost(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	const each = 3
	c := newCrowd(l, 10, each)
	defer c.Close()
	accepted := make(chan net.Conn, 10)
	go func() {
		for {
			conn, err := c.Accept()
			if err != nil {
				return
			}
			accepted <- conn
		}
	}()
	dial := func() net.Conn {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	for range each {
		dial()
	}
	refused := dial()
	if _, err := refused.Read(make([]byte, 1)); err == nil || err != io.EOF {
		if _, is := err.(net.Error); !is {
			t.Errorf("one too many: %v", err)
		}
	}
	first := <-accepted
	first.Close()
	first.Close() // counts once
	dial()
	for range each {
		<-accepted
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n != each || len(c.from) != 1 {
		t.Errorf("%d of %v", c.n, c.from)
	}
}
