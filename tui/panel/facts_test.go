package panel

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"landfall/tui/sample"
	"landfall/tui/style"
)

// The facts of a driver are in one column, or in two where there is room. What it does not limit or know is not shown as a number.
func TestFacts(t *testing.T) {
	v := &Display{Style: style.Must("none", false, termenv.Ascii)}
	r := sample.Driver{Host: "h1\x1b[2J", Cores: 1, WithinUS: -1, Requests: 12_345, Failed: 6}
	narrow := v.Facts(r, 80)
	text := strings.Join(narrow, "\n")
	for _, want := range []string{"limits       none", "clock        not known yet", "1 core", "12,345, 6 failed"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "\x1b") || strings.Contains(text, "not yet sent") || strings.Contains(text, "note") {
		t.Errorf("a control character, or facts that are none:\n%s", text)
	}
	if wide := v.Facts(r, 120); len(wide) != (len(narrow)+1)/2 {
		t.Errorf("%d lines in two columns, %d in one", len(wide), len(narrow))
	}
	r.MaxRate, r.MaxConnections, r.WithinUS, r.OffsetUS, r.Outbox, r.Note = 500, 64, 300, -1200, 2, "it is late"
	text = strings.Join(v.Facts(r, 80), "\n")
	for _, want := range []string{"500/s, 64 connections", "-1.2ms ± 0.3ms", "2 snapshots", "it is late"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}
