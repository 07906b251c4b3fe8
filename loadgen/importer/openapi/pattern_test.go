package openapi

import (
	"regexp"
	"testing"
)

func TestMatching(t *testing.T) {
	for pattern, want := range map[string]string{
		`^[A-Z]{3}-\d{4}$`: "AAA-1111", `^(red|green)$`: "red", `^\+?[1-9]\d{1,14}$`: "11", `^.{2,}$`: "xx", `^(([a-f0-9]{2}:){5}[a-f0-9]{2})$`: "aa:aa:aa:aa:aa:aa", "^$": "",
	} {
		if got, ok := matching(pattern, 0, 100); !ok || got != want {
			t.Errorf("%s: %q %v, want %q", pattern, got, ok, want)
		}
	}
	if got, ok := matching(`^[a-z]*$`, 5, 100); !ok || len(got) < 5 {
		t.Errorf("%q %v", got, ok)
	}
	for _, pattern := range []string{`^(?=x)y$`, `(((()*)*)*)*x{900}`, `^[a-z]{20}$`, "["} {
		if got, ok := matching(pattern, 0, 10); ok {
			t.Errorf("%s: %q", pattern, got)
		}
	}
}

// The text matches the pattern, and generating it terminates.
func FuzzMatching(f *testing.F) {
	f.Add(`^[A-Z]{3}-\d{4}$`, 0, 10)
	f.Add(`(a|b*)+`, 3, 5)
	f.Fuzz(func(t *testing.T, pattern string, least, most int) {
		least, most = least%1000, most%1000
		got, ok := matching(pattern, max(least, 0), most)
		if !ok {
			return
		}
		if len(got) > most || len(got) < least || !regexp.MustCompile(pattern).MatchString(got) {
			t.Fatalf("%q for %q", got, pattern)
		}
	})
}
