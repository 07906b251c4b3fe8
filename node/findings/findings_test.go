package findings

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
)

// healthy returns a run of the given length and rate against a healthy target, with realistic noise.
func healthy(seed uint64, seconds int, rate, p50 float64) Run {
	rng := rand.New(rand.NewPCG(seed, 7))
	r := Run{Kind: loadgen.Tsunami, KeepAlive: true, Connections: 64, Connects: 64, RateRPS: rate, AskedRPS: rate, Service: hdr.New(), Handshake: hdr.New()}
	for range seconds {
		n := int64(rate * (1 + .01*rng.NormFloat64()))
		p := p50 * math.Exp(.1*rng.NormFloat64())
		s := Second{Requests: n, Responses: n, Asked: rate, Whole: true, P50US: int64(p), P99US: int64(3 * p * math.Exp(.3*rng.NormFloat64())), InFlight: 3}
		if rng.IntN(15) == 0 {
			s.P99US *= 6 // outliers at irregular distances
		}
		if rng.IntN(10) == 0 {
			s.Responses, s.Errors = s.Responses-1, map[loadgen.Class]int64{loadgen.ErrRead: 1}
		}
		r.Seconds = append(r.Seconds, s)
		r.Total, r.Responses = r.Total+n, r.Responses+s.Responses
	}
	for _, name := range []string{"a", "b", "c", "d"} {
		r.Drivers = append(r.Drivers, Member{Name: name, Requests: r.Total / 4, P50US: int64(p50 * (1 + .2*rng.Float64())), P99US: int64(3 * p50)})
	}
	r.Requests = []Member{{Name: "login", Requests: r.Total / 2, Failed: 1, P50US: int64(p50)}, {Name: "report", Requests: r.Total / 2, P50US: int64(9 * p50)}}
	for range 100 {
		r.Service.Record(int64(p50))
		r.Handshake.Record(2000)
	}
	return r
}

// kinds returns healthy runs of several kinds: short and long, fast and slow, at a constant rate, ramped, closed loop.
func kinds(seed uint64) map[string]Run {
	list := map[string]Run{
		"fast": healthy(seed, 60, 5000, 300), "slow": healthy(seed, 60, 50, 400_000), "short": healthy(seed, 10, 100, 5000), "long": healthy(seed, 600, 500, 5000),
	}
	ramp := healthy(seed, 60, 1000, 5000)
	for i := range ramp.Seconds {
		s := &ramp.Seconds[i]
		s.Asked = 1000 * float64(i+1) / 60
		s.Requests, s.Responses = int64(s.Asked), int64(s.Asked)
		s.P50US = int64(float64(s.P50US) * (1 + float64(i)/60)) // more load, slightly more latency
	}
	list["ramp"] = ramp
	fall := healthy(seed, 60, 1000, 5000)
	for i := range fall.Seconds {
		if i > 30 {
			s := &fall.Seconds[i]
			s.Asked, s.Requests, s.Responses = 200, 200, 200
		}
	}
	list["falling"] = fall
	closed := healthy(seed, 60, 2000, 1000)
	closed.Kind, closed.AskedRPS = loadgen.Avalanche, 0
	for i := range closed.Seconds {
		closed.Seconds[i].Asked = 0
	}
	list["closed loop"] = closed
	for _, name := range []string{"fast", "slow", "ramp"} {
		one := list[name]
		one.Requests = nil
		list[name+", one request"] = one
	}
	for name, late := range map[string]bool{"growing closed loop": false, "saturated closed loop": true} {
		grown := healthy(seed, 60, 2000, 1000)
		grown.Kind, grown.AskedRPS, grown.Requests = loadgen.Avalanche, 0, nil
		for i := range grown.Seconds {
			s := &grown.Seconds[i]
			s.Asked, s.Open, s.Users = 0, i+1, i+1
			if late && i > 30 {
				s.P50US = s.P50US * int64(i) / 30 // all servers are busy: latency grows with the number of connections
			}
		}
		list[name] = grown
	}
	stages := healthy(seed, 60, 1000, 5000)
	stages.Requests = nil
	for i := range stages.Seconds {
		s := &stages.Seconds[i]
		if s.Asked = 300; i > 30 {
			s.Asked, s.P50US = 900, s.P50US*2 // between two rates alone, any growth looks like a step
		}
		s.Requests, s.Responses = int64(s.Asked), int64(s.Asked)
	}
	list["two rates"] = stages
	return list
}

func TestHealthyRunsGiveNoFinding(t *testing.T) {
	for seed := range uint64(20) {
		for name, r := range kinds(seed) {
			if found := Find(r); len(found) > 0 {
				t.Errorf("%s, seed %d: %+v", name, seed, found)
			}
		}
	}
}

