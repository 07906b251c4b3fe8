package target

import (
	"net"
	"net/http"
	"testing"
	"time"
)

func TestCrowdDelay(t *testing.T) {
	d := crowdDelay(2, time.Second)
	for open, want := range map[int64]time.Duration{0: 0, 2: 0, 3: time.Second} {
		if got := d(moment{connections: open}); got != want {
			t.Errorf("%d connections: %s, want %s", open, got, want)
		}
	}
}

func TestCrowdCountsOpenConnections(t *testing.T) {
	var c connectionCount
	for _, state := range []http.ConnState{
		http.StateNew, http.StateActive, http.StateIdle, http.StateNew, http.StateHijacked, http.StateNew, http.StateClosed,
	} {
		c.count(nil, state)
	}
	if c.open() != 1 {
		t.Errorf("%d open, want 1", c.open())
	}
}

func TestCrowdDelaysRealConnections(t *testing.T) {
	s, url := start(t, Config{CrowdAbove: 2, CrowdDelay: time.Minute})
	for range 2 {
		c, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for s.connections.open() < 2 {
		<-tick.C
	}
	client := http.Client{Timeout: 100 * time.Millisecond, Transport: &http.Transport{DisableKeepAlives: true}}
	if resp, err := client.Get(url + "/ping"); err == nil {
		resp.Body.Close()
		t.Error("the third connection was not delayed")
	}
}
