// Package tui is the console: a Bubble Tea program that shows the state of a fleet and passes the operator's commands to an orchestrator.
// It reads the state through a [Conductor]; it measures and decides nothing itself. All drawing is plain lines of exactly the screen's
// width. The model routes messages. The packages below it do not depend on it:
//
//   - [landfall/tui/sample]: the visible part of the fleet's state, copied
//   - [landfall/tui/panel]: what the pages consist of, drawn from a sample
//   - [landfall/tui/chart]: plots, axes, sparklines and the heat map
//   - [landfall/tui/style]: colours, glyphs, frames and text of a given width
//   - [landfall/tui/form]: the fields of a spec; [landfall/tui/input] edits their text, [landfall/tui/files] keeps spec files
//   - [landfall/tui/help]: the table of actions as text
//   - [landfall/tui/keys]: actions, their keys and scopes
//   - [landfall/tui/terminal]: painting frames, and leaving the terminal whole after a crash
package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/term"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/orchestrator"
	"landfall/tui/keys"
	"landfall/tui/style"
	"landfall/tui/terminal"
)

// Conductor is the console's interface to an orchestrator. View calls its argument while holding a lock; the argument must neither change
// nor keep the state. Methods with a ctx may block.
type Conductor interface {
	ID() string
	View(func(*fleet.State))
	Now() time.Time
	Subscribe() (changed <-chan struct{}, cancel func())
	Connected() error
	Check(loadgen.Spec, orchestrator.Selection) (orchestrator.Forecast, error)
	Trigger(context.Context, loadgen.Spec, orchestrator.Selection) (testID string, err error)
	Stop(ctx context.Context, testID, reason string) error
	SetRate(ctx context.Context, testID string, rps float64) error
	Pause(ctx context.Context, testID string) error
	Resume(ctx context.Context, testID string) error
	Adopt(ctx context.Context, testID string) error
	Kill(ctx context.Context, nodeID string, drain bool) error
}

// Config configures the console.
type Config struct {
	Conductor Conductor
	JoinHint  string            // the command with which a driver joins, shown to be copied
	Version   string            // of landfall, for reports of runs that have none yet
	Theme     string            // auto (default), dark, light, safe (for colour-blind people) or none; NO_COLOR implies none
	ASCII     bool              // no braille and no box-drawing characters; implied where the terminal cannot show them
	Mouse     bool              // clicks select, the wheel moves; the terminal's own selection then needs Shift
	Keys      map[string]string // keys for actions, by name; several keys are separated by spaces
	FPS       int               // redraws per second during a run; default 10, over SSH 4. Keys and news are shown immediately
	Spec      loadgen.Spec      // initial values of the forms, if it has a target
	SpecPath  string            // file of the last spec; "": none
	First     *FirstRun         // a run that starts by itself; nil: none
	Hosts     Hosts             // fleets over SSH; nil: none
}

// FirstRun is a run that the console triggers once enough drivers are alive, and the message that it then shows.
type FirstRun struct {
	Spec    loadgen.Spec
	Drivers int
	Says    string
}

// ErrNoTerminal means that there is no terminal to draw on.
var ErrNoTerminal = errors.New("standard output is not a terminal that can be drawn on")

// Validate checks theme and keys. The error names what is wrong.
func (c Config) Validate() error {
	if c.Theme != "" && !slices.Contains(style.Themes, c.Theme) {
		return fmt.Errorf("theme %q: must be one of %s", c.Theme, strings.Join(style.Themes, ", "))
	}
	_, err := keys.Rebind(append(actions(), hostActions()...), c.Keys)
	return err
}

// Usable reports whether the console can draw: input and output are terminals with cursor control.
func Usable() bool {
	return os.Getenv("TERM") != "dumb" && term.IsTerminal(int(os.Stdout.Fd())) && term.IsTerminal(int(os.Stdin.Fd()))
}

// Run shows the console until its operator quits, ctx ends, or the session ends. It restores the terminal.
func Run(ctx context.Context, c Config) error {
	if !Usable() {
		return ErrNoTerminal
	}
	defer debug.SetGCPercent(debug.SetGCPercent(50)) // each frame allocates much and retains little
	defer terminal.Guard()()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	st, err := style.New(c.Theme, c.ASCII)
	if err != nil {
		return err
	}
	m := newModel(ctx, c, st)
	if m.actions, err = keys.Rebind(m.actions, c.Keys); err != nil {
		return err
	}
	paint := terminal.NewPainter(os.Stdout)
	m.clipboard = func(text string) error { return terminal.Copy(ctx, paint, text) }
	options := []tea.ProgramOption{tea.WithAltScreen(), tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithFPS(looksPerSecond), tea.WithOutput(terminal.Output{File: os.Stdout, Painter: paint})}
	if c.Mouse {
		options = append(options, tea.WithMouseCellMotion())
	}
	p := tea.NewProgram(&painted{model: m, painter: paint}, options...)
	var done sync.WaitGroup
	done.Go(func() { m.coalesce(ctx, p.Send) })
	done.Go(func() { paint.KeepPainting(ctx) })
	// Bubble Tea's own handler and another one may each send a last message, and block forever if nothing receives it.
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP, syscall.SIGTERM, os.Interrupt)
	defer signal.Stop(hangup)
	stop := context.AfterFunc(ctx, p.Quit)
	defer stop()
	go func() {
		select {
		case <-hangup:
			p.Quit()
		case <-ctx.Done():
		}
	}()
	_, err = p.Run()
	cancel()
	done.Wait()
	if errors.Is(err, tea.ErrProgramKilled) && !errors.Is(err, tea.ErrProgramPanic) || errors.Is(err, tea.ErrInterrupted) {
		err = nil
	}
	return err
}

// painted is a model whose frames go to a painter. A frame is drawn once for each message; View gives it to Bubble Tea.
type painted struct {
	*model
	painter *terminal.Painter
	frame   string
}

func (p *painted) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, resized := msg.(tea.WindowSizeMsg); resized {
		p.painter.Forget()
	}
	_, cmd := p.model.Update(msg)
	p.frame = p.model.View()
	p.painter.Show(p.frame)
	return p, cmd
}

func (p *painted) View() string { return p.frame }

// Actions returns the names of the actions that keys can be bound to, separated by commas.
func Actions() string { return keys.Names(append(actions(), hostActions()...)) }

// interrupt handles Ctrl-C in any state.
func (m *model) interrupt(string) tea.Cmd {
	m.keepUnsent()
	m.overlays = nil
	return m.askQuit()
}

func (m *model) askQuit() tea.Cmd {
	id := m.Sample.Active
	if id == "" {
		return tea.Quit
	}
	stop := func(m *model) tea.Cmd {
		if m.Sample.Active != id { // it has ended since
			return m.askQuit()
		}
		return func() tea.Msg {
			ctx, cancel := context.WithTimeout(m.ctx, writeFor)
			defer cancel()
			err := m.conductor.Stop(ctx, id, "its console was closed")
			return doneMsg{what: "stop " + id, err: err, then: func(*model) tea.Cmd { return tea.Quit }}
		}
	}
	quit := func(*model) tea.Cmd { return tea.Quit }
	return m.ask(&dialog{title: "Quit while a run is in progress?", text: []string{id, "If you detach, the drivers finish it; any console can attach."},
		choices: []choice{{"stay", "esc", nil}, {"detach", "d", quit}, {"stop it and quit", "s", stop}}})
}
