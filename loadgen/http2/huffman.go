package http2

import (
	"strings"

	"golang.org/x/net/http2/hpack"
)

// readDigits parses a decimal number, in plain text or in the Huffman code of RFC 7541, in which 0 to 2 have 5 bits and other digits 6.
func readDigits(b []byte, huffman bool) (n int64, ok bool) {
	if !huffman {
		for _, c := range b {
			if !isDigit(c) || n > 1<<59 {
				return 0, false
			}
			n = n*10 + int64(c-'0')
		}
		return n, len(b) > 0
	}
	var bits uint64
	have, digits := uint(0), 0
	for _, c := range b {
		bits, have = bits<<8|uint64(c), have+8
		for have >= 6 || have == 5 && bits&31 < 3 {
			d, used := int64(bits>>(have-5)&31), uint(5)
			if d > 2 {
				if d, used = int64(bits>>(have-6)&63)-0x19+3, 6; d < 3 || d > 9 {
					if bits&(1<<have-1) == 1<<have-1 && have < 8 {
						break // padding
					}
					return 0, false
				}
			}
			if n > 1<<59 {
				return 0, false
			}
			n, have, digits = n*10+d, have-used, digits+1
		}
	}
	return n, digits > 0 && have < 8 && bits&(1<<have-1) == 1<<have-1
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// huffman is the code of RFC 7541, prepared for counting symbols. The code is canonical: comparing 32 bits of input with the first code
// of each length gives the length of the first symbol.
var huffman = newHuffman()

type huffmanCode struct {
	short [256]uint8 // by the next 8 bits: length of a symbol of at most 8 bits, else 0
	after [31]uint64 // by length: upper bound of 32 bits of input that start with a code of this length
}

// newHuffman derives the code lengths from the library, which does not export its table: eight times a symbol takes as many bytes as its
// code has bits.
func newHuffman() (h huffmanCode) {
	var symbols [31]uint64
	for b := range 256 {
		symbols[hpack.HuffmanEncodeLength(strings.Repeat(string([]byte{byte(b)}), 8))]++
	}
	code := uint64(0)
	for length := 1; length < len(symbols); length++ {
		code = (code + symbols[length-1]) << 1
		h.after[length] = (code + symbols[length]) << (32 - length)
		for k := code; length <= 8 && k < code+symbols[length]; k++ {
			for i := range uint64(1) << (8 - length) {
				h.short[k<<(8-length)|i] = uint8(length)
			}
		}
	}
	return h
}

// decodedLen returns the decoded length of a string. ok is false for invalid code: EOS, or padding other than up to 7 ones (RFC 7541
// §5.2).
func (h *huffmanCode) decodedLen(b []byte) (n int, ok bool) {
	var bits uint64 // of which the lowest "have" bits are unread
	have := uint(0)
	for {
		for have <= 48 && len(b) > 0 {
			bits, have, b = bits<<8|uint64(b[0]), have+8, b[1:]
		}
		if have == 0 {
			return n, true
		}
		next := bits << (64 - have) >> 32 // 32 bits, padded with zeros
		length := uint(h.short[next>>24])
		if length == 0 {
			length = h.longer(next)
		}
		if length == 0 || length > have {
			return n, have < 8 && bits&(1<<have-1) == 1<<have-1
		}
		n, have = n+1, have-length
	}
}

// longer returns the length of a symbol of more than 8 bits, or 0.
func (h *huffmanCode) longer(next uint64) uint {
	for length := 9; length < len(h.after); length++ {
		if next < h.after[length] {
			return uint(length)
		}
	}
	return 0
}
