//go:build e2e && unix

package tui_test

import (
	"os"
	"path/filepath"
	"testing"

	"landfall/tui/tuitest"
)

// compose opens the form with a key and loads a spec into it.
func (x *tmuxPane) compose(dir, key, spec string) {
	x.t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "spec.yaml"), []byte(spec), 0o600); err != nil {
		x.t.Fatal(err)
	}
	x.keys(key)
	x.until(`Compose a `)
	x.keys("C-o")
	x.until(`load spec file: `)
	x.keys("-l", "spec.yaml")
	x.keys("Enter")
	x.until(`spec.yaml loaded`)
}

// trigger answers the question after Enter in a form.
func (x *tmuxPane) trigger() {
	x.t.Helper()
	x.keys("Enter")
	x.until(`Trigger this `)
	x.answer("y")
}

// TestFailedIsOneFigure: for a target that answers some requests with status 500, the number of failed requests is the same on the card of
// the verdict, in the report, in the history and, as a share, at the drivers. F shows the first of them, f the findings.
func TestFailedIsOneFigure(t *testing.T) {
	bin, dir := tuitest.Build(t), t.TempDir()
	brokers, target := tuitest.Fleet(t, bin, 1, "--error-rate", "0.2")
	x := inTerminal(t, dir, 120, 40, "console --brokers "+brokers)
	x.until(`drv-1 +○ idle`)
	x.compose(dir, "T", "kind: tsunami\ntarget: "+target+"/ping\nrate: 200\nduration: 4s\nthresholds:\n  - expr: errors<1%\n")
	x.trigger()
	x.until(`failed [1-9]\d?(\.\d)?%`)
	x.until(`PASSED`) // a response with status 500 is not an error
	n := x.until(`failed ([1-9]\d*) +dropped`)[1]
	x.until(`unexpected ` + n)
	x.until(`drv-1 .* [12]\d(\.\d)?%`)
	x.keys("r")
	x.until(`Report of`)
	x.until(`failed +` + n)
	x.keys("Escape", "4")
	x.until(`✓ passed .* ` + n + ` `)
	x.keys("F")
	x.until(`Failures of`)
	x.until(`500`)
	x.keys("Escape", "f")
	x.until(`Findings of`)
	x.keys("Escape", "q")
	x.until(`EXIT 0`)
}

// TestEndAtATerminal: after its end a run is shown with the figures of the whole run, not of its partial last second. The whole report is
// readable at 80 columns, and all pages can be reached from it.
func TestEndAtATerminal(t *testing.T) {
	bin, dir := tuitest.Build(t), t.TempDir()
	brokers, target := tuitest.Fleet(t, bin, 2, "--jitter", "40ms")
	x := inTerminal(t, dir, 80, 24, "console --brokers "+brokers)
	x.until(`2 drivers`)
	x.compose(dir, "T", "kind: tsunami\ntarget: "+target+"/ping\nrate: 200\nduration: 5500ms\n")
	x.trigger()
	x.until(`RUN 00:0[1-9]`)
	x.until(`(FINISHED|FAILED|DONE) +00:0\d`)
	x.until(`sent (19[5-9]|20\d)/s .* asked 200/s`)
	x.keys("Left")
	x.until(`Throughput at 00:0\d`)
	x.keys("r")
	x.until(`Report of`)
	x.keys("Right", "Right")
	x.until(`p99\.9 +max`)
	x.keys(":")
	x.until(`: +avalanche  tsunami`)
	x.keys("Escape")
	x.keys("T")
	x.until(`Compose a Tsunami`)
	x.keys("Escape")
	x.keys("2")
	x.until(`\[2 Drivers\]`)
	x.keys("Enter")
	x.until(`may load`)
	x.keys("?")
	x.until(`Help`)
	x.keys("Escape", "A")
	x.until(`Compose an Avalanche`)
	x.keys("Escape", "Escape", "q")
	x.until(`EXIT 0`)
}

