package http1

import "bytes"

// stepChunk parses a piece of a chunked body (RFC 9112 §7.1): a chunk's line, its data, or the CRLF after it.
func (p *Parser) stepChunk(b []byte) (int, error) {
	switch p.state {
	case h1ChunkData:
		n := p.take(b)
		if p.left == 0 {
			p.state, p.ends = h1ChunkEnd, 0
		}
		return n, nil
	case h1ChunkEnd:
		if b[0] != "\r\n"[p.ends] {
			return 0, errChunk
		}
		if p.ends++; p.ends == 2 {
			p.state = h1ChunkLine
		}
		return 1, nil
	}
	n, whole := cutLine(b)
	if p.count += n; p.count > maxChunkLine {
		return n, errChunkLine
	}
	line := b[:n]
	if !whole || len(p.line) > 0 {
		p.line = append(p.line, line...)
		line = p.line
	}
	if !whole {
		return n, nil
	}
	p.line, p.count = p.line[:0], 0
	return n, p.chunkLine(line)
}

// chunkLine parses "1a;extension\r\n". Unlike in the head, a bare LF or CR is refused.
func (p *Parser) chunkLine(line []byte) error {
	if i := bytes.IndexByte(line, '\r'); i != len(line)-2 || i < 0 {
		return errChunk
	}
	line = line[:len(line)-2]
	n := len(line)
	for n > 0 && isBlank(line[n-1]) {
		n--
	}
	text := line[:n]
	if i := bytes.IndexByte(text, ';'); i >= 0 {
		text = text[:i]
	}
	size, ok := parseHex(text)
	if !ok {
		return errChunk
	}
	if size == 0 {
		p.state, p.first, p.crlf = h1Trailer, true, true
		return nil
	}
	// Like net/http, limit what a sender can spend on chunk extensions: 16 bytes and twice the data are free.
	p.overhead = max(p.overhead+int64(len(line))+2-16-2*int64(size), 0)
	if p.overhead > maxOverhead {
		return errOverhead
	}
	p.state, p.left = h1ChunkData, size
	return nil
}

func parseHex(text []byte) (n uint64, ok bool) {
	if len(text) == 0 || len(text) > 16 {
		return 0, false
	}
	for _, c := range text {
		switch {
		case isDigit(c):
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		n = n<<4 | uint64(c)
	}
	return n, true
}

// stepTrailer parses the lines after the last chunk. They are checked like header lines and discarded.
//
// The trailer must end with CRLF CRLF (or CRLF at once). net/http searches its whole buffer for CRLF CRLF and
// then accepts a bare LF, so that its verdict depends on the bytes of the next response; this parser's does
// not.
func (p *Parser) stepTrailer(b []byte) (int, error) {
	if p.held {
		if err := p.release(b[0]); err != nil {
			return 0, err
		}
	}
	n, whole := cutLine(b)
	if p.count += n; p.count > maxTrailer {
		return n, errTrailerSize
	}
	p.line = append(p.line, b[:n]...)
	if !whole {
		return n, nil
	}
	before := p.crlf
	if line := p.line; !p.folded && len(trimEnd(line)) == 0 && (!before || len(line) != 2) {
		return n, errTrailerEnd
	}
	return n, p.wholeLine()
}
