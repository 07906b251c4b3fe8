package http2

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/http2"
)

var dialogues = []struct {
	name string
	n    int // GET requests in flight
	play func(s *script)
	want []string
	code int // error code; -1: no error
}{

	{"a response", 1, func(s *script) { s.head(1, false, ":status", "200"); s.WriteData(1, true, []byte("hello")) },
		[]string{"1: status 200", "1: end 200, 5 bytes"}, -1},
	{"no body", 1, func(s *script) { s.head(1, true, ":status", "204", "date", "now") }, []string{"1: status 204", "1: end 204, 0 bytes"}, -1},
	{"a status that is not in the table", 1, func(s *script) { s.head(1, true, ":status", "418") }, []string{"1: status 418", "1: end 418, 0 bytes"}, -1},
	{"interim response", 1, func(s *script) { s.head(1, false, ":status", "103", "link", "x"); s.head(1, true, ":status", "200") },
		[]string{"1: status 200", "1: end 200, 0 bytes"}, -1},
	{"trailers", 1, func(s *script) {
		s.head(1, false, ":status", "200")
		s.WriteData(1, false, []byte("x"))
		s.head(1, true, "sum", "1")
	}, []string{"1: status 200", "1: end 200, 1 bytes"}, -1},
	{"padding, priority, continuation", 1, func(s *script) {
		b := s.fields(":status", "200", "server", "x")
		s.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: b[:1], PadLength: 9, Priority: http2.PriorityParam{StreamDep: 3, Weight: 5}})
		s.WriteContinuation(1, false, nil)
		s.WriteContinuation(1, true, b[1:])
		s.WritePriority(7, http2.PriorityParam{})
		s.WriteDataPadded(1, true, []byte("abc"), make([]byte, 200))
	}, []string{"1: status 200", "1: end 200, 3 bytes"}, -1},
	{"unknown frames", 1, func(s *script) { s.WriteRawFrame(0xbe, 0xff, 1, []byte("?")); s.head(1, true, ":status", "200") },
		[]string{"1: status 200", "1: end 200, 0 bytes"}, -1},
	{"out of order", 2, func(s *script) { s.head(3, true, ":status", "500"); s.head(1, true, ":status", "200") },
		[]string{"3: status 500", "3: end 500, 0 bytes", "1: status 200", "1: end 200, 0 bytes"}, -1},
	{"reset", 1, func(s *script) { s.WriteRSTStream(1, http2.ErrCodeInternal); s.head(1, true, ":status", "200") }, []string{"1: reset 2 retry=false ours=false"}, -1},
	{"refused", 1, func(s *script) { s.WriteRSTStream(1, http2.ErrCodeRefusedStream) }, []string{"1: reset 7 retry=true ours=false"}, -1},
	{"goaway", 2, func(s *script) { s.WriteGoAway(1, http2.ErrCodeNo, []byte("bye")); s.head(1, true, ":status", "200") },
		[]string{"3: reset 7 retry=true ours=false", "goaway 1 code 0", "1: status 200", "1: end 200, 0 bytes"}, -1},
	{"too short for its length", 1, func(s *script) {
		s.head(1, false, ":status", "200", "content-length", "3")
		s.WriteData(1, true, []byte("ab"))
	},
		[]string{"1: status 200", "1: reset 1 retry=false ours=true"}, -1},
	{"too long for its length", 1, func(s *script) {
		s.head(1, false, ":status", "200", "content-length", "1")
		s.WriteData(1, false, []byte("ab"))
	},
		[]string{"1: status 200", "1: reset 1 retry=false ours=true"}, -1},
	{"body before the head", 1, func(s *script) { s.WriteData(1, true, []byte("ab")) }, []string{"1: reset 1 retry=false ours=true"}, -1},
	{"no status", 1, func(s *script) { s.head(1, true, "server", "x") }, []string{"1: reset 1 retry=false ours=true"}, -1},
	{"two statuses", 1, func(s *script) { s.head(1, true, ":status", "200", ":status", "200") }, []string{"1: reset 1 retry=false ours=true"}, -1},
	{"status after a field", 1, func(s *script) { s.head(1, true, "server", "x", ":status", "200") }, []string{"1: reset 1 retry=false ours=true"}, -1},
	{"pseudo-header of requests", 1, func(s *script) { s.head(1, true, ":status", "200", ":path", "/") }, []string{"1: reset 1 retry=false ours=true"}, -1},
	{"unknown pseudo-header", 1, func(s *script) { s.head(1, true, ":status", "200", ":foo", "/") }, []string{"1: reset 1 retry=false ours=true"}, -1},
	{"101", 1, func(s *script) { s.head(1, false, ":status", "101") }, []string{"1: reset 1 retry=false ours=true"}, -1},
	{"trailers that do not end", 1, func(s *script) { s.head(1, false, ":status", "200"); s.head(1, false, "a", "b") },
		[]string{"1: status 200", "1: reset 1 retry=false ours=true"}, -1},
	{"window update of 0", 1, func(s *script) { s.WriteWindowUpdate(1, 0) }, []string{"1: reset 1 retry=false ours=true"}, -1},
	{"stream window too large", 1, func(s *script) { s.WriteWindowUpdate(1, 1<<31-1) }, []string{"1: reset 3 retry=false ours=true"}, -1},

	{"connection window too large", 0, func(s *script) { s.WriteWindowUpdate(0, 1<<31-1) }, nil, 3},
	{"stream not opened", 1, func(s *script) { s.head(3, true, ":status", "200") }, nil, 1},
	{"even stream", 1, func(s *script) { s.WriteData(2, true, nil) }, nil, 1},
	{"reset of an idle stream", 0, func(s *script) { s.WriteRSTStream(1, 0) }, nil, 1},
	{"data on the connection", 1, func(s *script) { s.WriteData(0, true, nil) }, nil, 1},
	{"ping on a stream", 1, func(s *script) { s.WriteRawFrame(http2.FramePing, 0, 1, make([]byte, 8)) }, nil, 1},
	{"ping of 7", 1, func(s *script) { s.WriteRawFrame(http2.FramePing, 0, 0, make([]byte, 7)) }, nil, 6},
	{"settings of 5", 1, func(s *script) { s.WriteRawFrame(http2.FrameSettings, 0, 0, make([]byte, 5)) }, nil, 6},
	{"settings ack with contents", 1, func(s *script) { s.WriteRawFrame(http2.FrameSettings, 1, 0, make([]byte, 6)) }, nil, 6},
	{"goaway of 4", 1, func(s *script) { s.WriteRawFrame(http2.FrameGoAway, 0, 0, make([]byte, 4)) }, nil, 6},
	{"push setting", 1, func(s *script) { s.WriteSettings(http2.Setting{ID: http2.SettingEnablePush, Val: 1}) }, nil, 1},
	{"frame size setting", 1, func(s *script) { s.WriteSettings(http2.Setting{ID: http2.SettingMaxFrameSize, Val: 1}) }, nil, 1},
	{"window setting", 1, func(s *script) { s.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 31}) }, nil, 3},
	{"push", 1, func(s *script) {
		s.WritePushPromise(http2.PushPromiseParam{StreamID: 1, PromiseID: 2, EndHeaders: true})
	}, nil, 1},
	{"large frame", 1, func(s *script) { s.WriteData(1, true, make([]byte, 16385)) }, nil, 6},
	{"padding over the frame", 1, func(s *script) { s.WriteRawFrame(http2.FrameData, 8, 1, []byte{9, 0}) }, nil, 1},
	{"index out of the table", 1, func(s *script) { s.WriteRawFrame(http2.FrameHeaders, 5, 1, []byte{0x80 | 62}) }, nil, 9},
	{"a table over 4096", 1, func(s *script) { s.WriteRawFrame(http2.FrameHeaders, 5, 1, []byte{0x3f, 0xe2, 0x1f}) }, nil, 9},
	{"an entry that was evicted", 1, func(s *script) {
		s.WriteRawFrame(http2.FrameHeaders, 5, 1, []byte{0x40, 1, 'a', 1, 'b', 0x20, 0x80 | 62})
	}, nil, 9},
	{"truncated literal", 1, func(s *script) { s.WriteRawFrame(http2.FrameHeaders, 5, 1, []byte{0x48, 3, '2'}) }, nil, 9},
	{"interrupted block", 2, func(s *script) {
		s.WriteRawFrame(http2.FrameHeaders, 0, 1, []byte{0x88})
		s.head(3, true, ":status", "200")
	}, nil, 1},
	{"unexpected continuation", 1, func(s *script) { s.WriteContinuation(1, true, nil) }, nil, 1},
	{"endless header", 1, func(s *script) {
		s.WriteRawFrame(http2.FrameHeaders, 0, 1, []byte{0x88})
		for range 5 {
			s.WriteContinuation(1, false, make([]byte, 16000))
		}
	}, nil, 11},
	{"endless empty continuations", 1, func(s *script) {
		s.WriteRawFrame(http2.FrameHeaders, 0, 1, []byte{0x88})
		for range 8000 {
			s.WriteContinuation(1, false, nil)
		}
	}, nil, 11},
}

