//go:build unix

package kafkabus_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bytes"

	"landfall/kafkabus"
	"landfall/node"
	"landfall/node/sign/signtest"
)

// suite must pass with every kind of broker.
var suite = []struct {
	name string
	test func(*testing.T, cluster)
}{
	{"round trip", testRoundTrip},
	{"many partitions", testPartitions},
	{"since", testSince},
	{"largest records", testLargest},
	{"cancel", testCancel},
	{"close", testClose},
	{"second process", testReopen},
	{"a fleet with keys under attack", testAttack},
}

func runSuite(t *testing.T, c cluster) {
	for _, s := range suite {
		t.Run(s.name, func(t *testing.T) { s.test(t, c) })
	}
}

func testAttack(t *testing.T, c cluster) {
	signtest.Attack(t, func(string) node.Bus { return open(t, c.Brokers(), nil) }, prefix(t))
}

func testRoundTrip(t *testing.T, c cluster) {
	bus := open(t, c.Brokers(), nil)
	for _, topic := range node.Topics {
		t.Run(string(topic), func(t *testing.T) {
			tail := collect(t, bus, topic, node.From{})
			acks := map[int64]node.Ack{}
			for i := range 50 {
				value := []byte(strings.Repeat(fmt.Sprint(i, " "), 1+i*20)) // the larger ones are compressed
				before := time.Now()
				ack := publish(t, bus, topic, "same key", value)
				acks[ack.Offset] = ack
				if ack.Sent.Before(before) || ack.Answered.Before(ack.Sent) {
					t.Errorf("times of ack %+v", ack)
				}
				if ack.Appended.Before(ack.Sent.Truncate(time.Millisecond)) || ack.Appended.After(ack.Answered) {
					t.Errorf("appended %v: not between %v and %v", ack.Appended, ack.Sent, ack.Answered)
				}
			}
			for i, r := range tail.awaitRecords(50) {
				ack := acks[r.Offset]
				if r.Topic != topic || r.Offset != int64(i) || r.Key != "same key" || !bytes.HasPrefix(r.Value, []byte(fmt.Sprint(i, " "))) {
					t.Fatalf("record %d: %+v", i, r)
				}
				if r.Partition != ack.Partition || !r.Appended.Equal(ack.Appended) {
					t.Errorf("record of partition %d at %v, ack of %d at %v", r.Partition, r.Appended, ack.Partition, ack.Appended)
				}
			}
			tail.await("live", func() bool { return tail.live == 1 })
		})
	}
}

func testPartitions(t *testing.T, c cluster) {
	bus := open(t, c.Brokers(), nil)
	const keys, each = 40, 10
	var wg sync.WaitGroup
	for k := range keys {
		wg.Go(func() {
			for i := range each {
				publish(t, bus, node.TopicMetrics, fmt.Sprint("driver", k), fmt.Append(nil, i))
			}
		})
	}
	tail := collect(t, bus, node.TopicMetrics, node.From{})
	wg.Wait()
	checkEach(t, tail.awaitRecords(keys*each), keys, each)
	again := collect(t, bus, node.TopicMetrics, node.From{})
	again.await("live", func() bool { return again.live == 1 })
	checkEach(t, again.awaitRecords(keys*each), keys, each) // live: everything has been delivered
}

func checkEach(t *testing.T, records []node.Record, keys, each int) {
	t.Helper()
	next, used := map[string]int{}, map[int]bool{}
	for _, r := range records {
		if string(r.Value) != fmt.Sprint(next[r.Key]) {
			t.Fatalf("%s: %s, want %d", r.Key, r.Value, next[r.Key])
		}
		next[r.Key]++
		used[r.Partition] = true
	}
	if len(records) != keys*each || len(next) != keys || len(used) != node.TopicMetrics.Partitions() {
		t.Errorf("%d records, %d keys, partitions %v", len(records), len(next), used)
	}
}

