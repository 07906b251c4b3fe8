package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landfall/cli/exit"
	"landfall/node/fleet"
	"landfall/node/report"
	"landfall/node/report/reporttest"
)

// reportFile writes the report of a run and returns the file's name.
func reportFile(t *testing.T, run *fleet.Run) string {
	t.Helper()
	text, err := json.Marshal(report.Build(run, reporttest.T0.Add(time.Minute), "1"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFormsOfAReport(t *testing.T) {
	path := reportFile(t, reporttest.Healthy())
	for flag, want := range map[string]string{"": "t-4f1c", "--json": `"test_id":"t-4f1c"`, "--csv": "at_ms,", "--html": "<!doctype html>", "--markdown": "| "} {
		args := []string{"report", path}
		if flag != "" {
			args = append(args, flag)
		}
		if out, code, err := typed(t, args...); code != 0 || !strings.Contains(strings.ToLower(out), want) {
			t.Errorf("%q: exit %d, %v: %.300s", args, code, err, out)
		}
	}
}

// A comparison shows both reports. With --fail-on, runs that are too short for a verdict fail, too.
func TestComparisonOfReports(t *testing.T) {
	calm, rough := reportFile(t, reporttest.Healthy()), reportFile(t, reporttest.Faulty())
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{calm, calm}, 0, "t-4f1c"},
		{[]string{rough, "--baseline", calm}, 0, "t-4f1c"},
		{[]string{calm, rough, "--json"}, 0, `"now":"t-4f1c"`},
		{[]string{calm, rough, "--html"}, 0, "<!doctype html>"},
		{[]string{calm, rough, "--markdown"}, 0, "| "},
		{[]string{calm, rough, "--fail-on", "failed>+1%"}, exit.Threshold, "t-4f1c"},
	} {
		if out, code, err := typed(t, append([]string{"report"}, c.args...)...); code != c.code || !strings.Contains(strings.ToLower(out), c.want) {
			t.Errorf("%q: exit %d, want %d, %v: %.300s", c.args, code, c.code, err, out)
		}
	}
}

func TestReportsThatCannotBePrinted(t *testing.T) {
	path := reportFile(t, reporttest.Healthy())
	for _, args := range [][]string{
		{"--csv"}, {"--html"}, {"--markdown"}, {path, path, "--csv"}, {path, "--csv", "--baseline", path}, {path, "--json", "--csv"}, {path, "--fail-on", "p99>+10%"}, {path + ".not"},
	} {
		if out, code, err := typed(t, append([]string{"report"}, args...)...); code != exit.Usage || out != "" {
			t.Errorf("%q: exit %d, %v: %.300s", args, code, err, out)
		}
	}
}
