package fleet

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
)

func (p *script) result(testID string) {
	p.post(&node.Result{TestID: testID, Report: []byte(`{"forged":true}`)})
}

func TestReportOfARunningRunIsIgnored(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a")
	p.start("t1", 0, "a")
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

func TestFalseEndIsAStop(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a")
	p.start("t1", 0, "a")
	p.pass(time.Second)
	p.beat(node.Running, "t1", "a")
	p.post(p.snapshot("t1", "a", 0, 10, 10, false))
	p.post(&node.Trigger{ID: "over", Action: node.Stop, TestID: "t1", Over: true, By: "mallory"})
	for range 4 {
		p.pass(time.Second)
		p.beat(node.Running, "t1", "a")
	}
	if r := p.s.Run("t1"); r.StopBy != "mallory" {
		t.Errorf("drivers stop without an event that names who stopped them: %s", texts(r.Events))
	}
}

func TestReusedIDIsReported(t *testing.T) {
	p := newScript(t)
	p.start("t1", 0, "a")
	adjust := &node.Trigger{ID: "start-t1", Action: node.Adjust, TestID: "t1", By: "mallory", Conductor: "o1", Epoch: 1, Plan: &node.Plan{Seq: 1, Shares: []node.NodeShare{{NodeID: "a"}}}}
	p.post(adjust)
	r := p.s.Run("t1")
	if got := texts(r.Events); len(r.Plans) != 1 || !strings.Contains(got, "ignored adjust by mallory") {
		t.Errorf("%d plans; events:\n%s", len(r.Plans), got)
	}
	before := len(r.Events)
	p.post(&node.Trigger{ID: "x", Action: node.Stop, TestID: "t1", By: "me"})
	p.post(&node.Trigger{ID: "x", Action: node.Stop, TestID: "t1", By: "me"})
	if len(r.Events) != before+1 {
		t.Error("a record that was retried is not one that reuses an id")
	}
}

func TestStartWithWrongT0IsIgnored(t *testing.T) {
	for _, off := range []time.Duration{-7 * 24 * time.Hour, -2 * time.Minute, 2 * time.Minute, 100 * 365 * 24 * time.Hour} {
		p := newScript(t)
		start := &node.Trigger{ID: "s", Action: node.Start, TestID: "t1", By: "me", Conductor: "o1", Epoch: 1, T0US: p.now.Add(off).UnixMicro(),
			Plan: &node.Plan{Shares: []node.NodeShare{{NodeID: "a"}}}}
		if err := p.s.Apply(start, p.now); err == nil {
			t.Errorf("T0 off by %v was accepted", off)
		}
		if r := p.s.Run("t1"); r.Active() {
			t.Errorf("T0 off by %v: %s", off, r.Phase)
		}
	}
}

func TestRefusalAfterTheFirstSnapshotIsIgnored(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a")
	p.start("t1", 0, "a")
	p.pass(time.Second)
	p.post(p.snapshot("t1", "a", 0, 10, 10, false))
	p.post(&node.Heartbeat{NodeID: "a", BootID: "boot-a", Seq: 99, State: node.Running, TestID: "t1", Answers: []node.Answer{{TestID: "t1", Refuse: "forged"}}})
	if p.s.Run("t1").Drivers["a"].Refused() {
		t.Error("a driver that sends load has refused to")
	}
}

func TestNamesakesAreReported(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a")
	p.start("t1", 0, "a")
	p.post(p.snapshot("t1", "a", 0, 10, 10, false))
	for i := range uint64(8) {
		p.post(&node.Heartbeat{NodeID: "a", BootID: "other", Seq: i + 1, State: node.Idle})
		p.pass(500 * time.Millisecond)
		p.beat(node.Running, "t1", "a")
		p.pass(500 * time.Millisecond)
	}
	if c := p.s.Run("t1").Drivers["a"]; c.LostAt != 0 || p.s.Driver("a").Heartbeat.BootID != "boot-a" {
		t.Errorf("lost at %v, although another process replaced it", c.LostAt)
	}
	if got := texts(p.s.Events()); strings.Count(got, "two drivers are named a") != 1 {
		t.Errorf("events:\n%s", got)
	}
}

func TestForgedSequenceNumberDoesNotSilenceADriver(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a")
	p.post(&node.Heartbeat{NodeID: "a", BootID: "boot-a", Seq: 1 << 63, State: node.Idle})
	p.pass(4 * time.Second)
	p.beat(node.Idle, "", "a")
	p.pass(2 * time.Second)
	if got := p.s.Driver("a").Liveness; got != Alive {
		t.Errorf("%s although it beats", got)
	}
}

func TestDriversAreBounded(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a")
	for i := range maxDrivers + 500 {
		_ = p.s.Apply(&node.Register{NodeID: fmt.Sprint("made-up-", i), BootID: "b"}, p.now)
	}
	if n := len(p.s.drivers); n > maxDrivers || p.s.Driver("a") == nil {
		t.Errorf("%d drivers; a is known: %v", n, p.s.Driver("a") != nil)
	}
	p.pass(2 * time.Hour)
	p.pass(time.Second)
	if p.s.Driver("a") != nil {
		t.Error("a driver that was lost an hour ago is remembered")
	}
}

func TestPendingSnapshotsAreBoundedByTheirBytes(t *testing.T) {
	p := newScript(t)
	m := p.snapshot("unknown", "a", 0, 10, 10, false)
	for i := range 250 {
		m.Snapshot.Named = append(m.Snapshot.Named, loadgen.Named{Name: fmt.Sprint(strings.Repeat("n", 100), i)})
	}
	_, _, value, _ := node.Encode(m)
	for range maxPending/len(value) + 10 {
		p.s.pending.add(m, p.now)
	}
	if p.s.pending.bytes > maxPending {
		t.Errorf("%d bytes", p.s.pending.bytes)
	}
	if mine := p.s.pending.take("unknown"); len(mine) == 0 || p.s.pending.bytes != 0 {
		t.Errorf("%d taken, %d bytes left", len(mine), p.s.pending.bytes)
	}
}

func TestBrokersClockIsSetBack(t *testing.T) {
	for _, by := range []time.Duration{-5 * time.Second, -20 * time.Second, -time.Hour, time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			p := newScript(t)
			p.beat(node.Idle, "", "a")
			p.start("t1", 0, "a")
			for i := range 20 {
				if i == 10 {
					p.now = p.now.Add(by)
					p.s.Stepped(by)
				}
				p.pass(time.Second)
				p.beat(node.Running, "t1", "a")
				p.post(p.snapshot("t1", "a", i, 10, int64(10*(i+1)), false))
			}
			r := p.s.Run("t1")
			if d := p.s.Driver("a"); d.Liveness != Alive || r.Drivers["a"].LostAt != 0 || r.Intervals.Len() != 20 {
				t.Errorf("%s, lost at %v, %d intervals: %s", d.Liveness, r.Drivers["a"].LostAt, r.Intervals.Len(), texts(r.Events))
			}
			p.pass(40 * time.Second)
			p.post(p.snapshot("t1", "a", 59, 10, 210, true))
			if !r.Ended(p.now) {
				t.Error("it has not ended at its end")
			}
		})
	}
}

