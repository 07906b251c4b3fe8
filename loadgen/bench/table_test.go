//go:build unix

package main

import (
	"errors"
	"strings"
	"testing"
)

func TestSpread(t *testing.T) {
	for want, list := range map[string][]float64{"–": nil, "1.50": {1.5}, "2.00 (1.00…9.00)": {9, 1, 2}, "3.00 (1.00…4.00)": {4, 3, 1, 2}} {
		if got := spread(list, "%.2f"); got != want {
			t.Errorf("%v: %s, want %s", list, got, want)
		}
	}
}

// Costs are compared within a round: a tool that is missing in a round has no ratio there.
func TestCompareByRound(t *testing.T) {
	rows := []*row{{tool: "landfall"}, {tool: "wrk"}}
	for _, costs := range []map[string]float64{{"landfall": 2, "wrk": 4}, {"landfall": 3, "wrk": 3}, {"landfall": 1}} {
		compare(rows, "wrk", costs)
	}
	if got := spread(rows[0].ratios, "%.2f"); rows[0].reference != "wrk" || len(rows[0].ratios) != 2 || got != "1.00 (0.50…1.00)" {
		t.Errorf("%+v", rows[0])
	}
}

func TestLinesOfTheTable(t *testing.T) {
	r := row{scenario: "paced", tool: "./landfall", rate: 1000, rounds: []result{{requests: 999, cpu: 3, burst: 2, memory: 20}}}
	if got := r.line(); !strings.HasPrefix(got, "| paced | ") || !strings.Contains(got, "-0.100") || !strings.Contains(got, "2.00") {
		t.Error(got)
	}
	failed := row{scenario: "paced", tool: "ab", failed: errors.New("line 1\nline | 2")}
	if got := failed.line(); !strings.Contains(got, "ab (failed: line 1 line / 2)") || strings.Count(got, "\n") != 0 {
		t.Error(got)
	}
}

// Each scenario has a name of its own, a limit and tools to compare with.
func TestScenariosAreComplete(t *testing.T) {
	names := map[string]bool{}
	for _, sc := range scenarios(addresses{Plain: "a", TLS: "b", H2C: "c"}) {
		if names[sc.name] || sc.must <= 0 || len(sc.references) == 0 || sc.load.url == "" || sc.load.connections == 0 {
			t.Errorf("%+v", sc)
		}
		names[sc.name] = true
	}
	if len(names) < 5 {
		t.Errorf("%d scenarios", len(names))
	}
}
