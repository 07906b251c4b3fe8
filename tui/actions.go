package tui

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen"
)

// action is one thing that an operator can do. This table is all there is: keys, `:` commands, help and footer follow it.
type action struct {
	keys  []string
	id    string   // by which other keys can be chosen; "": name
	name  string   // after `:`; "": only by key
	arg   string   // what the name is followed by, for the help
	args  []string // all that may follow, if those are few
	help  string
	group string
	foot  string // its word in the footer; "": not there
	where []page // nil: everywhere
	when  func(*model) bool
	do    func(m *model, arg string) tea.Cmd
}

func actions() []action {
	list := slices.Concat(moveActions(), actActions(), viewActions(), pageActions())
	return list
}

func moveActions() []action {
	move := func(n int) func(*model, string) tea.Cmd {
		return func(m *model, _ string) tea.Cmd { m.move(n); return nil }
	}
	return []action{
		{keys: []string{"up", "k"}, id: "up", help: "up", group: "Move", do: move(-1)},
		{keys: []string{"down", "j"}, id: "down", help: "down", group: "Move", do: move(1)},
		{keys: []string{"pgup"}, id: "screen-up", help: "a screen up", group: "Move", do: func(m *model, _ string) tea.Cmd { m.move(-m.screenful()); return nil }},
		{keys: []string{"pgdown"}, id: "screen-down", help: "a screen down", group: "Move", do: func(m *model, _ string) tea.Cmd { m.move(m.screenful()); return nil }},
		{keys: []string{"g", "home"}, id: "first", help: "to the first", group: "Move", do: move(-1 << 30)},
		{keys: []string{"G", "end"}, id: "last", help: "to the last", group: "Move", do: move(1 << 30)},
		{keys: []string{"enter"}, id: "open", help: "open the driver, or the run", group: "Move", do: (*model).enter},
		{keys: []string{"esc"}, id: "back", help: "back", group: "Move", do: (*model).back},
		{keys: []string{"tab"}, id: "next-page", help: "next page", group: "Move", do: func(m *model, _ string) tea.Cmd { return m.turn((m.page + 1) % pages) }},
		{keys: []string{"shift+tab"}, id: "page-before", help: "page before", group: "Move", do: func(m *model, _ string) tea.Cmd { return m.turn((m.page + pages - 1) % pages) }},
	}
}

func actActions() []action {
	idle := func(m *model) bool { return m.s.active == "" && m.sending == "" }
	running := func(m *model) bool { return m.s.active != "" }
	return []action{
		{keys: []string{"A"}, name: "avalanche", help: "compose an Avalanche: as fast as possible", group: "Act", foot: "avalanche", when: idle,
			do: func(m *model, _ string) tea.Cmd { return m.compose(loadgen.Avalanche) }},
		{keys: []string{"T"}, name: "tsunami", help: "compose a Tsunami: requests on a schedule", group: "Act", foot: "tsunami", when: idle,
			do: func(m *model, _ string) tea.Cmd { return m.compose(loadgen.Tsunami) }},
		{keys: []string{"S"}, name: "stop", help: "stop the run", group: "Act", foot: "stop", when: running, do: (*model).askStop},
		{keys: []string{"P"}, name: "pause", help: "pause the run, or resume it", group: "Act", foot: "pause", when: running, do: (*model).pause},
		{keys: []string{"+", "="}, id: "faster", help: "a tenth more requests per second", group: "Act", foot: "rate", when: paced, do: func(m *model, _ string) tea.Cmd { return m.step(1.1) }},
		{keys: []string{"-"}, id: "slower", help: "a tenth fewer", group: "Act", when: paced, do: func(m *model, _ string) tea.Cmd { return m.step(1 / 1.1) }},
		{name: "rate", arg: "50k", help: "requests per second of the fleet", group: "Act", when: paced, do: (*model).setRate},
		{keys: []string{"a"}, name: "adopt", help: "take the helm of the run", group: "Act", foot: "take the helm", when: func(m *model) bool { return running(m) && !m.atHelm() }, do: (*model).askAdopt},
		{keys: []string{" "}, id: "mark", help: "mark the driver", group: "Act", where: []page{pageLive, pageDrivers}, do: (*model).mark},
		{keys: []string{"x"}, name: "kill", help: "drain or kill the driver, or the marked ones", group: "Act", foot: "kill", where: []page{pageLive, pageDrivers},
			when: func(m *model) bool { return m.s.selected != nil }, do: (*model).askKill},
	}
}

// paced tells whether a tsunami runs.
func paced(m *model) bool {
	return m.s.active != "" && m.s.run != nil && m.s.run.id == m.s.active && m.s.run.kind == loadgen.Tsunami
}

