package style

import (
	"testing"

	"github.com/muesli/termenv"
)

func env(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

// The terminals of screen and rxvt have colours; those of DEC and users who set NO_COLOR have none.
func TestProfile(t *testing.T) {
	for _, test := range []struct {
		term, colorterm, none string
		detected, want        termenv.Profile
	}{
		{"screen", "", "", termenv.Ascii, termenv.ANSI},
		{"rxvt", "", "", termenv.Ascii, termenv.ANSI},
		{"screen", "", "1", termenv.Ascii, termenv.Ascii},
		{"xterm-256color", "", "1", termenv.Ascii, termenv.Ascii},
		{"vt100", "", "", termenv.Ascii, termenv.Ascii},
		{"vt220", "", "", termenv.Ascii, termenv.Ascii},
		{"xterm", "", "", termenv.ANSI, termenv.ANSI},
		{"rxvt-256color", "", "", termenv.ANSI, termenv.ANSI256},
		{"xterm-256color", "truecolor", "", termenv.TrueColor, termenv.TrueColor},
		{"screen-256color", "truecolor", "", termenv.ANSI256, termenv.ANSI256},
	} {
		getenv := env(map[string]string{"TERM": test.term, "COLORTERM": test.colorterm, "NO_COLOR": test.none})
		if got := profileOf(getenv, test.detected); got != test.want {
			t.Errorf("%+v: %s, want %s", test, got.Name(), test.want.Name())
		}
	}
}

func TestLacksGlyphs(t *testing.T) {
	for _, test := range []struct {
		env  map[string]string
		want bool
	}{
		{map[string]string{"TERM": "linux", "LANG": "en_US.UTF-8"}, true},
		{map[string]string{"TERM": "xterm", "LC_ALL": "C", "LANG": "en_US.UTF-8"}, true},
		{map[string]string{"TERM": "xterm", "LANG": "POSIX"}, true},
		{map[string]string{"TERM": "xterm", "LC_CTYPE": "C.UTF-8", "LANG": "C"}, false},
		{map[string]string{"TERM": "xterm", "LANG": "de_DE.utf8"}, false},
		{map[string]string{"TERM": "xterm"}, false},
	} {
		if got := lacksGlyphs(env(test.env)); got != test.want {
			t.Errorf("%v: %v", test.env, got)
		}
	}
}

// Without colours, what fails, headings and the active tab are still emphasized; reverse video only if colours are merely unavailable.
func TestEmphasis(t *testing.T) {
	for _, reverse := range []bool{false, true} {
		st := Must("none", false, termenv.Ascii)
		st.emphasize(reverse)
		for name, pen := range map[string]Pen{"bad": st.Bad, "title": st.Title, "active tab": st.Hot, "selected": st.Selected} {
			if pen == (Pen{}) || pen == st.Dim {
				t.Errorf("%s is not emphasized", name)
			}
		}
		if got := st.Selected.On == "\x1b[7m"; got != reverse {
			t.Errorf("reverse video %v, want %v", got, reverse)
		}
	}
}
