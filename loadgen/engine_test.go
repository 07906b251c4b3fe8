package loadgen

import (
	"bufio"
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// rig is a server that counts, and what an engine reported of it.
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

// measured is everything that one run reported.
type measured struct {
	Snapshot
	all     *Histogram
	service *Histogram
	asked   int64
	list    []Snapshot
}

// carry runs an engine to its end and checks what must always hold.
func carry(t *testing.T, spec Spec, o Options, share Share, during func(*Engine)) measured {
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
	if share.Schedule == nil && spec.Kind == Tsunami {
		share.Schedule = flat(spec.RateRPS)
	}
	if share.Until == 0 {
		share.Until = spec.Duration
	}
	if share.Quota == 0 {
		share.Quota = spec.Count
	}
	out := measured{all: NewHistogram(), service: NewHistogram()}
	if during != nil {
		go during(e)
	}
	var sum Counts
	err = e.Run(t.Context(), time.Now().Add(50*time.Millisecond), share, func(s Snapshot) {
		sum.Add(s.Delta)
		out.asked += s.Asked
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
	if !out.Final || total.Requests != total.Responses+failed || sum.Requests != total.Requests || out.Begun != total.Requests+total.Dropped {
		t.Errorf("final %v; begun %d; total %+v; sum of deltas %d", out.Final, out.Begun, total, sum.Requests)
	}
	if spec.Kind == Tsunami && out.asked != out.Begun {
		t.Errorf("%d requests were asked for, %d begun", out.asked, out.Begun)
	}
	if out.all.Count() != total.Responses {
		t.Errorf("%d latencies of %d responses", out.all.Count(), total.Responses)
	}
	return out
}

// polls runs a test with each of the two ways to wait.
func polls(t *testing.T, f func(t *testing.T, o Options)) {
	for name, portable := range map[string]bool{"fast": false, "portable": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, Options{Portable: portable, Threads: 2})
		})
	}
}

func TestEveryRequestIsCountedAsTheTargetCounts(t *testing.T) {
	second := Duration(time.Second)
	for _, c := range []struct {
		name string
		spec Spec
		want int64
	}{
		{"avalanche by count", Spec{Count: 5001, Connections: 7}, 5001},
		{"avalanche by duration", Spec{Duration: second / 2, Connections: 7}, 0},
		{"tsunami by duration", Spec{RateRPS: 500, Duration: second, Connections: 7}, 500},
		{"tsunami by count", Spec{RateRPS: 1000, Count: 777, Connections: 7}, 777},
		{"poisson", Spec{RateRPS: 1000, Arrivals: "poisson", Count: 500, Seed: 7, Connections: 7}, 500},
		{"one connection", Spec{RateRPS: 300, Duration: second, Connections: 1}, 300},
		{"more connections than requests", Spec{Count: 3, Connections: 64}, 3},
		{"no keep-alive", Spec{Count: 300, Connections: 5, NoKeepalive: true}, 300},
		{"a limit on connecting", Spec{Count: 20, Connections: 5, NoKeepalive: true, ConnectRate: 100}, 20},
		{"with a body", Spec{Count: 300, Connections: 5, Body: "hello"}, 300},
		{"burst", Spec{Count: 64, Connections: 64, Burst: true}, 64},
	} {
		t.Run(c.name, func(t *testing.T) {
			polls(t, func(t *testing.T, o Options) {
				r := serve(t, nil, nil)
				spec := c.spec
				spec.Target = r.url
				out := carry(t, spec, o, Share{}, nil)
				if n := out.Total.Responses; n != r.served.Load() || n != out.Total.Requests || c.want > 0 && n != c.want {
					t.Errorf("%d requests, %d responses; the target counted %d, asked for %d", out.Total.Requests, n, r.served.Load(), c.want)
				}
				if out.Total.BytesRead == 0 || out.Total.BytesWritten == 0 || out.Total.Connects == 0 {
					t.Errorf("nothing was counted: %+v", out.Total)
				}
			})
		})
	}
}

