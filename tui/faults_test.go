//go:build e2e && unix

package tui_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"landfall/tui/tuitest"
)

// hidden is a spec with fields that the form does not have.
const hidden = `kind: tsunami
target: TARGET/ping
rate: 100
duration: 3s
headers:
  Cookie: a=1; b=2
requests:
  - {name: look, weight: 9, url: /ping}
  - {name: buy, method: POST, url: /ping}
`

// TestFormAtATerminal: the form shows what would be sent, headers keep their semicolons, and Esc is never lost, whatever arrives with it.
func TestFormAtATerminal(t *testing.T) {
	bin, dir := tuitest.Build(t), t.TempDir()
	brokers, target := tuitest.Fleet(t, bin, 1)
	spec := []byte(replaceTarget(hidden, target))
	if err := os.WriteFile(filepath.Join(dir, "spec.yaml"), spec, 0o600); err != nil {
		t.Fatal(err)
	}
	x := inTerminal(t, dir, 120, 40, "console --brokers "+brokers)
	x.until(`drv-1 +○ idle`)
	load := func() {
		x.keys("T")
		x.until(`Compose a Tsunami`)
		x.keys("C-o")
		x.until(`load spec file: `)
		x.keys("-l", "spec.yaml")
		x.keys("Enter")
		x.until(`Also sent: requests look 9 · buy 1 \(spec.yaml\)`)
		x.until(`Cookie: a=1; b=2`)
	}
	load()
	x.keys("Enter")
	x.until(`Trigger this Tsunami\?`)
	x.until(`Also +requests look 9 · buy 1`)
	x.keys("Escape", "Escape") // one for the question, one for the form
	x.until(`No run`)
	x.keys("T")
	x.until(`100 requests/s|1,000 requests/s`)
	x.keys("Enter")
	x.until(`Sends +GET http`)
	x.keys("Escape", "j") // j is neither an answer nor text
	x.until(`Compose a Tsunami`)
	x.keys("Escape")
	x.until(`No run`)
	load()
	x.keys("Enter")
	x.until(`Trigger this Tsunami\?`)
	x.answer("y")
	x.until(`FINISHED`)
	x.until(`failed 0%`)
}

// TestRunAtATerminal: a driver that is killed on purpose leaves no gap, a dead target is shown at once, and the verdict explains the
// failure.
func TestRunAtATerminal(t *testing.T) {
	bin, dir := tuitest.Build(t), t.TempDir()
	brokers, target, end := tuitest.FleetWithTarget(t, bin, 3)
	spec := "kind: tsunami\ntarget: " + target + "/ping\nrate: 300\nduration: 20s\nthresholds:\n  - expr: errors<1%\n"
	if err := os.WriteFile(filepath.Join(dir, "spec.yaml"), []byte(spec), 0o600); err != nil {
		t.Fatal(err)
	}
	x := inTerminal(t, dir, 80, 24, "console --brokers "+brokers)
	x.until(`3 drivers`)
	x.keys("T")
	x.until(`Compose a Tsunami`)
	x.keys("C-o")
	x.keys("-l", "spec.yaml")
	x.keys("Enter")
	x.until(`300 requests/s from 3 drivers`)
	x.keys("Enter")
	x.until(`Trigger this Tsunami\?`)
	x.answer("y")
	x.until(`RUN 00:0[3-9]`)
	x.until(`00:20`) // the time axis ends at the planned end
	x.keys("-l", "xk")
	x.until(`Shut down 1 driver\?`)
	x.answer("K")
	x.until(`✖ killed`)
	x.until(`of 300`)
	end()
	x.until(`failed 100%`)
	x.until(`✖ errors<1%`)
	x.until(`FAILED 00:2\d.*✖ errors<1%`)
	x.keys("r")
	x.until(`Report of`)
	x.until(`sideways`)
	x.keys("?")
	x.until(`Help`)
	x.keys("q")
	x.until(`Report of`)
	x.keys("4")
	x.until(`✖ failed`)
	x.keys("R")
	x.until(`Run this Tsunami again\?`)
	x.keys("Escape")
	x.keys("q")
	x.until(`EXIT 0`)
}

// TestOutageAtATerminal: while the broker is unreachable, old figures do not look live, and start and end of the outage are events. A
// console that is started later shows events at their actual times.
func TestOutageAtATerminal(t *testing.T) {
	bin := tuitest.Build(t)
	brokers, stop := tuitest.StoppableFleet(t, bin, 1)
	x := inTerminal(t, t.TempDir(), 120, 40, "console --brokers "+brokers)
	joined := x.until(`(\d\d:\d\d:\d\d) [○●] drv-1 joined`)[1]
	time.Sleep(3 * time.Second) // later than it joined
	y := inTerminal(t, t.TempDir(), 120, 40, "console --brokers "+brokers)
	if later := y.until(`(\d\d:\d\d:\d\d) [○●] drv-1 joined`)[1]; later > joined {
		t.Errorf("joined at %s, a later console says at %s", joined, later)
	}
	start := stop()
	x.until(`DISCONNECTED [3-9]`)
	x.until(`Kafka is unreachable; drivers keep running`)
	start()
	x.until(`LIVE`)
	x.until(`Kafka is reachable again after`)
}
