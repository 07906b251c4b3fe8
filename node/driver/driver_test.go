package driver

import (
	"bytes"
	"context"
	"errors"
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

func TestDriverRegistersBeatsAndDeregisters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := membus.New()
		_, end, done := alone(t, bus, nil)
		time.Sleep(20 * time.Second)
		end()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n := len(read(t, bus, node.TopicRegister)); n != 1 {
			t.Errorf("%d registrations", n)
		}
		beats := read(t, bus, node.TopicHeartbeat)
		if n := len(beats); n < 20 || n > 25 {
			t.Errorf("%d heartbeats in 20 s", n)
		}
		if last := beats[len(beats)-1].(*node.Heartbeat); last.State != node.Gone || last.Note != "it was told to end" {
			t.Errorf("the last one says %+v", last)
		}
	})
}

func TestKilledDriverDeregisters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := membus.New()
		d, end, done := alone(t, bus, nil)
		defer end()
		time.Sleep(3 * time.Second)
		killed := time.Now()
		if _, err := node.Post(t.Context(), bus, &node.Trigger{ID: "k", Action: node.Kill, NodeID: "d1", BootID: d.bootID, By: "ann"}); err != nil {
			t.Fatal(err)
		}
		if err := <-done; !errors.Is(err, ErrKilled) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(killed); took > time.Second {
			t.Errorf("it took %v", took)
		}
		beats := read(t, bus, node.TopicHeartbeat)
		if last := beats[len(beats)-1].(*node.Heartbeat); last.State != node.Gone || last.Note != "killed by ann" {
			t.Errorf("the last one says %+v", last)
		}
	})
}

func TestQuitIsImmediateInEveryState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, cut := range []bool{false, true} {
			bus := membus.New()
			mine := bus.Node("d1")
			if cut {
				mine.Cut()
			}
			d, end, done := alone(t, mine, nil)
			time.Sleep(3 * time.Second)
			d.Quit()
			d.Quit()
			before := time.Now()
			if err := <-done; err != nil {
				t.Error(err)
			}
			if took := time.Since(before); took > 0 {
				t.Errorf("it took %v", took)
			}
			end()
		}
	})
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
