package membus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"landfall/node"
)

// log collects what a Tail delivers.
type log struct {
	mu      sync.Mutex
	values  []string
	live    int
	missing [][2]int64
	answers int
	failed  int
}

func (l *log) reader() node.Reader {
	with := func(f func()) { l.mu.Lock(); defer l.mu.Unlock(); f() }
	return node.Reader{
		Record:  func(r node.Record) { with(func() { l.values = append(l.values, string(r.Value)) }) },
		Live:    func() { with(func() { l.live++ }) },
		Missing: func(_ int, from, to int64) { with(func() { l.missing = append(l.missing, [2]int64{from, to}) }) },
		Answered: func(err error) {
			with(func() {
				if l.answers++; err != nil {
					l.failed++
				}
			})
		},
	}
}

func (l *log) seen() []string { l.mu.Lock(); defer l.mu.Unlock(); return slices.Clone(l.values) }

func tail(t *testing.T, bus node.Bus, topic node.Topic, from node.From) *log {
	l := &log{}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- bus.Tail(ctx, topic, from, l.reader()) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Tail: %v", err)
		}
	})
	return l
}

func publish(t *testing.T, bus node.Bus, topic node.Topic, key, value string) node.Ack {
	t.Helper()
	ack, err := bus.Publish(t.Context(), topic, key, []byte(value))
	if err != nil {
		t.Fatalf("Publish: %v", err)
	}
	return ack
}

func want(t *testing.T, l *log, values ...string) {
	t.Helper()
	synctest.Wait()
	if got := l.seen(); !slices.Equal(got, values) {
		t.Fatalf("read %q, want %q", got, values)
	}
}

func TestRoundTrip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		publish(t, b, node.TopicTrigger, "a", "1")
		l := tail(t, b, node.TopicTrigger, node.From{})
		want(t, l, "1")
		ack := publish(t, b, node.TopicTrigger, "b", "2")
		if ack.Offset != 1 || ack.Appended.After(ack.Answered) || ack.Answered.Before(ack.Sent) {
			t.Errorf("ack %+v", ack)
		}
		want(t, l, "1", "2")
		if l.live != 1 {
			t.Errorf("Live called %d times", l.live)
		}
	})
}

func TestRefuses(t *testing.T) {
	b := New()
	var large *node.TooLargeError
	if _, err := b.Publish(t.Context(), node.TopicTrigger, "k", make([]byte, 3<<20)); !errors.As(err, &large) {
		t.Errorf("3 MiB: %v", err)
	}
	if _, err := b.Publish(t.Context(), "nonsense", "k", nil); err == nil {
		t.Error("unknown topic accepted")
	}
	if err := b.Tail(t.Context(), "nonsense", node.From{}, node.Reader{}); err == nil {
		t.Error("unknown topic tailed")
	}
}

func TestConcurrentPublish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		l := tail(t, b, node.TopicMetrics, node.From{})
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for j := range 200 {
					publish(t, b.Node(fmt.Sprint(i)), node.TopicMetrics, fmt.Sprint(i), fmt.Sprint(j))
				}
			})
		}
		wg.Wait()
		synctest.Wait()
		if n := len(l.seen()); n != 1600 {
			t.Errorf("read %d of 1600", n)
		}
	})
}
