// Package tuitest provides a fake conductor for tests and benchmarks of the console: a fleet made of scripted records, on a clock
// that only the test advances, and a log of the console's calls.
package tuitest

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/orchestrator"
	"landfall/node/report"
)

// Start is the initial time of a scripted fleet's clock.
var Start = time.Date(2026, 3, 14, 9, 14, 0, 0, time.UTC)

// Conductor is a fake of the orchestrator's methods that the console needs. It is not safe for concurrent use.
type Conductor struct {
	State    *fleet.State
	Clock    time.Time
	Trouble  error
	Refusals []orchestrator.Refusal
	Asked    []string     // calls that change something, in words
	Checked  int          // number of calls of Check
	Sent     loadgen.Spec // the last spec that was triggered
	Limits   []string     // reasons of the drivers for being the limit
	seq      map[string]uint64
	total    map[string]loadgen.Counts
	records  int
	beats    uint64
}

// New returns a fleet without drivers.
func New() *Conductor {
	c := &Conductor{State: fleet.New(), Clock: Start, seq: map[string]uint64{}, total: map[string]loadgen.Counts{}}
	c.State.Tick(Start)
	return c
}

// ID returns the id of the console's orchestrator.
func (c *Conductor) ID() string { return "me" }

// View calls f with the scripted state.
func (c *Conductor) View(f func(*fleet.State)) { f(c.State) }

// Now returns the time on the scripted clock.
func (c *Conductor) Now() time.Time { return c.Clock }

// Subscribe returns a channel that never signals: tests refresh the console themselves.
func (c *Conductor) Subscribe() (<-chan struct{}, func()) { return make(chan struct{}), func() {} }

// Connected returns c.Trouble.
func (c *Conductor) Connected() error { return c.Trouble }

// Check returns the forecast of a run on all drivers that are alive.
func (c *Conductor) Check(spec loadgen.Spec, _ orchestrator.Selection) (orchestrator.Forecast, error) {
	c.Checked++
	spec = spec.WithDefaults()
	if err := spec.Validate(); err != nil {
		return orchestrator.Forecast{}, err
	}
	f := orchestrator.Forecast{RateRPS: spec.RateRPS, Requests: spec.Count, Duration: spec.Duration.Std(), WouldRefuse: c.Refusals}
	for _, d := range c.State.Drivers() {
		if d.Liveness == fleet.Alive {
			f.Drivers = append(f.Drivers, d.NodeID)
		}
	}
	if len(f.Drivers) == 0 {
		return f, fmt.Errorf("no driver: start one with `landfall driver`")
	}
	f.EachRPS = f.RateRPS / float64(len(f.Drivers))
	return f, nil
}

func (c *Conductor) note(format string, args ...any) error {
	c.Asked = append(c.Asked, fmt.Sprintf(format, args...))
	return nil
}

// Trigger records the call in c.Asked.
func (c *Conductor) Trigger(_ context.Context, s loadgen.Spec, _ orchestrator.Selection) (string, error) {
	c.Sent = s
	return "run", c.note("trigger %s %s", s.Kind, s.Target)
}

// Stop records the call in c.Asked.
func (c *Conductor) Stop(_ context.Context, id, _ string) error { return c.note("stop %s", id) }

// SetRate records the call in c.Asked.
func (c *Conductor) SetRate(_ context.Context, id string, rps float64) error {
	return c.note("rate %s %g", id, rps)
}

// Pause records the call in c.Asked.
func (c *Conductor) Pause(_ context.Context, id string) error { return c.note("pause %s", id) }

// Resume records the call in c.Asked.
func (c *Conductor) Resume(_ context.Context, id string) error { return c.note("resume %s", id) }

// Adopt records the call in c.Asked.
func (c *Conductor) Adopt(_ context.Context, id string) error { return c.note("adopt %s", id) }

