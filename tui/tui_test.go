package tui

import (
	"strings"
	"testing"
)

// Invalid settings of an operator are refused, with the accepted values.
func TestConfig(t *testing.T) {
	for want, c := range map[string]Config{
		"": {Theme: "safe", Keys: map[string]string{"stop": "X", "fleet": "H"}},
		`theme "pink": must be one of auto, dark, light, safe, none`: {Theme: "pink"},
		`keys "explode": no such action`:                             {Keys: map[string]string{"explode": "e"}},
	} {
		switch err := c.Validate(); {
		case want == "" && err != nil:
			t.Error(err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%v, want %s", err, want)
		}
	}
	if names := Actions(); !strings.Contains(names, "tsunami, ") || !strings.HasSuffix(names, "fleet") {
		t.Errorf("actions: %s", names)
	}
}
