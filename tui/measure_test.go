//go:build bench && unix

package tui

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"landfall/kafkabus"
	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/orchestrator"
	"landfall/tui/style"
	"landfall/tui/terminal"
	"landfall/tui/tuitest"
)

// TestFigures prints the console's resource usage with its limits, and fails if one is exceeded.
func TestFigures(t *testing.T) {
	fmt.Printf("%d cores, 120x40\n\n| figure | measured | bar |\n|---|---|---|\n", runtime.NumCPU())
	bin := tuitest.Build(t)
	firstFrame(t, bin)
	intervalToScreen(t, bin)
	costs(t)
	keyToScreen(t)
}

func figure(t *testing.T, what string, value, bar float64, unit string) {
	t.Helper()
	fmt.Printf("| %s | %.1f %s | ≤ %g |\n", what, value, unit, bar)
	if value > bar {
		t.Errorf("%s: %.1f %s, want at most %g", what, value, unit, bar)
	}
}

// firstFrame returns the longest time, of five starts of the program with its embedded broker, until the screen is complete.
func firstFrame(t *testing.T, bin string) {
	worst := time.Duration(0)
	for range 5 {
		c := exec.Command("script", "-qec", "stty cols 120 rows 40; exec "+bin+" console --listen 127.0.0.1:0", "/dev/null")
		c.Env = append(os.Environ(), "TERM=screen-256color", "XDG_DATA_HOME="+t.TempDir())
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if c.Stdin, err = os.Open("/dev/zero"); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		screen, piece := "", make([]byte, 32<<10)
		for !strings.Contains(screen, "No drivers yet") {
			n, err := out.Read(piece)
			if screen += string(piece[:n]); err != nil {
				t.Fatalf("%v: %q", err, screen)
			}
		}
		worst = max(worst, time.Since(began))
		_ = c.Process.Kill()
		_, _ = io.Copy(io.Discard, out)
		_ = c.Wait()
	}
	figure(t, "first frame after start, with the embedded broker, longest of 5", worst.Seconds()*1e3, 1000, "ms")
}

// screen is a console whose terminal records when the last output of View was written.
type screen struct {
	*model
	paint   *terminal.Painter
	seen    func(*model) int // the observed state, as a number that changes
	viewed  atomic.Int64
	mu      sync.Mutex
	written map[int]time.Time // when it was first written
	bytes   int64
}

func (s *screen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := s.model.Update(msg)
	return s, cmd
}

func (s *screen) View() string {
	text := s.model.View()
	if s.seen != nil {
		s.viewed.Store(int64(s.seen(s.model)))
	}
	s.paint.Show(text)
	return text
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bytes += int64(len(p))
	if n := int(s.viewed.Load()); s.written[n].IsZero() {
		s.written[n] = time.Now()
	}
	return len(p), nil
}

func (s *screen) at(n int) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.written[n]
}

// show runs a console of 120x40 until the test ends it.
func show(c Conductor, fps int, seen func(*model) int) (s *screen, p *tea.Program, end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	s = &screen{model: newModel(ctx, Config{Conductor: c, FPS: fps}, style.Must("dark", false, termenv.TrueColor)), seen: seen, written: map[int]time.Time{}}
	s.W, s.H, s.paint = 120, 40, terminal.NewPainter(s)
	p = tea.NewProgram(s, tea.WithOutput(s.paint), tea.WithInput(nil), tea.WithFPS(looksPerSecond), tea.WithAltScreen(), tea.WithContext(ctx), tea.WithoutSignalHandler())
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = p.Run() })
	wg.Go(func() { s.coalesce(ctx, p.Send) })
	wg.Go(func() { s.paint.KeepPainting(ctx) })
	return s, p, func() { cancel(); wg.Wait() }
}

