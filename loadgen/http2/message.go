package http2

import "bytes"

// encodeMessage returns the header block of a request in HTTP/1.1 format. It is valid until the next call. Its fields are not added to the
// peer's table, since they differ from one request to the next.
func (e *encoder) encodeMessage(r *Request) []byte {
	out := e.scratch[:0]
	if e.resize {
		e.resize = false
		out = e.appendResize(out)
	}
	line, header, _ := bytes.Cut(r.Message, crlf)
	method, rest, _ := bytes.Cut(line, []byte(" "))
	path := rest[:max(bytes.LastIndexByte(rest, ' '), 0)]
	scheme := schemePlain
	if r.Secure {
		scheme = schemeSecure
	}
	out = appendVarying(out, ":method", method)
	out = appendVarying(out, ":scheme", scheme)
	out = appendVarying(out, ":authority", hostIn(header))
	out = appendVarying(out, ":path", path)
	for len(header) > 0 {
		if line, header, _ = bytes.Cut(header, crlf); len(line) > 0 {
			out = e.appendLine(out, line)
		}
	}
	e.scratch = out
	return out
}

var (
	crlf         = []byte("\r\n")
	schemePlain  = []byte("http")
	schemeSecure = []byte("https")
)

// hostIn returns the value of the Host line.
func hostIn(header []byte) []byte {
	for len(header) > 0 {
		var line []byte
		line, header, _ = bytes.Cut(header, crlf)
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && bytes.EqualFold(name, []byte("host")) {
			return bytes.TrimSpace(value)
		}
	}
	return nil
}

// appendLine appends a header line, unless it is connection-specific (RFC 9113 §8.2.2) or becomes a pseudo-header.
func (e *encoder) appendLine(out, line []byte) []byte {
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimSpace(value)
	e.name = append(e.name[:0], name...)
	for i, c := range e.name {
		if 'A' <= c && c <= 'Z' {
			e.name[i] = c + 'a' - 'A'
		}
	}
	switch string(e.name) {
	case "host", "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "http2-settings":
		return out
	case "te":
		if string(value) != "trailers" {
			return out
		}
	}
	i := staticName[string(e.name)]
	if out = appendInt(out, 4, uint64(i)); i == 0 {
		out = append(appendInt(out, 7, uint64(len(e.name))), e.name...)
	}
	return append(appendInt(out, 7, uint64(len(value))), value...)
}
