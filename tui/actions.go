package tui

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen"
)

func actions() []action {
	return slices.Concat(moveActions(), actActions(), viewActions(), pageActions(), overlayActions())
}

func moveActions() []action {
	move := func(n int) func(*model, string) tea.Cmd {
		return func(m *model, _ string) tea.Cmd { return m.move(n) }
	}
	return []action{
		{keys: []string{"up", "k"}, id: "up", help: "up", group: "Move", foot: "select", pair: "down", scope: reading, do: move(-1)},
		{keys: []string{"down", "j"}, id: "down", help: "down", group: "Move", scope: reading, do: move(1)},
		{keys: []string{"pgup"}, id: "screen-up", help: "a screen up", group: "Move", scope: reading, do: func(m *model, _ string) tea.Cmd { return m.move(-m.screenful()) }},
		{keys: []string{"pgdown"}, id: "screen-down", help: "a screen down", group: "Move", scope: reading, do: func(m *model, _ string) tea.Cmd { return m.move(m.screenful()) }},
		{keys: []string{"g", "home"}, id: "first", help: "to the first", group: "Move", scope: reading, do: move(-1 << 30)},
		{keys: []string{"G", "end"}, id: "last", help: "to the last", group: "Move", scope: reading, do: move(1 << 30)},
		{keys: []string{"enter"}, id: "open", help: "open the driver, or the run", group: "Move", scope: onPage | inDetail, do: (*model).enter},
		{keys: []string{"esc"}, id: "back", help: "back", group: "Move", scope: reading, do: (*model).back},
		{keys: []string{"tab"}, id: "next-page", help: "next page", group: "Move", scope: reading, do: func(m *model, _ string) tea.Cmd { return m.turn((m.page + 1) % pages) }},
		{keys: []string{"shift+tab"}, id: "page-before", help: "page before", group: "Move", scope: reading, do: func(m *model, _ string) tea.Cmd { return m.turn((m.page + pages - 1) % pages) }},
	}
}

func actActions() []action {
	idle := func(m *model) bool { return m.s.active == "" && m.sending == "" }
	running := func(m *model) bool { return m.s.active != "" }
	return []action{
		{keys: []string{"A"}, name: "avalanche", help: "compose an Avalanche: closed loop, as fast as the target answers", group: "Act", foot: "avalanche", scope: reading, when: idle,
			do: func(m *model, _ string) tea.Cmd { return m.openForm(loadgen.Avalanche) }},
		{keys: []string{"T"}, name: "tsunami", help: "compose a Tsunami: open loop, requests on a schedule", group: "Act", foot: "tsunami", scope: reading, when: idle,
			do: func(m *model, _ string) tea.Cmd { return m.openForm(loadgen.Tsunami) }},
		{keys: []string{"R"}, id: "again", name: "again", help: "run the last or the selected run again", group: "Act", foot: "again", scope: onPage | inReport, when: (*model).canRepeat, do: (*model).askAgain},
		{keys: []string{"E"}, id: "edit", name: "edit", help: "edit the last or the selected run, and run it", group: "Act", foot: "edit", scope: onPage | inReport, when: (*model).canRepeat, do: (*model).editAgain},
		{keys: []string{"S"}, name: "stop", help: "stop the run", group: "Act", foot: "stop", scope: reading, when: running, do: (*model).askStop},
		{keys: []string{"P"}, name: "pause", help: "pause the run, or resume it", group: "Act", foot: "pause", scope: onPage | inDetail, when: running, do: (*model).pause},
		{keys: []string{"+", "="}, id: "faster", help: "10 % more requests per second", group: "Act", foot: "rate", pair: "slower", scope: onPage | inDetail, when: paced, do: func(m *model, _ string) tea.Cmd { return m.step(1.1) }},
		{keys: []string{"-"}, id: "slower", help: "10 % fewer", group: "Act", scope: onPage | inDetail, when: paced, do: func(m *model, _ string) tea.Cmd { return m.step(1 / 1.1) }},
		{name: "rate", arg: "50k", help: "requests per second of the fleet", group: "Act", scope: reading, when: paced, do: (*model).setRate},
		{keys: []string{"a"}, name: "adopt", help: "take the helm of the run", group: "Act", foot: "take the helm", scope: onPage | inDetail, when: func(m *model) bool { return running(m) && !m.atHelm() }, do: (*model).askAdopt},
		{keys: []string{" "}, id: "mark", help: "mark the driver", group: "Act", where: []page{pageLive, pageDrivers}, do: (*model).mark},
		{keys: []string{"x"}, name: "kill", help: "drain or kill the driver, or the marked ones", group: "Act", foot: "kill", scope: onPage | inDetail, where: []page{pageLive, pageDrivers},
			when: (*model).canKill, do: (*model).askKill},
	}
}

