package solo

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node/orchestrator"
	"landfall/node/report"
)

func TestARunOfOneProcessCountsAsItsTargetDoes(t *testing.T) {
	var served, bound atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		served.Add(1)
		if strings.HasPrefix(q.RemoteAddr, "127.0.0.2:") {
			bound.Add(1)
		}
	}))
	defer server.Close()
	c := Config{Spec: loadgen.Spec{Target: server.URL, Count: 500, Connections: 4}.WithDefaults(), By: "test", Threads: 1}
	if runtime.GOOS == "linux" { // where all of 127.0.0.0/8 is there
		c.Bind = []netip.Addr{netip.MustParseAddr("127.0.0.2")}
	}
	var r *report.Report
	err := Run(t.Context(), c, func(o *orchestrator.Orchestrator) error {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		select {
		case <-o.Ready():
		case <-ctx.Done():
			return ctx.Err()
		}
		id, err := o.Trigger(ctx, c.Spec, orchestrator.Selection{Count: 1, Wait: 10 * time.Second})
		if err != nil {
			return err
		}
		r, err = o.Wait(ctx, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Requests != 500 || r.Responses != 500 || served.Load() != 500 || len(c.Bind) > 0 && bound.Load() != 500 {
		t.Errorf("%d requests, %d responses; the target counted %d, %d from the address that was bound", r.Requests, r.Responses, served.Load(), bound.Load())
	}
}

func TestHostsAreWhatTheSpecNames(t *testing.T) {
	spec := loadgen.Spec{Target: "https://example.com/a", Requests: []loadgen.Request{{URL: "/b"}, {URL: "http://[::1]:8080/c"}, {URL: "http://10.0.0.1/"}}}
	if got, want := Hosts(spec), []string{"example.com", "[::1]:8080", "10.0.0.1"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := Hosts(loadgen.Spec{Target: "unix:/run/x.sock:/ping"}), []string{"unix:/run/x.sock"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
