package gateway

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"landfall/node/fleet"
	"landfall/node/orchestrator"
)

// beside returns another gateway on the same bus, as if on another machine.
func (s *site) beside(id string) *site {
	other := &site{t: s.t, bus: s.bus, target: s.target}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	s.t.Cleanup(func() { cancel(); wg.Wait() })
	other.o = orchestrator.New(s.bus.Node(id), orchestrator.Config{ID: id, By: "host of " + id})
	wg.Go(func() { _ = other.o.Run(ctx) })
	<-other.o.Ready()
	var err error
	if other.g, err = New(other.o, Config{Listen: "127.0.0.1:0"}); err != nil {
		s.t.Fatal(err)
	}
	wg.Go(func() { _ = other.g.Run(ctx) })
	return other
}

// Two gateways see the same run. The one that does not conduct it cannot adjust it, but can adopt and stop it.
func TestOnlyTheConductorAdjusts(t *testing.T) {
	t.Parallel()
	a := newSite(t, Config{})
	b := a.beside("o2")
	var created, seen Run
	a.call("POST", "/api/v1/runs", a.spec(60), &created)
	run := "/api/v1/runs/" + created.TestID
	b.until(func(st *fleet.State) bool {
		return st.Run(created.TestID) != nil && !st.Run(created.TestID).T0.IsZero()
	})
	b.call("GET", run, "", &seen)
	if seen.AtHelm || seen.Conductor != created.Conductor || !created.AtHelm {
		t.Errorf("at_helm %t and %t, conductors %q and %q", created.AtHelm, seen.AtHelm, created.Conductor, seen.Conductor)
	}
	status := func(s *site, order, body string, want int) {
		t.Helper()
		if resp := s.call("POST", run+"/"+order, body, nil); resp.StatusCode != want {
			t.Errorf("%s: %s, want %d", order, resp.Status, want)
		}
	}
	rate := func(st *fleet.State) float64 {
		p := st.Run(created.TestID).Plan()
		return p.Schedule[len(p.Schedule)-1].To
	}
	status(b, "adjust", `{"rate_rps":50}`, http.StatusConflict)
	status(b, "adopt", "", http.StatusAccepted)
	a.until(func(st *fleet.State) bool { return st.Run(created.TestID).Conductor == "o2" })
	b.until(func(st *fleet.State) bool { return st.Run(created.TestID).Conductor == "o2" })
	status(a, "adjust", `{"rate_rps":70}`, http.StatusConflict)
	status(b, "adjust", `{"rate_rps":60}`, http.StatusAccepted)
	status(b, "adjust", `{"rate":50}`, http.StatusAccepted)
	for _, s := range []*site{a, b} {
		s.until(func(st *fleet.State) bool { return rate(st) == 50 })
	}
	status(b, "adjust", `{"rate_rps":0}`, http.StatusUnprocessableEntity)
	status(a, "stop", "", http.StatusAccepted)
	for _, s := range []*site{a, b} {
		s.until(func(st *fleet.State) bool { return st.Run(created.TestID).Phase == fleet.Finished })
		s.call("GET", run, "", &seen)
		if n := a.served.Load(); seen.Requests != n {
			t.Errorf("%d requests, the target counted %d", seen.Requests, n)
		}
	}
}
