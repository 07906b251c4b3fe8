package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"landfall/cli/connect"
	"landfall/cli/exit"
	"landfall/loadgen/target"
	"landfall/node/report"
)

// sampleTarget starts a target and returns it and its URL.
func sampleTarget(t *testing.T, c target.Config) (*target.Server, string) {
	t.Helper()
	c.Listen = "127.0.0.1:0"
	s, err := target.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, "http://" + s.Addr() + "/ping"
}

// The exit code of a run follows from its outcome, and its report is written to standard output and to files.
func TestLocalRun(t *testing.T) {
	s, url := sampleTarget(t, target.Config{})
	file := filepath.Join(t.TempDir(), "report.json")
	for _, c := range []struct {
		flags []string
		code  int
	}{
		{[]string{"--out", file}, exit.Passed},
		{[]string{"--threshold", "errors<1%"}, exit.Passed},
		{[]string{"--threshold", "p50<1us"}, exit.Threshold},
	} {
		before := s.Requests()
		out, code, err := typed(t, append([]string{"run", "--local", "--quiet", "--json", "-n", "21", "-c", "2", url}, c.flags...)...)
		var r report.Report
		if wrong := json.Unmarshal([]byte(out), &r); wrong != nil || code != c.code || r.Requests != 21 || s.Requests()-before != 21 {
			t.Errorf("%q: exit %d, want %d, %v; %d requests, the target counted %d: %.300s", c.flags, code, c.code, err, r.Requests, s.Requests()-before, out)
		}
	}
	if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), `"requests":21`) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestFlagsThatDoNotApply(t *testing.T) {
	local := []string{"--local"}
	for name, args := range map[string][]string{
		"--threads": {"--threads", "2"}, "--portable": {"--portable"}, "--bind": {"--bind", "127.0.0.1"}, "--drivers": append(local, "--drivers", "2"), "--wait": append(local, "--wait", "1s"),
		"--threads 9999": append(local, "--threads", "9999"), "--bind 192.0.2.1": append(local, "--bind", "192.0.2.1"), "--github-summary": append(local, "--github-summary"),
		"--target-count": append(local, "--target-count", "x"), "--out": append(local, "--out", "/nowhere/x"),
	} {
		t.Setenv("GITHUB_STEP_SUMMARY", "")
		if out, code, err := typed(t, append([]string{"run", "-n", "1", "http://127.0.0.1:1/"}, args...)...); code != exit.Usage || out != "" || !strings.Contains(fmt.Sprint(err), name) {
			t.Errorf("%q: exit %d, %v: %s", args, code, err, out)
		}
	}
}

func TestBindable(t *testing.T) {
	if err := bindable([]netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.2")}); err != nil {
		t.Error(err)
	}
	if err := bindable([]netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("192.0.2.1")}); err == nil || !strings.Contains(err.Error(), "192.0.2.1") {
		t.Errorf("an address of another machine: %v", err)
	}
}

// If there is no broker, the error says that --local needs none; other errors are unchanged.
func TestMissingBroker(t *testing.T) {
	missing := fmt.Errorf("connect: %w", connect.ErrNoBroker)
	if err := withoutBroker(missing); !errors.Is(err, connect.ErrNoBroker) || !strings.Contains(err.Error(), "--local") {
		t.Error(err)
	}
	other := errors.New("other")
	if withoutBroker(other) != other || withoutBroker(nil) != nil {
		t.Error("another error was changed")
	}
}

// A run that could not be stopped is reported, and counts as interrupted.
func TestReportOfARunThatCouldNotBeStopped(t *testing.T) {
	for want, why := range map[int]error{exit.Interrupted: fmt.Errorf("stop: %w", errNotStopped), exit.Passed: errors.New("other")} {
		file := filepath.Join(t.TempDir(), "out")
		if got := codeOf(finishWith(&report.Report{Outcome: report.Finished}, true, &outputs{Out: file}, why)); got != want {
			t.Errorf("%v: exit %d, want %d", why, got, want)
		}
		if _, err := os.Stat(file); err != nil {
			t.Error(err)
		}
	}
}
