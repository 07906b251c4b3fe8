package driver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"landfall/node"
	"landfall/node/membus"
)

func result(i int) *node.Result {
	return &node.Result{TestID: fmt.Sprintf("t%d", i), Report: []byte("{}")}
}

func TestOutboxKeepsOrderDuringOutages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := membus.New()
		mine := bus.Node("me")
		o := newOutbox(mine, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { o.run(ctx) })
		for i := range 30 {
			switch i {
			case 10:
				mine.Cut()
			case 20:
				mine.Heal()
				mine.LoseAcks(3)
			}
			if err := o.add(result(i)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if left := o.flush(ctx); left != 0 {
			t.Errorf("%d are left", left)
		}
		var got []string
		read, stop := context.WithTimeout(ctx, time.Second)
		_ = bus.Tail(read, node.TopicResults, node.From{}, node.Reader{Record: func(r node.Record) {
			if len(got) == 0 || got[len(got)-1] != r.Key { // a lost acknowledgement repeats the record directly after itself
				got = append(got, r.Key)
			}
		}})
		stop()
		for i, key := range got {
			if key != fmt.Sprintf("t%d", i) {
				t.Fatalf("out of order: %v", got)
			}
		}
		if len(got) != 30 {
			t.Errorf("%d arrived", len(got))
		}
		cancel()
		wg.Wait()
	})
}

func TestFullOutboxDropsTheOldest(t *testing.T) {
	o := newOutbox(membus.New(), slog.New(slog.DiscardHandler))
	big := &node.Result{TestID: "t", Report: append(append([]byte(`"`), make([]byte, 4<<20)...), '"')}
	for i := range len(big.Report) - 2 {
		big.Report[i+1] = 'x'
	}
	const n = 20
	for range n {
		if err := o.add(big); err != nil {
			t.Fatal(err)
		}
	}
	waiting, lost := o.length()
	if lost == 0 || waiting+int(lost) != n || o.bytes > outboxBytes {
		t.Errorf("%d wait, %d lost, %d bytes", waiting, lost, o.bytes)
	}
}

func TestFlushEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := membus.New()
		mine := bus.Node("me")
		mine.Cut()
		o := newOutbox(mine, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { o.run(ctx) })
		_ = o.add(result(1))
		short, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		if left := o.flush(short); left != 1 {
			t.Errorf("%d are left", left)
		}
		cancel()
		wg.Wait()
	})
}

func TestOutboxRefusesLargeMessages(t *testing.T) {
	o := newOutbox(membus.New(), slog.New(slog.DiscardHandler))
	err := o.add(&node.Heartbeat{NodeID: "a", BootID: "b", State: node.Idle, Note: string(make([]byte, 3<<20))})
	var large *node.TooLargeError
	if !errors.As(err, &large) {
		t.Errorf("got %v", err)
	}
}
