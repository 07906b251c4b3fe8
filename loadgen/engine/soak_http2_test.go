package engine

import (
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
)

// Some streams are reset by the target, answered too late or with an error, and some connections are closed with GOAWAY. The engine's
// counts equal the target's.
func TestCountsAgreeThroughFaultsOverHTTP2(t *testing.T) {
	t.Parallel()
	const requests, streams, timeout = 800, 8, 8 * time.Second // longer than a busy machine stalls
	polls(t, func(t *testing.T, o Options) {
		var met [100]atomic.Int64
		var k atomic.Int64
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			n := k.Add(1) % 100
			met[n].Add(1)
			switch n {
			case 0: // RST_STREAM at once
				panic(http.ErrAbortHandler)
			case 1: // RST_STREAM in the body
				io.WriteString(w, "o")
				w.(http.Flusher).Flush()
				panic(http.ErrAbortHandler)
			case 2: // never
				<-q.Context().Done()
			case 3:
				w.WriteHeader(503)
			case 4: // GOAWAY
				w.Header().Set("Connection", "close")
				io.WriteString(w, "ok")
			default:
				io.WriteString(w, "ok")
			}
		}, startClear)
		out := carry(t, loadgen.Spec{Target: r.url, HTTP2: true, Streams: streams, Connections: 4, Count: requests, Timeout: loadgen.Duration(timeout)}, o, loadgen.Share{}, nil)
		got := out.Total
		reset, late := met[0].Load()+met[1].Load(), met[2].Load()
		unsent := got.Errors[loadgen.ErrTimeout] - late // beyond a GOAWAY's last stream, and retried too late or not at all
		if got.Requests != requests || unsent < 0 || unsent > requests/50 || r.served.Load() > requests || r.served.Load() < requests-unsent {
			t.Errorf("%d requests, %d not sent again in time; the target counted %d", got.Requests, unsent, r.served.Load())
		}
		if got.Errors[loadgen.ErrRead] != reset || len(got.Errors) != 2 || got.Unexpected != met[3].Load() {
			t.Errorf("%+v; the target reset %d, left %d and refused %d; %+v", got, reset, late, met[3].Load(), out.failures)
		}
	})
}
