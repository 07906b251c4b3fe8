package render

import (
	"strings"
	"testing"

	"landfall/node/report"
)

// The line of iterations names the most users at once, unless the run was too short for one to be counted.
func TestIterationsInText(t *testing.T) {
	for users, want := range map[int]string{0: "20.5 iterations/s\n", 1: "20.5 iterations/s, up to 1 user at once\n", 12: "20.5 iterations/s, up to 12 users at once\n"} {
		var b strings.Builder
		writeScenarios(&b, &report.Scenarios{Iterations: 1200, Finished: 1200, PerSecond: 20.5, MaxUsers: users}, pen{})
		if !strings.Contains(b.String(), want) {
			t.Errorf("%d users: no %q in\n%s", users, want, b.String())
		}
	}
}
