package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"
)

// boundAction is one thing that an operator can do, of those that keys, `:` commands, help and footer follow. M is what it is done
// to.
type boundAction[M any] struct {
	keys  []string
	id    string   // by which other keys can be chosen; "": name
	name  string   // after `:`; "": only by key
	arg   string   // what the name is followed by, for the help
	args  []string // all that may follow, if those are few
	help  string
	group string
	foot  string // its word in the footer; "": not there
	pair  string // the action whose key the footer shows beside its own
	scope scope  // 0: on a page
	where []page // nil: on each
	when  func(M) bool
	do    func(m M, arg string) tea.Cmd
}

// in is the action's scope.
func (a boundAction[M]) in(s scope) bool { return a.anywhere()&s != 0 }

func (a boundAction[M]) anywhere() scope {
	if a.scope == 0 {
		return onPage
	}
	return a.scope
}

// of is the action's own name, by which it is called in the configuration.
func (a boundAction[M]) of() string {
	if a.id != "" {
		return a.id
	}
	return a.name
}

// keyText is a key as help and footer show it.
func keyText(key string) string {
	switch key {
	case " ":
		return "space"
	case "up", "down", "left", "right":
		return map[string]string{"up": "↑", "down": "↓", "left": "←", "right": "→"}[key]
	}
	return key
}

// applies tells whether the action does something on a page and now. Names of commands are typed over what they are meant for.
func (a boundAction[M]) applies(m M, at page) bool {
	return (a.where == nil || slices.Contains(a.where, at)) && (a.when == nil || a.when(m))
}
