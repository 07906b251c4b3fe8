package script

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestThink(t *testing.T) {
	random := rand.NewPCG(1, 2)
	for text, want := range map[string][2]time.Duration{
		"2s": {2 * time.Second, 2 * time.Second}, "1s..3s": {time.Second, 3 * time.Second}, " 1ms .. 2ms ": {time.Millisecond, 2 * time.Millisecond}, "exp(1s)": {0, time.Minute},
	} {
		think, err := ParseThink(text)
		if err != nil {
			t.Fatal(err)
		}
		sum := time.Duration(0)
		for range 2000 {
			d := think.Draw(random)
			if d < want[0] || d > want[1] {
				t.Fatalf("%s: %v", text, d)
			}
			sum += d
		}
		if mean := sum / 2000; text == "exp(1s)" && (mean < 900*time.Millisecond || mean > 1100*time.Millisecond) || text == "1s..3s" && (mean < 1900*time.Millisecond || mean > 2100*time.Millisecond) {
			t.Errorf("%s: mean %v", text, mean)
		}
	}
	for _, text := range []string{"", "2", "-1s", "3s..1s", "exp(1s..2s)", "exp(", "25h", "1s..x"} {
		if _, err := ParseThink(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}
