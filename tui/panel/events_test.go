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

// TestLongEventsTakeSeveralLines: a long event is not truncated if there is room, but does not displace other events.
func TestLongEventsTakeSeveralLines(t *testing.T) {
	long := "UNSIGNED: anyone who can write to Kafka can start and stop load (see `landfall key`)"
	v := &Display{Style: style.Must("none", false, termenv.Ascii), W: 120, H: 40, Sample: sample.Sample{Events: []fleet.Event{{At: time.Unix(1, 0), Text: long}, {At: time.Unix(2, 0), Text: "drv-1 joined"}}}}
	for h, want := range map[int]int{2: 2, 3: 3, 10: 3} {
		lines := (&Events{}).Lines(v, "", 60, h)
		text := strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
		if len(lines) != want || !strings.Contains(text, "drv-1 joined") || strings.Contains(text, long) != (want == 3) {
			t.Errorf("in %d lines: %q", h, lines)
		}
		for _, line := range lines {
			if style.Width(line) != 60 {
				t.Errorf("%d columns: %q", style.Width(line), line)
			}
		}
	}
}

// TestBadNewsIsShownInFull: what went wrong takes as many lines as it needs, and older events make room for it.
func TestBadNewsIsShownInFull(t *testing.T) {
	why := "requests to 127.0.0.1:24002 fail, most with timeout: no complete response within the timeout of 10s"
	v := &Display{Style: style.Must("none", false, termenv.Ascii), W: 120, H: 40}
	for i := range 8 {
		v.Sample.Events = append(v.Sample.Events, fleet.Event{At: time.Unix(int64(i), 0), Text: "drv-1 joined"})
	}
	v.Sample.Events = append(v.Sample.Events, fleet.Event{At: time.Unix(9, 0), Kind: fleet.EventTargetDown, Text: why})
	for _, h := range []int{4, 6, 9} {
		lines := (&Events{}).Lines(v, "", 60, h)
		if text := strings.Join(strings.Fields(strings.Join(lines, " ")), " "); len(lines) != h || !strings.Contains(text, why) {
			t.Errorf("in %d lines: %q", h, lines)
		}
	}
}

// The event of a rate says who set it, also where the rest of the text is shortened.
func TestRatesSayWhoSetThem(t *testing.T) {
	v := &Display{Style: style.Must("none", false, termenv.Ascii), W: 120, H: 40}
	for text, want := range map[string]string{
		"rate 550/s":            "rate 550/s, set by ada@ops",
		"next probe at 400.0/s": "next probe at 400.0/s",
	} {
		if got := v.EventText(fleet.Event{Kind: fleet.EventAdjusted, By: "ada@ops", Text: text}, "run", 30); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
