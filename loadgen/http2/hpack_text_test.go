package http2

import (
	"bytes"
	"slices"
	"testing"

	"golang.org/x/net/http2/hpack"
)

// TestHeadText: fields are told as they were sent; what only the table knows is counted.
func TestHeadText(t *testing.T) {
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
		if got := headText(block(status, kind, again, secret, own)); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := headText(block(hpack.HeaderField{Name: ":status", Value: "500"}, kind)); !slices.Equal(got, []string{"(and 1 that an earlier response had)"}) {
		t.Errorf("%q", got)
	}
	if got := headText(block(status, hpack.HeaderField{Name: "x-why", Value: "other"})); !slices.Equal(got, []string{"(and 1 that an earlier response had)"}) {
		t.Errorf("%q", got)
	}
	enc.SetMaxDynamicTableSize(0)
	if got := headText(block(status, kind)); !slices.Equal(got, []string{"content-type: text/plain"}) {
		t.Errorf("after a change of the table's size %q", got)
	}
}

// FuzzHeadText: whatever a target sends, its text ends.
func FuzzHeadText(f *testing.F) {
	f.Add([]byte{0x88, 0x40, 1, 'a', 1, 'b', 0xff, 0x80})
	f.Fuzz(func(t *testing.T, block []byte) {
		if lines := headText(block); len(lines) > len(block)+1 {
			t.Errorf("%d lines of %d bytes", len(lines), len(block))
		}
	})
}
