package http1

import (
	"slices"
	"strings"
	"testing"
)

func TestStatusLine(t *testing.T) {
	for line, want := range map[string]int{
		"HTTP/1.1 200 OK": 200, "HTTP/1.0 404": 404, "HTTP/1.1   500 x": 500, "HTTP/2.0 200": 200,
		"HTTP/1.1 20": 0, "HTTP/1.1 2000": 0, "HTTP/1.1 +20 x": 0, "HTTP/11 200 OK": 0, "http/1.1 200 OK": 0, "HTTP/1.x 200 OK": 0, "SSH-2.0-OpenSSH": 0, "": 0,
	} {
		var p Parser
		if err := p.statusLine([]byte(line)); (err == nil) != (want > 0) || p.Status != want {
			t.Errorf("%q: %d, %v, want %d", line, p.Status, err, want)
		}
	}
}

func TestContentLength(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "12": 12, "9223372036854775807": 1<<63 - 1, "9223372036854775808": -1, "": -1, "+1": -1, "-1": -1, "1 2": -1, "1,1": -1, "0x1": -1} {
		var p Parser
		if err := p.contentLength([]byte(text)); (err == nil) != (want >= 0) || want >= 0 && p.length != want {
			t.Errorf("%q: %d, %v, want %d", text, p.length, err, want)
		}
	}
	for _, c := range []struct {
		first, second string
		ok            bool
	}{{"5", "5", true}, {"5", "6", false}, {"5", "05", false}} {
		var p Parser
		if err := p.contentLength([]byte(c.first)); err != nil {
			t.Fatal(err)
		}
		if err := p.contentLength([]byte(c.second)); (err == nil) != c.ok {
			t.Errorf("%s then %s: %v", c.first, c.second, err)
		}
	}
}

func TestHeaderLine(t *testing.T) {
	for line, ok := range map[string]bool{
		"A: b": true, "A:": true, "Two words: b": true, "A: \tb\x80": true, "": false, ": b": false, "A": false, "A\x00: b": false, "A: b\x00": false, "A: " + strings.Repeat("b", 20) + "\x7f": false, "A\n: b": false,
	} {
		if err := (&Parser{state: h1Header}).headerLine([]byte(line)); (err == nil) != ok {
			t.Errorf("%q: %v", line, err)
		}
	}
	p := Parser{state: h1Header}
	for _, line := range []string{"connection: Keep-Alive , CLOSE", "transfer-encoding: Chunked", "Content-Length : 5"} {
		if err := p.headerLine([]byte(line)); err != nil {
			t.Fatal(line, err)
		}
	}
	if !p.close || !p.keep || !p.chunked || p.encodings != 1 || p.lengthText != 0 {
		t.Errorf("%+v", p)
	}
}

func TestEachElement(t *testing.T) {
	var got []string
	eachElement([]byte(" a,b ,, \tc"), func(b []byte) { got = append(got, string(b)) })
	if !slices.Equal(got, []string{"a", "b", "", "c"}) {
		t.Errorf("%q", got)
	}
}

// The fast check agrees with the slow one for every byte at every position.
func TestValidValue(t *testing.T) {
	for at := range 17 {
		for c := range 256 {
			v := []byte(strings.Repeat("x", 17))
			v[at] = byte(c)
			if validValue(v) != validSlow(v) {
				t.Fatalf("byte %#x at %d: %v", c, at, validValue(v))
			}
		}
	}
}
