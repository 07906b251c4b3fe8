package panel

import (
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"landfall/node/fleet"
	"landfall/tui/sample"
	"landfall/tui/style"
)

func history(runs ...sample.Listed) *Display {
	return &Display{Style: style.Must("none", false, termenv.Ascii), W: 80, H: 24, Sample: sample.Sample{Now: time.Unix(1000, 0), Active: "t-2", Runs: runs}}
}

// Values that a narrow list omits are shown below it for the selected run, unless the list needs the room.
func TestNarrowHistory(t *testing.T) {
	p := History{Past: map[string]Past{"t-1": {Outcome: "passed", requests: 12_000, failed: 44, Lasted: time.Minute}}}
	v := history(sample.Listed{ID: "t-1", Target: "http://shop.test/ping", At: time.Unix(0, 0)})
	text := strings.Join(p.Lines(v, nil, 80, 12), "\n")
	for _, want := range []string{"target http://shop.test/ping", "lasted 01:00", "requests 12,000", "failed 44"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q:\n%s", want, text)
		}
	}
	if text := strings.Join(p.Lines(v, nil, 80, 5), "\n"); strings.Contains(text, "lasted 01:00") || !strings.Contains(text, "✓ passed") {
		t.Errorf("in five lines:\n%s", text)
	}
	if text := strings.Join(p.Lines(v, nil, 140, 12), "\n"); strings.Contains(text, "lasted 01:00") || !strings.Contains(text, " shop.test/ping") {
		t.Errorf("in 140 columns:\n%s", text)
	}
}

// A run that was configured long ago was never started; the active one is marked.
func TestOutcomesInHistory(t *testing.T) {
	p := History{Past: map[string]Past{}}
	v := history(sample.Listed{ID: "t-2", Phase: fleet.Started, At: time.Unix(990, 0)}, sample.Listed{ID: "t-1", Phase: fleet.Configured, At: time.Unix(0, 0)})
	if text := strings.Join(p.Lines(v, nil, 80, 12), "\n"); !strings.Contains(text, "not started") || !strings.Contains(text, "started") {
		t.Error(text)
	}
	if short := p.Short(v, 40, 5); len(short) != 2 || !strings.Contains(short[0], "● t-2") || strings.Contains(short[1], "●") {
		t.Errorf("%q", short)
	}
	p.Move(&v.Sample, 9)
	if r := p.Selected(&v.Sample); r == nil || r.ID != "t-1" {
		t.Errorf("the last run is not selected: %+v", r)
	}
}
