package importer

import (
	"slices"
	"testing"
)

func TestHTMLFields(t *testing.T) {
	var got []string
	for _, f := range htmlFields(`<meta content="m1" name='csrf'><input type=hidden name="a" value="1"><input name="empty" value=""><p name="x" value="y">`) {
		got = append(got, f.name+"="+f.value)
	}
	if want := []string{"csrf=m1", "a=1"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
