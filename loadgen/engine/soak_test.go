package engine

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"maps"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
)

// faults are what the soak's target does to every hundredth request each, and the class of the resulting error.
var soakFaults = []struct {
	name  string
	text  string
	end   func(c net.Conn) // after text; nil: the connection stays open
	class loadgen.Class    // "": a response
}{
	{"closes at once", "", func(net.Conn) {}, loadgen.ErrRead},
	{"closes in the header", "HTTP/1.1 200 OK\r\nConte", func(net.Conn) {}, loadgen.ErrRead},
	{"closes in the body", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nok", func(net.Conn) {}, loadgen.ErrRead},
	{"resets", "", reset, loadgen.ErrRead},
	{"a wrong length", "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok", drain, loadgen.ErrProtocol},
	{"slow bytes", "HTTP/1.1 200 OK\r\n", func(c net.Conn) {
		for _, err := c.Write([]byte("X")); err == nil; _, err = c.Write([]byte("X")) {
			time.Sleep(50 * time.Millisecond)
		}
	}, loadgen.ErrTimeout},
	{"garbage", "SSH-2.0-OpenSSH_9.2\r\n\r\n", drain, loadgen.ErrProtocol},
	{"never answers", "", drain, loadgen.ErrTimeout},
	{"says good-bye", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", func(net.Conn) {}, ""},
	{"an error of its own", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno", nil, ""},
}

func drain(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// One request in a hundred meets each fault. Afterwards the target's counts and the engine's agree exactly.
func TestCountsAgreeThroughFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spec  loadgen.Spec
		https bool
	}{
		"avalanche by count":    {loadgen.Spec{Count: 1500}, false},
		"avalanche by duration": {loadgen.Spec{Duration: loadgen.Duration(2 * time.Second)}, false},
		"tsunami by count":      {loadgen.Spec{Count: 1500, RateRPS: 1000}, false},
		"tsunami by duration":   {loadgen.Spec{Duration: loadgen.Duration(2 * time.Second), RateRPS: 1000}, false},
		"https":                 {loadgen.Spec{Count: 1500, TLS: loadgen.TLS{Insecure: true}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			polls(t, func(t *testing.T, o Options) {
				var m faultCounts
				ln, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				spec := c.spec
				spec.Target, spec.Connections = "http://"+ln.Addr().String(), 64
				// Longer than a busy machine stalls: only the target's faults are timeouts, and nothing is dropped.
				spec.Timeout, spec.Patience = loadgen.Duration(6*time.Second), loadgen.Duration(time.Minute)
				if c.https {
					_, _, cert, key := newAuthority(t).issue(&x509.Certificate{NotAfter: time.Now().Add(time.Hour)})
					pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
					if err != nil {
						t.Fatal(err)
					}
					ln = tls.NewListener(ln, &tls.Config{Certificates: []tls.Certificate{pair}})
					spec.Target = "https" + spec.Target[4:]
				}
				misbehaveOn(t, ln, m.answer)
				m.compare(t, spec, carry(t, spec, o, loadgen.Share{}, nil))
			})
		})
	}
}

// faultCounts counts the faults that a target injected.
type faultCounts struct {
	served atomic.Int64
	met    [100]atomic.Int64
}

func (m *faultCounts) answer(c net.Conn, _ int) (more bool) {
	k := int(m.served.Add(1) % 100)
	m.met[k].Add(1)
	if k >= len(soakFaults) {
		_, err := io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		return err == nil
	}
	f := soakFaults[k]
	_, _ = io.WriteString(c, f.text)
	if f.end != nil {
		f.end(c)
	}
	return f.end == nil
}

func (m *faultCounts) compare(t *testing.T, spec loadgen.Spec, out measured) {
	if n := out.Total.Requests; n+out.Total.Retried != m.served.Load() || spec.Count > 0 && n != spec.Count || n < 200 || out.Total.Dropped != 0 {
		t.Errorf("%d requests, %d of them sent again, %d dropped; the target counted %d", n, out.Total.Retried, out.Total.Dropped, m.served.Load())
	}
	want := map[loadgen.Class]int64{}
	for k, f := range soakFaults {
		if f.class != "" {
			want[f.class] += m.met[k].Load()
		}
	}
	want[loadgen.ErrRead] -= out.Total.Retried // a fault whose request was retried is not an error
	if !maps.Equal(out.Total.Errors, want) {
		t.Errorf("errors %v; the target caused %v", out.Total.Errors, want)
	}
	if n := out.Total.Unexpected; n != m.met[len(soakFaults)-1].Load() || out.Total.Statuses["503"] != n {
		t.Errorf("%d unexpected, %v", n, out.Total.Statuses)
	}
}
