package kafkabus

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetryBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r retry
		var pauses []time.Duration
		for range 12 {
			began := time.Now()
			r.wait(t.Context(), nil, errors.New("refused"))
			pauses = append(pauses, time.Since(began))
		}
		for i, p := range pauses {
			want := maxPause
			if i > 0 {
				want = min(2*pauses[i-1], maxPause)
			} else {
				want = minPause
			}
			if p != want {
				t.Errorf("pause %d is %v, want %v", i, p, want)
			}
		}
		if r.limit(0) != patience {
			t.Errorf("refused connections change the timeout: %v", r.limit(0))
		}
		r.succeeded()
		began := time.Now()
		if r.wait(t.Context(), nil, errors.New("refused")); time.Since(began) != minPause {
			t.Errorf("after a success the pause is %v", time.Since(began))
		}
	})
}

// Only requests that ran out of time get more of it, up to a limit; large ones from the start.
func TestRetryExtendsTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r retry
		if got := r.limit(1_000_000); got != patience+time.Second {
			t.Errorf("a megabyte: %v", got)
		}
		last := r.limit(0)
		for range 10 {
			r.wait(t.Context(), nil, context.DeadlineExceeded)
			if got := r.limit(0); got != min(2*last, maxPatience) {
				t.Errorf("after a timeout of %v: %v", last, got)
			}
			last = r.limit(0)
		}
	})
}

func TestRetryStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		close(stop)
		r := retry{pause: maxPause}
		began := time.Now()
		r.wait(t.Context(), stop, errors.New("refused"))
		if time.Since(began) != 0 {
			t.Errorf("waited %v although it was stopped", time.Since(began))
		}
	})
}

// A timeout says less than the failure before it.
func TestBecause(t *testing.T) {
	refused := errors.New("refused")
	var r retry
	ctx, cancel := context.WithCancel(t.Context())
	if got := r.because(ctx, refused); got != refused {
		t.Errorf("got %v", got)
	}
	cancel()
	if got := r.because(ctx, context.Canceled); got != refused {
		t.Errorf("got %v, want the reason from before", got)
	}
	var none retry
	if got := none.because(ctx, context.Canceled); !errors.Is(got, context.Canceled) {
		t.Errorf("got %v", got)
	}
}
