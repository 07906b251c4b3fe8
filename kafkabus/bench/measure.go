package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"landfall/kafkabus"
	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node"
	"landfall/node/fleet"
)

const (
	warmUp   = 3 * time.Second
	triggers = 10
	catchUp  = 30 * time.Second
)

type result struct {
	plan
	lasted                          time.Duration
	records                         int
	lost, repeated                  int
	heartbeat, metrics, trigger     *hdr.Histogram // of delays, in µs
	broker, orchestrator, simulated usage
}

// orchestrator reads and folds the records of the drivers.
type orchestrator struct {
	mu       sync.Mutex
	state    *fleet.State
	seqs     map[node.Topic]map[string]int64 // the last one of each driver
	refused  error                           // by the fleet
	records  int
	repeated int

	measuring          bool
	heartbeat, metrics *hdr.Histogram
}

func measure(p plan) (*result, error) {
	var broker *child
	brokerPID := 0
	if p.brokers == "" {
		var err error
		if broker, err = spawn("broker"); err != nil {
			return nil, err
		}
		defer broker.end()
		brokerPID = broker.cmd.Process.Pid
		if p.brokers, err = broker.line(); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute+time.Duration(p.seconds)*2*time.Second)
	defer cancel()
	bus, err := kafkabus.Open(ctx, kafkabus.Config{Brokers: strings.Split(p.brokers, ",")})
	if err != nil {
		return nil, err
	}
	defer bus.Close()
	if err := announce(ctx, bus, p.drivers); err != nil {
		return nil, err
	}
	o := &orchestrator{state: fleet.New(), seqs: map[node.Topic]map[string]int64{node.TopicHeartbeat: {}, node.TopicMetrics: {}},
		heartbeat: hdr.New(), metrics: hdr.New()}
	stopReading := o.read(ctx, bus)
	defer stopReading()
	drivers, err := spawn("drivers", "-brokers", p.brokers, fmt.Sprint("-drivers=", p.drivers), fmt.Sprint("-tails=", p.tails))
	if err != nil {
		return nil, err
	}
	defer drivers.end()
	if _, err := drivers.line(); err != nil {
		return nil, err
	}
	r := o.observe(ctx, bus, p, brokerPID, drivers.cmd.Process.Pid)
	return r, o.account(r, drivers)
}

// announce writes the run that the drivers' snapshots belong to.
func announce(ctx context.Context, bus node.Bus, drivers int) error {
	spec := loadgen.Spec{Target: "http://127.0.0.1:1/", Connections: 1, Duration: loadgen.Duration(time.Hour)}.WithDefaults()
	config := &node.Config{TestID: testID, Spec: spec}
	plan := &node.Plan{}
	for i := range drivers {
		config.Drivers = append(config.Drivers, driverID(i))
		plan.Shares = append(plan.Shares, node.NodeShare{NodeID: driverID(i), Connections: 1})
	}
	start := &node.Trigger{ID: "start", Action: node.Start, TestID: testID, Conductor: "bench", Epoch: 1, T0US: time.Now().UnixMicro(), Plan: plan}
	for _, m := range []node.Message{config, start} {
		if _, err := node.Post(ctx, bus, m); err != nil {
			return err
		}
	}
	return nil
}

// read tails every topic like an orchestrator, until stop is called.
func (o *orchestrator) read(ctx context.Context, bus node.Bus) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	for _, topic := range node.Topics {
		wg.Go(func() { bus.Tail(ctx, topic, node.From{}, node.Reader{Record: o.fold}) })
	}
	wg.Go(func() { o.tick(ctx) })
	return func() {
		cancel()
		wg.Wait()
	}
}

func (o *orchestrator) tick(ctx context.Context) {
	t := time.NewTicker(100 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			o.mu.Lock()
			o.state.Tick(now)
			o.mu.Unlock()
		}
	}
}

// fold folds a record into the fleet's state and measures that.
func (o *orchestrator) fold(r node.Record) {
	m, err := node.Decode(r)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err == nil {
		err = o.state.Apply(m, r.Appended)
	}
	if err != nil {
		o.refused = err
	}
	switch r.Topic {
	case node.TopicHeartbeat:
		o.count(o.heartbeat, r, number(r.Value, `"note":"`))
	case node.TopicMetrics:
		o.count(o.metrics, r, number(r.Value, `"at_us":`))
	}
}

// count records how long ago something happened, once for each sequence number.
func (o *orchestrator) count(into *hdr.Histogram, r node.Record, us int64) {
	last := o.seqs[r.Topic]
	seq := number(r.Value, `"seq":`)
	if seq <= last[r.Key] {
		o.repeated++
		return
	}
	last[r.Key] = seq
	o.records++
	if o.measuring {
		into.Record(time.Since(time.UnixMicro(us)).Microseconds())
	}
}

// number returns the number after a field's name. A second decoding of the message would be measured too.
func number(message []byte, field string) (n int64) {
	_, rest, _ := bytes.Cut(message, []byte(field))
	for _, c := range rest {
		if c < '0' || c > '9' {
			break
		}
		n = 10*n + int64(c-'0')
	}
	return n
}

// observe waits for the duration of the measurement.
func (o *orchestrator) observe(ctx context.Context, bus node.Bus, p plan, brokerPID, driversPID int) *result {
	time.Sleep(warmUp + 2*time.Second)
	r := &result{plan: p, trigger: hdr.New()}
	o.mu.Lock()
	o.measuring = true
	before := o.records
	o.mu.Unlock()
	watched := watchAll(time.Duration(p.seconds)*time.Second, map[int]*usage{brokerPID: &r.broker, os.Getpid(): &r.orchestrator, driversPID: &r.simulated})
	began := time.Now()
	each := time.Duration(p.seconds) * time.Second / triggers
	for i := range triggers {
		t := &node.Trigger{ID: fmt.Sprint("t", i), Action: node.Kill, NodeID: "nobody", By: strings.Repeat("x", 100),
			Reason: strconv.FormatInt(time.Now().UnixMicro(), 10)}
		node.Post(ctx, bus, t)
		time.Sleep(time.Until(began.Add(time.Duration(i+1) * each)))
	}
	o.mu.Lock()
	o.measuring = false
	r.records = o.records - before
	r.heartbeat, r.metrics = o.heartbeat, o.metrics
	o.mu.Unlock()
	r.lasted = time.Since(began)
	watched()
	return r
}

// account compares what was published with what arrived.
func (o *orchestrator) account(r *result, drivers *child) error {
	drivers.stdin.Close()
	line, err := drivers.line()
	if err != nil {
		return err
	}
	sent, _ := strconv.Atoi(line)
	if line, err = drivers.line(); err != nil {
		return err
	}
	for _, us := range strings.Fields(line) {
		n, _ := strconv.ParseInt(us, 10, 64)
		r.trigger.Record(n)
	}
	for deadline := time.Now().Add(catchUp); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		o.mu.Lock()
		r.lost, r.repeated = sent-o.records, o.repeated
		o.mu.Unlock()
		if r.lost <= 0 {
			break
		}
	}
	if o.refused != nil {
		return fmt.Errorf("the fleet rejected a record: %w", o.refused)
	}
	return nil
}
