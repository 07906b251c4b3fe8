package style

import (
	"os"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// New returns the sheet of a theme for this process's terminal. ascii is implied where other characters cannot be shown.
func New(theme string, ascii bool) (*Sheet, error) {
	if theme == "" || theme == "auto" {
		theme = "dark"
		if !lipgloss.HasDarkBackground() {
			theme = "light"
		}
	}
	st, err := Make(theme, ascii || lacksGlyphs(os.Getenv), profileOf(os.Getenv, termenv.EnvColorProfile()))
	if err == nil && !st.Color {
		st.emphasize(!termenv.EnvNoColor())
	}
	return st, err
}

// coloured are terminals with at least eight colours that termenv takes for monochrome, by the beginning of TERM.
var coloured = []string{"screen", "tmux", "rxvt", "Eterm", "konsole", "putty", "st-", "cygwin", "mlterm", "vte", "gnome"}

// profileOf corrects the number of colours that was detected.
func profileOf(getenv func(string) string, detected termenv.Profile) termenv.Profile {
	name := getenv("TERM")
	switch {
	case getenv("NO_COLOR") != "":
		return termenv.Ascii
	case getenv("COLORTERM") == "" && detected > termenv.ANSI256 && strings.Contains(name, "256color"):
		return termenv.ANSI256
	case detected > termenv.ANSI:
		for _, prefix := range coloured {
			if strings.HasPrefix(name, prefix) {
				return termenv.ANSI
			}
		}
	}
	return detected
}

// lacksGlyphs reports whether the terminal cannot show braille and symbols: the font of Linux's console has none, and a locale other than
// UTF-8 may not transfer them. Without any locale, as in containers, UTF-8 is assumed.
func lacksGlyphs(getenv func(string) string) bool {
	if getenv("TERM") == "linux" {
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(getenv(name)); locale != "" {
			return !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8")
		}
	}
	return false
}

// emphasize sets attributes that need no colours: bold, underline and, unless the user wants a plain screen, reverse video.
func (st *Sheet) emphasize(reverse bool) {
	bold := Pen{"\x1b[1m", "\x1b[0m"}
	st.Bold, st.Key, st.Bad, st.Warn, st.Title, st.Selected = bold, bold, bold, bold, bold, bold
	st.Hot = Pen{"\x1b[1;4m", "\x1b[0m"}
	if reverse {
		st.Selected = Pen{"\x1b[7m", "\x1b[0m"}
	}
}
