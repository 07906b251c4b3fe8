package tui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen"
	"landfall/tui/keys"
	"landfall/tui/sample"
	"landfall/tui/style"
)

func actions() []action {
	return slices.Concat(moveActions(), actActions(), viewActions(), pageActions(), overlayActions())
}

func moveActions() []action {
	move := func(n int) func(*model, string) tea.Cmd {
		return func(m *model, _ string) tea.Cmd { return m.move(n) }
	}
	return []action{
		{Keys: []string{"up", "k"}, ID: "up", Help: "up", Group: "Move", Foot: "select", Pair: "down", Scope: keys.Reading, Do: move(-1)},
		{Keys: []string{"down", "j"}, ID: "down", Help: "down", Group: "Move", Scope: keys.Reading, Do: move(1)},
		{Keys: []string{"pgup"}, ID: "screen-up", Help: "one screen up", Group: "Move", Scope: keys.Reading, Do: func(m *model, _ string) tea.Cmd { return m.move(-m.screenful()) }},
		{Keys: []string{"pgdown"}, ID: "screen-down", Help: "one screen down", Group: "Move", Scope: keys.Reading, Do: func(m *model, _ string) tea.Cmd { return m.move(m.screenful()) }},
		{Keys: []string{"g", "home"}, ID: "first", Help: "first row", Group: "Move", Scope: keys.Reading, Do: move(-1 << 30)},
		{Keys: []string{"G", "end"}, ID: "last", Help: "last row", Group: "Move", Scope: keys.Reading, Do: move(1 << 30)},
		{Keys: []string{"enter"}, ID: "open", Help: "open the selected driver or run", Group: "Move", Scope: keys.OnPage | keys.InDetail, Do: (*model).enter},
		{Keys: []string{"esc"}, ID: "back", Help: "back", Group: "Move", Scope: keys.Reading, Do: (*model).back},
		{Keys: []string{"tab"}, ID: "next-page", Help: "next page", Group: "Move", Scope: keys.Reading, Do: func(m *model, _ string) tea.Cmd { return m.turn((m.page + 1) % keys.Pages) }},
		{Keys: []string{"shift+tab"}, ID: "page-before", Help: "previous page", Group: "Move", Scope: keys.Reading, Do: func(m *model, _ string) tea.Cmd { return m.turn((m.page + keys.Pages - 1) % keys.Pages) }},
	}
}

func actActions() []action {
	idle := func(m *model) bool { return m.Sample.Active == "" && m.sending == "" }
	running := func(m *model) bool { return m.Sample.Active != "" }
	return []action{
		{Keys: []string{"A"}, Name: "avalanche", Help: "compose an Avalanche: closed loop, as fast as the target answers", Group: "Act", Foot: "avalanche", Scope: keys.Reading, When: idle, Why: "a run is active",
			Do: func(m *model, _ string) tea.Cmd { return m.openForm(loadgen.Avalanche) }},
		{Keys: []string{"T"}, Name: "tsunami", Help: "compose a Tsunami: open loop, requests on a schedule", Group: "Act", Foot: "tsunami", Scope: keys.Reading, When: idle, Why: "a run is active",
			Do: func(m *model, _ string) tea.Cmd { return m.openForm(loadgen.Tsunami) }},
		{Keys: []string{"C"}, Name: "capacity", Help: "compose a search for the highest rate at which objectives hold", Group: "Act", Foot: "capacity", Scope: keys.Reading, When: idle, Why: "a run is active", Do: (*model).openSearch},
		{Keys: []string{"R"}, ID: "again", Name: "again", Help: "run the last or the selected run again", Group: "Act", Foot: "again", Scope: keys.OnPage | keys.InReport, When: (*model).canRepeat, Why: "no run to repeat, or one is active", Do: (*model).askAgain},
		{Keys: []string{"E"}, ID: "edit", Name: "edit", Help: "edit the last or the selected run, and run it", Group: "Act", Foot: "edit", Scope: keys.OnPage | keys.InReport, When: (*model).canRepeat, Why: "no run to repeat, or one is active", Do: (*model).editAgain},
		{Keys: []string{"S"}, Name: "stop", Help: "stop the run", Group: "Act", Foot: "stop", Scope: keys.Reading, When: running, Why: "no run is active", Do: (*model).askStop},
		{Keys: []string{"P"}, Name: "pause", Help: "pause the run; asks first", Group: "Act", Foot: "pause", Scope: keys.OnPage | keys.InDetail, When: func(m *model) bool { return running(m) && !m.paused() }, Why: "no run is active, or it is paused", Do: (*model).askPause},
		{Keys: []string{"P"}, Name: "resume", Help: "resume a paused run", Group: "Act", Foot: "resume", Scope: keys.OnPage | keys.InDetail, When: (*model).paused, Why: "the run is not paused", Do: (*model).resume},
		{Keys: []string{"+", "="}, ID: "faster", Help: "10 % more requests per second", Group: "Act", Foot: "rate", Pair: "slower", Scope: keys.OnPage | keys.InDetail, When: paced, Why: "no Tsunami is active, or it is paused", Do: func(m *model, _ string) tea.Cmd { return m.step(1.1) }},
		{Keys: []string{"-"}, ID: "slower", Help: "10 % fewer requests per second", Group: "Act", Scope: keys.OnPage | keys.InDetail, When: paced, Why: "no Tsunami is active, or it is paused", Do: func(m *model, _ string) tea.Cmd { return m.step(1 / 1.1) }},
		{Name: "rate", Arg: "50k", Help: "set the rate, in requests per second of the fleet", Group: "Act", Scope: keys.Reading, When: paced, Why: "no Tsunami is active, or it is paused", Do: (*model).setRate},
		{Keys: []string{"a"}, Name: "adopt", Help: "take the helm of the run", Group: "Act", Foot: "take the helm", Scope: keys.OnPage | keys.InDetail, When: func(m *model) bool { return running(m) && !m.atHelm() }, Why: "no run is active, or you are at the helm", Do: (*model).askAdopt},
		{Keys: []string{" "}, ID: "mark", Help: "mark or unmark the selected driver", Group: "Act", Where: []keys.Page{keys.PageLive, keys.PageDrivers}, Do: (*model).mark},
		{Keys: []string{"M"}, ID: "mark-all", Help: "mark all drivers that match the filter, or unmark all", Group: "Act", Where: []keys.Page{keys.PageLive, keys.PageDrivers}, Do: (*model).markAll},
		{Keys: []string{"x"}, Name: "kill", Help: "drain or kill the selected driver, or the marked ones", Group: "Act", Foot: "kill", Scope: keys.OnPage | keys.InDetail, Where: []keys.Page{keys.PageLive, keys.PageDrivers},
			When: (*model).canKill, Why: "no running driver is selected", Do: (*model).askKill},
	}
}

