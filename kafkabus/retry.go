package kafkabus

import (
	"context"
	"errors"
	"os"
	"time"
)

const (
	patience    = 5 * time.Second  // with one request: more than the longest wait of a fetch
	maxPatience = 40 * time.Second // with a request that keeps running out of time: a large record on a slow link
	minPause    = 50 * time.Millisecond
	maxPause    = time.Second
	perByte     = time.Microsecond // of a record: 1 MB/s must be possible
)

// retry paces attempts: short pauses that grow, and more time for a request that ran out of it.
type retry struct {
	pause  time.Duration
	budget time.Duration
	cause  error
}

// because remembers why attempts fail, and returns it: when time is up in the middle of an attempt, what earlier ones
// ran into says more.
func (r *retry) because(ctx context.Context, err error) error {
	if r.cause == nil || ctx.Err() == nil {
		r.cause = err
	}
	return r.cause
}

// limit is the time for the next request, which carries so many bytes.
func (r *retry) limit(bytes int) time.Duration {
	return min(max(r.budget, patience)+time.Duration(bytes)*perByte, maxPatience)
}

// succeeded forgets earlier failures.
func (r *retry) succeeded() { *r = retry{} }

// wait pauses after a failure, until ctx ends or stop is closed.
func (r *retry) wait(ctx context.Context, stop <-chan struct{}, failure error) {
	if errors.Is(failure, context.DeadlineExceeded) || errors.Is(failure, os.ErrDeadlineExceeded) {
		r.budget = min(2*max(r.budget, patience), maxPatience)
	}
	r.pause = min(max(2*r.pause, minPause), maxPause)
	timer := time.NewTimer(r.pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-stop:
	case <-timer.C:
	}
}
