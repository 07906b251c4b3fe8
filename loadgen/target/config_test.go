package target

import (
	"math"
	"testing"
	"time"
)

func TestValidate(t *testing.T) {
	for want, c := range map[string]Config{
		"delay -1s: must be between 0s and 1h":                                             {Delay: -time.Second},
		"error-rate 2: must be between 0 and 1":                                            {ErrorRate: 2},
		"error-rate NaN: must be between 0 and 1":                                          {ErrorRate: math.NaN()},
		"stall-for 2h0m0s: must be between 0s and 1h":                                      {StallFor: 2 * time.Hour},
		"capacity -1: must be between 0 and 1000000":                                       {Capacity: -1},
		"capacity 0.01: must be at least 0.1 requests/s":                                   {Capacity: 0.01},
		`fail-with "302": must be a status from 400 to 599, close, reset, hang or garbage`: {FailWith: "302"},
		"fail-above: has no effect without --fail-with":                                    {FailAbove: 1},
		"collapse: has no effect without --capacity":                                       {Collapse: 1},
		"service-sigma: has no effect without --service-time or --capacity":                {ServiceSigma: 1},
		"handshake-delay: has no effect without --tls":                                     {HandshakeDelay: 1},
		"crowd-above: has no effect without --crowd-delay":                                 {CrowdAbove: 1},
		`slow-path "a": must start with /`:                                                 {SlowPath: "a", SlowPathDelay: 1},
		"stall-every 1s: must be longer than --stall-for 2s":                               {StallEvery: time.Second, StallFor: 2 * time.Second},
		"service-time 1ms: cannot be combined with --capacity, which sets the service time to servers divided by capacity": {
			Capacity: 1, ServiceTime: time.Millisecond},
	} {
		if err := c.Validate(); err == nil || err.Error() != want {
			t.Errorf("%+v:\n got %v\nwant %s", c, err, want)
		}
	}
	for _, c := range []Config{
		{}, {Capacity: 500, Servers: 2, ServiceSigma: 0.5, Collapse: time.Second}, {FailWith: "reset", FailAbove: 10, FailAfter: 1},
		{TLS: true, HandshakeDelay: 1}, {StallFor: 1, StallEvery: 2, StallAfter: 1}, {SlowPath: "/a", SlowPathDelay: 1, Drift: 1},
	} {
		if err := c.Validate(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
