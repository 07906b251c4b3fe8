package http2

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/http2/hpack"
)

// Lines has the header of each final response told as text, a line "name: value" at a time, before its Status. It must be called
// before anything is fed. tell must not keep the line.
func (c *Conn) Lines(tell func(tag int, line []byte)) {
	c.tell, c.lines = tell, &lineReader{follows: true, limit: tableSize}
}

// Head returns the header of the response whose status is being reported, as lines "name: value" without pseudo-headers; it
// may be called by on with an event of kind [Status] alone. Unless [Conn.Lines] was called, no text of the peer's table is kept, so
// fields that the block only refers to, because an earlier response had them, are not known: the last line says how many there are.
func (c *Conn) Head() []string {
	r := c.lines
	if r == nil {
		r = &lineReader{}
		r.read(c.reported)
	}
	return r.list()
}

// lineReader reads the fields of header blocks as text. That costs more than decoder, which it follows: only blocks that
// decode are read.
type lineReader struct {
	follows     bool // it reads each block of the connection, so that it knows the peer's table
	table       []lineField
	used, limit int // of the table, as RFC 7541 counts

	text      []byte // lines of the last block, each with its end
	earlier   int    // fields of the last block that only the table knows
	status    bool   // of the last block is known
	malformed bool   // a field of the last block contains a line's end
	field     []byte // reused
}

// lineField is an entry of the table.
type lineField struct{ name, value string }

func (f lineField) size() int { return len(f.name) + len(f.value) + entryOverhead }

// maxLines limits the text of a block: a few bytes may stand for many in the peer's table.
const maxLines = 4 * maxBlock

// read returns false if a text does not decode, which the decoder notices only where its length matters.
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
	if !r.status { // it is one of those
		earlier--
	}
	if earlier > 0 {
		lines = append(lines, fmt.Sprintf("(and %d that an earlier response had)", earlier))
	}
	return lines
}

// refer reads a field that is in a table. Those of the static table have no value, but for one.
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

// named returns field i of the tables, without its value if it is in the static one; false: it is not known.
func (r *lineReader) named(i uint64) (f lineField, ok bool) {
	if i < uint64(len(staticNames)) {
		return lineField{name: staticNames[i]}, true
	}
	if i -= uint64(len(staticNames)); i < uint64(len(r.table)) {
		return r.table[len(r.table)-1-int(i)], true
	}
	return f, false
}

// literal reads a field with a value; its name may be in a table.
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

// take takes the field that was read, whose name has so many bytes.
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

// appendString appends a string of a block to the field that is being read.
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

// insert makes a field the newest of the table. One that is larger than the table empties it (RFC 7541, section 4.4).
func (r *lineReader) insert(f lineField) {
	r.evict(r.limit - f.size())
	if f.size() <= r.limit {
		r.table = append(r.table, f)
		r.used += f.size()
	}
}

// evict drops the oldest fields until the rest takes at most so many bytes.
func (r *lineReader) evict(most int) {
	for len(r.table) > 0 && r.used > most {
		r.used -= r.table[0].size()
		r.table[0] = lineField{}
		r.table = r.table[1:]
	}
}
