package target

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestStalls(t *testing.T) {
	const s = time.Second
	once, periodic := stalls{after: 2 * s, length: 3 * s}, stalls{after: s, length: s, period: 10 * s}
	for _, c := range []struct {
		stalls    stalls
		age, want time.Duration
	}{
		{once, 0, 0}, {once, 2*s - 1, 0}, {once, 2 * s, 3 * s}, {once, 4 * s, s}, {once, 5 * s, 0}, {once, time.Hour, 0},
		{periodic, 0, 0}, {periodic, s, s}, {periodic, 2*s - 1, 1}, {periodic, 2 * s, 0}, {periodic, 11 * s, s}, {periodic, 61*s + s/2, s / 2},
		{stalls{after: s}, 2 * s, 0},
	} {
		if got := c.stalls.left(c.age); got != c.want {
			t.Errorf("%+v at %s: %s left, want %s", c.stalls, c.age, got, c.want)
		}
	}
}

func TestNoResponsesDuringAStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(Config{Delay: 10 * time.Millisecond, StallAfter: 100 * time.Millisecond, StallFor: 50 * time.Millisecond, StallEvery: time.Second})
		for _, c := range []struct{ at, want time.Duration }{
			{0, 10}, {95, 150}, {120, 150}, {145, 155}, {1095, 1150}, {1500, 1510},
		} {
			time.Sleep(time.Until(s.started.Add(c.at * time.Millisecond)))
			done := make(chan time.Duration)
			go func() {
				req, _ := http.NewRequest(http.MethodGet, "http://x/ping", nil)
				s.ServeHTTP(nowhere{}, req)
				done <- time.Since(s.started)
			}()
			go func() {
				if got := <-done; got != c.want*time.Millisecond {
					t.Errorf("request at %d ms: answered at %s, want %d ms", c.at, got, c.want)
				}
			}()
		}
		time.Sleep(time.Second)
	})
}
