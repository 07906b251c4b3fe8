package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"landfall/loadgen/field"
)

// arrange returns args in the order that the parser reads: commands, flags, positional arguments. People mix them freely.
// It also understands `help COMMAND`, and reports unknown commands and flags with a suggestion.
func arrange(root *kong.Node, args []string) ([]string, error) {
	if len(args) > 0 && args[0] == "help" {
		args = append(slices.Clone(args[1:]), "--help")
	}
	w := &words{root: root, node: root}
	w.findCommand(args)
	if err := w.sort(args); err != nil {
		return nil, err
	}
	if err := w.check(args); err != nil {
		return nil, err
	}
	out := slices.Concat(w.commands, w.flags)
	if len(w.positional) > 0 {
		out = append(append(out, "--"), w.positional...)
	}
	return out, nil
}

// words holds the arguments of a command line by kind.
type words struct {
	root, node        *kong.Node // the program, and the command that the arguments name
	commands          []string
	flags, positional []string
	help              bool // help or the version is requested: nothing else matters
}

// findCommand descends into the commands that args name, skipping flags and their values.
func (w *words) findCommand(args []string) {
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		if isFlag(args[i]) {
			if _, needsValue := w.lookup(args[i], allFlags(w.root)); needsValue {
				i++
			}
			continue
		}
		next := child(w.node, args[i])
		if next == nil {
			return
		}
		w.node, w.commands = next, append(w.commands, args[i])
	}
}

// sort fills flags and positional. The first words that name commands are skipped.
func (w *words) sort(args []string) error {
	known, skip := w.accepted(), len(w.commands)
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "--":
			w.positional = append(w.positional, args[i+1:]...)
			return nil
		case isFlag(a):
			name, needsValue := w.lookup(a, known)
			if name != "" {
				return w.unknownFlag(name, args)
			}
			w.flags = append(w.flags, a)
			if needsValue {
				if i++; i == len(args) {
					return fmt.Errorf("%s: needs a value (see %s --help)", a, w.name())
				}
				w.flags = append(w.flags, args[i])
			}
		case skip > 0:
			skip--
		default:
			w.positional = append(w.positional, a)
		}
	}
	return nil
}

// accepted returns the flags of the command and of its parents and, without a command, those of the default one.
func (w *words) accepted() (flags []*kong.Flag) {
	for n := w.node; n != nil; n = n.Parent {
		flags = append(flags, n.Flags...)
	}
	if w.node.DefaultCmd != nil {
		flags = append(flags, w.node.DefaultCmd.Flags...)
	}
	return flags
}

// lookup finds the flags in a word. unknown is the first one that is not in known; needsValue: the next word is the value.
func (w *words) lookup(word string, known []*kong.Flag) (unknown string, needsValue bool) {
	if long, isLong := strings.CutPrefix(word, "--"); isLong {
		name, _, glued := strings.Cut(long, "=")
		for _, f := range known {
			if f.Name == name {
				w.note(f)
				return "", !glued && !f.IsBool() && !f.IsCounter()
			}
		}
		return "--" + name, false
	}
	letters := []rune(word[1:])
	for i, letter := range letters {
		at := slices.IndexFunc(known, func(f *kong.Flag) bool { return f.Short == letter })
		if at < 0 {
			return "-" + string(letter), false
		}
		w.note(known[at])
		if f := known[at]; !f.IsBool() && !f.IsCounter() {
			return "", i == len(letters)-1
		}
	}
	return "", false
}

func (w *words) note(f *kong.Flag) { w.help = w.help || f.Name == "help" || f.Name == "version" }

