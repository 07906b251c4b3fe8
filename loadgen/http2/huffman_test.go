package http2

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/http2/hpack"
)

// decodedLen agrees with the library, including on invalid input.
func FuzzHuffmanLength(f *testing.F) {
	var all []byte
	for b := range 256 {
		all = append(all, byte(b))
	}
	for _, s := range []string{"", "a", "Mon, 23 Nov 2026 10:00:00 GMT", "\xff\x00~", strings.Repeat("0", 99), string(all)} {
		f.Add(hpack.AppendHuffmanString(nil, s))
	}
	for _, b := range [][]byte{{0xff}, {0xff, 0xff, 0xff, 0xff}, {0x00}, {0xfe}, {0x1f}, {0x3f}} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		text, err := hpack.HuffmanDecodeToString(b)
		n, ok := huffman.decodedLen(b)
		if ok != (err == nil) || ok && n != len(text) {
			t.Errorf("%x: %d, %v; the library: %q, %v", b, n, ok, text, err)
		}
	})
}

// readDigits agrees with the library followed by readDigits of plain text.
func FuzzHuffmanDigits(f *testing.F) {
	for _, s := range []string{"", "0", "200", "18446744073709551616", "1x", "12345678901234567"} {
		f.Add(hpack.AppendHuffmanString(nil, s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, ok := readDigits(b, true)
		text, err := hpack.HuffmanDecodeToString(b)
		want, valid := readDigits([]byte(text), false)
		if valid = valid && err == nil; ok != valid || ok && got != want {
			t.Errorf("%x is %q: %d, %v, want %d, %v", b, text, got, ok, want, valid)
		}
	})
}

func TestReadDigits(t *testing.T) {
	for n := range int64(20000) {
		s := fmt.Sprint(n * n * 7919)
		for _, c := range []struct {
			b []byte
			h bool
		}{{[]byte(s), false}, {hpack.AppendHuffmanString(nil, s), true}} {
			if got, ok := readDigits(c.b, c.h); !ok || fmt.Sprint(got) != s {
				t.Fatalf("%s (%v): %d, %v", s, c.h, got, ok)
			}
		}
	}
	for _, s := range []string{"", "2x", "x", "-1", "99999999999999999999"} {
		if _, ok := readDigits(hpack.AppendHuffmanString(nil, s), true); ok {
			t.Errorf("Huffman code of %q accepted", s)
		}
		if _, ok := readDigits([]byte(s), false); ok {
			t.Errorf("%q accepted", s)
		}
	}
}
