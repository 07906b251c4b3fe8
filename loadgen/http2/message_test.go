package http2

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/http2/hpack"
)

// A request given as HTTP/1.1 has it becomes the fields that HTTP/2 wants, without those that speak of the connection; nothing of it
// enters the peer's table.
func TestMessages(t *testing.T) {
	e := encoder{Max: tableSize}
	e.limit(0)
	for i, secure := range []bool{true, false} {
		block := e.encode(&Request{Secure: secure, Message: []byte("POST /a?b=c d HTTP/1.1\r\nUser-Agent: x\r\nHost: h.test:8443\r\nConnection: close\r\nX-Odd-Name:  v \r\nTE: gzip\r\nCookie: a=1; b=2\r\nContent-Length: 3")})
		var got []string
		d := hpack.NewDecoder(tableSize, func(f hpack.HeaderField) { got = append(got, f.Name+"="+f.Value) })
		if _, err := d.Write(block); err != nil || d.Close() != nil {
			t.Fatal(err)
		}
		want := []string{":method=POST", ":scheme=" + map[bool]string{true: "https", false: "http"}[secure], ":authority=h.test:8443", ":path=/a?b=c d", "user-agent=x", "x-odd-name=v", "cookie=a=1; b=2", "content-length=3"}
		if !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		if resized := block[0]&0xe0 == 0x20; resized != (i == 0) {
			t.Errorf("block %d says that the table was resized: %v", i, resized)
		}
	}
	if len(e.entries) != 0 {
		t.Errorf("%d entries", len(e.entries))
	}
}

// Of blocks that both accept, the decoder that reads text sees the same status and length as the one that does not.
func FuzzTextDecoder(f *testing.F) {
	var b strings.Builder
	enc := hpack.NewEncoder(&b)
	for _, list := range [][2]string{{":status", "200"}, {"content-length", "12"}, {"set-cookie", "a=b"}, {"date", "now"}, {":status", "99"}, {"content-length", "x"}} {
		_ = enc.WriteField(hpack.HeaderField{Name: list[0], Value: list[1]})
		f.Add([]byte(b.String()), []byte(b.String()))
	}
	f.Add([]byte{0x88}, []byte{0x20, 0x88})
	f.Fuzz(func(t *testing.T, first, second []byte) {
		short := decoder{table: table{limit: tableSize}}
		text := newTextDecoder(func(int, []byte) {})
		for _, block := range [][]byte{first, second} {
			a, ok := short.decode(block)
			b, whole := text.decode(block)
			if !ok || !whole {
				return
			}
			if !a.malformed && !b.malformed && (a.status != b.status || a.length != b.length) {
				t.Fatalf("%+v, as text %+v", a, b)
			}
			if len(text.lines) > maxLines+maxBlock {
				t.Fatalf("%d bytes of lines", len(text.lines))
			}
		}
	})
}

// The header of a final response is told, that of an interim one and trailers are not.
func TestLinesOfResponses(t *testing.T) {
	block := func(fields ...string) []byte {
		var b strings.Builder
		enc := hpack.NewEncoder(&b)
		for i := 0; i < len(fields); i += 2 {
			_ = enc.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]})
		}
		return []byte(b.String())
	}
	frame := func(kind, flags byte, payload []byte) []byte {
		return append(appendFrame(nil, len(payload), kind, flags, 1), payload...)
	}
	c := New(1)
	var got []string
	c.Lines(func(tag int, line []byte) { got = append(got, string(line)) })
	_, _, ok := c.Request(nil, &Request{Message: []byte("GET / HTTP/1.1\r\nHost: a"), Tag: 0})
	if !ok {
		t.Fatal("no room")
	}
	in := appendFrame(nil, 0, frameSettings, 0, 0)
	in = append(in, frame(frameHeaders, flagEndHeaders, block(":status", "103", "link", "early"))...)
	in = append(in, frame(frameHeaders, flagEndHeaders, block(":status", "200", "set-cookie", "a=b", "location", "/x"))...)
	in = append(in, frame(frameHeaders, flagEndHeaders|flagEndStream, block("trailer", "late"))...)
	status := 0
	if _, err := c.Feed(in, nil, func(e Event) { status = max(status, e.Status) }); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, []string{"set-cookie: a=b", "location: /x"}) || status != 200 {
		t.Errorf("%d %q", status, got)
	}
}
