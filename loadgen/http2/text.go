package http2

import (
	"strings"

	"golang.org/x/net/http2/hpack"
)

// Lines has the header of each final response told as text, a line "name: value" at a time, before its Status. It must be called
// before anything is fed. tell must not keep the line.
func (c *Conn) Lines(tell func(tag int, line []byte)) { c.text = newTextDecoder(tell) }

// textDecoder reads header blocks in full. A connection whose response headers are not needed uses a decoder instead.
type textDecoder struct {
	tell    func(tag int, line []byte)
	hpack   *hpack.Decoder
	head    head
	regular bool   // a field that is no pseudo-header came
	lines   []byte // of the block, each with its end
}

func newTextDecoder(tell func(int, []byte)) *textDecoder {
	d := &textDecoder{tell: tell}
	d.hpack = hpack.NewDecoder(tableSize, d.take)
	d.hpack.SetMaxStringLength(maxBlock)
	return d
}

// decode reads a block; ok is false if it is none, which ends the connection.
func (d *textDecoder) decode(block []byte) (h head, ok bool) {
	d.head, d.regular, d.lines = head{length: -1}, false, d.lines[:0]
	_, err := d.hpack.Write(block)
	if closed := d.hpack.Close(); err != nil || closed != nil {
		return d.head, false
	}
	return d.head, true
}

// maxLines bounds what a block's fields take as text: a few bytes may stand for many in the peer's table.
const maxLines = 4 * maxBlock

func (d *textDecoder) take(f hpack.HeaderField) {
	e, valid := entry{}, true
	switch {
	case f.Name == ":status":
		e.meaning = meansStatus
		e.value, valid = readDigits([]byte(f.Value), false)
		valid = valid && e.value >= 100 && e.value <= 999
	case f.Name == "content-length":
		e.meaning = meansLength
		e.value, valid = readDigits([]byte(f.Value), false)
	default:
		valid = f.Name != "" && f.Name[0] != ':' && !strings.ContainsAny(f.Value, "\r\n")
	}
	if !valid {
		e.meaning = meansMalformed
	}
	d.regular = d.head.take(e, d.regular)
	if len(d.lines)+len(f.Name)+len(f.Value) <= maxLines && d.regular {
		d.lines = append(append(append(append(d.lines, f.Name...), ": "...), f.Value...), '\n')
	}
}
