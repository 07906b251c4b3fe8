package tui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/figures"
	"landfall/node/fleet"
	"landfall/node/orchestrator"
	"landfall/tui/form"
	"landfall/tui/sample"
)

// writeFor is the timeout for writing a record.
const writeFor = 15 * time.Second

// doneMsg is the result of a command.
type doneMsg struct {
	what    string
	message string // message on success; "": none
	err     error
	then    func(*model) tea.Cmd
	step    int // for a rate: the key press that selected it; 0: it is not a rate that keys selected
}

// rateMsg triggers sending the selected rate, unless it was changed again since.
type rateMsg struct{ step int }

// run returns a command for an operation that may block, and shows its name in the footer meanwhile.
func (m *model) run(what string, f func(context.Context) error) tea.Cmd {
	return m.runThen(what, what+": done", f)
}

// runThen is like run, with its own message on success.
func (m *model) runThen(what, message string, f func(context.Context) error) tea.Cmd {
	m.sending = what
	ctx := m.ctx
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, writeFor)
		defer cancel()
		return doneMsg{what: what, message: message, err: f(ctx)}
	}
}

func (m *model) done(msg doneMsg) tea.Cmd {
	if m.sending == msg.what {
		m.sending = ""
	}
	if msg.step > 0 && msg.step == m.steps { // the plan has the selected rate, or was not changed
		m.wanted = 0
	}
	var refused *orchestrator.RefusedError
	switch {
	case errors.As(msg.err, &refused):
		return m.ask(refusalDialog(refused))
	case msg.err != nil:
		m.complain(msg.what + ": " + strings.ReplaceAll(msg.err.Error(), "\n", "; "))
		return nil
	case msg.then != nil:
		return msg.then(m)
	}
	m.say(msg.message)
	return nil
}

func (m *model) atHelm() bool { return m.steered != nil && m.steered.Mine }

// helmHolder returns the console or user that controls the shown run.
func (m *model) helmHolder() string {
	if m.Sample.Run == nil || m.Sample.Run.Helm == "" {
		return "another console"
	}
	return node.Clean(m.Sample.Run.Helm, 40)
}

// reachable reports whether orders reach drivers at once, and shows a message otherwise: an order that waits for Kafka would be carried out
// when nobody expects it any more. Only a stop is worth waiting for.
func (m *model) reachable() bool {
	if m.Sample.Trouble != nil {
		m.complain("not sent: Kafka is unreachable")
	}
	return m.Sample.Trouble == nil
}

// helm reports whether this console is at the helm of a run that it can reach, and shows a message otherwise.
func (m *model) helm() bool {
	if !m.reachable() {
		return false
	}
	if !m.atHelm() {
		m.complain(m.helmHolder() + " controls this run: press a to take the helm")
		return false
	}
	return true
}

// step multiplies the rate. The result of several key presses in a row is sent once, after the last one. A press continues from the rate
// selected before it until that rate is in the plan.
func (m *model) step(by float64) tea.Cmd {
	if !m.helm() {
		return nil
	}
	if m.wanted == 0 {
		m.wanted = m.steered.AskedNow
	}
	if m.wanted == 0 {
		m.complain("the rate is 0 now: set it with :rate")
		return nil
	}
	m.wanted = min(max(rounded(m.wanted*by), loadgen.MinRate), loadgen.MaxRate)
	m.steps++
	m.say("rate " + figures.ShortRate(m.wanted))
	step := m.steps
	return tea.Tick(350*time.Millisecond, func(time.Time) tea.Msg { return rateMsg{step} })
}

// rounded rounds to three significant digits.
func rounded(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64)
	if err != nil {
		return v
	}
	return r
}

func (m *model) sendRate(msg rateMsg) tea.Cmd {
	switch {
	case msg.step != m.steps || m.wanted == 0:
		return nil
	case m.Sample.Active == "", !m.reachable(): // it has ended, or Kafka has become unreachable
		m.wanted = 0
		return nil
	}
	id, rate := m.Sample.Active, m.wanted
	set := m.run("rate "+figures.ShortRate(rate), func(ctx context.Context) error { return m.conductor.SetRate(ctx, id, rate) })
	return func() tea.Msg {
		done, _ := set().(doneMsg)
		done.step = msg.step
		return done
	}
}

func (m *model) setRate(arg string) tea.Cmd {
	rate, err := form.ParseRate(arg)
	if err != nil {
		m.complain(err.Error())
		return nil
	}
	if !m.helm() {
		return nil
	}
	id := m.Sample.Active
	m.wanted = 0
	m.steps++ // a rate that keys selected before is not sent any more
	return m.run("rate "+figures.ShortRate(rate), func(ctx context.Context) error { return m.conductor.SetRate(ctx, id, rate) })
}

// askPause asks whether to pause the run: its key is next to the one that freezes the charts.
func (m *model) askPause(string) tea.Cmd {
	if !m.helm() {
		return nil
	}
	id := m.Sample.Active
	return m.ask(confirm("Pause the run?", []string{id, "Drivers send nothing until it is resumed; its end is delayed by that time."}, "pause it",
		func(m *model) tea.Cmd {
			return m.run("pause", func(ctx context.Context) error { return m.conductor.Pause(ctx, id) })
		}))
}

