package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"

	"landfall/cli/environ"
)

type manCmd struct{}

func (manCmd) Run(ctx *kong.Context, a *app) error {
	return writeManual(os.Stdout, ctx.Model.Node, a.version)
}

// manualEnd holds the sections after the commands, in man(7).
const manualEnd = `.SH EXIT STATUS
.TP
.B 0
The run passed, or finished without thresholds.
.TP
.B 1
The run could not be carried out, or no request succeeded.
.TP
.B 99
A threshold, --fail-on or --expect was not met.
.TP
.B 104
A flag, an argument or the spec is wrong.
.TP
.B 105
The run was interrupted.
.TP
.B 108
An abort condition stopped the run.
.SH FILES
.TP
.I ~/.config/landfall/config.yaml
Flags. Those that all commands share stand at the top, those of a command in a section of its name.
.TP
.I ~/.local/share/landfall
Data of the embedded broker, baselines, logs and PID files of detached drivers.
.SH EXAMPLES
.EX
landfall demo
landfall run --local -c 64 -z 10s http://127.0.0.1:8080/ping
landfall run --brokers kafka:9092 -q 5000 -z 1m --threshold 'p99<250ms' spec.yaml
landfall driver --brokers kafka:9092 --allow-target 10.0.0.0/8
.EE
`

// writeManual writes the manual page of the program in man(7), from the same text as the help.
func writeManual(w io.Writer, root *kong.Node, version string) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, ".TH LANDFALL 1 \"\" \"landfall %s\"\n", roff(version))
	fmt.Fprintf(&b, ".SH NAME\nlandfall \\- distributed load tester driven from a terminal\n")
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B landfall\n.RI [ command ]\n.RI [ flags ]\n")
	fmt.Fprintf(&b, ".SH DESCRIPTION\nDrivers on any number of machines generate HTTP load; a console, a command or a service starts and watches the runs. "+
		"They communicate only through Kafka. Flags override environment variables, which override the configuration file.\n")
	fmt.Fprintf(&b, ".SH OPTIONS\n")
	writeOptions(&b, root.Flags)
	fmt.Fprintf(&b, ".SH KAFKA AND KEYS\nThese options are the same in every command that uses Kafka.\n")
	writeOptions(&b, common(child(root, "run").Flags, true))
	fmt.Fprintf(&b, ".SH COMMANDS\n")
	for _, leaf := range root.Leaves(true) {
		writeCommand(&b, leaf)
	}
	b.WriteString(manualEnd)
	_, err := w.Write(b.Bytes())
	return err
}

func writeCommand(b *bytes.Buffer, n *kong.Node) {
	fmt.Fprintf(b, ".SS \"landfall %s\"\n%s\n", roff(strings.TrimPrefix(n.FullPath(), "landfall ")), roff(n.Help))
	for _, p := range n.Positional {
		fmt.Fprintf(b, ".TP\n.I %s\n%s\n", roff(strings.ReplaceAll(p.Summary(), `"`, "")), roff(p.Help))
	}
	writeOptions(b, common(n.Flags, false))
}

// common returns the flags that all commands share, or the others.
func common(flags []*kong.Flag, shared bool) (list []*kong.Flag) {
	for _, f := range flags {
		if (f.Group != nil && f.Group.Key == environ.Common) == shared {
			list = append(list, f)
		}
	}
	return list
}

func writeOptions(b *bytes.Buffer, flags []*kong.Flag) {
	for _, f := range flags {
		if f.Hidden {
			continue
		}
		name := "--" + f.Name
		if f.Short != 0 {
			name = "-" + string(f.Short) + ", " + name
		}
		fmt.Fprintf(b, ".TP\n.B %s", roff(name))
		if !f.IsBool() {
			fmt.Fprintf(b, " \\fI%s\\fR", roff(f.FormatPlaceHolder()))
		}
		fmt.Fprintf(b, "\n%s", roff(atHome(f.Help)))
		if len(f.Envs) > 0 {
			fmt.Fprintf(b, "\n.RB ( $%s )", roff(f.Envs[0]))
		}
		b.WriteByte('\n')
	}
}

// atHome replaces the home directory of the user who generates the page with ~.
func atHome(text string) string {
	home, err := os.UserHomeDir()
	if err != nil || home == "/" {
		return text
	}
	return strings.ReplaceAll(text, home+"/", "~/")
}

// roff escapes a text for man(7).
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n", " ").Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"Name of the shell: bash, zsh or fish."`
}

// zshCompletion works both as an autoloaded function in fpath and when it is sourced. The program prints the candidates for
// $COMP_LINE, one per line.
const zshCompletion = `#compdef landfall
_landfall() {
  local -a candidates
  candidates=("${(@f)$(COMP_LINE="${(j: :)words[1,CURRENT]}" BINARY)}")
  candidates=(${candidates:#})
  if (( $#candidates )); then compadd -Q -- $candidates; else _files; fi
}
if [ "$funcstack[1]" = _landfall ]; then _landfall; else compdef _landfall landfall; fi
`

func (c *completionCmd) Run(ctx *kong.Context) error {
	if c.Shell != "zsh" {
		return (&kongcompletion.Completion{Shell: c.Shell, Code: true}).Run(ctx)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	quoted := "'" + strings.ReplaceAll(self, "'", `'\''`) + "'"
	_, err = fmt.Fprint(ctx.Stdout, strings.Replace(zshCompletion, "BINARY", quoted, 1))
	return err
}
