package template

import "testing"

func TestPlaceOfBody(t *testing.T) {
	for _, c := range []struct {
		contentType, body string
		want              Place
	}{
		{"application/json", "x", InJSON}, {"Application/Problem+JSON; charset=utf-8", "", InJSON}, {"text/json", "", InJSON},
		{"application/x-www-form-urlencoded", `{"a":1}`, InForm}, {"text/plain", `{"a":1}`, InText},
		{"", `{"a":1}`, InJSON}, {"", "\n [1]", InJSON}, {"", "{{csv.body}}", InText}, {"", "a=b", InText}, {"", "", InText},
		{"application/jsonish", "", InText},
	} {
		if got := PlaceOfBody(c.contentType, c.body); got != c.want {
			t.Errorf("%q %q: %d, want %d", c.contentType, c.body, got, c.want)
		}
	}
}
