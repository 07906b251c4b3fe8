package engine

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"landfall/loadgen"
)

// refuser is an HTTP/2 server that refuses some requests, selected by the number in their path, and answers the others.
type refuser struct {
	refuses        func(k int, again bool) bool
	leaves         bool // refuse by GOAWAY, and accept no further requests on that connection
	seen, answered atomic.Int64
	mu             sync.Mutex
	known          map[int]bool
}

func (s *refuser) serve(conn net.Conn) {
	if _, err := io.CopyN(io.Discard, conn, int64(len(http2.ClientPreface))); err != nil {
		return
	}
	f := http2.NewFramer(conn, conn)
	f.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	_ = f.WriteSettings()
	left := false
	for {
		frame, err := f.ReadFrame()
		if err != nil {
			return
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				_ = f.WriteSettingsAck()
			}
		case *http2.MetaHeadersFrame:
			if !left {
				k, _ := strconv.Atoi(strings.TrimPrefix(frame.PseudoValue("path"), "/"))
				left = s.answer(f, frame.StreamID, k) && s.leaves
			}
		}
	}
}

// answer answers request k, or returns true if it refused it.
func (s *refuser) answer(f *http2.Framer, stream uint32, k int) (refused bool) {
	s.seen.Add(1)
	s.mu.Lock()
	again := s.known[k]
	s.known[k] = true
	s.mu.Unlock()
	switch {
	case !s.refuses(k, again):
		s.answered.Add(1)
		_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: []byte{0x88}, EndHeaders: true, EndStream: true}) // :status 200
		return false
	case s.leaves:
		_ = f.WriteGoAway(max(stream, 2)-2, http2.ErrCodeNo, nil)
	default:
		_ = f.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
	}
	return true
}

// listen serves each connection in a goroutine and returns the URL.
func listen(t *testing.T, serve func(net.Conn)) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	accept(t, ln, serve)
	return "http://" + ln.Addr().String() + "/"
}

// A target that closes a connection with GOAWAY or refuses a stream states which requests it did not process. They are retried and counted
// once; a request that is refused repeatedly fails.
func TestRefusedRequestsAreSentAgain(t *testing.T) {
	const requests = 400
	for _, c := range []struct {
		name          string
		refuses       func(k int, again bool) bool
		leaves        bool
		retried, lost int64
	}{
		{"none", func(int, bool) bool { return false }, false, 0, 0},
		{"every fortieth", func(k int, again bool) bool { return k%40 == 0 && !again }, false, 10, 0},
		{"every fortieth, leaving", func(k int, again bool) bool { return k%40 == 0 && !again }, true, -1, 0},
		{"every fortieth for good", func(k int, _ bool) bool { return k%40 == 0 }, false, maxRefused * 10, 10},
		{"all", func(int, bool) bool { return true }, false, maxRefused * requests, requests},
		{"all, leaving", func(k int, _ bool) bool { return true }, true, maxLeft * requests, requests},
	} {
		t.Run(c.name, func(t *testing.T) {
			polls(t, func(t *testing.T, o Options) {
				s := &refuser{refuses: c.refuses, leaves: c.leaves, known: map[int]bool{}}
				spec := loadgen.Spec{Target: listen(t, s.serve) + "{{seq}}", HTTP2: true, Streams: 4, Connections: 1, Count: requests, Timeout: loadgen.Duration(5 * time.Second)}
				out := carry(t, spec, o, loadgen.Share{}, nil)
				got := out.Total
				if got.Requests != requests || got.Responses != s.answered.Load() || s.seen.Load() > (maxLeft+1)*requests {
					t.Errorf("%+v; the target answered %d of %d", got, s.answered.Load(), s.seen.Load())
				}
				if got.Errors[loadgen.ErrRead] != c.lost || c.retried >= 0 && got.Retried != c.retried || c.retried < 0 && (got.Retried < 10 || got.Retried > 80) {
					t.Errorf("%d errors, want %d; %d retries, want %d", got.Errors[loadgen.ErrRead], c.lost, got.Retried, c.retried)
				}
				if out.why(loadgen.ErrRead, "by the target (") != c.lost {
					t.Errorf("%+v", out.failures)
				}
			})
		})
	}
}

