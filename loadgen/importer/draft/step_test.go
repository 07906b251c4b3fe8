package draft

import (
	"net/url"
	"strings"
	"testing"

	"landfall/loadgen"
)

func TestWebURL(t *testing.T) {
	for raw, want := range map[string]bool{"http://a/b": true, "https://a:1": true, "ftp://a/": false, "http:///a": false, "a.test": false, "http://%": false} {
		if got := WebURL(raw); (got != nil) != want {
			t.Errorf("%s: %v", raw, got)
		}
	}
}

func TestSetURL(t *testing.T) {
	var s loadgen.Step
	if !SetURL(&s, "PATCH", "/a") || s.Patch != "/a" {
		t.Errorf("%+v", s)
	}
	if SetURL(&s, "TRACE", "/b") {
		t.Errorf("TRACE is supported: %+v", s)
	}
}

func TestUniqueName(t *testing.T) {
	names := map[string]int{}
	long := strings.Repeat("é", 60)
	for _, c := range [][2]string{{"a", "a"}, {"b", "b"}, {"a", "a #2"}, {"", "request"}, {"", "request #2"}, {long, long[:100]}, {long + "x", long[:100] + " #2"}} {
		if got := UniqueName(c[0], names); got != c[1] {
			t.Errorf("%q: %q, want %q", c[0], got, c[1])
		}
	}
}

func TestVariableName(t *testing.T) {
	for name, want := range map[string]string{"user-id": "user_id", "--x--": "x", "7up": "value_7up", "…": "value_", strings.Repeat("a", 50): strings.Repeat("a", 40)} {
		if got := VariableName(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// A slot survives every escaping, and no slot is the beginning of another.
func TestSlots(t *testing.T) {
	if s := Slot(7); url.QueryEscape(s) != s || !HoldsSlot("a"+s) || HoldsSlot("landfall") || strings.HasPrefix(Slot(71), s) {
		t.Errorf("%s", s)
	}
}

func TestCheckNeedsNoSecrets(t *testing.T) {
	s := loadgen.Spec{Target: "http://a/", Users: 1, Count: 1, Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Get: "/", Headers: map[string]string{"X": "{{secret.KEY}}"}}}}}}
	if err := Check(s); err != nil {
		t.Error(err)
	}
	s.Scenarios[0].Steps[0].Get = "/{{unknown}}"
	if err := Check(s); err == nil {
		t.Error("an unknown variable is accepted")
	}
}
