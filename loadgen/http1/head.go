package http1

import (
	"bytes"
	"encoding/binary"
)

// stepHead reads one physical line of the head, or what b has of it.
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
	if whole && len(p.line) == 0 { // all in this read, nothing before it: no copy
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

// wholeLine takes the physical line that has just become complete in p.line: it is used at once if nothing can continue
// it, else held until the next byte tells.
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
		return errHeaderLine // the name and its colon are on one line
	}
	p.line = append(p.line[:p.mark], trimBlanks(line)...)
	p.held, p.folded = true, false
	return nil
}

// release decides, from the byte after a held line, whether the line continues.
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

// headLine takes one logical line without its ending.
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

// statusLine reads "HTTP/1.1 200 OK". As in net/http any one-digit version passes, several spaces may precede the code,
// and the reason is not looked at. Unlike there, a code with a sign ("+20", which strconv.Atoi takes) is refused: no
// server means it.
func (p *Parser) statusLine(line []byte) error {
	if len(line) < len("HTTP/1.1 200") || string(line[:5]) != "HTTP/" || line[6] != '.' || line[8] != ' ' ||
		!isDigit(line[5]) || !isDigit(line[7]) {
		return errStatusLine
	}
	p.major, p.minor = line[5]-'0', line[7]-'0'
	// net/http reads version 0.0 as "not said" when it looks at encodings.
	p.old = p.major < 1 && p.minor > 0 || p.major == 1 && p.minor == 0
	c := bytes.TrimLeft(line[9:], " ")
	if len(c) < 3 || !isDigit(c[0]) || !isDigit(c[1]) || !isDigit(c[2]) || len(c) > 3 && c[3] != ' ' {
		return errStatusLine
	}
	p.Status = int(c[0]-'0')*100 + int(c[1]-'0')*10 + int(c[2]-'0')
	return nil
}

// headerLine checks "Name: value" and keeps what frames the message. As in net/http a name may contain spaces, which
// makes it a name that means nothing: "Content-Length : 5" gives no length.
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

// contentLength refuses lists, signs and repeats that differ, be it by a leading zero (request smuggling).
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

// eachElement calls f with each element of a comma-separated list, blanks trimmed.
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

// cutLine says how much of b is its first line, and whether that line ends in b.
func cutLine(b []byte) (n int, whole bool) {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i + 1, true
	}
	return len(b), false
}

// trimEnd takes LF or CRLF from the end of a whole line.
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

// equalFold compares with a lower-case ASCII text.
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

// nameByte is RFC 9110's tchar, and the space.
var nameByte = func() (t [256]bool) {
	for c := byte('a'); c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = true, true
	}
	for _, c := range []byte("0123456789!#$%&'*+-.^_`|~ ") {
		t[c] = true
	}
	return t
}()

// validValue refuses control characters other than the tab, eight bytes at a time as long as there are none.
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
