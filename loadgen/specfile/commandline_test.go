package specfile

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
)

func TestCommandLine(t *testing.T) {
	const target = "http://127.0.0.1:8080/ping"
	second := loadgen.Duration(time.Second)
	for name, test := range map[string]struct {
		spec loadgen.Spec
		want string
	}{
		"defaults are left out": {loadgen.Spec{Target: target, RateRPS: 1e6, Duration: 30 * second}.WithDefaults(), target + " -q 1000000 -z 30s"},
		"values are quoted":     {loadgen.Spec{Target: target + "?a=1&b=2", Headers: map[string]string{"Cookie": "it's; b=2"}, Count: 5, Body: "$x"}, `'` + target + `?a=1&b=2' -H 'Cookie: it'\''s; b=2' -d '$x' -n 5`},
		"a body of two lines":   {loadgen.Spec{Target: target, Body: "a\nSPEC", Count: 5}, "- <<'SPEC'\ntarget:"},
		"what has no flag":      {loadgen.Spec{Target: target, Name: "checkout", Count: 5}, "- <<'SPEC'\nname: checkout\n"},
	} {
		got, err := CommandLine("landfall run", test.spec)
		if want := "landfall run " + test.want; err != nil || got != want && !(strings.Contains(want, "<<") && strings.HasPrefix(got, want)) {
			t.Errorf("%s: %v\n%s\nwant %s", name, err, got, want)
		}
	}
}

// A spec on standard input is what a shell passes on, even if a line of it ends a here-document.
func TestCommandLineInAShell(t *testing.T) {
	spec := loadgen.Spec{Target: "http://127.0.0.1/", Count: 1, Body: "$HOME `x`\n\\\n'SPEC'\n", Name: "SPEC"}
	line, err := CommandLine("cat", spec)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("sh", "-c", line).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, line)
	}
	got, err := Parse("-", out)
	if err != nil || got.Body != spec.Body || got.Name != spec.Name {
		t.Errorf("%v: %+v\n%s", err, got, out)
	}
}
