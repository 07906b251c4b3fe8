package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"landfall/cli/exit"
	"landfall/node/sign"
)

// typed runs a command line in this process. It returns what it printed to standard output, the exit code and the error.
func typed(t *testing.T, args ...string) (out string, code int, err error) {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	f, err := os.Create(filepath.Join(t.TempDir(), "stdout"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	stdout := os.Stdout
	os.Stdout = f
	err = run("test", args)
	os.Stdout = stdout
	text, failed := os.ReadFile(f.Name())
	if failed != nil {
		t.Fatal(failed)
	}
	return string(text), codeOf(err), err
}

func TestExitCodeOfAnError(t *testing.T) {
	failed := errors.New("failed")
	for want, err := range map[int]error{
		0: nil, 1: failed, 7: exitCode(7), 99: fmt.Errorf("it ends: %w", exitCode(99)), exit.Usage: fmt.Errorf("--x: %w", &exit.UsageError{Err: failed}),
		exit.Interrupted: fmt.Errorf("wait: %w", exit.ErrInterrupted),
	} {
		if got := codeOf(err); got != want {
			t.Errorf("%v: %d, want %d", err, got, want)
		}
	}
	if got := codeOf(&sign.KeyError{}); got != exit.Usage {
		t.Errorf("a wrong key: %d", got)
	}
}

func TestCommandsByName(t *testing.T) {
	if out, code, err := typed(t, "version"); code != 0 || !strings.HasPrefix(out, "landfall test ") {
		t.Errorf("%q, %v, exit %d", out, err, code)
	}
	for _, args := range [][]string{{"nonsense"}, {"run", "--nonsense"}, {"target", "--delay", "soon"}, {"run", "--config", "/nowhere.yaml"}} {
		if out, code, err := typed(t, args...); code != exit.Usage || out != "" {
			t.Errorf("%q: %q, %v, exit %d", args, out, err, code)
		}
	}
}

// A terminal does not obey what an error quotes.
func TestErrorsArePrintable(t *testing.T) {
	if got := printable("a\x1b[2J\x00\xff\r\nb\u0085é"); got != "a�[2J���\nb�é" {
		t.Errorf("%q", got)
	}
}

func TestMissingConfigurationIsNamedAsTyped(t *testing.T) {
	missing := fmt.Errorf("open: %w", &fs.PathError{Op: "open", Path: "/home/ann/c.yaml", Err: fs.ErrNotExist})
	for want, args := range map[string][]string{
		"--config c.yaml: ": {"run", "--config", "c.yaml"}, "--config ./c.yaml: ": {"--config=./c.yaml", "run"}, "--config /home/ann/c.yaml: ": {"run"},
	} {
		if err := unopenedConfig(missing, args); !strings.HasPrefix(err.Error(), want) || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", args, err)
		}
	}
	if other := errors.New("other"); unopenedConfig(other, nil) != other {
		t.Error("another error was changed")
	}
}

func TestUnwrittenHelp(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{&fs.PathError{Op: "write", Err: io.ErrShortWrite}, true}, {&fs.PathError{Op: "open", Err: fs.ErrNotExist}, false}, {context.Canceled, false},
	} {
		if got := unwritten(fmt.Errorf("help: %w", c.err)); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

// A typed pace overrides one from the environment, and no command reads another's variables.
func TestTypedFlagsWinOverTheEnvironment(t *testing.T) {
	t.Setenv("LANDFALL_RUN_DELAY", "10ms")
	t.Setenv("LANDFALL_RUN_CONNECTIONS", "7")
	t.Setenv("LANDFALL_TARGET_DELAY", "1s")
	t.Setenv("LANDFALL_BROKERS", "kafka:9092")
	a := &app{version: "test"}
	p, err := a.parser()
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := p.Parse([]string{"run", "-q", "5", "--", "http://h/"})
	if err != nil {
		t.Fatal(err)
	}
	preferTyped(parsed)
	if r := a.Run; r.Delay != nil || r.Rate == nil || *r.Rate != 5 || *r.Connections != 7 || r.Kafka.Brokers[0] != "kafka:9092" {
		t.Errorf("delay %v, rate %v, connections %v, brokers %v", r.Delay, r.Rate, r.Connections, r.Kafka.Brokers)
	}
}

func TestCommandsThatKeepData(t *testing.T) {
	for command, keeps := range map[string]bool{"driver": true, "run <args>": true, "fleet up": true, "target": false, "spec from-curl": false, "version": false} {
		if keepsData(command) != keeps {
			t.Errorf("%s: %v", command, !keeps)
		}
	}
}
