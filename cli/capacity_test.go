package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"landfall/cli/specflags"
)

// Flags that a search refuses are hidden from its help, but not from that of run.
func TestCapacityHelp(t *testing.T) {
	for _, node := range model(t).Children {
		if node.Name != "capacity" && node.Name != "run" {
			continue
		}
		for _, name := range refusedFlags {
			i := slices.IndexFunc(node.Flags, func(f *kong.Flag) bool { return f.Name == name })
			if i < 0 || node.Flags[i].Hidden != (node.Name == "capacity") {
				t.Errorf("%s --%s: present %v", node.Name, name, i >= 0)
			}
		}
	}
}

// Errors of a search name the flag as typed.
func TestCapacityNamesItsFlags(t *testing.T) {
	for typed, want := range map[string]string{
		"--hold 2s":       "--hold 2s: ",
		"--from 7 --to 5": "--from 7: ",
		"--slo x<1":       "--slo ",
		"--precision 90%": `--precision "90%": must be between 1% and 50%`,
		"--from -1":       "--from -1: must be between 0.01 and",
		"--to 0":          "--to 0: must be between 0.01 and",
		"--hold 0s":       "--hold 0s: must be whole seconds",
	} {
		args := append([]string{"capacity", "http://127.0.0.1:1/", "--local"}, strings.Fields(typed)...)
		app := &app{version: "test", args: args}
		parser, err := app.parser()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(args); err != nil {
			t.Fatal(err)
		}
		if _, err = app.Capacity.search(); err == nil {
			_, err = app.Capacity.do(app)
		}
		if err = specflags.Explain(err, args); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", typed, err, want)
		}
	}
}
