package tui

import (
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen"
	"landfall/loadgen/specfile"
	"landfall/tui/form"
)

// editedMsg returns a text from the operator's editor.
type editedMsg struct {
	what string // the edited field; "": the whole spec
	text string
	err  error
}

// edit opens the selected field in the operator's editor: the body, the headers (one per line), or the whole spec.
func (f *composing) edit(m *model) tea.Cmd {
	what, text, ending := "", "", ".yaml"
	switch f.AtHand() {
	case "body":
		what, text, ending = "body", f.Draft.Spec.Body, ".txt"
	case "headers":
		what, ending = "headers", ".txt"
		for _, name := range slices.Sorted(maps.Keys(f.Draft.Spec.Headers)) {
			text += name + ": " + f.Draft.Spec.Headers[name] + "\n"
		}
	default:
		if name := f.Unread(); name != "" { // the editor would get its default instead
			m.complain("to edit the spec, correct the field " + name + " first")
			return nil
		}
		data, err := specfile.Marshal(f.Draft.Spec)
		if err != nil {
			m.complain(err.Error())
			return nil
		}
		text = string(data)
	}
	return openEditor(what, text, ending)
}

// editMsg announces that a text has been written to a file to be edited.
type editMsg struct{ what, path string }

// openEditor writes a text to a temporary file that only the operator can read.
func openEditor(what, text, ending string) tea.Cmd {
	return func() tea.Msg {
		file, err := os.CreateTemp("", "landfall-*"+ending)
		if err != nil {
			return editedMsg{err: err}
		}
		_, err = file.WriteString(text)
		if file.Close(); err != nil {
			os.Remove(file.Name())
			return editedMsg{err: err}
		}
		return editMsg{what, file.Name()}
	}
}

// editFile runs the operator's editor in the terminal.
func editFile(msg editMsg) tea.Cmd {
	words := strings.Fields(editorCommand())
	return tea.ExecProcess(exec.Command(words[0], append(words[1:], msg.path)...), func(err error) tea.Msg {
		defer os.Remove(msg.path)
		if err != nil {
			return editedMsg{err: err}
		}
		edited, err := os.ReadFile(msg.path)
		return editedMsg{what: msg.what, text: string(edited), err: err}
	})
}

// editorCommand returns $VISUAL, $EDITOR, or vi.
func editorCommand() string {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if text := strings.TrimSpace(os.Getenv(name)); text != "" {
			return text
		}
	}
	return "vi"
}

// edited updates the form with the edited text.
func (m *model) edited(msg editedMsg) {
	f, is := m.top().(*composing)
	if !is {
		return
	}
	if msg.err != nil {
		m.complain("editor: " + msg.err.Error())
		return
	}
	switch msg.what {
	case "body":
		f.Base.Body = strings.TrimSuffix(msg.text, "\n")
		f.Set("body", form.OneLine(f.Base.Body))
	case "headers":
		headers, err := form.ParseHeaders(strings.Split(msg.text, "\n"))
		if err != nil {
			m.complain(err.Error())
			f.hold(m, notShown(err))
			return
		}
		f.Base.Headers = headers
		f.Set("headers", form.HeadersText(headers))
	default:
		spec, err := specfile.Parse("the spec", []byte(msg.text))
		if err == nil {
			err = form.KnownKind(spec)
		}
		if err != nil {
			m.complain(err.Error())
			f.hold(m, notShown(err))
			return
		}
		m.replaceForm(f, spec, f.From)
		f.Rewritten()
		return
	}
	f.reread(m)
}

// replaceForm replaces the content of a form by a spec.
func (m *model) replaceForm(f *composing, spec loadgen.Spec, from string) {
	*f = *newComposing(m, spec.WithDefaults().Kind, spec, from)
}
