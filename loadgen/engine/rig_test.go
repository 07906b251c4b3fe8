package engine

import (
	"bufio"
	"crypto/tls"
	"flag"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
)

// rig is a server that counts, and what an engine reported about it.
type rig struct {
	t      *testing.T
	url    string
	served atomic.Int64
}

// serve answers every request with handler, or with "ok".
func serve(t *testing.T, handler http.HandlerFunc, start func(*httptest.Server)) *rig {
	r := &rig{t: t}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.served.Add(1)
		if handler != nil {
			handler(w, q)
			return
		}
		io.WriteString(w, "ok")
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	if start == nil {
		start = (*httptest.Server).Start
	}
	start(s)
	t.Cleanup(s.Close)
	r.url = s.URL
	return r
}

// startClear starts a server that speaks HTTP/1.1 and HTTP/2 without TLS.
func startClear(s *httptest.Server) {
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetHTTP1(true)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Start()
}

// measured holds everything that one run reported.
type measured struct {
	loadgen.Snapshot
	all     *hdr.Histogram
	service *hdr.Histogram
	asked   int64
	list    []loadgen.Snapshot

	failures []loadgen.Failure
}

// why returns how many requests failed in a class for a reason that contains a text.
func (m *measured) why(class loadgen.Class, text string) (n int64) {
	for _, f := range m.failures {
		if f.Class == class && strings.Contains(f.Why, text) {
			n += f.Count
		}
	}
	return n
}

// carry runs an engine to its end and checks the invariants of all runs.
func carry(t *testing.T, spec loadgen.Spec, o Options, share loadgen.Share, during func(*Engine)) measured {
	t.Helper()
	spec = spec.WithDefaults()
	e, err := New(spec, o)
	if err != nil {
		t.Fatal(err)
	}
	share.Of = max(share.Of, 1)
	if share.Connections == 0 {
		share.Connections = spec.Connections
	}
	if share.Schedule == nil && spec.Kind == loadgen.Tsunami {
		share.Schedule = steady(spec.RateRPS)
	}
	if share.Until == 0 {
		share.Until = spec.Duration
	}
	if share.Quota == 0 {
		share.Quota = spec.Count
	}
	out := measured{all: hdr.New(), service: hdr.New()}
	if during != nil {
		go during(e)
	}
	var sum loadgen.Counts
	err = e.Run(t.Context(), time.Now().Add(50*time.Millisecond), share, func(s loadgen.Snapshot) {
		sum.Add(s.Delta)
		out.asked += s.Asked
		out.failures = loadgen.AddFailures(out.failures, s.ErrorReasons)
		out.all.Merge(s.Latency)
		out.service.Merge(s.Service)
		out.Snapshot = s
		out.list = append(out.list, s)
	})
	if err != nil {
		t.Fatal(err)
	}
	total := out.Total
	failed := int64(0)
	for _, n := range total.Errors {
		failed += n
	}
	if !out.Final || total.Requests != total.Responses+failed || sum.Requests != total.Requests || out.Begun != total.Ended(len(spec.Scenarios) > 0) {
		t.Errorf("final %v; begun %d; total %+v; sum of deltas %d", out.Final, out.Begun, total, sum.Requests)
	}
	for class, n := range total.Errors {
		if explained := out.why(class, ""); explained != n {
			t.Errorf("%d requests failed as %s, and why is said of %d: %+v", n, class, explained, out.failures)
		}
	}
	if spec.Kind == loadgen.Tsunami && out.asked != out.Begun {
		t.Errorf("%d requests were asked for, %d begun", out.asked, out.Begun)
	}
	if out.all.Count() != total.Responses {
		t.Errorf("%d latencies of %d responses", out.all.Count(), total.Responses)
	}
	return out
}

// TestMain runs more tests in parallel than there are processors, because parallel tests mostly wait.
func TestMain(m *testing.M) {
	flag.Parse()
	if at := flag.Lookup("test.parallel"); at.Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		at.Value.Set("6")
	}
	os.Exit(m.Run())
}

// polls runs a test with both implementations of poll.
func polls(t *testing.T, f func(t *testing.T, o Options)) {
	for name, portable := range map[string]bool{"fast": false, "portable": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, Options{Portable: portable, Threads: 2})
		})
	}
}

// misbehave answers each request of a connection, counted from 0, with raw bytes.
func misbehave(t *testing.T, answer func(c net.Conn, n int) (more bool)) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	misbehaveOn(t, ln, answer)
	return "http://" + ln.Addr().String() + "/"
}

func misbehaveOn(t *testing.T, ln net.Listener, answer func(c net.Conn, n int) (more bool)) {
	accept(t, ln, func(c net.Conn) {
		r := bufio.NewReader(c)
		for n := 0; ; n++ {
			q, err := http.ReadRequest(r)
			if err != nil {
				return
			}
			io.Copy(io.Discard, q.Body)
			if !answer(c, n) {
				return
			}
		}
	})
}

// accept serves each connection in a goroutine until the test ends, and then closes it.
func accept(t *testing.T, ln net.Listener, serve func(net.Conn)) {
	var wg sync.WaitGroup
	t.Cleanup(func() { ln.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				serve(c)
			})
		}
	})
}

// reset makes closing a connection reset it.
func reset(c net.Conn) {
	if over, ok := c.(*tls.Conn); ok {
		c = over.NetConn()
	}
	_ = c.(*net.TCPConn).SetLinger(0)
	c.Close()
}

// steady returns a schedule with one rate, in requests per second.
func steady(rps float64) loadgen.Schedule { return loadgen.Schedule{{From: &rps, To: rps}} }

// shortTimeout is the timeout of requests to targets that do not answer.
const shortTimeout = 300 * time.Millisecond

// streams is a minimal HTTP/2 server. headers is called with each request's stream, in order, and the number of the connection.
func streams(t *testing.T, settings []http2.Setting, headers func(f *http2.Framer, stream uint32, conn int64)) string {
	var conns atomic.Int64
	return listen(t, func(c net.Conn) {
		n := conns.Add(1)
		if _, err := io.CopyN(io.Discard, c, int64(len(http2.ClientPreface))); err != nil {
			return
		}
		f := http2.NewFramer(c, c)
		_ = f.WriteSettings(settings...)
		for {
			frame, err := f.ReadFrame()
			if err != nil {
				return
			}
			if h, ok := frame.(*http2.HeadersFrame); ok {
				headers(f, h.StreamID, n)
			}
		}
	})
}

func ok(f *http2.Framer, stream uint32) {
	_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: []byte{0x88}, EndHeaders: true, EndStream: true}) // :status 200
}

// waitFor waits until a condition holds.
func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); !holds(); <-tick.C {
		if time.Now().After(deadline) {
			t.Error("the condition did not hold within 20 s")
			return
		}
	}
}
