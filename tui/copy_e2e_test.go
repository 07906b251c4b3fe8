//go:build e2e && unix

package tui_test

import (
	"strings"
	"testing"
	"time"

	"landfall/tui/tuitest"
)

// TestCopyAtATerminal: y copies to tmux's buffer with tmux's defaults and, if the console does not detect tmux, by OSC 52, which tmux
// accepts like a terminal.
func TestCopyAtATerminal(t *testing.T) {
	brokers, _ := tuitest.Fleet(t, tuitest.Build(t), 1)
	for name, shell := range map[string]string{"in tmux": "sh", "in a terminal": "env -u TMUX sh"} {
		t.Run(name, func(t *testing.T) {
			x := inTerminal(t, t.TempDir(), 80, 24, "console --brokers "+brokers, shell)
			if name == "in a terminal" {
				x.tmux("set-option", "-s", "set-clipboard", "on")
			}
			x.until(`drv-1 +○ idle`)
			x.keys("y")
			x.until(`copied drv-1`)
			got := ""
			for end := time.Now().Add(10 * time.Second); got == "" && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
				got = strings.TrimSpace(x.tmux("list-buffers", "-F", "#{buffer_sample}"))
			}
			if got != "drv-1" {
				t.Errorf("the buffer holds %q", got)
			}
		})
	}
}
