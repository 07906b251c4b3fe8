package http2

import (
	"bytes"

	"golang.org/x/net/http2/hpack"
)

// head holds the relevant fields of a response's header block.
type head struct {
	status    int
	length    int64 // Content-Length, or -1
	malformed bool  // the block can be decoded but is not a valid response (RFC 9113 §8.1.1)
}

var staticStatus = [...]int{200, 204, 206, 304, 400, 404, 500} // index 8 to 14 of the static table

const indexStatus, indexStatusEnd, indexLength = 8, 14, 28

// decoder decodes the header blocks of a connection. It keeps only the meaning of relevant fields, not their text.
type decoder struct {
	table    table
	inserted []entry // entries added by the current block; reused
	refers   bool    // the current block refers to the table
	resized  bool    // the current block resizes the table

	last lastBlock
}

// lastBlock is the last block. Servers repeat the same bytes until the Date changes.
type lastBlock struct {
	bytes    []byte
	head     head
	inserted []entry
	refers   bool
	changes  uint64 // table.changes before the block
	again    int    // number of repetitions whose entries are not yet added to the table
}

// decode decodes a block. ok is false if it is malformed, which ends the connection.
func (d *decoder) decode(block []byte) (h head, ok bool) {
	l := &d.last
	if len(block) > 0 && bytes.Equal(block, l.bytes) && (!l.refers || l.changes == d.table.changes) {
		l.again++
		return l.head, true
	}
	d.catchUp()
	before := d.table.changes
	d.inserted, d.refers, d.resized = d.inserted[:0], false, false
	if h, ok = d.fields(block); ok && len(block) <= maxKnownBlock && !d.resized && !(d.refers && len(d.inserted) > 0) {
		l.bytes, l.head, l.refers, l.changes = append(l.bytes[:0], block...), h, d.refers, before
		l.inserted = append(l.inserted[:0], d.inserted...)
	}
	return h, ok
}

// catchUp adds the entries of the repetitions of the last block to the table. Until then nothing refers to them. Once the table holds
// nothing else, further repetitions change nothing.
func (d *decoder) catchUp() {
	for range min(d.last.again, maxEntries) {
		for _, e := range d.last.inserted {
			d.table.add(e)
		}
	}
	d.last.again = 0
}

func (d *decoder) fields(b []byte) (h head, ok bool) {
	h.length = -1
	for ok = true; ok && len(b) > 0 && b[0]&0xe0 == 0x20; { // size updates are only allowed before the first field
		var size uint64
		size, b, ok = readInt(b, 5)
		d.resized = true
		ok = ok && d.table.resize(size)
	}
	for regular := false; ok && len(b) > 0; {
		var e entry
		switch c := b[0]; {
		case c&0x80 != 0:
			e, b, ok = d.indexed(b)
		case c&0x40 != 0:
			if e, b, ok = d.literal(b, insertBits); ok {
				d.table.add(e)
				d.inserted = append(d.inserted, e)
			}
		case c&0x20 != 0:
			return h, false
		default:
			e, b, ok = d.literal(b, 4)
		}
		if ok {
			regular = h.take(e, regular)
		}
	}
	return h, ok
}

// take adds a field. regular means that there was a field other than a pseudo-header before it; the result includes this field.
func (h *head) take(e entry, regular bool) bool {
	switch e.meaning {
	case meansStatus:
		if h.status != 0 || regular {
			h.malformed = true
		}
		h.status = int(e.value)
		return regular
	case meansLength:
		if h.length >= 0 && h.length != e.value {
			h.malformed = true
		}
		h.length = e.value
	case meansMalformed:
		h.malformed = true
		return regular
	}
	return true
}

// indexed decodes a reference to a field of the static or dynamic table.
func (d *decoder) indexed(b []byte) (e entry, rest []byte, ok bool) {
	i, rest, ok := readInt(b, 7)
	switch n := uint64(len(staticNames)); {
	case !ok || i == 0:
		return e, rest, false
	case i >= n:
		d.refers = true
		e, ok = d.table.at(i - n + 1)
	case i < indexStatus:
		e.meaning = meansMalformed
	case i <= indexStatusEnd:
		e.meaning, e.value = meansStatus, int64(staticStatus[i-indexStatus])
	}
	return e, rest, ok
}

