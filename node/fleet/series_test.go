package fleet

import (
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
	"landfall/node"
)

// part posts a driver's second: requests named login with a latency, and requests named cart with twice the
// latency, some of them answered with 500.
func (p *script) part(id string, interval int, login, cart, broken int64, us int64) {
	l, c := hdr.New(), hdr.New()
	for range login {
		l.Record(us)
	}
	for range cart {
		c.Record(2 * us)
	}
	bad := hdr.New()
	for range broken {
		bad.Record(2 * us)
	}
	good := l.Clone()
	for range cart - broken {
		good.Record(2 * us)
	}
	all := l.Clone()
	all.Merge(c)
	n := login + cart
	counts := loadgen.Counts{Requests: n, Responses: n, Unexpected: broken, Statuses: map[string]int64{"200": n - broken, "500": broken}}
	total := counts
	p.seq["t"+id]++
	p.post(&node.Metrics{NodeID: id, BootID: "boot-" + id, Seq: p.seq["t"+id], TestID: "t", AtUS: p.now.UnixMicro(), Snapshot: loadgen.Snapshot{
		Interval: interval, Delta: counts, Total: total, Times: loadgen.Times{Latency: all, Service: all},
		Named:   []loadgen.Named{{Name: "login", Requests: login, Times: loadgen.Times{Latency: l}}, {Name: "cart", Requests: cart, Unexpected: broken, Times: loadgen.Times{Latency: c}}},
		Classes: []loadgen.StatusClass{{Class: "2xx", Times: loadgen.Times{Latency: good}}, {Class: "5xx", Times: loadgen.Times{Latency: bad}}},
	}})
}

// parted returns a run of the given length with two drivers, labelled eu and us.
func parted(t *testing.T, seconds int, warmup time.Duration) *Run {
	r, _ := partedScript(t, seconds, warmup)
	return r
}

func partedScript(t *testing.T, seconds int, warmup time.Duration) (*Run, *script) {
	p := newScript(t)
	for id, site := range map[string]string{"a": "eu", "b": "us"} {
		p.post(&node.Register{NodeID: id, BootID: "boot-" + id, Labels: map[string]string{"site": site}})
		p.beat(node.Idle, "", id)
	}
	s := spec
	s.Warmup = loadgen.Duration(warmup)
	s.Requests = []loadgen.Request{{Name: "login"}, {Name: "cart"}}
	for _, label := range []string{"driver=a", "label.site=eu", "label.site=us", "status=5xx"} {
		s.Thresholds = append(s.Thresholds, loadgen.Threshold{Expr: "p99{" + label + "}<1s"})
	}
	p.post(&node.Config{TestID: "t", Drivers: []string{"a", "b"}, By: "me", Spec: s})
	p.post(&node.Trigger{ID: "start", Action: node.Start, TestID: "t", By: "me", Conductor: "o1", Epoch: 1, T0US: p.now.UnixMicro(),
		Plan: &node.Plan{UntilUS: 7200e6, Shares: []node.NodeShare{{NodeID: "a", Connections: 1}, {NodeID: "b", Connections: 1}}}})
	for i := range seconds {
		p.pass(time.Second)
		p.beat(node.Running, "t", "a", "b")
		p.part("a", i, 6, 4, 0, 1000)
		p.part("b", i, 3, 2, 1, 4000)
	}
	return p.s.Run("t"), p
}

func TestSeriesByLabel(t *testing.T) {
	r := parted(t, 30, 0) // longer than histograms stay unpacked
	for _, c := range []struct {
		name, value          string
		requests, unexpected int64
		p99                  int64
	}{
		{"", "", 15, 1, 8000},
		{"request", "login", 9, 0, 4000},
		{"step", "cart", 6, 1, 8000},
		{"label.site", "eu", 10, 0, 2000},
		{"label.site", "us", 5, 1, 8000},
		{"driver", "a", 10, 0, 2000},
		{"status", "5xx", 1, 0, 8000},
	} {
		for _, span := range [][2]int{{0, 1}, {0, 30}, {20, 30}} {
			label := condition.Label{Name: c.name, Value: c.value}
			f, ok := r.Series().Between(label, span[0], span[1])
			n := int64(span[1] - span[0])
			if !ok || f.Requests != n*c.requests || f.Unexpected != n*c.unexpected || f.Seconds != float64(n) {
				t.Errorf("%v %v: %+v %v", label, span, f, ok)
				continue
			}
			if p99 := f.Latency.Quantile(.99); p99 < c.p99*98/100 || p99 > c.p99*102/100 {
				t.Errorf("%v %v: p99 %d, want %d", label, span, p99, c.p99)
			}
		}
	}
	if f, _ := r.Series().Between(condition.Label{Name: "status", Value: "500"}, 0, 30); f.Responses != 30 {
		t.Errorf("status 500: %+v", f)
	}
	for _, label := range []condition.Label{{Name: "request", Value: "logout"}, {Name: "driver", Value: "b"}, {Name: "label.site", Value: "asia"}} {
		if f, ok := r.Series().Between(label, 0, 30); ok {
			t.Errorf("%v: there is no such series: %+v", label, f)
		}
	}
	if p := r.Intervals.At(3).Parts[condition.Label{Name: "request", Value: "login"}]; p.P99US < 3900 || p.P99US > 4100 {
		t.Errorf("the interval's own figures: %+v", p)
	}
}

func TestWarmupIsLeftOutOfTimes(t *testing.T) {
	r := parted(t, 10, 4*time.Second)
	if r.Latency.Count() != 6*15 || r.Before.Requests != 4*15 || r.Warmup() != 4 || r.Named["login"].Latency.Count() != 6*9 {
		t.Errorf("%d latencies, %+v before, %d seconds", r.Latency.Count(), r.Before, r.Warmup())
	}
	if r.Named["login"].Requests != 10*9 {
		t.Errorf("%d requests of login: the warm-up counts in totals", r.Named["login"].Requests)
	}
}

func TestComplete(t *testing.T) {
	r := parted(t, 10, 0)
	if n := r.Complete(); n != 10 {
		t.Errorf("%d of 10", n)
	}
	r.Intervals.At(9).Present = 1 // a driver has not reported yet
	if n := r.Complete(); n != 9 {
		t.Errorf("%d, want 9 while one is awaited", n)
	}
	r.Intervals.At(8).Present, r.Intervals.At(7).Present = 1, 1
	if n := r.Complete(); n != 8 {
		t.Errorf("%d, want 8: who is silent for longer is not awaited", n)
	}
}

func TestStages(t *testing.T) {
	r := &Run{Intervals: IntervalsOf(make([]*Interval, 100)...)}
	r.Spec.Stages = []loadgen.Stage{{Duration: loadgen.Duration(1500 * time.Millisecond)}, {Duration: loadgen.Duration(10 * time.Second)}, {}}
	for n, want := range map[int][2]int{1: {0, 1}, 2: {2, 11}, 3: {12, 100}} {
		if from, to, ok := r.Series().Stage(n); !ok || from != want[0] || to != want[1] {
			t.Errorf("stage %d: %d to %d, want %v", n, from, to, want)
		}
	}
	if _, _, ok := r.Series().Stage(4); ok {
		t.Error("there is no fourth stage")
	}
}
