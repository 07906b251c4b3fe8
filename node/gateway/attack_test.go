package gateway

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"landfall/node/fleet"
)

// raw returns a plain connection to the gateway.
func (s *site) raw() net.Conn {
	s.t.Helper()
	c, err := net.Dial("tcp", s.g.Addr())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	return c
}

// TestSlowSendersAreDisconnected: a client that sends headers or a body too slowly is disconnected, and does not delay others.
func TestSlowSendersAreDisconnected(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	head := "Host: " + s.g.Addr() + "\r\nContent-Type: application/json\r\n"
	var wg sync.WaitGroup
	for name, begin := range map[string]string{
		"headers":                    "GET /api/v1/runs HTTP/1.1\r\nX: ",
		"a run's body":               "POST /api/v1/runs HTTP/1.1\r\n" + head + "Content-Length: 100000\r\n\r\n{",
		"a chunked body":             "POST /api/v1/runs HTTP/1.1\r\n" + head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n",
		"an adjust's body":           "POST /api/v1/runs/x/adjust HTTP/1.1\r\n" + head + "Content-Length: 100000\r\n\r\n{",
		"a body that is not used":    "POST /api/v1/drivers/drv-a/drain HTTP/1.1\r\n" + head + "Content-Length: 100000\r\n\r\n{",
		"the body of a GET":          "GET /api/v1/runs HTTP/1.1\r\n" + head + "Content-Length: 100000\r\n\r\n{",
		"a body for an unknown path": "POST /nowhere HTTP/1.1\r\n" + head + "Content-Length: 100000\r\n\r\n{",
	} {
		c := s.raw()
		wg.Go(func() {
			if _, err := io.WriteString(c, begin); err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			gone := make(chan struct{})
			go func() { // a byte now and then, so that an idle timeout alone would not disconnect it
				tick := time.NewTicker(500 * time.Millisecond)
				defer tick.Stop()
				for {
					select {
					case <-gone:
						return
					case <-tick.C:
						_, _ = io.WriteString(c, "a")
					}
				}
			}()
			defer close(gone)
			began := time.Now()
			_ = c.SetReadDeadline(began.Add(5 * readTimeout))
			if _, err := io.Copy(io.Discard, c); isTimeout(err) { // a reset is as good as EOF
				t.Errorf("%s is still read after %s", name, time.Since(began))
			}
		})
	}
	for range 20 {
		began := time.Now()
		if resp := s.call("GET", "/api/v1/runs", "", nil); resp.StatusCode != http.StatusOK || time.Since(began) > 2*time.Second {
			t.Errorf("with slow senders: %s after %v", resp.Status, time.Since(began))
		}
	}
	wg.Wait()
}

func isTimeout(err error) bool {
	e, ok := err.(net.Error)
	return ok && e.Timeout()
}

// TestEndlessBodiesAreRefused: the gateway reads no more than the limit of a body, whether its length is announced or not.
func TestEndlessBodiesAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	const most = 64 * maxBody // far more than fits into the buffers of both sockets, which are tens of megabytes on some machines
	piece := strings.Repeat("a", 64<<10)
	for _, path := range []string{"/api/v1/runs", "/api/v1/runs/x/adjust", "/api/v1/drivers/drv-a/drain", "/nowhere"} {
		for name, length := range map[string]string{"announced": "Content-Length: 1099511627776", "in chunks": "Transfer-Encoding: chunked"} {
			c := s.raw()
			_ = c.SetDeadline(time.Now().Add(5 * readTimeout))
			fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n%s\r\n\r\n", path, s.g.Addr(), length)
			text := piece
			if name == "in chunks" {
				text = fmt.Sprintf("%x\r\n%s\r\n", len(piece), piece)
			}
			sent := 0
			for sent < most {
				n, err := io.WriteString(c, text)
				if sent += n; err != nil {
					break
				}
			}
			if sent >= most {
				t.Errorf("%s, %s: %d bytes were accepted", path, name, sent)
			}
			// The response may be lost with the connection, but it must not be a success.
			if resp, err := http.ReadResponse(bufio.NewReader(c), nil); err == nil && resp.StatusCode < 400 && path == "/api/v1/runs" {
				t.Errorf("%s, %s: %s", path, name, resp.Status)
			}
			c.Close()
		}
	}
	if resp := s.call("GET", "/livez", "", nil); resp.StatusCode != http.StatusOK {
		t.Error(resp.Status)
	}
	s.until(func(st *fleet.State) bool { return len(st.Runs()) == 0 })
}

// The memory for clients that never read does not grow with the changes they miss. (Not parallel: the memory of other tests
// would be counted.)
func TestClientsThatNeverReadCostLittle(t *testing.T) {
	s := newSite(t, Config{})
	const clients = 50
	for range clients {
		s.dial()
	}
	say := func(from, to int) { // changes of 64 KiB each soon fill the sockets' buffers
		for i := from; i < to; i++ {
			s.g.live.update(State{At: time.Now(), Events: []Event{{Text: fmt.Sprint(i, strings.Repeat("x", 64<<10))}}})
		}
	}
	say(0, 2*changesKept)
	before := heap()
	say(2*changesKept, 10*changesKept)
	grown := heap() - before
	// Kept for each client, the changes would take 50 × 1024 × 64 KiB (3 GiB); kept once, 64 MiB.
	if grown > 16<<20 {
		t.Errorf("%d MiB more after %d changes of 64 KiB to %d clients", grown>>20, 8*changesKept, clients)
	}
	t.Logf("%d KiB before, %+d KiB", before>>10, grown>>10)
}

// TestClientThatNeverReadsIsDisconnected: a client that sends requests without reading responses is disconnected after the write timeout.
func TestClientThatNeverReadsIsDisconnected(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	server := s.g.server(t.Context())
	if server.WriteTimeout <= triggerFor {
		t.Errorf("the write timeout is %v, a trigger may take %v", server.WriteTimeout, triggerFor)
	}
	server.WriteTimeout = time.Second
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetWriteDeadline(time.Now().Add(30 * time.Second))
	ask := strings.Repeat("GET /page/uPlot.iife.min.js HTTP/1.1\r\nHost: "+l.Addr().String()+"\r\n\r\n", 100)
	for err == nil {
		_, err = io.WriteString(c, ask)
	}
	if isTimeout(err) {
		t.Error("after 30 s it is still connected")
	}
}
