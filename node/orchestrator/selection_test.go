package orchestrator

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"landfall/loadgen/field"
)

func TestParseSelection(t *testing.T) {
	for text, want := range map[string]string{
		"all": "[] map[] 0", "": "[] map[] 0", "3": "[] map[] 3", "a,b-1": "[a b-1] map[] 0", "zone=west, a": "[a] map[zone:west] 0",
	} {
		sel, err := ParseSelection(text)
		if got := strings.TrimSpace(fmt.Sprintln(sel.IDs, sel.Labels, sel.Count)); err != nil || got != want {
			t.Errorf("%q: %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"0", "-1", "99999", "a b", "a,,b", "=x", "\x1b[2J"} {
		_, err := ParseSelection(text)
		var wrong *field.Error
		if !errors.As(err, &wrong) || strings.ContainsRune(err.Error(), '\x1b') {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
