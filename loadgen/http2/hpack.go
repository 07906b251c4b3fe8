package http2

import (
	"strings"

	"golang.org/x/net/http2/hpack"
)

// Field is a header field of a request. Names are in lower case, and pseudo-headers come first.
type Field struct {
	Name, Value string
	Vary        bool // the value is in Request.Values and is never added to the peer's table
}

// NewFields converts the headers of a request to HTTP/2 (RFC 9113 §8.2, §8.3): names in lower case, without connection-specific fields.
// A Host header replaces authority.
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

// tableSize is the default size of a dynamic table. It is not changed, since announcing a smaller one "is not widely interoperable"
// (RFC 9113 §4.3.1).
const tableSize = 4096

// encoder encodes header blocks (RFC 7541). Each constant field is added to the peer's table once, while there is room, and takes one or
// two bytes from then on. Nothing is ever evicted, so an encoded block stays valid until a field is added, and a constant request costs
// one copy.
type encoder struct {
	Max, used int
	resize    bool // the next block must start with a size update, since the table was emptied
	entries   []Field
	cached    []block // by Request.Id
	scratch   []byte
	name      []byte // name of a Message's header line in lower case
}

// block is the encoded constant part of a request's header block.
type block struct {
	entries int  // number of table entries when it was encoded
	stable  bool // encoding it added no entries, so it can be repeated
	bytes   []byte
	ends    []int // end of each field in bytes
}

// limit applies the peer's SETTINGS_HEADER_TABLE_SIZE. The encoder never uses more than the default.
func (e *encoder) limit(size uint32) {
	if int64(size) >= int64(e.Max) {
		return
	}
	e.Max, e.used, e.resize = int(size), 0, true
	e.entries, e.cached = e.entries[:0], e.cached[:0]
}

// encode returns the header block of r. It is valid until the next call.
func (e *encoder) encode(r *Request) []byte {
	if r.Message != nil {
		return e.encodeMessage(r)
	}
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
		out = e.appendResize(out)
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

// appendResize starts a block with two size updates: 0, which empties the table, then the peer's limit.
func (e *encoder) appendResize(out []byte) []byte {
	out = appendInt(append(out, 0x20), 5, uint64(e.Max))
	out[1] |= 0x20
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

// appendVarying appends a field without Huffman coding, whose cost is higher than its benefit here.
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

// appendInt appends an integer with a prefix of the given number of bits; the bits above it are zero (RFC 7541 §5.1).
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

// staticNames are the names of the static table (RFC 7541 appendix A). Index 0 is not used.
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