// paced reports whether a tsunami is in progress, and not paused.
func paced(m *model) bool {
	return !m.paused() && m.Sample.Active != "" && m.Sample.Run != nil && m.Sample.Run.ID == m.Sample.Active && m.Sample.Run.Kind == loadgen.Tsunami
}

func viewActions() []action {
	onLive := []keys.Page{keys.PageLive, keys.PageDrivers}
	now := func(m *model) bool { return m.charts.Shown == nil } // the whole of a past run is shown
	charts := keys.OnPage | keys.InDetail
	return []action{
		{Keys: []string{"r"}, Name: "report", Help: "open the report of the run", Group: "View", Foot: "report", When: (*model).hasReport, Why: "the run has no report yet", Do: (*model).openReport},
		{Keys: []string{"f"}, Name: "findings", Help: "findings: what explains the figures of the run", Group: "View", Scope: keys.OnPage | keys.InReport, When: func(m *model) bool { return m.hasRun() || m.reportOnTop() != nil }, Why: "there is no run", Do: (*model).openFindings},
		{Keys: []string{"F"}, Name: "failures", Help: "failures: why requests failed, with the first of each kind", Group: "View", Scope: keys.OnPage | keys.InReport, When: func(m *model) bool { return m.hasRun() || m.reportOnTop() != nil }, Why: "there is no run", Do: (*model).openFailures},
		{Keys: []string{"c"}, Name: "compare", Help: "compare two runs: press it on one, then on the other", Group: "View", Foot: "compare", Where: []keys.Page{keys.PageHistory}, When: func(m *model) bool { return len(m.Sample.Runs) > 1 }, Why: "there are fewer than two runs", Do: (*model).compare},
		{Keys: []string{"y"}, Name: "copy", Help: "copy what is selected: the name of a driver or run, or an event", Group: "View", Scope: keys.OnPage | keys.InDetail | keys.InReport, Do: (*model).copySelected},
		{Keys: []string{"Y"}, Name: "copy-command", Help: "copy the command line that runs the spec of the run", Group: "View", Scope: keys.OnPage | keys.InReport, When: hasSpec, Why: "there is no run", Do: (*model).copyCommand},
		{Keys: []string{"t"}, ID: "trend", Help: "sparklines of the drivers: rate or p99", Group: "View", Where: onLive, Do: func(m *model, _ string) tea.Cmd { m.drivers.TrendP99 = !m.drivers.TrendP99; return nil }},
		{Keys: []string{"/"}, Name: "filter", Arg: "text", Help: "search drivers, events or runs: text, !text, label=value, driver=NAME", Group: "View", Foot: "filter", Do: (*model).askFilter},
		{Keys: []string{"e"}, Name: "driver-log", Help: "log of the selected driver: all events about it and its runs", Group: "View", Foot: "log", Scope: charts, Shown: keys.InDetail, Where: onLive, When: (*model).hasDriver, Why: "there is no driver", Do: (*model).openDriverLog},
		{Keys: []string{"o"}, Name: "sort", Arg: "rate", Args: sample.ColumnNames[:], Help: "sort drivers by the next column, or by a named one", Group: "View", Where: onLive, Do: (*model).sort},
		{Keys: []string{"O"}, ID: "reverse", Help: "reverse the order", Group: "View", Where: onLive, Do: func(m *model, _ string) tea.Cmd { m.drivers.Reversed = !m.drivers.Reversed; return nil }},
		{Keys: []string{"L"}, ID: "left", Help: "show or hide drivers that left", Group: "View", Where: onLive, Do: func(m *model, _ string) tea.Cmd { m.drivers.Gone = !m.drivers.Gone; return nil }},
		{Keys: []string{"c"}, ID: "charts", Help: "charts of the selected driver or of the fleet", Group: "View", Where: onLive, Do: (*model).follow},
		{Keys: []string{"l"}, Name: "log", Help: "latency on a logarithmic or linear axis", Group: "View", Scope: charts, Do: func(m *model, _ string) tea.Cmd { m.charts.Linear = !m.charts.Linear; return nil }},
		{Keys: []string{"["}, ID: "shorter", Help: "a shorter time span", Group: "View", Scope: charts, When: now, Why: "a past run is shown whole", Do: func(m *model, _ string) tea.Cmd { return m.stretch(-1) }},
		{Keys: []string{"]"}, ID: "longer", Help: "a longer time span", Group: "View", Scope: charts, When: now, Why: "a past run is shown whole", Do: func(m *model, _ string) tea.Cmd { return m.stretch(1) }},
		{Keys: []string{"left"}, ID: "earlier", Help: "read the charts: one second earlier", Group: "View", Scope: charts, Do: func(m *model, _ string) tea.Cmd { m.charts.Read(&m.Display, 1); return nil }},
		{Keys: []string{"right"}, ID: "later", Help: "read the charts: one second later", Group: "View", Scope: charts, Do: func(m *model, _ string) tea.Cmd { m.charts.Read(&m.Display, -1); return nil }},
		{Keys: []string{"z"}, ID: "zoom", Help: "zoom: throughput, latency, heat map, steps or capacity, all", Group: "View", Do: (*model).zoom},
		{Keys: []string{"p"}, Name: "freeze", Help: "freeze the charts, or let them follow the run again", Group: "View", Scope: charts, When: func(m *model) bool { return !m.charts.Frozen }, Do: freeze(true)},
		{Keys: []string{"p"}, ID: "unfreeze", Help: "let frozen charts follow the run again", Group: "View", Foot: "follow", Scope: charts, When: func(m *model) bool { return m.charts.Frozen }, Do: freeze(false)},
		{Keys: []string{"b"}, Name: "baseline", Help: "compare later runs with the selected one: draws it behind them", Group: "View", Scope: keys.OnPage | keys.InReport, Foot: "baseline", When: (*model).hasBaseline, Why: "no run is selected", Do: (*model).setBaseline},
		{Name: "theme", Arg: "light", Args: style.Themes[1:], Help: "colours: " + strings.Join(style.Themes[1:], ", "), Group: "View", Scope: keys.Reading, Do: (*model).setTheme},
	}
}

