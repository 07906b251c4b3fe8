package script

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/template"
)

// Drivers check specs that they read from a topic: a small spec must not take much memory.
func TestCheckMemoryIsBounded(t *testing.T) {
	base := loadgen.Spec{Target: "http://127.0.0.1/", Count: 1}
	table := base
	table.CSV = "a\n" + strings.Repeat("1\n", 100_000)
	table.Body = strings.Repeat("{{csv.a}}", template.MaxPlaceholders)
	crowded := table
	crowded.Body = strings.Repeat("{{csv.a}}", 30_000)
	inherited := base
	inherited.Body = strings.Repeat("x", 1<<20)
	for i := range loadgen.MaxRequests {
		inherited.Requests = append(inherited.Requests, loadgen.Request{Name: fmt.Sprint(i)})
	}
	spread := table
	spread.Body = ""
	for i := range loadgen.MaxRequests {
		spread.Requests = append(spread.Requests, loadgen.Request{Name: fmt.Sprint(i), Body: strings.Repeat("{{csv.a}}", 8)})
	}
	for _, c := range []struct {
		name, want string
		spec       loadgen.Spec
	}{
		{"one column for all placeholders", "", table},
		{"too many placeholders", "must have at most 1000 placeholders", crowded},
		{"too many in all requests", "must have at most 1000 placeholders", spread},
		{"a body that all requests share", "must have at most 16777216 bytes", inherited},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := Check(c.spec.WithDefaults())
		runtime.ReadMemStats(&after)
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 64<<20 {
			t.Errorf("%s: took %d MB", c.name, taken>>20)
		}
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}