// replay feeds bytes of the server in pieces of size bytes. It returns all events and the output.
func replay(c *Conn, data []byte, size int) (l eventLog, out []byte, err error) {
	for len(data) > 0 && err == nil {
		n := min(size, len(data))
		out, err = c.Feed(data[:n], out, l.on)
		data = data[n:]
	}
	return l, out, err
}

func TestConn(t *testing.T) {
	for _, d := range dialogues {
		t.Run(d.name, func(t *testing.T) {
			s := newScript()
			s.WriteSettings()
			d.play(s)
			for _, size := range []int{s.Len(), 1, 5, 11} {
				c, _ := opened(d.n)
				l, out, err := replay(c, s.Bytes(), size)
				if !slices.Equal(l.text, d.want) {
					t.Errorf("reads of %d: %q, want %q", size, l.text, d.want)
				}
				code := -1
				if e, ok := err.(*protocolError); ok {
					code = int(e.code)
				}
				if code != d.code {
					t.Errorf("reads of %d: %v, want code %d", size, err, d.code)
				}
				if goaway := bytes.HasSuffix(out, []byte{0, 0, 8, frameGoaway, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, byte(code)}); goaway != (err != nil) {
					t.Errorf("GOAWAY: %v", goaway)
				}
			}
		})
	}
}

