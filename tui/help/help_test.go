package help

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"landfall/tui/keys"
	"landfall/tui/style"
)

func table() []keys.Action[int] {
	return []keys.Action[int]{
		{Keys: []string{"up", "k"}, ID: "up", Help: "up", Group: "Move", Scope: keys.Reading},
		{Keys: []string{"c"}, Name: "compare", Help: "compare two runs", Group: "View", Where: []keys.Page{keys.PageHistory}},
		{Keys: []string{"c"}, ID: "charts", Help: "charts of the driver", Group: "View", Where: []keys.Page{keys.PageLive, keys.PageDrivers}},
		{Name: "rate", Arg: "50k", Help: "set the rate", Group: "Act"},
		{Keys: []string{"left", "shift+tab", "h", "k"}, ID: "before", Help: "previous answer", Group: "In a question", Scope: keys.InDialog},
		{Keys: []string{"e"}, ID: "export", Help: "export the report", Group: "In a report", Scope: keys.InReport},
	}
}

func text(at Place, find string, w int) string {
	return strings.Join(Lines(style.Must("none", false, termenv.Ascii), table(), at, find, w), "\n")
}

// What applies only where the operator is comes first. The same key on other pages says on which.
func TestOwnActionsFirst(t *testing.T) {
	for name, c := range map[string]struct {
		at    Place
		first string
		other string
	}{
		"history": {Place{keys.OnPage, keys.PageHistory, "On History"}, " c          compare two runs  :compare", " c          on Live, Drivers: charts of the driver"},
		"live":    {Place{keys.OnPage, keys.PageLive, "On Live"}, " c          charts of the driver", " c          on History: compare two runs  :compare"},
		"report":  {Place{keys.InReport, keys.PageLive, "In this report"}, " e          export the report", " c          on History: compare two runs  :compare"},
	} {
		lines := strings.Split(text(c.at, "", 80), "\n")
		if lines[1] != c.at.Title || lines[2] != c.first {
			t.Errorf("%s begins with\n%s", name, strings.Join(lines[:4], "\n"))
		}
		if all := strings.Join(lines, "\n"); !strings.Contains(all, c.other+"\n") || strings.Count(all, "export the report") != 1 {
			t.Errorf("%s: want %q\n%s", name, c.other, all)
		}
	}
}

// A search leaves only matching actions: by key, description, name for the prompt, or heading.
func TestFind(t *testing.T) {
	at := Place{keys.OnPage, keys.PageLive, "On Live"}
	for find, want := range map[string]string{"RATE": "set the rate", "shift+tab": "previous answer", ":comp": "compare two runs", "in a report": "export the report"} {
		got := text(at, find, 80)
		if !strings.Contains(got, want) || strings.Contains(got, "Move") {
			t.Errorf("%s:\n%s", find, got)
		}
	}
	if got := text(at, "xyzzy", 80); !strings.Contains(got, "no action matches xyzzy") {
		t.Error(got)
	}
}

// A wide text has two columns, and no line is wider than the text.
func TestColumns(t *testing.T) {
	at := Place{keys.OnPage, keys.PageLive, "On Live"}
	for _, w := range []int{56, 76, 116, 196} {
		got := text(at, "", w)
		for line := range strings.Lines(got) {
			if n := ansi.StringWidth(strings.TrimRight(line, "\n")); n > w {
				t.Errorf("%d of %d columns: %s", n, w, line)
			}
		}
		if tall := strings.Count(got, "\n"); (w >= 100) != (tall < 16) {
			t.Errorf("%d columns, %d lines:\n%s", w, tall, got)
		}
	}
}
