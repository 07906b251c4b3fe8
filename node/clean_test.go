package node

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "drv-01", "drv-01"},
		{"escape sequence", "\x1b[31mred\x1b[0m", "\uFFFD[31mred\uFFFD[0m"},
		{"new lines", "a\r\nb", "a\uFFFD\uFFFDb"},
		{"C1", "a\u009bb", "a\uFFFDb"},
		{"right to left override", "a\u202eb", "a\uFFFDb"},
		{"broken UTF-8", "a\xffb", "a\uFFFDb"},
		{"wide", "日本", "日本"},
		{"too long", strings.Repeat("é", 30), strings.Repeat("é", 20)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Clean(c.in, 20); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCleanTexts(t *testing.T) {
	type inner struct {
		Name string
		ok   string
	}
	type outer struct {
		List  []inner
		Map   map[string]map[string]int
		To    *inner
		Any   any
		Bytes []byte
		Kind  Action
	}
	const bad, good = "a\x1b]52;c;x\x07", "a\uFFFD]52;c;x\uFFFD"
	v := outer{[]inner{{Name: bad, ok: "kept"}}, map[string]map[string]int{bad: {bad: 1}}, &inner{Name: bad}, []any{bad}, []byte(bad), Action(bad)}
	CleanTexts(&v, 80)
	want := outer{[]inner{{Name: good, ok: "kept"}}, map[string]map[string]int{good: {good: 1}}, &inner{Name: good}, []any{good}, []byte(bad), Action(good)}
	if !reflect.DeepEqual(v, want) {
		t.Errorf("got %+v, want %+v", v, want)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("\x1b]0;title\x07", 10)
	f.Fuzz(func(t *testing.T, s string, most int) {
		if most < 0 || most > 1000 {
			return
		}
		got := Clean(s, most)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > most {
			t.Errorf("%q: not valid or longer than %d", got, most)
		}
		if strings.ContainsFunc(got, unicode.IsControl) {
			t.Errorf("%q holds a control character", got)
		}
	})
}