func freeze(on bool) func(*model, string) tea.Cmd {
	return func(m *model, _ string) tea.Cmd {
		m.charts.Frozen = on
		return nil
	}
}

func pageActions() []action {
	list := make([]action, 0, keys.Pages+3)
	for p := range keys.Pages {
		list = append(list, action{Keys: []string{strconv.Itoa(int(p) + 1)}, Name: strings.ToLower(keys.PageNames[p]), Help: "page " + keys.PageNames[p], Group: "Pages", Scope: keys.Reading,
			Do: func(m *model, _ string) tea.Cmd { return m.turn(p) }})
	}
	return append(list,
		action{Keys: []string{":"}, ID: "command", Help: "type a command", Group: "Pages", Foot: "cmd", Scope: keys.Reading, Do: (*model).askCommand},
		action{Keys: []string{"?"}, Name: "help", Help: "this help", Group: "Pages", Foot: "help", Scope: keys.Reading, Do: (*model).openHelp},
		action{Keys: []string{"ctrl+l"}, ID: "redraw", Help: "redraw the screen", Group: "Pages", Scope: ^keys.Scope(0), Do: func(*model, string) tea.Cmd { return tea.ClearScreen }},
		action{Keys: []string{"ctrl+z"}, ID: "suspend", Help: "suspend; resume with fg", Group: "Pages", Scope: ^keys.Scope(0), Do: func(*model, string) tea.Cmd { return tea.Suspend }},
		action{Keys: []string{"q"}, ID: "close", Help: "close the report, text or driver", Group: "Pages", Foot: "back", Scope: keys.InDetail | keys.Texts, Do: (*model).back},
		action{Keys: []string{"q"}, Name: "quit", Help: "quit; asks what to do with an active run", Group: "Pages", Foot: "quit", Do: func(m *model, _ string) tea.Cmd { return m.askQuit() }},
		action{Keys: []string{"ctrl+c"}, ID: "interrupt", Help: "quit from anywhere", Group: "Pages", Scope: ^keys.Scope(0), Do: (*model).interrupt},
	)
}

