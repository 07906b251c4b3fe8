package capacity

import (
	"testing"

	"landfall/loadgen"
)

// A search runs on the redacted spec that every process of the fleet sees: objectives are not secret.
func TestObjectivesSurviveRedaction(t *testing.T) {
	s := loadgen.Spec{Target: "http://127.0.0.1/", Capacity: &loadgen.Capacity{Objectives: []string{"p99<100ms", "failed<0.1%"}}}
	c, ok := ConfigOf(s.WithDefaults().Redacted())
	if !ok || len(c.Objectives) != 2 || c.Objectives[0].Metric != "p99" {
		t.Errorf("%+v", c)
	}
}