// Kill records the call in c.Asked.
func (c *Conductor) Kill(_ context.Context, id string, drain bool) error {
	return c.note("kill %s drain=%t", id, drain)
}

// Apply folds a message as if it had just been appended. It panics if the message is refused, a mistake of the script.
func (c *Conductor) Apply(m node.Message) {
	topic, key, value, err := node.Encode(m)
	if err != nil {
		panic(err)
	}
	read, err := node.Decode(node.Record{Topic: topic, Key: key, Value: value})
	if err == nil {
		err = c.State.Apply(read, c.Clock)
	}
	if err != nil {
		panic(err)
	}
}

// Drivers writes the registrations and first heartbeats of n drivers.
func (c *Conductor) Drivers(n int) {
	for i := range n {
		id := Name(i)
		c.Apply(&node.Register{NodeID: id, BootID: "boot", Host: fmt.Sprintf("host-%d", i%7+1), Version: "v1.0.0", OS: "linux", Cores: 4,
			Labels: map[string]string{"zone": fmt.Sprintf("eu-%d", i%3+1)}, AllowTargets: []string{"127.0.0.1"}})
		c.Beat(i, node.Idle, "")
	}
}

// Name returns the name of the i-th driver.
func Name(i int) string { return fmt.Sprintf("drv-%02d", i+1) }

// Beat writes a heartbeat of the i-th driver.
func (c *Conductor) Beat(i int, state node.DriverState, run string) {
	h := &node.Heartbeat{NodeID: Name(i), BootID: "boot", Seq: c.nextBeat(), State: state, TestID: run, CPU: 0.02, WithinUS: 400, OffsetUS: int64(120 * i), RSSBytes: 21e6}
	if state == node.Running {
		h.RateRPS, h.P99US, h.CPU, h.Requests = 1000+float64(i), int64(24000+i*900), 0.31+float64(i)/100, 4000
	}
	c.Apply(h)
}

// Leave writes the last heartbeat of the i-th driver, with which it deregisters.
func (c *Conductor) Leave(i int) {
	c.Apply(&node.Heartbeat{NodeID: Name(i), BootID: "boot", Seq: c.nextBeat(), State: node.Gone})
}

func (c *Conductor) nextBeat() uint64 {
	c.beats++
	return c.beats
}

// Configure writes the configuration of a run on n drivers; Start starts it now.
func (c *Conductor) Configure(id string, n int) {
	c.Apply(&node.Config{TestID: id, Drivers: names(n), By: "ada@ops", Spec: c.spec(n)})
}

func (c *Conductor) spec(n int) loadgen.Spec {
	return loadgen.Spec{Kind: loadgen.Tsunami, Target: "http://127.0.0.1:8080/ping", RateRPS: float64(1000 * n), Duration: loadgen.Duration(2 * time.Minute)}.WithDefaults()
}

func names(n int) (list []string) {
	for i := range n {
		list = append(list, Name(i))
	}
	return list
}

// Answer makes the i-th driver arm for a run, or refuse it.
func (c *Conductor) Answer(i int, run, refuse string) {
	c.Apply(&node.Heartbeat{NodeID: Name(i), BootID: "boot", Seq: c.nextBeat(), State: node.Armed, TestID: run, WithinUS: 400, Answers: []node.Answer{{TestID: run, Refuse: refuse}}})
}

// Start starts a configured run on n drivers, with the helm at conductor.
func (c *Conductor) Start(id string, n int, conductor string) {
	p := node.Plan{UntilUS: (2 * time.Minute).Microseconds(), Schedule: []loadgen.Stage{{To: float64(1000 * n), From: ptr(float64(1000 * n))}}}
	for _, id := range names(n) {
		p.Shares = append(p.Shares, node.NodeShare{NodeID: id, Connections: 64})
	}
	c.Apply(&node.Trigger{ID: c.id(), Action: node.Start, TestID: id, By: "ada@ops", Conductor: conductor, Epoch: 1, T0US: c.Clock.UnixMicro(), Plan: &p})
}

