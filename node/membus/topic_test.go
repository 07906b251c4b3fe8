package membus

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"landfall/node"
)

func TestPartitionsFollowKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		used, last := map[int]bool{}, map[string]int64{}
		for i := range 100 {
			key := fmt.Sprint("driver", i%20)
			ack := publish(t, b, node.TopicMetrics, key, fmt.Sprint(i))
			used[ack.Partition] = true
			if prev, ok := last[key]; ok && ack.Offset <= prev {
				t.Fatalf("%s: offset %d after %d", key, ack.Offset, prev)
			}
			last[key] = ack.Offset
		}
		l := tail(t, b, node.TopicMetrics, node.From{})
		synctest.Wait()
		if len(used) != 4 || len(l.seen()) != 100 || l.live != 1 {
			t.Errorf("%d partitions used, %d read, live %d", len(used), len(l.seen()), l.live)
		}
	})
}

func TestSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		publish(t, b, node.TopicHeartbeat, "a", "old")
		time.Sleep(time.Minute)
		publish(t, b, node.TopicHeartbeat, "a", "new")
		want(t, tail(t, b, node.TopicHeartbeat, node.From{Since: time.Now()}), "new")
		want(t, tail(t, b, node.TopicHeartbeat, node.From{Since: time.Now().Add(-2 * time.Minute)}), "old", "new")
		want(t, tail(t, b, node.TopicHeartbeat, node.From{Since: time.Now().Add(time.Second)}))
	})
}

func TestBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		b.Keep = 100
		n := b.Node("slow")
		l := tail(t, n, node.TopicTrigger, node.From{})
		publish(t, b, node.TopicTrigger, "k", "000000000")
		want(t, l, "000000000")
		n.Cut()
		synctest.Wait()
		for i := 1; i <= 50; i++ {
			publish(t, b, node.TopicTrigger, "k", fmt.Sprintf("%09d", i))
		}
		n.Heal()
		synctest.Wait()
		if got := l.seen(); len(got) != 11 || got[10] != "000000050" {
			t.Errorf("read %q", got)
		}
		if !slices.Equal(l.missing, [][2]int64{{1, 41}}) {
			t.Errorf("missing %v", l.missing)
		}
	})
}
