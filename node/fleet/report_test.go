package fleet

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/node"
)

func TestReportOfARunningRunIsIgnored(t *testing.T) {
	p := running(t, "a")
	for i := range 6 {
		p.pass(time.Second)
		p.beat(node.Running, "t1", "a")
		p.post(p.snapshot("t1", "a", i, 10, int64(10*(i+1)), false))
		if i == 1 {
			p.result("t1")
		}
	}
	r := p.s.Run("t1")
	if !r.Active() || r.Report != nil {
		t.Fatalf("phase %s although its load continues", r.Phase)
	}
	if got := texts(r.Events); !strings.Contains(got, "a report of t1 was written although it is running") {
		t.Errorf("events:\n%s", got)
	}
	p.pass(54 * time.Second)
	p.post(p.snapshot("t1", "a", 59, 10, 70, true))
	p.pass(time.Second)
	if r.Report != nil {
		t.Error("a report from before the end is accepted after it")
	}
	p.post(&node.Result{TestID: "t1", Report: []byte(`{}`)})
	if string(r.Report) != "{}" || r.Phase != Finished {
		t.Errorf("%s, report %s", r.Phase, r.Report)
	}
}

// Topics are read concurrently: the report may be ahead of the last snapshot.
func TestReportAheadOfTheLastSnapshot(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a")
	p.start("t1", 10, "a")
	p.pass(time.Second)
	p.result("t1")
	p.post(p.snapshot("t1", "a", 0, 10, 10, true))
	p.pass(100 * time.Millisecond)
	if r := p.s.Run("t1"); r.Phase != Finished || r.Report == nil {
		t.Errorf("%s, report %s", r.Phase, r.Report)
	}
}

// A process that starts later reads all reports of a run at once. A report written while the run was still running is ignored,
// whichever topic is read first.
func TestReportWrittenBeforeTheEndIsReplaced(t *testing.T) {
	for name, c := range map[string]struct {
		reports []time.Duration // after T0
		stopped time.Duration
		want    string
	}{
		"alone":                  {[]time.Duration{20 * time.Second}, 0, "1"},
		"early, then at the end": {[]time.Duration{20 * time.Second, 61 * time.Second}, 0, "2"},
		"several early":          {[]time.Duration{1 * time.Second, 2 * time.Second, 61 * time.Second, 62 * time.Second}, 0, "3"},
		"late after the end":     {[]time.Duration{61 * time.Second, 90 * time.Second}, 0, "1"},
		"all early":              {[]time.Duration{20 * time.Second, 30 * time.Second}, 0, "1"},
		"before a stop":          {[]time.Duration{20 * time.Second, 31 * time.Second}, 30 * time.Second, "2"},
		"after a stop":           {[]time.Duration{31 * time.Second, 61 * time.Second}, 30 * time.Second, "1"},
	} {
		for _, resultsFirst := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", results first: ", resultsFirst), func(t *testing.T) {
				p := newScript(t)
				p.s.Behind()
				t0 := p.now
				results := func() {
					for n, after := range c.reports {
						p.now = t0.Add(after)
						p.post(&node.Result{TestID: "t1", Report: []byte(fmt.Sprint(n + 1))})
					}
				}
				if resultsFirst {
					results()
				}
				p.now = t0
				p.start("t1", 0, "a")
				if p.now = t0.Add(c.stopped); c.stopped > 0 {
					p.post(&node.Trigger{ID: "stop", Action: node.Stop, TestID: "t1", By: "me", Conductor: "o1", Epoch: 1})
				}
				if !resultsFirst {
					results()
				}
				p.s.CaughtUp()
				if r := p.s.Run("t1"); string(r.Report) != c.want {
					t.Errorf("report %s, want %s", r.Report, c.want)
				}
			})
		}
	}
}

func TestRunIsReopenedIfADriverStillExecutesIt(t *testing.T) {
	p := newScript(t)
	p.s.Behind()
	p.start("t1", 0, "a")
	p.result("t1")
	if p.s.Run("t1").Report == nil {
		t.Fatal("the report of a past run is ignored: its snapshots may have expired")
	}
	p.s.CaughtUp()
	p.pass(6 * time.Second)
	p.beat(node.Running, "t1", "a")
	if r := p.s.Run("t1"); !r.Active() || !p.s.Carried("t1") {
		t.Errorf("%s although a says that it runs it", r.Phase)
	}
}

// All processes show the events of a finished run as its report has them, whether they watched the run or read the topics later.
func TestEventsOfAFinishedRunAreThoseOfItsReport(t *testing.T) {
	p := running(t, "a", "b")
	t0 := p.s.Run("t1").T0
	for i := range 10 {
		p.pass(time.Second)
		p.beat(node.Running, "t1", "a")
		p.post(p.snapshot("t1", "a", i, 10, int64(10*(i+1)), i == 9))
	}
	if got := texts(p.s.Events()); !strings.Contains(got, "lost b is lost") {
		t.Fatalf("events:\n%s", got)
	}
	p.post(&node.Result{TestID: "t1", Report: []byte(`{"intervals":[{"events":[{"at_ms":3,"kind":"started","text":"started"}]},{"events":[` +
		`{"at_ms":4250,"kind":"lost","node_id":"b","text":"b is lost: no heartbeat for 5.0 s"},{"at_ms":7000,"kind":"target_down","text":"the target fails"}]}]}`)})
	p.pass(time.Second)

	late := p.readLater(node.TopicResults, node.TopicTrigger, node.TopicRegister, node.TopicTestConfig)
	want := []Event{
		{At: t0.Add(3 * time.Millisecond), Kind: EventStarted, TestID: "t1", Text: "started"},
		{At: t0.Add(4250 * time.Millisecond), Kind: EventLost, NodeID: "b", TestID: "t1", Text: "b is lost: no heartbeat for 5.0 s"},
		{At: t0.Add(7 * time.Second), Kind: EventTargetDown, TestID: "t1", Text: "the target fails"},
		{At: t0.Add(10 * time.Second), Kind: EventFinished, TestID: "t1", Text: "t1 finished"},
	}
	for name, s := range map[string]*State{"watched": p.s, "read later": late} {
		same := func(a, b Event) bool { at := a.At.Equal(b.At); a.At = b.At; return at && a == b }
		if got := s.Run("t1").Events; !slices.EqualFunc(got, want, same) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		own := slices.DeleteFunc(slices.Clone(s.Events()), func(e Event) bool { return e.TestID != "t1" })
		if !slices.EqualFunc(own, want, same) {
			t.Errorf("%s, events of the fleet: %v, want %v", name, own, want)
		}
	}
}

// TestPointsOfTheNewestRun: the seconds of each driver are kept once a run has ended, until the next one is configured.
func TestPointsOfTheNewestRun(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a")
	p.start("t1", 10, "a")
	p.pass(time.Second)
	p.post(p.snapshot("t1", "a", 0, 10, 10, true))
	p.result("t1")
	p.pass(time.Second)
	points := func(id string) int { return len(p.s.Run(id).Drivers["a"].Points) }
	if p.s.Run("t1").Phase != Finished || points("t1") != 1 {
		t.Fatalf("%s with %d seconds of the driver, want 1", p.s.Run("t1").Phase, points("t1"))
	}
	p.start("t2", 10, "a")
	if points("t1") != 0 {
		t.Errorf("%d seconds are kept after the next run has started", points("t1"))
	}
	p.pass(time.Second)
	p.post(p.snapshot("t2", "a", 0, 10, 10, true))
	p.result("t2")
	p.pass(time.Second)
	if points("t2") != 1 {
		t.Errorf("%d seconds of the second run, want 1", points("t2"))
	}
}
