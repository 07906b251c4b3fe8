package form

import (
	"slices"
	"testing"
)

// TestSplitHeaders: a semicolon belongs to a value unless another header follows it.
func TestSplitHeaders(t *testing.T) {
	for text, want := range map[string][]string{
		"Cookie: a=1; b=2":                     {"Cookie: a=1; b=2"},
		"Accept: text/html; q=0.9; X-Id: 7":    {"Accept: text/html; q=0.9", "X-Id: 7"},
		"A: b; C: d;":                          {"A: b", "C: d"},
		"Content-Type: text/plain; charset=u8": {"Content-Type: text/plain; charset=u8"},
	} {
		if got := SplitHeaders(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, lines := range [][]string{{"no colon"}, {": x"}, {"A: 1", "a: 2"}} {
		if got, err := ParseHeaders(lines); err == nil {
			t.Errorf("%q are %q", lines, got)
		}
	}
	if got, err := ParseHeaders([]string{"", " "}); got != nil || err != nil {
		t.Errorf("nothing is %q, %v", got, err)
	}
}