func TestTransports(t *testing.T) {
	withTLS := func(s *httptest.Server) { s.EnableHTTP2 = true; s.StartTLS() }
	unencrypted := func(s *httptest.Server) {
		var p http.Protocols
		p.SetHTTP1(true)
		p.SetUnencryptedHTTP2(true)
		s.Config.Protocols = &p
		s.Start()
	}
	for _, c := range []struct {
		name  string
		start func(*httptest.Server)
		spec  Spec
		major int
	}{
		{"https", withTLS, Spec{TLS: TLS{Insecure: true}}, 1},
		{"https without keep-alive", withTLS, Spec{TLS: TLS{Insecure: true}, NoKeepalive: true}, 1},
		{"HTTP/2 over TLS", withTLS, Spec{TLS: TLS{Insecure: true}, HTTP2: true, Streams: 10}, 2},
		{"HTTP/2 with a body", withTLS, Spec{TLS: TLS{Insecure: true}, HTTP2: true, Streams: 3, Body: string(make([]byte, 100_000))}, 2},
		{"HTTP/2 in clear text", unencrypted, Spec{HTTP2: true, Streams: 10}, 2},
		{"HTTP/2, paced", unencrypted, Spec{HTTP2: true, Streams: 2, RateRPS: 500}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			polls(t, func(t *testing.T, o Options) {
				var wrong atomic.Int64
				r := serve(t, func(w http.ResponseWriter, q *http.Request) {
					if body, _ := io.ReadAll(q.Body); q.ProtoMajor != c.major || len(body) != len(c.spec.Body) {
						wrong.Add(1)
					}
					io.WriteString(w, "ok")
				}, c.start)
				spec := c.spec
				spec.Target, spec.Count, spec.Connections = r.url+"/x", 500, 4
				out := carry(t, spec, o, Share{}, nil)
				if out.Total.Responses != 500 || r.served.Load() != 500 || wrong.Load() != 0 {
					t.Errorf("%+v; the target counted %d, %d of them wrong", out.Total, r.served.Load(), wrong.Load())
				}
				if c.spec.TLS.Insecure && out.Total.Handshakes == 0 {
					t.Error("no handshake was counted")
				}
			})
		})
	}
}

func TestUnixSocketAndIPv6(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	for _, c := range []struct{ name, network, addr, url string }{
		{"unix", "unix", socket, "unix:" + socket + ":/ping"},
		{"IPv6", "tcp6", "[::1]:0", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			ln, err := net.Listen(c.network, c.addr)
			if err != nil {
				t.Skip("not to be had here: ", err)
			}
			r := serve(t, nil, func(s *httptest.Server) { s.Listener.Close(); s.Listener = ln; s.Start() })
			url := c.url
			if url == "" {
				url = r.url
			}
			out := carry(t, Spec{Target: url, Count: 100, Connections: 3}, Options{}, Share{}, nil)
			if out.Total.Responses != 100 || r.served.Load() != 100 {
				t.Errorf("%+v; the target counted %d", out.Total, r.served.Load())
			}
		})
	}
}

func TestAdjustCountsEveryRequestOnce(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, nil, nil)
		spec := Spec{Target: r.url, RateRPS: 500, Duration: Duration(3 * time.Second), Connections: 8}
		out := carry(t, spec, o, Share{}, func(e *Engine) {
			time.Sleep(500 * time.Millisecond)
			e.Adjust(Share{Seq: 1, From: Duration(time.Second), Until: Duration(2 * time.Second), Connections: 4, Schedule: flat(1000), Of: 1})
		})
		if n := out.Total.Responses; n != 1500 || r.served.Load() != n {
			t.Errorf("500 in the first second and 1000 in the next: %d responses, the target counted %d", n, r.served.Load())
		}
	})
}

func TestAdjustGrowsAQuotaThatWasUsedUp(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, nil, nil)
		var e *Engine
		first := make(chan struct{})
		go func() {
			<-first
			e.Adjust(Share{Seq: 1, Quota: 1000, Connections: 3, Of: 1})
		}()
		var err error
		if e, err = New(Spec{Target: r.url, Count: 400, Connections: 3}.WithDefaults(), o); err != nil {
			t.Fatal(err)
		}
		var once sync.Once
		got := int64(0)
		e.Adjust(Share{Quota: 400, Connections: 3, Of: 1})
		_ = e.Run(t.Context(), time.Now(), Share{Quota: 400, Connections: 3, Of: 1}, func(s Snapshot) { got = s.Total.Responses; once.Do(func() { close(first) }) })
		if got != 400 && got != 1000 || got != r.served.Load() {
			t.Errorf("%d responses; the target counted %d", got, r.served.Load())
		}
	})
}

