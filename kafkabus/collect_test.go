//go:build unix

package kafkabus_test

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"landfall/kafkabus"
	"landfall/node"
)

// enough is how long tests wait for a condition: the machine may be busy.
const enough = 90 * time.Second

// cluster is what the tests run against.
type cluster interface {
	Brokers() []string
	Kill(node int) // kill -9
	Back(node int)
	Pause(node int) // SIGSTOP
	Resume(node int)
}

// collected holds what a Tail has delivered.
type collected struct {
	t      *testing.T
	stop   func()
	change chan struct{} // one pending signal

	mu      sync.Mutex
	records []node.Record
	live    int
	missing [][3]int64
	answers int
	errs    []error
}

// collect tails a topic until the test ends or stop is called.
func collect(t *testing.T, bus node.Bus, topic node.Topic, from node.From) *collected {
	c := &collected{t: t, change: make(chan struct{}, 1)}
	with := func(f func()) {
		c.mu.Lock()
		f()
		c.mu.Unlock()
		select {
		case c.change <- struct{}{}:
		default:
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- bus.Tail(ctx, topic, from, node.Reader{
			Record: func(r node.Record) { with(func() { c.records = append(c.records, r) }) },
			Live:   func() { with(func() { c.live++ }) },
			Missing: func(p int, from, to int64) {
				with(func() { c.missing = append(c.missing, [3]int64{int64(p), from, to}) })
			},
			Answered: func(err error) {
				with(func() {
					if c.answers++; err != nil {
						c.errs = append(c.errs, err)
					}
				})
			},
		})
	}()
	c.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Tail: %v", err)
			}
		case <-time.After(enough):
			t.Error("Tail does not end")
		}
	})
	t.Cleanup(c.stop)
	return c
}

// await waits until ok holds, which is called under the lock.
func (c *collected) await(what string, ok func() bool) {
	c.t.Helper()
	deadline := time.After(enough)
	for {
		c.mu.Lock()
		held := ok()
		n, errs := len(c.records), c.errs
		c.mu.Unlock()
		if held {
			return
		}
		select {
		case <-c.change:
		case <-deadline:
			c.t.Fatalf("%s: not within %v; %d records, errors %v", what, enough, n, errs)
		}
	}
}

func (c *collected) awaitRecords(n int) []node.Record {
	c.t.Helper()
	c.await(strconv.Itoa(n)+" records", func() bool { return len(c.records) >= n })
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.records)
}

func open(t *testing.T, brokers []string, change func(*kafkabus.Config)) *kafkabus.Bus {
	t.Helper()
	c := kafkabus.Config{Brokers: brokers, Prefix: prefix(t)}
	if change != nil {
		change(&c)
	}
	ctx, cancel := context.WithTimeout(context.Background(), enough)
	defer cancel()
	bus, err := kafkabus.Open(ctx, c)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { bus.Close() })
	return bus
}

func publish(t *testing.T, bus node.Bus, topic node.Topic, key string, value []byte) node.Ack {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), enough)
	defer cancel()
	ack, err := bus.Publish(ctx, topic, key, value)
	if err != nil {
		t.Fatalf("Publish: %v", err)
	}
	return ack
}

// prefix returns a unique topic prefix, since tests share a cluster.
func prefix(t *testing.T) string {
	clean := []rune(t.Name())
	for i, r := range clean {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			clean[i] = '-'
		}
	}
	return string(clean) + "."
}
