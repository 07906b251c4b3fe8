package policy

import (
	"math"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
)

func TestCaps(t *testing.T) {
	for _, c := range []struct {
		name   string
		config Config
		spec   loadgen.Spec
		want   string
	}{
		{"within", Config{MaxRate: 100, MaxConnections: 10, MaxDuration: time.Minute}, loadgen.Spec{Kind: loadgen.Tsunami, RateRPS: 200, Connections: 10, Duration: 60e9}, ""},
		{"rate", Config{MaxRate: 99}, loadgen.Spec{Kind: loadgen.Tsunami, RateRPS: 200}, "rate 100 requests/s for one driver"},
		{"stages", Config{MaxRate: 99}, loadgen.Spec{Kind: loadgen.Tsunami, Stages: []loadgen.Stage{{To: 50}, {To: 400}}}, "rate 200 requests/s"},
		{"delay", Config{MaxRate: 99}, loadgen.Spec{Kind: loadgen.Tsunami, Delay: 1e6}, "rate 1000 requests/s"},
		{"an avalanche has no rate", Config{MaxRate: 99}, loadgen.Spec{Kind: loadgen.Avalanche}, "an avalanche has no rate"},
		{"connections", Config{MaxConnections: 1}, loadgen.Spec{Connections: 2}, "connections 2: this driver allows 1"},
		{"streams", Config{MaxConnections: 100}, loadgen.Spec{Connections: 2, Streams: 100, HTTP2: true}, "connections 2 with 100 streams each: this driver allows 100"},
		{"duration", Config{MaxDuration: time.Second}, loadgen.Spec{Duration: 2e9}, "duration 2s: this driver allows 1s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.spec.Target = "http://127.0.0.1/"
			err := WouldRefuse(c.config, c.spec, 2)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	for want, c := range map[string]Config{
		"max-rate -1:": {MaxRate: -1}, "max-rate NaN:": {MaxRate: math.NaN()}, "max-connections -1:": {MaxConnections: -1}, "max-duration -1s:": {MaxDuration: -time.Second},
	} {
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// Users who have connections of their own are counted with those: by host and, over HTTP/1.1, by concurrent request. The streams of a
// spec are of shared connections only.
func TestConnectionsOfUsers(t *testing.T) {
	get := loadgen.Step{Get: "http://a.test/"}
	two := []loadgen.Step{get, {Get: "http://b.test/"}}
	page := []loadgen.Step{get, {Parallel: []loadgen.Step{get, get, get, get, get}, Limit: 5}}
	for _, c := range []struct {
		name  string
		spec  loadgen.Spec
		steps []loadgen.Step
		each  int
	}{
		{"one host", loadgen.Spec{}, []loadgen.Step{get}, 1},
		{"two hosts", loadgen.Spec{}, two, 2},
		{"two hosts over HTTP/2, where streams do not count", loadgen.Spec{HTTP2: true, Streams: 100}, two, 2},
		{"parallel requests", loadgen.Spec{}, page, 5},
		{"parallel requests over HTTP/2: one connection, five requests", loadgen.Spec{HTTP2: true, Streams: 100}, page, 5},
		{"parallel requests, two hosts", loadgen.Spec{}, append(page[:len(page):len(page)], two...), 10},
		{"shared connections", loadgen.Spec{SharedConnections: true}, page, 1},
		{"shared connections over HTTP/2", loadgen.Spec{SharedConnections: true, HTTP2: true, Streams: 100}, two, 100},
	} {
		c.spec.Kind, c.spec.Target, c.spec.Connections, c.spec.Scenarios = loadgen.Avalanche, "http://a.test", 10, []loadgen.Scenario{{Steps: c.steps}}
		enough := Config{AllowTargets: []string{"a.test", "b.test"}, MaxConnections: 10 * c.each}
		if err := WouldRefuse(enough, c.spec, 1); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		enough.MaxConnections--
		if err := WouldRefuse(enough, c.spec, 1); err == nil || !strings.Contains(err.Error(), "--max-connections") {
			t.Errorf("%s: %d are allowed by %d", c.name, 10*c.each, enough.MaxConnections)
		}
		if got := (Limits{connections: 10 * c.each}).Clamp(loadgen.Share{Connections: 1000}, c.spec, 100).Connections; got != 10 {
			t.Errorf("%s: clamped to %d, want 10", c.name, got)
		}
	}
}
