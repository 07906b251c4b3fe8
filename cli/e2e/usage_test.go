//go:build e2e && unix

package e2e

import (
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Errors quote the mistake as typed and say what is accepted, and the exit code is 104.
func TestWrongUsage(t *testing.T) {
	t.Parallel()
	const url = "http://127.0.0.1:1/"
	spec := t.TempDir() + "/spec.yaml"
	write(t, spec, "target: "+url+"\nrate: 0.001\n")
	rubbish := t.TempDir() + "/rubbish.json"
	write(t, rubbish, "{\"log\":\n visit}")
	for want, args := range map[string][]string{
		`-q "abc": must be a number`:                                     {"run", "-q", "abc", url},
		`-z "10": must be a time with its unit`:                          {"run", "-z", "10", url},
		`-c 0: connections must be between 1 and 100000 per driver`:      {"run", "-c", "0", url},
		`-q 100: set only one of rate, delay and stages`:                 {"run", "-q", "100", "--delay", "1ms", url},
		spec + `:2:7: rate 0.001: must be between 0.01 and 10000000`:     {"run", spec},
		`--drivers and --wait: not with --local`:                         {"run", "--local", "--drivers", "3", url},
		`--threads, --portable and --bind: only with --local`:            {"run", "--threads", "3", url},
		`--brokers "kafka": must be host:port`:                           {"driver", "--brokers", "kafka"},
		`--max-duration -1s: must not be negative`:                       {"driver", "--max-duration", "-1s"},
		`--allow-target "10.0.0.0/99": must be a host`:                   {"driver", "--allow-target", "10.0.0.0/99"},
		`--listen "here": must be host:port`:                             {"broker", "--listen", "here"},
		`--listen 0.0.0.0:0: the embedded broker has no authentication`:  {"broker", "--listen", "0.0.0.0:0"},
		`--keep 3: must be between 4 and 1048576 MiB`:                    {"broker", "--keep", "3"},
		`--listen "host:99999": must be host:port`:                       {"target", "--listen", "host:99999"},
		`--delay -1s: must be between 0s and 1h`:                         {"target", "--delay", "-1s"},
		`--markdown: needs a RUN`:                                        {"report", "--markdown"},
		`--csv: needs exactly one RUN and no baseline`:                   {"report", "--csv", "a", "b"},
		`--json and --csv can't be used together`:                        {"report", "--json", "--csv", "x"},
		`--bind 203.0.113.1: must be an address of this machine`:         {"run", "--local", "--bind", "203.0.113.1", url},
		`--threads -1: must be between 1 and 1024`:                       {"run", "--local", "--threads", "-1", url},
		`--listen 203.0.113.1:80: `:                                      {"target", "--listen", "203.0.113.1:80"},
		`--listen 203.0.113.1:81: `:                                      {"broker", "--insecure", "--listen", "203.0.113.1:81"},
		`--out /nowhere/r.json: no such file or directory`:               {"run", "--local", "--out", "/nowhere/r.json", url},
		`--drivers "": must be all, a number`:                            {"run", "--drivers", "", url},
		`"nowhere": must be a URL`:                                       {"health", "nowhere"},
		`--theme "pink": must be one of auto`:                            {"console", "--theme", "pink"},
		`--token-file /nowhere: no such file`:                            {"serve", "--token-file", "/nowhere"},
		`--label "x": must be like NAME=VALUE`:                           {"driver", "--label", "x"},
		`--config /nowhere: no such file or directory`:                   {"--config", "/nowhere", "run", url},
		`/nowhere.har: no such file or directory`:                        {"spec", "from-har", "/nowhere.har"},
		`--config .: is a directory`:                                     {"--config", ".", "run", url},
		rubbish + `:2:2: not valid JSON: invalid character 'v'`:          {"spec", "from-har", rubbish},
		rubbish + `:2:2: not valid JSON: invalid character`:              {"report", rubbish},
		`--baseline ` + rubbish + `:2:2: not valid JSON: `:               {"run", "--local", "--baseline", rubbish, url},
		`completion: missing argument <shell>: must be one of bash, zsh`: {"completion"},
		`curl: "wget": must be a curl command`:                           {"spec", "from-curl", "wget " + url},
		`--drivers 0: must be between 1 and 100`:                         {"demo", "--drivers", "0"},
		`<shell> "ksh": must be one of bash, zsh, fish`:                  {"completion", "ksh"},
		`unknown command "nonsense"`:                                     {"nonsense"},
		`no target: give a URL, such as http://127.0.0.1:8080/ping,`:     {"run"},
	} {
		p := start(t, append(args, "--data", t.TempDir())...)
		if code := p.exit(20 * time.Second); code != 104 || !strings.HasPrefix(p.stderr.String(), "landfall: "+want) {
			t.Errorf("%q: exit %d: %s, want 104 and %s", args, code, p.stderr.String(), want)
		}
	}
}

// A misspelt environment variable is named on stderr, and the command runs.
func TestMisspeltVariable(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(binary, "version")
	cmd.Env = append(cmd.Environ(), "LANDFALL_BROKRS=secret:1", "LANDFALL_RUN_RTE=5")
	p := startCommand(t, cmd)
	const want = "landfall: warning: LANDFALL_BROKRS: no flag has this environment variable"
	if code := p.exit(10 * time.Second); code != 0 || !strings.HasPrefix(p.stderr.String(), want) || strings.Contains(p.stderr.String(), "secret") || strings.Contains(p.stderr.String(), "RTE") {
		t.Errorf("exit %d: %s, want %s", code, p.stderr.String(), want)
	}
}

// Each shell gets its script, and commands, flags and values are completed.
func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish"} {
		p := start(t, "completion", shell)
		if code := p.exit(10 * time.Second); code != 0 || !strings.Contains(p.stdout.String(), "comp") || !strings.Contains(p.stdout.String(), binary) {
			t.Errorf("%s: exit %d: %s", shell, code, p.stdout.String())
		}
	}
	for line, want := range map[string][]string{"landfall dr": {"driver"}, "landfall run --thr": {"--threshold", "--threads"}, "landfall completion ": {"bash", "zsh", "fish"}} {
		cmd := exec.Command(binary)
		cmd.Env = append(cmd.Environ(), "COMP_LINE="+line)
		p := startCommand(t, cmd)
		p.exit(10 * time.Second)
		for _, w := range want {
			if !strings.Contains(p.stdout.String(), w) {
				t.Errorf("%q is completed with %q, want %s", line, p.stdout.String(), w)
			}
		}
	}
}
