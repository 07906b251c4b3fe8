//go:build unix

package kafkabus_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"landfall/kafkabus/kafkatest"
	"landfall/node"
)

// stream publishes numbered records until stop is called, which returns how many.
func stream(t *testing.T, bus node.Bus, topic node.Topic) (stop func() int) {
	quit, count := make(chan struct{}), make(chan int, 1)
	go func() {
		n := 0
		defer func() { count <- n }()
		for {
			select {
			case <-quit:
				return
			case <-time.After(5 * time.Millisecond):
			}
			ctx, cancel := context.WithTimeout(context.Background(), enough)
			_, err := bus.Publish(ctx, topic, "k", fmt.Append(nil, n))
			cancel()
			if err != nil {
				t.Errorf("Publish: %v", err)
				return
			}
			n++
		}
	}()
	return func() int {
		close(quit)
		return <-count
	}
}

// awaitAll waits for the records of a stream: all, in order, with repetitions only from retries.
func awaitAll(t *testing.T, tail *collected, n int) (repeats int) {
	t.Helper()
	seen := map[string]bool{}
	at, next := 0, 0
	tail.await(fmt.Sprint("all ", n, " records"), func() bool {
		for ; at < len(tail.records); at++ {
			value := string(tail.records[at].Value)
			switch {
			case seen[value]:
				repeats++
			case value != fmt.Sprint(next):
				t.Fatalf("record %s where %d was due", value, next)
			default:
				seen[value] = true
				next++
			}
		}
		return next >= n
	})
	if len(tail.missing) > 0 {
		t.Errorf("missing %v", tail.missing)
	}
	return repeats
}

// outage runs a stream while happens disturbs the cluster, and checks that nothing is lost.
func outage(t *testing.T, bus node.Bus, happens func()) {
	t.Helper()
	tail := collect(t, bus, node.TopicMetrics, node.From{})
	stop := stream(t, bus, node.TopicMetrics)
	tail.awaitRecords(50)
	happens()
	from := len(tail.awaitRecords(0))
	tail.awaitRecords(from + 50)
	n := stop()
	repeats := awaitAll(t, tail, n)
	t.Logf("%d records, %d repeated, %d failed reads", n, repeats, len(tail.errs))
}

func TestBrokerKilledAndBack(t *testing.T) {
	broker := kafkatest.StartEmbedded(t, t.TempDir(), "")
	bus := open(t, broker.Brokers(), nil)
	outage(t, bus, func() {
		for range 3 {
			broker.Kill(0)
			time.Sleep(time.Second)
			broker.Back(0)
			time.Sleep(300 * time.Millisecond)
		}
	})
}

func TestHungBroker(t *testing.T) {
	broker := kafkatest.StartEmbedded(t, t.TempDir(), "")
	bus := open(t, broker.Brokers(), nil)
	outage(t, bus, func() {
		broker.Pause(0)
		ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		defer cancel()
		at := time.Now()
		_, err := bus.Publish(ctx, node.TopicHeartbeat, "k", nil)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(at) > 20*time.Second {
			t.Errorf("after %v: %v", time.Since(at), err)
		}
		time.Sleep(7 * time.Second)
		broker.Resume(0)
	})
}

// proxied starts a broker whose clients all connect through a proxy.
func proxied(t *testing.T) (*kafkatest.Proxy, []string) {
	proxy := kafkatest.NewProxy(t)
	broker := kafkatest.StartEmbedded(t, t.TempDir(), proxy.Addr())
	proxy.Serve(broker.Brokers()[0])
	return proxy, []string{proxy.Addr()}
}

func TestCableCut(t *testing.T) {
	proxy, brokers := proxied(t)
	bus := open(t, brokers, nil)
	outage(t, bus, func() {
		proxy.Silence(true)
		time.Sleep(8 * time.Second)
		proxy.Silence(false)
	})
}

func TestBrokerThatLosesItsData(t *testing.T) {
	broker := kafkatest.StartEmbedded(t, "", "")
	bus := open(t, broker.Brokers(), nil)
	tail := collect(t, bus, node.TopicTrigger, node.From{})
	for i := range 20 {
		publish(t, bus, node.TopicTrigger, "k", fmt.Append(nil, i))
	}
	tail.awaitRecords(20)
	broker.Kill(0)
	broker.Back(0)
	tail.await("a log begun anew", func() bool { return len(tail.missing) == 1 })
	if m := tail.missing[0]; m[1] != 20 || m[2] != 0 {
		t.Errorf("missing %v, want from 20 to 0", m)
	}
	publish(t, bus, node.TopicTrigger, "k", []byte("fresh"))
	if got := tail.awaitRecords(21)[20]; string(got.Value) != "fresh" || got.Offset != 0 {
		t.Errorf("read %+v", got)
	}
}