func viewActions() []action {
	onLive := []page{pageLive, pageDrivers}
	now := func(m *model) bool { return m.shown == nil } // a past run is shown whole
	return []action{
		{keys: []string{"r"}, name: "report", help: "the report of the run", group: "View", foot: "report", when: (*model).hasReport, do: (*model).openReport},
		{keys: []string{"/"}, name: "filter", arg: "text", help: "filter drivers: text, label=value, !text", group: "View", where: onLive, foot: "filter", do: (*model).askFilter},
		{keys: []string{"o"}, name: "sort", arg: "rate", args: columnNames[:], help: "sort drivers by the next column, or that of a name", group: "View", where: onLive, do: (*model).sort},
		{keys: []string{"O"}, id: "reverse", help: "the other way round", group: "View", where: onLive, do: func(m *model, _ string) tea.Cmd { m.q.reversed = !m.q.reversed; return nil }},
		{keys: []string{"c"}, id: "charts", help: "charts of the selected driver, or of the fleet again", group: "View", where: onLive, do: (*model).follow},
		{keys: []string{"l"}, name: "log", help: "latency on a log or a linear axis", group: "View", do: func(m *model, _ string) tea.Cmd { m.linear = !m.linear; return nil }},
		{keys: []string{"["}, id: "shorter", help: "a shorter stretch of time", group: "View", when: now, do: func(m *model, _ string) tea.Cmd { return m.stretch(-1) }},
		{keys: []string{"]"}, id: "longer", help: "a longer one", group: "View", when: now, do: func(m *model, _ string) tea.Cmd { return m.stretch(1) }},
		{keys: []string{"left"}, id: "earlier", help: "read the charts: an earlier value", group: "View", do: func(m *model, _ string) tea.Cmd { return m.read(1) }},
		{keys: []string{"right"}, id: "later", help: "a later value", group: "View", do: func(m *model, _ string) tea.Cmd { return m.read(-1) }},
		{keys: []string{"z"}, id: "zoom", help: "one chart in full, the next one, the heat map, all", group: "View", do: func(m *model, _ string) tea.Cmd { m.zoom = (m.zoom + 1) % 4; return nil }},
		{keys: []string{"p"}, name: "freeze", help: "freeze the charts, the run goes on", group: "View", do: (*model).freeze},
		{keys: []string{"b"}, name: "baseline", help: "draw later runs over the selected one", group: "View", where: []page{pageHistory}, foot: "baseline", do: (*model).setBaseline},
		{name: "theme", arg: "light", args: themes[1:], help: "colours: " + strings.Join(themes[1:], ", "), group: "View", do: (*model).setTheme},
	}
}

func pageActions() []action {
	list := make([]action, 0, pages+3)
	for p := range pages {
		list = append(list, action{keys: []string{strconv.Itoa(int(p) + 1)}, name: strings.ToLower(pageNames[p]), help: "page " + pageNames[p], group: "Pages",
			do: func(m *model, _ string) tea.Cmd { return m.turn(p) }})
	}
	return append(list,
		action{keys: []string{":"}, id: "command", help: "type a command", group: "Pages", foot: "cmd", do: (*model).askCommand},
		action{keys: []string{"?"}, name: "help", help: "this help", group: "Pages", foot: "help", do: (*model).openHelp},
		action{keys: []string{"ctrl+l"}, id: "redraw", help: "draw the screen anew", group: "Pages", do: func(*model, string) tea.Cmd { return tea.ClearScreen }},
		action{keys: []string{"ctrl+z"}, id: "suspend", help: "suspend; fg brings it back", group: "Pages", do: func(*model, string) tea.Cmd { return tea.Suspend }},
		action{keys: []string{"q", "ctrl+c"}, name: "quit", help: "leave; asks what becomes of a run", group: "Pages", foot: "quit", do: func(m *model, _ string) tea.Cmd { return m.askQuit() }},
	)
}

func (a action) applies(m *model) bool {
	return (a.where == nil || slices.Contains(a.where, m.page)) && (a.when == nil || a.when(m))
}

// of is the action's own name, by which it is called in the configuration.
func (a action) of() string {
	if a.id != "" {
		return a.id
	}
	return a.name
}

func (m *model) dispatch(key string) tea.Cmd {
	for _, a := range m.actions {
		if slices.Contains(a.keys, key) && a.applies(m) {
			return a.do(m, "")
		}
	}
	for _, a := range m.actions {
		if slices.Contains(a.keys, key) {
			m.say(keyText(key) + " (" + a.help + ") does nothing here and now")
			return nil
		}
	}
	return nil
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

// askCommand opens the `:` line, with what applies to complete from.
func (m *model) askCommand(string) tea.Cmd {
	var names []string
	for _, a := range m.actions {
		if a.name == "" || !a.applies(m) {
			continue
		}
		names = append(names, a.name)
		for _, arg := range a.args {
			names = append(names, a.name+" "+arg)
		}
	}
	return m.open(newPrompt(":", "", names, func(m *model, text string) tea.Cmd { return m.command(text) }))
}

func (m *model) command(text string) tea.Cmd {
	name, arg, _ := strings.Cut(strings.TrimSpace(text), " ")
	if name == "" {
		return nil
	}
	var fits []action
	for _, a := range m.actions {
		if a.name == name {
			fits = []action{a}
			break
		}
		if a.name != "" && strings.HasPrefix(a.name, name) {
			fits = append(fits, a)
		}
	}
	switch {
	case len(fits) == 0:
		m.complain(":" + name + ": no such command; ? lists them")
	case len(fits) > 1:
		m.complain(":" + name + ": could be " + fits[0].name + " or " + fits[1].name)
	case !fits[0].applies(m):
		m.complain(":" + fits[0].name + " does nothing here and now")
	default:
		return fits[0].do(m, strings.TrimSpace(arg))
	}
	return nil
}

func (m *model) freeze(string) tea.Cmd {
	m.frozen = !m.frozen
	return nil
}

func (m *model) setTheme(arg string) tea.Cmd {
	if arg == "" || arg == "auto" { // asking the terminal again would take its answer for keys
		m.complain("theme: one of " + strings.Join(themes[1:], ", "))
		return nil
	}
	st, err := newStyles(arg, m.config.ASCII)
	if err != nil {
		m.complain(err.Error())
		return nil
	}
	m.st = st
	return nil
}
