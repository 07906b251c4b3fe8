package fleet

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"landfall/node"
)

func (p *script) result(testID string) {
	p.post(&node.Result{TestID: testID, Report: []byte(`{"forged":true}`)})
}

func TestRefusalAfterTheFirstSnapshotIsIgnored(t *testing.T) {
	p := running(t, "a")
	p.pass(time.Second)
	p.post(p.snapshot("t1", "a", 0, 10, 10, false))
	p.post(&node.Heartbeat{NodeID: "a", BootID: "boot-a", Seq: 99, State: node.Running, TestID: "t1", Answers: []node.Answer{{TestID: "t1", Refuse: "forged"}}})
	if p.s.Run("t1").Drivers["a"].Refused() {
		t.Error("a driver that sends load has refused to")
	}
}

func TestNamesakesAreReported(t *testing.T) {
	p := running(t, "a")
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

func TestBrokersClockIsSetBack(t *testing.T) {
	for _, by := range []time.Duration{-5 * time.Second, -20 * time.Second, -time.Hour, time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			p := running(t, "a")
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
