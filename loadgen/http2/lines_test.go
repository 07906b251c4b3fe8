package http2

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/http2/hpack"
)

func linesOf(block []byte) []string {
	var r lineReader
	r.read(block)
	return r.list()
}

// Without the peer's table, fields that are only in the table are counted.
func TestLinesWithoutTheTable(t *testing.T) {
	var out bytes.Buffer
	enc := hpack.NewEncoder(&out)
	block := func(fields ...hpack.HeaderField) []byte {
		out.Reset()
		for _, f := range fields {
			_ = enc.WriteField(f)
		}
		return out.Bytes()
	}
	status := hpack.HeaderField{Name: ":status", Value: "503"}
	kind, again := hpack.HeaderField{Name: "content-type", Value: "text/plain"}, hpack.HeaderField{Name: "retry-after", Value: "7"}
	secret, own := hpack.HeaderField{Name: "set-cookie", Value: "sid=1", Sensitive: true}, hpack.HeaderField{Name: "x-why", Value: "\x01no stock"}
	for _, want := range [][]string{
		{"content-type: text/plain", "retry-after: 7", "set-cookie: sid=1", "x-why: \x01no stock"},
		{"set-cookie: sid=1", "(and 3 that an earlier response had)"},
	} {
		if got := linesOf(block(status, kind, again, secret, own)); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := linesOf(block(hpack.HeaderField{Name: ":status", Value: "500"}, kind)); !slices.Equal(got, []string{"(and 1 that an earlier response had)"}) {
		t.Errorf("%q", got)
	}
	if got := linesOf(block(status, hpack.HeaderField{Name: "x-why", Value: "other"})); !slices.Equal(got, []string{"(and 1 that an earlier response had)"}) {
		t.Errorf("%q", got)
	}
	enc.SetMaxDynamicTableSize(0)
	if got := linesOf(block(status, kind)); !slices.Equal(got, []string{"content-type: text/plain"}) {
		t.Errorf("after a change of the table's size %q", got)
	}
}

// The decoder, the line reader and the library agree on blocks that they accept.
func FuzzLines(f *testing.F) {
	var b strings.Builder
	enc := hpack.NewEncoder(&b)
	for _, list := range [][2]string{{":status", "200"}, {"content-length", "12"}, {"set-cookie", "a=b"}, {"accept-encoding", "gzip, deflate"}, {":status", "99"}, {"content-length", "x"}} {
		_ = enc.WriteField(hpack.HeaderField{Name: list[0], Value: list[1]})
		f.Add([]byte(b.String()), []byte(b.String()))
	}
	f.Add([]byte{0x88}, []byte{0x20, 0x88})
	f.Add([]byte{0x88, 0x40, 1, 'a', 1, 'b', 0xff, 0x80}, []byte{0x88, 0xbe, 0x40, 1, 'c', 1, '\n'})
	f.Fuzz(func(t *testing.T, first, second []byte) {
		short := decoder{table: table{limit: tableSize}}
		r := lineReader{follows: true, limit: tableSize}
		var fields []hpack.HeaderField
		library := hpack.NewDecoder(tableSize, func(f hpack.HeaderField) { fields = append(fields, f) })
		for _, block := range [][]byte{first, second} {
			if lines := linesOf(block); len(lines) > len(block)+1 {
				t.Fatalf("%d lines of %d bytes", len(lines), len(block))
			}
			fields = nil
			_, err := library.Write(block)
			if closed := library.Close(); err != nil || closed != nil {
				return
			}
			if h, ok := short.decode(block); !ok || h.malformed {
				return
			}
			if !r.read(block) || r.earlier > 0 {
				t.Fatalf("%x does not decode: %+v", block, r)
			}
			if want := regular(fields); !slices.Equal(r.list(), want) {
				t.Fatalf("%q, want %q", r.list(), want)
			}
			if len(r.text) > maxLines || r.used > tableSize {
				t.Fatalf("%d bytes of text, %d of the table", len(r.text), r.used)
			}
		}
	})
}

// regular returns the lines of fields without pseudo-headers, up to the limit.
func regular(fields []hpack.HeaderField) (lines []string) {
	size := 0
	for _, f := range fields {
		line := strings.NewReplacer("\r", " ", "\n", " ").Replace(f.Name + ": " + f.Value)
		if f.Name != "" && f.Name[0] != ':' && size+len(line) < maxLines {
			lines = append(lines, line)
			size += len(line) + 1
		}
	}
	return lines
}

// The header of the final response is reported; interim responses and trailers are not.
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
	if _, err := c.Feed(in, nil, func(e *Event) { status = max(status, e.Status) }); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, []string{"set-cookie: a=b", "location: /x"}) || status != 200 {
		t.Errorf("%d %q", status, got)
	}
}

// A response with a line break in a value is malformed.
func TestLineBreaksInValues(t *testing.T) {
	r := lineReader{follows: true, limit: tableSize}
	var b strings.Builder
	enc := hpack.NewEncoder(&b)
	for range 2 { // a literal, then a reference to the table
		b.Reset()
		_ = enc.WriteField(hpack.HeaderField{Name: "x", Value: "1\r\nset-cookie: a=b"})
		if !r.read([]byte(b.String())) || !r.malformed || !slices.Equal(r.list(), []string{"x: 1  set-cookie: a=b"}) {
			t.Errorf("%+v", r)
		}
	}
}

// The header has a date and a cookie that are not added to the table, and otherwise references to the table.
func BenchmarkLines(b *testing.B) {
	var out bytes.Buffer
	enc := hpack.NewEncoder(&out)
	block := func(second int) []byte {
		out.Reset()
		for _, f := range [][2]string{{":status", "200"}, {"server", "nginx"}, {"content-type", "text/plain"}, {"content-length", "2"}} {
			_ = enc.WriteField(hpack.HeaderField{Name: f[0], Value: f[1]})
		}
		_ = enc.WriteField(hpack.HeaderField{Name: "date", Value: fmt.Sprintf("Mon, 23 Nov 2026 10:00:%02d GMT", second), Sensitive: true})
		_ = enc.WriteField(hpack.HeaderField{Name: "set-cookie", Value: fmt.Sprintf("sid=%d", second), Sensitive: true})
		return bytes.Clone(out.Bytes())
	}
	var blocks [][]byte
	for second := range 60 {
		blocks = append(blocks, block(second))
	}
	c := New(1)
	c.Lines(func(int, []byte) {})
	_, _ = c.decodeBlock(blocks[0])
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if h, ok := c.decodeBlock(blocks[1+n%59]); !ok || h.status != 200 || h.length != 2 {
			b.Fatal(h)
		}
	}
}
