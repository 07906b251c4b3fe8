package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"landfall/cli/exit"
	"landfall/loadgen/target"
)

const tried = `target: TARGET
users: 1
duration: 1s
scenarios:
  - name: first
    steps:
      - get: /ping
        headers: {Authorization: Bearer hush-hush-hush}
        checks: [{status: 200}]
  - name: second
    steps:
      - get: /ping
        checks: [{status: 418}]
`

// specOf writes a spec file for a target.
func specOf(t *testing.T, text, url string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "spec.yaml")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "TARGET", strings.TrimSuffix(url, "/ping"))), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// One iteration of one scenario is sent, printed without secrets, and judged.
func TestTry(t *testing.T) {
	s, url := sampleTarget(t, target.Config{})
	file := specOf(t, tried, url)
	for _, c := range []struct {
		flags  []string
		code   int
		hidden bool
	}{
		{nil, 0, true}, {[]string{"--scenario", "second"}, exit.Failed, true}, {[]string{"--show-secrets"}, 0, false}, {[]string{"--json"}, 0, true},
	} {
		before := s.Requests()
		out, code, err := typed(t, append([]string{"try", file}, c.flags...)...)
		if code != c.code || s.Requests()-before != 1 || !strings.Contains(out, "/ping") {
			t.Errorf("%q: exit %d, want %d, %v; %d requests:\n%s", c.flags, code, c.code, err, s.Requests()-before, out)
		}
		if strings.Contains(out, "hush") == c.hidden && code == 0 {
			t.Errorf("%q: secrets hidden: %v\n%s", c.flags, !c.hidden, out)
		}
	}
	before := s.Requests()
	for _, args := range [][]string{{"try", file, "--scenario", "third"}, {"try", "--nonsense", file}, {"try", file, "-c", "0"}} {
		if _, code, err := typed(t, args...); code != exit.Usage {
			t.Errorf("%q: exit %d, %v", args, code, err)
		}
	}
	if s.Requests() != before {
		t.Error("a wrong command line has sent a request")
	}
}

// Checking a spec sends nothing, and its JSON form is the body of a request that starts a run.
func TestSpecCheckAndJSON(t *testing.T) {
	s, url := sampleTarget(t, target.Config{})
	file := specOf(t, tried, url)
	if out, code, err := typed(t, "spec", "check", file); code != 0 || !strings.Contains(out, "scenario first") || strings.Contains(out, "hush") {
		t.Errorf("exit %d, %v: %s", code, err, out)
	}
	out, code, err := typed(t, "spec", "json", file)
	var body struct {
		Spec struct {
			Target    string
			Scenarios []struct{ Name string }
		}
	}
	if wrong := json.Unmarshal([]byte(out), &body); wrong != nil || code != 0 || body.Spec.Target+"/ping" != url || len(body.Spec.Scenarios) != 2 {
		t.Errorf("exit %d, %v, %v: %s", code, err, wrong, out)
	}
	for _, command := range []string{"check", "json"} {
		if out, code, err := typed(t, "spec", command, specOf(t, "target: TARGET\nspeed: 1\n", url)); code != exit.Usage || out != "" {
			t.Errorf("%s: exit %d, %v: %s", command, code, err, out)
		}
	}
	if s.Requests() != 0 {
		t.Errorf("%d requests were sent", s.Requests())
	}
}
