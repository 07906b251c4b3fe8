package engine

import (
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
)

func TestErrorClasses(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	say := func(text string, more bool) func(net.Conn, int) bool {
		return func(c net.Conn, _ int) bool { io.WriteString(c, text); return more }
	}
	for _, c := range []struct {
		name   string
		answer func(net.Conn, int) bool
		class  loadgen.Class
	}{
		{"closes at once", say("", false), loadgen.ErrRead},
		{"closes in the header", say("HTTP/1.1 200 OK\r\nConte", false), loadgen.ErrRead},
		{"closes in the body", say("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nok", false), loadgen.ErrRead},
		{"garbage", say("SSH-2.0-OpenSSH_9.2\r\n\r\n", true), loadgen.ErrProtocol},
		{"a wrong length", say("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok", true), loadgen.ErrProtocol},
		{"never answers", func(c net.Conn, _ int) bool { io.Copy(io.Discard, c); return false }, loadgen.ErrTimeout},
		{"slow bytes", func(c net.Conn, _ int) bool {
			for i := range ok {
				if _, err := c.Write([]byte(ok[i : i+1])); err != nil {
					return false
				}
				time.Sleep(20 * time.Millisecond)
			}
			return true
		}, loadgen.ErrTimeout},
		{"resets", func(c net.Conn, _ int) bool { c.(*net.TCPConn).SetLinger(0); return false }, loadgen.ErrRead},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			timeout := 20 * time.Second // a delay of a busy machine must not count as a timeout
			if c.class == loadgen.ErrTimeout {
				timeout = 300 * time.Millisecond
			}
			polls(t, func(t *testing.T, o Options) {
				url := misbehave(t, c.answer)
				out := carry(t, loadgen.Spec{Target: url, Count: 20, Connections: 5, Timeout: loadgen.Duration(timeout)}, o, loadgen.Share{}, nil)
				if out.Total.Errors[c.class] != 20 {
					t.Errorf("%+v", out.Total)
				}
			})
		})
	}
}

func TestErrorClassesOfConnecting(t *testing.T) {
	t.Parallel()
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
		spec  loadgen.Spec
		class loadgen.Class
		why   string
	}{
		{"refused", loadgen.Spec{Target: "http://" + refusing}, loadgen.ErrConnect, refusing + ": connection refused"},
		{"no trust", loadgen.Spec{Target: server.url}, loadgen.ErrTLS, "unknown authority"},
		{"a wrong name", loadgen.Spec{Target: server.url, TLS: loadgen.TLS{CA: ca, ServerName: "elsewhere.example"}}, loadgen.ErrTLS, "not elsewhere.example"},
		{"no HTTP/2", loadgen.Spec{Target: server.url, HTTP2: true, TLS: loadgen.TLS{Insecure: true}}, loadgen.ErrTLS, "no application protocol"},
		{"not TLS at all", loadgen.Spec{Target: "https" + silent[4:]}, loadgen.ErrTLS, "connection closed within the TLS handshake"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			polls(t, func(t *testing.T, o Options) {
				spec := c.spec
				spec.Count, spec.Connections = 12, 4
				out := carry(t, spec, o, loadgen.Share{}, nil)
				if out.Total.Errors[c.class] != 12 {
					t.Errorf("%+v", out.Total)
				}
				if len(out.failures) != 1 || out.failures[0].Class != c.class || out.failures[0].Count != 12 || !strings.Contains(out.failures[0].Why, c.why) {
					t.Errorf("said %+v, want 12 times %q", out.failures, c.why)
				}
			})
		})
	}
	if _, err := New(loadgen.Spec{Target: "http://no-such-host.invalid/", Count: 1}.WithDefaults(), Options{}); err == nil {
		t.Error("a name that does not resolve was taken")
	}
}

func TestADeadTargetIsNotHammered(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		out := carry(t, loadgen.Spec{Target: "http://127.0.0.1:1/", Duration: loadgen.Duration(time.Second), Connections: 10}, o, loadgen.Share{}, nil)
		// Backoff of 5–10, 10–20, 20–40 … ms: about eight attempts of each connection in a second.
		if n := out.Total.Errors[loadgen.ErrConnect]; n < 30 || n > 200 {
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
		out := carry(t, loadgen.Spec{Target: url, Count: 1000, Connections: 5}, o, loadgen.Share{}, nil)
		if out.Total.Responses != 1000 || out.Total.Connects < 200 {
			t.Errorf("%+v", out.Total)
		}
	})
}
