// Package http1 parses HTTP/1.1 responses (RFC 9112) incrementally: bytes in, state out, without sockets and
// allocations. It keeps what a load generator needs: the status, the sizes, and whether the connection can be
// reused.
package http1

import (
	"bytes"
	"errors"
	"io"
)

// Limits of a response. maxTrailer and maxChunkLine are those of net/http with its default buffer; net/http's
// limit of the head (Transport.MaxResponseHeaderBytes) is larger.
const (
	maxHead      = 64 << 10 // status line and header, including preceding 1xx responses
	maxTrailer   = 4 << 10
	maxChunkLine = 4 << 10
	maxOverhead  = 16 << 10 // chunk lines beyond what their data justifies
)

// Errors are values, so that a target that sends garbage costs no allocations.
var (
	errNoResponse   = errors.New("http1: connection closed before a response")
	errStatusLine   = errors.New("http1: malformed status line")
	errHeaderLine   = errors.New("http1: malformed header line")
	errHeadTooLarge = errors.New("http1: header over 64 KB")
	errLength       = errors.New("http1: malformed or contradicting Content-Length")
	errEncoding     = errors.New("http1: Transfer-Encoding other than chunked")
	errTrailerKey   = errors.New("http1: Trailer announces a framing header")
	errTrailerEnd   = errors.New("http1: trailer not ended by an empty line with CRLF")
	errTrailerSize  = errors.New("http1: trailer over 4 KB")
	errChunk        = errors.New("http1: malformed chunk")
	errChunkLine    = errors.New("http1: chunk line over 4 KB")
	errFailed       = errors.New("http1: fed after an error")
	errOverhead     = errors.New("http1: more chunk lines than data")
)

type h1State uint8

const (
	h1Status h1State = iota
	h1Header
	h1Fixed    // left bytes of the body remain
	h1Unending // the body extends to the end of the connection
	h1ChunkLine
	h1ChunkData
	h1ChunkEnd
	h1Trailer
	h1Done
	h1Failed
)

// Parser parses HTTP/1 responses, one at a time, in pieces of any size, by RFC 9112 and net/http's ReadResponse where
// that is stricter or laxer. It does no I/O and keeps no reference to its input.
//
// Use one Parser for each connection, and for each request:
//
//	p.Reset(method == "HEAD")
//	for each read: n, done, err := p.Feed(buf[:k])
//	  err != nil: a protocol error: close the connection (the parser fails until Reset)
//	  done:       the response is complete. Without pipelining nothing may follow, so close if n < k.
//	              Close also if !p.KeepAlive. Otherwise Reset and send the next request.
//	  neither:    n == k; read more into the same buffer
//	the peer closed: done, err := p.EOF()
//
// Reset a new parser before its first Feed. 101 ends a response with KeepAlive false: what follows is not HTTP/1.
type Parser struct {
	Status      int
	KeepAlive   bool  // valid when done: the connection can be reused
	BodyBytes   int64 // of the body so far, without chunk framing
	HeaderBytes int   // of status line and header, including 1xx responses

	Body func([]byte) // if not nil, called by Feed with each piece of the body; kept by Reset
	Line func([]byte) // likewise for each header line without its line ending, including 1xx responses

	state       h1State
	head        bool // the request was HEAD
	held        bool // line is complete, but the next byte may continue it (obs-fold)
	folded      bool // line is being continued
	first       bool // no header line yet: it cannot be a continuation
	old         bool // a version without Transfer-Encoding
	chunked     bool
	close, keep bool // tokens of Connection
	badTrailer  bool
	crlf        bool // the last physical line ended with CRLF, not LF
	major       uint8
	minor       uint8
	ends        uint8 // bytes seen of the CRLF after a chunk
	encodings   int
	lengthText  int // digits of Content-Length; 0: none
	mark        int // start of the current physical line in line
	count       int // bytes of the trailer or chunk line so far
	left        uint64
	length      int64
	overhead    int64
	line        []byte // a line split between reads, or folded; reused
	last        lastHead
}

// Reset prepares the parser for the next response; head means that the request was HEAD, so that the response
// has no body.
func (p *Parser) Reset(head bool) {
	p.state, p.head = h1Status, head
	p.HeaderBytes, p.BodyBytes, p.Status, p.KeepAlive = 0, 0, 0, false
	p.startHead()
}

func (p *Parser) startHead() {
	p.held, p.folded, p.first = false, false, true
	p.old, p.chunked, p.close, p.keep, p.badTrailer = false, false, false, false, false
	p.encodings, p.lengthText, p.mark, p.count = 0, 0, 0, 0
	p.length, p.overhead = 0, 0
	p.line = p.line[:0]
}

