package style

import (
	"regexp"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

// The three latencies, and what was sent, answered and failed, look different at every number of colours.
func TestLinesAreDistinguishable(t *testing.T) {
	for _, theme := range []string{"dark", "light", "safe"} {
		for _, profile := range []termenv.Profile{termenv.TrueColor, termenv.ANSI256, termenv.ANSI} {
			st := Must(theme, false, profile)
			for name, group := range map[string][]Pen{"latency": {st.P50, st.P95, st.P99}, "throughput": {st.Sent, st.Answered, st.Bad}} {
				for i, a := range group {
					for _, b := range group[i+1:] {
						if a == b {
							t.Errorf("%s, %v: two lines of %s look the same: %q", theme, profile, name, a.On)
						}
					}
				}
			}
		}
	}
}

// With 16 colours, a light theme uses no bright colours, which would be hard to read there; the selected row is white on blue.
func TestSixteenColours(t *testing.T) {
	bright := regexp.MustCompile(`\x1b\[[\d;]*9[1-6]`)
	st := Must("light", false, termenv.ANSI)
	for name, pen := range map[string]Pen{"accent": st.Accent, "key": st.Key, "good": st.Good, "warn": st.Warn, "bad": st.Bad, "title": st.Title, "hot": st.Hot, "sent": st.Sent, "answered": st.Answered, "p50": st.P50, "p95": st.P95, "p99": st.P99} {
		if bright.MatchString(pen.On) {
			t.Errorf("%s is bright: %q", name, pen.On)
		}
	}
	for _, theme := range []string{"dark", "light", "safe"} {
		if on := Must(theme, false, termenv.ANSI).Selected.On; on != "\x1b[97;44m" {
			t.Errorf("%s: the row at hand is %q", theme, on)
		}
	}
}

// A report's colours are those of the console.
func TestRecoloured(t *testing.T) {
	st := Must("dark", false, termenv.TrueColor)
	if got, want := st.Recoloured("\x1b[32mok\x1b[0m \x1b[36m█\x1b[0m"), st.Good.On+"ok\x1b[0m "+st.Answered.On+"█\x1b[0m"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Where no colour distinguishes a default from a value that was typed, parentheses do.
func TestHint(t *testing.T) {
	for _, test := range []struct {
		st   *Sheet
		want string
	}{{Must("none", false, termenv.Ascii), "(64)  "}, {Must("light", false, termenv.ANSI), "(64)  "}, {Must("dark", true, termenv.TrueColor), "64    "}} {
		if got := ansi.Strip(test.st.Hint("64", 6)); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
