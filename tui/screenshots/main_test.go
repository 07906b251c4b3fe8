package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// A screen becomes a well-formed picture with its colours, in which text is escaped for XML.
func TestPicture(t *testing.T) {
	screens, err := read(strings.NewReader("\x1b[1;38;2;255;0;16mred <&>\x1b[0m  plain\nsecond\n"))
	if err != nil || len(screens) != 1 {
		t.Fatalf("%q, %v", screens, err)
	}
	text := drawn(t, screens)
	for _, want := range []string{`fill="#ff0010" font-weight="bold">red &lt;&amp;&gt;</text>`, `fill="#ffffff">plain</text>`, ">second</text>"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "<animate") {
		t.Error("one screen is animated")
	}
}

// If several screens are drawn, only the rows that change are animated.
func TestRecording(t *testing.T) {
	screens, err := read(strings.NewReader("\fsame\none\n\fsame\ntwo\n"))
	if err != nil || len(screens) != 2 {
		t.Fatalf("%q, %v", screens, err)
	}
	text := drawn(t, screens)
	if strings.Count(text, ">same</text>") != 1 || strings.Count(text, "<animate ") != 2 {
		t.Errorf("the row that stays is drawn again, or one that changes is not animated:\n%s", text)
	}
}

// drawn returns the picture of some screens, which must be well-formed.
func drawn(t *testing.T, screens [][]string) string {
	t.Helper()
	var b strings.Builder
	if err := draw(&b, screens, time.Second, 20, "#ffffff", "#000000"); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, b.String())
	return b.String()
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
