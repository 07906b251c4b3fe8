//go:build unix

package kafkabus_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"landfall/kafkabus"
	"landfall/kafkabus/kafkatest"
	"landfall/node"
)

func TestOpenWithoutBroker(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	addr := kafkatest.FreeAddr(t)
	_, err := kafkabus.Open(ctx, kafkabus.Config{Brokers: []string{addr, "127.0.0.1:1"}})
	var unreachable *kafkabus.UnreachableError
	if !errors.As(err, &unreachable) || !strings.Contains(err.Error(), addr+", 127.0.0.1:1") || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("err %v", err)
	}
}

func TestOpenWaitsForTheBroker(t *testing.T) {
	proxy := kafkatest.NewProxy(t) // until Serve, it accepts connections and does not respond
	time.AfterFunc(time.Second, func() {
		broker := kafkatest.StartEmbedded(t, "", proxy.Addr())
		proxy.Serve(broker.Brokers()[0])
	})
	publish(t, open(t, []string{proxy.Addr()}, nil), node.TopicTrigger, "k", nil)
}

func TestConfigErrors(t *testing.T) {
	for want, c := range map[string]kafkabus.Config{
		"no brokers": {},
		"must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512": {Brokers: []string{"a:1"}, SASL: "GSSAPI", User: "u"},
		"needs a user": {Brokers: []string{"a:1"}, SASL: "PLAIN"},
	} {
		if _, err := kafkabus.Open(t.Context(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestCloseStopsAllGoroutines(t *testing.T) {
	broker := kafkatest.StartEmbedded(t, "", "")
	before := runtime.NumGoroutine()
	for range 3 {
		bus := open(t, broker.Brokers(), nil)
		tail := collect(t, bus, node.TopicMetrics, node.From{})
		publish(t, bus, node.TopicMetrics, "k", nil)
		tail.awaitRecords(1)
		tail.stop()
		bus.Close()
	}
	for deadline := time.Now().Add(enough); runtime.NumGoroutine() > before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}
