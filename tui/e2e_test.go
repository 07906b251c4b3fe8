//go:build e2e && unix

package tui_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"landfall/node/report"
	"landfall/tui/tuitest"
)

// tmuxPane is a real binary in a terminal of tmux.
type tmuxPane struct {
	t       *testing.T
	socket  string
	command string
}

// inTerminal builds the program and runs it with args in a terminal of w by h, in the given shell (default sh).
func inTerminal(t *testing.T, dir string, w, h int, args string, shell ...string) *tmuxPane {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("needs tmux")
		}
		t.Skip("needs tmux")
	}
	term := &tmuxPane{t, filepath.Join(t.TempDir(), "s"), tuitest.Build(t) + " " + args + "; echo EXIT $?"}
	command := append(shell, "sh")[0]
	// CI and NO_COLOR would disable colours, and the cursor with them.
	term.tmux("-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(w), "-y", fmt.Sprint(h),
		fmt.Sprintf("cd %s && unset NO_COLOR CI && HOME=%s XDG_DATA_HOME=%s PS1='$ ' exec %s", dir, dir, dir, command))
	t.Cleanup(func() { exec.Command("tmux", "-S", term.socket, "kill-server").Run() })
	term.until(`(?m)^\$ *$`)
	term.again()
	return term
}

// again runs the program once more.
func (x *tmuxPane) again() {
	x.t.Helper()
	x.keys("-l", "clear; "+x.command)
	x.keys("Enter")
}

// kill sends the program a signal.
func (x *tmuxPane) kill(signal string) {
	x.t.Helper()
	pane := strings.TrimSpace(x.tmux("list-panes", "-F", "#{pane_pid}"))
	if out, err := exec.Command("pkill", "-"+signal, "-P", pane, "landfall").CombinedOutput(); err != nil {
		x.t.Fatalf("%v %s", err, out)
	}
}

// whole checks that the terminal is in the state that a shell expects.
func (x *tmuxPane) whole() {
	x.t.Helper()
	tty := strings.TrimSpace(x.tmux("list-panes", "-F", "#{pane_tty}"))
	var flags string
	var modes []byte
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) { // a word from before may reappear before the rest does
		flags = strings.TrimSpace(x.tmux("display-message", "-p", "#{alternate_on}#{cursor_flag}#{mouse_any_flag}"))
		modes, _ = exec.Command("stty", "-F", tty, "-a").CombinedOutput()
		if flags == "010" && regexp.MustCompile(`(?m)(^|\s)opost\b`).Match(modes) {
			return
		}
	}
	x.t.Errorf("alternate screen, cursor and mouse are %s, want 010; the terminal's modes, which must have opost: %s", flags, modes)
}

func (x *tmuxPane) tmux(args ...string) string {
	x.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", x.socket}, args...)...).CombinedOutput()
	if err != nil {
		x.t.Fatalf("tmux %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func (x *tmuxPane) keys(keys ...string) {
	x.t.Helper()
	x.tmux(append([]string{"send-keys"}, keys...)...)
}

// answer answers a dialog. A dialog ignores keys for a moment after it opens.
func (x *tmuxPane) answer(key string) {
	x.t.Helper()
	time.Sleep(250 * time.Millisecond)
	x.keys(key)
}

// until waits until the screen shows a pattern, and returns the match.
func (x *tmuxPane) until(pattern string) []string {
	x.t.Helper()
	re := regexp.MustCompile(pattern)
	screen := ""
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		screen = x.tmux("capture-pane", "-p")
		if found := re.FindStringSubmatch(screen); found != nil {
			return found
		}
	}
	x.t.Fatalf("%q does not appear on\n%s", pattern, screen)
	return nil
}

// stopFirst stops the run with which the demo begins.
func (x *tmuxPane) stopFirst() {
	x.t.Helper()
	x.until(`RUN 00:0\d`)
	x.keys("S")
	x.until(`Stop the run\?`)
	x.answer("y")
	x.until(`INTERRUPTED`)
	x.until(`demo-3 +○ idle`)
}

// A whole session with the real program: compose, trigger, adjust, kill a driver, stop, read the report, quit. The report equals the
// target's counts.
func TestSession(t *testing.T) {
	dir := t.TempDir()
	x := inTerminal(t, dir, 120, 40, "demo")
	x.stopFirst()
	x.keys("T")
	target := x.until(`URL +(http://[0-9.:]+)/ping`)[1]
	before := countedAt(t, target)
	x.keys("Down", "Down", "Down", "Down")
	x.keys("C-u")
	x.keys("-l", "600x")
	x.until(`✖ Rate, fleet: must be from 0.01`)
	x.keys("BSpace", "Down", "Down", "Down", "C-u")
	x.keys("-l", "2m")
	x.until(`600 requests/s from 3 drivers, 200 each, for 2m`)
	x.keys("Enter")
	x.until(`Trigger this Tsunami\?`)
	x.answer("y")
	x.until(`RUN 00:0[3-9]/02:00 +600/s of 600`)
	x.keys("-l", "++")
	x.until(`of 726`)
	x.keys("Home", "Down", "x") // until then, the driver that joined first is selected
	x.until(`Shut down 1 driver\?`)
	x.answer("K")
	x.until(`demo-2 was killed by`)
	x.until(`demo-2 +✖ killed`)
	x.until(`726/s of 726`)
	x.keys("S")
	x.until(`Stop the run\?`)
	x.answer("y")
	x.until(`INTERRUPTED`)
	x.keys("r")
	x.until(`◆ INTERRUPTED  tsunami on`)
	x.keys("e")
	x.until(`Export the report`)
	x.answer("j")
	x.until(`wrote landfall-`)
	compare(t, dir, target, before)
	x.keys("Escape")
	x.until(`1 Live`)
	x.keys("q")
	x.until(`EXIT 0`)
}

// compare compares the exported report with the growth of the target's counters since before.
func compare(t *testing.T, dir, target string, before int64) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "landfall-*.json"))
	if len(files) != 1 {
		t.Fatalf("exported: %v", files)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	counted := countedAt(t, target) - before
	t.Logf("the report has %d requests and %d unknown, the target counted %d", r.Requests, r.Unknown, counted)
	if counted < r.Responses || counted > r.Requests+r.Unknown {
		t.Errorf("the report has %d responses, %d requests and at most %d unknown; the target counted %d", r.Responses, r.Requests, r.Unknown, counted)
	}
}

// countedAt returns the number of requests that a target has counted.
func countedAt(t *testing.T, target string) int64 {
	t.Helper()
	request, _ := http.NewRequest("GET", target+"/metrics", nil)
	request.Header.Set("Accept", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var counted struct{ Requests int64 }
	if err := json.NewDecoder(answer.Body).Decode(&counted); err != nil {
		t.Fatal(err)
	}
	return counted.Requests
}

// Every signal that ends a session, and a crash, restore the terminal. QUIT ends a program like a panic in any goroutine.
func TestSignals(t *testing.T) {
	for _, signal := range []string{"HUP", "TERM", "QUIT"} {
		t.Run(signal, func(t *testing.T) {
			x := inTerminal(t, t.TempDir(), 80, 24, "console --listen 127.0.0.1:0")
			x.until(`No drivers yet`)
			x.kill(signal)
			x.until(`EXIT \d+`)
			if signal == "QUIT" {
				x.until(`landfall: the console has crashed; this is why:`)
				x.until(`goroutine \d+`)
			}
			x.whole()
		})
	}
}

func replaceTarget(spec, target string) string { return strings.ReplaceAll(spec, "TARGET", target) }
