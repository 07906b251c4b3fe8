package engine

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"landfall/loadgen"
)

func TestLingers(t *testing.T) {
	now := int64(time.Minute)
	for name, c := range map[string]struct {
		change func(p *epoll, l *loop)
		ahead  time.Duration
		want   bool
	}{
		"until the next request":     {nil, time.Millisecond, true},
		"not for long":               {nil, 3 * time.Millisecond, false},
		"not over an avalanche":      {func(p *epoll, l *loop) { p.stamps = nil }, 0, false},
		"not without a connection":   {func(p *epoll, l *loop) { l.free = nil }, 0, false},
		"not with more to read":      {func(p *epoll, l *loop) { p.more = []*conn{{}} }, 0, false},
		"not when disturbed":         {func(p *epoll, l *loop) { p.disturbed = true }, 0, false},
		"not soon after it":          {func(p *epoll, l *loop) { p.batchAfter = now + 1 }, 0, false},
		"some time after it it does": {func(p *epoll, l *loop) { p.batchAfter = now }, 0, true},
	} {
		p, l := &epoll{stamps: &stampedRead{}}, &loop{now: now, free: []*conn{{}}}
		if c.change != nil {
			c.change(p, l)
		}
		if got := p.lingers(l, now+int64(c.ahead)); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// An impossible timestamp is ignored, and responses are then read as they arrive.
func TestArrived(t *testing.T) {
	e := &Engine{start: time.Now().Add(-time.Hour)}
	for name, c := range map[string]struct {
		ago      time.Duration // age of the response according to the wall clock
		sent     time.Duration // time since the request was sent
		unknown  bool
		believed bool
	}{
		"in between":     {ago: time.Second, sent: 2 * time.Second, believed: true},
		"before it left": {ago: 3 * time.Second, sent: 2 * time.Second},
		"in the future":  {ago: -time.Second, sent: 2 * time.Second},
		"unknown":        {sent: 2 * time.Second, unknown: true},
	} {
		p, l, conn := &epoll{stamps: &stampedRead{}}, &loop{engine: e}, &conn{}
		now := l.clock()
		if !c.unknown {
			conn.epoll.stamp = time.Now().Add(-c.ago).UnixNano()
		}
		at := p.arrived(l, conn, now-int64(c.sent))
		want := now
		if c.believed {
			want -= int64(c.ago)
		}
		if off := time.Duration(at - want).Abs(); off > 500*time.Millisecond || p.disturbed == c.believed {
			t.Errorf("%s: off by %v, disturbed %v", name, off, p.disturbed)
		}
	}
}

// Responses are read up to 2 ms after their arrival, and measured at their arrival. Without timestamps, or
// when they arrive in fragments, they are read at once.
func TestLingeringIsNotInTheFigures(t *testing.T) {
	inParts := func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "o")
		w.(http.Flusher).Flush()
		time.Sleep(time.Millisecond)
		io.WriteString(w, "k")
	}
	socket := filepath.Join(t.TempDir(), "s")
	onSocket := func(s *httptest.Server) {
		ln, err := net.Listen("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		s.Listener.Close()
		s.Listener = ln
		s.Start()
	}
	for name, c := range map[string]struct {
		start   func(*httptest.Server)
		handler http.HandlerFunc
		spec    loadgen.Spec
		lingers bool
	}{
		"plain":     {nil, nil, loadgen.Spec{}, true},
		"TLS":       {(*httptest.Server).StartTLS, nil, loadgen.Spec{TLS: loadgen.TLS{Insecure: true}}, true},
		"Unix":      {onSocket, nil, loadgen.Spec{Target: "unix:" + socket + ":/"}, false},
		"in parts":  {nil, inParts, loadgen.Spec{}, false},
		"closing":   {nil, nil, loadgen.Spec{NoKeepalive: true}, false},
		"avalanche": {nil, nil, loadgen.Spec{Kind: loadgen.Avalanche}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := serve(t, c.handler, c.start)
			spec := c.spec
			if spec.Target == "" {
				spec.Target = r.url
			}
			if spec.Kind == "" {
				spec.RateRPS = 501 // intervals slightly below 2 ms
			}
			spec.Connections, spec.Count = 4, 600
			var engine *Engine
			here := make(chan struct{})
			out := carry(t, spec, Options{Threads: 1}, loadgen.Share{}, func(e *Engine) { engine = e; close(here) })
			<-here
			if out.Total.Responses != 600 || r.served.Load() != 600 {
				t.Errorf("%+v; the target counted %d", out.Total, r.served.Load())
			}
			if lingered := engine.loops[0].poll.epoll.lastWake != 0; lingered != c.lingers {
				t.Errorf("lingered: %v", lingered)
			}
			if p50 := out.service.Quantile(0.5); c.lingers && p50 > 1000 {
				t.Errorf("half of the answers took more than %d µs: they were not read when they came, and that is in the figures", p50)
			}
		})
	}
}
