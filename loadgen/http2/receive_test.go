package http2

import (
	"bytes"
	"testing"

	"golang.org/x/net/http2"
)

// The window of a peer is extended in time. Exceeding it is an error.
func TestReceiveWindows(t *testing.T) {
	s := newScript()
	s.WriteSettings()
	c, _ := opened(2)
	s.head(1, false, ":status", "200")
	if _, _, err := replay(c, s.Bytes(), s.Len()); err != nil {
		t.Fatal(err)
	}
	s.Buffer.Reset()
	s.WriteData(1, false, make([]byte, 16384))
	granted := map[uint32]int64{0: window, 1: window}
	for i := range 3 * window / 16384 {
		_, out, err := replay(c, s.Bytes(), s.Len())
		if err != nil {
			t.Fatal(i, err)
		}
		granted[0], granted[1] = granted[0]-16384, granted[1]-16384
		fr := http2.NewFramer(nil, bytes.NewReader(out))
		for f, err := fr.ReadFrame(); err == nil; f, err = fr.ReadFrame() {
			granted[f.Header().StreamID] += int64(f.(*http2.WindowUpdateFrame).Increment)
		}
		if granted[0] < window/4 || granted[1] < window/4 || c.recvWindow != granted[0] || c.find(1).recvWindow != granted[1] {
			t.Fatal(i, granted, c.recvWindow)
		}
	}
	c.recvWindow = 100
	if _, _, err := replay(c, s.Bytes(), s.Len()); err == nil {
		t.Error("more than the window passed")
	}
}

func TestUnreadPingsAreBounded(t *testing.T) {
	s := newScript()
	s.WriteSettings()
	for range 100 {
		s.WritePing(false, [8]byte{1})
		s.WritePing(true, [8]byte{2})
	}
	c, _ := opened(0)
	_, out, err := replay(c, s.Bytes(), 1<<16)
	if err != nil || len(out) != 9+100*17 {
		t.Fatalf("%d bytes of answers, %v", len(out), err)
	}
	for range 1000 {
		s.WritePing(false, [8]byte{})
	}
	for range 1000 {
		if out, err = c.Feed(s.Bytes()[9:], out, func(*Event) {}); err != nil {
			return
		}
	}
	t.Error("unread answers are not bounded")
}
