package loadgen

import (
	"strings"
	"testing"
	"time"
)

func TestCapacitySpec(t *testing.T) {
	s := Spec{Target: "http://127.0.0.1/", Capacity: &Capacity{Objectives: []string{"p99<250ms", "failed<0.1%"}}}
	full := s.WithDefaults()
	if err := full.Validate(); err != nil || full.Kind != Tsunami || full.RateRPS != 100 || full.Patience.Std() != 2*time.Second || full.Duration.Std() != 30*time.Minute || full.Capacity.To != 50_000 {
		t.Errorf("%v: %+v", err, full)
	}
	if s.Capacity.From != 0 {
		t.Error("the spec itself was changed")
	}
	for want, change := range map[string]func(*Spec){
		"must have one to 64":      func(s *Spec) { s.Capacity.Objectives = nil },
		"there is no metric":       func(s *Spec) { s.Capacity.Objectives = []string{"speed<1"} },
		"must not have labels":     func(s *Spec) { s.Capacity.Objectives = []string{"p99[10s]<1s"} },
		"must be between 0.01 and": func(s *Spec) { s.Capacity.From, s.Capacity.To = 100, 50 },
		"whole seconds from 4s":    func(s *Spec) { s.Capacity.Hold = Duration(time.Second) },
		"between 1 % and 50 %":     func(s *Spec) { s.Capacity.Precision = 2 },
		"a search sets the rate":   func(s *Spec) { s.Count = 5 },
	} {
		s := s
		c := *s.Capacity
		s.Capacity = &c
		change(&s)
		if err := s.WithDefaults().Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
