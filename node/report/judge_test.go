package report

import (
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/report/reporttest"
)

// conducted returns a run of one driver; second returns the figures of each of its seconds.
func conducted(t *testing.T, spec loadgen.Spec, seconds int, second func(i int) (requests, unexpected, us int64)) (*fleet.Run, time.Time) {
	t.Helper()
	s, now := fleet.New(), time.UnixMilli(1_800_000_000_000)
	apply := func(m node.Message) {
		t.Helper()
		topic, key, value, err := node.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := node.Decode(node.Record{Topic: topic, Key: key, Value: value, Appended: now})
		if err == nil {
			err = s.Apply(decoded, now)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	spec.Kind, spec.Target = loadgen.Tsunami, "http://127.0.0.1:1/"
	if len(spec.Stages) == 0 {
		spec.RateRPS, spec.Duration = 10, loadgen.Duration(time.Duration(seconds)*time.Second)
	}
	spec = spec.WithDefaults()
	apply(&node.Config{TestID: "t", Drivers: []string{"a"}, By: "me", Spec: spec})
	apply(&node.Trigger{ID: "start", Action: node.Start, TestID: "t", By: "me", Conductor: "o1", Epoch: 1, T0US: now.UnixMicro(),
		Plan: &node.Plan{UntilUS: int64(seconds) * 1e6, Schedule: []loadgen.Stage{{From: new(10.), To: 10}}, Shares: []node.NodeShare{{NodeID: "a", Connections: 1}}}})
	var total loadgen.Counts
	for i := range seconds {
		now = now.Add(time.Second)
		apply(&node.Heartbeat{NodeID: "a", BootID: "b", Seq: uint64(i + 1), State: node.Running, TestID: "t"})
		n, bad, us := second(i)
		h := reporttest.Histogram()
		for range n {
			h.Record(us)
		}
		delta := loadgen.Counts{Requests: n, Responses: n, Unexpected: bad, Statuses: map[string]int64{"200": n}}
		total.Add(delta)
		apply(&node.Metrics{NodeID: "a", BootID: "b", Seq: uint64(i + 1), TestID: "t", AtUS: now.UnixMicro(),
			Snapshot: loadgen.Snapshot{Interval: i, Final: i == seconds-1, Delta: delta, Total: total, Times: loadgen.Times{Latency: h, Service: h}}})
	}
	return s.Run("t"), now
}

func thresholds(list ...string) (s loadgen.Spec) {
	for _, expr := range list {
		abort, ok := strings.CutPrefix(expr, "!")
		s.Thresholds = append(s.Thresholds, loadgen.Threshold{Expr: abort, Abort: ok})
	}
	return s
}

// A few slow seconds do not show in the percentiles of the whole run; a window finds them.
func TestWindows(t *testing.T) {
	spec := thresholds("p90<20ms", "p90[5s]<20ms", "rate[10s]>=9", "requests>=600", "p99{label.site=eu}<1s", "service.p99<1s")
	run, now := conducted(t, spec, 60, func(i int) (int64, int64, int64) {
		if i >= 30 && i < 34 {
			return 10, 0, 50_000
		}
		return 10, 0, 5_000
	})
	r := Build(run, now, "test")
	want := []Threshold{
		{Expr: "p90<20ms", Passed: true, Judged: true, ToMS: 60_000},
		{Expr: "p90[5s]<20ms", Judged: true, FromMS: 26_000, ToMS: 31_000},
		{Expr: "rate[10s]>=9", Value: 10, Passed: true, Judged: true, ToMS: 10_000},
		{Expr: "requests>=600", Value: 600, Passed: true, Judged: true, ToMS: 60_000},
		{Expr: "p99{label.site=eu}<1s"},
		{Expr: "service.p99<1s", Passed: true, Judged: true, ToMS: 60_000},
	}
	for i, got := range r.Thresholds {
		if condition, _ := loadgen.ParseThreshold(got.Expr); condition.IsTime() {
			got.Value = 0 // as exact as its histogram
		}
		if got != want[i] {
			t.Errorf("%+v, want %+v", got, want[i])
		}
	}
	if r.Outcome != Failed || len(r.Reasons) != 2 || !strings.HasSuffix(r.Reasons[0], "from 00:26.0 to 00:31.0") ||
		r.Reasons[1] != "threshold p99{label.site=eu}<1s was crossed: nothing was measured" {
		t.Errorf("%s %q", r.Outcome, r.Reasons)
	}
}

// If the target fails late in a run, an abort condition, judged over the last ten seconds, is crossed at once.
func TestAbortOnLateFailure(t *testing.T) {
	spec := thresholds("!failed<5%")
	for seconds, want := range map[int]bool{96: false, 97: true, 100: true} {
		run, now := conducted(t, spec, seconds, func(i int) (int64, int64, int64) {
			if i >= 96 {
				return 10, 10, 1000
			}
			return 10, 0, 1000
		})
		if got := Crossed(run, now); (got != "") != want {
			t.Errorf("after %d s: %q", seconds, got)
		}
		if want && !strings.HasPrefix(Crossed(run, now), "threshold failed<5% was crossed: ") {
			t.Errorf("%q", Crossed(run, now))
		}
	}
}

// The report of an aborted run shows the condition as it stood when it ended the run, not as it stands over all of it.
func TestAbortedReport(t *testing.T) {
	run, now := conducted(t, thresholds("!failed<5%"), 100, func(i int) (int64, int64, int64) { return 10, int64(i / 98 * 10), 1000 })
	run.Aborted, run.StopWhy = true, Crossed(run, now)
	r := Build(run, now, "test")
	if len(r.Reasons) != 1 {
		t.Errorf("%q: want the threshold once", r.Reasons)
	}
	if h := r.Thresholds[0]; r.Outcome != Aborted || h.Passed || h.Value != 20 || h.FromMS != 90_000 {
		t.Errorf("%s %+v", r.Outcome, h)
	}
}

func TestAbortAfter(t *testing.T) {
	spec := thresholds("!failed<5%")
	spec.Thresholds[0].After = loadgen.Duration(20 * time.Second)
	broken := func(i int) (int64, int64, int64) {
		if i < 15 {
			return 10, 10, 1000
		}
		return 10, 0, 1000
	}
	for seconds, want := range map[int]bool{10: false, 21: false, 30: false} {
		run, now := conducted(t, spec, seconds, broken)
		if got := Crossed(run, now); (got != "") != want {
			t.Errorf("after %d s: %q: what was before --abort-after does not count", seconds, got)
		}
	}
}

// Conditions are shown with their newest value during a run.
func TestConditions(t *testing.T) {
	spec := thresholds("failed<1%", "failed[10s]<1%", "!failed<50%")
	run, now := conducted(t, spec, 40, func(i int) (int64, int64, int64) { return 10, int64(i / 35), 1000 })
	for i, want := range []float64{1.25, 5, 5} {
		if got := Conditions(run, now)[i]; got.Value != want || !got.Judged {
			t.Errorf("%+v, want %v", got, want)
		}
	}
}

// The warm-up is counted, but not judged.
func TestWarmup(t *testing.T) {
	spec := thresholds("p99<10ms", "failed<1%", "!p99<10ms", "rate==10")
	spec.Warmup = loadgen.Duration(20 * time.Second)
	run, now := conducted(t, spec, 60, func(i int) (int64, int64, int64) {
		if i < 20 {
			return 30, 30, 90_000
		}
		return 10, 0, 1000
	})
	r := Build(run, now, "test")
	if r.Outcome != Passed || r.Requests != 20*30+40*10 || r.Unexpected != 600 || r.RateRPS != 10 || r.AskedRateRPS != 10 || r.Latency.Max > 1100 || r.Coverage.Requests != 1 {
		t.Errorf("%s %q %+v: %d requests, %v/s of %v/s, %+v", r.Outcome, r.Reasons, r.Thresholds, r.Requests, r.RateRPS, r.AskedRateRPS, r.Latency)
	}
	if got := Crossed(run, now); got != "" {
		t.Error(got)
	}
}

func TestStageCondition(t *testing.T) {
	spec := thresholds("p99{stage=1}<10ms", "p99{stage=2}<10ms")
	spec.Stages = []loadgen.Stage{{Duration: loadgen.Duration(10 * time.Second), To: 10}, {Duration: loadgen.Duration(10 * time.Second), To: 10}}
	run, now := conducted(t, spec, 20, func(i int) (int64, int64, int64) { return 10, 0, 1000 * int64(1+i/10*20) })
	for i, want := range []bool{true, false} {
		if got := Conditions(run, now)[i]; got.Passed != want || !got.Judged {
			t.Errorf("%+v, want %v", got, want)
		}
	}
}