// paced tells whether a tsunami runs.
func paced(m *model) bool {
	return m.s.active != "" && m.s.run != nil && m.s.run.id == m.s.active && m.s.run.kind == loadgen.Tsunami
}

func viewActions() []action {
	onLive := []page{pageLive, pageDrivers}
	now := func(m *model) bool { return m.charts.shown == nil } // a past run is shown whole
	charts := onPage | inDetail
	return []action{
		{keys: []string{"r"}, name: "report", help: "the report of the run", group: "View", foot: "report", when: (*model).hasReport, do: (*model).openReport},
		{keys: []string{"/"}, name: "filter", arg: "text", help: "filter drivers: text, label=value, !text", group: "View", where: onLive, foot: "filter", do: (*model).askFilter},
		{keys: []string{"o"}, name: "sort", arg: "rate", args: columnNames[:], help: "sort drivers by the next column, or by a named one", group: "View", where: onLive, do: (*model).sort},
		{keys: []string{"O"}, id: "reverse", help: "reverse the order", group: "View", where: onLive, do: func(m *model, _ string) tea.Cmd { m.drivers.reversed = !m.drivers.reversed; return nil }},
		{keys: []string{"L"}, id: "left", help: "show drivers that left a while ago, or hide them", group: "View", where: onLive, do: func(m *model, _ string) tea.Cmd { m.drivers.gone = !m.drivers.gone; return nil }},
		{keys: []string{"c"}, id: "charts", help: "charts of the selected driver, or of the fleet again", group: "View", where: onLive, do: (*model).follow},
		{keys: []string{"l"}, name: "log", help: "latency on a log or a linear axis", group: "View", scope: charts, do: func(m *model, _ string) tea.Cmd { m.charts.linear = !m.charts.linear; return nil }},
		{keys: []string{"["}, id: "shorter", help: "a shorter time span", group: "View", scope: charts, when: now, do: func(m *model, _ string) tea.Cmd { return m.stretch(-1) }},
		{keys: []string{"]"}, id: "longer", help: "a longer one", group: "View", scope: charts, when: now, do: func(m *model, _ string) tea.Cmd { return m.stretch(1) }},
		{keys: []string{"left"}, id: "earlier", help: "read the charts: an earlier second", group: "View", scope: charts, do: func(m *model, _ string) tea.Cmd { m.charts.read(&m.display, 1); return nil }},
		{keys: []string{"right"}, id: "later", help: "a later one", group: "View", scope: charts, do: func(m *model, _ string) tea.Cmd { m.charts.read(&m.display, -1); return nil }},
		{keys: []string{"z"}, id: "zoom", help: "one chart in full, the next one, the heat map, all", group: "View", do: func(m *model, _ string) tea.Cmd { m.charts.zoom = (m.charts.zoom + 1) % 4; return nil }},
		{keys: []string{"p"}, name: "freeze", help: "freeze the charts; the run continues", group: "View", scope: charts, do: func(m *model, _ string) tea.Cmd { m.charts.frozen = !m.charts.frozen; return nil }},
		{keys: []string{"b"}, name: "baseline", help: "draw later runs over the selected one", group: "View", scope: onPage | inReport, foot: "baseline", when: (*model).hasBaseline, do: (*model).setBaseline},
		{name: "theme", arg: "light", args: themes[1:], help: "colours: " + strings.Join(themes[1:], ", "), group: "View", scope: reading, do: (*model).setTheme},
	}
}