func (m *model) resume(string) tea.Cmd {
	if !m.helm() {
		return nil
	}
	id := m.Sample.Active
	return m.run("resume", func(ctx context.Context) error { return m.conductor.Resume(ctx, id) })
}

// paused reports whether the active run is paused.
func (m *model) paused() bool { return m.Sample.Active != "" && m.steered != nil && m.steered.Paused }

func (m *model) askStop(string) tea.Cmd {
	id := m.Sample.Active
	return m.ask(confirm("Stop the run?", []string{id, "Drivers stop sending, finish what is in flight and report."}, "stop it",
		func(m *model) tea.Cmd { return m.stop(id) }))
}

func (m *model) stop(id string) tea.Cmd {
	return m.run("stop "+id, func(ctx context.Context) error { return m.conductor.Stop(ctx, id, "from the console") })
}

func (m *model) askAdopt(string) tea.Cmd {
	id := m.Sample.Active
	return m.ask(confirm("Take the helm?", []string{id + ", controlled by " + m.helmHolder(),
		"This console then controls the run: it sets the rate, reassigns the",
		"shares of lost drivers and writes the report. The other console steps down."}, "take it", func(m *model) tea.Cmd {
		if !m.reachable() {
			return nil
		}
		return m.run("take the helm", func(ctx context.Context) error { return m.conductor.Adopt(ctx, id) })
	}))
}

func (m *model) mark(string) tea.Cmd {
	if id := m.Sample.Cursor; id != "" {
		if m.drivers.Marked[id] {
			delete(m.drivers.Marked, id)
		} else {
			m.drivers.Marked[id] = true
		}
		m.drivers.Move(&m.Sample, 1)
	}
	return nil
}

// markAll marks all drivers that match the filter, or unmarks them if all are marked.
func (m *model) markAll(string) tea.Cmd {
	marked := m.drivers.Marked
	all := !slices.ContainsFunc(m.Sample.Ids, func(id string) bool { return !marked[id] })
	clear(marked)
	for _, id := range m.Sample.Ids {
		if !all {
			marked[id] = true
		}
	}
	return nil
}

func (m *model) markedIDs() []string {
	var ids []string
	for id := range m.drivers.Marked {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, sample.Natural)
	return ids
}

// present returns the drivers of a list that are still there: not lost, and neither left nor killed.
func (m *model) present(ids []string) (list []string) {
	m.conductor.View(func(s *fleet.State) {
		for _, id := range ids {
			if d := s.Driver(id); d != nil && (d.Liveness == fleet.Alive || d.Liveness == fleet.Late) {
				list = append(list, id)
			}
		}
	})
	return list
}

// canKill reports whether a driver can be killed: one that has left cannot.
func (m *model) canKill() bool {
	return len(m.drivers.Marked) > 0 || m.Sample.Selected != nil && !m.Sample.Selected.Gone()
}

// askKill asks how to stop the selected driver or the marked ones. For several drivers, their number must be
// typed.
func (m *model) askKill(string) tea.Cmd {
	m.drivers.Hold(&m.Sample)
	marked := m.markedIDs()
	ids := m.present(marked)
	gone := ""
	switch n := len(marked) - len(ids); {
	case len(marked) == 0:
		ids = []string{m.Sample.Cursor}
	case len(ids) == 0:
		m.complain("the marked drivers are already gone")
		return nil
	case n > 0:
		gone = fmt.Sprintf(" (%d already gone)", n)
	}
	do := func(drain bool) func(*model) tea.Cmd {
		return func(m *model) tea.Cmd { return m.kill(ids, drain) }
	}
	d := &dialog{title: "Shut down " + figures.Plural(int64(len(ids)), "driver") + gone + "?", text: []string{listed(ids, 4),
		"drain: finish what is in flight, report, exit.  kill: at once.", "Shares of a run are reassigned to the other drivers."},
		choices: []choice{{"no", "esc", nil}, {"drain", "d", do(true)}, {"kill", "K", do(false)}}}
	if len(ids) > 1 {
		d.want = strconv.Itoa(len(ids))
	}
	return m.ask(d)
}

func listed(ids []string, most int) string {
	if len(ids) > most {
		return strings.Join(ids[:most], ", ") + fmt.Sprintf(" and %d more", len(ids)-most)
	}
	return strings.Join(ids, ", ")
}

func (m *model) kill(ids []string, drain bool) tea.Cmd {
	if !m.reachable() {
		return nil
	}
	clear(m.drivers.Marked)
	word := "kill "
	if drain {
		word = "drain "
	}
	return m.run(word+listed(ids, 2), func(ctx context.Context) error {
		var errs []error
		for _, id := range ids {
			errs = append(errs, m.conductor.Kill(ctx, id, drain))
		}
		return errors.Join(errs...)
	})
}

func refusalDialog(e *orchestrator.RefusedError) *dialog {
	d := &dialog{title: "Not started: drivers refused", choices: []choice{{"close", "esc", nil}}}
	lines := e.Lines()
	for i, line := range lines {
		if i == 8 {
			d.text = append(d.text, fmt.Sprintf("and %d more", len(lines)-i))
			break
		}
		d.text = append(d.text, line)
	}
	return d
}
