package loadgen

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"landfall/loadgen/field"
)

func seconds(n float64) Duration { return Duration(n * float64(time.Second)) }

// The rate of a sum is the sum of the rates. Counts may differ by the rounding of each schedule.
func TestSumOfSchedules(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var list []Schedule
		for range 1 + r.IntN(4) {
			var s Schedule
			for range 1 + r.IntN(3) {
				stage := Stage{Duration: seconds(float64(1 + r.IntN(5))), To: float64(r.IntN(100))}
				if r.IntN(2) == 0 {
					from := float64(r.IntN(100))
					stage.From = &from
				}
				s = append(s, stage)
			}
			if r.IntN(3) == 0 {
				s[len(s)-1].Duration = 0
			}
			list = append(list, s)
		}
		sum := Sum(list)
		for range 20 {
			at := time.Duration(r.Int64N(int64(20 * time.Second)))
			rate, count := 0.0, int64(0)
			for _, s := range list {
				rate += s.Rate(at)
				count += s.Count(at)
			}
			if got := sum.Rate(at); math.Abs(got-rate) > 1e-6 {
				t.Fatalf("%v at %v: %v, want %v", list, at, got, rate)
			}
			if got := sum.Count(at); got > count+1 || got < count-int64(len(list)) {
				t.Fatalf("%v until %v: %d, want %d", list, at, got, count)
			}
		}
	}
}

func TestScenariosWithOwnLoads(t *testing.T) {
	steps := []Step{{Get: "/"}}
	spec := Spec{Target: "http://127.0.0.1/", Scenarios: []Scenario{
		{Name: "a", RateRPS: 10, Start: seconds(5), Duration: seconds(10), Steps: steps},
		{Name: "b", Users: 4, Duration: seconds(8), Steps: steps},
		{Name: "c", Stages: []Stage{{Duration: seconds(10), To: 20}, {Duration: seconds(10), To: 0}}, Duration: seconds(15), Steps: steps},
	}}.WithDefaults()
	if err := spec.Validate(); err != nil {
		t.Fatal(err)
	}
	if spec.Kind != Tsunami || spec.Ends() != 15*time.Second || spec.Connections != 1004 || !spec.HoldsUsers() {
		t.Errorf("%s, ends after %v, %d connections", spec.Kind, spec.Ends(), spec.Connections)
	}
	for _, c := range []struct {
		at   time.Duration
		want [3]float64
	}{{0, [3]float64{0, 4, 0}}, {6 * time.Second, [3]float64{10, 4, 12}}, {9 * time.Second, [3]float64{10, 0, 18}}, {14 * time.Second, [3]float64{10, 0, 12}}, {16 * time.Second, [3]float64{}}} {
		var got [3]float64
		for i, l := range spec.Loads() {
			got[i] = math.Round(Schedule(l.Schedule).Rate(c.at)*1e6) / 1e6
		}
		if got != c.want {
			t.Errorf("at %v: %v, want %v", c.at, got, c.want)
		}
	}
	again := spec.WithDefaults()
	if err := again.Validate(); err != nil || again.Connections != spec.Connections {
		t.Errorf("WithDefaults is not idempotent: %v", err)
	}
	held := Spec{Target: "http://127.0.0.1/", Duration: seconds(1), Scenarios: spec.Scenarios[1:2]}.WithDefaults()
	if err := held.Validate(); err != nil || held.Kind != Avalanche || held.Connections != 4 {
		t.Errorf("%s, %d connections: %v", held.Kind, held.Connections, err)
	}
}

func TestInvalidLoads(t *testing.T) {
	steps := []Step{{Get: "/"}}
	good := Scenario{Name: "good", RateRPS: 1, Steps: steps}
	for name, c := range map[string]struct {
		field string
		spec  Spec
	}{
		"one has none":          {"scenarios[1]", Spec{Scenarios: []Scenario{good, {Name: "b", Steps: steps}}}},
		"a weight too":          {"scenarios[1].weight", Spec{Scenarios: []Scenario{good, {Name: "b", Users: 1, Weight: 2, Steps: steps}}}},
		"rate of the spec":      {"rate", Spec{RateRPS: 5, Scenarios: []Scenario{good}}},
		"users of all":          {"users", Spec{Users: 5, Scenarios: []Scenario{{Name: "b", Users: 1, Steps: steps}}}},
		"another kind":          {"kind", Spec{Kind: Avalanche, Scenarios: []Scenario{good}}},
		"users beside the rate": {"scenarios[0].users", Spec{Scenarios: []Scenario{{Name: "b", RateRPS: 1, Users: 1, Steps: steps}}}},
		"stages of both":        {"scenarios[0].stages[0].rate", Spec{Scenarios: []Scenario{{Name: "b", Stages: []Stage{{Users: 1, To: 1}}, Steps: steps}}}},
		"start alone":           {"scenarios[0].rate", Spec{Scenarios: []Scenario{{Name: "b", Start: seconds(1), Steps: steps}}}},
		"no users":              {"scenarios[0].users", Spec{Scenarios: []Scenario{{Name: "b", Kind: Avalanche, Steps: steps}}}},
		"pace of arrivals":      {"scenarios[0].pace", Spec{Scenarios: []Scenario{{Name: "b", RateRPS: 1, Pace: seconds(1), Steps: steps}}}},
		"no end":                {"duration", Spec{Scenarios: []Scenario{good}}},
		"too many users":        {"scenarios", Spec{Scenarios: []Scenario{{Name: "a", Users: MaxUsers, Steps: steps}, {Name: "b", Users: 1, Steps: steps}}}},
	} {
		c.spec.Target = "http://127.0.0.1/"
		if name != "no end" {
			c.spec.Duration = seconds(10)
		}
		err := c.spec.WithDefaults().Validate()
		var wrong *field.Error
		if !errors.As(err, &wrong) || wrong.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}
