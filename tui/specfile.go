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

// specMsg delivers a spec that was read from a file.
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

// gotSpec loads a spec into the open form, which changes to its kind. The spec is discarded if the run is not triggered.
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

// notShown explains why a form does not show the spec that the operator expects, and what to do.
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

// pathsMsg delivers completions of a typed path.
type pathsMsg struct {
	typed string
	paths []string
}

// gotPaths passes completions to the prompt for a path, if it is still open.
func (m *model) gotPaths(msg pathsMsg) {
	if p, is := m.top().(*prompt); is && p.path && p.input.Value() == msg.typed {
		p.words = msg.paths
	}
}

// recentFile returns the file that lists recent spec files; "": none.
func (m *model) recentFile() string {
	if m.config.SpecPath == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(m.config.SpecPath), "recent-specs")
}

// completePath finds completions of a path.
func completePath(typed, recent string) tea.Cmd {
	return func() tea.Msg { return pathsMsg{typed, files.Match(typed, recent)} }
}
