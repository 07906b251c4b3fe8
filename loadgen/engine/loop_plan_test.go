package engine

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/pace"
)

// idleLoop returns the only loop of an engine that cannot connect, with a share, at a given time since T0.
func idleLoop(t *testing.T, spec loadgen.Spec, share loadgen.Share, now time.Duration) *loop {
	spec.Target = "http://127.0.0.1/"
	dial := func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no network") }
	e, err := New(spec.WithDefaults(), Options{Threads: 1, Dial: dial})
	if err != nil {
		t.Fatal(err)
	}
	l, err := newLoop(e, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	l.now, l.plan, l.pacers = int64(now), &share, []*pace.Pacer{pace.New(e.spec, share, 0, 1)}
	l.hold()
	return l
}

// due does not change the loop. Only retire replaces a share, once everything that was due under it has been
// sent.
func TestDueIsAQuestion(t *testing.T) {
	l := idleLoop(t, loadgen.Spec{RateRPS: 1, Duration: loadgen.Duration(time.Minute), Connections: 1},
		loadgen.Share{Schedule: steady(1), Connections: 1, Of: 1}, 3500*time.Millisecond)
	next := loadgen.Share{Seq: 1, From: loadgen.Duration(1500 * time.Millisecond), Schedule: steady(1), Connections: 1, Of: 1}
	l.pacers = append(l.pacers, pace.New(l.engine.spec, next, 0, 1))
	for _, want := range []int64{0, int64(time.Second)} {
		if got := l.due(); got != want || l.retire() {
			t.Fatalf("due at %d, want %d", got, want)
		}
		l.pacers[0].Issue()
	}
	if l.due() != never || l.wakeAt() == 0 || len(l.pacers) != 2 || l.stats.asked != 0 {
		t.Errorf("due at %d, %d shares, %d asked: a question changed them", l.due(), len(l.pacers), l.stats.asked)
	}
	if !l.retire() || len(l.pacers) != 1 || l.pacers[0].Share.Seq != 1 || l.stats.asked != 2 || l.due() != int64(next.From) {
		t.Errorf("%d shares, share %d, %d asked, due at %d", len(l.pacers), l.pacers[0].Share.Seq, l.stats.asked, l.due())
	}
}
