package evidence

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Whatever is around a value, one of its encodings is in the encoded text.
func TestEncodings(t *testing.T) {
	const value = `pä"ss w/or+d&<`
	forms := Encodings(value)
	found := func(text string) bool {
		return slices.ContainsFunc(forms, func(form string) bool { return strings.Contains(text, form) })
	}
	for _, before := range []string{"", "u:", "us:", "user:"} {
		for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			if text := e.EncodeToString([]byte(before + value + "~")); !found(text) {
				t.Errorf("no encoding is in %s", text)
			}
		}
	}
	for _, text := range []string{url.QueryEscape(value), url.PathEscape(value), `p\u00e4"`, `{"a":"pä\"ss w/or+d&<"}`, `{"a":"pä\"ss w/or+d\u0026\u003c"}`} {
		if want := !strings.Contains(text, `\u00e4`); found(text) != want {
			t.Errorf("%s: found %v", text, !want)
		}
	}
}