func ptr(v float64) *float64 { return &v }

func (c *Conductor) id() string {
	c.records++
	return fmt.Sprintf("record-%d", c.records)
}

// Second advances the clock over interval i, which the n drivers report, or only those for which lives returns true. errors is the
// number of failed requests of each.
func (c *Conductor) Second(run string, i, n int, lives func(driver int) bool, errors int64) {
	c.Clock = c.Clock.Add(time.Second)
	for d := range n {
		if lives != nil && !lives(d) {
			continue
		}
		c.Beat(d, node.Running, run)
		c.Snapshot(run, i, d, errors)
	}
	c.State.Tick(c.Clock)
}

// Snapshot writes the d-th driver's snapshot of interval i.
func (c *Conductor) Snapshot(run string, i, d int, errors int64) {
	id := Name(d)
	h := hdr.New()
	for k := range int64(20) {
		h.Record(2500 + int64(d)*60 + k*k*int64(60+10*(i%7)))
	}
	delta := loadgen.Counts{Requests: 1000, Responses: 1000 - errors, Statuses: map[string]int64{"200": 1000 - errors}}
	if errors > 0 {
		delta.Errors = map[loadgen.Class]int64{loadgen.ErrTimeout: errors}
	}
	total := c.total[id]
	total.Statuses, total.Errors = clone(total.Statuses), clone(total.Errors)
	total.Add(delta)
	c.total[id] = total
	c.seq[id]++
	c.Apply(&node.Metrics{NodeID: id, BootID: "boot", TestID: run, Seq: c.seq[id], AtUS: c.Clock.UnixMicro(),
		Snapshot: loadgen.Snapshot{Interval: i, Delta: delta, Total: total, Begun: total.Requests, Asked: 1000, Open: 64, Times: loadgen.Times{Latency: h, Service: h}, Lag: h, Generator: loadgen.Generator{Cores: 4, CPUUS: 300000, Limited: len(c.Limits) > 0, Reasons: c.Limits}}})
}

// Fail writes the snapshot of an interval in which the d-th driver could not open a connection.
func (c *Conductor) Fail(run string, i, d int) {
	id := Name(d)
	delta := loadgen.Counts{Requests: 1000, Errors: map[loadgen.Class]int64{loadgen.ErrConnect: 1000}}
	total := c.total[id]
	total.Statuses, total.Errors = clone(total.Statuses), clone(total.Errors)
	total.Add(delta)
	c.total[id] = total
	c.seq[id]++
	c.Apply(&node.Metrics{NodeID: id, BootID: "boot", TestID: run, Seq: c.seq[id], AtUS: c.Clock.UnixMicro(),
		Snapshot: loadgen.Snapshot{Interval: i, Delta: delta, Total: total, Begun: total.Requests, Asked: 1000,
			ErrorReasons: []loadgen.Failure{{Class: loadgen.ErrConnect, Why: "127.0.0.1:8080: connection refused", Count: 1000}},
			Generator:    loadgen.Generator{Cores: 4}}})
}

func clone[K comparable](m map[K]int64) map[K]int64 {
	out := make(map[K]int64, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// Finish stops a run and writes its report.
func (c *Conductor) Finish(id string) {
	c.Apply(&node.Trigger{ID: c.id(), Action: node.Stop, TestID: id, By: "ada@ops", Conductor: "me", Epoch: 1, Reason: "enough"})
	r := report.Build(c.State.Run(id), c.Clock, "v1.0.0")
	text, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	c.Apply(&node.Result{TestID: id, Report: text})
	c.State.Tick(c.Clock)
}

// Refuse makes Check name a driver that would refuse the run.
func (c *Conductor) Refuse(id, reason string) {
	c.Refusals = append(c.Refusals, orchestrator.Refusal{NodeID: id, Reason: reason})
}