// overlayActions are the keys of overlays. Letters that answer a question are shown in the question.
func overlayActions() []action {
	return slices.Concat(textActions(), reportActions(), formActions(), pickActions(), promptActions(), dialogActions())
}

// actionFor returns the action of a key in the current scope.
func (m *model) actionFor(key string) (action, bool) {
	s := m.scope()
	for _, a := range m.actions {
		if a.In(s) && slices.Contains(a.Keys, key) && a.Applies(m, m.page) {
			return a, true
		}
	}
	return action{}, false
}

// bound reports whether a key belongs to an action.
func (m *model) bound(key string) bool {
	return slices.ContainsFunc(m.actions, func(a action) bool { return slices.Contains(a.Keys, key) })
}

// explain shows why a key has no effect here.
func (m *model) explain(key string) tea.Cmd {
	for _, a := range m.actions {
		if a.In(keys.OnPage) && slices.Contains(a.Keys, key) {
			m.say(keys.Text(key) + " (" + cmp.Or(a.Foot, a.Of()) + "): " + a.Reason(m.page))
			return nil
		}
	}
	return nil
}

// askCommand opens the `:` prompt, with the applicable commands as completions.
func (m *model) askCommand(string) tea.Cmd {
	var names []string
	for _, a := range m.actions {
		if a.Name == "" || !a.Applies(m, m.page) {
			continue
		}
		names = append(names, a.Name)
		for _, arg := range a.Args {
			names = append(names, a.Name+" "+arg)
		}
	}
	return m.open(newPrompt(":", "", names, func(m *model, text string) tea.Cmd { return m.command(text) }))
}

// command executes the command typed after `:`. A prefix of a name is enough if it is unambiguous among the applicable actions.
func (m *model) command(text string) tea.Cmd {
	name, arg, _ := strings.Cut(strings.TrimSpace(text), " ")
	if name == "" {
		return nil
	}
	var fits, known []action
	for _, a := range m.actions {
		switch {
		case a.Name == "" || !strings.HasPrefix(a.Name, name):
			continue
		case a.Name == name && a.Applies(m, m.page):
			return a.Do(m, strings.TrimSpace(arg))
		case a.Applies(m, m.page):
			fits = append(fits, a)
		}
		known = append(known, a)
	}
	switch {
	case len(fits) == 1:
		return fits[0].Do(m, strings.TrimSpace(arg))
	case len(fits) > 1:
		m.complain(":" + name + ": could be " + fits[0].Name + " or " + fits[1].Name)
	case len(known) > 0:
		m.complain(":" + known[0].Name + ": " + known[0].Reason(m.page))
	default:
		m.complain(":" + name + ": no such command; ? lists them")
	}
	return nil
}

func (m *model) setTheme(arg string) tea.Cmd {
	if !slices.Contains(style.Themes[1:], arg) { // for auto the terminal would be queried, and its answer taken for keys
		m.complain("theme " + arg + ": must be one of " + strings.Join(style.Themes[1:], ", ") + "; auto only with --theme")
		return nil
	}
	st, err := style.New(arg, m.config.ASCII)
	if err != nil {
		m.complain(err.Error())
		return nil
	}
	if m.Style = st; !st.Color && arg != "none" {
		m.complain("theme " + arg + ": no colours, because NO_COLOR is set or the terminal has none")
	}
	return nil
}

// action is an action on the model.
type action = keys.Action[*model]
