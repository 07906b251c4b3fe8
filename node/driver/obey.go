package driver

import (
	"context"
	"fmt"
	"time"

	"landfall/node"
)

// heldStart is a start whose configuration has not been read yet: the topics are read side by side.
type heldStart struct {
	trigger  *node.Trigger
	appended time.Time
	at       time.Time
}

// obey folds one record of the trigger topic.
func (d *Driver) obey(ctx context.Context, t *node.Trigger, appended time.Time) {
	switch t.Action {
	case node.Kill:
		d.obeyKill(t)
		return
	case node.Start:
		d.start(ctx, t, appended)
		return
	case node.Stop:
		d.disarm(t.TestID)
	}
	c := d.carry
	if c == nil || c.testID != t.TestID || !c.helm.Accept(t) {
		return
	}
	switch t.Action {
	case node.Stop:
		d.log.Info("stops", "run", t.TestID, "by", t.By, "why", t.Reason)
		c.drain()
		d.changed()
	case node.Adjust, node.Pause, node.Resume:
		d.replan(ctx, t)
	}
}

func (d *Driver) obeyKill(t *node.Trigger) {
	if t.NodeID != d.config.NodeID || t.BootID != d.bootID {
		return
	}
	d.log.Warn("was told to end", "by", t.By, "drain", t.Drain)
	if t.Drain {
		d.drain("drained by " + t.By)
		return
	}
	d.killed = true
}

// disarm forgets a run that was stopped before this driver started it.
func (d *Driver) disarm(testID string) {
	if d.held != nil && d.held.trigger.TestID == testID {
		d.held = nil
	}
	if a := d.armed[testID]; a != nil && !a.used {
		a.used, a.engine = true, nil
		d.changed()
	}
}

// start begins to carry a run, unless it comes too late or second.
func (d *Driver) start(ctx context.Context, t *node.Trigger, appended time.Time) {
	share, mine := t.Plan.Share(d.config.NodeID)
	if !mine {
		return
	}
	if c := d.carry; c != nil && c.testID == t.TestID {
		return // a repeat
	}
	a := d.armed[t.TestID]
	if a != nil && a.used {
		return // stopped before, refused before, or a repeat
	}
	age := d.clock.Broker(time.Now()).Sub(appended)
	switch {
	case age > node.StartValidity*time.Second:
		d.refuse(t, fmt.Sprintf("the start is %.0f s old: at most %d s", age.Seconds(), node.StartValidity))
	case d.draining:
		d.refuse(t, "it is ending")
	case d.carry != nil && d.carry.engine != nil:
		d.refuse(t, fmt.Sprintf("it carries %s, triggered by %s", d.carry.testID, d.carry.by))
	case a == nil || a.preparing:
		d.held = &heldStart{trigger: t, appended: appended, at: time.Now()}
	case a.answer.Refuse != "":
		d.refuse(t, a.answer.Refuse)
	default:
		d.begin(ctx, a, t, share)
	}
}

// replan takes over the next plan. A driver that has no share in it was taken for lost: others carry on for it.
func (d *Driver) replan(ctx context.Context, t *node.Trigger) {
	c := d.carry
	if t.Plan.Seq <= c.planSeq || c.drained {
		return
	}
	share, mine := t.Plan.Share(d.config.NodeID)
	if !mine {
		d.note = "others carry its share since " + t.By + " took it for lost"
		d.log.Warn("ends its load", "run", c.testID, "why", d.note)
		c.drain()
		d.changed()
		return
	}
	c.planSeq, c.paused = t.Plan.Seq, t.Action == node.Pause
	d.log.Info("takes over a plan", "run", c.testID, "plan", t.Plan.Seq, "by", t.By, "why", t.Reason)
	c.adjust(ctx, d.limits.Clamp(share))
	d.changed()
}
