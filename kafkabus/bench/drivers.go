package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"landfall/kafkabus"
	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node"
)

const testID = "bench"

func driverID(i int) string { return fmt.Sprintf("driver-%04d", i) }

// simulate is the process of the drivers: it runs until its input ends, then prints how many records it
// published, and after how many microseconds each trigger record had reached all of its tails.
func simulate(p plan) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	bus, err := kafkabus.Open(ctx, kafkabus.Config{Brokers: strings.Split(p.brokers, ",")})
	if err != nil {
		return err
	}
	defer bus.Close()
	var drivers, tails sync.WaitGroup
	var ready sync.WaitGroup
	heard := &slowest{latest: map[string]time.Duration{}}
	ready.Add(2 * p.tails)
	for range p.tails {
		for _, topic := range []node.Topic{node.TopicTrigger, node.TopicTestConfig} {
			tails.Go(func() { bus.Tail(ctx, topic, node.From{Since: time.Now()}, heard.reader(&ready)) })
		}
	}
	ready.Wait()
	fmt.Println("ready")
	sent := make([]int, p.drivers)
	beating, stop := context.WithCancel(ctx)
	t0 := time.Now().Truncate(time.Second).Add(2 * time.Second)
	for i := range p.drivers {
		drivers.Go(func() {
			sent[i] = drive(beating, ctx, bus, driverID(i), t0, time.Duration(i)*time.Second/time.Duration(p.drivers))
		})
	}
	io.Copy(io.Discard, os.Stdin)
	stop()
	drivers.Wait()
	total := 0
	for _, n := range sent {
		total += n
	}
	fmt.Println(total)
	fmt.Println(heard.text())
	cancel()
	tails.Wait()
	return nil
}

// drive is one driver: a heartbeat each second at its own phase, and a snapshot at the end of each interval,
// which is the same instant for all. It returns how many records it published.
//
// A snapshot is encoded after the preceding heartbeat: real drivers encode theirs on a thousand machines at
// that instant, and here they would delay each other.
func drive(ctx, publishing context.Context, bus node.Bus, id string, t0 time.Time, phase time.Duration) (sent int) {
	for second := 0; ; second++ {
		at := t0.Add(time.Duration(second) * time.Second)
		topic, key, value, err := node.Encode(snapshot(id, second, at))
		if err != nil || !sleepUntil(ctx, at) {
			return sent
		}
		if _, err := bus.Publish(publishing, topic, key, value); err == nil {
			sent++
		}
		if !sleepUntil(ctx, at.Add(phase)) {
			return sent
		}
		beat := &node.Heartbeat{NodeID: id, BootID: "b", Seq: uint64(second + 1), State: node.Running, TestID: testID,
			Note: strconv.FormatInt(time.Now().UnixMicro(), 10)} // time of sending
		if _, err := node.Post(publishing, bus, beat); err == nil {
			sent++
		}
	}
}

// snapshot returns a driver's measurements of an interval with 2,000 requests.
func snapshot(id string, second int, at time.Time) *node.Metrics {
	h := hdr.New()
	for i := range int64(2000) {
		h.Record(500 + i*i/50)
	}
	delta := loadgen.Counts{Requests: 2000, Responses: 2000, Statuses: map[string]int64{"200": 2000}}
	n := int64(second+1) * 2000
	total := loadgen.Counts{Requests: n, Responses: n, Statuses: map[string]int64{"200": n}}
	return &node.Metrics{NodeID: id, BootID: "b", Seq: uint64(second + 1), TestID: testID, AtUS: at.UnixMicro(),
		Snapshot: loadgen.Snapshot{Interval: second, Delta: delta, Total: total, Times: loadgen.Times{Latency: h, Service: h}, Lag: h}}
}

func sleepUntil(ctx context.Context, at time.Time) bool {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// slowest keeps for each trigger record how long the last tail waited for it.
type slowest struct {
	mu     sync.Mutex
	latest map[string]time.Duration
}

func (s *slowest) reader(ready *sync.WaitGroup) node.Reader {
	return node.Reader{Live: ready.Done, Record: func(r node.Record) {
		m, err := node.Decode(r)
		t, ok := m.(*node.Trigger)
		if err != nil || !ok {
			return
		}
		us, err := strconv.ParseInt(t.Reason, 10, 64)
		if err != nil {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.latest[t.ID] = max(s.latest[t.ID], time.Since(time.UnixMicro(us)))
	}}
}

func (s *slowest) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, d := range s.latest {
		out = append(out, strconv.FormatInt(d.Microseconds(), 10))
	}
	return strings.Join(out, " ")
}
