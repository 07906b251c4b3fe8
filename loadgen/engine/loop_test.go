package engine

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"landfall/loadgen"
)

// A run is stopped while its target does not answer: due requests that waited for a connection are dropped,
// those in flight are awaited, and nothing more becomes due.
func TestRequestsThatWaitWhenARunIsStoppedAreDropped(t *testing.T) {
	t.Parallel()
	const rate, connections = 200, 4
	polls(t, func(t *testing.T, o Options) {
		open := make(chan struct{})
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			<-open
			io.WriteString(w, "ok")
		}, nil)
		drained := make(chan time.Duration, 1)
		begun := time.Now()
		out := carry(t, loadgen.Spec{Target: r.url, RateRPS: rate, Duration: loadgen.Duration(time.Minute), Connections: connections}, o, loadgen.Share{}, func(e *Engine) {
			waitFor(t, func() bool { return r.served.Load() == connections })
			time.Sleep(time.Second) // for more to become due
			e.Drain()
			drained <- time.Since(begun)
			time.Sleep(2 * time.Second) // in which none does
			close(open)
		})
		if out.Total.Responses != connections || out.Total.Dropped < rate/2 || out.Waiting != 0 {
			t.Errorf("%+v, %d wait", out.Total, out.Waiting)
		}
		if most := int64(rate * ((<-drained).Seconds() + 1)); out.asked > most {
			t.Errorf("%d requests were asked for, %d at most when it was stopped", out.asked, most)
		}
	})
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
