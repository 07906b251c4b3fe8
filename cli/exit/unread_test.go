package exit

import (
	"errors"
	"io/fs"
	"os"
	"testing"
)

func TestUnread(t *testing.T) {
	_, err := os.Open("/nowhere/file")
	for flag, want := range map[string]string{"": "/nowhere/file: no such file or directory", "--cacert": "--cacert /nowhere/file: no such file or directory"} {
		if got := Unread(flag, err); got.Error() != want || !errors.Is(got, fs.ErrNotExist) {
			t.Errorf("%q: %v, want %s", flag, got, want)
		}
	}
	if got := Unread("-D", errors.New("too long")); got.Error() != "-D: too long" {
		t.Error(got)
	}
}
