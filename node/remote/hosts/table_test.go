package hosts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"
)

func TestTableShowsProblemsFirst(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	var states []State
	for i := range 20 {
		states = append(states, State{Host: fmt.Sprint("host", i), Address: "10.0.0.1", Phase: Up, Wanted: 1, Since: now.Add(-90 * time.Second)})
	}
	states[7].Phase, states[7].Detail = Failed, "no space left"
	states[15].Phase, states[15].Detail = Unreachable, strings.Repeat("東京", 60)
	lines := Table(states, 80, 6, now)
	text := strings.Join(lines, "\n")
	if len(lines) != 5 {
		t.Errorf("%d lines:\n%s", len(lines), text)
	}
	for _, want := range []string{"host0 ", "host7 ", "host15 ", "no space left", "and 17 more", "2m"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
	for _, line := range lines {
		if runewidth.StringWidth(line) > 80 || strings.HasSuffix(line, " ") {
			t.Errorf("%d columns: %q", runewidth.StringWidth(line), line)
		}
	}
	if all := Table(states, 80, 0, now); len(all) != 21 {
		t.Errorf("without a limit of height: %d lines", len(all))
	}
}

// If there is not even room for all problems, what is left out is counted.
func TestTableOfManyProblems(t *testing.T) {
	states := make([]State, 10)
	for i := range states {
		states[i] = State{Host: fmt.Sprint("h", i), Phase: Failed}
	}
	kept, left := worst(states, 3)
	if len(kept) != 3 || left != 7 || kept[0].Host != "h0" {
		t.Errorf("kept %+v, left %d", kept, left)
	}
	for i := range 5 {
		states[i].Phase = Up
	}
	if kept, left = worst(states, 6); len(kept) != 6 || left != 4 || kept[0].Host != "h0" || kept[1].Host != "h5" {
		t.Errorf("kept %+v, left %d", kept, left)
	}
}

func TestSummary(t *testing.T) {
	states := []State{{Phase: Up, Wanted: 2}, {Phase: Up, Wanted: 2}, {Phase: Failed, Wanted: 1}, {Phase: Copying, Wanted: 1}}
	if got := Summary(states); got != "2 of 4 hosts up, 0 of 6 drivers running, 1 copying, 1 failed" {
		t.Error(got)
	}
	if one, two := times(1), times(2); one != "1 restart" || two != "2 restarts" {
		t.Error(one, two)
	}
}

func TestAge(t *testing.T) {
	for d, want := range map[time.Duration]string{-time.Second: "0s", 59 * time.Second: "59s", time.Minute: "1m", 47 * time.Hour: "47h", 72 * time.Hour: "3d"} {
		if got := age(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}