func pageActions() []action {
	list := make([]action, 0, pages+3)
	for p := range pages {
		list = append(list, action{keys: []string{strconv.Itoa(int(p) + 1)}, name: strings.ToLower(pageNames[p]), help: "page " + pageNames[p], group: "Pages", scope: reading,
			do: func(m *model, _ string) tea.Cmd { return m.turn(p) }})
	}
	return append(list,
		action{keys: []string{":"}, id: "command", help: "type a command", group: "Pages", foot: "cmd", scope: reading, do: (*model).askCommand},
		action{keys: []string{"?"}, name: "help", help: "this help", group: "Pages", foot: "help", scope: reading, do: (*model).openHelp},
		action{keys: []string{"ctrl+l"}, id: "redraw", help: "redraw the screen", group: "Pages", scope: ^scope(0), do: func(*model, string) tea.Cmd { return tea.ClearScreen }},
		action{keys: []string{"ctrl+z"}, id: "suspend", help: "suspend; fg brings it back", group: "Pages", scope: ^scope(0), do: func(*model, string) tea.Cmd { return tea.Suspend }},
		action{keys: []string{"q"}, id: "close", help: "back from a report, a text or a driver", group: "Pages", foot: "back", scope: inDetail | texts, do: (*model).back},
		action{keys: []string{"q"}, name: "quit", help: "quit; asks what to do with an active run", group: "Pages", foot: "quit", do: func(m *model, _ string) tea.Cmd { return m.askQuit() }},
		action{keys: []string{"ctrl+c"}, id: "interrupt", help: "quit, from wherever you are", group: "Pages", scope: ^scope(0), do: (*model).interrupt},
	)
}

// overlayActions are the keys of what lies over a page. Letters that answer a question stand in the question.
func overlayActions() []action {
	return slices.Concat(textActions(), reportActions(), formActions(), promptActions(), dialogActions())
}

// actionFor is what a key does where the keyboard is now.
func (m *model) actionFor(key string) (action, bool) {
	s := m.scope()
	for _, a := range m.actions {
		if a.in(s) && slices.Contains(a.keys, key) && a.applies(m, m.page) {
			return a, true
		}
	}
	return action{}, false
}

// bound tells whether a key belongs to some action.
func (m *model) bound(key string) bool {
	return slices.ContainsFunc(m.actions, func(a action) bool { return slices.Contains(a.keys, key) })
}

// explain says why a key does nothing.
func (m *model) explain(key string) tea.Cmd {
	for _, a := range m.actions {
		if a.in(onPage) && slices.Contains(a.keys, key) {
			m.say(keyText(key) + " (" + a.help + ") is not available now")
			return nil
		}
	}
	return nil
}

// askCommand opens the `:` line, with what applies to complete from.
func (m *model) askCommand(string) tea.Cmd {
	var names []string
	for _, a := range m.actions {
		if a.name == "" || !a.applies(m, m.page) {
			continue
		}
		names = append(names, a.name)
		for _, arg := range a.args {
			names = append(names, a.name+" "+arg)
		}
	}
	return m.open(newPrompt(":", "", names, func(m *model, text string) tea.Cmd { return m.command(text) }))
}

// command does what was typed after `:`. The beginning of a name is enough if only one that applies begins with it.
func (m *model) command(text string) tea.Cmd {
	name, arg, _ := strings.Cut(strings.TrimSpace(text), " ")
	if name == "" {
		return nil
	}
	var fits, known []action
	for _, a := range m.actions {
		switch {
		case a.name == "" || !strings.HasPrefix(a.name, name):
			continue
		case a.name == name && a.applies(m, m.page):
			return a.do(m, strings.TrimSpace(arg))
		case a.applies(m, m.page):
			fits = append(fits, a)
		}
		known = append(known, a)
	}
	switch {
	case len(fits) == 1:
		return fits[0].do(m, strings.TrimSpace(arg))
	case len(fits) > 1:
		m.complain(":" + name + ": could be " + fits[0].name + " or " + fits[1].name)
	case len(known) > 0:
		m.complain(":" + known[0].name + " is not available now")
	default:
		m.complain(":" + name + ": no such command; ? lists them")
	}
	return nil
}

func (m *model) setTheme(arg string) tea.Cmd {
	if arg == "" || arg == "auto" { // asking the terminal again would take its answer for keys
		m.complain("theme " + arg + ": must be one of " + strings.Join(themes[1:], ", "))
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

// action is one that is done to the console.
type action = boundAction[*model]
