package http2

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// counter is an HTTP handler that counts requests and bytes received.
type counter struct {
	requests, received atomic.Int64
}

func (s *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		return
	}
	s.received.Add(n)
	s.requests.Add(1)
	switch r.URL.Path {
	case "/none":
		w.WriteHeader(204)
	case "/hints":
		w.WriteHeader(103)
	case "/trailer":
		w.Header().Set("Trailer", "Sum")
		defer w.Header().Set("Sum", "1")
	case "/headers":
		for i := range 500 {
			w.Header().Set(fmt.Sprint("X-Long-", i), strings.Repeat("v", 80))
		}
	case "/abort":
		panic(http.ErrAbortHandler)
	}
	size, _ := strconv.Atoi(r.URL.RawQuery)
	for size > 0 {
		k := min(size, 32<<10)
		w.Write(make([]byte, k))
		size -= k
	}
}

// serveClear serves a handler over HTTP/2 without TLS, and connects to it.
func serveClear(t *testing.T, h http.Handler, limits *http.HTTP2Config) (*httptest.Server, net.Conn) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Config.HTTP2 = limits
	s.Start()
	t.Cleanup(s.Close)
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return s, conn
}

func serveH2(t testing.TB, secure bool) (*counter, func() net.Conn) {
	h := new(counter)
	s := httptest.NewUnstartedServer(h)
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetUnencryptedHTTP2(!secure)
	s.Config.Protocols.SetHTTP2(secure)
	s.Config.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: 50}
	s.EnableHTTP2 = secure
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return h, func() net.Conn {
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if secure {
			conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
		}
		conn.SetDeadline(time.Now().Add(20 * time.Second))
		return conn
	}
}

// drive keeps the connection full until n requests have ended.
func drive(conn net.Conn, c *Conn, n int, next func(i int) *Request, on func(*Event)) error {
	out, buf := c.Start(nil), make([]byte, 64<<10)
	begun, ended := 0, 0
	count := func(e *Event) {
		if e.Kind == End || e.Kind == Reset {
			ended++
		}
		on(e)
	}
	for {
		for ok := true; begun < n && ok; {
			if _, out, ok = c.Request(out, next(begun)); ok {
				begun++
			}
		}
		if len(out) > 0 {
			if _, err := conn.Write(out); err != nil {
				return err
			}
			out = out[:0]
		}
		if ended == n {
			return nil
		}
		k, err := conn.Read(buf)
		if err != nil {
			return err
		}
		if out, err = c.Feed(buf[:k], out, count); err != nil {
			return err
		}
	}
}

func TestServer(t *testing.T) {
	body := make([]byte, 300_000)
	for _, secure := range []bool{false, true} {
		for _, c := range []struct {
			method, path   string
			body           []byte
			status         int
			bytes          int64
			reset          bool
			streams, count int
		}{
			{"GET", "/?2", nil, 200, 2, false, 1, 100},
			{"GET", "/?2", nil, 200, 2, false, 100, 5000}, // more than the server's stream limit
			{"GET", "/none", nil, 204, 0, false, 10, 100},
			{"GET", "/hints?3", nil, 200, 3, false, 10, 100},
			{"GET", "/trailer?70000", nil, 200, 70000, false, 10, 100},
			{"GET", "/headers?1", nil, 200, 1, false, 10, 50},
			{"GET", "/?20000000", nil, 200, 20000000, false, 2, 3}, // more than a window
			{"HEAD", "/?100", nil, 200, 0, false, 10, 100},
			{"POST", "/?1", body, 200, 1, false, 5, 20},
			{"GET", "/abort", nil, 0, 0, true, 5, 20},
		} {
			t.Run(fmt.Sprint(c.method, c.path, " secure ", secure), func(t *testing.T) {
				server, dial := serveH2(t, secure)
				fields := NewFields(c.method, map[bool]string{false: "http", true: "https"}[secure], "target", c.path, []Field{
					{Name: "User-Agent", Value: "landfall"}, {Name: "X-Large", Value: strings.Repeat("x", 1000)}})
				conn := dial()
				defer conn.Close()
				r := &Request{Fields: fields, Body: c.body, Head: c.method == "HEAD"}
				var shown int64
				seen := make([]bool, c.count)
				err := drive(conn, New(c.streams), c.count, func(i int) *Request { r.Tag = i; return r }, func(e *Event) {
					switch e.Kind {
					case Body:
						shown += int64(len(e.Data))
					case End, Reset:
						if seen[e.Tag] || (e.Kind == Reset) != c.reset || e.Ours {
							t.Errorf("%+v", e)
						}
						seen[e.Tag] = true
						if e.Kind == End && (e.Status != c.status || e.Bytes != c.bytes) {
							t.Errorf("status %d, %d bytes", e.Status, e.Bytes)
						}
					}
				})
				if err != nil {
					t.Fatal(err)
				}
				if server.requests.Load() != int64(c.count) || server.received.Load() != int64(c.count*len(c.body)) || shown != c.bytes*int64(c.count) {
					t.Errorf("server: %d requests, %d bytes; shown %d", server.requests.Load(), server.received.Load(), shown)
				}
			})
		}
	}
}

