package form

import (
	"slices"
	"strings"
	"testing"

	"landfall/loadgen"
)

// TestBeyondFields: all that is sent besides the fields is named; tables and keys are not shown themselves.
func TestBeyondFields(t *testing.T) {
	s := loadgen.Spec{Kind: loadgen.Tsunami, Target: "http://127.0.0.1/", CSV: "user,password\nann,secret\n", Patience: 5e9, TLS: loadgen.TLS{Key: "PRIVATE"},
		Requests: []loadgen.Request{{Name: "look", Weight: 9}, {Name: "buy", Weight: 1}}, Secrets: map[string]string{"TOKEN": "hidden"}}
	got := BeyondFields(s)
	for _, want := range []string{"requests look 9 · buy 1", "1 value of {{secret.NAME}}", "csv (25 bytes)", "patience 5s"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among %q", want, got)
		}
	}
	for _, secret := range []string{"PRIVATE", "hidden", "ann"} {
		if strings.Contains(strings.Join(got, "\n"), secret) {
			t.Errorf("%q is shown: %q", secret, got)
		}
	}
	if got := BeyondFields(loadgen.Spec{Kind: loadgen.Tsunami, Target: "http://127.0.0.1/", RateRPS: 5}); len(got) != 0 {
		t.Errorf("all of it has fields: %q", got)
	}
}
