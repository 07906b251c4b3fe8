package http2

import (
	"strings"
	"testing"
)

func TestNotHTTP2(t *testing.T) {
	for text, want := range map[string]string{
		"HTTP/1.1 400 Bad Request\r\n\r\n":                        "the target answers in HTTP/1",
		"\x00\x00\x08\x06\x00\x00\x00\x00\x0012345678":            "the first frame is not SETTINGS",
		"SSH-2.0-OpenSSH_9.2\r\n":                                 "the target does not answer in HTTP/2",
		"<!DOCTYPE HTML>\n<html lang=\"en\"><title>505</title>\n": "the target does not answer in HTTP/2", // without a status line
	} {
		for _, size := range []int{1, len(text)} {
			c, _ := opened(1)
			if _, _, err := replay(c, []byte(text), size); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v, want %s", text, err, want)
			}
		}
	}
}

func TestUnpad(t *testing.T) {
	for _, c := range []struct {
		payload string
		padded  bool
		want    string
		code    code
	}{
		{"abc", false, "abc", 0}, {"\x02abc", true, "a", 0}, {"\x00abc", true, "abc", 0}, {"\x03abc", true, "", 0}, {"\x04abc", true, "", codeProtocol}, {"", true, "", codeFrameSize}, {"", false, "", 0},
	} {
		f := frame{payload: []byte(c.payload)}
		if c.padded {
			f.flags = flagPadded
		}
		got, err := unpad(f)
		if string(got) != c.want || err == nil != (c.code == 0) || err != nil && err.code != c.code {
			t.Errorf("%q: %q, %v", c.payload, got, err)
		}
	}
}

func TestCheckStream(t *testing.T) {
	c := &Conn{nextID: 5}
	for _, f := range []struct {
		kind   byte
		stream uint32
		ok     bool
	}{
		{frameSettings, 0, true}, {frameSettings, 1, false}, {framePing, 1, false}, {frameGoaway, 1, false}, {frameWindow, 0, true}, {frameWindow, 3, true}, {frameWindow, 5, false},
		{framePriority, 0, false}, {framePriority, 99, true}, {frameData, 0, false}, {frameData, 1, true}, {frameData, 2, false}, {frameHeaders, 5, false}, {frameReset, 3, true}, {frameContinuation, 0, false},
		{0xbe, 0, true}, {0xbe, 9, true},
	} {
		if err := c.checkStream(frame{kind: f.kind, stream: f.stream}); (err == nil) != f.ok {
			t.Errorf("frame of type %d on stream %d: %v", f.kind, f.stream, err)
		}
	}
}
