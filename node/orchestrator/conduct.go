package orchestrator

import (
	"context"
	"encoding/json"
	"time"

	"landfall/node"
	"landfall/node/capacity"
	"landfall/node/fleet"
	"landfall/node/report"
)

const (
	// reach is how far ahead the next plan starts, so that the record reaches every driver before.
	reach = 300 * time.Millisecond
	// retry is how long a written record may take to be read back before it is written again.
	retry = 5 * time.Second
)

// conduct is the state of a run that this orchestrator controls: what it has written and not yet read back.
type conduct struct {
	writing  bool // a record is being written
	wrote    time.Time
	planSeq  int              // of the last plan written
	stopped  bool             // a stop was written
	over     bool             // drivers that may return were told that the run has ended
	search   *capacity.Search // nil: no search, or not checked yet
	searched float64          // the last rate that was written
	reported bool             // the report was written
}

// tick handles the passage of time for the runs that this orchestrator controls.
func (o *Orchestrator) tick(ctx context.Context) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := time.Now()
	if _, _, known := o.clock.Offset(); !known || o.evidence.read.IsZero() {
		return
	}
	o.follow()
	o.probe(ctx, now)
	waiting := o.state.Expecting()
	proven := o.evidence.provenUntil(waiting).Add(proofTTL)
	stale := now.After(proven)
	if stale {
		now = proven
	}
	o.state.Tick(o.clock.Broker(now))
	o.reportMoreRefused()
	o.noteRing()
	o.signal()
	select {
	case <-o.ready:
	default:
		return
	}
	if stale {
		return
	}
	for _, r := range o.state.Runs() {
		if r.Active() && r.Conductor == o.config.ID {
			o.showHelm(ctx)
			o.conduct(ctx, r)
		}
	}
}

// showHelm shows other orchestrators from time to time that this one is there.
func (o *Orchestrator) showHelm(ctx context.Context) {
	if time.Since(o.helmShown) < node.HelmInterval {
		return
	}
	o.helmShown = time.Now()
	o.writes.Go(func() { // what is not written is shown the next time
		_, _ = o.bus.Publish(ctx, node.TopicHeartbeat, node.HelmKey(o.config.ID), nil)
	})
}

// conduct writes at most one record about a run at a time, and waits until it is read back.
func (o *Orchestrator) conduct(ctx context.Context, r *fleet.Run) {
	c := o.conducted[r.ID]
	if c == nil {
		c = &conduct{planSeq: r.Plan().Seq}
		o.conducted[r.ID] = c
	}
	now := o.state.Now()
	fresh := time.Since(c.wrote) < retry
	switch {
	case c.writing || c.planSeq > r.Plan().Seq && fresh:
	case r.StopBy == "" && !(c.stopped && fresh) && o.mustStop(ctx, r, c, now):
	case r.StopBy == "" && o.replan(ctx, r, c, now):
	case r.StopBy == "" && !(c.stopped && fresh) && o.search(ctx, r, c, now, fresh):
	case r.Ended(now) && !c.over && anyLost(r):
		c.over = true
		o.write(ctx, r, c, &node.Trigger{Action: node.Stop, TestID: r.ID, Over: true, Reason: "the run has ended"})
	case r.Ended(now) && !(c.reported && fresh):
		o.finish(ctx, r, c, now)
	}
}

// mustStop stops a run that a driver refused after the start, or whose abort condition is met.
func (o *Orchestrator) mustStop(ctx context.Context, r *fleet.Run, c *conduct, now time.Time) bool {
	t := &node.Trigger{Action: node.Stop, TestID: r.ID}
	switch refused, crossed := refusals(r), report.Crossed(r, now); {
	case len(refused) > 0:
		t.Reason = refused[0].String()
	case crossed != "":
		t.Reason, t.Aborted = crossed, true
	default:
		return false
	}
	c.stopped = true
	o.write(ctx, r, c, t)
	return true
}

// replan writes the next plan when drivers have left.
func (o *Orchestrator) replan(ctx context.Context, r *fleet.Run, c *conduct, now time.Time) bool {
	p, why, ok := nextPlan(r, o.drivers(), max(now.Sub(r.T0), 0)+reach)
	if !ok {
		return false
	}
	c.planSeq = p.Seq
	o.write(ctx, r, c, &node.Trigger{Action: node.Adjust, TestID: r.ID, Plan: &p, Reason: why})
	return true
}

// anyLost reports whether a lost driver may still be executing the run.
func anyLost(r *fleet.Run) bool {
	for _, c := range r.Drivers {
		if c.LostAt > 0 && !c.Final {
			return true
		}
	}
	return false
}

func (o *Orchestrator) drivers() map[string]*fleet.Driver {
	m := map[string]*fleet.Driver{}
	for _, d := range o.state.Drivers() {
		m[d.NodeID] = d
	}
	return m
}

// finish writes the report.
func (o *Orchestrator) finish(ctx context.Context, r *fleet.Run, c *conduct, now time.Time) {
	c.reported = true
	text, err := json.Marshal(report.Build(r, now, o.config.Version))
	if err != nil {
		o.log.Error("cannot write the report", "run", r.ID, "error", err)
		return
	}
	o.send(ctx, c, &node.Result{TestID: r.ID, Report: text})
}

// write completes a trigger record and sends it.
func (o *Orchestrator) write(ctx context.Context, r *fleet.Run, c *conduct, t *node.Trigger) {
	t.ID, t.By, t.Conductor, t.Epoch = node.NewID(), o.config.By, o.config.ID, r.Epoch
	o.send(ctx, c, t)
}

// send publishes in another goroutine, since the broker may be unreachable.
func (o *Orchestrator) send(ctx context.Context, c *conduct, m node.Message) {
	c.writing, c.wrote = true, time.Now()
	o.writes.Go(func() {
		err := o.publish(ctx, m)
		o.mu.Lock()
		defer o.mu.Unlock()
		c.writing, c.wrote = false, time.Now()
		if err != nil && ctx.Err() == nil {
			o.log.Error("cannot write a record", "error", err)
		}
	})
}

// refusals returns the drivers that refuse their share of a run, and why.
func refusals(r *fleet.Run) (list []Refusal) {
	for _, id := range r.Config.Drivers {
		if c := r.Drivers[id]; c != nil && c.Refused() {
			list = append(list, Refusal{NodeID: id, Reason: c.Answer.Refuse})
		}
	}
	return list
}
