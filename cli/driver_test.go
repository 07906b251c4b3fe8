package cli

import (
	"fmt"
	"strings"
	"testing"

	"landfall/cli/exit"
)

// A driver's flags are validated before it detaches or waits for Kafka.
func TestWrongDriverFlagsAreNamed(t *testing.T) {
	for name, value := range map[string]string{
		"--name": "a b", "--threads": "-1", "--max-rate": "-1", "--max-connections": "-1", "--max-duration": "-1s", "--allow-target": "10.0.0.0/99", "--bind": "192.0.2.1", "--sign-key": "/nowhere",
	} {
		for _, way := range [][]string{nil, {"--detach"}} {
			args := append([]string{"driver", "--brokers", "127.0.0.1:1", name + "=" + value}, way...)
			if out, code, err := typed(t, args...); code != exit.Usage || out != "" || !strings.Contains(fmt.Sprint(err), name) {
				t.Errorf("%q: exit %d, %v: %s", args, code, err, out)
			}
		}
	}
}

func TestStopWithoutADriver(t *testing.T) {
	if out, code, err := typed(t, "driver", "--stop"); code != exit.Failed || err == nil {
		t.Errorf("exit %d, %v: %s", code, err, out)
	}
}
