package form

import (
	"reflect"
	"slices"
	"strings"
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

// A semicolon ends a header only if another header's name follows it.
func TestHeaders(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"":                         nil,
		"Cookie: a=1; b=2":         {"Cookie": "a=1; b=2"},
		"Accept: text/html; q=0.9": {"Accept": "text/html; q=0.9"},
		"Content-Type: text/plain; charset=utf-8": {"Content-Type": "text/plain; charset=utf-8"},
		"X: a; b:c":  {"X": "a; b:c"},
		"A: 1; B: 2": {"A": "1", "B": "2"},
		"Cookie: a=1; b=2; Accept: text/html;q=0.9": {"Cookie": "a=1; b=2", "Accept": "text/html;q=0.9"},
		"A: 1;": {"A": "1"},
	} {
		got, err := ParseHeaders(SplitHeaders(text))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v %v, want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{"A": "must be Name: value", "A: 1; a: 2": "given twice", ": x": "must be Name: value"} {
		if _, err := ParseHeaders(SplitHeaders(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