// intervalToScreen returns how long after its start an interval is completely shown, with nine driver processes and a broker.
func intervalToScreen(t *testing.T, bin string) {
	const drivers, seconds = 9, 60
	brokers, target := tuitest.Fleet(t, bin, drivers)
	bus, err := kafkabus.Open(t.Context(), kafkabus.Config{Brokers: []string{brokers}})
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	o := orchestrator.New(bus, orchestrator.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { _ = o.Run(ctx) }()
	<-o.Ready()
	s, _, end := show(o, 0, func(m *model) int {
		if m.Sample.Run == nil {
			return -1
		}
		return m.Sample.Run.Latest.At
	})
	defer end()
	spec := loadgen.Spec{Kind: loadgen.Tsunami, Target: target + "/ping", RateRPS: 900, Duration: loadgen.Duration(seconds * time.Second)}
	id, err := o.Trigger(t.Context(), spec.WithDefaults(), orchestrator.Selection{Count: drivers, Wait: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	var t0 time.Time
	for over := false; !over; time.Sleep(100 * time.Millisecond) {
		o.View(func(st *fleet.State) { t0, over = st.Run(id).T0, st.Run(id).Phase == fleet.Finished })
	}
	var list []time.Duration
	for i := 1; i < seconds-1; i++ { // 0 is what is shown before the first interval
		if at := s.at(i); !at.IsZero() {
			list = append(list, at.Sub(t0.Add(time.Duration(i)*time.Second)))
		}
	}
	if len(list) < seconds-5 {
		t.Fatalf("only %d of %d intervals came to the screen", len(list), seconds)
	}
	figure(t, fmt.Sprintf("begin of an interval → on the screen, %d drivers, p99 of %d", drivers, len(list)), p99(list).Seconds()*1e3, 1200, "ms")
}

func p99(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[(len(list)*99+99)/100-1]
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// costs are CPU and bytes to the terminal while the console is shown, without the share of the scripted fleet.
func costs(t *testing.T) {
	const seconds = 10
	for _, c := range []struct {
		name         string
		drivers, fps int
		running      bool
		cpu, kbytes  float64
	}{
		{"idle, 3 drivers", 3, 0, false, 0.5, 0},
		{"run, 9 drivers", 9, 0, true, 3, 0},
		{"run, 1,000 drivers", 1000, 0, true, 15, 0},
		{"run, 9 drivers, 4 frames/s", 9, 4, true, 0, 30},
	} {
		alone := scriptAlone(c.drivers, seconds, c.running)
		l := scripted(c.drivers, c.running)
		s, _, end := show(l, c.fps, nil)
		l.pass(0, c.drivers, c.running)
		s.mu.Lock()
		before := s.bytes
		s.mu.Unlock()
		began, own := cpu(), time.Duration(0)
		for i := 1; i <= seconds; i++ {
			own += l.pass(i, c.drivers, c.running)
		}
		used := cpu() - began - own - alone
		end()
		if c.cpu > 0 {
			figure(t, c.name+": CPU", 100*used.Seconds()/seconds, c.cpu, "% of a core")
		}
		if c.kbytes > 0 {
			figure(t, c.name+": to the terminal", float64(s.bytes-before)/seconds/1e3, c.kbytes, "KB/s")
		}
	}
}

// keyToScreen returns how long after a key its effect, another selected driver, is written, in a run with 1,000 drivers.
func keyToScreen(t *testing.T) {
	const drivers, keys = 1000, 200
	l := scripted(drivers, true)
	s, p, end := show(l, 0, func(m *model) int { return m.Sample.Index })
	defer end()
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				l.pass(i, drivers, true)
			}
		}
	}()
	time.Sleep(2 * time.Second) // startup is not measured
	var list []time.Duration
	for i := 1; i <= keys; i++ {
		began := time.Now()
		p.Send(tea.KeyMsg{Type: tea.KeyDown})
		for s.at(i).IsZero() {
			if time.Since(began) > 5*time.Second {
				t.Fatalf("the %d. key has no effect", i)
			}
			time.Sleep(100 * time.Microsecond)
		}
		list = append(list, s.at(i).Sub(began))
		time.Sleep(time.Duration(20+rand.IntN(60)) * time.Millisecond)
	}
	close(stop)
	<-stopped
	figure(t, fmt.Sprintf("key → its effect on the screen, run, 1,000 drivers, p99 of %d", keys), p99(list).Seconds()*1e3, 50, "ms")
}

// TestHour measures the resident memory of a process in an hour's run with 100 drivers, scripted and folded as fast as possible. It must be
// below its limit, and must not grow once each driver's half hour of seconds is full.
func TestHour(t *testing.T) {
	c := exec.Command(os.Args[0], "-test.run=^TestHourInAProcess$")
	c.Env = append(os.Environ(), "LANDFALL_HOUR=1")
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var mb []float64
	for line := range strings.Lines(string(out)) {
		var minute int
		var v float64
		if n, _ := fmt.Sscanf(line, "minute %d: %f MB", &minute, &v); n == 2 {
			fmt.Printf("| after %d min of a run with 100 drivers: resident | %.1f MB | |\n", minute, v)
			mb = append(mb, v)
		}
	}
	if len(mb) != 6 {
		t.Fatalf("%q", out)
	}
	figure(t, "an hour's run with 100 drivers: resident, the most", slices.Max(mb), 60, "MB")
	figure(t, "its growth from minute 30 to 60", mb[5]-mb[2], 6, "MB")
}

// TestHourInAProcess runs in a process of TestHour.
func TestHourInAProcess(t *testing.T) {
	if os.Getenv("LANDFALL_HOUR") == "" {
		t.Skip("is run by TestHour")
	}
	debug.SetGCPercent(50) // like Run
	l := scripted(100, true)
	m := newModel(t.Context(), Config{Conductor: l}, style.Must("dark", false, termenv.TrueColor))
	m.W, m.H = 120, 40
	for i := range 3600 {
		l.Second("tsunami-7", i, 100, nil, 0)
		m.Update(changedMsg{})
		if m.View() == "" {
			t.Fatal("nothing is drawn")
		}
		if i%600 == 599 {
			fmt.Printf("minute %d: %.1f MB\n", i/60+1, resident(t))
		}
	}
}

// resident returns the resident memory of this process in MB.
func resident(t *testing.T) float64 {
	status, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip(err)
	}
	var size, pages int
	if _, err := fmt.Sscan(string(status), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return float64(pages*os.Getpagesize()) / 1e6
}
