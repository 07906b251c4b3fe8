package driver

import (
	"context"
	"slices"
	"time"

	"landfall/loadgen"
	"landfall/node"
)

// carry is the run that the driver carries a share of.
type carry struct {
	d       *Driver
	testID  string
	by      string
	config  *node.Config
	spec    loadgen.Spec
	helm    node.Helm
	t0      time.Time // this process's clock
	t0US    int64     // broker's clock
	planSeq int
	paused  bool
	drained bool // nothing more is begun, whatever plans come

	engine  *loadgen.Engine // nil while the share is carried to its end but the run goes on
	share   loadgen.Share
	seq     uint64         // of the last snapshot
	startUS int64          // broker's clock, first request
	total   loadgen.Counts // of engines that have ended
	begun   int64
	ends    time.Time // when a carry without an engine is given up: nothing more can come for it
}

// lingers is how long a driver whose share is done stays with the run, in case a lost driver's share comes to it.
const lingers = 7 * time.Second

// begin starts a share at T0.
func (d *Driver) begin(ctx context.Context, a *armed, t *node.Trigger, share loadgen.Share) {
	c := &carry{
		d: d, testID: t.TestID, by: t.By, config: a.config, spec: a.config.Spec, t0US: t.T0US,
		t0: d.clock.Local(time.UnixMicro(t.T0US)), planSeq: t.Plan.Seq, engine: a.engine, share: d.limits.Clamp(share),
	}
	c.helm.Accept(t)
	a.used, a.engine = true, nil
	d.carry, d.note = c, ""
	d.beat.update(func(h *node.Heartbeat) { h.RateRPS, h.P99US, h.Errors, h.Requests = 0, 0, 0, 0 })
	d.log.Info("carries a share", "run", c.testID, "by", t.By, "target", c.spec.Target, "in", time.Until(c.t0).Round(time.Millisecond))
	c.run(ctx)
	d.changed()
}

// run lets the engine carry the share.
func (c *carry) run(ctx context.Context) {
	engine, share := c.engine, c.share
	before, begun := c.total, c.begun
	go func() {
		err := engine.Run(ctx, c.t0, share, func(s loadgen.Snapshot) { c.report(ctx, before, begun, s) })
		c.d.call(ctx, func() { c.d.carried(ctx, c, err) })
	}()
}

// report sends one snapshot. It is called by one engine at a time, and each waits for the one before it.
func (c *carry) report(ctx context.Context, before loadgen.Counts, begun int64, s loadgen.Snapshot) {
	d := c.d
	total := clone(before)
	total.Add(s.Total)
	s.Total, s.Begun = total, begun+s.Begun
	c.seq++
	if c.startUS == 0 && s.Begun > 0 && s.Total.Requests+int64(s.InFlight) > 0 {
		c.startUS = d.clock.Broker(c.t0.Add(time.Duration(s.StartLagUS) * time.Microsecond)).UnixMicro()
	}
	err := d.outbox.add(&node.Metrics{
		NodeID: d.config.NodeID, BootID: d.bootID, Seq: c.seq, TestID: c.testID,
		AtUS: d.clock.Broker(time.Now()).UnixMicro(), StartUS: c.startUS, Snapshot: s,
	})
	if err != nil {
		d.log.Error("cannot report", "run", c.testID, "error", err)
	}
	d.beat.update(func(h *node.Heartbeat) {
		h.RateRPS, h.Requests, h.P99US = float64(s.Delta.Requests), total.Requests, 0
		h.Errors = total.Requests - total.Responses
		if s.Latency != nil && s.Latency.Count() > 0 {
			h.P99US = s.Latency.Quantile(0.99)
		}
	})
	if s.Final {
		done, sum := total, s.Begun
		d.call(ctx, func() { c.total, c.begun = done, sum })
	}
}

func clone(c loadgen.Counts) loadgen.Counts {
	var n loadgen.Counts
	n.Add(c)
	return n
}

// carried notes that the engine has ended. The driver stays with the run for a while: a lost driver's share may come to it.
func (d *Driver) carried(ctx context.Context, c *carry, err error) {
	c.engine = nil
	if err != nil {
		d.note = node.Clean("its engine failed: "+err.Error(), 240)
		d.log.Error("its engine failed", "run", c.testID, "error", err)
		c.drained = true
	}
	d.log.Info("has carried its share", "run", c.testID, "requests", c.total.Requests)
	if !c.drained && c.share.Quota > c.begun && !c.past() {
		c.adjust(ctx, c.share) // it grew while the engine was ending
		if c.engine != nil {
			return
		}
	}
	wait := lingers
	if c.drained || c.past() {
		wait = 0
	}
	c.ends = time.Now().Add(wait)
	d.leaveEnded(time.Now())
}

// past tells whether the share's end has passed.
func (c *carry) past() bool { return c.share.Until > 0 && time.Since(c.t0) >= c.share.Until.Std() }

// leaveEnded ends the carry of a run for which nothing more can come.
func (d *Driver) leaveEnded(now time.Time) {
	if c := d.carry; c != nil && c.engine == nil && (c.drained || !now.Before(c.ends)) {
		d.carry = nil
		d.beat.update(func(h *node.Heartbeat) { h.RateRPS, h.P99US = 0, 0 })
		d.changed()
	}
}

// drain begins nothing more and lets what is in flight end.
func (c *carry) drain() {
	c.drained = true
	if c.engine != nil {
		c.engine.Drain()
		return
	}
	c.d.leaveEnded(time.Now())
}

// adjust carries the next share, with a new engine if the last one had carried its own to the end.
func (c *carry) adjust(ctx context.Context, share loadgen.Share) {
	c.share = share
	if c.engine != nil {
		// The engine counts from where this process's earlier engines for the run left off.
		if share.Quota > 0 {
			share.Quota = max(share.Quota-c.begun, 1)
		}
		c.engine.Adjust(share)
		return
	}
	if share.Quota > 0 && share.Quota <= c.begun {
		return
	}
	engine, err := c.d.engine(c.config)
	if err != nil {
		c.d.note = node.Clean(err.Error(), 240)
		c.d.log.Error("cannot carry on", "run", c.testID, "error", err)
		return
	}
	if share.Quota > 0 {
		share.Quota -= c.begun
	}
	share.Schedule = slices.Clone(share.Schedule)
	c.engine = engine
	carried := c.share
	c.share = share
	c.run(ctx)
	c.share = carried
}