// A target that closes a kept-alive connection when the next request arrives did not process it. An idempotent request is retried once,
// over a new connection. Others are errors, as is a first request without a response.
func TestRequestsOnClosedConnectionsAreSentOnceMore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, method string
		answers      int // responses per connection, which is then closed
		requests     int64
		retried      int64
		responses    int64
	}{
		{"GET", "GET", 3, 60, 19, 60},
		{"DELETE", "DELETE", 3, 60, 19, 60},
		{"POST", "POST", 3, 60, 0, 45},
		{"no answer at all", "GET", 0, 6, 0, 0}, // few, since each waits longer before it reconnects
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			polls(t, func(t *testing.T, o Options) {
				url := misbehave(t, func(conn net.Conn, n int) bool {
					if n == c.answers {
						return false
					}
					_, err := fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
					return err == nil
				})
				out := carry(t, loadgen.Spec{Target: url, Method: c.method, Count: c.requests, Connections: 1}, o, loadgen.Share{}, nil)
				if got := out.Total; got.Requests != c.requests || got.Responses != c.responses || got.Retried != c.retried {
					t.Errorf("%+v", got)
				}
				if n := out.why(loadgen.ErrRead, whyNoAnswer); n != c.requests-c.responses {
					t.Errorf("%d: %+v", n, out.failures)
				}
			})
		})
	}
}

// Once a response has started, the request may have been processed: it is not retried.
func TestRequestsWhoseResponsesAreCutAreNotRetried(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		url := misbehave(t, func(conn net.Conn, n int) bool {
			_, err := fmt.Fprint(conn, []string{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"}[n%2])
			return err == nil && n%2 == 0
		})
		out := carry(t, loadgen.Spec{Target: url, Count: 20, Connections: 1}, o, loadgen.Share{}, nil)
		if got := out.Total; got.Responses != 10 || got.Retried != 0 || out.why(loadgen.ErrRead, whyCut) != 10 {
			t.Errorf("%+v, %+v", got, out.failures)
		}
	})
}

// All connections are opened before the run, and some carry their first request much later. A target may have given one up by then, as
// servers do that wait only a minute for the first request: the request is sent over another connection, and is no error.
func TestConnectionsThatWereNeverUsedMayBeClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		spec := loadgen.Spec{Target: "http://127.0.0.1/", RateRPS: 1, Duration: loadgen.Duration(10 * time.Second), Connections: 2}.WithDefaults()
		start := time.Now().Add(time.Second)
		dial := func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			opened := time.Now()
			go func() {
				defer theirs.Close()
				r := bufio.NewReader(theirs)
				for first := true; ; first = false {
					_, err := http.ReadRequest(r)
					if err != nil || first && time.Since(opened) > 3*time.Second {
						return
					}
					if since := time.Since(start); since > 4500*time.Millisecond && since < 5500*time.Millisecond {
						time.Sleep(1500 * time.Millisecond) // so that the other connection is used
					}
					if _, err := io.WriteString(theirs, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"); err != nil {
						return
					}
				}
			}()
			return ours, nil
		}
		e, err := New(spec, Options{Threads: 1, Dial: dial})
		if err != nil {
			t.Fatal(err)
		}
		var total loadgen.Counts
		share := loadgen.Share{Schedule: steady(1), Until: spec.Duration, Connections: 2, Of: 1}
		if err := e.Run(t.Context(), start, share, func(s loadgen.Snapshot) { total.Add(s.Delta) }); err != nil {
			t.Fatal(err)
		}
		if total.Responses != 10 || total.Requests != 10 || total.Retried != 1 {
			t.Errorf("%+v", total)
		}
	})
}
