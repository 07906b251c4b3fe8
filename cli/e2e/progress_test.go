//go:build e2e && linux

package e2e

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Progress is one redrawn line on a terminal, a line every few seconds elsewhere, and none with --quiet;
// NO_COLOR disables colour.
func TestProgress(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	args := []string{"run", "--brokers", f.brokers, "-q", "50", "-z", "4s", f.url}
	run := func(cmd *exec.Cmd) *process {
		t.Helper()
		p := startCommand(t, cmd)
		if code := p.exit(30 * time.Second); code != 0 {
			t.Errorf("%s: exit %d", p.name, code)
		}
		return p
	}
	const redraw = "\r\x1b[2K"
	painted := regexp.MustCompile("\x1b\\[[0-9;]*m")

	p := run(exec.Command(binary, args...))
	if output := p.stderr.String(); !strings.Contains(output, " requests  ") || strings.ContainsAny(output, "\r\x1b") {
		t.Errorf("without a terminal stderr is %q, want plain lines", output)
	}
	if report := p.stdout.String(); !strings.Contains(report, "FINISHED") || strings.Contains(report, "\x1b") {
		t.Errorf("without a terminal stdout is %q, want a plain report", report)
	}
	if output := run(exec.Command(binary, append(args, "--quiet")...)).stderr.String(); output != "" {
		t.Errorf("with --quiet stderr is %q", output)
	}
	for _, noColor := range []string{"", "1"} {
		cmd := exec.Command("script", "-qec", binary+" "+strings.Join(args, " "), "/dev/null")
		cmd.Env = append(cmd.Environ(), "NO_COLOR="+noColor, "TERM=xterm-256color")
		output := run(cmd).stdout.String()
		if n := strings.Count(output, redraw); n < 8 {
			t.Errorf("on a terminal the line was drawn %d times, want at least 8", n)
		}
		if colored := painted.MatchString(output); colored != (noColor == "") {
			t.Errorf("NO_COLOR=%q: colored is %v", noColor, colored)
		}
	}
}
