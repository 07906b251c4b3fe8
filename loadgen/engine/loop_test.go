package engine

import (
	"context"
	"net/http"
	"testing"
	"time"

	"landfall/loadgen"
)

// A run is stopped while its target does not answer: due requests that waited for a connection are dropped,
// those in flight are awaited, and nothing more becomes due.
func TestRequestsThatWaitWhenARunIsStoppedAreDropped(t *testing.T) {
	const rate, connections, open = 200, 4, 5 * time.Second
	list := virtually(t, loadgen.Spec{RateRPS: rate, Duration: loadgen.Duration(time.Minute), Connections: connections}, loadgen.Share{Schedule: steady(rate), Until: loadgen.Duration(time.Minute)},
		func(since time.Duration) { time.Sleep(open - since) }, func(e *Engine) {
			time.Sleep(2*time.Second - time.Millisecond) // T0 is a second after this starts
			e.Drain()
		})
	var asked int64
	for _, s := range list {
		asked += s.Asked
	}
	last := list[len(list)-1]
	if last.Total.Responses != connections || last.Total.Dropped != rate-connections || asked != rate || last.Waiting != 0 || last.Interval != int(open/time.Second) {
		t.Errorf("%d were asked for, %d wait in interval %d: %+v", asked, last.Waiting, last.Interval, last.Total)
	}
}

func TestRequestsThatWaitWhenARunIsKilledAreDropped(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		open := make(chan struct{})
		r := serve(t, func(http.ResponseWriter, *http.Request) { <-open }, nil)
		defer close(open)
		e, err := New(loadgen.Spec{Target: r.url, RateRPS: 200, Duration: loadgen.Duration(time.Minute), Connections: 4}.WithDefaults(), o)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		var asked int64
		var last loadgen.Snapshot
		share := loadgen.Share{Connections: 4, Schedule: steady(200), Of: 1}
		if err := e.Run(ctx, time.Now(), share, func(s loadgen.Snapshot) { asked, last = asked+s.Asked, s }); err != nil {
			t.Fatal(err)
		}
		if n := last.Total.Requests + last.Total.Dropped; n != asked || n != last.Begun || last.Total.Dropped < 100 {
			t.Errorf("%d were asked for: %+v", asked, last.Total)
		}
	})
}
