package membus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

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

func TestPartitionsFollowKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		used, last := map[int]bool{}, map[string]int64{}
		for i := range 100 {
			key := fmt.Sprint("driver", i%20)
			ack := publish(t, b, node.TopicMetrics, key, fmt.Sprint(i))
			used[ack.Partition] = true
			if prev, ok := last[key]; ok && ack.Offset <= prev {
				t.Fatalf("%s: offset %d after %d", key, ack.Offset, prev)
			}
			last[key] = ack.Offset
		}
		l := tail(t, b, node.TopicMetrics, node.From{})
		synctest.Wait()
		if len(used) != 4 || len(l.seen()) != 100 || l.live != 1 {
			t.Errorf("%d partitions used, %d read, live %d", len(used), len(l.seen()), l.live)
		}
	})
}

func TestSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		publish(t, b, node.TopicHeartbeat, "a", "old")
		time.Sleep(time.Minute)
		publish(t, b, node.TopicHeartbeat, "a", "new")
		want(t, tail(t, b, node.TopicHeartbeat, node.From{Since: time.Now()}), "new")
		want(t, tail(t, b, node.TopicHeartbeat, node.From{Since: time.Now().Add(-2 * time.Minute)}), "old", "new")
		want(t, tail(t, b, node.TopicHeartbeat, node.From{Since: time.Now().Add(time.Second)}))
	})
}

func TestCutNodeStallsUntilHealed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		n := b.Node("n1")
		l := tail(t, n, node.TopicTrigger, node.From{})
		want(t, l)
		n.Cut()
		synctest.Wait()
		publish(t, b, node.TopicTrigger, "a", "1")
		time.Sleep(10 * time.Second)
		want(t, l)
		if l.failed < 10 {
			t.Errorf("%d failures reported in 10 s", l.failed)
		}
		done := make(chan node.Ack)
		go func() { done <- publish(t, n, node.TopicTrigger, "a", "2") }()
		time.Sleep(time.Second)
		n.Heal()
		if ack := <-done; ack.Offset != 1 {
			t.Errorf("ack %+v", ack)
		}
		want(t, l, "1", "2")
	})
}

func TestCutPublishEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New().Node("n1")
		n.Cut()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := n.Publish(ctx, node.TopicTrigger, "a", nil)
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrCut) {
			t.Errorf("err %v", err)
		}
	})
}

func TestLostAckMakesADuplicate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		n := b.Node("n1")
		n.LoseAcks(1)
		l := tail(t, b, node.TopicMetrics, node.From{})
		if ack := publish(t, n, node.TopicMetrics, "a", "x"); ack.Offset != 1 {
			t.Errorf("ack %+v", ack)
		}
		publish(t, n, node.TopicMetrics, "a", "y")
		want(t, l, "x", "x", "y")
	})
}

func TestSkew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New().Node("n1")
		n.Skew(time.Hour)
		ack := publish(t, n, node.TopicHeartbeat, "a", "x")
		if d := ack.Sent.Sub(ack.Appended); d < time.Hour || d > time.Hour+time.Millisecond {
			t.Errorf("sent %v after appended", d)
		}
		if d := time.Until(n.Now()); d != time.Hour {
			t.Errorf("clock ahead by %v", d)
		}
	})
}

func TestBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		b.Keep = 100
		n := b.Node("slow")
		l := tail(t, n, node.TopicTrigger, node.From{})
		publish(t, b, node.TopicTrigger, "k", "000000000")
		want(t, l, "000000000")
		n.Cut()
		synctest.Wait()
		for i := 1; i <= 50; i++ {
			publish(t, b, node.TopicTrigger, "k", fmt.Sprintf("%09d", i))
		}
		n.Heal()
		synctest.Wait()
		if got := l.seen(); len(got) != 11 || got[10] != "000000050" {
			t.Errorf("read %q", got)
		}
		if !slices.Equal(l.missing, [][2]int64{{1, 41}}) {
			t.Errorf("missing %v", l.missing)
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
