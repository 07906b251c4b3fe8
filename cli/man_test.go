package cli

import (
	"bytes"
	"strings"
	"testing"
)

// The page names every visible command and flag, and no line can be mistaken for a request of man(7).
func TestManual(t *testing.T) {
	root := model(t)
	var b bytes.Buffer
	if err := writeManual(&b, root, "1.0"); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, leaf := range root.Leaves(true) {
		if !strings.Contains(page, ".SS \""+roff(leaf.FullPath())) {
			t.Errorf("no section for %s", leaf.FullPath())
		}
		for _, f := range leaf.Flags {
			if !f.Hidden && !strings.Contains(page, roff("--"+f.Name)) {
				t.Errorf("no --%s", f.Name)
			}
		}
	}
	known := map[string]bool{"TH": true, "SH": true, "SS": true, "TP": true, "B": true, "I": true, "RB": true, "RI": true, "EX": true, "EE": true}
	for line := range strings.Lines(page) {
		if request, is := strings.CutPrefix(line, "."); is && !known[strings.Fields(request)[0]] {
			t.Errorf("not a request: %s", line)
		}
	}
}