// TestLostAndKilled: x and k, typed blindly, kill no driver. A driver that crashes during a run is lost, the requested rate remains on the
// screen, and the others take over its share. A killed driver cannot be killed again.
func TestLostAndKilled(t *testing.T) {
	bin, dir := tuitest.Build(t), t.TempDir()
	brokers, target := tuitest.Fleet(t, bin, 1)
	crash := tuitest.Driver(t, bin, brokers, "drv-2")
	tuitest.Driver(t, bin, brokers, "drv-3")
	x := inTerminal(t, dir, 120, 40, "console --brokers "+brokers)
	x.until(`drv-2 +○ idle`)
	x.until(`drv-3 +○ idle`)
	x.keys("Home")
	x.keys("-l", "jjxk")
	x.until(`Shut down 1 driver\?`)
	x.keys("Escape")
	x.until(`drv-3 +○ idle`)
	x.compose(dir, "T", "kind: tsunami\ntarget: "+target+"/ping\nrate: 300\nduration: 5m\n")
	x.trigger()
	x.until(`RUN 00:\d\d/05:00 +(2[5-9]\d|3[0-4]\d)/s of 300`)
	crash()
	x.until(`of 300 \(2 of 3 drivers\)`)
	x.until(`drv-2 +✖ lost`)
	x.until(`RUN \d\d:\d\d/05:00 +(2[5-9]\d|3[0-4]\d)/s of 300 `)
	x.keys("End", "x")
	x.until(`Shut down 1 driver\?`)
	x.answer("K")
	x.until(`drv-3 +✖ killed`)
	x.keys("x")
	x.until(`x \(kill\): no running driver is selected`)
	x.keys("S")
	x.until(`Stop the run\?`)
	x.answer("y")
	x.until(`INTERRUPTED`)
}

// TestRunsAtATerminal: drivers are checked in a list; a run is repeated, and edited and run; two are compared; trends of drivers show the
// rate or the p99.
func TestRunsAtATerminal(t *testing.T) {
	bin, dir := tuitest.Build(t), t.TempDir()
	brokers, target := tuitest.Fleet(t, bin, 2)
	x := inTerminal(t, dir, 120, 40, "console --brokers "+brokers)
	x.until(`drv-2 +○ idle`)
	x.compose(dir, "T", "kind: tsunami\ntarget: "+target+"/ping\nrate: 100\nduration: 2s\n")
	x.until(`100 requests/s from 2 drivers, 50 each, for 2s`)
	x.keys("Up", "Up", "Up") // the field of drivers is the third from the end
	x.keys("Space")
	x.until(`─ 2 of 2 ─`)
	x.keys("Space", "Enter")
	x.until(`100 requests/s from 1 driver, for 2s`)
	x.trigger()
	first := x.until(`(tsunami-\S+) \S FINISHED`)[1]
	x.keys("t")
	x.until(`p99 60s`)
	x.keys("t")
	x.until(`rate 60s`)
	x.keys("R")
	x.until(`Run this Tsunami again\?`)
	x.answer("Enter")
	second := x.until(`(tsunami-\S+) (RUN|STARTS)`)[1]
	if first == second {
		t.Fatalf("%s was not run again", first)
	}
	x.until(second + ` ● FINISHED`)
	x.keys("E")
	x.until(`Compose a Tsunami`)
	x.until(`Rate, fleet +100`)
	x.keys("Down", "Down", "Down", "Down", "C-u")
	x.keys("-l", "50")
	x.until(`50 requests/s from`)
	x.trigger()
	x.until(`of 50`)
	x.until(`FINISHED`)
	x.keys("4")
	x.until(`(?s)finished.*finished.*finished`)
	x.keys("c")
	x.until(`select another run`)
	x.keys("Down", "c")
	x.until(`─ ` + second + ` and tsunami-\S+ ─`)
}

// TestSearchAtATerminal: a capacity search is composed and triggered, and shows the tested rates.
func TestSearchAtATerminal(t *testing.T) {
	bin, dir := tuitest.Build(t), t.TempDir()
	brokers, target := tuitest.Fleet(t, bin, 1)
	x := inTerminal(t, dir, 120, 40, "console --brokers "+brokers)
	x.until(`drv-1 +○ idle`)
	x.keys("C")
	x.until(`Compose a capacity search`)
	x.until(`Objectives +p99<250ms failed<0.1%`)
	x.keys("C-u")
	x.keys("-l", target+"/ping")
	x.until(`each rate held for`)
	x.keys("Enter")
	x.until(`Trigger this capacity search\?`)
	x.answer("y")
	x.until(`Capacity`)
	x.until(`now \d`)
	x.keys("S")
	x.until(`Stop the run\?`)
	x.answer("y")
	x.until(`INTERRUPTED`)
}