func TestDrainAndEnd(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			time.Sleep(20 * time.Millisecond)
			io.WriteString(w, "ok")
		}, nil)
		out := carry(t, Spec{Target: r.url, Duration: Duration(time.Minute), Connections: 10}, o, Share{}, func(e *Engine) {
			time.Sleep(400 * time.Millisecond)
			e.Drain()
		})
		if n := out.Total.Responses; n == 0 || n != out.Total.Requests || n != r.served.Load() {
			t.Errorf("drained: %+v; the target counted %d", out.Total, r.served.Load())
		}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		e, err := New(Spec{Target: r.url, Duration: Duration(time.Minute), Connections: 10}.WithDefaults(), o)
		if err != nil {
			t.Fatal(err)
		}
		var last Snapshot
		if err := e.Run(ctx, time.Now(), Share{Connections: 10, Of: 1}, func(s Snapshot) { last = s }); err != nil || !last.Final {
			t.Errorf("ended: %v, %+v", err, last)
		}
		if last.Total.Errors[ErrRead] == 0 {
			t.Errorf("requests in flight are not errors: %+v", last.Total)
		}
	})
}

// misbehave answers each request of a connection, counted from 0, by hand.
func misbehave(t *testing.T, answer func(c net.Conn, n int) (more bool)) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
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
	})
	return "http://" + ln.Addr().String() + "/"
}

func TestErrorClasses(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	say := func(text string, more bool) func(net.Conn, int) bool {
		return func(c net.Conn, _ int) bool { io.WriteString(c, text); return more }
	}
	for _, c := range []struct {
		name   string
		answer func(net.Conn, int) bool
		class  Class
	}{
		{"closes at once", say("", false), ErrRead},
		{"closes in the header", say("HTTP/1.1 200 OK\r\nConte", false), ErrRead},
		{"closes in the body", say("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nok", false), ErrRead},
		{"garbage", say("SSH-2.0-OpenSSH_9.2\r\n\r\n", true), ErrProtocol},
		{"a wrong length", say("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok", true), ErrProtocol},
		{"never answers", func(c net.Conn, _ int) bool { io.Copy(io.Discard, c); return false }, ErrTimeout},
		{"slow bytes", func(c net.Conn, _ int) bool {
			for i := range ok {
				if _, err := c.Write([]byte(ok[i : i+1])); err != nil {
					return false
				}
				time.Sleep(20 * time.Millisecond)
			}
			return true
		}, ErrTimeout},
		{"resets", func(c net.Conn, _ int) bool { c.(*net.TCPConn).SetLinger(0); return false }, ErrRead},
	} {
		t.Run(c.name, func(t *testing.T) {
			polls(t, func(t *testing.T, o Options) {
				url := misbehave(t, c.answer)
				out := carry(t, Spec{Target: url, Count: 20, Connections: 5, Timeout: Duration(300 * time.Millisecond)}, o, Share{}, nil)
				if out.Total.Errors[c.class] != 20 {
					t.Errorf("%+v", out.Total)
				}
			})
		})
	}
}

func TestErrorClassesOfConnecting(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refusing := ln.Addr().String()
	ln.Close()
	server := serve(t, nil, func(s *httptest.Server) { s.StartTLS() })
	silent := misbehave(t, func(net.Conn, int) bool { return false })
	other := httptest.NewUnstartedServer(nil)
	other.StartTLS()
	defer other.Close()
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: other.Certificate().Raw}))
	for _, c := range []struct {
		name  string
		spec  Spec
		class Class
	}{
		{"refused", Spec{Target: "http://" + refusing}, ErrConnect},
		{"no trust", Spec{Target: server.url}, ErrTLS},
		{"a wrong name", Spec{Target: server.url, TLS: TLS{CA: ca, ServerName: "elsewhere.example"}}, ErrTLS},
		{"no HTTP/2", Spec{Target: server.url, HTTP2: true, TLS: TLS{Insecure: true}}, ErrTLS},
		{"not TLS at all", Spec{Target: "https" + silent[4:]}, ErrTLS},
	} {
		t.Run(c.name, func(t *testing.T) {
			polls(t, func(t *testing.T, o Options) {
				spec := c.spec
				spec.Count, spec.Connections = 12, 4
				out := carry(t, spec, o, Share{}, nil)
				if out.Total.Errors[c.class] != 12 {
					t.Errorf("%+v", out.Total)
				}
			})
		})
	}
	if _, err := New(Spec{Target: "http://no-such-host.invalid/", Count: 1}.WithDefaults(), Options{}); err == nil {
		t.Error("a name that does not resolve was taken")
	}
}

