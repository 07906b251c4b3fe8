package driver

import (
	"context"
	"fmt"
	"slices"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/engine"
	"landfall/node"
)

// engines are the driver's engines.
type engines struct {
	alive    context.Context // of Run
	prepared map[string]*preparedEngine
	running  *preparedEngine // nil: none
	abort    context.CancelFunc
	ledger   *ledger // of the run that the last engine was started for
}

// preparedEngine is an engine for a configuration.
type preparedEngine struct {
	*engine.Engine
	config *node.Config
}

// execute performs effects in order. Only Run's goroutine calls it.
func (d *Driver) execute(effects []effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case prepare:
			d.prepare(e.config)
		case discard:
			delete(d.engines.prepared, e.testID)
		case begin:
			d.begin(e)
		case adjust:
			e.share.Schedule = slices.Clone(e.share.Schedule)
			d.engines.running.Adjust(e.share)
		case drain:
			d.engines.running.Drain()
		case abort:
			d.engines.abort()
		case register:
			d.register()
		case beat:
			d.setStatus(e.status)
		case say:
			d.log.Log(context.Background(), e.level, e.text, e.args...)
		case end:
			d.result = &e
		}
	}
}

// prepare resolves names and creates an engine in another goroutine, so that the trigger topic is not
// blocked.
func (d *Driver) prepare(c *node.Config) {
	var after engine.Given
	if l := d.engines.ledger; l != nil && l.testID == c.TestID {
		after = l.given
	}
	d.work.Go(func() {
		engine, err := d.newEngine(d.engines.alive, c, after)
		d.call(func() {
			if err == nil {
				d.engines.prepared[c.TestID] = &preparedEngine{engine, c}
			}
			d.execute(d.machine.prepared(c.TestID, err, d.now()))
		})
	})
}

func (d *Driver) newEngine(ctx context.Context, c *node.Config, after engine.Given) (*engine.Engine, error) {
	if err := d.limits.Check(ctx, c.Spec, len(c.Drivers)); err != nil {
		return nil, err
	}
	engine, err := engine.New(c.Spec, engine.Options{
		NodeID: d.config.NodeID, Version: d.config.Version, Allow: d.limits.Dial, Threads: d.config.Threads, Portable: d.config.Portable, Bind: d.config.Bind, Dial: d.config.Dial, CPU: d.config.CPU,
		MaxRate: d.config.MaxRate, MaxDuration: d.config.MaxDuration,
		DriverIndex: slices.Index(c.Drivers, d.config.NodeID), Drivers: len(c.Drivers), After: after, Log: d.log,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	return engine, engine.Setup(ctx)
}

// begin starts a prepared engine with a share; its figures continue those of earlier engines of the run.
func (d *Driver) begin(b begin) {
	engine := d.engines.prepared[b.testID]
	delete(d.engines.prepared, b.testID)
	if d.engines.ledger == nil || d.engines.ledger.testID != b.testID {
		d.engines.ledger = &ledger{d: d, testID: b.testID, t0: b.t0}
		d.beat.update(func(h *node.Heartbeat) { h.RateRPS, h.P99US, h.Errors, h.Failed, h.Requests = 0, 0, 0, 0, 0 })
	}
	ctx, abort := context.WithCancel(d.engines.alive)
	book := d.engines.ledger
	d.engines.running, d.engines.abort = engine, abort
	b.share.Schedule = slices.Clone(b.share.Schedule)
	d.work.Go(func() {
		defer abort()
		err := engine.Run(ctx, b.t0, b.share, book.report)
		d.call(func() {
			d.engines.running, book.given = nil, engine.Given()
			d.beat.update(func(h *node.Heartbeat) { h.RateRPS, h.P99US = 0, 0 })
			d.log.Info("finished its share", "run", book.testID, "requests", book.total.Requests)
			d.execute(d.machine.engineDone(book.begun, err, d.now()))
		})
	})
}

// register publishes the registration in another goroutine; the machine repeats it until it is read back.
func (d *Driver) register() {
	if d.registers {
		return
	}
	d.registers = true
	d.work.Go(func() {
		_, _ = node.Post(d.engines.alive, d.bus, d.registration()) // it only fails when Run ends
		d.call(func() { d.registers = false })
	})
}

// ledger sums what a driver's engines have done for one run. One engine at a time writes to it.
type ledger struct {
	d       *Driver
	testID  string
	t0      time.Time      // this process's clock
	seq     uint64         // of the last snapshot
	startUS int64          // broker's clock, first request
	total   loadgen.Counts // of engines that have finished
	begun   int64
	given   engine.Given // by those that have finished
}

// report sends a snapshot with the totals of the whole run.
func (l *ledger) report(s loadgen.Snapshot) {
	d := l.d
	total := clone(l.total)
	total.Add(s.Total)
	s.Total, s.Begun = total, l.begun+s.Begun
	l.seq++
	if l.startUS == 0 && s.Begun > 0 && s.Total.Requests+int64(s.InFlight) > 0 {
		l.startUS = d.clock.Broker(l.t0.Add(time.Duration(s.StartLagUS) * time.Microsecond)).UnixMicro()
	}
	err := d.outbox.add(&node.Metrics{
		NodeID: d.config.NodeID, BootID: d.bootID, Seq: l.seq, TestID: l.testID,
		AtUS: d.clock.Broker(time.Now()).UnixMicro(), StartUS: l.startUS, Snapshot: s,
	})
	if err != nil {
		d.log.Error("cannot report", "run", l.testID, "error", err)
	}
	d.beat.update(func(h *node.Heartbeat) {
		h.RateRPS, h.Requests, h.P99US = float64(s.Delta.Requests), total.Requests, 0
		h.Errors = total.Requests - total.Responses
		h.Failed = h.Errors + total.Unexpected
		if s.Latency != nil && s.Latency.Count() > 0 {
			h.P99US = s.Latency.Quantile(0.99)
		}
	})
	if s.Final {
		l.total, l.begun = total, s.Begun
	}
}

func clone(c loadgen.Counts) loadgen.Counts {
	var n loadgen.Counts
	n.Add(c)
	return n
}
