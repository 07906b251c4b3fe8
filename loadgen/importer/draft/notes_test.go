package draft

import (
	"slices"
	"testing"
)

func TestNotesAreReportedOnce(t *testing.T) {
	var l Notes
	if l.First() != "" {
		t.Errorf("%q of no note", l.First())
	}
	for range 2 {
		l.Add("left out: %s", Count(1, "request", "requests"))
		l.Add("left out: %s", Count(3, "request", "requests"))
	}
	var first, second []string
	l.Report([]func(string){func(n string) { first = append(first, n) }, func(n string) { second = append(second, n) }})
	if want := []string{"left out: 1 request", "left out: 3 requests"}; !slices.Equal(first, want) || !slices.Equal(second, want) || l.First() != ": "+want[0] {
		t.Errorf("%q and %q, first %q", first, second, l.First())
	}
}
