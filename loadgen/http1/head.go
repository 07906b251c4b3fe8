package http1

import (
	"bytes"
	"encoding/binary"
)

// stepHead parses one physical line of the head, or as much of it as b contains.
func (p *Parser) stepHead(b []byte) (int, error) {
	if p.held {
		if err := p.release(b[0]); err != nil {
			return 0, err
		}
	}
	n, whole := cutLine(b)
	p.HeaderBytes += n
	if p.HeaderBytes > maxHead {
		return n, errHeadTooLarge
	}
	if whole && len(p.line) == 0 { // the whole line is in this read: no copy
		line := trimEnd(b[:n])
		if p.state == h1Status || len(line) == 0 || n < len(b) && !isBlank(b[n]) {
			return n, p.headLine(line)
		}
	}
	p.line = append(p.line, b[:n]...)
	if !whole {
		return n, nil
	}
	return n, p.wholeLine()
}

// wholeLine handles a physical line that is now complete in p.line: it is parsed at once if nothing can
// continue it, otherwise held until the next byte decides.
func (p *Parser) wholeLine() error {
	p.crlf = bytes.HasSuffix(p.line[p.mark:], []byte("\r\n"))
	line := trimEnd(p.line[p.mark:])
	if !p.folded && (p.state == h1Status || len(line) == 0) {
		p.line = p.line[:0]
		return p.headLine(line)
	}
	if !p.folded && p.first && isBlank(line[0]) {
		return errHeaderLine
	}
	if !p.folded && bytes.IndexByte(line, ':') < 0 {
		return errHeaderLine // a name and its colon must be on one line
	}
	p.line = append(p.line[:p.mark], trimBlanks(line)...)
	p.held, p.folded = true, false
	return nil
}

// release decides by the byte after a held line whether the line continues.
func (p *Parser) release(next byte) error {
	p.held = false
	if isBlank(next) {
		p.line = append(p.line, ' ')
		p.mark, p.folded = len(p.line), true
		return nil
	}
	line := p.line
	p.line, p.mark = p.line[:0], 0
	return p.headLine(line)
}

// headLine parses one logical line without its line ending.
func (p *Parser) headLine(line []byte) error {
	switch {
	case p.state == h1Status:
		p.state = h1Header
		return p.statusLine(line)
	case len(line) == 0 && p.state == h1Trailer:
		p.state = h1Done
		return nil
	case len(line) == 0:
		return p.startBody()
	case p.first && isBlank(line[0]):
		return errHeaderLine
	}
	p.first = false
	return p.headerLine(trimBlanks(line))
}

// statusLine parses "HTTP/1.1 200 OK". Like net/http it accepts any one-digit version and several spaces
// before the code, and ignores the reason. Unlike net/http it refuses a signed code ("+20", which
// strconv.Atoi accepts): no server means it.
func (p *Parser) statusLine(line []byte) error {
	if len(line) < len("HTTP/1.1 200") || string(line[:5]) != "HTTP/" || line[6] != '.' || line[8] != ' ' ||
		!isDigit(line[5]) || !isDigit(line[7]) {
		return errStatusLine
	}
	p.major, p.minor = line[5]-'0', line[7]-'0'
	// net/http treats version 0.0 as unspecified when it parses Transfer-Encoding.
	p.old = p.major < 1 && p.minor > 0 || p.major == 1 && p.minor == 0
	c := bytes.TrimLeft(line[9:], " ")
	if len(c) < 3 || !isDigit(c[0]) || !isDigit(c[1]) || !isDigit(c[2]) || len(c) > 3 && c[3] != ' ' {
		return errStatusLine
	}
	p.Status = int(c[0]-'0')*100 + int(c[1]-'0')*10 + int(c[2]-'0')
	return nil
}

// headerLine checks "Name: value" and keeps the framing fields. As in net/http a name may contain spaces, but
// then it has no meaning: "Content-Length : 5" sets no length.
func (p *Parser) headerLine(line []byte) error {
	colon := 0
	for colon < len(line) && nameByte[line[colon]] {
		colon++
	}
	if colon == 0 || colon == len(line) || line[colon] != ':' || !validValue(line[colon+1:]) {
		return errHeaderLine
	}
	if p.state == h1Trailer {
		return nil
	}
	if p.Line != nil {
		p.Line(line)
	}
	name := line[:colon]
	switch colon {
	case len("Connection"):
		if string(name) == "Connection" || equalFold(name, "connection") {
			eachElement(line[colon+1:], p.connection)
		}
	case len("Content-Length"):
		if string(name) == "Content-Length" || equalFold(name, "content-length") {
			return p.contentLength(trimBlanks(line[colon+1:]))
		}
	case len("Transfer-Encoding"):
		if equalFold(name, "transfer-encoding") {
			p.encodings++
			p.chunked = equalFold(trimBlanks(line[colon+1:]), "chunked")
		}
	case len("Trailer"):
		if equalFold(name, "trailer") {
			eachElement(line[colon+1:], p.announced)
		}
	}
	return nil
}

func (p *Parser) connection(token []byte) {
	p.close = p.close || equalFold(token, "close")
	p.keep = p.keep || equalFold(token, "keep-alive")
}

func (p *Parser) announced(name []byte) {
	p.badTrailer = p.badTrailer || equalFold(name, "transfer-encoding") || equalFold(name, "trailer") || equalFold(name, "content-length")
}

// contentLength refuses lists, signs and repetitions that differ, even by a leading zero (request smuggling).
func (p *Parser) contentLength(text []byte) error {
	var n uint64
	for _, c := range text {
		if !isDigit(c) || n > (1<<63-1-uint64(c-'0'))/10 {
			return errLength
		}
		n = n*10 + uint64(c-'0')
	}
	if len(text) == 0 || p.lengthText > 0 && (p.lengthText != len(text) || p.length != int64(n)) {
		return errLength
	}
	p.length, p.lengthText = int64(n), len(text)
	return nil
}

// eachElement calls f with each trimmed element of a comma-separated list.
func eachElement(list []byte, f func([]byte)) {
	for {
		i := bytes.IndexByte(list, ',')
		if i < 0 {
			f(trimBlanks(list))
			return
		}
		f(trimBlanks(list[:i]))
		list = list[i+1:]
	}
}

// cutLine returns the length of b's first line, and whether the line is complete.
func cutLine(b []byte) (n int, whole bool) {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i + 1, true
	}
	return len(b), false
}

// trimEnd removes LF or CRLF from the end of a complete line.
func trimEnd(line []byte) []byte {
	line = line[:len(line)-1]
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

func trimBlanks(b []byte) []byte {
	for len(b) > 0 && isBlank(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isBlank(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// equalFold compares b with a lower-case ASCII string, ignoring case.
func equalFold(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	if string(b) == lower {
		return true
	}
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// nameByte is RFC 9110's tchar and the space.
var nameByte = func() (t [256]bool) {
	for c := byte('a'); c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = true, true
	}
	for _, c := range []byte("0123456789!#$%&'*+-.^_`|~ ") {
		t[c] = true
	}
	return t
}()

// validValue refuses control characters except tab; it checks eight bytes at a time until it finds one.
func validValue(v []byte) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for len(v) >= 8 {
		x := binary.LittleEndian.Uint64(v)
		del := x ^ ones*0x7f
		if ((x-ones*0x20)&^x|(del-ones)&^del)&highs != 0 && !validSlow(v[:8]) {
			return false
		}
		v = v[8:]
	}
	return validSlow(v)
}

func validSlow(v []byte) bool {
	for _, c := range v {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