func TestADeadTargetIsNotHammered(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		out := carry(t, Spec{Target: "http://127.0.0.1:1/", Duration: Duration(time.Second), Connections: 10}, o, Share{}, nil)
		// Pauses of 5–10, 10–20, 20–40 … ms: about eight tries of each connection in a second.
		if n := out.Total.Errors[ErrConnect]; n < 30 || n > 200 {
			t.Errorf("%d tries", n)
		}
	})
}

func TestConnectionsThatCloseAfterSomeRequestsLoseNothing(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		url := misbehave(t, func(c net.Conn, n int) bool {
			last := n == 4
			closing := ""
			if last {
				closing = "Connection: close\r\n"
			}
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n%s\r\nok", closing)
			return !last
		})
		out := carry(t, Spec{Target: url, Count: 1000, Connections: 5}, o, Share{}, nil)
		if out.Total.Responses != 1000 || out.Total.Connects < 200 {
			t.Errorf("%+v", out.Total)
		}
	})
}

func TestWhatIsNotExpected(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		var n atomic.Int64
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			switch n.Add(1) % 4 {
			case 0:
				w.WriteHeader(500)
			case 1:
				io.WriteString(w, "all is w")
				w.(http.Flusher).Flush()
				io.WriteString(w, "ell here")
			case 2:
				io.WriteString(w, "something else")
			case 3:
				io.WriteString(w, "all is well, but it takes far too many words to say so")
			}
		}, nil)
		out := carry(t, Spec{Target: r.url, Count: 400, Connections: 4, Expect: Expect{BodyContains: "is well", MaxBytes: 20}}, o, Share{}, nil)
		if out.Total.Unexpected != 300 || out.Total.Statuses["500"] != 100 || out.Total.Statuses["200"] != 300 {
			t.Errorf("%+v", out.Total)
		}
	})
}

func TestDueRequestsAreDroppedWhenPatienceEnds(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			time.Sleep(200 * time.Millisecond)
			io.WriteString(w, "ok")
		}, nil)
		out := carry(t, Spec{Target: r.url, RateRPS: 50, Duration: Duration(2 * time.Second), Connections: 2, Patience: Duration(100 * time.Millisecond)}, o, Share{}, nil)
		if out.Begun != 100 || out.Total.Dropped < 60 || out.Total.Responses != r.served.Load() {
			t.Errorf("begun %d, %+v; the target counted %d", out.Begun, out.Total, r.served.Load())
		}
	})
}

func TestTheAllowHookIsAskedAboutTheAddress(t *testing.T) {
	asked := ""
	_, err := New(Spec{Target: "http://shop.example/", Count: 1, Resolve: []string{"shop.example:80:127.0.0.9"}}.WithDefaults(), Options{
		Allow: func(a netip.AddrPort, host string) error { asked = host + " " + a.String(); return fmt.Errorf("no") },
	})
	if err == nil || asked != "shop.example 127.0.0.9:80" {
		t.Errorf("got %v, asked about %q", err, asked)
	}
}

func TestNamedRequestsAndPlaceholders(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		seen := sync.Map{}
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			if _, twice := seen.LoadOrStore(q.URL.String(), true); twice && q.URL.Path == "/item" {
				w.WriteHeader(409)
			}
		}, nil)
		spec := Spec{Target: r.url, Count: 600, Connections: 6, Requests: []Request{{Name: "item", URL: "/item?n={{seq}}", Weight: 2}, {Name: "home", URL: "/"}}}
		out := carry(t, spec, o, Share{}, nil)
		named := map[string]int64{}
		for _, s := range out.list {
			for _, n := range s.Named {
				named[n.Name] += n.Requests
			}
		}
		if out.Total.Unexpected != 0 || named["item"]+named["home"] != 600 || named["item"] < 330 || named["item"] > 470 {
			t.Errorf("%+v, %v", out.Total, named)
		}
	})
}

func TestTLSResumesSessions(t *testing.T) {
	var resumed atomic.Int64
	r := serve(t, func(w http.ResponseWriter, q *http.Request) {
		if q.TLS.DidResume {
			resumed.Add(1)
		}
	}, (*httptest.Server).StartTLS)
	out := carry(t, Spec{Target: r.url, Count: 50, Connections: 1, NoKeepalive: true, TLS: TLS{Insecure: true}}, Options{}, Share{}, nil)
	if resumed.Load() < 40 || out.Total.Handshakes < 50 {
		t.Errorf("%d of %d handshakes resumed a session", resumed.Load(), out.Total.Handshakes)
	}
}
