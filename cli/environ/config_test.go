package environ

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// commands replaces the real command line.
type commands struct {
	Data string
	Run  struct {
		Kafka struct {
			Brokers []string
		} `embed:"" group:"Kafka"`
		Typed, Set, Read, Left string `default:"default"`
		Delay                  time.Duration
		Number                 int
		List                   []string
		Keys                   map[string]string
		HTTP2                  bool `name:"http2"`
	} `cmd:""`
	Target struct {
		Delay time.Duration
	} `cmd:""`
}

func parse(t *testing.T, text string, args ...string) (c commands, err error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	parser, err := kong.New(&c, Variables(), kong.Configuration(Flags, file))
	if err != nil {
		return c, err
	}
	_, err = parser.Parse(args)
	return c, err
}

// Flags override the environment, which overrides the configuration file, which overrides defaults.
func TestPrecedence(t *testing.T) {
	t.Setenv("LANDFALL_RUN_TYPED", "environment")
	t.Setenv("LANDFALL_RUN_SET", "environment")
	t.Setenv("LANDFALL_RUN_HTTP2", "true")
	t.Setenv("LANDFALL_TARGET_DELAY", "9s")
	c, err := parse(t, `
brokers: [a:1, b:2]
run:
  typed: file
  set: file
  read: file
  delay: 3s
  number: 7
  list: [a, b]
  keys: {stop: X}
target:
  delay: 4s
`, "run", "--typed", "flag")
	if err != nil {
		t.Fatal(err)
	}
	r := c.Run
	if r.Typed != "flag" || r.Set != "environment" || r.Read != "file" || r.Left != "default" || r.Delay != 3*time.Second || r.Number != 7 || len(r.List) != 2 ||
		r.Keys["stop"] != "X" || !r.HTTP2 || len(r.Kafka.Brokers) != 2 {
		t.Errorf("%+v", r)
	}
}

func TestWrongConfigurations(t *testing.T) {
	for text, want := range map[string]string{
		"run:\n  nmber: 7":               `config.yaml:2:1: unknown flag "run.nmber": did you mean run.number?`,
		"numbr: 7":                       `config.yaml:1:1: unknown flag "numbr": did you mean run.number?`,
		"delay: 5ms":                     `config.yaml:1:1: delay: a flag of run: write it in a section run:`,
		"run: {number: [7]}":             `config.yaml:1:1: run.number: must be a single value`,
		"run: {number: x}":               `config.yaml:1:1: run.number "x": must be a whole number`,
		"run:\n  delay: soon":            `config.yaml:2:1: run.delay "soon": must be a time with its unit`,
		"run:\n\tnumber: 7":              `config.yaml:2:1: a tab: indent with spaces`,
		"- a":                            `config.yaml:1:1: must be flags and their values`,
		"run: {http2: maybe}":            `config.yaml:1:1: run.http2 "maybe": must be true or false`,
		"run: 5":                         `config.yaml:1:1: run: must be a section of flags and their values`,
		"run: [a]":                       `config.yaml:1:1: run: must be a section of flags and their values`,
		"run:\n  number: 6\n  number: 7": `config.yaml:3:3: mapping key "number" already defined`,
		"brokers: a:1\nzzzzzzzzzz: 1":    `config.yaml:2:1: unknown flag "zzzzzzzzzz"`,
	} {
		_, err := parse(t, text, "run")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		} else if n := strings.Count(err.Error(), "config.yaml"); n > 1 {
			t.Errorf("%q: %v names the file %d times", text, err, n)
		}
	}
}

func TestWrongVariablesAreNamed(t *testing.T) {
	t.Setenv("LANDFALL_RUN_NUMBER", "x")
	_, err := parse(t, "", "run")
	if err == nil || Explain(err, "--number") != `LANDFALL_RUN_NUMBER "x": must be a whole number` {
		t.Errorf("%v", err)
	}
}
