package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// model returns the commands and flags of the program.
func model(t *testing.T) *kong.Node {
	t.Helper()
	p, err := (&app{version: "test"}).parser()
	if err != nil {
		t.Fatal(err)
	}
	return p.Model.Node
}

func TestArgumentsInAnyOrder(t *testing.T) {
	root := model(t)
	for typed, want := range map[string]string{
		"":                              "",
		"run URL -n 5":                  "run -n 5 -- URL",
		"run spec.yaml --local URL":     "run --local -- spec.yaml URL",
		"run -n 5 spec.yaml -kc64 URL":  "run -n 5 -kc64 -- spec.yaml URL",
		"report A --json B":             "report --json -- A B",
		"--data DIR run -q -1 URL":      "run --data DIR -q -1 -- URL",
		"run -D - --rate=5 URL":         "run -D - --rate=5 -- URL",
		"run -- -odd":                   "run -- -odd",
		"run -d x=y URL -- --not-flag":  "run -d x=y -- URL --not-flag",
		"spec check - --env A=b":        "spec check --env A=b -- -",
		"help":                          "--help",
		"help run":                      "run --help",
		"help spec check":               "spec check --help",
		"-h run":                        "run -h",
		"run --help URL --threshold p9": "run --help --threshold p9 -- URL",
		"--version":                     "--version",
		"-V":                            "-V",
		"--theme dark":                  "--theme dark",
		"fleet up -- host":              "fleet up -- host",
	} {
		got, err := arrange(root, strings.Fields(typed))
		if err != nil || !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%q: %q, %v, want %q", typed, got, err, want)
		}
	}
}

func TestMistypedArguments(t *testing.T) {
	root := model(t)
	for typed, want := range map[string]string{
		"runn":                               `unknown command "runn": did you mean landfall run?`,
		"targte --listen x":                  `unknown command "targte": did you mean landfall target?`,
		"qq":                                 `unknown command "qq": must be one of console, demo, run,`,
		"help qq":                            `unknown command "qq": must be one of console, demo, run,`,
		"http://127.0.0.1:8080/?a&b":         `"http://127.0.0.1:8080/?a&b" is not a command: to load a URL: landfall run --local 'http://127.0.0.1:8080/?a&b'`,
		"localhost:8080":                     `"localhost:8080" is not a command: to load a URL: landfall run --local localhost:8080`,
		"-n 10 http://h/":                    `unknown flag -n: it is a flag of run: landfall run -n 10 http://h/`,
		"run --conections 5 http://h/":       `unknown flag --conections: did you mean --connections?`,
		"run -L http://h/":                   `unknown flag -L: redirects are not followed by plain requests`,
		"try -F a=b http://h/":               `unknown flag -F: convert a curl command with a multipart form by landfall spec from-curl`,
		"target -x":                          `unknown flag -x (see landfall target --help)`,
		"run -Z 5 http://h/":                 `unknown flag -Z (see landfall run --help)`,
		"run http://h/ -q":                   `-q: needs a value (see landfall run --help)`,
		"spec fromcurl":                      `unknown command "fromcurl": did you mean landfall spec from-curl?`,
		"spec":                               `spec: which command? check, schema, json, from-curl, from-har, from-vegeta, from-postman, from-openapi`,
		"completion":                         `completion: missing argument <shell>: must be one of bash, zsh, fish`,
		"completion bash zsh":                `unexpected argument "zsh": landfall completion takes only 1 (see`,
		strings.Repeat("a", 1000):            `unknown command "` + strings.Repeat("a", 60) + `": must be one of`,
		"run --" + strings.Repeat("a", 1000): `unknown flag --` + strings.Repeat("a", 58) + ` (see landfall run --help)`,
		"version now":                        `unexpected argument "now": landfall version takes none (see landfall version --help)`,
		"driver --max-rat 5":                 `unknown flag --max-rat: did you mean --max-rate?`,
	} {
		_, err := arrange(root, strings.Fields(typed))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", typed, err, want)
		}
	}
}
