package orchestrator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/engine/pipetest"
	"landfall/loadgen/target"
	"landfall/node/driver"
	"landfall/node/report"
)

// patient is a run against the sample target on the virtual clock.
type patient struct {
	target  target.Config
	other   *target.Config // the target of the last driver or, with labels, of the last two
	spec    loadgen.Spec
	drivers int // 2
	labels  []string
	crowd   int // connections opened by others 20 s later
}

// examined runs it and returns its report.
func (p patient) examined(t *testing.T, s *site) *report.Report {
	t.Helper()
	serve := func(c target.Config) *pipetest.Listener {
		l := pipetest.Listen()
		server, err := target.StartOn(l, c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { server.Close() })
		return l
	}
	main := serve(p.target)
	other := main
	if p.other != nil {
		other = serve(*p.other)
	}
	p.drivers = max(p.drivers, 2)
	for i := range p.drivers {
		s.driver(fmt.Sprintf("drv-%d", i), func(c *driver.Config) {
			c.Dial = main.Dial
			if i == p.drivers-1 || len(p.labels) > 0 && i == p.drivers-2 {
				c.Dial = other.Dial
			}
			if len(p.labels) > 0 {
				c.Labels = map[string]string{"site": p.labels[i]}
			}
		})
	}
	o := s.orchestrator("o1")
	if p.spec.Target = "http://127.0.0.1/ping"; p.target.TLS {
		p.spec.Target, p.spec.TLS.Insecure = "https://127.0.0.1/ping", true
	}
	id := s.trigger(o, p.spec, Selection{Count: p.drivers})
	time.AfterFunc(20*time.Second, func() {
		for range p.crowd {
			if c, err := main.Dial(s.ctx, "", ""); err == nil {
				context.AfterFunc(s.ctx, func() { c.Close() })
			}
		}
	})
	ctx, cancel := context.WithTimeout(s.ctx, time.Hour)
	defer cancel()
	r, err := o.Wait(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func rules(r *report.Report) (list []string) {
	for _, f := range r.Findings {
		list = append(list, f.Rule)
	}
	return list
}

func paced(rate float64, d time.Duration) loadgen.Spec {
	return loadgen.Spec{Kind: loadgen.Tsunami, RateRPS: rate, Duration: loadgen.Duration(d), Connections: 64}
}

func staged(stages ...loadgen.Stage) loadgen.Spec {
	return loadgen.Spec{Kind: loadgen.Tsunami, Stages: stages, Connections: 64}
}

func to(d time.Duration, rate float64) loadgen.Stage {
	return loadgen.Stage{Duration: loadgen.Duration(d), To: rate}
}

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// Each fault of the sample target is diagnosed by its rule in a whole run: driver, bus, orchestrator and
// report.
func TestFaultyTargetsAreDiagnosed(t *testing.T) {
	t.Parallel()
	healthy := target.Config{ServiceTime: ms(5), ServiceSigma: .3}
	slow := target.Config{ServiceTime: ms(60), ServiceSigma: .3}
	broken := paced(50, 20*time.Second)
	opening := loadgen.Spec{Kind: loadgen.Avalanche, Duration: loadgen.Duration(40 * time.Second), Connections: 30, ConnectRate: 1}
	broken.Requests = []loadgen.Request{{Name: "ping", URL: "/ping"}, {Name: "gone", URL: "/nowhere/at/all"}}
	for rule, p := range map[string]patient{
		"saturation":      {target: target.Config{Capacity: 100, Servers: 4}, spec: staged(to(40*time.Second, 300))},
		"backlog":         {target: target.Config{Capacity: 100, Servers: 4}, spec: staged(to(ms(1), 60), to(15*time.Second, 60), to(ms(1), 250), to(15*time.Second, 250), to(ms(1), 95), to(25*time.Second, 95))},
		"errors-begin":    {target: target.Config{ServiceTime: ms(5), FailWith: "500", FailAfter: 15 * time.Second}, spec: paced(50, 30*time.Second)},
		"stalls":          {target: target.Config{ServiceTime: ms(5), ServiceSigma: .3, StallAfter: 5 * time.Second, StallFor: ms(500), StallEvery: 7 * time.Second}, spec: paced(100, 60*time.Second)},
		"step":            {target: target.Config{ServiceTime: ms(20), ServiceSigma: .3, CrowdAbove: 200, CrowdDelay: ms(50)}, spec: paced(50, 40*time.Second), crowd: 200},
		"rate-step":       {target: target.Config{ServiceTime: ms(20), ServiceSigma: .3, RushAbove: 100, RushDelay: ms(60)}, spec: staged(to(40*time.Second, 200))},
		"connection-step": {target: target.Config{ServiceTime: ms(50), ServiceSigma: .3, CrowdAbove: 30, CrowdDelay: ms(150)}, spec: opening},
		"drift":           {target: target.Config{ServiceTime: ms(20), ServiceSigma: .3, Drift: ms(15)}, spec: paced(50, 300*time.Second)},
		"odd-driver":      {target: healthy, other: &slow, spec: paced(100, 20*time.Second), drivers: 4},
		"odd-label":       {target: healthy, other: &slow, spec: paced(120, 20*time.Second), drivers: 6, labels: []string{"eu", "eu", "us", "us", "asia", "asia"}},
		"odd-request":     {target: healthy, spec: broken},
		"slow-handshakes": {target: target.Config{TLS: true, HandshakeDelay: ms(400)}, spec: paced(50, 20*time.Second)},
		"keep-alive":      {target: target.Config{ServiceTime: ms(5), CloseEvery: 5}, spec: paced(100, 20*time.Second)},
	} {
		t.Run(rule, func(t *testing.T) {
			virtual(t, func(t *testing.T, s *site) {
				r := p.examined(t, s)
				if !slices.Contains(rules(r), rule) {
					t.Errorf("found %q; %d requests, %d failed, p50 %d, p99 %d", rules(r), r.Requests, r.Failed, r.Latency.P50, r.Latency.P99)
				}
			})
		})
	}
}

// Runs of several kinds against a healthy target have no findings.
func TestHealthyTargetsHaveNoFindings(t *testing.T) {
	t.Parallel()
	plain := target.Config{ServiceTime: ms(5), ServiceSigma: .4}
	named := paced(200, 20*time.Second)
	named.Requests = []loadgen.Request{{Name: "one", URL: "/ping/one", Weight: 3}, {Name: "two", URL: "/ping/two"}}
	noKeepalive := paced(100, 15*time.Second)
	noKeepalive.NoKeepalive = true
	opening := loadgen.Spec{Kind: loadgen.Avalanche, Duration: loadgen.Duration(30 * time.Second), Connections: 30, ConnectRate: 1}
	poisson := paced(200, 30*time.Second)
	poisson.Arrivals = "poisson"
	warm := paced(100, 20*time.Second)
	warm.Warmup = loadgen.Duration(5 * time.Second)
	for name, p := range map[string]patient{
		"steady":                       {target: plain, spec: paced(100, 30*time.Second)},
		"fast":                         {target: target.Config{ServiceTime: ms(1), ServiceSigma: .5}, spec: paced(1000, 10*time.Second)},
		"slow":                         {target: target.Config{ServiceTime: ms(400), ServiceSigma: .3}, spec: paced(20, 60*time.Second)},
		"ramp":                         {target: plain, spec: staged(to(30*time.Second, 400))},
		"falling":                      {target: plain, spec: staged(to(10*time.Second, 300), to(10*time.Second, 300), to(ms(1), 60), to(20*time.Second, 60))},
		"named":                        {target: plain, spec: named},
		"no keep-alive":                {target: plain, spec: noKeepalive},
		"poisson":                      {target: target.Config{Capacity: 500, Servers: 8, ServiceSigma: .4}, spec: poisson},
		"closed loop":                  {target: plain, spec: loadgen.Spec{Kind: loadgen.Avalanche, Duration: loadgen.Duration(10 * time.Second), Connections: 4}},
		"opening":                      {target: target.Config{ServiceTime: ms(50), ServiceSigma: .3}, spec: opening},
		"opening, saturated":           {target: target.Config{Capacity: 200, Servers: 10}, spec: opening},
		"warmed up, TLS, four drivers": {target: target.Config{TLS: true, Jitter: ms(3), Delay: ms(2)}, spec: warm, drivers: 4},
	} {
		for round := range 2 {
			t.Run(fmt.Sprintf("%s %d", name, round), func(t *testing.T) {
				virtual(t, func(t *testing.T, s *site) {
					if r := p.examined(t, s); len(r.Findings) > 0 || r.Responses == 0 || strings.Contains(fmt.Sprint(r.Reasons), "lost") {
						t.Errorf("%+v; %d requests, %d failed, p50 %d, p99 %d", r.Findings, r.Requests, r.Failed, r.Latency.P50, r.Latency.P99)
					}
				})
			})
		}
	}
}
