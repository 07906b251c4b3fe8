package http2

import (
	"fmt"

	"golang.org/x/net/http2/hpack"
)

// Head returns the header of the response whose status is being reported, as lines "name: value" without pseudo-headers; it
// may be called by on with an event of kind [Status] alone. The decoder keeps no text of its table, so fields that the block
// only refers to, because an earlier response had them, are not known: the last line says how many there are.
func (c *Conn) Head() []string { return headText(c.reported) }

// headText tells the fields of a block that decodes.
func headText(b []byte) (lines []string) {
	earlier := -1 // the status is one of the fields
	for ok := true; ok && len(b) > 0; {
		var name, value string
		switch c := b[0]; {
		case c&0x80 != 0:
			var i uint64
			i, b, ok = readInt(b, 7)
			switch {
			case i >= uint64(len(staticNames)):
				earlier++
			case i <= indexStatusEnd: // the rest of the static table has empty values
				earlier = max(earlier, 0)
			}
			continue
		case c&0xe0 == 0x20: // the table's size
			_, b, ok = readInt(b, 5)
			continue
		case c&0x40 != 0:
			name, value, b, ok = literalText(b, insertBits)
		default:
			name, value, b, ok = literalText(b, 4)
		}
		switch {
		case !ok:
		case name != "" && name[0] == ':':
			earlier = max(earlier, 0)
		case name == "":
			earlier++
		default:
			lines = append(lines, name+": "+value)
		}
	}
	if earlier > 0 {
		lines = append(lines, fmt.Sprintf("(and %d that an earlier response had)", earlier))
	}
	return lines
}

// literalText reads a field with a value; its name is empty if it is in the dynamic table.
func literalText(b []byte, bits uint) (name, value string, rest []byte, ok bool) {
	i, b, ok := readInt(b, bits)
	switch {
	case !ok:
	case i == 0:
		name, b, ok = stringText(b)
	case i < uint64(len(staticNames)):
		name = staticNames[i]
	}
	if !ok {
		return "", "", b, false
	}
	value, b, ok = stringText(b)
	return name, value, b, ok
}

func stringText(b []byte) (text string, rest []byte, ok bool) {
	s, coded, rest, ok := readString(b)
	if !ok || !coded {
		return string(s), rest, ok
	}
	text, err := hpack.HuffmanDecodeToString(s)
	return text, rest, err == nil
}
