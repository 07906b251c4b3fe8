// Package keys defines the actions of the console: their keys, the scopes in which the keys work, and how an operator rebinds them.
package keys

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// Action is something an operator can do. Keys, `:` commands, help and footer are derived from the table of actions. M is the model
// it acts on.
type Action[M any] struct {
	Keys  []string
	ID    string   // its name in the key configuration; "": Name
	Name  string   // after `:`; "": only by key
	Arg   string   // example argument, for the help
	Args  []string // all possible arguments, if they are few
	Help  string
	Group string
	Foot  string // its word in the footer; "": not in the footer
	Pair  string // the action whose key the footer shows beside its own
	Scope Scope  // 0: on a page
	Shown Scope  // where the footer shows it; 0: wherever it works
	Where []Page // nil: on every page
	When  func(M) bool
	Why   string // why it does not apply if When returns false
	Do    func(m M, arg string) tea.Cmd
}

// In reports whether the action applies in a scope.
func (a Action[M]) In(s Scope) bool { return a.anywhere()&s != 0 }

// InFooter reports whether the footer of a scope shows the action.
func (a Action[M]) InFooter(s Scope) bool {
	return a.Foot != "" && len(a.Keys) > 0 && a.In(s) && (a.Shown == 0 || a.Shown&s != 0)
}

func (a Action[M]) anywhere() Scope {
	if a.Scope == 0 {
		return OnPage
	}
	return a.Scope
}

// Of returns the action's name in the key configuration.
func (a Action[M]) Of() string {
	if a.ID != "" {
		return a.ID
	}
	return a.Name
}

// Text returns the name of a key in help and footer.
func Text(key string) string {
	switch key {
	case " ":
		return "space"
	case "up", "down", "left", "right":
		return map[string]string{"up": "↑", "down": "↓", "left": "←", "right": "→"}[key]
	}
	return key
}

// Reason returns why the action does not apply on a page, for the operator.
func (a Action[M]) Reason(at Page) string {
	switch {
	case a.Where != nil && !slices.Contains(a.Where, at):
		var names []string
		for _, p := range a.Where {
			names = append(names, PageNames[p])
		}
		return "only on " + strings.Join(names, " and ")
	case a.Why != "":
		return a.Why
	}
	return "not available now"
}

// Applies reports whether the action does something on a page and now.
func (a Action[M]) Applies(m M, at Page) bool {
	return (a.Where == nil || slices.Contains(a.Where, at)) && (a.When == nil || a.When(m))
}
