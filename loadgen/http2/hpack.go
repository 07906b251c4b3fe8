package http2

import (
	"strings"

	"golang.org/x/net/http2/hpack"
)

// Field is one field of a request's header. Names are lower case, pseudo-headers come first.
type Field struct {
	Name, Value string
	Vary        bool // the value comes with each request (h2Request.values) and is never put in the peer's table
}

// NewFields puts a request's header in the form HTTP/2 wants (RFC 9113 §8.2, §8.3): names in lower case, without the
// fields that speak of the connection. A Host among the headers takes the place of authority.
func NewFields(method, scheme, authority, path string, headers []Field) []Field {
	fields := []Field{{Name: ":method", Value: method}, {Name: ":scheme", Value: scheme},
		{Name: ":authority", Value: authority}, {Name: ":path", Value: path}}
	for _, f := range headers {
		f.Name = strings.ToLower(f.Name)
		switch f.Name {
		case "host":
			fields[2].Value, fields[2].Vary = f.Value, f.Vary
		case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "http2-settings":
		case "te":
			if f.Value == "trailers" {
				fields = append(fields, f)
			}
		default:
			fields = append(fields, f)
		}
	}
	return fields
}

const tableSize = 4096 // what a peer's table holds until it says otherwise

// encoder writes header blocks (RFC 7541). Each constant field enters the peer's table once, as long as there is room,
// and is one or two bytes from then on; nothing is ever evicted, so a block once encoded stays right until a field is
// added, and a constant request costs one copy.
type encoder struct {
	Max, used int
	resize    bool // the next block begins by saying that the table was emptied
	entries   []Field
	cached    []block // by h2Request.id
	scratch   []byte
}

// block is the constant part of a request's block, as encoded when the table had so many entries.
type block struct {
	entries int
	stable  bool // encoding it added nothing: it may be repeated
	bytes   []byte
	ends    []int // where each field ends in bytes
}

// limit takes the peer's SETTINGS_HEADER_TABLE_SIZE. We never use more than the default.
func (e *encoder) limit(size uint32) {
	if int64(size) >= int64(e.Max) {
		return
	}
	e.Max, e.used, e.resize = int(size), 0, true
	e.entries, e.cached = e.entries[:0], e.cached[:0]
}

// Encode returns the block of r, valid until the next call.
func (e *encoder) encode(r *Request) []byte {
	for len(e.cached) <= r.Id {
		e.cached = append(e.cached, block{})
	}
	b := &e.cached[r.Id]
	resized := e.resize
	if !b.stable || b.entries != len(e.entries) {
		e.build(b, r)
	}
	if len(r.Values) == 0 && !resized {
		return b.bytes
	}
	out := e.scratch[:0]
	if resized {
		e.resize = false
		out = appendInt(append(out, 0x20), 5, uint64(e.Max)) // to nothing, then to what the peer allows
		out[1] |= 0x20
	}
	start, v := 0, 0
	for i, f := range r.Fields {
		out = append(out, b.bytes[start:b.ends[i]]...)
		if start = b.ends[i]; f.Vary {
			out = appendVarying(out, f.Name, r.Values[v])
			v++
		}
	}
	e.scratch = out
	return out
}

func (e *encoder) build(b *block, r *Request) {
	before := len(e.entries)
	b.bytes, b.ends = b.bytes[:0], b.ends[:0]
	for _, f := range r.Fields {
		if !f.Vary {
			b.bytes = e.appendField(b.bytes, f)
		}
		b.ends = append(b.ends, len(b.bytes))
	}
	b.entries, b.stable = len(e.entries), len(e.entries) == before
}

func (e *encoder) appendField(out []byte, f Field) []byte {
	if i := staticField[f]; i > 0 {
		return append(out, 0x80|byte(i))
	}
	for i, have := range e.entries {
		if have == f {
			n := len(out)
			out = appendInt(out, 7, uint64(len(staticNames)+len(e.entries)-1-i))
			out[n] |= 0x80
			return out
		}
	}
	n, prefix, bits := len(out), byte(0), uint(4)
	if size := len(f.Name) + len(f.Value) + 32; e.used+size <= e.Max {
		e.entries, e.used = append(e.entries, f), e.used+size
		prefix, bits = 0x40, 6
	}
	out = appendName(out, bits, f.Name)
	out[n] |= prefix
	return appendHuffman(out, f.Value)
}

// appendVarying leaves the value as it is: to compress it would cost more here than it spares.
func appendVarying(out []byte, name string, value []byte) []byte {
	out = appendName(out, 4, name)
	out = appendInt(out, 7, uint64(len(value)))
	return append(out, value...)
}

func appendName(out []byte, bits uint, name string) []byte {
	i := staticName[name]
	out = appendInt(out, bits, uint64(i))
	if i == 0 {
		out = appendHuffman(out, name)
	}
	return out
}

func appendHuffman(out []byte, s string) []byte {
	short := hpack.HuffmanEncodeLength(s)
	if short >= uint64(len(s)) {
		return append(appendInt(out, 7, uint64(len(s))), s...)
	}
	n := len(out)
	out = appendInt(out, 7, short)
	out[n] |= 0x80
	return hpack.AppendHuffmanString(out, s)
}

// appendInt writes an integer with a prefix of so many bits, those above it zero (RFC 7541 §5.1).
func appendInt(out []byte, bits uint, i uint64) []byte {
	top := uint64(1)<<bits - 1
	if i < top {
		return append(out, byte(i))
	}
	out = append(out, byte(top))
	for i -= top; i >= 0x80; i >>= 7 {
		out = append(out, byte(i)|0x80)
	}
	return append(out, byte(i))
}

