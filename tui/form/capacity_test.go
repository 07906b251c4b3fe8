package form

import (
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node/orchestrator"
)

// A search replaces pace and end by initial objectives; existing objectives are kept.
func TestSearching(t *testing.T) {
	s := Searching(loadgen.Spec{Kind: loadgen.Avalanche, RateRPS: 5, Count: 7, Duration: loadgen.Duration(time.Second)})
	if s.Kind != loadgen.Tsunami || s.RateRPS != 0 || s.Count != 0 || s.Duration != 0 || s.Capacity == nil || len(s.Capacity.Objectives) == 0 {
		t.Errorf("%+v", s)
	}
	own := loadgen.Spec{Capacity: &loadgen.Capacity{Objectives: []string{"p99<1s"}}, Duration: loadgen.Duration(time.Minute)}
	if s := Searching(own); s.Capacity != own.Capacity || s.Duration != own.Duration {
		t.Errorf("%+v", s)
	}
}

func TestSearchFields(t *testing.T) {
	d := Draft{Spec: loadgen.Spec{Capacity: &loadgen.Capacity{}}}
	if err := setObjectives(&d, "p99 < 250ms, failed<0.1%"); err != nil || strings.Join(d.Spec.Capacity.Objectives, " ") != "p99<250ms failed<0.1%" {
		t.Errorf("%v, %v", d.Spec.Capacity.Objectives, err)
	}
	if err := setObjectives(&d, "quick<1s"); err == nil {
		t.Error("an unknown metric is accepted")
	}
	for text, want := range map[string]float64{"": 0, "5%": .05, "10": .1, "1 %": .01} {
		if err := setPrecision(&d, text); err != nil || d.Spec.Capacity.Precision != want {
			t.Errorf("%q: %v, %v", text, d.Spec.Capacity.Precision, err)
		}
	}
	for _, text := range []string{"0.5%", "51%", "much"} {
		if err := setPrecision(&d, text); err == nil || !strings.Contains(err.Error(), "must be from 1% to 50%") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := setHold(&d, "20s"); err != nil || d.Spec.Capacity.Hold != loadgen.Duration(20*time.Second) {
		t.Errorf("%v, %v", d.Spec.Capacity.Hold, err)
	}
}

func TestForecastOfASearch(t *testing.T) {
	s := Searching(loadgen.Spec{Target: "http://shop.test/"})
	s.Capacity.From, s.Capacity.To, s.Capacity.Hold = 200, 3000, loadgen.Duration(4*time.Second)
	if got, want := searchText(s, orchestrator.Forecast{Drivers: []string{"a", "b"}}), "Search from 200/s to 3k/s with 2 drivers, each rate held for 4s (12s to confirm), to shop.test"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
