package driver

import (
	"errors"
	"testing"
	"time"

	"landfall/node"
	"landfall/node/policy"
)

func TestMachineRefusesStarts(t *testing.T) {
	at := func(d time.Duration) func(*node.Trigger) {
		return func(t *node.Trigger) { t.T0US += d.Microseconds() }
	}
	for _, c := range []struct {
		name   string
		before func(*bench)
		change func(*node.Trigger)
		want   string
	}{
		{"T0 has passed", nil, at(-3 * time.Second), "read 2.5 s after T0"},
		{"T0 a week ago", nil, at(-7 * 24 * time.Hour), "after T0"},
		{"T0 far ahead", nil, at(2 * time.Minute), "ahead"},
		{"T0 in a century", nil, at(100 * 365 * 24 * time.Hour), "ahead"},
		{"leaving", func(b *bench) { b.trigger(node.Start, "other"); b.keep(b.m.leave("told to")) }, nil, "shutting down"},
		{"busy", func(b *bench) { b.arm("other"); b.trigger(node.Start, "other") }, nil, "busy with run other (started by ann)"},
		{"its configuration was refused", func(b *bench) { b.configure("run"); b.keep(b.m.prepared("run", errors.New("not here"), b.now)) }, nil, "not here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, policy.Config{})
			if c.before != nil {
				c.before(b)
			}
			if b.m.armed["run"] == nil {
				b.arm("run")
			}
			b.log = nil
			var change []func(*node.Trigger)
			if c.change != nil {
				change = append(change, c.change)
			}
			b.trigger(node.Start, "run", change...)
			b.refuses("run", c.want)
			never[begin](b)
		})
	}
}

func TestMachineRefusesStartsByTheirTimestamp(t *testing.T) {
	for name, age := range map[string]time.Duration{"old": 11 * time.Second, "from the future": -time.Minute} {
		b := newBench(t, policy.Config{})
		b.arm("run")
		b.keep(b.m.received(&node.Trigger{ID: "r", Action: node.Start, TestID: "run", Epoch: 1, Conductor: "o1",
			T0US: b.now.broker.UnixMicro(), Plan: plan(0, 0)}, b.now.broker.Add(-age), b.now))
		if _, begun := find[begin](b); begun {
			t.Errorf("a start that is %s was executed", name)
		}
	}
}

func TestMachineIgnoresSharesOfItsNamesakes(t *testing.T) {
	b := newBench(t, policy.Config{})
	b.arm("run")
	other := func(t *node.Trigger) { t.Plan.Shares[0].BootID = "earlier" }
	b.trigger(node.Start, "run", other)
	if len(b.m.reported.answers) != 1 || b.m.reported.answers[0].Refuse != "" {
		t.Errorf("it must not answer: %+v", b.m.reported)
	}
	never[begin](b)
}

func TestOlderNamesakeRefusesRuns(t *testing.T) {
	b := newBench(t, policy.Config{})
	younger := &node.Register{NodeID: "d1", BootID: "other", PID: 7, Host: "there"}
	b.keep(b.m.received(younger, b.now.broker, b.now))
	b.keep(b.m.received(&node.Register{NodeID: "d1", BootID: "boot"}, b.now.broker, b.now))
	b.arm("first")
	if b.m.reported.state != node.Armed {
		t.Errorf("a registration before its own is an earlier process's: %+v", b.m.reported)
	}
	b.keep(b.m.received(younger, b.now.broker, b.now))
	b.configure("second")
	b.refuses("second", "process 7 on there")
}

func TestMachineDropsRecordsThatReuseAnID(t *testing.T) {
	b := newBench(t, policy.Config{})
	b.arm("run")
	b.trigger(node.Start, "run")
	b.log = nil
	b.trigger(node.Adjust, "run", func(t *node.Trigger) { t.ID, t.Plan.Seq = "r1", 9 })
	never[adjust](b)
}