func TestFaults(t *testing.T) {
	for rule, ill := range map[string]struct {
		make func(*Run)
		want string // in what, evidence or next
	}{
		"saturation": {overload, "about 500/s"},
		"backlog": {func(r *Run) {
			for i := range r.Seconds {
				s := &r.Seconds[i]
				if i > 20 {
					s.P50US = 900_000
				}
				if i > 30 {
					s.Asked, s.Requests, s.Responses = 100, 100, 100
				}
			}
		}, "rate fell to 100/s"},
		"errors-begin": {func(r *Run) {
			for i := 40; i < len(r.Seconds); i++ {
				r.Seconds[i].Errors, r.Seconds[i].Responses = map[loadgen.Class]int64{loadgen.ErrTimeout: 100}, r.Seconds[i].Requests-100
			}
		}, "timeout errors start 45s into the run"},
		"stalls": {func(r *Run) {
			for i := range r.Seconds {
				r.Seconds[i].P99US = 12_000
				if i%10 == 7 {
					r.Seconds[i].P99US = 300_000
				}
			}
		}, "about every 10s"},
		"step": {func(r *Run) {
			for i := 25; i < len(r.Seconds); i++ {
				r.Seconds[i].P50US *= 3
			}
		}, "30s into the run"},
		"rate-step": {func(r *Run) {
			r.Requests = nil
			for i := range r.Seconds {
				s := &r.Seconds[i]
				s.Asked, s.Open = 20*float64(i+1), i
				s.Requests, s.Responses = int64(s.Asked), int64(s.Asked)
				if s.Asked > 600 {
					s.P50US *= 4
				}
			}
		}, "at about 620/s"},
		"connection-step": {func(r *Run) {
			r.Kind, r.AskedRPS, r.Requests = loadgen.Avalanche, 0, nil
			for i := range r.Seconds {
				s := &r.Seconds[i]
				s.Asked, s.Open = 0, 2*(i+1)
				if s.Open > 64 {
					s.P50US *= 4
				}
			}
		}, "at about 66 connections"},
		"drift": {func(r *Run) {
			long := healthy(3, 300, 500, 5000)
			for i := range long.Seconds {
				long.Seconds[i].P99US = int64(float64(long.Seconds[i].P99US) * (1 + float64(i)/150))
				long.Seconds[i].P50US = int64(float64(long.Seconds[i].P50US) * (1 + float64(i)/600))
			}
			*r = long
		}, "grows all through"},
		"odd-driver": {func(r *Run) { r.Drivers[2].P50US *= 4 }, "driver c"},
		"odd-label": {func(r *Run) {
			r.Labels = []Member{{Name: "site=eu", Requests: 500}, {Name: "site=us", Requests: 500}, {Name: "site=asia", Requests: 500, Failed: 200}}
		}, "label site=asia"},
		"odd-request": {func(r *Run) { r.Requests[0].Failed = r.Requests[0].Requests / 5 }, "those of request login"},
		"slow-handshakes": {func(r *Run) {
			for range 300 {
				r.Handshake.Record(400_000)
			}
		}, "p50 of 40"},
		"keep-alive":      {func(r *Run) { r.Connects = r.Responses / 10 }, "after about 10 requests"},
		"generator-limit": {func(r *Run) { r.Limited, r.Reasons, r.RateRPS = true, []string{"a: CPU"}, 600 }, "3 more would be needed"},
		"few-connections": {func(r *Run) {
			r.RateRPS, r.Service = 480, hdr.New()
			for i := range r.Seconds {
				s := &r.Seconds[i]
				s.Asked, s.Requests, s.Responses, s.Open, s.InFlight, s.P50US = 1000, 480, 480, 96, 96, 4_000_000
				r.Service.Record(200_000)
			}
		}, "need at least 200"},
		"target-count": {func(r *Run) {
			n := r.Total + 5000
			r.Counted = &n
		}, "5,000 requests more than were sent"},
	} {
		t.Run(rule, func(t *testing.T) {
			r := healthy(1, 60, 1000, 5000)
			for i := range r.Seconds {
				r.Seconds[i].Errors, r.Seconds[i].Responses = nil, r.Seconds[i].Requests
			}
			r.Start = 5
			ill.make(&r)
			found := Find(r)
			if len(found) != 1 || found[0].Rule != rule {
				t.Fatalf("%+v, want %s alone", found, rule)
			}
			f := found[0]
			if !strings.Contains(f.What+"\n"+f.Evidence, ill.want) || f.Next == "" || f.Evidence == "" || f.Severity == "" || f.ToMS <= f.FromMS {
				t.Errorf("%+v, want %q", f, ill.want)
			}
		})
	}
}

// Findings that invalidate all figures come first.
func TestStrongestFindingFirst(t *testing.T) {
	r := healthy(1, 60, 1000, 5000)
	r.Drivers[2].P50US *= 4
	r.Requests[0].Failed = r.Requests[0].Requests / 5
	r.Limited = true
	var order []string
	for _, f := range Find(r) {
		order = append(order, f.Rule)
	}
	if got := strings.Join(order, " "); got != "generator-limit odd-request odd-driver" {
		t.Errorf("%s", got)
	}
}

func TestTargetCountAgrees(t *testing.T) {
	r := healthy(1, 60, 1000, 5000)
	for _, n := range []int64{r.Responses, r.Total, r.Total + 2} {
		r.Counted = &n
		if found := Find(r); len(found) != 0 {
			t.Errorf("%d of %d: %+v", n, r.Total, found)
		}
	}
	n := r.Responses - 500
	r.Counted = &n
	if found := Find(r); len(found) != 1 || !strings.Contains(found[0].What, "less than were answered") {
		t.Errorf("%+v", found)
	}
}