// A large header is sent in CONTINUATION frames, and varying fields are sent unchanged.
func TestRequestHeaders(t *testing.T) {
	var seen []string
	_, conn := serveClear(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, fmt.Sprint(r.Method, " ", r.Host, r.URL, " ", r.Header.Get("X-Seq"), " ", len(r.Header.Get("X-Huge")), " ", r.Header.Get("X-A")))
	}), nil)
	fields := NewFields("PUT", "http", "name:1", "", []Field{{Name: "X-A", Value: "ä"}, {Name: "X-Seq", Vary: true}, {Name: "Connection", Value: "close"}, {Name: "X-Huge", Value: strings.Repeat("\x7e", 50_000)}})
	fields[3].Vary = true
	err := drive(conn, New(1), 3, func(i int) *Request {
		return &Request{Fields: fields, Values: [][]byte{fmt.Append(nil, "/p/", i), fmt.Append(nil, i)}}
	}, func(*Event) {})
	if err != nil {
		t.Fatal(err)
	}
	if want := "[PUT name:1/p/0 0 50000 ä PUT name:1/p/1 1 50000 ä PUT name:1/p/2 2 50000 ä]"; fmt.Sprint(seen) != want {
		t.Errorf("%v, want %s", seen, want)
	}
}

// A canceled request does not affect the others, and does not leak the connection's window.
func TestCancel(t *testing.T) {
	_, dial := serveH2(t, false)
	conn := dial()
	defer conn.Close()
	c := New(4)
	r := &Request{Fields: NewFields("GET", "http", "target", "/?3000000", nil)}
	out := c.Start(nil)
	buf := make([]byte, 64<<10)
	ends, cancelled := 0, 0
	for ends+cancelled < 60 {
		for ok := true; ok; {
			var id uint32
			if id, out, ok = c.Request(out, r); ok && id%4 == 1 {
				out = c.Cancel(out, id)
				cancelled++
			}
		}
		if _, err := conn.Write(out); err != nil {
			t.Fatal(err)
		}
		n, err := conn.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		var first uint32
		out, err = c.Feed(buf[:n], out[:0], func(e *Event) {
			switch e.Kind {
			case Body:
				first = e.stream
			case End:
				ends++
			case Reset:
				t.Errorf("%+v", e)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if first%8 == 3 { // in the middle of its body
			if c.find(first) != nil {
				cancelled++
			}
			out = c.Cancel(out, first)
		}
	}
}

// The server has small limits: a tiny header table, small windows, one stream at a time.
func TestServerWithSmallLimits(t *testing.T) {
	h := new(counter)
	_, conn := serveClear(t, h, &http.HTTP2Config{MaxConcurrentStreams: 1, MaxDecoderHeaderTableSize: 100, MaxReceiveBufferPerStream: 100, MaxReceiveBufferPerConnection: 70_000})
	ends := 0
	body := make([]byte, 5000)
	err := drive(conn, New(10), 20, func(i int) *Request { return &Request{Fields: getFields, Body: body} }, func(e *Event) {
		if e.Kind == End && e.Status == 200 {
			ends++
		}
	})
	if err != nil || ends != 20 || h.received.Load() != 20*5000 {
		t.Errorf("%d ended, server got %d bytes, %v", ends, h.received.Load(), err)
	}
}

// When a server shuts down, the requests that it accepted complete, and the others are reset with Retry.
func TestShutdown(t *testing.T) {
	h := new(counter)
	s, conn := serveClear(t, h, nil)
	c := New(20)
	out, buf := c.Start(nil), make([]byte, 64<<10)
	begun, ends, resets, goaways := 0, 0, 0, 0
	stopped := make(chan error, 1)
	for !c.Closing() || c.Active() > 0 {
		for ok := true; ok; {
			if _, out, ok = c.Request(out, &Request{Fields: getFields}); ok {
				begun++
			}
		}
		if _, err := conn.Write(out); err != nil {
			break // the server may close right after GOAWAY
		}
		n, err := conn.Read(buf)
		if err != nil {
			break
		}
		out, err = c.Feed(buf[:n], out[:0], func(e *Event) {
			switch e.Kind {
			case End:
				if ends++; ends == 100 {
					go func() { stopped <- s.Config.Shutdown(t.Context()) }()
				}
			case Reset:
				if resets++; !e.Retry {
					t.Errorf("%+v", e)
				}
			case Goaway:
				goaways++
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	if int64(ends) != h.requests.Load() || goaways == 0 || begun != ends+resets+c.Active() || c.Room() != 0 {
		t.Errorf("begun %d, ended %d, reset %d, open %d, goaways %d; server served %d", begun, ends, resets, c.Active(), goaways, h.requests.Load())
	}
}
