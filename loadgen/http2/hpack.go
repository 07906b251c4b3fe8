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

// tableSize is the default size of a dynamic table. Ours is left at that: announcing a smaller one "is not
// widely interoperable" (RFC 9113, section 4.3.1).
const tableSize = 4096

// encoder writes header blocks (RFC 7541). Each constant field enters the peer's table once, as long as there is room,
// and is one or two bytes from then on; nothing is ever evicted, so a block once encoded stays right until a field is
// added, and a constant request costs one copy.
type encoder struct {
	Max, used int
	resize    bool // the next block must announce that the table was emptied
	entries   []Field
	cached    []block // by h2Request.id
	scratch   []byte
	name      []byte // of a message's line, in lower case
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

// appendResize begins a block with the table's sizes: nothing, then what the peer allows.
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