func TestRoom(t *testing.T) {
	c, _ := opened(4)
	if c.Room() != 0 || c.Active() != 4 {
		t.Fatalf("room %d, active %d", c.Room(), c.Active())
	}
	if _, _, ok := c.Request(nil, &Request{Fields: getFields}); ok {
		t.Fatal("accepted a request without room")
	}
	s := newScript()
	s.WriteSettings(http2.Setting{ID: http2.SettingMaxConcurrentStreams, Val: 2})
	s.head(3, true, ":status", "200")
	s.head(5, true, ":status", "200")
	s.head(7, true, ":status", "200")
	replay(c, s.Bytes(), 1000)
	if c.Room() != 1 {
		t.Fatalf("room %d, want 1: the peer allows 2 streams", c.Room())
	}
	for i := range 100 { // stream 1 stays open: its slot is skipped
		id, _, ok := c.Request(nil, &Request{Fields: getFields})
		if !ok || id <= 7 {
			t.Fatal(i, id, ok)
		}
		if c.Cancel(nil, id); c.find(1) == nil || c.Active() != 1 {
			t.Fatal("stream 1 was lost")
		}
	}
	c.nextID = maxWindow
	if id, _, ok := c.Request(nil, &Request{Fields: getFields}); !ok || id != maxWindow || !c.Closing() || c.Room() != 0 {
		t.Fatal("last stream ID", id, ok)
	}
}

func TestRoomBeforeSettings(t *testing.T) {
	c := New(10)
	_, _, ok := c.Request(c.Start(nil), &Request{Fields: getFields})
	if !ok || c.Room() != 0 {
		t.Fatal(ok, c.Room())
	}
	s := newScript()
	s.WriteSettings()
	if replay(c, s.Bytes(), 100); c.Room() != 9 {
		t.Fatal(c.Room())
	}
}

// For arbitrary bytes, there is no panic, the events do not depend on how the bytes are split, and every request ends once.
func FuzzConn(f *testing.F) {
	for _, d := range dialogues {
		s := newScript()
		s.WriteSettings()
		if d.play(s); s.Len() < 4096 {
			f.Add(s.Bytes(), uint8(d.n))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, n uint8) {
		n %= 8
		var first eventLog
		var firstErr string
		var answers []byte
		for i, size := range []int{len(data) + 1, 1, 7} {
			c, _ := opened(int(n))
			l, out, err := replay(c, data, size)
			ends := map[string]int{}
			for _, e := range l.text {
				if id, what, ok := strings.Cut(e, ": "); ok && !strings.HasPrefix(what, "status") {
					ends[id]++
				}
			}
			left := 0
			c.each(func(id uint32, _ int) { ends[fmt.Sprint(id)]++; left++ })
			for id, k := range ends {
				if k != 1 {
					t.Fatalf("stream %s ended %d times", id, k)
				}
			}
			if len(ends) != int(n) || left != c.Active() {
				t.Fatalf("%d of %d requests accounted for, %d active, %d listed", len(ends), n, c.Active(), left)
			}
			if i == 0 {
				first, firstErr, answers = l, fmt.Sprint(err), out
			} else if !slices.Equal(l.text, first.text) || fmt.Sprint(err) != firstErr || !bytes.Equal(out, answers) {
				t.Fatalf("in reads of %d: %q %v, in one: %q %v", size, l.text, err, first.text, firstErr)
			}
		}
	})
}
