package findings

import (
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
)

// overload changes a run to a ramp to 1,200/s against a target that answers at most 500/s, with latency growing
// every second.
func overload(r *Run) {
	for i := range r.Seconds {
		s := &r.Seconds[i]
		s.Asked = 20 * float64(i+1)
		n := int64(min(s.Asked, 500))
		s.Requests, s.Responses = n, n
		if i > 25 {
			s.P50US *= int64(i - 20)
		}
	}
}

func TestSaturationNeedsASteadyRateAndHighLatency(t *testing.T) {
	for name, change := range map[string]func(i int, s *Second){
		"uneven":   func(i int, s *Second) { s.Responses -= int64(i%3) * 200 },
		"partial":  func(_ int, s *Second) { s.Whole = false },
		"fast":     func(_ int, s *Second) { s.P50US = 5000 },
		"no pace":  func(_ int, s *Second) { s.Asked = 0 },
		"in short": func(i int, s *Second) { s.Responses = int64(s.Asked) * int64(min(1, i%5)) },
	} {
		r := healthy(1, 60, 1000, 5000)
		overload(&r)
		if saturation(r) == nil {
			t.Fatal("an overloaded target is not saturated")
		}
		for i := range r.Seconds {
			change(i, &r.Seconds[i])
		}
		if f := saturation(r); f != nil {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestBacklogThatDrainsIsNoFinding(t *testing.T) {
	falling := func(high int) Run { // latency is high for this many seconds after the rate falls
		r := healthy(2, 60, 1000, 40_000)
		for i := range r.Seconds {
			if s := &r.Seconds[i]; i >= 30 {
				s.Asked, s.Requests, s.Responses = 100, 100, 100
			}
			if i > 20 && i < 30+high {
				r.Seconds[i].P50US = 900_000
			}
		}
		return r
	}
	if f := backlog(falling(30)); f == nil || f.FromMS != 30_000 || f.ToMS != 60_000 {
		t.Errorf("%+v, want a backlog from second 30 on", f)
	}
	if f := backlog(falling(20)); f != nil {
		t.Errorf("it drained: %+v", f)
	}
	short := falling(30)
	short.Seconds = short.Seconds[:39]
	if f := backlog(short); f != nil {
		t.Errorf("nine seconds after the fall: %+v", f)
	}
}

func TestErrorsBeginOnceAndPersist(t *testing.T) {
	failing := func(from, every int, n int64) Run {
		r := healthy(3, 60, 1000, 5000)
		for i := range r.Seconds {
			s := &r.Seconds[i]
			s.Requests, s.Errors = 1000, map[loadgen.Class]int64{}
			if i >= from && i%every == 0 {
				s.Errors[loadgen.ErrTimeout], s.Errors[loadgen.ErrRead] = n, n/2
			}
		}
		return r
	}
	f := errorsBegin(failing(40, 1, 100))
	if f == nil || f.FromMS != 40_000 || f.ToMS != 60_000 || f.strength < .09 || f.strength > .11 {
		t.Errorf("%+v, want the timeouts of a tenth of the requests from second 40 on", f)
	}
	for name, r := range map[string]Run{
		"from the start": failing(4, 1, 100), "at the end": failing(56, 1, 100), "now and then": failing(40, 2, 100), "few": failing(40, 1, 9),
	} {
		if f := errorsBegin(r); f != nil {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestLongest(t *testing.T) {
	for asked, want := range map[string][2]int{"": {0, 0}, "..": {0, 0}, "x": {0, 1}, ".xx.x": {1, 3}, "x.xx": {2, 4}, "xx.xx": {0, 2}} {
		var list []Second
		for _, c := range asked {
			list = append(list, Second{Whole: c == 'x'})
		}
		if from, to := longest(list, func(s Second) bool { return s.Whole }); [2]int{from, to} != want {
			t.Errorf("%s: %d to %d, want %v", asked, from, to, want)
		}
	}
}

// A target that answers slowly from the start, over connections that are all in use, may be able to answer more: it is neither saturated nor
// does it stall, even if the answers come in groups. With enough connections, it is saturated.
func TestFewConnectionsAreNotATargetsFault(t *testing.T) {
	make := func(open int) Run {
		r := healthy(1, 60, 1000, 5000)
		r.RateRPS, r.Service = 48, hdr.New()
		for i := range r.Seconds {
			s := &r.Seconds[i]
			s.Asked, s.Requests, s.Responses, s.Open, s.InFlight, s.P50US, s.P99US = 200, 48, 48, open, 96, 4_000_000, 4_000_000
			if i%4 == 0 {
				s.P99US = 40_000_000
			}
			r.Service.Record(2_000_000)
		}
		r.AskedRPS = 200
		return r
	}
	r := make(96)
	if f := fewConnections(r); f == nil || saturation(r) != nil || stalls(r) != nil {
		t.Errorf("%+v, %+v, %+v", f, saturation(r), stalls(r))
	}
	if r = make(400); fewConnections(r) != nil || saturation(r) == nil || stalls(r) == nil {
		t.Errorf("with connections to spare: %+v, %+v, %+v", fewConnections(r), saturation(r), stalls(r))
	}
}
