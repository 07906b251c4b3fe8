package cli

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// failing is a full disk after its first line.
type failing struct{ strings.Builder }

var errFull = errors.New("no space left")

func (f *failing) Write(p []byte) (int, error) {
	if f.Len() > 0 {
		return 0, errFull
	}
	return f.Builder.Write(p)
}

func TestWrittenKeepsTheFirstError(t *testing.T) {
	disk := &failing{}
	out := &written{w: disk}
	for range 3 {
		fmt.Fprintln(out, "line")
	}
	if out.err != errFull || disk.String() != "line\n" {
		t.Errorf("%v, %q", out.err, disk)
	}
}