// staticNames is RFC 7541, appendix A; index 0 means none.
var staticNames = strings.Fields(`- :authority :method :method :path :path :scheme :scheme
	:status :status :status :status :status :status :status accept-charset accept-encoding accept-language accept-ranges
	accept access-control-allow-origin age allow authorization cache-control content-disposition content-encoding
	content-language content-length content-location content-range content-type cookie date etag expect expires from host
	if-match if-modified-since if-none-match if-range if-unmodified-since last-modified link location max-forwards
	proxy-authenticate proxy-authorization range referer refresh retry-after server set-cookie strict-transport-security
	transfer-encoding user-agent vary via www-authenticate`)

var staticName = func() map[string]int {
	m := make(map[string]int)
	for i := len(staticNames) - 1; i > 0; i-- {
		m[staticNames[i]] = i
	}
	return m
}()

var staticField = map[Field]int{
	{Name: ":method", Value: "GET"}: 2, {Name: ":method", Value: "POST"}: 3, {Name: ":path", Value: "/"}: 4,
	{Name: ":path", Value: "/index.html"}: 5, {Name: ":scheme", Value: "http"}: 6, {Name: ":scheme", Value: "https"}: 7,
	{Name: "accept-encoding", Value: "gzip, deflate"}: 16,
}

// head is what matters here of a response's header block.
type head struct {
	status    int
	length    int64 // Content-Length, -1: none
	malformed bool  // it decodes, but is no response (RFC 9113 §8.1.1)
}

var staticStatus = [...]int{200, 204, 206, 304, 400, 404, 500} // of index 8 to 14

const indexStatus, indexStatusEnd, indexLength = 8, 14, 28

// decodeHead reads a block; ok is false if it is none, which ends the connection. We announce a table of size 0, so
// that a block says everything by itself and fields that do not matter are stepped over without being decoded.
func decodeHead(b []byte) (h head, ok bool) {
	h.length = -1
	for ok = true; ok && len(b) > 0 && b[0]&0xe0 == 0x20; { // a new size: only before the first field, and ours is 0
		var size uint64
		size, b, ok = readInt(b, 5)
		ok = ok && size == 0
	}
	for regular := false; ok && len(b) > 0; {
		var field literal
		switch c := b[0]; {
		case c&0x80 != 0:
			var i uint64
			i, b, ok = readInt(b, 7)
			ok = ok && i > 0 && i < uint64(len(staticNames))
			regular = h.indexed(i, regular)
			continue
		case c&0x40 != 0: // to be put in the table, which has no room
			field, b, ok = readLiteral(b, 6)
		case c&0x20 != 0:
			return h, false
		default:
			field, b, ok = readLiteral(b, 4)
		}
		if ok {
			regular = h.literal(field, regular)
		}
	}
	return h, ok
}

// indexed takes a field of the static table; regular says whether one that is no pseudo-header came before, and the
// result whether one has come now.
func (h *head) indexed(i uint64, regular bool) bool {
	switch {
	case i < indexStatus:
		h.malformed = true
	case i <= indexStatusEnd:
		h.setStatus(staticStatus[i-indexStatus], regular)
	default:
		return true
	}
	return regular
}

func (h *head) literal(f literal, regular bool) bool {
	switch {
	case indexStatus <= f.name && f.name <= indexStatusEnd:
		n, ok := readDigits(f.value, f.huffman)
		if !ok || n < 100 || n > 999 {
			h.malformed = true
		}
		h.setStatus(int(n), regular)
		return regular
	case f.name < indexStatus: // another pseudo-header: readH2Literal has no 0
		h.malformed = true
		return regular
	case f.name == indexLength:
		n, ok := readDigits(f.value, f.huffman)
		if !ok || h.length >= 0 && h.length != n {
			h.malformed = true
		}
		h.length = n
	}
	return true
}

func (h *head) setStatus(status int, late bool) {
	if h.status != 0 || late {
		h.malformed = true
	}
	h.status = status
}

// literal is a field with a value. name is its static index; names that are not in the table count as the last.
type literal struct {
	name    uint64
	value   []byte
	huffman bool
}

var (
	statusName, statusHuffman = []byte(":status"), hpack.AppendHuffmanString(nil, ":status")
	lengthName, lengthHuffman = []byte("content-length"), hpack.AppendHuffmanString(nil, "content-length")
)

func readLiteral(b []byte, bits uint) (f literal, rest []byte, ok bool) {
	if f.name, b, ok = readInt(b, bits); !ok || f.name >= uint64(len(staticNames)) {
		return f, b, false
	}
	if f.name == 0 {
		var name []byte
		var huffman bool
		if name, huffman, b, ok = readString(b); !ok {
			return f, b, false
		}
		f.name = nameIndex(name, huffman)
	}
	f.value, f.huffman, b, ok = readString(b)
	return f, b, ok
}

// nameIndex tells apart the names that matter: some pseudo-header (1), :status, content-length, any other.
func nameIndex(name []byte, huffman bool) uint64 {
	status, length := statusName, lengthName
	pseudo := len(name) > 0 && name[0] == ':'
	if huffman {
		status, length = statusHuffman, lengthHuffman
		pseudo = len(name) > 0 && name[0]&0xfe == 0xb8 // the code of the colon has seven bits
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
	for n := 1; n < len(b) && n <= 5; n++ { // five bytes hold more than any length that fits
		i += uint64(b[n]&0x7f) << (7 * (n - 1))
		if b[n]&0x80 == 0 {
			return i, b[n+1:], true
		}
	}
	return 0, b, false
}

// readDigits reads a decimal number, in plain text or in RFC 7541's Huffman code: 0 to 2 have five bits, the others six.
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
