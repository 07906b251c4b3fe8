// Package http2 is the client side of HTTP/2 (RFC 9113, RFC 7541) as a state machine: bytes of the peer and requests in,
// bytes to write and events out, without sockets, clocks or goroutines.
package http2

import (
	"bytes"
	"fmt"
)

// Conn is the client's end of one HTTP/2 connection (RFC 9113) as a pure state machine: bytes in, bytes out. It does no
// I/O, has no clock and no goroutine, and belongs to one loop. Response bodies are counted and shown, never kept.
//
// How a loop drives it, out being the bytes that the connection still has to write:
//
//	c := newH2Conn(streams)
//	out = c.start(out)                                 once, when the connection (TLS: with ALPN "h2") is up
//	for c.room() > 0: id, out, ok = c.request(out, &r) any number; then one write
//	for each read: out, err = c.feed(buf[:n], out, on) then, with what on reported, further requests; then one write
//	  err != nil: what is in out says good-bye; write it if it can be written, end what c.each lists as ErrProtocol, close
//	a request's timeout: out = c.cancel(out, id)
//	the peer closed: end what c.each lists as ErrRead
//	c.closing(): open another connection for new requests; close this one when c.active() is 0
//
// Until the peer's SETTINGS came (h2Settings) there is room for one request: to begin with many at one instant, open the
// connection ahead and feed it until then.
//
// on runs inside feed. It must not call c, but for [Conn.Head], and must not keep event.data. Every request that request took ends in exactly
// one h2End or h2Reset, or is listed by each, or was given up with cancel.
// The peer's PINGs and SETTINGS are answered and windows are opened by themselves, in the same out.
// What was appended to out must all be written, in order; whatever a short write leaves stays at the front of out.
type Conn struct {
	streams []stream // a ring: stream id is at (id>>1) % len, a power of two
	limit   int      // of ours on streams at a time
	open    int
	nextID  uint32
	enc     encoder
	dec     decoder
	lines   *lineReader                // nil: the text of header blocks is not needed
	tell    func(tag int, line []byte) // with lines

	peerStreams  uint32 // its MAX_CONCURRENT_STREAMS
	peerFrame    int    // its MAX_FRAME_SIZE
	peerWindow   int64  // its INITIAL_WINDOW_SIZE
	sendWindow   int64
	recvWindow   int64 // what the peer may still send
	window       int64 // what we grant, a stream and the connection
	queued       []uint32
	settled      bool // the peer's SETTINGS came
	goaway, dead bool

	in        []byte // a frame cut by the end of a read; reused
	block     []byte // of HEADERS and its CONTINUATIONs
	blockID   uint32 // the stream whose block is under way, 0: none
	blockEnds bool   // END_STREAM was on its HEADERS
	blockSize int    // frame headers included
	reported  []byte // the block of the status that on is told

	unread int // bytes of answers since out was last empty

	out []byte      // while feed runs
	on  func(Event) // while feed runs
}

// stream is one request under way.
type stream struct {
	id         uint32 // 0: the slot is free
	tag        int
	status     int  // of the final response, 0: not yet
	head       bool // the request is a HEAD: its response has no body, whatever its Content-Length
	length     int64
	got        int64 // of body
	recvWindow int64
	sendWindow int64
	rest       []byte // of the request's body
	sending    bool   // END_STREAM is still to be sent
}

// Request is one request. fields must never change, nor body if it is shared; everything else can be reused
// when request returns.
type Request struct {
	Id     int      // which of the spec's requests it is, from 0: fields of one id are the same each time
	Fields []Field  // from newH2Fields
	Values [][]byte // of the fields that vary, in their order
	Body   []byte
	Shared bool // body does not change until the request ends; otherwise data that waits for a window is copied
	Head   bool // the method is HEAD

	Message []byte // instead of Fields and Values: request line and header as HTTP/1.1 has them, without the empty line
	Secure  bool   // of a Message: its scheme is https
	Tag     int    // handed back with every event of the request
}

type Kind uint8

const (
	Status   Kind = iota // the final status came; interim ones are not reported
	Body                 // data is a piece of the body
	End                  // the response is complete; status, and bytes of body
	Reset                // the request ended without a response; Retry if the peer did not process it
	Goaway               // the peer takes no further requests: lastID, code. Its own requests beyond lastID are reset first
	Settings             // the peer's SETTINGS came: room may have changed
)

// Event is reported by Feed. stream and tag are set on all but the last two kinds.
type Event struct {
	Kind   Kind
	Retry  bool // h2Reset
	Left   bool // Reset: by GOAWAY, with which the peer leaves the connection
	Ours   bool // h2Reset: the response broke the protocol, not the peer the stream (ErrProtocol)
	stream uint32
	Tag    int
	Status int
	Bytes  int64
	Data   []byte
	Why    string // Reset: in words
	code   code
	lastID uint32
}

// code is an error code (RFC 9113 §7).
type code uint32

const (
	codeNoError code = iota
	codeProtocol
	codeInternal
	codeFlowControl
	codeSettingsTimeout
	codeStreamClosed
	codeFrameSize
	codeRefusedStream
	codeCancel
	codeCompression
	codeConnect
	codeEnhanceYourCalm
)

var codeNames = [...]string{"NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
	"FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"}

// whyReset describes a reset of a stream by the peer with this code.
func (c code) whyReset() string {
	if int(c) < len(codeNames) {
		return "stream reset by the target (" + codeNames[c] + ")"
	}
	return "stream reset by the target with an unknown code"
}

// protocolError ends a connection.
type protocolError struct {
	code code
	text string
}

func (e *protocolError) Error() string { return fmt.Sprintf("http2: %s (code %d)", e.text, e.code) }

