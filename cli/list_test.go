package cli

import "testing"

func TestMatchRun(t *testing.T) {
	ids := []string{"tsunami-1", "tsunami-12", "avalanche-3"}
	for name, want := range map[string]string{"tsunami-1": "tsunami-1", "ava": "avalanche-3", "last": "avalanche-3", "tsu": "", "x": ""} {
		if got, err := matchRun(ids, name); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
