package hosts

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"
)

func TestPhaseOf(t *testing.T) {
	in, alone, dead, left := Driver{PID: 1, Joined: true}, Driver{PID: 1}, Driver{Problem: "why"}, Driver{Left: true}
	for name, c := range map[string]struct {
		drivers []Driver
		phase   Phase
		detail  string
	}{
		"all in the fleet":   {[]Driver{in, in}, Up, ""},
		"one has not joined": {[]Driver{in, alone}, Starting, "1 driver not in the fleet yet"},
		"two have died":      {[]Driver{dead, alone, dead}, Restarting, "2 drivers not running: why"},
		"one was stopped":    {[]Driver{in, left}, Up, "1 driver exited"},
		"all were stopped":   {[]Driver{left, left}, Down, "exited"},
	} {
		if phase, detail := PhaseOf(c.drivers); phase != c.phase || !strings.HasPrefix(detail, c.detail) {
			t.Errorf("%s: %s, %q", name, phase, detail)
		}
	}
}

func TestPauseIsBounded(t *testing.T) {
	if Pause(0) != 0 || Pause(1) != time.Second || Pause(3) != 4*time.Second || Pause(1000) != 30*time.Second {
		t.Error(Pause(0), Pause(1), Pause(3), Pause(1000))
	}
}

func fleetOf(n int, now time.Time) (states []State) {
	for i := range n {
		s := State{Host: fmt.Sprint("host-", i), Address: "10.0.0.1", Phase: Up, Wanted: 1, Since: now, Drivers: []Driver{{PID: 1, Joined: true}}}
		if i == n-1 {
			s.Phase, s.Detail, s.Drivers = Unreachable, strings.Repeat("long words ", 30), nil
		}
		states = append(states, s)
	}
	return states
}

func TestTableFits(t *testing.T) {
	now := time.Now()
	for _, n := range []int{1, 5, 100} {
		lines := Table(fleetOf(n, now), 80, 10, now)
		if len(lines) > 10 {
			t.Errorf("%d hosts: %d lines", n, len(lines))
		}
		for _, l := range lines {
			if runewidth.StringWidth(l) > 80 {
				t.Errorf("%q", l)
			}
		}
		if all := strings.Join(lines, "\n"); !strings.Contains(all, "unreachable") {
			t.Errorf("the unreachable host is not shown:\n%s", all)
		}
	}
	if got := Summary(fleetOf(3, now)); got != "2 of 3 hosts up, 2 of 3 drivers running, 1 unreachable" {
		t.Error(got)
	}
}

func TestBoardWithoutTerminalWritesChanges(t *testing.T) {
	var out bytes.Buffer
	b, now := &Board{Out: &out}, time.Now()
	states := fleetOf(2, now)
	b.Show(states, now)
	b.Show(states, now.Add(time.Second))
	states[1].Phase = Up
	b.Show(states, now)
	if n := strings.Count(out.String(), "\n"); n != 3 {
		t.Errorf("%d lines, want 3:\n%s", n, out.String())
	}
}

func TestBoardOnATerminalRedraws(t *testing.T) {
	var out bytes.Buffer
	now := time.Now()
	b := &Board{Out: &out, Size: func() (int, int) { return 60, 8 }}
	b.Show(fleetOf(20, now), now)
	first := strings.Count(out.String(), "\n")
	out.Reset()
	b.Say("words")
	b.Show(fleetOf(20, now), now)
	if text := out.String(); first >= 8 || strings.Count(text, "\n") >= 8 || !strings.HasPrefix(text, fmt.Sprintf("\x1b[%dA", first)) || !strings.Contains(text, "\rwords\x1b[K\n") {
		t.Errorf("%d lines, then %q", first, text)
	}
}

func TestAnswersAmongOtherOutput(t *testing.T) {
	for _, line := range []string{"", "Welcome!", `{"schema":`, `{"other":1}`} {
		if _, ok, _ := ReadAnswer([]byte(line)); ok {
			t.Errorf("%q is taken for an answer", line)
		}
	}
	if a, ok, err := ReadAnswer([]byte(`{"schema":1,"done":true}`)); !ok || err != nil || !a.Done {
		t.Errorf("%+v %v %v", a, ok, err)
	}
	if _, ok, err := ReadAnswer([]byte(`{"schema":2}`)); !ok || err == nil {
		t.Error("another schema is accepted")
	}
}