const (
	preface       = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	window        = 16 << 20 // we grant; bodies are dropped, so only the peer's buffers care
	maxWindow     = 1<<31 - 1
	maxFrame      = 16384 // of frames to us: the default
	maxBlock      = 64 << 10
	maxKnownBlock = 1 << 10 // of a header block that is remembered, to be recognized when it comes again
	maxAnswers    = 1 << 20 // bytes of answers a peer that does not read them may pile up
	streamsBefore = 1       // requests before the peer's SETTINGS: beyond its limit it would refuse them, and that be our error
)

// New makes a connection that has at most so many requests under way (1 to 10,000).
func New(streams int) *Conn {
	ring := 2
	for ring < 2*streams {
		ring *= 2
	}
	return &Conn{
		streams: make([]stream, ring), limit: streams, nextID: 1, enc: encoder{Max: tableSize}, dec: decoder{table: table{limit: tableSize}},
		peerStreams: streamsBefore, peerFrame: maxFrame, peerWindow: 65535, sendWindow: 65535, window: window,
	}
}

// Start appends the client's preface. Requests may follow in the same write.
func (c *Conn) Start(out []byte) []byte {
	out = append(out, preface...)
	out = appendFrame(out, 3*6, frameSettings, 0, 0)
	out = appendSetting(out, settingPush, 0)
	out = appendSetting(out, settingWindow, uint32(c.window))
	out = appendSetting(out, settingHeaderList, maxBlock)
	c.recvWindow = max(c.window, 65535)
	if c.window > 65535 {
		out = appendWindowUpdate(out, 0, c.window-65535)
	}
	return out
}

// Active returns the number of requests in flight.
func (c *Conn) Active() int { return c.open }

// Closing reports whether the connection accepts no new requests any more.
func (c *Conn) Closing() bool { return c.goaway || c.dead || c.nextID > maxWindow }

// Room returns how many requests may be added now.
func (c *Conn) Room() int {
	if c.Closing() {
		return 0
	}
	return max(int(min(int64(c.limit), int64(c.peerStreams)))-c.open, 0)
}

// each calls f for every request under way, in no order. For the end of a connection.
func (c *Conn) each(f func(stream uint32, tag int)) {
	for i := range c.streams {
		if s := &c.streams[i]; s.id != 0 {
			f(s.id, s.tag)
		}
	}
}

// Request appends the frames of a request to out, as much of its body as the windows allow; feed sends the rest as they
// open. ok is false if there is no room: wait for an end, or open another connection if c.closing.
func (c *Conn) Request(out []byte, r *Request) (id uint32, _ []byte, ok bool) {
	if c.Room() == 0 {
		return 0, out, false
	}
	s := c.slot(c.nextID)
	for s.id != 0 { // a long-lived request is in the way: an id may be skipped
		c.nextID += 2
		s = c.slot(c.nextID)
	}
	if c.Closing() {
		return 0, out, false
	}
	*s = stream{id: c.nextID, tag: r.Tag, head: r.Head, length: -1, recvWindow: c.window, sendWindow: c.peerWindow,
		rest: r.Body, sending: len(r.Body) > 0}
	c.nextID += 2
	c.open++
	out = c.appendHead(out, s, c.enc.encode(r))
	if s.sending {
		out = c.send(out, s)
		if s.sending {
			c.queued = append(c.queued, s.id)
			if !r.Shared {
				s.rest = bytes.Clone(s.rest)
			}
		}
	}
	return s.id, out, true
}

// Cancel cancels a request; further data of the peer for it is dropped. It does nothing if the request has
// ended.
func (c *Conn) Cancel(out []byte, stream uint32) []byte {
	s := c.find(stream)
	if s == nil {
		return out
	}
	c.free(s)
	return appendReset(out, stream, codeCancel)
}

func (c *Conn) slot(id uint32) *stream { return &c.streams[int(id>>1)&(len(c.streams)-1)] }

func (c *Conn) find(id uint32) *stream {
	if s := c.slot(id); s.id == id && id != 0 {
		return s
	}
	return nil
}

func (c *Conn) free(s *stream) {
	*s = stream{}
	c.open--
}

// appendHead writes HEADERS, and CONTINUATIONs if the block is larger than the peer's frames.
func (c *Conn) appendHead(out []byte, s *stream, block []byte) []byte {
	kind, flags := byte(frameHeaders), byte(0)
	if !s.sending {
		flags = flagEndStream
	}
	for {
		n := min(len(block), c.peerFrame)
		if n == len(block) {
			flags |= flagEndHeaders
		}
		out = append(appendFrame(out, n, kind, flags, s.id), block[:n]...)
		if block = block[n:]; len(block) == 0 {
			return out
		}
		kind, flags = frameContinuation, 0
	}
}

// send writes as much of a request's body as the windows allow: nothing before the peer's SETTINGS, since
// they may grant less than the default, and some peers then refuse what was already sent.
func (c *Conn) send(out []byte, s *stream) []byte {
	for s.sending && c.settled {
		n := min(int64(len(s.rest)), int64(c.peerFrame), s.sendWindow, c.sendWindow)
		if n <= 0 {
			return out
		}
		flags := byte(0)
		if n == int64(len(s.rest)) {
			flags, s.sending = flagEndStream, false
		}
		out = append(appendFrame(out, int(n), frameData, flags, s.id), s.rest[:n]...)
		s.rest = s.rest[n:]
		s.sendWindow -= n
		c.sendWindow -= n
	}
	return out
}

// sendQueued continues with the bodies that waited for a window, oldest first.
func (c *Conn) sendQueued() {
	kept := c.queued[:0]
	for _, id := range c.queued {
		s := c.find(id)
		if s == nil || !s.sending {
			continue
		}
		if c.out = c.send(c.out, s); s.sending {
			kept = append(kept, id)
		}
	}
	c.queued = kept
}