func testSince(t *testing.T, c cluster) {
	bus := open(t, c.Brokers(), nil)
	var acks []node.Ack
	for i := range 6 {
		acks = append(acks, publish(t, bus, node.TopicTrigger, "k", fmt.Append(nil, i)))
		pauseUntilAfter(acks[i].Appended)
	}
	first := func(since time.Time) string {
		tail := collect(t, bus, node.TopicTrigger, node.From{Since: since})
		tail.await("live", func() bool { return tail.live == 1 })
		tail.stop()
		tail.mu.Lock()
		defer tail.mu.Unlock()
		if len(tail.records) == 0 {
			return "none"
		}
		return string(tail.records[0].Value)
	}
	for i, ack := range acks {
		if got := first(ack.Appended); got != fmt.Sprint(i) {
			t.Errorf("since record %d: begins with %s", i, got)
		}
	}
	if got := first(acks[0].Appended.Add(-time.Hour)); got != "0" {
		t.Errorf("an hour ago: begins with %s", got)
	}
	if got := first(acks[5].Appended.Add(time.Hour)); got != "none" {
		t.Errorf("in an hour: begins with %s", got)
	}
}

// pauseUntilAfter makes the next append time differ; brokers and tests share a clock.
func pauseUntilAfter(at time.Time) {
	for time.Now().UnixMilli() <= at.UnixMilli() {
		time.Sleep(time.Millisecond)
	}
}

func testLargest(t *testing.T, c cluster) {
	bus := open(t, c.Brokers(), nil)
	for _, topic := range []node.Topic{node.TopicResults, node.TopicTestConfig, node.TopicMetrics, node.TopicTrigger} {
		value := make([]byte, topic.MaxBytes()-1)
		rand.Read(value) // does not compress
		var large *node.TooLargeError
		if _, err := bus.Publish(t.Context(), topic, "two", value); !errors.As(err, &large) {
			t.Errorf("%s: one byte too many: %v", topic, err)
		}
		publish(t, bus, topic, "k", []byte("before"))
		publish(t, bus, topic, "k", value)
		publish(t, bus, topic, "k", []byte("after"))
		tail := collect(t, bus, topic, node.From{})
		got := tail.awaitRecords(3)
		if string(got[0].Value) != "before" || !bytes.Equal(got[1].Value, value) || string(got[2].Value) != "after" {
			t.Errorf("%s: the largest record came back changed", topic)
		}
		tail.stop()
	}
}

func testCancel(t *testing.T, c cluster) {
	bus := open(t, c.Brokers(), nil)
	var took []time.Duration
	for range 5 {
		tail := collect(t, bus, node.TopicMetrics, node.From{})
		tail.await("live", func() bool { return tail.live == 1 })
		at := time.Now()
		tail.stop()
		took = append(took, time.Since(at))
	}
	slices.Sort(took)
	t.Logf("cancel took %v", took)
	if took[2] > 500*time.Millisecond { // an idle fetch lasts 2 s
		t.Errorf("cancel took %v", took)
	}
}

func testClose(t *testing.T, c cluster) {
	bus := open(t, c.Brokers(), nil)
	done := make(chan error, 1)
	live := make(chan struct{})
	go func() {
		done <- bus.Tail(context.Background(), node.TopicTrigger, node.From{}, node.Reader{Record: func(node.Record) {}, Live: func() { close(live) }})
	}()
	<-live
	bus.Close()
	if err := <-done; !errors.Is(err, kafkabus.ErrClosed) {
		t.Errorf("Tail: %v", err)
	}
	if _, err := bus.Publish(t.Context(), node.TopicTrigger, "k", nil); !errors.Is(err, kafkabus.ErrClosed) {
		t.Errorf("Publish: %v", err)
	}
}

func testReopen(t *testing.T, c cluster) {
	first := open(t, c.Brokers(), nil)
	publish(t, first, node.TopicRegister, "n1", []byte("here"))
	first.Close()
	second := open(t, c.Brokers(), nil)
	if got := collect(t, second, node.TopicRegister, node.From{}).awaitRecords(1); string(got[0].Value) != "here" {
		t.Errorf("read %+v", got)
	}
}