// Feed consumes n bytes of b: all of it unless the response is complete or err is set. done means that a
// final response is complete. See [Parser] for how to call it.
func (p *Parser) Feed(b []byte) (n int, done bool, err error) {
	fresh := p.state == h1Status && p.HeaderBytes == 0 && len(p.line) == 0
	if fresh && p.Line == nil {
		n = p.replay(b)
	}
	for n < len(b) && p.state < h1Done {
		k, err := p.step(b[n:])
		n += k
		if err != nil {
			p.state = h1Failed
			return n, false, err
		}
		if fresh && p.state > h1Header {
			fresh = false
			p.remember(b, n)
		}
	}
	if p.state == h1Failed {
		return n, false, errFailed
	}
	return n, p.state == h1Done, nil
}

// EOF handles the end of the connection, which completes a body without a length (done) and is otherwise an
// error. It must not be called after Feed has returned done.
func (p *Parser) EOF() (done bool, err error) {
	switch {
	case p.state == h1Unending:
		p.state = h1Done
		return true, nil
	case p.state == h1Done:
		return true, nil
	case p.state == h1Status && p.HeaderBytes == 0:
		p.state = h1Failed
		return false, errNoResponse
	}
	p.state = h1Failed
	return false, io.ErrUnexpectedEOF
}

// step consumes at least one byte of b, which is not empty.
func (p *Parser) step(b []byte) (n int, err error) {
	switch p.state {
	case h1Status, h1Header:
		return p.stepHead(b)
	case h1Fixed:
		n = p.take(b)
		if p.left == 0 {
			p.state = h1Done
		}
		return n, nil
	case h1Unending:
		p.deliver(b)
		return len(b), nil
	case h1Trailer:
		return p.stepTrailer(b)
	}
	return p.stepChunk(b)
}

// take consumes as many of the left bytes of the body as b has.
func (p *Parser) take(b []byte) int {
	if uint64(len(b)) > p.left {
		b = b[:p.left]
	}
	p.left -= uint64(len(b))
	p.deliver(b)
	return len(b)
}

func (p *Parser) deliver(b []byte) {
	p.BodyBytes += int64(len(b))
	if p.Body != nil {
		p.Body(b)
	}
}

// startBody determines how the body ends, from a complete head (RFC 9112 §6.3).
func (p *Parser) startBody() error {
	if p.encodings > 0 && !p.old {
		if p.encodings > 1 || !p.chunked {
			return errEncoding
		}
		if p.badTrailer {
			return errTrailerKey
		}
	} else {
		p.chunked = false
	}
	if p.Status/100 == 1 && p.Status != 101 {
		p.startHead()
		p.state = h1Status
		return nil
	}
	p.KeepAlive = p.keepAlive()
	switch {
	case p.head || p.Status == 204 || p.Status == 304 || p.Status == 101:
		p.state = h1Done
	case p.chunked:
		p.state = h1ChunkLine
	case p.lengthText > 0 && p.length == 0:
		p.state = h1Done
	case p.lengthText > 0:
		p.state, p.left = h1Fixed, uint64(p.length)
	default:
		p.state, p.KeepAlive = h1Unending, false
	}
	return nil
}

func (p *Parser) keepAlive() bool {
	switch {
	case p.major < 1 || p.Status == 101 || p.close:
		return false
	case p.major == 1 && p.minor == 0:
		return p.keep
	}
	return true
}

// lastHead is the head of the previous response. A server repeats it byte for byte until its Date changes,
// and comparing is several times cheaper than parsing.
type lastHead struct {
	text      []byte
	head      bool // the request was HEAD
	keepAlive bool
	status    int
	state     h1State
	left      uint64
}

const maxRemembered = 1 << 10

// remember stores the head at the start of b if one call of Feed parsed it and it is no 1xx response.
func (p *Parser) remember(b []byte, n int) {
	if n != p.HeaderBytes || n > maxRemembered {
		return
	}
	l := &p.last
	l.text = append(l.text[:0], b[:n]...)
	l.head, l.keepAlive, l.status, l.state, l.left = p.head, p.KeepAlive, p.Status, p.state, p.left
}

// replay consumes the head at the start of b if it equals the last one, and returns its length.
func (p *Parser) replay(b []byte) int {
	l := &p.last
	if len(l.text) == 0 || l.head != p.head || !bytes.HasPrefix(b, l.text) {
		return 0
	}
	p.Status, p.KeepAlive, p.state, p.left = l.status, l.keepAlive, l.state, l.left
	p.HeaderBytes = len(l.text)
	return len(l.text)
}
