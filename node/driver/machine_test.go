package driver

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/policy"
)

// bench is a machine with clocks set by the test: the broker's is an hour ahead of the process's.
type bench struct {
	*testing.T
	m   *machine
	now instant
	ids int
	log []effect // since the last query
}

func newBench(t *testing.T, c policy.Config) *bench {
	limits, err := policy.New(c)
	if err != nil {
		t.Fatal(err)
	}
	local := time.Unix(1_800_000_000, 0)
	b := &bench{T: t, m: newMachine("d1", "boot", limits), now: instant{local, local.Add(time.Hour)}}
	b.keep(b.m.reached(b.now))
	return b
}

func (b *bench) keep(effects []effect) { b.log = append(b.log, effects...) }

// pass advances time while Kafka is reachable.
func (b *bench) pass(d time.Duration) {
	for ; d > 0; d -= 100 * time.Millisecond {
		b.now.local, b.now.broker = b.now.local.Add(100*time.Millisecond), b.now.broker.Add(100*time.Millisecond)
		b.keep(b.m.reached(b.now))
		b.keep(b.m.tick(b.now))
	}
}

func (b *bench) configure(id string) {
	b.keep(b.m.received(&node.Config{TestID: id, Drivers: []string{"d1", "d2"}, Spec: loadgen.Spec{Connections: 4, OrphanTimeout: loadgen.Duration(30 * time.Second)}}, b.now.broker, b.now))
}

func (b *bench) arm(id string) {
	b.configure(id)
	b.keep(b.m.prepared(id, nil, b.now))
}

// trigger sends a record whose T0 is half a second ahead, unless change sets another.
func (b *bench) trigger(action node.Action, id string, change ...func(*node.Trigger)) {
	b.ids++
	t := &node.Trigger{ID: fmt.Sprint("r", b.ids), Action: action, TestID: id, By: "ann", Conductor: "o1", Epoch: 1, T0US: b.now.broker.Add(500 * time.Millisecond).UnixMicro()}
	if action != node.Stop && action != node.Kill {
		t.Plan = plan(b.ids-1, 0)
	}
	for _, f := range change {
		f(t)
	}
	b.keep(b.m.received(t, b.now.broker, b.now))
}

func plan(seq int, quota int64) *node.Plan {
	return &node.Plan{Seq: seq, Shares: []node.NodeShare{{NodeID: "d1", BootID: "boot", Connections: 4, Quota: quota}, {NodeID: "d2", Connections: 4, Quota: quota}}}
}

// find returns the newest effect of a kind since the last query for it.
func find[E effect](b *bench) (e E, ok bool) {
	for _, x := range b.log {
		if x, is := x.(E); is {
			e, ok = x, true
		}
	}
	b.log = nil
	return e, ok
}

func must[E effect](b *bench) E {
	b.Helper()
	log := b.log
	e, ok := find[E](b)
	if !ok {
		b.Fatalf("no %T among %+v", e, log)
	}
	return e
}

func never[E effect](b *bench) {
	b.Helper()
	if e, ok := find[E](b); ok {
		b.Errorf("unexpected %T %+v", e, e)
	}
}

// refuses checks what the newest heartbeat answers for a run.
func (b *bench) refuses(id, want string) {
	b.Helper()
	for _, a := range b.m.reported.answers {
		if a.TestID == id && strings.Contains(a.Refuse, want) {
			return
		}
	}
	b.Errorf("%s is not refused with %q: %+v", id, want, b.m.reported.answers)
}

func TestMachineRunsAShare(t *testing.T) {
	b := newBench(t, policy.Config{})
	b.configure("run")
	if p := must[prepare](b); p.config.TestID != "run" || b.m.reported.state != node.Idle {
		t.Errorf("%+v, %+v", p, b.m.reported)
	}
	b.keep(b.m.prepared("run", nil, b.now))
	if s := must[beat](b).status; s.state != node.Armed || len(s.answers) != 1 || s.answers[0].Refuse != "" {
		t.Errorf("armed: %+v", s)
	}
	b.trigger(node.Start, "run")
	if s := must[begin](b); !s.t0.Equal(b.now.local.Add(500*time.Millisecond)) || s.share.Connections != 4 {
		t.Errorf("%+v", s)
	}
	if b.m.reported.state != node.Running {
		t.Errorf("%+v", b.m.reported)
	}
	b.trigger(node.Pause, "run", func(t *node.Trigger) { t.Plan.Shares[0].Connections = 0 })
	if a := must[adjust](b); a.share.Connections != 0 || b.m.reported.state != node.Paused {
		t.Errorf("%+v, %+v", a, b.m.reported)
	}
	b.trigger(node.Stop, "run")
	must[drain](b)
	if b.m.reported.state != node.Draining {
		t.Errorf("%+v", b.m.reported)
	}
	b.keep(b.m.engineDone(7, nil, b.now))
	if b.m.reported.state != node.Idle || b.m.run != nil {
		t.Errorf("%+v", b.m.reported)
	}
}

