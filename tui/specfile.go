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
)

// specMsg brings a spec that was read from a file.
type specMsg struct {
	spec  loadgen.Spec
	path  string
	quiet bool // nobody asked: what goes wrong is not said
	err   error
}

func loadSpec(path string, quiet bool) tea.Cmd {
	return func() tea.Msg {
		path = inHome(strings.TrimSpace(path))
		data, err := os.ReadFile(path)
		if err != nil {
			return specMsg{err: err, quiet: quiet}
		}
		spec, err := specfile.Parse(path, data)
		return specMsg{spec: spec, path: path, err: err, quiet: quiet}
	}
}

func inHome(path string) string {
	rest, is := strings.CutPrefix(path, "~/")
	home, err := os.UserHomeDir()
	if !is || err != nil {
		return path
	}
	return filepath.Join(home, rest)
}

// gotSpec puts a spec into the form that is open, as the kind that it is of. It goes with the form unless it is triggered.
func (m *model) gotSpec(msg specMsg) {
	if msg.err != nil {
		if !msg.quiet {
			m.complain(msg.err.Error())
		}
		return
	}
	if msg.quiet {
		m.compose.spec = msg.spec
		return
	}
	for _, o := range m.overlays {
		if f, is := o.(*form); is {
			m.replaceForm(f, msg.spec, msg.path)
		}
	}
	m.say(msg.path + " is loaded")
}

func (m *model) writeSpec(path string, spec loadgen.Spec) tea.Cmd {
	path = inHome(strings.TrimSpace(path))
	if path == "" {
		return nil
	}
	return m.runThen("write "+path, "wrote "+path, func(context.Context) error {
		data, err := specfile.Marshal(spec)
		if err != nil {
			return err
		}
		return writeNew(path, data)
	})
}

// writeNew writes a file that is not there yet: what is there is not the console's to replace.
func writeNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", path, err)
	}
	return f.Close()
}

// keepSpec keeps the last spec for the next start; not being able to is no reason not to trigger it.
func keepSpec(path string, spec loadgen.Spec) {
	if path == "" {
		return
	}
	if data, err := specfile.Marshal(spec); err == nil && os.MkdirAll(filepath.Dir(path), 0o700) == nil {
		_ = os.WriteFile(path, data, 0o600)
	}
}
