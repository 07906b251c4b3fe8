package pace

import (
	"math"
	"slices"
	"testing"
	"time"

	"landfall/loadgen"
)

// steady is a schedule of one rate, in requests per second.
func steady(rps float64) loadgen.Schedule { return loadgen.Schedule{{From: &rps, To: rps}} }

// give lists when all requests of a pacer are due, at most n of them.
func give(p *Pacer, n int) (due []int64) {
	for len(due) < n {
		at := p.At(Never - 1)
		if at == Never {
			return due
		}
		due = append(due, at)
		p.Issue()
	}
	return due
}

// Any number of drivers and loops together send exactly what one alone would, at the same times.
func TestLoopsAndDriversShareASchedule(t *testing.T) {
	from := 200.0
	schedules := map[string]loadgen.Schedule{
		"flat":  steady(1000),
		"ramp":  {{Duration: loadgen.Duration(time.Second), From: &from, To: 700}, {Duration: loadgen.Duration(time.Second), To: 0}},
		"pause": {{Duration: loadgen.Duration(time.Second / 2), From: &from, To: 200}, {Duration: loadgen.Duration(time.Second), From: new(float64), To: 0}, {To: 300}},
	}
	spec := loadgen.Spec{Kind: loadgen.Tsunami}
	for name, s := range schedules {
		for _, split := range [][2]int{{1, 1}, {1, 3}, {2, 1}, {3, 4}} {
			share := loadgen.Share{Schedule: s, Until: loadgen.Duration(2 * time.Second), Connections: 64, Of: 1}
			want := give(New(spec, share, 0, 1), math.MaxInt)
			var got []int64
			for share.Index = range split[0] {
				share.Of = split[0]
				for loop := range split[1] {
					got = append(got, give(New(spec, share, loop, split[1]), math.MaxInt)...)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s over %v: %d requests, alone %d", name, split, len(got), len(want))
			}
			if n := s.Count(2 * time.Second); int64(len(want)) != n {
				t.Errorf("%s: %d requests, the schedule counts %d", name, len(want), n)
			}
		}
	}
}

func TestAPacerIsOverWhenNothingCanBecomeDue(t *testing.T) {
	second := int64(time.Second)
	finite := []loadgen.Stage{{Duration: loadgen.Duration(time.Second), To: 10}}
	for _, c := range []struct {
		name  string
		kind  loadgen.Kind
		share loadgen.Share
		given int
		now   int64
		over  bool
	}{
		{"an avalanche without an end", loadgen.Avalanche, loadgen.Share{Connections: 1}, 0, 9 * second, false},
		{"an avalanche before its end", loadgen.Avalanche, loadgen.Share{Connections: 1, Until: loadgen.Duration(second)}, 5, second - 1, false},
		{"an avalanche at its end", loadgen.Avalanche, loadgen.Share{Connections: 1, Until: loadgen.Duration(second)}, 5, second, true},
		{"paused", loadgen.Avalanche, loadgen.Share{}, 0, 9 * second, false},
		{"a tsunami with requests still to send", loadgen.Tsunami, loadgen.Share{Connections: 1, Until: loadgen.Duration(second), Schedule: steady(10)}, 3, 2 * second, false},
		{"a tsunami that has sent all", loadgen.Tsunami, loadgen.Share{Connections: 1, Until: loadgen.Duration(second), Schedule: steady(10)}, 10, 2 * second, true},
		{"stages that have ended", loadgen.Tsunami, loadgen.Share{Connections: 1, Schedule: finite}, 5, 2 * second, true},
		{"rate 0 for ever", loadgen.Tsunami, loadgen.Share{Connections: 1, Schedule: steady(0)}, 0, 9 * second, false},
	} {
		c.share.Of = 1
		p := New(loadgen.Spec{Kind: c.kind}, c.share, 0, 1)
		for range c.given {
			p.Issue()
		}
		if got := p.Over(c.now); got != c.over {
			t.Errorf("%s: over %v", c.name, got)
		}
	}
}

// Poisson arrivals keep the rate, have the exponential's spread between them, and repeat with their seed.
func TestPoissonArrivals(t *testing.T) {
	spec := loadgen.Spec{Kind: loadgen.Tsunami, Arrivals: "poisson", Seed: 42}
	share := loadgen.Share{Connections: 1, Of: 1, Schedule: steady(1000)}
	const n = 20_000
	due := give(New(spec, share, 0, 1), n)
	if again := give(New(spec, share, 0, 1), n); !slices.Equal(due, again) {
		t.Error("the same seed gave other arrivals")
	}
	var sum, squares float64
	for i := 1; i < n; i++ {
		gap := float64(due[i]-due[i-1]) / 1e6
		sum, squares = sum+gap, squares+gap*gap
	}
	mean := sum / (n - 1)
	if deviation := math.Sqrt(squares/(n-1) - mean*mean); math.Abs(mean-1) > 0.03 || math.Abs(deviation-1) > 0.05 {
		t.Errorf("gaps of %.3f ms, deviation %.3f; both should be 1", mean, deviation)
	}
}

// Whatever the number of drivers and loops, each scenario with a rate of its own has exactly the arrivals of its schedule, at the
// same instants.
func TestLoopsAndDriversShareEachLoad(t *testing.T) {
	loads := loadgen.Loads{{Schedule: steady(100)}, {Held: true, Schedule: steady(3)}, {Schedule: []loadgen.Stage{{Duration: loadgen.Duration(time.Second), To: 40}, {Duration: loadgen.Duration(time.Second), To: 0}}}, {Schedule: steady(7)}}
	spec := loadgen.Spec{Kind: loadgen.Tsunami}
	for _, split := range [][2]int{{1, 1}, {1, 3}, {2, 1}, {3, 4}} {
		share := loadgen.Share{Loads: loads, Schedule: loads.Total(false), Until: loadgen.Duration(2 * time.Second), Connections: 64, Of: split[0]}
		got := map[int][]int64{}
		for share.Index = range split[0] {
			driver := int64(0)
			for loop := range split[1] {
				p := New(spec, share, loop, split[1])
				if want := p.DueUntil(int64(2 * time.Second)); want > 0 {
					driver += want
				}
				for at := p.At(Never - 1); at != Never; at = p.At(Never - 1) {
					got[p.Part] = append(got[p.Part], at)
					p.Issue()
				}
				if p.DueUntil(int64(2*time.Second)) != p.Issued {
					t.Errorf("%v: %d were given out, %d due", split, p.Issued, p.DueUntil(int64(2*time.Second)))
				}
			}
			if want := loads.Due(2*time.Second, share.Index, split[0]); driver != want {
				t.Errorf("%v: driver %d has %d, its plan says %d", split, share.Index, driver, want)
			}
		}
		for i, load := range loads {
			one := loadgen.Share{Schedule: load.Schedule, Until: share.Until, Connections: 64, Of: 1}
			want := give(New(spec, one, 0, 1), math.MaxInt)
			if load.Held {
				want = nil
			}
			if slices.Sort(got[i]); !slices.Equal(got[i], want) {
				t.Errorf("%v, load %d: %d arrivals, alone %d", split, i, len(got[i]), len(want))
			}
		}
	}
}