func TestKilledDriverIsNotLost(t *testing.T) {
	kill := func(p *script) {
		p.beat(node.Idle, "", "a", "b")
		p.start("t1", 0, "a", "b")
		p.pass(time.Second)
		p.beat(node.Running, "t1", "a", "b")
		p.post(p.snapshot("t1", "a", 0, 10, 10, false))
		p.post(&node.Trigger{ID: "k", Action: node.Kill, NodeID: "a", BootID: "boot-a", By: "ann"})
	}
	t.Run("last heartbeat", func(t *testing.T) {
		p := newScript(t)
		kill(p)
		p.post(p.snapshot("t1", "a", 1, 5, 15, true))
		p.beat(node.Gone, "", "a")
		c := p.s.Run("t1").Drivers["a"]
		if p.s.Driver("a").Liveness != Killed || !c.Released || c.KilledBy != "ann" || c.LostAt != 0 {
			t.Errorf("%s, %+v", p.s.Driver("a").Liveness, c)
		}
	})
	t.Run("it does not answer", func(t *testing.T) {
		p := newScript(t)
		kill(p)
		for range 22 {
			p.pass(100 * time.Millisecond)
			p.beat(node.Running, "t1", "b")
		}
		c := p.s.Run("t1").Drivers["a"]
		if p.s.Driver("a").Liveness != Killed || c.LostAt == 0 || c.KilledBy != "ann" {
			t.Errorf("%s, lost at %v", p.s.Driver("a").Liveness, c.LostAt)
		}
	})
}

func TestRefusedRun(t *testing.T) {
	p := newScript(t)
	p.post(&node.Config{TestID: "t1", Drivers: []string{"a"}, By: "me", Spec: spec})
	p.post(&node.Heartbeat{NodeID: "a", BootID: "boot-a", Seq: 1, State: node.Idle, Answers: []node.Answer{{TestID: "t1", Refuse: "no"}}})
	p.pass(armingFor + time.Second)
	if got := p.s.Run("t1").Phase; got != Refused {
		t.Errorf("%s, want %s", got, Refused)
	}
}

func TestDroppedSnapshotsAreReported(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a")
	p.start("t1", 0, "a")
	for i := range int64(4) {
		p.pass(time.Second)
		p.post(&node.Heartbeat{NodeID: "a", BootID: "boot-a", Seq: uint64(100 + i), State: node.Running, TestID: "t1", Lost: i})
	}
	r := p.s.Run("t1")
	if got := texts(r.Events); r.Drivers["a"].Dropped != 3 || strings.Count(got, "a cannot report") != 1 {
		t.Errorf("%d dropped; events:\n%s", r.Drivers["a"].Dropped, got)
	}
}

// A process that starts after such a run does not wait for its drivers.
func TestRunWithExpiredSnapshotsIsOver(t *testing.T) {
	p := newScript(t)
	p.s.Behind()
	p.start("t1", 0, "a")
	p.now = p.now.Add(8 * 24 * time.Hour)
	p.s.CaughtUp()
	p.s.Tick(p.now)
	if r := p.s.Run("t1"); !r.Ended(p.now) || r.Drivers["a"].LostAt == 0 {
		t.Errorf("%s, lost at %v", r.Phase, r.Drivers["a"].LostAt)
	}
}
