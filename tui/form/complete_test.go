package form

import (
	"slices"
	"strings"
	"testing"

	"landfall/loadgen/condition"
)

func TestCompletions(t *testing.T) {
	for text, want := range map[string][]string{
		"p9":                    {"p99<", "p95<", "p90<", "p99.9<"},
		"fai":                   {"failed<"},
		"p99<250ms fai":         {"failed<"},
		"!err":                  {"errors<"},
		"p99{re":                {"p99{request="},
		"p99{request=a,sta":     {"p99{request=a,status=", "p99{request=a,stage="},
		"failed{label.":         nil,
		"p99<250ms":             nil,
		"nosuch":                nil,
		"p99{request=a}<1s rat": {"rate>="},
	} {
		if got := completions(text[lastWord(text):], true); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := completions("p99{re", false); len(got) > 0 {
		t.Errorf("objectives have no labels: %q", got)
	}
}

// Completions are conditions that lack only their bound.
func TestBeginningsAreConditions(t *testing.T) {
	for _, b := range beginnings {
		bound := "1%"
		if strings.HasPrefix(b, "p") || strings.Contains(b, ".p") || strings.HasPrefix(b, "m") {
			bound = "1s"
		}
		if _, err := condition.Parse(b + bound); err != nil {
			if _, err = condition.Parse(b + "1"); err != nil {
				t.Errorf("%s: %v", b, err)
			}
		}
	}
}
