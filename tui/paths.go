package tui

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// pathsMsg brings the files that a typed path can be completed to.
type pathsMsg struct {
	typed string
	paths []string
}

const (
	recentKept = 10 // spec files that are remembered
	pathsShown = 200
)

// completePath finds what a path can be completed to: folders and spec files, or for nothing the recent ones.
func completePath(typed, recent string) tea.Cmd {
	return func() tea.Msg {
		msg := pathsMsg{typed: typed}
		if typed == "" {
			msg.paths = recentSpecs(recent)
		}
		dir, name := filepath.Split(typed)
		list, err := os.ReadDir(cmp.Or(inHome(dir), "."))
		if err != nil {
			return msg
		}
		for _, e := range list {
			spec := strings.HasSuffix(e.Name(), ".yaml") || strings.HasSuffix(e.Name(), ".yml")
			hidden := strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(name, ".")
			if !strings.HasPrefix(e.Name(), name) || hidden || !spec && !e.IsDir() || len(msg.paths) >= pathsShown {
				continue
			}
			path := dir + e.Name()
			if e.IsDir() {
				path += string(filepath.Separator)
			}
			if !slices.Contains(msg.paths, path) {
				msg.paths = append(msg.paths, path)
			}
		}
		return msg
	}
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

func recentSpecs(file string) []string {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(strings.Split(string(data), "\n"), func(path string) bool { return path == "" })
}

// remember puts a spec file first among the recent ones. Not being able to is no reason to say anything.
func remember(file, path string) {
	if file == "" {
		return
	}
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	list := slices.DeleteFunc(recentSpecs(file), func(have string) bool { return have == path })
	list = append([]string{path}, list...)
	if os.MkdirAll(filepath.Dir(file), 0o700) == nil {
		_ = os.WriteFile(file, []byte(strings.Join(list[:min(len(list), recentKept)], "\n")+"\n"), 0o600)
	}
}
