//go:build unix

package kafkabus_test

import (
	"testing"
	"time"
)

func TestLostAcknowledgements(t *testing.T) {
	proxy, brokers := proxied(t)
	bus := open(t, brokers, nil)
	outage(t, bus, func() {
		proxy.CutEvery(7)
		time.Sleep(2 * time.Second)
		proxy.CutEvery(0)
	})
	if proxy.Lost() < 5 {
		t.Errorf("only %d answers were lost", proxy.Lost())
	}
}
