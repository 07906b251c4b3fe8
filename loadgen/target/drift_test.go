package target

import (
	"testing"
	"time"
)

func TestDriftGrowsWithAge(t *testing.T) {
	d := drift(10 * time.Millisecond)
	for age, want := range map[time.Duration]time.Duration{
		0: 0, 30 * time.Second: 5 * time.Millisecond, time.Minute: 10 * time.Millisecond, time.Hour: 600 * time.Millisecond,
	} {
		if got := d(moment{age: age}); got != want {
			t.Errorf("at %s: %s, want %s", age, got, want)
		}
	}
}
