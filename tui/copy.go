package tui

import (
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen/specfile"
	"landfall/node"
	"landfall/tui/keys"
	"landfall/tui/style"
)

// copied shows that a text was passed to the clipboard, or why it was not.
type copied struct {
	what string
	err  error
}

// copyText passes a text to the operator's clipboard and shows a notice that names it.
func (m *model) copyText(what, text string) tea.Cmd {
	clipboard := m.clipboard
	return func() tea.Msg { return copied{what, clipboard(text)} }
}

func (m *model) gotCopied(msg copied) {
	if msg.err != nil {
		m.complain("copy: " + msg.err.Error())
		return
	}
	m.say("copied " + msg.what)
}

// copySelected copies the selected item: the name of a driver or a run, or the text of an event.
func (m *model) copySelected(string) tea.Cmd {
	text := m.selectedText()
	if text == "" {
		m.say("nothing is selected to copy")
		return nil
	}
	return m.copyText(style.Short(text, max(20, m.W/2)), text)
}

func (m *model) selectedText() string {
	_, onDriver := m.top().(*detail)
	switch {
	case m.reportOnTop() != nil:
		return m.reportOnTop().ID
	case !onDriver && m.page == keys.PageEvents:
		return eventText(m.Sample.Event.At, m.Sample.Event.Text)
	case !onDriver && m.page == keys.PageHistory:
		if r := m.history.Selected(&m.Sample); r != nil {
			return r.ID
		}
		return ""
	case m.Sample.Total == 0:
		return m.config.JoinHint
	}
	return m.Sample.Cursor
}

// eventText formats an event as a line of a log.
func eventText(at time.Time, text string) string {
	if text == "" {
		return ""
	}
	return at.UTC().Format(time.RFC3339) + " " + node.Clean(text, 400)
}

// copyCommand copies the command line that runs the spec of the selected run, or of the form.
func (m *model) copyCommand(string) tea.Cmd {
	spec := m.toRepeat()
	if f, is := m.top().(*composing); is {
		if f.Err != nil {
			m.complain(f.Complaint())
			return nil
		}
		spec = f.Draft.Spec
	}
	line, err := specfile.CommandLine(m.runCommand(), spec)
	if err != nil {
		m.complain("copy: " + err.Error())
		return nil
	}
	what := style.Short(line, max(20, m.W/2))
	if n := strings.Count(line, "\n"); n > 0 {
		what = fmt.Sprintf("landfall run with the spec, %d lines", n+1)
	}
	return m.copyText(what, line)
}

// runCommand returns `landfall run` with the flags to connect to this fleet.
func (m *model) runCommand() string {
	if _, flags, found := strings.Cut(m.config.JoinHint, "landfall driver"); found {
		return "landfall run" + flags
	}
	return "landfall run"
}

// hasSpec reports whether there is a spec whose command line can be copied.
func hasSpec(m *model) bool {
	_, is := m.top().(*composing)
	return is || m.toRepeat().Target != ""
}
