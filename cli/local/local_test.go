package local

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node/orchestrator"
	"landfall/node/policy"
	"landfall/node/report"
)

func TestLocalRunCountsExactly(t *testing.T) {
	var served, bound atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		served.Add(1)
		if strings.HasPrefix(q.RemoteAddr, "127.0.0.2:") {
			bound.Add(1)
		}
	}))
	defer server.Close()
	c := Config{Spec: loadgen.Spec{Target: server.URL, Count: 500, Connections: 4}.WithDefaults(), By: "test", Threads: 1}
	if runtime.GOOS == "linux" { // where all of 127.0.0.0/8 exists
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

// A local run may use any target, including a name with an address from resolve, and a Unix socket.
func TestEveryTargetIsAllowed(t *testing.T) {
	for _, spec := range []loadgen.Spec{
		{Target: "http://shop.example:8080/", Resolve: []string{"shop.example:8080:127.0.0.7"}},
		{Target: "http://localhost/"}, {Target: "http://[::1]:8080/"}, {Target: "unix:/run/x.sock:/ping"},
	} {
		limits, err := policy.New(policy.Config{AllowTargets: allowed(spec)})
		if err == nil {
			err = limits.Check(t.Context(), spec, 1)
		}
		if err != nil {
			t.Error(err)
		}
	}
}
