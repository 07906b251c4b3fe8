package terminal

import (
	"bytes"
	"context"
	"encoding/base64"
	"strings"
	"testing"
)

// TestCopy: outside tmux a text goes to the terminal as OSC 52; GNU screen needs the sequence wrapped to pass it on.
func TestCopy(t *testing.T) {
	t.Setenv("TMUX", "")
	text := "drv-1\n\x1b]52;c;evil\a"
	encoded := base64.StdEncoding.EncodeToString([]byte(text))
	for session, want := range map[string]string{"": "\x1b]52;c;" + encoded + "\a", "1.tty": "\x1bP\x1b]52;c;" + encoded + "\a\x1b\\"} {
		t.Setenv("STY", session)
		var out bytes.Buffer
		if err := Copy(context.Background(), &out, text); err != nil || out.String() != want {
			t.Errorf("session %q: %v, %q, want %q", session, err, out.String(), want)
		}
	}
}

// TestCopyTooMuch: a text that terminals would cut is refused, and nothing of it is sent.
func TestCopyTooMuch(t *testing.T) {
	t.Setenv("TMUX", "")
	var out bytes.Buffer
	if err := Copy(context.Background(), &out, strings.Repeat("x", maxCopied+1)); err == nil || out.Len() > 0 {
		t.Errorf("%v, %d bytes were sent", err, out.Len())
	}
}

// TestCopyWithoutTmux: if tmux cannot be asked, the terminal is.
func TestCopyWithoutTmux(t *testing.T) {
	t.Setenv("TMUX", "/nowhere,1,0")
	t.Setenv("STY", "")
	t.Setenv("PATH", t.TempDir())
	var out bytes.Buffer
	if err := Copy(context.Background(), &out, "x"); err != nil || out.String() != "\x1b]52;c;eA==\a" {
		t.Errorf("%v, %q", err, out.String())
	}
}
