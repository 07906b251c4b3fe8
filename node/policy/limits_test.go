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
