package kafkabus

import (
	"context"
	"errors"
	"os"
	"time"
)

const (
	patience    = 5 * time.Second  // request timeout: longer than the longest wait of a fetch
	maxPatience = 40 * time.Second // request timeout after repeated timeouts: a large record on a slow link
	minPause    = 50 * time.Millisecond
	maxPause    = time.Second
	perByte     = time.Microsecond // additional timeout: at least 1 MB/s must be possible
)

// retry paces attempts: exponential backoff, and a longer timeout for requests that timed out.
type retry struct {
	pause  time.Duration
	budget time.Duration
	cause  error
}

// because records why attempts fail and returns the most informative error: if time ran out during an attempt, the
// failure before it says more.
func (r *retry) because(ctx context.Context, err error) error {
	if r.cause == nil || ctx.Err() == nil {
		r.cause = err
	}
	return r.cause
}

// limit is the timeout of the next request, with so many bytes of payload.
func (r *retry) limit(bytes int) time.Duration {
	return min(max(r.budget, patience)+time.Duration(bytes)*perByte, maxPatience)
}

// succeeded resets the failures.
func (r *retry) succeeded() { *r = retry{} }

// wait backs off after a failure, until ctx is done or stop is closed.
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
