package panel

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"landfall/node/report"
	"landfall/tui/style"
)

// Unexpected responses have a line for each cause, with its number once.
func TestUnexpectedByCause(t *testing.T) {
	r := &report.Report{}
	if err := json.Unmarshal([]byte(`{"unexpected": 1250, "failed": 1250, "unexpected_by": {"status": 1204, "check": 46}}`), r); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(FailureLines(style.Must("none", false, termenv.Ascii), r, 80), "\n")
	fields := strings.Join(strings.Fields(text), " ")
	if !strings.Contains(fields, "1,204 unexpected status not as expected 46 unexpected a check failed") || strings.Count(text, "1,204") != 1 {
		t.Errorf("%s", text)
	}
}
