package style

import (
	"slices"
	"strings"
	"testing"
)

func TestCells(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{Fill("abc", 5), "abc  "}, {Fill("abcdef", 4), "abc…"}, {Fill("abc", 0), ""}, {Fill("\x1b[1mabcdef\x1b[0m", 4), "\x1b[1mabc…\x1b[0m"},
		{Cell("a\nb", 4), "a\uFFFDb "}, {Cell("日本語", 5), "日本…"}, {RightCell("abc", 5), "  abc"}, {RightCell("abcdef", 4), "abc…"},
		{Spread("left", "right", 12), "left   right"}, {Spread("left", "right", 9), "left     "}, {Spaces(-1), ""}, {SizeText(80, 24), "80x24"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}

func TestWrap(t *testing.T) {
	if got, want := Wrap("one two three", 8), []string{"one two", "three"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for _, line := range Wrap("averylongwordthatfitsnowhere and more", 10) {
		if Width(line) > 10 {
			t.Errorf("%q is %d columns wide", line, Width(line))
		}
	}
}

// TestJoined: no word is truncated, and a sign shows that there are more.
func TestJoined(t *testing.T) {
	words := []string{"one", "two", "three"}
	for w, want := range map[int]string{15: "one  two  three", 14: "one  two  ›", 11: "one  two  ›", 10: "one  ›", 3: "one  ›", 100: "one  two  three"} {
		if got := Joined(words, "›", w); got != want {
			t.Errorf("in %d columns %q, want %q", w, got, want)
		}
	}
	if got := Joined(nil, "›", 5); got != "" {
		t.Errorf("no words are %q", got)
	}
}

// TestLay: a centred block hides exactly what is below it, and keeps the width.
func TestLay(t *testing.T) {
	got := Lay([]string{"aaaaaa", "bbbbbb", "cccccc"}, []string{"xx"}, 6)
	if want := []string{"aaaaaa", "bbxxbb", "cccccc"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Block([]string{"a"}, 3, 2); !slices.Equal(got, []string{"a  ", "   "}) {
		t.Errorf("%q", got)
	}
	if got := Beside([]string{"a", "b"}, []string{"c"}); !slices.Equal(got, []string{"ac"}) {
		t.Errorf("%q", got)
	}
	if got := strings.Join(Indent([]string{"a"}, 2), ""); got != "  a" {
		t.Errorf("%q", got)
	}
}

func TestWrapKeepsNamesWhole(t *testing.T) {
	if got := strings.Join(Wrap("lost: drv-16, drv-17, drv-18", 18), "|"); got != "lost: drv-16,|drv-17, drv-18" {
		t.Errorf("%q", got)
	}
}
