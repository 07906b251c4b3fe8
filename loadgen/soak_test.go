package loadgen

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"
)

// faults are what the soak's target does to every hundredth request each, and the class that it is counted as.
var soakFaults = []struct {
	name  string
	text  string
	end   func(c net.Conn) // after text; nil: the connection goes on
	class Class            // "": a response
}{
	{"closes at once", "", func(net.Conn) {}, ErrRead},
	{"closes in the header", "HTTP/1.1 200 OK\r\nConte", func(net.Conn) {}, ErrRead},
	{"closes in the body", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nok", func(net.Conn) {}, ErrRead},
	{"resets", "", func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }, ErrRead},
	{"garbage", "SSH-2.0-OpenSSH_9.2\r\n\r\n", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, ErrProtocol},
	{"never answers", "", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, ErrTimeout},
	{"says good-bye", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", func(net.Conn) {}, ""},
	{"an error of its own", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno", nil, ""},
}

// One request in a hundred meets each fault; afterwards the target's counts and the engine's agree to the last request.
func TestCountsAgreeThroughFaults(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		var served atomic.Int64
		var met [100]atomic.Int64
		url := misbehave(t, func(c net.Conn, _ int) bool {
			k := int(served.Add(1) % 100)
			met[k].Add(1)
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
		})
		spec := Spec{Target: url, Count: 3000, Connections: 32, Timeout: Duration(2 * time.Second)}
		out := carry(t, spec, o, Share{}, nil)
		if out.Total.Requests != 3000 || served.Load() != 3000 {
			t.Errorf("%d requests; the target counted %d", out.Total.Requests, served.Load())
		}
		want := map[Class]int64{}
		for k, f := range soakFaults {
			if f.class != "" {
				want[f.class] += met[k].Load()
			}
		}
		for class, n := range want {
			if out.Total.Errors[class] != n {
				t.Errorf("%s: %d errors; the target caused %d", class, out.Total.Errors[class], n)
			}
		}
		if len(out.Total.Errors) != len(want) {
			t.Errorf("errors %v, want %v", out.Total.Errors, want)
		}
		if n := out.Total.Unexpected; n != met[len(soakFaults)-1].Load() || out.Total.Statuses["503"] != n {
			t.Errorf("%d unexpected, %v", n, out.Total.Statuses)
		}
	})
}
