//go:build linux

package engine

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"landfall/loadgen"
)

// endsInTime runs a spec with shortTimeout and checks that it ends soon after its duration, regardless of the target's behaviour.
func endsInTime(t *testing.T, spec loadgen.Spec, o Options) measured {
	t.Helper()
	began := time.Now()
	spec.Timeout, spec.Patience = loadgen.Duration(shortTimeout), loadgen.Duration(shortTimeout)
	out := carry(t, spec, o, loadgen.Share{}, nil)
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("the run took %v", took)
	}
	return out
}

// A target drops SYNs: connections opened in advance have the same deadline as those that a request waits for, and requests without a
// connection report why.
func TestAnAddressThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	polls(t, func(t *testing.T, o Options) {
		silent := silentAddress(t, "127.0.0.1:0")
		for name, spec := range map[string]loadgen.Spec{
			"avalanche by count":    {Count: 12},
			"avalanche by duration": {Duration: loadgen.Duration(time.Second)},
			"tsunami":               {RateRPS: 20, Duration: loadgen.Duration(time.Second)},
			"shorter than timeout":  {Duration: loadgen.Duration(shortTimeout / 2)},
		} {
			spec.Target, spec.Connections = "http://"+silent, 4
			out := endsInTime(t, spec, o)
			if n := out.Total.Errors[loadgen.ErrTimeout]; n < 4 || n != out.Total.Requests || out.why(loadgen.ErrTimeout, "not connected within 300ms") != n {
				t.Errorf("%s: %+v, %+v", name, out.Total, out.failures)
			}
		}
	})
}

// One of two addresses drops SYNs or refuses connections: the other one carries every connection, and no request fails.
func TestOneOfTwoAddressesIsDead(t *testing.T) {
	t.Parallel()
	for name, dead := range map[string]func(*testing.T, string) string{
		"silent":   silentAddress,
		"refusing": func(*testing.T, string) string { return "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			polls(t, func(t *testing.T, o Options) {
				r := serve(t, nil, nil)
				_, port, _ := net.SplitHostPort(r.url[len("http://"):])
				dead(t, "127.0.0.2:"+port)
				for _, again := range []bool{false, true} {
					spec := loadgen.Spec{Target: "http://shop.test:" + port, Duration: loadgen.Duration(time.Second), Connections: 8, NoKeepalive: again,
						Timeout: loadgen.Duration(2 * time.Second), Resolve: []string{"shop.test:" + port + ":127.0.0.2,127.0.0.1"}}
					out := carry(t, spec, o, loadgen.Share{}, nil)
					if s := out.list[0]; out.Total.Responses != out.Total.Requests || out.Total.Responses < 10 || !again && s.Open != 8 {
						t.Errorf("%d connections are open, %+v, %+v", s.Open, out.Total, out.failures)
					}
				}
			})
		})
	}
}

// A run ends in time however an HTTP/2 target leaves requests unanswered, whether it has a duration or a number of requests.
func TestHTTP2TargetsThatStall(t *testing.T) {
	t.Parallel()
	none := []http2.Setting{{ID: http2.SettingMaxConcurrentStreams, Val: 0}}
	for _, c := range []struct {
		name     string
		settings []http2.Setting
		headers  func(*http2.Framer, uint32, int64)
		class    loadgen.Class
		why      string
	}{
		{"GOAWAY, and the last stream is never answered", nil, func(f *http2.Framer, stream uint32, _ int64) {
			_ = f.WriteGoAway(stream, http2.ErrCodeNo, nil)
		}, loadgen.ErrTimeout, "no complete response within 300ms"},
		{"no streams allowed, those begun refused", none, func(f *http2.Framer, stream uint32, _ int64) {
			_ = f.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
		}, loadgen.ErrTimeout, whyNotSentAgain},
		{"no streams allowed, those begun ignored", none, func(*http2.Framer, uint32, int64) {}, loadgen.ErrTimeout, "no complete response"},
		{"refused late", nil, func(f *http2.Framer, stream uint32, _ int64) {
			time.Sleep(shortTimeout * 2 / 3)
			_ = f.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
		}, loadgen.ErrTimeout, "no complete response"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			polls(t, func(t *testing.T, o Options) {
				for _, spec := range []loadgen.Spec{{Count: 6}, {Duration: loadgen.Duration(time.Second)}, {RateRPS: 10, Duration: loadgen.Duration(time.Second)}} {
					spec.Target, spec.HTTP2, spec.Streams, spec.Connections = streams(t, c.settings, c.headers), true, 2, 2
					out := endsInTime(t, spec, o)
					if n := out.Total.Errors[c.class]; n == 0 || out.Total.Responses != 0 || out.why(c.class, c.why) == 0 {
						t.Errorf("%+v, %+v", out.Total, out.failures)
					}
					if all := out.all; all.Count() > 0 {
						t.Errorf("latencies of no response: %v", all)
					}
				}
			})
		})
	}
}

