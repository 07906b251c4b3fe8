package field

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	candidates := []string{"connections", "count", "duration", "rate", "stages", "Target"}
	for word, want := range map[string]string{
		"conections": "connections", "cuont": "count", "RATE": "rate", "targt": "Target", "rat": "rate",
		"entirely-different": "", "rte": "rate", "ret": "", "vus": "", strings.Repeat("r", 65): "",
	} {
		if got := Nearest(word, candidates); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
	if got := Nearest("x", nil); got != "" {
		t.Errorf("Nearest of no candidates = %q", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"same", "same", 0}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
		if got := distance(c.b, c.a); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.b, c.a, got, c.want)
		}
	}
}
