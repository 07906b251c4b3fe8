package http2

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// script builds the frames that a server sends.
type script struct {
	bytes.Buffer
	*http2.Framer
	enc   *hpack.Encoder
	block bytes.Buffer
}

func newScript() *script {
	s := new(script)
	s.Framer = http2.NewFramer(&s.Buffer, nil)
	s.AllowIllegalWrites = true
	s.enc = hpack.NewEncoder(&s.block)
	s.enc.SetMaxDynamicTableSize(0)
	return s
}

func (s *script) fields(pairs ...string) []byte {
	s.block.Reset()
	for i := 0; i < len(pairs); i += 2 {
		s.enc.WriteField(hpack.HeaderField{Name: pairs[i], Value: pairs[i+1]})
	}
	return bytes.Clone(s.block.Bytes())
}

func (s *script) head(id uint32, ends bool, pairs ...string) {
	s.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: s.fields(pairs...), EndStream: ends, EndHeaders: true})
}

// eventLog records the events of a connection, with the pieces of each body added up.
type eventLog struct {
	text   []string
	bodies map[uint32]int
}

func (l *eventLog) on(e *Event) {
	switch e.Kind {
	case Status:
		l.text = append(l.text, fmt.Sprintf("%d: status %d", e.stream, e.Status))
	case Body:
		if l.bodies == nil {
			l.bodies = map[uint32]int{}
		}
		l.bodies[e.stream] += len(e.Data)
	case End:
		l.text = append(l.text, fmt.Sprintf("%d: end %d, %d bytes", e.stream, e.Status, e.Bytes))
	case Reset:
		l.text = append(l.text, fmt.Sprintf("%d: reset %d retry=%v ours=%v", e.stream, e.code, e.Retry, e.Ours))
	case Goaway:
		l.text = append(l.text, fmt.Sprintf("goaway %d code %d", e.lastID, e.code))
	}
}

var getFields = NewFields("GET", "http", "target:80", "/path", []Field{{Name: "User-Agent", Value: "landfall"}, {Name: "X-Long", Value: strings.Repeat("v", 100)}})

// opened returns a connection with n GET requests in flight, and its output.
func opened(n int) (*Conn, []byte) {
	c := New(max(n, 1))
	c.peerStreams = uint32(n) // as if the peer had sent this limit
	out := c.Start(nil)
	for i := range n {
		_, out, _ = c.Request(out, &Request{Fields: getFields, Tag: i})
	}
	return c, out
}
