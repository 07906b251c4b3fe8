//go:build unix

package kafkabus_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"landfall/kafkabus"
	"landfall/kafkabus/kafkatest"
	"landfall/node"
)

func TestTailReportsAnOutage(t *testing.T) {
	broker := kafkatest.StartEmbedded(t, t.TempDir(), "")
	bus := open(t, broker.Brokers(), nil)
	tail := collect(t, bus, node.TopicTrigger, node.From{})
	tail.await("an answer", func() bool { return tail.answers > 0 })
	broker.Kill(0)
	tail.await("a failure that says why", func() bool {
		var unreachable *kafkabus.UnreachableError
		n := len(tail.errs)
		return n > 0 && errors.As(tail.errs[n-1], &unreachable) && strings.Contains(unreachable.Error(), "connection refused")
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := bus.Publish(ctx, node.TopicTrigger, "k", nil); err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("publish: %v", err)
	}
	broker.Back(0)
	failed := 0
	tail.await("answers again", func() bool {
		failed = len(tail.errs)
		return tail.answers > failed+1
	})
}
