//go:build e2e && unix

package e2e

import (
	"testing"
	"time"

	"landfall/kafkabus/kafkatest"
)

// Apache Kafka gives the same exact counts, and nothing is lost when its nodes are killed during a run.
func TestApacheKafka(t *testing.T) {
	n := kafkatest.Wanted(t)
	k := kafkatest.StartKafka(t, n, "")
	f := newFleetOn(t, k.Brokers(), 3)
	t.Run("no fault", func(t *testing.T) {
		code, r := f.pass(60*time.Second, "-q", "600", "-n", "1801", f.url)
		if code != 0 || r.Requests != 1801 {
			t.Errorf("exit %d, %d requests, want 0 and 1801", code, r.Requests)
		}
		exact(t, r, f.counted())
	})
	t.Run("nodes killed", func(t *testing.T) {
		before := f.counted()
		run := f.run("-q", "300", "-z", "40s", "--orphan-timeout", "2m", f.url) // a slow machine needs a while to restart Kafka
		f.busy(before.Requests + 600)
		outages(k, n)
		if code := run.exit(120 * time.Second); code != 0 {
			t.Errorf("exit %d", code)
		}
		after := f.counted()
		after.Requests -= before.Requests
		after.Responses -= before.Responses
		r := run.report()
		exact(t, r, after)
		if r.Requests != 12_000 {
			t.Errorf("%d requests, want 12000", r.Requests)
		}
	})
}

// outages kills the only node for 20 s, or each of three in turn, so that every partition loses its leader.
func outages(k *kafkatest.Kafka, n int) {
	for node := range n {
		k.Kill(node)
		time.Sleep(map[bool]time.Duration{true: 20 * time.Second, false: 6 * time.Second}[n == 1]) // the outage under test
		k.Back(node)
	}
}
