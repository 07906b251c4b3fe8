package terminal

import (
	"bytes"
	"io"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestPainter(t *testing.T) {
	var out bytes.Buffer
	p := NewPainter(&out)
	paint := func() string {
		out.Reset()
		p.Paint()
		return out.String()
	}
	p.Show("one\ntwo")
	if got := paint(); got != "" {
		t.Errorf("painted outside of the alternate screen: %q", got)
	}
	io.WriteString(p, ansi.SetModeAltScreenSaveCursor)
	whole := ansi.EraseEntireScreen + "\x1b[1;1Hone\x1b[2;1Htwo"
	if got := paint(); got != whole {
		t.Errorf("the first frame is %q", got)
	}
	if got := paint(); got != "" {
		t.Errorf("the same frame is painted again: %q", got)
	}
	p.Show("one\n2")
	if got := paint(); got != "\x1b[2;1H2" {
		t.Errorf("a changed line is %q", got)
	}
	p.Show("one\ntwo")
	p.Forget()
	if got := paint(); got != whole {
		t.Errorf("after a resize: %q", got)
	}
	out.Reset()
	io.WriteString(p, ansi.CursorHomePosition+"Bubble Tea's own frame")
	io.WriteString(p, ansi.HideCursor)
	if got := out.String(); got != ansi.HideCursor {
		t.Errorf("of what Bubble Tea writes, %q is passed on", got)
	}
	io.WriteString(p, ansi.EraseEntireScreen) // after Ctrl-L, and on resume after a suspension
	if got := paint(); got != whole {
		t.Errorf("on a screen that was erased: %q", got)
	}
	io.WriteString(p, ansi.ResetModeAltScreenSaveCursor)
	p.Show("three\nfour")
	if got := paint(); got != "" {
		t.Errorf("painted on the shell's screen: %q", got)
	}
}

// All of Bubble Tea's writes to the terminal pass through the painter.
func TestOutputPassesThroughThePainter(t *testing.T) {
	var out bytes.Buffer
	x := Output{Painter: NewPainter(&out)}
	io.WriteString(x, ansi.SetModeAltScreenSaveCursor)
	x.Painter.Show("one")
	x.Painter.Paint()
	x.Write([]byte(ansi.CursorHomePosition + "Bubble Tea's own frame"))
	if got, want := out.String(), ansi.SetModeAltScreenSaveCursor+ansi.EraseEntireScreen+"\x1b[1;1Hone"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
