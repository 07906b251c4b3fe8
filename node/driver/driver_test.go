package driver

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"landfall/node"
	"landfall/node/membus"
)

// alone starts a driver on a bus of its own; synctest reports goroutines that outlive Run.
func alone(t *testing.T, bus node.Bus, log *slog.Logger) (d *Driver, end context.CancelFunc, done <-chan error) {
	d, err := New(bus, Config{NodeID: "d1", Log: log})
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	return d, end, ended
}

// read returns the records of a topic.
func read(t *testing.T, bus node.Bus, topic node.Topic) (list []node.Message) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_ = bus.Tail(ctx, topic, node.From{}, node.Reader{Record: func(r node.Record) {
		if m, err := node.Decode(r); err == nil {
			list = append(list, m)
		}
	}})
	return list
}

// locked is a buffer that several goroutines write.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func TestOutageIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out locked
		bus := membus.New()
		mine := bus.Node("d1")
		_, end, done := alone(t, mine, slog.New(slog.NewTextHandler(&out, nil)))
		time.Sleep(3 * time.Second)
		mine.Cut()
		time.Sleep(20 * time.Second)
		mine.Heal()
		time.Sleep(3 * time.Second)
		end()
		<-done
		text := out.b.String()
		if n := strings.Count(text, "Kafka cannot be used"); n == 0 || n > 2 {
			t.Errorf("said %d times:\n%s", n, text)
		}
		if !strings.Contains(text, "Kafka can be used again") {
			t.Errorf("its end is not said:\n%s", text)
		}
	})
}
