package cli

import (
	"fmt"
	"strings"
	"testing"

	"landfall/cli/exit"
)

// Invalid arguments are refused before the screen changes or a broker starts.
func TestWrongConsoleFlagsAreNamed(t *testing.T) {
	for name, value := range map[string]string{"--theme": "pink", "--keys": "explode=e", "--listen": "0.0.0.0:0"} {
		if out, code, err := typed(t, "console", name, value); code != exit.Usage || out != "" || !strings.Contains(fmt.Sprint(err), name) {
			t.Errorf("%s %s: exit %d, %v: %s", name, value, code, err, out)
		}
	}
}