// A connection whose stream limit drops to 0 between requests is replaced after the timeout, and the new one is used.
func TestConnectionsWithoutRoomAreReplaced(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		o.Threads = 1
		url := streams(t, nil, func(f *http2.Framer, stream uint32, conn int64) {
			ok(f, stream)
			if conn == 1 {
				_ = f.WriteSettings(http2.Setting{ID: http2.SettingMaxConcurrentStreams, Val: 0})
			}
		})
		out := endsInTime(t, loadgen.Spec{Target: url, HTTP2: true, Streams: 1, Connections: 1, Count: 50}, o)
		if out.Total.Responses != 50 || out.Total.Connects != 2 {
			t.Errorf("%+v, %+v", out.Total, out.failures)
		}
		if len(out.failures) != 1 || out.failures[0].Why != whyNoStream || out.failures[0].Count != 0 {
			t.Errorf("it is not said why: %+v", out.failures)
		}
	})
}

// The timeout of a retry does not close a new connection that other requests wait for.
func TestARequestSentAgainLateLosesNoOther(t *testing.T) {
	t.Parallel()
	polls(t, func(t *testing.T, o Options) {
		var conns atomic.Int64
		url := listen(t, func(c net.Conn) {
			first := conns.Add(1) == 1
			if _, err := io.CopyN(io.Discard, c, int64(len(http2.ClientPreface))); err != nil {
				return
			}
			f := http2.NewFramer(c, c)
			if first {
				_ = f.WriteSettings()
				time.Sleep(1500 * time.Millisecond)
				_ = f.WriteGoAway(0, http2.ErrCodeNo, nil)
				return
			}
			time.Sleep(1900 * time.Millisecond) // silent when the first of them, due at 0, has waited for 3 s
			_ = f.WriteSettings()
			for {
				frame, err := f.ReadFrame()
				if err != nil {
					return
				}
				if h, is := frame.(*http2.HeadersFrame); is {
					ok(f, h.StreamID)
				}
			}
		})
		out := carry(t, loadgen.Spec{Target: url, HTTP2: true, Streams: 2, Connections: 1, RateRPS: 1, Duration: loadgen.Duration(2 * time.Second),
			Timeout: loadgen.Duration(3 * time.Second)}, o, loadgen.Share{}, nil)
		if got := out.Total; got.Requests != 2 || got.Responses != 1 || got.Errors[loadgen.ErrTimeout] != 1 || got.Retried != 2 {
			t.Errorf("%+v, %+v", got, out.failures)
		}
	})
}

// A connection that receives nothing more is replaced when a request has timed out on it.
func TestADeadHTTP2ConnectionIsReplaced(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		o.Threads = 1
		var first atomic.Int64
		url := streams(t, nil, func(f *http2.Framer, stream uint32, conn int64) {
			if conn > 1 || first.Add(1) <= 10 {
				ok(f, stream)
			}
		})
		out := endsInTime(t, loadgen.Spec{Target: url, HTTP2: true, Streams: 2, Connections: 1, Count: 100}, o)
		if got := out.Total; got.Responses < 95 || got.Errors[loadgen.ErrTimeout] == 0 || got.Connects != 2 {
			t.Errorf("%+v, %+v", got, out.failures)
		}
	})
}
