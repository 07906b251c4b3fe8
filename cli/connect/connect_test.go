package connect

import (
	"context"
	"fmt"
	"testing"

	"landfall/kafkabus"
)

// A driver waits while brokers are unreachable or busy, but not after errors that waiting cannot fix.
func TestTemporaryErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{&kafkabus.UnreachableError{Err: context.DeadlineExceeded}, true},
		{fmt.Errorf("prepare the topics: %w", context.DeadlineExceeded), true},
		{&kafkabus.AuthError{}, false},
		{&kafkabus.TopicError{Topic: "t", Reason: "has 3 partitions"}, false},
	} {
		if passes(c.err) != c.want {
			t.Errorf("%v: %v", c.err, !c.want)
		}
	}
}
