package membus

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"landfall/node"
)

func TestCutNodeStallsUntilHealed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		n := b.Node("n1")
		l := tail(t, n, node.TopicTrigger, node.From{})
		want(t, l)
		n.Cut()
		synctest.Wait()
		publish(t, b, node.TopicTrigger, "a", "1")
		time.Sleep(10 * time.Second)
		want(t, l)
		if l.failed < 10 {
			t.Errorf("%d failures reported in 10 s", l.failed)
		}
		done := make(chan node.Ack)
		go func() { done <- publish(t, n, node.TopicTrigger, "a", "2") }()
		time.Sleep(time.Second)
		n.Heal()
		if ack := <-done; ack.Offset != 1 {
			t.Errorf("ack %+v", ack)
		}
		want(t, l, "1", "2")
	})
}

func TestCutPublishEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New().Node("n1")
		n.Cut()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := n.Publish(ctx, node.TopicTrigger, "a", nil)
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrCut) {
			t.Errorf("err %v", err)
		}
	})
}

func TestLostAckMakesADuplicate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		n := b.Node("n1")
		n.LoseAcks(1)
		l := tail(t, b, node.TopicMetrics, node.From{})
		if ack := publish(t, n, node.TopicMetrics, "a", "x"); ack.Offset != 1 {
			t.Errorf("ack %+v", ack)
		}
		publish(t, n, node.TopicMetrics, "a", "y")
		want(t, l, "x", "x", "y")
	})
}

func TestSkew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New().Node("n1")
		n.Skew(time.Hour)
		ack := publish(t, n, node.TopicHeartbeat, "a", "x")
		if d := ack.Sent.Sub(ack.Appended); d < time.Hour || d > time.Hour+time.Millisecond {
			t.Errorf("sent %v after appended", d)
		}
		if d := time.Until(n.Now()); d != time.Hour {
			t.Errorf("clock ahead by %v", d)
		}
	})
}
