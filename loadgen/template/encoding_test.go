package template

import (
	"encoding/json"
	"net/url"
	"testing"
)

var awkward = []string{"", "plain", "R&D", "a+b", "O\"Brien", `C:\dir`, "a b", "100%", "50%25", "x=1;y=2", "#?/é€", "line\r\nbreak\ttab", "\x00\x1f\x7f", "{{seq}}"}

func TestURLPartRoundTrips(t *testing.T) {
	for _, value := range awkward {
		encoded := string(URLPart.Append(nil, value))
		if got, err := url.QueryUnescape(encoded); err != nil || got != value {
			t.Errorf("query %q: decoded from %q to %q, %v", value, encoded, got, err)
		}
		if got, err := url.PathUnescape(encoded); err != nil || got != value {
			t.Errorf("path %q: decoded from %q to %q, %v", value, encoded, got, err)
		}
	}
}

func TestJSONStringsArriveAsTheyAre(t *testing.T) {
	for _, value := range awkward {
		var got string
		encoded := string(JSONString.Append(nil, value))
		if err := json.Unmarshal([]byte(`"`+encoded+`"`), &got); err != nil || got != value {
			t.Errorf("%q: decoded from %q to %q, %v", value, encoded, got, err)
		}
	}
}

func TestURLTextKeepsWhatHasAMeaning(t *testing.T) {
	for text, want := range map[string]string{
		"/a%20b/c%2Fd?x=1&y=[2]": "/a%20b/c%2Fd?x=1&y=[2]", "/new york/{id}|é?q=a b#": "/new%20york/%7Bid%7D%7C%C3%A9?q=a%20b%23",
		"100%": "100%25", "%2": "%252", "%zz": "%25zz",
	} {
		if got := EscapeURL(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestHeaderValuesMustNotHaveControlCharacters(t *testing.T) {
	for value, want := range map[string]bool{"a; b=\"c\"": true, "é": true, "a\tb": true, "a\r\nb": false, "\x00": false} {
		if HeaderValue.Valid(value) != want {
			t.Errorf("%q: valid %v, want %v", value, !want, want)
		}
	}
	if !Verbatim.Valid("\r\n") {
		t.Error("Verbatim rejects a line break")
	}
}

func TestEncodingAllocatesNothing(t *testing.T) {
	dst := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(100, func() {
		for _, e := range []Encoding{Verbatim, HeaderValue, URLPart, URLText, JSONString} {
			dst = e.Append(dst[:0], "O\"Brien & söhne%")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Extracted values may be invalid in the next request: control characters would split a header, and invalid UTF-8 would make a JSON
// document invalid.
func TestInvalidCharactersAreDropped(t *testing.T) {
	if got := string(HeaderValue.Append(nil, "a\r\nX: 1\x00\x7f\té")); got != "aX: 1\té" {
		t.Errorf("header value %q", got)
	}
	var got string
	encoded := JSONString.Append(nil, "a\xff€")
	if err := json.Unmarshal([]byte(`"`+string(encoded)+`"`), &got); err != nil || got != "a\ufffd€" {
		t.Errorf("%q: %q, %v", encoded, got, err)
	}
	if !Unreserved([]byte("aZ9-._~")) || Unreserved([]byte("a b")) || Unreserved([]byte("é")) {
		t.Error("Unreserved must accept RFC 3986's unreserved characters only")
	}
}
