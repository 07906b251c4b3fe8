package form

import (
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node/orchestrator"
)

// The forecast of a spec with scenarios is in users, and the scenarios are listed among what is sent.
func TestForecastOfScenarios(t *testing.T) {
	s := loadgen.Spec{Kind: loadgen.Avalanche, Target: "http://shop.test/", Users: 40, Scenarios: []loadgen.Scenario{{Name: "buyer"}}}
	got := forecastText(s, orchestrator.Forecast{Drivers: []string{"a", "b"}, Duration: time.Minute})
	if want := "40 users from 2 drivers, for 1m, to shop.test"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if extra := strings.Join(BeyondFields(s), "; "); !strings.Contains(extra, "scenarios buyer (0 steps)") || !strings.Contains(extra, "users 40") {
		t.Errorf("also sent: %s", extra)
	}
}
