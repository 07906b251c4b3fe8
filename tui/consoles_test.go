//go:build e2e && unix

package tui_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"landfall/tui/tuitest"
)

// TestTwoConsoles: both show the same run, and the one that is not at the helm names the other. After kill -9 and a restart, the first one
// shows the same run, takes the helm and stops it.
func TestTwoConsoles(t *testing.T) {
	bin := tuitest.Build(t)
	brokers, target := tuitest.Fleet(t, bin, 2)
	a := inTerminal(t, t.TempDir(), 120, 40, "console --brokers "+brokers)
	a.until(`drv-2 +○ idle`)
	a.keys("T")
	a.until(`Compose a Tsunami`)
	a.keys("C-u")
	a.keys("-l", target+"/ping")
	a.keys("Down", "Down", "Down", "Down", "C-u")
	a.keys("-l", "300")
	a.keys("Down", "Down", "Down", "C-u")
	a.keys("-l", "5m")
	a.until(`300 requests/s from 2 drivers, 150 each, for 5m`)
	a.keys("Enter")
	a.until(`Trigger this Tsunami\?`)
	a.answer("y")
	id := a.until(`(tsunami-\S+) RUN 00:0[2-9]/05:00 +300/s of 300`)[1]

	b := inTerminal(t, t.TempDir(), 120, 40, "console --brokers "+brokers)
	b.until(id + ` RUN 00:\d\d/05:00 +300/s of 300.* helm: \S+@\S+`)
	b.keys("-l", "+")
	b.until(`controls this run: press a to take the helm`)

	a.kill("KILL")
	a.until(`EXIT 137`)
	a = inTerminal(t, t.TempDir(), 120, 40, "console --brokers "+brokers)
	a.until(id + ` RUN 00:\d\d/05:00 +300/s of 300.* helm: `)
	a.keys("a")
	a.until(`Take the helm\?`)
	a.answer("y")
	a.until(`  at the helm *\n`)
	a.keys("-l", "+")
	a.until(`330/s of 330`)
	b.until(`330/s of 330`)
	a.keys("S")
	a.until(`Stop the run\?`)
	a.answer("y")
	a.until(`INTERRUPTED`)
	b.until(`INTERRUPTED`)
	counts := make([]string, 2)
	for i, x := range []*tmuxPane{a, b} {
		x.keys("r")
		x.until(`Report of`) // the card has the count, too
		counts[i] = x.until(`requests +([\d,]+) `)[1]
		x.keys("Escape")
		x.until(`r report`) // the report is closed
		x.keys("q")
		x.until(`EXIT 0`)
	}
	if n := strings.ReplaceAll(counts[0], ",", ""); counts[0] != counts[1] || n != fmt.Sprint(countedAt(t, target)) {
		t.Errorf("the consoles say %q, the target counted %d", counts, countedAt(t, target))
	}
}

// TestSignalsInARun: the terminal is restored during a run, too, and a suspended console resumes.
func TestSignalsInARun(t *testing.T) {
	x := inTerminal(t, t.TempDir(), 120, 40, "demo", "bash --norc --noprofile -i")
	running := func() {
		t.Helper()
		x.stopFirst()
		x.keys("T")
		x.until(`Compose a Tsunami`)
		x.keys("Down", "Down", "Down", "Down", "Down", "Down", "Down", "C-u")
		x.keys("-l", "5m")
		x.until(`for 5m`)
		x.keys("Enter")
		x.until(`Trigger this Tsunami\?`)
		x.answer("y")
		x.until(`RUN 00:0[1-9]`)
	}
	running()
	x.keys("C-z")
	x.until(`Stopped`)
	x.whole()
	x.keys("-l", "fg")
	x.keys("Enter")
	x.until(`RUN 00:\d\d/05:00 +1k/s of 1k`)
	x.kill("HUP")
	x.until(`EXIT \d+`)
	x.whole()
	x.again()
	running()
	x.kill("TERM")
	x.until(`EXIT \d+`)
	x.whole()
}

// TestPlainWords: where nothing can be drawn, the fleet is described as plain text.
func TestPlainWords(t *testing.T) {
	bin := tuitest.Build(t)
	brokers, _ := tuitest.Fleet(t, bin, 2)
	plain := func(out string) bool {
		return strings.Contains(out, "of 2 known") && strings.Contains(out, "the console needs a terminal") && !strings.ContainsRune(out, '\x1b')
	}
	out := ""
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end) && !plain(out); {
		text, err := exec.Command(bin, "console", "--brokers", brokers).Output()
		if err != nil {
			t.Fatal(err)
		}
		out = string(text)
	}
	if !plain(out) {
		t.Errorf("not a terminal: %q", out)
	}
	x := inTerminal(t, t.TempDir(), 120, 40, "console --brokers "+brokers, "env TERM=dumb sh")
	x.until(`of 2 known`)
	x.until(`the console needs a terminal`)
	x.until(`EXIT 0`)
}
