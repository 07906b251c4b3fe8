//go:build e2e && unix

package e2e

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"landfall/node"
)

// rubbish returns invalid records of every kind, a few of them large.
func rubbish(i int) (key string, value []byte) {
	r := rand.New(rand.NewPCG(1, uint64(i)))
	switch i % 6 {
	case 0:
		b := make([]byte, r.IntN(300))
		for j := range b {
			b[j] = byte(r.Uint32())
		}
		return string(b[:min(len(b), 20)]), b
	case 1:
		return "deep", []byte(strings.Repeat(`{"a":[`, 2000))
	case 2:
		return "schema", []byte(`{"schema":99,"node_id":"x"}`)
	case 3:
		return "\x1b[2Jescape", []byte(`{"schema":1,"node_id":"\u001b[2J\u001b]0;x\u0007","boot_id":"b","test_id":"\u001b[31m"}`)
	case 4:
		return "odd", []byte(`{"schema":1,"node_id":"n","boot_id":"b","test_id":"t","id":"i","action":"start","plan":{"seq":-1,"shares":null},"snapshot":{"interval":-5}}`)
	}
	if i%600 == 5 {
		return "large", []byte(`{"schema":1,"node_id":"` + strings.Repeat("x", 1<<20-200) + `"}`)
	}
	return "no object", []byte(`[1,2,3]`)
}

// After 10,000 invalid records on every topic, nothing crashes, memory is bounded, and each kind and source
// is logged once.
func TestRubbish(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2)
	bus := f.openBus()
	const each, writers = 10_000, 32
	for _, topic := range node.Topics {
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := w; i < each; i += writers {
					key, value := rubbish(i)
					if _, err := bus.Publish(t.Context(), topic, key, value); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
	}
	run := f.run("-q", "200", "-z", "2s", f.url)
	code, r := run.exit(60*time.Second), run.report()
	if used, ok := run.cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && runtime.GOOS == "linux" && used.Maxrss > 300<<10 {
		t.Errorf("the run had %d MB at its peak", used.Maxrss>>10)
	}
	if code != 0 {
		t.Errorf("exit %d: %v", code, r.Reasons)
	}
	exact(t, r, f.counted())
	for _, d := range f.drivers {
		if mb := peakMB(t, d); mb > 250 {
			t.Errorf("%s had %d MB at its peak", d.name, mb)
		}
		logged := d.stderr.String()
		loggedOnce(t, d.name, logged)
		if bytes.ContainsRune([]byte(logged), '\x1b') {
			t.Errorf("%s let an escape sequence through", d.name)
		}
	}
}

// loggedOnce checks that a driver logged each source of invalid records once.
func loggedOnce(t testing.TB, name, logged string) {
	t.Helper()
	for _, key := range []string{"deep", "schema", "large", `"no object"`} {
		for _, topic := range []node.Topic{node.TopicRegister, node.TopicTrigger} {
			if n := strings.Count(logged, fmt.Sprintf("topic=%s key=%s ", topic, key)); n != 1 {
				t.Errorf("%s logged %d warnings of %s on %s, want 1", name, n, key, topic)
			}
		}
	}
	if lines := strings.Count(logged, "\n"); lines > 130 {
		t.Errorf("%s wrote %d lines", name, lines)
	}
}

// peakMB returns a process's peak resident memory; 0 if it is unknown.
func peakMB(t testing.TB, p *process) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kb / 1024
		}
	}
	return 0
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