// insertBits is the number of index bits of a literal that is added to the table. Other literals have 4.
const insertBits = 6

// literal decodes a literal field. Its decoded length is computed only if it is added to the table.
func (d *decoder) literal(b []byte, bits uint) (e entry, rest []byte, ok bool) {
	if b, ok = d.name(&e, b, bits); !ok {
		return e, b, false
	}
	value, huffmanCoded, rest, ok := readString(b)
	if !ok {
		return e, rest, false
	}
	if bits == insertBits {
		var n int
		n, ok = textLen(value, huffmanCoded)
		e.size = e.nameLen + int32(n) + entryOverhead
	}
	e.meaning = e.name
	if e.name == meansStatus || e.name == meansLength {
		digits, valid := readDigits(value, huffmanCoded)
		if e.value = digits; !valid || e.name == meansStatus && (digits < 100 || digits > 999) {
			e.meaning = meansMalformed
		}
	}
	return e, rest, ok
}

// name decodes the name of a literal, which may be a reference to either table.
func (d *decoder) name(e *entry, b []byte, bits uint) (rest []byte, ok bool) {
	i, b, ok := readInt(b, bits)
	switch n := uint64(len(staticNames)); {
	case !ok:
		return b, false
	case i >= n:
		known, found := d.table.at(i - n + 1)
		d.refers = true
		e.name, e.nameLen = known.name, known.nameLen
		return b, found
	case i > 0:
		e.name, e.nameLen = nameMeaning(i), int32(len(staticNames[i]))
		return b, true
	}
	name, huffmanCoded, b, ok := readString(b)
	if !ok {
		return b, false
	}
	e.name = nameMeaning(nameIndex(name, huffmanCoded))
	if bits == insertBits {
		var n int
		n, ok = textLen(name, huffmanCoded)
		e.nameLen = int32(n)
	}
	return b, ok
}

func nameMeaning(i uint64) meaning {
	switch {
	case indexStatus <= i && i <= indexStatusEnd:
		return meansStatus
	case i < indexStatus:
		return meansMalformed
	case i == indexLength:
		return meansLength
	}
	return meansNothing
}

// textLen returns the decoded length of a string.
func textLen(b []byte, huffmanCoded bool) (n int, ok bool) {
	if !huffmanCoded {
		return len(b), true
	}
	return huffman.decodedLen(b)
}

var (
	statusName, statusHuffman = []byte(":status"), hpack.AppendHuffmanString(nil, ":status")
	lengthName, lengthHuffman = []byte("content-length"), hpack.AppendHuffmanString(nil, "content-length")
)

// nameIndex returns the static index of :status and content-length, 1 for any other pseudo-header, and the last index for any other
// name.
func nameIndex(name []byte, huffman bool) uint64 {
	status, length := statusName, lengthName
	pseudo := len(name) > 0 && name[0] == ':'
	if huffman {
		status, length = statusHuffman, lengthHuffman
		pseudo = len(name) > 0 && name[0]&0xfe == 0xb8 // the Huffman code of ":" has 7 bits
	}
	switch {
	case string(name) == string(status):
		return indexStatus
	case string(name) == string(length):
		return indexLength
	case pseudo || len(name) == 0:
		return 1
	}
	return uint64(len(staticNames) - 1)
}

func readString(b []byte) (s []byte, huffman bool, rest []byte, ok bool) {
	if len(b) == 0 {
		return nil, false, b, false
	}
	huffman = b[0]&0x80 != 0
	n, b, ok := readInt(b, 7)
	if !ok || n > uint64(len(b)) {
		return nil, false, b, false
	}
	return b[:n], huffman, b[n:], true
}

func readInt(b []byte, bits uint) (i uint64, rest []byte, ok bool) {
	if len(b) == 0 {
		return 0, b, false
	}
	top := uint64(1)<<bits - 1
	if i = uint64(b[0]) & top; i < top {
		return i, b[1:], true
	}
	for n := 1; n < len(b) && n <= 5; n++ { // longer integers are out of range
		i += uint64(b[n]&0x7f) << (7 * (n - 1))
		if b[n]&0x80 == 0 {
			return i, b[n+1:], true
		}
	}
	return 0, b, false
}
