package tui

import (
	"context"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/remote/hosts"
	"landfall/tui/style"
)

// Hosts is the console's interface to fleets over SSH. Up and Down take the arguments of `landfall fleet up` and `down`, and may block. Up
// returns once the hosts are being started, Down when they are stopped. States does no I/O.
type Hosts interface {
	Up(ctx context.Context, args []string) error
	Down(ctx context.Context, args []string) error
	States() []hosts.State
}

const (
	hostsFor     = 5 * time.Minute // timeout of Up and Down
	maxHostLines = 5               // maximum number of lines about hosts on the page of drivers
)

// hostActions are the actions on fleets over SSH, if they are available.
func hostActions() []action {
	return []action{{Name: "fleet", Arg: "up HOST…", Args: []string{"up", "down", "status"}, Help: "drivers on hosts over SSH: up HOST…, down or status", Group: "Act", Do: (*model).fleetCommand}}
}

// fleetCommand executes `:fleet`, followed by up, down or nothing.
func (m *model) fleetCommand(arg string) tea.Cmd {
	words := strings.Fields(arg)
	if len(words) == 0 || words[0] == "status" {
		return m.open(&textPage{title: "Hosts", make: hostTable})
	}
	args := words[1:]
	switch words[0] {
	case "up":
		return m.runHosts("fleet up", (*model).startingHosts, func(ctx context.Context) error { return m.config.Hosts.Up(ctx, args) })
	case "down":
		text := []string{"Over SSH: " + hosts.Summary(m.config.Hosts.States()) + ".", "They drain and stop; their shares are reassigned to the other drivers."}
		return m.ask(confirm("Stop the drivers over SSH?", text, "stop them", func(m *model) tea.Cmd {
			return m.runHosts("fleet down", nil, func(ctx context.Context) error { return m.config.Hosts.Down(ctx, args) })
		}))
	}
	m.complain("fleet " + words[0] + ": must be up HOST…, down or status")
	return nil
}

// runHosts returns a command for an operation on hosts, which may take minutes, followed by then.
func (m *model) runHosts(what string, then func(*model) tea.Cmd, f func(context.Context) error) tea.Cmd {
	m.say(what + m.Style.Glyph(" …", " ..."))
	ctx := m.ctx
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, hostsFor)
		defer cancel()
		return doneMsg{what: what, message: what + ": done", err: f(ctx), then: then}
	}
}

// startingHosts announces that hosts are starting; settleHosts shows the result.
func (m *model) startingHosts() tea.Cmd {
	m.hostsStarting = true
	m.say("fleet up: " + hosts.Summary(m.hostStates()))
	return nil
}

// settleHosts shows the result once no host is starting any more: the first failure with its reason, or how many are up.
func (m *model) settleHosts() {
	if !m.hostsStarting || m.hostsMove() || len(m.hostStates()) == 0 {
		return
	}
	m.hostsStarting = false
	states := m.hostStates()
	for _, s := range states {
		if s.Phase == hosts.Failed || s.Phase == hosts.Unreachable {
			m.complain("fleet up: " + s.Host + " " + string(s.Phase) + ": " + s.Detail + "  (:fleet shows all hosts)")
			return
		}
	}
	m.say("fleet up: " + hosts.Summary(states))
}

func (m *model) hostStates() []hosts.State {
	if m.config.Hosts == nil {
		return nil
	}
	return m.config.Hosts.States()
}

// hostsMove reports whether a host is starting or stopping, so that its state must be polled.
func (m *model) hostsMove() bool {
	for _, s := range m.hostStates() {
		if s.Pending(m.clock()) || s.Phase == hosts.Ending {
			return true
		}
	}
	return false
}

// hostLines returns a summary of all hosts, and a line for each that is not up, to show below the drivers.
func (m *model) hostLines(w int) []string {
	states := m.hostStates()
	if len(states) == 0 {
		return nil
	}
	lines := []string{m.Style.Faint.Paint(style.Cell("over SSH: "+hosts.Summary(states), w))}
	for _, s := range states {
		if s.Phase == hosts.Up && s.Detail == "" {
			continue
		}
		if len(lines) == maxHostLines {
			lines[maxHostLines-1] = m.Style.Dim.Paint(style.Cell(":fleet shows them all", w))
			break
		}
		lines = append(lines, m.hostPen(s.Phase).Paint(style.Cell("  "+m.hostSign(s.Phase)+" "+s.Host+"  "+string(s.Phase)+"  "+s.Detail, w)))
	}
	return lines
}

func (m *model) hostSign(p hosts.Phase) string {
	switch p {
	case hosts.Up:
		return m.Style.Glyph("●", "*")
	case hosts.Failed:
		return m.Style.Glyph("✖", "x")
	case hosts.Unreachable, hosts.Restarting:
		return m.Style.Glyph("▲", "!")
	}
	return m.Style.Glyph("○", "o")
}

func (m *model) hostPen(p hosts.Phase) style.Pen {
	switch p {
	case hosts.Failed:
		return m.Style.Bad
	case hosts.Unreachable, hosts.Restarting:
		return m.Style.Warn
	}
	return m.Style.Dim
}

// hostTable returns the table of `landfall fleet status`.
func hostTable(m *model, w int) []string {
	states := m.hostStates()
	if len(states) == 0 {
		return []string{"", "No hosts.", "", m.Style.Dim.Paint("Drivers on hosts that SSH reaches: ") + m.Style.Accent.Paint(":fleet up user@host …")}
	}
	lines := hosts.Table(states, w, 0, m.clock())
	for i, s := range states {
		lines[i+1] = m.hostPen(s.Phase).Paint(lines[i+1])
	}
	lines[0] = m.Style.Faint.Paint(lines[0])
	return append(lines, "", hosts.Summary(states))
}
