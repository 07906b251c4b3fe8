package tui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen"
	"landfall/loadgen/specfile"
	"landfall/tui/files"
)

// specMsg brings a spec that was read from a file.
type specMsg struct {
	spec  loadgen.Spec
	path  string
	quiet bool // not requested by the operator: errors are not shown
	err   error
}

func loadSpec(path string, quiet bool) tea.Cmd {
	return func() tea.Msg {
		path = files.InHome(strings.TrimSpace(path))
		data, err := os.ReadFile(path)
		if err != nil {
			return specMsg{err: err, quiet: quiet}
		}
		spec, err := specfile.Parse(path, data)
		return specMsg{spec: spec, path: path, err: err, quiet: quiet}
	}
}

// gotSpec puts a spec into the form that is open, as the kind that it is of. It goes with the form unless it is triggered.
func (m *model) gotSpec(msg specMsg) {
	if msg.quiet {
		if msg.err == nil {
			m.compose.spec = msg.spec
		}
		return
	}
	if msg.err != nil {
		m.complain(msg.err.Error())
	} else {
		m.say(msg.path + " loaded")
	}
	for _, o := range m.overlays {
		f, is := o.(*composing)
		switch {
		case !is:
		case msg.err != nil:
			f.hold(m, notShown(msg.err))
		default:
			m.replaceForm(f, msg.spec, msg.path)
		}
	}
}

// notShown is why a form does not show the spec that the operator expects, and how to go on.
func notShown(err error) error {
	return fmt.Errorf("%w (change a field to send this form instead)", err)
}

func (m *model) writeSpec(path string, spec loadgen.Spec) tea.Cmd {
	path = files.InHome(strings.TrimSpace(path))
	if path == "" {
		return nil
	}
	return m.runThen("write "+path, "wrote "+path, func(context.Context) error {
		data, err := specfile.Marshal(spec)
		if err != nil {
			return err
		}
		return files.WriteNew(path, data)
	})
}

// pathsMsg brings the files that a typed path can be completed to.
type pathsMsg struct {
	typed string
	paths []string
}

// gotPaths gives a prompt that asks for a path what to complete from, if it still is what was asked about.
func (m *model) gotPaths(msg pathsMsg) {
	if p, is := m.top().(*prompt); is && p.path && p.input.Value() == msg.typed {
		p.words = msg.paths
	}
}

// recentFile is where the names of the last spec files are kept; "": nowhere.
func (m *model) recentFile() string {
	if m.config.SpecPath == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(m.config.SpecPath), "recent-specs")
}

// completePath finds what a path can be completed to.
func completePath(typed, recent string) tea.Cmd {
	return func() tea.Msg { return pathsMsg{typed, files.Match(typed, recent)} }
}
