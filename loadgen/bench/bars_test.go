//go:build unix

package main

import (
	"strings"
	"testing"
)

func TestBarComparesTheMedian(t *testing.T) {
	for _, c := range []struct {
		bar  bar
		want string
	}{
		{bar{what: "x", measured: []float64{0.9, 0.1, 0.8}, format: "%.1f", must: 0.8}, "| x | 0.8 (0.1…0.9) | ≤ 0.8 | met |"},
		{bar{what: "x", measured: []float64{0.9, 0.9, 0.1}, format: "%.1f", must: 0.8}, "| x | 0.9 (0.1…0.9) | ≤ 0.8 | **missed** |"},
		{bar{what: "x", format: "%.1f", must: 0.8, why: "no cc"}, "| x | – | ≤ 0.8 | not measured: no cc |"},
	} {
		if got := c.bar.line(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func TestRatesHaveThreeBars(t *testing.T) {
	list := []scenario{{name: "paced", load: load{rate: 100}, references: []string{"a", "b"}, must: 1}}
	rows := []*row{{scenario: "paced", tool: "landfall", rate: 1000, rounds: []result{{requests: 999, burst: 2}}}}
	var text []string
	for _, b := range barsOf(list, rows, "landfall") {
		text = append(text, b.line())
	}
	want := "| paced: CPU ÷  | – | ≤ 1.00 | not measured: none of [a b] is installed |\n" +
		"| paced: rate error, % | 0.100 | ≤ 0.050 | **missed** |\n" +
		"| paced: variance ÷ mean of arrivals per ms | 2.00 | ≤ 1.00 | **missed** |"
	if got := strings.Join(text, "\n"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