func TestMachineStartsALatePlanFromNow(t *testing.T) {
	b := newBench(t, policy.Config{})
	b.arm("run")
	b.trigger(node.Start, "run")
	b.pass(20 * time.Second)
	rate := 100.0
	b.trigger(node.Adjust, "run", func(t *node.Trigger) {
		t.Plan.FromUS, t.Plan.Schedule = 0, []loadgen.Stage{{From: &rate, To: 200, Duration: loadgen.Duration(39 * time.Second)}}
	})
	s := must[adjust](b).share
	if s.From.Std() != 19500*time.Millisecond {
		t.Errorf("it holds from %v", s.From.Std())
	}
	if from := loadgen.Schedule(s.Schedule).Peak(); from != 200 || *s.Schedule[0].From < 149 || *s.Schedule[0].From > 151 {
		t.Errorf("it continues at %+v", s.Schedule)
	}
}

func TestMachineStaysForALostDriversShare(t *testing.T) {
	b := newBench(t, policy.Config{})
	b.arm("run")
	b.trigger(node.Start, "run", func(t *node.Trigger) { t.Plan = plan(0, 100) })
	b.keep(b.m.engineDone(100, nil, b.now))
	b.pass(takeoverGrace - time.Second)
	if b.m.run == nil || b.m.reported.state != node.Idle {
		t.Fatal("it left the run at once")
	}
	b.trigger(node.Adjust, "run", func(t *node.Trigger) { t.Plan = plan(1, 150) })
	must[prepare](b)
	b.keep(b.m.prepared("run", nil, b.now))
	if s := must[begin](b); s.share.Quota != 50 {
		t.Errorf("%d more, want 50", s.share.Quota)
	}
	b.keep(b.m.engineDone(150, nil, b.now))
	b.pass(takeoverGrace + time.Second)
	if b.m.run != nil {
		t.Error("it never leaves")
	}
}

func TestMachineContinuesAfterALateQuotaIncrease(t *testing.T) {
	b := newBench(t, policy.Config{})
	b.arm("run")
	b.trigger(node.Start, "run", func(t *node.Trigger) { t.Plan = plan(0, 100) })
	b.trigger(node.Adjust, "run", func(t *node.Trigger) { t.Plan = plan(1, 130) })
	b.log = nil
	b.keep(b.m.engineDone(100, nil, b.now))
	must[prepare](b)
	b.keep(b.m.prepared("run", nil, b.now))
	if s := must[begin](b); s.share.Quota != 30 {
		t.Errorf("%+v", s)
	}
}

func TestMachineStopsAnOrphan(t *testing.T) {
	b := newBench(t, policy.Config{})
	b.arm("run")
	b.trigger(node.Start, "run")
	b.log = nil
	b.now.local = b.now.local.Add(31 * time.Second)
	b.keep(b.m.tick(b.now))
	must[drain](b)
	if !strings.Contains(b.m.note, "orphaned") {
		t.Errorf("note %q", b.m.note)
	}
}

func TestMachineExitsAfterDraining(t *testing.T) {
	b := newBench(t, policy.Config{})
	b.arm("run")
	b.trigger(node.Start, "run")
	b.keep(b.m.leave("it was told to exit"))
	if _, over := find[end](b); over {
		t.Fatal("it ended while requests are in flight")
	}
	b.keep(b.m.engineDone(3, nil, b.now))
	if e := must[end](b); e.killed {
		t.Errorf("%+v", e)
	}
}

func TestMachineKilledAbortsAndDeregisters(t *testing.T) {
	kill := func(t *node.Trigger) { t.NodeID, t.BootID = "d1", "boot" }
	b := newBench(t, policy.Config{})
	b.arm("run")
	b.trigger(node.Start, "run")
	b.trigger(node.Kill, "", func(t *node.Trigger) { t.NodeID, t.BootID = "d1", "earlier" })
	never[abort](b)
	b.trigger(node.Kill, "", kill)
	must[abort](b)
	if b.m.reported.state != node.Draining || b.m.reported.note != "killed by ann" {
		t.Errorf("%+v", b.m.reported)
	}
	b.keep(b.m.engineDone(3, nil, b.now))
	if e := must[end](b); !e.killed || e.hard {
		t.Errorf("%+v", e)
	}

	stuck := newBench(t, policy.Config{})
	stuck.arm("run")
	stuck.trigger(node.Start, "run")
	stuck.trigger(node.Kill, "", kill)
	stuck.pass(stopWithin + 200*time.Millisecond)
	if e := must[end](stuck); !e.hard {
		t.Errorf("%+v", e)
	}
}
