package http2

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/http2/hpack"
)

// Lines makes the connection call tell for each header line "name: value" of each final response, before its [Status] event. It must be
// called before Feed. tell must not keep the line.
func (c *Conn) Lines(onLine func(tag int, line []byte)) {
	c.onLine, c.lines = onLine, &lineReader{follows: true, limit: tableSize}
}

// Head returns the header lines "name: value" of the current response, without pseudo-headers. It may only be called by on during a
// [Status] event. Unless [Conn.Lines] was called, the texts of the peer's table are not kept: fields that the response only refers to,
// because an earlier response had them, are unknown, and the last line tells their number.
func (c *Conn) Head() []string {
	r := c.lines
	if r == nil {
		r = &lineReader{}
		r.read(c.reported)
	}
	return r.list()
}

// lineReader decodes the fields of header blocks as text. It is slower than decoder, and is used only for blocks that decoder has accepted.
type lineReader struct {
	follows     bool // it reads every block of the connection, and so maintains the peer's table
	table       []lineField
	used, limit int // size of the table in the sense of RFC 7541

	text      []byte // lines of the last block, each ended by a line feed
	earlier   int    // number of unknown fields of the last block
	status    bool   // the last block has a known status
	malformed bool   // a field of the last block contains a line break
	field     []byte // reused
}

// lineField is an entry of the table.
type lineField struct{ name, value string }

func (f lineField) size() int { return len(f.name) + len(f.value) + entryOverhead }

// maxLines is the maximum size of a block as text: few bytes of a block may refer to large entries of the table.
const maxLines = 4 * maxBlock

// read decodes a block. It returns false for invalid Huffman code, which decoder only detects in fields that it measures.
func (r *lineReader) read(block []byte) (ok bool) {
	r.text, r.earlier, r.status, r.malformed = r.text[:0], 0, false, false
	for ok = true; ok && len(block) > 0; {
		var i uint64
		switch c := block[0]; {
		case c&0x80 != 0:
			i, block, ok = readInt(block, 7)
			r.refer(i)
		case c&0xe0 == 0x20:
			i, block, ok = readInt(block, 5)
			r.limit = int(i)
			r.evict(r.limit)
		case c&0x40 != 0:
			block, ok = r.literal(block, insertBits)
		default:
			block, ok = r.literal(block, 4)
		}
	}
	return ok
}

// list returns the lines of the last block.
func (r *lineReader) list() (lines []string) {
	for line := range strings.Lines(string(r.text)) {
		lines = append(lines, line[:len(line)-1])
	}
	earlier := r.earlier
	if !r.status { // one of them is the status
		earlier--
	}
	if earlier > 0 {
		lines = append(lines, fmt.Sprintf("(and %d that an earlier response had)", earlier))
	}
	return lines
}

// refer adds a field of a table. In the static table, only one regular field has a value.
func (r *lineReader) refer(i uint64) {
	f, ok := r.named(i)
	switch {
	case !ok:
		r.earlier++
		return
	case f.name == "accept-encoding" && i < uint64(len(staticNames)):
		f.value = "gzip, deflate"
	}
	r.field = append(append(append(r.field[:0], f.name...), ": "...), f.value...)
	r.take(len(f.name))
}

// named returns field i of the tables, without the value if it is in the static table. It returns false if the field is unknown.
func (r *lineReader) named(i uint64) (f lineField, ok bool) {
	if i < uint64(len(staticNames)) {
		return lineField{name: staticNames[i]}, true
	}
	if i -= uint64(len(staticNames)); i < uint64(len(r.table)) {
		return r.table[len(r.table)-1-int(i)], true
	}
	return f, false
}

// literal decodes a literal field, whose name may be in a table.
func (r *lineReader) literal(b []byte, bits uint) (rest []byte, ok bool) {
	i, b, ok := readInt(b, bits)
	var f lineField
	known := true
	if r.field = r.field[:0]; i > 0 {
		f, known = r.named(i)
		r.field = append(r.field, f.name...)
	} else if ok {
		b, ok = r.appendString(b)
	}
	name := len(r.field)
	r.field = append(r.field, ": "...)
	if ok {
		b, ok = r.appendString(b)
	}
	if !ok {
		return b, false
	}
	if bits == insertBits && r.follows {
		if i == 0 {
			f.name = string(r.field[:name])
		}
		f.value = string(r.field[name+2:])
		r.insert(f)
	}
	if known {
		r.take(name)
	} else {
		r.earlier++
	}
	return b, true
}

// take adds the current field. name is the length of its name.
func (r *lineReader) take(name int) {
	switch {
	case name == 0:
		return
	case r.field[0] == ':':
		r.status = r.status || string(r.field[:name]) == ":status"
		return
	case bytes.ContainsAny(r.field, "\r\n"):
		r.malformed = true
		for i, c := range r.field {
			if c == '\r' || c == '\n' {
				r.field[i] = ' '
			}
		}
	}
	if len(r.text)+len(r.field) < maxLines {
		r.text = append(append(r.text, r.field...), '\n')
	}
}

// appendString appends a string of a block to the current field.
func (r *lineReader) appendString(b []byte) (rest []byte, ok bool) {
	s, coded, rest, ok := readString(b)
	switch {
	case !ok:
	case coded:
		_, err := hpack.HuffmanDecode((*appender)(&r.field), s)
		ok = err == nil
	default:
		r.field = append(r.field, s...)
	}
	return rest, ok
}

type appender []byte

func (a *appender) Write(b []byte) (int, error) {
	*a = append(*a, b...)
	return len(b), nil
}

// insert adds a field to the table. One that is larger than the table empties it (RFC 7541 §4.4).
func (r *lineReader) insert(f lineField) {
	r.evict(r.limit - f.size())
	if f.size() <= r.limit {
		r.table = append(r.table, f)
		r.used += f.size()
	}
}

// evict removes the oldest fields until the table has at most size bytes.
func (r *lineReader) evict(size int) {
	for len(r.table) > 0 && r.used > size {
		r.used -= r.table[0].size()
		r.table[0] = lineField{}
		r.table = r.table[1:]
	}
}
