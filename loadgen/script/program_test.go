package script

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/template"
)

func TestWeightedDraw(t *testing.T) {
	random, counts := rand.NewPCG(1, 2), make([]int, 3)
	for range 100_000 {
		counts[weighted([]int64{5, 8, 10}, random)]++
	}
	for i, want := range []int{50_000, 30_000, 20_000} {
		if counts[i] < want-1500 || counts[i] > want+1500 {
			t.Errorf("%d was drawn %d times, want about %d", i, counts[i], want)
		}
	}
	op := Op{Targets: []int{7, 9}, weights: []int64{0, 1}}
	if got := op.Pick(random); got != 9 {
		t.Errorf("drew target %d, which has weight 0", got)
	}
}

func TestScenariosStartAtTheirOperations(t *testing.T) {
	spec := scenarioSpec(loadgen.Step{Get: "/a"})
	spec.Scenarios = append(spec.Scenarios, loadgen.Scenario{Name: "b", Weight: 3, Steps: []loadgen.Step{{Think: "1s"}, {Get: "/b"}}})
	p := compiledScript(t, spec, Options{}).Program
	if p.Start(0) != 0 || p.Start(1) != 2 || !slices.Equal(p.Names, []string{"a", "b"}) {
		t.Errorf("starts %v, names %q", p.starts, p.Names)
	}
	random, n := rand.NewPCG(1, 2), 0
	for range 4000 {
		n += p.Draw(random)
	}
	if n < 2800 || n > 3200 {
		t.Errorf("b was drawn %d times of 4000, want about 3000", n)
	}
	one := compiledScript(t, scenarioSpec(loadgen.Step{Get: "/a"}), Options{}).Program
	if one.Draw(nil) != 0 {
		t.Error("the only scenario was not drawn")
	}
}

// An iteration starts with the values of the spec and its row, whatever the last one set.
func TestReset(t *testing.T) {
	spec := scenarioSpec(loadgen.Step{Get: "/", Extract: map[string]loadgen.Extract{"token": {JSON: "$.t"}}})
	spec.CSV = "user\nann\nbob\n"
	p := compiledScript(t, spec, Options{}).Program
	scope := &template.Scope{Random: rand.NewPCG(1, 2), Now: time.Now}
	variables := p.Reset(nil, 0, 0, scope)
	slot := p.extracted["token"]
	variables[slot] = "t-1"
	if got := p.Values(variables); got["token"] != "t-1" || len(got) != 1 {
		t.Errorf("%v", got)
	}
	again := p.Reset(variables, 1, 0, scope)
	if &again[0] != &variables[0] || again[slot] != "" || !slices.Contains(again, "bob") || !slices.Contains(again, "EUR") || slices.Contains(again, "ann") {
		t.Errorf("%q", again)
	}
}

func TestNumbersAreUniqueInTheFleet(t *testing.T) {
	seen := map[int64]bool{}
	for driver := range 3 {
		p := compiledScript(t, scenarioSpec(loadgen.Step{Get: "/"}), Options{DriverIndex: driver, Drivers: 3}).Program
		for k := range int64(5) {
			seen[p.Number(k)] = true
		}
	}
	for n := range int64(15) {
		if !seen[n] {
			t.Errorf("no iteration has number %d: %v", n, seen)
		}
	}
}
