package target

import (
	"testing"
	"time"
)

func TestSlowPath(t *testing.T) {
	d := slowPath("/items", time.Second)
	for path, want := range map[string]time.Duration{"/items": time.Second, "/items/1": 0, "/": 0} {
		if got := d(moment{path: path}); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
