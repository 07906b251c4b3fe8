package report

import (
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/node"
	"landfall/node/findings"
	"landfall/node/fleet"
	"landfall/node/report/reporttest"
)

// afterwards is a time after the end of the runs.
var afterwards = reporttest.T0.Add(reporttest.Seconds(30))

// The rules get the measurements of complete seconds after the warm-up, of each driver and of each request.
func TestEvidenceOfTheRules(t *testing.T) {
	run := reporttest.Faulty()
	run.Spec.Warmup = loadgen.Duration(reporttest.Seconds(2))
	run.Total.Connects = 77
	in := run.Intervals.At(3)
	in.Delta, in.InFlight, in.Open, in.Users = loadgen.Counts{Requests: 990, Responses: 985, Unexpected: 3, Dropped: 7}, 5, 60, 9
	in.Parts = fleet.Parts{condition.Label{Name: "request", Value: "buy"}: {P50US: 1234, P99US: 5678}}
	r := Build(run, afterwards, "1")
	e := r.evidence(run, afterwards)
	if e.Start != 2 || len(e.Seconds) != 8 || e.Connects != 77 || !e.KeepAlive || e.Connections != 3*64 || e.Total != r.Requests || e.Unknown != r.Unknown {
		t.Errorf("start %d, %d seconds, %d connects, keep-alive %v, %d connections, %d requests, %d unknown", e.Start, len(e.Seconds), e.Connects, e.KeepAlive, e.Connections, e.Total, e.Unknown)
	}
	s := e.Seconds[1]
	if s.Requests != 990 || s.Responses != 985 || s.Unexpected != 3 || s.Dropped != 7 || s.InFlight != 5 || s.Open != 60 || s.Users != 9 || s.Asked != 1000 || s.P50US != 262 || s.P99US != 810 {
		t.Errorf("second 3: %+v", s)
	}
	if s.Whole || !e.Seconds[0].Whole {
		t.Errorf("whole: second 2 %v, second 3 %v, in which a driver is missing", e.Seconds[0].Whole, s.Whole)
	}
	if len(e.Drivers) != 3 || len(e.Requests) != 2 {
		t.Fatalf("%d drivers, %d requests", len(e.Drivers), len(e.Requests))
	}
	for _, m := range e.Requests {
		if want := map[string]int64{"buy": 142, "list": 0}[m.Name]; m.Failed != want || len(m.Seconds) != 8 || m.Seconds[1].Requests != 990 {
			t.Errorf("%s: %d failed, %d seconds, %+v", m.Name, m.Failed, len(m.Seconds), m.Seconds[1])
		}
		if s := m.Seconds[1]; (s.P50US == 1234 && s.P99US == 5678) != (m.Name == "buy") || m.Seconds[0].P50US != 0 {
			t.Errorf("%s: latencies of seconds 2 and 3: %+v", m.Name, m.Seconds[:2])
		}
	}
	run.Spec.HTTP2 = true
	if r.evidence(run, afterwards).KeepAlive {
		t.Error("connections over HTTP/2 are not judged by requests for each")
	}
}

// A capacity search overloads its target on purpose, and a run without requests has nothing to explain.
func TestRunsWithoutFindings(t *testing.T) {
	faulty := func() *fleet.Run {
		run := reporttest.Healthy()
		run.Drivers["drv-01"].Reasons = []string{"CPU: 99 %"}
		run.Intervals.At(3).Limited = "drv-01: CPU: 99 %"
		return run
	}
	if r := Build(faulty(), afterwards, "1"); len(r.Findings) == 0 {
		t.Fatal("a limited generator is no finding")
	}
	search, empty := faulty(), faulty()
	search.Spec.Capacity = &loadgen.Capacity{}
	empty.Total = loadgen.Counts{}
	for name, run := range map[string]*fleet.Run{"search": search, "no request": empty} {
		if r := Build(run, afterwards, "1"); r.Findings == nil || len(r.Findings) > 0 {
			t.Errorf("%s: %+v", name, r.Findings)
		}
	}
}

// Drivers with a label are compared as a group.
func TestLabelsAreMembers(t *testing.T) {
	run := reporttest.Healthy()
	for id, site := range map[string]string{"drv-01": "eu", "drv-02": "eu", "drv-03": "us"} {
		run.Drivers[id].Labels = []condition.Label{{Name: "label.site", Value: site}}
	}
	for i := range run.Intervals.Len() {
		run.Intervals.At(i).Parts = fleet.Parts{{Name: "label.site", Value: "eu"}: {Requests: 600}, {Name: "label.site", Value: "us"}: {Requests: 300, Errors: 3}}
	}
	list := labelMembers(run, 10)
	if len(list) != 2 || list[0].Name != "site=eu" || list[1].Name != "site=us" || list[0].Requests != 6000 || list[1].Requests != 3000 || list[0].Failed != 0 || list[1].Failed != 30 {
		t.Errorf("%+v", list)
	}
}

// The target may have counted a retried request twice, and may not have counted requests whose result is
// unknown.
func TestTargetCount(t *testing.T) {
	for name, c := range map[string]struct {
		counted, retried, unknown int64
		want                      string
	}{
		"equal": {10_000, 0, 0, ""}, "retried": {10_040, 40, 0, ""}, "unknown": {10_040, 0, 40, ""},
		"more": {10_500, 0, 0, "more than"}, "fewer": {9_000, 0, 0, "less than"},
	} {
		r := &Report{Requests: 10_000, Responses: 10_000, Retried: c.retried, Unknown: c.unknown, Findings: []findings.Finding{{What: "another"}}}
		r.CheckTargetCount(c.counted)
		found := r.Findings[0].What
		if c.want == "" != (found == "another") || !strings.Contains(found, c.want) || *r.TargetCount != c.counted {
			t.Errorf("%s: %+v", name, r.Findings)
		}
	}
}

// Drivers that take over the share of a lost one open connections for it, which does not mean that the target closes any.
func TestConnectionsOfATakeover(t *testing.T) {
	run := &fleet.Run{Plans: []node.Plan{
		{Shares: []node.NodeShare{{NodeID: "a", Connections: 64}, {NodeID: "b", Connections: 64}, {NodeID: "c", Connections: 64}}},
		{Shares: []node.NodeShare{{NodeID: "a", Connections: 96}, {NodeID: "b", Connections: 96}}},
		{Shares: []node.NodeShare{{NodeID: "a", Connections: 64}, {NodeID: "b", Connections: 64}, {NodeID: "d", Connections: 64}}},
	}}
	if got := connections(run); got != 96+96+64+64 {
		t.Errorf("%d connections", got)
	}
	if got := connections(&fleet.Run{}); got != 0 {
		t.Errorf("%d connections without a plan", got)
	}
}