// check reports a missing or unknown command and missing positional arguments.
func (w *words) check(args []string) error {
	switch {
	case len(w.node.Children) > 0 && len(w.positional) > 0:
		return w.unknownCommand(w.positional[0], args)
	case w.help:
		return nil
	case len(w.node.Children) > 0 && w.node.DefaultCmd == nil:
		return fmt.Errorf("%s: which command? %s", strings.Join(w.commands, " "), strings.Join(visible(w.node), ", "))
	case len(w.node.Positional) == 0 && len(w.positional) > 0:
		return fmt.Errorf("unexpected argument %.60q: %s takes none (see %s --help)", w.positional[0], w.name(), w.name())
	}
	if n := len(w.node.Positional); n > 0 && len(w.positional) > n && !w.node.Positional[n-1].IsCumulative() {
		return fmt.Errorf("unexpected argument %.60q: %s takes only %d (see %s --help)", w.positional[n], w.name(), n, w.name())
	}
	if n := len(w.positional); n < len(w.node.Positional) && w.node.Positional[n].Required {
		p := w.node.Positional[n]
		return fmt.Errorf("%s: missing argument <%s>: %s", strings.Join(w.commands, " "), p.Name, describe(p))
	}
	return nil
}

// describe returns what an argument is, in the middle of a sentence.
func describe(p *kong.Positional) string {
	if p.Tag.Enum != "" {
		return "must be one of " + strings.ReplaceAll(p.Tag.Enum, ",", ", ")
	}
	return strings.TrimSuffix(p.Help, ".")
}

// isURL matches what can only be a URL, with or without its scheme.
var isURL = field.Pattern(`^(https?://|unix:|localhost\b|\d+\.\d+\.\d+\.\d+)`)

func (w *words) unknownCommand(word string, args []string) error {
	switch near := field.Nearest(word, visible(w.node)); {
	case w.node == w.root && isURL().MatchString(word):
		return fmt.Errorf("%.200q is not a command: to load a URL: landfall run --local %s", word, quoted(args))
	case near != "":
		return fmt.Errorf("unknown command %.60q: did you mean %s %s?", word, w.name(), near)
	}
	return fmt.Errorf("unknown command %.60q: must be one of %s", word, strings.Join(visible(w.node), ", "))
}

// foreignFlags maps flags of curl and hey to what to use instead.
var foreignFlags = map[string]string{
	"-L": noRedirects, "--location": noRedirects,
	"-F": "convert a curl command with a multipart form by landfall spec from-curl 'curl -F …'", "--form": "convert a curl command with a multipart form by landfall spec from-curl 'curl -F …'",
	"-T": "give the content type as -H 'Content-Type: …'",
	"-a": "give the user as -u USER:PASSWORD",
}

const noRedirects = "redirects are not followed by plain requests; a scenario follows them with redirects: N"

func (w *words) unknownFlag(name string, args []string) error {
	if run := child(w.root, "run"); w.node == w.root && run != nil {
		if missing, _ := w.lookup(name, run.Flags); missing == "" {
			return fmt.Errorf("unknown flag %s: it is a flag of run: landfall run %s", name, quoted(args))
		}
	}
	if hint := foreignFlags[name]; hint != "" && slices.Contains([]string{"run", "try", "capacity"}, strings.Join(w.commands, " ")) {
		return fmt.Errorf("unknown flag %s: %s", name, hint)
	}
	var known []string
	for _, f := range w.accepted() {
		if !f.Hidden {
			known = append(known, f.Name)
		}
	}
	if near := field.Nearest(strings.TrimLeft(name, "-"), known); len(name) > 2 && near != "" {
		return fmt.Errorf("unknown flag %s: did you mean --%s?", name, near)
	}
	return fmt.Errorf("unknown flag %.60s (see %s --help)", name, w.name())
}

// name returns the command as typed, such as landfall spec check.
func (w *words) name() string { return strings.Join(append([]string{w.root.Name}, w.commands...), " ") }

func isFlag(word string) bool { return len(word) > 1 && word[0] == '-' }

func child(n *kong.Node, name string) *kong.Node {
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func visible(n *kong.Node) (names []string) {
	for _, c := range n.Children {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return names
}

func allFlags(n *kong.Node) []*kong.Flag {
	flags := n.Flags
	for _, c := range n.Children {
		flags = append(flags[:len(flags):len(flags)], allFlags(c)...)
	}
	return flags
}

// plain matches a word that needs no quotes in a shell.
var plain = field.Pattern(`^[\w@%+=:,./-]+$`)

// quoted returns a command line that can be pasted into a shell.
func quoted(args []string) string {
	out := make([]string, len(args))
	for i, a := range args {
		if out[i] = a; !plain().MatchString(a) {
			out[i] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
	}
	return strings.Join(out, " ")
}
